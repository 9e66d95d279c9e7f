"""The rules explain themselves: each must match its own rows and leave the others alone."""

import re

import pytest

from service import rules
from service.rules import LineRule, Place, RuleBroken, load_line_rules, load_sites

FURNITURE = load_line_rules("furniture")
PURPOSES = ("furniture", "captions", "bylines", "documents")
ALL = [rule for purpose in PURPOSES for rule in load_line_rules(purpose).rules]


@pytest.mark.parametrize("rule", ALL, ids=lambda rule: rule.name)
def test_a_rule_matches_the_rows_it_drops_and_no_row_it_keeps(rule: LineRule):
    assert rule.failures() == []


@pytest.mark.parametrize("rule", FURNITURE.rules, ids=lambda rule: rule.name)
def test_what_one_rule_keeps_no_rule_drops_between_paragraphs(rule: LineRule):
    for row in rule.keeps:
        taker = FURNITURE.find(row)
        assert taker is None or taker.place is not Place.ANY, f"{row!r} is taken by {taker}"


def test_failures_name_the_rows_that_are_wrong():
    rule = LineRule("x", "", re.compile("a+"), Place.ANY, False, False, ("aa", "b"), ("c", "aaa"))
    assert rule.failures() == ["x must drop: b", "x must keep: aaa"]


@pytest.mark.parametrize(
    ("entry", "message"),
    [
        ("text", "must be a table"),
        ({"line": "a", "drops": ["a"], "keeps": ["b"]}, "needs `why`"),
        ({"why": "w", "line": "(", "drops": ["a"], "keeps": ["b"]}, "unterminated"),
        ({"why": "w", "line": "a", "place": "sky", "drops": ["a"], "keeps": ["b"]}, "sky"),
        ({"why": "w", "line": "a", "drops": [], "keeps": ["b"]}, "needs `drops`"),
        ({"why": "w", "line": "a", "drops": ["a"], "keeps": [1]}, "texts only"),
        ({"why": "w", "line": "a", "drops": ["a"], "keeps": ["b"], "oops": 1}, "oops"),
    ],
)
def test_a_rule_that_says_too_little_is_refused_by_name(entry: object, message: str):
    with pytest.raises(RuleBroken, match=message):
        rules._line_rule("vi/example", entry)


def test_sites_are_compared_without_regard_to_case():
    assert "vietnam.vn" in load_sites().names
    assert "ttxvn" in load_sites().agencies
