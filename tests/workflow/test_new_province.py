"""A folder for another province, from a clone and from an installed package."""

from __future__ import annotations

import csv
from pathlib import Path

import pytest
from pmiek.errors import RequestError
from pmiek.inputs import check_inputs
from pmiek.inputs.registry import TABLES
from pmiek.workflow import code, new_province
from pmiek.workflow.new_province import new_province_text

REPOSITORY = Path(__file__).resolve().parents[2]


def test_empty_tables_have_their_heads_and_every_column_is_described(tmp_path: Path) -> None:
    target = tmp_path / "Fryslân"
    told = new_province_text(target)
    guide = (target / "inputs" / "README.md").read_text(encoding="utf-8")
    empty = [
        table
        for table in TABLES.values()
        if table.required and (target / "inputs" / f"{table.name}.csv").read_text("utf-8").count("\n") == 1
    ]
    assert f"{len(empty)} are empty" in told
    assert {"regions/municipalities", "grid/stations", "demand/municipal"} <= {table.name for table in empty}
    for table in empty:
        with (target / "inputs" / f"{table.name}.csv").open(encoding="utf-8") as file:
            heads = next(csv.reader(file))
        assert heads == [column.name for column in table.columns if not column.optional]
        for column in table.columns:
            assert f"| `{column.name}` |" in guide.split(f"### `{table.name}.csv`")[1].split("###")[0]
    for name in ("Snakefile", "rules", "scenarios"):
        assert (target / name).exists()


def test_check_names_every_table_that_still_has_to_be_filled(tmp_path: Path) -> None:
    target = tmp_path / "province"
    new_province_text(target)
    missing = {
        problem.file for problem in check_inputs(target / "inputs") if problem.value == "only a header"
    }
    waiting = {
        f"inputs/{table.name}.csv"
        for table in TABLES.values()
        if table.required and (target / "inputs" / f"{table.name}.csv").read_text("utf-8").count("\n") == 1
    }
    assert missing == waiting


def test_the_example_is_the_province_that_is_shipped(tmp_path: Path) -> None:
    target = tmp_path / "example"
    new_province_text(target, example=True)
    for path in (REPOSITORY / "inputs").rglob("*.csv"):
        assert (target / path.relative_to(REPOSITORY)).read_bytes() == path.read_bytes()


def test_a_folder_with_something_in_it_is_left_alone(tmp_path: Path) -> None:
    (tmp_path / "notes.txt").write_text("mine", encoding="utf-8")
    with pytest.raises(RequestError, match="is not empty"):
        new_province_text(tmp_path)
    assert [path.name for path in tmp_path.iterdir()] == ["notes.txt"]


def test_an_installed_package_brings_its_example(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    package = tmp_path / "site-packages" / "pmiek"
    (package / "example").mkdir(parents=True)
    monkeypatch.setattr(new_province, "PACKAGE", package)
    assert new_province.example_folder() == package / "example"
    monkeypatch.setattr(code, "PACKAGE", package)
    assert code.told(package / "ids.py") == (package / "ids.py").as_posix()  # in full: no clone around it
