"""Names from the inputs in the reader's language, and with their kind where several assets share one."""

from __future__ import annotations

from pathlib import Path

import pytest
import readers
import report_batch as batch
from pmiek.files import write_csv
from pmiek.publish.report import build_site
from pmiek.publish.report.names import Names, english


@pytest.mark.parametrize(
    ("dutch", "told"),
    [
        ("Uitbreiding station Emmen Weerdinge", "Extension of station Emmen Weerdinge"),
        ("Verbinding A - B, vervolg op lopend plan", "Connection A - B, follow-up of a plan under way"),
        ("Groengas in Gasgebied Meppel", "Green gas in gas area Meppel"),
        ("Nieuwveen Zuid", "Nieuwveen Zuid"),  # part of a name of a place is no word
    ],
)
def test_general_words_become_english_and_names_of_places_stay(dutch: str, told: str) -> None:
    assert english(dutch) == told


def test_the_longest_name_within_a_sentence_is_replaced_first() -> None:
    names = Names(["Warmtenet Beilen", "Bronnen voor Warmtenet Beilen"])
    assert names.within("Bronnen voor Warmtenet Beilen: short") == "Sources for Heat network Beilen: short"
    assert Names([]).within("was concreet; now research") == "was concrete; now research"


def test_assets_with_one_name_are_told_apart_by_their_kind(report_inputs: Path, tmp_path: Path) -> None:
    tables = dict(batch.result_tables())
    rows = tables["loading"].replace(
        {"asset_name": {"Zandloo 110/10 kV": "Esdorp", "Veenrijk 110/10 kV": "Esdorp"}}
    )
    tables["loading"] = rows
    batch.write_tables(tmp_path / "tables", tables)
    write_csv(
        rows.assign(asset_class=rows["asset_class"].where(rows["asset_id"] != "T-VR110", "mv_lv")),
        tmp_path / "tables" / "loading.csv",
    )
    build_site(
        tmp_path / "tables",
        tmp_path / "site",
        inputs_dir=report_inputs,
        manifest=batch.MANIFEST,
        batch_name="x",
    )
    text = (tmp_path / "site" / "assets.html").read_text(encoding="utf-8")
    assert ">Esdorp (HS/MS-transformatoren)<" in text
    assert ">Esdorp (wijk- en buurtstations)<" in text
    assert ">Esdorp (" in (tmp_path / "site" / "en" / "assets.html").read_text(encoding="utf-8")


def test_english_pages_hold_no_dutch_and_no_page_holds_an_id(site: Path) -> None:
    dutch, ids = {}, {}
    for path in sorted(site.rglob("*.html")):
        text = readers.shown_text(path.read_text(encoding="utf-8"))
        name = str(path.relative_to(site))
        if name.startswith("en"):
            dutch[name] = readers.dutch_words(text)
        ids[name] = readers.raw_ids(text)
    assert {name: found for name, found in dutch.items() if found} == {}
    assert {name: found for name, found in ids.items() if found} == {}


@pytest.mark.parametrize(
    ("text", "dutch", "ids"),
    [
        ("Reinforcement needed from 2035 in Eigen Vermogen", 0, 0),
        ("Verzwaring lijn Zeijerveen - Beilen", 1, 0),
        ("What is the capacity of EMW110-BGMR110 and KWD-110-mv:new-station?", 0, 2),
        ("see grid/stations.csv", 0, 0),
        ("homes_affected in GM1730", 0, 2),
    ],
)
def test_dutch_words_and_ids_are_recognised(text: str, dutch: int, ids: int) -> None:
    assert len(readers.dutch_words(text)) == dutch
    assert len(readers.raw_ids(readers.plain(text))) == ids
