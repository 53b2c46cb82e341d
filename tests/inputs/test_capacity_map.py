"""The capacity map of the operators: their own files beside the inputs of the made-up province."""

from __future__ import annotations

import json

import pandas as pd
import pytest
from pmiek.errors import InputError
from pmiek.inputs import check_inputs, read_tables
from pmiek.inputs.capacity_map import apply_changes, compare, read_files
from pmiek.inputs.capacity_map.dates import read_date
from pmiek.workflow.capacity_map import import_text

DAY = "2026-10-01"
HEAD = (
    "voedingsgebied_id;jaar;RNB;"
    + ";".join(
        f"{name}_{way}"
        for way in ("afname", "invoeding")
        for name in (
            "aanwezige_transportcapaciteit", "benodigde_transportcapaciteit", "wachtrij", "unieke_verzoeken",
            "jaartal_opgelost",
        )
    )
)  # fmt: skip


def row(area="AAD", year="2026", takeoff="40,5;31,2;3,0;4;2030", feedin="38,0;44,0;12,5;7;"):
    return f"{area};{year};Netco;{takeoff};{feedin}"


@pytest.fixture
def project(tiny_copy):
    """Inputs with one feeding area, its station and the area above it; the folder is a project."""
    source = pd.read_csv(tiny_copy / "sources.csv")["source_id"].iloc[0]
    end = f"{source},published,\n"
    grid = tiny_copy / "grid"
    (grid / "feeding_areas.csv").write_text(
        "feeding_area_id,name,direction,snapshot_date,operator,existing_capacity_mw,needed_capacity_mw,"
        "queue_mw,queue_requests,year_solved_regional,year_solved_transmission,transmission_area,"
        "transmission_area_quality,source,quality,note\n"
        f"AAD,Aadorp,take-off,2026-07-30,Netco,40.5,30,3,4,2030,,,,{end}"
        f"AAD,Aadorp,feed-in,2026-07-30,Netco,38,40,12.5,7,,2034,Tinyland,published,{end}"
    )
    (grid / "area_stations.csv").write_text(
        f"feeding_area_id,station_id,study_postcodes,source,quality,note\nAAD,AAD,2,{end}"
    )
    (grid / "transmission_areas.csv").write_text(
        "transmission_area,direction,snapshot_date,year,existing_capacity_mw,needed_capacity_mw,queue_mw,"
        f"queue_requests,year_solved,source,quality,note\nTinyland,feed-in,2026-07-30,2026,90,120,30,2,2034,{end}"
    )
    planned = tiny_copy / "projects" / "planned.csv"
    planned.write_text(
        planned.read_text(encoding="utf-8").replace("40,published,2028,2029", "40,published,,")
    )
    (tiny_copy / "projects" / "plan_statements.csv").write_text(
        "project_id,published_name,operator,direction,date_text,year_earliest,year_latest,phase,basis,"
        "stated_on,source,quality,note\n"
        f"P-AAD,Extra capaciteit op Aadorp,Netco,both,2028 - 2029,2028,2029,scheduled,Investeringsplan,2026-07-30,{end}"
    )
    assert check_inputs(tiny_copy) == []
    return tiny_copy.parent


def write(project, name, *lines):
    path = project / name
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
    return path


def look(project, *files, day=DAY):
    stated, problems = read_files(files, day)
    found = compare(stated, read_tables(project / "inputs"))
    return found, [*problems, *found.problems]


def test_what_changed_is_told_row_by_row_and_elsewhere_is_counted(project):
    file = write(project, "voedingsgebieden.csv", HEAD, row(), row("ELDERS", takeoff="-9;9;9;9;"))
    found, problems = look(project, file)
    assert problems == []
    assert found.skipped == {"feeding areas of elsewhere": 1}
    assert [(c.key, c.what) for c in found.changes] == [
        ("AAD take-off", (("needed_capacity_mw", "30", "31.2"),)),
        ("AAD feed-in", (("needed_capacity_mw", "40", "44"),)),
    ]


