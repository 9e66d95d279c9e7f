"""Names that a translation copies: put back as the source spells them, and looked for as a whole.

Models write names piece by piece and slip: "Kings" for "Kingsway", "Glynnn" for "Glynn",
"Müslürses" for "Müslüm Gürses". Where the source has a name that the target lacks, and the target
a word that neither language knows and that is much like it, the name is put in its place.
"""

import re
from collections.abc import Iterator, Sequence, Set
from dataclasses import dataclass
from difflib import SequenceMatcher
from functools import cache, lru_cache
from itertools import pairwise

from service.article import Language, Span
from service.checks.english_names import certain_names, has_english_ending
from service.checks.gazetteer import gazetteer
from service.checks.vocabulary import read_table
from service.glossary import touches
from service.rules.words import common_english
from service.text.english_words import Spelling, spelling_of
from service.text.syllables import plain_syllables, strip_diacritics

MIN_CHARS = 4  # shorter names are like too much else
MIN_ACRONYM_CHARS = 3  # "AI", "TV", "UN" are words as well
MAX_WORDS = 6  # of a name that is looked for in one word of the target
MAX_NAMES = 40  # of a segment; a sentence with more is a table
# Letters in common, as a share of both words' letters: "kings" and "kingsway" have 0.77, "italy"
# and "italia" 0.73. Chosen where human translations (FLORES dev, news.dev) stay as they are.
MIN_ALIKE = 0.75
_WORD = re.compile(r"[^\W\d_]+(?:[-'’][^\W\d_]+)*")  # e.g. "O'Neill", "Saint-Denis"
_HYPHEN = re.compile(r"[-'’]")
_VIETNAMESE = re.compile("[ăđơưĂĐƠƯ\u1ea0-\u1ef9]")
_POSSESSIVE = re.compile(r"['’]s?$")  # e.g. "Glynn's"
# What makes another word of a name: "Venezuelans" are "người Venezuela", "Ukraine" is "Ukraina".
_DERIVED = re.compile(r"(?:s|es|n|ns|an|ans|ian|ians|ean|ese|ish|i|is|ic|er|ers|h|a|e|y|o|ia|)")
_STEM_END = re.compile(r"(?:a|e|y|o|ia|istan|)")
_JOINED = (" ", "'s ", "’s ")  # two words of one name: "Black Beauty", "King's Glory"
_TREBLED = re.compile(r"([^\W\d_])\1\1")  # e.g. "Jazzz"
_OPENS = re.compile(r"(?:^|[.!?:\"“‘'(*–—-])\s*\Z")  # before a word whose capital says nothing
# Endings of English words that are no names: "Estonian", "Gerontology". Names have "-al", "-ed",
# "-ly" and "-way" as well: Namgyal, Ethelred, Beverly, Kingsway.
_ENGLISH = re.compile(
    r"(?:[ie]ans?|ese|ish|[ts]ions?|ments?|log(?:y|ist|ical|ies)|isms?|ships?|hood|ness|ings?)$"
)


@dataclass(frozen=True, slots=True)
class _Word:
    text: str
    plain: str  # lower case, without marks
    span: Span


def restore_names(source: str, target: str, language: Language) -> str:
    """`target` with each misspelt name as the `source`, which is in `language`, spells it.

    >>> restore_names("They went up Kingsway.", "Họ đi lên Kingsw.", Language.EN)
    'Họ đi lên Kingsway.'
    """
    if source.isupper() or target.isupper():
        return target
    ours, theirs = _words(source), _words(target)
    names = list(_lost_names(ours, source, {word.plain for word in theirs}, language))
    if not names and _TREBLED.search(target) is None:
        return target
    known = {word.plain for word in ours}
    tried = 0
    for place in reversed(range(len(theirs))):
        stray = theirs[place]
        if stray.plain in known or not stray.text[0].isupper():
            continue
        beside = _is_beside(target, theirs[max(0, place - 1) : place + 2], known)
        if not _is_stray(stray, language.other, beside=beside):
            continue
        tried += 1
        if tried > MAX_NAMES:
            break
        doubled = _TREBLED.sub(r"\1\1", stray.plain)
        alike = [*names, *((word,) for word in ours if word.plain == doubled)]
        best = max(alike, key=lambda name: _alike(name, stray), default=None)
        if best is not None and _alike(best, stray) >= MIN_ALIKE:
            names = [name for name in names if not set(name) & set(best)]
            spelt = source[best[0].span.start : best[-1].span.end]
            target = target[: stray.span.start] + spelt + target[stray.span.end :]
    return target


