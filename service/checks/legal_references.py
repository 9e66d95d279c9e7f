"""Are document numbers, articles, clauses and points carried over?"""

import re
from collections.abc import Iterator

from service.article import Finding, Language, Severity, Span
from service.checks.base import Check, Pair, Side
from service.text.syllables import strip_diacritics
from service.text.verbatim import Kind

ID = "legal-references"

# e.g. 15/2024/NĐ-CP, 1234/QĐ-TTg, 57-NQ/TW
_DOCUMENT = re.compile(
    r"(?<![\w/])\d{1,5}(?:/\d{4})?(?:/[A-ZĐ]{2,}\d{0,2}|-[A-ZĐ]{2,})(?:[-/&][A-ZĐ][A-Za-zđĐ]*\d{0,2})*(?!\w)"
)
_NUMBERED = re.compile(r"\d[/-][A-ZĐ]")  # what every document number has in it
_PARTS = {
    Language.VI: {
        "điều": "article",
        "khoản": "clause",
        "điểm": "point",
        "chương": "chapter",
    },
    Language.EN: {
        "article": "article",
        "articles": "article",
        "art.": "article",
        "clause": "clause",
        "clauses": "clause",
        "paragraph": "clause",
        "paragraphs": "clause",
        "point": "point",
        "points": "point",
        "item": "point",
        "items": "point",
        "chapter": "chapter",
        "chapters": "chapter",
    },
}
_VALUE = r"(?:\d{1,3}[a-zđ]?|[IVXLC]+|[a-zđ])"
# "khoản 2 triệu" is an amount of money, "điều 3 người biết" is a thing known to three.
_NO_AMOUNT = (
    r"(?!%|[.,]\d| (?:trăm|nghìn|ngàn|triệu|tỷ|tỉ|người|năm|tháng|ngày|lần|đồng|million|billion)\b)"
)
_PART = {
    # e.g. "Điều 5", "các khoản 1, 2 và 3"; "Articles 5 and 6"
    language: re.compile(
        rf"\b({'|'.join(map(re.escape, names))}) "
        rf"({_VALUE}(?:(?:, ?| và | and |, and | hoặc | or ){_VALUE})*)\b{_NO_AMOUNT}",
        re.IGNORECASE,
    )
    for language, names in _PARTS.items()
}
# Words that "điểm" ends or follows where it is a point of a scale or in time: "đạt điểm 3,4".
_SCORE = re.compile(
    r"(?:cao|đạt|địa|thời|trọng|quan|số|tổng|được|ghi|cho|dưới|trên|hơn|thấp|yếu|ưu|khuyết)\s$",
    re.IGNORECASE,
)
_CHAPTERS = frozenset({"chapter", "chapters"})
_ONE = re.compile(rf"\b{_VALUE}\b")


def _find(pair: Pair) -> Iterator[Finding]:
    yield from _documents(pair)
    yield from _citations(pair)
    source = set(_parts(pair.source))
    if not source:
        return
    target = {(kind, value) for kind, value, _ in _parts(pair.target)}
    for kind, value, span in sorted(source, key=lambda part: part[2]):
        if (kind, value) not in target:
            shown = span.of(pair.source.text)
            yield Finding(
                ID,
                Severity.MAJOR,
                f"Dẫn chiếu “{shown}” không có trong bản dịch.",
                f"The reference “{shown}” is not in the translation.",
                source_span=span,
            )


def _documents(pair: Pair) -> Iterator[Finding]:
    if not _NUMBERED.search(pair.source.text):
        return
    target = {plain_reference(match[0]) for match in _DOCUMENT.finditer(pair.target.text)}
    for match in _DOCUMENT.finditer(pair.source.text):
        if plain_reference(match[0]) not in target:
            yield Finding(
                ID,
                Severity.MAJOR,
                f"Số hiệu văn bản “{match[0]}” không có trong bản dịch.",
                f"The document number “{match[0]}” is not in the translation.",
                source_span=Span(*match.span()),
            )


def _citations(pair: Pair) -> Iterator[Finding]:
    """Citations of United States law, which are written alike in both languages."""
    cited = [one for one in pair.source.verbatim if one.kind is Kind.CITATION]
    target = pair.target.text.replace(" ", "").replace(".", "") if cited else ""
    for one in cited:
        shown = one.span.of(pair.source.text)
        if shown.replace(" ", "").replace(".", "") not in target:
            yield Finding(
                ID,
                Severity.MAJOR,
                f"Dẫn chiếu “{shown}” không có trong bản dịch.",
                f"The reference “{shown}” is not in the translation.",
                source_span=one.span,
            )


def plain_reference(reference: str) -> str:
    """A document number without marks and case, as English texts often write it.

    >>> plain_reference("15/2024/NĐ-CP")
    '15/2024/ND-CP'
    """
    return strip_diacritics(reference).upper()


def _parts(side: Side) -> Iterator[tuple[str, str, Span]]:
    """(kind, value, span) of every article, clause, point and chapter."""
    names = _PARTS[side.language]
    if not any(name in side.lower for name in names):
        return
    for match in _PART[side.language].finditer(side.text):
        if not match[1][0].isupper() and not any(c.isdigit() for c in match[2]):
            continue
        if match[1] == "điểm" and _SCORE.search(
            side.text, max(0, match.start() - 7), match.start()
        ):
            continue
        for value in _ONE.finditer(side.text, match.start(2), match.end(2)):
            # "Point I to him" is no point; a chapter has a number in whatever sentence.
            if value[0] != "I" or side.language is Language.VI or match[1].lower() in _CHAPTERS:
                yield (
                    names[match[1].lower()],
                    strip_diacritics(value[0]).lower(),
                    Span(*value.span()),
                )


CHECK = Check(ID, "Are document numbers, articles and clauses carried over?", _find)
