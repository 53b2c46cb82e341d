"""What a capacity map changes against the inputs, row by row, and what has to be asked first."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any, Final

import pandas as pd

from pmiek.errors import Problem
from pmiek.ids import slug
from pmiek.inputs.area_rules import LARGEST_STEP
from pmiek.inputs.capacity_map.dates import read_date
from pmiek.inputs.capacity_map.statements import Figures, ProjectDate, Statements
from pmiek.inputs.tables import Tables

AREAS: Final = "grid/feeding_areas"
JOINS: Final = "grid/area_stations"
TRANSMISSION: Final = "grid/transmission_areas"
PLANNED: Final = "projects/planned"
DATES: Final = "projects/plan_statements"
PHASES: Final = {
    "approved": "approved", "scheduled": "scheduled", "inProgress": "inProgress",
    "inprogress": "inProgress", "": "",
}  # fmt: skip
BASES: Final = {"investeringsplan": "Investeringsplan", "laatste inzichten": "Laatste inzichten"}
REACHED: Final = "completed"
RAISED, LOWERED = 1.05, 0.8
CONFIRMED: Final = "Confirmed by "
DIGITS: Final = 1


@dataclass(frozen=True)
class Change:
    """One row that differs from the inputs.

    Attributes
    ----------
    table, key : str
        Table, and the row in words.
    what : tuple of (str, str, str)
        Column, value now, value as stated; empty is blank.
    row : mapping
        The row to write, by column.
    new : bool
        True for a row that is added, False for one that replaces the row of the same key.
    place : str
        File and row that state it.
    question : str
        Identifier of the question that must be answered before it is written; empty if none.
    """

    table: str
    key: str
    what: tuple[tuple[str, str, str], ...]
    row: Mapping[str, str]
    new: bool
    place: str
    question: str = ""


@dataclass(frozen=True)
class Question:
    """Something to confirm: what, with whom, and why it matters."""

    question_id: str
    what: str
    ask: str
    why: str
    place: str


@dataclass
class Comparison:
    """All that the files say beside the inputs.

    Attributes
    ----------
    changes, questions, problems : list
    skipped : dict of str to int
        What is of elsewhere, and how often.
    same : int
        Rows that say what the inputs say already.
    """

    changes: list[Change] = field(default_factory=list)
    questions: list[Question] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)
    skipped: dict[str, int] = field(default_factory=dict)
    same: int = 0

    def skip(self, what: str, count: int = 1) -> None:
        """Count something of elsewhere."""
        self.skipped[what] = self.skipped.get(what, 0) + count

    def ask(self, question: Question) -> str:
        """Add a question once; return its identifier."""
        if question.question_id not in {q.question_id for q in self.questions}:
            self.questions.append(question)
        return question.question_id


def source_of(day: str) -> str:
    """Return the id of the source of a capacity map of one day."""
    return f"nbnl_capacity_map_{day}"


def compare(stated: Statements, tables: Tables) -> Comparison:
    """Compare what the operators state with the inputs.

    Parameters
    ----------
    stated : Statements
        What was read.
    tables : Tables
        Public input tables: feeding areas, their stations, areas of the transmission operator, plans.

    Returns
    -------
    Comparison
        Changes row by row, questions, and what cannot be right. Areas and projects of elsewhere are counted.
    """
    out = Comparison()
    modelled = {"", *tables[AREAS]["feeding_area_id"], *tables[TRANSMISSION]["transmission_area"]}
    out.problems += [problem for area, problem in stated.doubts if area in modelled]
    _areas(stated, tables, out)
    _transmission([f for f in stated.figures if f.level == "transmission"], tables[TRANSMISSION], out)
    _postcodes(stated, tables, out)
    _projects(_joined(stated.projects, out), tables, out)
    return out


def cell(value: Any) -> str:
    """Write a value as the tables hold it: no trailing zeros, blank for unknown."""
    if value is None or pd.isna(value):
        return ""
    if isinstance(value, (int, float)) and not isinstance(value, bool):
        return f"{round(float(value), DIGITS):g}" if abs(value) < 1e6 else str(value)
    return str(value)


def _areas(stated: Statements, tables: Tables, out: Comparison) -> None:
    table, joins = tables[AREAS], tables[JOINS]
    solved = _solved(stated)
    newest = table.sort_values("snapshot_date").groupby(["feeding_area_id", "direction"]).tail(1)
    known = {(r["feeding_area_id"], r["direction"]): r for _, r in newest.iterrows()}
    ids = set(table["feeding_area_id"])
    stations = joins.groupby("feeding_area_id")["station_id"].agg(list).to_dict()
    own_area = [f for f in stated.figures if f.level == "area"]
    elsewhere = {f.area for f in own_area} - ids
    if elsewhere:
        out.skip("feeding areas of elsewhere", len(elsewhere))
    for figures in own_area:
        old = known.get((figures.area, figures.direction))
        if old is None:
            continue
        if figures.day < str(old["snapshot_date"]):
            out.problems.append(_older(figures, str(old["snapshot_date"])))
            continue
        change = _area_change(figures, old, solved)
        if change is None:
            out.same += 1
            continue
        steps = list(_steps(figures, old))
        out.problems += steps
        if not steps:
            asked = _asked(figures, old, stations.get(figures.area, []), tables[PLANNED], out)
            out.changes.append(replace(change, question=asked))


def _solved(stated: Statements) -> dict[tuple[str, str], float | None]:
    """Year solved per congestion area and direction: stated once for the whole series."""
    out: dict[tuple[str, str], float | None] = {}
    for f in stated.figures:
        if f.level == "transmission" and "year_solved" in f.measures:
            out[f.area, f.direction] = f.measures["year_solved"]
    return out


def _area_change(
    figures: Figures, old: pd.Series, solved: Mapping[tuple[str, str], float | None]
) -> Change | None:
    columns = {"year_solved": "year_solved_regional"}
    new = {columns.get(name, name): value for name, value in figures.measures.items()}
    above = (str(old["transmission_area"]), figures.direction)
    if "year_solved_transmission" not in new and above in solved:
        new["year_solved_transmission"] = solved[above]
    what = tuple(
        (name, cell(old[name]), cell(value)) for name, value in new.items() if cell(old[name]) != cell(value)
    )
    if not what:
        return None
    row = {str(name): cell(value) for name, value in old.items() if name not in ("note", "disclosure")}
    row |= {name: value for name, _, value in what}
    row |= {"snapshot_date": figures.day, "source": source_of(figures.day), "quality": "published"}
    return Change(
        AREAS, f"{figures.area} {figures.direction}", what, row, figures.day > str(old["snapshot_date"]),
        f"{figures.file}, row {figures.row}",
    )  # fmt: skip


def _older(figures: Figures, newest: str) -> Problem:
    return Problem(
        figures.file, figures.row, "", f"{figures.area} of {figures.day}", f"a day from {newest} on",
        "The inputs hold a newer statement: give the newer file; an older one cannot replace it.",
    )  # fmt: skip


def _steps(figures: Figures, old: pd.Series) -> Iterator[Problem]:
    for name in ("existing_capacity_mw", "needed_capacity_mw"):
        value, before = figures.measures.get(name), old[name]
        if value and before > 0 and not 1 / LARGEST_STEP < value / before < LARGEST_STEP:
            yield Problem(
                figures.file, figures.row, name, f"{value:g}",
                f"MW within {LARGEST_STEP:g} times {before:g}, as stated on {old['snapshot_date']}",
                "Divide by 1,000 if the file is in kW; else ask the operator.",
            )  # fmt: skip


def _asked(
    figures: Figures, old: pd.Series, stations: Sequence[str], planned: pd.DataFrame, out: Comparison
) -> str:
    """Ask about capacity that moves: raised beside an open plan, or lowered a lot."""
    value, before = figures.measures.get("existing_capacity_mw"), old["existing_capacity_mw"]
    if value is None or not before > 0:
        return ""
    place, operator = f"{figures.file}, row {figures.row}", figures.operator or cell(old["operator"])
    moved = f"{figures.area} {figures.direction}: {before:g} MW on {old['snapshot_date']}, {value:g} MW now"
    open_plans = planned[planned["station_id"].isin(stations) & planned["decision_status"].ne("done")]
    name = slug(figures.area, figures.direction, "capacity")
    if value > before * RAISED and len(open_plans):
        plans = ", ".join(sorted(set(open_plans["project_id"])))
        return out.ask(
            Question(
                name, f"{moved}. Was the open plan delivered: {plans}?", operator or "the grid operator",
                "A plan that is in the published capacity must be set to done, or its MW count twice.", place,
            )
        )  # fmt: skip
    if value < before * LOWERED:
        return out.ask(
            Question(
                name, f"{moved}. Is the lower figure right?", operator or "the grid operator",
                "A fifth or more of the capacity disappears; the earlier figure stays as the range.", place,
            )
        )  # fmt: skip
    return ""


def _transmission(stated: Iterable[Figures], table: pd.DataFrame, out: Comparison) -> None:
    known = table.sort_values("snapshot_date").groupby(["transmission_area", "direction", "year"]).tail(1)
    rows = {(r["transmission_area"], r["direction"], int(r["year"])): r for _, r in known.iterrows()}
    newest = table.groupby(["transmission_area", "direction"])["snapshot_date"].max().to_dict()
    names, elsewhere = set(table["transmission_area"]), set()
    for f in stated:
        if f.area not in names:
            elsewhere.add(f.area)
            continue
        if f.year is None or not any(v is not None for v in f.measures.values()):
            continue
        old = rows.get((f.area, f.direction, f.year))
        if f.day < str(newest.get((f.area, f.direction), "")):
            out.problems.append(_older(f, str(newest[f.area, f.direction])))
            continue
        what = tuple(
            (name, cell(old[name]) if old is not None else "", cell(value))
            for name, value in f.measures.items()
            if cell(value) != (cell(old[name]) if old is not None else "")
        )
        if not what:
            out.same += 1
            continue
        row = (
            {}
            if old is None
            else {str(n): cell(v) for n, v in old.items() if n not in ("note", "disclosure")}
        )
        row |= {name: cell(value) for name, value in f.measures.items()}
        row |= {
            "transmission_area": f.area, "direction": f.direction, "snapshot_date": f.day,
            "year": str(f.year), "source": source_of(f.day), "quality": "published",
        }  # fmt: skip
        out.changes.append(
            Change(
                TRANSMISSION, f"{f.area} {f.direction} {f.year}", what, row,
                old is None or f.day > str(old["snapshot_date"]), f"{f.file}, row {f.row}",
            )
        )  # fmt: skip
    if elsewhere:
        out.skip("congestion areas of elsewhere", len(elsewhere))


def _postcodes(stated: Statements, tables: Tables, out: Comparison) -> None:
    joins, towns = tables[JOINS], tables["regions/municipalities"]
    study = set(towns.loc[towns["role"] == "study", "gm_code"])
    counts: dict[str, int] = {}
    day = ""
    for p in stated.postcodes:
        day = max(day, p.day)
        if p.area in set(joins["feeding_area_id"]):
            counts[p.area] = counts.get(p.area, 0) + (p.count if p.gm_code in study else 0)
        else:
            out.skip("postcodes in feeding areas of elsewhere", p.count)
    for _, row in joins.drop_duplicates("feeding_area_id").iterrows():
        area = str(row["feeding_area_id"])
        if area not in counts:
            continue
        if cell(row["study_postcodes"]) == cell(counts[area]):
            out.same += 1
            continue
        what = (("study_postcodes", cell(row["study_postcodes"]), cell(counts[area])),)
        new = {str(n): cell(v) for n, v in row.items()} | {
            "study_postcodes": cell(counts[area]),
            "source": source_of(day),
        }
        out.changes.append(Change(JOINS, area, what, new, new=False, place="congestie_pc6"))
    for s in stated.stations:
        out.skip("stations with their congestion area, which is information only", bool(s.station))


def _joined(projects: Iterable[ProjectDate], out: Comparison) -> list[ProjectDate]:
    """One row per project and date: files of several operators repeat it per area."""
    joined: dict[tuple[str, str], ProjectDate] = {}
    for p in projects:
        first = joined.setdefault((p.project, p.operator), p)
        first.areas.update(p.areas)
        if first is not p and first.date_text != p.date_text:
            out.ask(
                Question(
                    slug(p.project, "dates"), f"{p.project}: {first.date_text} and {p.date_text}. Which holds?",
                    p.operator or "the grid operator", "One project has one date.", f"{p.file}, row {p.row}",
                )
            )  # fmt: skip
    return list(joined.values())


def _projects(projects: Iterable[ProjectDate], tables: Tables, out: Comparison) -> None:
    table, planned = tables[DATES], tables[PLANNED]
    modelled = set(tables[AREAS]["feeding_area_id"]) | set(tables[TRANSMISSION]["transmission_area"])
    done = set(planned.loc[planned["decision_status"] == "done", "project_id"])
    # one published work may date several of our plans
    by_name: dict[str, list[str]] = {}
    for name, project in zip(table["published_name"], table["project_id"], strict=True):
        if project not in by_name.setdefault(_key(name), []):
            by_name[_key(name)].append(project)
    for p in projects:
        plans = by_name.get(_key(p.project), [])
        if not plans:
            _unplaced(p, modelled, out)
            continue
        for project in plans:
            _project(p, project, table, out, is_done=project in done)


def _key(name: str) -> str:
    return " ".join(str(name).lower().split())


def _unplaced(p: ProjectDate, modelled: set[str], out: Comparison) -> None:
    if not p.areas & modelled:
        out.skip("projects of elsewhere")
    elif len(p.areas) == 1:
        out.ask(
            Question(
                slug(p.project, "new"),
                f"{p.project} ({p.date_text or 'no date'}) is in no plan of the inputs. Which plan is it?",
                p.operator or "the grid operator",
                f"Add it to {PLANNED}, with a first row in {DATES}, and import again.",
                f"{p.file}, row {p.row}",
            )
        )
    else:
        out.skip("projects that concern a wider area and are in no plan of the inputs")


def _project(p: ProjectDate, project: str, table: pd.DataFrame, out: Comparison, *, is_done: bool) -> None:
    rows = table[(table["project_id"] == project) & (table["published_name"].map(_key) == _key(p.project))]
    newest = str(rows["stated_on"].max())
    if p.day < newest:
        out.problems.append(
            Problem(
                p.file, p.row, "", f"{p.project} of {p.day}", f"a day from {newest} on",
                "The inputs hold a newer statement: give the newer file; an older one cannot replace it.",
            )
        )  # fmt: skip
        return
    last = rows[rows["stated_on"] == newest]
    if _key(p.date_text) == _key(last["date_text"].iloc[0]) and _phase(p) == cell(last["phase"].iloc[0]):
        out.same += 1
        if not last["note"].astype(str).str.startswith(CONFIRMED).any():
            asked = _project_question(p, last, plain=read_date(p.date_text).plain, is_done=is_done, out=out)
            out.changes += _confirmations(p, last, asked) if asked else []
        return
    years = read_date(p.date_text)
    asked = _project_question(p, last, plain=years.plain, is_done=is_done, out=out)
    basis = BASES.get(p.basis.strip().lower(), "") or ("other" if not p.basis else "")
    operator = str(last["operator"].iloc[0])
    for direction, first, latest in years.parts:
        row = {
            "project_id": project, "published_name": str(last["published_name"].iloc[0]),
            "operator": operator, "direction": direction, "date_text": p.date_text or "none",
            "year_earliest": cell(first), "year_latest": cell(latest), "phase": _phase(p),
            "basis": basis or str(last["basis"].iloc[0]), "stated_on": p.day, "source": source_of(p.day),
            "quality": "published",
        }  # fmt: skip
        what = [("date_text", str(last["date_text"].iloc[0]), p.date_text)]
        if _phase(p) != cell(last["phase"].iloc[0]):
            what.append(("phase", cell(last["phase"].iloc[0]), p.phase))
        out.changes.append(
            Change(
                DATES, f"{project} ({p.project}) {direction}", tuple(what), row, p.day > newest,
                f"{p.file}, row {p.row}", asked,
            )
        )  # fmt: skip


def _confirmations(p: ProjectDate, last: pd.DataFrame, asked: str) -> list[Change]:
    """Rows that stay as they are, and get the answer to the question as their note."""
    return [
        Change(
            DATES,
            f"{row['project_id']} ({p.project}) {row['direction']}",
            (("note", cell(row["note"]), "the answer"),),
            {str(name): cell(value) for name, value in row.items()},
            new=False,
            place=f"{p.file}, row {p.row}",
            question=asked,
        )
        for _, row in last.iterrows()
    ]


def _phase(p: ProjectDate) -> str:
    return PHASES.get(p.phase, "")


def _project_question(
    p: ProjectDate, last: pd.DataFrame, *, plain: bool, is_done: bool, out: Comparison
) -> str:
    place, operator = f"{p.file}, row {p.row}", p.operator or str(last["operator"].iloc[0])
    latest = max((y for _, _, y in read_date(p.date_text).parts if y is not None), default=None)
    why: list[tuple[str, str]] = []
    if not plain:
        words = "; ".join(f"{d} {a or '?'}-{b or '?'}" for d, a, b in read_date(p.date_text).parts)
        why.append((f"is {p.date_text!r} rightly read as {words}?", "The year decides when the plan counts."))
    if latest is not None and latest < int(p.day[:4] or 0) and not is_done and p.phase != REACHED:
        why.append(
            (f"{latest} has passed and the work is not reported as done. Does the date stand?",
             "A passed date would put unbuilt capacity into the grid.")
        )  # fmt: skip
    if p.phase == REACHED and not is_done:
        why.append(("it is reported as done. Which capacity does it bring?", "Set the plan to done."))
    elif p.phase not in PHASES and p.phase != REACHED:
        why.append((f"what does phase {p.phase!r} mean?", "The phase is left blank until it is known."))
    if not why:
        return ""
    return out.ask(
        Question(
            slug(p.project), f"{p.project}: {' And '.join(w for w, _ in why)}", operator,
            " ".join(w for _, w in why), place,
        )
    )  # fmt: skip
