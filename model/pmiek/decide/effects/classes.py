"""The effect of projects that the flow model does not hold, by the model that judges their class."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from pmiek.decide.effects.changes import BOTH, FEED_IN, ONE_WAY, TAKE_OFF
from pmiek.decide.projects.tables import cell, split_ids, text
from pmiek.ids import slug

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from pmiek.decide.effects.unlock import Yardsticks

MEDIUM, HEAT, GAS, HYDROGEN = "medium and low voltage", "heat", "gas", "hydrogen"
CLASS_MODELS = (MEDIUM, HEAT, GAS, HYDROGEN)
"""Models that judge a class; written as the method of an effect."""
JUDGED = {
    MEDIUM: ("mv_station", "mv_lv"),
    HEAT: ("heat_source",),
    GAS: ("gas_area",),
    HYDROGEN: ("hydrogen_pipe", "electrolyser"),
}
"""Classes of asset whose shortage each model counts; links between them would count the same energy again."""
OF_CARRIER = {"heat": HEAT, "methane": GAS, "hydrogen": HYDROGEN}
SOURCES = "-sources"
RENEWABLE = ("solar", "wind", "green_gas")
LESS_USE = ("less_green_gas", "less_hydrogen", "other_carrier")
"""Options that only leave out what does not fit: there is nothing to judge."""
GROUPS = ("homes", "amenities", "business", "renewable")
KEY = ["asset_id", "direction"]

Gains = dict[str, dict[str, float]]


@dataclass(frozen=True)
class ClassChange:
    """A project as MW on top of what a model judges.

    Attributes
    ----------
    project_id : str
        Candidate.
    model : str
        One of ``CLASS_MODELS``.
    gains : dict
        Per asset (of heat the network, of gas and hydrogen a link or place): MW per direction.
    """

    project_id: str
    model: str
    gains: Gains


def class_changes(listed: pd.DataFrame, loading: pd.DataFrame) -> tuple[list[ClassChange], dict[str, str]]:
    """Turn the projects of other classes into MW for their models.

    Parameters
    ----------
    listed : DataFrame
        The long list.
    loading : DataFrame
        Result table: what is judged at all.

    Returns
    -------
    list of ClassChange
        What can be measured.
    dict of str to str
        Project id to the reason why another cannot: a key of ``GAPS``.
    """
    known = set(text(loading["asset_id"]))
    changes, lost = [], {}
    for row in listed.to_dict("records"):
        model = _model(row)
        if not model:
            continue
        project, size = cell(row["project_id"]), float(row["size_mw"])
        gains = _gains(model, row, size, known)
        if cell(row["option"]) in LESS_USE:
            lost[project] = "builds_nothing"
        elif not size > 0:
            lost[project] = "no_size"
        elif not gains:
            lost[project] = "not_in_model"
        else:
            changes.append(ClassChange(project, model, gains))
    return changes, lost


def _model(row: Mapping[Any, Any]) -> str:
    if cell(row["asset_class"]) in JUDGED[MEDIUM]:
        return MEDIUM
    return OF_CARRIER.get(cell(row["carrier"]), "")


def _gains(model: str, row: Mapping[Any, Any], size: float, known: set[str]) -> Gains:
    ways = ONE_WAY.get(cell(row["option"]), BOTH)
    gain = dict.fromkeys(ways, size)
    assets = [asset for asset in split_ids(row["asset_ids"]) if asset in known]
    if model == HEAT:
        return {a.removesuffix(SOURCES): gain for a in assets if a.endswith(SOURCES)}
    if model == GAS:
        down = cell(row["direction"]) == TAKE_OFF
        return {f"reduction-{a}" if down else a: gain for a in assets}
    if model == HYDROGEN:
        if cell(row["asset_class"]) == "electrolyser":
            return {}  # it makes hydrogen: no pipe grows by it
        return dict.fromkeys(assets[:1], gain)
    return dict.fromkeys(assets, gain)


def judge(
    changes: Sequence[ClassChange], runs: Mapping[str, Callable[[Gains], pd.DataFrame]]
) -> dict[str, pd.DataFrame]:
    """Judge each class with its projects in service.

    Stations of medium and low voltage do not touch each other, so their projects are judged in one run; pipes do,
    so of the other carriers each project asks a run of its own.

    Parameters
    ----------
    changes : sequence of ClassChange
        Projects.
    runs : mapping of str to callable
        Per model: MW on top, per asset and direction, to the rows of ``loading``.

    Returns
    -------
    dict of str to DataFrame
        Project id to the rows of ``loading`` with it.
    """
    medium = [c for c in changes if c.model == MEDIUM]
    together: Gains = {}
    for change in medium:
        for asset, gain in change.gains.items():
            own = together.setdefault(asset, {})
            for way, mw in gain.items():
                own[way] = max(own.get(way, 0.0), mw)
    shared = runs[MEDIUM](together) if medium else pd.DataFrame()
    out = {}
    for change in changes:
        if change.model == MEDIUM:
            out[change.project_id] = shared[shared["asset_id"].isin(list(change.gains))]
        else:
            out[change.project_id] = runs[change.model](change.gains)
    return out


def paired(change: ClassChange, without: pd.DataFrame, with_it: pd.DataFrame, year: int) -> pd.DataFrame:
    """Lay the assets of a model side by side without and with a project, in one year.

    Parameters
    ----------
    change : ClassChange
        The project.
    without, with_it : DataFrame
        Rows of ``loading`` of one storyline and grid; of medium voltage with_it holds its own assets only.
    year : int
        Year that is compared.

    Returns
    -------
    DataFrame
        asset_id, direction, carrier, and loading_pct, exceedance_mw, hours and energy_mwh without and ``_with``, per
        direction in the weather year with most energy above the limits without the project.
    """
    numbers = ["loading_pct", "exceedance_mw", "hours", "energy_mwh"]
    base = without[without["asset_class"].isin(JUDGED[change.model]) & without["year"].eq(year)]
    if base.empty or with_it.empty:
        return pd.DataFrame(columns=[*KEY, "carrier", *numbers, *[f"{n}_with" for n in numbers]])
    total = base.groupby(["direction", "weather_year"])["energy_mwh"].sum()
    hardest = {way: total.loc[way].idxmax() for way in total.index.get_level_values(0).unique()}
    base = base[base["weather_year"].eq(base["direction"].map(hardest))]
    keys = [*KEY, "year", "weather_year"]
    both = base[[*keys, "carrier", *numbers]].merge(
        with_it[[*keys, *numbers]], on=keys, how="left", suffixes=("", "_with")
    )
    same = both["energy_mwh_with"].isna()
    for name in numbers:
        both[f"{name}_with"] = both[f"{name}_with"].mask(same, both[name])
    return both


def class_told(both: pd.DataFrame, threshold_pct: float) -> dict[str, Any]:
    """Say what a project takes away: columns of ``project_effects``; positive is what it takes away.

    Assets of one class have customers of their own, so what cannot be served or fed in adds up.
    """
    ids = np.array(
        [slug(a, c, d) for a, c, d in zip(both["asset_id"], both["carrier"], both["direction"], strict=True)],
        dtype=object,
    )
    before = set(ids[(both["loading_pct"] > threshold_pct).to_numpy(bool)])
    after = set(ids[(both["loading_pct_with"] > threshold_pct).to_numpy(bool)])
    told: dict[str, Any] = {
        "bottlenecks_without": len(before),
        "bottlenecks_with": len(after),
        "solved_ids": ";".join(sorted(before - after)),
        "created_ids": ";".join(sorted(after - before)),
        "hours_avoided": float((both["hours"] - both["hours_with"]).sum()),
        "worst_loading_without_pct": float(both["loading_pct"].max()),
        "worst_loading_with_pct": float(both["loading_pct_with"].max()),
    }
    gone = both["energy_mwh"] - both["energy_mwh_with"]
    for way, names in ((TAKE_OFF, ("take_off", "unserved")), (FEED_IN, ("feed_in", "curtailed"))):
        energy = float(gone[both["direction"] == way].sum())
        told.update({f"{name}_mwh_avoided": energy for name in names})
    return told


def class_unlocked(
    both: pd.DataFrame, shares: pd.DataFrame, groups: Mapping[str, str], scales: Yardsticks
) -> dict[str, Any]:
    """Say for whom a project makes room: columns of ``project_unlocks``.

    Homes and floor are counted for electricity only: the power per home is that of electricity. What of gas and heat
    would be bought instead, and what the market would do, is not computed and stays empty.

    Parameters
    ----------
    both : DataFrame
        Output of :func:`paired`.
    shares : DataFrame
        ``bottleneck_shares`` of the storyline, year and grid.
    groups : mapping of str to str
        Sector to its group of the weighing framework.
    scales : Yardsticks
        Power per home and floor.
    """
    ids = [
        slug(a, c, d) for a, c, d in zip(both["asset_id"], both["carrier"], both["direction"], strict=True)
    ]
    sector = text(shares["sector"])
    group = sector.map(groups).fillna("").mask(sector.str.startswith(RENEWABLE), "renewable")
    runs = shares.groupby("bottleneck_id")["weather_year"].nunique()
    part = shares.assign(group=group).pivot_table(
        index="bottleneck_id", columns="group", values="share", aggfunc="sum"
    )
    part = part.reindex(columns=list(GROUPS)).fillna(0.0).div(runs, axis=0)
    rows = both.assign(
        bottleneck_id=ids,
        mw=both["exceedance_mw"] - both["exceedance_mw_with"],
        mwh=both["energy_mwh"] - both["energy_mwh_with"],
    ).join(part, on="bottleneck_id")
    rows[list(GROUPS)] = rows[list(GROUPS)].fillna(0.0)
    take, feed = rows[rows["direction"] == TAKE_OFF], rows[rows["direction"] == FEED_IN]
    homes, amenities, business = (float((take["mw"] * take[g]).sum()) for g in GROUPS[:3])
    power = bool((both["carrier"] == "electricity").all())
    unknown = float("nan")
    return {
        "take_off_mw": float(take["mw"].sum()),
        "homes_mw": homes,
        "homes": 1000.0 * homes / scales.home_kw if power and scales.home_kw > 0 else unknown,
        "amenities_mw": amenities,
        "floor_area_m2": 1e6 * amenities / scales.floor_w_per_m2
        if power and scales.floor_w_per_m2 > 0
        else unknown,
        "business_mw": business,
        "renewable_mwh": float((feed["mwh"] * feed["renewable"]).sum()),
        "renewable_after_market_mwh": unknown,
        "co2_kt": unknown,
    }


SUMS = ("hours", "take_off_mwh", "feed_in_mwh", "unserved_mwh", "curtailed_mwh")


def class_delay(told: Mapping[int, Mapping[str, Any]], start: int, late: int) -> dict[str, Any] | None:
    """Give what a project that comes late leaves undone in its years, from its effect in the judged years.

    Parameters
    ----------
    told : mapping of int to mapping
        Output of :func:`class_told` by year.
    start : int
        Year in which it should be in service.
    late : int
        Years that it is late.

    Returns
    -------
    dict or None
        Sums of extra hours and energy (columns of ``plan_delays``) and the bottlenecks that are there only because it
        is late: those that it solves in the judged years around. Between two judged years figures run straight; None
        where a year lies outside them.
    """
    judged = sorted(told)
    sums = dict.fromkeys((f"extra_{name}" for name in SUMS), 0.0)
    appearing: set[str] = set()
    for year in range(start, start + late):
        low = max((y for y in judged if y <= year), default=None)
        high = min((y for y in judged if y >= year), default=None)
        if low is None or high is None:
            return None
        share = 0.0 if low == high else (year - low) / (high - low)
        for name in SUMS:
            ends = (told[low][f"{name}_avoided"], told[high][f"{name}_avoided"])
            sums[f"extra_{name}"] += (1.0 - share) * ends[0] + share * ends[1]
        solved = [set(split_ids(told[y]["solved_ids"])) for y in (low, high)]
        appearing |= solved[0] & solved[1]
    return {**sums, "appearing_ids": ";".join(sorted(appearing))}
