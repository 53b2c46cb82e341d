"""Making the fiches of a batch: read back what people wrote, keep it, and write every fiche anew."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import pandas as pd
from docx.shared import Mm
from docxtpl import DocxTemplate, InlineImage

from pmiek.errors import InputError, Problem
from pmiek.files import write_csv
from pmiek.ids import slug
from pmiek.publish.documents.fiche import fiche_values
from pmiek.publish.documents.figures import BaseMap, base_map, need_figure, project_map
from pmiek.publish.documents.hand import Kept, read_kept, write_kept
from pmiek.publish.documents.need import Need, need_of, screened
from pmiek.publish.documents.store import Store
from pmiek.publish.documents.tables import read_more
from pmiek.publish.documents.template import environment, read_template, used_tags
from pmiek.publish.documents.texts import hand_fields, known_tags, say, words
from pmiek.publish.documents.word import EVEN, W, fill, plain, save
from pmiek.publish.report.material import Material, texts
from pmiek.publish.report.tables import parts, read_any
from pmiek.publish.report.texts import Texts

INDEX = "index.csv"
PICTURES = {"kaart": (68, "map_alt"), "behoefte_figuur": (94, "figure_alt")}
"""Width (mm) and alternative text of the pictures, by tag."""
TEXT_WIDTH, FIRST_COLUMN = 9638, 2155
"""Width of the text and of a first column with names, in twentieths of a point."""
DRAWING = "{http://schemas.openxmlformats.org/drawingml/2006/wordprocessingDrawing}docPr"


@dataclass(frozen=True)
class Folders:
    """Where the fiches come from and go to.

    Attributes
    ----------
    tables : Path
        Public result tables.
    template : Path
        Word template.
    kept : Path
        Folder with ``<project_id>.yaml``: what people wrote.
    out : Path
        Fiches; edited ones that are there are read back first.
    """

    tables: Path
    template: Path
    kept: Path
    out: Path


@dataclass(frozen=True)
class Outcome:
    """What making the fiches did.

    Attributes
    ----------
    written : int
        Fiches.
    taken : tuple of str
        Projects of which texts were taken over from Word.
    conflicts : tuple of str
        Projects with texts that ask for a choice.
    gone : tuple of str
        Files of projects that are no longer in the list.
    problems : tuple of Problem
        Word files that could not be read or replaced; the kept texts are as they were.
    """

    written: int
    taken: tuple[str, ...]
    conflicts: tuple[str, ...]
    gone: tuple[str, ...]
    problems: tuple[Problem, ...]


def make_fiches(material: Material, folders: Folders, today: str, edited: Path | None = None) -> Outcome:
    """Make a Word fiche per project.

    Parameters
    ----------
    material : Material
        Public result tables and inputs, as for the site.
    folders : Folders
        Where things are.
    today : str
        Date, for texts that are replaced.
    edited : Path, optional
        Another folder with edited fiches of the same names; read after those in ``folders.out``.

    Raises
    ------
    InputError
        If the template or a kept file is wrong; nothing is written then.
    """
    used = used_tags(open_template(folders.template))
    projects = all_columns(material, folders.tables)
    before = read_all_kept(projects, folders.kept)
    more = read_more(folders.tables, material.inputs_dir)
    t = texts(material)["nl"]
    asked = screened(material)
    store = Store(folders.out, today)
    rows, taken = [], []
    with TemporaryDirectory() as scratch:
        painter = Painter(material, t, used, Path(scratch))
        for project in projects:
            project_id, name = str(project["project_id"]), file_name(project)
            mine = store.take_over(name, before[project_id])
            if edited is not None and (edited / name).is_file():
                mine = store.take_from(edited / name, name, mine)
            if mine != before[project_id]:
                taken.append(project_id)
                write_kept(folders.kept / f"{slug(project_id)}.yaml", project_id, mine)
            need = need_of(material, project, asked)
            values = fiche_values(material, t, project, need, more) | {"verschillen": _choices(mine)}
            made = render(
                DocxTemplate(folders.template), values, painter.pictures(project, need), str(project["name"])
            )
            fill(made.docx.element, mine.fields)
            store.write(name, lambda path, made=made: save(made.docx, path))  # type: ignore[misc]
            rows.append(_index_row(project, name, mine))
    gone = store.put_away([row["file"] for row in rows])
    store.close()
    write_csv(pd.DataFrame(rows, columns=INDEX_COLUMNS), folders.out / INDEX)
    choices = tuple(row["project_id"] for row in rows if row["conflicts"])
    return Outcome(len(rows), tuple(taken), choices, tuple(gone), tuple(store.problems))


INDEX_COLUMNS = ("project_id", "name", "file", "filled", "conflicts")


def _index_row(project: Mapping[str, Any], name: str, kept: Kept) -> dict[str, Any]:
    counts = {"filled": len(kept.fields), "conflicts": len(kept.conflicts)}
    return {"project_id": project["project_id"], "name": project["name"], "file": name, **counts}


def file_name(project: Mapping[str, Any]) -> str:
    """Give the name of a project's fiche."""
    return f"{slug(str(project['project_id']))}.docx"


