"""Variants side by side: known answers from tables that can be read."""

# ruff: noqa: E501 - one row of a table per line reads better

from __future__ import annotations

from typing import Any

import pandas as pd
from pmiek.publish.report import select
from pmiek.publish.report.compare import cost_causes, payload, service_gaps
from pmiek.publish.report.tables import COLUMNS, NUMBERS


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
        storyline variant        year category asset_class payer     cluster cost_meur_npv
        one       build          2035 capex    circuit     Owner     A       12
        one       build          2035 capex    circuit     Owner     outside 40
        one       build          2035 fixed_om circuit     Owner     B       3
        """,
    )
    tables["capacity"] = table(
        "capacity",
        """
        storyline variant        year asset_id asset_class carrier     built_mw province_share
        one       nulalternatief 2035 A        circuit     electricity 0        1
        one       build          2035 A        circuit     electricity 80       0.25
        one       build          2035 H        heat_pipe   heat        25       1
        """,
    )
    tables["service"] = table(
        "service",
        """
        storyline variant        year carrier     direction cluster  waiting_mw waiting_homes waiting_firms price_meur_low price_meur price_meur_high served_pct
        one       nulalternatief 2035 electricity take-off  province 6          100           8             1              4          20              97
        one       nulalternatief 2035 electricity take-off  outside  90         900           80            10             40         200             50
        one       build          2035 electricity take-off  province 0          0             0             0              0          0               100
        one       build          2035 hydrogen    take-off  province 0          0             0             8              16         40              58
        """,
    )  # fmt: skip
    tables["emissions"] = table(
        "emissions",
        """
        storyline variant year account     carrier     co2_kt
        one       build   2035 territorial methane     70
        one       build   2035 not-a-line  motor_fuels 9
        """,
    )
    tables["energy_balance"] = table(
        "energy_balance",
        """
        storyline variant        year weather_year carrier     category  energy_mwh
        one       nulalternatief 2035 2012         electricity unserved  8000
        one       nulalternatief 2035 2022         electricity unserved  6000
        one       nulalternatief 2035 2012         electricity curtailed 1000
        one       nulalternatief 2035 2012         electricity demand    90000
        one       build          2035 2012         heat        unserved  3000
        """,
    )
    return tables, select.bottleneck_list(tables)


def found(space: pd.DataFrame | None = None) -> dict[str, Any]:
    tables, records = case()
    return payload(tables, records, pd.DataFrame() if space is None else space)


def rows(measure: str) -> dict[tuple[str, str], float]:
    """Give the value per variant and group."""
    return {(variant, group): value for _, variant, _, group, value in found()["measures"][measure]["rows"]}


def test_cost_is_that_of_the_province() -> None:
    cells = {(variant, payer): value for _, variant, _, payer, value in found()["payers"]}
    assert cells == {("build", "Owner"): 15, ("nulalternatief", "Owner"): 0}


def test_a_cluster_has_its_own_cost_and_no_total_among_the_clusters() -> None:
    space = pd.DataFrame(
        [("one", "build", 0, "A", 1.5), ("one", "build", 0, "province", 1.5)],
        columns=["storyline", "variant", "year", "cluster", "value"],
    )
    tables, records = case()
    clusters = payload(tables, records, pd.DataFrame(), space)["clusters"]
    assert clusters["cost"] == [["one", "build", 0, "A", 12.0], ["one", "build", 0, "B", 3.0]]
    assert clusters["space_ha"] == [["one", "build", 0, "A", 1.5]]
    assert "waiting_mw" not in clusters  # the table has the province only


def test_what_makes_a_variant_dearer_is_named_and_adds_up() -> None:
    tables, _ = case()
    lost = table(
        "costs",
        """
        storyline variant        year category    asset_class payer     cluster cost_meur_npv
        one       nulalternatief 2035 curtailment green_gas   Owner     A       50
        one       nulalternatief 2035 curtailment green_gas   Owner     outside 90
        """,
    )
    tables["costs"] = pd.concat([tables["costs"], lost], ignore_index=True)
    assert cost_causes(tables) == [
        {"variant": "build", "total": (-35, -35), "parts": {"build": (15, 15), "not_fed_in": (-50, -50)}}
    ]


def test_the_columns_of_the_summary_are_known_sums() -> None:
    space = pd.DataFrame([("one", "build", 2035, 1.5)], columns=["storyline", "variant", "year", "value"])
    values = {
        key: {(variant, year): value for _, variant, year, value in cells}
        for key, cells in found(space)["values"].items()
    }
    assert values["cost"] == {("build", 0): 15, ("nulalternatief", 0): 0}
    assert values["cost_outside"] == {("build", 0): 40, ("nulalternatief", 0): 0}
    assert values["circuit_mw"] == {("build", 2035): 20, ("nulalternatief", 2035): 0}
    assert values["waiting_mw"] == {("build", 2035): 0, ("nulalternatief", 2035): 6}
    assert values["gap_meur"] == {("build", 2035): 16, ("nulalternatief", 2035): 4}
    assert values["co2_kt"] == {("build", 2035): 70}
    assert values["built_heat"] == {("build", 2035): 25}
    assert values["left"] == {("frozen", 2035): 2, ("build", 2035): 2, ("nulalternatief", 2035): 1}
    assert values["take_off_gwh"] == {("nulalternatief", 2035): 8}
    assert values["feed_in_gwh"] == {("nulalternatief", 2035): 1}
    assert values["space_ha"] == {("build", 2035): 1.5}
    assert "transfers" not in values


def test_a_variant_that_serves_less_is_named_above_the_comparison() -> None:
    tables, _ = case()
    gaps = {(g["variant"], g["carrier"]): g for g in service_gaps(tables)}
    assert set(gaps) == {("nulalternatief", "electricity"), ("build", "hydrogen")}
    gap = gaps["build", "hydrogen"]
    assert (gap["low"], gap["price_low"], gap["price_high"]) == (58, 8, 40)


def test_each_variant_names_the_bottlenecks_that_it_has() -> None:
    data = found()
    names = [asset for asset, *_ in data["found"]]
    present = {
        state: [(names[i], mw) for i, mw in by_storyline["one"]["2035"]]
        for state, by_storyline in data["present"].items()
    }
    assert present == {
        "frozen": [("A", 9), ("B", 5)],
        "nulalternatief": [("A", 9)],
        "build": [("B", 5), ("C", 1)],
    }


def test_what_another_carrier_cannot_serve_stands_apart() -> None:
    assert rows("unfit")[("build", "unserved_heat")] == 3


def test_energy_above_the_limit_counts_stations_once() -> None:
    assert rows("exceedance") == {
        ("frozen", "take-off"): 3,
        ("nulalternatief", "take-off"): 3,
        ("build", "feed-in"): 0.5,
    }


def test_without_runs_there_is_nothing_to_compare() -> None:
    tables = {name: table(name) for name in COLUMNS}
    empty = payload(tables, [], pd.DataFrame())
    assert (empty["variants"], empty["years"], empty["values"]) == ([], [], {})
