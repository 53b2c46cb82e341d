"""Energy balance per municipality and carrier."""

from __future__ import annotations

import pandas as pd

KEYS = ["storyline", "variant", "year", "weather_year", "gm_code", "carrier"]
#: Sign of a category: what comes in is positive, and all of a municipality and carrier add to zero.
SIGN = {
    "demand": -1.0,
    "loss": -1.0,
    "conversion_in": -1.0,
    "storage_charge": -1.0,
    "curtailed": -1.0,
    "supply": 1.0,
    "conversion_out": 1.0,
    "storage_discharge": 1.0,
    "unserved": 1.0,
    "exchange": 1.0,
}
#: Over which network a carrier is exchanged between municipalities and with the country.
EXCHANGE_SECTOR = {
    "electricity": "high_voltage_grid",
    "methane": "gas_grid",
    "hydrogen": "hydrogen_grid",
    "heat": "heat_pipes",
}
OTHER_EXCHANGE = "network"
TOLERANCE = 1e-6


def energy_balance(rows: pd.DataFrame) -> pd.DataFrame:
    """Close the balance of every municipality and carrier with exchange over its network.

    Exchange is positive when energy comes in, over the network of the carrier. ``conversion_in`` is what another
    carrier is made from, ``conversion_out`` what is made from another; charge and discharge of storage are apart.

    Parameters
    ----------
    rows : DataFrame
        storyline, variant, year, weather_year, gm_code, carrier, category (those of ``SIGN`` without
        exchange), sector, energy_mwh (positive).

    Returns
    -------
    DataFrame
        Table ``energy_balance``: the rows summed per key, plus one row ``exchange`` per municipality and
        carrier.

    Raises
    ------
    ValueError
        If a category is unknown, an amount is missing or negative, or more is curtailed than is supplied.

    Notes
    -----
    ==========  ======  ==========
    category    sector  energy_mwh
    ==========  ======  ==========
    demand      homes   100
    supply      solar   30
    curtailed   solar   5
    exchange    (grid)  75
    ==========  ======  ==========
    """
    unknown = sorted(set(rows["category"]) - set(SIGN) | {"exchange"} & set(rows["category"]))
    if unknown:
        message = f"categories {unknown} are not known; use {', '.join(c for c in SIGN if c != 'exchange')}"
        raise ValueError(message)
    if rows["energy_mwh"].isna().any() or (rows["energy_mwh"] < 0).any():
        message = "energy must be a number of at least zero; the category gives the direction"
        raise ValueError(message)
    table = rows.groupby([*KEYS, "category", "sector"], sort=True)["energy_mwh"].sum().reset_index()
    _curtailed_within_supply(table)
    signed = table["energy_mwh"] * table["category"].map(SIGN)
    exchange = (
        (-signed).groupby([table[key] for key in KEYS], sort=True).sum().rename("energy_mwh").reset_index()
    )
    exchange = exchange.assign(
        category="exchange", sector=exchange["carrier"].map(EXCHANGE_SECTOR).fillna(OTHER_EXCHANGE)
    )
    both = pd.concat([table, exchange], ignore_index=True).sort_values(
        [*KEYS, "category", "sector"], ignore_index=True
    )
    worst = balance_residual(both)["residual_share"].max()
    assert len(both) == 0 or worst <= TOLERANCE
    return both[[*KEYS, "category", "sector", "energy_mwh"]]


def _curtailed_within_supply(table: pd.DataFrame) -> None:
    total = table.pivot_table(index=KEYS, columns="category", values="energy_mwh", aggfunc="sum").fillna(0.0)
    if "curtailed" not in total:
        return
    supply = total.get("supply", 0.0)
    bad = total[total["curtailed"] > supply + TOLERANCE]
    if len(bad):
        message = f"more is curtailed than supplied in {bad.index[0]}"
        raise ValueError(message)


def balance_residual(balance: pd.DataFrame) -> pd.DataFrame:
    """Return per municipality and carrier what does not close.

    Parameters
    ----------
    balance : DataFrame
        Table ``energy_balance``.

    Returns
    -------
    DataFrame
        Keys, residual_mwh, and residual_share of the throughput (half of all that comes in and goes out).
    """
    signed = (balance["energy_mwh"] * balance["category"].map(SIGN)).groupby([balance[k] for k in KEYS]).sum()
    size = balance["energy_mwh"].abs().groupby([balance[k] for k in KEYS]).sum() / 2
    table = signed.rename("residual_mwh").to_frame()
    table["residual_share"] = table["residual_mwh"].abs() / size.reindex(table.index).fillna(0.0).clip(
        lower=1.0
    )
    return table.reset_index()
