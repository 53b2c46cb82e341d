"""Who hangs on which station: nothing is lost, and everything lands where it should."""

from __future__ import annotations

from io import StringIO
from types import SimpleNamespace

import numpy as np
import pandas as pd
import pytest
from pmiek.connections.demand import connections, energy_check
from pmiek.connections.supply import field_cohorts, wind_cohorts
from pmiek.errors import InputError

YIELDS = {"solar_field_existing": 1000.0, "solar_field_new": 500.0}

TABLES = {
    "demand/municipal": """
storyline year gm_code carrier     sector     volume_mwh peak_mw
base      2025 G1      electricity households 100        0.05
base      2025 G2      electricity households 60         0.03
base      2025 G1      methane     households 999        1
base      2030 G1      electricity households 200        0.1
other     2030 G1      electricity households 300        0.1
""",
    "demand/industry": """
storyline year carrier     sector volume_mwh peak_mw
base      2025 electricity food   1000       1
base      2030 electricity food   1000       1
""",
    "demand/industry_sites": """
site_id gm_code station_id sector share
one     G1      CUST       food   0.5
two     G2      FUTURE     food   0.1
""",
    "supply/municipal": """
storyline year gm_code carrier     technology  volume_mwh capacity_mw
base      2025 G1      electricity solar_field 10000      10
base      2025 G1      electricity waste       500        1
base      2030 G1      electricity solar_field 12000      20
base      2030 G1      electricity waste       500        1
""",
    "supply/industry": """
storyline year carrier     technology   volume_mwh capacity_mw
base      2025 electricity industry_chp 100        0.1
""",
    "supply/sites": """
plant_id technology gm_code station_id share
plant    waste      G1      CUST       0.9
""",
    "supply/flexibility": """
storyline year gm_code carrier     technology    capacity_mw
base      2025 G1      electricity battery       4
base      2025 -       electricity industry_boil 2
""",
    "profiles/sectors": """
carrier     kind        sector        profile     connection switchable_share
electricity demand      households    homes       load       0
electricity demand      food          flat        site       0
electricity supply      solar_field   solar_field field      1
electricity supply      waste         flat        site       0
electricity supply      industry_chp  flat        site       0
electricity flexibility battery       -           load       0
electricity flexibility industry_boil -           site       0
""",
    "regions/municipalities": """
gm_code role      services_floor_area_m2
G1      study     300
G2      study     100
G3      neighbour 900
""",
}
AREAS = """
gm_code station_id load_share field_share
G1      A          0.75       0.2
G1      B          0.25       0.8
G2      B          0.5        1.0
G2      outside    0.5        0.0
"""


def read(text: str) -> pd.DataFrame:
    return pd.read_csv(StringIO(text.strip()), sep=r"\s+", na_values=["-"])


@pytest.fixture
def tables() -> dict[str, pd.DataFrame]:
    return {name: read(text) for name, text in TABLES.items()}


@pytest.fixture
def grid() -> SimpleNamespace:
    stations = pd.DataFrame({"station_id": ["A", "B", "CUST"]})
    return SimpleNamespace(stations=stations, service_areas=read(AREAS))


def volume(rows: pd.DataFrame, **which: str) -> dict[str, float]:
    chosen = rows[np.logical_and.reduce([rows[c] == v for c, v in which.items()])]
    return chosen.groupby("station_id")["volume_mwh"].sum().round(6).to_dict()


def test_load_and_field_follow_their_own_shares(tables, grid):
    rows = connections(tables, None, "base", 2025, grid, yields=YIELDS)
    assert volume(rows, sector="households") == {"A": 75.0, "B": 25.0 + 30.0}
    assert volume(rows, sector="solar_field") == {"A": 2000.0, "B": 8000.0}
    assert set(rows["station_id"]) == {"A", "B", "CUST"}
    assert rows.loc[rows["sector"] == "solar_field", "switchable_share"].eq(1.0).all()


def test_a_plant_goes_to_its_station_and_the_rest_by_load(tables, grid):
    rows = connections(tables, None, "base", 2025, grid, yields=YIELDS)
    assert volume(rows, sector="waste") == {"CUST": 450.0, "A": 37.5, "B": 12.5}


def test_industry_sites_floor_area_and_own_generation(tables, grid):
    rows = connections(tables, None, "base", 2025, grid, yields=YIELDS)
    # 500 on site; the station of site two is not in this grid: its 100 follow the load of G2 (half outside);
    # 400 by floor area: 300 in G1 (3:1 over A and B), 100 in G2
    assert volume(rows, sector="food") == {"CUST": 500.0, "A": 225.0, "B": 75.0 + 50.0 + 50.0}
    assert volume(rows, sector="industry_chp") == {"CUST": 50.0, "A": 22.5, "B": 17.5}


