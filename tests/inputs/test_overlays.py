"""Local plans laid over the demand of the storylines: what changes, what stays, and what is refused."""

from __future__ import annotations

from io import StringIO
from pathlib import Path

import pandas as pd
import pytest
from pmiek.inputs import check_inputs, read_tables
from pmiek.inputs.overlays import apply_overlays, per_storyline, with_plans


def table(text: str) -> pd.DataFrame:
    return pd.read_csv(StringIO(text), sep=r"\s+", na_values="-").reset_index(drop=True)


DEMAND = table("""
storyline year gm_code carrier     sector        volume_mwh peak_mw source quality
one       2030 G1      electricity households    100        40      nbn    published
one       2030 G2      electricity households    200        80      nbn    published
two       2030 G1      electricity households    300        90      nbn    published
two       2035 G1      electricity households    400        95      nbn    published
""")


def laid(text: str) -> pd.DataFrame:
    plans = table("storyline year gm_code carrier sector mode volume_mwh source quality\n" + text)
    return with_plans(DEMAND, per_storyline(plans, DEMAND))


def volumes(frame: pd.DataFrame) -> dict[tuple[str, int, str, str], float]:
    keys = zip(frame["storyline"], frame["year"], frame["gm_code"], frame["sector"], strict=True)
    return dict(zip(keys, frame["volume_mwh"], strict=True))


def test_replace_sets_the_volume_and_the_peak_follows():
    found = laid("one 2030 G1 electricity households replace 150 plan assumed")
    assert volumes(found)["one", 2030, "G1", "households"] == 150
    row = found.iloc[0]
    assert (row["peak_mw"], row["source"], row["quality"]) == (60, "plan", "assumed")
    pd.testing.assert_frame_equal(found.iloc[1:], DEMAND.iloc[1:], check_dtype=False)


def test_a_plan_without_a_storyline_holds_in_all_that_have_its_year():
    found = volumes(laid("- 2030 G1 electricity households delta -60 plan assumed"))
    assert found["one", 2030, "G1", "households"] == 40
    assert found["two", 2030, "G1", "households"] == 240
    assert found["two", 2035, "G1", "households"] == 400


def test_deltas_add_up_after_the_replacement():
    found = volumes(
        laid("""one 2030 G1 electricity households delta 5 plan assumed
        one 2030 G1 electricity households replace 50 plan assumed
        one 2030 G1 electricity households delta 7 plan assumed""")
    )
    assert found["one", 2030, "G1", "households"] == 62


def test_delta_makes_a_row_that_the_storyline_does_not_have():
    found = laid("one 2030 G2 electricity transport_car delta 30 plan assumed")
    assert volumes(found)["one", 2030, "G2", "transport_car"] == 30
    assert len(found) == len(DEMAND) + 1
    assert pd.isna(found.iloc[-1]["peak_mw"])


def test_a_plan_moves_only_its_own_amount():
    change = laid("- 2030 G1 electricity households delta 11 plan assumed")["volume_mwh"].sum()
    assert change - DEMAND["volume_mwh"].sum() == 2 * 11


def plans(inputs: Path, *lines: str) -> None:
    path = inputs / "demand" / "overlays.csv"
    header = path.read_text(encoding="utf-8").splitlines()[0]
    path.write_text("\n".join([header, *lines, ""]), encoding="utf-8")


STORY = "koersvaste_middenweg"


def test_without_plans_the_tables_are_the_same(tiny_inputs):
    tables = read_tables(tiny_inputs)
    assert apply_overlays(tables) is tables


def test_a_plan_in_the_inputs_reaches_the_tables(tiny_copy):
    plans(tiny_copy, f"wijk,{STORY},2030,GM0001,electricity,households,delta,8760,made_up,assumed")
    before = read_tables(tiny_copy)
    after = apply_overlays(before)
    difference = after["demand/municipal"]["volume_mwh"] - before["demand/municipal"]["volume_mwh"]
    assert difference[difference != 0].tolist() == [8760]
    assert after["supply/municipal"] is before["supply/municipal"]


@pytest.mark.parametrize(
    ("line", "column", "told"),
    [
        ("w,,2030,GM9999,electricity,households,delta,1,made_up,assumed", "gm_code", "GM9999"),
        ("w,,2030,GM0001,electricity,hauseholds,delta,1,made_up,assumed", "sector", "hauseholds"),
        ("w,,2030,GM0001,hydrogen,households,delta,1,made_up,assumed", "sector", "hydrogen / households"),
        ("w,,2031,GM0001,electricity,households,delta,1,made_up,assumed", "year", "2031"),
        (f"w,{STORY},2030,GM0002,electricity,buildings,replace,1,made_up,assumed", "mode", "GM0002"),
        (
            f"w,{STORY},2030,GM0001,electricity,households,delta,-1e9,made_up,assumed",
            "volume_mwh",
            "becomes -",
        ),
        (f"w,{STORY},2030,GM0001,electricity,households,replace,-5,made_up,assumed", "volume_mwh", "-5"),
        ("w,,2030,GM0001,electricity,households,swap,1,made_up,assumed", "mode", "swap"),
    ],
)
def test_a_wrong_plan_is_refused_with_file_row_and_column(tiny_copy, line, column, told):
    plans(tiny_copy, line)
    (problem,) = check_inputs(tiny_copy)
    assert (problem.file, problem.row, problem.column) == ("inputs/demand/overlays.csv", 2, column)
    assert told in problem.value


def test_all_wrong_plans_are_named_at_once(tiny_copy):
    plans(
        tiny_copy,
        f"a,{STORY},2030,GM0001,electricity,households,replace,10,made_up,assumed",
        "b,,2030,GM0001,electricity,households,replace,20,made_up,assumed",
        "c,,2030,GM0001,hydrogen,households,delta,1,made_up,assumed",
    )
    found = {problem.row: problem.value for problem in check_inputs(tiny_copy)}
    assert set(found) == {3, 4} or set(found) == {2, 4}
    assert any("a second replace" in value for value in found.values())
