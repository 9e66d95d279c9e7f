"""One spelling for each Vietnamese person and place over the whole document.

Models drop tone marks here and keep them there, and invent some for names that came without. A
name keeps its letters; only the marks are set, so that no offset changes. Later mentions by the
given name, "ông Hùng" and "Mr Hung", are spelt as the last word of the full name is.
"""

import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from enum import StrEnum

from service.article import Draft, Language, Segment, Span
from service.checks.base import Side
from service.checks.names import vietnamese_names
from service.text.phrases import fold, lower
from service.text.syllables import strip_diacritics, syllables

RUNG = "+names"  # behind the rung of a draft whose names were spelt here

Name = tuple[str, ...]


class NameStyle(StrEnum):
    """How Vietnamese names are written in English."""

    KEEP = "keep"  # with the marks that they have in the source
    ASCII = "ascii"  # without any


def spell_names(
    segments: Sequence[Segment], drafts: Sequence[Draft], target: Language, style: NameStyle
) -> list[Draft]:
    """The drafts with every name in one spelling; `style` is for English targets.

    A name is spelt as the source does most often, where it has marks there. One that comes without
    is left so, since a model's marks are guesses and may be another person's, unless the gazetteer
    knows it. A given name behind a form of address is spelt as in the full name. Drafts that
    changed have "+names" behind their rung.
    """
    names = [
        list(dict.fromkeys(_names(segment.text, target.other))) if draft.rung != "kept" else []
        for segment, draft in zip(segments, drafts, strict=True)
    ]
    names = _everywhere(names, segments, drafts, target.other)
    spelling = _spellings(names, drafts)
    given = _given_names(spelling.values())
    answers = []
    for segment, own, draft in zip(segments, names, drafts, strict=True):
        text = _respelt(draft.target, [spelling[name] for name in own])
        if draft.rung != "kept":
            text = _with_given_names(text, segment.text, target, given)
        if style is NameStyle.ASCII and target is Language.EN:
            text = without_marks(draft.target)
        changed = text != draft.target
        rung = draft.rung.removesuffix(RUNG) + RUNG
        answers.append(replace(draft, target=text, rung=rung) if changed else draft)
    return answers


def _names(text: str, language: Language) -> Iterator[Name]:
    """The people and small places of a text, and whoever is called ông or bà by a whole name."""
    yield from vietnamese_names(text, language)
    if language is Language.VI:
        for match in _ADDRESSED.finditer(text):
            words = tuple(match["name"].split(" "))
            if all(lower(word) in syllables() for word in words):
                yield words


def _everywhere(
    names: Sequence[Sequence[Name]],
    segments: Sequence[Segment],
    drafts: Sequence[Draft],
    language: Language,
) -> list[list[Name]]:
    """The names of each segment, with those that only others tell for names: "Gia Bình" alone.

    Provinces and the like have English names of their own.
    """
    known = {name: " ".join(name) for own in names for name in own if _has_marks(name)}
    known = {name: text for name, text in known.items() if not Side(text, language).gazetted}
    patterns = {
        name: re.compile(rf"(?<!\w){re.escape(text)}(?!\w)") for name, text in known.items()
    }
    return [
        [*own, *(n for n in known if n not in own and patterns[n].search(segment.text))]
        if draft.rung != "kept"
        else []
        for own, segment, draft in zip(names, segments, drafts, strict=True)
    ]


def _key(name: Name) -> Name:
    """What two spellings of one name share."""
    return tuple(strip_diacritics(word).lower() for word in name)


def _has_marks(name: Name) -> bool:
    return any(strip_diacritics(word) != word for word in name)


def _spellings(names: Sequence[Sequence[Name]], drafts: Sequence[Draft]) -> dict[Name, Name]:
    """The spelling for each name of the source, whatever it has for a spelling itself."""
    counts = Counter(name for own in names for name in own)
    marked: dict[Name, Counter[Name]] = defaultdict(Counter)  # by letters, of the sources
    people: dict[Name, Counter[Name]] = defaultdict(Counter)  # by letters and marks
    for name, count in counts.items():
        people[_folded(name)][name] += count
        if _has_marks(name):
            marked[_key(name)][name] += count
    written: dict[Name, Counter[Name]] = defaultdict(Counter)  # by letters, of the targets
    for own, draft in zip(names, drafts, strict=True):
        for key in {_key(name) for name in own if not _has_marks(name)}:
            spelt = (tuple(span.of(draft.target).split()) for span in _places(draft.target, key))
            written[key].update(name for name in spelt if _is_known(name))
    answers = {}
    for name in counts:
        key = _key(name)
        one_person = len({_folded(other) for other in marked[key]}) == 1
        if _has_marks(name):
            answers[name] = people[_folded(name)].most_common(1)[0][0]
        elif one_person:
            answers[name] = marked[key].most_common(1)[0][0]
        else:
            answers[name] = written[key].most_common(1)[0][0] if written[key] else name
    return answers


def _is_known(name: Name) -> bool:
    """Whether this spelling is the gazetteer's, as of "Hồ Chí Minh"."""
    return _has_marks(name) and bool(Side(" ".join(name), Language.VI).gazetted)


