"""Reading Snakemake's log: one line per finished step with the time left, and what to show of a failure."""

from __future__ import annotations

import re
import time
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

STAT = re.compile(r"^(\w+)\s+(\d+)\s*$")
RULE = re.compile(r"^\s*(?:local)?rule (\w+):")
JOB = re.compile(r"^\s+jobid: (\d+)")
WILDCARDS = re.compile(r"^\s+wildcards: (.*)$")
FINISHED = re.compile(r"^Finished jobid: (\d+) \(Rule: (\w+)\)")
FILES = re.compile(r"^\s+(?:input|output): ")
NOISE = ("Exiting because", "WorkflowError:", "At least one job", "Shutting down", "Complete log")

# How long the steps take compared to each other, until this run has shown it.
TYPICAL_SECONDS = {"national": 20.0, "screening": 15.0, "run": 15.0}
OTHER_SECONDS = 8.0


@dataclass
class _Step:
    rule: str
    name: str
    started: float


@dataclass
class Progress:
    """Turn Snakemake's log into one line per finished step, with the time that is probably left.

    The time left is the mean duration of each kind of step in this run, times what is left of that kind,
    over the steps at a time; a kind that has not run yet counts with its usual share.

    Attributes
    ----------
    jobs : int
        Steps at the same time.
    started : float
        Moment of the start (``time.monotonic``).
    """

    jobs: int = 1
    started: float = field(default_factory=time.monotonic)
    _left: Counter[str] = field(default_factory=Counter)
    _total: int = 0
    _announced: str = ""
    _job: str = ""
    _running: dict[str, _Step] = field(default_factory=dict)
    _took: dict[str, list[float]] = field(default_factory=dict)

    def read(self, line: str) -> str | None:
        """Take one line of the log; give a message when a step has ended."""
        event = self.event(line)
        if event is None:
            return None
        text = f"{bar(event['done'], event['total'])}  {event['step']} took {clock(event['seconds'])}"
        left = event["seconds_left"]
        return f"{text}; about {clock(left)} left" if left > 0 else text

    def event(self, line: str) -> dict[str, Any] | None:
        """Take one line of the log; when a step has ended, say which, how long it took and what is left.

        Returns
        -------
        dict or None
            ``step``, ``done`` and ``total`` (steps), ``seconds`` and ``seconds_left``.
        """
        if match := RULE.match(line):
            self._announced = match.group(1)
        elif match := JOB.match(line):
            self._job = match.group(1)
            self._running[self._job] = _Step(self._announced, self._announced, time.monotonic())
        elif (match := WILDCARDS.match(line)) and self._job in self._running:
            values = [part.split("=", 1)[-1] for part in match.group(1).split(", ")]
            self._running[self._job].name = " ".join([self._announced, *values])
        elif match := FINISHED.match(line):
            return self._finish(match.group(1), match.group(2))
        elif (match := STAT.match(line)) and not self._running:
            self._stat(match.group(1), int(match.group(2)))
        return None

    def _stat(self, rule: str, count: int) -> None:
        if rule == "total":
            self._total = count - self._left.get("all", 0)
        else:
            self._left[rule] = count

    def _finish(self, job: str, rule: str) -> dict[str, Any] | None:
        now = time.monotonic()
        step = self._running.pop(job, _Step(rule, rule, now))
        self._left[rule] -= 1
        if rule == "all":
            return None
        self._took.setdefault(rule, []).append(now - step.started)
        done = sum(len(seconds) for seconds in self._took.values())
        return {
            "step": step.name,
            "done": done,
            "total": self._total,
            "seconds": round(now - step.started, 1),
            "seconds_left": round(self.seconds_left(now), 1),
        }

    def seconds_left(self, now: float) -> float:
        """Estimate the time left, in seconds, at a moment of the monotonic clock."""
        known = {rule: sum(seconds) / len(seconds) for rule, seconds in self._took.items()}
        usual = sum(_usual(rule) for rule in known)
        pace = sum(known.values()) / usual if usual else 1.0
        work = sum(
            count * known.get(rule, pace * _usual(rule))
            for rule, count in self._left.items()
            if rule != "all" and count > 0
        )
        under_way = sum(
            min(now - step.started, known.get(step.rule, pace * _usual(step.rule)))
            for step in self._running.values()
        )
        kinds_in_turn = max((count for rule, count in self._left.items() if rule != "all"), default=1)
        return max(work - under_way, 0.0) / min(self.jobs, max(kinds_in_turn, 1))


def _usual(rule: str) -> float:
    return TYPICAL_SECONDS.get(rule, OTHER_SECONDS)


def bar(done: int, total: int, width: int = 20) -> str:
    """Draw how far a run is, for example ``[#####---------------]   4 of 16``."""
    full = width * done // total if total else 0
    return f"  [{'#' * full}{'-' * (width - full)}] {done:>3} of {total}"


def clock(seconds: float) -> str:
    """Write a duration as minutes and seconds, for example ``2:05``."""
    minutes, rest = divmod(round(seconds), 60)
    return f"{minutes}:{rest:02d}"


def without_file_lists(line: str) -> bool:
    """Say whether a line of the log is worth showing: not the long lists of inputs and outputs."""
    return FILES.match(line) is None


def excerpt(lines: Iterable[str], *, most: int = 25) -> str:
    """Take from a failed run's log what tells what went wrong: the first error and its last frames.

    Parameters
    ----------
    lines : iterable of str
        The whole log.
    most : int
        Number of lines that is enough.
    """
    kept = [line.rstrip() for line in lines if without_file_lists(line)]
    starts = ("RuleException", "Error in", "Traceback", "Exception", "LockException")
    first = next((i for i, line in enumerate(kept) if line.lstrip().startswith(starts)), None)
    if first is None:
        return "\n".join(line for line in kept if line)[-2000:]
    shown: list[str] = []
    for line in kept[first:]:
        if line.startswith(NOISE):
            break
        shown.append(line)
    if len(shown) > most:
        shown = [*shown[:3], "  ...", *shown[-(most - 4) :]]
    return "\n".join(shown)
