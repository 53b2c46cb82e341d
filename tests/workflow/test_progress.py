"""Reading Snakemake's log."""

from __future__ import annotations

import pytest
from pmiek.workflow import progress
from pmiek.workflow.progress import Progress, clock, excerpt

HEAD = """\
Job stats:
job          count
---------  -------
profiles         1
national         2
all              1
total            4
"""


def step(rule: str, job: int, wildcards: str = "") -> list[str]:
    lines = ["[Mon Nov 23 21:22:49 2026]", f"localrule {rule}:", "    input: a, b", f"    jobid: {job}"]
    return [*lines, f"    wildcards: {wildcards}"] if wildcards else lines


@pytest.fixture
def feed(monkeypatch: pytest.MonkeyPatch):
    """Feed lines at a given second; gives the messages."""
    now = [0.0]
    monkeypatch.setattr(progress.time, "monotonic", lambda: now[0])
    reader = Progress(jobs=1, started=0.0)

    def read(second: float, *lines: str) -> list[str]:
        now[0] = second
        return [message for line in lines if (message := reader.read(line + "\n"))]

    read.reader = reader
    return read


def test_one_line_per_finished_step_with_name_duration_and_time_left(feed) -> None:
    assert feed(0, *HEAD.splitlines(), *step("profiles", 3, "weather_year=2012")) == []
    assert feed(10, "Finished jobid: 3 (Rule: profiles)", "1 of 4 steps (25%) done") == [
        "  [######--------------]   1 of 3  profiles 2012 took 0:10; about 0:50 left"
    ]
    feed(10, *step("national", 1, "storyline=green, weather_year=2012"))
    assert feed(70, "Finished jobid: 1 (Rule: national)") == [
        "  [#############-------]   2 of 3  national green 2012 took 1:00; about 1:00 left"
    ]
    feed(70, *step("national", 2, "storyline=blue, weather_year=2012"))
    assert feed(130, "Finished jobid: 2 (Rule: national)") == [
        "  [####################]   3 of 3  national blue 2012 took 1:00"
    ]
    assert feed(130, *step("all", 0), "Finished jobid: 0 (Rule: all)") == []


def test_a_machine_gets_the_same_facts(feed) -> None:
    feed(0, *HEAD.splitlines(), *step("profiles", 3, "weather_year=2012"))
    feed.reader.started = 0.0
    event = feed.reader.event("Finished jobid: 3 (Rule: profiles)\n")
    assert event == {"step": "profiles 2012", "done": 1, "total": 3, "seconds": 0.0, "seconds_left": 0.0}


def test_the_time_that_a_step_already_runs_counts(feed) -> None:
    feed(0, *HEAD.splitlines(), *step("national", 1))
    feed(60, "Finished jobid: 1 (Rule: national)", *step("national", 2))
    before = feed.reader.seconds_left(60)
    assert feed.reader.seconds_left(90) == pytest.approx(before - 30)


@pytest.mark.parametrize(("seconds", "text"), [(0, "0:00"), (59.6, "1:00"), (125, "2:05"), (3600, "60:00")])
def test_clock(seconds: float, text: str) -> None:
    assert clock(seconds) == text


def test_a_failure_shows_the_error_and_not_the_lists_of_files() -> None:
    log = [
        "Building DAG of jobs...",
        "localrule run:",
        "    input: inputs/a.csv, model/b.py",
        "RuleException:",
        'NameError in file "Snakefile", line 108:',
        "name 'pd' is not defined",
        '  File "model/pmiek/security/screening/screen.py", line 202, in screen_many',
        "Exiting because a job execution failed. Look above for error messages",
        "Error in rule run:",
    ]
    assert excerpt(log).splitlines() == log[3:7]


def test_a_failure_without_a_known_start_shows_the_end_of_the_log() -> None:
    assert excerpt(["one\n", "\n", "two\n"]) == "one\ntwo"


def test_a_long_failure_keeps_its_message_and_its_last_frames() -> None:
    shown = excerpt(["RuleException:", "ValueError", "why", *(f"frame {i}" for i in range(100))]).splitlines()
    assert len(shown) == 25
    assert shown[:4] == ["RuleException:", "ValueError", "why", "  ..."]
    assert shown[-1] == "frame 99"
