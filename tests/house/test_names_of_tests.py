"""Test files have names of their own: pytest imports them by their base name."""

from collections import Counter
from pathlib import Path

TESTS = Path(__file__).resolve().parents[1]


def test_no_two_test_files_share_a_name() -> None:
    counts = Counter(path.name for path in TESTS.rglob("test_*.py"))
    shared = sorted(name for name, count in counts.items() if count > 1)
    assert not shared, f"give these test files a name of their own: {', '.join(shared)}"
