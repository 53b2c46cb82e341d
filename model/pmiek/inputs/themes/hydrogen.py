"""Tables about the hydrogen network."""

from __future__ import annotations

from pmiek.inputs.schema import Table, boolean, gm_code, number, provenance, share, text, year

NODE = "hydrogen/nodes.node_id"

TABLES = (
    Table(
        "hydrogen/nodes",
        "Hydrogen nodes",
        "Places where hydrogen is used or made, and the national grid from which it comes.",
        (
            text("node_id", "Identifier of the node"),
            text("name", "Name of the node"),
            gm_code("Municipality; empty for the national grid", filled=False),
            text("kind", "Place of use, or the national grid", allowed=("local", "national")),
            boolean("trucks", "Whether trailers can supply it"),
            *provenance(),
        ),
        ("node_id",),
        required=False,
        absent="Hydrogen is not planned.",
    ),
    Table(
        "hydrogen/sites",
        "Hydrogen sites",
        "Which part of a municipality's hydrogen demand and electrolysers stands at which node.",
        (
            gm_code(),
            text("node_id", "Node", refers_to=NODE),
            share("share", "Share of the municipality's demand and electrolysers"),
            *provenance(),
        ),
        ("gm_code", "node_id"),
        required=False,
        absent="Hydrogen is not planned.",
    ),
    Table(
        "hydrogen/pipes",
        "Hydrogen pipes",
        "Pipes between nodes: the branch of the national grid, and options new or converted from gas.",
        (
            text("pipe_id", "Identifier of the pipe"),
            text("name", "Name of the pipe"),
            text("node0", "Node at one end", refers_to=NODE),
            text("node1", "Node at the other end", refers_to=NODE),
            text(
                "kind",
                "Branch of the national grid, new pipe, or pipe converted from gas",
                allowed=("backbone", "new_pipe", "reused_pipe"),
            ),
            number("length_km", "Length; empty for the branch", "km", filled=False),
            number(
                "capacity_mw",
                "Capacity; empty: the standard size of costs/infrastructure",
                "MW",
                filled=False,
            ),
            text("status", "In service, planned or an option", allowed=("existing", "planned", "option")),
            year("first_year", "First year in which it can be in service; empty: open", filled=False),
            text(
                "project_id", "Project that brings it", filled=False, refers_to="projects/planned.project_id"
            ),
            text("operator", "Operator", filled=False),
            *provenance(),
        ),
        ("pipe_id",),
        required=False,
        absent="No pipe carries hydrogen, and none can be built.",
    ),
    Table(
        "hydrogen/electrolysers",
        "Named electrolysers",
        "Electrolysers that a variant may add by name to those of the storylines.",
        (
            text("electrolyser_id", "Identifier of the electrolyser"),
            text("name", "Name of the electrolyser"),
            gm_code(),
            number("capacity_mw", "Electric capacity", "MW"),
            year("first_year", "First year in which it can be in service; empty: open", filled=False),
            text(
                "status", "In service, announced or being explored", allowed=("existing", "planned", "option")
            ),
            *provenance(),
        ),
        ("electrolyser_id",),
        required=False,
        absent="A variant cannot add electrolysers by name.",
    ),
)
