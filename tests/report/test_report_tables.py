"""Result tables are read as they are: numbers as numbers, missing as empty; data scripts are safe."""

from __future__ import annotations

import json
import math
from pathlib import Path

import pandas as pd
import pytest
from pmiek.files import write_csv
from pmiek.publish.report import select
from pmiek.publish.report.geometry import projection
from pmiek.publish.report.impacts import impact
from pmiek.publish.report.material import INPUTS
from pmiek.publish.report.material import NUMBERS as INPUT_NUMBERS
from pmiek.publish.report.networks import networks
from pmiek.publish.report.scripts import script_text
from pmiek.publish.report.tables import COLUMNS, NUMBERS, parts, read_input, read_optional, read_results


def test_a_missing_table_is_empty_with_its_columns_and_named(tmp_path: Path) -> None:
    tables, missing = read_results(tmp_path)
    assert set(missing) == set(COLUMNS)
    assert {name: list(t.columns) for name, t in tables.items()} == {n: c.split() for n, c in COLUMNS.items()}


def test_numbers_texts_and_protected_cells_are_read_back(tmp_path: Path) -> None:
    frame = pd.DataFrame(
        {
            "request_id": ["R1"],
            "operator": ["NA"],
            "what": ["=HYPERLINK(1)"],
            "why": ["<b>"],
            "format": ["-5"],
        }
    )
    write_csv(frame, tmp_path / "data_requests.csv")
    write_csv(
        pd.DataFrame({"storyline": ["a"], "year": [2035], "cost_meur_npv": [None]}), tmp_path / "costs.csv"
    )
    tables, _ = read_results(tmp_path)
    row = tables["data_requests"].iloc[0]
    assert (row["operator"], row["what"], row["why"], row["format"]) == ("NA", "=HYPERLINK(1)", "<b>", "-5")
    assert row["by_when"] == ""
    cost = tables["costs"].iloc[0]
    assert (int(cost["year"]), cost["payer"]) == (2035, "")
    assert math.isnan(cost["cost_meur_npv"])


def test_a_cell_that_should_be_a_number_and_is_not_is_unknown(tmp_path: Path) -> None:
    (tmp_path / "costs.csv").write_text(
        "storyline,year,cost_meur_npv\na,2035,veel\nb,2040,7\n", encoding="utf-8"
    )
    costs = read_results(tmp_path)[0]["costs"]
    assert costs["year"].tolist() == [2035, 2040]
    assert costs["cost_meur_npv"].isna().tolist() == [True, False]


def test_optional_tables_keep_all_their_columns_and_absent_ones_are_left_out(tmp_path: Path) -> None:
    frame = pd.DataFrame({"asset_id": ["a", "b"], "mw": [1.5, None], "code": ["x", "7"]})
    write_csv(frame, tmp_path / "ac_check.csv")
    found = read_optional(tmp_path)
    assert list(found) == ["ac_check"]
    assert found["ac_check"]["mw"].tolist()[0] == 1.5
    assert found["ac_check"]["code"].tolist() == ["x", "7"]


def test_every_number_column_is_a_column_of_some_table() -> None:
    assert set(NUMBERS) <= {column for columns in COLUMNS.values() for column in columns.split()}


@pytest.mark.parametrize(
    ("cell", "ids"),
    [("a;b ;", ["a", "b"]), ("a|b", ["a", "b"]), ("a, b", ["a", "b"]), ("", []), ("a", ["a"])],
)
def test_cells_with_several_ids_are_split(cell: str, ids: list[str]) -> None:
    assert parts(cell) == ids


def test_data_scripts_cannot_close_a_script_element_and_hold_no_nan() -> None:
    text = script_text("data.x", {"a": "</script><!--\u2028", "b": [float("nan"), 2.0, 0.5, True, None]})
    assert "<" not in text
    assert "\u2028" not in text
    value = json.loads(text.split("window.pmiek.data.x=", 1)[1].rstrip(";\n"))
    assert value == {"a": "</script><!--\u2028", "b": [None, 2, 0.5, True, None]}


def frame(text: str) -> pd.DataFrame:
    lines = [line.split() for line in text.strip().splitlines()]
    return pd.DataFrame(lines[1:], columns=lines[0])


