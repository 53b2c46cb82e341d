"""The capacity map beside the inputs, as text: files, changes, questions, and what was written."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pmiek.errors import InputError, Problem
from pmiek.inputs import read_tables
from pmiek.inputs.capacity_map import apply_changes, compare, read_files
from pmiek.inputs.reading import closest

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path

    from pmiek.inputs.capacity_map import Comparison, Statements

TABLES = (
    "grid/feeding_areas", "grid/area_stations", "grid/transmission_areas", "grid/stations",
    "projects/planned", "projects/plan_statements", "regions/municipalities", "regions/clusters", "sources",
)  # fmt: skip


def import_text(
    root: Path, files: Sequence[Path], *, day: str = "", apply: bool = False, confirm: Sequence[str] = ()
) -> str:
    """Compare files of the capacity map with the inputs, and write the changes if asked.

    Parameters
    ----------
    root : Path
        The project.
    files : sequence of Path
        The operators' own files.
    day : str
        Day of the statement, where the files do not say it.
    apply : bool
        Write the changes that no question holds up.
    confirm : sequence of str
        ``question=role: why``; the rows of that question are written too.

    Returns
    -------
    str
        The report.

    Raises
    ------
    InputError
        With everything that cannot be right, of all files at once; nothing is written then.
    """
    stated, problems = read_files(files, day)
    tables = read_tables(root / "inputs", TABLES)
    comparison = compare(stated, tables)
    answers, wrong = _answers(confirm, comparison)
    problems += [*comparison.problems, *wrong]
    if problems:
        raise InputError(problems)
    written = apply_changes(comparison.changes, root / "inputs", answers) if apply else []
    return "\n".join(_lines(stated, comparison, answers, written, apply=apply))


def _answers(confirm: Sequence[str], comparison: Comparison) -> tuple[dict[str, str], list[Problem]]:
    known = [q.question_id for q in comparison.questions]
    answers: dict[str, str] = {}
    problems = []
    for text in confirm:
        name, _, answer = text.partition("=")
        role, _, why = answer.partition(":")
        if name not in known:
            words = "a question of this import", f"Take its name from the report.{closest(name, known)}"
            problems.append(Problem("--confirm", None, "", name, *words))
        elif not role.strip() or not why.strip():
            words = f'{name}="role: why"', "Say which role confirms it and why; never a person's name."
            problems.append(Problem("--confirm", None, "", answer, *words))
        else:
            answers[name] = answer.strip()
    return answers, problems


def _lines(
    stated: Statements, comparison: Comparison, answers: dict[str, str], written: list[str], *, apply: bool
) -> Iterator[str]:
    for name, kind, rows, when in stated.files:
        yield f"{name}: {kind}, {rows} rows, stated on {when}"
    for what, count in sorted(comparison.skipped.items()):
        yield f"Skipped: {count} {what}"
    yield f"Unchanged: {comparison.same} rows"
    for name, words in stated.remarks:
        yield f"Remark: {name}: {words}"
    yield f"Changes: {len(comparison.changes)} rows"
    for change in comparison.changes:
        words = "; ".join(f"{name} {old or 'blank'} -> {new or 'blank'}" for name, old, new in change.what)
        waits = bool(change.question) and change.question not in answers
        yield f"  {change.table}: {change.key}: {words} [{change.place}]" + (
            f" (waits for {change.question})" if waits else ""
        )
    if comparison.questions:
        yield f"Questions: {len(comparison.questions)}"
    for question in comparison.questions:
        state = "confirmed" if question.question_id in answers else "open"
        yield f"  {question.question_id} ({state}): {question.what} [{question.place}]"
        yield f"    Ask: {question.ask}. Why: {question.why}"
    held = sum(bool(c.question) and c.question not in answers for c in comparison.changes)
    if apply:
        done = f"Written: {', '.join(written)}." if written else "Nothing to write."
        yield done + (f" {held} rows wait for an answer." if held else "")
    else:
        yield "Nothing was written; add --apply to write" + (f" all but {held} rows." if held else ".")
