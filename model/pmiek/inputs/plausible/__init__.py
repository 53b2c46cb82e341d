"""Plausibility of the inputs: ranges by physics, ratios, neighbours in time, and what the last edition had."""
