"""The reference of all settings and the JSON schema, made from the model of a scenario."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from pmiek.config.settings import Batch, Scenario
from pmiek.files import write_text

BEGIN = "<!-- reference: made by `python -m pmiek.config.docs`, do not edit -->"
END = "<!-- end of reference -->"
SCHEMA_FILE = "schema.json"


def schema() -> str:
    """Return the JSON schema of a merged scenario, for editors that complete and check YAML."""
    content = Scenario.model_json_schema()
    content["title"] = "Merged scenario of pmiek"
    return json.dumps(content, indent=1, sort_keys=True, ensure_ascii=False) + "\n"


def reference() -> str:
    """Return the Markdown tables of every setting of a scenario and of a batch."""
    parts = [BEGIN, ""]
    for title, model in (("Scenario", Scenario), ("Batch", Batch)):
        parts += [f"### {title}", "", "| setting | type | meaning |", "| --- | --- | --- |"]
        content = model.model_json_schema()
        parts += [f"| `{path}` | {kind} | {text} |" for path, kind, text in _rows(content, content, "")]
        parts.append("")
    return "\n".join([*parts, END])


def _rows(node: dict[str, Any], root: dict[str, Any], path: str) -> Iterator[tuple[str, str, str]]:
    for name, field in node["properties"].items():
        inner = _resolve(field, root)
        here = f"{path}{name}"
        items = _resolve(inner.get("items", {}), root)
        if "properties" in inner:
            yield from _rows(inner, root, f"{here}.")
        elif "properties" in items:
            yield here, "list of settings", field.get("description", "")
            yield from _rows(items, root, f"{here}[].")
        else:
            yield here, _kind(inner, items), field.get("description", "")


def _resolve(field: dict[str, Any], root: dict[str, Any]) -> dict[str, Any]:
    target = field.get("$ref")
    return root["$defs"][target.rpartition("/")[2]] if target else field


def _kind(field: dict[str, Any], items: dict[str, Any]) -> str:
    if "enum" in field:
        return ", ".join(f"`{value}`" for value in field["enum"])
    if "const" in field:
        return f"`{field['const']}`"
    if field.get("type") == "array":
        return f"list of {_kind(items, {})}"
    words = {"integer": "whole number", "number": "number", "string": "text", "boolean": "true or false"}
    word = words.get(str(field.get("type")), "settings by name")
    low = field.get("minimum", field.get("exclusiveMinimum"))
    high = field.get("maximum", field.get("exclusiveMaximum"))
    if low is not None and high is not None:
        return f"{word} {low:g} to {high:g}"
    return f"{word} from {low:g}" if low is not None else word


def with_reference(page: str) -> str:
    """Return the page with its reference part made afresh."""
    head, _, rest = page.partition(BEGIN)
    _, _, tail = rest.partition(END)
    return head + reference() + tail


def main(project: Path = Path()) -> None:
    """Write ``scenarios/schema.json`` and the reference part of ``docs/scenarios.md``."""
    write_text(schema(), project / "scenarios" / SCHEMA_FILE)
    page = project / "docs" / "scenarios.md"
    write_text(with_reference(page.read_text(encoding="utf-8")), page)


if __name__ == "__main__":
    main(*(Path(argument) for argument in sys.argv[1:2]))
