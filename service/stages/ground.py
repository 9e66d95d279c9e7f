"""Let a written summary out only where every fact in it stands in the article.

A model that writes freely may invent. What can be checked without understanding is checked
strictly: numbers, dates, times, weekdays, document numbers, units and names, each of which must
stand in the segments that its sentence cites. One that does not, a loop, another language or a
sentence that no segment bears out, and the summary is refused with the reason; the caller then
returns the extractive one.
"""

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

from models.base import Generator
from service.article import Language, Segment, Span
from service.checks.base import Side
from service.checks.grounding import Ungrounded, ungrounded
from service.checks.repetition import find_loop
from service.result import RefusalReason
from service.text.similarity import word_set
from service.text.standalone import count_words, tellable

# Tokens that a model may write; the card may say fewer. What is too long is cut at a sentence.
MAX_TOKENS = 256

MAX_CITED = 3  # segments of one sentence, for its words
MAX_CITED_FOR_FACTS = 2  # further ones, each for a fact that those before it lack

# A sentence must have this share of its words in the segments that it cites. In 500 articles of
# vietnews, 85 % of the sentences of their abstracts have, and 2 % of those of another's.
MIN_SUPPORT = 0.5

# A further segment is cited where it has this share of the sentence's words that no other has.
MIN_FURTHER = 0.15

_WORD = re.compile(r"\w+")
_ENDS = tuple('.!?…"”»)')

CutSentences = Callable[[str, Language], Sequence[Span]]
TellLanguage = Callable[[str], str]  # ISO 639-1, or "und" where a text does not say


@dataclass(frozen=True, slots=True)
class CitedText:
    """A sentence and the segments that support it, in their order."""

    text: str
    segment_ids: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Refusal:
    """Why there is no written summary."""

    reason: RefusalReason
    message_vi: str
    message_en: str


@dataclass(frozen=True, slots=True)
class Abstract:
    """A written summary; or none, and why."""

    sentences: tuple[CitedText, ...] = ()
    refusal: Refusal | None = None
    model: str = ""  # that wrote it, or was asked for
    weights_sha256: str = ""
    read_to: str | None = None  # id of the last segment read, where it was not the article's last


@dataclass(frozen=True, slots=True, kw_only=True)
class Gate:
    """What a summary is judged by."""

    language: Language
    cut_sentences: CutSentences
    tell_language: TellLanguage
    max_sentences: int = 3
    max_words: int | None = None


def write_abstract(segments: Sequence[Segment], generator: Generator, gate: Gate) -> Abstract:
    """A summary in the article's own language by `generator`, or the reason why not.

    Of an article that is longer than the model takes, the first segments are read. Of several
    answers the first that may be let out is; the reason is that of the best. Errors of the model
    are raised as they are.
    """
    made_by = Abstract(model=generator.model_id, weights_sha256=generator.weights_sha256)
    if gate.language.value not in generator.languages:
        return replace(made_by, refusal=cannot_read(generator.model_id, gate.language))
    wanted = tellable(segments)
    if not wanted:
        return replace(made_by, refusal=_EMPTY_ARTICLE)
    read = _that_fit(wanted, generator)
    text = "\n".join(segment.text for segment in read)
    [answers] = generator.generate([text], max_tokens=MAX_TOKENS, language=gate.language.value)
    judge = Judge(segments, gate)
    found = [judge.release(answer.text, truncated=answer.truncated) for answer in answers]
    best = next((one for one in found if one.refusal is None), found[0])
    return replace(
        best,
        model=made_by.model,
        weights_sha256=made_by.weights_sha256,
        read_to=read[-1].id if len(read) < len(wanted) else None,
    )


def _that_fit(segments: Sequence[Segment], generator: Generator) -> list[Segment]:
    """The first segments that the model takes, at least one."""
    left = generator.max_source_tokens
    read: list[Segment] = []
    for segment in segments:
        left -= generator.count_tokens(segment.text) + 1  # the space between two
        if left < 0 and read:
            break
        read.append(segment)
    return read


