"""Tables about heat: district heating networks, their pipes and sources, whom they serve, and dwellings."""

from __future__ import annotations

from pmiek.inputs.schema import Table, gm_code, integer, number, provenance, share, text, year

KINDS = (
    "residual_heat",
    "geothermal",
    "aquathermal",
    "heat_pump",
    "electric_boiler",
    "gas_boiler",
    "tank",
    "pit",
)
SECTORS = ("homes", "services", "agriculture")
NETWORK = "heat/networks.network_id"
EARLIEST = year("earliest_year", "First year in which it can stand; empty for what exists", filled=False)

TABLES = (
    Table(
        "heat/networks",
        "District heating networks",
        "Networks that exist, are planned or are possible, and sites of sources without customers.",
        (
            text("network_id", "Identifier of the network"),
            text("name", "Name of the network"),
            gm_code("Municipality in which it lies"),
            text("status", "How far it is", allowed=("existing", "planned", "possible", "source_site")),
            EARLIEST,
            text("operator", "Heat company", filled=False),
            *provenance(),
        ),
        ("network_id",),
        required=False,
        absent="District heat stays as the storyline states it.",
    ),
    Table(
        "heat/pipes",
        "Heat transport pipes",
        "Pairs of pipes between networks or between a source site and a network.",
        (
            text("pipe_id", "Identifier of the pipe"),
            text("name", "Name of the pipe"),
            text("network0", "Network at one end", refers_to=NETWORK),
            text("network1", "Network at the other end", refers_to=NETWORK),
            number("length_km", "Length of the route", "km", minimum=0.001),
            number("capacity_mw", "Capacity today", "MW"),
            text("status", "How far it is", allowed=("existing", "planned", "possible")),
            EARLIEST,
            text("project_id", "Planned project", refers_to="projects/planned.project_id", filled=False),
            text("payer", "Who pays for it"),
            text("operator", "Who runs it", filled=False),
            *provenance(),
        ),
        ("pipe_id",),
        required=False,
        absent="No heat flows between networks.",
    ),
    Table(
        "heat/sources",
        "Heat sources and heat storage",
        "Sources, peak boilers and storage of the networks, with what stands today and what may come.",
        (
            text("source_id", "Identifier of the source"),
            text("name", "Name of the source"),
            text("network_id", "Network that it feeds", refers_to=NETWORK),
            text("kind", "Kind of source", allowed=KINDS),
            number("capacity_mw", "Capacity today; empty when not known", "MW", filled=False),
            number("potential_mw", "Most that can stand there; empty when not limited", "MW", filled=False),
            text(
                "plant_id",
                "Plant whose output residual heat follows",
                refers_to="supply/sites.plant_id",
                filled=False,
            ),
            EARLIEST,
            text("project_id", "Planned project", refers_to="projects/planned.project_id", filled=False),
            text("payer", "Who pays for it"),
            *provenance(),
        ),
        ("source_id",),
        required=False,
        absent="Networks have no source.",
    ),
    Table(
        "heat/served_by",
        "Who is served by which network",
        "Share of the district heat of a municipality and sector that comes from a network.",
        (
            gm_code(),
            text("sector", "Sector", allowed=SECTORS),
            text("network_id", "Network", refers_to=NETWORK),
            share("share", "Share of the district heat of the municipality and sector"),
            *provenance(),
        ),
        ("gm_code", "sector", "network_id"),
        required=False,
        absent="No municipality is served by a modelled network.",
    ),
    Table(
        "heat/dwellings",
        "Dwellings by type and period",
        "Dwellings with their use of space heat, which sets their insulation class.",
        (
            gm_code(),
            text("dwelling_type", "Type of dwelling"),
            text("construction_period", "Period in which they were built"),
            integer("dwellings", "Number of dwellings"),
            number("space_heat_kwh_per_m2", "Useful space heat per floor area and year", "kWh per m2"),
            share("share_of_space_heat", "Share of the space heat of all homes of the municipality"),
            *provenance(),
        ),
        ("gm_code", "dwelling_type", "construction_period"),
        required=False,
        absent="Heat of homes is not divided by type and insulation.",
    ),
    Table(
        "validation/heat_2023",
        "Heat and gas of 2023",
        "Published use of gas and of network heat per municipality, to compare the base year with.",
        (
            gm_code(),
            year(),
            text("quantity", "What was used, and by whom"),
            number("value_mwh", "Use in the year", "MWh"),
            *provenance(),
        ),
        ("gm_code", "year", "quantity"),
        required=False,
        absent="The base year is not compared.",
    ),
)
