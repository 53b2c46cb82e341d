"""Variants: what a variant changes in the tables, the plans of every carrier in one run, and the cards."""

from model.variants.apply import variant_tables
from model.variants.run import CarrierRun, plan_carriers

__all__ = ["CarrierRun", "plan_carriers", "variant_tables"]
