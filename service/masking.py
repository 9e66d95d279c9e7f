"""Numbers, references, addresses and names behind placeholders, and back, exactly."""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from service.article import Language, Span
from service.text.clock import with_colons
from service.text.verbatim import find_verbatim

# One digit string with its inner separators, a document number.
_PROTECTED = re.compile(
    r"\b\d+/\d{4}/[A-ZĐ]+(?:-[A-ZĐ0-9]+)*"  # 15/2024/NĐ-CP
    r"|(?<![\d.,:/])(?:[01]?\d|2[0-4])[hg][0-5]\d(?!\w|[.,:/]\d)"  # 15h00, a time of day
    r"|\d+(?:[.,:/]\d+)*"
)
_DECIMAL = re.compile(r"\d+(?:[.,]\d+)+")
_SWAPPED = str.maketrans(".,", ",.")


# The indefinite article before a placeholder, at a word's start: "a ", "An ".
_INDEFINITE = re.compile(r"\b([Aa])n?\s+$")
_DEFINITE = re.compile(r"\b[Tt]he\s+$")
_SAID_WITH_VOWEL = re.compile(r"(?!uni|use|usu|eu|one)[aeiou]|hour|hon", re.IGNORECASE)
_SENTENCE_START = re.compile(r"(?:^|[.!?…]\s)[\s\"“‘'(]*$")  # e.g. "He came. "


@dataclass(frozen=True, slots=True)
class Masked:
    """A text with placeholders, and what each stands for in the target."""

    text: str
    replacements: tuple[tuple[str, str], ...]  # (placeholder, target text)
    target: Language

    def restore(self, target: str) -> str | None:
        """`target` with every placeholder replaced; None unless each stands there exactly once.

        What is put in begins with a capital where a sentence does, and an English article before
        it fits.
        """
        for placeholder, replacement in self.replacements:
            if target.count(placeholder) != 1:
                return None
            before, after = target.split(placeholder)
            if self.target is Language.EN:
                before = _fit_article(before, replacement)
            if _SENTENCE_START.search(before):
                replacement = replacement[:1].upper() + replacement[1:]
            target = before + replacement + after
        return target


def _fit_article(before: str, replacement: str) -> str:
    """The text before a term, with "a" or "an" as the term asks, and no article twice."""
    if replacement.lower().startswith("the ") and _DEFINITE.search(before):
        return _DEFINITE.sub("", before)
    if not replacement[:1].isalpha():
        return before
    vowel = _SAID_WITH_VOWEL.match(replacement) is not None
    return _INDEFINITE.sub(lambda match: f"{match[1]}{'n' * vowel} ", before)


def localise(number: str, target: Language) -> str:
    """A figure as the target language writes it; dates and references stay.

    >>> localise("1.234,5", Language.EN), localise("3.5", Language.VI)
    ('1,234.5', '3,5')
    >>> localise("18/3", Language.EN), localise("7h30", Language.EN)
    ('18/3', '7:30')
    """
    if not _DECIMAL.fullmatch(number):
        return with_colons(number) if target is Language.EN else number
    grouping, decimal = (".", ",") if target is Language.EN else (",", ".")
    written_for_source = number.count(decimal) <= 1 and (
        grouping not in number
        or all(len(group) == 3 for group in number.split(decimal)[0].split(grouping)[1:])
    )
    return number.translate(_SWAPPED) if written_for_source else number


# A number, or a range, alone: "21,2", "+45,3 %", "€1.500", "1,5-2,0"
_ALONE = re.compile(
    r"\s*[($€£₫+−–-]{0,3} ?(?P<first>\d+(?:[.,]\d+)*)(?: ?[-–] ?(?P<last>\d+(?:[.,]\d+)*))?"
    r" ?[%‰°₫€$)]{0,3}[^\W\d_]?\s*"
)
# Neither "05" nor a month and a year, "12.2024", begins a number.
_PLAIN_GROUPS = re.compile(
    r"(?!0\d|1?\d[.,](?:19|20)\d\d$)(?:\d{1,3}(?:[.,]\d{3})+(?:[.,]\d+)?|\d+[.,]\d+)"
)
_THREE = re.compile(r"[1-9]\d{0,2}([.,])\d{3}")  # "3.100": a thousand, or a fraction


def localise_alone(text: str, target: Language) -> str:
    """A text that is one number, as the target language writes it; any other text as it is.

    A number that may be one in the notation of either language stays, as codes and dates do: of
    three figures behind the sign that is no thousands' one in the source, "3,100" in Vietnamese,
    nobody knows whether the writer meant it so.

    >>> [localise_alone(text, Language.EN) for text in ("21,2", "3.100", "45,3%", "3,100", "2024")]
    ['21.2', '3,100', '45.3%', '3,100', '2024']
    """
    alone = _ALONE.fullmatch(text)
    if alone is None or find_verbatim(text):
        return text
    for group in ("last", "first"):
        number = alone[group]
        three = _THREE.fullmatch(number or "")
        decimal = "," if target is Language.EN else "."
        if number and _PLAIN_GROUPS.fullmatch(number) and not (three and three[1] == decimal):
            start, end = alone.span(group)
            text = text[:start] + localise(number, target) + text[end:]
    return text


def mask(
    text: str,
    fixed: Mapping[Span, str],
    placeholders: Sequence[str],
    target: Language,
    *,
    figures: bool = True,
) -> Masked | None:
    """`text` with the `fixed` spans masked, and its `figures`, references and addresses.

    The `fixed` ones (names, glossary terms) come back as the text they are given with, and go
    first where there are more than placeholders. None where there is nothing to mask.
    """
    wanted = dict(sorted(fixed.items())[: len(placeholders)])
    more = {one.span: one.span.of(text) for one in find_verbatim(text)} if figures else {}
    for match in _PROTECTED.finditer(text) if figures else ():
        span = Span(*match.span())
        if _is_apart(span, more):
            more[span] = localise(match[0], target)
    for span, figure in more.items():
        if len(wanted) < len(placeholders) and _is_apart(span, wanted):
            wanted[span] = figure
    return _behind(text, wanted, placeholders, target)


def mask_verbatim(text: str, placeholders: Sequence[str], target: Language) -> Masked | None:
    """`text` with its addresses, telephone numbers and citations behind free placeholders.

    None where it has none of them.
    """
    wanted = {one.span: one.span.of(text) for one in find_verbatim(text)}
    if not wanted:
        return None
    free = [placeholder for placeholder in placeholders if placeholder not in text]
    return _behind(text, dict(list(wanted.items())[: len(free)]), free, target)


def _is_apart(span: Span, others: Iterable[Span]) -> bool:
    return all(span.end <= other.start or span.start >= other.end for other in others)


def _behind(
    text: str, wanted: Mapping[Span, str], placeholders: Sequence[str], target: Language
) -> Masked | None:
    pieces: list[str] = []
    replacements: list[tuple[str, str]] = []
    at = 0
    for span in sorted(wanted):
        if span.start < at:
            continue
        placeholder = placeholders[len(replacements)]
        pieces += [text[at : span.start], placeholder]
        replacements.append((placeholder, wanted[span]))
        at = span.end
    if not replacements:
        return None
    return Masked("".join([*pieces, text[at:]]), tuple(replacements), target)
