"""The whole way of a workbook: asked, filled in an office program, handed in with mistakes, mended, in the run."""

from __future__ import annotations

import datetime as dt
import shutil
import subprocess

import pandas as pd
import pytest
from openpyxl import load_workbook
from pmiek.errors import InputError
from pmiek.inputs import read_tables
from pmiek.inputs.overlays import apply_overlays
from pmiek.publish.operators.asked import LARGEST, asked_of, deadline
from pmiek.publish.operators.forms import write_party_form
from pmiek.publish.operators.parties import find_party
from pmiek.publish.operators.receipt import hand_in, take_in

NOW = dt.datetime(2026, 12, 1, 9, 0, tzinfo=dt.UTC)
STEPS = pd.DataFrame({
    "step_id": ["1", "3", "4b"], "data_until": ["2025-12-31", "2026-09-15", "2027-01-31"],
})  # fmt: skip
HOMES = "overlays woningbouw"


@pytest.fixture
def public(project):
    return read_tables(project.inputs)


@pytest.fixture
def form(project, public):
    def write(name: str):
        party = find_party(public, name)
        asked, assumed = asked_of(public, party, None, NOW.date())
        return write_party_form(public, party, asked, assumed, project.root / "forms")

    return write


def put(path, sheet: str, row: int, column: str, value) -> None:
    book = load_workbook(path)
    head = [cell.value for cell in book[sheet][4]]
    book[sheet].cell(row=row, column=head.index(column) + 1).value = value
    book.save(path)


@pytest.mark.parametrize(
    ("today", "due"),
    [("2025-07-01", "2025-12-31"), ("2026-01-01", "2026-09-15"), ("2026-12-01", "2027-01-31")],
)
def test_a_request_is_due_in_its_step_or_the_next_one_that_is_still_open(today, due):
    day, note = deadline(STEPS, "1", dt.date.fromisoformat(today))
    assert day == due
    assert ("voorbij" in note) == (due != "2025-12-31")


def test_after_the_last_step_an_answer_is_for_the_next_edition():
    day, note = deadline(STEPS, "1", dt.date(2028, 1, 1))
    assert day == ""
    assert "volgende editie" in note


def test_only_what_moves_the_list_is_asked_the_largest_effect_first(public):
    party = find_party(public, "aadorp")
    effects = pd.DataFrame({
        "kind": "demand", "input_id": ["GM0001 transport_car", "GM0001 households", "GM0001 households"],
        "project_id": ["p1", "p1", "p2"], "text_nl": "vervalt als deze vraag 5% lager is",
    })  # fmt: skip
    asked, assumed = asked_of(public, party, effects, NOW.date())
    assert list(dict.fromkeys(asked["sector"])) == ["households", "transport_car"]
    assert "p2 vervalt als deze vraag 5% lager is" in asked["why"].iloc[0]
    assert "households" not in set(assumed["sector"])
    assert set(assumed["sector"]) == {"buildings"}
    assert assumed["without_answer"].str.startswith("Wij gaan uit van").all()


def test_the_form_of_a_municipality_has_a_sheet_per_theme_and_few_empty_cells(form):
    book = load_workbook(form("Aadorp"))
    themes = [name for name in book.sheetnames if name.startswith("overlays")]
    assert HOMES in themes
    cells = [c for name in themes for row in book[name].iter_rows(min_row=5) for c in row if c.value is None]
    assert 0 < len(cells) <= LARGEST
    assert "Uw getal (MWh/jaar)" in [cell.value for cell in book[HOMES][3]]
    assert book[HOMES].data_validations.dataValidation


