"""Each row of the table of names says what it should, and no more."""

import tomllib
from pathlib import Path

import pytest

import service.extraction.places as places
from service.extraction.places import signs_of

RULES = tomllib.loads(Path(places.__file__).with_name("signs.toml").read_text("utf-8"))["sign"]


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule["name"])
def test_rule(rule: dict[str, object]) -> None:
    name = rule["name"]
    for names in rule["match"]:
        assert name in signs_of(names), names
    for names in rule["miss"]:
        assert name not in signs_of(names), names
