"""The differences page between two editions: a page for the browser, a workbook and plain tables."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import pandas as pd
from jinja2 import Environment, StrictUndefined

from pmiek.files import write_csv, write_text
from pmiek.publish.documents.editions import (
    CHANGED,
    GONE,
    NEW,
    SAME,
    Edition,
    bottleneck_changes,
    in_words,
    project_changes,
    sources_moved,
)
from pmiek.publish.documents.texts import say, words
from pmiek.publish.exchange.workbook import write_workbook
from pmiek.publish.report.tables import records
from pmiek.publish.report.texts import Texts

PAGE = """<!DOCTYPE html>
<html lang="nl">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'">
<title>{{ w.title }}</title>
<style>
body { font: 16px/1.5 "Segoe UI", Carlito, Arial, sans-serif; color: #22303c; max-width: 70rem; }
body { margin: 2rem auto; padding: 0 1rem; }
h1, h2 { color: #0b3d66; }
table { border-collapse: collapse; width: 100%; font-size: .9rem; }
th, td { border: 1px solid #c5ced6; padding: .3rem .5rem; text-align: left; vertical-align: top; }
thead th { background: #dce6ef; position: sticky; top: 0; }
</style>
</head>
<body>
<main>
<h1>{{ w.title }}</h1>
<p>{{ lead }}</p>
<p>{{ note }}</p>
{% for key, rows in parts %}
<h2>{{ w[key] }}</h2>
{% if rows %}
<table>
<thead><tr>{% for column in rows[0] %}<th scope="col">{{ w.heads[column] }}</th>{% endfor %}</tr></thead>
<tbody>
{% for row in rows %}
<tr>{% for column in row %}<td>{{ row[column] }}</td>{% endfor %}</tr>
{% endfor %}
</tbody>
</table>
{% else %}<p>{{ w.nothing }}</p>{% endif %}
{% endfor %}
</main>
</body>
</html>
"""


@dataclass(frozen=True)
class Differences:
    """What was found and where it was written.

    Attributes
    ----------
    counts : dict
        Projects that are new, gone, changed and the same.
    lead : str
        The same in a sentence.
    """

    counts: dict[str, int]
    lead: str


def write_differences(old: Edition, new: Edition, out: Path) -> Differences:
    """Write what changed between two editions.

    Parameters
    ----------
    old, new : Edition
        Editions, the earlier one first.
    out : Path
        Folder for ``verschillen.html`` and ``verschillen.xlsx`` (Dutch), and ``edition_projects.csv``,
        ``edition_bottlenecks.csv`` and ``edition_sources.csv`` (codes, for other programs).
    """
    changes, moved, sources = project_changes(old, new), bottleneck_changes(old, new), sources_moved(old, new)
    counts = {kind: int(changes.loc[changes["change"] == kind, "project_id"].nunique())
              for kind in (NEW, GONE, CHANGED, SAME)}  # fmt: skip
    lead = say(
        "editions", "lead", old=old.name, new=new.name, **{f"n_{kind}": n for kind, n in counts.items()}
    )
    t, names = Texts("nl"), words()["editions"]
    shown = {
        "projects": in_words(t, changes[changes["change"] != SAME]),
        "bottlenecks": moved.assign(
            change=moved["change"].map(names["change"]),
            grid_state=moved["grid_state"].map(lambda code: t.label("grid_state", code)),
        ),
        "sources": sources.assign(
            kind=sources["kind"].map(names["cause"]), change=sources["change"].map(names["change"])
        ),
    }
    unknown = "unknown" in set(sources["kind"])
    note = say("editions", "no_manifest" if unknown else "cause_note")
    environment = Environment(autoescape=True, undefined=StrictUndefined)
    page = environment.from_string(PAGE).render(
        w=names, lead=lead, note=note, parts=[(key, records(rows)) for key, rows in shown.items()]
    )
    write_text(page, out / "verschillen.html")
    book = {names[key].lower()[:28]: rows.rename(columns=names["heads"]) for key, rows in shown.items()}
    write_workbook(book, out / "verschillen.xlsx")
    plain: dict[str, pd.DataFrame] = {"projects": changes, "bottlenecks": moved, "sources": sources}
    for key, rows in plain.items():
        write_csv(rows, out / f"edition_{key}.csv")
    return Differences(counts, lead)
