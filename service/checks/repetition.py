"""Does the target repeat itself, as decoders in a loop do?"""

import re
import zlib
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence

from service.article import Finding, Severity, Span
from service.checks.base import Check, Pair

ID = "repetition"

# The same words three times in a row: 0 of 5,988 human sentences.
MIN_REPEATS = 3
MAX_PERIOD_WORDS = 24
# Length over length compressed by zlib: above 2.4 was 1 of 5,988 human sentences of this size.
MAX_COMPRESSION = 2.4
MIN_COMPRESSED_CHARS = 20
MAX_PLACES = 50  # of a word: where it stands more often, all periods are tried
MIN_LOOP_CHARS = 8  # letters of a word that repeats eight times what it is made of
# Texts of which more words are different are not compressed at all: they never reach the above.
MAX_DIFFERENT_WORDS = 0.6
_TOKEN = re.compile(r"\w+")
# e.g. "hahahahahahahaha"; rows of points and dashes are furniture of forms, not loops.
_CHARS = re.compile(r"([^\W_]{1,6}?)\1{7,}")


def _find(pair: Pair) -> Iterator[Finding]:
    span = find_loop(pair.target.text)
    if span is None or find_loop(pair.source.text) is not None:
        return
    yield Finding(
        ID,
        Severity.MAJOR,
        "Bản dịch lặp lại nhiều lần cùng một đoạn.",
        "The translation repeats the same words over and over.",
        target_span=span,
    )


def find_loop(text: str) -> Span | None:
    """Where words, or letters inside a word, are repeated in a row.

    >>> find_loop("Ông nói rằng, rằng, rằng, rằng.")
    Span(start=8, end=30)
    >>> find_loop("Xa, xa mãi.") is None
    True
    """
    own = _TOKEN.findall(text)
    words = [word.lower() for word in own]
    different = len(set(words))
    if len(words) - different >= MIN_REPEATS - 1:
        for period in _periods(words):
            found = _loop_of(words, period)
            if found is not None:
                tokens = list(_TOKEN.finditer(text))
                return Span(tokens[found[0]].start(), tokens[found[1] - 1].end())
    for place, word in enumerate(own):
        if len(word) >= MIN_LOOP_CHARS and not word.isdigit() and _CHARS.search(word):
            return Span(*list(_TOKEN.finditer(text))[place].span())
    if len(text) >= MIN_COMPRESSED_CHARS and different <= MAX_DIFFERENT_WORDS * len(words):
        raw = text.encode("utf-8", "replace")
        if len(raw) > MAX_COMPRESSION * len(zlib.compress(raw)):
            return Span(0, len(text))
    return None


def _periods(words: Sequence[str]) -> Iterable[int]:
    """After how many words some word stands again, and again after as many."""
    longest = min(MAX_PERIOD_WORDS, len(words) // MIN_REPEATS)
    counts = Counter(words)
    places: dict[str, list[int]] = {
        word: [] for word, count in counts.items() if count >= MIN_REPEATS
    }
    for i, word in enumerate(words):
        if word in places:
            places[word].append(i)
    often = places.values()
    if any(len(own) > MAX_PLACES for own in often):
        return range(1, longest + 1)
    return sorted(
        {
            period
            for own in often
            for i, first in enumerate(own)
            for second in own[i + 1 : i + 1 + longest]
            if (period := second - first) <= longest and second + period in own
        }
    )


def _loop_of(words: list[str], period: int) -> tuple[int, int] | None:
    """First and one past the last word of a loop of this period."""
    run = 0
    for i in range(period, len(words)):
        if words[i] == words[i - period]:
            run += 1
        else:
            if run >= period * (MIN_REPEATS - 1):
                return i - run - period, i
            run = 0
    if run >= period * (MIN_REPEATS - 1):
        return len(words) - run - period, len(words)
    return None


CHECK = Check(ID, "Is the target free of loops?", _find)
