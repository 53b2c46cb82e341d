"""Whether the variants of a batch are different directions."""

from __future__ import annotations

import pandas as pd
from pmiek.decide.robust import same_directions, variant_pairs
from pmiek.results.registry import conform


def differences(**values: tuple[float, float, float, float]) -> pd.DataFrame:
    """Lines a, b, c and d per variant, the same in two storylines; the reference has ten on each."""
    rows = [
        (storyline, variant, "nothing", line, value, 10.0)
        for storyline in ("s1", "s2")
        for variant, lines in values.items()
        for line, value in zip("abcd", lines, strict=True)
    ]
    columns = ["storyline", "variant", "reference_variant", "indicator", "value", "reference_value"]
    return pd.DataFrame(rows, columns=columns)


def test_variants_that_differ_by_less_than_the_noise_are_one_direction():
    table = variant_pairs(differences(grid=(20.0, 5.0, 0.0, 40.0), copy=(20.1, 5.0, 0.0, 30.0)), noise=0.01)
    table = conform("variant_pairs", table).set_index(["storyline", "variant", "other_variant"])
    both = table.loc[("s1", "copy", "grid")]
    # line c is zero in both and says nothing; half a per cent on line a is noise
    assert (both["lines"], both["lines_different"], both["largest_line"], both["largest_pct"]) == (
        3,
        1,
        "d",
        25.0,
    )
    assert both["are_one"]
    assert not table.loc[("s1", "grid", "nothing"), "are_one"]
    lines = same_directions(table.reset_index(), {"grid": "Grid", "copy": "Copy"})
    assert len(lines) == 1
    assert lines[0].startswith("Copy and Grid are one direction")


def test_one_storyline_in_two_is_not_most():
    table = differences(grid=(20.0, 5.0, 1.0, 40.0), other=(20.0, 5.0, 1.0, 40.0))
    moved = table["storyline"].eq("s2") & table["variant"].eq("other")
    table.loc[moved, "value"] *= 2
    pairs = variant_pairs(table, noise=0.01).set_index(["storyline", "variant", "other_variant"])
    assert pairs.loc[("s1", "grid", "other"), "lines_different"] == 0
    assert not pairs.loc[("s1", "grid", "other"), "are_one"]
    assert same_directions(pairs.reset_index(), {}) == []


def test_a_batch_of_one_variant_has_no_pairs():
    assert variant_pairs(differences().reindex(columns=differences(a=(1, 1, 1, 1)).columns), 0.01).empty
