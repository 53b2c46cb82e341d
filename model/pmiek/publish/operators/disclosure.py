"""Searching the public files of a batch for confidential figures."""

from __future__ import annotations

import json
import re
import sqlite3
import zipfile
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from io import BytesIO
from itertools import islice
from pathlib import Path, PurePosixPath
from typing import Any

import pandas as pd

from pmiek.inputs import Tables
from pmiek.publish.operators.attack import too_close
from pmiek.publish.operators.redaction import is_class
from pmiek.publish.operators.secrets import SENSITIVE_KEY, Secret, find_secrets, spoken
from pmiek.publish.operators.touched import rules

TEXT = {".html", ".htm", ".txt", ".md", ".yaml", ".yml", ".svg", ".xml", ".esdl", ".log", ".css"}
DATA = {".json", ".geojson", ".js"}
BLOCK = re.compile(r"<(?:tr|li|p|section|article|div|h\d|figure|text|w:p|w:tr)\b")
SCRIPT_TRIES = 20
PICTURES = {".png", ".jpg", ".jpeg", ".woff", ".woff2", ".ico", ".gif"}


@dataclass(frozen=True, order=True)
class Leak:
    """A confidential figure in a public file; the figure itself is never shown.

    Attributes
    ----------
    file : str
        Path below the batch folder.
    place : str
        Row and column, line, or path in the data.
    asset : str
        Asset to which the figure belongs.
    what : str
        Kind of figure.
    """

    file: str
    place: str
    asset: str
    what: str


@dataclass(frozen=True)
class Disclosure:
    """Outcome of a check.

    Attributes
    ----------
    leaks : tuple of Leak
    files : int
        Public files that were searched.
    unread : tuple of str
        Public files of a kind that cannot be searched.
    secrets : int
        Figures and texts that were searched for.
    skipped : int
        Confidential cells that cannot be told apart from public figures.
    """

    leaks: tuple[Leak, ...]
    files: int
    unread: tuple[str, ...]
    secrets: int
    skipped: int


def check_disclosure(tables: Tables, folder: Path) -> Disclosure:
    """Search every public file of a batch for the confidential figures behind it.

    Parameters
    ----------
    tables : Tables
        Read with the operators' files.
    folder : Path
        ``results/<batch>``.
    """
    secrets, skipped = find_secrets(tables, folder)
    leaks: set[Leak] = set()
    unread = []
    files = list(public_files(folder))
    for path in files:
        name = path.relative_to(folder).as_posix()
        known = _search(path.suffix.lower(), path.read_bytes(), secrets)
        if known is None:
            unread.append(name)
        else:
            leaks |= {Leak(name, place, secret.asset, secret.what) for place, secret in known}
    leaks |= {Leak("tables", "all rows together", asset, words) for asset, words in too_close(folder)}
    return Disclosure(tuple(sorted(leaks)), len(files) - len(unread), tuple(unread), len(secrets), skipped)


def public_files(folder: Path) -> Iterator[Path]:
    """Give every file of a batch that may be passed on."""
    private = set(rules()["not_public"])
    for path in sorted(folder.rglob("*")):
        parts = path.relative_to(folder).parts
        if path.is_file() and parts[0] not in private and path.suffix.lower() not in PICTURES:
            yield path


Found = list[tuple[str, Secret]]


def _search(suffix: str, content: bytes, secrets: Sequence[Secret]) -> Found | None:
    """Search one file; None if its kind cannot be read."""
    readers: dict[str, Callable[[bytes], Iterator[tuple[str, pd.DataFrame]]]] = {
        ".csv": _csv, ".xlsx": _xlsx, ".parquet": _parquet, ".gpkg": _database,
    }  # fmt: skip
    if suffix in readers:
        return [hit for sheet, frame in readers[suffix](content) for hit in _in_rows(sheet, frame, secrets)]
    if suffix in {".zip", ".docx"}:
        return _in_archive(content, secrets)
    if suffix in DATA:
        return _in_data(content.decode("utf-8", errors="replace"), secrets)
    if suffix in TEXT or not suffix:
        return _in_text(content.decode("utf-8", errors="replace"), secrets)
    return None


