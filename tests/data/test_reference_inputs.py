"""The reference inputs against figures known from their sources."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

INPUTS = Path(__file__).parents[2] / "inputs"
FOLDERS = ("regions", "demand", "supply", "weather", "profiles", "costs", "areas")
OWN_TABLES = [
    "assumptions.csv",
    *sorted(p.relative_to(INPUTS).as_posix() for folder in FOLDERS for p in (INPUTS / folder).glob("*.csv")),
]
STORYLINES = {"koersvaste_middenweg", "eigen_vermogen", "gezamenlijke_balans", "horizon_aanvoer"}
YEARS = {2030, 2035, 2040, 2045, 2050}
KM = "koersvaste_middenweg"
NEEDED_ASSUMPTIONS = (
    "power_factor_take_off",
    "power_factor_field_generation",
    "transformer_short_term_factor_winter",
    "transformer_short_term_factor_summer",
    "station_simultaneity",
    "roof_solar_simultaneity",
    "field_solar_contract_existing",
    "field_solar_contract_new",
    "switchable_share_field",
    "switchable_share_roof_buildings",
    "firm_share_flexible_assets",
    "standard_transformer_mva",
    "existing_transformer_mva",
    "existing_transformer_units",
    "max_transformers_per_plot",
    "lead_time_transformer_years",
    "lead_time_full_plot_years",
    "lead_time_new_station_years",
    "lead_time_hv_connection_years",
    "space_new_station_ha",
    "space_coupling_station_ha",
    "maintenance_fault_max_mw",
    "maintenance_fault_max_hours",
    "lasting_flexibility_share",
    "north_capacity_check_mva",
    "mv_lv_mismatch_factor",
    "hydrogen_link_first_year",
    "winter_rating_factor",
)


def read(name: str) -> pd.DataFrame:
    """Read one table below the inputs folder."""
    return pd.read_csv(INPUTS / name, dtype={"note": str})


@pytest.fixture(scope="module")
def study() -> pd.Index:
    places = read("regions/municipalities.csv")
    return pd.Index(places.loc[places["role"] == "study", "gm_code"])


@pytest.fixture(scope="module")
def demand() -> pd.DataFrame:
    return read("demand/municipal.csv")


@pytest.fixture(scope="module")
def supply() -> pd.DataFrame:
    return read("supply/municipal.csv")


@pytest.mark.parametrize(
    ("key", "volume_mwh", "peak_mw"),
    [
        ((KM, 2050, "electricity", "households_heat_pump"), 625_913, 246.1),
        ((KM, 2025, "electricity", "households"), 526_524, 119.9),
        (("eigen_vermogen", 2050, "electricity", "transport_truck"), 746_919, 231.1),
        (("horizon_aanvoer", 2050, "hydrogen", "transport"), 1_394_718, 159.2),
        ((KM, 2025, "methane", "households_boiler"), 2_107_982, 714.4),
    ],
)
def test_demand_of_the_province_adds_to_the_published_sum(
    demand: pd.DataFrame, study: pd.Index, key: tuple[str, int, str, str], volume_mwh: float, peak_mw: float
) -> None:
    rows = demand[demand["gm_code"].isin(study)]
    rows = rows.set_index(["storyline", "year", "carrier", "sector"]).loc[[key]]
    assert rows["volume_mwh"].sum() == pytest.approx(volume_mwh, abs=6)
    assert rows["peak_mw"].sum() == pytest.approx(peak_mw, abs=0.06)


@pytest.mark.parametrize(
    ("key", "volume_mwh", "capacity_mw"),
    [
        ((2025, "solar_field"), 691_386, 835.0),
        ((2050, "solar_roof_homes"), 1_197_027, 1336.1),
        ((2025, "waste_plant"), 878_738, 133.9),
        ((2030, "chp_agriculture"), 101_059, 31.7),
        ((2025, "gas_plant"), 87_536, 50.1),
    ],
)
def test_supply_of_the_province_adds_to_the_published_sum(
    supply: pd.DataFrame, study: pd.Index, key: tuple[int, str], volume_mwh: float, capacity_mw: float
) -> None:
    rows = supply.query("storyline == @KM and carrier == 'electricity'")
    rows = rows[rows["gm_code"].isin(study)].set_index(["year", "technology"]).loc[[key]]
    assert rows["volume_mwh"].sum() == pytest.approx(volume_mwh, abs=6)
    assert rows["capacity_mw"].sum() == pytest.approx(capacity_mw, abs=0.06)


def test_industry_electricity_is_the_set_of_the_operators() -> None:
    rows = read("demand/industry.csv").query("storyline == @KM and year == 2025 and carrier == 'electricity'")
    assert rows["volume_mwh"].sum() == pytest.approx(1_589_057, abs=6)


@pytest.mark.parametrize("name", ["demand/municipal.csv", "supply/municipal.csv", "demand/national.csv"])
def test_2045_is_the_mean_of_its_neighbours(name: str) -> None:
    table = read(name).fillna({"volume_mwh": 0.0})
    keys = [c for c in ("storyline", "gm_code", "level", "carrier", "sector", "technology") if c in table]
    wide = table.pivot_table(index=keys, columns="year", values="volume_mwh", aggfunc="sum").fillna(0.0)
    mean = (wide[2040] + wide[2050]) / 2
    assert (wide[2045] - mean).abs().max() <= 1.0
    assert wide[2045].sum() > 0
    assert set(table.loc[table["year"] == 2045, "quality"]) == {"derived"}


def test_a_sector_that_ends_before_2050_is_halved_in_2045(demand: pd.DataFrame, study: pd.Index) -> None:
    rows = demand[demand["gm_code"].isin(study)].query("storyline == @KM and year == 2045")
    total = rows.query("carrier == 'methane' and sector == 'households_boiler'")["volume_mwh"].sum()
    assert total == pytest.approx(408_038 / 2, abs=6)


@pytest.mark.parametrize("name", ["demand/municipal.csv", "supply/municipal.csv", "supply/flexibility.csv"])
def test_storylines_and_years_are_complete(name: str) -> None:
    pairs = set(read(name)[["storyline", "year"]].itertuples(index=False, name=None))
    assert pairs == {(s, y) for s in STORYLINES for y in YEARS} | {(KM, 2025)}


def test_all_25_municipalities_have_demand(demand: pd.DataFrame, study: pd.Index) -> None:
    assert len(study) == 12
    assert set(demand["gm_code"]) == set(read("regions/municipalities.csv")["gm_code"])


@pytest.mark.parametrize("name", [n for n in OWN_TABLES if n.startswith(("demand/", "supply/"))])
def test_no_amount_is_negative(name: str) -> None:
    table = read(name)
    amounts = table.filter(regex=r"^(volume|peak|capacity|share|value)")
    assert (amounts.fillna(0) >= 0).all(axis=None)


def test_every_sector_and_technology_is_registered(demand: pd.DataFrame, supply: pd.DataFrame) -> None:
    registry = read("profiles/sectors.csv")
    known = set(registry[["carrier", "kind", "sector"]].itertuples(index=False, name=None))
    used: set[tuple[str, str, str]] = set()
    for frame, column, kind in [
        (demand, "sector", "demand"),
        (read("demand/industry.csv"), "sector", "demand"),
        (read("demand/national.csv"), "sector", "demand"),
        (supply, "technology", "supply"),
        (read("supply/industry.csv"), "technology", "supply"),
        (read("supply/flexibility.csv"), "technology", "flexibility"),
    ]:
        used |= {(c, kind, s) for c, s in frame[["carrier", column]].itertuples(index=False, name=None)}
    assert used <= known
    names = {(c, s) for c, _, s in known}
    national = read("supply/national.csv")
    assert set(national[["carrier", "technology"]].itertuples(index=False, name=None)) <= names
    assert not registry.duplicated(["carrier", "kind", "sector"]).any()
    assert (registry["colour"].str.match(r"#[0-9A-F]{6}$")).all()


def test_must_run_electricity_is_not_flexible_as_well(supply: pd.DataFrame) -> None:
    flexible = read("supply/flexibility.csv").query("carrier == 'electricity'")
    must_run = set(supply.loc[supply["carrier"] == "electricity", "technology"])
    assert must_run.isdisjoint(flexible["technology"])
    assert {"curtailment", "deficit"}.isdisjoint(must_run | set(flexible["technology"]))


def test_shares_of_sites_leave_a_remainder() -> None:
    sites = read("demand/industry_sites.csv")
    places = read("regions/municipalities.csv")
    study = places.loc[places["role"] == "study", "gm_code"]
    inside = sites[sites["gm_code"].isin(study)]  # those of neighbours come on top
    assert (inside.groupby("sector")["share"].sum() < 1).all()
    assert ((sites["share_low"] <= sites["share"]) & (sites["share"] <= sites["share_high"])).all()
    assert sites["note"].notna().all()
    assert (read("supply/sites.csv").groupby(["gm_code", "technology"])["share"].sum() <= 1).all()


@pytest.mark.parametrize("name", OWN_TABLES)
def test_every_row_has_a_registered_source_and_a_quality(name: str) -> None:
    table = read(name)
    registered = set(read("sources.csv")["source_id"])
    cited = set(table["source"].str.split(";").explode())
    assert cited <= registered
    assert set(table["quality"]) <= {"measured", "published", "derived", "assumed"}


def test_trade_offers_no_free_circle() -> None:
    price = read("supply/trade.csv").groupby(["direction", "year"])["price_eur_per_mwh"]
    assert (price.min()["import"] > price.max()["export"]).all()


def test_assumptions_are_complete_and_in_order() -> None:
    table = read("assumptions.csv").set_index("assumption_id")
    assert table.index.is_unique
    assert [a for a in NEEDED_ASSUMPTIONS if a not in table.index] == []
    assert (table["low"].fillna(-np.inf) <= table["value"]).all()
    assert (table["high"].fillna(np.inf) >= table["value"]).all()


WEATHER = sorted((INPUTS / "weather").rglob("*.parquet"))


def test_weather_files_and_their_table_agree() -> None:
    years = read("weather/years.csv")
    files = {(p.parent.name, int(p.stem)) for p in WEATHER}
    assert files == set(years[["station", "weather_year"]].itertuples(index=False, name=None))
    assert len([f for f in files if f[0] == "eelde"]) == 28
    assert len([f for f in files if f[0] == "hoogeveen"]) == 7
    assert sum(p.stat().st_size for p in WEATHER) < 3.5e6
    assert max(p.stat().st_size for p in WEATHER) < 100_000


@pytest.mark.parametrize("path", WEATHER, ids=lambda p: f"{p.parent.name}-{p.stem}")
def test_weather_year_is_whole_and_plausible(path: Path) -> None:
    hours = pd.read_parquet(path)
    assert hours["hour"].tolist() == list(range(8760))
    assert not hours.isna().any(axis=None)
    assert hours["temperature_c"].between(-25, 42).all()
    assert hours["wind_speed_10m_m_per_s"].between(0, 30).all()
    assert (hours.filter(like="_w_per_m2") >= 0).all(axis=None)
    by_hour = hours["ghi_w_per_m2"].groupby(hours["hour"] % 24).sum()
    centre = float((by_hour * (by_hour.index + 0.5)).sum() / by_hour.sum())
    assert centre == pytest.approx(11.5, abs=0.35), "mean solar noon in UTC at 6.6 degrees east"
    years = read("weather/years.csv").set_index(["station", "weather_year"])
    row = years.loc[(path.parent.name, int(path.stem))]
    assert hours["temperature_c"].mean() == pytest.approx(row["mean_temperature_c"], abs=0.01)
    assert hours["ghi_w_per_m2"].sum() / 1000 == pytest.approx(row["ghi_kwh_per_m2"], abs=0.1)
    week = hours["temperature_c"].astype(float).rolling(168).mean().min()
    assert week == pytest.approx(row["coldest_week_c"], abs=0.01)


@pytest.mark.parametrize(
    ("year", "column", "best"),
    [
        (2012, "coldest_week_c", "idxmin"),
        (2022, "ghi_kwh_per_m2", "idxmax"),
        (2020, "coldest_week_c", "idxmax"),
    ],
)
def test_design_years_are_the_extremes_they_claim(year: int, column: str, best: str) -> None:
    years = read("weather/years.csv").query("station == 'eelde'").set_index("weather_year")
    choose: Callable[[], int] = getattr(years[column], best)
    assert choose() == year
    assert years.loc[year, "note"].startswith("Design year")


def test_typical_days_cover_every_hour() -> None:
    days = read("profiles/typical_days.csv")
    assert (days.groupby("profile").size() == 12 * 3 * 24).all()
    assert (days["value"] >= 0).all()
    weight = days["day_type"].map({"weekday": 5 / 7, "saturday": 1 / 7, "sunday": 1 / 7})
    mean = (days["value"] * weight).groupby(days["profile"]).sum() / weight.groupby(days["profile"]).sum()
    assert mean.between(0.97, 1.03).all()


def weekday(profile: str) -> pd.DataFrame:
    """Shape of a weekday: index month, columns local hour."""
    days = read("profiles/typical_days.csv").query("profile == @profile and day_type == 'weekday'")
    return days.pivot_table(index="month", columns="hour_local", values="value")


def test_homes_peak_in_the_winter_evening_by_the_clock() -> None:
    homes = weekday("households_appliances")
    assert homes.max(axis=1).idxmax() in (12, 1)
    assert homes.loc[[11, 12, 1]].idxmax(axis=1).tolist() == [18, 18, 18]


def test_summer_time_does_not_shift_the_start_of_work() -> None:
    offices = weekday("buildings_appliances")
    started = (offices[8] - offices[5]) / (offices[10] - offices[5])
    assert started.loc[5] == pytest.approx(started.loc[2], abs=0.12)


@pytest.mark.parametrize(
    ("sector", "profile", "ratio"),
    [
        ("households", "households_appliances", 2.0),
        ("buildings", "buildings_appliances", 2.08),
        ("transport_train", "train", 2.41),
    ],
)
def test_peak_of_a_typical_day_fits_the_published_peak(
    demand: pd.DataFrame, study: pd.Index, sector: str, profile: str, ratio: float
) -> None:
    rows = demand[demand["gm_code"].isin(study)].query("storyline == @KM and year == 2025")
    rows = rows.query("carrier == 'electricity' and sector == @sector")
    published = rows["peak_mw"].sum() / rows["volume_mwh"].sum() * 8760
    assert published == pytest.approx(ratio, abs=0.02)
    highest = read("profiles/typical_days.csv").query("profile == @profile")["value"].max()
    assert highest == pytest.approx(published, rel=0.1)


def test_price_index_turns_2020_into_2025() -> None:
    index = read("costs/price_index.csv").set_index("year")["index"]
    assert index[2025] == 100
    assert 100 / index[2020] == pytest.approx(1.027 * 1.10 * 1.038 * 1.033 * 1.033, abs=1e-3)


def test_technology_costs_have_every_model_year() -> None:
    costs = read("costs/technologies.csv")
    investment = costs[costs["parameter"] == "investment"]
    assert set(investment["year"]) == {2025, *YEARS}
    counts = investment.groupby("technology")["year"].nunique()
    assert (counts == 6).all()
    shares = costs.loc[costs["unit"] == "share of investment per year", "value"]
    assert shares.between(0, 0.2).all()


def test_boundaries_match_the_municipalities() -> None:
    path = INPUTS / "regions/boundaries.geojson"
    assert path.stat().st_size < 60_000
    features = json.loads(path.read_text(encoding="utf-8"))["features"]
    places = read("regions/municipalities.csv").query("role == 'study'").set_index("gm_code")
    found = {f["properties"]["gm_code"]: f["properties"] for f in features}
    assert set(found) == set(places.index)
    assert all(found[g]["cluster"] == places.loc[g, "cluster"] for g in found)
    for feature in features:
        parts = feature["geometry"]["coordinates"]
        simple = feature["geometry"]["type"] == "Polygon"
        rings = parts if simple else [ring for part in parts for ring in part]
        assert all(ring[0] == ring[-1] and len(ring) > 3 for ring in rings)


@pytest.mark.parametrize("name", OWN_TABLES)
def test_tables_are_small_and_name_no_path_of_a_machine(name: str) -> None:
    path = INPUTS / name
    assert path.stat().st_size < 1_500_000
    assert not re.search(r"/(home|root|tmp|work)/", path.read_text(encoding="utf-8"))