def half_lost_names(source: str, target: str) -> list[Span]:
    """Names of an English source that the Vietnamese target should have as they are, and has not.

    Those are acronyms, and names of several words of which some were copied and some not:
    "Black Beauty" is neither "Beauty" nor "Beauty Đen". Spans lie in the source.

    >>> source = "How fast Black Beauty is!"
    >>> [span.of(source) for span in half_lost_names(source, "Beauty nhanh biết bao!")]
    ['Black Beauty']
    """
    if source.isupper():
        return []
    words = _words(source)
    there = _plain_parts(target)
    spans = [word.span for word in words if _is_lost_acronym(word, there)]
    for run in _copied_runs(source, words):
        lost = [word.plain not in there for word in run]
        if any(lost) and not all(lost):
            spans.append(Span(run[0].span.start, run[-1].span.end))
    spans = [*spans, *_halves(source, words, there)][:MAX_NAMES]
    apart = [span for span in spans if not touches(span, [o for o in spans if o != span])]
    return sorted(apart)


def _is_lost_acronym(word: _Word, there: Set[str]) -> bool:
    return (
        len(word.text) >= MIN_ACRONYM_CHARS
        and word.text.isupper()
        and word.text not in _translated_acronyms()
        and word.plain not in there
    )


def _halves(source: str, words: Sequence[_Word], there: Set[str]) -> Iterator[Span]:
    """Names whose last word is English and was copied, and whose first was translated.

    What stands in English was taken for a name: "Bắc Rock" is half of "Northern Rock". Titles and
    kinds are translated: "Tổng thống Bush" is all of "President Bush".
    """
    for first, last in pairwise(words):
        if (
            source[first.span.end : last.span.start] in _JOINED
            and first.text.istitle()
            and last.text.istitle()
            and first.plain not in there
            and first.text not in _never_copied()
            and gazetteer().nouns.search(strip_diacritics(first.text)) is None
            and _is_copied_english(last, there)
            and not _is_copied_english(first, there)
            and not _opens(source, first)
        ):
            yield Span(first.span.start, last.span.end)


def _is_copied_english(word: _Word, there: Set[str]) -> bool:
    """Whether a common word of English stands in the Vietnamese target, where it is no word."""
    return (
        len(word.text) >= MIN_CHARS
        and word.plain in there
        and word.plain in common_english()
        and word.plain not in plain_syllables()
    )


def torn_names(source: str, target: str) -> list[Span]:
    """Names of an English source of which the target has the end, glued to something else.

    >>> source = "The fire left little of Drukgyal Dzong."
    >>> [span.of(source) for span in torn_names(source, "Tiến sĩukgyal Dzong còn ít.")]
    ['Drukgyal']
    """
    there = _plain_parts(target)
    ends = {word[-MIN_CHARS:] for word in there if len(word) > MIN_CHARS}
    return [
        word.span
        for word in _words(source)
        if word.text[0].isupper()
        and len(word.text) > MIN_CHARS
        and word.plain not in there
        and word.plain[-MIN_CHARS:] in ends
    ][:MAX_NAMES]


