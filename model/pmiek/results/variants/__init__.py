"""Variants: what a variant changes in the tables, the plans of every carrier in one run, and the cards."""

from pmiek.results.variants.apply import variant_tables
from pmiek.results.variants.run import CarrierRun, plan_carriers

__all__ = ["CarrierRun", "plan_carriers", "variant_tables"]