def bottlenecks(text: str) -> dict[str, pd.DataFrame]:
    rows = frame(text).astype(
        {"year": int, "weather_year": int, "exceedance_mw": float, "loading_pct": float}
    )
    rows["cluster"] = "A;D"
    return {"bottlenecks": rows, "loading": pd.DataFrame({c: [] for c in ("storyline", "year")})}


def test_a_bottleneck_keeps_its_worst_case_first_year_and_storylines() -> None:
    tables = bottlenecks(
        """
        bottleneck_id grid_state storyline year weather_year exceedance_mw loading_pct capacity_sensitive
        x             frozen     one       2025 2000         1             101         vanishes
        x             frozen     one       2035 2000         5             110         vanishes
        x             frozen     two       2040 2001         9             125         no
        x             nulalternatief two   2040 2001         2             104         vanishes
        y             frozen     one       2035 2000         20            150         vanishes
        """
    )
    records = select.bottleneck_list(tables)
    assert [(r["bottleneck_id"], r["grid_state"], r["first_year"], r["storylines"]) for r in records] == [
        ("x", "frozen", 2025, ["one", "two"]),
        ("y", "frozen", 2035, ["one"]),
        ("x", "nulalternatief", 2040, ["two"]),
    ]
    first = records[0]
    assert (first["year"], first["storyline"], first["exceedance_mw"], first["sensitive"]) == (
        2040,
        "two",
        9,
        False,
    )
    assert [r["sensitive"] for r in records] == [False, True, True]
    clusters = pd.DataFrame({"cluster": ["A", "D"], "members": ["", ""]})
    cards = select.cluster_cards(clusters, records, [], 2025)
    assert [(card["cluster"], card["frozen"], card["remaining"]) for card in cards] == [
        ("A", 2, 1),
        ("D", 0, 0),
    ]


def test_bottlenecks_of_others_are_marked_and_not_counted() -> None:
    tables = bottlenecks(
        """
        bottleneck_id grid_state storyline year weather_year exceedance_mw loading_pct capacity_sensitive
        x             frozen     one       2035 2000         5             110         no
        y             frozen     one       2035 2000         9             120         no
        z             frozen     one       2035 2000         9             120         no
        """
    )
    tables["project_links"] = frame(
        """
        bottleneck_id relation
        x             project
        y             outside
        z             outside
        z             relieved
        """
    )
    records = select.bottleneck_list(tables)
    assert {r["bottleneck_id"]: r["scope"] for r in records} == {
        "x": "province",
        "y": "outside",
        "z": "province",
    }
    assert records[-1]["bottleneck_id"] == "y"
    assert [r["bottleneck_id"] for r in select.ours(records, "frozen")] == ["z", "x"]


def test_causes_are_those_of_the_worst_row() -> None:
    tables = bottlenecks(
        """
        bottleneck_id grid_state storyline year weather_year exceedance_mw loading_pct capacity_sensitive
        x             frozen     one       2035 2000         5             110         no
        x             frozen     one       2040 2000         9             120         no
        """
    )
    shares = frame(
        """
        bottleneck_id grid_state storyline year weather_year sector gm_code share
        x             frozen     one       2035 2000         homes  g1      1
        x             frozen     one       2040 2000         homes  g1      0.25
        x             frozen     one       2040 2000         homes  g2      0.35
        x             frozen     one       2040 2000         trucks g2      0.4
        """
    )
    tables["bottleneck_shares"] = shares.astype({"year": int, "weather_year": int, "share": float})
    found = select.causes(tables, select.bottleneck_list(tables))["x", "frozen"]
    assert [(code, round(share, 2)) for code, share in found["sector"]] == [("homes", 0.6), ("trucks", 0.4)]
    assert [(code, round(share, 2)) for code, share in found["gm_code"]] == [("g2", 0.75), ("g1", 0.25)]


def test_the_shared_base_year_does_not_count_as_a_storyline() -> None:
    tables = bottlenecks(
        """
        bottleneck_id grid_state storyline year weather_year exceedance_mw loading_pct capacity_sensitive
        x             frozen     one       2025 2000         1             101         no
        y             frozen     two       2035 2000         1             101         no
        """
    )
    assert select.base_year(tables) == (2025, "one")
    assert {r["bottleneck_id"]: r["storylines"] for r in select.bottleneck_list(tables)} == {
        "x": [],
        "y": ["two"],
    }


