"""The benchmark's workload, and the systems that are measured without a server.

Each system runs in a process of its own, pinned to as many cores as the others, and does the same
segments again whenever it is told to, so that the rounds of all systems can take turns: what else
happens on the machine then falls on all of them.
"""

import json
import resource
import sys
import time
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

from models.base import Decoding
from service.article import Language
from service.drafting import needs_model, prepare
from service.pipeline import cut_segments
from service.stages.classify import classify
from service.stages.clean import clean

ARTICLES = Path(__file__).with_name("benchmark_articles.txt")  # short: 32 clients have work at once
BATCH_ROWS = 16  # of transformers, sorted by length: its best on one core
BATCH_TOKENS = 2048
Translate = Callable[[Sequence[str]], list[int]]  # sources -> target tokens of each


@dataclass(frozen=True, slots=True)
class Round:
    """One time through all segments."""

    wall_s: float
    cpu_s: float
    target_tokens: int


def sample_requests(segments: int) -> list[str]:
    """Texts of short Vietnamese articles with at most so many segments for the model in all.

    They stand in a file of their own, so that figures of different months speak of the same work.
    """
    requests: list[str] = []
    for text in ARTICLES.read_text("utf-8").rstrip("\n").split("\n---\n"):
        segments -= len(segments_of(text))
        if segments < 0:
            break
        requests.append(text)
    return requests


def segments_of(text: str) -> list[str]:
    """What the service would hand to the model for this article, Vietnamese to English."""
    blocks = classify(clean(text)[0]).blocks
    segments = cut_segments(blocks, [Language.VI] * len(blocks), Language.VI)
    return [prepare(s.text, Language.EN) for s in segments if needs_model(s, Language.EN)]


def open_transformers(folder: Path, beam: int, cores: int, *, batched: bool) -> Translate:
    """The same weights in transformers, fp32: one sentence at a time, or sorted and batched."""
    import torch
    from transformers import MarianMTModel, MarianTokenizer

    torch.set_num_threads(cores)
    tokenizer = MarianTokenizer.from_pretrained(folder)
    network = MarianMTModel.from_pretrained(folder).eval()
    rows = BATCH_ROWS if batched else 1

    def translate(sources: Sequence[str]) -> list[int]:
        ordered = sorted(sources, key=len) if batched else list(sources)
        lengths: list[int] = []
        for start in range(0, len(ordered), rows):
            texts = [f">>eng<< {source}" for source in ordered[start : start + rows]]
            batch = tokenizer(texts, return_tensors="pt", padding=True)
            with torch.no_grad():
                ids = network.generate(**batch, num_beams=beam, max_new_tokens=200)
            lengths += (ids != network.config.pad_token_id).sum(dim=1).tolist()
        return lengths

    return translate


def open_raw(beam: int, cores: int, *, batched: bool, shortlist: bool = False) -> Translate:
    """CTranslate2 alone on the shipped weights: one sentence at a time, or perfectly sorted.

    With the `shortlist` it decodes among likely words, as the service does for articles.
    """
    import ctranslate2
    import sentencepiece

    from models.catalogue import BUNDLED_TRANSLATION, read_card
    from models.ctranslate2_engine import SHORTLIST_BATCH_TOKENS

    card = read_card(BUNDLED_TRANSLATION)
    pieces = sentencepiece.SentencePieceProcessor(model_file=str(card.folder / card.vocabulary))
    engine = ctranslate2.Translator(
        str(card.folder), compute_type="int8", inter_threads=cores, intra_threads=1
    )

    batch = SHORTLIST_BATCH_TOKENS if shortlist else BATCH_TOKENS // min(4, beam)

    def translate(sources: Sequence[str]) -> list[int]:
        tokens = [
            [card.source_prefix["en"], *pieces.encode(source, out_type=str), "</s>"]
            for source in sources
        ]
        lengths: list[int] = []
        for call in [tokens] if batched else [[source] for source in tokens]:
            results = engine.translate_batch(
                call,
                beam_size=beam,
                max_batch_size=batch,
                batch_type="tokens",
                max_decoding_length=300,
                use_vmap=shortlist,
            )
            for result in results:
                pieces.decode(result.hypotheses[0])
                lengths.append(len(result.hypotheses[0]))
        return lengths

    return translate


def default_beam() -> int:
    """Of the shipped model."""
    from models.catalogue import BUNDLED_TRANSLATION, read_card

    decoding: Decoding = read_card(BUNDLED_TRANSLATION).decoding
    return decoding.beam_size


def serve_rounds(open_system: Callable[[], Translate], segments: int) -> None:
    """The process of one system: loads, then does one round for each line on standard input."""
    sources = [source for text in sample_requests(segments) for source in segments_of(text)]
    started = time.perf_counter()
    translate = open_system()
    translate(sources[:2])
    _tell({"load_s": round(time.perf_counter() - started, 2), "segments": len(sources)})
    for _ in sys.stdin:
        _tell(asdict(_one_round(translate, sources)))
    _tell({"peak_rss_mb": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024})


def _one_round(translate: Translate, sources: Sequence[str]) -> Round:
    wall, cpu = time.perf_counter(), time.process_time()
    lengths = translate(sources)
    return Round(
        round(time.perf_counter() - wall, 3), round(time.process_time() - cpu, 3), sum(lengths)
    )


def _tell(facts: dict[str, float]) -> None:
    print(json.dumps(facts), flush=True)