def test_nothing_is_written_without_apply_and_the_old_day_stays_with_it(project):
    file = write(project, "voedingsgebieden.csv", HEAD, row())
    table = project / "inputs" / "grid" / "feeding_areas.csv"
    before = table.read_bytes()
    assert "Nothing was written; add --apply" in import_text(project, [file], day=DAY)
    assert table.read_bytes() == before
    assert "Written: grid/feeding_areas." in import_text(project, [file], day=DAY, apply=True)
    rows = read_tables(project / "inputs")["grid/feeding_areas"]
    takeoff = rows[rows["direction"] == "take-off"]
    assert takeoff["needed_capacity_mw"].tolist() == [30, 31.2]
    assert takeoff["snapshot_date"].tolist() == ["2026-07-30", DAY]
    assert takeoff["year_solved_regional"].tolist() == [2030, 2030]
    feedin = rows[rows["direction"] == "feed-in"].iloc[-1]
    assert feedin["year_solved_transmission"] == 2034, "not in this file, so it stands"
    assert check_inputs(project / "inputs") == []


@pytest.mark.parametrize(
    ("line", "where", "value", "remedy"),
    [
        (row(takeoff="-40;31;3;4;2030"), "aanwezige_transportcapaciteit_afname", "-40", "ask the operator"),
        (row(takeoff="40500;31;3;4;2030"), "aanwezige_transportcapaciteit_afname", "40500", "Divide by 1,000"),
        (row(takeoff="4050;31;3;4;2030"), "existing_capacity_mw", "4050", "Divide by 1,000"),
        (row(area=""), "voedingsgebied_id", "", "a need without one has no place"),
        (row(year="2025"), "jaar", "2025", "the file of this year"),
        (row(takeoff="veel;31;3;4;2030"), "aanwezige_transportcapaciteit_afname", "veel", "Write digits"),
        (row(takeoff="40;31;3;4;30"), "jaartal_opgelost_afname", "30", "Correct the year"),
    ],
)  # fmt: skip
def test_what_cannot_be_right_is_refused_with_place_and_remedy(project, line, where, value, remedy):
    file = write(project, "voedingsgebieden.csv", HEAD, line)
    with pytest.raises(InputError) as error:
        import_text(project, [file], day=DAY, apply=True)
    first = error.value.problems[0]
    assert (first.file, first.row, first.column, first.value) == ("voedingsgebieden.csv", 2, where, value)
    assert remedy in first.remedy


def test_all_problems_come_at_once_and_nothing_is_written(project):
    before = {p: p.read_bytes() for p in (project / "inputs").rglob("*.csv")}
    first = write(project, "voedingsgebieden.csv", HEAD, row(takeoff="-1;-2;3;4;2030"), row(area=""))
    second = write(
        project, "projecten.csv", "gebied_id;projectnaam;jaar", "AAD;Extra capaciteit op Aadorp;2031"
    )
    with pytest.raises(InputError) as error:
        import_text(project, [first, second, project / "weg.csv"], day=DAY, apply=True)
    assert len(error.value.problems) == 5
    assert {p: p.read_bytes() for p in (project / "inputs").rglob("*.csv")} == before


def test_an_older_file_cannot_replace_a_newer_one(project):
    file = write(project, "voedingsgebieden_2026-03-01.csv", HEAD, row())
    _, problems = look(project, file, day="")
    assert {p.value for p in problems} == {"AAD of 2026-03-01"}
    nameless = write(project, "voedingsgebieden.csv", HEAD, row())
    assert "Add --date" in look(project, nameless, day="")[1][0].remedy