def _csv(content: bytes) -> Iterator[tuple[str, pd.DataFrame]]:
    head = content.partition(b"\n")[0]
    mark = ";" if head.count(b";") > head.count(b",") else ","
    if head.strip():
        yield (
            "",
            pd.read_csv(BytesIO(content), sep=mark, dtype=str, keep_default_na=False, encoding="utf-8-sig"),
        )


def _xlsx(content: bytes) -> Iterator[tuple[str, pd.DataFrame]]:
    book = pd.read_excel(BytesIO(content), sheet_name=None, header=0, dtype=object, engine="openpyxl")
    for sheet, frame in book.items():
        yield f"sheet {sheet}, ", frame


def _parquet(content: bytes) -> Iterator[tuple[str, pd.DataFrame]]:
    yield "", pd.read_parquet(BytesIO(content))


def _database(content: bytes) -> Iterator[tuple[str, pd.DataFrame]]:
    with sqlite3.connect(":memory:") as base:
        base.deserialize(content)
        names = [row[0] for row in base.execute("SELECT name FROM sqlite_master WHERE type = 'table'")]
        for name in names:
            quoted = name.replace('"', '""')
            query = f'SELECT * FROM "{quoted}"'  # noqa: S608 -- names from the file's own list
            frame = pd.read_sql_query(query, base)
            yield f"table {name}, ", frame.map(lambda cell: "" if isinstance(cell, bytes) else cell)  # shapes
    base.close()


def _in_archive(content: bytes, secrets: Sequence[Secret]) -> Found:
    found: Found = []
    with zipfile.ZipFile(BytesIO(content)) as archive:
        for member in archive.namelist():
            known = _search(PurePosixPath(member).suffix.lower(), archive.read(member), secrets)
            found += [(f"{member}: {place}", secret) for place, secret in known or []]
    return found


def _beside(text: str, secrets: Iterable[Secret]) -> list[Secret]:
    """Return the secrets whose asset or project a text names."""
    known: dict[frozenset[str], bool] = {}
    for secret in secrets:
        if secret.names not in known:
            known[secret.names] = any(_names(text, name) for name in secret.names)
    return [secret for secret in secrets if known[secret.names]]


def _names(text: str, name: str) -> bool:
    return name in text and re.search(rf"(?<!\w){re.escape(name)}(?!\w)", text) is not None


def _in_rows(sheet: str, frame: pd.DataFrame, secrets: Sequence[Secret]) -> Found:
    """Search the rows that name an asset; columns that hold years, hours and ranks are left out."""
    texts = frame.astype(object).where(frame.notna(), "").astype(str)
    words = [c for c in texts.columns if texts[c].str.contains(r"[A-Za-z]{2}", regex=True).any()]
    if not words:
        return []
    named: dict[int, list[Secret]] = {}
    for column in (c for c in words if c not in rules()["mentions"]):
        known = {text: _beside(text, secrets) for text in texts[column].unique()}
        if any(known.values()):
            for number, text in enumerate(texts[column]):
                if known[text]:
                    named[number] = [*named.get(number, []), *known[text]]
    plain = [c for c in texts.columns if c not in rules()["figures_that_stay"]]
    found: Found = []
    for number in sorted(named):
        beside = list(dict.fromkeys(named[number]))
        for column, cell in zip(plain, texts.iloc[number][plain], strict=True):
            if any(character.isalnum() for character in cell) and not is_class(cell):
                fitting = _fitting(column, beside)
                hits = spoken(cell, fitting, strict=column in words and len(cell) > 12)
                found += [(f"{sheet}row {number + 2}, column {column}", secret) for secret in hits]
    return found


