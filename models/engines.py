"""From a card to a loaded model: the one place that knows which engines there are."""

from collections.abc import Callable
from pathlib import Path

from models.base import Translator
from models.catalogue import Card, verify_files
from models.checkpoint import check_card
from models.engine import Engine
from models.faults import CardError, UnknownModel, WrongArchitecture
from models.openai_engine import Endpoint, OpenAIEngine
from models.summaries import Summariser

# What a loaded model takes beside its weights: buffers of the largest batches (measured with
# models of 17 to 615 million parameters: 0.1 to 0.4 GB).
WORKING_BYTES = 300_000_000


def load_translator(
    card: Card, *, device: str = "cpu", replicas: int = 1, endpoint: Endpoint | None = None
) -> Translator:
    """The card's model, loaded by its engine; raises CardError.

    `replicas` batches are decoded at a time on a CPU. `endpoint` is the server of a card whose
    engine is `openai-compatible`; other cards ignore it.
    """
    if not card.directions:
        message = f"Model `{card.id}` does not translate; its task is {card.task}."
        raise WrongArchitecture(message)
    return _load(card, device, replicas, endpoint)


def load_generator(
    card: Card, *, device: str = "cpu", replicas: int = 1, endpoint: Endpoint | None = None
) -> Summariser:
    """Like `load_translator`, for cards that summarise."""
    if not card.languages:
        message = f"Model `{card.id}` does not summarise; its task is {card.task}."
        raise WrongArchitecture(message)
    return _load(card, device, replicas, endpoint)


def memory_bytes(card: Card) -> int:
    """About how much memory the loaded model takes; 0 for one behind an endpoint.

    Raises CardError where its files are not there.
    """
    if card.format == "endpoint":
        return 0
    try:
        stored = sum((card.folder / name).stat().st_size for name in card.files)
    except OSError as error:
        message = f"Model `{card.id}`: file {Path(error.filename).name} is missing."
        raise CardError(message) from error
    if card.format == "transformers" and card.engine == "ctranslate2":
        stored //= 3  # float32 becomes int8, and some of it stays float32
    return (stored or card.size_bytes) + WORKING_BYTES


def _load(
    card: Card, device: str, replicas: int, endpoint: Endpoint | None
) -> Engine | OpenAIEngine:
    if card.engine == "openai-compatible":
        if endpoint is None:
            message = f"Model `{card.id}` needs the address of a server; none is set."
            raise CardError(message)
        return OpenAIEngine(card, endpoint)
    if card.engine not in _ENGINES:
        message = f"Engine `{card.engine}` of model `{card.id}` is unknown."
        raise UnknownModel(message)
    return _ENGINES[card.engine](card, device, replicas)


def _ctranslate2(card: Card, device: str, replicas: int) -> Engine:
    from models.ctranslate2_engine import CTranslate2Engine

    return CTranslate2Engine(card, device=device, replicas=replicas)


def _transformers(card: Card, device: str, replicas: int) -> Engine:
    from models.transformers_engine import TransformersEngine

    return TransformersEngine(card, device=device, replicas=replicas)


_ENGINES: dict[str, Callable[[Card, str, int], Engine]] = {
    "ctranslate2": _ctranslate2,
    "transformers": _transformers,
}


def prepare(card: Card, device: str = "cpu") -> None:
    """Verify the files and do now what the first load would do once; raises CardError."""
    from models.conversion import converted
    from models.ctranslate2_engine import choose_compute_type

    verify_files(card)
    check_card(card)
    if card.format == "transformers" and card.engine == "ctranslate2":
        chosen = choose_compute_type(device, half_precision=card.family.half_precision)
        converted(card, quantization=chosen)
