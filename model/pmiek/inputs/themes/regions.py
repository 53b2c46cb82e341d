"""Tables about sources, municipalities, clusters, places and spatial tasks."""

from __future__ import annotations

from pmiek.inputs.schema import GM_CODE, Table, gm_code, integer, number, provenance, text

TABLES = (
    Table(
        "sources",
        "Sources",
        "Register of everything the other tables cite.",
        (
            text("source_id", "Short name that the other tables cite", pattern=r"[A-Za-z0-9_.\-]+"),
            text("publisher", "Who published it"),
            text("title", "Title or description of the source"),
            text("vintage", "Edition, date or year of the source", filled=False),
            text("url", "Where it can be found", filled=False),
            text("licence", "Terms of use"),
            text("remark", "What a reader should know", filled=False),
        ),
        ("source_id",),
    ),
    Table(
        "regions/municipalities",
        "Municipalities",
        "Municipalities of the study area and the neighbours whose stations share the grid.",
        (
            text("gm_code", "CBS municipality code", pattern=GM_CODE),
            text("name", "Name of the municipality"),
            text("province", "Name of the province"),
            text(
                "cluster",
                "Energy cluster; empty for a neighbour",
                filled=False,
                refers_to="regions/clusters.cluster",
            ),
            text("role", "Part of the study area or a neighbour", allowed=("study", "neighbour")),
            integer("population", "Inhabitants", "inhabitants", filled=False),
            integer("dwellings", "Homes", "homes", filled=False),
            number("area_km2", "Land area", "km2", filled=False),
            number("agricultural_area_km2", "Agricultural land", "km2", filled=False),
            number("services_floor_area_m2", "Floor area of services buildings", "m2", filled=False),
            number("lat", "Latitude of the centre (WGS84)", "degrees", minimum=-90.0, maximum=90.0),
            number("lon", "Longitude of the centre (WGS84)", "degrees", minimum=-180.0, maximum=180.0),
            text("mv_operator", "Operator of the medium-voltage grid", filled=False),
            *provenance(),
        ),
        ("gm_code",),
    ),
    Table(
        "regions/clusters",
        "Energy clusters",
        "Groups of municipalities that plan together.",
        (
            text("cluster", "Identifier of the cluster"),
            text("name_nl", "Dutch name"),
            text("name_en", "English name"),
            text(
                "members",
                "Codes of the municipalities in the cluster, separated by semicolons",
                many=True,
                refers_to="regions/municipalities.gm_code",
            ),
            *provenance(),
        ),
        ("cluster",),
    ),
    Table(
        "regions/places",
        "Places",
        "Towns and villages with their population; weights for service areas.",
        (
            text("place", "Name of the place"),
            number("lat", "Latitude (WGS84)", "degrees", minimum=-90.0, maximum=90.0),
            number("lon", "Longitude (WGS84)", "degrees", minimum=-180.0, maximum=180.0),
            integer("population", "Inhabitants", "inhabitants", filled=False),
            gm_code("Municipality in which the place lies", filled=False),
            *provenance(),
        ),
        ("place", "lat", "lon"),
        required=False,
        absent="Maps show no place names.",
    ),
    Table(
        "areas/area_tasks",
        "Area tasks",
        "Spatial tasks and interests per municipality that matter for fitting a project in.",
        (
            gm_code(),
            text("task", "Task or interest in words"),
            text("task_nl", "The same in Dutch, for the working group", filled=False),
            text("kind", "Kind of task or interest"),
            text("stage", "How far its decision is", filled=False),
            number("space_ha", "Space it claims", "ha", filled=False),
            *provenance(),
        ),
        ("gm_code", "task"),
        required=False,
        absent="Indicators about space score 'unknown' and become data requests.",
    ),
)