class Judge:
    """Judges summaries of one article."""

    def __init__(self, segments: Sequence[Segment], gate: Gate) -> None:
        self._segments = segments
        self._gate = gate
        self._bags = [word_set(segment.text) for segment in segments]
        self._article = Side("\n".join(segment.text for segment in segments), gate.language)

    def release(self, summary: str, *, truncated: bool = False) -> Abstract:
        """The summary with its citations where nothing speaks against it, else the reason.

        `truncated`: the model was stopped while it wrote; a sentence without an end is left out.
        """
        gate = self._gate
        text = " ".join(summary.split())
        if not _WORD.search(text):
            return Abstract(refusal=_NOTHING_WRITTEN)
        sentences = [span.of(text) for span in gate.cut_sentences(text, gate.language)]
        if truncated and not sentences[-1].endswith(_ENDS):
            sentences.pop()
        if not sentences:
            return Abstract(refusal=_TRUNCATED)
        kept = _within(sentences, gate)
        if not kept:
            return Abstract(refusal=_too_long(count_words(sentences[0]), gate.max_words or 0))
        refusal = self._objection(kept)
        if refusal is not None:
            return Abstract(refusal=refusal)
        cited = tuple(CitedText(sentence, self._cite(sentence)) for sentence in kept)
        alone = next((one.text for one in cited if not one.segment_ids), None)
        return Abstract(cited) if alone is None else Abstract(refusal=_UNSUPPORTED)

    def _objection(self, sentences: Sequence[str]) -> Refusal | None:
        """What speaks against the summary as a whole."""
        text = " ".join(sentences)
        different = {word_set(sentence) for sentence in sentences}
        if find_loop(text) is not None or len(different) < len(sentences):
            return _LOOP
        code = self._gate.tell_language(text)
        if code not in (self._gate.language.value, "und") or "\ufffd" in text:
            return _WRONG_LANGUAGE
        wrong = ungrounded(self._article, Side(text, self._gate.language))
        return _not_in_the_article(wrong) if wrong else None

    def _cite(self, sentence: str) -> tuple[str, ...]:
        """The segments that have the sentence's words and facts; none where too few have."""
        wanted = word_set(sentence)
        bags = [bag & wanted for bag in self._bags]
        left, chosen = wanted, set[int]()
        while left and len(chosen) < MAX_CITED:
            best = max(range(len(bags)), key=lambda i: (len(bags[i] & left), -i), default=None)
            share = len(bags[best] & left) / len(wanted) if best is not None else 0.0
            if best is None or share < (MIN_FURTHER if chosen else 1 / len(wanted)):
                break
            chosen.add(best)
            left = left - bags[best]
        if len(wanted) - len(left) < MIN_SUPPORT * len(wanted):
            return ()
        for _ in range(MAX_CITED_FOR_FACTS):
            missing = self._missing(sentence, chosen)
            if not missing:
                break
            chosen.add(self._best_for(sentence, chosen, missing))
        if self._missing(sentence, chosen):
            return ()
        return tuple(self._segments[i].id for i in sorted(chosen))

    def _missing(self, sentence: str, chosen: set[int]) -> list[Ungrounded]:
        """The facts of a sentence that these segments do not have."""
        text = "\n".join(self._segments[i].text for i in sorted(chosen))
        return ungrounded(Side(text, self._gate.language), Side(sentence, self._gate.language))

    def _best_for(self, sentence: str, chosen: set[int], missing: Sequence[Ungrounded]) -> int:
        """The segment that has most of what is missing; the likeliest few are looked at."""
        words = word_set(" ".join(fact.text for fact in missing))
        others = (i for i in range(len(self._bags)) if i not in chosen)
        likely = sorted(others, key=lambda i: (-len(self._bags[i] & words), i))[:LOOKED_AT]
        return min(
            likely, key=lambda i: len(self._missing(sentence, chosen | {i})), default=min(chosen)
        )


LOOKED_AT = 8  # segments, for one that has what is missing


def _within(sentences: Sequence[str], gate: Gate) -> list[str]:
    """The first sentences that keep both limits."""
    kept: list[str] = []
    words = 0
    for sentence in sentences[: gate.max_sentences]:
        words += count_words(sentence)
        if gate.max_words is not None and words > gate.max_words:
            break
        kept.append(sentence)
    return kept


SHOWN = 60  # characters of what is told in a refusal


def cannot_read(model: str, language: Language) -> Refusal:
    """Why a model for another language writes no summary."""
    vi = {"vi": "tiếng Việt", "en": "tiếng Anh"}[language.value]
    en = {"vi": "Vietnamese", "en": "English"}[language.value]
    return Refusal(
        RefusalReason.LANGUAGE,
        f"Mô hình `{model}` không đọc {vi}.",
        f"Model `{model}` does not read {en}.",
    )


def _too_long(words: int, limit: int) -> Refusal:
    return Refusal(
        RefusalReason.TOO_LONG,
        f"Câu đầu của bản tóm tắt có {words} từ, giới hạn là {limit}.",
        f"The first sentence written has {words} words; the limit is {limit}.",
    )


def _not_in_the_article(wrong: Sequence[Ungrounded]) -> Refusal:
    named = list(dict.fromkeys((one.kind, one.text[:SHOWN]) for one in wrong))[:3]
    vi = ", ".join(f"{_KINDS_VI[kind]} “{text}”" for kind, text in named)
    en = ", ".join(f"{kind} “{text}”" for kind, text in named)
    return Refusal(
        RefusalReason.UNGROUNDED,
        f"Bản tóm tắt có chi tiết mà bài không có: {vi}.",
        f"The summary written has what the article does not: {en}.",
    )


_KINDS_VI = {
    "number": "số",
    "date": "ngày giờ",
    "reference": "số hiệu",
    "unit": "đơn vị",
    "name": "tên",
}
_EMPTY_ARTICLE = Refusal(
    RefusalReason.EMPTY,
    "Bài không có câu nào để tóm tắt.",
    "The article has no sentence to summarise.",
)
_NOTHING_WRITTEN = Refusal(
    RefusalReason.EMPTY, "Mô hình không viết gì.", "The model wrote nothing."
)
_TRUNCATED = Refusal(
    RefusalReason.TRUNCATED,
    "Bản tóm tắt bị cắt trước khi hết câu đầu.",
    "The summary was cut off before its first sentence ended.",
)
_LOOP = Refusal(
    RefusalReason.LOOP, "Bản tóm tắt lặp đi lặp lại.", "The summary written repeats itself."
)
_WRONG_LANGUAGE = Refusal(
    RefusalReason.WRONG_LANGUAGE,
    "Bản tóm tắt không được viết bằng ngôn ngữ của bài.",
    "The summary is not written in the article's language.",
)
_UNSUPPORTED = Refusal(
    RefusalReason.UNSUPPORTED,
    "Một câu của bản tóm tắt không dựa vào câu nào của bài.",
    "A sentence of the summary rests on no sentence of the article.",
)
