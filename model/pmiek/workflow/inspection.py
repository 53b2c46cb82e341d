"""What the command line shows without running anything: scenarios, the grid, and why a project is listed."""

from __future__ import annotations

import logging
from pathlib import Path
from typing import TYPE_CHECKING

from pmiek.config import diff, list_scenarios, merge_scenario, show
from pmiek.errors import RequestError
from pmiek.files import inside
from pmiek.inputs import read_tables
from pmiek.network import grid_state
from pmiek.workflow.support import FROZEN, NULALTERNATIEF

if TYPE_CHECKING:
    from pmiek.config import Scenario
    from pmiek.inputs import Tables
    from pmiek.network import GridState


def list_text(root: Path) -> str:
    """List storylines, variants and batches as a text table."""
    return list_scenarios(root / "scenarios").to_string(index=False)


def show_text(root: Path, storyline: str, variant: str) -> str:
    """Print a merged scenario with the file that set each value."""
    return show(root / "scenarios", storyline, variant)


def diff_text(root: Path, first: str, second: str) -> str:
    """Print the settings in which two scenarios, written as storyline/variant, differ.

    Raises
    ------
    ValueError
        If an argument is not of the form storyline/variant.
    """
    table = diff(_scenario(root, first), _scenario(root, second))
    return table.to_string(index=False) if len(table) else "No difference."


def _scenario(root: Path, name: str) -> Scenario:
    parts = name.split("/")
    if len(parts) != 2 or not all(parts):
        message = f"{name!r} is not a scenario: write storyline/variant"
        raise RequestError(message)
    return merge_scenario(root / "scenarios", parts[0], parts[1])


def network_text(root: Path, *, cluster: str, year: int, state: str, out: Path | None) -> str:
    """Summarise one energy cluster's part of the grid, or all of it, and export it below ``results/``.

    Raises
    ------
    RequestError
        If the cluster or the state does not exist or the folder lies outside ``results/``.
    """
    logging.getLogger("pypsa").setLevel(logging.WARNING)
    _known_state(state)
    folder = inside(root / "results", root / (out or Path("results") / "network" / (cluster or "all")))
    tables = read_tables(root / "inputs")  # public figures only: the export may be passed on
    known = sorted(tables["regions/clusters"]["cluster"].astype(str))
    if cluster and cluster not in known:
        message = f"there is no energy cluster {cluster!r}; the clusters are {', '.join(known)}"
        raise RequestError(message)
    from pmiek.network.build import build_network  # noqa: PLC0415 -- PyPSA is slow to import
    from pmiek.network.export import cluster_part, export_part, summary_table  # noqa: PLC0415

    network = build_network(grid_of(root, tables, year, state))
    part = cluster_part(network, cluster) if cluster else network
    export_part(part, folder)
    told = folder.relative_to(root.resolve()).as_posix()
    return f"{summary_table(part).to_string(index=False)}\nExported to {told}"


def grid_of(root: Path, tables: Tables, year: int, state: str) -> GridState:
    """Give the grid of a year as the tables say it; no setting of a storyline or variant changes it.

    Raises
    ------
    RequestError
        If the state does not exist.
    """
    _known_state(state)
    first = list_scenarios(root / "scenarios")
    storyline = str(first.loc[first["kind"] == "storyline", "name"].iloc[0])
    variant = str(first.loc[first["kind"] == "variant", "name"].iloc[0])
    return grid_state(tables, merge_scenario(root / "scenarios", storyline, variant), state, year)


def _known_state(state: str) -> None:
    if state not in {FROZEN, NULALTERNATIEF}:
        message = f"there is no state {state!r}; it is {FROZEN} or {NULALTERNATIEF}"
        raise RequestError(message)


def explain_text(root: Path, batch: str, project_id: str, lang: str, input_id: str = "") -> str:
    """Write the chain from a project to its input rows, or from an input to the projects that it moves.

    Raises
    ------
    ValueError
        If the batch has no results or does not know the project.
    """
    from pmiek.decide.projects import explain, explain_input  # noqa: PLC0415 -- only this command needs it
    from pmiek.workflow.lists import read_result  # noqa: PLC0415

    folder = root / "results" / batch
    if not (folder / "tables" / "candidates.csv").is_file():
        message = f"batch {batch} has no results yet; run `pmiek run --batch {batch}` first"
        raise RequestError(message)
    if bool(project_id) == bool(input_id):
        message = "name a project, or an input with --input"
        raise RequestError(message)
    if input_id:
        tables = folder / "tables"
        found = read_result(tables, "input_effects"), read_result(tables, "candidates")
        return explain_input(*found, input_id, lang)
    text = explain(folder, root / "inputs", project_id, lang=lang)
    private = folder / "confidential"
    if private.is_dir() and any(private.iterdir()):
        text = f"Vertrouwelijk / confidential: {private.name}/ is read.\n{text}"
    return text
