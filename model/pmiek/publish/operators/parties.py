"""Parties besides the grid operators that hand in figures: which tables and rows each may set."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from pmiek.errors import InputError, Problem
from pmiek.ids import slug
from pmiek.inputs import Tables
from pmiek.inputs.operator_files import OperatorTable
from pmiek.inputs.reading import closest
from pmiek.publish.operators.templates import operators, texts

OVERLAYS, SITES = "demand/overlays", "demand/industry_sites"
CLUSTER6 = "Cluster 6"


@dataclass(frozen=True)
class Party:
    """A party that may hand in figures.

    Attributes
    ----------
    name : str
        As the tables write it.
    kind : str
        ``operator``, ``municipality`` or ``industry``.
    gm_code : str
        Of a municipality; empty for others.
    tables : tuple of str
        Input tables that it may set.
    """

    name: str
    kind: str
    gm_code: str
    tables: tuple[str, ...]


def parties(tables: Tables) -> list[Party]:
    """List all parties: operators, municipalities of the study area, and industry when it has sites."""
    areas = tables["regions/municipalities"]
    areas = areas[areas["role"].eq("study")]
    pairs = zip(areas["name"].astype(str), areas["gm_code"].astype(str), strict=True)
    out = [Party(name, "operator", "", tuple(texts()["tables"])) for name in operators(tables)]
    out += [Party(name, "municipality", code, (OVERLAYS,)) for name, code in pairs]
    if len(tables[SITES]):
        out.append(Party(CLUSTER6, "industry", "", (SITES,)))
    return out


def find_party(tables: Tables, name: str) -> Party:
    """Return the party of a name; case, accents, spaces and hyphens do not matter.

    Raises
    ------
    InputError
        If the name is no party's, so that an unknown sender is refused; the message names the closest.
    """
    known = parties(tables)
    wanted = slug(name).replace("-", "")
    for party in known:
        if wanted and slug(party.name).replace("-", "") == wanted:
            return party
    names = [party.name for party in known]
    remedy = f"Known are {', '.join(names)}.{closest(name, names)}"
    raise InputError([Problem("sender", None, "operator", name, "a known party", remedy)])


def not_owned(party: Party, parts: Iterable[OperatorTable]) -> list[Problem]:
    """Find the rows that a party may not set: of a table or a municipality that is not its own."""
    problems = []
    for part in parts:
        if part.table not in party.tables:
            expected = f"a table that {party.name} may set: {', '.join(party.tables)}"
            problems.append(Problem(part.label, None, "", part.table, expected, "Leave it to its owner."))
            continue
        if not party.gm_code:
            continue
        codes = part.cells["gm_code"] if "gm_code" in part.cells else part.cells.iloc[:, 0].map(lambda _: "")
        problems += [
            Problem(part.label, int(str(row)), "gm_code", str(code), f"{party.gm_code} ({party.name})",
                    "Leave the row to its owner, or correct the code.")
            for row, code in codes.items() if code != party.gm_code
        ]  # fmt: skip
    return problems
