"""What the check looks for: confidential figures, their forms, and the ids beside which they count."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

import pandas as pd

from pmiek.inputs import Tables
from pmiek.publish.operators.redaction import FOLDER, touched_rows
from pmiek.publish.operators.touched import Touched, cell_assets, rules, touched

TOKEN = re.compile(r"(?<![\w.,])[+-]?\d[\d.,]*(?<![.,])(?!\w)")
UNIT = re.compile(r"(\s|&nbsp;)*(MVA|MW|kVA|kW)\b")
OTHER_UNIT = re.compile(
    r"(?:\s|&nbsp;)*(?:[%‰]|(?:procent|percent|EUR|euro|h|uur|uren|hours?|ha|km|ohm|jaar|years?)\b)"
)
PERCENT = re.compile(r"(?:\s|&nbsp;)*(?:%|(?:procent|percent)\b)")
POWER = re.compile(r"_(?:mw|mva)(?:\s|$)")
SENSITIVE_KEY = re.compile(r"mw|mva|limit|rat|cap|share|size", re.IGNORECASE)
SHORTEST_TEXT = 8
THOUSANDS_POINT = re.compile(r"[1-9]\d{0,2}(?:\.\d{3})+(?:,\d+)?")
THOUSANDS_COMMA = re.compile(r"[1-9]\d{0,2}(?:,\d{3})+(?:\.\d+)?")


@dataclass(frozen=True)
class Secret:
    """One confidential figure.

    Attributes
    ----------
    what : str
        Its kind without the value, for example ``grid/transformers rated_mva of enexis``.
    asset : str
        Asset that it belongs to.
    names : frozenset of str
        Ids and names beside which it counts as disclosed.
    value : float or None
        The figure; None for text.
    text : str
        The text; empty for a figure.
    """

    what: str
    asset: str
    names: frozenset[str]
    value: float | None = field(default=None, repr=False)
    text: str = field(default="", repr=False)

    @property
    def plain(self) -> bool:
        """True for a figure that occurs everywhere, such as 40, and so needs a unit or a column beside it."""
        return self.value is not None and self.value == round(self.value) and abs(self.value) < 1000

    @property
    def power(self) -> bool:
        """True for MW or MVA: a number with another unit behind it, such as 100 %, is not this figure."""
        return POWER.search(self.what) is not None

    def needs_frame(self, token: str, *, alone: bool) -> bool:
        """Tell whether a number as written occurs everywhere: plain, or rounded to a plain one in a text."""
        rounded = token.lstrip("+-").isdigit() and len(token) < 4 and self.value not in readings(token)
        return self.plain or (rounded and not alone)

    def says_percent(self, token: str) -> bool:
        """Tell whether a number before a percent sign is this share."""
        return (
            self.value is not None
            and "share" in self.what
            and Secret("", "", frozenset(), 100 * self.value).says(token)
        )

    def says(self, token: str) -> bool:
        """Tell whether a number as written is this figure, whole or rounded, in MVA or kVA."""
        if self.value is None:
            return False
        value = self.value
        targets = {value, value * 1000, *(round(value, digits) for digits in (1, 2, 3))}
        if abs(value) >= 10:
            targets.add(float(round(value)))
        return any(
            abs(abs(found) - abs(target)) <= 1e-6 * max(1.0, abs(target))
            for found in readings(token)
            for target in targets
        )


def readings(token: str) -> set[float]:
    """Return the numbers that a token can mean: with a decimal point, a decimal comma, or thousands marks."""
    body = token.lstrip("+-")
    texts = {body, body.replace(",", ".")}
    # A mark is a thousands mark only where three digits follow each, after no leading zero: 0.073 is not 73.
    if THOUSANDS_POINT.fullmatch(body):
        texts.add(body.replace(".", "").replace(",", "."))
    if THOUSANDS_COMMA.fullmatch(body):
        texts.add(body.replace(",", ""))
    found = set()
    for text in texts:
        try:
            found.add(float(text))
        except ValueError:
            continue
    return found


def find_secrets(tables: Tables, folder: Path) -> tuple[list[Secret], int]:
    """List what may not be found in the public files of a batch.

    Parameters
    ----------
    tables : Tables
        Read with the operators' files.
    folder : Path
        Folder of the batch; figures of ``confidential/`` that are as good as the operator's own are included.

    Returns
    -------
    list of Secret
        Figures and texts that can be searched for.
    int
        Number of cells that cannot: equal to the public figure, 0, 1, a yes or no, or a short word.
    """
    reach = touched(tables)
    names = _names(reach, folder)
    out: list[Secret] = []
    skipped = 0
    for cell in tables.confidential:
        if cell.column == "*":
            continue
        value = _number(cell.value)
        usable = value not in {0.0, 1.0} if value is not None else len(cell.value) >= SHORTEST_TEXT
        if cell.known or not usable:
            skipped += 1
            continue
        what = f"{cell.table} {cell.column} of {cell.operator}"
        out += [
            Secret(what, asset, names[asset], value, "" if value is not None else cell.value)
            for asset in sorted(cell_assets(tables, cell))
        ]
    return [*out, *_derived(reach, names, folder)], skipped


def _number(text: str) -> float | None:
    try:
        return float(text)
    except ValueError:
        return None


def _names(reach: Touched, folder: Path) -> dict[str, frozenset[str]]:
    """Give the names of each asset: its ids, what readers call it, and the projects that concern it."""
    names = {asset: set(known) for asset, known in reach.names.items()}
    for row in _rows(folder / FOLDER / "loading.csv", ("asset_id", "asset_name")):
        if row[0] in names and row[1]:
            names[row[0]].add(row[1])
    for project, assets in _rows(folder / FOLDER / "candidates.csv", ("project_id", "asset_ids")):
        for asset in assets.split(";"):
            if asset.strip() in names:
                names[asset.strip()].add(project)
    return {asset: frozenset(known) for asset, known in names.items()}


def _rows(path: Path, columns: tuple[str, str]) -> Iterator[tuple[str, str]]:
    if path.is_file():
        frame = pd.read_csv(path, dtype=str, keep_default_na=False, encoding="utf-8")
        if set(columns) <= set(frame.columns):
            yield from frame[list(columns)].drop_duplicates().itertuples(index=False, name=None)


def _derived(reach: Touched, names: dict[str, frozenset[str]], folder: Path) -> list[Secret]:
    out = set()
    for name, columns in rules()["derived"].items():
        path = folder / FOLDER / f"{name}.csv"
        if not path.is_file():
            continue
        frame = pd.read_csv(path, encoding="utf-8", low_memory=False)
        classes = frozenset(rules()["tables"].get(name, {}).get("classes", rules()["overrides"]))
        frame = frame[touched_rows(frame, reach, classes)]
        frame = _with_asset(frame, names)
        for column in (c for c in columns if c in frame.columns):
            pairs = frame[["asset_id", column]].drop_duplicates().itertuples(index=False, name=None)
            for asset, value in pairs:
                if asset in names and not pd.isna(value) and value not in {0, 1}:
                    out.add((str(asset), f"{name} {column}", float(value)))
    return [Secret(what, asset, names[asset], value) for asset, what, value in sorted(out)]


def _with_asset(frame: pd.DataFrame, names: dict[str, frozenset[str]]) -> pd.DataFrame:
    """Give rows that are about a project the asset that the project concerns, one row per asset."""
    if "asset_id" in frame:
        return frame
    pairs = [(name, asset) for asset, known in names.items() for name in known]
    return frame.merge(pd.DataFrame(pairs, columns=["project_id", "asset_id"]), on="project_id")


def spoken(text: str, secrets: Iterable[Secret], *, strict: bool) -> list[Secret]:
    """Return the secrets that a text says.

    Parameters
    ----------
    text : str
        A cell, a line or a block of a page.
    secrets : iterable of Secret
        What to look for.
    strict : bool
        True if a plain figure needs a unit behind it or a table cell around it, because the text is not a
        column of figures.
    """
    tokens = [(m.group(), text[m.end() : m.end() + 12], text[max(0, m.start() - 1) : m.start()])
              for m in TOKEN.finditer(text)]  # fmt: skip
    found = []
    for secret in secrets:
        if secret.text and secret.text in text:
            found.append(secret)
            continue
        for token, after, before in tokens:
            if _is_said(secret, token, before, after, strict=strict):
                found.append(secret)
                break
    return found


def _is_said(secret: Secret, token: str, before: str, after: str, *, strict: bool) -> bool:
    """Tell whether a number with what stands around it is the figure."""
    if PERCENT.match(after) and secret.says_percent(token):
        return True
    if not secret.says(token) or (secret.power and OTHER_UNIT.match(after)):
        return False
    framed = UNIT.match(after) or (before == ">" and after.startswith("<"))
    return bool(framed) or not (strict and secret.needs_frame(token, alone=not (before + after).strip()))
