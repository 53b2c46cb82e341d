"""The base year beside what is published and measured about it: one line each, with a verdict.

Nothing here is fitted and nothing limits anything. A published need holds contracts that are not used yet and
excludes the queue: it is an upper anchor, not a metered peak. So a station is judged on its share of its
congestion area where enough of that area is published, and the absolute need only caps it.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

import numpy as np
import pandas as pd

from pmiek.network.published import AREAS, JOINS, TAKE_OFF, latest, limit_areas
from pmiek.results.registry import result_tables

if TYPE_CHECKING:
    from collections.abc import Hashable, Mapping

TRANSMISSION: Final = "grid/transmission_areas"
UNITS: Final = "grid/transformers"
PRICES: Final = "validation/day_ahead_years"
EXCEPTIONS: Final = "validation/base_year_exceptions"
EDITIONS: Final = "editions"

FEEDING_AREA, APART = "feeding area", "feeding area apart"
ENERGY, HUNG, PRICE, WHOLE = "municipal energy", "energy on stations", "price", "table"
PASSED, ABOVE_NEED, ABOVE_CAPACITY, ABOVE, BELOW = (
    "passed", "above need", "above capacity", "above", "below",
)  # fmt: skip
CONGESTION, NOT_PUBLISHED, NOT_CALCULATED = "published congestion", "not published", "not calculated"
EXCEPTION, FAILED = "exception", "failed"
#: Lines with one of these say nothing about the model.
SILENT: Final = (NOT_PUBLISHED, NOT_CALCULATED)
#: Kinds that are judged on a figure from outside. Energy on stations only compares the model with its own input,
#: and of an area apart most of the load lies outside the study area.
COMPARED: Final = (FEEDING_AREA, ENERGY, PRICE)

TOLERANCE: Final = 0.15
"""Difference from a published figure or share within which a line passes."""
FEWEST_IN_SHARE: Final = 3
"""Areas that a share needs: of two, each is the complement of the other."""
FEWEST_POSTCODES: Final = 30
"""Study postcodes below which most of an area's load lies outside the study area."""
HUNG_PCT: Final = 0.1
"""Difference (%) between the energy of the inputs and that on the stations, from rounding alone."""
MOST_EXCEPTIONS: Final = 0.1
LEAST_PASSED: Final = 0.8
FULL_PCT: Final = 100.0
FROZEN: Final = "frozen"
KEY: Final = ["limit_area", "direction"]


@dataclass(frozen=True)
class Published:
    """What is published about one area and direction.

    Attributes
    ----------
    need, low, high : float
        Needed capacity (MW) on the latest day, and its range over all days; NaN if it is not published.
    share : float
        Its part of the needs of its congestion area; NaN where no share can be made.
    is_congested : bool
        Whether the need of the area, or of the congestion area above it, exceeds the capacity.
    """

    need: float
    low: float
    high: float
    share: float
    is_congested: bool


def area_verdict(published: Published, peak_mw: float, share: float, loading_pct: float) -> tuple[str, str]:
    """Judge the base-year peak of one feeding area and direction.

    Parameters
    ----------
    published : Published
        What is published about it.
    peak_mw, share, loading_pct : float
        Modelled peak, its part of the same sum as the published share, and the highest loading of the area's
        transformer groups against the limit in force.

    Returns
    -------
    verdict : str
        In this order: *not calculated* without a modelled peak; *above need* over the highest published need;
        over a full limit *published congestion* where a published need exceeds the capacity too and *above
        capacity* elsewhere; *not published* without a need; then *passed*, *above* or *below*.
    basis : str
        What decided: need, capacity, days (between two days of statement), share, or empty.
    """
    if np.isnan(peak_mw):
        return NOT_CALCULATED, ""
    if peak_mw > published.high:
        return ABOVE_NEED, "need"
    if loading_pct > FULL_PCT:
        return (CONGESTION if published.is_congested else ABOVE_CAPACITY), "capacity"
    if np.isnan(published.need):
        return NOT_PUBLISHED, ""
    if published.low < published.high and published.low <= peak_mw:
        return PASSED, "days"
    if np.isnan(published.share):
        return near(published.need, peak_mw), "need"
    return near(published.share, share), "share"