def test_flexible_assets_bring_capacity_but_no_energy(tables, grid):
    rows = connections(tables, None, "base", 2025, grid, yields=YIELDS)
    flexible = rows[rows["kind"] == "flexibility"]
    assert flexible["volume_mwh"].eq(0).all()
    assert flexible.groupby("profile")["capacity_mw"].sum()["unit_battery"] == pytest.approx(4.0)
    assert flexible.groupby("profile")["capacity_mw"].sum()["unit_industry_boil"] == pytest.approx(2.0 * 0.9)


def test_growth_of_field_solar_is_a_new_cohort_with_the_storylines_energy(tables, grid):
    rows = connections(tables, None, "base", 2030, grid, yields=YIELDS)
    field = rows[rows["sector"] == "solar_field"].groupby("profile")[["volume_mwh", "capacity_mw"]].sum()
    # 10 MW x 1000 h against 10 MW x 500 h: two to one
    assert field["capacity_mw"].to_dict() == pytest.approx(
        {"solar_field_existing": 10.0, "solar_field_new": 10.0}
    )
    assert field["volume_mwh"].to_dict() == pytest.approx(
        {"solar_field_existing": 8000.0, "solar_field_new": 4000.0}
    )


def test_shrinking_field_solar_has_no_new_cohort():
    rows = pd.DataFrame(
        {
            "gm_code": ["G1", "G2"],
            "sector": "solar_field",
            "profile": "x",
            "volume_mwh": [50.0, 7.0],
            "capacity_mw": [5.0, 0.0],
        }
    )
    split = field_cohorts(rows, pd.Series({"G1": 10.0}), YIELDS)
    assert split["profile"].tolist() == ["solar_field_existing"] * 2
    assert split["volume_mwh"].tolist() == [50.0, 7.0]


@pytest.mark.parametrize(
    ("hours", "new_mw"), [(2000.0, 0.0), (1500.0, 0.0), (2500.0, 5.0), (3000.0, 10.0), (3500.0, 10.0)]
)
def test_full_load_hours_say_how_much_wind_is_new(hours, new_mw):
    rows = pd.DataFrame(
        {
            "gm_code": ["G1"],
            "sector": "wind_onshore",
            "profile": "x",
            "volume_mwh": [10 * hours],
            "capacity_mw": [10.0],
        }
    )
    split = wind_cohorts(rows, {"wind_onshore": 3000.0, "wind_onshore_existing": 2000.0})
    assert split.loc[split["profile"] == "wind_onshore", "capacity_mw"].sum() == pytest.approx(new_mw)
    assert split["volume_mwh"].sum() == pytest.approx(10 * hours)


def test_energy_check_finds_no_difference_and_names_what_is_outside(tables, grid):
    check = energy_check(tables, None, "base", 2025, grid, yields=YIELDS).set_index(["gm_code", "kind"])
    assert check["difference_pct"].max() < 1e-9
    assert check.loc[("G2", "demand"), "outside_mwh"] == pytest.approx(30.0)
    assert check.loc[("industry", "demand"), "input_mwh"] == 1000.0


def test_energy_check_shows_a_profile_that_does_not_add_to_one(tables, grid):
    sums = pd.Series({"homes": 0.9, "flat": 1.0, "solar_field_existing": 1.0})
    check = energy_check(tables, None, "base", 2025, grid, profile_sums=sums, yields=YIELDS)
    homes = check[(check["gm_code"] == "G2") & (check["kind"] == "demand")]
    assert homes["difference_pct"].iloc[0] == pytest.approx(10.0)


def test_the_base_year_is_shared_and_other_years_are_not(tables, grid):
    shared = connections(tables, None, "other", 2025, grid, yields=YIELDS)
    pd.testing.assert_frame_equal(shared, connections(tables, None, "base", 2025, grid, yields=YIELDS))
    own = connections(tables, None, "other", 2030, grid, yields=YIELDS)
    assert volume(own, sector="households") == {"A": 225.0, "B": 75.0}
    with pytest.raises(ValueError, match="no municipal demand in 2040"):
        connections(tables, None, "other", 2040, grid, yields=YIELDS)


def test_a_municipality_without_service_area_is_an_error(tables, grid):
    grid.service_areas = grid.service_areas[grid.service_areas["gm_code"] != "G2"]
    with pytest.raises(InputError, match="G2"):
        connections(tables, None, "base", 2025, grid, yields=YIELDS)


def test_shares_above_one_are_an_error(tables, grid):
    tables["supply/sites"] = tables["supply/sites"].assign(share=1.2)
    with pytest.raises(InputError, match="at most 1"):
        connections(tables, None, "base", 2025, grid, yields=YIELDS)


def test_order_of_input_rows_does_not_matter(tables, grid):
    expected = connections(tables, None, "base", 2025, grid, yields=YIELDS)
    shuffled = {name: table.sample(frac=1, random_state=1) for name, table in tables.items()}
    pd.testing.assert_frame_equal(connections(shuffled, None, "base", 2025, grid, yields=YIELDS), expected)
