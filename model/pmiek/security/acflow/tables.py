"""The result tables of the AC check: loading beside DC, voltage per bus, and every power flow."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Final

import numpy as np
import pandas as pd

from pmiek.security.acflow.cases import KEY, WHOLE_GRID, Study, all_cases, asset_cases, injections
from pmiek.security.acflow.powerflow import Injections, Solution, solve

if TYPE_CHECKING:
    from pmiek.arrays import Bools, Floats, Ints
    from pmiek.security.screening.flows import Element

DISAGREEMENT_PCT: Final = 5.0
SAME_FLOW_MW: Final = 0.01
CONVERGED: Final = "converged"
SUPPORTED: Final = "with support"
NO_SOLUTION: Final = "no solution"
SHARES: Final = np.arange(0.1, 0.96, 0.05)
SUPPORT_PARTS: Final = tuple(step / 10 for step in range(1, 11))
"""Parts of the reactive support that are tried."""
CAUSES: Final = {"losses_mva": "losses", "reactive_mva": "reactive power", "voltage_mva": "voltage"}
CHECK_COLUMNS: Final = [
    "grid_state", "storyline", "variant", "year", "weather_year", "asset_id", "asset_name", "asset_class",
    "station", "direction", "contingency", "binding_outage", "hour", "test", "case_id", "limit_mva", "dc_mw",
    "ac_mw", "ac_mvar", "voltage_pu", "dc_loading_pct", "ac_loading_pct", "difference_pct", "losses_mva",
    "reactive_mva", "voltage_mva", "cause", "status",
]  # fmt: skip


def ac_check(study: Study, rows: pd.DataFrame) -> dict[str, pd.DataFrame]:
    """Solve the binding hours of one grid and compare with the DC screening.

    Parameters
    ----------
    study : Study
        Grid, its flow model and hourly power.
    rows : DataFrame
        From :func:`pmiek.security.acflow.cases.binding_rows`, of this grid state, storyline and year.

    Returns
    -------
    dict of str to DataFrame
        ``ac_check`` (a row per asset and direction), ``ac_voltage`` (per bus), ``ac_cases`` (per power flow).

    Raises
    ------
    ValueError
        If the DC flow of this calculation is not the peak that the screening found.
    """
    wanted = asset_cases(study, rows)
    cases = all_cases(study, wanted)
    power = injections(study, cases)
    solution = solve(study.grid, study.electrical, power)
    support = _support(study, cases, power, solution)
    check = _check(study, wanted, cases, (solution, support))
    used = cases["case_id"].isin(check["case_id"]) | cases["reason"].str.startswith(WHOLE_GRID)
    cases = cases.assign(
        net_take_off_mw=power.take_off_mw.sum(axis=0),
        status=_status(solution, support),
        support_mvar=support,
        losses_mw=np.where(solution.converged, solution.losses_mw, np.nan),
        boundary_mvar=solution.boundary_mvar.sum(axis=1),
    )
    cases = pd.concat([cases, _extremes(study, solution)], axis=1)
    cases = _how_far(study, cases)[used.to_numpy()]
    voltage = _voltage(study, cases["case_id"], solution.voltage_pu[used.to_numpy()])
    return {
        "ac_check": check,
        "ac_voltage": _with_run(study, voltage),
        "ac_cases": _with_run(study, cases.reset_index(drop=True)),
    }


def _with_support(study: Study, part: float = 1.0) -> Study:
    return replace(study, electrical=study.electrical.with_support(part))


def _support(study: Study, cases: pd.DataFrame, power: Injections, solution: Solution) -> Floats:
    """Try the cases without a solution again with support of voltage; return what parks deliver, Mvar.

    Parks deliver a part of the reactive power that can be asked of them, and the taps of coupling
    transformers move by the same part of their range. Of the parts that give a solution, that with the
    voltages nearest to nominal is kept: more support than needed raises the voltage too far. NaN where
    support was not needed or did not help.
    """
    delivered = np.full(len(cases), np.nan)
    failed = np.flatnonzero(~solution.converged)
    if not len(failed) or _with_support(study).electrical == study.electrical:
        return delivered
    furthest = np.full(len(failed), np.inf)
    for part in SUPPORT_PARTS:
        helped = _with_support(study, part)
        again = injections(helped, cases.iloc[failed])
        answer = solve(study.grid, helped.electrical, again)
        off = _off_nominal(study, answer)
        better = np.flatnonzero(off < furthest)
        furthest[better] = off[better]
        solution.replaced(failed[better], answer, better)
        given = power.take_off_mvar[:, failed].sum(axis=0) - again.take_off_mvar.sum(axis=0)
        delivered[failed[better]] = given[better]
    return delivered


def _off_nominal(study: Study, solution: Solution) -> Floats:
    """Largest distance from nominal of a bus of the limited level per case; infinite without a solution."""
    distance = np.abs(solution.voltage_pu[:, _is_limited(study)] - 1.0)
    largest = np.where(np.isfinite(distance), distance, 0.0).max(axis=1, initial=0.0)
    return np.where(solution.converged, largest, np.inf)


def _how_far(study: Study, cases: pd.DataFrame) -> pd.DataFrame:
    """Share of the power at which the cases without a solution still have one, and the bus that gives way.

    With all support of voltage.
    """
    cases = cases.assign(solvable_pct=100.0)
    failed = np.flatnonzero(cases["status"] == NO_SOLUTION)
    if not len(failed):
        return cases
    study = _with_support(study)
    power = injections(study, cases)
    column = np.repeat(failed, len(SHARES))
    share = np.tile(SHARES, len(failed))
    part = solve(
        study.grid,
        study.electrical,
        Injections(
            power.stations,
            power.take_off_mw[:, column] * share,
            power.take_off_mvar[:, column] * share,
            tuple(power.outages[case] for case in column),
        ),
    )
    holds = part.converged.reshape(len(failed), -1)
    count = np.cumprod(holds, axis=1).sum(axis=1)  # up to the first that fails
    cases.loc[failed, "solvable_pct"] = np.where(count, SHARES[count - 1] * 100.0, 0.0)
    last = np.arange(len(failed)) * len(SHARES) + count - 1
    weakest = _extremes(study, part)["bus_min"].to_numpy()[last]
    cases.loc[failed, "bus_min"] = np.where(count, weakest, "")
    return cases


def _with_run(study: Study, table: pd.DataFrame) -> pd.DataFrame:
    run = {"grid_state": study.grid.state, "storyline": study.storyline, "year": study.grid.year}
    return pd.concat([pd.DataFrame(run, index=table.index), table], axis=1)


def _status(solution: Solution, support: Floats) -> list[str]:
    return [
        (CONVERGED if np.isnan(mvar) else SUPPORTED) if ok else NO_SOLUTION
        for ok, mvar in zip(solution.converged, support, strict=True)
    ]


@dataclass(frozen=True, eq=False)
class _Flow:
    """Flow of an element in one case: DC, and AC at the end that carries most current."""

    dc_mw: float
    ac_mw: float
    ac_mvar: float
    voltage_pu: float


def _check(
    study: Study, rows: pd.DataFrame, cases: pd.DataFrame, solved: tuple[Solution, Floats]
) -> pd.DataFrame:
    solution, support = solved
    number = pd.MultiIndex.from_frame(cases[KEY]).get_indexer(pd.MultiIndex.from_frame(rows[KEY]))
    assert study.ready.flow is not None
    position = pd.Index(solution.branches).get_indexer(pd.Index(study.ready.flow.branches["branch_id"]))
    by_asset: dict[str, list[Element]] = {}
    for element in study.ready.monitored:
        by_asset.setdefault(element.asset_id, []).append(element)
    flows = [
        _nearest(by_asset[asset], position, solution, int(case), peak)
        for asset, case, peak in zip(rows["asset_id"], number, rows["peak_mw"], strict=True)
    ]
    table = rows.assign(
        case_id=cases["case_id"].to_numpy()[number],
        status=np.array(_status(solution, support))[number],
        dc_mw=[flow.dc_mw for flow in flows],
        ac_mw=[flow.ac_mw for flow in flows],
        ac_mvar=[flow.ac_mvar for flow in flows],
        voltage_pu=[flow.voltage_pu for flow in flows],
    )
    table["gap"] = (table["dc_mw"] - table["peak_mw"]).abs()
    table = table.sort_values("gap", kind="stable").drop_duplicates(["asset_id", "direction"])
    table = table.sort_values(["asset_id", "direction"], ignore_index=True)
    off = table[table["gap"] > SAME_FLOW_MW]
    if len(off):
        row = off.iloc[0]
        message = f"DC flow of {row['asset_id']} is {row['dc_mw']:.3f} MW, screening has {row['peak_mw']:.3f}"
        raise ValueError(message)
    return _compared(study, table)[CHECK_COLUMNS]


def _nearest(elements: list[Element], position: Ints, solution: Solution, case: int, peak_mw: float) -> _Flow:
    """Flow of the asset's element whose DC flow is the peak of the screening, at its heaviest end."""
    members = [position[element.members] for element in elements]
    dc = [float(solution.dc_mw[case, at].sum()) for at in members]
    best = int(np.argmin(np.abs(np.abs(dc) - peak_mw)))
    at = members[best]
    mw, mvar = solution.p_mw[case, at].sum(axis=0), solution.q_mvar[case, at].sum(axis=0)
    volt = solution.voltage_pu[case, solution.ends[at[0]]]
    side = int(np.argmax(np.hypot(mw, mvar) / volt))
    return _Flow(abs(dc[best]), abs(float(mw[side])), float(mvar[side]), float(volt[side]))