CRITERIA = (("societal", 2), ("urgency", 1), ("feasibility", 1))


@pytest.mark.parametrize(
    ("framework", "weights"),
    [
        ({"criteria": [{"id": c, "weight": w} for c, w in CRITERIA]}, [50, 25, 25]),
        ({"criteria": {"societal": 0.4, "urgency": 0.4, "feasibility": 0.2}}, [40, 40, 20]),
        ({}, [100 / 3] * 3),
        (None, [100 / 3] * 3),
    ],
)  # fmt: skip
def test_slider_positions_come_from_the_framework(framework: object, weights: list[float]) -> None:
    assert list(select.criterion_weights(framework).values()) == pytest.approx(weights)


def test_the_map_keeps_the_shape_of_the_province() -> None:
    fit = projection([(6.0, 52.0), (7.0, 53.0)])
    left, right = fit.point(6.0, 52.5), fit.point(7.0, 52.5)
    top, bottom = fit.point(6.5, 53.0), fit.point(6.5, 52.0)
    width, height = right[0] - left[0], bottom[1] - top[1]
    assert height / width == pytest.approx(1 / math.cos(math.radians(52.5)), rel=1e-3)


def read_all(folder: Path) -> dict[str, pd.DataFrame]:
    return {name: read_input(folder, name, columns, INPUT_NUMBERS) for name, columns in INPUTS.items()}


def test_other_carriers_lie_where_their_places_are(report_inputs: Path) -> None:
    inputs = {
        name: read_input(report_inputs, name, columns, INPUT_NUMBERS) for name, columns in INPUTS.items()
    }
    found = networks(inputs, lambda lon, lat: (lon, lat))
    places = inputs["regions/places"].set_index("gm_code")[["lon", "lat"]]
    (pipe,) = found["links"]
    ends = [tuple(places.loc[code]) for code in ("GM9005", "GM9006")]
    assert (pipe["asset_id"], pipe["year"], pipe["capacity_mw"]) == ("heat-1", 2035, 40)
    assert pipe["path"].startswith(f"M{ends[0][0]:g} {ends[0][1]:g}Q")
    assert pipe["path"].endswith(f"{ends[1][0]:g} {ends[1][1]:g}")
    sites = {site["asset_id"]: site for site in found["sites"]}
    # a connection with one end on the map is a station; the national node lies nowhere
    assert set(sites) == {"turfstad", "heidekamp", "h2-turfstad", "booster-a", "h2-1"}
    assert (sites["turfstad"]["x"], sites["turfstad"]["y"]) == ends[0]
    assert (sites["booster-a"]["kind"], sites["booster-a"]["status"]) == ("station", "existing")


def test_without_other_carriers_nothing_is_drawn(tmp_path: Path) -> None:
    inputs = read_all(tmp_path)
    assert networks(inputs, lambda lon, lat: (lon, lat)) == {"links": [], "sites": []}


EFFECTS = pd.DataFrame({"project_id": ["other"], "mode": "put_in", "storyline": "a", "year": 2035})


@pytest.mark.parametrize(
    ("extra", "kind"),
    [((60.0, 20.0), "worse"), ((-5.0, -2.0), "better"), ((0.0, 0.0), "none"), ((-5.0, 5.0), "mixed")],
)
def test_a_late_plan_is_told_without_signs(extra: tuple[float, float], kind: str) -> None:
    delays = pd.DataFrame(
        {
            "project_id": "p", "storyline": ["a", "b"], "delay_years": 1, "first_year": 2031, "last_year": 2031,
            "extra_hours": 1.0, "extra_take_off_mwh": extra, "extra_feed_in_mwh": 0.0, "appearing_ids": "",
            "worst_asset_id": "", "worst_loading_pct": float("nan"),
        }
    )  # fmt: skip
    told = impact({"project_effects": EFFECTS, "plan_delays": delays}, "p")
    assert told is not None
    late = told["delays"][0]
    assert (late["verdict"], min(late["size"]) >= 0) == (kind, True)
