"""Blind orders, rankings, agreement, revisions, distances."""

import random
from itertools import pairwise

import pytest

from service.review.blind import first_share, names_hidden, rounds_due, shown_order
from service.review.diff import compare, edit_distance
from service.review.ranking import (
    BAD,
    TIE,
    Ballot,
    agreement,
    between_reviewers,
    standings,
    with_oneself,
)
from service.review.revisions import UNDO_STEPS, position, text_of, undo_target
from service.store.review_values import Edit


@pytest.mark.parametrize("outputs", [2, 3, 4])
def test_every_output_comes_first_equally_often(outputs):
    orders = [shown_order("lan", n, outputs) for n in range(1000)]
    for output in range(outputs):
        share = sum(order[0] == output for order in orders) / 1000
        assert abs(share - 1 / outputs) <= 0.02
    assert all(sorted(order) == list(range(outputs)) for order in orders)


def test_positions_are_fair_for_every_reviewer_and_differ_between_them():
    orders = {name: [shown_order(name, n, 2) for n in range(1000)] for name in ("lan", "minh")}
    assert all(0.48 <= first_share(own) <= 0.52 for own in orders.values())
    assert orders["lan"] != orders["minh"]
    assert [shown_order("lan", n, 2) for n in range(1000)] == orders["lan"]


def test_an_order_cannot_be_told_from_the_one_before():
    orders = [shown_order("lan", n, 2) for n in range(2000)]
    same = sum(a == b for a, b in pairwise(orders))
    assert 0.4 < same / 1999 < 0.6


def test_one_article_in_twenty_is_asked_about_again():
    again = sum(rounds_due("lan", f"item{n}", 2) == 2 for n in range(20_000))
    assert 0.045 < again / 20_000 < 0.055
    assert rounds_due("lan", "item", 1) == 0


def test_names_are_hidden_until_every_vote_is_in():
    assert names_hidden(2, votes=0, rounds=1)
    assert names_hidden(2, votes=1, rounds=2)
    assert not names_hidden(2, votes=1, rounds=1)
    assert not names_hidden(1, votes=0, rounds=0)


def ballots(*choices, models=("a", "b"), reviewer="lan"):
    return [Ballot(f"item{n}", reviewer, models, choice) for n, choice in enumerate(choices)]


def test_the_model_that_wins_more_stands_higher_and_its_interval_says_how_surely():
    few = standings(ballots("a", "a", "b"))
    many = standings(ballots(*["a"] * 80, *["b"] * 40))
    assert [row.model for row in many] == ["a", "b"]
    assert (many[0].wins, many[0].losses) == (80, 40)
    assert many[0].strength == pytest.approx(0.5 * 0.69, abs=0.05)  # half of ln 2
    assert many[0].low > 0 > many[1].high
    assert few[0].low < 0 < few[0].high or few[0].high - few[0].low > many[0].high - many[0].low


def test_strengths_come_back_from_votes_drawn_from_them():
    dice, truth = random.Random(3), {"a": 1.0, "b": 0.0, "c": -1.0}
    drawn = []
    for n in range(1500):
        pair = tuple(dice.sample(sorted(truth), 2))
        odds = [2.718281828 ** truth[model] for model in pair]
        drawn.append(Ballot(f"i{n}", "lan", pair, dice.choices(pair, odds)[0]))
    found = {row.model: row for row in standings(drawn)}
    for model, strength in truth.items():
        assert found[model].low <= strength <= found[model].high


def test_ties_are_half_a_win_and_bad_ones_say_nothing():
    assert {row.strength for row in standings(ballots(TIE, TIE))} == {0.0}
    with_bad = {row.model: row for row in standings(ballots("a", "b", BAD, BAD))}
    assert with_bad["a"].strength == pytest.approx(0)
    assert with_bad["a"].bad == 2


def test_agreement_is_counted_beyond_chance():
    assert agreement([("a", "a"), ("b", "b")]).kappa == 1
    assert agreement([("a", "b"), ("b", "a"), ("a", "a"), ("b", "b")]).kappa == 0
    assert agreement([]).kappa is None
    assert agreement([("a", "a")]).kappa is None  # nobody could have disagreed by chance
    both = [*ballots("a", "b"), *ballots("a", "a", reviewer="minh")]
    assert (between_reviewers(both).same, between_reviewers(both).shared) == (1, 2)
    twice = [Ballot("i", "lan", ("a", "b"), "a"), Ballot("i", "lan", ("a", "b"), "b", round=2)]
    assert (with_oneself(twice).same, with_oneself(twice).shared) == (0, 1)


def edits(*restores):
    return [
        Edit(
            segment="b1s1",
            number=number,
            version=number,
            text=f"text {number}",
            base=0,
            reviewer_id="lan",
            restores=back,
        )
        for number, back in enumerate(restores, start=1)
    ]


def test_undo_walks_back_to_what_the_model_made_and_no_further():
    history = edits(None, None, None)
    assert undo_target(history) == 2
    assert undo_target(edits(None, None, None, 2)) == 1
    assert undo_target(edits(None, None, None, 2, 1)) == 0
    assert undo_target(edits(None, None, None, 2, 1, 0)) is None
    assert text_of(history, 0, "the model's") == "the model's"


def test_a_correction_after_an_undo_can_be_undone_to_where_it_began():
    history = edits(None, None, 1, None)  # 1, 2, back to 1, a new one
    assert position(history) == 4
    assert undo_target(history) == 1


def test_undo_ends_after_ten_steps():
    history = edits(*[None] * 12, *range(11, 1, -1))
    assert sum(edit.restores is not None for edit in history) == UNDO_STEPS
    assert undo_target(history) is None


def test_a_difference_can_be_read_from_either_side():
    old, new = "Có 12 tỉnh, thành phố.", "Có 13 thành phố."
    changes = compare(old, new)
    assert "".join(c.text for c in changes if c.kind != "ins") == old
    assert "".join(c.text for c in changes if c.kind != "del") == new
    assert edit_distance(old, new) == (2, 4)
    assert compare("a " * 5000, "b " * 5000)[0].kind == "del"  # at once, not after minutes
