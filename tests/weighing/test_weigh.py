"""Scores, ranks and their stability on the made-up province."""

from __future__ import annotations

import time
from dataclasses import replace
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
import small_projects as world
from pmiek.decide.projects import candidates
from pmiek.decide.weighing import read_framework, weigh
from pmiek.decide.weighing.framework import Framework, Indicator
from pmiek.decide.weighing.lists import lists_of
from pmiek.decide.weighing.practice import practice, reweighted
from pmiek.decide.weighing.robustness import draw_scores, swap_table
from pmiek.decide.weighing.scoring import order, places, score_of, totals, with_unknowns

FILE = Path(__file__).parents[2] / "inputs" / "weighing" / "framework.yaml"
FRAMEWORK = read_framework(FILE)
NO_JUDGMENTS = pd.read_csv(FILE.parent / "judgments.csv")


@pytest.fixture(scope="module")
def made():
    return candidates(
        world.bottlenecks(),
        world.loading(),
        world.shares(),
        world.capacity(),
        world.tables(),
        world.register(),
        2026,
    )


@pytest.fixture(scope="module")
def result(made):
    return weigh(made, world.shares(), FRAMEWORK, world.tables(), NO_JUDGMENTS, 1, reference_year=2026)


def value(result, project_id: str, indicator: str) -> pd.Series:
    rows = result.scores
    return rows[(rows["project_id"] == project_id) & (rows["indicator"] == indicator)].iloc[0]


def judgments(*rows) -> pd.DataFrame:
    columns = ["project_id", "indicator", "score", "author_role", "date", "reason"]
    return pd.DataFrame(rows, columns=columns)


@pytest.mark.parametrize(
    ("project_id", "indicator", "expected"),
    [
        ("be-electricity-station", "homes_amenities_load_mw", 100 * 1.0),
        ("nw-station", "homes_amenities_load_mw", 30 * 0.7),
        ("nw-station", "business_load_mw", 30 * 0.3),
        ("be-electricity-station", "homes_affected", 20_000),
        ("nw-station", "homes_affected", 0.3 * 0.6 * 10_000),  # takes 30 percent of a station with 60 percent
        ("al110-be110-electricity-corridor", "homes_affected", 20_000),  # the municipality behind the peak
        ("be-electricity-station", "renewable_curtailed_mwh", 5000),
        ("al-coupling", "renewable_curtailed_mwh", 0),
        ("be-electricity-station", "exceedance_mw", 100),
        ("be-electricity-station", "exceedance_hours", 500),
        ("be-electricity-station", "need_year", 2030),
        ("be-electricity-station", "lead_time_gap_years", 6),
        ("al-coupling", "decision_status", "in_investment_plan"),
        ("be-electricity-station", "certainty", "zeker"),
        ("be-electricity-station", "plot_extendable", "no"),
    ],
)
def test_values_come_from_model_numbers(result, project_id, indicator, expected):
    assert value(result, project_id, indicator)["value"] == (
        expected if isinstance(expected, str) else pytest.approx(expected)
    )


@pytest.mark.parametrize(
    ("project_id", "indicator"),
    [
        ("be-electricity-station", "waiting_list_mw"),
        ("be-electricity-station", "area_tasks"),
        ("be-electricity-station", "public_support"),
        ("warmtenet", "certainty"),
        ("warmtenet", "exceedance_mw"),
        ("bron", "space_ha"),
    ],
)
def test_unknown_is_unknown_and_not_zero(result, project_id, indicator):
    row = value(result, project_id, indicator)
    assert row["kind"] == "unknown"
    assert np.isnan(row["score"])


def test_who_waits_for_take_off_counts_once_the_operator_says_so(made, result):
    tables = world.tables()
    tables["projects/waiting_list"] = pd.DataFrame(
        [
            ("BE", "take-off", 12, 15.0, 2031),
            ("BE", "take-off", 3, 5.0, 2033),
            ("BE", "feed-in", 40, 300.0, 2040),
        ],
        columns=["station_id", "direction", "requests", "requested_mw", "expected_end_year"],
    )
    found = weigh(made, world.shares(), FRAMEWORK, tables, NO_JUDGMENTS, 1, reference_year=2026)
    waits = value(found, "be-electricity-station", "waiting_list_mw")
    assert (waits["kind"], waits["value"], waits["score"]) == ("model", pytest.approx(20), pytest.approx(50))
    ends = value(found, "be-electricity-station", "congestion_end_year")
    assert ends["value"] == pytest.approx(2033)
    assert ends["score"] == pytest.approx(75)  # halfway between 2030 (50) and 2036 (100)
    more, less = (
        r.candidates.set_index("project_id").loc["be-electricity-station", "coverage"]
        for r in (found, result)
    )
    assert more > less
    assert value(found, "al-coupling", "waiting_list_mw")["kind"] == "not_applicable"  # no station, no queue


