"""The grid, its parks and what hangs on its stations as ESDL, one file per storyline (needs extra ``exchange``)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any, Final

import pandas as pd

from pmiek.errors import RequestError
from pmiek.files import write_text

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

    from pmiek.inputs import Tables

#: Parks of our inputs in ESDL's words.
PARKS: Final = {"wind_onshore": "WindPark", "solar_field": "PVPark"}
MEUR: Final = 1e6


@dataclass(frozen=True)
class EsdlCounts:
    """What an ESDL file carries, to compare after reading it back.

    Attributes
    ----------
    stations, transformers, cables, parks, demands, supplies : int
        Assets of each kind.
    capacity_mva : float
        Sum over transformers.
    energy_gwh : float
        Sum over all profiles of demand.
    """

    stations: int
    transformers: int
    cables: int
    parks: int
    demands: int
    supplies: int
    capacity_mva: float
    energy_gwh: float


def write_esdl(inputs: Tables, station_energy: pd.DataFrame, storyline: str, path: Path) -> EsdlCounts:
    """Write grid, parks, demand and supply per station and the price of planned transformers as ESDL.

    Parameters
    ----------
    inputs : Tables
        Checked public inputs.
    station_energy : DataFrame
        Result table of that name (MWh per station, sector and year); rows of the frozen grid are taken.
    storyline : str
        Storyline of the profiles.
    path : Path
        File to write; ends in ``.esdl``.

    Returns
    -------
    EsdlCounts
        What was written.

    Raises
    ------
    RequestError
        If pyESDL is not installed, or the results hold nothing of the storyline.
    """
    rows = station_energy[
        (station_energy["storyline"] == storyline) & (station_energy["grid_state"] == "frozen")
    ]
    if rows.empty:
        message = f"the results hold no energy per station of storyline {storyline!r}"
        raise RequestError(message)
    system = _System(storyline)
    system.areas(inputs["regions/municipalities"])
    system.stations(inputs["grid/stations"], inputs["grid/buses"])
    system.transformers(inputs["grid/transformers"], inputs["costs/infrastructure"])
    system.cables(inputs["grid/circuits"])
    system.parks(inputs["supply/parks"])
    system.energy(rows)
    write_text(system.handler.to_string(), path)
    return read_esdl(path)


def read_esdl(path: Path) -> EsdlCounts:
    """Open an ESDL file with pyESDL, which holds it against the language's own model, and count what it carries.

    Raises
    ------
    RequestError
        If pyESDL is not installed.
    """
    esdl = _library()
    from esdl.esdl_handler import EnergySystemHandler  # noqa: PLC0415 -- an extra

    handler = EnergySystemHandler()
    handler.load_file(str(path))

    def every(kind: Any) -> list[Any]:
        return list(handler.get_all_instances_of_type(kind))

    demands = every(esdl.ElectricityDemand)
    return EsdlCounts(
        stations=len({bus.originalIdInSource for bus in every(esdl.Bus)}),
        transformers=len(every(esdl.Transformer)),
        cables=len(every(esdl.ElectricityCable)),
        parks=len(every(esdl.WindPark)) + len(every(esdl.PVPark)),
        demands=len(demands),
        supplies=sum(
            1 for asset in every(esdl.ElectricityProducer) if type(asset) is esdl.ElectricityProducer
        ),
        capacity_mva=round(sum(unit.capacity for unit in every(esdl.Transformer)) / 1e6, 3),
        energy_gwh=round(sum(e.value for d in demands for e in d.port[0].profile[0].element) / 1e3, 3),
    )


def _library() -> Any:
    try:
        import esdl  # noqa: PLC0415 -- an extra
    except ModuleNotFoundError as error:
        message = "ESDL needs pyESDL, which is not installed: pip install 'pmiek[exchange]'"
        raise RequestError(message) from error
    return esdl


class _System:
    """An energy system under construction; areas and buses are looked up by our own ids."""

    def __init__(self, storyline: str) -> None:
        self.esdl = _library()
        from esdl.esdl_handler import EnergySystemHandler  # noqa: PLC0415 -- an extra

        self.handler = EnergySystemHandler()
        self.handler.create_empty_energy_system(
            f"pmiek {storyline}", "Grid, parks and energy per station", storyline, "study area"
        )
        self.system = self.handler.get_energy_system()
        self.area = self.system.instance[0].area
        self.by_municipality: dict[str, Any] = {}
        self.places: dict[str, tuple[float, float]] = {}
        self.home: dict[str, Any] = {}
        self.buses: dict[str, Any] = {}
        self.mv_bus: dict[str, Any] = {}
        quantities = self.esdl.QuantityAndUnits(id="quantities")
        energy = self.esdl.QuantityAndUnitType(
            id="energy",
            physicalQuantity="ENERGY",
            multiplier="MEGA",
            unit="WATTHOUR",
            description="Energy in MWh",
        )
        cost = self.esdl.QuantityAndUnitType(
            id="cost", physicalQuantity="COST", unit="EURO", description="Price level 2025"
        )
        quantities.quantityAndUnit.extend([energy, cost])
        self.units = {"energy": energy, "cost": cost}
        self.system.energySystemInformation = self.esdl.EnergySystemInformation(
            id="information", quantityAndUnits=quantities
        )

    def areas(self, municipalities: pd.DataFrame) -> None:
        for row in municipalities.to_dict("records"):
            area = self.esdl.Area(id=str(row["gm_code"]), name=str(row["name"]), scope="MUNICIPALITY")
            self.area.area.append(area)
            self.by_municipality[str(row["gm_code"])] = area

    def stations(self, stations: pd.DataFrame, buses: pd.DataFrame) -> None:
        for row in stations.to_dict("records"):
            self.places[row["station_id"]] = (float(row["lat"]), float(row["lon"]))
            self.home[row["station_id"]] = self.by_municipality.get(str(row["gm_code"]), self.area)
        known = buses[buses["station_id"].isin(stations["station_id"])]
        for row in known.to_dict("records"):
            self.buses[row["bus_id"]] = self._bus(row["bus_id"], row["station_id"], float(row["voltage_kv"]))
        lowest = known.sort_values("voltage_kv").drop_duplicates("station_id").set_index("station_id")
        for row in stations.to_dict("records"):
            station, level = row["station_id"], float(row["mv_kv"])  # NaN: a customer on high voltage
            if station in lowest.index and not lowest.loc[station, "voltage_kv"] > level:
                self.mv_bus[station] = self.buses[lowest.loc[station, "bus_id"]]
            elif level > 0:
                self.mv_bus[station] = self._bus(f"{station}-mv", station, level)

    def _bus(self, bus_id: str, station: str, kv: float) -> Any:
        bus = self.esdl.Bus(id=f"bus-{bus_id}", name=bus_id, voltage=kv * 1e3, originalIdInSource=station)
        lat, lon = self.places[station]
        bus.geometry = self.esdl.Point(lat=lat, lon=lon)
        bus.port.append(self.esdl.InPort(id=f"in-{bus_id}", name="In"))
        bus.port.append(self.esdl.OutPort(id=f"out-{bus_id}", name="Out"))
        self.home[station].asset.append(bus)
        return bus

    def _between(self, asset: Any, bus0: Any, bus1: Any) -> None:
        asset.port.append(self.esdl.InPort(id=f"in-{asset.id}", name="In", connectedTo=[bus0.port[1]]))
        asset.port.append(self.esdl.OutPort(id=f"out-{asset.id}", name="Out", connectedTo=[bus1.port[0]]))

    def transformers(self, units: pd.DataFrame, prices: pd.DataFrame) -> None:
        price = prices[
            (prices["asset_class"] == "station_transformer")
            & (prices["option"] == "add_transformer")
            & (prices["parameter"] == "investment")
        ]
        for row in units.to_dict("records"):
            if not {row["bus0"], row["bus1"]} <= set(self.buses):
                continue
            bus0, bus1 = self.buses[row["bus0"]], self.buses[row["bus1"]]
            unit = self.esdl.Transformer(
                id=row["unit_id"],
                name=row["group_id"],
                capacity=float(row["rated_mva"]) * 1e6,
                voltagePrimary=bus0.voltage / 1e3,
                voltageSecundary=bus1.voltage / 1e3,
                state=_state(row["status"]),
            )
            self._between(unit, bus0, bus1)
            if row["status"] == "planned" and row["kind"] != "coupling" and len(price):
                unit.costInformation = self._cost(float(price["value"].iloc[0]) * MEUR, row["unit_id"])
            self.home[row["station_id"]].asset.append(unit)

    def _cost(self, euro: float, key: str) -> Any:
        return self.esdl.CostInformation(
            investmentCosts=self.esdl.SingleValue(
                id=f"cost-{key}", value=euro, profileQuantityAndUnit=self._unit("cost")
            )
        )

    def _unit(self, kind: str) -> Any:
        return self.esdl.QuantityAndUnitReference(reference=self.units[kind])

    def cables(self, circuits: pd.DataFrame) -> None:
        for row in circuits.to_dict("records"):
            if not {row["bus0"], row["bus1"]} <= set(self.buses):
                continue
            bus0, bus1 = self.buses[row["bus0"]], self.buses[row["bus1"]]
            cable = self.esdl.ElectricityCable(
                id=row["circuit_id"],
                name=row["name"],
                length=float(row["length_km"]) * 1e3,
                capacity=float(row["rating_winter_mva"]) * 1e6,
                state=_state(row["status"]),
            )
            cable.geometry = self.esdl.Line()
            for bus in (bus0, bus1):
                lat, lon = self.places[bus.originalIdInSource]
                cable.geometry.point.append(self.esdl.Point(lat=lat, lon=lon))
            self._between(cable, bus0, bus1)
            self.home[bus0.originalIdInSource].asset.append(cable)

    def parks(self, parks: pd.DataFrame) -> None:
        for row in parks[parks["technology"].isin(PARKS)].to_dict("records"):
            park = getattr(self.esdl, PARKS[row["technology"]])(
                id=row["park_id"],
                name=row["name"],
                power=float(row["inverter_mw"]) * 1e6,
                state=_state(row["status"]),
            )
            bus = self.mv_bus.get(row["station_id"])
            links = [] if bus is None else [bus.port[0]]
            park.port.append(self.esdl.OutPort(id=f"out-{row['park_id']}", name="Out", connectedTo=links))
            self.by_municipality.get(str(row["gm_code"]), self.area).asset.append(park)

    def energy(self, rows: pd.DataFrame) -> None:
        """Add one asset per station, kind and sector, with its energy per year as a profile."""
        for key, part in rows.groupby(["station_id", "kind", "sector"], sort=True):
            station, kind, sector = (str(value) for value in key)
            bus = self.mv_bus.get(station)
            if bus is None or not part["energy_mwh"].abs().sum():
                continue
            demand = kind == "demand"
            name = f"{station}-{kind}-{sector}"
            make = self.esdl.ElectricityDemand if demand else self.esdl.ElectricityProducer
            asset = make(id=name, name=f"{sector} {station}")
            link = bus.port[1] if demand else bus.port[0]
            port = (self.esdl.InPort if demand else self.esdl.OutPort)(
                id=f"port-{name}", name="In" if demand else "Out", connectedTo=[link]
            )
            port.profile.append(self._profile(_per_year(part).items(), name))
            asset.port.append(port)
            self.home[station].asset.append(asset)

    def _profile(self, values: Iterable[tuple[Any, Any]], key: str) -> Any:
        profile = self.esdl.DateTimeProfile(
            id=f"profile-{key}",
            name="Energy per year",
            profileQuantityAndUnit=self._unit("energy"),
        )
        for year, energy_mwh in values:
            start, end = (datetime(int(year) + add, 1, 1, tzinfo=UTC) for add in (0, 1))
            profile.element.append(self.esdl.ProfileElement(from_=start, to=end, value=float(energy_mwh)))
        return profile


def _per_year(part: pd.DataFrame) -> pd.Series:
    """Sum over municipalities, and take the mean of the weather years."""
    return part.groupby(["year", "weather_year"])["energy_mwh"].sum().groupby("year").mean()


def _state(status: Any) -> str:
    """Existing and operating parts are enabled; what is planned, permitted or under construction is optional."""
    return "ENABLED" if status in {"existing", "operating"} else "OPTIONAL"
