"""Merging base, storyline, variant and batch into one checked scenario."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from pydantic import ValidationError

from pmiek.config.documents import Document, KeyPath, from_mapping, read_document
from pmiek.config.settings import Batch, Scenario
from pmiek.errors import InputError, Problem
from pmiek.inputs.reading import closest

FOLDERS = {"storyline": "storylines", "variant": "variants", "batch": "batches"}
OPEN_PATHS: frozenset[KeyPath] = frozenset({("solver", "options"), ("solver", "dispatch_options")})


@dataclass(frozen=True)
class Merged:
    """Merged settings with the document that set each leaf.

    Attributes
    ----------
    data : dict
        Nested settings.
    origin : dict
        Document that set each leaf, by key path.
    """

    data: dict[str, Any]
    origin: dict[KeyPath, Document]


def names(scenarios_dir: Path, kind: str) -> list[str]:
    """Return the names of all storylines, variants or batches, sorted."""
    return sorted(path.stem for path in (Path(scenarios_dir) / FOLDERS[kind]).glob("*.yaml"))


def read_named(scenarios_dir: Path, kind: str, name: str) -> Document:
    """Read the file of a storyline, variant or batch.

    Raises
    ------
    InputError
        If there is no such file; the closest name is suggested.
    """
    folder = FOLDERS[kind]
    file = f"scenarios/{folder}/{name}.yaml"
    path = Path(scenarios_dir) / folder / f"{name}.yaml"
    if not re.fullmatch(r"[a-z][a-z0-9_]{0,79}", name) or not path.is_file():
        known = names(scenarios_dir, kind)
        remedy = f"Known: {', '.join(known) or 'none'}.{closest(name, known)}"
        raise InputError([Problem(file, None, kind, name, f"a {kind} with a file", remedy)])
    return read_document(path, file)


def merge_documents(base: Document, layers: list[Document]) -> Merged:
    """Lay documents over the base: mappings merge, lists and values replace.

    Raises
    ------
    InputError
        If a layer sets a key that the base lacks, or puts a value where the base has a mapping.
    """
    merged = Merged({}, {})
    _put(merged.data, merged.origin, base.data, (), base)
    problems: list[Problem] = []
    for layer in layers:
        _lay(merged, layer.data, (), layer, base, problems)
    if problems:
        raise InputError(problems)
    return merged


def _put(
    target: dict[str, Any],
    origin: dict[KeyPath, Document],
    data: Mapping[str, Any],
    path: KeyPath,
    document: Document,
) -> None:
    for key, value in data.items():
        here = (*path, key)
        if isinstance(value, Mapping):
            target[key] = {}
            _put(target[key], origin, value, here, document)
        else:
            target[key] = value
            origin[here] = document


def _lay(  # noqa: PLR0917
    merged: Merged,
    data: Mapping[str, Any],
    path: KeyPath,
    layer: Document,
    base: Document,
    problems: list[Problem],
) -> None:
    level = _level(merged.data, path)
    for key, value in data.items():
        here = (*path, key)
        if key not in level and path not in OPEN_PATHS:
            problems.append(_unknown(here, layer, level))
        elif isinstance(level.get(key), dict) and isinstance(value, Mapping):
            _lay(merged, value, here, layer, base, problems)
        elif key in level and isinstance(level[key], dict) != isinstance(value, Mapping):
            expected = "keys below it" if isinstance(level[key], dict) else "one value"
            remedy = f"Write it as {base.file} does."
            problems.append(layer.problem(here, str(value), expected, remedy))
        else:
            level[key] = value
            merged.origin[here] = layer


def _level(data: dict[str, Any], path: KeyPath) -> dict[str, Any]:
    for key in path:
        data = data[key]
    return data


def _unknown(path: KeyPath, layer: Document, level: Mapping[str, Any]) -> Problem:
    remedy = f"Correct the key, or add it to base.yaml and the model.{closest(path[-1], level)}"
    return layer.problem(path, path[-1], "a key that scenarios/base.yaml has", remedy)


def merge(
    scenarios_dir: Path, storyline: str, variant: str, overrides: Mapping[str, Any] | Document | None = None
) -> Merged:
    """Merge base, storyline, variant and overrides, in that order, with the origin of each leaf.

    Parameters
    ----------
    scenarios_dir : Path
        Folder with ``base.yaml``, ``storylines/`` and ``variants/``.
    storyline, variant : str
        Names of the files.
    overrides : mapping or Document, optional
        Settings laid over the rest; keys may be nested or dotted.
    """
    root = Path(scenarios_dir)
    layers = []
    for kind, name in (("storyline", storyline), ("variant", variant)):
        document = read_named(root, kind, name)
        if document.data.get(kind) != name:
            found = str(document.data.get(kind, ""))
            raise InputError(
                [document.problem((kind,), found, name, "The file name and this key must agree.")]
            )
        layers.append(document)
    if overrides is not None:
        given = overrides if isinstance(overrides, Document) else from_mapping(dict(overrides), "overrides")
        layers.append(given)
    return merge_documents(read_document(root / "base.yaml", "scenarios/base.yaml"), layers)


def merge_scenario(
    scenarios_dir: Path, storyline: str, variant: str, overrides: Mapping[str, Any] | Document | None = None
) -> Scenario:
    """Return the checked scenario of a storyline and a variant.

    Parameters
    ----------
    scenarios_dir : Path
        Folder with ``base.yaml``, ``storylines/`` and ``variants/``.
    storyline, variant : str
        Names of the files.
    overrides : mapping, optional
        Settings laid over the rest, for example ``{"years.screening": [2025, 2035]}`` or a batch's overrides.

    Raises
    ------
    InputError
        With every key that is unknown, missing or wrong, with file, line and remedy.
    """
    return validated(merge(scenarios_dir, storyline, variant, overrides))


def validated(merged: Merged) -> Scenario:
    """Check merged settings against the model of a scenario.

    Raises
    ------
    InputError
        With one problem per wrong key.
    """
    try:
        return Scenario.model_validate_json(_as_json(merged.data))
    except ValidationError as error:
        raise InputError(_all_wrong(merged, error)) from error


def load_batch(scenarios_dir: Path, name: str) -> Batch:
    """Read a batch.

    Parameters
    ----------
    scenarios_dir : Path
        Folder with ``batches/``.
    name : str
        File name without ``.yaml``.

    Raises
    ------
    InputError
        If the file is absent or wrong, or names a storyline, variant or weather year that does not exist.
    """
    document = read_named(scenarios_dir, "batch", name)
    try:
        batch = Batch.model_validate_json(_as_json({"name": name, **document.data}))
    except ValidationError as error:
        origin = Merged(document.data, dict.fromkeys(document.lines, document))
        raise InputError(_all_wrong(origin, error, document)) from error
    problems = [
        document.problem((f"{kind}s",), value, f"a {kind} with a file", f"Correct it.{closest(value, known)}")
        for kind in ("storyline", "variant")
        for known in [names(scenarios_dir, kind)]
        for value in getattr(batch, f"{kind}s")
        if value not in known
    ]
    if problems:
        raise InputError(problems)
    first = batch.runs[0]
    given = Document(
        document.file, batch.overrides, {k[1:]: v for k, v in document.lines.items() if len(k) > 1}
    )
    scenario = merge_scenario(scenarios_dir, first.storyline, first.variant, given)
    known_years = {design.year for design in scenario.weather.design_years}
    chosen = batch.weather_years
    if not isinstance(chosen, str) and known_years.isdisjoint(chosen):
        raise InputError(
            [
                document.problem(
                    ("weather_years",),
                    ", ".join(str(year) for year in chosen),
                    f"at least one of the design years {sorted(known_years)}",
                    "Add a design year, or add one of these to weather.design_years.",
                )
            ]
        )
    return batch


def _as_json(data: Mapping[str, Any]) -> str:
    return json.dumps(data, default=str)


def _all_wrong(merged: Merged, error: ValidationError, document: Document | None = None) -> list[Problem]:
    """Make a problem per fault; a list that is too short only because its items are wrong is left out."""
    faults = error.errors()
    deeper = {tuple(f["loc"][:n]) for f in faults for n in range(len(f["loc"]))}
    return [
        _wrong(merged, f, document)
        for f in faults
        if f["type"] != "too_short" or tuple(f["loc"]) not in deeper
    ]


def _wrong(merged: Merged, details: Any, document: Document | None = None) -> Problem:
    path = tuple(str(part) for part in details["loc"])
    value = "" if details["type"] == "missing" else _short(details["input"])
    expected = details["msg"].removeprefix("Value error, ").replace("Input should be ", "")
    remedy = "Correct the value."
    if details["type"] == "missing":
        expected, remedy = "this key", "Add it; docs/scenarios.md says what it means."
    if details["type"] == "extra_forbidden":
        fields = Batch.model_fields if document is not None else Scenario.model_fields
        expected, remedy = "a known key", f"Correct or delete it.{closest(path[-1], fields)}"
    for n in range(len(path), 0, -1):
        source = merged.origin.get(path[:n])
        if source is not None:
            return source.problem(path, value, expected, remedy)
    below = [(key, doc) for key, doc in merged.origin.items() if key[: len(path)] == path]
    if below:  # a rule about several keys: point at the layer that changed one of them last
        key, source = next(
            (pair for pair in reversed(below) if not pair[1].file.endswith("base.yaml")), below[0]
        )
        return source.problem(key if source.lines else path, value, expected, remedy)
    if document is not None:
        return document.problem(path, value, expected, remedy)
    return Problem("scenarios/base.yaml", None, ".".join(path), value, expected, remedy)


def _short(value: Any) -> str:
    text = json.dumps(value, default=str) if isinstance(value, (dict, list)) else str(value)
    return text if len(text) <= 60 else text[:57] + "..."
