"""What projects do: put in, left out, in pairs and late, by screening the grid with and without them."""

from __future__ import annotations

from pmiek.decide.effects.changes import Change, changes_of
from pmiek.decide.effects.delay import DELAY_COLUMNS, plan_delays
from pmiek.decide.effects.measure import EFFECT_COLUMNS, project_effects
from pmiek.decide.effects.pairs import PAIR_COLUMNS, chosen_pairs, project_pairs
from pmiek.decide.effects.summary import RANGE_COLUMNS, effect_ranges
from pmiek.decide.effects.unlock import UNLOCK_COLUMNS, project_unlocks
from pmiek.decide.effects.world import World, world_of

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
