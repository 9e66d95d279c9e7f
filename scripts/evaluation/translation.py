"""Scores of translations: BLEU, chrF++, and what BLEU does not see: lost numbers, names, loops."""

import operator
import re
import unicodedata
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial, reduce
from pathlib import Path

import sacrebleu

from models.base import Translator
from models.training.corpus import read_rows
from service.article import BlockKind, Draft, Language, Segment, Severity, Span, weave
from service.glossary import Glossary, terms_of
from service.stages.check import check_segment
from service.stages.repair import repair
from service.stages.segment import segment, split_long
from service.stages.translate import asks_for_terms, translate
from service.translation import build_ladder

Pair = tuple[str, str]  # (source, reference)

_NUMBER = re.compile(r"\d+(?:[.,]\d+)*")
_NAME = re.compile(r"(?<=[\w,;:] )[A-ZĐ][\w-]+")
_IMMEDIATE_LOOP = re.compile(r"(\b.{4,60}?)(?:[\s,;.]+\1){2,}")
SHORT_RATIO = 0.6  # of the reference's characters, as in the table of stored systems


def read_pairs(path: Path, direction: str, limit: int | None = None) -> list[Pair]:
    """(source, reference) rows of a TSV with columns vi, en; a header `vi<TAB>en` is skipped."""
    rows = read_rows(path)
    pairs = [(row[0], row[1]) for row in rows if len(row) >= 2]
    if pairs and (pairs[0][0].lower(), pairs[0][1].lower()) == ("vi", "en"):
        pairs = pairs[1:]
    if direction == "en-vi":
        pairs = [(en, vi) for vi, en in pairs]
    return pairs[:limit]


def translate_lines(
    lines: Sequence[str],
    direction: str,
    translator: Translator,
    *,
    repaired: bool = False,
    glossary: Glossary | None = None,
) -> list[str]:
    """Each line as the service would translate a paragraph: cut into sentences, then joined.

    With `repaired`, findings send a sentence up the repair ladder, as they do in the service.
    `glossary` holds a user's terms.
    """
    segments = cut_lines(lines, direction)
    found = draft(segments, direction, translator, repaired=repaired, glossary=glossary)
    drafts = [own[0] for own in found]
    if repaired:
        drafts = mend(segments, found, direction, translator, glossary)
    return join_lines(lines, segments, drafts)


def cut_lines(lines: Sequence[str], direction: str) -> list[Segment]:
    """The sentences of all lines; a segment's `block` is the number of its line."""
    source = Language(direction.split("-")[0])
    return [
        Segment(f"b{index}s{n}", index, BlockKind.PARAGRAPH, span, span.of(line), source)
        for index, line in enumerate(lines)
        for n, span in enumerate(segment(line, source))
    ]


def draft(
    segments: Sequence[Segment],
    direction: str,
    translator: Translator,
    *,
    repaired: bool,
    glossary: Glossary | None = None,
) -> list[list[Draft]]:
    """The model's drafts of each segment; `repaired` says whether the ladder comes after."""
    source, target = (Language(code) for code in direction.split("-"))
    asked = glossary if asks_for_terms(target, repairing=repaired) else None
    find_terms = partial(terms_of, asked, language=source) if asked else None
    return translate(segments, target, translator, split_long=split_long, find_terms=find_terms)


def mend(
    segments: Sequence[Segment],
    drafts: Sequence[Sequence[Draft]],
    direction: str,
    translator: Translator,
    glossary: Glossary | None = None,
) -> list[Draft]:
    """One draft a segment: checked, and sent up the ladder where there are findings."""
    source, target = (Language(code) for code in direction.split("-"))
    ladder = build_ladder(source, target, translator, glossary)
    findings = [
        ladder.check(one.text, own[0], source, target)
        for one, own in zip(segments, drafts, strict=True)
    ]
    return repair(segments, drafts, findings, ladder)[0]


def join_lines(
    lines: Sequence[str], segments: Sequence[Segment], drafts: Sequence[Draft]
) -> list[str]:
    """The targets of each line put together."""
    own: dict[int, list[tuple[Span, str]]] = {}
    for one, chosen in zip(segments, drafts, strict=True):
        own.setdefault(one.block, []).append((one.span, chosen.target))
    outputs = []
    for index, line in enumerate(lines):
        parts = own.get(index, [])
        text, _ = weave(line, [span for span, _ in parts], [target for _, target in parts])
        outputs.append(text.strip())
    return outputs


@dataclass(frozen=True, slots=True)
class Scores:
    """Percentages, except `bleu` and `chrf` (0-100) and the counts `loops` and `short`."""

    bleu: float
    chrf: float
    signature: str
    number_loss: float  # % of numbers that source and reference share
    name_loss: float  # % of names that source and reference share
    loops: int
    unflagged_loops: int  # without a major finding of the service's checks
    short: int
    flagged: int  # lines with a major finding


