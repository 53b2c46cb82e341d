"""Checking solver options against HiGHS itself before a run: a misspelt name would be passed over in silence."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import lru_cache
from typing import Any

from pmiek.errors import Problem
from pmiek.inputs.reading import closest

Value = str | bool | int | float
STATUS_OK = "kOk"
REMEDY = "See the list of options of HiGHS."
#: Choices of the options with words; HiGHS refuses others and does not say which are right.
WORDS = {
    "presolve": ("off", "choose", "on"),
    "solver": ("simplex", "choose", "ipm", "ipx", "hipo", "pdlp", "qpasm"),
    "parallel": ("off", "choose", "on"),
    "run_crossover": ("off", "choose", "on"),
    "ranging": ("off", "on"),
}
#: What the model sets itself, or what would end a solve before it is a result.
RESERVED = {
    "threads": "Set solver.threads instead.",
    "time_limit": "A solve that is cut off is no result; take fewer days or years instead.",
    "objective_bound": "A solve that is cut off is no result.",
    "objective_target": "A solve that is cut off is no result.",
    "simplex_iteration_limit": "A solve that is cut off is no result.",
    "ipm_iteration_limit": "A solve that is cut off is no result.",
    "pdlp_iteration_limit": "A solve that is cut off is no result.",
}
LOOSEST = {"primal_feasibility_tolerance": 1e-4, "dual_feasibility_tolerance": 1e-4,
           "ipm_optimality_tolerance": 1e-3, "mip_rel_gap": 0.05, "mip_feasibility_tolerance": 1e-4,
           "optimality_tolerance": 1e-3, "kkt_tolerance": 1e-3, "pdlp_optimality_tolerance": 1e-3}  # fmt: skip


def check_solver_options(key: str, options: Mapping[str, Value], file: str) -> list[Problem]:
    """List every option that HiGHS does not know, or whose value it refuses.

    Parameters
    ----------
    key : str
        Dotted key of the settings, for example ``solver.options``.
    options : mapping of str to str, bool, int or float
        As they would be passed on.
    file : str
        For the error report.
    """
    return list(_checked(key, tuple(options.items()), file))


@lru_cache
def _checked(key: str, options: tuple[tuple[str, Value], ...], file: str) -> tuple[Problem, ...]:
    """Ask HiGHS once for the options of all scenarios that have the same."""
    return tuple(_problems(key, dict(options), file))


def _problems(key: str, options: Mapping[str, Value], file: str) -> Iterator[Problem]:
    import highspy  # noqa: PLC0415 -- only where options are set

    make: Any = highspy.Highs  # the package states no types
    solver = make()
    solver.setOptionValue("output_flag", False)
    known = [name for name in dir(solver.getOptions()) if not name.startswith("_")]
    for name, value in options.items():
        place = f"{key}.{name}"
        if name not in known:
            yield Problem(file, None, place, name, "an option of HiGHS", f"{REMEDY}{closest(name, known)}")
        elif name in RESERVED:
            yield Problem(file, None, place, str(value), "this option to be left out", RESERVED[name])
        elif name in WORDS and str(value) not in WORDS[name]:
            quoted = ' Write "on" and "off" between quotes.' if isinstance(value, bool) else ""
            hint = closest(str(value), WORDS[name]) + quoted
            yield Problem(
                file, None, place, str(value), "one of " + ", ".join(WORDS[name]), f"Correct it.{hint}"
            )
        elif solver.setOptionValue(name, value).name != STATUS_OK:
            now = getattr(solver.getOptions(), name)
            expected = f"a value that HiGHS takes for it, such as {now}"
            yield Problem(file, None, place, str(value), expected, f"Correct the value. {REMEDY}")
        elif name in LOOSEST and isinstance(value, (int, float)) and not 0 < value <= LOOSEST[name]:
            expected = f"a tolerance above 0 and at most {LOOSEST[name]:g}"
            yield Problem(file, None, place, str(value), expected, "A looser solve is no result.")
