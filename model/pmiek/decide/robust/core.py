"""The core that every future builds, the options that some build, and by when one must decide."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import numpy as np
import pandas as pd

if TYPE_CHECKING:
    from collections.abc import Hashable, Mapping
    from typing import Any

    from pmiek.inputs import Tables

CORE: Final = "core"
OPTION: Final = "option"
NEVER: Final = "never"
COLUMNS: Final = [
    "asset_id", "asset_class", "project_id", "carrier", "cluster", "storylines_built", "storylines_total",
    "variants_built", "variants_total", "runs_built", "runs_total", "weather_years", "weather_years_total",
    "year_first", "year_last", "size_low_mw", "size_high_mw", "class", "sign_nl", "sign_en", "decide_by_year",
]  # fmt: skip
#: Row of ``costs/infrastructure`` (asset class, option) whose lead time holds for a class of assets.
LEAD_TIME: Final = {
    "station_transformer": ("station_transformer", "add_transformer"),
    "new_station": ("station_transformer", "new_station"),
    "circuit": ("circuit", "cable_110kv"),
    "coupling_transformer": ("coupling_transformer", "add_transformer"),
    "battery_power": ("battery", "station_battery"),
    "battery_energy": ("battery", "station_battery"),
    "mv_station": ("mv_station", "switching_station"),
    "mv_lv": ("mv_lv_station", "new_station"),
    "gas_booster": ("gas_booster", "booster_8_to_40_bar"),
    "gas_storage": ("gas_storage", "green_gas_buffer"),
}
WORDS: Final = {"take-off": ("afname", "take-off"), "feed-in": ("invoeding", "feed-in")}
#: Endings of assets that a plan puts at a station, under an id of their own.
AT_STATION: Final = (":battery-energy", ":battery", ":new-station")


def core(
    capacity: pd.DataFrame,
    loading: pd.DataFrame,
    candidates: pd.DataFrame,
    tables: Tables,
    reference: str,
    *,
    titles: Mapping[str, tuple[str, str]] | None = None,
) -> pd.DataFrame:
    """Tell per asset in which futures it is built, from when and how large.

    Parameters
    ----------
    capacity : DataFrame
        Table ``capacity`` of all runs.
    loading : DataFrame
        Table ``loading``: what tells that an option is needed, and in how many weather years.
    candidates : DataFrame
        Table ``candidates``, by rank.
    tables : Tables
        Reads costs/infrastructure for lead times.
    reference : str
        Variant that builds nothing: not counted.
    titles : mapping of str to (str, str), optional
        Dutch and English title of each storyline, for the signs.

    Returns
    -------
    DataFrame
        Table ``core``. An asset is core if every storyline builds it in every variant that builds its kind in
        any run of the batch, and there is more than one storyline; an option if some run builds it; never if it
        stands in the plans and no run adds to it. Other kinds of asset than a variant may build say nothing of
        it. Sizes are of the runs that build, at their largest. Where the lead time of a kind is unknown, so is
        the year to decide.
    """
    runs = capacity[capacity["variant"] != reference]
    if runs.empty:
        return pd.DataFrame(columns=COLUMNS)
    keys = ["asset_id", "asset_class", "carrier", "cluster"]
    whole = runs.groupby([*keys[:3], "storyline", "variant", "year"], as_index=False).agg(
        built_mw=("built_mw", "max"), cluster=("cluster", "first")
    )
    built = whole[whole["built_mw"] > 0]
    may = {str(kind): set(names) for kind, names in built.groupby("asset_class")["variant"]}
    pairs = _pairs(whole)
    rows = []
    for (asset, kind, carrier), part in whole.groupby(keys[:3], sort=True):
        own = part[part["built_mw"] > 0]
        done = _pairs(own)
        allowed = {pair for pair in pairs if pair[1] in may.get(str(kind), set())}
        first = own.groupby(["storyline", "variant"])["year"].min()
        size = own.groupby(["storyline", "variant"])["built_mw"].max()
        rows.append(
            {
                "asset_id": asset,
                "asset_class": kind,
                "carrier": carrier,
                "cluster": part["cluster"].iloc[0],
                "storylines_built": len({s for s, _ in done}),
                "storylines_total": len({s for s, _ in pairs}),
                "variants_built": len({v for _, v in done}),
                "variants_total": len({v for _, v in allowed}),
                "runs_built": len(done),
                "runs_total": len(allowed),
                "year_first": first.min() if len(first) else np.nan,
                "year_last": first.max() if len(first) else np.nan,
                "size_low_mw": size.min() if len(size) else np.nan,
                "size_high_mw": size.max() if len(size) else np.nan,
                "class": _class(done, allowed),
                "where": sorted({s for s, _ in done}),
            }
        )
    table = pd.DataFrame(rows)
    table["station"] = table["asset_id"].str.replace("|".join(AT_STATION) + "$", "", regex=True)
    table["project_id"] = table["station"].map(_projects(candidates)).fillna("")
    table = table.merge(_weather(loading), on="station", how="left")
    table["decide_by_year"] = np.floor(table["year_first"] - _lead_years(table, candidates, tables))
    signs = [_sign(row, titles or {}) for row in table.to_dict("records")]
    table["sign_nl"], table["sign_en"] = [s[0] for s in signs], [s[1] for s in signs]
    order = table["class"].map({CORE: 0, OPTION: 1, NEVER: 2})
    return table.assign(order=order).sort_values(["order", "asset_id"], ignore_index=True)[COLUMNS]


def _pairs(rows: pd.DataFrame) -> set[tuple[str, str]]:
    """Give the runs in a table: storyline and variant."""
    return set(zip(rows["storyline"].astype(str), rows["variant"].astype(str), strict=True))


def _class(done: set[tuple[str, str]], allowed: set[tuple[str, str]]) -> str:
    """Judge an asset by the runs that build it; a single storyline is no ground for a core."""
    if not done:
        return NEVER
    return CORE if done == allowed and len({storyline for storyline, _ in allowed}) > 1 else OPTION


def _projects(candidates: pd.DataFrame) -> dict[str, str]:
    """Give the project of an asset: the first by rank that names it."""
    ranked = candidates.sort_values("rank") if "rank" in candidates else candidates
    found: dict[str, str] = {}
    for project, assets in zip(ranked["project_id"], ranked["asset_ids"].astype(str), strict=True):
        for asset in assets.split(";"):
            found.setdefault(asset, str(project))
    return found


def _weather(loading: pd.DataFrame) -> pd.DataFrame:
    """Give per asset in how many weather years it is over its limit without a plan, and its heaviest direction."""
    rows = loading[loading["grid_state"] == "nulalternatief"]
    total = int(rows["weather_year"].nunique())
    over = rows[rows["exceedance_mw"] > 0]
    worst = over.sort_values("exceedance_mw", ascending=False).drop_duplicates("asset_id")
    table = pd.DataFrame({"station": rows["asset_id"].unique(), "weather_years_total": total})
    years = over.groupby("asset_id")["weather_year"].nunique()
    table["weather_years"] = table["station"].map(years).fillna(0).astype(float)
    sign = worst.set_index("asset_id")
    for column in ("direction", "limit_mw", "asset_name"):
        table[column] = table["station"].map(sign[column])
    return table


def _lead_years(table: pd.DataFrame, candidates: pd.DataFrame, tables: Tables) -> pd.Series:
    """Give the lead time of each asset: of its project, else of its kind; empty where neither is known."""
    costs = tables["costs/infrastructure"]
    known = costs[costs["parameter"] == "lead_time_years"].set_index(["asset_class", "option"])["value"]
    by_kind = {kind: float(known[row]) for kind, row in LEAD_TIME.items() if row in known.index}
    by_project = candidates.drop_duplicates("project_id").set_index("project_id")["lead_time_years"]
    own = table["project_id"].map(pd.to_numeric(by_project, errors="coerce"))
    return own.fillna(table["asset_class"].map(by_kind)).astype(float)


def _sign(row: Mapping[Hashable, Any], titles: Mapping[str, tuple[str, str]]) -> tuple[str, str]:
    """Say what tells that an asset will be needed; a core asset waits for no sign, nor does one never built."""
    if row["class"] == CORE:
        return "in elke toekomst nodig", "needed in every future"
    if row["class"] == NEVER:
        return "", ""
    if row["storylines_total"] == 1:
        return "maar een verhaallijn gerekend", "one storyline calculated only"
    dutch, english = WORDS.get(str(row["direction"]), ("", ""))
    where_nl, where_en = (
        ", ".join(titles.get(name, (name, name))[language] for name in row["where"]) for language in (0, 1)
    )
    if not dutch:
        return (
            f"gebouwd in {where_nl}; geen meetbaar teken bekend",
            f"built in {where_en}; no sign to measure is known",
        )
    name, limit = row["asset_name"], f"{float(row['limit_mw']):.0f} MW"
    return (
        f"de {dutch} op {name} nadert {limit}; gebouwd in {where_nl}",
        f"{english} on {name} comes near {limit}; built in {where_en}",
    )
