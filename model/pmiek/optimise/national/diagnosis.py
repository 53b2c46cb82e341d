"""Why a window of the national programme has no answer, in words."""

from __future__ import annotations

from pmiek.optimise.national.parts import Case


def diagnose(case: Case, first_hour: int, hours: int) -> tuple[str, ...]:
    """Compare demand, must-run and capacities of a window.

    Parameters
    ----------
    case : Case
        The case that failed.
    first_hour, hours : int
        The window.

    Returns
    -------
    tuple of str
        Likely causes, most likely first.
    """
    span = slice(first_hour, first_hour + hours)
    week = first_hour // 168 + 1
    load, demand = case.load_gw[span], case.demand_gw[span]
    lines: list[str] = []
    sinks = sum(u.capacity_gw for u in case.units if u.sign < 0 and not u.park)
    sinks += sum(s.power_gw for s in case.storages if not s.park)
    surplus = -float(load.min())
    if surplus > 0:
        lines.append(
            f"week {week}: must-run exceeds demand by up to {surplus:.2f} GW, and {sinks:.2f} GW of "
            "export, storage and flexible demand can take it; must-run cannot be curtailed"
        )
    sources = sum(u.capacity_gw for u in case.units if u.sign > 0)
    lines.append(
        f"week {week}: highest demand {demand.max():.2f} GW, {load.max():.2f} GW after must-run; "
        f"plants, import and shedding together {sources:.2f} GW"
    )
    negative = [u.technology for u in case.units if u.capacity_gw < 0]
    negative += [s.technology for s in case.storages if s.power_gw < 0 or s.energy_gwh < 0]
    if negative:
        lines.insert(0, f"capacities below zero: {', '.join(sorted(negative))}")
    return tuple(lines)