def near(published: float, model: float) -> str:
    """Judge a figure against a published one: *passed* within :data:`TOLERANCE`, else *above* or *below*."""
    if abs(model - published) <= TOLERANCE * abs(published):
        return PASSED
    return ABOVE if model > published else BELOW


def base_year_table(
    tables: Mapping[str, pd.DataFrame],
    loading: pd.DataFrame,
    checks: Mapping[str, pd.DataFrame],
    base_year: int,
) -> pd.DataFrame:
    """Return the base year beside everything published about it.

    Parameters
    ----------
    tables : mapping
        Input tables: ``grid/feeding_areas``, ``grid/area_stations``, ``grid/transmission_areas``,
        ``grid/transformers``, ``validation/day_ahead_years``, ``validation/base_year_exceptions``,
        ``editions`` and ``regions/municipalities``. The validation tables and ``editions`` may be missing.
    loading : DataFrame
        Result table ``loading``.
    checks : mapping
        Result tables ``heat_check``, ``energy_check`` and ``market_years``; one that is missing gives no lines.
    base_year : int
        Base year, which all storylines share.

    Returns
    -------
    DataFrame
        Result table ``base_year``; without rows if the batch has no base year on today's grid.
    """
    rows = loading[(loading["grid_state"] == FROZEN) & (loading["year"] == base_year)]
    if rows.empty:
        return _conformed(pd.DataFrame())
    places = tables["regions/municipalities"]
    names = dict(zip(places["gm_code"].astype(str), places["name"].astype(str), strict=True))
    parts = [
        _feeding_areas(tables, rows),
        _energy(checks.get("heat_check"), names),
        _hung(checks.get("energy_check"), base_year, names),
        _prices(tables.get(PRICES), checks.get("market_years"), base_year),
    ]
    lines = pd.concat([part for part in parts if len(part)], ignore_index=True)
    lines = _with_exceptions(lines.assign(year=base_year), tables)
    return _conformed(pd.concat([_whole(lines).assign(year=base_year), lines], ignore_index=True))


def _conformed(lines: pd.DataFrame) -> pd.DataFrame:
    table = result_tables()["base_year"]
    text = [name for name in table.names if name not in NUMBERS]
    out = lines.reindex(columns=table.names)
    out[text] = out[text].astype(object).where(out[text].notna(), "")
    return table.conform(out)


NUMBERS: Final = frozenset(
    [
        "year", "capacity_mw", "published", "published_low", "published_high", "model", "loading_pct",
        "published_share", "model_share", "weather_year", "expires_edition",
    ]
)  # fmt: skip


def _feeding_areas(tables: Mapping[str, pd.DataFrame], rows: pd.DataFrame) -> pd.DataFrame:
    """One line per limit (one or more feeding areas that share stations) and direction."""
    areas, joins = tables[AREAS], tables[JOINS]
    if areas.empty or joins.empty:
        return pd.DataFrame()
    area_of = limit_areas(joins)
    facts = _facts(areas, joins, area_of)
    peaks = _peaks(rows, tables[UNITS], area_of)
    lines = facts.join(peaks, on=KEY)
    congested = _congested_areas(tables[TRANSMISSION])
    above = pd.Series(
        [pair in congested for pair in zip(lines["share_area"], lines["direction"], strict=True)],
        index=lines.index,
    )
    lines["is_congested"] = (lines["published"] > lines["capacity_mw"]) | above
    lines = _shares(lines)
    judged = [_judged(row) for row in lines.to_dict("records")]
    lines["verdict"] = [verdict for verdict, _ in judged]
    lines["basis"] = [basis for _, basis in judged]
    inside = lines["postcodes"].ge(FEWEST_POSTCODES)
    kind = np.where(inside, FEEDING_AREA, APART)
    return lines.assign(kind=kind, unit="MW", line_id=lines["limit_area"])


