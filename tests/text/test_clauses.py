"""Long sentences in pieces: where they are cut."""

import pytest

from service.text.clauses import split_clauses


def _words(text):
    return len(text.split())


def _pieces(text, limit):
    return [span.of(text) for span in split_clauses(text, limit, _words)]


@pytest.mark.parametrize(
    ("why", "text", "pieces"),
    [
        ("semicolons before commas", "a, b, c d; e, f, g h", ["a, b, c d;", "e, f, g h"]),
        ("commas before spaces", "a b c, d e f", ["a b c,", "d e f"]),
        ("conjunctions before spaces", "a b c và d e", ["a b c", "và d e"]),
        ("no mark in a number", "chi 1,5 tỷ và 2,5 tỷ", ["chi 1,5 tỷ", "và 2,5 tỷ"]),
        ("no mark in an hour", "lúc 9:30, sáng nay", ["lúc 9:30,", "sáng nay"]),
    ],
)
def test_the_strongest_mark_near_the_middle_is_cut(why, text, pieces):
    assert _pieces(text, -(-_words(text) // 2)) == pieces, why


def test_nothing_is_cut_within_the_limit():
    assert _pieces("a; b; c", 3) == ["a; b; c"]


def test_a_text_of_spaces_has_no_pieces():
    assert split_clauses("  \t ", 5, _words) == []


def test_a_mark_at_the_very_end_cuts_nothing_off():
    assert all(_words(piece) > 1 for piece in _pieces("a b c d e f g h i;", 5))
