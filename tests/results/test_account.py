"""The account of the study area: two municipalities in it, one outside, and a station that they share."""

from __future__ import annotations

import pandas as pd
import pytest

from pmiek.results.account import OUTSIDE, PROVINCE, account_costs, capacity_with_share, divide, place_shares, service
from pmiek.results.registry import conform

TOWNS = pd.DataFrame(
    {
        "gm_code": ["GM1", "GM2", "GM9"],
        "role": ["study", "study", "neighbour"],
        "cluster": ["A", "B", None],
    }
)
RUN = {"storyline": "s", "variant": "v", "year": 2035}
ASSUMED = {
    "waiting_home_kw": (2.0, 1.0, 3.0),
    "waiting_firm_mw": (0.5, 0.1, 1.0),
    "waiting_home_eur_per_year": (3000.0, 500.0, 12000.0),
    "waiting_firm_eur_per_year": (200000.0, 50000.0, 1e6),
    "unserved_hydrogen_eur_per_mwh": (400.0, 200.0, 1000.0),
    "service_gap_heat_eur_per_mwh": (150.0, 80.0, 400.0),
    "service_gap_methane_eur_per_mwh": (150.0, 80.0, 400.0),
}


class Inputs(dict[str, pd.DataFrame]):
    def assumption(self, name: str) -> float:
        return ASSUMED[name][0]

    def assumption_range(self, name: str) -> tuple[float, float, float]:
        return ASSUMED[name]


def places(*rows: tuple[object, ...]) -> pd.DataFrame:
    """Rows: asset, direction, sizes, municipality, share, share of homes."""
    columns = ["asset_id", "direction", "sizes", "gm_code", "share", "homes_share"]
    table = pd.DataFrame(rows, columns=columns).assign(**RUN, basis="sizing hour", weather_year=2012, hour=7)
    return place_shares(table, TOWNS)


@pytest.fixture
def shared() -> pd.DataFrame:
    """A station that the province takes from for 30 %, and feeds into alone."""
    return places(
        ("x", "take-off", True, "GM1", 0.2, 0.1),
        ("x", "take-off", True, "GM2", 0.1, 0.0),
        ("x", "take-off", True, "GM9", 0.7, 0.7),
        ("x", "feed-in", False, "GM1", 1.0, 0.0),
    )


def costs(category: str, asset: str, gm_code: str, amount: float) -> pd.DataFrame:
    return pd.DataFrame(
        [{**RUN, "category": category, "asset_class": "station_transformer", "payer": "o", "asset_id": asset,
          "gm_code": gm_code, "cost_meur_per_year": amount, "cost_meur_npv": 4 * amount}]
    )  # fmt: skip


def by_cluster(table: pd.DataFrame, value: str) -> dict[str, float]:
    return table.groupby("cluster")[value].sum().to_dict()


def test_a_shared_asset_counts_by_the_part_of_the_province_in_the_hour_that_sizes_it(shared):
    table = conform("costs", account_costs(costs("capex", "x", "", 10.0), shared, TOWNS))
    assert by_cluster(table, "cost_meur_per_year") == pytest.approx({"A": 2.0, "B": 1.0, OUTSIDE: 7.0})
    assert by_cluster(table, "cost_meur_npv") == pytest.approx({"A": 8.0, "B": 4.0, OUTSIDE: 28.0})


def test_curtailment_goes_by_who_feeds_in_and_not_by_the_side_that_sizes(shared):
    table = account_costs(costs("curtailment", "x", "", 5.0), shared, TOWNS)
    assert by_cluster(table, "cost_meur_per_year") == {"A": 5.0}


def test_a_row_with_a_municipality_lies_there(shared):
    table = account_costs(
        pd.concat([costs("operating", "", "GM2", 1.0), costs("operating", "", "GM9", 2.0)]), shared, TOWNS
    )
    assert by_cluster(table, "cost_meur_per_year") == {"B": 1.0, OUTSIDE: 2.0}


def test_what_is_not_served_is_no_cost(shared):
    both = pd.concat([costs("unserved", "x", "", 43_000.0), costs("capex", "x", "", 1.0)])
    assert account_costs(both, shared, TOWNS)["cost_meur_per_year"].sum() == pytest.approx(1.0)


def test_a_cost_without_a_place_is_refused(shared):
    with pytest.raises(ValueError, match="no place is known for y"):
        account_costs(costs("capex", "y", "", 1.0), shared, TOWNS)


