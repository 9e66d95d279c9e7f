"""Builds the real objects from the settings; the only place that opens weights."""

import os
from dataclasses import replace
from functools import partial

from models.batching import EXPRESS, GPU_BATCH_TOKENS, MAX_BATCH_TOKENS, Batcher
from models.catalogue import (
    BUNDLED_RANKER,
    MODELS_FOLDER,
    Card,
    CardError,
    read_card,
    read_catalogue,
)
from models.engines import load_generator, load_translator, memory_bytes
from models.faults import FileMissing, OutOfMemory
from models.openai_engine import Endpoint
from models.pool import ModelPool, available_bytes
from models.ranker import load_ranker
from models.ranker_once import ReadOnce
from models.ray_engine import RayEngine, connect
from models.summaries import SummaryEngine
from service.errors import WeightsBroken
from service.pipeline import Pipeline
from service.serving import PooledModels, SummaryModel
from service.settings import Settings
from service.stages.extract import Extractor
from service.store.engine import Store
from service.store.memory import SegmentMemory

AS_WRITER = "/summaries"  # behind the id, in the pool, of a model that translates as well

# An article in bytes over three, as `OpenAIEngine` counts: 2,000 real tokens, and room for them
# beside prompt and answer in a context of 4,096, which servers of small models have.
ENDPOINT_SOURCE_TOKENS = 3000


def build_pipeline(settings: Settings, extractor: Extractor) -> Pipeline:
    """Load the models; raises WeightsBroken, whose message says which file is at fault.

    Other models than the one of the settings are loaded when an article asks for them.
    """
    pool = build_pool(settings)
    try:
        ranker = ReadOnce(load_ranker(MODELS_FOLDER / "weights" / BUNDLED_RANKER))
        quality = {
            f"{card.id}@{card.version}": card.quality
            for card in read_catalogue(data=settings.models_folder).values()
        }
        with pool.lease(settings.translation_model) as batcher:  # pinned: stays
            translators = dict.fromkeys(batcher.engine.directions, batcher.view())
    except (CardError, OSError, ValueError) as error:
        raise WeightsBroken(str(error)) from error
    return Pipeline(
        translators=translators,
        ranker=ranker,
        ranker_sha256=ranker.weights_sha256,
        extract=extractor.extract,
        max_article_chars=settings.max_article_chars,
        quality=quality,
        models=PooledModels(
            pool,
            partial(_known_models, settings),
            summarisers=partial(_summarisers, settings),
            summary_timeout_s=settings.summary_timeout_s,
        ),
    )


def with_memory(pipeline: Pipeline, store: Store, settings: Settings) -> Pipeline:
    """The pipeline with the store's memory of segments, unless the settings want none."""
    if not settings.memory_segments:
        return pipeline
    return replace(pipeline, memory=SegmentMemory(store, settings.memory_segments))


def build_pool(settings: Settings) -> ModelPool:
    """Empty; its pinned model is the one of the settings."""
    return ModelPool(
        partial(_load, settings),
        partial(_size_of, settings),
        budget_bytes=settings.model_memory_bytes,
        pinned=[settings.translation_model],
    )


def build_extractor(settings: Settings) -> Extractor:
    """The pool of child processes that read HTML."""
    return Extractor(
        timeout_s=settings.extraction_timeout_s,
        memory_bytes=settings.extraction_memory_bytes,
    )


def _size_of(settings: Settings, model: str) -> int:
    card = read_card(model.removesuffix(AS_WRITER), settings.models_folder)
    try:
        return memory_bytes(card)
    except CardError as error:
        raise FileMissing(str(error)) from error


def _load(settings: Settings, model: str) -> Batcher:
    card = read_card(model.removesuffix(AS_WRITER), settings.models_folder)
    writes = model.endswith(AS_WRITER) or not card.directions
    if settings.cluster and not writes:  # summaries are written here
        return _load_on_cluster(settings, model)
    free = available_bytes()
    if free is not None and memory_bytes(card) > free:
        message = f"Model `{card.id}` does not fit into the {free / 2**20:,.0f} MiB that are free."
        raise OutOfMemory(message)
    on_cpu = settings.device == "cpu"
    replicas = settings.engine_replicas or (_cores() if on_cpu else 1)
    load = _load_summaries if writes else load_translator
    engine = load(
        card,
        device=settings.device,
        replicas=replicas + EXPRESS,
        endpoint=_endpoint(settings),
    )
    return Batcher(
        engine,
        replicas=replicas,
        batch_tokens=MAX_BATCH_TOKENS if on_cpu else GPU_BATCH_TOKENS,
        max_waiting_tokens=settings.max_waiting_tokens,
    )


def _load_summaries(
    card: Card, *, device: str, replicas: int, endpoint: Endpoint | None
) -> SummaryEngine:
    summariser = load_generator(card, device=device, replicas=replicas, endpoint=endpoint)
    if card.format == "endpoint":  # its card speaks of segments
        return SummaryEngine(summariser, max_source_tokens=ENDPOINT_SOURCE_TOKENS)
    return SummaryEngine(summariser, card.max_target_tokens)


def _load_on_cluster(settings: Settings, model: str) -> Batcher:
    connect(settings.cluster)
    card = read_card(model, settings.models_folder)
    engine = RayEngine(card, replicas=settings.cluster_replicas, data=settings.models_folder)
    return Batcher(engine, replicas=engine.slots, max_waiting_tokens=settings.max_waiting_tokens)


def _known_models(settings: Settings) -> frozenset[str]:
    """Ids of the installed models that translate."""
    cards = read_catalogue(data=settings.models_folder).values()
    return frozenset(card.id for card in cards if card.directions and _usable(card, settings))


def _summarisers(settings: Settings) -> tuple[SummaryModel, ...]:
    """The catalogue's first, in its order; a server that also translates comes last."""
    cards = read_catalogue(data=settings.models_folder).values()
    return tuple(
        SummaryModel(
            card.id,
            card.languages,
            _usable(card, settings),
            card.id + AS_WRITER if card.directions else card.id,
        )
        for card in sorted(cards, key=lambda card: card.format == "endpoint")
        if card.languages and (card.format != "endpoint" or _usable(card, settings))
    )


def _usable(card: Card, settings: Settings) -> bool:
    return bool(settings.openai_base_url) if card.format == "endpoint" else card.installed


def _endpoint(settings: Settings) -> Endpoint | None:
    if not settings.openai_base_url:
        return None
    return Endpoint(
        base_url=settings.openai_base_url,
        model=settings.openai_model,
        api_key=settings.openai_api_key,
        timeout_s=settings.openai_timeout_s,
        concurrency=settings.openai_concurrency,
    )


def _cores() -> int:
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
