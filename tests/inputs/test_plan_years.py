"""When a plan is in service, and what counts as a decision: small tables with answers known by hand."""

from __future__ import annotations

from io import StringIO
from pathlib import Path

import pandas as pd
from pmiek.inputs import check_inputs, read_tables
from pmiek.inputs.plan_years import latest_statements, service_years
from pmiek.network import admitted_projects

INPUTS = Path(__file__).parents[2] / "inputs"


def planned(*rows):
    columns = ["project_id", "planned_year_earliest", "planned_year_latest", "programme_id", "hangs_on"]
    return pd.DataFrame(rows, columns=columns).astype(
        {"planned_year_earliest": float, "planned_year_latest": float}
    )


def statements(text):
    return pd.read_csv(
        StringIO("project_id,operator,published_name,direction,stated_on,year_earliest,year_latest\n" + text),
        dtype={"stated_on": str},
    )


def years(plans, said):
    table = service_years(plans, statements(said))
    return table["planned_year_latest"].to_dict(), table["held_by"].to_dict()


def test_the_last_year_of_the_most_recent_statement_counts():
    plans = planned(("A", None, None, None, None))
    last, _ = years(plans, "A,T,Line,both,2024,2026,2030\nA,T,Line,both,2026-07,2033,2036\n")
    assert last == {"A": 2036}
    last, _ = years(plans, "A,T,Line,both,2026-07,2028,2029\nA,T,Line,both,2024,2033,2036\n")
    assert last == {"A": 2029}, "a plan that comes earlier than was said before"


def test_the_later_part_and_the_later_direction_decide():
    plans = planned(("A", None, None, None, None))
    said = "A,T,110 kV,both,2026-07,2031,2033\nA,T,380 kV,both,2025,2031,2034\n"
    assert years(plans, said)[0] == {"A": 2034}
    said = "A,R,Station,both,2023,2028,2031\nA,R,Station,take-off,2026,2028,2028\n"
    assert years(plans, said)[0] == {"A": 2031}, "the older date of feed-in still stands"
    both = latest_statements(statements(said + "A,R,Station,feed-in,2026,2030,2030\n"))
    assert both["direction"].tolist() == ["take-off", "feed-in"]


def test_a_phase_without_a_date_has_that_of_its_programme():
    plans = planned(("P", None, None, None, None), ("A", None, None, "P", None), ("B", None, None, "P", None))
    last, _ = years(plans, "P,T,All,both,2026,2033,2036\nB,T,Part,both,2026,2030,2031\n")
    assert last == {"P": 2036, "A": 2036, "B": 2031}


def test_nothing_is_in_service_before_the_links_it_hangs_on():
    plans = planned(
        ("station", None, None, None, "cable"), ("cable", 2033, 2036, None, "station; hub"),
        ("hub", 2029, 2038, None, None), ("undated", None, None, None, "hub"),
    )  # fmt: skip
    last, held = years(plans, "station,R,Station,both,2026,2028,2030\n")
    assert (last["station"], last["cable"], last["hub"]) == (2038, 2038, 2038)
    assert held["station"] == held["cable"] == "hub"
    assert held["hub"] == ""
    assert pd.isna(last["undated"])


def test_riegmeer_waits_for_its_cable_and_is_not_there_in_2030():
    table = read_tables(INPUTS, ["projects/planned"])["projects/planned"]
    in_2030, in_2036 = admitted_projects(table, 2030), admitted_projects(table, 2036)
    assert not {"don-riegmeer", "don-wijster-scheidingsweg", "don-meppel-noord"} & set(in_2030)
    assert {"don-riegmeer", "don-wijster-scheidingsweg", "don-meppel-noord"} <= set(in_2036)
    assert {"zeyerveen-extension", "nnon-ter-apelkanaal"} <= set(in_2030)
    assert not [name for name in admitted_projects(table, 2100) if name.startswith("extra-")]


def test_a_decision_needs_evidence(tiny_copy):
    path = tiny_copy / "projects" / "planned.csv"
    path.write_text(path.read_text(encoding="utf-8").replace("IP-1,P-AAD", ",P-AAD"), encoding="utf-8")
    found = [str(problem) for problem in check_inputs(tiny_copy)]
    assert len(found) == 1
    assert "planned.csv, row 2" in found[0]
    assert "found 'under_construction for P-AAD'; expected a statement with" in found[0]


def test_a_year_stands_in_one_place(tiny_copy):
    path = tiny_copy / "projects" / "plan_statements.csv"
    source = pd.read_csv(tiny_copy / "sources.csv")["source_id"].iloc[0]
    row = f"P-AAD,Third,Netco,both,2031,2031,2031,,Investeringsplan,2026,{source},assumed\n"
    path.write_text(path.read_text(encoding="utf-8") + row, encoding="utf-8")
    found = [str(problem) for problem in check_inputs(tiny_copy)]
    assert len(found) == 1
    assert "planned.csv, row 2" in found[0]
    assert "found 'P-AAD with a year'; expected no year" in found[0]


def test_a_cable_names_the_project_at_its_end(tiny_copy):
    circuits = tiny_copy / "grid" / "circuits.csv"
    text = circuits.read_text(encoding="utf-8")
    circuits.write_text(text.replace(",planned,P-NWE,", ",planned,P-AAD,"), encoding="utf-8")
    found = [str(problem) for problem in check_inputs(tiny_copy)]
    assert len(found) == 1
    assert "expected a project that hangs on P-NWE, which brings the station at bus1" in found[0]
