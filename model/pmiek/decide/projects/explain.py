"""Why is this project on the list, and what would take it off: in words, from result tables and inputs."""

from __future__ import annotations

import difflib
from pathlib import Path

import pandas as pd

from pmiek.decide.projects import chain
from pmiek.decide.projects.explain_texts import TEXTS
from pmiek.decide.projects.tables import cell, number, split_ids, text
from pmiek.errors import RequestError

TOP_SHARES = 6


def find_project(candidates: pd.DataFrame, project_id: str, lang: str = "nl") -> pd.Series:
    """Return one candidate.

    Raises
    ------
    ValueError
        If there is none with that id; the message names the closest ids.
    """
    ids = list(text(candidates["project_id"])) if len(candidates) else []
    if project_id not in ids:
        words = TEXTS[lang]
        near = difflib.get_close_matches(project_id, ids, n=3, cutoff=0.3)
        like = words["like"].format(ids=", ".join(near)) if near else ""
        raise RequestError(words["unknown"].format(id=project_id) + like)
    return candidates[text(candidates["project_id"]) == project_id].iloc[0]


def explain(results_dir: Path, inputs_dir: Path, project_id: str, lang: str = "nl") -> str:
    """Walk the chain of one project back to the input rows.

    Parameters
    ----------
    results_dir : Path
        Folder of a batch (with ``tables/``) or the folder with the tables itself.
    inputs_dir : Path
        The inputs folder.
    project_id : str
        Id of the candidate.
    lang : str
        ``nl`` or ``en``.

    Returns
    -------
    str
        Several lines: why, type and certainty, each bottleneck with its hardest case, when it occurs, who
        causes it, the input rows (file, row, key, value), the plan, the alignment, and what carries it.

    Raises
    ------
    ValueError
        If the project or the language is unknown; the message names the closest ids.
    """
    words = _words(lang)
    results_dir, inputs_dir = Path(results_dir), Path(inputs_dir)
    project = find_project(chain.read_result(results_dir, "candidates"), project_id, lang)
    lines = _head(project, words, lang)
    cases = _cases(results_dir, project)
    if cases.empty:
        origin = cell(project.get("origin")) or "plan"
        lines.append(words["none"].format(origin=words.get(origin, origin)))
    for _, case in cases.iterrows():
        lines += _case_lines(results_dir, inputs_dir, case, words, lang)
    for _, row in chain.plan_rows(inputs_dir, project).iterrows():
        lines.append(
            words["planned"].format(
                file="inputs/projects/planned.csv", row=row["line"], name=row["name"],
                status=row["decision_status"], year=row["planned_year_latest"] or "?",
                mw=row["capacity_mw"] or "?",
            )
        )  # fmt: skip
    lines += [words["align"].format(text=line) for line in _alignment(results_dir, project_id, lang)]
    carried = sensitivity_chain(results_dir, inputs_dir, project_id, lang)
    if carried:
        lines += [words["sensitive"], *(f"  {line}" for line in carried)]
    return "\n".join(lines) + "\n"


def _words(lang: str) -> dict[str, str]:
    if lang not in TEXTS:
        message = f"unknown language {lang!r}: choose nl or en"
        raise RequestError(message)
    return TEXTS[lang]


def _head(project: pd.Series, words: dict[str, str], lang: str) -> list[str]:
    def of(name: str) -> str:
        return (
            cell(project.get(f"{name}_en"))
            if lang == "en" and cell(project.get(f"{name}_en"))
            else cell(project.get(name))
        )

    return [
        words["title"].format(
            id=project["project_id"], name=project["name"], type=project["type"], carrier=project["carrier"]
        ),
        words["why"].format(text=cell(project[f"why_{lang}"])),
        words["type"].format(text=of("type_reason")),
        words["certain"].format(text=project["certainty"], reason=of("certainty_reason")),
    ]


def _cases(results_dir: Path, project: pd.Series) -> pd.DataFrame:
    bottlenecks = chain.read_result(results_dir, "bottlenecks")
    return chain.hardest_rows(bottlenecks, split_ids(project["bottleneck_ids"]))


