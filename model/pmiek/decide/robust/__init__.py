"""Which assets and projects hold in every future, which are options, and what tells that an option is needed."""

from pmiek.decide.robust.core import CORE, NEVER, OPTION, core

__all__ = ["CORE", "NEVER", "OPTION", "core"]
