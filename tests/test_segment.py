"""Sentences: the hard places, and that nothing is ever lost."""

import re
import tomllib
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from service.article import Language, Span, weave
from service.rules.abbreviations import abbreviation_rows
from service.stages.segment import segment, split_long

CASES = Path(__file__).parent / "cases"


def _rows(kind):
    for language in Language:
        table = tomllib.loads((CASES / f"segmentation_{language}.toml").read_text("utf-8"))
        for row in table[kind]:
            yield pytest.param(language, row["raw"], row["out"], id=f"{language}: {row['why']}")


def _sentences(text, language=Language.VI):
    return [span.of(text) for span in segment(text, language)]


@pytest.mark.parametrize(("language", "raw", "out"), _rows("segment"))
def test_hard_places(language, raw, out):
    assert _sentences(raw, language) == out


@pytest.mark.parametrize(("language", "raw", "out"), _rows("segment"))
def test_hard_places_do_not_need_the_language(language, raw, out):
    assert _sentences(raw, None) == out


@pytest.mark.xfail(reason="accepted gaps, see the rows", strict=True)
@pytest.mark.parametrize(("language", "raw", "out"), _rows("known_failure"))
def test_known_failures(language, raw, out):
    assert _sentences(raw, language) == out


@pytest.mark.parametrize(
    ("language", "row"), [(each, row) for each in Language for row in abbreviation_rows(each)]
)
def test_every_rule_of_abbreviations_holds_on_its_rows(language, row):
    expected = [sentence.strip() for sentence in row.split("|")]
    assert _sentences(row.replace("|", ""), language) == expected


# Text that is dense in what the rules look at.
TEXTS = st.text(
    st.sampled_from("aAđĐ19 .!?…;:,)(\"“”'\t\n-/[]\xa0\u2028") | st.characters(), max_size=80
)


@given(TEXTS, st.sampled_from([None, *Language]))
def test_only_whitespace_stands_between_sentences(text, language):
    spans = segment(text, language)
    assert spans == sorted(spans)
    at = 0
    for span in spans:
        assert text[at : span.start].strip() == ""
        assert span.of(text).strip() == span.of(text) != ""
        at = span.end
    assert text[at:].strip() == ""
    assert weave(text, spans, [span.of(text) for span in spans])[0] == text


@given(TEXTS)
def test_tabs_always_separate(text):
    assert not any("\t" in sentence for sentence in _sentences(text))


@given(TEXTS, st.integers(1, 30))
def test_pieces_of_a_long_sentence_lose_nothing(text, limit):
    spans = split_long(text, limit, len)
    at = 0
    for span in spans:
        assert text[at : span.start].strip() == ""
        assert span.of(text).strip() == span.of(text) != ""
        assert len(span.of(text)) <= limit or not re.search(r"\s", span.of(text))
        at = span.end
    assert text[at:].strip() == ""


def _words(text):
    return len(text.split())


def test_a_sentence_within_the_limit_stays_whole():
    assert split_long("một hai ba", 3, _words) == [Span(0, 10)]


def test_a_long_sentence_is_cut_at_its_semicolons_first():
    clause = "rà soát, bổ sung và trình cấp có thẩm quyền phê duyệt quy hoạch"
    text = "; ".join([clause] * 10) + "."
    pieces = [span.of(text) for span in split_long(text, 60, _words)]
    assert len(pieces) == 3
    assert all(piece.endswith((";", ".")) for piece in pieces)


def test_a_long_sentence_without_marks_is_cut_at_conjunctions():
    text = " ".join(["xã", "bản"] * 10 + ["và"] + ["xã", "bản"] * 10)
    pieces = [span.of(text) for span in split_long(text, 25, _words)]
    assert pieces[1].startswith("và ")


def test_pieces_are_even_and_few():
    text = " ".join(["từ"] * 160)
    sizes = [_words(span.of(text)) for span in split_long(text, 64, _words)]
    assert len(sizes) == 3
    assert max(sizes) - min(sizes) <= 8


def test_a_word_longer_than_the_limit_stays_whole():
    assert split_long("x" * 50, 10, len) == [Span(0, 50)]
