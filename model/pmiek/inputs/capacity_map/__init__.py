"""Reading the capacity map as the operators publish it: what changed, what to ask, and writing it."""

from pmiek.inputs.capacity_map.apply import apply_changes
from pmiek.inputs.capacity_map.compare import Change, Comparison, Question, compare
from pmiek.inputs.capacity_map.reading import Statements, read_files

__all__ = [
    "Change",
    "Comparison",
    "Question",
    "Statements",
    "apply_changes",
    "compare",
    "read_files",
]
