# ruff: noqa: E501 - planted files keep one row per line
"""What is published of results that rest on confidential figures, and the search for what should not be."""

from __future__ import annotations

import json
import math
import sqlite3
from pathlib import Path

import pandas as pd
import pytest
from pmiek.files import write_csv, write_parquet, write_text
from pmiek.inputs import read_tables
from pmiek.network import grid_state
from pmiek.publish.operators import Touched, publishable, touched, write_public
from pmiek.publish.operators.attack import too_close
from pmiek.publish.operators.disclosure import check_disclosure
from pmiek.publish.operators.redaction import band, full_path
from pmiek.publish.operators.secrets import Secret, readings, spoken
from pmiek.publish.operators.touched import rules
from pmiek.publish.report.texts import HIDDEN
from pmiek.workflow.operators import DisclosureError, disclosure_text

GRID = ["grid/transformers", "grid/circuits", "grid/stations", "projects/planned"]
RATING = Touched({"AAD-mv": frozenset({"rating"})}, {"AAD-mv": frozenset({"AAD-mv", "aad-mv"})})


@pytest.mark.parametrize(
    ("value", "unit", "expected"),
    [(0.0, "MW", "0 MW"), (20, "MW", "0-20 MW"), (37.5, "MW", "20-40 MW"), (2000, "MW", "> 1000 MW"),
     (87.3, "pct", "85-100 %"), (-1, "MW", "< 0 MW")],
)  # fmt: skip
def test_classes_of_figures(value, unit, expected):
    assert band(value, unit) == expected
    assert math.isnan(band(math.nan, unit))


def test_the_report_knows_the_word_for_what_is_hidden():
    assert rules()["hidden"] == HIDDEN


def test_loading_of_a_confidential_asset_shows_classes_only(loading):
    public = publishable({"loading": loading}, RATING)["loading"]
    columns = ["asset_id", "year", "weather_year", "limit_mw", "loading_pct", "exceedance_mw", "hours"]
    # The peaks are known to whoever runs the open model: "limited" at 36 MW would say a limit of 36 to 42 MW.
    hidden = "vertrouwelijk"
    assert public[columns].to_numpy().tolist() == [
        ["AAD-mv", 2030, 2012, hidden, hidden, hidden, hidden],
        ["AAD-mv", 2030, 2022, hidden, hidden, hidden, hidden],
        ["AAD-mv", 2040, 2012, hidden, hidden, hidden, hidden],
        ["BEE-mv", 2030, 2012, 40.0, 75.0, 0.0, 0],
    ]
    assert public["peak_hour"].tolist() == [400] * 4


def test_words_that_leave_the_limit_open_are_published_one_per_year(loading):
    few = loading[loading["year"] == 2040]
    assert publishable({"loading": few}, RATING)["loading"]["loading_pct"].tolist()[0] == "tekort"


def test_the_attack_with_known_peaks_finds_words_that_bracket_a_limit(loading, tmp_path):
    (tmp_path / "confidential").mkdir()
    (tmp_path / "tables").mkdir()
    loading.to_csv(tmp_path / "confidential" / "loading.csv", index=False)
    told = loading.astype({"loading_pct": object})
    told["loading_pct"] = ["beperkt beschikbaar", "beperkt beschikbaar", "tekort", 75.0]
    told.to_csv(tmp_path / "tables" / "loading.csv", index=False)
    assert [asset for asset, _ in too_close(tmp_path)] == ["AAD-mv"]
    told["loading_pct"] = ["vertrouwelijk", "vertrouwelijk", "tekort", 75.0]
    told.to_csv(tmp_path / "tables" / "loading.csv", index=False)
    assert too_close(tmp_path) == []


@pytest.mark.parametrize(("token", "figure"), [("0.073", 73.0), ("0,073", 73.0), ("0.366", 366.0)])
def test_a_small_share_is_not_read_as_a_figure_with_a_thousands_mark(token, figure):
    assert figure not in readings(token)
    assert 1234.5 in readings("1.234,5")


def test_what_is_not_touched_stays_the_same_object(loading):
    assert publishable({"loading": loading}, Touched())["loading"] is loading
    other = Touched({"CEE-mv": frozenset({"rating"})}, {"CEE-mv": frozenset({"CEE-mv"})})
    assert publishable({"loading": loading}, other)["loading"] is loading


def test_class_of_override_decides_what_is_sensitive(loading):
    room = Touched({"AAD-mv": frozenset({"room"})}, {"AAD-mv": frozenset({"AAD-mv"})})
    shares = pd.DataFrame({"bottleneck_id": ["aad-mv-electricity-take-off", "bee-mv-x"], "share": [0.3, 0.7]})
    assert publishable({"loading": loading}, room)["loading"] is loading
    assert publishable({"bottleneck_shares": shares}, RATING)["bottleneck_shares"] is shares
    moved = Touched({"AAD-mv": frozenset({"connection"})}, {"AAD-mv": frozenset({"AAD-mv"})})
    assert publishable({"bottleneck_shares": shares}, moved)["bottleneck_shares"]["share"].tolist() == [0.7]


