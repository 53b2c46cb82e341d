"""The account of the study area: every row has its place, and what lies outside stands beside the total."""

from pmiek.results.account.places import (
    OUTSIDE,
    PROVINCE,
    cluster_of,
    divide,
    place_shares,
    with_totals,
)
from pmiek.results.account.rows import account_costs, capacity_with_share
from pmiek.results.account.service import service

__all__ = [
    "OUTSIDE",
    "PROVINCE",
    "account_costs",
    "capacity_with_share",
    "cluster_of",
    "divide",
    "place_shares",
    "service",
    "with_totals",
]
