"""Files as others send them: too large, damaged, in another encoding, or made to break what reads them."""

from __future__ import annotations

import re
import struct
import zipfile
import zlib
from dataclasses import dataclass, field
from pathlib import Path, PurePosixPath
from typing import IO, Any

import yaml

from pmiek.errors import Problem

LARGEST_FILE = 25_000_000
#: A workbook of the template is below 1 MB unpacked; the bound leaves a hundred times more.
LARGEST_UNPACKED = 100_000_000
MOST_PARTS = 2000
MOST_SHEETS = 60
MOST_CELLS = 100_000
LAST_ROW, LAST_COLUMN = 20_000, 300
LARGEST_YAML = 1_000_000
DEEPEST = 40
DEEPEST_JSON = 60
CHUNK = 1 << 20
CELL = re.compile(rb'<c\b[^>]{0,200}?\br="([A-Z]{1,3})(\d{1,7})"')
ENTITIES = re.compile(rb"<!(?:DOCTYPE|ENTITY)", re.IGNORECASE)
SEPARATOR_LINE = re.compile(r"^\ufeff?\"?sep=(.)\"?\r?\n", re.IGNORECASE)
#: What openpyxl, python-docx and zipfile raise on a damaged part.
DAMAGED = (
    zipfile.BadZipFile, OSError, KeyError, ValueError, TypeError, AttributeError, IndexError, EOFError,
    NotImplementedError, RuntimeError, SyntaxError, AssertionError, zlib.error, struct.error,
)  # fmt: skip


@dataclass
class _Seen:
    """What the parts of a workbook hold, counted while they are unpacked piece by piece."""

    cells: int = 0
    unpacked: int = 0
    far: str = ""
    faults: list[str] = field(default_factory=list)


def check_archive(path: Path, label: str, *, sheets: bool = False) -> list[Problem]:
    """Check an XLSX or DOCX before anything opens it, without holding it in memory.

    Parameters
    ----------
    path : Path
        The file.
    label : str
        File as the error report names it.
    sheets : bool
        True for a workbook, whose cells are counted.

    Returns
    -------
    list of Problem
        One at most: too large, damaged, encrypted, holding entities, or with cells far outside any form.
    """
    try:
        if path.stat().st_size > LARGEST_FILE:
            return [_large(label, f"{path.stat().st_size / 1e6:.0f} MB", f"{LARGEST_FILE / 1e6:.0f} MB")]
        with zipfile.ZipFile(path) as archive:
            return _check_parts(archive, label, sheets=sheets)
    except DAMAGED as error:
        kind = "XLSX workbook" if sheets else "Word file"
        found = str(error)[:80] or type(error).__name__
        remedy = "Open it in the office program, save it again under a new name, without a password, and send that."
        return [Problem(label, None, "", found, f"a readable {kind}", remedy)]


def _check_parts(archive: zipfile.ZipFile, label: str, *, sheets: bool) -> list[Problem]:
    entries = archive.infolist()
    stated = sum(entry.file_size for entry in entries)
    if len(entries) > MOST_PARTS or stated > LARGEST_UNPACKED:
        found = f"{len(entries)} parts, {stated / 1e6:.0f} MB unpacked"
        return [_large(label, found, f"{MOST_PARTS} parts and {LARGEST_UNPACKED / 1e6:.0f} MB")]
    names = [entry.filename for entry in entries]
    doubled = sorted({name for name in names if names.count(name) > 1})
    if doubled:
        remedy = "Save the file again in the office program."
        return [Problem(label, None, "", f"{doubled[0]} twice", "each part once", remedy)]
    pages = [name for name in names if name.startswith("xl/worksheets/") and name.endswith(".xml")]
    if sheets and len(pages) > MOST_SHEETS:
        return [_large(label, f"{len(pages)} sheets", f"{MOST_SHEETS} sheets")]
    for entry in entries:
        name = PurePosixPath(entry.filename)
        if name.suffix not in {".xml", ".rels"}:
            continue
        with archive.open(entry) as part:
            problem = _check_part(part, label, entry.filename, cells=sheets and entry.filename in pages)
        if problem:
            return [problem]
    return []


def _check_part(part: IO[bytes], label: str, name: str, *, cells: bool) -> Problem | None:
    """Unpack one part piece by piece; entities and cells far away are seen before any parser reads them."""
    seen, rest = _Seen(), b""
    while piece := part.read(CHUNK):
        seen.unpacked += len(piece)
        text = rest + piece
        if seen.unpacked > LARGEST_UNPACKED:
            found = f"part {name} of over {seen.unpacked / 1e6:.0f} MB"
            return _large(label, found, f"{LARGEST_UNPACKED / 1e6:.0f} MB")
        if ENTITIES.search(text):
            remedy = "Save the file again in the office program; a form holds no entities."
            return Problem(label, None, "", f"a DOCTYPE in {name}", "a form without declarations", remedy)
        if cells:
            end = text.rfind(b"<c ")
            head, rest = (text[:end], text[end:]) if end > 0 else (text, b"")
            problem = _count(head, label, name, seen)
            if problem:
                return problem
        else:
            rest = text[-16:]
    return _count(rest, label, name, seen) if cells else None


