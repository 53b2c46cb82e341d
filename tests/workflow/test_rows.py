"""Which rows a storyline depends on."""

from __future__ import annotations

from pathlib import Path

import tiny_province
from pmiek.inputs import read_tables
from pmiek.workflow.plan import input_files
from pmiek.workflow.rows import BY_STORYLINE, rows_of, shared_files, tables_for

OTHER = "eigen_vermogen"
OURS = tiny_province.BASE_STORYLINE


def edited(inputs: Path, old: str, new: str) -> tuple[dict[str, str], dict[str, str]]:
    """Fingerprints of our storyline and of the other, after an edit of the first row that begins so."""
    path = inputs / "demand" / "municipal.csv"
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new, 1), encoding="utf-8")
    ours, other = (rows_of(inputs.parent, storyline, "demand", "supply") for storyline in (OURS, OTHER))
    return ours, other


def test_a_row_of_a_storyline_is_that_storyline_s_alone(tiny_copy: Path) -> None:
    before = rows_of(tiny_copy.parent, OURS, "demand", "supply")
    other_before = rows_of(tiny_copy.parent, OTHER, "demand", "supply")
    ours, other = edited(tiny_copy, f"{OTHER},2030,GM0001", f"{OTHER},2030,GM0002")
    assert ours == before
    assert {name for name in other if other[name] != other_before[name]} == {"demand/municipal"}


def test_a_row_of_the_base_year_is_everybody_s(tiny_copy: Path) -> None:
    before = [rows_of(tiny_copy.parent, storyline, "demand") for storyline in (OURS, OTHER)]
    after = edited(tiny_copy, f"{OURS},2025,GM0001", f"{OURS},2025,GM0002")
    assert all(
        old["demand/municipal"] != new["demand/municipal"] for old, new in zip(before, after, strict=True)
    )


def test_a_stage_sees_only_what_it_declares(tiny_inputs: Path) -> None:
    tables = tables_for(read_tables(tiny_inputs), OTHER)
    for name in BY_STORYLINE:
        frame = tables[name]
        assert set(frame.loc[frame["year"] > 2025, "storyline"]) <= {OTHER}
        assert (frame.index == range(len(frame))).all()
    assert set(tables["demand/municipal"].loc[lambda t: t["year"] == 2025, "storyline"]) == {OURS}


def test_files_and_rows_together_are_all_inputs(tiny_inputs: Path) -> None:
    root = tiny_inputs.parent
    every = set(input_files(root, "demand", "supply", "grid"))
    shared = set(shared_files(root, "demand", "supply", "grid"))
    rows = {f"inputs/{name}.csv" for name in rows_of(root, OURS, "demand", "supply", "grid")}
    assert shared | rows == every
    assert not shared & rows
    assert "inputs/demand/overlays.csv" not in rows
    assert set(rows_of(root, OURS, "supply/national.csv")) == {"supply/national"}
