"""Data that the pages' scripts read, made small: codes become positions, figures are rounded."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pandas as pd

from pmiek.publish.report import checks
from pmiek.publish.report.scripts import write_script
from pmiek.publish.report.tables import STATUSES
from pmiek.results.bottlenecks.status import capacity_status

CURVE_POINTS = 60
HEATMAPS_PER_ASSET = 40
CURVE_KEY = ["asset_id", "direction", "grid_state", "storyline", "year"]
SHARE_KEY = ["bottleneck_id", "grid_state", "storyline", "year", "weather_year"]
DIRECTIONS = ["take-off", "feed-in"]
FACT_PARTS = ("published", "modelled")
Key = tuple[Any, ...]


def worst_weather_year(rows: pd.DataFrame, value: str) -> pd.DataFrame:
    """Keep per asset, direction, grid state, storyline and year the weather year with the highest value."""
    if rows.empty:
        return rows
    peaks = rows.groupby([*CURVE_KEY, "weather_year"])[value].max().reset_index()
    best = peaks.sort_values(value, ascending=False, kind="stable").drop_duplicates(CURVE_KEY)
    return rows.merge(best[[*CURVE_KEY, "weather_year"]], on=[*CURVE_KEY, "weather_year"])


def loading_payload(tables: Mapping[str, pd.DataFrame], codes: Mapping[str, list[Any]]) -> dict[str, Any]:
    """Give the map's figures: per asset, grid state, storyline, year and direction the heaviest row.

    Parameters
    ----------
    tables : mapping
        Needs ``loading``.
    codes : mapping
        ``storylines``, ``years``, ``states`` in the order whose positions are used.

    Returns
    -------
    dict
        ``assets`` (id and facts) and ``rows``: asset, state, storyline, year, direction (positions),
        loading (%), contingency, weather year, peak (MW), limit (MW), lost load (MW), position in
        :data:`STATUSES`; the status is the worst of the weather years.
    """
    rows = tables["loading"]
    key = ["asset_id", "grid_state", "storyline", "year", "direction"]
    heaviest = rows.sort_values("loading_pct", ascending=False, kind="stable").drop_duplicates(key)
    status = capacity_status(rows)
    places = status.assign(place=status["status"].map({s: i for i, s in enumerate(STATUSES)}))
    # Without a loading there is no place on the scale: it is confidential, and no shortage.
    places["place"] = places["place"].where(places["loading_pct"].notna())
    place_of = places.groupby(key)["place"].max()
    given = rows[rows["status_class"] != ""]
    named = given.assign(place=given["status_class"].map({s: i for i, s in enumerate(STATUSES)}))
    place_of.update(named.groupby(key)["place"].max())
    heaviest = heaviest.join(place_of, on=key).dropna(subset=["place"])
    assets = rows.drop_duplicates("asset_id").sort_values("asset_id")
    facts = ["asset_id", "asset_name", "asset_class", "station", "gm_code", "cluster", "operator", "quality"]
    position = {asset: i for i, asset in enumerate(assets["asset_id"])}
    place = {name: {code: i for i, code in enumerate(values)} for name, values in codes.items()}
    heaviest = heaviest[heaviest["direction"].isin(DIRECTIONS)].sort_values(key)
    out = [
        [
            position[row.asset_id],
            place["states"][row.grid_state],
            place["storylines"][row.storyline],
            place["years"][row.year],
            DIRECTIONS.index(str(row.direction)),
            _rounded(row.loading_pct, 0),
            row.contingency,
            row.weather_year,
            _rounded(row.peak_mw, 1),
            _rounded(row.limit_mw, 1),
            _rounded(row.lost_load_mw, 1),
            _rounded(row.place, 0),
        ]
        for row in heaviest.itertuples()
    ]
    return {"facts": facts, "assets": assets[facts].to_numpy().tolist(), "rows": out}


def write_assets(
    tables: Mapping[str, pd.DataFrame],
    projects: list[dict[str, Any]],
    optional: Mapping[str, pd.DataFrame],
    site_dir: Path,
    *,
    station_ids: Mapping[str, str] | None = None,
    facts: Mapping[str, Any] | None = None,
) -> dict[str, str]:
    """Write one script per asset with its curves, heat maps, shares, bottlenecks, checks and projects.

    Returns
    -------
    dict
        File name below ``data/assets`` by asset id.
    """
    parts = {
        "duration": _by_asset(worst_weather_year(tables["duration"], "loading_pct")),
        "heat": _by_asset(worst_weather_year(tables["heatmap"], "max_loading_pct")),
        "days": _by_asset(tables["day_heatmap"]),
        "rows": _by_asset(tables["bottlenecks"]),
    }
    near = {"near_bottlenecks": tables["near_bottlenecks"], **optional}
    checked = checks.by_asset(near, tables["loading"], tables["bottlenecks"], station_ids)
    shares = {column: _largest(tables["bottleneck_shares"], column) for column in ("sector", "gm_code")}
    quality = dict(zip(tables["loading"]["asset_id"], tables["loading"]["quality"], strict=True))
    ids = sorted(set(tables["loading"]["asset_id"]) | set(tables["bottlenecks"]["asset_id"]))
    stations = tables["loading"]
    stations = stations[stations["asset_class"] == "station_transformer"]
    places = dict(zip(stations["asset_id"], stations["station_id"], strict=True))
    files = {}
    for number, asset in enumerate(ids):
        rows = parts["rows"].get(asset)
        files[asset] = f"a{number:04d}.js"
        value = {
            "id": asset,
            "quality": quality.get(asset, ""),
            "duration": _curves(parts["duration"].get(asset)),
            "heat": _heat(parts["heat"].get(asset)),
            "days": _days(parts["days"].get(asset)),
            "rows": _bottlenecks(rows),
            "shares": _shares(rows, shares),
            "checks": checks.payload(checked, asset),
            "projects": _solving(asset, rows, projects),
            "station": places.get(asset, ""),
            "facts": _facts_of(facts, places.get(asset, "")),
            "stated": (facts or {}).get("stated", {}).get(asset, []),
        }
        write_script("asset", value, site_dir / "data" / "assets" / files[asset])
    return files


def _facts_of(facts: Mapping[str, Any] | None, station: str) -> dict[str, Any] | None:
    """Give what is published and modelled of one station; None without a station."""
    if not facts or not station:
        return None
    return {
        "columns": facts["columns"],
        **{part: {station: facts[part].get(station, {})} for part in FACT_PARTS},
    }


def _by_asset(rows: pd.DataFrame) -> dict[str, pd.DataFrame]:
    return {str(asset): part for asset, part in rows.groupby("asset_id")}


def _curves(rows: pd.DataFrame | None) -> list[dict[str, Any]]:
    """Give the duration curves, thinned to about ``CURVE_POINTS`` with the first and the last point kept."""
    if rows is None:
        return []
    key = [*CURVE_KEY, "weather_year"]
    points = rows.sort_values([*key, "quantile"], kind="stable")
    place = points.groupby(key).cumcount()
    last = points.groupby(key)["quantile"].transform("size") - 1
    step = (place * (CURVE_POINTS - 1) / last.clip(lower=1)).astype(int)
    wanted = (last < CURVE_POINTS) | (place == last) | (place == 0) | (step != step.shift())
    points = points[wanted].round({"quantile": 4, "loading_pct": 1})
    out: dict[Key, dict[str, Any]] = {}
    for *found, quantile, value in points[[*key, "quantile", "loading_pct"]].itertuples(
        index=False, name=None
    ):
        curve = out.setdefault(tuple(found), {"q": [], "v": []})
        curve["q"].append(quantile)
        curve["v"].append(value)
    return [{**_named(found), **curve} for found, curve in out.items()]


def _named(key: Key) -> dict[str, Any]:
    _, direction, state, storyline, year, weather_year = key
    return {"d": direction, "g": state, "s": storyline, "y": int(year), "w": int(weather_year)}


def _heat(rows: pd.DataFrame | None) -> list[dict[str, Any]]:
    """Give the heat maps with the highest loading; more would only make the page slow to open."""
    if rows is None:
        return []
    key = [*CURVE_KEY, "weather_year"]
    tops = rows.groupby(key)["max_loading_pct"].max().nlargest(HEATMAPS_PER_ASSET)
    kept = rows.merge(tops.index.to_frame(index=False), on=key)
    cells = [*key, "month", "hour_local", "max_loading_pct"]
    ranked: dict[Key, float] = dict(zip(tops.index.to_list(), tops.to_list(), strict=True))
    grids: dict[Key, list[list[float | None]]] = {k: [[None] * 24 for _ in range(12)] for k in ranked}
    for *found, month, hour, value in kept[cells].itertuples(index=False, name=None):
        grids[tuple(found)][month - 1][hour] = _rounded(value, 0)
    return [{**_named(k), "z": grids[k], "top": _rounded(top, 1)} for k, top in ranked.items()]


def _days(rows: pd.DataFrame | None) -> list[dict[str, Any]]:
    """Give per direction the heaviest case and its loading per local hour and day; none where no hour is."""
    if rows is None:
        return []
    out = []
    for found, part in rows.groupby([*CURVE_KEY, "weather_year"]):
        lines = part.sort_values("hour_local")["loading_pct_by_day"]
        days = [[int(value) if value.isdigit() else None for value in line.split()] for line in lines]
        out.append({**_named(found), "z": days, "top": _rounded(part["max_loading_pct"].max(), 1)})
    return out


def _bottlenecks(rows: pd.DataFrame | None) -> list[dict[str, Any]]:
    if rows is None:
        return []
    heaviest = rows.sort_values("loading_pct", ascending=False, kind="stable").drop_duplicates(CURVE_KEY)
    return [
        {
            **_named(
                (row.asset_id, row.direction, row.grid_state, row.storyline, row.year, row.weather_year)
            ),
            "id": row.bottleneck_id,
            "pct": _rounded(row.loading_pct, 0),
            "mw": _rounded(row.exceedance_mw, 1),
            "hours": _rounded(row.hours, 0),
            "mwh": _rounded(row.energy_mwh, 0),
            "limit": _rounded(row.limit_mw, 1),
            "n": row.contingency,
            "outage": row.binding_outage,
            "season": row.season,
            "sensitive": row.capacity_sensitive,
        }
        for row in heaviest.sort_values(CURVE_KEY).itertuples()
    ]


def _shares(rows: pd.DataFrame | None, shares: Mapping[str, Mapping[Key, list[Any]]]) -> list[dict[str, Any]]:
    out = []
    for row in [] if rows is None else _bottlenecks(rows):
        key = (row["id"], row["g"], row["s"], row["y"], row["w"])
        if key in shares["sector"]:
            named = {name: row[name] for name in ("d", "g", "s", "y", "w")}
            out.append({**named, "sector": shares["sector"][key], "gm": shares["gm_code"].get(key, [])})
    return out


def _largest(shares: pd.DataFrame, column: str, most: int = 10) -> dict[Key, list[Any]]:
    """Give the largest shares per bottleneck row by sector or municipality."""
    sums = shares[shares[column] != ""].groupby([*SHARE_KEY, column])["share"].sum().reset_index()
    total = sums.sort_values("share", ascending=False, kind="stable")
    total = total[total.groupby(SHARE_KEY).cumcount() < most]
    out: dict[Key, list[Any]] = {}
    for *key, name, share in total[[*SHARE_KEY, column, "share"]].itertuples(index=False, name=None):
        out.setdefault(tuple(key), []).append([name, _rounded(share, 3)])
    return out


def _solving(asset: str, rows: pd.DataFrame | None, projects: list[dict[str, Any]]) -> list[dict[str, str]]:
    mine = set() if rows is None else set(rows["bottleneck_id"])
    return [
        {"id": p["project_id"], "name": p["name"], "type": p["type"], "page": p["page"]}
        for p in projects
        if asset in p["assets"] or mine.intersection(p["bottlenecks"])
    ]


def _rounded(value: Any, decimals: int) -> float | None:
    return None if pd.isna(value) else round(float(value), decimals)
