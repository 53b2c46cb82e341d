"""Everything that is wrong is told at once: file, row, column, value, what was expected, the remedy."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path

import pytest


def edit(path: Path, old: str, new: str) -> None:
    text = path.read_text(encoding="utf-8")
    assert old in text, f"{old!r} is not in {path.name}"
    path.write_text(text.replace(old, new, 1), encoding="utf-8", newline="\n")


def edit_line(path: Path, number: int, change: Callable[[str], str]) -> None:
    lines = path.read_text(encoding="utf-8").splitlines()
    lines[number - 1] = change(lines[number - 1])
    path.write_text("\n".join(lines) + "\n", encoding="utf-8", newline="\n")


def last_cell(path: Path, column: str, value: str, row: int) -> None:
    header = path.read_text(encoding="utf-8").splitlines()[0].split(",")
    place = header.index(column)

    def change(line: str) -> str:
        cells = line.split(",")
        cells[place] = value
        return ",".join(cells)

    edit_line(path, row, change)


def break_everything(root: Path) -> None:
    inputs, scenarios = root / "inputs", root / "scenarios"
    edit(inputs / "grid" / "buses.csv", "voltage_kv", "voltge_kv")
    municipalities = inputs / "regions" / "municipalities.csv"
    lines = municipalities.read_text(encoding="utf-8").splitlines()
    kept = [line for line in lines if not line.startswith("GM0002")]
    municipalities.write_text("\n".join(kept) + "\n", encoding="utf-8", newline="\n")
    last_cell(inputs / "grid" / "transformers.csv", "rated_mva", "-40", 5)
    sources = inputs / "sources.csv"
    twice = sources.read_text(encoding="utf-8").splitlines()
    sources.write_text("\n".join([*twice, twice[1]]) + "\n", encoding="utf-8", newline="\n")
    last_cell(inputs / "demand" / "municipal.csv", "volume_mwh", "NaN", 3)
    last_cell(inputs / "grid" / "stations.csv", "cluster", "Z", 3)
    last_cell(inputs / "demand" / "industry.csv", "storyline", "koersvaste_middenwg", 2)
    edit(scenarios / "variants" / "netverzwaring.yaml", "circuits: true", "circuits true")
    (inputs / "supply" / "trade.csv").write_bytes(b"direction,block\n\xff\xfe\x00broken")


EXPECTED = {
    "a misspelt column": ("inputs/grid/buses.csv", 1, "voltge_kv", "Did you mean 'voltage_kv'?"),
    "a missing municipality": ("inputs/demand/municipal.csv", None, "gm_code", "GM0002"),
    "a negative capacity": ("inputs/grid/transformers.csv", 5, "rated_mva", "'-40"),
    "a duplicate key": ("inputs/sources.csv", 3, "source_id", "'made_up'"),
    "NaN in a demand": ("inputs/demand/municipal.csv", 3, "volume_mwh", "NaN"),
    "a station in no cluster": ("inputs/grid/stations.csv", 3, "cluster", "'Z'"),
    "an unknown storyline": (
        "inputs/demand/industry.csv",
        2,
        "storyline",
        "Did you mean 'koersvaste_middenweg'?",
    ),
    "a typo in YAML": ("scenarios/variants/netverzwaring.yaml", None, "", "YAML"),
    "an unreadable file": ("inputs/supply/trade.csv", None, "", "UTF-8"),
}
LINE = re.compile(
    r"^  \d+\. (?P<file>\S+?)(?:, row (?P<row>\d+))?(?:, column (?P<column>[^:]+))?: (?P<text>.*)$"
)


@pytest.fixture
def report(project: Path, pmiek) -> tuple[int, str, Path]:
    break_everything(project)
    code, out, err = pmiek(project, "run", "--batch", "tiny")
    assert "Traceback" not in err
    return code, out + err, project


def test_nine_mistakes_give_one_report_and_nothing_is_written(report: tuple[int, str, Path]) -> None:
    code, text, project = report
    assert code == 2
    found = [match for line in text.splitlines() if (match := LINE.match(line))]
    missing = {
        name
        for name, (file, row, column, words) in EXPECTED.items()
        if not any(
            match["file"] == file
            and (row is None or match["row"] == str(row))
            and (not column or column in (match["column"] or "") or column in match["text"])
            and words in match["text"]
            for match in found
        )
    }
    assert not missing, text
    assert not (project / "results").exists()


def test_every_problem_says_what_is_expected_and_how_to_mend_it(report: tuple[int, str, Path]) -> None:
    _, text, _ = report
    lines = [line for line in text.splitlines() if re.match(r"^  \d+\. ", line)]
    assert len(lines) >= len(EXPECTED)
    for line in lines:
        match = LINE.match(line)
        assert match, line
        assert "expected " in match["text"], line
        assert re.search(r"\. [A-Z].*\.|\?$", match["text"].split("expected ", 1)[1]), line


def test_check_gives_the_same_report_as_run(project: Path, pmiek) -> None:
    break_everything(project)
    assert pmiek(project, "check")[::2] == pmiek(project, "run", "--batch", "tiny")[::2]


def test_a_grid_that_is_not_connected_is_told_before_anything_is_made(project: Path, pmiek) -> None:
    path = project / "inputs" / "grid" / "circuits.csv"
    lines = path.read_text(encoding="utf-8").splitlines()
    path.write_text("\n".join(x for x in lines if not x.startswith("BEE-CEE")) + "\n", encoding="utf-8")
    code, _, err = pmiek(project, "run", "--batch", "tiny")
    assert code == 2
    assert "CEE" in err
    assert not (project / "results").exists()
