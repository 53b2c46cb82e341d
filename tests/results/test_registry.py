from __future__ import annotations

from pathlib import Path

import pandas as pd
import pytest
import yaml

from pmiek.results.docs import results_markdown
from pmiek.results.registry import conform, conform_all, result_tables, tables_of

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


def test_a_rule_writes_exactly_the_tables_that_are_declared_as_its_outputs():
    names = tables_of("effect_tables")
    frames = {name: pd.DataFrame(columns=result_tables()[name].names) for name in names}
    assert list(conform_all("effect_tables", frames)) == names
    gone, extra = dict(frames), {**frames, "loading": frames[names[0]]}
    del gone["plan_delays"]
    with pytest.raises(ValueError, match="differ in the tables it writes: plan_delays"):
        conform_all("effect_tables", gone)
    with pytest.raises(ValueError, match="differ in the tables it writes: loading"):
        conform_all("effect_tables", extra)
    with pytest.raises(KeyError):
        tables_of("no_such_rule")


def test_every_result_table_is_declared_by_the_rule_that_the_registry_names():
    rules = "".join(path.read_text(encoding="utf-8") for path in sorted((ROOT / "rules").glob("*.smk")))
    for rule in sorted({table.rule for table in result_tables().values()} - {"screening"}):
        body = rules.split(f"rule {rule}:")[1].split("\nrule ")[0]
        assert f'LISTS["{rule}"]' in body.split("output:")[1].split("params:")[0].split("threads:")[0]


NEAR = result_tables()["near_bottlenecks"]


def test_a_faulty_frame_names_every_column_with_row_value_and_expectation():
    rows = pd.DataFrame({name: ["x", "x"] for name in NEAR.names}).assign(
        **{column.name: 1.0 for column in NEAR.columns if column.unit},
        **{column.name: column.allowed[0] for column in NEAR.columns if column.allowed},
        bottleneck_id=["a", "b"],
    )
    assert len(conform("near_bottlenecks", rows)) == 2
    faulty = rows.assign(season=["summer, day", "summer"], capacity_sensitive="true", peak_mw=[1.0, "many"])
    with pytest.raises(ValueError, match="near_bottlenecks") as told:
        conform("near_bottlenecks", faulty)
    said = str(told.value)
    assert "column season, row 1: 'summer' (1 such), expected one of 'winter, day'" in said
    assert "column capacity_sensitive, row 0: 'true' (2 such), expected one of 'appears'" in said
    assert "column peak_mw, row 1: 'many' (1 such), expected a number in MW" in said


def test_an_empty_cell_is_allowed_only_where_the_registry_says_so():
    empty = pd.Series([None, "take-off"])
    column = {c.name: c for c in result_tables()["loading"].columns}["direction"]
    assert "expected one of 'take-off', 'feed-in'" in str(column.fault(empty))
    column = {c.name: c for c in result_tables()["mv_lv"].columns}["direction"]
    assert column.fault(empty) is None


def test_allowed_values_and_texts_name_columns_of_their_table():
    content = yaml.safe_load((ROOT / "model/pmiek/results/tables.yaml").read_text(encoding="utf-8"))
    for name, entry in content["tables"].items():
        assert {*entry.get("allowed", {}), *entry.get("texts", ())} <= set(entry["columns"]), name
