"""Which assets and projects hold in every future, which are options, and what tells that an option is needed."""

from pmiek.decide.robust.core import CORE, NEVER, OPTION, core
from pmiek.decide.robust.pairs import same_directions, variant_pairs

__all__ = ["CORE", "NEVER", "OPTION", "core", "same_directions", "variant_pairs"]
