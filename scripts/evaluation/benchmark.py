"""One system of the benchmark, measured in a process of its own."""

import json
import resource
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from service.article import Language
from service.stages.classify import classify
from service.stages.clean import clean
from service.stages.detect import detect
from service.stages.segment import segment

ARTICLES = Path(__file__).parents[2] / "tests" / "articles" / "pasted"
Translate = Callable[[Sequence[str]], list[int]]  # sources -> target tokens of each


@dataclass(frozen=True, slots=True)
class Measurement:
    """What one system did with the same sentences, on one thread."""

    system: str
    load_s: float
    sentences_per_s: float
    target_tokens_per_s: float
    peak_rss_mb: float


def sample(limit: int) -> list[str]:
    """Vietnamese sentences of the pasted articles under `tests/`, in order."""
    sentences: list[str] = []
    for path in sorted(ARTICLES.glob("*.txt")):
        text, _ = clean(path.read_text("utf-8"))
        for block in classify(text).blocks:
            for span in segment(block.text, Language.VI):
                sentence = span.of(block.text)
                if len(sentence.split()) >= 5 and detect(sentence).language is Language.VI:
                    sentences.append(sentence)
    return list(dict.fromkeys(sentences))[:limit]


def open_transformers(folder: Path, beam: int) -> Translate:
    """The same weights in transformers, fp32, one sentence at a time."""
    import torch
    from transformers import MarianMTModel, MarianTokenizer

    torch.set_num_threads(1)
    tokenizer = MarianTokenizer.from_pretrained(folder)
    network = MarianMTModel.from_pretrained(folder).eval()

    def translate(sources: Sequence[str]) -> list[int]:
        lengths = []
        for source in sources:
            batch = tokenizer([f">>eng<< {source}"], return_tensors="pt")
            with torch.no_grad():
                ids = network.generate(**batch, num_beams=beam, max_new_tokens=200)
            lengths.append(int(ids.shape[1]) - 1)
        return lengths

    return translate


def open_engine(beam: int, *, batched: bool) -> Translate:
    """The shipped int8 weights in our engine; all sentences in one call, or one a call."""
    from models.base import Decoding, Request
    from models.catalogue import BUNDLED_TRANSLATION, read_card
    from models.ctranslate2_engine import CTranslate2Engine

    engine = CTranslate2Engine(read_card(BUNDLED_TRANSLATION), replicas=1)
    decoding = Decoding(beam_size=beam)

    def translate(sources: Sequence[str]) -> list[int]:
        calls = [sources] if batched else [[source] for source in sources]
        answers = [
            answer
            for call in calls
            for answer in engine.translate([Request(s, "en") for s in call], decoding)
        ]
        return [engine.count_tokens(answer[0].text) for answer in answers]

    return translate


def measure(system: str, open_system: Callable[[], Translate], sentences: int) -> Measurement:
    """Load, warm up on a few sentences, then time all of them once."""
    sources = sample(sentences)
    started = time.perf_counter()
    translate = open_system()
    loaded = time.perf_counter() - started
    translate(sources[:4])
    started = time.perf_counter()
    lengths = translate(sources)
    spent = time.perf_counter() - started
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    return Measurement(
        system,
        round(loaded, 2),
        round(len(sources) / spent, 2),
        round(sum(lengths) / spent, 1),
        round(peak, 1),
    )


def to_json(measurement: Measurement) -> str:
    """One line that `scripts/benchmark.py` reads back."""
    names = measurement.__dataclass_fields__
    return json.dumps({name: getattr(measurement, name) for name in names})
