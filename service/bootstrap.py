"""Builds the real objects from the settings; the only place that opens weights."""

import hashlib
import os
from pathlib import Path

from models.batching import EXPRESS, Batcher
from models.catalogue import BUNDLED_RANKER, MODELS_FOLDER, CardError, read_card
from models.ctranslate2_engine import CTranslate2Engine
from models.ranker import load_ranker
from service.errors import WeightsBroken
from service.pipeline import Pipeline
from service.settings import Settings
from service.stages.extract import Extractor


def build_pipeline(settings: Settings, extractor: Extractor) -> Pipeline:
    """Load the models; raises WeightsBroken, whose message says which file is at fault."""
    ranker_folder = MODELS_FOLDER / "weights" / BUNDLED_RANKER
    try:
        card = read_card(settings.translation_model)
        replicas = settings.engine_replicas or _cores()
        engine = CTranslate2Engine(card, replicas=replicas + EXPRESS)
        ranker = load_ranker(ranker_folder)
    except (CardError, OSError, ValueError) as error:
        raise WeightsBroken(str(error)) from error
    batcher = Batcher(engine, replicas=replicas, max_waiting_tokens=settings.max_waiting_tokens)
    return Pipeline(
        translators=dict.fromkeys(engine.directions, batcher.view()),
        ranker=ranker,
        ranker_sha256=_sha256_of(ranker_folder),
        extract=extractor.extract,
        max_article_chars=settings.max_article_chars,
        quality={engine.model_id: card.quality},
    )


def build_extractor(settings: Settings) -> Extractor:
    """The pool of child processes that read HTML."""
    return Extractor(
        timeout_s=settings.extraction_timeout_s,
        memory_bytes=settings.extraction_memory_bytes,
    )


def _cores() -> int:
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def _sha256_of(folder: Path) -> str:
    weights = sorted(path for path in folder.iterdir() if path.name.startswith("weights"))
    return hashlib.sha256(b"".join(path.read_bytes() for path in weights)).hexdigest()
