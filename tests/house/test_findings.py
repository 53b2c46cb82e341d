"""Each finding of the audit of the list names tests, and they exist."""

from __future__ import annotations

import ast
import re
from pathlib import Path

ROOT = Path(__file__).parents[2]
NAMED = re.compile(r"`(tests/[\w/]+\.py)::(test_\w+)`")


def test_every_finding_has_a_test_that_exists():
    lines = (ROOT / "docs" / "findings.md").read_text(encoding="utf-8").splitlines()
    findings = [line for line in lines if re.match(r"\| \d+ \|", line)]
    assert len(findings) == 13
    for line in findings:
        named = NAMED.findall(line)
        assert named, line
        for file, name in named:
            tree = ast.parse((ROOT / file).read_text(encoding="utf-8"))
            assert name in {n.name for n in ast.walk(tree) if isinstance(n, ast.FunctionDef)}, (file, name)
