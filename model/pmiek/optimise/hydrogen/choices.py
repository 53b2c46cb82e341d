"""What a variant adds to the electrolysers of the storyline."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pandas as pd

from pmiek.errors import InputError, Problem
from pmiek.optimise.gas.choices import CHOICE_SOURCE, add_rows, check_choices, with_tables
from pmiek.optimise.hydrogen.case import demand_at

if TYPE_CHECKING:
    from pmiek.config import Scenario
    from pmiek.inputs import Tables


def with_hydrogen_choices(tables: Tables, scenario: Scenario) -> Tables:
    """Add the variant's extra electrolysers to ``supply/flexibility``, where the screening finds them too.

    Raises
    ------
    InputError
        If an electrolyser is not known, or would stand before this edition's year; if the variant forbids
        every way to bring hydrogen to a place that asks it.
    """
    changed = _with_electrolysers(tables, scenario)
    check_supply(changed, scenario)
    return changed


def _with_electrolysers(tables: Tables, scenario: Scenario) -> Tables:
    chosen = scenario.hydrogen.extra_electrolysers
    if not chosen:
        return tables
    known = tables["hydrogen/electrolysers"].set_index("electrolyser_id")
    problems = check_choices(
        "hydrogen.extra_electrolysers",
        {item.electrolyser_id: item.first_year for item in chosen},
        set(known.index),
        "inputs/hydrogen/electrolysers.csv",
        scenario,
    )
    if problems:
        raise InputError(problems)
    added = [
        {"year": year, "gm_code": known.loc[item.electrolyser_id, "gm_code"], "capacity_mw": item.capacity_mw}
        for item in chosen
        for year in scenario.years.screening
        if year >= item.first_year
    ]
    new = pd.DataFrame(added, columns=["year", "gm_code", "capacity_mw"])
    rows = new.groupby(["year", "gm_code"])["capacity_mw"].sum().reset_index()
    rows = rows.assign(
        storyline=scenario.storyline,
        carrier="electricity",
        technology="electrolyser",
        source=CHOICE_SOURCE,
        quality="assumed",
    )
    keys = ["storyline", "year", "gm_code", "carrier", "technology"]
    flexible = add_rows(tables["supply/flexibility"], rows, keys, "capacity_mw")
    return with_tables(tables, {"supply/flexibility": flexible})


def check_supply(tables: Tables, scenario: Scenario) -> None:
    """Name every place with demand in the last year to which the variant forbids every way that there is.

    A place to which the tables know no way is not the variant's doing, and a variant that builds nothing at
    all is there to show what then stays unserved.

    Raises
    ------
    InputError
        With all places at once.
    """
    builds = any(value for value in scenario.build.model_dump().values() if isinstance(value, bool))
    if not builds or not scenario.years.pathway or tables["hydrogen/nodes"].empty:
        return
    sites, flexible = tables["hydrogen/sites"], tables["supply/flexibility"]
    makes = flexible["technology"].eq("electrolyser") & flexible["capacity_mw"].gt(0)
    makes &= flexible["storyline"].eq(scenario.storyline) & flexible["year"].isin(scenario.years.pathway)
    made = set(sites.loc[sites["gm_code"].isin(flexible.loc[makes, "gm_code"]), "node_id"])
    nodes = tables["hydrogen/nodes"].set_index("node_id")
    trucks = set(nodes.index[nodes["trucks"].astype(bool)])
    national = set(nodes.index[nodes["kind"] == "national"])
    pipes = tables["hydrogen/pipes"]
    could = _reached(made | trucks | national, pipes)
    may = _reached(
        made | national | (trucks if scenario.hydrogen.trucks else set()), _allowed(pipes, scenario)
    )
    if not could - may:  # spares the demand per place, which takes longer than all the rest
        return
    asks = set(demand_at(tables, scenario, scenario.years.pathway[-1])["node_id"])
    problems = [
        Problem(
            f"scenarios/variants/{scenario.variant}.yaml",
            None,
            "hydrogen",
            f"no way is allowed to bring hydrogen to {nodes.loc[node, 'name']}",
            "trailers, an electrolyser or a pipe for every place with demand",
            "Allow hydrogen.trucks or a pipe in hydrogen.build, or let hydrogen.backbone come.",
        )
        for node in sorted((asks & could) - may)
    ]
    if problems:
        raise InputError(problems)


def _allowed(pipes: pd.DataFrame, scenario: Scenario) -> pd.DataFrame:
    """Return pipes that stand, are planned, or may be built by the variant."""
    build = scenario.hydrogen.build.model_dump()
    option = pipes["status"].eq("option") & (pipes["kind"] + "s").map(build).fillna(False).astype(bool)
    backbone = pipes["kind"].eq("backbone")
    may = pipes["status"].isin(["existing", "planned"]) & ~backbone | option
    return pipes[may | (backbone & (scenario.hydrogen.backbone != "none"))]


def _reached(start: set[str], pipes: pd.DataFrame) -> set[str]:
    """Return the places that pipes join to those of the start, these included."""
    found = set(start)
    ends = pipes[["node0", "node1"]].to_numpy()
    for _ in range(len(ends)):
        found |= {str(end) for pair in ends if found & set(pair) for end in pair}
    return found
