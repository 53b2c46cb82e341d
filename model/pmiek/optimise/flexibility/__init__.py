"""The flexibility pass: what non-firm rights and smart use remove of each bottleneck, and at what cost."""

from pmiek.optimise.flexibility.dispatch import Dispatch, dispatch_year
from pmiek.optimise.flexibility.potential import Potential, potential
from pmiek.optimise.flexibility.run import FlexResult, flexibility
from pmiek.optimise.flexibility.settings import FlexSettings, flex_settings

__all__ = [
    "Dispatch",
    "FlexResult",
    "FlexSettings",
    "Potential",
    "dispatch_year",
    "flex_settings",
    "flexibility",
    "potential",
]