def _compared(study: Study, table: pd.DataFrame) -> pd.DataFrame:
    """Compare the loading in both calculations and split the difference in causes that add up exactly."""
    factor = table["direction"].map(study.ready.settings.power_factor).astype(float)
    limit = table["limit_mw"] / factor
    apparent = np.hypot(table["ac_mw"], table["ac_mvar"])
    table = table.assign(
        limit_mva=limit,
        losses_mva=(table["ac_mw"] - table["dc_mw"]) / factor,
        reactive_mva=apparent - table["ac_mw"] / factor,
        voltage_mva=apparent / table["voltage_pu"] - apparent,
        dc_loading_pct=table["dc_mw"] / factor / limit * 100.0,
        ac_loading_pct=apparent / table["voltage_pu"] / limit * 100.0,
    )
    table["difference_pct"] = table["ac_loading_pct"] - table["dc_loading_pct"]
    parts = table[list(CAUSES)].to_numpy(dtype=float) * np.sign(table["difference_pct"].to_numpy())[:, None]
    names = np.array(list(CAUSES.values()))[np.nan_to_num(parts, nan=-np.inf).argmax(axis=1)]
    differs = table["difference_pct"].abs() > DISAGREEMENT_PCT
    return table.assign(cause=np.where(differs, names, ""))


