"""YAML files that remember on which line each key stands, and refuse what is unsafe or ambiguous."""

from __future__ import annotations

import copy
import re
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

import yaml

from pmiek.errors import InputError, Problem
from pmiek.inputs.guards import check_yaml

KeyPath = tuple[str, ...]


class _Loader(yaml.SafeLoader):
    """Safe loader that also reads 1e-4 as a number."""


_Loader.yaml_implicit_resolvers = {k: list(v) for k, v in yaml.SafeLoader.yaml_implicit_resolvers.items()}
_Loader.add_implicit_resolver(
    "tag:yaml.org,2002:float", re.compile(r"^[-+]?\d+(\.\d*)?[eE][-+]?\d+$"), list("-+0123456789")
)


@dataclass(frozen=True)
class Document:
    """A YAML file as nested mappings.

    Attributes
    ----------
    file : str
        Path as the error report names it, for example ``scenarios/base.yaml``.
    data : dict
        Content; every key is text.
    lines : dict
        Line of each key path, counted from 1.
    """

    file: str
    data: dict[str, Any]
    lines: dict[KeyPath, int]

    def problem(self, path: KeyPath, value: str, expected: str, remedy: str) -> Problem:
        """Make a problem that points at a key of this file."""
        line = next((self.lines[path[:n]] for n in range(len(path), 0, -1) if path[:n] in self.lines), None)
        return Problem(self.file, line, ".".join(path), value, expected, remedy)


def from_mapping(data: dict[str, Any], file: str) -> Document:
    """Wrap a mapping that does not come from a file; dotted keys become nested ones."""
    nested: dict[str, Any] = {}
    for key, value in data.items():
        *parents, last = str(key).split(".")
        level = nested
        for parent in parents:
            level = level.setdefault(parent, {})
        both = isinstance(value, dict) and isinstance(level.get(last), dict)
        level[last] = {**level[last], **value} if both else value
    return Document(file, nested, {})


def read_document(path: Path, file: str) -> Document:
    """Read a YAML file.

    Parameters
    ----------
    path : Path
        The file.
    file : str
        Name for the error report.

    Raises
    ------
    InputError
        If the file is absent, is not YAML, repeats a key, uses tags or is not a mapping.
    """
    try:
        text = path.read_text(encoding="utf-8-sig")
    except (OSError, UnicodeDecodeError) as error:
        raise InputError(
            [
                Problem(
                    file,
                    None,
                    "",
                    type(error).__name__,
                    "a readable UTF-8 file",
                    "Check the file and its name.",
                )
            ]
        ) from error
    data, lines = _parsed(text, file)
    return Document(file, copy.deepcopy(data), lines)


@lru_cache(maxsize=128)
def _parsed(text: str, file: str) -> tuple[dict[str, Any], dict[KeyPath, int]]:
    """Parse a document; by its text, because every run of a batch is merged from the same few files."""
    hostile = check_yaml(text, file)
    if hostile:
        raise InputError(hostile)
    try:
        node = yaml.compose(text, Loader=_Loader)
    except yaml.YAMLError as error:
        raise InputError([_broken(file, error)]) from error
    if not isinstance(node, yaml.MappingNode):
        raise InputError([Problem(file, 1, "", "", "keys with values", "Write 'key: value' lines.")])
    lines: dict[KeyPath, int] = {}
    problems: list[Problem] = []
    data = _mapping(node, (), file, lines, problems)
    if problems:
        raise InputError(problems)
    return data, lines


def _broken(file: str, error: yaml.YAMLError) -> Problem:
    mark = getattr(error, "problem_mark", None)
    line = None if mark is None else mark.line + 1
    found = str(getattr(error, "problem", None) or "unreadable")
    remedy = "Check indentation (spaces, no tabs), colons and quotes on and just before this line."
    return Problem(file, line, "", found, "well-formed YAML", remedy)


def _mapping(
    node: yaml.MappingNode, path: KeyPath, file: str, lines: dict[KeyPath, int], problems: list[Problem]
) -> dict[str, Any]:
    out: dict[str, Any] = {}
    for key_node, value_node in node.value:
        line = key_node.start_mark.line + 1
        key = str(key_node.value)
        here = (*path, key)
        if not isinstance(key_node, yaml.ScalarNode) or key_node.tag.endswith(":merge"):
            problems.append(
                Problem(file, line, ".".join(path), "", "a plain key", "Write the keys out in full.")
            )
        elif key in out:
            remedy = f"It stands on line {lines[here]} too; delete one of the two."
            problems.append(Problem(file, line, ".".join(here), key, "each key once", remedy))
        else:
            lines[here] = line
            out[key] = _value(value_node, here, file, lines, problems)
    return out


def _value(
    node: yaml.Node, path: KeyPath, file: str, lines: dict[KeyPath, int], problems: list[Problem]
) -> Any:
    if isinstance(node, yaml.MappingNode):
        return _mapping(node, path, file, lines, problems)
    if isinstance(node, yaml.SequenceNode):
        return [_value(item, (*path, str(i)), file, lines, problems) for i, item in enumerate(node.value)]
    loader = _Loader("")
    try:
        return loader.construct_object(node, deep=True)
    except (yaml.YAMLError, ValueError):
        line = node.start_mark.line + 1
        problems.append(
            Problem(
                file,
                line,
                ".".join(path),
                str(node.value),
                "text, a number, true or false",
                "Remove the tag.",
            )
        )
        return None
    finally:
        loader.dispose()
