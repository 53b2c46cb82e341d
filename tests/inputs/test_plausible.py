"""What is impossible is refused, what is unlikely is asked about, and a harmless edit raises nothing."""

from __future__ import annotations

from pathlib import Path

import pandas as pd
import pytest
from pmiek.errors import InputError, Problem
from pmiek.inputs.operator import Overrides
from pmiek.inputs.plausible.accept import accept_edition
from pmiek.inputs.plausible.edition import check_edition, read_edition, write_edition
from pmiek.inputs.plausible.quantity import slip_hint
from pmiek.inputs.plausible.run import check_plausible
from pmiek.inputs.rules import check_rules
from pmiek.inputs.tables import _load

INPUTS = Path(__file__).parents[2] / "inputs"


@pytest.fixture(scope="module")
def frames():
    found, problems = _load(INPUTS, None, Overrides.read(None))
    assert not problems
    return found


def changed(frames, table, column, change, pick=None):
    """Give the tables with one cell changed, and the line of it."""
    frame = frames[table].copy()
    rows = frame[frame[column].notna()] if pick is None else frame[pick(frame)]
    line = rows.index[0]
    frame[column] = frame[column].astype(object)
    frame.loc[line, column] = change(frame.loc[line, column])
    if frames[table][column].dtype.kind in "if":
        frame[column] = frame[column].astype(float)
    return {**frames, table: frame}, line


def test_the_shipped_inputs_raise_nothing(frames):
    assert check_plausible(INPUTS, frames) == []


@pytest.mark.parametrize(
    ("table", "column", "change", "refused", "words"),
    [
        ("grid/transformers", "rated_mva", lambda v: v * 1000, True, "kVA in plaats van MVA"),
        ("grid/circuits", "rating_summer_mva", lambda v: v * 1000, True, "kVA in plaats van MVA"),
        ("grid/circuits", "length_km", lambda v: v * 1000, True, "m in plaats van km"),
        ("grid/circuits", "x_ohm", lambda v: v / 100, True, "reactance per km"),
        ("grid/circuits", "r_ohm", lambda v: v * 1000, True, "resistance per km"),
        ("grid/stations", "year_built", lambda _: 2090, True, "year_built"),
        ("grid/stations", "lat", lambda v: v + 5, True, "coordinates"),
        ("grid/stations", "lat", lambda v: v + 0.6, False, "km"),
        ("grid/buses", "voltage_kv", lambda _: 115, False, "nominal voltage"),
        ("demand/municipal", "volume_mwh", lambda v: v / 1000, True, "thousands point"),
        ("demand/municipal", "peak_mw", lambda v: v / 1000, True, "hours"),
        ("demand/municipal", "volume_mwh", lambda v: v * 20, True, "hours"),
        ("supply/municipal", "capacity_mw", lambda v: v * 1000, True, "hours"),
        ("supply/fleet", "efficiency", lambda v: v * 100, True, "fraction"),
        ("supply/trade", "price_eur_per_mwh", lambda v: v * 1000, True, "price"),
        ("costs/carriers", "co2_t_per_mwh", lambda v: v * 1000, True, "kg instead of t"),
        ("assumptions", "value", lambda _: 1e12, True, "MVA"),
        ("regions/municipalities", "population", lambda v: v * 100, True, "inhabitants"),
        ("weather/years", "mean_temperature_c", lambda v: v * 10, True, "Tenths"),
        ("heat/dwellings", "space_heat_kwh_per_m2", lambda v: v * 1000, True, "kWh per m2"),
        ("grid/transformers", "x_pct", lambda v: v / 100, True, "percent"),
    ],
)
def test_a_wrong_unit_or_figure_is_named_at_its_cell(frames, table, column, change, refused, words):  # noqa: PLR0917
    wrong, line = changed(frames, table, column, change)
    without_edition = check_plausible(Path("/nowhere"), wrong) if column != "lat" else None
    found = check_plausible(INPUTS, wrong) if without_edition is None else without_edition
    at = [p for p in found if p.file == f"inputs/{table}.csv" and p.row == line]
    assert at, [str(p) for p in found[:5]]
    assert any(words in str(p) for p in found), [str(p) for p in at]
    assert any(not p.asks for p in at) == refused, [str(p) for p in at]


def test_exchanged_coordinates_are_told(frames):
    wrong = dict(frames)
    wrong["grid/stations"] = frames["grid/stations"].rename(columns={"lat": "lon", "lon": "lat"})
    found = check_plausible(INPUTS, wrong)
    assert any("exchanged" in p.remedy and not p.asks for p in found)


@pytest.mark.parametrize(
    ("table", "factor"), [("demand/municipal", 1.3), ("grid/circuits", 1.1), ("assumptions", 1.0)]
)
def test_an_ordinary_change_raises_nothing(frames, table, factor):
    column = {"demand/municipal": "volume_mwh", "grid/circuits": "length_km", "assumptions": "value"}[table]
    changed_frames, _ = changed(frames, table, column, lambda v: v * factor)
    assert check_plausible(INPUTS, changed_frames) == []