def _fitting(column: str, secrets: Sequence[Secret]) -> list[Secret]:
    """Leave out figures of another kind than the column holds: a score of 80 is not a rating of 80 MVA."""
    kinds = [kind for kind in rules()["other_kinds"] if kind in column]
    return [secret for secret in secrets if not kinds or any(kind in secret.what for kind in kinds)]


def _in_data(text: str, secrets: Sequence[Secret]) -> Found:
    """Search JSON, or a script that sets one JSON value; other scripts are searched as text."""
    openings = [0, *(match.start() + 1 for match in islice(re.finditer(r"=[\[{]", text), SCRIPT_TRIES))]
    for opening in openings:
        try:
            value = json.loads(text[opening:].rstrip().rstrip(";"))
        except ValueError:
            continue
        return list(_in_value(value, "", secrets))
    return _in_text(text, secrets)


def _in_value(value: Any, path: str, secrets: Sequence[Secret]) -> Iterator[tuple[str, Secret]]:
    """Search containers that name an asset, with all that is inside them."""
    if (
        isinstance(value, dict)
        and isinstance(value.get("assets"), list)
        and isinstance(value.get("rows"), list)
    ):
        yield from _in_positions(value["assets"], value["rows"], path, secrets)
    children = list(
        value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else []
    )
    mentions = rules()["mentions"]
    own = " | ".join(child for key, child in children if isinstance(child, str) and key not in mentions)
    named = _beside(own, secrets) if own else []
    if named:
        for where, key, scalar in _scalars(value, path):
            if not is_class(str(scalar)):
                loose = isinstance(scalar, (int, float)) and (SENSITIVE_KEY.search(key) or key.isdigit())
                fitting = _fitting(key, named)
                yield from ((where, s) for s in spoken(str(scalar), fitting, strict=not loose))
    rest = [secret for secret in secrets if secret not in named]
    for key, child in children:
        if isinstance(child, (dict, list)) and rest:
            yield from _in_value(child, f"{path}/{key}", rest)


def _in_positions(
    assets: list[Any], rows: list[Any], path: str, secrets: Sequence[Secret]
) -> Iterator[tuple[str, Secret]]:
    """Search rows that name an asset by its position in a list."""
    named = [_beside(json.dumps(asset, ensure_ascii=False), secrets) for asset in assets]
    for number, row in enumerate(rows):
        if (
            isinstance(row, list)
            and row
            and isinstance(row[0], int)
            and row[0] < len(named)
            and named[row[0]]
        ):
            for place, cell in enumerate(row[1:], 1):
                if isinstance(cell, float) or (
                    isinstance(cell, int) and not 1900 <= cell <= 2150 and cell > 9
                ):
                    hits = spoken(str(cell), named[row[0]], strict=False)
                    yield from ((f"{path}/rows/{number}/{place}", secret) for secret in hits)


def _scalars(value: Any, path: str, key: str = "") -> Iterator[tuple[str, str, Any]]:
    if isinstance(value, dict):
        for name, child in value.items():
            yield from _scalars(child, f"{path}/{name}", str(name))
    elif isinstance(value, list):
        for number, child in enumerate(value):
            yield from _scalars(child, f"{path}/{number}", key or str(number))
    elif value is not None and not isinstance(value, bool) and key not in rules()["figures_that_stay"]:
        yield path, key, value


def _in_text(text: str, secrets: Sequence[Secret]) -> Found:
    """Search blocks of a page, or lines, that name an asset."""
    blocks = BLOCK.split(text) if "<" in text else text.split("\n")
    found: Found = []
    line = 1
    for block in blocks:
        named = _beside(block, secrets)
        bare = re.sub(r"\d[\d.]*-\d[\d.]* (?:MW|MWh|%|h|MEUR|ha)\b", "", block) if named else ""
        found += [(f"line {line}", secret) for secret in spoken(bare, named, strict=True)]
        line += block.count("\n") + (0 if "<" in text else 1)
    return found
