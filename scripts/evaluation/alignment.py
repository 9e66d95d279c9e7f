"""Which rows of a pair file are translations of each other, measured without the checks."""

from collections.abc import Sequence

import sacrebleu

from models.base import Decoding, Request, Translator
from service.article import Language
from service.stages.detect import detect

# Of 997 FLORES dev pairs, all of them translations, 7 are below it.
MIN_CHRF = 20.0
FAST = Decoding(beam_size=1)


def aligned_pairs(pairs: Sequence[tuple[str, str]], model: Translator) -> list[tuple[str, str]]:
    """The (Vietnamese, English) pairs that are translations; swapped ones are turned round."""
    turned = [(en, vi) if _is_swapped(vi, en) else (vi, en) for vi, en in pairs]
    outputs = model.translate([Request(vi, "en") for vi, _ in turned], FAST)
    chrf = sacrebleu.CHRF()
    return [
        (vi, en)
        for (vi, en), found in zip(turned, outputs, strict=True)
        if chrf.sentence_score(found[0].text, [en]).score >= MIN_CHRF
    ]


def _is_swapped(vi: str, en: str) -> bool:
    return detect(vi).language is Language.EN and detect(en).language is Language.VI
