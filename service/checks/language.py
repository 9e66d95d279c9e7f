"""Is the target in its language, and translated at all?"""

import re
from collections.abc import Iterator

from service.article import Finding, Language, Severity, Span
from service.checks.base import Check, Pair

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
_LOWER = re.compile(r"\b[^\W\d_]+\b")
_ALIEN = re.compile("[\u0370-\u1dff\u2c00-\u2dff\u2e80-\ud7ff\uf900-\ufaff\ufb50-\ufdff]{2,}")
_COMPARED = re.compile(r"[^\W\d_]{2,}")


def _find(pair: Pair) -> Iterator[Finding]:
    source, target = pair.source.text, pair.target.text
    if (match := _ALIEN.search(target)) and not _ALIEN.search(source):
        yield _finding(
            "Bản dịch có chữ viết lạ.",
            "The translation has characters of a foreign script.",
            Span(*match.span()),
        )
        return
    lower = [word for word in _LOWER.findall(target) if word.islower()]
    if len(lower) < MIN_WORDS:
        return
    if _same(source, target):
        yield _finding(
            "Câu chưa được dịch.", "The sentence is not translated.", Span(0, len(target))
        )
        return
    if span := _copied(source, target):
        yield _finding("Một phần của câu chưa được dịch.", "A part is not translated.", span)
        return
    marked = sum(_MARKED.fullmatch(word) is not None for word in lower) / len(lower)
    wrong = (
        marked < MIN_MARKED_VI if pair.target.language is Language.VI else marked > MAX_MARKED_EN
    )
    if wrong:
        yield _finding(
            "Bản dịch không phải bằng ngôn ngữ đích.",
            "The translation is not in the target language.",
            Span(0, len(target)),
        )


def _copied(source: str, target: str) -> Span | None:
    """The first words of the target that stand in the source as they are, one after the other."""
    tokens = list(_COMPARED.finditer(target))
    words = _COMPARED.findall(source)
    known = {
        tuple(words[i : i + COPIED_WORDS])
        for i in range(len(words) - COPIED_WORDS + 1)
        if all(word.islower() for word in words[i : i + COPIED_WORDS])
    }
    for i in range(len(tokens) - COPIED_WORDS + 1):
        own = tokens[i : i + COPIED_WORDS]
        if tuple(token[0] for token in own) in known:
            return Span(own[0].start(), own[-1].end())
    return None


def _same(source: str, target: str) -> bool:
    return [w.lower() for w in _COMPARED.findall(source)] == [
        w.lower() for w in _COMPARED.findall(target)
    ]


def _finding(vi: str, en: str, span: Span) -> Finding:
    return Finding(ID, Severity.MAJOR, vi, en, target_span=span)


CHECK = Check(ID, "Is the target in its language?", _find)