def test_a_municipality_hands_in_with_mistakes_mends_them_and_moves_its_demand(form, project):
    path = form("Aadorp")
    put(path, HOMES, 5, "volume_mwh", "12.3.4")
    put(path, HOMES, 6, "volume_mwh", 90000)
    put(path, HOMES, 6, "disclosure", "operator")
    put(path, HOMES, 7, "gm_code", "GM0002")
    put(path, HOMES, 7, "volume_mwh", 90000)
    with pytest.raises(InputError) as caught:
        hand_in(path, project.inputs, project.folder, "", NOW)
    told = str(caught.value)
    assert "12.3.4" in told
    assert "cannot be kept out of what is published" in told  # a local plan cannot be redacted yet
    assert "GM0001 (Aadorp)" in told
    assert not project.folder.exists()
    put(path, HOMES, 5, "volume_mwh", "80.000,5")
    put(path, HOMES, 6, "volume_mwh", None)
    put(path, HOMES, 6, "disclosure", "public")
    put(path, HOMES, 7, "gm_code", "GM0001")
    receipt = hand_in(path, project.inputs, project.folder, "", NOW)
    assert (receipt.changes["table"] == "demand/municipal").all()
    assert "80000,5" in receipt.text()
    demand = apply_overlays(read_tables(project.inputs, overrides=project.folder))["demand/municipal"]
    mine = demand[demand["gm_code"].eq("GM0001") & demand["sector"].eq("households")]
    mine = mine[mine["carrier"].eq("electricity")].groupby("year")["volume_mwh"].first()
    assert mine[[2030, 2035, 2040]].round(2).tolist() == [80000.5, 85000.25, 90000.0]  # 2035 on the line


@pytest.mark.skipif(shutil.which("soffice") is None, reason="LibreOffice is not installed")
def test_a_form_saved_by_an_office_program_reads_the_same(form, project, tmp_path):
    path = form("Aadorp")
    put(path, HOMES, 5, "volume_mwh", 80000.5)
    book = load_workbook(path)
    book.create_sheet("eigen notities").append(["gebeld met", "wonen"])
    book.save(path)
    home = f"-env:UserInstallation=file://{tmp_path}/office"
    command = [
        "soffice",
        home,
        "--headless",
        "--convert-to",
        "xlsx",
        "--outdir",
        str(tmp_path / "out"),
        str(path),
    ]
    subprocess.run(command, check=True, capture_output=True, timeout=120)
    receipt = hand_in(tmp_path / "out" / path.name, project.inputs, project.folder, "", NOW)
    assert receipt.sender == "Aadorp"
    assert receipt.notes == ("eigen notities",)
    volumes = receipt.changes[receipt.changes["column"] == "volume_mwh"]
    assert set(volumes["new"]) == {"80000.5"}
    assert len(volumes)


def test_industry_keeps_its_share_confidential(form, project):
    path = form("cluster6")
    put(path, "demand-industry_sites", 5, "share", 0.55)
    put(path, "demand-industry_sites", 5, "disclosure", "operator")
    hand_in(path, project.inputs, project.folder, "", NOW)
    tables = read_tables(project.inputs, overrides=project.folder)
    assert ("demand/industry_sites", ("aad-food", "industry_food"), "share") in tables.confidential
    assert tables["demand/industry_sites"]["share"].tolist() == [0.55]


def test_an_unknown_sender_is_refused_and_named(project):
    path = project.root / "mars" / "overlays.csv"
    path.parent.mkdir()
    path.write_text("plan,gm_code\nx,GM0001\n", encoding="utf-8")
    with pytest.raises(InputError, match="a known party"):
        hand_in(path, project.inputs, project.folder, "", NOW)


def test_the_inbox_takes_each_file_once_and_leaves_it_as_it_was(form, project):
    shared = project.root / "shared"
    shared.mkdir()
    path = shared / "antwoord.xlsx"
    shutil.copy(form("Aadorp"), path)
    put(path, HOMES, 5, "volume_mwh", 80000)
    content = path.read_bytes()
    assert take_in(shared, project.inputs, project.folder, NOW) == "antwoord.xlsx: opgeslagen"
    assert take_in(shared, project.inputs, project.folder, NOW) == "antwoord.xlsx: al verwerkt"
    assert path.read_bytes() == content
    assert "Ontvangstbewijs" in (shared / "antwoord.xlsx.ontvangst.txt").read_text(encoding="utf-8")
    log = pd.read_csv(project.folder / "aadorp" / ".earlier" / "received.csv")
    assert len(log) == 1


def test_a_refused_file_is_tried_again_when_it_changed(form, project):
    shared = project.root / "shared"
    shared.mkdir()
    path = shared / "antwoord.xlsx"
    shutil.copy(form("Aadorp"), path)
    put(path, HOMES, 5, "volume_mwh", "veel")
    assert take_in(shared, project.inputs, project.folder, NOW) == "antwoord.xlsx: geweigerd"
    put(path, HOMES, 5, "volume_mwh", 80000)
    assert take_in(shared, project.inputs, project.folder, NOW) == "antwoord.xlsx: opgeslagen"
