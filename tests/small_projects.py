"""A made-up province of two municipalities whose right list of projects is known by hand."""
# ruff: noqa: E501 - tables stay readable when a row is a line

from __future__ import annotations

import io
from functools import cache

import pandas as pd

STORYLINES = ("s1", "s2", "s3", "s4")
WEATHER_YEARS = (1987, 2018)
YEARS = (2025, 2030, 2035, 2040, 2050)


def table(text: str) -> pd.DataFrame:
    """Read a table whose cells are separated by | so that it stays readable."""
    lines = [line.strip() for line in text.strip().splitlines()]
    cleaned = "\n".join("|".join(cell.strip() for cell in line.split("|")) for line in lines)
    return pd.read_csv(io.StringIO(cleaned), sep="|")


class FakeTables(dict):
    """Tables in memory with the reader's interface."""

    def assumption(self, assumption_id: str) -> float:
        """Return one assumption."""
        rows = self["assumptions"].set_index("assumption_id")
        return float(rows.loc[assumption_id, "value"])


TABLES = {
    "regions/municipalities": """
        gm_code | name      | cluster | role      | dwellings
        GM0001  | Aldorp    | A       | study     | 10000
        GM0002  | Bestad    | B       | study     | 20000
        GM0009  | Overgrens |         | neighbour | 5000
    """,
    "grid/stations": """
        station_id | name      | gm_code | cluster | kind     | status   | mv_operator | extendable | max_units
        AL         | Aldorp    | GM0001  | A       | coupling | existing | NetB        | yes        | 4
        BE         | Bestad    | GM0002  | B       | hv_mv    | existing | NetB        | no         | 3
        CE         | Cedorp    | GM0001  | A       | hv_mv    | existing | NetB        | unknown    |
        NW         | Nieuwveld | GM0001  | A       | hv_mv    | planned  | NetB        | yes        | 4
        OG         | Overgrens | GM0009  |         | hv_mv    | existing | NetB        | unknown    |
    """,
    "grid/transformers": """
        unit_id | group_id  | kind     | station_id | rated_mva | status   | bus0  | bus1
        AL1     | AL-110-mv | station  | AL         | 40        | existing |       |
        AL2     | AL-110-mv | station  | AL         | 40        | existing |       |
        BE1     | BE-110-mv | station  | BE         | 40        | existing |       |
        BE2     | BE-110-mv | station  | BE         | 40        | existing |       |
        CE1     | CE-110-mv | station  | CE         | 40        | existing |       |
        OG1     | OG-110-mv | station  | OG         | 40        | existing |       |
        ALC1    | AL-220-110 | coupling | AL        | 200       | existing | AL220 | AL110
        ALC2    | AL-220-110 | coupling | AL        | 200       | planned  | AL220 | AL110
        EHC1    | EH-380-220 | coupling | EH        | 750       | existing | EH380 | EH220
    """,
    "grid/circuits": """
        circuit_id | corridor_id   | voltage_kv | length_km | kind
        AL-BE-1    | AL110-BE110   | 110        | 20        | overhead
        AL-BE-2    | AL110-BE110   | 110        | 20        | overhead
        AL-ZZ-1    | AL220-ZZ220   | 220        | 60        | overhead
    """,
    "grid/buses": """
        bus_id | voltage_kv
        EH380  | 380
        EH220  | 220
        AL220  | 220
        AL110  | 110
    """,
    "grid/resplits": """
        project_id | new_station_id | from_station_id | share
        nw-station | NW             | AL              | 0.3
    """,
    "grid/service_areas": """
        gm_code | station_id | load_share | field_share
        GM0001  | AL         | 0.6        | 0.5
        GM0001  | CE         | 0.4        | 0.5
        GM0002  | BE         | 1.0        | 1.0
    """,
    "profiles/sectors": """
        sector               | kind   | switchable_share | direction
        households           | demand | 0                | take-off
        households_heat_pump | demand | 0                | take-off
        buildings            | demand | 0                | take-off
        industry_food        | demand | 0                | take-off
        solar_field          | supply | 1                | feed-in
        solar_roof_homes     | supply | 0                | feed-in
    """,
    "projects/planned": """
        investment_plan_id | project_id | name | operator | carrier | kind | asset_ids | station_id | gm_code | cluster | capacity_mw | capacity_quality | planned_year_earliest | planned_year_latest | phase | decision_status | timing_known | lead_party
        IP-1 | nw-station   | Station Nieuwveld       | NetB | electricity | new_station | NW-110-mv  | NW | GM0001 | A | 200 | assumed   | 2028 | 2030 | bouw      | under_construction | true  | NetB
        IP-2 | al-coupling  | Koppeltrafo Aldorp      | HoogB | electricity | coupling_transformer | AL-220-110 | AL | GM0001 | A | 100 | published | 2029 | 2030 | besluit | in_investment_plan | true | HoogB
        IP-3 | programma    | Programma Zuidland      | HoogB | electricity | programme   |            |    |        | A |     |           | 2026 | 2030 |           | in_investment_plan | true  | HoogB
        IP-4 | oud-werk     | Oud werk                | NetB | electricity | extension   | BE-110-mv  | BE | GM0002 | B | 20  | published | 2020 | 2020 | gereed    | done               | true  | NetB
             | warmtenet    | Warmtenet Bestad        | gemeente | heat    | pipeline    |            |    | GM0002 | B |     |           |      |      | studie    | exploration        | false | gemeente
             | bron         | Aardwarmte Aldorp       | bedrijf | heat     | source      |            |    | GM0001 | A | 12  | published |      |      | studie    | exploration        | false | bedrijf
             | waterstof    | Waterstofleiding        | GasB | hydrogen    | pipeline    |            |    |        | B |     |           | 2031 | 2036 | route     | announced          | true  | GasB
             | ehv-lijn     | Landelijke lijn 380 kV  | HoogB | electricity | new_line   |            |    |        |   |     |           |      |      | verkenning | exploration       | false | HoogB
    """,
    "projects/plan_tables": """
        operator | carrier     | asset_class         | table_name | edition    | complete
        NetB     | electricity | station_transformer | Plan NetB  | 2026       | true
    """,
    "projects/previous_pmiek": """
        project_id | name                | carrier | type       | gm_code | cluster | progress
        nw-station | Station Nieuwveld   | electricity | concreet | GM0001 | A     | in uitvoering
        groengas   | Groengashub Aldorp  | methane | verkenning | GM0001  | A       | loopt
    """,
    "areas/area_tasks": """
        gm_code | task
    """,
    "assumptions": """
        assumption_id                  | value | low | high
        power_factor_take_off          | 1.0   |     |
        lasting_flexibility_share      | 0.5   | 0.2 | 0.7
        new_station_firm_mva           | 270   | 180 | 300
        project_battery_hours          | 4     | 2   | 6
        project_event_hours            | 6     | 4   | 10
        flexible_share_large_users     | 0.2   | 0.1 | 0.4
        lead_time_flexible_contract_years | 1  | 0.5 | 2
        flexible_contract_eur_per_mwh  | 150   | 50  | 300
        curtailment_eur_per_mwh        | 60    | 30  | 100
    """,
    "costs/infrastructure": """
        asset_class          | option          | parameter       | value | low | high
        station_transformer  | add_transformer | investment      | 6     | 4   | 10
        station_transformer  | add_transformer | lead_time_years | 2.5   | 2   | 4
        station_transformer  | add_transformer | size            | 90    | 77  | 100
        station_transformer  | add_transformer | space           | 0     |     |
        station_transformer  | add_transformer | fixed_om        | 0.01  |     |
        station_transformer  | add_transformer | lifetime        | 40    |     |
        station_transformer  | new_station     | investment      | 80    | 55  | 130
        station_transformer  | new_station     | lead_time_years | 10    | 7   | 12
        station_transformer  | new_station     | space           | 3.1   | 1.5 | 5
        station_transformer  | new_station     | fixed_om        | 0.01  |     |
        station_transformer  | new_station     | lifetime        | 40    |     |
        coupling_transformer | add_transformer | investment      | 18    | 12  | 28
        coupling_transformer | add_transformer | lead_time_years | 5     | 4   | 7
        coupling_transformer | add_transformer | size            | 370   | 300 | 500
        coupling_transformer | add_transformer | space           | 0.5   |     |
        coupling_transformer | add_transformer | fixed_om        | 0.01  |     |
        coupling_transformer | add_transformer | lifetime        | 40    |     |
        coupling_transformer | new_station     | investment      | 150   | 73  | 300
        coupling_transformer | new_station     | lead_time_years | 10    | 7   | 12
        coupling_transformer | new_station     | space           | 15    | 10  | 22
        coupling_transformer | new_station     | fixed_om        | 0.01  |     |
        coupling_transformer | new_station     | lifetime        | 40    |     |
        circuit              | cable_110kv     | investment      | 1.9   | 1.1 | 3.2
        circuit              | cable_110kv     | lead_time_years | 10    | 7   | 12.5
        circuit              | cable_110kv     | size            | 250   | 150 | 300
        circuit              | cable_110kv     | space           | 0.6   | 0.4 | 1
        circuit              | cable_110kv     | fixed_om        | 0.002 |     |
        circuit              | cable_110kv     | lifetime        | 50    |     |
        circuit              | uprate_110kv    | investment      | 0.35  | 0.2 | 0.7
        circuit              | uprate_110kv    | lead_time_years | 4     | 3   | 6
        circuit              | uprate_110kv    | size            | 185   |     |
        circuit              | uprate_110kv    | space           | 0     |     |
        circuit              | uprate_110kv    | fixed_om        | 0.005 |     |
        circuit              | uprate_110kv    | lifetime        | 40    |     |
        battery              | station_battery | space           | 0.05  |     |
        battery              | station_battery | lead_time_years | 2     | 1   | 4
    """,
    "costs/technologies": """
        technology     | parameter  | value | unit         | year
        battery_energy | investment | 200   | EUR per kWh  | 2030
        battery_energy | fixed_om   | 0.005 | share        | 2030
        battery_energy | lifetime   | 25    | years        | 2030
        battery_power  | investment | 100   | EUR per kW   | 2030
    """,
}