def test_the_score_is_the_weighted_mean_with_unknowns_at_the_low_end(result):
    rows = result.scores[result.scores["project_id"] == "be-electricity-station"]
    asked = rows[rows["weight"] > 0]
    row = result.candidates.set_index("project_id").loc["be-electricity-station"]
    assert row["score"] == pytest.approx((asked["points"] * asked["weight"]).sum() / asked["weight"].sum())
    known = asked[asked["score"].notna()]
    assert row["coverage"] == pytest.approx(known["weight"].sum() / asked["weight"].sum())
    urgency = asked[asked["criterion"] == "urgency"]
    assert row["score_urgency"] == pytest.approx(
        (urgency["points"] * urgency["weight"]).sum() / urgency["weight"].sum()
    )
    for indicator, part in result.scores.groupby("indicator"):
        answers, silent = part["score"].dropna(), part[part["kind"] == "unknown"]
        if len(answers) and len(silent):
            assert (silent["points"] <= np.quantile(answers, 0.25) + 1e-9).all(), indicator
            assert (silent["points"] == silent["score_low"]).all(), indicator


def test_a_question_that_does_not_apply_is_no_unknown(result):
    row = value(result, "warmtenet", "waiting_list_mw")
    assert (row["kind"], row["weight"]) == ("not_applicable", 0.0)
    assert (
        not result.data_requests["affects_projects"][
            result.data_requests["request_id"].str.startswith("waiting-list")
        ]
        .str.contains("warmtenet")
        .any()
    )


def test_ranks_are_complete_and_candidates_otherwise_unchanged(made, result):
    for _, of_list in result.candidates.groupby("list"):
        assert sorted(of_list["rank"]) == list(range(1, len(of_list) + 1))
    same = ["project_id", "type", "size_mw", "need_year_earliest", "bottleneck_ids"]
    before = made.candidates[same].set_index("project_id").sort_index()
    pd.testing.assert_frame_equal(result.candidates[same].set_index("project_id").sort_index(), before)
    assert made.candidates["score"].isna().all()


def test_every_unknown_indicator_becomes_a_request(result):
    asked = result.data_requests.set_index("request_id")
    assert "be-electricity-station" in asked.loc["waiting-list-mw-netb", "affects_projects"]
    assert asked.loc["area-tasks-bestad", "by_when"] == "2026-12-31"
    assert "warmtenet" not in ";".join(
        asked.loc[asked.index.str.startswith("mv-station"), "affects_projects"]
    )
    assert result.data_requests["request_id"].is_unique


def test_a_judgment_fills_an_unknown_and_keeps_its_author(made):
    given = judgments(
        ("be-electricity-station", "public_support", 40, "gemeente", "2026-05-01", "smalle weg"),
        ("be-electricity-station", "public_support", 60, "provincie", "2026-05-02", "goed in te passen"),
    )
    result = weigh(made, world.shares(), FRAMEWORK, world.tables(), given, 1, reference_year=2026)
    row = value(result, "be-electricity-station", "public_support")
    assert (row["kind"], row["score"], row["score_low"], row["score_high"]) == ("judgment", 50, 40, 60)
    assert row["source"] == "gemeente 2026-05-01; provincie 2026-05-02"


def test_a_judgment_does_not_overrule_a_model_number(made):
    given = judgments(("be-electricity-station", "exceedance_mw", 1, "gemeente", "2026-05-01", "valt mee"))
    result = weigh(made, world.shares(), FRAMEWORK, world.tables(), given, 1)
    assert value(result, "be-electricity-station", "exceedance_mw")["kind"] == "model"


