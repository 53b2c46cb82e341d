"""One storyline on any grid and year: who hangs where, hourly load, and what is above the limits."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

import pandas as pd

from pmiek.connections.demand import connections
from pmiek.network import grid_state, sensitivities
from pmiek.network.state import Additions
from pmiek.security.screening import RunKey, hourly_net_load, peaks, prepare, settings_of, worst_rows
from pmiek.security.screening.settings import DIRECTIONS

if TYPE_CHECKING:
    from collections.abc import Container, Mapping

    from pmiek.config import Scenario
    from pmiek.inputs import Tables
    from pmiek.network import GridState
    from pmiek.security.screening import NetLoad, Screened, Settings

FROZEN, PLANNED = "frozen", "nulalternatief"
CARRIER = "electricity"
VOLUMES = ["volume_mwh", "capacity_mw"]


@dataclass(frozen=True, eq=False)
class World:
    """Everything that all grids of one storyline share.

    Attributes
    ----------
    tables, scenario, storyline, settings, yields
        As the screening has them.
    shapes : mapping of int to DataFrame
        Hourly profiles per weather year.
    hardest : dict of str to int
        Per direction the weather year with most energy above the limits of today's grid; all grids are
        compared on it.
    """

    tables: Tables
    scenario: Scenario
    storyline: str
    settings: Settings
    yields: Mapping[str, float]
    shapes: Mapping[int, pd.DataFrame]
    hardest: dict[str, int] = field(default_factory=dict)
    _who: dict[tuple[int, tuple[str, ...]], pd.DataFrame] = field(default_factory=dict, repr=False)

    def case(self, state: str, year: int, additions: Additions | None = None) -> Case:
        """Prepare one grid.

        Parameters
        ----------
        state : str
            ``frozen`` or ``nulalternatief``.
        year : int
            Any year within the storyline; between two years with figures demand and supply are interpolated.
        additions : Additions, optional
            Projects and assets put in or left out.
        """
        grid = grid_state(self.tables, self.scenario, state, year, additions=additions)
        ready = replace(prepare(grid, sensitivities(grid), self.settings), counted_only=True)
        return Case(self, grid, ready, self.who(year, grid), year)

    def who(self, year: int, grid: GridState) -> pd.DataFrame:
        """Return the connections of a year on a grid; the same grid areas are spread once."""
        moving = set(self.tables["grid/resplits"]["project_id"]) | set(
            self.tables["grid/stations"]["project_id"].dropna()
        )
        key = (year, tuple(p for p in grid.projects if p in moving))
        if key not in self._who:
            self._who[key] = self._interpolated(year, grid)
        return self._who[key]

    def _interpolated(self, year: int, grid: GridState) -> pd.DataFrame:
        known = sorted({int(y) for y in self.tables["demand/municipal"]["year"]})
        low = max((y for y in known if y <= year), default=known[0])
        high = min((y for y in known if y >= year), default=known[-1])
        parts = []
        for at, weight in _weights(low, high, year):
            rows = connections(self.tables, self.scenario, self.storyline, at, grid, yields=self.yields)
            parts.append(rows.assign(**{c: rows[c] * weight for c in VOLUMES}))
        if len(parts) == 1:
            return parts[0]
        keys = [c for c in parts[0].columns if c not in VOLUMES]
        return pd.concat(parts).groupby(keys, as_index=False)[VOLUMES].sum()[list(parts[0].columns)]


def _weights(low: int, high: int, year: int) -> list[tuple[int, float]]:
    if low == high or year in {low, high}:
        return [(year if year in {low, high} else low, 1.0)]
    share = (year - low) / (high - low)
    return [(low, 1.0 - share), (high, share)]


@dataclass(frozen=True, eq=False)
class Case:
    """One grid in one year, ready to be measured.

    Attributes
    ----------
    world : World
        The storyline.
    grid : GridState
        Tables in force.
    ready : Screened
        Prepared grid.
    who : DataFrame
        Connections.
    year : int
        Calendar year.
    """

    world: World
    grid: GridState
    ready: Screened
    who: pd.DataFrame
    year: int
    _loads: dict[int, NetLoad] = field(default_factory=dict, repr=False)

    def load(self, weather_year: int) -> NetLoad:
        """Hourly power per station."""
        if weather_year not in self._loads:
            self._loads[weather_year] = hourly_net_load(self.ready, self.who, self.world.shapes[weather_year])
        return self._loads[weather_year]

    def above(
        self,
        extra_mw: Mapping[str, Mapping[str, float]] | None = None,
        assets: Container[str] | None = None,
    ) -> pd.DataFrame:
        """Measure both directions, each on its hardest weather year.

        Parameters
        ----------
        extra_mw : mapping of str to mapping, optional
            Per direction: asset_id to MW on top of its limits.
        assets : container of str, optional
            Only these assets; all when left out.

        Returns
        -------
        DataFrame
            asset_id, direction, asset_class, weather_year, limit_mw, peak_mw, loading_pct, exceedance_mw,
            hours, energy_mwh: the fault state with the highest loading; assets that can be a bottleneck.
        """
        given = extra_mw or {}
        parts = [
            self.of_direction(way, self.world.hardest[way], given.get(way), assets) for way in DIRECTIONS
        ]
        return pd.concat(parts, ignore_index=True)

    def of_direction(
        self,
        direction: str,
        weather_year: int,
        extra_mw: Mapping[str, float] | None = None,
        assets: Container[str] | None = None,
    ) -> pd.DataFrame:
        """Measure one direction in one weather year, of all assets or some; columns as :meth:`above`."""
        limits = self.ready.settings.limits
        one_way = limits[limits["direction"] == direction]
        settings = replace(self.ready.settings, limits=one_way, known={}, known_counts={})
        ready = replace(self.ready, settings=settings)
        table = peaks(ready, self.load(weather_year), extra_mw, assets=assets)
        table = table[table["direction"] == direction]
        shown_only = table["asset_id"].isin(ready.information) | ~ready.counts(table)
        key = RunKey(self.grid.state, self.world.storyline, PLANNED, self.year, weather_year)
        rows = worst_rows(table[~shown_only], key)
        classes = ready.places.set_index("asset_id")["asset_class"]
        return rows.assign(asset_class=rows["asset_id"].map(classes))


def world_of(
    tables: Tables,
    scenario: Scenario,
    storyline: str,
    *,
    shapes: Mapping[int, pd.DataFrame],
    yields: Mapping[str, float],
    year: int,
) -> World:
    """Collect a storyline and choose the hardest weather year per direction on today's grid in a year."""
    world = World(tables, scenario, storyline, settings_of(tables, scenario), yields, shapes)
    case = world.case(FROZEN, year)
    for way in DIRECTIONS:
        total = {wy: float(case.of_direction(way, wy)["energy_mwh"].sum()) for wy in sorted(shapes)}
        world.hardest[way] = max(total, key=lambda wy: total[wy])
    return world
