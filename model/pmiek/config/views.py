"""Looking at scenarios: lists, the merged file with its origins, differences and leaves."""

from __future__ import annotations

import json
from collections.abc import Mapping
from functools import partial
from pathlib import Path
from typing import Any

import pandas as pd

from pmiek.config.documents import KeyPath, read_document
from pmiek.config.merge import FOLDERS, Merged, load_batch, merge, merge_scenario, names
from pmiek.config.settings import Scenario
from pmiek.errors import InputError, Problem

Leaf = str | float | int | bool


def list_scenarios(scenarios_dir: Path) -> pd.DataFrame:
    """List every storyline, variant and batch.

    Returns
    -------
    DataFrame
        Columns kind (storyline, variant, batch), name, title_nl, title_en.
    """
    rows = []
    for kind, folder in FOLDERS.items():
        for name in names(scenarios_dir, kind):
            data = read_document(
                Path(scenarios_dir) / folder / f"{name}.yaml", f"scenarios/{folder}/{name}.yaml"
            ).data
            text = data if kind == "batch" else data.get(f"{kind}_text", {})
            rows.append((kind, name, text.get("title_nl", name), text.get("title_en", name)))
    return pd.DataFrame(rows, columns=["kind", "name", "title_nl", "title_en"])


def show(
    scenarios_dir: Path, storyline: str, variant: str, overrides: Mapping[str, Any] | None = None
) -> str:
    """Write the merged scenario as YAML, with the file that set each key as a comment.

    Parameters
    ----------
    scenarios_dir : Path
        Folder with ``base.yaml``, ``storylines/`` and ``variants/``.
    storyline, variant : str
        Names of the files.
    overrides : mapping, optional
        Settings laid over the rest.

    Returns
    -------
    str
        YAML that reads back to the same settings.
    """
    merged = merge(scenarios_dir, storyline, variant, overrides)
    return "\n".join(_lines(merged.data, (), merged)) + "\n"


def _lines(data: Mapping[str, Any], path: KeyPath, merged: Merged) -> list[str]:
    out = []
    for key, value in data.items():
        here = (*path, key)
        indent = "  " * len(path)
        if isinstance(value, Mapping) and value:
            out += [f"{indent}{key}:", *_lines(value, here, merged)]
        else:
            document = merged.origin.get(here)
            line = document.lines.get(here) if document else None
            origin = "" if document is None else f"  # {document.file}" + (f":{line}" if line else "")
            out.append(f"{indent}{key}: {json.dumps(value, ensure_ascii=False)}{origin}")
    return out


def leaves(scenario: Scenario) -> dict[str, Leaf]:
    """Return every single setting under its dotted key; lists of settings are numbered.

    Parameters
    ----------
    scenario : Scenario
        A merged scenario.

    Returns
    -------
    dict
        For example ``{"years.base": 2025, "years.screening.0": 2025, ...}``, in the order of the model.
    """
    out: dict[str, Leaf] = {}
    _collect(scenario.model_dump(mode="json"), "", out)
    return out


def _collect(value: Any, path: str, out: dict[str, Leaf]) -> None:
    if isinstance(value, Mapping):
        for key, inner in value.items():
            _collect(inner, f"{path}.{key}" if path else key, out)
    elif isinstance(value, (list, tuple)):
        for number, inner in enumerate(value):
            _collect(inner, f"{path}.{number}", out)
    else:
        out[path] = value


def diff(a: Scenario, b: Scenario) -> pd.DataFrame:
    """Show where two scenarios differ.

    Returns
    -------
    DataFrame
        Columns path, value_a, value_b (text; empty where the scenario has no such leaf).
    """
    left, right = leaves(a), leaves(b)
    rows = [
        (path, str(left.get(path, "")), str(right.get(path, "")))
        for path in dict.fromkeys([*left, *right])
        if left.get(path) != right.get(path)
    ]
    return pd.DataFrame(rows, columns=["path", "value_a", "value_b"])


def check_scenarios(scenarios_dir: Path) -> list[Problem]:
    """Return everything that is wrong with the scenario files: each combination and each batch is merged."""
    root = Path(scenarios_dir)
    if not root.is_dir():
        return [Problem("scenarios", None, "", "", "a folder with base.yaml", "Check the path.")]
    problems: dict[Problem, None] = {}
    stories, variants = names(root, "storyline"), names(root, "variant")
    for kind, found in (("storyline", stories), ("variant", variants)):
        if not found:
            file = f"scenarios/{FOLDERS[kind]}"
            problems[Problem(file, None, "", "", f"at least one {kind}", "Add a file.")] = None
    for storyline in stories:
        for variant in variants:
            problems |= _problems_of(partial(merge_scenario, root, storyline, variant))
    for batch in names(root, "batch"):
        problems |= _problems_of(partial(load_batch, root, batch))
    return sorted(problems, key=lambda p: (p.file, p.row or 0, p.column))


def _problems_of(action: Any) -> dict[Problem, None]:
    try:
        action()
    except InputError as error:
        return dict.fromkeys(error.problems)
    return {}
