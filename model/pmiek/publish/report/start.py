"""The start page: what comes and what it means, before and after on two maps, and an index to search in."""

from __future__ import annotations

import math
from typing import Any

import pandas as pd

from pmiek.publish.report import compare, payload, select
from pmiek.publish.report.geometry import WIDTH, features_of, projection, rings_of
from pmiek.publish.report.material import Material
from pmiek.publish.report.municipalities import towns
from pmiek.publish.report.tables import records
from pmiek.publish.report.texts import Texts
from pmiek.results.account import PROVINCE

EASED_MW = 1.0
"""A bottleneck that shrinks by less than this did not change."""
MARGIN = 14.0
"""Drawing units that a station may lie outside the boundaries and still be drawn."""
TOLD_MW = 0.5
"""Less than this reads as zero and is not told."""
NO_CLASS = "-"
"""In place of a status: nothing was computed for this asset in this year."""
CLASSES = ("available", "limited", "study", "shortage")
"""Class names of the statuses, from empty to full, in the order of :data:`pmiek.publish.report.tables.STATUSES`."""
DEFAULT_YEAR = 2035
"""The year that is shown first where the batch has it: near enough to decide on, late enough to differ."""


def first_shown(years: list[int]) -> int | None:
    """Give the year with which the page opens."""
    return next((y for y in years if y == DEFAULT_YEAR), years[len(years) // 2] if years else None)


def message(material: Material) -> list[dict[str, Any]]:
    """Give per year what the three sentences say.

    Returns
    -------
    list of dict
        ``year``; ``frozen``, ``take_off`` and ``feed_in`` (bottlenecks about the province on today's grid);
        ``solved``, ``eased``, ``same`` and ``added`` (what the decided projects do to them: gone, smaller by
        at least :data:`EASED_MW`, neither, and new); ``waiting`` and ``least`` (outcome of
        :func:`waiting` for the nulalternatief, and for the variant that leaves least; None without runs).
    """
    rows = compare.about_province(material.tables["bottlenecks"], material.bottlenecks)
    key = ["grid_state", "year", "bottleneck_id", "direction"]
    worst = rows.groupby(key)["exceedance_mw"].max().reset_index()
    return [_of_year(material, worst[worst["year"] == year], year) for year in material.years]


def _of_year(material: Material, worst: pd.DataFrame, year: int) -> dict[str, Any]:
    by_state = {
        str(state): part.set_index("bottleneck_id")["exceedance_mw"]
        for state, part in worst.groupby("grid_state")
    }
    none = pd.Series(dtype=float)
    before, after = by_state.get(select.FROZEN, none), by_state.get(select.NULL_STATE, none)
    both = before.index.intersection(after.index)
    eased = int(((before[both] - after[both]) >= EASED_MW).sum())
    directions = worst.loc[worst["grid_state"] == select.FROZEN, "direction"].value_counts()
    return {
        "year": year,
        "frozen": len(before),
        "left": len(after),
        "take_off": int(directions.get("take-off", 0)),
        "feed_in": int(directions.get("feed-in", 0)),
        "solved": len(before) - len(both),
        "eased": eased,
        "same": len(both) - eased,
        "added": len(after) - len(both),
        "waiting": waiting(material, select.NULL_STATE, year),
        "least": _least(material, year),
    }


def waiting(
    material: Material, variant: str, year: int, cluster: str = PROVINCE
) -> dict[str, tuple[float, float]] | None:
    """Give what waits for electricity in a variant and year, each lowest and highest over the storylines.

    Returns
    -------
    dict or None
        ``mw``, ``homes`` and ``firms`` of take-off, and ``feed_in_mw``; None when it was not computed.
    """
    rows = material.tables["service"]
    rows = rows[
        rows["variant"].eq(variant)
        & rows["year"].eq(year)
        & rows["cluster"].eq(cluster)
        & rows["carrier"].isin(compare.ELECTRICITY)
    ]
    asked, offered = rows[rows["direction"] == "take-off"], rows[rows["direction"] == "feed-in"]
    if asked.empty:
        return None
    spans = {name.removeprefix("waiting_"): _span(asked[name]) for name in compare.WAITING}
    return spans | {"feed_in_mw": _span(offered["waiting_mw"])}


def _span(values: pd.Series) -> tuple[float, float]:
    known = values.fillna(0.0)
    return (float(known.min()), float(known.max())) if len(known) else (0.0, 0.0)


def _least(material: Material, year: int) -> dict[str, Any] | None:
    """Give the variant beyond the nulalternatief that leaves least waiting in its worst storyline."""
    found = {
        variant: waiting(material, variant, year)
        for variant in compare.variants(material.tables)
        if variant != select.NULL_STATE
    }
    known = [(spans["mw"][1], name, spans) for name, spans in found.items() if spans]
    if not known:
        return None
    _, name, spans = min(known, key=lambda entry: entry[:2])
    return {"variant": name, **spans}


def sentences(material: Material, t: Texts, facts: dict[str, Any]) -> dict[str, str]:
    """Write the three sentences of a year, as the start page and the draft programme have them.

    Parameters
    ----------
    material : Material
    t : Texts
    facts : dict
        Record of :func:`message`.

    Returns
    -------
    dict
        ``comes``, ``solves`` and ``decide``.
    """
    year, least, decide = facts["year"], facts["least"], decisions(material)
    base = select.base_year(material.tables)
    first = (base[0] if base else min(material.years)) == year and len(material.years) > 1
    counts = {name: t.number(facts[name]) for name in ("solved", "eased", "same")}
    solves = [t("index.solves_text", year=year, total=t.number(facts["frozen"]), **counts)]
    solves += [t.count("index.added", facts["added"])] if facts["added"] else []
    starts = [p["start_by_year"] for p in decide if not math.isnan(p["start_by_year"])]
    choice = [t.count("index.decide_text", len(decide))]
    if starts:
        soon = int(min(starts)) + 1
        choice.append(t.count("index.decide_soon", sum(s <= soon for s in starts), year=soon))
    if least:
        name = t.label("grid_state", least["variant"]).lower()
        choice.append(t("index.least", variant=name, mw=t.span(*least["mw"])))
    return {
        "comes": _comes(t, facts),
        "solves": t("index.solves_base", year=year) if first else " ".join(solves),
        "decide": " ".join(choice),
    }


def waits(spans: dict[str, tuple[float, float]] | None) -> bool:
    """Whether anything worth telling waits."""
    return spans is not None and spans["mw"][1] >= TOLD_MW


def _comes(t: Texts, facts: dict[str, Any]) -> str:
    spans, year = facts["waiting"], facts["year"]
    if not waits(spans):
        directions = {name: t.number(facts[name]) for name in ("take_off", "feed_in")}
        return t.count("index.comes_places", facts["frozen"], year=year, **directions)
    people = {name: t.about(*spans[name]) for name in ("homes", "firms")}
    words = [t("index.comes_waiting", year=year, mw=t.span(*spans["mw"]), **people)]
    if spans["feed_in_mw"][1] >= TOLD_MW:
        words.append(t("index.comes_feed_in", mw=t.span(*spans["feed_in_mw"])))
    return " ".join(words)


def decisions(material: Material) -> list[dict[str, Any]]:
    """Give what is put to the working group: the proposed rows, else the explorations that must start."""
    listed = select.proposal(material.checks.get("project_proposal", pd.DataFrame()), material.projects)
    if listed:
        rows = listed.get("to_decide", [])
        return [row["project"] for row in rows if row["model_proposal"] == "proposed"]
    return list(select.to_decide(material.projects)["start"])


def overview_map(material: Material) -> dict[str, Any]:
    """Give the drawing of the two small maps, and the status of everything on it.

    Returns
    -------
    dict
        ``width``, ``height``; ``areas`` (gm_code, name, cluster, path, x, y); ``lines`` (asset, x1, y1, x2,
        y2); ``stations`` (station, name, x, y); and ``status``: by grid state and year a text with one
        sign per line and then per station, its place in :data:`CLASSES` or :data:`NO_CLASS`.
    """
    shown = material.map
    features = features_of(material.inputs_dir / "regions" / "boundaries.geojson")
    corners = [point for feature in features for ring in rings_of(feature) for point in ring]
    dots = [f["geometry"]["coordinates"] for f in shown["stations"]["features"]]
    fit = projection(corners or [(x, y) for x, y in dots])

    def inside(x: float, y: float) -> bool:
        return -MARGIN <= x <= WIDTH + MARGIN and -MARGIN <= y <= fit.height + MARGIN

    areas = []
    for feature, label in zip(features, shown["labels"]["features"], strict=True):
        rings = [[fit.point(*point) for point in ring] for ring in rings_of(feature)]
        path = "".join("M" + "L".join(f"{x:g} {y:g}" for x, y in ring) + "Z" for ring in rings)
        x, y = fit.point(*label["geometry"]["coordinates"])
        areas.append({**label["properties"], "path": path, "x": x, "y": y})
    lines, stations = [], []
    for feature in shown["lines"]["features"]:
        (x1, y1), (x2, y2) = (fit.point(*point) for point in feature["geometry"]["coordinates"])
        if not feature["properties"]["info"] and (inside(x1, y1) or inside(x2, y2)):
            lines.append({"asset": feature["properties"]["asset"], "x1": x1, "y1": y1, "x2": x2, "y2": y2})
    for feature in shown["stations"]["features"]:
        x, y = fit.point(*feature["geometry"]["coordinates"])
        if inside(x, y):
            facts = feature["properties"]
            stations.append(
                {
                    "station": facts["station"],
                    "name": facts["name"],
                    "assets": facts["assets"],
                    "x": x,
                    "y": y,
                }
            )
    drawn = [[line["asset"]] for line in lines] + [s["assets"].split(";") for s in stations]
    status = _statuses(material, drawn)
    return {
        "width": WIDTH, "height": fit.height, "areas": areas, "lines": lines, "stations": stations, "status": status,
    }  # fmt: skip


def _statuses(material: Material, drawn: list[list[str]]) -> dict[str, dict[str, str]]:
    """Give the worst status over directions and storylines of each drawn thing, as one sign each."""
    found = payload.loading_payload(material.tables, material.codes())
    ids = [asset[0] for asset in found["assets"]]
    worst: dict[tuple[int, int, str], int] = {}
    for row in found["rows"]:
        key = (row[1], row[3], ids[row[0]])
        worst[key] = max(worst.get(key, 0), int(row[11]))

    def sign(state: int, year: int, assets: list[str]) -> str:
        known = [worst[state, year, asset] for asset in assets if (state, year, asset) in worst]
        return str(max(known)) if known else NO_CLASS

    return {
        name: {
            str(year): "".join(sign(s, y, assets) for assets in drawn)
            for y, year in enumerate(material.years)
        }
        for s, name in enumerate(material.states)
    }


def search_index(material: Material) -> list[list[str]]:
    """Give what can be searched, in any language: kind, name, what it belongs to, and the page.

    Places and municipalities open the page of their municipality, stations the map, assets and projects
    their own page, clusters their story.
    """
    study = {town["gm_code"]: town["name"] for town in towns(material)}
    rows = [["municipality", name, "", f"municipalities.html#gm={code}"] for code, name in study.items()]
    places = material.inputs["regions/places"].sort_values("population", ascending=False, kind="stable")
    rows += [
        ["place", place["place"], study[place["gm_code"]], f"municipalities.html#gm={place['gm_code']}"]
        for place in records(places)
        if place["gm_code"] in study and place["place"] != study[place["gm_code"]]
    ]
    rows += [
        ["station", f["properties"]["name"], "", f"map.html#p=station:{f['properties']['station']}"]
        for f in material.map["stations"]["features"]
    ]
    assets = material.tables["loading"].drop_duplicates("asset_id").sort_values("asset_name")
    rows += [
        ["asset", a["asset_name"] or a["asset_id"], a["operator"], f"assets.html#id={a['asset_id']}"]
        for a in records(assets)
    ]
    rows += [["project", p["name"], p["cluster"], p["page"]] for p in material.projects]
    return rows


def payload_of(material: Material, drawing: dict[str, Any]) -> dict[str, Any]:
    """Give the data of the start page: statuses and counts of bottlenecks by grid state and year."""
    rows = compare.about_province(material.tables["bottlenecks"], material.bottlenecks)
    counted = rows.groupby(["grid_state", "year"])["bottleneck_id"].nunique()
    counts: dict[str, dict[str, int]] = {}
    for row in records(counted.reset_index()):
        counts.setdefault(row["grid_state"], {})[str(row["year"])] = int(row["bottleneck_id"])
    return {"classes": CLASSES, "status": drawing["status"], "counts": counts}