def test_a_lost_parallel_circuit_is_asked_about_with_and_without_an_edition(frames):
    circuits = frames["grid/circuits"]
    lost = {**frames, "grid/circuits": circuits[circuits["circuit_id"] != "ENS380-ZL380-1"]}
    named = [str(p) for p in check_plausible(Path("/nowhere"), lost)]
    assert any("ENS380-ZL380-1" in text for text in named), named
    assert any("no row ENS380-ZL380-1" in str(p) for p in check_plausible(INPUTS, lost))


def small():
    return {
        "costs/carriers": pd.DataFrame(
            {"carrier": ["gas", "coal"], "price_eur_per_mwh": [50.0, 20.0], "co2_t_per_mwh": [0.2, 0.34]},
            index=[2, 3],
        ),
        "supply/sites": pd.DataFrame(
            {
                "plant_id": ["a", "b"],
                "name": ["A", "B"],
                "technology": ["sun", "wind"],
                "gm_code": ["GM0001", "GM0002"],
                "station_id": ["X", "Y"],
                "share": [0.4, 0.5],
            },
            index=[2, 3],
        ),
    }


def test_an_edition_is_the_same_bytes_and_raises_nothing_against_itself(tmp_path):
    for name in ("a.zip", "b.zip"):
        write_edition(small(), tmp_path / name)
    assert (tmp_path / "a.zip").read_bytes() == (tmp_path / "b.zip").read_bytes()
    assert check_edition(small(), read_edition(tmp_path / "a.zip")) == []


def _against(tmp_path, new):
    write_edition(small(), tmp_path / "edition.zip")
    return check_edition(new, read_edition(tmp_path / "edition.zip"))


def test_exchanged_columns_lost_rows_leaps_and_moved_references_are_asked(tmp_path):
    new = small()
    new["costs/carriers"] = new["costs/carriers"].rename(
        columns={"price_eur_per_mwh": "co2_t_per_mwh", "co2_t_per_mwh": "price_eur_per_mwh"}
    )
    assert [p.value for p in _against(tmp_path, new)] == [
        "price_eur_per_mwh and co2_t_per_mwh exchanged in 2 rows"
    ]
    new = small()
    new["supply/sites"].loc[2, ["share", "station_id"]] = [0.02, "Y"]
    found = _against(tmp_path, new)
    assert sorted((p.row, p.column) for p in found) == [(2, "share"), (2, "station_id")]
    new = small()
    new["supply/sites"] = new["supply/sites"].iloc[:1]
    assert [p.value for p in _against(tmp_path, new)] == ["no row b / wind"]
    new["supply/sites"] = new["supply/sites"].iloc[:0]
    assert ["no rows" in p.value for p in _against(tmp_path, new)] == [True]
    assert all(p.asks for p in found)


def test_a_confirmed_figure_is_not_asked_again_and_another_value_is(frames):
    wrong, line = changed(frames, "grid/transformers", "rated_mva", lambda _: 160.0,
                          lambda f: f["kind"] == "station")  # fmt: skip
    questions = [p for p in check_plausible(INPUTS, wrong) if p.row == line]
    assert questions
    assert all(p.asks and "confirmed.csv: grid/transformers," in p.remedy for p in questions)
    unit = wrong["grid/transformers"].loc[line, "unit_id"]
    row = {
        "table": "grid/transformers",
        "row_key": unit,
        "column": "rated_mva",
        "value": "160",
        "reason": "measured",
    }
    assert check_plausible(INPUTS, wrong, [pd.DataFrame([row])]) == []
    assert check_plausible(INPUTS, wrong, [pd.DataFrame([{**row, "value": "161"}])])


def test_a_slip_is_named_only_if_it_explains_the_figure():
    assert "kVA in plaats van MVA" in slip_hint(40_000.0, (10, 150), "MVA")
    assert "GW in plaats van MW" in slip_hint(0.05, (10, 150), "MW")
    assert slip_hint(7.0, (10, 150), "MVA") == ""


def test_accepting_needs_a_role_and_a_reason(tmp_path):
    with pytest.raises(InputError, match="reason"):
        accept_edition(tmp_path, "maker", "")


def test_a_question_is_told_apart_from_a_problem():
    error = InputError([Problem("a", 1, "b", "c", "d", "e", asks=True), Problem("a", 2, "b", "c", "d", "e")])
    assert str(error).startswith("1 problem and 1 question in the inputs:")


def test_a_table_without_a_column_is_left_out_of_the_rules_and_ends_in_no_traceback(frames):
    for table in ("profiles/connection_levels", "heat/sources"):
        for column in frames[table].columns[:6]:
            near = {name: frames[name] for name in ("profiles/sectors", "heat/networks")}
            less = {**near, table: frames[table].drop(columns=column)}
            check_rules(less)
            check_plausible(Path("/nowhere"), {table: less[table]})


def test_the_order_of_rows_raises_nothing(frames):
    mixed = {
        name: frame.iloc[::-1].set_axis(frame.index)
        for name, frame in frames.items()
        if name.startswith("grid/")
    }
    assert check_plausible(INPUTS, {**frames, **mixed}) == []
