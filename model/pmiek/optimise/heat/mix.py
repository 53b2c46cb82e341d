"""The heat mix of a variant laid over that of the storyline, with useful heat conserved."""

from __future__ import annotations

from dataclasses import replace
from types import MappingProxyType
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from pmiek.errors import InputError, Problem
from pmiek.optimise.heat.useful import (
    DISTRICT_ROW,
    HEAT_ROWS,
    KEYS,
    PREFIX,
    ROWS,
    Performance,
    performance,
    row_factors,
    storyline_rows,
    useful_heat,
)

if TYPE_CHECKING:
    from collections.abc import Sequence

    from pmiek.config import Scenario
    from pmiek.config.heat_settings import HeatMixRule
    from pmiek.inputs import Tables

CELL = ["year", "gm_code", "sector"]
TOLERANCE = 1e-6
#: What ``heat.build`` allows that makes no heat.
NO_SOURCE = {"transport_pipes", "tank", "pit"}
DEMAND = "demand/municipal"


def with_heat_mix(tables: Tables, scenario: Scenario) -> Tables:
    """Return the tables with demand rows that follow the heat mix of the scenario.

    Without rules, the rows of individual heating stay exactly the storyline's. Where networks are planned
    (``heat.networks``), the fuel rows of district heating in municipalities with a modelled network become
    rows of carrier heat in the pathway years: their electricity, methane and hydrogen are outcomes of
    :func:`pmiek.optimise.heat.plan_heat`. Otherwise every row stays as the storyline has it, so that the pathway sees
    the electricity that the screening saw. Laying the mix over tables that already have it changes nothing.

    Parameters
    ----------
    tables : Tables
        Reads demand/municipal, heat/served_by, costs/technologies, assumptions and the weather.
    scenario : Scenario
        Part ``heat``.

    Returns
    -------
    Tables
        The same tables but for demand/municipal. Useful heat per year, municipality and sector is the same to
        one part in a million (asserted).

    Raises
    ------
    InputError
        If a rule names an unknown municipality, or asks district heat where no network is modelled.
    """
    check_mix(tables, scenario)
    if scenario.heat.networks == "storyline" and not scenario.heat.mix:
        return tables
    pumps = performance(tables, scenario)
    before = useful_heat(tables, scenario, pumps)
    after = apply_rules(before, scenario, _study(tables))
    check_supply(tables, scenario, after)
    rows = storyline_rows(tables, scenario)
    changed = _scaled(rows, before, after)
    changed = pd.concat([changed, _created(tables, rows, before, after, pumps)], ignore_index=True)
    if scenario.heat.networks == "planned":
        changed = _networks_planned(tables, scenario, changed, after)
    others = tables[DEMAND].drop(index=rows.index)
    demand = pd.concat([others, changed], ignore_index=True)
    result = replace(tables, frames=MappingProxyType({**tables.frames, DEMAND: demand}))
    _assert_conserved(before, useful_heat(result, scenario, pumps))
    return result


def check_mix(tables: Tables, scenario: Scenario) -> None:
    """Name every rule of the mix that the tables cannot follow.

    Raises
    ------
    InputError
        With all problems at once.
    """
    known = set(_study(tables))
    served = tables["heat/served_by"]
    pairs = set(zip(served["gm_code"], served["sector"], strict=True))
    problems = []
    for number, rule in enumerate(scenario.heat.mix):
        problems += _rule_problems(rule, f"heat.mix[{number}]", scenario, known, pairs)
    if problems:
        raise InputError(problems)


def check_supply(tables: Tables, scenario: Scenario, heat: pd.DataFrame) -> None:
    """Name every planned network with heat to deliver for which the variant forbids every source.

    Sources of networks that a transport pipe may join to it count, where pipes are allowed.

    Raises
    ------
    InputError
        With all networks at once.
    """
    if scenario.heat.networks == "storyline":
        return
    allowed = {kind for kind, may in scenario.heat.build.model_dump().items() if may} - NO_SOURCE
    sources = tables["heat/sources"]
    able = sources["kind"].isin(allowed) | (sources["capacity_mw"].fillna(0.0) > 0)
    fed = set(sources.loc[able & ~sources["kind"].isin(NO_SOURCE), "network_id"])
    if scenario.heat.build.transport_pipes:
        pipes = tables["heat/pipes"][["network0", "network1"]].to_numpy()
        for _ in range(len(pipes)):
            fed |= {str(end) for pair in pipes if fed & set(pair) for end in pair}
    district = heat[heat["technology"].eq("district") & heat["year"].isin(scenario.years.pathway)]
    asked = tables["heat/served_by"].merge(district, on=["gm_code", "sector"])["network_id"]
    problems = [
        Problem(
            f"scenarios/variants/{scenario.variant}.yaml",
            None,
            "heat.build",
            f"no source is allowed for network {network}",
            "a source that may be built, or one that stands, for every network with district heat",
            "Allow a source in heat.build (a peak boiler on gas is one), or leave out its district heat.",
        )
        for network in sorted(set(asked) - fed)
    ]
    if problems:
        raise InputError(problems)


