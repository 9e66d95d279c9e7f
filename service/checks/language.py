"""Is the target in its language, and translated at all?"""

import re
from collections.abc import Iterator, Sequence
from itertools import pairwise, takewhile

from service.article import Finding, Language, Severity, Span
from service.checks.base import Check, Pair
from service.checks.vocabulary import kept_words
from service.rules.words import common_english, english_function_words, left_english
from service.text.quoted import quotes_in
from service.text.syllables import syllables

ID = "language"

MIN_WORDS = 4
# Share of lower-case words with a Vietnamese letter: 0.7 is usual in Vietnamese, 0 in English.
MIN_MARKED_VI = 0.25
MAX_MARKED_EN = 0.3
# This many lower-case words in a row that source and target share are left untranslated.
COPIED_WORDS = 3
_MARKED = re.compile(
    r"[^\W\d_]*[ăâđêôơưàáảãạằắẳẵặầấẩẫậèéẻẽẹềếểễệìíỉĩịòóỏõọồốổỗộờớởỡợùúủũụừứửữựỳýỷỹỵ][^\W\d_]*"
)
_ALIEN = re.compile("[\u0370-\u1dff\u2c00-\u2dff\u2e80-\ud7ff\uf900-\ufaff\ufb50-\ufdff]{2,}")


def _find(pair: Pair) -> Iterator[Finding]:
    source, target = pair.source.text, pair.target.text
    if (match := _ALIEN.search(target)) and not _ALIEN.search(source):
        yield _finding(
            "Bản dịch có chữ viết lạ.",
            "The translation has characters of a foreign script.",
            Span(*match.span()),
        )
        return
    if span := _left_vietnamese(pair):
        yield _finding(
            f"“{span.of(target)}” chưa được dịch.",
            f"“{span.of(target)}” was left in Vietnamese.",
            span,
        )
        return
    lower = pair.target.small
    if len(lower) < MIN_WORDS:
        return
    if span := _copied(pair):
        yield _finding("Câu chưa được dịch.", "The sentence is not translated.", span)
        return
    marked = (word for word in lower if not word.isascii() and _MARKED.fullmatch(word))
    if pair.target.language is Language.VI:
        wrong = not _has_as_many(marked, MIN_MARKED_VI * len(lower))
    else:
        wrong = sum(1 for _ in marked) > MAX_MARKED_EN * len(lower)
    if wrong:
        yield _finding(
            "Bản dịch không phải bằng ngôn ngữ đích.",
            "The translation is not in the target language.",
            Span(0, len(target)),
        )


def _has_as_many(words: Iterator[str], wanted: float) -> bool:
    """Whether there are so many words; the rest is not looked at."""
    return any(count >= wanted for count, _ in enumerate(words, 1))


def _left_vietnamese(pair: Pair) -> Span | None:
    """Lower-case words in a row, two at least, that English target and Vietnamese source share.

    At least one has a Vietnamese letter: "Prime Minister nhấn mạnh".
    """
    if pair.target.language is not Language.EN or pair.target.text.isascii():
        return None
    source = set(pair.source.small)
    words = pair.target.words
    for i, (first, second) in enumerate(pairwise(words)):
        two = (first[0], second[0])
        if source.issuperset(two) and any(_MARKED.fullmatch(word) for word in two):
            run = list(takewhile(lambda word: word[0] in source, words[i:]))
            if not kept_words().issuperset(word[0] for word in run):
                return Span(first.start(), run[-1].end())
    return None


def _copied(pair: Pair) -> Span | None:
    """The first words of the target that stand in the source as they are, one after the other.

    Whole quotations do where they are in the target language in the source.
    """
    shared = set(pair.source.small).intersection(pair.target.small)
    if len(shared) < COPIED_WORDS:
        return None
    source = [word[0] for word in pair.source.words]
    known = set(_runs(source, shared))
    # What stands in both texts in a third language is a quotation.
    own_words = (
        syllables()
        if pair.source.language is Language.VI
        else common_english() | left_english() | english_function_words()
    )
    target = pair.target.text
    quotes = quotes_in(pair.target.language, target)
    quoted = [span for span in quotes if span.of(target) in pair.source.text]
    for i, run in enumerate(_windows([word[0] for word in pair.target.words])):
        if run in known and any(map(own_words.__contains__, run)):
            own = pair.target.words[i : i + COPIED_WORDS]
            span = Span(own[0].start(), own[-1].end())
            if not any(q.start <= span.start and span.end <= q.end for q in quoted):
                return span
    return None


def _runs(words: Sequence[str], shared: set[str]) -> Iterator[tuple[str, ...]]:
    """The windows of words that are all shared, and not one word over and over."""
    for run in _windows(words):
        if shared.issuperset(run) and len(set(run)) > 1:
            yield run


def _windows(words: Sequence[str]) -> Iterator[tuple[str, ...]]:
    return zip(*(words[i:] for i in range(COPIED_WORDS)), strict=False)


def _finding(vi: str, en: str, span: Span) -> Finding:
    return Finding(ID, Severity.MAJOR, vi, en, target_span=span)


CHECK = Check(ID, "Is the target in its language?", _find)
