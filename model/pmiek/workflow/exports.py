"""The stage that writes the data pack of a batch, and exports to other tools on request."""

from __future__ import annotations

import re
from dataclasses import asdict
from pathlib import Path
from typing import Final

from pmiek.errors import RequestError
from pmiek.files import write_csv, write_json
from pmiek.inputs import read_tables
from pmiek.inputs.reading import closest
from pmiek.publish.exchange import write_datapack
from pmiek.publish.exchange.capacity_map import capacity_map_documents
from pmiek.publish.exchange.datapack import read_public
from pmiek.publish.exchange.esdl_export import write_esdl
from pmiek.publish.exchange.iamc import TABLES, iamc_table
from pmiek.workflow.plan import Plan, load_plan
from pmiek.workflow.support import stage

FORMATS: Final = ("esdl", "iamc", "capacity-map")


@stage
def make_exports(plan: Plan, *, tables_dir: str, out: str) -> None:
    """Write the data pack from the public tables; operators' own inputs are not read."""
    inputs = read_tables(plan.root / "inputs")
    write_datapack(plan.root / tables_dir, inputs, plan.root / out, plan.name)


def export_text(root: Path, to: str, batch: str) -> str:
    """Write a batch in the format of another tool, and say what was written where.

    Only public tables and public inputs are read.

    Parameters
    ----------
    root : Path
        Project folder.
    to : {"esdl", "iamc", "capacity-map"}
        The format.
    batch : str
        Batch whose tables are read; the capacity map needs none.

    Raises
    ------
    RequestError
        If the format is not known, or the batch has no tables yet.
    """
    if to not in FORMATS:
        message = f"there is no export {to!r}; choose one of {', '.join(FORMATS)}.{closest(to, FORMATS)}"
        raise RequestError(message)
    inputs = read_tables(root / "inputs")
    folder = root / "results" / batch / "exports"
    if to == "capacity-map":
        written = []
        for operator, document in capacity_map_documents(inputs["grid/feeding_areas"]).items():
            path = folder / f"capacity_map_{re.sub(r'[^a-z0-9]+', '_', operator.lower())}.json"
            write_json(document, path)
            written.append(f"{path.relative_to(root).as_posix()}: {len(document['energy_areas'])} areas")
        return "\n".join(written)
    tables = root / "results" / batch / "tables"
    if not tables.is_dir():
        message = f"batch {batch} has no tables yet; run it first (pmiek run --batch {batch})"
        raise RequestError(message)
    if to == "iamc":
        read = {
            name: read_public(tables / f"{name}.csv") for name in TABLES if (tables / f"{name}.csv").is_file()
        }
        rows = iamc_table(read, inputs["regions/municipalities"])
        write_csv(rows, folder / "iamc.csv")
        return f"results/{batch}/exports/iamc.csv: {len(rows)} rows, {rows['variable'].nunique()} variables"
    energy, lines = read_public(tables / "station_energy.csv"), []
    for storyline in load_plan(root, batch).storylines:
        counts = write_esdl(inputs, energy, storyline, folder / f"{storyline}.esdl")
        assets = {name: value for name, value in asdict(counts).items() if isinstance(value, int)}
        told = ", ".join(f"{value} {name}" for name, value in assets.items())
        lines.append(f"results/{batch}/exports/{storyline}.esdl: {told}")
    return "\n".join(lines)
