"""The decision tables row by row."""
# ruff: noqa: E501 - tables of cases stay readable when a case is a line

from __future__ import annotations

from dataclasses import replace

import pytest
from pmiek.decide.projects.rules import TYPE_RULES, Facts, certainty, interim_measures, project_type

NEED = Facts(has_need=True, storylines=4, weather_years=4, weather_years_total=4, direction="take-off")


@pytest.mark.parametrize(
    ("facts", "type_", "rule"),
    [
        (replace(NEED, decision_status="in_investment_plan"), "concreet", "decided_electricity"),
        (
            replace(NEED, decision_status="irrevocable_zoning", carrier="heat"),
            "concreet",
            "decided_other_carrier",
        ),
        (
            Facts(decision_status="exploration", plan_kind="source", carrier="heat"),
            "onderzoek",
            "source_only",
        ),
        (replace(NEED, decision_status="announced"), "verkenning", "announced"),
        (replace(NEED, storylines=1), "onderzoek", "few_storylines"),
        (replace(NEED, vanishes=True), "onderzoek", "capacity_unknown"),
        (replace(NEED, carrier_share=0.6), "onderzoek", "carrier_open"),
        (replace(NEED, carrier="heat", variants=1, variants_total=5), "onderzoek", "carrier_choice"),
        (replace(NEED, carrier="heat"), "onderzoek", "heat_network_open"),
        (replace(NEED, carrier="hydrogen"), "onderzoek", "hydrogen_open"),
        (replace(NEED, carrier="methane"), "verkenning", "need_without_decision"),
        (replace(NEED, carrier_share=0.6, direction="feed-in"), "verkenning", "need_without_decision"),
        (replace(NEED, asset_class="mv_lv"), "verkenning", "districts_to_choose"),
        (NEED, "verkenning", "need_without_decision"),
        (Facts(earlier_type="verkenning"), "verkenning", "earlier_concrete_or_exploration"),
        (Facts(earlier_type="onderzoek"), "onderzoek", "nothing_known"),
    ],
)
def test_type(facts, type_, rule):
    found, reason_nl, reason_en, decided_by = project_type(facts)
    assert (found, decided_by) == (type_, rule)
    assert reason_nl != reason_en
    assert "{" not in reason_nl + reason_en


def test_every_type_rule_is_tried():
    tried = {"decided_electricity", "decided_other_carrier", "source_only", "announced",
             "few_storylines", "capacity_unknown", "carrier_open", "carrier_choice", "heat_network_open",
             "hydrogen_open", "districts_to_choose", "need_without_decision",
             "earlier_concrete_or_exploration", "nothing_known"}  # fmt: skip
    assert {rule.rule for rule in TYPE_RULES} == tried


@pytest.mark.parametrize(
    ("storylines", "weather_years", "vanishes", "word"),
    [
        (4, 4, False, "zeker"),
        (4, 2, False, "zeker"),
        (4, 1, False, "waarschijnlijk"),
        (4, 4, True, "waarschijnlijk"),
        (3, 4, False, "waarschijnlijk"),
        (2, 1, False, "waarschijnlijk"),
        (3, 4, True, "onzeker"),
        (1, 4, False, "onzeker"),
    ],
)
def test_certainty(storylines, weather_years, vanishes, word):
    facts = replace(NEED, storylines=storylines, weather_years=weather_years, vanishes=vanishes)
    found, reason_nl, _ = certainty(facts)
    assert found == word
    assert f"{storylines} van 4 scenario's" in reason_nl


def test_no_modelled_need_is_uncertain():
    assert certainty(Facts())[0] == "onzeker"


@pytest.mark.parametrize(
    ("direction", "asset_class", "gap", "hours", "measures"),
    [
        ("take-off", "station_transformer", 0, 100, []),
        ("feed-in", "circuit", 1, 5000, ["congestion_management", "curtailment", "reserve_for_feed_in", "switching_state"]),
        ("take-off", "circuit", 1, 5000, ["congestion_management", "non_firm_contract", "switching_state"]),
        (
            "take-off", "station_transformer", 5, 100,
            ["congestion_management", "non_firm_contract", "group_contract", "higher_loading", "temporary_battery",
             "mobile_mv_station"],
        ),
        (
            "take-off", "station_transformer", 5, 3000,
            ["congestion_management", "non_firm_contract", "group_contract", "mobile_mv_station"],
        ),
    ],
)  # fmt: skip
def test_interim_measures(direction, asset_class, gap, hours, measures):
    chosen, words_nl, words_en = interim_measures(direction, asset_class, gap, hours)
    assert [m.measure for m in chosen] == measures
    assert len(words_nl.split("; ")) == len(words_en.split("; ")) == max(len(measures), 1)


@pytest.mark.parametrize(
    ("carrier", "status", "expected"),
    [
        ("electricity", "in_investment_plan", "concreet"),
        ("heat", "in_investment_plan", "verkenning"),  # no investment plan decides about a heat network
        ("heat", "designated_area", "concreet"),
        ("hydrogen", "investment_decision", "concreet"),
        ("methane", "announced", "verkenning"),
    ],
)
def test_what_counts_as_a_decision_differs_per_carrier(carrier, status, expected):
    facts = Facts(carrier=carrier, decision_status=status)
    assert project_type(facts)[0] == expected
