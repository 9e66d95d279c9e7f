"""Training pairs that a model wrote one side of: back-translation and self-training.

A Vietnamese sentence with machine English behind it, or the reverse, serves both ways: into its own
language its target is human (back-translation: Sennrich et al. 2016, "Improving Neural Machine
Translation Models with Monolingual Data"); out of it its source is (self-training: He et al. 2020,
"Revisiting Self-Training for Neural Sequence Generation"). Training marks both by a doubled
direction tag (tagged back-translation: Caswell et al. 2019), so that the model tells what people
wrote from what a model did, and is asked for the former when it is used.
"""

from collections.abc import Iterator, Sequence
from typing import Literal

from models.base import Request, Translator
from models.normalise import normalise
from models.training.corpus import Pair, refusal

WORDS = (6, 60)  # of a sentence worth translating; shorter ones are captions and list items


def worth_translating(sentence: str) -> bool:
    """Whether the sentence is one: of middling length and closed by a full stop.

    >>> worth_translating("Ảnh: Hải Nam"), worth_translating("Bộ Tài chính đã họp sáng nay.")
    (False, True)
    """
    return sentence.endswith(".") and WORDS[0] <= len(sentence.split()) <= WORDS[1]


def synthesise(
    sentences: Sequence[str],
    translator: Translator,
    *,
    source: str,
    language: Literal["vi", "en"] = "vi",
    share: float = 0.7,
) -> Iterator[Pair]:
    """People's sentences of a `language` with a machine's: the `share` the model was surest of.

    Cut-off output and pairs that the corpus filter refuses are left out. `source` names the data
    set for the model card.
    """
    machine: Literal["vi", "en"] = "en" if language == "vi" else "vi"
    written = [normalise(sentence) for sentence in sentences]
    answers = translator.translate([Request(sentence, machine) for sentence in written])
    scored = sorted(
        (
            (answer[0].score, own, normalise(answer[0].text))
            for own, answer in zip(written, answers, strict=True)
            if not answer[0].truncated
        ),
        reverse=True,
    )
    for _, own, made in scored[: int(len(scored) * share)]:
        vi, en = (own, made) if language == "vi" else (made, own)
        pair = Pair(vi, en, source, tier=1, machine=machine)
        if refusal(pair) is None:
            yield pair
