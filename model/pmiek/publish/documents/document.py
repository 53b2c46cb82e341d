"""The draft programme in Word: process, method, the message in numbers, projects by type and by cluster."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import pandas as pd

from pmiek.publish.documents.fiche import edition
from pmiek.publish.documents.maker import add_row, blank, footer, table, text
from pmiek.publish.documents.pages import project_pages
from pmiek.publish.documents.speaker import Speaker, known
from pmiek.publish.documents.store import Store
from pmiek.publish.documents.tables import read_more
from pmiek.publish.documents.texts import say, words
from pmiek.publish.documents.word import plain, save
from pmiek.publish.report import select, start
from pmiek.publish.report.material import Material, texts
from pmiek.publish.report.tables import parts, records
from pmiek.publish.report.texts import Texts

NAME = "pmiek-concept.docx"
Row = Mapping[str, Any]


def write_document(material: Material, store: Store, tables: Path | None = None) -> str:
    """Write the draft programme, with one page per proposed project; a version that people changed is put aside.

    Parameters
    ----------
    material : Material
        Public result tables and inputs, as for the site.
    store : Store
        Folder of the document.
    tables : Path, optional
        Folder of the public result tables, for the effects and plans on the pages; without it those are left out.

    Returns
    -------
    str
        Name of the file.
    """
    more = {} if tables is None else read_more(tables, material.inputs_dir)
    document = draft(material, more, tables)
    store.write(NAME, lambda path: save(document, path))
    return NAME


def draft(
    material: Material, more: Mapping[str, pd.DataFrame] | None = None, tables: Path | None = None
) -> Any:
    """Build the draft programme as a document of python-docx; ``more`` holds further tables, as for the fiches."""
    t, w = texts(material)["nl"], words()["document"]
    document = blank()
    document.core_properties.title = w["title"]
    text(document, w["title"], style="Title")
    text(document, f"{say('words', 'draft')}. {edition(material)}.", small=True)
    _paragraphs(document, w["reading"])
    for key in ("process", "method"):
        document.add_heading(w[key]["title"], 1)
        _paragraphs(document, w[key]["text"])
        if key == "process":
            _rows(document, w["process"]["heads"], w["process"]["rows"], (4.5, 4, 8.5))
            text(document, w["process"]["roles_title"], style="Heading 2")
            _rows(document, w["process"]["role_heads"], w["process"]["roles"], (4.5, 12.5))
    _message(document, material, t, w["message"])
    _proposal(document, material, t, w["proposal"])
    project_pages(document, material, t, more or {}, tables)
    _by_type(document, material, t, w["types"])
    _by_cluster(document, material, t, w["clusters"])
    _present(document, material, w["present"])
    _alignment(document, material, t, w["alignment"])
    _unknown(document, material, t, w["unknown"])
    for key in ("monitoring", "annex"):
        document.add_heading(w[key]["title"], 1)
        _paragraphs(document, w[key]["text"])
    footer(document, edition(material))
    return document


def _paragraphs(document: Any, lines: Sequence[str]) -> None:
    for line in lines:
        text(document, plain(line))


def _rows(
    document: Any, heads: Sequence[str], rows: Sequence[Sequence[Any]], widths: Sequence[float]
) -> None:
    """Add a table; without rows a sentence that there is nothing."""
    if not rows:
        text(document, words()["document"]["nothing"])
        return
    made = table(document, heads, widths)
    for row in rows:
        add_row(made, [plain(cell) for cell in row], widths, label=True)
    text(document, "")


def _message(document: Any, material: Material, t: Texts, w: Row) -> None:
    """Say in sentences what the front page of the site counts."""
    found = select.overview(material.tables, material.bottlenecks, material.storylines)
    document.add_heading(w["title"], 1)
    year = start.first_shown(material.years)
    told = [start.sentences(material, t, facts) for facts in start.message(material) if facts["year"] == year]
    lines = [
        *(sentence for sentences in told for sentence in sentences.values()),
        *_in_all(material, t, found["in_all"]),
        t.count("index.in_base_year", found["in_base_year"], year=t.year(found["base_year"])),
        t.count("index.sensitive", found["sensitive"]),
        t.count("index.unplanned", found["unplanned"]),
        t.count("index.bridged", found["bridged"]),
        t.count("index.requests", found["requests"]),
    ]
    for line in lines:
        text(document, plain(line), style="List Bullet")
    types = [
        (t.label("type", kind).capitalize(), found["types"][kind], t(f"index.type_{kind}"))
        for kind in select.TYPES
    ]
    _rows(document, w["heads"], types, (4, 3, 10))


def _in_all(material: Material, t: Texts, count: int) -> list[str]:
    """Count what all storylines have in common; with one storyline there is nothing to compare."""
    several = len(material.storylines) > 1
    return [t.count("index.in_all", count, storylines=len(material.storylines))] if several else []


def _proposal(document: Any, material: Material, t: Texts, w: Row) -> None:
    """Write the proposed list: what the model proposes and why, and what people decided."""
    found = select.proposal(material.checks.get("project_proposal", pd.DataFrame()), material.projects)
    if not found:
        return
    document.add_heading(w["title"], 1)
    _paragraphs(document, w["text"])
    for name, rows in found.items():
        document.add_heading(t.label("list", name), 2)
        shown = [r for r in rows if name == "decided" or r["model_proposal"] == "proposed"]
        lines = [
            (
                t.number(r["rank"]),
                r["project"]["name"],
                t.label("model_proposal", r["model_proposal"]),
                f"{r['reason_nl']} {r['argument_nl']}".strip(),
                t.label("model_proposal", r["decision"]) if r["decision"] else w["open"],
            )
            for r in shown
        ]
        _rows(document, w["heads"], lines, (1.6, 4.4, 2.7, 5.9, 2.4))
        if len(rows) > len(shown):
            text(document, w["left_out"].format(n=t.number(len(rows) - len(shown))))


def _by_type(document: Any, material: Material, t: Texts, w: Row) -> None:
    document.add_heading(w["title"], 1)
    _paragraphs(document, w["text"])
    for kind in select.TYPES:
        mine = [p for p in material.projects if p["type"] == kind]
        document.add_heading(f"{t.label('type', kind).capitalize()} ({len(mine)})", 2)
        text(document, t(f"fiche.type_meaning_{kind}"), keep=True)
        rows = [_project(t, material, p) for p in mine]
        _rows(document, w["heads"], rows, (1.8, 4.9, 3.2, 2.2, 2.3, 2.6))


def _project(t: Texts, material: Material, p: Row) -> tuple[str, ...]:
    s = Speaker(t, [])
    need = s.year(p["need_year_earliest"]) if known(p["need_year_earliest"]) else say("words", "none")
    where = ", ".join(t.label("municipality", part) for part in parts(p["municipality"]))
    return (
        f"{t.number(p['rank'])} ({t.label('list', p['list']).lower()})" if known(p["rank"]) else "",
        p["name"],
        where or say("words", "outside_clusters"),
        s.span(p["size_mw"], p["size_mw"], "mw"),
        f"{need} ({t.number(p['storylines'])}/{len(material.storylines)})",
        s.span(p["cost_meur_low"], p["cost_meur_high"], "meur", 0 if _is_large(p["cost_meur_high"]) else 1),
    )


SMALL_MEUR = 10
"""Below this amount (MEUR) a cost is written with a decimal."""


def _is_large(cost_meur: Any) -> bool:
    """Tell whether a cost needs no decimals; a class of a confidential cost has its own."""
    return isinstance(cost_meur, str) or bool(cost_meur >= SMALL_MEUR)


def _by_cluster(document: Any, material: Material, t: Texts, w: Row) -> None:
    document.add_heading(w["title"], 1)
    _paragraphs(document, w["text"])
    clusters = material.clusters()
    labels = dict(zip(clusters["cluster"].astype(str), clusters["name_nl"], strict=True))
    for card in select.cluster_cards(
        clusters, material.bottlenecks, material.projects, min(material.years, default=None)
    ):
        name = card["cluster"]
        document.add_heading(labels.get(name, name) or say("words", "outside_clusters").capitalize(), 2)
        values = {
            "frozen": t.number(card["frozen"]),
            "remaining": t.number(card["remaining"]),
            "projects": t.number(card["projects"]),
        }
        text(document, w["count"].format(**values))
        worst = card["worst"]
        if worst and known(worst["exceedance_mw"]):
            case = {
                "asset": worst["asset_name"] or worst["asset_id"],
                "direction": t.label("direction", worst["direction"]),
                "mw": t.number(worst["exceedance_mw"]),
                "year": worst["year"],
                "storyline": t.label("storyline", worst["storyline"]),
            }
            text(document, plain(w["worst"].format(**case)))
        mine = [p for p in material.projects if (parts(str(p["cluster"])) or [""])[0] == name]
        for project in mine[:MOST_NAMED]:
            why = str(project["why_nl"]).removeprefix(f"{project['name']}: ")
            named = f"{project['name']} ({t.label('type', project['type'])})"
            text(document, plain(f"{named}: {why}" if why else named), style="List Bullet")
        rest = len(mine) - MOST_NAMED
        if rest > 0:
            text(document, w["more_one"] if rest == 1 else w["more"].format(n=t.number(rest)))


MOST_NAMED = 8
"""Projects that are described per cluster; the others stand in the lists by type."""


def _present(document: Any, material: Material, w: Row) -> None:
    """Tell what is too little today and ends, with what bridges the years until then."""
    rows = select.present(material.checks)
    if not rows:
        return
    document.add_heading(w["title"], 1)
    _paragraphs(document, w["text"])
    for row in rows:
        until = w["until"].format(measures=row["interim_measures"]) if row["interim_measures"] else ""
        text(document, plain(" ".join(part for part in (row["text_nl"], until) if part)), style="List Bullet")


def _alignment(document: Any, material: Material, t: Texts, w: Row) -> None:
    document.add_heading(w["title"], 1)
    _paragraphs(document, w["text"])
    rows = material.tables["alignment"]
    lights = rows.groupby(["operator", "light"]).size()
    counts = [
        (name, *(t.number(int(lights.get((name, light), 0))) for light in select.LIGHTS))
        for name in sorted({str(name) for name in rows["operator"] if name})
    ]
    heads = [w["operator"], *(t.label("light", light).capitalize() for light in select.LIGHTS)]
    _rows(document, heads, counts, (7, 2.5, 2.5, 2.5, 2.5))
    names = {p["project_id"]: p["name"] for p in material.projects}
    text(document, w["red"], style="Heading 2")
    red = []
    for r in records(rows[rows["light"] == "red"]):
        name, outcome = names.get(r["project_id"], r["project_id"]), t.label("alignment", r["class"])
        red.append((r["operator"], name, outcome, t.year(r["need_year"])))
    _rows(document, w["heads"], red, (3.5, 7, 3.8, 2.7))


def _unknown(document: Any, material: Material, t: Texts, w: Row) -> None:
    """Tell what is asked of whom: one row per question, with every party that is asked the same."""
    document.add_heading(w["title"], 1)
    _paragraphs(document, w["text"])
    questions: dict[tuple[str, str, str], list[dict[str, Any]]] = {}
    for request in records(material.tables["data_requests"]):
        key = (str(request["what"]), str(request["why"]), str(request["by_when"]))
        questions.setdefault(key, []).append(request)
    moved = {
        key: {p for r in rows for p in parts(str(r["affects_projects"]))} for key, rows in questions.items()
    }
    first = sorted(questions, key=lambda key: (-len(moved[key]), key))
    rows = []
    for what, why, day in first[:MOST_REQUESTS]:
        asked = {
            str(r["operator"]).replace(";", ", ") or say("words", "unknown")
            for r in questions[what, why, day]
        }
        rows.append((what, ", ".join(sorted(asked)), why, "-".join(reversed(day.split("-")))))
    _rows(document, w["heads"], rows, (5.2, 3.8, 5.4, 2.6))
    if len(first) > MOST_REQUESTS:
        text(document, w["more"].format(n=t.number(len(first) - MOST_REQUESTS)))


MOST_REQUESTS = 20
"""Questions shown; all of them are on the site and in the tables."""