@pytest.mark.parametrize("row", [("nowhere", "public_support"), ("be-electricity-station", "beauty")])
def test_a_judgment_about_nothing_is_refused(made, row):
    given = judgments((*row, 50, "gemeente", "2026-05-01", ""))
    with pytest.raises(ValueError, match=row[0] if row[0] == "nowhere" else row[1]):
        weigh(made, world.shares(), FRAMEWORK, world.tables(), given, 1)


def test_area_tasks_count_when_they_are_given(made):
    tables = world.tables()
    tables["areas/area_tasks"] = world.table("gm_code|task\nGM0002|woningbouw\nGM0002|natuur")
    result = weigh(made, world.shares(), FRAMEWORK, tables, NO_JUDGMENTS, 1)
    assert value(result, "be-electricity-station", "area_tasks")["value"] == 2


def test_a_source_that_the_model_lacks_is_named(made):
    content = FRAMEWORK.model_dump()
    content["indicators"][0]["source"] = "jobs"
    with pytest.raises(ValueError, match="unknown source 'jobs'"):
        weigh(made, world.shares(), Framework.model_validate(content), world.tables(), NO_JUDGMENTS, 1)


def test_scales_are_straight_between_points_and_flat_outside():
    indicator = Indicator(
        id="x", criterion="urgency", label_nl="x", label_en="x", unit="MW", direction="higher", weight=1,
        source="judgment", scale=((0, 0), (10, 40), (40, 80)),
    )  # fmt: skip
    scores = score_of(indicator, pd.Series([-5, 0, 5, 10, 25, 99, np.nan]))
    np.testing.assert_allclose(scores, [0, 0, 20, 40, 60, 80, np.nan])


def test_inside_the_margin_the_priority_class_decides():
    score = pd.Series({"a": 70.0, "b": 69.0, "c": 67.5, "d": 40.0, "e": np.nan})
    priority = pd.Series({"a": 4, "b": 0, "c": 0, "d": 0, "e": 0})
    assert order(score, priority, 2).to_dict() == pytest.approx(
        {"a": 2, "b": 1, "c": 3, "d": 4, "e": np.nan}, nan_ok=True
    )
    assert order(score, priority, 0).to_dict() == pytest.approx(
        {"a": 1, "b": 2, "c": 3, "d": 4, "e": np.nan}, nan_ok=True
    )


def scored(answers: dict[str, float | None]) -> pd.DataFrame:
    """One question under each criterion; the same answer to the others, the given ones to support."""
    rows = [
        {"project_id": p, "criterion": i.criterion, "indicator": i.id, "kind": "unknown" if a is None else "model",
         "score": np.nan if a is None else a, "score_low": np.nan if a is None else a,
         "score_high": np.nan if a is None else a, "weight": FRAMEWORK.weights()[i.id]}
        for p, answer in answers.items() for i in FRAMEWORK.indicators
        for a in [answer if i.id == "public_support" else 50.0]
    ]  # fmt: skip
    return with_unknowns(pd.DataFrame(rows), FRAMEWORK)


def test_silence_does_not_pay():
    given = {"a": 80.0, "b": 60.0, "c": 40.0, "d": 20.0, "silent": None}
    score = totals(scored(given))["score"]
    assert score["silent"] <= score[["a", "b", "c"]].min()
    for answer in (0.0, 5.0, 40.0, 100.0):
        answered = totals(scored({**given, "silent": answer}))["score"]
        assert answered["silent"] >= score["silent"], answer  # the lowest answer costs nothing
        pd.testing.assert_series_equal(answered.drop("silent"), score.drop("silent"))


def test_an_unknown_has_its_width_in_the_stability_and_moves_nobody_over_a_cliff():
    scores = scored({"a": 80.0, "b": 20.0, "silent": None})
    rows = scores[(scores["project_id"] == "silent") & (scores["indicator"] == "public_support")].iloc[0]
    assert (rows["score_low"], rows["score_high"]) == (0.0, 100.0)
    steady = FRAMEWORK.robustness.model_copy(update={"concentration": 1e6})  # the weights hardly move
    draws, ids = draw_scores(scores, FRAMEWORK.model_copy(update={"robustness": steady}), 3)
    spread = draws.std(axis=0)
    assert spread[ids.index("silent")] > 10 * spread[ids.index("b")]