def test_raised_capacity_asks_whether_the_open_plan_was_delivered(project):
    file = write(
        project, "voedingsgebieden.csv", HEAD, row(takeoff="80,5;30;3;4;2030", feedin="38;40;12,5;7;")
    )
    report = import_text(project, [file], day=DAY, apply=True)
    assert "aad-take-off-capacity (open)" in report
    assert "Was the open plan delivered: P-AAD?" in report
    assert "Nothing to write. 1 rows wait for an answer." in report
    answer = "aad-take-off-capacity=planner of Netco: the third unit runs since September"
    assert "Written: grid/feeding_areas." in import_text(
        project, [file], day=DAY, apply=True, confirm=[answer]
    )
    last = read_tables(project / "inputs")["grid/feeding_areas"].iloc[-1]
    assert last["existing_capacity_mw"] == 80.5
    assert last["note"] == "Confirmed by planner of Netco: the third unit runs since September"
    with pytest.raises(InputError, match="a question of this import"):
        import_text(project, [file], day=DAY, confirm=["onzin=a: b"])


@pytest.mark.parametrize(
    ("date", "phase", "words"),
    [
        ("2022", "approved", "2022 has passed and the work is not reported as done"),
        ("2030", "wachtend", "what does phase 'wachtend' mean?"),
        ("2028-afname 2030-opwek", "scheduled", "take-off 2028-2028; feed-in 2030-2030"),
        ("2026", "completed", "it is reported as done"),
    ],
)
def test_doubtful_dates_are_questions_with_whom_and_why(project, date, phase, words):
    file = write(
        project, "projecten.csv", "gebied_id;projectnaam;RNB;datum;fase;bron",
        f"AAD;Extra capaciteit op Aadorp;Netco;{date};{phase};Laatste inzichten",
        f"BEE;Extra capaciteit op Aadorp;Netco;{date};{phase};Laatste inzichten",
        "ELDERS;Ander werk;Verco;2031;scheduled;Investeringsplan",
    )  # fmt: skip
    found, problems = look(project, file)
    assert problems == []
    assert found.skipped == {"projects of elsewhere": 1}
    (question,) = found.questions
    assert words in question.what
    assert question.ask == "Netco"
    assert question.why
    assert {c.question for c in found.changes} == {question.question_id}
    assert apply_changes(found.changes, project / "inputs") == []


def test_a_new_date_is_a_new_statement_and_dates_the_plan(project):
    file = write(
        project, "projecten.csv", "gebied_id;projectnaam;RNB;datum;fase;bron",
        "AAD;Extra capaciteit op Aadorp;Netco;2031 - 2033;inProgress;Investeringsplan",
    )  # fmt: skip
    import_text(project, [file], day=DAY, apply=True)
    tables = read_tables(project / "inputs")
    assert tables["projects/plan_statements"]["year_latest"].tolist() == [2029, 2033]
    plans = tables["projects/planned"].set_index("project_id")
    assert plans.loc["P-AAD", "planned_year_latest"] == 2033
    assert "Changes: 0 rows" in import_text(project, [file], day=DAY)


def test_the_other_public_files_are_read(project):
    series = write(
        project, "tennetgebieden.csv",
        HEAD.replace("voedingsgebied_id;jaar;RNB", "congestiegebied;jaar"),
        "Tinyland ;2026;;;;;;95;120;30;2;2035".replace("Tinyland ", "Tinyland"),
        "Elders;2026;1;1;1;1;2030;1;1;1;1;2030",
    )  # fmt: skip
    codes = write(
        project, "congestie_pc6.csv",
        "postcode;afname;opwek;voedingsgebied_id;voedingsgebied_naam;tennet_id;RNB_postcode;Gemeentecode",
        "1111AA;1;3;AAD;Aadorp;Aadorp 110;Netco;1", "1111AB;1;3;AAD;Aadorp;Aadorp 110;Netco;GM0001",
        "1111AC;1;3;AAD;Aadorp;Aadorp 110;Netco;2", "9999AA;0;0;ELDERS;Elders;Elders 150;Verco;9999",
    )  # fmt: skip
    stations = write(
        project, "tennetcongestie.csv", "tennet_id;afname;opwek;congestiegebied_afname;congestiegebied_opwek",
        "Aadorp 110;1;3;;Tinyland",
    )  # fmt: skip
    found, problems = look(project, series, codes, stations)
    assert problems == []
    assert {(c.table, c.what) for c in found.changes} >= {
        ("grid/transmission_areas", (("existing_capacity_mw", "90", "95"), ("year_solved", "2034", "2035"))),
        ("grid/area_stations", (("study_postcodes", "2", "3"),)),
    }
    assert found.skipped["postcodes in feeding areas of elsewhere"] == 1
    assert found.skipped["congestion areas of elsewhere"] == 1


