"""One page per proposed project in the draft programme; the whole fiche stays a file of its own."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

import pandas as pd

from pmiek.publish.documents.fiche import fiche_values
from pmiek.publish.documents.fiches import all_columns, file_name
from pmiek.publish.documents.maker import FULL_CM, add_row, table, text
from pmiek.publish.documents.need import need_of, screened
from pmiek.publish.documents.texts import words
from pmiek.publish.documents.word import plain
from pmiek.publish.report.tables import records

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from pmiek.publish.report.material import Material
    from pmiek.publish.report.texts import Texts

LONGEST = 420
"""Characters of a text from people or evidence on a page; the fiche has all of it."""
MOST_ROWS = 4
"""Options and open questions on a page; the fiche has all of them."""


def project_pages(
    document: Any, material: Material, t: Texts, more: Mapping[str, pd.DataFrame], tables: Path | None = None
) -> int:
    """Add a page for every project that the model proposes or that people decided to take up.

    Parameters
    ----------
    document : docx.document.Document
        Changed in place.
    material : Material
        Public result tables and inputs, as for the site.
    t : Texts
        Dutch words and number format.
    more : mapping of str to DataFrame
        Further tables by name, as for the fiches.
    tables : Path, optional
        Folder of the public result tables, for the columns of the projects that the site does not use.

    Returns
    -------
    int
        Number of pages.
    """
    w = words()["document"]["pages"]
    rows = chosen(material.checks.get("project_proposal", pd.DataFrame()))
    listed = [dict(p) for p in material.projects] if tables is None else all_columns(material, tables)
    projects = {str(project["project_id"]): project for project in listed}
    pages = [row for row in rows if row["project_id"] in projects]
    if not pages:
        return 0
    document.add_heading(w["title"], 1)
    text(document, w["text"].format(n=t.number(len(pages))))
    asked = screened(material)
    for row in pages:
        project = projects[row["project_id"]]
        values = fiche_values(material, t, project, need_of(material, project, asked), more)
        _page(document, values, row, w, file_name(project))
    return len(pages)


def chosen(proposal: pd.DataFrame) -> list[dict[str, Any]]:
    """Give the rows of the proposal that get a page: a decision of people goes before the proposal of the model."""
    if proposal.empty:
        return []
    decided = proposal["decision"].fillna("").astype(str)
    taken = decided.eq("proposed") | (decided.eq("") & proposal["model_proposal"].eq("proposed"))
    return records(proposal[taken].sort_values(["list", "rank"], kind="stable"))


def _page(
    document: Any, values: Mapping[str, Any], row: Mapping[str, Any], w: Mapping[str, Any], file: str
) -> None:
    heading = document.add_heading(values["naam"], 2)
    heading.paragraph_format.page_break_before = True
    text(document, " – ".join([values["type"], values["plaats"], values["netbeheerder"]]), small=True)
    text(document, plain(short(f"{row['reason_nl']} {row['argument_nl']}".strip())))
    facts = {
        "solution": f"{values['oplossing']}, {values['omvang']}",
        "need": f"{values['nodig_vanaf']}; {values['scenarios']}",
        "certainty": ": ".join(part for part in (values["zekerheid"], values["zekerheid_reden"]) if part),
        "start": w["start_text"].format(start=values["starten"], lead=values["doorlooptijd"]),
        "cost": values["kosten"],
        "space": values["ruimte"],
        "place": values["rang"],
    }
    _pairs(document, [(w["facts"][key], value) for key, value in facts.items()])
    _part(
        document, w["why"], [values["waarom"], f"{values['behoefte_zin']} {values['behoefte_over']}".strip()]
    )
    if values["oplossingen"]:
        options = values["oplossingen"][:MOST_ROWS]
        cells = [(o["naam"], o["omvang"], o["kosten"], o["doorlooptijd"], o["lost_op"]) for o in options]
        _table(document, w["options"], w["option_heads"], cells, (5.2, 2.4, 4.0, 3.0, 2.4))
    plans = [f"{a['netbeheerder']}: {a['uitkomst']} ({a['jaren']})" for a in values["afstemming"]]
    _part(document, w["plans"], plans[:MOST_ROWS] or [w["no_plan"]])
    tasks = [f"{g['gemeente']}: {g['opgave']}" for g in values["gebied"]]
    _part(document, w["area"], tasks[:MOST_ROWS])
    asked = [f"{q['aan']}: {q['wat']}" for q in values["gevraagd"]]
    _part(document, w["open"], asked[:MOST_ROWS])
    text(document, w["fiche"].format(file=file), small=True)


def short(content: str) -> str:
    """Cut a long text at the end of a sentence or word."""
    if len(content) <= LONGEST:
        return content
    cut = content[:LONGEST]
    end = max(cut.rfind(". ") + 1, 0) or cut.rfind(" ")
    return cut[:end].rstrip() + ("" if cut[:end].rstrip().endswith(".") else " …")


def _pairs(document: Any, pairs: Sequence[tuple[str, str]]) -> None:
    widths = (4.2, FULL_CM - 4.2)
    made = table(document, (), widths)
    for label, content in pairs:
        add_row(made, (label, plain(short(content))), widths, label=True)


def _part(document: Any, title: str, lines: Sequence[str]) -> None:
    told = [line for line in lines if line]
    if not told:
        return
    text(document, title, style="Heading 3", keep=True)
    for line in told:
        text(document, plain(short(line)))


def _table(
    document: Any,
    title: str,
    heads: Sequence[str],
    rows: Sequence[Sequence[str]],
    widths: Sequence[float],
) -> None:
    text(document, title, style="Heading 3", keep=True)
    made = table(document, heads, widths)
    for row in rows:
        add_row(made, [plain(cell) for cell in row], widths, label=True)
