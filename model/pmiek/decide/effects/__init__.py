"""What projects do: put in, left out, in pairs and late, by the model of their class with and without them."""

from __future__ import annotations

from pmiek.decide.effects.changes import Change, changes_of, unmeasured
from pmiek.decide.effects.classes import (
    CLASS_MODELS,
    class_changes,
    class_delay,
    class_told,
    class_unlocked,
    judge,
    paired,
)
from pmiek.decide.effects.delay import DELAY_COLUMNS, plan_delays
from pmiek.decide.effects.gaps import GAP_COLUMNS, effect_gaps
from pmiek.decide.effects.measure import BESIDE, EFFECT_COLUMNS, project_effects
from pmiek.decide.effects.pairs import PAIR_COLUMNS, chosen_pairs, project_pairs
from pmiek.decide.effects.summary import RANGE_COLUMNS, effect_ranges
from pmiek.decide.effects.unlock import UNLOCK_COLUMNS, project_unlocks, yardsticks
from pmiek.decide.effects.world import World, world_of

__all__ = [
    "BESIDE",
    "CLASS_MODELS",
    "DELAY_COLUMNS",
    "EFFECT_COLUMNS",
    "GAP_COLUMNS",
    "PAIR_COLUMNS",
    "RANGE_COLUMNS",
    "UNLOCK_COLUMNS",
    "Change",
    "World",
    "changes_of",
    "chosen_pairs",
    "class_changes",
    "class_delay",
    "class_told",
    "class_unlocked",
    "effect_gaps",
    "effect_ranges",
    "judge",
    "paired",
    "plan_delays",
    "project_effects",
    "project_pairs",
    "project_unlocks",
    "unmeasured",
    "world_of",
    "yardsticks",
]
