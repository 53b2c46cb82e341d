from __future__ import annotations

from pathlib import Path

import pandas as pd
import pytest

from pmiek.results.docs import results_markdown
from pmiek.results.registry import conform, result_tables

ROOT = Path(__file__).parents[2]


def test_docs_are_in_sync_with_the_registry():
    written = (ROOT / "docs/results.md").read_text(encoding="utf-8")
    assert written == results_markdown(), "run: python -m pmiek.results.docs"


def test_every_column_has_a_meaning_and_every_key_is_a_column():
    for table in result_tables().values():
        assert all(column.description for column in table.columns), table.name
        assert set(table.key) <= set(table.names), table.name


def test_a_unit_is_given_where_the_name_has_one():
    for table in result_tables().values():
        for column in table.columns:
            if (
                column.name.endswith(("_mw", "_mwh", "_pct", "_ha", "_kt", "_seconds"))
                or "_meur" in column.name
            ):
                assert column.unit, f"{table.name}.{column.name}"


def test_conform_orders_and_refuses():
    frame = pd.DataFrame(
        {
            "co2_kt": [1.0],
            "sector": ["homes"],
            "carrier": ["methane"],
            "cluster": ["A"],
            "account": ["territorial"],
            "year": [2035],
            "variant": ["v"],
            "storyline": ["s"],
        }
    )
    assert conform("emissions", frame).columns.to_list() == [
        "storyline",
        "variant",
        "year",
        "account",
        "carrier",
        "sector",
        "cluster",
        "co2_kt",
    ]
    with pytest.raises(ValueError, match=r"missing \['co2_kt'\]"):
        conform("emissions", frame.drop(columns="co2_kt"))
    with pytest.raises(ValueError, match=r"unknown \['extra'\]"):
        conform("emissions", frame.assign(extra=1))
    with pytest.raises(ValueError, match="repeat a key"):
        conform("emissions", pd.concat([frame, frame]))
