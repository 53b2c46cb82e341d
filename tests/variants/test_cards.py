from __future__ import annotations

import pandas as pd
import pytest
from pmiek.results.bottlenecks import find
from pmiek.results.registry import conform
from pmiek.results.variants.cards import payer_group, variant_cards, variant_differences

PRICES = pd.DataFrame(
    {
        "asset_class": ["station_transformer", "station_transformer"],
        "option": ["add_transformer", "add_transformer"],
        "parameter": ["space", "size"],
        "value": [0.1, 90.0],
    }
)


def of_variant(variant: str, **columns: object) -> pd.DataFrame:
    return pd.DataFrame({"storyline": "s", "variant": variant, "year": 2050, **columns})


def planned() -> dict[str, pd.DataFrame]:
    return {
        "capacity": pd.concat(
            [
                of_variant(
                    v,
                    asset_id=["A-mv"],
                    asset_class="station_transformer",
                    carrier="electricity",
                    cluster="A",
                    built_mw=[mw],
                )
                for v, mw in (("nulalternatief", 0.0), ("bouwen", 180.0))
            ]
        ),
        "costs": pd.concat(
            [
                of_variant(
                    "nulalternatief",
                    category="unserved",
                    asset_class="demand",
                    payer=["connected customers"],
                    cost_meur_per_year=[9.0],
                ),
                of_variant(
                    "bouwen",
                    category="capex",
                    asset_class=["station_transformer", "individual_heating"],
                    payer=["enexis", "households"],
                    cost_meur_per_year=[2.0, 0.5],
                ),
            ]
        ),
        "emissions": pd.concat(
            [
                of_variant(v, carrier=["methane"], sector="homes", co2_kt=[10.0])
                for v in ("nulalternatief", "bouwen")
            ]
        ),
        "dispatch_summary": of_variant(
            "bouwen", station_id=["A-mv"], measure="curtailed", all_hours_mwh=[2000.0]
        ),
    }


def left(variant: str, *assets: str) -> pd.DataFrame:
    return of_variant(
        variant,
        grid_state=variant,
        asset_id=list(assets),
        asset_name=[a.upper() for a in assets],
        asset_class="station_transformer",
        carrier="electricity",
        hours=[5.0] * len(assets),
        energy_mwh=[100.0] * len(assets),
    )


@pytest.fixture
def cards() -> pd.DataFrame:
    tables = {"costs/infrastructure": PRICES}
    found = pd.concat([left("nulalternatief", "a", "b"), left("bouwen", "b", "c")])
    return variant_cards(planned(), found, tables, "nulalternatief")


def value(cards: pd.DataFrame, topic: str, item: str) -> pd.Series:
    rows = cards[(cards["variant"] == "bouwen") & (cards["topic"] == topic) & (cards["item"] == item)]
    return rows.iloc[0]


def test_a_card_says_what_is_built_who_pays_and_the_space(cards):
    conform("variant_cards", cards)
    assert value(cards, "build", "station_transformer")[["value", "detail"]].to_list() == [180.0, "A-mv"]
    assert value(cards, "space", "station_transformer")["value"] == pytest.approx(0.2)
    assert value(cards, "cost", "grid operator")["value"] == 2.0
    assert value(cards, "cost", "households")["value"] == 0.5
    assert value(cards, "measures", "curtailed")["value"] == 2.0


def test_a_card_says_what_a_variant_fixes_and_breaks(cards):
    assert value(cards, "fixes", "station_transformer")["detail"] == "A"
    assert value(cards, "breaks", "station_transformer")["detail"] == "C"
    assert value(cards, "remaining", "bottlenecks")[["value", "detail"]].to_list() == [2, "B; C"]


def test_differences_stand_beside_the_reference(cards):
    table = variant_differences(cards, "nulalternatief")
    conform("variant_differences", table)
    total = table[(table["variant"] == "bouwen") & (table["indicator"] == "cost: total")].iloc[0]
    assert (total["value"], total["reference_value"], total["difference"]) == (2.5, 9.0, -6.5)


@pytest.mark.parametrize(
    ("category", "asset_class", "payer", "group"),
    [
        ("capex", "circuit", "TenneT", "grid operator"),
        ("operating", "gas_booster", "RENDO", "grid operator"),
        ("capex", "hydrogen_pipe", "hydrogen grid operator", "grid operator"),
        ("capex", "battery_power", "market party", "companies"),
        ("capex", "heat_pipe", "provincie en gemeenten", "province and municipalities"),
        ("capex", "heat_source", "warmtebedrijf", "companies"),
        ("operating", "hydrogen_import", "hydrogen users", "companies"),
        ("operating", "individual_heating", "household", "households"),
        ("unserved", "demand", "hydrogen users", "customers without supply"),
        ("unserved", "demand", "connected customers", "customers without supply"),
    ],
)
def test_who_stands_behind_a_payer(category, asset_class, payer, group):
    row = pd.DataFrame([(category, asset_class, payer)], columns=["category", "asset_class", "payer"])
    assert payer_group(row).to_list() == [group]


def test_bottlenecks_of_every_carrier_have_ids_of_their_own():
    row = {
        "asset_id": "x", "asset_name": "X", "asset_class": "gas_station", "station": "", "station_id": "",
        "gm_code": "GM1", "cluster": "A", "operator": "o", "grid_state": "frozen", "storyline": "s",
        "variant": "nulalternatief", "year": 2035, "weather_year": 2012, "contingency": "N-0",
        "binding_outage": "", "limit_mw": 10.0, "peak_mw": 12.0, "loading_pct": 120.0, "exceedance_mw": 2.0,
        "hours": 3.0, "energy_mwh": 4.0, "peak_hour": 5, "quality": "assumed", "is_information": False,
        "direction": "feed-in",
    }  # fmt: skip
    rows = pd.DataFrame([row | {"carrier": "methane"}, row | {"carrier": None}])
    factors = pd.DataFrame(columns=["asset_id", "contingency", "factor_low", "factor_high"])
    places = pd.DataFrame({"gm_code": ["GM1"], "name": ["Een"]})
    found = find(rows.drop_duplicates("carrier").iloc[:1], factors, places)
    assert found["carrier"].to_list() == ["methane"]
    assert "methane" in found["bottleneck_id"].iloc[0]
    assert find(rows.iloc[1:], factors, places)["carrier"].to_list() == ["electricity"]