def test_projects_follow_their_assets_and_an_unlisted_table_is_closed():
    tables = {
        "candidates": pd.DataFrame({
            "project_id": ["p1", "p2"], "asset_ids": ["AAD-mv;KOP-AAD", "BEE-mv"], "size_mw": [66.0, 40.0],
            "score": [73.4, 51.2], "why_nl": ["66 MW te kort", "40 MW te kort"],
        }),
        "brand_new": pd.DataFrame({"project_id": ["p1", "p2"], "size_mw": [66.0, 40.0], "oddity": [6.6, 4.0]}),
    }  # fmt: skip
    public = publishable(tables, RATING)
    assert public["candidates"]["size_mw"].tolist() == ["60-100 MW", 40.0]
    assert public["candidates"]["score"].tolist() == [75, 51.2]
    assert "66" not in public["candidates"]["why_nl"][0]
    assert public["candidates"]["why_nl"][1] == "40 MW te kort"
    assert public["brand_new"].to_numpy().tolist() == [
        ["p1", "60-100 MW", "vertrouwelijk"],
        ["p2", 40.0, 4.0],
    ]


def test_full_figures_go_beside_the_public_ones_and_disappear_again(loading, tmp_path):
    folder = tmp_path / "tables"
    write_public({"loading": loading}, folder, RATING)
    assert pd.read_csv(full_path(folder, "loading"))["limit_mw"].tolist() == [37.5, 37.5, 37.5, 40.0]
    assert "37.5" not in (folder / "loading.csv").read_text(encoding="utf-8")
    write_public({"loading": loading}, folder, Touched())
    assert full_path(folder, "loading") == folder / "loading.csv"
    assert "37.5" in (folder / "loading.csv").read_text(encoding="utf-8")


def test_an_override_changes_the_limit_in_the_grid_and_the_loading(project):
    from pmiek.config import merge_scenario
    from tiny_province import SCENARIO_OVERRIDES

    scenario = merge_scenario(
        project_scenarios(), "koersvaste_middenweg", "nulalternatief", SCENARIO_OVERRIDES
    )
    project.write("transformers.csv", "group_id,rated_mva\nAAD-mv,25")
    rated = {}
    names = [*GRID, "grid/buses", "grid/switching_states", "grid/service_areas", "grid/resplits"]
    names += ["grid/feeding_areas", "grid/area_stations"]
    for name, overrides in (("public", None), ("own", project.folder)):
        grid = grid_state(read_tables(project.inputs, names, overrides=overrides), scenario, "frozen", 2025)
        rated[name] = grid.transformers.groupby("group_id")["rated_mva"].sum()["AAD-mv"]
    assert rated == {"public": 80, "own": 50}


def project_scenarios() -> Path:
    return Path(__file__).parents[2] / "scenarios"


@pytest.fixture
def batch(project, loading):
    """A batch whose tables were published with a confidential rating of 37.5 MVA behind AAD-mv."""
    project.write("transformers.csv", "group_id,rated_mva\nAAD-mv,37.5")
    tables = read_tables(project.inputs, GRID, overrides=project.folder)
    folder = project.root / "results" / "b"
    write_public({"loading": loading}, folder / "tables", touched(tables))
    write_parquet(loading, folder / "shared" / "loading.parquet")
    return tables, folder


def test_redacted_tables_pass(batch):
    tables, folder = batch
    found = check_disclosure(tables, folder)
    assert found.leaks == ()
    assert found.files == 1
    assert found.secrets > 0


LEAKS = {
    "tables/extra.csv": "asset_id,limit\nAAD-mv,37.5\nBEE-mv,40\n",
    "tables/other.csv": "asset;limit\nAAD-T1;37,5\n",
    "site/data/map.js": '"use strict";window.pmiek=window.pmiek||{};window.pmiek.map={"x":[{"id":"AAD-mv","limit":37.5}]};\n',
    "site/data/list.js": 'window.pmiek.loading={"assets":[["BEE-mv"],["AAD-mv"]],"rows":[[0,1,40.0],[1,1,37.5]]};\n',
    "site/page.html": "<table><tr><td>BEE-mv</td><td>40</td></tr><tr><td>Aadorp-T</td><td>37,50</td></tr></table>",
    "site/text.html": "<p>Station AAD-mv kan 38 MW aan.</p>",
    "export/a.geojson": json.dumps({"features": [{"properties": {"asset_id": "AAD-mv", "rated": 37500}}]}),
}


@pytest.mark.parametrize("name", LEAKS)
def test_a_planted_leak_is_found_and_its_value_is_not_repeated(batch, name):
    tables, folder = batch
    write_text(LEAKS[name], folder / name)
    leaks = check_disclosure(tables, folder).leaks
    assert {leak.file for leak in leaks} == {name}
    assert {leak.asset for leak in leaks} == {"AAD-mv"}
    assert not any("37" in f"{leak.place} {leak.what}" for leak in leaks)


