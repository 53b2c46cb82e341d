"""How much the weather matters: peaks and exceedances as a distribution over weather years."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import numpy as np
import pandas as pd

from pmiek.ids import slug

if TYPE_CHECKING:
    from collections.abc import Sequence

KEY: Final = ["asset_id", "direction", "grid_state", "storyline", "year"]
NUMBERS: Final = ("peak_mw", "loading_pct", "exceedance_mw", "hours", "energy_mwh")
POINTS: Final = {"median": 0.5, "1in10": 0.9, "worst": 1.0}
WORDS: Final = ("never", "rare", "some years", "most years", "every year")
ONE_IN_TEN: Final = 0.1


def weather_distribution(
    rows: pd.DataFrame, threshold_pct: float = 100.0, carrier: str = "electricity"
) -> pd.DataFrame:
    """Summarise the weather years of each asset, direction, grid state, storyline and year.

    Every measured year counts the same: the 1-in-10 value is the 90 % quantile over the years (linear between
    two years), so it is exceeded in one year of ten.

    Parameters
    ----------
    rows : DataFrame
        From :func:`pmiek.security.screening.weather_loading`, any number of runs.
    threshold_pct : float
        Loading above which an asset is a bottleneck.
    carrier : str
        Energy carrier, for the bottleneck_id.

    Returns
    -------
    DataFrame
        Key, bottleneck_id, weather_years (number), years_with_exceedance, share_of_years, occurrence
        (``never``, ``rare`` below one in ten, ``some years`` below half, ``most years``, ``every year``),
        exceedance_years (``;`` between), worst_weather_year, limit_mw (in the worst year), and per number of
        ``NUMBERS`` its ``_median``, ``_1in10`` and ``_worst``.
    """
    if rows.empty:
        return pd.DataFrame(columns=distribution_columns())
    rows = rows.sort_values([*KEY, "weather_year"], ignore_index=True)
    rows = rows.assign(exceeds=rows["loading_pct"] > threshold_pct)
    groups = rows.groupby(KEY, sort=True)
    table = pd.DataFrame({"weather_years": groups.size(), "years_with_exceedance": groups["exceeds"].sum()})
    table["share_of_years"] = table["years_with_exceedance"] / table["weather_years"]
    table["occurrence"] = _words(table["share_of_years"])
    when = rows[rows["exceeds"]].groupby(KEY)["weather_year"]
    table["exceedance_years"] = when.agg(lambda years: ";".join(str(year) for year in years))
    table["exceedance_years"] = table["exceedance_years"].fillna("")
    worst = rows.loc[groups["loading_pct"].idxmax()].set_index(KEY)
    table["worst_weather_year"] = worst["weather_year"]
    table["limit_mw"] = worst["limit_mw"]
    for number in NUMBERS:
        for name, point in POINTS.items():
            table[f"{number}_{name}"] = groups[number].quantile(point)
    table = table.reset_index()
    ids = {p: slug(p[0], carrier, p[1]) for p in set(zip(table["asset_id"], table["direction"], strict=True))}
    pairs = zip(table["asset_id"], table["direction"], strict=True)
    return table.assign(bottleneck_id=[ids[pair] for pair in pairs])[distribution_columns()]


def distribution_columns() -> list[str]:
    """Columns of :func:`weather_distribution`, in order."""
    counts = ["weather_years", "years_with_exceedance", "share_of_years", "occurrence", "exceedance_years"]
    numbers = [f"{number}_{name}" for number in NUMBERS for name in POINTS]
    return [*KEY, "bottleneck_id", *counts, "worst_weather_year", "limit_mw", *numbers]


def _words(share: pd.Series) -> np.ndarray:
    choices: Sequence[pd.Series] = (share <= 0, share < ONE_IN_TEN, share < ONE_IN_TEN * 5, share < 1)
    return np.select(list(choices), list(WORDS[:4]), WORDS[4])


def market_distribution(rows: pd.DataFrame, threshold_pct: float = 100.0) -> pd.DataFrame:
    """Summarise the weather years with the market's own curtailment, and with flexible assets on the price.

    Parameters
    ----------
    rows : DataFrame
        From :func:`pmiek.security.screening.market_loading`, any number of runs.
    threshold_pct : float
        As :func:`weather_distribution`.

    Returns
    -------
    DataFrame
        market, then the columns of :func:`weather_distribution`.
    """
    parts = [
        weather_distribution(part, threshold_pct).assign(market=market)
        for market, part in rows.groupby("market", sort=True)
    ]
    columns = ["market", *distribution_columns()]
    return pd.concat(parts, ignore_index=True)[columns] if parts else pd.DataFrame(columns=columns)


def weather_certainty(distribution: pd.DataFrame) -> pd.DataFrame:
    """Say per bottleneck in how many weather years it occurs, in the run where it occurs most.

    Parameters
    ----------
    distribution : DataFrame
        From :func:`weather_distribution`.

    Returns
    -------
    DataFrame
        bottleneck_id, grid_state, n_weather_years, of_weather_years, occurrence; storylines and years are
        not pooled: the numbers are those of one storyline and year.
    """
    order = ["bottleneck_id", "grid_state", "share_of_years"]
    table = distribution.sort_values(order, ascending=[True, True, False], kind="stable")
    table = table.drop_duplicates(["bottleneck_id", "grid_state"])
    names = {"years_with_exceedance": "n_weather_years", "weather_years": "of_weather_years"}
    columns = ["bottleneck_id", "grid_state", *names.values(), "occurrence"]
    return table.rename(columns=names)[columns].reset_index(drop=True)
