"""The weighing beside another library, and what a copied, split or answered project does to the list."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
import small_projects as world
from hypothesis import given, settings
from hypothesis import strategies as st
from pmiek.decide.projects import candidates
from pmiek.decide.weighing import read_framework, weigh
from pmiek.decide.weighing.lists import LISTS
from pmiek.decide.weighing.scoring import order, places, totals
from pymcdm.helpers import rankdata
from pymcdm.methods import WSM

FILE = Path(__file__).parents[2] / "inputs" / "weighing" / "framework.yaml"
FRAMEWORK = read_framework(FILE)
# The order is tested, not its stability: few draws are enough.
QUICK = FRAMEWORK.model_copy(update={"robustness": FRAMEWORK.robustness.model_copy(update={"draws": 200})})
NO_JUDGMENTS = pd.read_csv(FILE.parent / "judgments.csv")
# The library warns of rows that are best on everything: here that is allowed.
pytestmark = pytest.mark.filterwarnings("ignore:Alternatives with indices:UserWarning")
NAMES = [i.id for i in FRAMEWORK.indicators]


def as_it_is(values: np.ndarray, cost: bool = False) -> np.ndarray:
    """Leave points as they are: they are scores of 0 to 100 already, higher is better."""
    assert not cost
    return values


def of_library(points: np.ndarray, weights: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Weighted sum and ranks by pymcdm."""
    sums = WSM(normalization_function=as_it_is)(points, weights, np.ones(points.shape[1]))
    return sums, rankdata(sums, reverse=True)


@given(
    st.lists(st.lists(st.floats(0, 100), min_size=len(NAMES), max_size=len(NAMES)), min_size=2, max_size=8)
)
@settings(max_examples=40, deadline=None)
def test_scores_and_places_are_those_of_pymcdm(rows):
    points = np.array(rows)
    weights = np.array([FRAMEWORK.weights()[name] for name in NAMES])
    table = pd.DataFrame(
        [
            {"project_id": f"p{p}", "criterion": i.criterion, "indicator": i.id, "points": points[p, n],
             "open": False, "weight": FRAMEWORK.weights()[i.id]}
            for p in range(len(points)) for n, i in enumerate(FRAMEWORK.indicators)
        ]
    )  # fmt: skip
    score = totals(table)["score"]
    sums, rank = of_library(points, weights)
    np.testing.assert_allclose(score.to_numpy(), sums, atol=1e-9)
    if np.abs(np.diff(np.sort(sums))).min() > 1e-6:  # without a margin and without ties the order is theirs
        ours = order(score, pd.Series(0, index=score.index), 0.0)
        np.testing.assert_array_equal(ours.to_numpy(), rank)


@pytest.fixture(scope="module")
def made():
    return candidates(
        world.bottlenecks(), world.loading(), world.shares(), world.capacity(), world.tables(), world.register(), 2026
    )  # fmt: skip


def weighed(found, judged=NO_JUDGMENTS, **more):
    return weigh(found, world.shares(), QUICK, world.tables(), judged, 1, reference_year=2026, **more)


def with_copy(found, project: str, share: float = 1.0):
    """Put a project on the list once more; with a share below 1 both are that part of it."""
    name = f"{project}-copy"
    amounts = ["size_mw", "size_mw_low", "size_mw_high", "cost_meur_low", "cost_meur_high", "space_ha"]

    def twice(table: pd.DataFrame, scaled: list[str]) -> pd.DataFrame:
        own = table[table["project_id"] == project]
        part = own.assign(**{c: own[c].astype(float) * share for c in scaled if c in own})
        rest = table[table["project_id"] != project]
        return pd.concat([rest, part, part.assign(project_id=name)], ignore_index=True)

    return name, replace(
        found,
        candidates=twice(found.candidates, amounts).sort_values("project_id", ignore_index=True),
        options=twice(found.options, [*amounts, "annual_cost_meur"]),
        need=twice(found.need, []),
    )