def _judged(row: Mapping[Hashable, Any]) -> tuple[str, str]:
    published = Published(
        need=float(row["published"]),
        low=float(row["published_low"]),
        high=float(row["published_high"]),
        share=float(row["published_share"]),
        is_congested=bool(row["is_congested"]),
    )
    return area_verdict(published, float(row["model"]), float(row["model_share"]), float(row["loading_pct"]))


def _facts(areas: pd.DataFrame, joins: pd.DataFrame, area_of: pd.Series) -> pd.DataFrame:
    """Capacity and need per limit and direction; a figure that one of its areas does not state is unknown."""
    label = joins.assign(limit_area=joins["station_id"].map(area_of))
    postcodes = label.groupby("limit_area")["study_postcodes"].sum()
    label = label.drop_duplicates("feeding_area_id")[["feeding_area_id", "limit_area"]]
    last = areas.sort_values("snapshot_date", kind="stable").groupby(["feeding_area_id", "direction"]).last()
    # groupby.last passes over blanks, so the name of a congestion area stands even if one day left it out
    per_area = last[["name", "transmission_area", "source", "quality"]].join(
        latest(areas, "existing_capacity_mw")[["value"]].rename(columns={"value": "capacity_mw"})
    )
    per_area = per_area.join(
        latest(areas, "needed_capacity_mw").rename(
            columns={"value": "published", "low": "published_low", "high": "published_high"}
        )
    )
    per_area["stated_on"] = per_area["stated_on"].fillna(
        latest(areas, "existing_capacity_mw")["stated_on"].reindex(per_area.index)
    )
    by = per_area.reset_index().merge(label, on="feeding_area_id").groupby(KEY)
    figures = ["capacity_mw", "published", "published_low", "published_high"]
    sums = by[figures].sum(min_count=1).where(by[figures].count().eq(by.size(), axis=0))
    single = by["transmission_area"].nunique(dropna=False) == 1
    text = by[["transmission_area", "source", "quality", "stated_on"]].first()
    text["name"] = by["name"].agg("; ".join)
    out = sums.join(text).reset_index().rename(columns={"transmission_area": "share_area"})
    out["share_area"] = out["share_area"].where(single.to_numpy()).fillna("")
    # Where the area is published for one direction only, it groups the other too: a share needs neighbours,
    # and nothing is limited by it.
    other = out[out["share_area"] != ""].drop_duplicates("limit_area").set_index("limit_area")["share_area"]
    out["share_area"] = out["share_area"].where(out["share_area"] != "", out["limit_area"].map(other)).fillna("")
    return out.assign(postcodes=out["limit_area"].map(postcodes))


def _peaks(rows: pd.DataFrame, units: pd.DataFrame, area_of: pd.Series) -> pd.DataFrame:
    """Peak and loading per limit and direction in its heaviest weather year.

    Take-off is what counts with one unit out, feed-in with all in service. Groups of one limit are added: their
    peaks need not fall in one hour, so the sum of several is an upper bound.
    """
    group = units[units["kind"] == "station"].drop_duplicates("group_id").set_index("group_id")["station_id"]
    found = rows[rows["asset_class"] == "station_transformer"]
    found = found.assign(limit_area=found["asset_id"].map(group).map(area_of)).dropna(subset="limit_area")
    wanted = np.where(found["direction"] == TAKE_OFF, "N-1", "N-0")
    found = found[found["contingency"] == wanted]
    case = [*KEY, "storyline", "weather_year"]
    sums = found.groupby(case, as_index=False).agg(
        model=("peak_mw", "sum"),
        loading_pct=("loading_pct", "max"),
        asset_ids=("asset_id", lambda ids: ";".join(sorted(set(ids)))),
        contingency=("contingency", "first"),
    )
    heaviest = sums.sort_values("model", kind="stable").drop_duplicates(KEY, keep="last").set_index(KEY)
    # a limit may differ per season, so the fullest year need not be the one with the highest peak
    heaviest["loading_pct"] = sums.groupby(KEY)["loading_pct"].max()
    return heaviest[["model", "loading_pct", "asset_ids", "contingency", "weather_year"]]


