"""What the choices of a variant change in the tables of the other carriers."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, TypeAlias

from pmiek.optimise.gas import with_gas_choices
from pmiek.optimise.heat import with_heat_mix
from pmiek.optimise.hydrogen import with_hydrogen_choices

if TYPE_CHECKING:
    from pmiek.inputs import Tables
    from pmiek.config import Scenario

    Change: TypeAlias = Callable[[Tables, Scenario], Tables]

#: Heat mix, green gas, hydrogen.
CHANGES: tuple[Change, ...] = (with_heat_mix, with_gas_choices, with_hydrogen_choices)
