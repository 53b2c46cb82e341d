"""Errors that a user can act on: bad input (exit code 2) and unfinished solves (exit code 3)."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

LONGEST = 160
"""Characters of a value that a message repeats."""


@dataclass(frozen=True, order=True)
class Problem:
    """One thing that is wrong in an input, with how to mend it.

    Attributes
    ----------
    file : str
        Path relative to the project, for example ``inputs/grid/stations.csv``.
    row : int or None
        Line number in the file as a spreadsheet shows it (the header is line 1).
    column : str
        Column or key path; empty when the whole file is meant.
    value : str
        The value that was found.
    expected : str
        What would be right.
    remedy : str
        What the reader can do.
    asks : bool
        True for a question: the value is unlikely and not impossible, so that somebody may confirm it.
    """

    file: str
    row: int | None
    column: str
    value: str
    expected: str
    remedy: str
    asks: bool = False

    def __str__(self) -> str:
        where = self.file
        if self.row is not None:
            where += f", row {self.row}"
        if self.column:
            where += f", column {self.column}"
        value = self.value if len(self.value) <= LONGEST else self.value[:LONGEST] + "..."
        found = f"found {value!r}; " if self.value else ""
        asked = "please confirm: " if self.asks else ""
        return f"{where}: {asked}{found}expected {self.expected}. {self.remedy}"


class PmiekError(Exception):
    """Base of all errors that end a command with a message instead of a traceback."""

    exit_code = 1


class InputError(PmiekError):
    """Inputs or scenarios are wrong; carries every problem that was found.

    Parameters
    ----------
    problems : sequence of Problem
        At least one problem.
    """

    exit_code = 2

    def __init__(self, problems: Sequence[Problem]) -> None:
        self.problems = tuple(problems)
        super().__init__(report(self.problems))


class RequestError(PmiekError, ValueError):
    """Something was asked for that does not exist or contradicts itself; the message says it in one sentence.

    It is a ``ValueError`` too, so that a caller in Python may catch it as one. An ordinary ``ValueError`` is
    never shown as a message by the command line: it is a bug and keeps its traceback.
    """

    exit_code = 2


class SolveError(PmiekError):
    """A solve did not end optimal; carries a diagnosis in words.

    Parameters
    ----------
    message : str
        Which solve ended how.
    diagnosis : sequence of str
        Likely causes in plain words, most likely first.
    """

    exit_code = 3

    def __init__(self, message: str, diagnosis: Sequence[str] = ()) -> None:
        self.message = message
        self.diagnosis = tuple(diagnosis)
        super().__init__("\n".join([message, *(f"  - {line}" for line in self.diagnosis)]))

    def __reduce__(self) -> tuple[type[SolveError], tuple[str, tuple[str, ...]]]:
        return (SolveError, (self.message, self.diagnosis))


def report(problems: Iterable[Problem]) -> str:
    """Write all problems as one readable report, sorted by file and row."""
    ordered = sorted(problems, key=lambda p: (p.asks, p.file, p.row or 0, p.column))
    lines = [str(problem) for problem in ordered]
    questions = sum(problem.asks for problem in ordered)
    counts = [_counted(len(lines) - questions, "problem"), _counted(questions, "question")]
    head = " and ".join(filter(None, counts)) + " in the inputs:"
    return "\n".join([head, *(f"  {i}. {line}" for i, line in enumerate(lines, 1))])


def _counted(number: int, word: str) -> str:
    return "" if number == 0 else f"1 {word}" if number == 1 else f"{number} {word}s"
