"""Data as plain script files: a page opened from disk may not fetch, but it may load a script."""

from __future__ import annotations

import json
import math
from pathlib import Path
from typing import Any

from pmiek.files import write_text


def script_text(name: str, value: Any) -> str:
    """Write a value as a script that assigns it below ``window.pmiek``.

    Parameters
    ----------
    name : str
        Dotted place below ``window.pmiek``, for example ``data.loading``.
    value : Any
        JSON value; not-a-number becomes null because JSON has no such number.

    Returns
    -------
    str
        Script text that can also stand inside an HTML script element.
    """
    text = json.dumps(_clean(value), ensure_ascii=False, allow_nan=False, separators=(",", ":"))
    for character in "<>&\u2028\u2029":
        text = text.replace(character, f"\\u{ord(character):04x}")
    steps = name.split(".")
    holders = "".join(
        f"window.pmiek.{'.'.join(steps[: i + 1])}=window.pmiek.{'.'.join(steps[: i + 1])}||{{}};"
        for i in range(len(steps) - 1)
    )
    return f'"use strict";window.pmiek=window.pmiek||{{}};{holders}window.pmiek.{name}={text};\n'


def write_script(name: str, value: Any, path: Path) -> None:
    """Write :func:`script_text` to a file, atomically."""
    write_text(script_text(name, value), path)


def _clean(value: Any) -> Any:
    if isinstance(value, dict):
        return {str(key): _clean(item) for key, item in value.items()}
    if isinstance(value, (list, tuple)):
        return [_clean(item) for item in value]
    if isinstance(value, bool) or value is None or isinstance(value, (str, int)):
        return value
    number = float(value)
    if not math.isfinite(number):
        return None
    return int(number) if number.is_integer() else number
