"""The flexibility pass: what non-firm rights and smart use remove of each bottleneck, and at what cost."""

from model.flexibility.dispatch import Dispatch, dispatch_year
from model.flexibility.potential import Potential, potential
from model.flexibility.run import FlexResult, flexibility
from model.flexibility.settings import FlexSettings, flex_settings

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
