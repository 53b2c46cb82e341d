"""What our own rows need beside the components, as plain tables that travel in ``network.meta``.

Everything is a list, a number or a text, so that it survives netCDF and can be read without this package.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

import numpy as np

from pmiek.optimise.solve.case import AFTER_TRIP, TESTS
from pmiek.optimise.solve.program import HV_ASSETS, capex_keur, hv_assets, unit_headroom_mva, yearly_rates

if TYPE_CHECKING:
    from pmiek.optimise.solve.case import Array, PathwayCase
    from pmiek.optimise.solve.days import ChosenDays
    from pmiek.optimise.solve.hv_rows import HvRows
    from pmiek.optimise.solve.program import Floors

#: Stands for "no upper limit" in the tables: JSON has no infinity.
NO_LIMIT: Final = -1.0


def row_tables(
    case: PathwayCase, days: ChosenDays, floors: Floors | None, *, vintages: bool
) -> dict[str, Any]:
    """Return the tables of the own rows.

    Returns
    -------
    dict
        ``storyline``, ``variant``, ``weather_years``; ``capacity``: one entry per asset that may be built
        (family, name, least and most in service per period, alive (period, period of build),
        price_keur: present value per unit built in each period); ``stations``: limits of the test after a
        fault (period, hour), gain per MVA added (test, period, season) and options (share per option); ``shifts`` and
        ``behind_park``: measures with rows of their own; ``season`` per chosen hour; ``security``: the
        high-voltage rows, empty at first.
    """
    after_fault = case.limit_mw(AFTER_TRIP, days.hours())
    gain = np.stack([case.gain(test) for test in range(len(TESTS))])
    return {
        "storyline": case.storyline,
        "variant": case.variant,
        "money": "kEUR",
        "weather_years": list(case.weather_years),
        "days": [int(day) for day in days.day],
        "vintages": int(vintages),
        "season": [int(season) for season in case.season[days.hours()].ravel()],
        "capacity": _capacity(case, floors, vintages=vintages),
        "stations": {
            str(asset): {
                "after_fault_mw": after_fault[:, s].reshape(len(case.years), -1).tolist(),
                "gain": gain[:, :, s].tolist(),
                "options": dict(
                    zip(map(str, case.options["option_id"]), case.option_share[:, s].tolist(), strict=True)
                )
                if len(case.options) and case.build.new_stations
                else {},
            }
            for s, asset in enumerate(case.stations.index)
        },
        "shifts": _shifts(case, days),
        "behind_park": [store.name for store in case.measures.stores if store.behind_park],
        "security": [],
    }


def _shifts(case: PathwayCase, days: ChosenDays) -> dict[str, dict[str, list[list[float]]]]:
    """Return what may move per measure and station, MWh per (period, chosen day)."""
    return {
        shift.name: {
            str(asset): np.asarray(shift.day_mwh[:, s][:, days.day], dtype=float).tolist()
            for s, asset in enumerate(case.stations.index)
        }
        for shift in case.measures.shifts
    }


def _capacity(case: PathwayCase, floors: Floors | None, *, vintages: bool) -> list[dict[str, Any]]:
    entries: list[dict[str, Any]] = []
    periods, stations = len(case.years), [str(asset) for asset in case.stations.index]
    none = np.zeros((periods, len(stations)))
    free = np.full_like(none, np.inf)
    build = case.build
    most = {
        "station_transformer": unit_headroom_mva(case) if build.station_transformers else none,
        "new_station": free if build.new_stations else none,
    }
    if not vintages:
        for family, upper in most.items():
            entries += _entries(case, family, family, stations, (none, upper))
    for family in ("battery_power", "battery_energy") if build.batteries else ():
        entries += _entries(case, family, family, stations, (none, free))
    may = {"circuit": build.circuits, "coupling_transformer": build.coupling_transformers}
    for family in HV_ASSETS:
        table = hv_assets(case, family)
        names = [str(asset) for asset in table.index]
        least = np.zeros((periods, len(names)))
        for a, asset in enumerate(names):
            if floors is not None and asset in floors.hv:
                least[:, a] = floors.hv[asset]
        buildable = table["buildable"].to_numpy(dtype=bool) & may[family]
        upper = np.broadcast_to(np.where(buildable, np.inf, 0.0), least.shape)
        entries += _entries(case, family, family, names, (least, upper))
    if len(case.options) and build.new_stations:
        start = case.options["earliest_year"].to_numpy(dtype=float)
        upper = (np.array(case.years)[:, None] >= start[None, :]).astype(float)
        names = [str(option) for option in case.options["option_id"]]
        entries += _entries(case, "option", "new_station", names, (0 * upper, upper))
    return entries


def _entries(
    case: PathwayCase, family: str, asset: str, names: list[str], bounds: tuple[Array, Array]
) -> list[dict[str, Any]]:
    if not names:
        return []
    alive = case.alive(asset)
    years = case.discount() @ alive
    price = years[:, None] * capex_keur(case, family)[None, :] * sum(yearly_rates(case, asset))
    least, most = bounds
    return [
        {
            "family": family,
            "name": name,
            "least": least[:, n].tolist(),
            "most": np.where(np.isinf(most[:, n]), NO_LIMIT, most[:, n]).tolist(),
            "alive": alive.tolist(),
            "price_keur": price[:, n].tolist(),
        }
        for n, name in enumerate(names)
    ]


def security_table(case: PathwayCase, rows: HvRows, least_effect: float) -> list[dict[str, Any]]:
    """Return the high-voltage rows as entries: where, when, effect per MW at each station, what is left.

    Parameters
    ----------
    case : PathwayCase
    rows : HvRows
        Against the net load without measures, as :func:`pmiek.optimise.solve.hv_rows.violated_rows` gives.
    least_effect : float
        Effects below this, MW of flow per MW at a station, do not count.
    """
    entries = []
    for r in range(len(rows)):
        element = case.hv[rows.period[r]].elements.iloc[rows.element[r]]
        at = [int(s) for s in np.flatnonzero(np.abs(rows.coefficient[r]) >= least_effect)]
        entries.append(
            {
                "period": int(rows.period[r]),
                "hour": int(rows.day[r] * 24 + rows.hour[r]),
                "element": str(element["element_id"]),
                "state": int(rows.state[r]),
                "family": str(element["asset_class"]),
                "asset": str(element["asset_id"]),
                "relief_per_mw": float(rows.share[r]),
                "headroom_mw": float(rows.room_mw[r]),
                "station": [str(case.stations.index[s]) for s in at],
                "effect": [float(rows.coefficient[r, s]) for s in at],
                "tripped": [float(rows.tripped[r, s]) for s in at],
            }
        )
    return entries