def _rule_problems(
    rule: HeatMixRule, path: str, scenario: Scenario, known: set[str], pairs: set[tuple[str, str]]
) -> list[Problem]:
    """Name what is wrong with one rule: unknown municipalities, and district heat that nothing can bring."""
    file = f"scenarios/variants/{scenario.variant}.yaml"
    problems = [
        Problem(file, None, f"{path}.municipalities", code, "a study municipality", "Correct the code.")
        for code in rule.municipalities
        if code not in known
    ]
    if rule.shares.get("district", 0.0) <= 0 and (rule.district_at_least or 0.0) <= 0:
        return problems
    if scenario.heat.networks == "storyline":
        found, expected = "networks: storyline", "networks: planned, so that sources are chosen for this heat"
        remedy = "Set heat.networks to planned, or leave district heat out of the rule."
        problems.append(Problem(file, None, path, found, expected, remedy))
    expected = "a network that serves them in inputs/heat/served_by.csv"
    remedy = "Add the network, its sources and whom it serves, or leave them out of the rule."
    lost = [
        f"district heat for {sector} of {code}"
        for code in (rule.municipalities or sorted(known))
        for sector in rule.sectors
        if code in known and (code, sector) not in pairs
    ]
    return [*problems, *(Problem(file, None, path, found, expected, remedy) for found in lost)]


def apply_rules(heat: pd.DataFrame, scenario: Scenario, study: Sequence[str]) -> pd.DataFrame:
    """Lay the rules over useful heat of the pathway years, in their order, those of earlier years first.

    Parameters
    ----------
    heat : DataFrame
        From :func:`pmiek.optimise.heat.useful.useful_heat`.
    scenario : Scenario
        ``heat.mix``; years without a plan never change.
    study : sequence of str
        Municipalities of the study area, for rules that name none.

    Returns
    -------
    DataFrame
        Same columns; heat of greenhouses' own combined heat and power stays as it is.
    """
    wide = heat.pivot_table(index=CELL, columns="technology", values="heat_mwh", fill_value=0.0)
    wide = wide.reindex(columns=["boiler", "hybrid", "electric", "chp", "district"], fill_value=0.0)
    level = {name: wide.index.get_level_values(name) for name in CELL}
    for rule in sorted(scenario.heat.mix, key=lambda r: r.from_year):
        here = (level["year"] >= rule.from_year) & level["year"].isin(scenario.years.pathway)
        here &= level["sector"].isin(rule.sectors) & level["gm_code"].isin(rule.municipalities or study)
        wide.loc[here] = _ruled(wide.loc[here], rule)
    table = wide.reset_index().melt(CELL, var_name="technology", value_name="heat_mwh")
    table = table[table["heat_mwh"] > 0].sort_values(KEYS, ignore_index=True)
    return table[[*KEYS, "heat_mwh"]]


def _ruled(wide: pd.DataFrame, rule: HeatMixRule) -> pd.DataFrame:
    wide = wide.copy()
    free = wide.drop(columns="chp").sum(axis=1)
    if rule.shares:
        for name in ("boiler", "hybrid", "electric", "district"):
            wide[name] = free * rule.shares.get(name, 0.0)
        return wide
    lacking = (free * (rule.district_at_least or 0.0) - wide["district"]).clip(lower=0.0)
    for name in rule.taken_from:
        taken = np.minimum(lacking, wide[name])
        wide[name] -= taken
        wide["district"] += taken
        lacking -= taken
    return wide


def _ratio(before: pd.DataFrame, after: pd.DataFrame) -> dict[tuple[int, str, str, str], float]:
    both = before.merge(after, on=KEYS, how="outer", suffixes=("", "_new")).fillna({"heat_mwh_new": 0.0})
    both = both[both["heat_mwh"] > 0]
    keys = both[KEYS].itertuples(index=False, name=None)
    return dict(zip(keys, both["heat_mwh_new"] / both["heat_mwh"], strict=True))


