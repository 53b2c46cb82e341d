"""The long list of the made-up province is known by hand."""
# ruff: noqa: E501 - tables of cases stay readable when a case is a line

from __future__ import annotations

import pandas as pd
import pytest
import small_projects as world
from pmiek.decide.projects import candidates
from pmiek.decide.projects.tables import CANDIDATE_COLUMNS, OPTION_COLUMNS, REQUEST_COLUMNS, CandidateSet


def make(**changes) -> CandidateSet:
    given = {
        "bottlenecks": world.bottlenecks(),
        "loading": world.loading(),
        "shares": world.shares(),
        "capacity": world.capacity(),
        "tables": world.tables(),
        "register": world.register(),
        "reference_year": 2026,
    }
    return candidates(**(given | changes))


@pytest.fixture(scope="module")
def made() -> CandidateSet:
    return make()


@pytest.fixture(scope="module")
def listed(made) -> pd.DataFrame:
    return made.candidates.set_index("project_id")


def test_the_long_list_is_the_one_known_by_hand(listed):
    expected = world.table("""
        project_id                      | type       | type_rule                       | certainty      | size_mw | size_basis
        al-220-110-electricity-coupling | onderzoek  | capacity_unknown                | onzeker        | 370     | restbehoefte
        al-coupling                     | concreet   | decided_electricity             | zeker          | 100     | plan
        al110-be110-electricity-corridor | onderzoek | few_storylines                  | onzeker        | 5       | restbehoefte
        be-electricity-station          | verkenning | need_without_decision           | zeker          | 270     | restbehoefte
        bron                            | onderzoek  | source_only                     | onzeker        | 12      | plan
        groengas                        | verkenning | earlier_concrete_or_exploration | onzeker        |         | onbekend
        heat-gm0001-heat-heat-network   | onderzoek  | carrier_choice                  | waarschijnlijk | 20      | ontwikkelpad
        nw-station                      | concreet   | decided_electricity             | zeker          | 200     | plan
        warmtenet                       | verkenning | announced                       | onzeker        |         | onbekend
        waterstof                       | verkenning | announced                       | onzeker        |         | onbekend
    """).set_index("project_id")
    pd.testing.assert_frame_equal(listed[list(expected.columns)], expected, check_dtype=False)


def test_columns_begin_as_promised(made):
    assert list(made.candidates.columns[: len(CANDIDATE_COLUMNS)]) == CANDIDATE_COLUMNS
    assert list(made.options.columns) == OPTION_COLUMNS
    assert list(made.data_requests.columns) == REQUEST_COLUMNS


def test_both_directions_of_an_asset_are_one_project_with_two_bottlenecks(listed):
    ids = listed.loc["be-electricity-station", "bottleneck_ids"]
    assert ids == "be-110-mv-electricity-feed-in;be-110-mv-electricity-take-off"


def test_a_plan_that_takes_load_over_answers_the_station_that_it_relieves(listed):
    assert "al-110-mv-electricity-take-off" in listed.loc["nw-station", "bottleneck_ids"]
    assert listed.loc["nw-station", "investment_plan_ids"] == "IP-1"


def test_what_a_decided_plan_leaves_is_a_follow_up(listed):
    follow = listed.loc["al-220-110-electricity-coupling"]
    assert follow["predecessor"] == "al-coupling"
    assert follow["need_year_earliest"] == 2040
    assert "vervolg" in follow["name"]


def test_every_bottleneck_is_accounted_for(made):
    links = made.links.groupby("bottleneck_id")["relation"].agg(lambda s: sorted(set(s)))
    assert set(links.index) == set(world.bottlenecks()["bottleneck_id"])
    assert links["al220-zz220-electricity-take-off"] == ["information"]
    assert links["eh-380-220-electricity-take-off"] == ["information"]
    assert links["og-110-mv-electricity-take-off"] == ["outside"]
    assert links["ce-110-mv-electricity-take-off"] == ["relieved"]
    assert links["be-110-mv-electricity-take-off"] == ["project"]


def test_sizes_of_both_grid_states_are_kept_apart(listed):
    plan = listed.loc["al-coupling"]
    assert plan["need_frozen_mw"] == 150
    assert plan["size_mw"] == 100
    assert listed.loc["be-electricity-station", "size_pathway_mw_high"] == 180
    assert listed.loc["be-electricity-station", "size_pathway_mw_low"] == 90


def test_certainty_counts_all_weather_years_that_were_screened(listed):
    wide = pd.DataFrame({"bottleneck_id": world.bottlenecks()["bottleneck_id"].unique()})
    wide = pd.concat([wide.assign(grid_state=state) for state in ("frozen", "nulalternatief")])
    wide = wide.assign(n_weather_years=3, of_weather_years=28, occurrence="some years")
    rare = make(weather_certainty=wide).candidates.set_index("project_id")
    needed = listed["certainty"].eq("zeker")
    assert needed.any()
    assert set(rare.loc[needed[needed].index, "weather_years_with_need"]) == {3}
    assert not rare.loc[needed[needed].index, "certainty"].eq("zeker").any()
    assert rare.loc[needed[needed].index, "certainty_reason"].str.contains("3 van 28 weerjaren").all()
    narrow = make(weather_certainty=wide.assign(of_weather_years=2)).candidates.set_index("project_id")
    assert narrow["certainty"].equals(listed["certainty"])


