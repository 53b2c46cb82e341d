"""What makes a problem unbounded or badly scaled: variables, figures and the rows of input behind them."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import linopy
import numpy as np

Describe = Callable[[str, Mapping[str, Any]], str]
#: A problem of which the figures lie further apart than this loses digits; HiGHS advises to stay below.
WIDE = 1e9
SMALL = 1e-9


def broken_figures(model: linopy.Model, describe: Describe) -> list[str]:
    """Name the rows and variables with a figure that is no number, before any solver sees them.

    Parameters
    ----------
    model : linopy.Model
    describe : callable
        Turns (family, coordinates) into words.

    Returns
    -------
    list of str
        One line per family: where the first one is, and how many there are.
    """
    lines = []
    for name, constraint in model.constraints.items():
        lines += _not_a_number(name, constraint.rhs, constraint.labels, "right-hand side", describe)
    for name, variable in model.variables.items():
        for side in ("lower", "upper"):
            lines += _not_a_number(name, getattr(variable, side), variable.labels, f"{side} bound", describe)
    cost = model.objective.expression
    bad = np.isnan(cost.coeffs.to_numpy()) & (cost.vars.to_numpy() >= 0)
    if bad.any():
        found: Any = model.variables.get_label_position(int(cost.vars.to_numpy()[bad][0]))
        lines.append(
            f"{describe(str(found[0]), dict(found[1]))}: the cost is not a number ({int(bad.sum())} such)"
        )
    return lines


def _not_a_number(name: str, values: Any, labels: Any, what: str, describe: Describe) -> list[str]:
    bad = np.isnan(values) & (labels >= 0)
    count = int(bad.sum())
    if not count:
        return []
    first = np.unravel_index(int(np.argmax(bad.to_numpy())), bad.shape)
    at = {str(dim): bad[dim].to_numpy()[i] for dim, i in zip(bad.dims, first, strict=True)}
    return [f"{describe(str(name), at)}: the {what} is not a number ({count} such)"]


def explain_unbounded(model: linopy.Model, describe: Describe, *, top: int = 8) -> list[str]:
    """Name the variables that grow without limit and earn money by it.

    Every variable gets a limit far above any real figure; those that end there, and have a gain, are named.

    Parameters
    ----------
    model : linopy.Model
        The model that ended unbounded.
    describe : callable
        Turns (variable, coordinates) into words.
    top : int
        Most lines to return.

    Returns
    -------
    list of str
        One line per variable family: the first that grows, its cost in the objective, and how many do.
    """
    solver = model.to_highspy(set_names=False)
    solver.setOptionValue("output_flag", False)
    solver.setOptionValue("solver", "simplex")
    lp = solver.getLp()
    lower, upper = np.asarray(lp.col_lower_), np.asarray(lp.col_upper_)
    cost = np.asarray(lp.col_cost_)
    limit = 1e3 * _largest(
        np.concatenate([lower, upper, np.asarray(lp.row_lower_), np.asarray(lp.row_upper_)])
    )
    columns = np.arange(len(cost), dtype=np.int32)
    solver.changeColsBounds(
        len(columns),
        columns,
        np.where(np.isfinite(lower), lower, -limit),
        np.where(np.isfinite(upper), upper, limit),
    )
    solver.run()
    value = np.asarray(solver.getSolution().col_value)
    grown = (np.abs(value) > limit / 10) & ~(np.isfinite(lower) & np.isfinite(upper))
    gains = grown & (cost * value < 0)
    chosen = np.flatnonzero(gains if gains.any() else grown)
    families: dict[str, list[tuple[Mapping[str, Any], float]]] = {}
    labels = np.asarray(model.matrices.vlabels)
    for column in chosen:
        found: Any = model.variables.get_label_position(int(labels[column]))
        families.setdefault(str(found[0]), []).append((dict(found[1]), float(cost[column])))
    return [
        f"{describe(name, places[0][0])}: grows without limit and gains {-places[0][1]:.3g} per unit "
        f"({len(places)} such); look for a price or cost that is missing or negative, or a limit that is empty"
        for name, places in list(families.items())[:top]
    ]


def _largest(values: np.ndarray) -> float:
    known = np.abs(values[np.isfinite(values)])
    return max(1e3, float(known.max(initial=0.0)))


def coefficient_ranges(model: linopy.Model) -> dict[str, tuple[float, float]]:
    """Return the smallest and largest figure other than zero of the matrix, cost, bounds and right-hand sides.

    Returns
    -------
    dict
        By part (matrix, cost, bound, right-hand side); parts without figures are left out.
    """
    lp = model.to_highspy(set_names=False).getLp()
    parts = {
        "matrix": np.asarray(lp.a_matrix_.value_),
        "cost": np.asarray(lp.col_cost_),
        "bound": np.concatenate([np.asarray(lp.col_lower_), np.asarray(lp.col_upper_)]),
        "right-hand side": np.concatenate([np.asarray(lp.row_lower_), np.asarray(lp.row_upper_)]),
    }
    ranges = {}
    for name, values in parts.items():
        size = np.abs(values[np.isfinite(values)])
        size = size[size > 0]
        if len(size):
            ranges[name] = (float(size.min()), float(size.max()))
    return ranges


def range_words(model: linopy.Model) -> list[str]:
    """Write the ranges in one line, with a second one for each part that is too wide for a solver's digits."""
    ranges = coefficient_ranges(model)
    if not ranges:
        return []
    told = ", ".join(f"{name} {low:.0e} to {high:.0e}" for name, (low, high) in ranges.items())
    wide = [name for name, (low, high) in ranges.items() if high > WIDE * low]
    more = [
        f"the figures of the {name} lie further apart than {WIDE:.0e}: look for a unit typed wrong"
        for name in wide
    ]
    return [f"ranges of the figures: {told}", *more]