def test_little_known_moves_no_project_over_a_cliff(made):
    """The place follows the score, also where less than half of the weight is known."""
    told = ("public_support", "need_year", "exceedance_mw", "homes_affected")
    said = judgments(*[("waterstof", name, 100, "gemeente", "2026-03-01", "bekend") for name in told])
    found = weigh(made, world.shares(), FRAMEWORK, world.tables(), said, 1).candidates.set_index("project_id")
    thin = found.loc["waterstof"]
    assert thin["coverage"] < 0.5
    here = found[found["list"] == thin["list"]]
    worse = here[(here["score"] < thin["score"] - FRAMEWORK.tie_margin_points)]
    assert len(worse) > 0
    assert (worse["rank"] > thin["rank"]).all()


def test_parts_that_need_each_other_share_one_place(made):
    apart = lists_of(made.candidates)
    ids = sorted(apart.index[apart == "to_decide"])[:2]
    needs = pd.DataFrame(
        [{"project_id": ids[1], "depends_on": ids[0], "kind": "needs_station", "share": np.nan}]
    )
    alone = weigh(made, world.shares(), FRAMEWORK, world.tables(), NO_JUDGMENTS, 1)
    both = weigh(made, world.shares(), FRAMEWORK, world.tables(), NO_JUDGMENTS, 1, dependencies=needs)
    rows = both.candidates.set_index("project_id").loc[ids]
    assert set(rows["package"]) == {ids[0]}
    assert rows["score"].iloc[0] == rows["score"].iloc[1]
    before = alone.candidates.set_index("project_id").loc[ids]
    assert before["package"].eq("").all()
    assert before["score"].iloc[0] != before["score"].iloc[1]
    assert rows["score_societal"].iloc[0] <= 100


def test_parts_of_another_priority_class_are_not_torn_apart(made):
    alone = weigh(made, world.shares(), FRAMEWORK, world.tables(), NO_JUDGMENTS, 1).candidates
    to_decide = alone[alone["type"] != "concreet"].drop_duplicates("priority_class")
    assert len(to_decide) >= 2
    ids = sorted(to_decide["project_id"].iloc[[0, -1]])
    needs = pd.DataFrame(
        [{"project_id": ids[1], "depends_on": ids[0], "kind": "needs_station", "share": np.nan}]
    )
    both = weigh(made, world.shares(), FRAMEWORK, world.tables(), NO_JUDGMENTS, 1, dependencies=needs)
    rows = both.candidates.set_index("project_id").loc[ids]
    assert rows["priority_class"].iloc[0] == rows["priority_class"].iloc[1]
    assert abs(rows["rank"].diff().iloc[1]) == 1  # nothing stands between two parts of one score


def test_yearly_payments_cost_something(made):
    """An option without investment is not free: what it pays every year counts as an annuity does."""
    options = made.options.copy()
    paid = options["option"].eq("curtailment")
    assert paid.any()
    project = options.loc[paid, "project_id"].iloc[0]
    chosen = made.candidates.assign(
        option=made.candidates["option"].where(made.candidates["project_id"] != project, "curtailment"),
        cost_meur_low=made.candidates["cost_meur_low"].where(made.candidates["project_id"] != project, 0.0),
        cost_meur_high=made.candidates["cost_meur_high"].where(made.candidates["project_id"] != project, 0.0),
    )
    options.loc[paid, "annual_cost_meur"] = 3.0
    result = weigh(
        replace(made, candidates=chosen, options=options), world.shares(), FRAMEWORK, world.tables(),
        NO_JUDGMENTS, 1,
    )  # fmt: skip
    row = value(result, project, "annual_cost_keur_per_mw")
    size = chosen.set_index("project_id").loc[project, "size_mw"]
    assert float(row["value"]) == pytest.approx(3000 / size)
    assert row["score"] < 100


def test_the_same_seed_gives_the_same_stability(made, result):
    again = weigh(made, world.shares(), FRAMEWORK, world.tables(), NO_JUDGMENTS, 1, reference_year=2026)
    pd.testing.assert_frame_equal(again.robustness, result.robustness)
    other = weigh(made, world.shares(), FRAMEWORK, world.tables(), NO_JUDGMENTS, 2, reference_year=2026)
    assert not other.robustness.equals(result.robustness)