def score(pairs: Sequence[Pair], hypotheses: Sequence[str], direction: str) -> Scores:
    """Score hypotheses against references, in order."""
    looping = [
        is_loop(hypothesis) and not is_loop(reference)
        for (_, reference), hypothesis in zip(pairs, hypotheses, strict=True)
    ]
    flagged = [
        is_flagged(source, hypothesis, direction)
        for (source, _), hypothesis in zip(pairs, hypotheses, strict=True)
    ]
    references = [reference for _, reference in pairs]
    bleu = sacrebleu.BLEU()
    chrf = sacrebleu.CHRF(word_order=2)
    bleu_score = bleu.corpus_score(list(hypotheses), [references])
    chrf_score = chrf.corpus_score(list(hypotheses), [references])
    return Scores(
        bleu=round(bleu_score.score, 2),
        chrf=round(chrf_score.score, 2),
        signature=f"{bleu.get_signature()} + {chrf.get_signature()}",
        number_loss=_loss(pairs, hypotheses, shared_numbers, numbers_in),
        name_loss=_loss(pairs, hypotheses, shared_names, names_in),
        loops=sum(looping),
        unflagged_loops=sum(a and not b for a, b in zip(looping, flagged, strict=True)),
        flagged=sum(flagged),
        short=sum(
            len(h) < SHORT_RATIO * len(r) for h, r in zip(hypotheses, references, strict=True)
        ),
    )


def _loss(pairs, hypotheses, shared, present) -> float:  # type: ignore[no-untyped-def] # noqa: ANN001
    expected = lost = 0
    for (source, reference), hypothesis in zip(pairs, hypotheses, strict=True):
        wanted = shared(source, reference)
        expected += wanted.total()
        lost += (wanted - present(hypothesis, wanted)).total()
    return round(100 * lost / max(1, expected), 2)


def lost_names(
    pairs: Sequence[Pair], hypotheses: Sequence[str], systems: Sequence[Sequence[str]]
) -> float:
    """Percent of the names lost that source, reference and one of the `systems` have.

    References keep names in English that are as well translated ("Black Sea"); what good systems
    translate too is no loss. Without systems, all names count.
    """
    expected = lost = 0
    for n, ((source, reference), hypothesis) in enumerate(zip(pairs, hypotheses, strict=True)):
        wanted = shared_names(source, reference)
        if systems:
            kept = (names_in(outputs[n], wanted) for outputs in systems)
            wanted = reduce(operator.or_, kept)
        expected += wanted.total()
        lost += (wanted - names_in(hypothesis, wanted)).total()
    return round(100 * lost / max(1, expected), 2)


def _bare(number: str) -> str:
    """Figures without separators: 1.234,5 and 1,234.5 are one number."""
    return re.sub(r"\D", "", number)


def shared_numbers(source: str, reference: str) -> Counter[str]:
    """Numbers in figures that stand in both source and reference."""
    return _numbers(source) & _numbers(reference)


def _numbers(text: str) -> Counter[str]:
    return Counter(_bare(match[0]) for match in _NUMBER.finditer(text))


# Accepted for a number in figures.
SPELLED = {
    "1": "one một first nhất", "2": "two hai second", "3": "three ba third",
    "4": "four bốn tư fourth", "5": "five năm fifth", "6": "six sáu sixth",
    "7": "seven bảy seventh", "8": "eight tám eighth", "9": "nine chín ninth",
    "10": "ten mười tenth", "11": "eleven", "12": "twelve",
}  # fmt: skip


def numbers_in(text: str, wanted: Counter[str]) -> Counter[str]:
    """Of the wanted numbers, those in `text`, in figures or (up to twelve) in words."""
    found = _numbers(text)
    words = set(re.findall(r"\w+", text.lower()))
    for number in wanted:
        if words & set(SPELLED.get(number, "").split()):
            found[number] = max(found[number], wanted[number])
    return found


def _plain(text: str) -> str:
    """Without diacritics and case, đ as d."""
    stripped = unicodedata.normalize("NFD", text.lower().replace("đ", "d"))
    return "".join(c for c in stripped if not unicodedata.combining(c))


def shared_names(source: str, reference: str) -> Counter[str]:
    """Capitalised words inside the sentence that are the same in both, up to diacritics."""
    both = [set(map(_plain, _NAME.findall(text))) for text in (source, reference)]
    return Counter(both[0] & both[1])


def names_in(text: str, wanted: Counter[str]) -> Counter[str]:
    """Of the wanted names, those in `text`."""
    words = set(re.findall(r"[\w-]+", _plain(text)))
    return Counter({name: 1 for name in wanted if name in words})


def is_flagged(source: str, hypothesis: str, direction: str) -> bool:
    """Whether the service's checks have a major finding."""
    languages = (Language(direction[:2]), Language(direction[3:]))
    findings = check_segment(source, hypothesis, *languages)
    return any(finding.severity is Severity.MAJOR for finding in findings)


def is_loop(text: str) -> bool:
    """Whether a stretch of text stands three times in a row.

    >>> is_loop("and the people and the people and the people")
    True
    """
    return _IMMEDIATE_LOOP.search(text) is not None
