"""Tables that the documents read beside those of the site; absent ones are left out."""

from __future__ import annotations

from pathlib import Path

import pandas as pd

from pmiek.publish.documents.extras import EXTRA_TABLES
from pmiek.publish.report.tables import read_any

INPUT_TABLES = ("areas/area_tasks", "projects/planned")
"""Public inputs that a fiche reads with all their columns."""


def read_more(tables_dir: Path, inputs_dir: Path) -> dict[str, pd.DataFrame]:
    """Read the further result tables and inputs that a fiche can use, by name.

    Parameters
    ----------
    tables_dir, inputs_dir : Path
        Folders of the result tables and of the public inputs.
    """
    found = {name: read_any(tables_dir / f"{name}.csv") for name in EXTRA_TABLES}
    found |= {name: read_any(inputs_dir / f"{name}.csv") for name in INPUT_TABLES}
    return {name: table for name, table in found.items() if len(table)}
