"""Effects on a made-up grid of three assets whose numbers are worked out by hand."""
# ruff: noqa: E501 - tables of cases stay readable when a case is a line

from __future__ import annotations

from types import SimpleNamespace

import pandas as pd
import pytest
import small_projects as world
import tiny_grid as tiny
from pmiek.decide.effects import (
    Change,
    changes_of,
    chosen_pairs,
    effect_ranges,
    plan_delays,
    project_effects,
    project_pairs,
)
from pmiek.decide.effects.changes import additions
from pmiek.decide.effects.measure import least
from pmiek.decide.projects.costs import CostBook
from pmiek.network import sensitivities
from pmiek.network.state import Additions
from pmiek.security.screening import hourly_net_load, peaks, prepare

HOURS = 10
LOAD = {"A-mv": 60.0, "B-mv": 50.0, "A-B": 70.0}
LIMIT = {"A-mv": 40.0, "B-mv": 60.0, "A-B": 40.0}
CLASS = {"A-mv": "station_transformer", "B-mv": "station_transformer", "A-B": "circuit"}
# MW of room that the rows of a planned project bring; the cable works only together with the station
PLANS = {"station": {"A-mv": 10.0}, "line": {"A-B": 30.0}, "detour": {"A-B": 20.0, "B-mv": -15.0}}


class FakeCase:
    """A grid whose assets carry a fixed load."""

    def __init__(self, year: int, projects: set[str], state: str = "frozen") -> None:
        self.year, self.limit = year, dict(LIMIT)
        self.grid, self.world = SimpleNamespace(state=state), FakeWorld()
        for name in projects:
            for asset, room in PLANS[name].items():
                self.limit[asset] += room

    def above(self, extra_mw=None, assets=None) -> pd.DataFrame:
        rows = []
        for asset in assets if assets is not None else LOAD:
            limit = self.limit[asset] + (extra_mw or {}).get("take-off", {}).get(asset, 0.0)
            over = max(LOAD[asset] - limit, 0.0)
            rows.append(
                (
                    asset,
                    "take-off",
                    CLASS[asset],
                    100 * LOAD[asset] / limit,
                    over,
                    HOURS * (over > 0),
                    over * HOURS,
                )
            )
        columns = [
            "asset_id",
            "direction",
            "asset_class",
            "loading_pct",
            "exceedance_mw",
            "hours",
            "energy_mwh",
        ]
        return pd.DataFrame(rows, columns=columns)


class FakeWorld:
    """A storyline in which ``station`` is decided and in service from 2030."""

    storyline = "s1"
    settings = SimpleNamespace(loading_threshold_pct=100.0)

    def case(self, state: str, year: int, extra: Additions | None = None) -> FakeCase:
        own = {"station"} if state == "nulalternatief" and year >= 2030 else set()
        extra = extra or Additions()
        return FakeCase(year, (own | set(extra.projects)) - set(extra.without), state)


STATION = Change("station", "grid rows", planned=("station",), admitted=True)
LINE = Change("line", "grid rows", planned=("line",))
DETOUR = Change("detour", "grid rows", planned=("detour",))
ROOM = Change("room", "room", extra_mw={"take-off": {"A-mv": 15.0}})


def test_put_in_and_left_out_are_what_the_hand_says():
    effects, _ = project_effects(FakeWorld(), [STATION, LINE, ROOM], 2035)
    rows = effects.set_index(["project_id", "mode"])
    assert rows.loc[("station", "put_in"), "take_off_mwh_avoided"] == 100  # 20 -> 10 MW above, 10 hours
    assert rows.loc[("line", "put_in"), "solved_ids"] == "a-b-electricity-take-off"
    assert rows.loc[("line", "put_in"), "hours_avoided"] == HOURS
    # whole programme: A has 40 + 10 + 15 for 60, so without the station 5 MW are short, without the room 10
    assert rows.loc[("station", "leave_out"), "take_off_mwh_avoided"] == 50
    assert rows.loc[("room", "leave_out"), "take_off_mwh_avoided"] == 100
    assert rows.loc[("room", "leave_out"), "solved_ids"] == "a-mv-electricity-take-off"


