"""The words of the Word documents: one YAML file, read once."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import Any

import yaml


@cache
def words() -> dict[str, Any]:
    """Read all words; groups by name, as in ``texts.yaml``."""
    loaded: dict[str, Any] = yaml.safe_load(
        Path(__file__).with_name("texts.yaml").read_text(encoding="utf-8")
    )
    return loaded


def say(group: str, key: str, **values: Any) -> str:
    """Give a text with its placeholders filled in.

    Raises
    ------
    KeyError
        If there is no such text.
    """
    text = str(words()[group][key])
    return text.format(**values) if values else text


def hand_fields() -> tuple[str, ...]:
    """Give the names of the fields that people fill in, in their order."""
    return tuple(words()["hand"])


def known_tags() -> dict[str, tuple[str, ...]]:
    """Give the tags that a template may use, each with the columns of its rows."""
    tags = words()["tags"].items()
    return {name: tuple(entry["columns"]) if isinstance(entry, dict) else () for name, entry in tags}
