# ruff: noqa: E501 - rows of files as text
"""A right province reads without a word; what is wrong is named with file, row, column and remedy."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd
import pytest
import tiny_province
from pmiek.errors import InputError, Problem
from pmiek.inputs import check_inputs, read_tables, read_weather
from pmiek.inputs.registry import TABLES


def only(inputs: Path, table: str) -> list[Problem]:
    """Return the problems of one file."""
    return [p for p in check_inputs(inputs) if p.file == f"inputs/{table}.csv"]


def names_around(table: str) -> list[str]:
    """Return a table and the tables that its rules need."""
    around = {column.refers_to.rpartition(".")[0] for column in TABLES[table].columns if column.refers_to}
    return sorted({table, "regions/municipalities", "grid/buses"} | around)


def edit(inputs: Path, table: str, old: str, new: str, count: int = 1) -> None:
    path = inputs / f"{table}.csv"
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new, count), encoding="utf-8")


def test_tiny_province_has_every_table_and_no_problem(tiny_inputs):
    assert check_inputs(tiny_inputs) == []
    tables = read_tables(tiny_inputs)
    assert set(tables) == set(TABLES)


def test_types_empty_cells_and_optional_columns(tiny_inputs):
    stations = read_tables(tiny_inputs)["grid/stations"]
    assert stations["serves_public"].dtype == bool
    assert stations["hv_kv"].dtype == "float64"
    assert stations["name"].dtype == "str"
    row = stations.set_index("station_id").loc["NWE"]
    assert np.isnan(row["year_built"])
    assert row["project_id"] == "P-NWE"
    assert stations["project_id"].isna().sum() == 4
    assert stations["note"].isna().all()
    assert list(stations.index) == [0, 1, 2, 3, 4]
    assert read_tables(tiny_inputs)["demand/municipal"]["year"].dtype == "int64"


def test_hand_numbers_of_the_tiny_province(tiny_inputs):
    demand = read_tables(tiny_inputs)["demand/municipal"]
    rows = demand.query(
        "gm_code == 'GM0001' and carrier == 'electricity' and storyline == 'koersvaste_middenweg'"
    )
    mean_mw = rows.groupby("year")["volume_mwh"].sum() / 8760
    assert mean_mw.to_dict() == {2025: 10, 2030: 12, 2035: 14, 2040: 16, 2045: 18, 2050: 20}


def test_chosen_names_only(tiny_inputs):
    tables = read_tables(tiny_inputs, ["grid/buses", "grid/circuits"])
    assert set(tables) == {"grid/buses", "grid/circuits"}
    with pytest.raises(KeyError, match="grid/buses"):
        tables["grid/busses"]
    with pytest.raises(InputError, match="Did you mean 'grid/buses'"):
        read_tables(tiny_inputs, ["grid/busses"])


def test_assumption_with_range_and_unknown(tiny_inputs):
    tables = read_tables(tiny_inputs, ["assumptions"])
    assert tables.assumption("winter_rating_factor") == 1.1
    assert tables.assumption_range("winter_rating_factor") == (1.1, 1.1, 1.1)
    with pytest.raises(InputError, match="Did you mean 'winter_rating_factor'"):
        tables.assumption("winter_rating_facter")


@pytest.mark.parametrize(
    ("table", "old", "new", "where", "words"),
    [
        ("grid/transformers", "AAD-T1,AAD-mv,station,AAD,AAD110,AADmv,40", "AAD-T1,AAD-mv,station,AAD,AAD110,AADmv,-40",
         (4, "rated_mva"), ["'-40'", "at least 0.1", "positive"]),
        ("grid/transformers", "AADmv,40,16.2", "AADmv,forty,16.2", (4, "rated_mva"), ["'forty'", "digits only"]),
        ("grid/transformers", "AADmv,40,16.2", 'AADmv,"40,5",16.2', (4, "rated_mva"), ["decimal point"]),
        ("grid/circuits", "110,overhead,10,1,4", "110,overhead,10,1,0", (2, "x_ohm"), ["'0'", "at least 1e-06"]),
        ("grid/stations", "BEE,Beeveen,GM0002,B,", "BEE,Beeveen,GM0002,,", (4, "cluster"),
         ["BEE without a cluster", "study province"]),
        ("grid/stations", "hv_mv,true", "hv_mv,ja", (3, "serves_public"), ["'ja'", "true or false"]),
        ("grid/stations", "1970,yes,4", "1970,perhaps,4", (2, "extendable"), ["yes, no, unknown"]),
        ("grid/circuits", "KOP110,AAD110,110", "KOP110,AAD11O,110", (2, "bus1"), ["'AAD11O'", "Did you mean 'AAD110'"]),
        ("grid/circuits", "KOP110,AAD110,110", "KOP110,KOP110,110", (2, "bus1"), ["another bus than bus0"]),
        ("grid/circuits", "KOP110,AAD110,110", "KOP380,AAD110,110", (2, "bus0"), ["KOP380 at 380 kV", "110 kV"]),
        ("grid/circuits", "4,100,110,90,120,,existing", "4,100,110,105,120,,existing", (2, "rating_summer_mva"),
         ["at least rating_low_mva (105)"]),
        ("grid/circuits", "150,300,,planned,P-NWE", "150,300,,planned,", (7, "project_id"), ["planned asset"]),
        ("grid/service_areas", "GM0001,AAD,1,0.5", "GM0001,AAD,0.9,0.5", (2, "load_share"), ["0.9 in total for GM0001"]),
        ("grid/service_areas", "GM0001,AAD,1,0.5", "GM0001,ADD,1,0.5", (2, "station_id"), ["Did you mean 'AAD'"]),
        ("grid/buses", "KOP380,KOP,380,1", "KOP380,KOP,380,0.5", (None, "slack_share"), ["0.5 in total"]),
        ("demand/municipal", "eigen_vermogen,2030", "eigen_vermogn,2030", (44, "storyline"),
         ["'eigen_vermogn'", "Did you mean 'eigen_vermogen'"]),
        ("demand/municipal", "52560.0", "", (2, "volume_mwh"), ["an empty cell", "MWh"]),
        ("demand/municipal", "52560.0", "NaN", (2, "volume_mwh"), ["'NaN'", "Fill in"]),
        ("demand/municipal", "52560.0", "inf", (2, "volume_mwh"), ["'inf'"]),
        ("demand/municipal", "koersvaste_middenweg,2025", "koersvaste_middenweg,2025.5", (2, "year"), ["whole number"]),
        ("demand/industry_sites", "0.6,0.5,0.7", "1.2,0.5,1.2", (2, "share"), ["from 0 to 1"]),
        ("projects/planned", "2028,2029", "2030,2029", (2, "planned_year_latest"), ["at least planned_year_earliest"]),
        ("regions/municipalities", "GM0001,", "1,", (2, "gm_code"), [r"GM\d{4}"]),
        ("regions/clusters", "A,Energiecluster A,Energy cluster A,GM0001",
         "A,Energiecluster A,Energy cluster A,GM0001;GM0003", (2, "members"), ["GM0003"]),
    ],
)  # fmt: skip
def test_each_fault_is_named(tiny_copy, table, old, new, where, words):  # noqa: PLR0917
    edit(tiny_copy, table, old, new)
    with pytest.raises(InputError) as caught:
        read_tables(tiny_copy, names_around(table))
    found = [
        p for p in caught.value.problems if p.file == f"inputs/{table}.csv" and (p.row, p.column) == where
    ]
    assert len(found) == 1, str(caught.value)
    for word in words:
        assert word in str(found[0])


def test_sector_that_is_not_registered_for_its_carrier(tiny_copy):
    edit(tiny_copy, "profiles/sectors", "electricity,demand,households", "heat,demand,households")
    demand, level = check_inputs(tiny_copy)
    assert (demand.file, demand.value) == ("inputs/demand/municipal.csv", "electricity / households")
    assert (level.file, level.value) == (
        "inputs/profiles/connection_levels.csv", "electricity / demand / households"
    )  # fmt: skip


def test_levels_of_connection_name_every_sector_and_low_voltage_is_part_of_medium(tiny_copy):
    edit(
        tiny_copy,
        "profiles/connection_levels",
        "buildings,0.5,0.4,0.6,1,1,1",
        "buildings,0.5,0.4,0.6,0.3,0.3,1",
    )
    edit(
        tiny_copy,
        "profiles/connection_levels",
        "electricity,demand,transport_car,1,1,1,1,1,1,made_up,assumed\n",
        "",
    )
    order, lost = sorted(check_inputs(tiny_copy), key=lambda p: p.column)
    assert (order.column, order.value) == ("mv_share", "0.3")
    assert lost.value == "no row for electricity / demand / transport_car"


def test_all_faults_of_all_files_at_once(tiny_copy):
    edit(tiny_copy, "grid/transformers", "AADmv,40", "AADmv,-40")
    edit(tiny_copy, "demand/municipal", "52560.0", "")
    (tiny_copy / "costs" / "carriers.csv").unlink()
    with pytest.raises(InputError) as caught:
        read_tables(tiny_copy)
    assert {p.file for p in caught.value.problems} == {
        "inputs/grid/transformers.csv", "inputs/demand/municipal.csv", "inputs/costs/carriers.csv"
    }  # fmt: skip
    assert str(caught.value).startswith("3 problems")


def test_missing_municipality_names_storyline_and_year(tiny_copy):
    path = tiny_copy / "demand" / "municipal.csv"
    frame = pd.read_csv(path)
    tiny_province.write_table(
        tiny_copy,
        "demand/municipal",
        frame.query("not (gm_code == 'GM0002' and year == 2040 and storyline == 'eigen_vermogen')"),
    )
    (problem,) = check_inputs(tiny_copy)
    assert problem.value == "no rows for Beeveen (GM0002)"
    assert "eigen_vermogen, 2040" in problem.expected


def test_misspelt_column_suggests_both_ways(tiny_copy):
    edit(tiny_copy, "grid/transformers", "rated_mva", "rated_mwa")
    unknown, missing = only(tiny_copy, "grid/transformers")
    assert (missing.column, unknown.column) == ("rated_mva", "rated_mwa") or (
        (unknown.column, missing.column) == ("rated_mva", "rated_mwa")
    )
    text = f"{unknown} {missing}"
    assert "Did you mean 'rated_mva'" in text
    assert "Did you mean 'rated_mwa'" in text


def test_duplicate_key_names_both_rows(tiny_copy):
    path = tiny_copy / "grid" / "buses.csv"
    path.write_text(path.read_text() + "AAD110,AAD,110,0,made_up,assumed\n")
    (problem,) = only(tiny_copy, "grid/buses")
    assert problem.row == 12
    assert "Row 4 has the same values" in problem.remedy


def test_missing_file_empty_file_and_header_only_are_three_cases(tiny_copy):
    optional, required = tiny_copy / "supply" / "res_check.csv", tiny_copy / "grid" / "limits.csv"
    header = optional.read_text().splitlines()[0] + "\n"
    optional.unlink()
    assert check_inputs(tiny_copy) == []
    assert read_tables(tiny_copy)["supply/res_check"].empty
    optional.write_text("")
    assert "delete the file" in only(tiny_copy, "supply/res_check")[0].remedy
    optional.write_text(header)
    assert check_inputs(tiny_copy) == []
    required.write_text(required.read_text().splitlines()[0] + "\n")
    assert only(tiny_copy, "grid/limits")[0].value == "only a header"
    required.unlink()
    assert "The model cannot run" in only(tiny_copy, "grid/limits")[0].remedy


@pytest.mark.parametrize(
    ("content", "row", "words"),
    [
        (b"carrier;price_eur_per_mwh;co2_t_per_mwh\nmethane;35;0,2\n", 1, "separated by commas"),
        (b"carrier,price_eur_per_mwh\nm\xe9thane,35\n", 2, "CSV UTF-8"),
        (
            b"carrier,price_eur_per_mwh,co2_t_per_mwh,source,quality\nmethane,35,0,2,made_up,assumed\n",
            2,
            "6 fields",
        ),
        (b"carrier,price_eur_per_mwh,co2_t_per_mwh,source,quality\nmethane,35\n", 2, "2 fields"),
        (
            b'carrier,price_eur_per_mwh,co2_t_per_mwh,source,quality\n"methane,35,0.2,made_up,assumed\n',
            2,
            "double quote",
        ),
        (b"carrier,carrier,price_eur_per_mwh\na,b,1\n", 1, "each column once"),
        (b"carrier\x00,price\n", None, "zero byte"),
    ],
)
def test_broken_files_end_in_one_sentence(tiny_copy, content, row, words):
    (tiny_copy / "costs" / "carriers.csv").write_bytes(content)
    (problem, *rest) = only(tiny_copy, "costs/carriers")
    assert not rest
    assert problem.row == row
    assert words in str(problem)


def test_row_numbers_survive_blank_lines_and_line_breaks_in_cells(tiny_copy):
    path = tiny_copy / "grid" / "buses.csv"
    header, *rows = path.read_text().splitlines()
    rows[0] += ',"two\nlines"'
    rows[1:] = [row + "," for row in rows[1:]]
    rows[4] = rows[4].replace(",0,", ",-1,")
    path.write_text("\n".join([header + ",note", *rows[:2], "", *rows[2:]]) + "\n")
    (problem,) = [p for p in only(tiny_copy, "grid/buses") if p.row]
    assert (problem.row, problem.value) == (7, "-1")


def test_byte_order_mark_of_spreadsheets_is_accepted(tiny_copy):
    path = tiny_copy / "grid" / "buses.csv"
    path.write_bytes(b"\xef\xbb\xbf" + path.read_bytes().replace(b"\n", b"\r\n"))
    assert check_inputs(tiny_copy) == []


def test_text_that_looks_like_a_formula_stays_text(tiny_copy):
    edit(tiny_copy, "regions/municipalities", "Aadorp", "=1+1")
    assert read_tables(tiny_copy)["regions/municipalities"]["name"].iloc[0] == "=1+1"


def test_misspelt_file_and_link_out_of_the_folder(tiny_copy, tmp_path):
    (tiny_copy / "grid" / "limits.csv").rename(tiny_copy / "grid" / "limit.csv")
    assert "Did you mean 'grid/limits'" in only(tiny_copy, "grid/limit")[0].remedy
    secret = tmp_path / "secret.csv"
    secret.write_text("a,b\n")
    (tiny_copy / "grid" / "limits.csv").symlink_to(secret)
    assert "leaves the inputs folder" in only(tiny_copy, "grid/limits")[0].value


def test_folder_that_does_not_exist(tmp_path):
    assert "folder" in check_inputs(tmp_path / "nowhere")[0].expected


def test_weather_reads_8760_hours_and_names_what_lacks(tiny_copy):
    weather = read_weather(tiny_copy, "tiny", 2012)
    assert weather.shape == (8760, 5)
    assert weather.index.name == "hour"
    assert weather.dtypes.eq("float32").all()
    with pytest.raises(InputError, match="2012, 2022"):
        read_weather(tiny_copy, "tiny", 1963)
    with pytest.raises(InputError, match="to exist"):
        read_weather(tiny_copy, "../../etc", 2012)
    path = tiny_copy / "weather" / "tiny" / "2012.parquet"
    hollow = weather.reset_index()
    hollow.loc[5, "temperature_c"] = np.nan
    hollow.to_parquet(path, index=False)
    with pytest.raises(InputError, match="1 hours without a value"):
        read_weather(tiny_copy, "tiny", 2012)
    weather.iloc[:100].to_parquet(path)
    assert "100 rows" in str(check_inputs(tiny_copy)[0])
    path.unlink()
    assert check_inputs(tiny_copy)[0].file == "inputs/weather/years.csv"


def test_boundaries_must_cover_the_study_area(tiny_copy):
    path = tiny_copy / "regions" / "boundaries.geojson"
    path.write_text(path.read_text().replace("GM0002", "GM0009"))
    assert "polygon of GM0002" in check_inputs(tiny_copy)[0].expected
    path.write_text("{}")
    assert "GeoJSON" in check_inputs(tiny_copy)[0].expected
    path.unlink()
    assert check_inputs(tiny_copy)[0].expected == "this file to exist"