def test_no_order_is_claimed_inside_the_noise(result):
    assert (result.swaps["probability"] < FRAMEWORK.robustness.certain_share).all()
    rank = result.candidates.set_index("project_id")["rank"]
    name = result.candidates.set_index("project_id")["list"]
    assert result.swaps["project_id"].map(name).equals(result.swaps["other_id"].map(name))
    assert (result.swaps["project_id"].map(rank) < result.swaps["other_id"].map(rank)).all()
    pair = set(zip(result.swaps["project_id"], result.swaps["other_id"], strict=True))
    assert ("bron", "warmtenet") in pair or ("warmtenet", "bron") in pair


def test_a_project_that_is_better_on_everything_always_stays_ahead():
    names = [i.id for i in FRAMEWORK.indicators]
    rows = [
        {"project_id": p, "criterion": i.criterion, "indicator": i.id, "score": s, "points": s, "score_low": s - 5,
         "score_high": s + 5, "weight": FRAMEWORK.weights()[i.id], "open": False}
        for p, s in (("best", 80.0), ("worst", 20.0)) for i in FRAMEWORK.indicators
    ]  # fmt: skip
    scores = pd.DataFrame(rows)
    draws, ids = draw_scores(scores, FRAMEWORK, 5)
    assert len(names) > 10
    place = places(draws, np.zeros(2), FRAMEWORK.tie_margin_points)
    assert (place[:, ids.index("best")] == 1).all()
    assert swap_table(place, draws, ids, pd.Series({"best": 1.0, "worst": 2.0}), FRAMEWORK).empty
    assert totals(scores).loc["best", "score"] == pytest.approx(80)


def test_ten_thousand_draws_of_a_long_list_are_quick():
    rows = [
        {"project_id": f"p{p}", "criterion": i.criterion, "indicator": i.id, "score": (p * 7) % 100,
         "score_low": (p * 7) % 100 * 0.9, "score_high": (p * 7) % 100 * 1.0, "weight": FRAMEWORK.weights()[i.id],
         "open": False}
        for p in range(60) for i in FRAMEWORK.indicators
    ]  # fmt: skip
    start = time.process_time()
    draws, _ = draw_scores(pd.DataFrame(rows), FRAMEWORK, 5)
    assert draws.shape == (10_000, 60)
    assert time.process_time() - start < 4


def test_an_empty_list_can_be_weighed():
    none = world.bottlenecks().iloc[:0]
    tables = world.tables()
    for name in ("projects/planned", "projects/previous_pmiek"):
        tables[name] = tables[name].iloc[:0]
    empty = candidates(
        none,
        world.loading(),
        world.shares().iloc[:0],
        world.capacity().iloc[:0],
        tables,
        world.register(),
        2026,
    )
    assert weigh(empty, world.shares().iloc[:0], FRAMEWORK, tables, NO_JUDGMENTS, 1).candidates.empty


def test_practice_tries_weights_and_leaves_the_list_alone():

    frame = FRAMEWORK
    ids = [i.id for i in frame.indicators]
    rows = [
        {"project_id": p, "criterion": i.criterion, "indicator": i.id, "kind": "model",
         "score": s, "points": s, "score_low": s, "score_high": s, "weight": frame.weights()[i.id], "open": False}
        for p, high in (("a", "societal"), ("b", "urgency")) for i in frame.indicators
        for s in [100.0 if i.criterion == high else 0.0]
    ]  # fmt: skip
    listed = pd.DataFrame(
        {
            "project_id": ["a", "b"],
            "name": ["A", "B"],
            "type": "concreet",
            "rank": [1, 2],
            "priority_class": "",
            "list": "to_decide",
            "package": "",
        }
    )
    assert len(rows) == 2 * len(ids)
    scores = pd.DataFrame(rows)
    assert list(practice(listed, scores, frame, [], 1)["project_id"]) == ["a", "b"]  # 40 against 35 percent
    urgent = reweighted(frame, {"urgency": 0.8})
    assert sum(c.weight for c in urgent.criteria) == pytest.approx(1.0)
    swapped = practice(listed, scores, urgent, [], 1)
    assert list(swapped["project_id"]) == ["b", "a"]
    assert swapped["score"].tolist() == pytest.approx([80.0, 100 * 0.2 * 0.4 / 0.65])
    assert list(practice(listed, scores, urgent, ["a"], 1)["project_id"]) == ["a"]
    for wrong in ({"cost": 0.5}, {"urgency": 1.2}, {"urgency": -0.1}):
        with pytest.raises(ValueError, match=r"criteria|weights"):
            reweighted(frame, wrong)
