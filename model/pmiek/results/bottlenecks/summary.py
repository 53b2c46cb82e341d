"""One row per bottleneck over all runs: since when, in which futures, how large, by whom."""

from __future__ import annotations

import pandas as pd


def bottleneck_summary(bottlenecks: pd.DataFrame, shares: pd.DataFrame, runs: pd.DataFrame) -> pd.DataFrame:
    """Summarise bottlenecks per id and grid state.

    Parameters
    ----------
    bottlenecks : DataFrame
        From :func:`pmiek.results.bottlenecks.find`.
    shares : DataFrame
        From :func:`pmiek.results.bottlenecks.bottleneck_shares`.
    runs : DataFrame
        The runs made: columns storyline, year, weather_year; to say "in 3 of 4".

    Returns
    -------
    DataFrame
        bottleneck_id, grid_state, asset_id, asset_name, asset_class, direction, first_year, storylines
        (``;`` between), n_storylines, of_storylines, n_weather_years, of_weather_years, max_loading_pct,
        max_exceedance_mw, max_hours, max_energy_mwh, always_capacity_sensitive, top_sector,
        top_sector_share, sector_shares (``sector=share`` pairs, largest first; the mean over the runs).
    """
    key = ["bottleneck_id", "grid_state"]
    groups = bottlenecks.groupby(key, sort=True)
    table = groups[["asset_id", "asset_name", "asset_class", "direction"]].first()
    table["first_year"] = groups["year"].min()
    table["storylines"] = groups["storyline"].agg(lambda names: ";".join(sorted(set(names))))
    table["n_storylines"] = groups["storyline"].nunique()
    table["of_storylines"] = runs["storyline"].nunique()
    table["n_weather_years"] = groups["weather_year"].nunique()
    table["of_weather_years"] = runs["weather_year"].nunique()
    for column, name in (
        ("loading_pct", "max_loading_pct"),
        ("exceedance_mw", "max_exceedance_mw"),
        ("hours", "max_hours"),
        ("energy_mwh", "max_energy_mwh"),
    ):
        table[name] = groups[column].max()
    vanishing = bottlenecks["capacity_sensitive"].eq("vanishes")
    table["always_capacity_sensitive"] = vanishing.groupby([bottlenecks[k] for k in key]).all()
    return table.join(_sectors(shares, key)).reset_index()


def _sectors(shares: pd.DataFrame, key: list[str]) -> pd.DataFrame:
    run = [*key, "storyline", "variant", "year", "weather_year"]
    if shares.empty:
        nothing = pd.MultiIndex.from_arrays([[], []], names=key)
        return pd.DataFrame(columns=["top_sector", "top_sector_share", "sector_shares"], index=nothing)
    per_run = shares.groupby([*run, "sector"])["share"].sum().reset_index()
    runs = per_run.drop_duplicates(run).groupby(key).size().rename("runs")
    mean = (per_run.groupby([*key, "sector"])["share"].sum() / runs).rename("share").reset_index()
    mean = mean.sort_values([*key, "share", "sector"], ascending=[True, True, False, True])
    text = mean["sector"].astype("str") + "=" + mean["share"].map("{:.2f}".format)
    grouped = mean.assign(text=text).groupby(key, sort=True)
    return pd.DataFrame(
        {
            "top_sector": grouped["sector"].first(),
            "top_sector_share": grouped["share"].first(),
            "sector_shares": grouped["text"].agg(";".join),
        }
    )
