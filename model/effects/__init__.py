"""What projects do: put in, left out, in pairs and late, by screening the grid with and without them."""

from __future__ import annotations

from model.effects.changes import Change, changes_of
from model.effects.delay import DELAY_COLUMNS, plan_delays
from model.effects.measure import EFFECT_COLUMNS, project_effects
from model.effects.pairs import PAIR_COLUMNS, chosen_pairs, project_pairs
from model.effects.summary import RANGE_COLUMNS, effect_ranges
from model.effects.unlock import UNLOCK_COLUMNS, project_unlocks
from model.effects.world import World, world_of

__all__ = [
    "DELAY_COLUMNS",
    "EFFECT_COLUMNS",
    "PAIR_COLUMNS",
    "RANGE_COLUMNS",
    "UNLOCK_COLUMNS",
    "Change",
    "World",
    "changes_of",
    "chosen_pairs",
    "effect_ranges",
    "plan_delays",
    "project_effects",
    "project_pairs",
    "project_unlocks",
    "world_of",
]