def _congested_areas(transmission: pd.DataFrame) -> set[tuple[str, str]]:
    """Congestion areas whose need exceeds their capacity in the first year of the latest statement."""
    ordered = transmission.sort_values(["snapshot_date", "year"], ascending=[False, True], kind="stable")
    first = ordered.drop_duplicates(["transmission_area", "direction"])
    over = first[first["needed_capacity_mw"] > first["existing_capacity_mw"]]
    return set(zip(over["transmission_area"], over["direction"], strict=True))


def _shares(lines: pd.DataFrame) -> pd.DataFrame:
    """Add the part of each line in the sum over its congestion area, of needs stated on the same day."""
    usable = (
        lines["share_area"].ne("")
        & lines["published"].gt(0)
        & lines["model"].notna()
        & lines["postcodes"].ge(FEWEST_POSTCODES)
    )
    by = lines[usable].groupby(["share_area", "direction", "stated_on"])
    enough = by["published"].transform("size") >= FEWEST_IN_SHARE
    for column in ("published", "model"):
        part = (lines.loc[usable, column] / by[column].transform("sum")).where(enough)
        lines[f"{column}_share"] = part.reindex(lines.index)
    return lines


def _energy(check: pd.DataFrame | None, names: Mapping[str, str]) -> pd.DataFrame:
    """One line per municipality and published use of gas or heat."""
    if check is None or check.empty:
        return pd.DataFrame()
    return pd.DataFrame(
        {
            "kind": ENERGY,
            "line_id": check["gm_code"] + " " + check["quantity"],
            "name": check["gm_code"].map(names),
            "direction": "",
            "quantity": check["quantity"],
            "unit": "MWh",
            "stated_on": check["published_year"].astype(int).astype(str),
            "published": check["published_mwh"],
            "model": check["model_mwh"],
            "quality": check["quality"],
            "verdict": [near(*pair) for pair in zip(check["published_mwh"], check["model_mwh"], strict=True)],
        }
    )


def _hung(check: pd.DataFrame | None, base_year: int, names: Mapping[str, str]) -> pd.DataFrame:
    """One line per municipality: whether all energy of the inputs hangs on a station or outside."""
    rows = pd.DataFrame() if check is None or check.empty else check[check["year"] == base_year]
    if rows.empty:
        return pd.DataFrame()
    # the base year is shared; the storyline with the largest difference is shown
    rows = rows.assign(size=rows["difference_pct"].abs()).sort_values("size", ascending=False, kind="stable")
    rows = rows.drop_duplicates(["gm_code", "carrier", "kind"]).sort_values(["gm_code", "carrier", "kind"])
    within = rows["size"].fillna(0.0) <= HUNG_PCT
    more = rows["difference_pct"] > 0
    return pd.DataFrame(
        {
            "kind": HUNG,
            "line_id": rows["gm_code"] + " " + rows["carrier"] + " " + rows["kind"],
            "name": rows["gm_code"].map(names),
            "direction": "",
            "quantity": rows["kind"],
            "unit": "MWh",
            "published": rows["input_mwh"] + rows["parks_mwh"],
            "model": rows["model_mwh"],
            "verdict": np.where(within, PASSED, np.where(more, ABOVE, BELOW)),
        }
    )