def _case_lines(
    results_dir: Path, inputs_dir: Path, case: pd.Series, words: dict[str, str], lang: str
) -> list[str]:
    state, season = cell(case["grid_state"]), cell(case["season"])
    lines = [
        words["bottleneck"].format(
            id=case["bottleneck_id"], state=words.get(state, state), first=case["first_year"],
            n=case["storylines"], storyline=case["storyline"], year=case["year"], wy=case["weather_year"],
            mw=number(case["exceedance_mw"], 1, lang), limit=number(case["limit_mw"], 1, lang),
            hours=number(case["hours"], 0, lang), mwh=number(case["energy_mwh"], 0, lang),
            contingency=cell(case["contingency"]), season=_season(season, words),
        )
    ]  # fmt: skip
    months, hours = chain.peak_months(chain.read_result(results_dir, "heatmap"), case)
    if months:
        lines.append("  " + words["hours"].format(months=_span(months), hours=_span(hours)))
    shares = chain.peak_shares(chain.read_result(results_dir, "bottleneck_shares"), case)
    if len(shares):
        names = _municipalities(inputs_dir)
        who = [
            f"{_sector(inputs_dir, s, lang)} {names.get(g, g)} {number(100 * v, 0, lang)}%".replace("  ", " ")
            for s, g, v in zip(text(shares["sector"]), text(shares["gm_code"]), shares["share"], strict=True)
        ]
        lines.append("  " + words["shares"].format(text="; ".join(who[:TOP_SHARES])))
    rows = chain.input_rows(inputs_dir, case, shares)
    if len(rows):
        lines.append("  " + words["inputs"])
        lines += ["    " + words["input"].format_map(row) for row in rows.to_dict("records")]
    return lines


def _season(season: str, words: dict[str, str]) -> str:
    return ", ".join(words.get(part.strip(), part.strip()) for part in season.split(","))


def _span(values: list[int]) -> str:
    return ", ".join(str(v) for v in values)


def _municipalities(inputs_dir: Path) -> dict[str, str]:
    places = chain.read_input(inputs_dir, "regions/municipalities")
    return dict(zip(places["gm_code"], places["name"], strict=True)) if len(places) else {}


def _sector(inputs_dir: Path, sector: str, lang: str) -> str:
    labels = chain.read_input(inputs_dir, "profiles/sectors")
    column = f"label_{lang}"
    if labels.empty or column not in labels:
        return sector
    hit = labels.loc[(labels["sector"] == sector) & labels["carrier"].eq("electricity"), column]
    return str(hit.iloc[0]) if len(hit) else sector


def _alignment(results_dir: Path, project_id: str, lang: str) -> list[str]:
    table = chain.read_result(results_dir, "alignment")
    if table.empty:
        return []
    rows = table[text(table["project_id"]) == project_id]
    column = f"evidence_{lang}" if f"evidence_{lang}" in rows else "evidence"
    return sorted(
        {f"{light}: {words}" for light, words in zip(rows["light"], text(rows[column]), strict=True)}
    )


def sensitivity_chain(results_dir: Path, inputs_dir: Path, project_id: str, lang: str = "nl") -> list[str]:
    """Say which assumptions and inputs drive a project: what falls, and the project with it.

    For every bottleneck: whether it vanishes with one unit more; which of the input rows are assumed; and
    what remains of the hardest case without the largest sector. The last is a first-order answer: the
    other sectors keep their value in that hour.

    Returns
    -------
    list of str
        Sentences in the language asked for; empty for a project without bottleneck.

    Raises
    ------
    ValueError
        If the project or the language is unknown.
    """
    words = _words(lang)
    results_dir, inputs_dir = Path(results_dir), Path(inputs_dir)
    project = find_project(chain.read_result(results_dir, "candidates"), project_id, lang)
    names = _municipalities(inputs_dir)
    all_shares = chain.read_result(results_dir, "bottleneck_shares")
    lines: list[str] = []
    for _, case in _cases(results_dir, project).iterrows():
        if "vanish" in cell(case["capacity_sensitive"]):
            lines.append(words["vanish"].format(id=case["bottleneck_id"]))
        shares = chain.peak_shares(all_shares, case)
        rows = chain.input_rows(inputs_dir, case, shares)
        assumed = rows[rows["quality"] == "assumed"] if len(rows) else rows
        if len(assumed):
            keys = ", ".join(f"{k} ({c})" for k, c in zip(assumed["key"], assumed["column"], strict=True))
            lines.append(words["assumed"].format(n=len(assumed), total=len(rows), keys=keys))
        if len(shares):
            first = shares.iloc[0]
            left = float(case["exceedance_mw"]) - float(first["share"]) * float(case["peak_mw"])
            lines.append(
                words["driver" if left > 0 else "gone"].format(
                    sector=_sector(inputs_dir, cell(first["sector"]), lang),
                    place=names.get(cell(first["gm_code"]), cell(first["gm_code"])),
                    share=f"{number(100 * first['share'], 0, lang)}%", left=number(left, 1, lang),
                )
            )  # fmt: skip
    return list(dict.fromkeys(lines))
