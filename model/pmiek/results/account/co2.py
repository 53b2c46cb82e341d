"""CO2 of the study area: what is burnt there, and beside it what is bought, and credit for what is sold."""

from __future__ import annotations

from typing import Final

import numpy as np
import pandas as pd

from pmiek.results.account.places import RUN, to_clusters

#: Lines of the account. Only the first is the territorial total.
TERRITORIAL: Final = "territorial"
ELSEWHERE: Final = "electricity from elsewhere"
CREDIT: Final = "credit for exported green gas"
NOT_COUNTED: Final = "not counted"
METHANE, ELECTRICITY, GREEN_GAS, WASTE = "methane", "electricity", "green_gas", "waste"
WASTE_PLANT: Final = "waste_plant"
#: What is burnt in the area and stands in no table of demand: named, and never a zero.
MISSING: Final = ("motor_fuels", "oil_and_coal_of_industry", "process_and_livestock")
KEYS: Final = [*RUN, "year", "account", "carrier", "sector", "cluster"]
#: Sign with which a category counts as use, and as what is supplied.
USE: Final = {"demand": 1.0, "conversion_in": 1.0, "unserved": -1.0}
MADE: Final = {"supply": 1.0, "curtailed": -1.0}
#: Supply of the national gas grid that is fossil; the rest of what is supplied is green.
FOSSIL_GAS: Final = ("natural_gas", "import")
GREEN: Final = "green_gas"


def fossil_share_of_gas(supply: pd.DataFrame, storyline: str) -> pd.Series:
    """Return the fossil part of the gas in the national grid per year: what a MWh of green gas replaces.

    Parameters
    ----------
    supply : DataFrame
        ``supply/national``: storyline, year, carrier, technology, volume_mwh.
    storyline : str

    Returns
    -------
    Series
        By year: natural gas and import over these and all green gas. Import is taken to be fossil.
    """
    rows = supply[(supply["storyline"] == storyline) & (supply["carrier"] == METHANE)]
    fossil = rows[rows["technology"].isin(FOSSIL_GAS)].groupby("year")["volume_mwh"].sum()
    green = rows[rows["technology"].str.startswith(GREEN)].groupby("year")["volume_mwh"].sum()
    both = fossil.add(green, fill_value=0.0)
    share: pd.Series = (fossil.reindex(both.index).fillna(0.0) / both.where(both > 0)).fillna(1.0)
    return share


def emissions(
    balance: pd.DataFrame,
    factors: pd.DataFrame,
    clusters: dict[str, str],
    *,
    fossil_share: pd.Series,
    waste_efficiency: float,
    electricity_t_per_mwh: pd.Series | None = None,
) -> pd.DataFrame:
    """Return the CO2 account of a run.

    Territorial is what is burnt in the study area: the use of every carrier (demand, and what is burnt to
    make another) less what is not served, times its factor, and the fossil part of waste that plants burn.
    Gas counts with the factor of the national grid in that year. Green gas that is fed in makes as much of
    the area's own use free of CO2; what is fed in above that use is exported and gives a credit, at the same
    factor, on a line of its own. Electricity that the area buys net counts on a line of its own at the
    national average of the year; without an average that line is left out, so that zero never stands for
    unknown. What is burnt and is in no table of demand (motor fuels) is named with an empty amount.

    Parameters
    ----------
    balance : DataFrame
        Table ``energy_balance`` of a run.
    factors : DataFrame
        ``costs/carriers``: carrier, co2_t_per_mwh.
    clusters : dict of str to str
        Cluster per municipality of the study area.
    fossil_share : Series
        By year, from :func:`fossil_share_of_gas`; empty where a storyline says nothing of the national grid:
        all gas is then natural gas.
    waste_efficiency : float
        Electricity per unit of waste.
    electricity_t_per_mwh : Series, optional
        Average of the national generation, by year and weather year.

    Returns
    -------
    DataFrame
        Table ``emissions``: storyline, variant, year, account, carrier, sector, cluster, co2_kt; mean of the
        weather years.

    Raises
    ------
    ValueError
        If a carrier that is used has no factor, or a year no composition of gas.
    """
    known = factors.dropna(subset=["co2_t_per_mwh"])
    factor = {
        str(c): float(t) for c, t in zip(known["carrier"], known["co2_t_per_mwh"].astype(float), strict=True)
    }
    rows = balance.assign(cluster=to_clusters(balance["gm_code"], clusters))
    years = sorted(set(rows["year"]) - set(fossil_share.index))
    if fossil_share.empty:  # the storyline says nothing of the national grid: natural gas
        fossil_share = pd.Series(1.0, index=years)
    elif years:
        message = f"no composition of the national gas in {years} in supply/national"
        raise ValueError(message)
    gas = rows["carrier"] == METHANE
    rate = rows["year"].map(fossil_share).astype(float) * float(factor.get(METHANE, np.nan))
    parts = [
        _burnt(rows[~gas & rows["carrier"].ne(ELECTRICITY)], factor),
        *_gas(rows[gas].assign(rate=rate[gas])),
        _waste(rows, factor.get(WASTE, np.nan) / waste_efficiency),
    ]
    if electricity_t_per_mwh is not None:
        parts.append(_bought(rows[rows["carrier"] == ELECTRICITY], electricity_t_per_mwh))
    table = pd.concat([part[[*KEYS, "co2_kt"]] for part in parts], ignore_index=True)
    made = table.groupby(KEYS)["co2_kt"].sum().reset_index()
    # a sector that one weather year lacks counts there as nothing, so not a mean of the rows that are there
    made["co2_kt"] /= rows["weather_year"].nunique()
    return pd.concat([made, _missing(rows)], ignore_index=True).sort_values(KEYS, ignore_index=True)


