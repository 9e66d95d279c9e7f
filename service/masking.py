"""Numbers, references, addresses and names behind placeholders, and back, exactly."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from service.article import Language, Span

# One digit string with its inner separators, a legal reference, an address.
_PROTECTED = re.compile(
    r"(?:https?://|www\.)[^\s<>\"]+"
    r"|\b\d+/\d{4}/[A-ZĐ]+(?:-[A-ZĐ0-9]+)*"  # 15/2024/NĐ-CP
    r"|\d+(?:[.,:/]\d+)*"
)
_DECIMAL = re.compile(r"\d+(?:[.,]\d+)+")
_SWAPPED = str.maketrans(".,", ",.")


@dataclass(frozen=True, slots=True)
class Masked:
    """A text with placeholders, and what each stands for in the target."""

    text: str
    replacements: tuple[tuple[str, str], ...]  # (placeholder, target text)

    def restore(self, target: str) -> str | None:
        """`target` with every placeholder replaced; None unless each stands there exactly once."""
        for placeholder, replacement in self.replacements:
            if target.count(placeholder) != 1:
                return None
            target = target.replace(placeholder, replacement)
        return target


def localise(number: str, target: Language) -> str:
    """A figure as the target language writes it; dates, times and references stay.

    >>> localise("1.234,5", Language.EN), localise("3.5", Language.VI)
    ('1,234.5', '3,5')
    >>> localise("18/3", Language.EN)
    '18/3'
    """
    if not _DECIMAL.fullmatch(number):
        return number
    groups = re.split(r"[.,]", number)
    grouping, decimal = (".", ",") if target is Language.EN else (",", ".")
    written_for_source = number.count(decimal) <= 1 and (
        grouping not in number
        or all(len(group) == 3 for group in number.split(decimal)[0].split(grouping)[1:])
    )
    return number.translate(_SWAPPED) if written_for_source and len(groups) > 1 else number


def mask(
    text: str, fixed: Mapping[Span, str], placeholders: Sequence[str], target: Language
) -> Masked | None:
    """`text` with its figures, references and addresses masked, and the `fixed` spans.

    Those (names, glossary terms) come back as the text they are given with. None where there is
    nothing to mask. What exceeds the number of placeholders stays visible.
    """
    wanted = dict(fixed)
    for match in _PROTECTED.finditer(text):
        span = Span(*match.span())
        if all(span.end <= other.start or span.start >= other.end for other in fixed):
            wanted[span] = localise(match[0], target)
    pieces: list[str] = []
    replacements: list[tuple[str, str]] = []
    at = 0
    for span in sorted(wanted):
        if span.start < at or len(replacements) == len(placeholders):
            continue
        placeholder = placeholders[len(replacements)]
        pieces += [text[at : span.start], placeholder]
        replacements.append((placeholder, wanted[span]))
        at = span.end
    if not replacements:
        return None
    return Masked("".join([*pieces, text[at:]]), tuple(replacements))