def foreign_words(source: str, target: str) -> list[Span]:
    """English words of a Vietnamese source that the English target lacks.

    >>> source = "Cánh cửa các casino đã mở cho người Việt."
    >>> [span.of(source) for span in foreign_words(source, "The door of sòng bạc is open.")]
    ['casino']
    """
    there = _plain_parts(target)
    return [
        word.span
        for word in _words(source)
        if len(word.text) >= MIN_CHARS
        and word.text.isascii()
        and word.plain not in plain_syllables()
        and word.plain not in there
        and spelling_of(word.plain) is not Spelling.NONE
    ][:MAX_NAMES]


def dropped_names(source: str, before: str, after: str, language: Language) -> frozenset[str]:
    """Words of names of the `source` that the target had `before` and has not `after`.

    They are in lower case without marks; `language` is that of the source.

    >>> sorted(dropped_names("He met Jane.", "Ông đã gặp Jane.", "Ông gặp bà.", Language.EN))
    ['jane']
    """
    there = {word.plain for word in _words(before)}
    squeezed = "".join(word.plain for word in _words(after))
    return frozenset(
        word.plain
        for word in _words(source)
        if word.text[0].isupper()
        and word.plain in there
        and word.plain not in squeezed
        and word.plain not in common_english()
        and not (language is Language.EN and _is_english(word.text))
    )


def whole_name(source: str, span: Span) -> Span:
    """A part of a name of an English source, with its neighbours that are copied with it.

    >>> source = "the New Hampshire regiment"
    >>> whole_name(source, Span(8, 17)).of(source)
    'New Hampshire'
    """
    for run in _copied_runs(source, _words(source)):
        if any(word.span.start < span.end and span.start < word.span.end for word in run):
            start, end = run[0].span.start, run[-1].span.end
            return Span(min(start, span.start), max(end, span.end))
    return span


def _copied_runs(source: str, words: Sequence[_Word]) -> Iterator[list[_Word]]:
    """Words side by side that a Vietnamese text copies together; two or more."""
    run: list[_Word] = []
    for word in words:
        if run and source[run[-1].span.end : word.span.start] != " ":
            yield from [run] if len(run) > 1 else []
            run = []
        common = word.text in _copied_words() and not _opens(source, word)
        if common or (_is_copied(word, Language.EN) and not has_english_ending(word.text)):
            run.append(word)
        else:
            yield from [run] if len(run) > 1 else []
            run = []
    yield from [run] if len(run) > 1 else []


def _opens(text: str, word: _Word) -> bool:
    """Whether a capital says nothing, since a sentence or a quotation begins here."""
    return _OPENS.search(text[max(0, word.span.start - 4) : word.span.start]) is not None


@lru_cache(maxsize=32)  # the drafts of one segment are looked at one after another
def _words(text: str) -> Sequence[_Word]:
    plain = strip_diacritics(text)
    if len(plain) != len(text):  # not in composed form: offsets would not fit
        return ()
    found = []
    for match in _WORD.finditer(text):
        start, end = match.span()
        if "'" in match[0] or "’" in match[0]:
            end -= len(match[0]) - len(_POSSESSIVE.sub("", match[0]))
        bare = plain[start:end].lower().replace("’", "'")
        found.append(_Word(text[start:end], bare, Span(start, end)))
    return found


@lru_cache(maxsize=32)
def _plain_parts(text: str) -> frozenset[str]:
    """The words of a text, and the parts of those with a hyphen."""
    words = {word.plain for word in _words(text)}
    return frozenset(words.union(*map(_HYPHEN.split, words)))


def _lost_names(
    words: Sequence[_Word], text: str, there: Set[str], language: Language
) -> Iterator[tuple[_Word, ...]]:
    """Names of the source that the target lacks: each lost word, and runs of them."""
    run: list[_Word] = []
    count = 0
    for word in words:
        is_lost = word.plain not in there and _is_copied(word, language)
        if run and (not is_lost or text[run[-1].span.end : word.span.start] != " "):
            yield from _parts(run)
            run = []
        if is_lost and count < MAX_NAMES:
            run.append(word)
            count += 1
    yield from _parts(run)


