"""The description of the inputs folder as a Frictionless data package, made from the registry."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any

from pmiek.files import write_json
from pmiek.inputs.boundaries import NAME as BOUNDARIES
from pmiek.inputs.registry import TABLES
from pmiek.inputs.schema import Column, Table

TYPES = {"text": "string", "number": "number", "integer": "integer", "boolean": "boolean"}
FILE = "datapackage.json"


def build() -> dict[str, Any]:
    """Return the data package: each table with its fields, units, keys and references.

    A field's ``unit``, and of a table ``absent`` (what a missing file means), are our additions to the
    standard; readers of the standard skip them.
    """
    return {
        "name": "pmiek-inputs",
        "title": "Inputs of the energy-system model",
        "description": "Checked tables on regions, demand, supply, grid, projects, costs and weather. "
        "An empty cell is an unknown or a figure that does not apply; "
        "a missing file means what its 'absent' says; an empty file is an error.",
        "profile": "data-package",
        "resources": [*(_resource(table) for table in TABLES.values()), _boundaries()],
    }


def _resource(table: Table) -> dict[str, Any]:
    schema: dict[str, Any] = {
        "fields": [_field(column) for column in table.columns if not column.optional],
        "primaryKey": list(table.key),
        "missingValues": [""],
    }
    keys = [_reference(table, column) for column in table.columns if _referable(column)]
    if keys:
        schema["foreignKeys"] = keys
    return {
        "name": table.name.replace("/", "-").replace("_", "-"),
        "path": f"{table.name}.csv",
        "title": table.title,
        "description": table.description,
        "required": table.required,
        "absent": table.absent,
        "optionalFields": [_field(column) for column in table.columns if column.optional],
        "profile": "tabular-data-resource",
        "format": "csv",
        "mediatype": "text/csv",
        "encoding": "utf-8",
        "schema": schema,
    }


def _field(column: Column) -> dict[str, Any]:
    constraints: dict[str, Any] = {"required": True} if column.filled else {}
    if column.allowed:
        constraints["enum"] = list(column.allowed)
    if column.minimum is not None:
        constraints["minimum"] = int(column.minimum) if column.kind == "integer" else column.minimum
    if column.maximum is not None:
        constraints["maximum"] = int(column.maximum) if column.kind == "integer" else column.maximum
    if column.pattern:
        constraints["pattern"] = column.pattern
    field: dict[str, Any] = {
        "name": column.name,
        "type": TYPES[column.kind],
        "description": column.description,
    }
    if column.unit:
        field["unit"] = column.unit
    if column.many:
        field["separator"] = ";"
    if column.refers_to:
        field["refersTo"] = column.refers_to
    if constraints:
        field["constraints"] = constraints
    return field


def _referable(column: Column) -> bool:
    """Tell whether the standard can express the reference: to a whole primary key, one value per cell."""
    if not column.refers_to or column.many or column.also or column.optional:
        return False
    table, _, field = column.refers_to.rpartition(".")
    return TABLES[table].key == (field,)


def _reference(table: Table, column: Column) -> dict[str, Any]:
    target, _, field = column.refers_to.rpartition(".")
    resource = "" if target == table.name else target.replace("/", "-").replace("_", "-")
    return {"fields": [column.name], "reference": {"resource": resource, "fields": [field]}}


def _boundaries() -> dict[str, Any]:
    return {
        "name": "regions-boundaries",
        "path": BOUNDARIES,
        "title": "Boundaries",
        "description": "Simplified boundaries of the study municipalities, WGS84.",
        "required": True,
        "absent": "Maps cannot be drawn.",
        "format": "geojson",
        "mediatype": "application/geo+json",
        "encoding": "utf-8",
    }


def main(inputs_dir: Path = Path("inputs")) -> None:
    """Write ``datapackage.json`` into the inputs folder."""
    write_json(build(), inputs_dir / FILE)


if __name__ == "__main__":
    main(*(Path(argument) for argument in sys.argv[1:2]))