def test_nothing_starts_in_the_past_and_the_gap_is_bridged(listed):
    station = listed.loc["be-electricity-station"]
    assert station["start_by_year"] == 2026
    assert station["lead_time_gap_years"] == 2036 - 2030
    assert "congestiemanagement" in station["interim_measures"]
    assert "mobiel middenspanningsstation" in station["interim_measures"]
    assert (listed["start_by_year"].dropna() >= 2026).all()


def test_no_interim_measure_where_there_is_time(listed):
    corridor = listed.loc["al110-be110-electricity-corridor"]
    assert corridor["start_by_year"] == 2050 - 1  # a flexible contract takes one year
    assert corridor["interim_measures"] == ""


def test_a_later_reference_year_moves_the_start_and_widens_the_gap():
    later = make(reference_year=2029).candidates.set_index("project_id").loc["be-electricity-station"]
    assert later["start_by_year"] == 2029
    assert later["lead_time_gap_years"] == 2039 - 2030


def test_the_shared_base_year_counts_for_every_storyline(listed):
    assert listed.loc["nw-station", "need_year_earliest"] == 2025
    assert listed.loc["nw-station", "storylines_with_need"] == 4


def test_why_is_made_from_the_numbers(listed):
    assert listed.loc["be-electricity-station", "why_nl"] == (
        "HS/MS-station Bestad: ook met de besloten projecten te weinig ruimte: "
        "afname 100 MW in 2030 en 100 MW in 2050 (S1); in 2030 500 uur; "
        "invoeding 50 MW in 2040 en 50 MW in 2050 (S1); in 2040 300 uur. Dit komt voor in 4 van 4 scenario's."
    )
    assert "4 of 4 storylines" in listed.loc["be-electricity-station", "why_en"]


def test_the_register_gives_the_id_and_merges_areas():
    register = pd.DataFrame(
        [
            {
                "project_id": "zuid-bundel",
                "name": "Zuidbundel",
                "carrier": "electricity",
                "asset_id": "BE;CE",
                "option": "station",
                "first_edition": "1",
                "status": "open",
                "predecessor": "bestad;cedorp",
            },
        ]
    )
    needs = (
        world.NEEDS
        + """
    CE-110-mv   | station_transformer | take-off  | Cedorp  | Aldorp | A | NetB | nulalternatief | s1 s2 | 1987 | 2040 | 2050 | 10 | 50 | 40 | 50 | 200 | winter | stable
    """
    )
    made = make(register=register, bottlenecks=world.bottlenecks(needs), shares=world.shares(needs))
    row = made.candidates.set_index("project_id").loc["zuid-bundel"]
    assert row["asset_ids"] == "BE-110-mv;CE-110-mv"
    assert row["predecessor"] == "bestad;cedorp"
    assert row["size_frozen_mw"] >= row["need_mw"]
    assert "be-electricity-station" not in set(made.candidates["project_id"])


def test_a_new_project_is_added_to_the_register_once(made):
    register = made.register
    assert "be-electricity-station" in set(register["project_id"])
    assert "nw-station" not in set(register["project_id"])  # plans keep the id of their own table
    again = make(register=register)
    assert len(again.register) == len(register)
    assert list(again.candidates["project_id"]) == list(made.candidates["project_id"])


def test_the_order_of_rows_does_not_matter(made):
    shuffled = make(
        bottlenecks=world.bottlenecks().sample(frac=1, random_state=3), shares=world.shares()[::-1]
    )
    pd.testing.assert_frame_equal(shuffled.candidates, made.candidates)


def test_without_bottlenecks_only_plans_and_earlier_projects_remain():
    made = make(
        bottlenecks=world.bottlenecks().iloc[:0],
        shares=world.shares().iloc[:0],
        capacity=world.capacity().iloc[:0],
    )
    assert set(made.candidates["project_id"]) == {
        "al-coupling", "bron", "groengas", "nw-station", "warmtenet", "waterstof",
    }  # fmt: skip
    assert made.candidates["need_mw"].eq(0).all()
    assert made.options.empty


def test_nothing_at_all_gives_an_empty_list():
    tables = world.tables()
    for name in ("projects/planned", "projects/previous_pmiek"):
        tables[name] = tables[name].iloc[:0]
    made = make(
        bottlenecks=world.bottlenecks().iloc[:0],
        shares=world.shares().iloc[:0],
        capacity=world.capacity().iloc[:0],
        tables=tables,
    )
    assert made.candidates.empty
    assert list(made.candidates.columns[: len(CANDIDATE_COLUMNS)]) == CANDIDATE_COLUMNS


def test_data_requests_are_smart(made):
    requests = made.data_requests
    assert requests["request_id"].is_unique
    assert (requests[["what", "why", "format", "by_when", "operator", "affects_projects"]] != "").all().all()
    assert requests["by_when"].str.fullmatch(r"20(26|27)-\d{2}-\d{2}").all()
    capacity = requests.set_index("request_id").loc["installed-capacity-al-220-110"]
    assert capacity["affects_projects"] == "al-220-110-electricity-coupling"
    assert capacity["operator"] == "HoogB"
    assert "planned-year-warmtenet" in set(requests["request_id"])