def model(**area):
    """Give a data set as the schema of the information model wants it, with one area of ours."""
    mine = {
        "short_code": "AAD", "demand_available_capacity": 40.5, "demand_quoted_capacity": 33,
        "demand_capacity_in_queue": 3, "demand_requests_in_queue": 4, "demand_alleviation_year": 2030,
        "generation_available_capacity": 38, "generation_constraint": "amber",
        "works": [
            {"project_name": "Extra capaciteit op Aadorp", "status_kind": "scheduled",
             "time_schedules": [{"schedule_interval": {"start": "2031-01-01", "end": "2032-12-31"}}]}
        ],
        "postcode_areas": [{"postcode": "1111AA", "demand_constraint": "red", "generation_constraint": "red"}],
    }  # fmt: skip
    return {
        "conforms_to": "http://data.netbeheernederland.nl/capaciteitskaart/v1.3.0", "creator": "a@b.nl",
        "identifier": "x", "issued": DAY, "energy_areas": [{**mine, **area}],
        "valid": {"start": DAY, "end": "2026-12-31"},
    }  # fmt: skip


def test_the_information_model_is_read(project):
    file = write(project, "model.json", json.dumps(model()))
    found, problems = look(project, file)
    assert problems == []
    assert {c.key: {n: v for n, _, v in c.what} for c in found.changes} == {
        "AAD take-off": {"needed_capacity_mw": "33"},
        "P-AAD (Extra capaciteit op Aadorp) both": {"date_text": "2031 - 2032"},
    }


@pytest.mark.parametrize(
    ("area", "where"),
    [
        ({"demand_quoted_capacity": -3}, "demand_quoted_capacity"),
        ({"demand_quoted_capacity": 33000}, "demand_quoted_capacity"),
        ({"demand_qouted_capacity": 33}, "demand_qouted_capacity"),
        ({"generation_constraint": "green"}, "generation_constraint"),
        ({"short_code": ""}, "short_code"),
        ({"works": None}, "works"),
    ],
)
def test_a_model_that_breaks_the_schema_is_refused(project, area, where):
    file = write(project, "model.json", json.dumps(model(**area)))
    _, problems = look(project, file)
    assert [(p.file, p.row, p.column) for p in problems] == [("model.json", 1, where)]


@pytest.mark.parametrize(
    ("text", "parts", "plain"),
    [
        ("2030", (("both", 2030, 2030),), True),
        ("2033 - 2036", (("both", 2033, 2036),), True),
        ("Tussen 2022 en 2027", (("both", 2022, 2027),), True),
        ("2026-10-01", (("both", 2026, 2026),), True),
        ("Q3 2027", (("both", 2027, 2027),), True),
        ("2028-afname 2030-opwek", (("take-off", 2028, 2028), ("feed-in", 2030, 2030)), False),
        ("na 2030", (("both", 2030, 2030),), False),
        ("onbekend", (("both", None, None),), False),
    ],
)
def test_dates_as_operators_write_them(text, parts, plain):
    assert (read_date(text).parts, read_date(text).plain) == (parts, plain)


def test_a_doubt_about_what_is_there_already_can_be_settled(project):
    lines = (
        "gebied_id;projectnaam;RNB;datum;fase;bron",
        ("AAD;Extra capaciteit op Aadorp;Netco;2025;scheduled;Investeringsplan"),
    )
    file = write(project, "projecten.csv", *lines)
    answer = "extra-capaciteit-op-aadorp=planner of Netco: late, the year is not known yet"
    import_text(project, [file], day=DAY, apply=True, confirm=[answer])
    assert "Questions" not in import_text(project, [file], day=DAY)
    said = read_tables(project / "inputs")["projects/plan_statements"]
    assert said["note"].iloc[-1] == "Confirmed by planner of Netco: late, the year is not known yet"
