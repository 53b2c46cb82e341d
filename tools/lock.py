"""Rewrite requirements.lock, and hold uv to it.

An index can serve releases later than their date says, so a date alone does not fix what is installed. The
exact versions therefore stand in ``[tool.uv] constraint-dependencies`` too, and nobody edits them by hand.

Usage: ``python tools/lock.py`` keeps what is locked and adds what is new; ``--upgrade`` moves everything to
the newest allowed versions.
"""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
PROJECT, LOCK = ROOT / "pyproject.toml", ROOT / "requirements.lock"
BLOCK = re.compile(r"^constraint-dependencies = \[\n.*?^\]\n", re.MULTILINE | re.DOTALL)
EXPORT = [
    "uv",
    "export",
    "--quiet",
    "--all-extras",
    "--no-emit-project",
    "--no-header",
    "--no-annotate",
    "--format",
    "requirements-txt",
    "--output-file",
    str(LOCK),
]


def pins(lock: str) -> list[str]:
    """Return the exact versions of a lock, with their markers and without hashes."""
    return [line.removesuffix("\\").strip() for line in lock.splitlines() if re.match(r"[A-Za-z0-9]", line)]


def with_constraints(project: str, versions: list[str]) -> str:
    """Return the text of pyproject.toml that holds uv to these versions."""
    rows = "".join(f'  "{version}",\n' for version in versions)
    return BLOCK.sub(lambda _: f"constraint-dependencies = [\n{rows}]\n", project)


def main(arguments: list[str]) -> None:
    """Export the lock, then write its versions into pyproject.toml."""
    before = PROJECT.read_text(encoding="utf-8")
    known = [] if "--upgrade" in arguments else pins(LOCK.read_text(encoding="utf-8"))
    try:
        PROJECT.write_text(with_constraints(before, known), encoding="utf-8")
        subprocess.run([*EXPORT, *(["--upgrade"] if "--upgrade" in arguments else [])], cwd=ROOT, check=True)  # noqa: S603
    except BaseException:
        PROJECT.write_text(before, encoding="utf-8")
        raise
    PROJECT.write_text(with_constraints(before, pins(LOCK.read_text(encoding="utf-8"))), encoding="utf-8")


if __name__ == "__main__":
    main(sys.argv[1:])