def test_the_points_of_a_whole_list_add_up_as_the_library_adds_them(made):
    scores = weighed(made).scores
    asked = scores[scores["weight"] > 0]
    listed = weighed(made).candidates.set_index("project_id")
    for project, part in asked.groupby("project_id"):
        sums, _ = of_library(
            np.vstack([part["points"].to_numpy(float)] * 2),
            (part["weight"] / part["weight"].sum()).to_numpy(float),
        )
        assert listed.loc[project, "score"] == pytest.approx(sums[0]), project


@pytest.mark.parametrize("project", ["be-electricity-station", "al110-be110-electricity-corridor"])
def test_a_copied_project_wins_nothing_and_leaves_the_order_of_the_others(made, project):
    name, doubled = with_copy(made, project)
    before, after = (weighed(found).candidates.set_index("project_id") for found in (made, doubled))
    assert after.loc[name, "score"] == pytest.approx(after.loc[project, "score"])
    assert after.loc[project, "score"] <= before.loc[project, "score"] + 1e-9  # twice the work, the same harm
    others = before.index.difference([project])
    pd.testing.assert_series_equal(after.loc[others, "score"], before.loc[others, "score"])
    assert abs(after.loc[name, "rank"] - after.loc[project, "rank"]) == 1
    for of_list in before.loc[others].groupby("list").groups.values():
        places = after.loc[of_list, "rank"]
        assert list(places.sort_values().index) == list(before.loc[of_list, "rank"].sort_values().index)


@pytest.mark.parametrize("project", ["be-electricity-station", "al110-be110-electricity-corridor"])
def test_a_split_project_wins_nothing(made, project):
    name, halves = with_copy(made, project, 0.5)
    before, after = (weighed(found).candidates.set_index("project_id") for found in (made, halves))
    assert set(after.loc[[project, name], "package"]) == {project}
    assert after.loc[[project, name], "score"].tolist() == pytest.approx([before.loc[project, "score"]] * 2)
    others = before.index.difference([project])
    pd.testing.assert_series_equal(after.loc[others, "score"], before.loc[others, "score"])


def test_an_answer_never_costs_and_moves_no_other_score(made):
    silent = weighed(made)
    open_rows = silent.scores[silent.scores["kind"].eq("unknown") & silent.scores["weight"].gt(0)]
    assert len(open_rows) > 3
    listed = silent.candidates.set_index("project_id")
    columns = ["project_id", "indicator", "score", "author_role", "date", "reason"]
    for row in open_rows.drop_duplicates("indicator").head(4).to_dict("records"):
        for answer in (row["score_low"], 60.0):
            given_score = max(answer, row["score_low"])
            told = (row["project_id"], row["indicator"], given_score, "gemeente", "2026-05-01", "weten we")
            said = pd.DataFrame([told], columns=columns)
            after = weighed(made, said).candidates.set_index("project_id")
            mine = listed.loc[row["project_id"], "package"]
            alone = [row["project_id"], *listed.index[listed["package"].eq(mine) & (mine != "")]]
            assert after.loc[row["project_id"], "score"] >= listed.loc[row["project_id"], "score"] - 1e-9
            same = listed.index.difference(alone)
            pd.testing.assert_series_equal(after.loc[same, "score"], listed.loc[same, "score"])


def test_a_rank_lies_within_the_range_that_is_published_beside_it(made):
    """Also where most is unknown: once 63 stood beside 15-58."""
    listed = weighed(made).candidates
    assert set(listed["list"]) <= set(LISTS)
    ranked = listed.dropna(subset="rank")
    assert (ranked["rank"].between(ranked["rank_p10"], ranked["rank_p90"])).all()
    thin = ranked[ranked["coverage"] < 0.5]
    assert len(thin)
    assert (thin["rank_p90"] > thin["rank_p10"]).any()  # little known is shown as width