def _scaled(rows: pd.DataFrame, before: pd.DataFrame, after: pd.DataFrame) -> pd.DataFrame:
    """Scale the rows of individual heating, and of district heat, by new over old heat."""
    ratio = _ratio(before, after)
    district = _district_ratio(before, after)
    factor = []
    for year, code, sector in zip(rows["year"], rows["gm_code"], rows["sector"], strict=True):
        if sector in ROWS and sector != "agriculture_chp":
            factor.append(ratio.get((int(year), code, *ROWS[sector]), 1.0))
        elif sector in HEAT_ROWS:
            factor.append(ratio.get((int(year), code, HEAT_ROWS[sector], "district"), 1.0))
        elif sector == DISTRICT_ROW:
            factor.append(district.get((int(year), code), 1.0))
        else:
            factor.append(1.0)
    scale = np.where(rows["carrier"].eq("electricity") & rows["sector"].eq("agriculture"), 1.0, factor)
    rows = rows.copy()
    changed = scale != 1.0
    for column in ("volume_mwh", "peak_mw"):
        rows.loc[changed, column] *= scale[changed]
    rows.loc[changed, "quality"] = "derived"
    return rows


def _district_ratio(before: pd.DataFrame, after: pd.DataFrame) -> dict[tuple[int, str], float]:
    old, new = (
        table[table["technology"] == "district"].groupby(["year", "gm_code"])["heat_mwh"].sum()
        for table in (before, after)
    )
    ratio = new.reindex(old.index).fillna(0.0) / old
    return {
        (int(year), str(code)): float(value) for (year, code), value in zip(ratio.index, ratio, strict=True)
    }


def _created(
    tables: Tables, rows: pd.DataFrame, before: pd.DataFrame, after: pd.DataFrame, pumps: Performance
) -> pd.DataFrame:
    """Make rows for a technology that the storyline lacks in a municipality and year."""
    had = before.set_index(KEYS)["heat_mwh"]
    new = after[~after.set_index(KEYS).index.isin(had.index) & (after["technology"] != "district")]
    out = []
    for year, code, sector, kind, heat in new.itertuples(index=False, name=None):
        factors = row_factors(tables, year, pumps)
        name = next(row for row, made in ROWS.items() if made == (sector, kind))
        share = pumps.hybrid_pump_share.get(sector, 0.0)
        parts = {"boiler": {"methane": 1.0}, "electric": {"electricity": 1.0}}.get(
            kind, {"electricity": share, "methane": 1 - share}
        )
        out += [
            (year, code, carrier, name, heat * part / factors[name, carrier])
            for carrier, part in parts.items()
        ]
    return _rows(out, rows)


def _networks_planned(
    tables: Tables, scenario: Scenario, rows: pd.DataFrame, after: pd.DataFrame
) -> pd.DataFrame:
    """Replace fuel rows of district heat by its heat where a network is modelled and a plan is made."""
    served = set(tables["heat/served_by"]["gm_code"])
    years = list(scenario.years.pathway)
    replaced = rows["sector"].isin([DISTRICT_ROW, *HEAT_ROWS])
    replaced &= rows["year"].isin(years) & rows["gm_code"].isin(served)
    heat = after[after["technology"].eq("district") & after["gm_code"].isin(served)]
    heat = heat[heat["year"].isin(years)]
    made = [
        (year, code, "heat", f"{PREFIX[sector]}_district_heat", volume)
        for year, code, sector, _, volume in heat.itertuples(index=False, name=None)
    ]
    parts = [rows[~replaced], _rows(made, rows)]
    return pd.concat([part for part in parts if len(part)], ignore_index=True)


def _rows(made: list[tuple[int, str, str, str, float]], like: pd.DataFrame) -> pd.DataFrame:
    if not made:
        return like.iloc[:0]
    frame = pd.DataFrame(made, columns=["year", "gm_code", "carrier", "sector", "volume_mwh"])
    later = like.loc[like["year"] != like["year"].min(), "storyline"]
    storyline = (later if len(later) else like["storyline"]).iloc[0]
    frame = frame.assign(storyline=storyline, quality="derived", source="planning_practice", peak_mw=np.nan)
    return frame.reindex(columns=like.columns).astype({"year": like["year"].dtype})


def _study(tables: Tables) -> list[str]:
    places = tables["regions/municipalities"]
    return sorted(places.loc[places["role"] == "study", "gm_code"])


def _assert_conserved(before: pd.DataFrame, after: pd.DataFrame) -> None:
    old, new = (table.groupby(CELL)["heat_mwh"].sum() for table in (before, after))
    off = (new.reindex(old.index).fillna(0.0) - old).abs() / old.clip(lower=1.0)
    total = abs(new.sum() - old.sum()) / max(old.sum(), 1.0)
    assert max(off.max(), total) <= TOLERANCE, f"useful heat changed by {off.max():.2g}"
