"""A written summary for one article, whatever happens: the text, or why there is none.

The gate is `stages/ground.py`; here is what stands around it: the model, its errors, the title.
"""

from collections.abc import Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass, replace
from typing import Final, Protocol

from models.base import Generator
from models.faults import CardError, ChecksumMismatch, FileMissing, OutOfMemory
from service.article import BlockKind, Language, Segment
from service.errors import EngineBusy, EngineError, RequestAbandoned, TookTooLong
from service.result import RefusalReason as Reason
from service.stages.ground import Abstract, CitedText, Gate, Refusal, write_abstract
from service.text.standalone import count_words
from service.waiting import service_errors

AUTO: Final = "auto"  # in place of a model's id: the first that reads the article's language


class Writers(Protocol):
    """Models that write summaries."""

    def writer(
        self, model: str, language: Language
    ) -> AbstractContextManager[Generator | Refusal]: ...


def write(
    models: Writers, model: str, segments: Sequence[Segment], gate: Gate, *, with_title: bool
) -> Abstract:
    """The summary that a model writes, or the reason why not; raises only RequestAbandoned.

    With `with_title` the article's title stands first, and counts.
    """
    head = [s for s in segments if with_title and s.kind is BlockKind.TITLE][:1]
    for title in head:
        words = None if gate.max_words is None else gate.max_words - count_words(title.text)
        gate = replace(gate, max_sentences=gate.max_sentences - 1, max_words=words)
    if gate.max_sentences < 1 or (gate.max_words is not None and gate.max_words < 1):
        return Abstract(refusal=_NO_ROOM, model=model)
    name = model
    try:
        with service_errors(), models.writer(model, gate.language) as found:
            if isinstance(found, Refusal):
                return Abstract(refusal=found, model=model)
            name = found.model_id
            abstract = write_abstract(segments, found, gate)
    except RequestAbandoned:
        raise
    except EngineError as error:
        return given_up(Abstract(model=name), error)
    if abstract.refusal is not None:
        return abstract
    titles = tuple(CitedText(title.text, (title.id,)) for title in head)
    return replace(abstract, sentences=(*titles, *abstract.sentences))


def given_up(abstract: Abstract, error: EngineError) -> Abstract:
    """The abstract that was not written, or not translated, for what the models' side raised.

    One that was refused before stays as it is.
    """
    if abstract.refusal is not None:
        return abstract
    cause = error.__cause__.__cause__ if error.__cause__ is not None else None
    if isinstance(cause, MemoryError | OutOfMemory):
        refusal = _OUT_OF_MEMORY
    elif isinstance(error, TookTooLong):
        refusal = _TOO_SLOW
    else:
        refusal = _BUSY if isinstance(error, EngineBusy) else _FAILED
    return Abstract(refusal=refusal, model=abstract.model)


@dataclass(frozen=True, slots=True)
class Told:
    """A sentence of a summary; one that `is_own` is translated by itself, others by segment."""

    text: str
    segment_ids: tuple[str, ...]
    is_own: bool  # written by a model, or a stretch of its segment


def as_segments(
    told: Sequence[Told], article: Sequence[Segment], language: Language
) -> list[Segment]:
    """What is translated by itself, in its order; the ids are none of the article's."""
    by_id = {segment.id: segment for segment in article}
    found = []
    for number, one in enumerate((one for one in told if one.is_own), start=1):
        home = by_id[one.segment_ids[0]]
        if one.text not in home.text:  # else it may be a quote, in a language of its own
            home = replace(home, kind=BlockKind.PARAGRAPH, language=language)
        found.append(replace(home, id=f"summary-{number}", text=one.text))
    return found


def no_model(language: Language) -> Refusal:
    """None is installed that reads the language."""
    vi = {"vi": "tiếng Việt", "en": "tiếng Anh"}[language.value]
    en = {"vi": "Vietnamese", "en": "English"}[language.value]
    return Refusal(
        Reason.NOT_INSTALLED,
        f"Chưa cài mô hình nào tóm tắt {vi}. Xem `songngu models list`.",
        f"No model that summarises {en} is installed. See `songngu models list`.",
    )


def not_installed(model: str) -> Refusal:
    return Refusal(
        Reason.NOT_INSTALLED,
        f"Mô hình `{model}` chưa được cài. Hãy chạy `songngu models pull {model}`.",
        f"Model `{model}` is not installed. Run `songngu models pull {model}`.",
    )


def still_loading(model: str) -> Refusal:
    return Refusal(
        Reason.LOADING,
        f"Mô hình `{model}` chưa nạp xong. Hãy thử lại sau ít phút.",
        f"Model `{model}` is still being loaded. Try again in some minutes.",
    )


def not_loaded(model: str, error: CardError) -> Refusal:
    """What a sender may know of it; libraries name folders of the server in their complaints."""
    if isinstance(error, OutOfMemory):
        return Refusal(Reason.OUT_OF_MEMORY, f"Không đủ bộ nhớ cho mô hình `{model}`.", str(error))
    damaged = isinstance(error, FileMissing | ChecksumMismatch)
    return Refusal(
        Reason.UNAVAILABLE,
        f"Không nạp được mô hình `{model}`. Nhật ký của dịch vụ cho biết lý do.",
        str(error) if damaged else f"Model `{model}` cannot be loaded. The log says why.",
    )


_NO_ROOM: Final = Refusal(
    Reason.TOO_LONG,
    "Tiêu đề đã chiếm hết độ dài cho phép của bản tóm tắt.",
    "The title alone fills the summary that was asked for.",
)
_OUT_OF_MEMORY: Final = Refusal(
    Reason.OUT_OF_MEMORY,
    "Hết bộ nhớ khi viết bản tóm tắt.",
    "Memory ran out while the summary was written.",
)
_TOO_SLOW: Final = Refusal(
    Reason.TOO_SLOW,
    "Bản tóm tắt không kịp viết và dịch trong thời hạn.",
    "The summary was not written and translated in time.",
)
_BUSY: Final = Refusal(
    Reason.BUSY,
    "Mô hình tóm tắt đang quá tải. Hãy thử lại sau.",
    "Too much is waiting for the model. Try again later.",
)
_FAILED: Final = Refusal(
    Reason.FAILED,
    "Mô hình gặp lỗi khi viết hoặc dịch bản tóm tắt.",
    "The model failed while the summary was written or translated.",
)
