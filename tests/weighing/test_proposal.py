"""From the long list to a proposed list: rules that can be read, lists apart, decisions that stay people's."""

from __future__ import annotations

from pathlib import Path

import pandas as pd
from pmiek.decide.weighing import proposal, read_framework
from pmiek.decide.weighing.lists import lists_of

FRAMEWORK = read_framework(Path(__file__).parents[2] / "inputs" / "weighing" / "framework.yaml")
PLAIN = {
    "type": "verkenning", "asset_class": "station_transformer", "option": "extra_transformer", "carrier": "electricity",
    "municipality": "Bestad", "gm_code": "GM0002", "package": "", "size_mw": 40.0, "start_by_year": 2027.0,
    "storylines_with_need": 4, "storylines_total": 4, "need_nl": "4 MW in 2030", "need_en": "4 MW in 2030",
}  # fmt: skip


def long_list(**rows: dict) -> pd.DataFrame:
    frame = pd.DataFrame(
        [{**PLAIN, "project_id": name, "name": name.title(), **row} for name, row in rows.items()]
    )
    frame = frame.assign(list=lists_of(frame).to_numpy())
    return frame.assign(rank=frame.groupby("list").cumcount() + 1.0)


def propose(frame: pd.DataFrame, **tables: pd.DataFrame) -> pd.DataFrame:
    return proposal(frame, tables, FRAMEWORK, 2026).set_index("project_id")


def test_each_rule_gives_its_own_answer_and_reason():
    found = propose(
        long_list(
            good={},
            decided={"type": "concreet"},
            contract={"option": "curtailment"},
            nobody={"storylines_with_need": 0},
            small={"size_mw": 6.0},
            prepared={"start_by_year": 2035.0},
            later={"start_by_year": 2038.0},
            some={"storylines_with_need": 2},
            mv={"asset_class": "mv_station"},
        )
    )
    assert found["model_proposal"].to_dict() == {
        "good": "proposed", "prepared": "proposed", "decided": "follow", "contract": "reserve", "nobody": "not_now",
        "small": "not_now",
        "later": "not_now", "some": "reserve", "mv": "proposed",
    }  # fmt: skip
    assert found["list"].to_dict() == {
        "good": "to_decide", "prepared": "to_decide", "decided": "decided", "contract": "flexibility",
        "nobody": "to_decide",
        "small": "to_decide", "later": "to_decide", "some": "to_decide", "mv": "medium_voltage",
    }  # fmt: skip
    assert "2038, na de planperiode 2028-2037" in found.loc["later", "reason_nl"]
    assert "dus nu" in found.loc["good", "reason_nl"]
    assert "tot 2035: nu voorbereiden" in found.loc["prepared", "reason_nl"]
    assert "2 van 4" in found.loc["some", "reason_nl"]
    assert found["decision"].isna().all()


def test_lines_of_one_kind_and_place_count_once_and_the_list_ends_at_its_size():
    most = FRAMEWORK.proposal.most
    many = long_list(**{f"p{i:02d}": {} for i in range(most + 3)})
    found = propose(many)
    assert (found["model_proposal"] == "proposed").sum() == most
    assert found["model_proposal"].iloc[-1] == "reserve"
    place = {"asset_class": "mv_station"}
    both = propose(long_list(one=place, other={**place, "asset_class": "mv_lv"}))
    assert both["line_id"].tolist() == ["mv-GM0002", "mv-GM0002"]
    assert both["line_nl"].iloc[0] == "Midden- en laagspanning Bestad"
    assert both["rank"].tolist() == [1, 2]


def test_medium_voltage_takes_no_place_of_what_needs_a_decision():
    most, besides = FRAMEWORK.proposal.most, FRAMEWORK.proposal.most_medium_voltage
    assert 12 <= most + besides <= 24  # a dozen or two
    lines = {f"mv{i:02d}": {"asset_class": "mv_lv", "gm_code": f"GM{i:04d}"} for i in range(besides + 2)}
    found = propose(long_list(**lines, **{f"p{i:02d}": {} for i in range(most + 1)}))
    proposed = found[found["model_proposal"] == "proposed"].groupby("list").size()
    assert proposed.to_dict() == {"to_decide": most, "medium_voltage": besides}


def test_what_people_decided_stays_beside_the_proposal_and_the_last_word_counts():
    decisions = pd.DataFrame(
        [
            ("good", "reserve", "stuurgroep", "2026-03-01", "eerst het ontwerp"),
            ("good", "proposed", "gedeputeerde staten", "2026-06-01", "ontwerp is er"),
        ],
        columns=["project_id", "decision", "role", "date", "reason"],
    )
    found = propose(long_list(good={"storylines_with_need": 1}), **{"projects/decisions": decisions})
    row = found.loc["good"]
    assert (row["model_proposal"], row["decision"], row["decision_role"]) == (
        "reserve",
        "proposed",
        "gedeputeerde staten",
    )


def test_a_split_project_takes_no_second_place():
    """Two halves in one package hold one line of the programme, so that splitting wins nothing."""
    most = FRAMEWORK.proposal.most
    rows = {
        "half1": {"package": "half1"},
        "half2": {"package": "half1"},
        **{f"p{i:02d}": {} for i in range(most)},
    }
    found = propose(long_list(**rows))
    assert found.loc[["half1", "half2"], "model_proposal"].eq("proposed").all()
    assert found.loc[found["model_proposal"] == "proposed", "line_id"].nunique() == most


def test_parts_of_a_package_get_one_answer():
    """A station without a need of its own is not left out of the cable that is proposed because of it."""
    found = propose(
        long_list(
            cable={"package": "cable"},
            later={"package": "cable", "start_by_year": 2031.0},
            station={"package": "cable", "storylines_with_need": 0, "size_mw": float("nan"), "need_nl": None},
            contract={"package": "cable", "option": "curtailment"},
        )
    )
    assert found["model_proposal"].to_dict() == {
        "cable": "proposed", "later": "proposed", "station": "proposed", "contract": "reserve",
    }  # fmt: skip
    assert "4 van 4" in found.loc["station", "reason_nl"]
    assert found.loc["station", "argument_nl"] == "Onderdeel van een pakket: de behoefte staat bij Cable."


def test_a_need_that_no_model_computed_is_not_claimed():
    found = propose(long_list(pipe={"need_nl": None, "need_en": None}))
    assert found.loc["pipe", "model_proposal"] == "reserve"
    assert "van 4" not in found.loc["pipe", "reason_nl"]
