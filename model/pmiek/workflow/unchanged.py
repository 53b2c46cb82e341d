"""What ``pmiek check`` remembers: that these contents were all well, never that these times were."""

from __future__ import annotations

import hashlib
import json
import sys
from collections.abc import Iterator
from pathlib import Path

from pmiek.inputs.operator_files import operator_folder

PACKAGE = Path(__file__).resolve().parents[1]
MEMORY = Path(".snakemake") / "pmiek-check.json"


def fingerprint(root: Path) -> str:
    """Give one fingerprint of everything that ``pmiek check`` reads.

    Contents and names of every input, scenario, operator's file and file of the package count, and the version of
    Python; no time of a file does.

    Parameters
    ----------
    root : Path
        Project folder.
    """
    digest = hashlib.sha256(sys.version.encode())
    operator = operator_folder(root)
    folders = [root / "inputs", root / "scenarios", PACKAGE, *([operator] if operator else [])]
    for number, folder in enumerate(folders):
        for path in _files(folder):
            digest.update(f"{number} {path.relative_to(folder).as_posix()} ".encode())
            digest.update(hashlib.sha256(path.read_bytes()).digest())
    return digest.hexdigest()


def _files(folder: Path) -> Iterator[Path]:
    """Yield the files in a fixed order, without compiled modules."""
    for path in sorted(folder.rglob("*")):
        if path.is_file() and path.suffix != ".pyc":
            yield path


def remembered(root: Path, print_of_all: str) -> str:
    """Return what was said about the same contents, or an empty text; a memory that cannot be read is none."""
    try:
        told = json.loads((root / MEMORY).read_text(encoding="utf-8"))
        return str(told["text"]) if told["fingerprint"] == print_of_all else ""
    except (OSError, ValueError, KeyError, TypeError):
        return ""


def remember(root: Path, print_of_all: str, text: str) -> None:
    """Remember that these contents were all well; where nothing can be written nothing is remembered."""
    path = root / MEMORY
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        temporary = path.with_suffix(".part")
        temporary.write_text(json.dumps({"fingerprint": print_of_all, "text": text}), encoding="utf-8")
        temporary.replace(path)
    except OSError:
        return
