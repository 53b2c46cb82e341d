"""Projects, effects, weighing, alignment, monitoring."""
