"""The project's own inputs are right, and the data package says the same as the code."""

from __future__ import annotations

import json
import re
import time
from pathlib import Path

import tiny_province
from frictionless import Package
from pmiek.inputs import check_inputs, read_tables
from pmiek.inputs.datapackage import build
from pmiek.inputs.registry import TABLES
from pmiek.inputs.schema import Column

INPUTS = Path(__file__).parents[2] / "inputs"


def test_own_inputs_have_no_problem_and_are_checked_quickly():
    started = time.process_time()
    problems = check_inputs(INPUTS)
    assert [str(problem) for problem in problems] == []
    assert time.process_time() - started < 10


def test_data_package_is_in_sync():
    committed = json.loads((INPUTS / "datapackage.json").read_text(encoding="utf-8"))
    assert committed == json.loads(json.dumps(build())), "run: python -m pmiek.inputs.datapackage"


def test_data_package_is_valid():
    assert list(Package.metadata_validate(build())) == []


def test_every_reference_points_at_a_column():
    for table in TABLES.values():
        assert set(table.key) <= {column.name for column in table.columns}
        for column in table.columns:
            if column.refers_to:
                target, _, field = column.refers_to.rpartition(".")
                assert isinstance(TABLES[target].column(field), Column)


def test_quantities_carry_their_unit():
    plain = {
        "value",
        "low",
        "high",
        "index",
        "year",
        "month",
        "hour_local",
        "max_units",
        "lat",
        "lon",
        "population",
    }
    units = (
        "_mwh",
        "_mw",
        "_gw",
        "_mva",
        "_kv",
        "_bar",
        "_km",
        "_km2",
        "_m2",
        "_ha",
        "_pct",
        "_ohm",
        "_c",
        "_h",
        "_s",
    )
    for table in TABLES.values():
        for column in table.columns:
            if column.kind == "number" and column.unit and column.name not in plain:
                assert column.name.endswith((*units, "_per_m2", "_per_mwh", "_m3_per_year")), (
                    table.name,
                    column.name,
                )


def test_every_assumption_that_the_code_reads_is_there():
    reads = re.compile(r'(?:assumption|assumption_range|value)\(\s*f?"([a-z0-9_{}]+)"')
    root = INPUTS.parent / "model"
    asked = {name for path in root.rglob("*.py") for name in reads.findall(path.read_text(encoding="utf-8"))}
    assert len(asked) > 20
    years = (tiny_province.BASE_YEAR, *tiny_province.YEARS)
    wanted = {name.replace("{year}", str(year)) for name in asked for year in years}
    own = set(read_tables(INPUTS, ["assumptions"])["assumptions"]["assumption_id"])
    assert _unmet(wanted, own) == []
    assert _unmet(wanted, set(tiny_province.ASSUMPTIONS)) == []


def _unmet(wanted: set[str], known: set[str]) -> list[str]:
    """Names that no assumption has; a part in braces, filled in by the code, matches any word."""
    patterns = {name: re.compile(re.sub(r"\{[a-z_]+\}", "[a-z0-9_]+", name)) for name in wanted}
    return sorted(name for name, pattern in patterns.items() if not any(map(pattern.fullmatch, known)))
