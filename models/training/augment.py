"""Training examples that teach the control tokens: placeholders copied, constraints obeyed."""

import random
import re

from models.control_tokens import PLACEHOLDERS, with_terms

PLACEHOLDER_SHARE = 0.10  # of examples; not measured yet
TERM_SHARE = 0.15  # of examples; not measured yet
NAME_SHARE = 0.5  # of constraints that ask for a run of capitalised words, where there is one

# A to Z and the capitals of Vietnamese; a range such as À-Ỹ would hold small letters too.
_CAPITALS = "A-Z" + "".join(c for c in map(chr, range(0xC0, 0x1EFA)) if c.isupper())

# What stands the same in both languages and is worth protecting: addresses, references, numbers of
# two figures or more, and runs of capitalised words.
_COPYABLE = re.compile(
    r"(?:https?://|www\.)\S+|\b\d[\w./:,-]*\d\b"
    rf"|\b[{_CAPITALS}][\w.-]*(?: [{_CAPITALS}][\w.-]*)*\b"
)
_WORD = re.compile(r"\S+")
# Two words or more: "Ministry of Finance", "Bộ Tài" of "Bộ Tài chính".
_NAME_RUN = re.compile(
    rf"\b(?!The )[{_CAPITALS}]\w+(?: (?:of|and|for|the|[{_CAPITALS}]\w*))* [{_CAPITALS}]\w+\b"
)


def mask(source: str, target: str, rng: random.Random) -> tuple[str, str]:
    """Replace spans that occur exactly once on both sides by placeholders, one or all of them.

    >>> mask("Năm 2024 tăng", "In 2024 it rose", random.Random(1))
    ('Năm ｟1｠ tăng', 'In ｟1｠ it rose')
    """
    spans = {match[0] for match in _COPYABLE.finditer(source) if match.start() > 0}
    shared = sorted(s for s in spans if len(s) > 1 and source.count(s) == target.count(s) == 1)
    if not shared:
        return source, target
    chosen = shared if rng.random() < 0.5 else [rng.choice(shared)]
    for span, token in zip(chosen, rng.sample(PLACEHOLDERS, len(PLACEHOLDERS)), strict=False):
        if source.count(span) == target.count(span) == 1:  # may lie inside one already replaced
            source, target = source.replace(span, token), target.replace(span, token)
    return source, target


def constrain(source: str, target: str, rng: random.Random) -> str:
    """`source` with one to three spans of the target, each of one to four words, asked for.

    Spans are drawn blindly (LeCA, Chen et al. 2020, "Lexical-Constraint-Aware Neural Machine
    Translation via Data Augmentation"): no dictionary or alignment decides what can be a term.
    Half of the time one is a name of several words, as most terms of a glossary are.
    """
    words = list(_WORD.finditer(target))
    names = _NAME_RUN.findall(target)
    terms = [rng.choice(names)] if names and rng.random() < NAME_SHARE else []
    for _ in range(min(rng.randint(1, 3), len(words) // 4)):
        first = rng.randrange(len(words))
        last = min(first + rng.randint(0, 3), len(words) - 1)
        term = target[words[first].start() : words[last].end()].strip('.,;:!?"()')
        if term:
            terms.append(term)
    return with_terms(source, terms)


def augment(source: str, target: str, rng: random.Random) -> tuple[str, str]:
    """The pair as it is, or, by chance, with placeholders or with term constraints."""
    draw = rng.random()
    if draw < PLACEHOLDER_SHARE:
        return mask(source, target, rng)
    if draw < PLACEHOLDER_SHARE + TERM_SHARE:
        return constrain(source, target, rng), target
    return source, target