def _is_limited(study: Study) -> Bools:
    kv = study.grid.buses["voltage_kv"].to_numpy(dtype=float)
    return np.asarray(np.isclose(kv, study.electrical.limit_kv))


def _is_mv(study: Study) -> Bools:
    units = study.grid.transformers
    return np.asarray(study.grid.buses["bus_id"].isin(units.loc[units["kind"] == "station", "bus1"]))


def _extremes(study: Study, solution: Solution) -> pd.DataFrame:
    """Lowest and highest voltage of the limited level, where, and the number of buses outside the range."""
    names = np.array(solution.buses)
    limited, medium = _is_limited(study), _is_mv(study)
    volt = solution.voltage_pu[:, limited]
    empty = ~np.isfinite(volt).any(axis=1)
    filled = [np.where(np.isfinite(volt), volt, other) for other in (np.inf, -np.inf)]
    low, high = filled[0].argmin(axis=1), filled[1].argmax(axis=1)
    rows = np.arange(len(volt))
    electrical = study.electrical
    outside = ((volt < electrical.voltage_min_pu) | (volt > electrical.voltage_max_pu)).sum(axis=1)
    return pd.DataFrame(
        {
            "voltage_min_pu": volt[rows, low],
            "bus_min": np.where(empty, "", names[limited][low]),
            "voltage_max_pu": volt[rows, high],
            "bus_max": np.where(empty, "", names[limited][high]),
            "buses_outside": outside,
            "mv_voltage_min_pu": _least(solution.voltage_pu[:, medium]),
            "mv_voltage_max_pu": -_least(-solution.voltage_pu[:, medium]),
        }
    )


def _least(values: Floats) -> Floats:
    least = np.where(np.isfinite(values), values, np.inf).min(axis=1, initial=np.inf)
    return np.asarray(np.where(np.isinf(least), np.nan, least))


def _voltage(study: Study, case_ids: pd.Series, voltage_pu: Floats) -> pd.DataFrame:
    """Lowest and highest voltage of every bus over the cases, with the case, and cases outside the range."""
    buses = study.grid.buses
    limited = _is_limited(study)
    name = buses["station_id"].map(study.grid.stations.set_index("station_id")["name"])
    names = case_ids.to_numpy()
    known = np.isfinite(voltage_pu)
    low = np.where(known, voltage_pu, np.inf).argmin(axis=0)
    high = np.where(known, voltage_pu, -np.inf).argmax(axis=0)
    column = np.arange(voltage_pu.shape[1])
    none = ~known.any(axis=0)
    electrical = study.electrical
    return pd.DataFrame(
        {
            "bus_id": buses["bus_id"].astype("str").to_numpy(),
            "station": name.astype("str").to_numpy(),
            "voltage_kv": buses["voltage_kv"].to_numpy(dtype=float),
            "voltage_min_pu": voltage_pu[low, column],
            "case_min": np.where(none, "", names[low]),
            "voltage_max_pu": voltage_pu[high, column],
            "case_max": np.where(none, "", names[high]),
            "cases": known.sum(axis=0),
            "cases_below": ((voltage_pu < electrical.voltage_min_pu) & limited).sum(axis=0),
            "cases_above": ((voltage_pu > electrical.voltage_max_pu) & limited).sum(axis=0),
        }
    )


def joined(parts: Sequence[Mapping[str, pd.DataFrame]]) -> dict[str, pd.DataFrame]:
    """Put the tables of several grids under each other."""
    names = parts[0] if parts else {}
    return {name: pd.concat([part[name] for part in parts], ignore_index=True) for name in names}
