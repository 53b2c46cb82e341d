"""Projects of the previous edition: what became of each, and whether data, model or policy moved it."""

from __future__ import annotations

import pandas as pd

from pmiek.decide.projects.need_words import need_text
from pmiek.decide.projects.rules import STATUS_WORDS
from pmiek.decide.projects.tables import TablesLike, cell, number, optional
from pmiek.ids import slug

HISTORY_COLUMNS = [
    "project_id", "name", "aspect", "before", "now", "changed", "listed", "text_nl", "text_en",
]  # fmt: skip
ASPECTS = ("policy", "data", "model")


def history(candidates: pd.DataFrame, tables: TablesLike, series: pd.DataFrame) -> pd.DataFrame:
    """Compare each project of the previous edition with this one, under three headings.

    policy: type, and how far the decision is. data: what the plan tables now hold of size and year, which the
    previous list did not state. model: the need that was computed, which the previous edition did not do.

    Parameters
    ----------
    candidates : DataFrame
        Long list of this edition.
    tables : TablesLike
        projects/previous_pmiek: project_id, name, type, progress.
    series : DataFrame
        ``project_needs``; the need on today's grid is told from its rows.

    Returns
    -------
    DataFrame
        Columns ``HISTORY_COLUMNS``: three rows per earlier project. ``changed`` says whether the heading
        moved; ``listed`` is False for a project that is no longer on the list.
    """
    earlier = optional(tables, "projects/previous_pmiek", ["project_id", "name", "type", "progress"])
    known = dict(candidates.set_index("project_id").iterrows())
    rows = []
    for row in earlier.to_dict("records"):
        project_id = slug(cell(row["project_id"]))
        now = known.get(project_id)
        parts = (_policy(row, now), _data(now), _model(now, series))
        for aspect, (before, after, changed, nl, en) in zip(ASPECTS, parts, strict=True):
            rows.append(
                (project_id, cell(row["name"]), aspect, before, after, changed, now is not None, nl, en)
            )
    return pd.DataFrame(rows, columns=HISTORY_COLUMNS)


_Part = tuple[str, str, bool, str, str]


def _policy(row: dict[str, object] | dict[object, object], now: pd.Series | None) -> _Part:
    earlier = {str(key): cell(value) for key, value in row.items()}
    before = "; ".join(part for part in (earlier["type"].lower(), earlier["progress"]) if part)
    if now is None:
        nl, en = "staat niet meer op de lijst", "is no longer on the list"
        return before, "", True, nl, en
    status_nl, status_en = STATUS_WORDS.get(cell(now["decision_status"]), (cell(now["decision_status"]),) * 2)
    same = earlier["type"].lower() == cell(now["type"])
    nl = f"was {before}; nu {now['type']} ({status_nl})"
    en = f"was {before}; now {now['type']} ({status_en})"
    return before, f"{now['type']}; {status_nl}", not same, nl, en


def _data(now: pd.Series | None) -> _Part:
    if now is None:
        return "", "", False, "geen gegevens in deze editie", "no data in this edition"
    mw, year = now["planned_mw"], now["planned_year_latest"]
    known = [f"{number(mw)} MW"] if pd.notna(mw) else []
    known += [f"{year:.0f}"] if pd.notna(year) else []
    if not known:
        nl, en = "de plantabel noemt geen vermogen of jaar", "the plan table states no size or year"
        return "", "", False, nl, en
    nl = "de plantabel noemt nu " + ", uiterlijk ".join(known)
    en = "the plan table now states " + ", at the latest ".join(known)
    return "", "; ".join(known), True, nl, en


def _model(now: pd.Series | None, series: pd.DataFrame) -> _Part:
    if now is None:
        return "", "", False, "niet doorgerekend", "not computed"
    mine = series[series["project_id"].eq(str(now.name)) & series["grid_state"].eq("frozen")]
    nl, en = need_text(mine, "nl"), need_text(mine, "en")
    if not nl:
        nl, en = "de doorrekening toont geen tekort dat blijft", "the model shows no shortage that lasts"
        return "", "", True, nl, en
    return (
        "",
        nl,
        True,
        f"doorgerekend tekort op het huidige net: {nl}",
        f"computed shortage on today's grid: {en}",
    )