def _count(text: bytes, label: str, name: str, seen: _Seen) -> Problem | None:
    sheet = PurePosixPath(name).stem
    for column, row in CELL.findall(text):
        seen.cells += 1
        if int(row) > LAST_ROW or _column(column) > LAST_COLUMN:
            place = f"a cell at {column.decode()}{int(row)} in {sheet}"
            remedy = "Delete the rows below and the columns beside the form (Ctrl+End shows the last cell), and save."
            return Problem(
                label, None, "", place, f"cells within {LAST_ROW} rows and {LAST_COLUMN} columns", remedy
            )
    if seen.cells > MOST_CELLS:
        return _large(label, f"more than {MOST_CELLS} cells in {sheet}", f"{MOST_CELLS} cells")
    return None


def _column(letters: bytes) -> int:
    number = 0
    for letter in letters:
        number = number * 26 + letter - 64
    return number


def _large(label: str, found: str, most: str) -> Problem:
    remedy = "Send the form only; delete pictures, other sheets and empty rows below it."
    return Problem(label, None, "", found, f"a form of at most {most}", remedy)


def decode_text(content: bytes, label: str, *, lenient: bool) -> tuple[str | None, list[Problem]]:
    """Give the text of a file that people saved.

    Parameters
    ----------
    content : bytes
        The file.
    label : str
        File as the error report names it.
    lenient : bool
        True for a form from outside: UTF-16 (with its mark) and Windows-1252, as Dutch Excel writes, are read
        too. The project's own tables are UTF-8.

    Returns
    -------
    str or None, list of Problem
    """
    if len(content) > LARGEST_FILE:
        return None, [_large(label, f"{len(content) / 1e6:.0f} MB", f"{LARGEST_FILE / 1e6:.0f} MB")]
    try:
        if lenient and content[:2] in {b"\xff\xfe", b"\xfe\xff"}:
            return content.decode("utf-16"), []
        return content.decode("utf-8-sig"), []
    except UnicodeDecodeError as error:
        if lenient:
            try:
                return content.decode("cp1252"), []
            except UnicodeDecodeError:
                pass
        line = content[: error.start].count(b"\n") + 1
        found, remedy = f"byte {error.start} is not UTF-8", "Save the file as 'CSV UTF-8 (comma delimited)'."
        return None, [Problem(label, line, "", found, "a readable UTF-8 CSV file", remedy)]


def dialect_of(text: str) -> tuple[str, str, int]:
    """Tell the separator of a CSV text.

    Returns
    -------
    tuple of str, str and int
        The separator; the text without a first line ``sep=``; and the number of lines taken off.
    """
    taken = 0
    match = SEPARATOR_LINE.match(text)
    if match:
        text, taken = text[match.end() :], 1
        return match[1], text, taken
    head = text.lstrip("\ufeff\r\n").partition("\n")[0]
    marks = {mark: head.count(mark) for mark in (",", ";", "\t")}
    best = max(marks, key=lambda mark: marks[mark])
    return (best if marks[best] else ","), text, taken


def check_yaml(text: str, file: str) -> list[Problem]:
    """Check a YAML text before it is composed: size, anchors and aliases, and depth.

    Aliases let a file of some lines grow to gigabytes, and deep nesting ends the composer; neither is needed
    in a scenario.
    """
    if len(text) > LARGEST_YAML:
        found = f"{len(text) / 1e6:.1f} MB"
        return [
            Problem(file, None, "", found, f"at most {LARGEST_YAML / 1e6:g} MB", "Keep the settings only.")
        ]
    depth = 0
    try:
        for event in yaml.parse(text, Loader=_parser()):
            line = event.start_mark.line + 1 if event.start_mark else None
            anchor = getattr(event, "anchor", None)
            if anchor:
                remedy = "Write the value itself instead of an anchor (&) or alias (*)."
                return [Problem(file, line, "", str(anchor), "values written out", remedy)]
            depth += isinstance(event, yaml.CollectionStartEvent)
            depth -= isinstance(event, yaml.CollectionEndEvent)
            if depth > DEEPEST:
                expected = f"at most {DEEPEST} levels"
                return [Problem(file, line, "", f"{depth} levels", expected, "Nest less deep.")]
    except yaml.YAMLError:
        return []  # the reader that follows names the fault
    except RecursionError:
        return [Problem(file, None, "", "deep nesting", f"at most {DEEPEST} levels", "Nest less deep.")]
    return []


def _parser() -> Any:
    """Parser of libyaml where PyYAML has it: a hundred times faster on a large hostile file."""
    return getattr(yaml, "CSafeLoader", yaml.SafeLoader)


def too_deep(text: str) -> bool:
    """Tell whether JSON nests deeper than any file of this project, before a parser recurses into it."""
    depth = deepest = 0
    inside = escaped = False
    for character in text:
        if inside:
            inside = escaped or character != '"'
            escaped = character == "\\" and not escaped
        elif character == '"':
            inside, escaped = True, False
        elif character in "[{":
            depth += 1
            deepest = max(deepest, depth)
        elif character in "]}":
            depth -= 1
    return deepest > DEEPEST_JSON
