"""Vietnamese people by one word or two, shortened names, and names in another order."""

import re
from collections.abc import Iterable, Iterator, Sequence
from itertools import islice

from service.article import Finding, Language, Severity, Span
from service.checks.base import NAME, WORD, Pair, Side, lost
from service.checks.capitals import opens, plain
from service.checks.vocabulary import read_names
from service.glossary import touches
from service.rules.words import common_english
from service.text.syllables import plain_syllables

MAX_RUNS = 100  # of a segment are looked at
# e.g. "ông " of "ông Thanh"
_CALLED = re.compile(r"\b(?:[Ôô]ng|[Bb]à|[Aa]nh|[Cc]hị|[Cc]ô|em|[Cc]ụ|bác|chú) $")


def find_called(check: str, pair: Pair, named: Sequence[Span]) -> Iterator[Finding]:
    """Names of the source, beside those at `named`, of which words are lost: "ông Thanh".

    Noted only: translators write "he" for them. In Vietnamese most words with a capital are no
    names: there one is, after a form of address, or where another word of it came through.
    """
    source, target = pair.source, pair.target
    is_vi = source.language is Language.VI
    for run in islice(source.runs, MAX_RUNS):
        own = run[1:] if is_vi and opens(source.text, run[0]) else run
        words = [plain(token[0]) for token in own]
        if not words or not plain_syllables().issuperset(words):
            continue
        if not is_vi and any(w in common_english() or w in read_names().address for w in words):
            continue
        gone = [
            token
            for token, word in zip(own, words, strict=True)
            if word not in target.plain_words and word not in target.squeezed
        ]
        if not gone or touches(Span(own[0].start(), own[-1].end()), named):
            continue
        if source.owned[gone[0].start()]:  # "Dec. 3" is a date
            continue
        start = own[0].start()
        if is_vi and own[0] in gone:  # or the first word is a kind of place: "Quận"
            called = len(own) <= 2 and _CALLED.search(source.text, max(0, start - 5), start)
            if not called:
                continue
        span = Span(gone[0].start(), gone[-1].end())
        yield lost(check, span, source.text, NAME, Severity.MINOR)


def is_shortened(words: Sequence[str], run: Sequence[str], other: Side) -> bool:
    """Whether the other side has fewer words of a name: "Hùng" or "Kennedy" for the whole.

    `run` are the words with a capital that the name stands among.
    """
    own = {plain(word) for word in run}
    if len(own) < 2:
        return False
    if len(words) > 1:  # a Vietnamese person is called by the last word
        own = {plain(words[-1])}
    for theirs in islice(other.runs, MAX_RUNS):
        named = [w for w in (plain(token[0]) for token in theirs) if w not in common_english()]
        shared = own.intersection(named)
        titled = [word for word in named if word not in read_names().address]
        if shared and len(titled) < len(run) and len(titled) <= len(shared):
            return True
    return False


def find_turned(
    check: str, pair: Pair, names: Iterable[tuple[Sequence[str], Span]]
) -> Iterator[Finding]:
    """Vietnamese people of the source whose names stand in another order: Hung Nguyen Van."""
    target = pair.target
    for own, span in names:
        words = [plain(word) for word in own]
        if len(words) < 2 or not target.plain_words.issuperset(words):
            continue
        if f" {' '.join(words)} " in f" {' '.join(WORD.findall(target.plain))} ":
            continue
        for run in islice(target.runs, MAX_RUNS):
            others = [plain(token[0]) for token in run]
            for i in range(len(others) - len(words) + 1):
                if sorted(others[i : i + len(words)]) == sorted(words):
                    theirs = Span(run[i].start(), run[i + len(words) - 1].end())
                    yield _turned(check, pair, span, theirs)
                    break


def _turned(check: str, pair: Pair, own: Span, other: Span) -> Finding:
    was, now = own.of(pair.source.text), other.of(pair.target.text)
    return Finding(
        check,
        Severity.MAJOR,
        f"Tên “{was}” bị đảo thứ tự thành “{now}” trong bản dịch.",
        f"The name “{was}” stands in another order in the translation: “{now}”.",
        own,
        other,
    )
