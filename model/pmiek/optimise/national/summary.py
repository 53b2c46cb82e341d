"""What the national market looks like in a weather year: one row per year of the storyline."""

from __future__ import annotations

from typing import Final

import pandas as pd

LOW_PRICE_EUR_PER_MWH: Final = 1.0
NOTHING: Final = 1e-6


def co2_t_per_mwh(hours: pd.DataFrame) -> pd.Series:
    """Return CO2 per MWh of the national generation, tonnes, by year.

    CO2 of plants over all that is generated at home. Import and export are taken to be as clean as that.

    Parameters
    ----------
    hours : DataFrame
        From :func:`pmiek.optimise.national.solve_national`.
    """
    totals = hours.groupby("year")[["emission_t", "generation_mw"]].sum()
    factor: pd.Series = totals["emission_t"] / totals["generation_mw"].clip(lower=NOTHING)
    return factor


def market_years(hours: pd.DataFrame, storyline: str, weather_year: int) -> pd.DataFrame:
    """Summarise prices, scarcity and surplus of one storyline and weather year.

    Parameters
    ----------
    hours : DataFrame
        From :func:`pmiek.optimise.national.solve_national`: a row per year and hour.
    storyline : str
        Storyline.
    weather_year : int
        Measured weather year.

    Returns
    -------
    DataFrame
        storyline, year, weather_year, price_mean_eur_per_mwh, price_p95_eur_per_mwh, hours_low_price (at or
        below 1 EUR/MWh), unserved_mwh, hours_unserved, hours_solar_curtailed, hours_wind_curtailed,
        residual_load_peak_mw and residual_load_lowest_mw (demand less available solar and wind),
        co2_t_per_mwh (CO2 of plants over all generation at home).
    """
    price, years = hours["price_electricity_eur_per_mwh"], hours["year"]
    marks = pd.DataFrame(
        {
            "year": years,
            "hours_low_price": price <= LOW_PRICE_EUR_PER_MWH,
            "unserved_mwh": hours["unserved_mw"].where(hours["unserved_mw"] > NOTHING, 0.0),
            "hours_unserved": hours["unserved_mw"] > NOTHING,
            "hours_solar_curtailed": hours["curtailed_share_solar"] > NOTHING,
            "hours_wind_curtailed": hours["curtailed_share_wind"] > NOTHING,
        }
    )
    groups = hours.groupby("year")
    prices, residual = groups["price_electricity_eur_per_mwh"], groups["residual_load_mw"]
    table = marks.groupby("year").sum()
    table.insert(0, "price_mean_eur_per_mwh", prices.mean())
    table.insert(1, "price_p95_eur_per_mwh", prices.quantile(0.95))
    table["residual_load_peak_mw"] = residual.max()
    table["residual_load_lowest_mw"] = residual.min()
    table["co2_t_per_mwh"] = co2_t_per_mwh(hours)
    table = table.reset_index()
    table.insert(0, "storyline", storyline)
    table.insert(2, "weather_year", weather_year)
    return table