def _signed(rows: pd.DataFrame, signs: dict[str, float]) -> pd.DataFrame:
    part = rows[rows["category"].isin(signs)]
    return part.assign(mwh=part["energy_mwh"] * part["category"].map(signs))


def _burnt(rows: pd.DataFrame, factor: dict[str, float]) -> pd.DataFrame:
    """Heat has no factor of its own: its fuel counts where it is burnt."""
    use = _signed(rows, USE)
    rate = use["carrier"].map({"heat": 0.0, **factor})
    if rate.isna().any():
        lacking = ", ".join(sorted(set(use.loc[rate.isna(), "carrier"])))
        message = f"no emission factor for {lacking} in costs/carriers"
        raise ValueError(message)
    return use.assign(account=TERRITORIAL, co2_kt=use["mwh"] * rate / 1e3)


def _gas(rows: pd.DataFrame) -> list[pd.DataFrame]:
    if rows["rate"].isna().any():
        message = "no emission factor for methane in costs/carriers"
        raise ValueError(message)
    use = _signed(rows, USE)
    made = _signed(rows[rows["sector"] == GREEN_GAS], MADE)
    key = [*RUN, "year", "weather_year"]
    used = use.groupby(key)["mwh"].sum().rename("used")
    both = made.groupby(key)["mwh"].sum().rename("made").to_frame().join(used).fillna(0.0)
    own = (both[["used", "made"]].min(axis=1).clip(lower=0.0) / both["made"].where(both["made"] > 0)).fillna(0)
    part = made[key].merge(own.rename("own").reset_index(), on=key, how="left")["own"].to_numpy()
    kt = made["mwh"] * made["rate"] / 1e3
    return [
        use.assign(account=TERRITORIAL, co2_kt=use["mwh"] * use["rate"] / 1e3),
        made.assign(account=TERRITORIAL, co2_kt=-kt * part),
        made.assign(account=CREDIT, co2_kt=-kt * (1 - part)),
    ]


def _waste(rows: pd.DataFrame, t_per_mwh: float) -> pd.DataFrame:
    plants = rows[(rows["carrier"] == ELECTRICITY) & (rows["sector"] == WASTE_PLANT)]
    burnt = _signed(plants, {"supply": 1.0})
    if len(burnt) and not np.isfinite(t_per_mwh):
        message = "no emission factor for waste in costs/carriers"
        raise ValueError(message)
    return burnt.assign(account=TERRITORIAL, carrier=WASTE, co2_kt=burnt["mwh"] * t_per_mwh / 1e3)


def _bought(rows: pd.DataFrame, average: pd.Series) -> pd.DataFrame:
    net = _signed(rows, {**USE, **{name: -sign for name, sign in MADE.items()}})
    rate = average.reindex(pd.MultiIndex.from_frame(net[["year", "weather_year"]])).to_numpy(dtype=float)
    if np.isnan(rate).any():
        message = "no emission factor for electricity from the national model"
        raise ValueError(message)
    return net.assign(account=ELSEWHERE, co2_kt=net["mwh"] * rate / 1e3)


def _missing(rows: pd.DataFrame) -> pd.DataFrame:
    runs = rows[[*RUN, "year"]].drop_duplicates()
    names = pd.DataFrame({"carrier": MISSING})
    table = runs.merge(names, how="cross")
    return table.assign(account=NOT_COUNTED, sector="", cluster="", co2_kt=np.nan)[[*KEYS, "co2_kt"]]
