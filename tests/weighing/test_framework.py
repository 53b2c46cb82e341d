"""The framework file: what is accepted, and what is refused with words."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
import yaml
from pmiek.decide.weighing import read_framework
from pmiek.decide.weighing.indicators import FIGURES
from pmiek.errors import InputError

FILE = Path(__file__).parents[2] / "inputs" / "weighing" / "framework.yaml"


@pytest.fixture
def content() -> dict:
    return yaml.safe_load(FILE.read_text(encoding="utf-8"))


def read(tmp_path: Path, content: dict):
    path = tmp_path / "framework.yaml"
    plain = json.loads(json.dumps(content))  # a part that stands twice would be written as an alias
    path.write_text(yaml.safe_dump(plain, allow_unicode=True), encoding="utf-8")
    return read_framework(path)


def test_the_committed_framework_is_right():
    framework = read_framework(FILE)
    assert sum(framework.weights().values()) == pytest.approx(1)
    assert {i.source for i in framework.indicators} - {"judgment"} <= set(FIGURES)
    assert any(i.medium_voltage for i in framework.indicators)


def test_homes_come_before_business_and_take_off_before_feed_in():
    order = [c.id for c in read_framework(FILE).priority_classes]
    assert order.index("homes") < order.index("amenities") < order.index("business") < order.index("feed_in")


def test_each_sector_falls_in_the_group_with_the_longest_name():
    framework = read_framework(FILE)
    assert framework.group_of("households_heat_pump") == "homes"
    assert framework.group_of("industry_gas_chp") == "generation"
    assert framework.group_of("industry_food") == "business"
    assert framework.group_of("datacentre_dsr") == "flexible"
    assert framework.group_of("datacentres") == "business"
    assert framework.group_of("something_new") == ""


@pytest.mark.parametrize(
    ("spoil", "said"),
    [
        (lambda c: c.update(extra=1), "extra"),
        (lambda c: c["criteria"][0].update(weight=0.9), "must add to 1"),
        (lambda c: c["indicators"][0].update(weight=0.9), "indicators of societal"),
        (lambda c: c["indicators"][0].update(scale=[[0, 0], [0, 50]]), "must rise"),
        (lambda c: c["indicators"][0].update(scale=[[0, 90], [5, 50]]), "contradict direction"),
        (lambda c: c["indicators"][0].update(scale=[[0, 0], [5, 150]]), "less than or equal to 100"),
        (lambda c: c["indicators"][0].update(direction="category"), "needs `categories`"),
        (lambda c: c["priority_classes"][0].update(group="castles"), "unknown sector groups"),
        (lambda c: c["indicators"].append(c["indicators"][0]), "may occur once"),
    ],
)
def test_faults_are_named(tmp_path, content, spoil, said):
    spoil(content)
    with pytest.raises(InputError) as error:
        read(tmp_path, content)
    assert said in str(error.value)
    assert "framework.yaml" in str(error.value)


def test_all_faults_come_at_once(tmp_path, content):
    content["indicators"][0]["weight"] = -1
    content["indicators"][1]["unit"] = 3
    with pytest.raises(InputError) as error:
        read(tmp_path, content)
    assert len(error.value.problems) == 2


@pytest.mark.parametrize("text", ["a: [", "", "- 1"])
def test_a_broken_file_is_no_crash(tmp_path, text):
    path = tmp_path / "framework.yaml"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(InputError):
        read_framework(path)


def test_an_absent_file_is_no_crash(tmp_path):
    with pytest.raises(InputError, match="readable YAML"):
        read_framework(tmp_path / "none.yaml")


def test_no_text_states_a_share_of_the_score():
    """Weights can be moved, differ per list and grow where questions drop out: a stated share would be false."""
    framework = read_framework(FILE)
    asked = [i.request for i in framework.indicators if i.request is not None]
    assert asked
    assert [r.why for r in asked if "%" in r.why] == []
