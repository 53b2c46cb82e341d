from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pandas as pd
import pytest
from pmiek.optimise.solve.case import AssetCost, Build, Economics, HvGrid, PathwayCase

YEAR = 8760


def make_case(
    load: dict[int, np.ndarray],
    *,
    units: tuple[float, ...] = (40.0, 40.0),
    switchable: np.ndarray | None = None,
    fixed_feed: np.ndarray | None = None,
    rate: float = 0.0,
    curtail_eur: float = 50.0,
    voll_eur: float = 50_000.0,
    build: Build | None = None,
    max_units: int = 6,
    transformer: AssetCost | None = None,
    battery: tuple[float, float] = (150.0, 150.0),
    storyline: str = "test",
    variant: str = "netverzwaring",
    hv: tuple[HvGrid, ...] = (),
    stations: tuple[str, ...] = ("A",),
) -> PathwayCase:
    """One station unless told otherwise; `load` per period is (hours,) or (station, hours)."""
    years = tuple(load)
    loads = np.stack([np.atleast_2d(v) for v in load.values()]).astype(float)
    hours = loads.shape[2]
    zeros = np.zeros_like(loads)
    costs = {
        "station_transformer": transformer or AssetCost(100.0, 0.0, 40),
        "new_station": AssetCost(300.0, 0.0, 40),
        "circuit": AssetCost(50.0, 0.0, 40),
        "coupling_transformer": AssetCost(50.0, 0.0, 40),
        "battery_power": AssetCost(battery[0], 0.0, 40),
        "battery_energy": AssetCost(battery[1], 0.0, 40),
    }
    return PathwayCase(
        storyline=storyline,
        variant=variant,
        years=years,
        tail_years=5,
        stations=pd.DataFrame(
            {
                "name": list(stations),
                "gm_code": "GM1",
                "cluster": "A",
                "payer": "operator",
                "max_units": max_units,
                "unit_mva": 90.0,
                "has_transformers": True,
            },
            index=pd.Index(stations, name="station_id"),
        ),
        units_mva=tuple(tuple(units for _ in stations) for _ in years),
        factors=np.ones((3, 2)),
        load_mw=loads,
        switchable_mw=zeros if switchable is None else zeros + switchable,
        fixed_feed_mw=zeros if fixed_feed is None else zeros + fixed_feed,
        season=np.zeros(hours, dtype=np.int64),
        weather_years=tuple(range(2000, 2000 + hours // YEAR)),
        build=build or Build(batteries=False, new_stations=False),
        economics=Economics(rate, years[0], voll_eur / 1e3, curtail_eur / 1e3, 0.05, costs),
        hv=hv,
    )


def peaks(
    base: float, top: float, hours: tuple[int, ...] = (18,), days: tuple[int, ...] = (10,)
) -> np.ndarray:
    """A year at `base` MW with `top` MW in some hours of some days."""
    values = np.full(YEAR, base)
    for day in days:
        for hour in hours:
            values[day * 24 + hour] = top
    return values


@pytest.fixture
def case() -> Callable[..., PathwayCase]:
    return make_case


@pytest.fixture
def year_with_peaks() -> Callable[..., np.ndarray]:
    return peaks
