"""The same words have the same number, whatever page, figure or document they stand in."""

from __future__ import annotations

import json
import re
import zipfile
from collections import defaultdict
from pathlib import Path
from typing import Any

import pandas as pd
import pytest
import sentences
import tiny_project
import yaml

TEXTS = Path(__file__).parents[2] / "model" / "pmiek" / "publish" / "report" / "texts"


@pytest.fixture(scope="module")
def results(finished: Path) -> Path:
    return finished / "results" / tiny_project.BATCH


def script(results: Path, name: str) -> Any:
    """Read the data of a page."""
    text = (results / "site" / "data" / f"{name}.js").read_text(encoding="utf-8")
    return json.loads(text[text.index("={", text.index(f".{name}=")) + 1 : text.rindex("}") + 1])


def table(results: Path, name: str) -> pd.DataFrame:
    return pd.read_csv(results / "tables" / f"{name}.csv")


def words(label: str) -> str:
    """Words without what stands between brackets and without capitals."""
    return re.sub(r"\s*\([^)]*\)", "", label).strip().lower()


@pytest.mark.parametrize("language", ["nl", "en"])
def test_the_figures_of_the_comparison_give_one_number_to_the_same_words(
    results: Path, language: str
) -> None:
    """Once take-off that does not fit was 250-400 GWh in one figure and 569-816 in the next."""
    labels = yaml.safe_load((TEXTS / f"{language}.yaml").read_text(encoding="utf-8"))["label"]
    found = script(results, "compare")
    told: dict[tuple[str, str], dict[str, float]] = defaultdict(dict)
    for name, measure in found["measures"].items():
        group = labels.get(measure["group"], {})
        for storyline, variant, year, key, value in measure["rows"]:
            if key in group:
                told[words(group[key]), f"{storyline} {variant} {year:.0f}"][name] = value
    for key, rows in found["values"].items():
        label = labels["variant_figure"].get(key, key)
        for storyline, variant, year, value in rows:
            told[words(label), f"{storyline} {variant} {year:.0f}"][key] = value
    twice = {key: numbers for key, numbers in told.items() if len(numbers) > 1}
    assert {
        key: numbers
        for key, numbers in twice.items()
        if max(numbers.values()) - min(numbers.values()) > 0.06  # rounding of the figures
    } == {}


def test_bottlenecks_left_are_counted_alike_on_the_start_page_and_in_the_comparison(results: Path) -> None:
    left = script(results, "compare")["values"]["left"]
    counts = script(results, "start")["counts"]
    by_year: dict[tuple[str, int], list[float]] = defaultdict(list)
    for _, variant, year, value in left:
        by_year[variant, int(year)].append(value)
    assert by_year
    for (variant, year), values in by_year.items():
        # the start page counts distinct bottlenecks over the storylines, the comparison per storyline
        total = counts[variant][str(year)]
        assert max(values) <= total <= sum(values), (variant, year)
        assert len(values) > 1 or total == values[0]


def test_what_waits_is_one_number_in_the_comparison_and_in_the_table(results: Path) -> None:
    rows = table(results, "service").fillna({"cluster": ""})
    asked = rows[
        (rows["direction"] == "take-off")
        & (rows["cluster"] == "province")
        & (rows["carrier"] == "electricity")
    ]
    expected = asked.set_index(["storyline", "variant", "year"])["waiting_mw"].fillna(0.0)
    shown = {(s, v, y): value for s, v, y, value in script(results, "compare")["values"]["waiting_mw"]}
    assert shown
    for key, value in shown.items():
        assert value == pytest.approx(float(expected[key]), abs=0.01), key


def test_cost_is_one_number_per_payer_in_total_and_in_the_table(results: Path) -> None:
    found = script(results, "compare")
    costs = table(results, "costs")
    inside = costs[costs["cluster"].fillna("") != "outside"]
    expected = inside.groupby(["storyline", "variant"])["cost_meur_npv"].sum()
    payers: dict[tuple[str, str], float] = defaultdict(float)
    for storyline, variant, _, _, value in found["payers"]:
        payers[storyline, variant] += value
    for storyline, variant, _, value in found["values"]["cost"]:
        # a variant that builds nothing in the province has no row, and costs nothing there
        assert value == pytest.approx(float(expected.get((storyline, variant), 0.0)), abs=0.05)
        assert payers[storyline, variant] == pytest.approx(value, abs=0.05 * 20)


def cells(page: str, project: str) -> dict[str, str]:
    row = re.search(rf'<tr data-id="{re.escape(project)}".*?</tr>', page, re.DOTALL)
    assert row, project
    found = re.findall(r'<td[^>]*data-label="([^"]*)"[^>]*>(.*?)</td>', row[0], re.DOTALL)
    return {label: re.sub(r"<[^>]+>", "", text).strip() for label, text in found}


def test_place_and_score_of_a_project_are_one_on_list_fiche_and_in_word(results: Path) -> None:
    listed = table(results, "candidates")
    page = (results / "site" / "projects.html").read_text(encoding="utf-8")
    documents = {
        path.stem: sentences.word_texts(path.parent)
        for path in sorted((results / "fiches").glob("*.docx"))[:1]
    }
    assert documents
    for row in listed.dropna(subset="rank").to_dict("records"):
        place = f"{row['rank']:.0f}"
        assert cells(page, row["project_id"])["Plaats op de lijst"] == place
        fiche = (results / "site" / f"project-{row['project_id']}.html").read_text(encoding="utf-8")
        told = re.search(r"<dt>Plaats op de lijst</dt><dd>(\d+)", fiche)
        assert told is not None, row["project_id"]
        assert told[1] == place, row["project_id"]
        low, high = float(row["rank_p10"]), float(row["rank_p90"])
        assert low <= row["rank"] <= high  # and within the range beside it
    of_list = listed.groupby("list").size()
    for path in (results / "fiches").glob("*.docx"):
        with zipfile.ZipFile(path) as parts:
            text = re.sub(r"<[^>]+>", " ", parts.read("word/document.xml").decode("utf-8"))
        told = re.search(r"(\d+) van (\d+) op de lijst", text)
        row = listed[listed["project_id"] == path.stem]
        if told and len(row):
            assert int(told[1]) == row["rank"].iloc[0], path.name
            assert int(told[2]) == of_list[row["list"].iloc[0]], path.name


def test_as_many_are_proposed_on_the_site_as_in_the_draft(results: Path) -> None:
    proposed = table(results, "project_proposal")
    page = re.sub(r"<[^>]+>", " ", (results / "site" / "projects.html").read_text(encoding="utf-8"))
    for _, rows in proposed.groupby("list"):
        n = int((rows["model_proposal"] == "proposed").sum())
        assert f"{n} voorgesteld van {len(rows)}" in re.sub(r"\s+", " ", page)
    draft = next(results.glob("*.docx"))
    with zipfile.ZipFile(draft) as parts:
        text = re.sub(r"<[^>]+>", "|", parts.read("word/document.xml").decode("utf-8"))
    told = re.findall(r"\|voorgesteld\|", text)
    assert len(told) == int((proposed["model_proposal"] == "proposed").sum())