def test_leaks_in_workbooks_parquet_and_databases_are_found(batch):
    tables, folder = batch
    rows = pd.DataFrame({"unit": ["AAD-T2", "BEE-T1"], "mva": [37.5, 40.0]})
    (folder / "out").mkdir()
    rows.to_excel(folder / "out" / "a.xlsx", index=False)
    write_parquet(rows, folder / "out" / "a.parquet")
    with sqlite3.connect(folder / "out" / "a.gpkg") as base:
        rows.to_sql("units", base, index=False)
    base.close()
    leaks = check_disclosure(tables, folder).leaks
    assert {leak.file for leak in leaks} == {"out/a.xlsx", "out/a.parquet", "out/a.gpkg"}


@pytest.mark.parametrize(
    "text",
    [
        "asset_id,limit\nBEE-mv,37.5\n",
        "asset_id,class,year\nAAD-mv,20-40 MW,2038\n",
        "asset_id,peak_hour\nAAD-mv,38\n",
    ],
)
def test_other_assets_classes_and_years_are_no_leak(batch, text):
    tables, folder = batch
    write_text(text, folder / "tables" / "x.csv")
    assert check_disclosure(tables, folder).leaks == ()


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("<p>AAD-mv: 100% van de grens</p>", False),
        ("<p>AAD-mv: 100 procent, 100 uur, 100 ha, 100&nbsp;%</p>", False),
        ("<svg><text>AAD-mv 100%</text></svg>", False),
        (
            "<p>AAD-mv heeft 100 woningen</p>",
            False,
        ),  # the figure is 99.7, rounded it is as common as a plain 100
        ("<p>AAD-mv heeft 99,7 woningen</p>", True),
        ("<p>AAD-mv: 100&nbsp;MVA, 100%</p>", True),
        ("<p>AAD-mv: 100% van 100 MW</p>", True),
        ("<tr><td>AAD-mv</td><td>100</td></tr>", True),
    ],
)
def test_a_number_with_another_unit_is_no_leak_of_power(project, text, found):
    project.write("transformers.csv", "group_id,rated_mva\nAAD-mv,99.7")
    tables = read_tables(project.inputs, GRID, overrides=project.folder)
    folder = project.root / "results" / "b"
    write_text(text, folder / "site" / "a.html")
    assert bool(check_disclosure(tables, folder).leaks) is found


@pytest.mark.parametrize(
    ("text", "found"), [("37%", True), ("37,0 procent", True), ("37 uur", False), ("0.37", True)]
)
def test_a_confidential_share_is_also_found_as_a_percentage(text, found):
    share = Secret("grid/service_areas load_share of netco", "AAD-mv", frozenset({"AAD-mv"}), 0.37)
    assert bool(spoken(f"AAD-mv bedient {text}", [share], strict=True)) is found


def test_an_asset_that_is_only_the_outage_of_another_is_no_leak(batch):
    tables, folder = batch
    row = {"id": "BEE-mv", "outage": "AAD-mv", "limit": 37.5}
    write_text(json.dumps({"rows": [row]}), folder / "site" / "a.json")
    write_csv(
        pd.DataFrame({"asset_id": ["BEE-mv"], "binding_outage": ["AAD-mv"], "mw": [37.5]}), folder / "a.csv"
    )
    write_csv(pd.DataFrame({"asset_id": ["AAD-mv"], "some_pct": [37.5], "score": [37.5]}), folder / "b.csv")
    assert check_disclosure(tables, folder).leaks == ()


def test_the_command_ends_with_code_2_on_a_leak(project, batch):
    _, folder = batch
    (project.root / "inputs").symlink_to(project.inputs)
    assert disclosure_text(project.root, "b").startswith("Nothing disclosed.")
    write_csv(pd.DataFrame({"asset_id": ["AAD-mv"], "mva": [37.5]}), folder / "tables" / "x.csv")
    with pytest.raises(DisclosureError, match=r"tables/x.csv: row 2, column mva") as caught:
        disclosure_text(project.root, "b")
    assert caught.value.exit_code == 2
    assert "37.5" not in str(caught.value)


def test_every_stage_reads_its_tables_with_the_operators_rows():
    public_only = {
        "capacity_map.py",
        "exports.py",
        "inspection.py",
        "operators.py",
        "plan.py",
        "practice.py",
        "preflight.py",
    }
    folder = Path(__file__).parents[2] / "model" / "pmiek" / "workflow"
    stages = {path.name for path in folder.glob("*.py") if "read_tables(" in path.read_text(encoding="utf-8")}
    assert stages <= public_only, "a stage calls plan.tables(), unless what it writes may be passed on"


def test_the_site_shows_the_word_of_the_map_where_the_figure_is_confidential(tmp_path, loading):
    from pmiek.publish.report.payload import loading_payload
    from pmiek.publish.report.tables import read_results

    write_public({"loading": loading.assign(is_information=False)}, tmp_path / "tables", RATING)
    tables, _ = read_results(tmp_path / "tables")
    codes = {"storylines": ["s"], "years": [2030, 2040], "states": ["frozen"]}
    rows = loading_payload(tables, codes)["rows"]
    # asset, state, storyline, year, direction, loading, ..., limit, lost load, place on the scale of words
    assert [(row[0], row[3], row[5], row[9], row[11]) for row in rows] == [
        (1, 0, 75, 40, 0),
    ]  # fmt: skip
