"""Let a written summary out only where every fact in it stands in the article.

A model that writes freely may invent. What can be checked without understanding is checked
strictly: numbers, dates, times, weekdays, document numbers and names. One that is not in the
article, a loop, a text cut off or a sentence that no segment supports, and the summary is refused
with the reason; the caller then returns the extractive one.
"""

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

from models.base import Generator
from service.article import Language, Segment, Span
from service.checks import dates, legal_references, units
from service.checks.base import Pair, Side
from service.checks.repetition import find_loop
from service.rules.words import common_english
from service.text.numerals import key_of
from service.text.similarity import word_set
from service.text.standalone import count_words

# Tokens for each word asked for: subword models write Vietnamese and English with 1.3 to 1.6.
TOKENS_A_WORD = 2

MAX_CITED = 3  # segments of one sentence

# A sentence must have this share of its words in the segments that it cites. NOT MEASURED.
MIN_SUPPORT = 0.5

# A further segment is cited where it has this share of the sentence's words that no other has.
MIN_FURTHER = 0.15

LOOK_BACK = 10  # characters between two sentences, quotes and dashes among them

_CAPITALISED = re.compile(
    r"(?<!\w)[^\W\d_]\w*(?:[-’'.]\w+)*"
)  # filtered by case: "Lào", "Asia-Pacific"
_WORD = re.compile(r"\w+")

# Words that are a number least often: a year, and an article.
_SELDOM_NUMBERS = frozenset(("năm", "một", "one"))

# With these a Vietnamese sentence may begin though its article never has them.
_PLAIN_OPENINGS = frozenset(
    _WORD.findall(
        "bên các cả có cùng cuộc dù để do đã đang đây được hiện khi không lần mỗi một nếu ngay "
        "ngày người ngoài nhiều nhờ những qua sau sẽ số song tại theo tháng trên trong trước từ "
        "tuy tuyến và vào về vì việc với"
    )
)

CutSentences = Callable[[str, Language], Sequence[Span]]


@dataclass(frozen=True, slots=True)
class Ungrounded:
    """A part of a summary that is not in the article."""

    kind: str  # number, date, reference, unit, name
    text: str
    span: Span  # in the summary


@dataclass(frozen=True, slots=True)
class CitedText:
    """A sentence and the segments that support it, in their order."""

    text: str
    segment_ids: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Abstract:
    """A written summary; or none, and why: `refused` begins with a code that does not change."""

    sentences: tuple[CitedText, ...]
    refused: str | None = None


def write_abstract(
    segments: Sequence[Segment],
    generator: Generator,
    language: Language,
    cut_sentences: CutSentences,
    *,
    max_words: int = 60,
) -> Abstract:
    """A summary in the article's own language by `generator`, or the reason why not.

    Codes: `language`, `empty`, `truncated`, `too-long`, `loop`, `ungrounded`, `unsupported`.
    Errors of the model are raised as they are.
    """
    if language.value not in generator.languages:
        return Abstract((), f"language: {generator.model_id} does not read {language.value}")
    article = "\n".join(segment.text for segment in segments)
    if not article.strip():
        return Abstract((), "empty: the article has no text")
    answers = generator.generate(
        [article], max_tokens=TOKENS_A_WORD * max_words, language=language.value
    )
    best = answers[0][0]
    return release(
        best.text, segments, language, cut_sentences, max_words=max_words, truncated=best.truncated
    )


def release(
    summary: str,
    segments: Sequence[Segment],
    language: Language,
    cut_sentences: CutSentences,
    *,
    max_words: int,
    truncated: bool = False,
) -> Abstract:
    """The summary with its citations where nothing speaks against it, else the reason."""
    text = " ".join(summary.split())
    if not _WORD.search(text):
        return Abstract((), "empty: the model wrote nothing")
    if truncated:
        return Abstract((), "truncated: the article or its summary did not fit the model")
    if count_words(text) > max_words:
        return Abstract((), f"too-long: {count_words(text)} words, not {max_words}")
    if find_loop(text) is not None:
        return Abstract((), "loop: the summary repeats itself")
    article = "\n".join(segment.text for segment in segments)
    wrong = find_ungrounded(text, article, language)
    if wrong:
        told = ", ".join(f"{one.kind} “{one.text}”" for one in wrong[:3])
        return Abstract((), f"ungrounded: not in the article: {told}")
    sentences = [span.of(text) for span in cut_sentences(text, language)]
    if len({word_set(sentence) for sentence in sentences}) < len(sentences):
        return Abstract((), "loop: the summary repeats itself")
    cited = [CitedText(sentence, _cite(sentence, segments)) for sentence in sentences]
    if not all(one.segment_ids for one in cited):
        return Abstract((), "unsupported: a sentence has no support in the article")
    return Abstract(tuple(cited))


