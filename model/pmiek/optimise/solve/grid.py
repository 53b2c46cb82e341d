"""The high-voltage grid of a period as sensitivities and ratings, and what a plan adds to it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from pmiek.optimise.solve.case import Array, HvGrid
from pmiek.optimise.solve.costs import infrastructure
from pmiek.security.screening.flows import Element, elements

if TYPE_CHECKING:
    from pmiek.inputs import Tables
    from pmiek.network import GridState
    from pmiek.security.screening import Screened
    from pmiek.security.screening.outages import FlowModel

#: A rating that is never reached, for outages that leave an element alone.
FREE_MW = 1e6


def hv_grid(tables: Tables, grid: GridState, ready: Screened, stations: pd.DataFrame) -> HvGrid:
    """Write the screening's flow model in the form of the pathway.

    Circuits of the national grid are left out: they are information. All ratings count with the power factor
    of take-off, which is on the safe side for feed-in.

    Parameters
    ----------
    tables : Tables
    grid : GridState
    ready : Screened
        Prepared grid.
    stations : DataFrame
        Rows of the pathway (index asset_id, column station_id).
    """
    flow = ready.flow
    assert flow is not None
    places = ready.places.set_index("asset_id")
    kept = [e for e in elements(flow) if not bool(places.loc[e.asset_id, "is_information"])]
    at = pd.Index(flow.stations).get_indexer(pd.Index(stations["station_id"]))
    power_factor = ready.settings.power_factor_take_off
    intact = np.array([flow.ptdf[e.members].sum(0) for e in kept]).reshape(len(kept), -1)
    after = np.full((len(flow.faults), len(kept), intact.shape[1]), np.nan)
    rating = np.full((1 + len(flow.faults), len(kept), 2), FREE_MW)
    for m, element in enumerate(kept):
        rating[0, m] = element.rating_mva * power_factor
        for row, number in enumerate(element.faults):
            after[number, m] = _after(flow, element, row, intact[m])
            rating[1 + number, m] = element.fault_rating_mva[row] * power_factor
    pick = np.where(at >= 0, at, 0)
    present = (at >= 0).astype(float)
    return HvGrid(
        elements=_table(tables, grid, places, kept, power_factor),
        ptdf=-intact[:, pick] * present,
        after=-after[:, :, pick] * present,
        outage_ids=tuple(f.outage_id for f in flow.faults),
        share=_share(flow, kept),
        base_flow_mw=np.zeros((1 + len(flow.faults), len(kept))),
        rating_mw=rating,
    )


def _after(flow: FlowModel, element: Element, row: int, intact: Array) -> Array:
    fault = flow.faults[int(element.faults[row])]
    shift = element.shift[row]
    if shift is None:
        assert fault.after is not None
        return np.asarray(fault.after[element.members].sum(0))
    return np.asarray(intact + shift @ flow.ptdf[list(fault.branches)])


def _share(flow: FlowModel, kept: list[Element]) -> Array:
    """Return how far extra MW of an asset relieve each element: 1 over its circuits in service."""
    asset = flow.branches["asset_id"].to_numpy()
    share = np.ones((1 + len(flow.faults), len(kept)))
    for m, element in enumerate(kept):
        if element.asset_class == "circuit":
            count = int((asset == element.asset_id).sum())
            share[:, m] = 1 / count
            for o, fault in enumerate(flow.faults):
                out = sum(asset[b] == element.asset_id for b in fault.branches)
                share[1 + o, m] = 1 / max(1, count - out)
    return share


def _table(
    tables: Tables, grid: GridState, places: pd.DataFrame, kept: list[Element], power_factor: float
) -> pd.DataFrame:
    length = grid.circuits.groupby("corridor_id")["length_km"].max()
    lines = grid.circuits.groupby("corridor_id")["rating_summer_mva"].sum()
    units = grid.transformers.groupby("group_id")["rated_mva"].sum()
    sizes = {
        "circuit": infrastructure(tables, "circuit", "cable_110kv", "size"),
        "coupling_transformer": infrastructure(tables, "coupling_transformer", "add_transformer", "size"),
    }
    per_km = 1e3 * infrastructure(tables, "circuit", "cable_110kv", "investment")
    per_unit = 1e3 * infrastructure(tables, "coupling_transformer", "add_transformer", "investment")
    rows = []
    for m, element in enumerate(kept):
        line = element.asset_class == "circuit"
        unit = sizes[element.asset_class] * power_factor
        capex = per_km * float(length[element.asset_id]) if line else per_unit
        present = float((lines if line else units)[element.asset_id]) * power_factor
        place = places.loc[element.asset_id]
        rows.append(
            (
                f"{element.asset_id}#{m}",
                element.asset_id,
                element.asset_class,
                place["cluster"] if pd.notna(place["cluster"]) else "",
                place["operator"],
                present,
                unit,
                capex / unit,
                True,
            )
        )
    columns = [
        "element_id",
        "asset_id",
        "asset_class",
        "cluster",
        "payer",
        "existing_mw",
        "unit_mw",
        "capex_keur_per_mw",
        "buildable",
    ]
    return pd.DataFrame(rows, columns=columns)


def hv_additions(
    tables: Tables, grid: GridState, built: Mapping[str, pd.Series], hv: HvGrid
) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Return rows for ``grid/circuits`` and ``grid/transformers`` for the units of a plan in one period.

    A new circuit is a cable beside the corridor: same ends and length, its own reactance and rating.

    Parameters
    ----------
    tables : Tables
    grid : GridState
        Grid without the plan.
    built : mapping of str to Series
        ``circuit`` and ``coupling_transformer``: MW in service by asset id.
    hv : HvGrid
        Gives the size of a unit.
    """
    size = hv.elements.drop_duplicates("asset_id").set_index("asset_id")["unit_mw"]
    circuits = _copies(grid.circuits, "corridor_id", "circuit_id", built.get("circuit"), size)
    circuits["rating_summer_mva"] = circuits["rating_winter_mva"] = infrastructure(
        tables, "circuit", "cable_110kv", "size"
    )
    for column, assumption in (("x_ohm", "cable_110kv_x_ohm_per_km"), ("r_ohm", "cable_110kv_r_ohm_per_km")):
        circuits[column] = circuits["length_km"] * tables.assumption(assumption)
    circuits = circuits.assign(kind="cable", tower_group=np.nan, project_id=np.nan)
    units = _copies(grid.transformers, "group_id", "unit_id", built.get("coupling_transformer"), size)
    units["rated_mva"] = infrastructure(tables, "coupling_transformer", "add_transformer", "size")
    return circuits, units.assign(project_id=np.nan)


def _copies(
    table: pd.DataFrame, group: str, key: str, built: pd.Series | None, size: pd.Series
) -> pd.DataFrame:
    if built is None:
        return table.iloc[:0].copy()
    present = [str(a) for a in built.index if a in set(table[group])]
    count = {asset: round(float(built[asset]) / float(size[asset])) for asset in present if built[asset] > 0}
    first = table.drop_duplicates(group).set_index(group, drop=False)
    rows = [
        first.loc[asset].rename(None).to_dict() | {key: f"{asset}-new{i + 1}"}
        for asset, number in sorted(count.items())
        for i in range(number)
    ]
    return pd.DataFrame(rows, columns=table.columns) if rows else table.iloc[:0].copy()
