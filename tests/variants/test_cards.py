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


TOWNS = pd.DataFrame({"gm_code": ["GM1", "GM9"], "role": ["study", "neighbour"], "cluster": ["A", None]})
#: Station A-mv: the province asks for three quarters of it.
PLACES = pd.concat(
    [
        of_variant(
            variant,
            asset_id="A-mv",
            direction=["take-off", "take-off"],
            cluster=["A", "outside"],
            share=[0.75, 0.25],
            homes_share=[0.5, 0.0],
            province_share=0.75,
            sizes=True,
            basis="sizing hour",
            weather_year=2012,
            hour=1,
        )
        for variant in ("nulalternatief", "bouwen")
    ]
)


def planned() -> dict[str, pd.DataFrame]:
    return {
        "asset_places": PLACES,
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
                of_variant("nulalternatief", category="operating", asset_class="gas_booster", payer="RENDO",
                           cluster=["A"], cost_meur_per_year=[0.1]),
                of_variant("bouwen", category="capex", asset_class="station_transformer", payer="enexis",
                           cluster=["A", "outside"], cost_meur_per_year=[1.5, 0.5]),
                of_variant("bouwen", category="capex", asset_class="individual_heating", payer="households",
                           cluster=["A"], cost_meur_per_year=[0.5]),
            ]
        ),
        "emissions": pd.concat(
            [
                of_variant(v, account=["territorial", "credit for exported green gas", "not counted"],
                           carrier=["methane", "methane", "motor_fuels"], sector=["homes", "green_gas", ""],
                           cluster=["A", "A", ""], co2_kt=[10.0, credit, None])
                for v, credit in (("nulalternatief", -1.0), ("bouwen", -4.0))
            ]
        ),
        "dispatch_summary": of_variant(
            "bouwen", station_id=["A-mv"], measure="curtailed", all_hours_mwh=[2000.0]
        ),
        "service": pd.concat(
            [
                of_variant(v, carrier="electricity", direction="take-off", cluster=["province", "outside"],
                           asked_gwh=[100.0, None], not_served_gwh=[lost, 5.0], waiting_mw=[lost, 9.0],
                           waiting_homes=[10 * lost, 1.0], waiting_firms=[lost, 1.0], price_meur_low=[lost / 2, 1.0],
                           price_meur=[lost, 2.0], price_meur_high=[lost * 2, 3.0], served_pct=[100.0 - lost, None])
                for v, lost in (("nulalternatief", 3.0), ("bouwen", 0.0))
            ]
        ),
    }  # fmt: skip


def left(variant: str, *assets: str, cluster: str = "A") -> pd.DataFrame:
    return of_variant(
        variant,
        grid_state=variant,
        bottleneck_id=[f"{a}-take-off" for a in assets],
        weather_year=2012,
        asset_id=list(assets),
        asset_name=[a.upper() for a in assets],
        asset_class="station_transformer",
        carrier="electricity",
        cluster=cluster,
        hours=[5.0] * len(assets),
        energy_mwh=[100.0] * len(assets),
    )


@pytest.fixture
def cards() -> pd.DataFrame:
    tables = {"costs/infrastructure": PRICES, "regions/municipalities": TOWNS}
    found = pd.concat(
        [left("nulalternatief", "a", "b"), left("bouwen", "b", "c"), left("bouwen", "z", cluster="")]
    )
    causes = pd.concat(
        [
            of_variant("bouwen", grid_state="bouwen", bottleneck_id="b-take-off", weather_year=2012,
                       gm_code=["GM1", "GM9"], share=[0.4, 0.6]),
            of_variant("bouwen", grid_state="bouwen", bottleneck_id="z-take-off", weather_year=2012,
                       gm_code=["GM9"], share=[1.0]),
        ]
    )  # fmt: skip
    return variant_cards(planned(), found, causes, tables, "nulalternatief")


def value(cards: pd.DataFrame, topic: str, item: str, cluster: str = "province") -> pd.Series:
    rows = cards[(cards["variant"] == "bouwen") & (cards["topic"] == topic) & (cards["item"] == item)]
    return rows[rows["cluster"] == cluster].iloc[0]


def test_a_card_says_what_is_built_who_pays_and_the_space_of_the_province(cards):
    conform("variant_cards", cards)
    assert value(cards, "build", "station_transformer")[["value", "detail"]].to_list() == [135.0, "A-mv"]
    assert value(cards, "build", "station_transformer", "A")["detail"] == "A-mv (75 %)"
    assert value(cards, "space", "station_transformer")["value"] == pytest.approx(0.15)
    assert value(cards, "cost", "grid operator")["value"] == 1.5
    assert value(cards, "cost", "households")["value"] == 0.5
    assert value(cards, "measures", "curtailed")["value"] == 1.5


def test_what_lies_outside_stands_beside_the_total(cards):
    assert value(cards, "build", "station_transformer", "outside")["value"] == 45.0
    assert value(cards, "cost", "grid operator", "outside")["value"] == 0.5
    table = variant_differences(cards, "nulalternatief").set_index(["variant", "indicator"])
    row = table.loc[("bouwen", "cost: grid operator")]
    assert (row["value"], row["outside_value"]) == (1.5, 0.5)


def test_a_card_says_what_a_variant_fixes_and_breaks(cards):
    assert value(cards, "fixes", "station_transformer")["detail"] == "A"
    assert value(cards, "breaks", "station_transformer")["detail"] == "C"
    assert value(cards, "breaks", "station_transformer", "outside")["detail"] == "Z"


def test_bottlenecks_count_where_they_stand_and_energy_by_whose_load_it_is(cards):
    assert value(cards, "remaining", "bottlenecks")[["value", "detail"]].to_list() == [2, "B; C"]
    assert value(cards, "remaining", "bottlenecks", "outside")["detail"] == "Z"
    # b: 40 %; c: nobody is named behind it, and it stands in the province; z: none
    assert value(cards, "remaining", "energy above the limits")["value"] == pytest.approx(0.14)
    assert value(cards, "remaining", "energy above the limits", "outside")["value"] == pytest.approx(0.16)


def test_differences_stand_beside_the_reference_and_what_waits_is_in_no_total(cards):
    table = variant_differences(cards, "nulalternatief")
    conform("variant_differences", table)
    total = table[(table["variant"] == "bouwen") & (table["indicator"] == "cost: total")].iloc[0]
    assert (total["value"], total["reference_value"]) == (2.0, pytest.approx(0.1))
    rows = table[table["variant"] == "nulalternatief"].set_index("indicator")["value"]
    assert rows["cost: total"] == pytest.approx(0.1)
    assert rows["cost: at equal service"] == pytest.approx(3.1)
    assert rows["cost: at equal service, high"] == pytest.approx(6.1)
    assert rows["service: firms that wait (electricity)"] == 3.0


def test_a_card_names_the_assets_behind_a_difference_in_co2(cards):
    cause = value(cards, "co2_cause", "credit for exported green gas: green_gas")
    assert cause["value"] == pytest.approx(-3.0)
    assert not len(cards[(cards["topic"] == "co2_cause") & cards["item"].str.contains("homes")])


def test_what_is_not_counted_is_named_on_the_card(cards):
    row = value(cards, "co2", "not counted")
    assert row["carrier"] == "motor_fuels"
    assert pd.isna(row["value"])


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
