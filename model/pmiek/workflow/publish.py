"""The last stages: the manifest of a batch and its site."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING

from pmiek.config import show
from pmiek.files import write_json, write_text
from pmiek.publish.operators.touched import confidential_counts
from pmiek.publish.report import build_site
from pmiek.workflow.contents import result_hashes
from pmiek.workflow.manifest import commit, file_hashes, read_record, text_hash, versions
from pmiek.workflow.plan import Plan
from pmiek.workflow.support import stage

if TYPE_CHECKING:
    from collections.abc import Sequence


@stage
def make_manifest(plan: Plan, *, logs: Sequence[str], out: str) -> None:
    """Write what made the batch: versions, commit, input hashes, and every solve with its status and time."""
    steps = [read_record(plan.root / path) for path in logs]
    scenarios = {
        run.name: show(plan.root / "scenarios", run.storyline, run.variant) for run in plan.batch.runs
    }
    manifest = {
        "batch": plan.name,
        "made_utc": datetime.now(tz=UTC).strftime("%Y-%m-%dT%H:%M:%SZ"),
        "weather_years": list(plan.weather_years),
        "versions": versions(),
        **commit(plan.root),
        "input_sha256": file_hashes(plan.root / "inputs"),
        "result_sha256": result_hashes(plan.root / plan.folder),
        "confidential_figures": confidential_counts(plan.tables()),
        "scenario_sha256": {name: text_hash(text) for name, text in scenarios.items()},
        "runs": [step for step in steps if step["stage"] == "run"],
        "steps": [step for step in steps if step["stage"] != "run"],
    }
    write_json(manifest, plan.root / out)
    for name, text in scenarios.items():
        write_text(text, plan.root / plan.folder / "scenarios" / f"{name}.yaml")


@stage
def make_site(plan: Plan, *, tables_dir: str, manifest: str, out: str) -> None:
    """Build the site of the batch."""
    build_site(
        plan.root / tables_dir,
        plan.root / out,
        inputs_dir=plan.root / "inputs",
        manifest=read_record(plan.root / manifest),
        batch_name=plan.name,
    )
