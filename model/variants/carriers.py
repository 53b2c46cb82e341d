"""The rooms of the other carriers, in the order in which their plans are made."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, TypeAlias

from model.gas import plan_gas, with_gas_choices
from model.heat import plan_heat, with_heat_mix
from model.hydrogen import plan_hydrogen, with_hydrogen_choices

if TYPE_CHECKING:
    import pandas as pd

    from model.carriers import CarrierPlan
    from model.inputs import Tables
    from model.scenarios import Scenario

    Change: TypeAlias = Callable[[Tables, Scenario], Tables]
    Hours: TypeAlias = Mapping[int, pd.DataFrame]
    Planner: TypeAlias = Callable[[Tables, Scenario, Hours, Hours], CarrierPlan]

#: What a variant changes in the tables: heat mix, green gas, hydrogen.
CHANGES: tuple[Change, ...] = (with_heat_mix, with_gas_choices, with_hydrogen_choices)
#: Heat first: its boilers and pumps are demand of the others.
PLANNERS: tuple[Planner, ...] = (plan_heat, plan_gas, plan_hydrogen)