def _parts(run: Sequence[_Word]) -> Iterator[tuple[_Word, ...]]:
    for start in range(len(run)):
        for end in range(start + 1, min(len(run), start + MAX_WORDS) + 1):
            yield tuple(run[start:end])


def _is_copied(word: _Word, language: Language) -> bool:
    """Whether a word of the source is a name that its translation copies."""
    least = MIN_ACRONYM_CHARS if word.text.isupper() else MIN_CHARS
    if len(word.text) < least or not word.text[0].isupper() or _VIETNAMESE.search(word.text):
        return False
    if language is Language.VI:  # its acronyms are mostly translated
        syllables = (part in plain_syllables() for part in _HYPHEN.split(word.plain))
        return not word.text.isupper() and not all(syllables)
    if word.text.isupper():
        return word.text not in _translated_acronyms() and word.plain not in common_english()
    return not any(map(_is_english, _HYPHEN.split(word.text)))


def _is_beside(text: str, words: Sequence[_Word], known: Set[str]) -> bool:
    """Whether one of neighbouring words is a name that was copied."""
    return any(
        one.text[0].isupper()
        and other.text[0].isupper()
        and (one.plain in known) is not (other.plain in known)
        and text[one.span.end : other.span.start] == " "
        for one, other in pairwise(words)
    )


def _is_stray(word: _Word, language: Language, *, beside: bool) -> bool:
    """Whether a word with a capital is of no language: a name, or what is left of one.

    `beside` a name that was copied, a syllable may be one too: "Mit Romney".
    """
    if len(word.text) < MIN_CHARS - 1:
        return False
    if word.text in certain_names() or _VIETNAMESE.search(word.text):
        return False
    if beside and word.text.isascii():
        return True
    if language is Language.VI:
        return not all(part in plain_syllables() for part in _HYPHEN.split(word.plain))
    return not any(map(_is_english, _HYPHEN.split(word.text)))


def _is_english(word: str) -> bool:
    """Whether a word with a capital is English, or a name that Vietnamese has its own word for."""
    return (
        word.lower() in common_english()
        or word in _translated()
        or word.lower() in _forms_of_address()
        or _ENGLISH.search(word) is not None
        or gazetteer().nouns.search(strip_diacritics(word)) is not None
    )


def _alike(name: Sequence[_Word], stray: _Word) -> float:
    """Share of letters that a name and a stray word have in common; 0.0 for another form of it."""
    plain, other = "".join(word.plain for word in name), stray.plain
    at_most = 2 * min(len(plain), len(other)) / (len(plain) + len(other))
    if at_most < MIN_ALIKE or _is_derived(plain, other) or _is_derived(other, plain):
        return 0.0
    return SequenceMatcher(None, plain, other, autojunk=False).ratio()


def _is_derived(word: str, stem: str) -> bool:
    """Whether one word is made of the other by an ending: "Caribbean" of "Caribe" is not."""
    same = next(
        (n for n, (a, b) in enumerate(zip(word, stem, strict=False)) if a != b),
        min(len(word), len(stem)),
    )
    ended = _DERIVED.fullmatch(word[same:]) and _STEM_END.fullmatch(stem[same:])
    return same >= MIN_CHARS - 1 and ended is not None and _TREBLED.search(word) is None


@cache
def _translated() -> frozenset[str]:
    return frozenset(str(read_table("en", "translated_names.toml")["words"]).split())


@cache
def _forms_of_address() -> frozenset[str]:
    return frozenset(read_table("left_heads.toml")["address"])


@cache
def _copied_words() -> frozenset[str]:
    return frozenset(str(read_table("en", "copied_words.toml")["words"]).split())


@cache
def _never_copied() -> frozenset[str]:
    return frozenset(str(read_table("en", "copied_words.toml")["translated"]).split())


@cache
def _translated_acronyms() -> frozenset[str]:
    return frozenset(str(read_table("en", "copied_words.toml")["acronyms"]).split())