# one line per asset, direction and grid state; "who" lists the storylines, "since" the first year of need
NEEDS = """
    asset_id    | asset_class         | direction | station | municipality | cluster | operator | grid_state     | who         | weather   | since | until | exceedance_mw | peak_mw | limit_mw | hours | energy_mwh | season | capacity_sensitive
    AL-110-mv   | station_transformer | take-off  | Aldorp  | Aldorp       | A       | NetB     | frozen         | s1 s2 s3 s4 | 1987 2018 | 2025  | 2050  | 30            | 70      | 40       | 200   | 2000       | winter | stable
    AL-110-mv   | station_transformer | feed-in   | Aldorp  | Aldorp       | A       | NetB     | frozen         | s1 s2       | 1987 2018 | 2030  | 2050  | 20            | 60      | 40       | 300   | 2500       | summer | stable
    BE-110-mv   | station_transformer | take-off  | Bestad  | Bestad       | B       | NetB     | frozen         | s1 s2 s3 s4 | 1987 2018 | 2030  | 2050  | 100           | 140     | 40       | 500   | 20000      | winter | stable
    BE-110-mv   | station_transformer | take-off  | Bestad  | Bestad       | B       | NetB     | nulalternatief | s1 s2 s3 s4 | 1987 2018 | 2030  | 2050  | 100           | 140     | 40       | 500   | 20000      | winter | stable
    BE-110-mv   | station_transformer | feed-in   | Bestad  | Bestad       | B       | NetB     | nulalternatief | s1 s2       | 2018      | 2040  | 2050  | 50            | 90      | 40       | 300   | 5000       | summer | stable
    AL110-BE110 | circuit             | take-off  |         | Bestad       | B       | HoogB    | nulalternatief | s4          | 1987      | 2050  | 2050  | 5             | 130     | 125      | 10    | 25         | winter | stable
    AL220-ZZ220 | circuit             | take-off  |         | Aldorp       | A       | HoogB    | nulalternatief | s1 s2 s3 s4 | 1987 2018 | 2030  | 2050  | 300           | 900     | 600      | 900   | 90000      | winter | stable
    EH-380-220  | coupling_transformer | take-off | Aldorp  | Aldorp       | A       | HoogB    | nulalternatief | s1 s2 s3 s4 | 1987 2018 | 2030  | 2050  | 200           | 900     | 700      | 900   | 60000      | winter | stable
    OG-110-mv   | station_transformer | take-off  | Overgrens | Overgrens  |         | NetB     | nulalternatief | s1 s2 s3 s4 | 1987 2018 | 2030  | 2050  | 30            | 70      | 40       | 200   | 2000       | winter | stable
    AL-220-110  | coupling_transformer | take-off | Aldorp  | Aldorp       | A       | HoogB    | frozen         | s1 s2 s3 s4 | 1987 2018 | 2030  | 2050  | 150           | 350     | 200      | 400   | 20000      | winter | stable
    AL-220-110  | coupling_transformer | take-off | Aldorp  | Aldorp       | A       | HoogB    | nulalternatief | s1 s2 s3    | 1987 2018 | 2040  | 2050  | 60            | 360     | 300      | 200   | 4000       | winter | vanishes
    CE-110-mv   | station_transformer | take-off  | Cedorp  | Aldorp       | A       | NetB     | frozen         | s1 s2 s3 s4 | 1987 2018 | 2030  | 2050  | 10            | 50      | 40       | 50    | 200        | winter | stable
"""
SHARES = """
    asset_id    | direction | sector               | gm_code | share
    AL-110-mv   | take-off  | households           | GM0001  | 0.7
    AL-110-mv   | take-off  | industry_food        | GM0001  | 0.3
    AL-110-mv   | feed-in   | solar_field          | GM0001  | 1.0
    BE-110-mv   | take-off  | households_heat_pump | GM0002  | 0.3
    BE-110-mv   | take-off  | households           | GM0002  | 0.3
    BE-110-mv   | take-off  | buildings            | GM0002  | 0.4
    BE-110-mv   | feed-in   | solar_field          | GM0002  | 1.0
    AL110-BE110 | take-off  | industry_food        | GM0002  | 1.0
    AL-220-110  | take-off  | industry_food        | GM0001  | 1.0
    OG-110-mv   | take-off  | households           | GM0009  | 0.7
    OG-110-mv   | take-off  | households           | GM0001  | 0.3
"""


