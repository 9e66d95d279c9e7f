"""Is the target about as long as the source, with as many sentences?"""

import re
from collections.abc import Iterator

from service.article import Finding, Language, Severity, Span
from service.checks.base import Check, Pair

ID = "coverage"

# Characters of the Vietnamese over those of the English: median 1.05 on 997 FLORES dev pairs, all
# of them between 0.62 and 2.10.
MEDIAN_RATIO = 1.05
MIN_RATIO, MAX_RATIO = 0.55, 2.3
# Added to both lengths: short texts vary more.
SLACK_CHARS = 6
# Fewer sentences than the source and at most this share of the length that is usual.
MERGED_RATIO = 0.92
SHORT_RATIO = 0.86  # above it two sentences may have become one: that is only noted

# e.g. "Một. Hai", but not "the U.S. House" and "Mrs. Hoa"; what stands before the first mark is
# asked behind it, so that most of a text is skipped fast
_SENTENCE_END = re.compile(
    r"[.!?…](?<!\b[A-Z].)(?<!\bM[rs].)(?<!\bMrs.)(?<!\b[DS][rt].)(?<!\bNo.)(?<!\bTP.)(?<!\bProf.)"
    r"[.!?…]*[\"”’')\]»]*\s+(?=[\"“‘'(\[«]?[^\W\d_a-z])"
)


def _find(pair: Pair) -> Iterator[Finding]:
    source, target = pair.source.text.strip(), pair.target.text.strip()
    if not source:
        return
    if not target:
        yield _finding("Bản dịch trống.", "The translation is empty.", pair)
        return
    usual = MEDIAN_RATIO if pair.target.language is Language.VI else 1 / MEDIAN_RATIO
    ratio = (len(target) + SLACK_CHARS) / (len(source) * usual + SLACK_CHARS)
    if ratio < MIN_RATIO:
        yield _finding(
            "Bản dịch ngắn hơn hẳn bản gốc: có thể đã mất nội dung.",
            "The translation is much shorter than the source: text may be lost.",
            pair,
        )
    elif ratio > MAX_RATIO:
        yield _finding(
            "Bản dịch dài hơn hẳn bản gốc: có thể đã thêm nội dung.",
            "The translation is much longer than the source: text may be invented.",
            pair,
        )
    elif ratio < MERGED_RATIO and count_sentences(target) < count_sentences(source):
        yield _finding(
            "Bản dịch ngắn hơn và có ít câu hơn bản gốc.",
            "The translation is shorter and has fewer sentences than the source.",
            pair,
            Severity.MAJOR if ratio < SHORT_RATIO else Severity.MINOR,
        )


def count_sentences(text: str) -> int:
    """Sentences by their marks.

    >>> count_sentences("Một câu. Hai câu!"), count_sentences("In the U.S. Mr. Nam spoke.")
    (2, 1)
    """
    return len(_SENTENCE_END.findall(text)) + 1


def _finding(vi: str, en: str, pair: Pair, severity: Severity = Severity.MAJOR) -> Finding:
    whole = Span(0, len(pair.source.text)), Span(0, len(pair.target.text))
    return Finding(ID, severity, vi, en, *whole)


CHECK = Check(ID, "Is nothing dropped and nothing invented?", _find)