def _prices(
    measured: pd.DataFrame | None, market: pd.DataFrame | None, base_year: int
) -> pd.DataFrame:
    """One line per statistic of the national price, mean over the weather years, beside the measured year."""
    if measured is None or market is None or measured.empty:
        return pd.DataFrame()
    known, rows = measured[measured["year"] == base_year], market[market["year"] == base_year]
    if known.empty or rows.empty:
        return pd.DataFrame()
    fact, mean = known.iloc[0], rows.mean(numeric_only=True)
    euro, hours = "EUR/MWh", "h/year"
    pairs = {
        "price_mean": (euro, fact["mean_eur_per_mwh"], mean["price_mean_eur_per_mwh"]),
        "price_spread": (
            euro,
            fact["p95_eur_per_mwh"] - fact["mean_eur_per_mwh"],
            mean["price_p95_eur_per_mwh"] - mean["price_mean_eur_per_mwh"],
        ),
        "hours_at_or_below_1_eur": (hours, fact["hours_at_or_below_1_eur"], mean["hours_low_price"]),
        # the national model has no bid below zero, so this is shown and not judged
        "hours_below_zero": (hours, fact["hours_below_zero"], np.nan),
    }
    return pd.DataFrame(
        [
            {
                "kind": PRICE,
                "line_id": name,
                "name": "",
                "direction": "",
                "quantity": name,
                "unit": unit,
                "stated_on": str(base_year),
                "published": float(value),
                "model": float(model),
                "source": fact["source"],
                "quality": fact["quality"],
                "verdict": NOT_CALCULATED if np.isnan(model) else near(float(value), float(model)),
            }
            for name, (unit, value, model) in pairs.items()
        ]
    )


def _with_exceptions(lines: pd.DataFrame, tables: Mapping[str, pd.DataFrame]) -> pd.DataFrame:
    """Mark failed lines that have an exception in force; what the line would be stays beside it."""
    lines = lines.assign(without_exception=lines["verdict"])
    given = tables.get(EXCEPTIONS)
    if given is None or given.empty:
        return lines
    editions = tables.get(EDITIONS)
    edition = 0 if editions is None or editions.empty else int(editions["number"].max())
    given = given[given["expires_edition"] > edition]
    columns = ["cause", "evidence", "owner", "request", "expires_edition"]
    wanted = given.rename(columns={"asset_id": "line_id"})[["line_id", "direction", *columns]]
    wanted = wanted.assign(direction=wanted["direction"].fillna(""))
    out = lines.merge(wanted, on=["line_id", "direction"], how="left")
    fails = ~out["verdict"].isin([PASSED, CONGESTION, *SILENT])
    excused = fails & out["expires_edition"].notna()
    out["verdict"] = out["verdict"].mask(excused, EXCEPTION)
    out[columns] = out[columns].where(excused)
    return out


def _whole(lines: pd.DataFrame) -> pd.DataFrame:
    """Judge the table: few exceptions, most needs passed, and nothing above what is published."""
    judged = lines[lines["kind"].isin(COMPARED) & ~lines["verdict"].isin(SILENT)]
    shares = judged.get("published_share", pd.Series(index=judged.index, dtype=float))
    needs = judged[shares.notna()]
    excused = judged["verdict"].eq(EXCEPTION)
    above = lines["verdict"].isin([ABOVE_NEED, ABOVE_CAPACITY]).sum()
    rows: list[tuple[str, str, float, float, bool]] = []
    if len(judged):
        share = 100.0 * float(excused.mean())
        rows.append(("exceptions", "%", 100.0 * MOST_EXCEPTIONS, share, share <= 100.0 * MOST_EXCEPTIONS))
    if len(needs):
        share = 100.0 * float(_need_passed(needs).mean())
        rows.append(("needs_passed", "%", 100.0 * LEAST_PASSED, share, share >= 100.0 * LEAST_PASSED))
    if lines["kind"].isin([FEEDING_AREA, APART]).any():
        rows.append(("above_published", "lines", 0.0, float(above), above == 0))
    return pd.DataFrame(
        [
            {
                "kind": WHOLE,
                "line_id": name,
                "direction": "",
                "quantity": name,
                "unit": unit,
                "published": bound,
                "model": value,
                "verdict": PASSED if passed else FAILED,
                "without_exception": PASSED if passed else FAILED,
            }
            for name, unit, bound, value, passed in rows
        ]
    )


def _need_passed(lines: pd.DataFrame) -> pd.Series:
    """Whether an area follows its published share, or lies between two days that differ; its limit aside."""
    close = (lines["model_share"] / lines["published_share"] - 1.0).abs() <= TOLERANCE
    moved = lines["published_low"] < lines["published_high"]
    return close | (moved & lines["model"].between(lines["published_low"], lines["published_high"]))