def test_a_project_that_shifts_load_creates_a_bottleneck():
    effects, _ = project_effects(FakeWorld(), [DETOUR], 2035)
    row = effects.set_index("mode").loc["put_in"]
    assert row["created_ids"] == "b-mv-electricity-take-off"
    assert row["take_off_mwh_avoided"] == pytest.approx(10 * 20 - 10 * 5)


def test_what_must_be_given_up_counts_no_energy_twice():
    frame = FakeCase(2035, set()).above()
    assert least(frame, "energy_mwh") == 300  # circuit 30 MW over, station 20: the larger, not the sum


def test_two_ways_to_relieve_one_line_overlap():
    world_, changes = FakeWorld(), [LINE, DETOUR, STATION]
    put_in = project_effects(world_, changes, 2035)[1].put_in
    none = pd.DataFrame({"project_id": [], "depends_on": [], "kind": []})
    pairs = chosen_pairs(changes, put_in, none, 5)
    assert [(a.project_id, b.project_id) for a, b, _ in pairs] == [("line", "detour")]
    row = project_pairs(world_, pairs, 2035, put_in).iloc[0]
    # alone 300 and 150; together the line is free and B is 5 MW short: 300 - 50
    assert row["together_mwh_avoided"] == 250
    assert row["interaction_mwh"] == 250 - 300 - 150
    assert row["verdict"] == "overlap"


def test_a_plan_that_comes_late_costs_its_effect_in_each_year():
    late = plan_delays(FakeWorld(), [STATION], {"station": 2030}, (2026, 2050)).set_index("delay_years")
    assert late["extra_take_off_mwh"].to_dict() == {1: 100, 2: 200}
    assert late.loc[2, ["first_year", "last_year"]].tolist() == [2030, 2031]
    assert late.loc[1, "worst_asset_id"] == "A-mv"
    assert late.loc[1, "appearing_ids"] == ""  # it is short with the plan too
    assert plan_delays(FakeWorld(), [STATION], {"station": 2051}, (2026, 2050)).empty
    last = plan_delays(FakeWorld(), [STATION], {"station": 2050}, (2026, 2050))
    assert last["delay_years"].tolist() == [1]  # a second year lies outside what is computed


def test_work_without_a_decision_counts_beside_what_is_decided():
    """The line is short today and beside the station; the station takes part of the load of A away first."""
    effects, measured = project_effects(
        FakeWorld(), [STATION, LINE, ROOM], 2035, {"line": ["line", "room"], "gone": ["elsewhere"]}
    )
    rows = effects.set_index(["project_id", "mode"])
    assert ("station", "beside") not in rows.index  # decided: it counts on today's grid
    assert rows.loc[("room", "put_in"), "take_off_mwh_avoided"] == 150  # 15 of 20 MW, 10 hours
    assert rows.loc[("room", "beside"), "take_off_mwh_avoided"] == 100  # the station left 10 MW
    assert {name: pair[0] for name, pair in measured.pairs.items()} == {
        "station": "frozen", "line": "nulalternatief", "room": "nulalternatief",
        "package:line": "nulalternatief",
    }  # fmt: skip
    _, without, with_it = measured.pairs["package:line"]
    assert (without["energy_mwh"].sum(), with_it["energy_mwh"].sum()) == (400, 0)  # together nothing is left


def test_what_is_not_decided_can_come_late_too():
    late = plan_delays(FakeWorld(), [LINE, ROOM], {"line": 2035, "room": 2035}, (2026, 2050))
    rows = late.set_index(["project_id", "delay_years"])["extra_take_off_mwh"]
    assert rows.to_dict() == {("line", 1): 300, ("line", 2): 600, ("room", 1): 100, ("room", 2): 200}


