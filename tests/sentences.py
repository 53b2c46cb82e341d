"""Take every sentence with a number and a year back to the table row that holds both."""

from __future__ import annotations

import html
import re
import zipfile
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

import pandas as pd

CLAIM = re.compile(r"(?P<less><\s?)?(?P<mw>\d[\d.,]*) MW in (?P<year>20\d\d)")
FACT = re.compile(r"\bin (?P<year>20\d\d) (?:is er|there is) (?P<mw>\d[\d.,]*) MW")
NAME = re.compile(r"\((?P<name>[^()\d]+?)(?:, [^()]*)?\)")
#: A size joined to the first year of a need: what the old sentences did.
JOINED = re.compile(
    r"\d[\d.,]* MW(?![^.;|]* in 20\d\d)[^.;|()]{0,60}\b(?:vanaf|from) 20\d\d"
    r"|\b(?:vanaf|from) 20\d\d[^.;|()]{0,30}\b\d[\d.,]* MW"
)
SOURCES = {
    "project_needs": ("exceedance_mw", "remaining_mw"),
    "present_shortages": ("exceedance_mw",),
    "station_relief": ("moved_mw",),
    "bottlenecks": ("exceedance_mw",),
    "service": ("waiting_mw",),
}


@dataclass(frozen=True)
class Claim:
    """A number with its year in a text, and the storyline that is named behind it."""

    mw: str
    year: int
    storyline: str
    less: bool
    words: str


def claims(text: str) -> list[Claim]:
    """Find the numbers with a year in a text."""
    found = []
    for pattern in (CLAIM, FACT):
        for hit in pattern.finditer(text):
            behind = text[hit.end() : hit.end() + 120]
            name = NAME.search(behind)
            told = name["name"].strip() if name and "." not in behind[: name.start()] else ""
            less = bool(hit.groupdict().get("less"))
            words = text[max(0, hit.start() - 60) : hit.end() + 60]
            found.append(Claim(hit["mw"].rstrip(".,"), int(hit["year"]), told, less, words))
    return found


def joined(text: str) -> list[str]:
    """Find sizes that are joined to a first year."""
    return [hit[0] for hit in JOINED.finditer(text)]


class Rows:
    """The rows of a batch that a sentence may quote."""

    def __init__(self, tables: dict[str, pd.DataFrame]) -> None:
        parts = []
        for name, columns in SOURCES.items():
            table = tables.get(name, pd.DataFrame())
            for column in columns if len(table) else ():
                rows = table[["storyline", "year", column]].set_axis(["storyline", "year", "mw"], axis=1)
                parts.append(rows.assign(mw=pd.to_numeric(rows["mw"], errors="coerce")))
        rows = pd.concat(parts, ignore_index=True).dropna()
        rows = rows[rows["mw"] > 0]
        self.names = {code: code.replace("_", " ").lower() for code in rows["storyline"].unique()}
        self.by_year = {int(year): part for year, part in rows.groupby("year")}

    def hold(self, claim: Claim) -> bool:
        """Whether one row holds the number, the year and the storyline of a claim."""
        rows = self.by_year.get(claim.year)
        if rows is None:
            return False
        code = next((c for c, name in self.names.items() if name == claim.storyline.lower()), None)
        if code is not None:
            rows = rows[rows["storyline"] == code]
        if claim.less:
            return bool(rows["mw"].lt(0.05).any())
        return any(
            bool(rows["mw"].sub(value).abs().le(half + 1e-6).any()) for value, half in readings(claim.mw)
        )


def readings(number: str) -> Iterable[tuple[float, float]]:
    """Read a number as Dutch and as English, with half of its last digit."""
    for thousands, point in ((".", ","), (",", ".")):
        plain = number.replace(thousands, "").replace(point, ".")
        decimals = len(plain.partition(".")[2])
        groups = number.partition(point)[0].split(thousands)
        if plain.count(".") <= 1 and all(len(group) == 3 for group in groups[1:]):
            yield float(plain), 0.5 * 10.0**-decimals


def check(texts: dict[str, str], tables: dict[str, pd.DataFrame]) -> int:
    """Assert that every claim in the texts stands in one row; give how many there were."""
    rows, wrong, count = Rows(tables), [], 0
    for name, text in texts.items():
        found = claims(text)
        count += len(found)
        wrong += [f"{name}: {claim.words!r}" for claim in found if not rows.hold(claim)]
        wrong += [f"{name}: joined: {hit!r}" for hit in joined(text)]
    assert not wrong, "\n".join(wrong[:20])
    return count


def site_texts(site: Path) -> dict[str, str]:
    """Read all pages in both languages, and the data scripts behind them."""
    files = [*site.rglob("*.html"), *(site / "data").rglob("*.js")]
    return {str(path.relative_to(site)): _plain(path.read_text(encoding="utf-8")) for path in files}


def word_texts(folder: Path) -> dict[str, str]:
    """Read the text of all Word files of a folder, paragraph by paragraph."""
    out = {}
    for path in sorted(folder.rglob("*.docx")):
        with zipfile.ZipFile(path) as packed:
            body = packed.read("word/document.xml").decode("utf-8")
        out[path.name] = html.unescape(re.sub(r"<[^>]+>", "", re.sub(r"</w:p>|</w:tc>", " | ", body)))
    return out


def table_texts(tables: dict[str, pd.DataFrame]) -> dict[str, str]:
    """Read all text cells of result tables: what the workbooks and the data pack hold."""
    out = {}
    for name, table in tables.items():
        texts = table.select_dtypes(include=["object", "str"])
        cells = [cell for column in texts for cell in texts[column].dropna().unique() if " " in str(cell)]
        out[f"{name}.csv"] = " | ".join(str(cell) for cell in cells)
    return out


def _plain(page: str) -> str:
    page = re.sub(r"<script\b.*?</script>", " ", page, flags=re.DOTALL)
    page = re.sub(r"</(p|li|td|th|dd|dt|h\d)>", " | ", page)
    return re.sub(r"\s+", " ", html.unescape(re.sub(r"<[a-zA-Z/!][^>]*>", " ", page)))