@given(
    st.lists(st.tuples(st.integers(0, 40), st.integers(0, 3)), min_size=1, max_size=9),
    st.sampled_from([0.0, 2.0, 7.0]),
)
@settings(max_examples=60, deadline=None)
def test_many_draws_are_ranked_by_the_rule_of_one(rows, margin):
    score = pd.Series([float(s) for s, _ in rows], index=[f"p{i}" for i in range(len(rows))])
    priority = pd.Series([float(p) for _, p in rows], index=score.index)
    one = order(score, priority, margin)
    many = places(np.vstack([score.to_numpy()] * 2), priority.to_numpy(), margin)
    np.testing.assert_array_equal(many[0], one.to_numpy())
    np.testing.assert_array_equal(many[1], one.to_numpy())


UNLOCKED = ["take_off_mw", "homes_mw", "homes", "amenities_mw", "floor_area_m2", "business_mw", "renewable_mwh",
            "renewable_after_market_mwh", "co2_kt"]  # fmt: skip


def test_a_measured_effect_takes_the_place_of_the_same_harm(made):
    measured = pd.DataFrame(
        [{"project_id": "be-electricity-station", "storyline": s, "year": 2035, **dict.fromkeys(UNLOCKED, 0.0),
          "homes_mw": h, "amenities_mw": 2.0} for s, h in (("s1", 6.0), ("s2", 10.0))]
    )  # fmt: skip
    rows = weighed(made, unlocks=measured).scores.set_index(["project_id", "indicator"])
    mine = rows.loc["be-electricity-station"]
    assert mine.loc["homes_amenities_load_mw", "value"] == pytest.approx(10.0)  # the middle of 8 and 12
    for name in FRAMEWORK.measured_effect_replaces:
        assert (mine.loc[name, "kind"], mine.loc[name, "weight"]) == ("replaced", 0.0), name
    assert mine.loc["need_year", "weight"] > 0
    other = rows.loc["al-coupling"]
    assert other.loc["exceedance_mw", "kind"] == "model"


def test_parts_of_a_package_count_what_was_measured_of_the_whole(made):
    name, halves = with_copy(made, "be-electricity-station", 0.5)
    rows = [
        {"project_id": p, "storyline": "s1", "year": 2035, **dict.fromkeys(UNLOCKED, 0.0), "homes_mw": mw}
        for p, mw in (("be-electricity-station", 1.0), (name, 2.0), ("package:be-electricity-station", 30.0))
    ]
    scores = weighed(halves, unlocks=pd.DataFrame(rows)).scores.set_index(["project_id", "indicator"])
    for part in ("be-electricity-station", name):
        assert scores.loc[(part, "homes_amenities_load_mw"), "value"] == pytest.approx(30.0)
    parts_only = weighed(halves, unlocks=pd.DataFrame(rows[:2])).scores.set_index(["project_id", "indicator"])
    assert parts_only.loc[(name, "exceedance_mw"), "kind"] == "model"  # a part alone says little of the whole


def test_a_reported_size_moves_no_rank_and_what_no_storyline_needs_is_marked(made):
    """An initiator who reports ten times as much stands where he stood; only his status counts."""
    frame = made.candidates
    plan = frame["origin"].eq("plan") & ~frame["type"].eq("concreet")
    assert plan.any()
    name = frame.loc[plan, "project_id"].iloc[0]
    amounts = ["size_mw", "size_mw_low", "size_mw_high", "planned_mw"]
    at = frame["project_id"].eq(name)
    larger = frame.assign(
        **{c: frame[c].astype(float).mask(at, 900.0) for c in amounts}, cost_meur_low=np.nan
    )
    usual = frame.assign(**{c: frame[c].astype(float).mask(at, 90.0) for c in amounts}, cost_meur_low=np.nan)
    before, after = (
        weighed(replace(made, candidates=f)).candidates.set_index("project_id") for f in (usual, larger)
    )
    pd.testing.assert_series_equal(after["score"], before["score"])
    pd.testing.assert_series_equal(after["rank"], before["rank"])
    decided = before[before["type"].eq("concreet")]
    assert decided["above_storylines_mw"].isna().all()
    looked = after["above_storylines_mw"].dropna()
    assert (looked >= 0).all()
    if name in looked.index:
        assert after.loc[name, "above_storylines_mw"] == pytest.approx(
            before.loc[name, "above_storylines_mw"] + 810
        )