def test_an_asset_that_a_plan_took_away_is_paid_as_in_its_last_year(shared):
    """A circuit that was reinforced in one year and replaced by a planned project in the next has cost and no place."""
    later = costs("capex", "x", "", 10.0).assign(year=RUN["year"] + 10)
    table = account_costs(later, shared, TOWNS)
    assert set(table["year"]) == {RUN["year"] + 10}
    assert by_cluster(table, "cost_meur_per_year") == pytest.approx({"A": 2.0, "B": 1.0, OUTSIDE: 7.0})
    built = pd.DataFrame([{**RUN, "year": RUN["year"] + 10, "asset_id": "x", "built_mw": 90.0}])
    assert capacity_with_share(built, shared)["province_share"].item() == pytest.approx(0.3)


def test_an_asset_has_no_place_before_it_ever_stood(shared):
    earlier = costs("capex", "x", "", 10.0).assign(year=RUN["year"] - 10)
    with pytest.raises(ValueError, match="no place is known for x"):
        account_costs(earlier, shared, TOWNS)


def test_shares_that_do_not_add_to_one_are_refused():
    with pytest.raises(ValueError, match="do not add to one"):
        places(("x", "", True, "GM1", 0.5, 0.0))


def test_dividing_an_amount_keeps_it_whole(shared):
    rows = pd.DataFrame([{**RUN, "asset_id": "x", "mw": mw, "name": n} for n, mw in (("p", 3.0), ("q", 8.0))])
    parts = divide(rows, "mw", shared)
    assert parts.groupby("name")["mw"].sum().to_dict() == pytest.approx({"p": 3.0, "q": 8.0})


def test_the_share_of_the_province_stands_beside_the_whole_asset(shared):
    built = pd.DataFrame(
        [{**RUN, "asset_id": name, "built_mw": 90.0} for name in ("x", "not-built")]
    )
    table = capacity_with_share(built, shared).set_index("asset_id")
    assert table.loc["x", ["built_mw", "province_share", "share_basis"]].to_list() == [90.0, pytest.approx(0.3), "sizing hour"]
    assert pd.isna(table.loc["not-built", "province_share"])


@pytest.fixture
def served(shared) -> pd.DataFrame:
    balance = pd.DataFrame(
        [
            ("GM1", "electricity", "demand", "homes", 9000.0),
            ("GM1", "hydrogen", "demand", "industry", 100_000.0),
            ("GM1", "hydrogen", "unserved", "industry", 42_000.0),
            ("GM2", "methane", "supply", "green_gas", 50_000.0),
            ("GM2", "methane", "curtailed", "green_gas", 10_000.0),
        ],
        columns=["gm_code", "carrier", "category", "sector", "energy_mwh"],
    ).assign(**RUN, weather_year=2012)
    dispatch = pd.DataFrame(
        [
            {**RUN, "station_id": "x", "measure": "unserved", "chosen_days_mwh": 1.0, "all_hours_mwh": 1000.0, "peak_mw": 20.0},
            {**RUN, "station_id": "x", "measure": "curtailed", "chosen_days_mwh": 1.0, "all_hours_mwh": 9.0, "peak_mw": 5.0},
        ]
    )
    tables = Inputs({"regions/municipalities": TOWNS})
    made = service({"energy_balance": balance, "dispatch_summary": dispatch}, shared, tables)
    return conform("service", made).set_index(["carrier", "direction", "cluster"])


def test_a_connection_that_waits_is_mw_homes_and_firms(served):
    row = served.loc["electricity", "take-off", PROVINCE]
    assert row["not_served_gwh"] == pytest.approx(0.3)
    assert row["waiting_mw"] == pytest.approx(6.0)
    assert row["waiting_homes"] == pytest.approx(20e3 * 0.1 / 2.0)
    assert row["waiting_firms"] == pytest.approx(20 * 0.2 / 0.5)
    beside = served.loc["electricity", "take-off", OUTSIDE]
    assert beside["waiting_mw"] == pytest.approx(14.0)
    assert pd.isna(beside["asked_gwh"])


def test_what_waits_is_priced_per_connection_with_a_range_and_never_per_mwh_lost(served):
    row = served.loc["electricity", "take-off", PROVINCE]
    prices = [
        (1000 * home + 8 * firm) / 1e6 for home, firm in ((500, 5e4), (3000, 2e5), (12000, 1e6))
    ]
    assert row[["price_meur_low", "price_meur", "price_meur_high"]].to_list() == pytest.approx(prices)
    # 0.3 GWh at the value of lost load of 69 EUR/kWh would be 20.7 MEUR
    assert row["price_meur"] < 5


def test_another_carrier_says_how_much_it_serves_and_what_the_gap_is_worth(served):
    row = served.loc["hydrogen", "take-off", PROVINCE]
    assert row["served_pct"] == pytest.approx(58.0)
    assert row["price_meur"] == pytest.approx(42_000 * 400 / 1e6)
    assert served.loc["methane", "feed-in", PROVINCE]["not_served_gwh"] == pytest.approx(10.0)
