"""Variants side by side: known answers from tables that can be read."""

# ruff: noqa: E501 - one row of a table per line reads better

from __future__ import annotations

from typing import Any

import pandas as pd

from model.report import select
from model.report.compare import comparisons, summary
from model.report.tables import COLUMNS, NUMBERS


def table(name: str, text: str = "") -> pd.DataFrame:
    """Read a table of words and numbers; columns that are not given are empty."""
    lines = [line.split() for line in text.strip().splitlines()]
    rows = pd.DataFrame(lines[1:], columns=lines[0]) if lines else pd.DataFrame()
    for column in COLUMNS[name].split():
        if column not in rows.columns:
            rows[column] = pd.Series("", index=rows.index, dtype=str)
        if column in NUMBERS:
            rows[column] = pd.to_numeric(rows[column], errors="coerce")
    return rows


def case() -> tuple[dict[str, pd.DataFrame], list[dict[str, Any]]]:
    """Today's grid has bottlenecks a, b and one of another province; building solves a and brings c."""
    tables = {name: table(name) for name in COLUMNS}
    tables["bottlenecks"] = table(
        "bottlenecks",
        """
        bottleneck_id asset_id asset_class         direction grid_state     storyline year weather_year exceedance_mw energy_mwh loading_pct
        a             A        station_transformer take-off  frozen         one       2035 2012         9             3000       150
        b             B        circuit             feed-in   frozen         one       2035 2012         5             9000       120
        o             O        station_transformer feed-in   frozen         one       2035 2012         7             9000       120
        a             A        station_transformer take-off  nulalternatief one       2035 2012         9             3000       150
        b             B        circuit             feed-in   build          one       2035 2012         5             9000       120
        c             C        station_transformer feed-in   build          one       2035 2012         1             500        105
        """,
    )  # fmt: skip
    tables["project_links"] = table("project_links", "bottleneck_id relation\no outside")
    tables["loading"] = tables["bottlenecks"][["storyline", "year"]]
    tables["costs"] = table(
        "costs",
        """
        storyline variant        year category asset_class payer     cost_meur_npv
        one       nulalternatief 2035 unserved demand      customers 32000
        one       build          2035 capex    circuit     Owner     12
        one       build          2035 fixed_om circuit     Owner     3
        one       build          2035 unserved demand      customers 4000
        """,
    )
    tables["capacity"] = table(
        "capacity",
        """
        storyline variant        year asset_id asset_class built_mw
        one       nulalternatief 2035 A        circuit     0
        one       build          2035 A        circuit     80
        """,
    )
    tables["energy_balance"] = table(
        "energy_balance",
        """
        storyline variant        year weather_year category  energy_mwh
        one       nulalternatief 2035 2012         unserved  8000
        one       nulalternatief 2035 2022         unserved  6000
        one       nulalternatief 2035 2012         curtailed 1000
        one       nulalternatief 2035 2012         demand    90000
        """,
    )
    return tables, select.bottleneck_list(tables)


def test_cost_is_what_is_spent_and_not_the_value_of_what_does_not_fit() -> None:
    tables, records = case()
    costs = next(c for c in comparisons(tables, records, ["one"]) if c["name"] == "costs")["rows"]
    assert {(r["variant"], r["group"]): r["value"] for r in costs.to_dict("records")} == {
        ("build", "Owner"): 15,
        ("nulalternatief", "Owner"): 0,
    }


def test_the_summary_says_what_a_variant_solves_leaves_and_brings() -> None:
    tables, records = case()
    found = summary(tables, records, ["one"])
    assert (found["year"], found["before"]) == (2035, 2)
    null, build = found["variants"]
    assert ([r["bottleneck_id"] for r in null["solved"]], null["kept"], null["new"]) == (["b"], 1, 0)
    assert ([r["bottleneck_id"] for r in build["solved"]], build["kept"], build["new"]) == (["a"], 1, 1)
    assert (null["cost"], build["cost"]) == ((0, 0), (15, 15))
    assert build["circuit_mw"] == (80, 80)
    assert (null["take_off_gwh"], null["feed_in_gwh"], build["take_off_gwh"]) == ((8, 8), (1, 1), (0, 0))
    assert build["transfers"] is None


def test_energy_above_the_limit_counts_stations_once() -> None:
    tables, records = case()
    rows = next(c for c in comparisons(tables, records, ["one"]) if c["name"] == "exceedance")["rows"]
    assert {(r["variant"], r["group"]): r["value"] for r in rows.to_dict("records")} == {
        ("frozen", "take-off"): 3,
        ("nulalternatief", "take-off"): 3,
        ("build", "feed-in"): 0.5,
    }


def test_without_runs_there_is_no_summary() -> None:
    tables = {name: table(name) for name in COLUMNS}
    assert summary(tables, [], [])["variants"] == []