def test_equal_effects_share_a_place_and_futures_give_the_range():
    rows = world.table("""
        project_id | mode   | method | storyline | take_off_mwh_avoided | feed_in_mwh_avoided | hours_avoided | solved_ids | created_ids
        a          | put_in | room   | s1        | 100                  | 0                   | 5             | x;y        |
        a          | put_in | room   | s2        | 10                   | 0                   | 1             |            |
        b          | put_in | room   | s1        | 50                   | 50.0000001          | 5             |            | z
        b          | put_in | room   | s2        | 40                   | 0                   | 2             |            |
    """)
    out = effect_ranges(rows).set_index("project_id")
    assert out.loc["a", ["place_low", "place_high"]].tolist() == [1, 2]
    assert out.loc["b", ["place_low", "place_high"]].tolist() == [1, 1]
    assert out.loc["a", ["solved", "created"]].tolist() == [2, 0]
    assert effect_ranges(rows.iloc[:0]).empty


def test_projects_become_changes_of_the_grid():
    tables = world.tables()
    listed = world.table("""
        project_id | carrier     | asset_ids   | size_mw | option                 | plan_kind | asset_class          | need_mw
        nw-station | electricity | NW-110-mv   | 200     | planned                | new_station | station_transformer | 1
        extra      | electricity | AL-110-mv   | 90      | extra_transformer      |           | station_transformer  | 2
        flexible   | electricity | BE-110-mv   | 12      | flexible_contract      |           | station_transformer  | 3
        unit       | electricity | AL-220-110  | 370     | coupling_unit          |           | coupling_transformer | 4
        pipe       | heat        |             | 10      | planned                | pipeline  | heat_pipe            | 5
        nothing    | electricity |             |         |                        |           |                      | 6
        district   | electricity | mvlv-gm0001 | 5       | mv_lv_stations         |           | mv_lv                | 7
        switching  | electricity | mv-gm0001   | 40      | switching_station      |           | mv_station           | 8
    """)
    changes = {c.project_id: c for c in changes_of(listed, tables, CostBook(tables, 0.03), ("nw-station",))}
    # what the flow model does not hold is not measured, instead of measured as nothing
    assert set(changes) == {"nw-station", "extra", "flexible", "unit"}
    assert changes["nw-station"].admitted
    # 2 x 40 has 40 firm; with one unit of 90 it has 80: 40 more
    assert changes["extra"].extra_mw["take-off"] == {"AL-110-mv": pytest.approx(40.0)}
    assert set(changes["flexible"].extra_mw) == {"take-off"}
    assert changes["unit"].transformers["rated_mva"].tolist() == [370.0]
    assert additions([changes["unit"]]).transformers is not None


def test_some_assets_measured_again_are_those_of_the_whole():
    grid = tiny.grid(["K", "A"], "group station kind mva\nK-hv K coupling 200\nK-hv K coupling 200\nA-mv A station 60\nA-mv A station 60",
                     "corridor from to n x mva tower\nKA K A 2 4 100 -", couplings=("K",))  # fmt: skip
    ready = prepare(grid, sensitivities(grid), tiny.settings())
    who = tiny.connections("station kind sector profile volume switchable\nA demand homes p 90 0")
    load = hourly_net_load(ready, who, pd.DataFrame({"p": [0.5, 1.0, 0.8]}))
    whole = peaks(ready, load)
    for assets in (["A-mv"], ["KA"], ["A-mv", "KA"]):
        part = peaks(ready, load, assets=assets)
        expected = whole[whole["asset_id"].isin(assets)].reset_index(drop=True)
        keys = ["asset_id", "direction", "contingency"]
        pd.testing.assert_frame_equal(
            part.sort_values(keys, ignore_index=True), expected.sort_values(keys, ignore_index=True)
        )
    assert peaks(ready, load, assets=["elsewhere"]).empty