def find_ungrounded(summary: str, article: str, language: Language) -> list[Ungrounded]:
    """Every number, date, document number, unit and name of the summary that the article lacks.

    Both texts are in `language`. A text has everything that is in it:

    >>> find_ungrounded("Hà Nội chi 5 tỷ.", "Ngày 2/9, Hà Nội chi 5 tỷ đồng.", Language.VI)
    []
    >>> [one.text for one in find_ungrounded("Huế chi 6 tỷ.", "Hà Nội chi 5 tỷ.", Language.VI)]
    ['6 tỷ', 'Huế']
    """
    source, target = Side(article, language), Side(summary, language)
    found = [*_numbers(source, target), *_by_checks(Pair(source, target)), *_names(source, target)]
    return sorted(found, key=lambda one: (one.kind == "name", one.span))


def _numbers(source: Side, target: Side) -> Iterator[Ungrounded]:
    """Also single words such as "hai", which the checks of translations are not sure of."""
    weekdays = [span for _, span in target.weekdays]
    for number in target.numbers:
        start = number.span.start
        if target.owned[start] or any(day.start <= start < day.end for day in weekdays):
            continue
        text = number.span.of(target.text)
        if not number.certain and text.lower() in _SELDOM_NUMBERS:
            continue
        if source.number_keys.isdisjoint(number.keys):
            yield Ungrounded("number", text, number.span)


def _by_checks(pair: Pair) -> Iterator[Ungrounded]:
    """What the checks of translations find added; they compare any two texts."""
    for kind, check in (("date", dates.CHECK), ("reference", legal_references.CHECK)):
        for finding in check.find(pair):
            span = finding.target_span
            # A check that pairs dates one to one may miss one of several that are alike.
            if span is not None and span.of(pair.target.text) not in pair.source.text:
                yield Ungrounded(kind, span.of(pair.target.text), span)
    # The other way round: this check looks for the units of its first text in the second.
    for finding in units.CHECK.find(Pair(pair.target, pair.source)):
        if finding.source_span is not None:
            text = finding.source_span.of(pair.target.text)
            yield Ungrounded("unit", text, finding.source_span)
    years = {date.year for date in pair.source.dates}
    for date in pair.target.dates:
        bare = date.year is None or key_of(str(date.year)) in pair.source.number_keys
        if not bare and date.year not in years:  # a translator may add a year, a summary may not
            yield Ungrounded("date", date.span.of(pair.target.text), date.span)
    told = {day for day, _ in pair.source.weekdays}
    for day, span in pair.target.weekdays:
        if day not in told:
            yield Ungrounded("date", span.of(pair.target.text), span)


def _names(source: Side, target: Side) -> Iterator[Ungrounded]:
    """Runs of capitalised words that do not stand in the article in this order."""
    words = [match[0] for match in _WORD.finditer(source.text)]
    cased = f" {' '.join(words)} "
    folded = cased.lower()
    for run, opens in _runs(target.text):
        tokens = _WORD.findall(" ".join(word[0] for word in run))
        whole = f" {' '.join(tokens)} "
        if whole in cased:
            continue
        if opens and _first_is_plain(tokens[0], folded, target.language):
            rest = f" {' '.join(tokens[1:])} "
            if len(tokens) == 1 or rest in cased or whole.lower() in folded:
                continue
        span = Span(run[0].start(), run[-1].end())
        yield Ungrounded("name", span.of(target.text), span)


def _runs(text: str) -> Iterator[tuple[list[re.Match[str]], bool]]:
    """Capitalised words in a row, and whether a sentence begins with them."""
    run: list[re.Match[str]] = []
    opens = False
    for word in _CAPITALISED.finditer(text):
        if not word[0][0].isupper():
            continue
        if run and text[run[-1].end() : word.start()] != " ":
            yield run, opens
            run = []
        if not run:
            before = text[max(0, word.start() - LOOK_BACK) : word.start()].strip(" \"'“”«»()-–")
            opens = not before or before.endswith((".", "!", "?", "…", ":"))
        run.append(word)
    if run:
        yield run, opens


def _first_is_plain(word: str, folded: str, language: Language) -> bool:
    """Whether a sentence's first word need be no name: the article has it, or it is a plain one."""
    lower = word.lower()
    plain = _PLAIN_OPENINGS if language is Language.VI else common_english()
    return f" {lower} " in folded or lower in plain


def _cite(sentence: str, segments: Sequence[Segment]) -> tuple[str, ...]:
    """The segments that have the sentence's words, at most `MAX_CITED`; none where too few have."""
    wanted = word_set(sentence)
    bags = [word_set(segment.text) & wanted for segment in segments]
    left, chosen = wanted, set[int]()
    while left and len(chosen) < MAX_CITED:
        best = max(range(len(bags)), key=lambda i: (len(bags[i] & left), -i), default=None)
        share = len(bags[best] & left) / len(wanted) if best is not None else 0.0
        if best is None or share < (MIN_FURTHER if chosen else 1 / len(wanted)):
            break
        chosen.add(best)
        left = left - bags[best]
    supported = len(wanted) - len(left) >= MIN_SUPPORT * len(wanted)
    return tuple(segments[i].id for i in sorted(chosen)) if supported else ()