def open_template(path: Path) -> DocxTemplate:
    """Open the fiche template after checking its tags and fields."""
    name = "/".join(path.parts[-3:])
    return read_template(path, name, known_tags(), hand_fields())


def read_all_kept(projects: list[dict[str, Any]], folder: Path) -> dict[str, Kept]:
    """Read what people wrote, per project.

    Raises
    ------
    InputError
        With the problems of all files at once.
    """
    found: dict[str, Kept] = {}
    problems: list[Problem] = []
    for project in projects:
        project_id = str(project["project_id"])
        try:
            found[project_id] = read_kept(folder / f"{slug(project_id)}.yaml", hand_fields())
        except InputError as error:
            problems += error.problems
    if problems:
        raise InputError(problems)
    return found


def all_columns(material: Material, tables_dir: Path) -> list[dict[str, Any]]:
    """Give the projects with every column of the table ``candidates``, also those the site does not use."""
    rows = read_any(tables_dir / "candidates.csv")
    if rows.empty:
        return [dict(p) for p in material.projects]
    further = rows.set_index(rows["project_id"].astype(str)).to_dict("index")
    return [
        {**{str(k): v for k, v in further.get(p["project_id"], {}).items()}, **p} for p in material.projects
    ]


def _choices(kept: Kept) -> list[str]:
    labels = words()["hand"]
    return [
        say(
            "fiche",
            "conflict",
            field=labels[c["field"]]["label"],
            file=c.get("file", ""),
            text=c.get("text", ""),
        )
        for c in kept.conflicts
        if c.get("field") in labels
    ]


class Painter:
    """Draws the pictures of the fiches.

    Parameters
    ----------
    material : Material
        Boundaries, grid and names of municipalities.
    t : Texts
        Names of the storylines and number format.
    used : set of str
        Tags of the template.
    folder : Path
        Folder for the pictures of the project at hand.
    """

    def __init__(self, material: Material, t: Texts, used: set[str], folder: Path) -> None:
        self._t, self._used, self._folder = t, used, folder
        self._base: BaseMap | None = base_map(material) if "kaart" in used else None
        towns = material.inputs["regions/municipalities"]
        self._codes = dict(zip(towns["name"], towns["gm_code"], strict=True))

    def pictures(self, project: Mapping[str, Any], need: Need) -> dict[str, Path]:
        """Draw what the template shows of a project; a picture that would say nothing is left out."""
        found = {}
        codes = [self._codes.get(part, part) for part in parts(str(project["municipality"]))]
        place, growth = self._folder / "map.png", self._folder / "need.png"
        if self._base is not None and project_map(self._base, project["assets"], codes, place):
            found["kaart"] = place
        if "behoefte_figuur" in self._used and need.worst(need.now) and len(need.years) > 1:
            lines = {self._t.label("storyline", s): need.line(s) for s in need.storylines}
            need_figure(need.years, lines, self._t.number, growth)
            found["behoefte_figuur"] = growth
        return found


def even_columns(root: Any) -> None:
    """Divide the width over the columns of tables that carry :data:`EVEN` as caption."""
    for made in root.iter(f"{W}tbl"):
        caption = made.find(f"{W}tblPr/{W}tblCaption")
        rows = list(made.iter(f"{W}tr"))
        if caption is None or caption.get(f"{W}val") != EVEN or not rows:
            continue
        count = max(len(rows[0].findall(f"{W}tc")), 2)
        widths = [FIRST_COLUMN, *[(TEXT_WIDTH - FIRST_COLUMN) // (count - 1)] * (count - 1)]
        grid = made.find(f"{W}tblGrid")
        grid[:] = [grid.makeelement(f"{W}gridCol", {f"{W}w": str(width)}) for width in widths]
        for row in rows:
            for cell, width in zip(row.findall(f"{W}tc"), widths, strict=False):
                properties = cell.get_or_add_tcPr()
                for old in properties.findall(f"{W}tcW"):
                    properties.remove(old)
                size = {f"{W}w": str(width), f"{W}type": "dxa"}
                properties.insert(0, properties.makeelement(f"{W}tcW", size))


def render(
    template: DocxTemplate, values: Mapping[str, Any], pictures: Mapping[str, Path], name: str
) -> DocxTemplate:
    """Fill a template with values and pictures, each with its alternative text."""
    shown: dict[str, Any] = dict(values)
    for tag, (width, _) in PICTURES.items():
        shown[tag] = InlineImage(template, str(pictures[tag]), width=Mm(width)) if tag in pictures else ""
    template.render(shown, environment())
    even_columns(template.docx.element)
    described = {path.name: say("fiche", PICTURES[tag][1], name=name) for tag, path in pictures.items()}
    for properties in template.docx.element.iter(DRAWING):
        picture = properties.getparent().find(".//{*}cNvPr")
        text = described.get("" if picture is None else picture.get("name", ""))
        if text:
            properties.set("descr", plain(text))
    return template
