"""The stage that writes the data pack of a batch."""

from __future__ import annotations

from pmiek.inputs import read_tables
from pmiek.publish.exchange import write_datapack
from pmiek.workflow.plan import Plan
from pmiek.workflow.support import stage


@stage
def make_exports(plan: Plan, *, tables_dir: str, out: str) -> None:
    """Write the data pack from the public tables; operators' own inputs are not read."""
    inputs = read_tables(plan.root / "inputs")
    write_datapack(plan.root / tables_dir, inputs, plan.root / out, plan.name)
