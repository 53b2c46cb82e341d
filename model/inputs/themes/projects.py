"""Tables about planned projects, the register of ids and the previous edition."""

from __future__ import annotations

from model.inputs.schema import CARRIERS, Table, boolean, gm_code, number, provenance, text, year

TABLES = (
    Table(
        "projects/planned",
        "Planned projects",
        "Rows of the operators' investment plans and other announced projects.",
        (
            text(
                "investment_plan_id", "Identifier in the investment plan; empty if not in one", filled=False
            ),
            text("project_id", "Identifier of the project"),
            text("name", "Name of the project"),
            text("operator", "Who builds it", filled=False),
            text("carrier", "Energy carrier", allowed=CARRIERS),
            text("kind", "Kind of project"),
            text(
                "asset_ids",
                "Assets it brings or strengthens, separated by semicolons",
                many=True,
                filled=False,
            ),
            text(
                "station_id",
                "Station; empty if it has none",
                filled=False,
                refers_to="grid/stations.station_id",
            ),
            gm_code("Municipality; empty if it lies in several", filled=False),
            text("cluster", "Energy cluster", filled=False, refers_to="regions/clusters.cluster"),
            number("capacity_mw", "Capacity added", "MW", filled=False),
            text(
                "capacity_quality",
                "How the capacity came about",
                filled=False,
                allowed=("measured", "published", "derived", "assumed"),
            ),
            year("planned_year_earliest", "First year in which it may be in service", filled=False),
            year("planned_year_latest", "Last year in which it is expected in service", filled=False),
            text("phase", "Phase in the operator's words", filled=False),
            text(
                "decision_status",
                "How far the decision is",
                allowed=(
                    "done",
                    "under_construction",
                    "irrevocable_zoning",
                    "in_investment_plan",
                    "announced",
                    "exploration",
                ),
            ),
            boolean("timing_known", "False if no year is public"),
            text("lead_party", "Who takes the lead", filled=False),
            *provenance(),
        ),
        ("project_id", "investment_plan_id"),
        required=False,
        absent="Nothing is planned: today's grid stays.",
    ),
    Table(
        "projects/register",
        "Register of project ids",
        "Ids once given stay; splits and mergers name their predecessor.",
        (
            text("project_id", "Identifier of the candidate project"),
            text("name", "Name"),
            text("carrier", "Energy carrier", allowed=CARRIERS),
            text("asset_id", "Asset concerned", filled=False),
            text("option", "Kind of solution", filled=False),
            text("first_edition", "Edition in which it first appeared"),
            text("status", "State of the entry"),
            text("predecessor", "Ids it came from, separated by semicolons", filled=False, many=True),
            *provenance(),
        ),
        ("project_id",),
        required=False,
        absent="Ids are made afresh.",
    ),
    Table(
        "projects/previous_pmiek",
        "Previous list",
        "Projects of the previous edition and their progress.",
        (
            text("project_id", "Identifier of the project"),
            text("name", "Name"),
            text("carrier", "Energy carrier", allowed=CARRIERS, filled=False),
            text("type", "Type of project", filled=False),
            gm_code("Municipality", filled=False),
            text("cluster", "Energy cluster", filled=False, refers_to="regions/clusters.cluster"),
            text("progress", "Progress in words", filled=False),
            *provenance(),
        ),
        ("project_id",),
        required=False,
        absent="No comparison with the previous edition.",
    ),
    Table(
        "weighing/judgments",
        "Judgments",
        "Scores that people give to a project, kept apart from figures of the model.",
        (
            text("project_id", "Identifier of the candidate project"),
            text("indicator", "Indicator of the weighing framework"),
            number("score", "Score, 0 is worst and 100 best", maximum=100.0),
            text("author_role", "Role of who judged, never a name"),
            text("date", "Date of the judgment", pattern=r"\d{4}-\d{2}-\d{2}"),
            text("reason", "Why"),
        ),
        ("project_id", "indicator", "author_role"),
        required=False,
        absent="Indicators that need judgment score 'unknown'.",
    ),
)
