"""The shorter sentences that are in a sentence: openings and tails left off, nothing put in.

What stays is one stretch of the sentence, word for word, that can be read by itself. Rules say what
may go (`service.rules.cuts`): adverbials at the head, additions at the tail. Speech keeps its
speaker, conditions and turns stay, and what is left has a predicate.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache

from service.article import Language, Span
from service.rules.cuts import NOTHING, cut_patterns
from service.text.standalone import count_words, is_bare_quote, needs_previous

MIN_KEPT_WORDS = 6
MIN_CLAUSE_WORDS = 5  # of the part that has the predicate
MIN_LAST_WORDS = 3  # after the last mark that is kept
MAX_PRESS_WORDS = 7  # "theo hãng tin Reuters", "AFP ngày 2/9 đưa tin"
MAX_PARTS = 14  # a sentence with more is a list, which is not cut
MAX_CHARS = 1500  # the same; it also bounds what rules cost

_LETTERS = re.compile("[ăđơưĂĐƠƯ\u1ea0-\u1ef9]")  # that only Vietnamese has: "Đường", "mưa"
_MARK = r"(?P<comma>\s*,\s)|(?P<semicolon>\s*;\s)|(?P<dash>\s+[–—-]\s+)"
_AND = re.compile(r"\s(?:và|hoặc|hay|and|or)\s")  # "A, B và C" is a list
_ENDS = " .!?…"
_PAIRED = (("“", "”"), ("«", "»"), ("(", ")"), ("[", "]"))


@dataclass(frozen=True, slots=True)
class _Parts:
    """A sentence cut at its marks; `marks[i]` is what stands before part `i`."""

    text: str
    spans: tuple[Span, ...]
    marks: tuple[str, ...]

    def heads(self) -> list[int]:
        """The parts with a mark before them, which joints have not."""
        return [i for i, mark in enumerate(self.marks) if mark != "joint"]

    def between(self, first: int, last: int) -> str:
        return self.text[self.spans[first].start : self.spans[last].end]

    def whole(self, head: int, last: int) -> str:
        """The part up to the next mark, with what joints have cut off it."""
        later = next((i for i in self.heads() if i > head), len(self.spans))
        return self.between(head, min(later - 1, last))


def shortenings(text: str) -> list[Span]:
    """Stretches of one sentence that can stand for it, without the whole itself.

    >>> text = "Sáng 2/9, tỉnh Lào Cai đã khởi công cây cầu mới, nhằm giảm ùn tắc."
    >>> for span in shortenings(text): print(span.of(text))
    Sáng 2/9, tỉnh Lào Cai đã khởi công cây cầu mới
    tỉnh Lào Cai đã khởi công cây cầu mới
    tỉnh Lào Cai đã khởi công cây cầu mới, nhằm giảm ùn tắc.
    """
    if len(text) > MAX_CHARS:
        return []
    language = Language.VI if _LETTERS.search(text) else Language.EN
    parts = _parts(text, language)
    if parts is None:
        return []
    found = []
    last = len(parts.spans) - 1
    for first in _beginnings(parts, language):
        for final in range(first, last + 1):
            if (first, final) == (0, last):
                continue
            kept = parts.between(first, final)
            ends = final == last or _may_end(parts, first, final, language)
            if ends and count_words(kept) >= MIN_KEPT_WORDS and _balanced(kept):
                end = len(text.rstrip()) if final == last else parts.spans[final].end
                if not _is_speech(text[parts.spans[first].start : end]):
                    found.append(Span(parts.spans[first].start, end))
    return sorted(found, key=lambda span: (span.start, span.end))


def as_sentence(text: str) -> str:
    """A stretch of a sentence written as one: a capital first, a mark last.

    >>> as_sentence("tỉnh khởi công cây cầu mới")
    'Tỉnh khởi công cây cầu mới.'
    """
    ended = text if text.rstrip("\"'”’»)").endswith((".", "!", "?", "…")) else f"{text}."
    return ended[:1].upper() + ended[1:]


def _parts(text: str, language: Language) -> _Parts | None:
    """The sentence cut at commas, semicolons, dashes and joints; None where there is no cut."""
    end = len(text.rstrip().rstrip(_ENDS))
    spans, marks, start = [], ["start"], 0
    for mark in _marks(language).finditer(text, 0, end):
        if not _balanced(text[: mark.start()]):
            continue
        spans.append(Span(start, mark.start()))
        marks.append(str(mark.lastgroup))
        start = mark.end()
        if len(spans) == MAX_PARTS:
            return None
    spans.append(Span(start, end))
    return _Parts(text, tuple(spans), tuple(marks)) if len(spans) > 1 else None


@lru_cache(maxsize=2)
def _marks(language: Language) -> re.Pattern[str]:
    joints = cut_patterns(language).get("joint")
    more = rf"|(?P<joint>(?<!\s)\s(?={joints.pattern}))" if joints else ""
    return re.compile(_MARK + more, re.IGNORECASE)


def _beginnings(parts: _Parts, language: Language) -> Iterator[int]:
    """The parts with which a shorter sentence may begin: all before them may go."""
    rules = cut_patterns(language)
    yield 0
    for before, head in zip(parts.heads(), parts.heads()[1:], strict=False):
        if not rules["opening"].match(parts.whole(before, len(parts.spans))):
            return
        own = parts.whole(head, len(parts.spans))
        adverbial = rules["opening"].match(own) is not None
        listed = _AND.search(own) is not None and count_words(own) <= MIN_KEPT_WORDS
        goes_on = rules["unit"].match(own) and rules["unit"].search(parts.whole(before, head - 1))
        verb = rules.get("predicate", NOTHING).match(own)  # whose subject would be gone
        bad = listed or any((rules["start"].match(own), goes_on, verb))
        if parts.marks[head] == "comma" and not bad and (adverbial or count_words(own) >= 4):
            yield head


def _may_end(parts: _Parts, first: int, final: int, language: Language) -> bool:
    """Whether a sentence may end after `final`, with all that follows left off."""
    if not _may_go(parts, final + 1, language):
        return False
    rules = cut_patterns(language)
    if rules["end"].search(parts.between(first, final)):
        return False
    ending = max(head for head in parts.heads() if head <= final)
    if ending > first and count_words(parts.whole(ending, final)) < MIN_LAST_WORDS:
        return False  # the items of a list
    clauses = (
        parts.whole(head, final)
        for head in parts.heads()
        if first <= head <= final
        and not any(rules[role].match(parts.whole(head, final)) for role in ("opening", "adverb"))
        and not (head > 0 and rules["start"].match(parts.whole(head, final)))
    )
    return any(
        count_words(clause) >= MIN_CLAUSE_WORDS and _has_predicate(clause, language)
        for clause in clauses
    )


def _may_go(parts: _Parts, first: int, language: Language) -> bool:
    """Whether a sentence may lose all its parts from `first` on."""
    rules = cut_patterns(language)
    last = len(parts.spans) - 1
    tail = parts.between(first, last)
    if parts.text.rstrip(' "”').endswith("?") or rules["tail"].match(tail):
        return False  # what is asked comes last
    if "may_go" in rules and not rules["may_go"].match(tail):
        return False
    if rules["reports"].search(_without_press(parts, first, language)):
        return False
    mark = parts.marks[first]
    if mark == "dash" and not tail[:1].islower():
        return False  # "Hà Nội - Hải Phòng"
    later = [head for head in parts.heads() if head >= first + (mark == "joint")]
    if any(rules["resumes"].match(parts.whole(head, last)) for head in later):
        return False
    if later[1:] and rules["aside"].match(tail):
        return False
    return mark == "joint" or not _goes_on_a_list(parts, first)


def _has_predicate(clause: str, language: Language) -> bool:
    rules = cut_patterns(language)
    if rules["marks"].search(clause):
        return True
    named = rules.get("noun", NOTHING).match(clause)
    return named is None and rules.get("predicate", NOTHING).search(clause) is not None


def _without_press(parts: _Parts, first: int, language: Language) -> str:
    """A tail without a newspaper named as the source in its last part."""
    press = cut_patterns(language).get("press", NOTHING)
    head = max(parts.heads())
    own = parts.between(head, len(parts.spans) - 1)
    if head < first or not press.match(own) or count_words(own) > MAX_PRESS_WORDS:
        return parts.between(first, len(parts.spans) - 1)
    return parts.between(first, head - 1) if head > first else ""


def _goes_on_a_list(parts: _Parts, head: int) -> bool:
    """Whether a part is an item of a list, or an apposition with the sentence going on after it."""
    own = parts.whole(head, len(parts.spans))
    goes_on = any(later > head for later in parts.heads())
    joined = _AND.search(own) is not None and count_words(own) <= 8
    return joined or (goes_on and count_words(own) <= 4)


def _is_speech(text: str) -> bool:
    """Whether someone's words are left without whose, or what the sentence leans on is gone."""
    return is_bare_quote(text) or needs_previous(text[:1].upper() + text[1:])


def _balanced(text: str) -> bool:
    """Whether all quotes and brackets that open also close."""
    pairs: Sequence[tuple[str, str]] = _PAIRED
    return text.count('"') % 2 == 0 and all(text.count(a) == text.count(b) for a, b in pairs)
