"""Options per project on an equal footing: grid, storage, flexible contract and another carrier."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pandas as pd

from pmiek.decide.projects.carrier_assets import SOURCES
from pmiek.decide.projects.costs import CostBook
from pmiek.decide.projects.shape import battery_share, shape_exponent, share_below
from pmiek.decide.projects.tables import OPTION_COLUMNS, TablesLike, optional, split_ids, text

Array = npt.NDArray[np.float64]
GRID, STORAGE, FLEX, CARRIER = "grid", "storage", "flexible", "carrier"
ENOUGH_PCT = 95.0
ON_PLOT = ("extra_transformer", "coupling_unit")


@dataclass(frozen=True)
class OptionRule:
    """One option: for which asset classes it exists and how it works.

    Attributes
    ----------
    option : str
        Key, the same in costs and texts.
    mechanism : str
        grid, storage, flexible or carrier.
    asset_classes : tuple of str
        Where it can be used; empty means everywhere.
    directions : tuple of str
        Which direction it relieves; empty means both.
    label_nl, label_en : str
        What the reader sees.
    not_for : tuple of str
        Asset classes where it does not exist.
    carrier : str
        Carrier of the projects for which it exists.
    """

    option: str
    mechanism: str
    asset_classes: tuple[str, ...]
    directions: tuple[str, ...]
    label_nl: str
    label_en: str
    not_for: tuple[str, ...] = ()
    carrier: str = "electricity"


GAS, HYDROGEN, HEAT = "methane", "hydrogen", "heat"
AREA, PLACE, NETWORK = ("gas_area",), ("hydrogen_pipe",), ("heat_source",)
STATION, COUPLING, CIRCUIT = ("station_transformer",), ("coupling_transformer",), ("circuit",)
OPTION_RULES: tuple[OptionRule, ...] = (
    OptionRule(
        "extra_transformer",
        GRID,
        STATION,
        (),
        "transformator op bestaand terrein",
        "transformer on existing plot",
    ),
    OptionRule("new_station", GRID, STATION, (), "nieuw station", "new station"),
    OptionRule("line_uprating", GRID, CIRCUIT, (), "geleiders vervangen", "new conductors"),
    OptionRule(
        "corridor_reinforcement", GRID, CIRCUIT, (), "verbinding versterken", "corridor reinforcement"
    ),
    OptionRule(
        "coupling_unit",
        GRID,
        COUPLING,
        (),
        "koppeltransformator op bestaand terrein",
        "coupling unit on the plot",
    ),
    OptionRule("new_coupling_station", GRID, COUPLING, (), "nieuw koppelstation", "new coupling station"),
    OptionRule("switching_station", GRID, ("mv_station",), (), "MS-schakelstation", "MV switching station"),
    OptionRule("mv_lv_stations", GRID, ("mv_lv",), (), "nieuwe MS/LS-stations", "new MV/LV stations"),
    OptionRule("battery", STORAGE, (), (), "batterij", "battery"),
    OptionRule("flexible_contract", FLEX, (), ("take-off",), "flexibel contract", "flexible contract"),
    OptionRule(  # roofs on low voltage cannot be switched one by one
        "curtailment", FLEX, (), ("feed-in",), "aftoppen van opwek", "curtailment", not_for=("mv_lv",)
    ),
    OptionRule("other_carrier", CARRIER, (), ("take-off",), "andere drager", "other carrier"),
    OptionRule("gas_booster", GRID, AREA, ("feed-in",), "groengasbooster", "green gas booster", carrier=GAS),
    OptionRule("gas_coupling", GRID, AREA, ("feed-in",), "koppelleiding", "coupling pipe", carrier=GAS),
    OptionRule("gas_buffer", STORAGE, AREA, ("feed-in",), "gasbuffer", "gas buffer", carrier=GAS),
    OptionRule("less_green_gas", FLEX, AREA, ("feed-in",), "minder invoeden", "feed in less", carrier=GAS),
    OptionRule(
        "hydrogen_reused_pipe",
        GRID,
        PLACE,
        (),
        "leiding uit gas",
        "pipe converted from gas",
        carrier=HYDROGEN,
    ),
    OptionRule("hydrogen_new_pipe", GRID, PLACE, (), "nieuwe leiding", "new pipe", carrier=HYDROGEN),
    OptionRule(
        "without_hydrogen",
        FLEX,
        PLACE,
        ("take-off",),
        "zonder waterstof",
        "without hydrogen",
        carrier=HYDROGEN,
    ),
    OptionRule(
        "less_hydrogen", FLEX, ("electrolyser",), ("feed-in",), "minder maken", "make less", carrier=HYDROGEN
    ),
    OptionRule("heat_pipe", GRID, NETWORK, ("take-off",), "warmteleiding", "heat pipe", carrier=HEAT),
    OptionRule(
        "heat_pump", GRID, NETWORK, ("take-off",), "grote warmtepomp", "large heat pump", carrier=HEAT
    ),
    OptionRule("heat_boiler", GRID, NETWORK, ("take-off",), "piekketel", "peak boiler", carrier=HEAT),
)
LABELS = {rule.option: (rule.label_nl, rule.label_en) for rule in OPTION_RULES} | {
    "planned": ("zoals gepland", "as planned"),
    "switching_point": ("schakelpunt openen of sluiten", "open or close a switching point"),
    "": ("nog te bepalen", "to be decided"),
}


def build_options(projects: pd.DataFrame, need: pd.DataFrame, book: CostBook) -> pd.DataFrame:
    """Size and cost every option of every project with a need, of its own carrier.

    Parameters
    ----------
    projects : DataFrame
        Columns project_id, asset_class, size_raw_mw (exceedance to solve), size_raw_mw_high, extendable,
        free_units, largest_unit_mva, length_km, circuits, overhead, contract_share, carrier_share, carrier
        and the columns of :func:`pipe_facts`.
    need : DataFrame
        ``NEED_COLUMNS``; the state that sizes the project, one row per direction.
    book : CostBook
        Costs, standard units, lead times and space.

    Returns
    -------
    DataFrame
        Columns ``OPTION_COLUMNS``; one row per project and option, MW, MEUR of 2025, years, hectare, percent.
        ``solves_pct`` is the share of the exceedance hours in the median case that the option takes away,
        and 0 in the direction that it does not touch.
    """
    if projects.empty or need.empty:
        return pd.DataFrame(columns=OPTION_COLUMNS)
    parts = [_one_option(rule, projects, need, book) for rule in OPTION_RULES]
    out = pd.concat([part for part in parts if len(part)] or [pd.DataFrame(columns=OPTION_COLUMNS)])
    order = {rule.option: i for i, rule in enumerate(OPTION_RULES)}
    out = out.assign(order=out["option"].map(order)).sort_values(["project_id", "order"])
    return out[OPTION_COLUMNS].reset_index(drop=True)


def _one_option(rule: OptionRule, projects: pd.DataFrame, need: pd.DataFrame, book: CostBook) -> pd.DataFrame:
    part = projects[projects["carrier"] == rule.carrier]
    part = part[part["asset_class"].isin(rule.asset_classes)] if rule.asset_classes else part
    part = part[~part["asset_class"].isin(rule.not_for)]
    if rule.option in ON_PLOT:
        part = part[(part["extendable"] != "no") & (part["free_units"].fillna(1) > 0)]
    if rule.option == "line_uprating":
        part = part[part["overhead"]]
    if rule.option in PIPES:
        part = part.assign(length_km=part[f"{rule.option}_km"])
        part = part[part["length_km"].notna()]
    if rule.directions:
        wanted = need.loc[need["direction"].isin(rule.directions), "project_id"]
        part = part[part["project_id"].isin(wanted)]
    size, gain = _size(rule, part, need, book)
    part, size, gain = part[gain > 0], size[gain > 0], gain[gain > 0]
    if part.empty:
        return pd.DataFrame(columns=OPTION_COLUMNS)
    length = part["length_km"] * part["circuits"] if rule.option == "line_uprating" else part["length_km"]
    out = book.price(rule.option, size, length)
    if rule.mechanism == FLEX:
        out = out.assign(annual_cost_meur=_compensation(rule, part, need, book))
    fuel = book.fuel_eur_per_mwh(rule.option)
    if fuel:
        energy = _direction_value(part, need, rule.directions, "energy_mwh_median")
        out = out.assign(annual_cost_meur=out["annual_cost_meur"] + energy * fuel / 1e6)
    return out.assign(
        project_id=part["project_id"].to_numpy(),
        option=rule.option,
        size_mw=size,
        solves_pct=100.0 * _solves(rule, part, need, gain, book),
    )[OPTION_COLUMNS]


def _size(rule: OptionRule, part: pd.DataFrame, need: pd.DataFrame, book: CostBook) -> tuple[Array, Array]:
    """Return the size that is built (MW) and what it adds to the limit (MW)."""
    raw = part["size_raw_mw"].to_numpy(float)
    if rule.mechanism == GRID:
        unit = book.unit_mw(rule.option)
        lost = _not_firm(rule, part, unit, book.power_factor)
        units = np.maximum(np.ceil(np.round((raw + lost) / unit, 6)), 1.0)
        if rule.option in ON_PLOT:
            free = part["free_units"].to_numpy(float)
            units = np.minimum(units, np.where(np.isnan(free), np.inf, free))
        if rule.option == "line_uprating":
            units = np.ones(len(part))
        return units * unit, units * unit - lost
    if rule.mechanism == STORAGE:
        whole = np.ceil(np.round(raw, 6))
        return whole, whole
    peak = _direction_value(part, need, rule.directions, "peak_mw")
    exceeds = _direction_value(part, need, rule.directions, "exceedance_mw_median")
    if rule.option == "flexible_contract":
        share = part["contract_share"].to_numpy(float) * book.flexible_share * book.lasting_flexibility
        exceeds = np.minimum(exceeds, peak * np.nan_to_num(share))
    elif rule.mechanism == CARRIER:
        exceeds = np.minimum(exceeds, peak * part["carrier_share"].to_numpy(float))
    return exceeds, exceeds


def _not_firm(rule: OptionRule, part: pd.DataFrame, unit_mw: float, power_factor: float) -> Array:
    """MW of a new unit that add nothing.

    Beside smaller units the new one becomes the largest, so the firm rating grows by the unit less the
    difference with the largest that stood there; new conductors replace what the line carries today.
    """
    if rule.option in ON_PLOT:
        largest = part["largest_unit_mva"].to_numpy(float) * power_factor
        return np.asarray(np.nan_to_num(np.maximum(unit_mw - largest, 0.0)), dtype=np.float64)
    if rule.option == "line_uprating":
        today = np.minimum(part["need_limit_mw"].to_numpy(float), unit_mw)
        return np.asarray(np.nan_to_num(today), dtype=np.float64)
    return np.zeros(len(part))


def _direction_value(
    part: pd.DataFrame, need: pd.DataFrame, directions: tuple[str, ...], column: str
) -> Array:
    rows = need[need["direction"].isin(directions)] if directions else need
    values = rows.groupby("project_id")[column].max()
    return part["project_id"].map(values).fillna(0.0).to_numpy(float)


def _solves(rule: OptionRule, part: pd.DataFrame, need: pd.DataFrame, gain: Array, book: CostBook) -> Array:
    rows = need[need["project_id"].isin(part["project_id"])].copy()
    given = pd.Series(gain, index=part["project_id"].to_numpy())
    mw = np.asarray(rows["project_id"].map(given), dtype=np.float64)
    peak, hours, energy = (
        np.asarray(rows[f"{name}_median"], dtype=np.float64)
        for name in ("exceedance_mw", "hours", "energy_mwh")
    )
    if rule.mechanism == STORAGE:
        share = battery_share(mw, book.battery_hours, peak, hours, energy, book.event_hours)
    else:
        share = share_below(mw + 1e-9, peak, shape_exponent(peak, hours, energy))
    touched = (
        rows["direction"].isin(rule.directions).to_numpy() if rule.directions else np.ones(len(rows), bool)
    )
    solved = pd.Series(np.where(touched, share, 0.0) * hours, index=rows["project_id"].to_numpy())
    total = pd.Series(hours, index=rows["project_id"].to_numpy()).groupby(level=0).sum()
    pct = solved.groupby(level=0).sum() / total.where(total > 0)
    return np.asarray(part["project_id"].map(pct.fillna(1.0)), dtype=np.float64)


def _compensation(rule: OptionRule, part: pd.DataFrame, need: pd.DataFrame, book: CostBook) -> Array:
    energy = _direction_value(part, need, rule.directions, "energy_mwh_median")
    return energy * book.compensation_eur_per_mwh(rule.option) / 1e6


def preferred(options: pd.DataFrame) -> pd.Series:
    """Choose the option that names the project: the cheapest a year of those that solve enough.

    Enough is ``ENOUGH_PCT`` of the exceedance hours. Where no option does, the one that solves most; where
    a cost is unknown the option cannot be cheapest. Ties go to the shorter lead time, then to the order of
    ``OPTION_RULES``. All options stay in the table: the choice is a reading help, not a decision.

    Returns
    -------
    Series
        Option by project_id.
    """
    if options.empty:
        return pd.Series(dtype=object)
    enough = options["solves_pct"] >= ENOUGH_PCT
    ranked = options.assign(
        short=~enough,
        missing=np.where(enough, 0.0, -options["solves_pct"]),
        cost=options["annual_cost_meur"].fillna(np.inf),
        lead=options["lead_time_years"].fillna(np.inf),
    ).sort_values(["project_id", "short", "missing", "cost", "lead"], kind="stable")
    return ranked.drop_duplicates("project_id").set_index("project_id")["option"]


#: Option -> table with its pipes, the columns of both ends and of the kind, and which kind it is.
PIPES = {
    "gas_coupling": ("gas/links", ("area0", "area1"), "kind", "coupling"),
    "hydrogen_new_pipe": ("hydrogen/pipes", ("node0", "node1"), "kind", "new_pipe"),
    "hydrogen_reused_pipe": ("hydrogen/pipes", ("node0", "node1"), "kind", "reused_pipe"),
    "heat_pipe": ("heat/pipes", ("network0", "network1"), "", ""),
}


def pipe_facts(projects: pd.DataFrame, tables: TablesLike) -> pd.DataFrame:
    """Add the shortest pipe that may reach a project's place, km per option; NaN where none is drawn.

    A coupling of gas areas helps only towards an area with room: one that is no project itself.

    Returns
    -------
    DataFrame
        ``projects`` plus a column ``<option>_km`` per option of ``PIPES``.
    """
    place = text(projects["asset_ids"]).str.split(";").str[0].str.removesuffix(SOURCES)
    full = set(place[projects["asset_class"].isin(AREA)])
    out = projects
    for option, (name, ends, column, kind) in PIPES.items():
        rows = optional(tables, name, [*ends, "length_km", "status", *([column] if column else [])])
        rows = rows[text(rows[column]) == kind] if column else rows
        rows = rows[text(rows["status"]) != "existing"]
        length = pd.to_numeric(rows["length_km"])
        reach = pd.concat(
            [
                pd.DataFrame({"place": text(rows[near]), "beyond": text(rows[other]), "km": length})
                for near, other in (ends, ends[::-1])
            ]
        )
        if option == "gas_coupling":
            reach = reach[~reach["beyond"].isin(full)]
        shortest = reach.groupby("place")["km"].min()
        out = out.assign(**{f"{option}_km": place.map(shortest).astype(float)})
    return out


def plot_room(projects: pd.DataFrame, stations: pd.DataFrame, transformers: pd.DataFrame) -> pd.DataFrame:
    """Add whether the plot can be extended and how many units still fit.

    Returns
    -------
    DataFrame
        ``projects`` plus extendable (yes, no, unknown), free_units and largest_unit_mva (NaN when unknown).
    """
    room = stations.assign(station_id=text(stations["station_id"])).set_index("station_id")
    standing = transformers[text(transformers["removed_by_project"]) == ""]
    units = standing.groupby("group_id").size()
    largest = pd.to_numeric(standing["rated_mva"]).groupby(standing["group_id"]).max()
    first = projects["asset_ids"].map(lambda ids: next(iter(split_ids(ids)), ""))
    most = pd.to_numeric(projects["station_id"].map(room["max_units"]), errors="coerce")
    extendable = projects["station_id"].map(room["extendable"]).fillna("unknown").replace("", "unknown")
    return projects.assign(
        extendable=extendable,
        free_units=(most - first.map(units)).clip(lower=0),
        largest_unit_mva=first.map(largest),
    )


def line_facts(projects: pd.DataFrame, circuits: pd.DataFrame) -> pd.DataFrame:
    """Add what a project's first corridor is made of.

    Returns
    -------
    DataFrame
        ``projects`` plus length_km (the longest circuit, where not yet known), circuits (number) and
        overhead (False where a part or all of it is cable).
    """
    corridor = text(circuits["corridor_id"])
    length = pd.to_numeric(circuits["length_km"]).groupby(corridor).max()
    count = corridor.groupby(corridor).size()
    overhead = text(circuits["kind"]).eq("overhead").groupby(corridor).all()
    first = projects["asset_ids"].str.split(";").str[0]
    return projects.assign(
        length_km=projects["length_km"].astype(float).fillna(first.map(length).astype(float)),
        circuits=first.map(count).fillna(1).astype(float),
        overhead=first.map(overhead).eq(True),
    )
