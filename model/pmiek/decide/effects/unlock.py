"""What a project makes room for: homes, business, renewable energy and CO2, by difference of screenings."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from pmiek.decide.effects.measure import FEED_IN, TAKE_OFF, least
from pmiek.decide.effects.world import CARRIER, FROZEN
from pmiek.ids import slug

if TYPE_CHECKING:
    from collections.abc import Mapping

    from pmiek.decide.effects.world import World

UNLOCK_COLUMNS = [
    "project_id", "storyline", "year", "take_off_mw", "homes_mw", "homes", "amenities_mw", "floor_area_m2",
    "business_mw", "renewable_mwh", "renewable_after_market_mwh", "co2_kt",
]  # fmt: skip
HOMES, AMENITIES, BUSINESS = "homes", "amenities", "business"
RENEWABLE = ("solar", "wind")


@dataclass(frozen=True)
class Yardsticks:
    """What turns MW and MWh into what a reader knows, all from the run itself or the input tables.

    Attributes
    ----------
    home_kw : float
        Power per home when the homes of the province together are at their peak in the hardest weather year.
    floor_w_per_m2 : float
        The same of buildings with amenities and offices, per square metre of their floor.
    co2_t_per_mwh : float
        Of the gas plant that a MWh of sun or wind displaces.
    after_market : mapping of str to float
        Bottleneck id to the share of its energy above the limit that is left after the market has curtailed.
    """

    home_kw: float
    floor_w_per_m2: float
    co2_t_per_mwh: float
    after_market: Mapping[str, float]


def project_unlocks(
    world: World,
    year: int,
    *,
    pairs: Mapping[str, tuple[str, pd.DataFrame, pd.DataFrame]],
    shares: pd.DataFrame,
    groups: Mapping[str, str],
    scales: Mapping[str, Yardsticks],
) -> pd.DataFrame:
    """Say what each project makes room for.

    Parameters
    ----------
    world : World
        A storyline.
    year : int
        Year of demand and supply.
    pairs : mapping
        Per project or package: the grid on which it counts, and what is above the limits without and with it; from
        :func:`pmiek.decide.effects.measure.project_effects`.
    shares : DataFrame
        ``bottleneck_shares``.
    groups : mapping of str to str
        Sector to its group of the weighing framework (homes, amenities, business, ...).
    scales : mapping of str to Yardsticks
        Per grid, from :func:`yardsticks`.

    Returns
    -------
    DataFrame
        Columns ``UNLOCK_COLUMNS``. MW is the exceedance that goes times the share of the group in the peak,
        per asset; energy the same with MWh. Over the assets the lower bound of
        :func:`pmiek.decide.effects.measure.least` counts, so that a MW is not counted at a station and again
        above it.
    """
    parts = {state: _shares(world, year, shares, groups, state) for state in {p[0] for p in pairs.values()}}
    rows = [
        {
            "project_id": project_id, "storyline": world.storyline, "year": year,
            **_unlocked(_gone(without, with_it), parts[state], scales[state]),
        }
        for project_id, (state, without, with_it) in pairs.items()
    ]  # fmt: skip
    return pd.DataFrame(rows, columns=UNLOCK_COLUMNS)


def _gone(bare: pd.DataFrame, measured: pd.DataFrame) -> pd.DataFrame:
    """Give what the project takes away per asset and direction; what it adds elsewhere counts against it."""
    keys = ["asset_id", "direction"]
    numbers = ["exceedance_mw", "energy_mwh"]
    both = bare[[*keys, "asset_class", *numbers]].merge(
        measured[[*keys, *numbers]], on=keys, how="left", suffixes=("", "_with")
    )
    for name in numbers:
        both[name] -= both[f"{name}_with"].fillna(0.0)
    ids = [slug(a, CARRIER, d) for a, d in zip(both["asset_id"], both["direction"], strict=True)]
    return both.assign(bottleneck_id=ids)


def _shares(
    world: World, year: int, shares: pd.DataFrame, groups: Mapping[str, str], state: str
) -> pd.DataFrame:
    """Share of each group in the peak per bottleneck of a grid in this storyline and year."""
    rows = shares[
        shares["grid_state"].eq(state)
        & shares["storyline"].eq(world.storyline)
        & shares["year"].eq(year)
        & shares["weather_year"].isin(list(world.hardest.values()))
    ]
    sector = rows["sector"].astype(str)
    named = sector.map(groups).fillna("")
    rows = rows.assign(group=named.mask(sector.str.startswith(RENEWABLE), "renewable"))
    runs = rows.groupby("bottleneck_id")["weather_year"].nunique()
    total = rows.pivot_table(index="bottleneck_id", columns="group", values="share", aggfunc="sum")
    wanted = [HOMES, AMENITIES, BUSINESS, "renewable"]
    return total.reindex(columns=wanted).fillna(0.0).div(runs, axis=0)


def _unlocked(gone: pd.DataFrame, shares: pd.DataFrame, scales: Yardsticks) -> dict[str, Any]:
    rows = gone.join(shares, on="bottleneck_id").fillna(dict.fromkeys(shares.columns, 0.0))
    take, feed = rows[rows["direction"] == TAKE_OFF], rows[rows["direction"] == FEED_IN]

    def part(frame: pd.DataFrame, number: str, weight: pd.Series | float) -> float:
        return least(frame.assign(part=frame[number] * weight), "part")

    homes = part(take, "exceedance_mw", take[HOMES])
    amenities = part(take, "exceedance_mw", take[AMENITIES])
    left = feed["bottleneck_id"].map(scales.after_market).astype(float).fillna(1.0)
    net = part(feed, "energy_mwh", feed["renewable"] * left)
    return {
        "take_off_mw": part(take, "exceedance_mw", 1.0),
        "homes_mw": homes,
        "homes": _per(1000.0 * homes, scales.home_kw),
        "amenities_mw": amenities,
        "floor_area_m2": _per(1e6 * amenities, scales.floor_w_per_m2),
        "business_mw": part(take, "exceedance_mw", take[BUSINESS]),
        "renewable_mwh": part(feed, "energy_mwh", feed["renewable"]),
        "renewable_after_market_mwh": net,
        "co2_kt": net * scales.co2_t_per_mwh / 1000.0,
    }


def _per(value: float, unit: float) -> float:
    return value / unit if unit > 0 else float("nan")


def yardsticks(
    world: World, groups: Mapping[str, str], curtailment: pd.DataFrame, year: int, state: str = FROZEN
) -> Yardsticks:
    """Give what turns MW and MWh into homes, floor and CO2.

    Parameters
    ----------
    world : World
        A storyline.
    groups : mapping of str to str
        Sector to its group of the weighing framework.
    curtailment : DataFrame
        Result table: energy above the limit before and after curtailment by the market.
    year : int
        Year of demand and supply.
    state : str
        Grid of which the curtailment counts.
    """
    who = world.case(FROZEN, year).who
    places = world.tables["regions/municipalities"]
    study = places[places["role"] == "study"]
    demand = who[(who["kind"] == "demand") & who["gm_code"].isin(study["gm_code"])]
    homes = _peak_mw(world, demand[demand["sector"].map(groups).eq(HOMES)])
    floors = _peak_mw(world, demand[demand["sector"].map(groups).eq(AMENITIES)])
    return Yardsticks(
        home_kw=_per(1000.0 * homes, float(study["dwellings"].sum())),
        floor_w_per_m2=_per(1e6 * floors, float(study["services_floor_area_m2"].sum())),
        co2_t_per_mwh=_gas_plant(world),
        after_market=_after_market(world, curtailment, year, state),
    )


def _peak_mw(world: World, rows: pd.DataFrame) -> float:
    shape = world.shapes[world.hardest[TAKE_OFF]]
    volume = rows.groupby("profile")["volume_mwh"].sum()
    hourly = shape[list(volume.index)].to_numpy(dtype=float) @ volume.to_numpy(dtype=float)
    return float(hourly.max()) if len(volume) else 0.0


def _gas_plant(world: World) -> float:
    """Tonnes of CO2 per MWh of the gas plant in the input tables."""
    carriers, fleet = world.tables["costs/carriers"], world.tables["supply/fleet"]
    gas = carriers.loc[carriers["carrier"] == "methane", "co2_t_per_mwh"]
    plant = fleet.loc[(fleet["fuel"] == "methane") & fleet["role"].eq("plant"), "efficiency"]
    return float(gas.iloc[0]) / float(plant.max()) if len(gas) and len(plant) else float("nan")


def _after_market(world: World, curtailment: pd.DataFrame, year: int, state: str) -> dict[str, float]:
    rows = curtailment[
        curtailment["grid_state"].eq(state)
        & curtailment["storyline"].eq(world.storyline)
        & curtailment["year"].eq(year)
        & curtailment["direction"].eq(FEED_IN)
        & curtailment["weather_year"].eq(world.hardest[FEED_IN])
    ]
    rows = rows.sort_values("energy_mwh_gross", ascending=False).drop_duplicates("asset_id")
    gross = rows["energy_mwh_gross"].to_numpy(dtype=float)
    with np.errstate(divide="ignore", invalid="ignore"):
        left = np.where(gross > 0, rows["energy_mwh_net"].to_numpy(dtype=float) / gross, 1.0)
    return {slug(a, CARRIER, FEED_IN): float(v) for a, v in zip(rows["asset_id"], left, strict=True)}