# "ông Hùng" and "Mr. Hung", not "ông Hùng Vương": a form of address and one word of a name
_CAPITAL = r"[^\W\d_a-zà-öø-ÿăđĩũơưạ-ỹ][^\W\d_]*"
# e.g. "Ông Bá Văn Tư", whose surname is in no list
_ADDRESSED = re.compile(
    rf"\b(?:[Ôô]ng|[Bb]à|[Đđ]ồng chí) (?P<name>{_CAPITAL}(?: {_CAPITAL}){{1,3}})"
    rf"(?![\w-]| {_CAPITAL})"
)
_SHORT = {
    Language.VI: re.compile(
        rf"\b(?:[Ôô]ng|[Bb]à|[Aa]nh|[Cc]hị|[Cc]ô|[Đđ]ồng chí) (?P<name>{_CAPITAL})"
        rf"(?! {_CAPITAL})(?![\w-])"
    ),
    Language.EN: re.compile(
        rf"\b(?:Mr|Ms|Mrs|Miss|Madam|[Cc]omrade)\.? (?P<name>{_CAPITAL})"
        rf"(?! {_CAPITAL})(?![\w-])"
    ),
}


def _given_names(names: Iterable[Name]) -> dict[str, str]:
    """The given names of people by their letters; none where two people differ in marks."""
    spelt: dict[str, set[str]] = defaultdict(set)
    for name in names:
        if len(name) > 1:
            spelt[lower(strip_diacritics(name[-1]))].add(name[-1])
    return {key: own.pop() for key, own in spelt.items() if len({*map(fold, own)}) == 1}


def _with_given_names(text: str, source: str, target: Language, given: Mapping[str, str]) -> str:
    """The target with given names behind forms of address as the source or the full name has them.

    Marks of the source win; where it has none, those of the full name are taken.
    """
    wanted: dict[str, str] = {}
    for match in _SHORT[target.other].finditer(source):
        word = match["name"]
        key = lower(strip_diacritics(word))
        if strip_diacritics(word) != word and lower(word) in syllables():
            wanted[key] = word
        elif key in given:
            wanted[key] = given[key]
    pieces, at = [], 0
    for match in _SHORT[target].finditer(text) if wanted else ():
        word = match["name"]
        spelt = wanted.get(lower(strip_diacritics(word)), word)
        start, end = match.span("name")
        pieces += [text[at:start], spelt.upper() if word.isupper() and len(word) > 1 else spelt]
        at = end
    return "".join([*pieces, text[at:]])


def _folded(name: Name) -> Name:
    return tuple(fold(word) for word in name)


def _places(text: str, key: Name) -> list[Span]:
    """Where a text has a name, with any marks."""
    plain = lower(strip_diacritics(text))
    if len(plain) != len(text):  # not in composed form: offsets would not fit
        return []
    found, needle = [], " ".join(key)
    at = plain.find(needle)
    while at >= 0:
        end = at + len(needle)
        alone = not plain[at - 1 : at].isalnum() and not plain[end : end + 1].isalnum()
        if alone and text[at].isupper():
            found.append(Span(at, end))
        at = plain.find(needle, end)
    return found


def _respelt(text: str, names: Sequence[Name]) -> str:
    """The text with each name as given; of two names with the same letters, neither."""
    keys = Counter(map(_key, dict.fromkeys(names)))
    for name in names:
        key = _key(name)
        for span in _places(text, key) if keys[key] == 1 else ():
            own = " ".join(name)
            own = own.upper() if span.of(text).isupper() else own
            text = text[: span.start] + own + text[span.end :]
    return text


# A word that is no part of a document number such as "15/2024/NĐ-CP", e.g. "Đà".
_WORD = re.compile(r"(?<![\w/])(?<![A-ZĐ]-)[^\W\d_]+(?![\w/]|-[A-ZĐ])")
_ONLY_VIETNAMESE = re.compile("[ăđơưĂĐƠƯ\u1ea0-\u1ef9]")  # e.g. "ễ"; "é" is French as well


def without_marks(text: str) -> str:
    """English text with its Vietnamese names in plain letters; words of other languages stay.

    >>> without_marks("Mr Lê Hà went to Đà Nẵng by the café of São Paulo, under 15/2024/NĐ-CP.")
    'Mr Le Ha went to Da Nang by the café of São Paulo, under 15/2024/NĐ-CP.'
    """
    pieces, at = [], 0
    for run in _runs(text):
        words = run.of(text).split(" ")
        known = [lower(word) in syllables() for word in words]
        pieces.append(text[at : run.start])
        pieces.append(
            " ".join(
                strip_diacritics(word)
                if _ONLY_VIETNAMESE.search(word) or (own and _is_alone_or_named(n, words, known))
                else word
                for n, (word, own) in enumerate(zip(words, known, strict=True))
            )
        )
        at = run.end
    return "".join([*pieces, text[at:]])


def _is_alone_or_named(n: int, words: Sequence[str], known: Sequence[bool]) -> bool:
    """Whether a syllable has a Vietnamese neighbour, or none at all: "São" has "Paulo"."""
    beside = [i for i in (n - 1, n + 1) if 0 <= i < len(words) and words[i] not in _TITLES]
    return not beside or any(known[i] for i in beside)


_TITLES = frozenset({"Mr", "Ms", "Mrs", "Miss", "Dr", "Comrade", "Professor", "General"})


def _runs(text: str) -> list[Span]:
    """Words with a capital that stand side by side."""
    runs: list[Span] = []
    for word in _WORD.finditer(text):
        if not word[0][0].isupper():
            continue
        if runs and text[runs[-1].end : word.start()] == " ":
            runs[-1] = Span(runs[-1].start, word.end())
        else:
            runs.append(Span(*word.span()))
    return runs
