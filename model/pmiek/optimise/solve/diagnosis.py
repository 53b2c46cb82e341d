"""Why a model has no solution: an elastic rerun, written as station, hour and kind of limit."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import linopy
import numpy as np
import pandas as pd

#: (constraint family, coordinates) to words.
Describe = Callable[[str, Mapping[str, Any]], str]
SMALL = 1e-6


def explain_infeasible(model: linopy.Model, describe: Describe | None = None, *, top: int = 8) -> list[str]:
    """Name the constraints that need slack, largest first.

    Every row gets a penalised slack (an elastic rerun); rows that still need it are the conflict.

    Parameters
    ----------
    model : linopy.Model
        The model that ended infeasible.
    describe : callable, optional
        Turns (constraint family, coordinates) into words; the default writes them as they are.
    top : int
        Most lines to return.

    Returns
    -------
    list of str
        For example ``take_off at station=BL, hour=18 needs 12.3 more``.
    """
    crossed = _crossed_bounds(model, describe or plain)
    if crossed:
        return crossed[:top]
    table = elastic_slack(model)
    if table.empty:
        return [
            "no single limit is to blame: the relaxed problem has no slack left; check very large numbers"
        ]
    words = describe or plain
    more = {"upper": "less", "lower": "more"}
    lines = [
        f"{words(str(family), coordinates)} needs {slack:.3g} {more[side]}"
        for family, coordinates, slack, side in table.head(top).to_numpy().tolist()
    ]
    if len(table) > top:
        lines.append(f"and {len(table) - top} more rows in {', '.join(sorted(set(table['family'])))}")
    return lines


def elastic_slack(model: linopy.Model) -> pd.DataFrame:
    """Solve the model with penalised slack on every row, bounds kept.

    Returns
    -------
    DataFrame
        Columns family, coordinates (dict), slack (in the row's unit), side (``upper`` when the row is above
        its upper side); rows that need slack, largest first.
    """
    matrices = model.matrices
    solver = model.to_highspy(set_names=False)
    solver.setOptionValue("output_flag", False)
    solver.setOptionValue("solver", "simplex")
    solver.feasibilityRelaxation(-1.0, -1.0, 1.0)
    activity = np.asarray(solver.getSolution().row_value)
    lp = solver.getLp()
    over = activity - np.asarray(lp.row_upper_)
    under = np.asarray(lp.row_lower_) - activity
    if len(activity) == 0:
        return pd.DataFrame(columns=["family", "coordinates", "slack", "side"])
    slack = np.maximum(over, under)
    order = [int(i) for i in np.argsort(-slack, kind="stable") if slack[i] > SMALL]
    labels = np.asarray(matrices.clabels)[order]
    rows = []
    for position, label in zip(order, labels, strict=True):
        found: Any = model.constraints.get_label_position(int(label))
        family, coordinates = found
        side = "upper" if over[position] >= under[position] else "lower"
        rows.append((str(family), dict(coordinates), float(slack[position]), side))
    return pd.DataFrame(rows, columns=["family", "coordinates", "slack", "side"])


def _crossed_bounds(model: linopy.Model, describe: Describe) -> list[str]:
    lines = []
    for name, variable in model.variables.items():
        lower, upper = variable.lower, variable.upper
        bad = (lower > upper + SMALL) & (variable.labels >= 0)
        if bool(bad.any()):
            first = np.unravel_index(int(np.argmax(bad.to_numpy())), bad.shape)
            at = {str(dim): bad[dim].to_numpy()[i] for dim, i in zip(bad.dims, first, strict=True)}
            least, most = float(lower.to_numpy()[first]), float(upper.to_numpy()[first])
            lines.append(
                f"{describe(str(name), at)}: the least allowed ({least:.6g}) is above the most allowed ({most:.6g})"
                f" ({int(bad.sum())} such)"
            )
    return lines


def plain(family: str, coordinates: Mapping[str, Any]) -> str:
    """Write a row or variable as its family and coordinates."""
    where = ", ".join(f"{key}={value}" for key, value in coordinates.items())
    return f"{family} at {where}" if where else family