def tables() -> FakeTables:
    """All input tables."""
    return FakeTables({name: table(text) for name, text in TABLES.items()})


def _expand(need: pd.Series) -> list[dict[str, object]]:
    rows = []
    for year in YEARS:
        if not need["since"] <= year <= need["until"]:
            continue
        storylines = ["s1"] if year == 2025 else need["who"].split()
        for storyline in storylines:
            rows += [
                {**need.drop(["who", "weather", "since", "until"]).to_dict(),
                 "storyline": storyline, "weather_year": int(wy), "year": year}
                for wy in str(need["weather"]).split()
            ]  # fmt: skip
    return rows


@cache
def _bottlenecks(needs: str = NEEDS) -> pd.DataFrame:
    """Bottleneck rows of the result table, from the short table above."""
    short = table(needs).fillna({"station": "", "cluster": ""})
    rows = pd.DataFrame([row for _, need in short.iterrows() for row in _expand(need)])
    slug = (rows["asset_id"] + "-electricity-" + rows["direction"]).str.lower()
    return rows.assign(
        bottleneck_id=slug, asset_name=rows["asset_id"], carrier="electricity", variant="nulalternatief",
        contingency="N-1", binding_outage="", loading_pct=100 * rows["peak_mw"] / rows["limit_mw"], quality="assumed",
    )  # fmt: skip


