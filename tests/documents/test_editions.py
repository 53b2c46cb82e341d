"""What changed between two small editions, known by hand."""

from __future__ import annotations

import json
from pathlib import Path

import pandas as pd
import pytest
from openpyxl import load_workbook
from pmiek.errors import InputError
from pmiek.publish.documents.differences import write_differences
from pmiek.publish.documents.editions import bottleneck_changes, project_changes, read_edition, sources_moved

HEAD = "project_id,name,rank,type,size_mw,need_year_earliest,cost_meur_low,decision_status"
OLD = f"""{HEAD}
stays,Station Oost,1,verkenning,90,2035,10.0,
moves,Kabel West,2,verkenning,40,2040,5.04,
drops,Batterij,3,onderzoek,10,2045,,
"""
NEW = f"""{HEAD}
moves,Kabel West,1,concreet,66,2035,5.01,in_investment_plan
stays,Station Oost,1,verkenning,90,2035,10.0,
comes,'=HYPERLINK("x")<b>,3,onderzoek,10,2045,,
"""
SUMMARY = "bottleneck_id,grid_state,asset_name,first_year\n"


@pytest.fixture
def folders(tmp_path: Path) -> tuple[Path, Path]:
    made = {
        "input_sha256": {"inputs/a.csv": "1", "inputs/b.csv": "2"},
        "scenario_sha256": {"k/n": "s"},
        "commit": "abc",
    }
    later = {**made, "input_sha256": {"inputs/a.csv": "9", "inputs/c.csv": "2"}}
    rows = {
        "old": (OLD, made, "b1,frozen,Oost,2035\nb2,frozen,West,2040\n"),
        "new": (NEW, later, "b1,frozen,Oost,2030\nb3,frozen,Zuid,2045\n"),
    }
    for name, (candidates, manifest, summary) in rows.items():
        folder = tmp_path / name / "tables"
        folder.mkdir(parents=True)
        (folder / "candidates.csv").write_text(candidates, encoding="utf-8")
        (folder / "bottleneck_summary.csv").write_text(SUMMARY + summary, encoding="utf-8")
        (tmp_path / name / "manifest.json").write_text(json.dumps(manifest), encoding="utf-8")
    return tmp_path / "old", tmp_path / "new"


def test_projects_that_came_went_and_moved(folders: tuple[Path, Path]) -> None:
    found = project_changes(*map(read_edition, folders)).drop(columns="name")
    expected = pd.DataFrame(
        [
            ("comes", "new", "rank", "", "3", "input"),
            ("drops", "gone", "rank", "3", "", "input"),
            ("moves", "changed", "rank", "2", "1", "input"),
            ("moves", "changed", "type", "verkenning", "concreet", "decision"),
            ("moves", "changed", "decision_status", "", "in_investment_plan", "decision"),
            ("moves", "changed", "size_mw", "40", "66", "input"),
            ("moves", "changed", "need_year_earliest", "2040", "2035", "input"),
            ("stays", "same", "", "", "", ""),
        ],
        columns=found.columns,
    )
    pd.testing.assert_frame_equal(found, expected)


def test_which_inputs_differ(folders: tuple[Path, Path]) -> None:
    found = sources_moved(*map(read_edition, folders))
    assert list(found.itertuples(index=False, name=None)) == [
        ("input", "inputs/a.csv", "changed"),
        ("input", "inputs/b.csv", "gone"),
        ("input", "inputs/c.csv", "new"),
    ]


def test_bottlenecks_that_came_went_and_begin_in_another_year(folders: tuple[Path, Path]) -> None:
    found = bottleneck_changes(*map(read_edition, folders))
    assert list(found[["bottleneck_id", "change", "before", "now"]].itertuples(index=False, name=None)) == [
        ("b1", "changed", "2035", "2030"),
        ("b2", "gone", "2040", ""),
        ("b3", "new", "", "2045"),
    ]


def test_an_edition_does_not_differ_from_itself(folders: tuple[Path, Path]) -> None:
    edition = read_edition(folders[0])
    assert set(project_changes(edition, edition)["change"]) == {"same"}
    assert bottleneck_changes(edition, edition).empty
    assert sources_moved(edition, edition).empty


def test_without_a_manifest_no_cause_is_claimed(folders: tuple[Path, Path]) -> None:
    (folders[0] / "manifest.json").unlink()
    found = project_changes(*map(read_edition, folders))
    assert set(found.loc[found["aspect"] == "rank", "cause"]) == {"unknown"}


def test_page_workbook_and_tables_hold_no_markup_or_formula(
    folders: tuple[Path, Path], tmp_path: Path
) -> None:
    outcome = write_differences(*map(read_edition, folders), tmp_path / "out")
    assert outcome.counts == {"new": 1, "gone": 1, "changed": 1, "same": 1}
    page = (tmp_path / "out" / "verschillen.html").read_text(encoding="utf-8")
    assert "&lt;b&gt;" in page
    assert "<b>" not in page
    assert "stand van het besluit" in page
    sheet = load_workbook(tmp_path / "out" / "verschillen.xlsx")["projecten"]
    assert not any(cell.data_type == "f" for row in sheet.iter_rows() for cell in row)
    assert "'=HYPERLINK" in (tmp_path / "out" / "edition_projects.csv").read_text(encoding="utf-8")


def test_a_folder_of_tables_alone_is_an_edition_too(folders: tuple[Path, Path]) -> None:
    assert len(read_edition(folders[0] / "tables").candidates) == 3


def test_what_is_no_edition_is_refused_with_advice(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="data pack"):
        read_edition(tmp_path)
    (tmp_path / "candidates.csv").write_text(f"{HEAD}\na,A,1,,,,,\na,B,2,,,,,\n", encoding="utf-8")
    with pytest.raises(InputError, match="each project once"):
        read_edition(tmp_path)
