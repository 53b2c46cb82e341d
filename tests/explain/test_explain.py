"""The chain from a project back to its input rows, on files that were written as a batch writes them."""
# ruff: noqa: E501 - tables of cases stay readable when a case is a line

from __future__ import annotations

from pathlib import Path

import pytest
import small_projects as world
from pmiek.decide.alignment import align
from pmiek.decide.projects import candidates, explain, sensitivity_chain
from pmiek.files import write_csv


@pytest.fixture(scope="module")
def folders(tmp_path_factory) -> tuple[Path, Path]:
    root = tmp_path_factory.mktemp("explain")
    results, inputs = root / "results", root / "inputs"
    tables = world.tables()
    for name, frame in tables.items():
        write_csv(frame, inputs / f"{name}.csv")
    units = tables["grid/transformers"].assign(quality="assumed")
    write_csv(units, inputs / "grid" / "transformers.csv")
    demand = world.table("""
        storyline | year | gm_code | carrier     | sector               | volume_mwh | peak_mw | quality
        s1        | 2050 | GM0002  | electricity | buildings            | 1000       | 5       | published
        s1        | 2050 | GM0002  | electricity | households           | 5000       | 9       | published
        s1        | 2050 | GM0002  | electricity | households_heat_pump | 7000       | 12      | published
    """)
    every = [demand.assign(storyline=s) for s in world.STORYLINES]
    write_csv(world.pd.concat(every), inputs / "demand" / "municipal.csv")
    shares = world.shares()
    made = candidates(
        world.bottlenecks(), world.loading(), shares, world.capacity(), tables, world.register(), 2026
    )
    write_csv(made.candidates, results / "tables" / "candidates.csv")
    write_csv(world.bottlenecks(), results / "tables" / "bottlenecks.csv")
    write_csv(shares, results / "tables" / "bottleneck_shares.csv")
    write_csv(
        align(made.candidates, tables["projects/planned"], tables, made.series),
        results / "tables" / "alignment.csv",
    )
    hardest = {"asset_id": "BE-110-mv", "direction": "take-off", "grid_state": "nulalternatief", "year": 2050}
    heat = [
        {**hardest, "storyline": s, "weather_year": w, "month": m, "hour_local": h, "max_loading_pct": 350 if m == 1 else 80}
        for s in world.STORYLINES for w in world.WEATHER_YEARS for m in (1, 7) for h in (17, 18)
    ]  # fmt: skip
    write_csv(world.pd.DataFrame(heat), results / "tables" / "heatmap.csv")
    return results, inputs


def test_the_chain_reaches_the_input_row(folders):
    told = explain(*folders, "be-electricity-station")
    assert told.startswith("be-electricity-station: HS/MS-station Bestad (verkenning, electricity)\n")
    assert "Knelpunt be-110-mv-electricity-take-off, nulalternatief: vanaf 2030, in 4 scenario's" in told
    assert "100,0 MW boven de grens van 40,0 MW, 500 uur, 20.000 MWh (N-1, winter)" in told
    assert "Wanneer: maanden 1, uren 17, 18" in told
    assert "buildings Bestad 40%" in told
    assert "inputs/grid/transformers.csv, rij 4: BE1, rated_mva = 40 (assumed)" in told
    assert "inputs/grid/service_areas.csv, rij 4: GM0002 BE, load_share = 1.0" in told
    assert "GM0002 buildings, volume_mwh = 1000 (published)" in told
    assert (
        "Afstemming: red: HS/MS-station Bestad: te weinig ruimte ook met de besloten projecten: afname 100 MW in 2030"
        in told
    )


def test_the_row_number_is_that_of_the_file(folders):
    told = explain(*folders, "be-electricity-station")
    line = next(line for line in told.splitlines() if ": BE1," in line)
    row = int(line.split("rij ")[1].split(":")[0])
    written = (folders[1] / "grid" / "transformers.csv").read_text(encoding="utf-8").splitlines()
    assert written[row - 1].startswith("BE1,")


def test_what_falls_with_the_largest_sector(folders):
    lines = sensitivity_chain(*folders, "be-electricity-station")
    # 40 percent of a peak of 140 MW is 56 MW: of the 100 MW short 44 remain
    assert (
        "Zonder buildings in Bestad (40% van de piek) blijft 44,0 MW tekort over in het zwaarste geval."
        in lines
    )
    # 100 percent of the feed-in peak of 90 MW is more than the 50 MW short
    assert (
        "Zonder solar_field in Bestad (100% van de piek) verdwijnt het tekort in het zwaarste geval." in lines
    )
    assert any("BE1 (rated_mva), BE2 (rated_mva)" in line for line in lines)


def test_a_bottleneck_that_hangs_on_one_unit_says_so(folders):
    lines = sensitivity_chain(*folders, "al-220-110-electricity-coupling")
    assert "Met een eenheid meer dan aangenomen verdwijnt al-220-110-electricity-take-off." in lines


def test_english(folders):
    told = explain(*folders, "be-electricity-station", lang="en")
    assert (
        "Why: HS/MS-station Bestad: even with the decided projects too little room: take-off 100 MW in 2030"
        in told
    )
    assert "100.0 MW above the limit of 40.0 MW, 500 hours, 20,000 MWh" in told
    assert "tekort" not in told


def test_a_plan_names_its_row(folders):
    told = explain(*folders, "nw-station")
    assert (
        "Plan: inputs/projects/planned.csv, rij 2: Station Nieuwveld, under_construction, uiterlijk 2030"
        in told
    )


def test_a_project_without_bottleneck_says_where_it_comes_from(folders):
    assert "het komt uit de vorige pMIEK" in explain(*folders, "groengas")
    assert sensitivity_chain(*folders, "groengas") == []


def test_an_unknown_project_names_the_closest(folders):
    with pytest.raises(ValueError, match="bedoelt u be-electricity-station"):
        explain(*folders, "be-electricity-staton")


def test_an_unknown_language_is_refused(folders):
    with pytest.raises(ValueError, match="choose nl or en"):
        explain(*folders, "groengas", lang="fr")


def test_no_results_is_an_unknown_project(tmp_path):
    with pytest.raises(ValueError, match="onbekend project"):
        explain(tmp_path, tmp_path, "groengas")