def loading() -> pd.DataFrame:
    """All that was screened: one asset is enough to tell the storylines, years and weather years."""
    rows = [
        {"asset_id": "X", "storyline": s, "year": y, "weather_year": w, "grid_state": "frozen"}
        for y in YEARS
        for s in (STORYLINES if y != 2025 else ("s1",))
        for w in WEATHER_YEARS
    ]
    return pd.DataFrame(rows)


@cache
def _shares(needs: str = NEEDS) -> pd.DataFrame:
    """Shares of the peak for every bottleneck row."""
    keys = ["bottleneck_id", "grid_state", "storyline", "year", "weather_year"]
    rows = _bottlenecks(needs)[[*keys, "asset_id", "direction"]]
    return rows.merge(table(SHARES), on=["asset_id", "direction"])[[*keys, "sector", "gm_code", "share"]]


def capacity() -> pd.DataFrame:
    """What the pathways build."""
    return table("""
        storyline | variant       | year | asset_id  | asset_class         | carrier     | cluster | existing_mw | built_mw | built_continuous_mw
        s1        | netverzwaring | 2035 | BE-110-mv | station_transformer | electricity | B       | 80          | 90       | 70
        s2        | netverzwaring | 2040 | BE-110-mv | station_transformer | electricity | B       | 80          | 180      | 120
        s1        | nulalternatief | 2040 | BE-110-mv | station_transformer | electricity | B      | 80          | 0        | 0
        s3        | collectieve_warmte | 2040 | heat-GM0001 | heat_network | heat        | A       | 0           | 15       | 14.2
        s4        | collectieve_warmte | 2035 | heat-GM0001 | heat_network | heat        | A       | 0           | 25       | 24.2
    """)


def register() -> pd.DataFrame:
    """A register that knows nothing."""
    columns = "project_id,name,carrier,asset_id,option,first_edition,status,predecessor,source,quality,note"
    return pd.DataFrame({c: pd.Series(dtype=object) for c in columns.split(",")})


def bottlenecks(needs: str = NEEDS) -> pd.DataFrame:
    """Bottleneck rows of the result table."""
    return _bottlenecks(needs).copy()


def shares(needs: str = NEEDS) -> pd.DataFrame:
    """Shares of the peak for every bottleneck row."""
    return _shares(needs).copy()
