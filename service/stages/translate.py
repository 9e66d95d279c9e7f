"""Segments to drafts: what needs no model is kept, the rest goes to the translator in batches."""

import re
from collections.abc import Callable, Sequence
from dataclasses import replace

from models.base import Hypothesis, Translator
from service.article import BlockKind, Draft, Language, Segment
from service.drafting import (
    KEPT_KINDS,
    FindTerms,
    Piece,
    SplitLong,
    cut,
    decode,
    join,
    model_texts,
    needs_model,
    terms_within,
)
from service.masking import localise_alone
from service.rules.credits import find_credit
from service.text.offices import day_line

Progress = Callable[[int, int], None]  # pieces done, pieces in all

# Pieces handed to the engine at once: enough to fill its batches, few enough that the progress bar
# moves.
CHUNK = 64
_MARK = re.compile(r"\d{1,2}\.\d{1,2}\.?")  # e.g. "1.1"


def asks_for_terms(target: Language, *, repairing: bool) -> bool:
    """Whether the model is worth asking for a user's terms.

    Into English the bundled model obeys (0.68 of a list of terms that it would not choose). Into
    Vietnamese it does so too seldom (0.43) for the tenth more time that asking costs, where the
    repair ladder can put the term in the place of the model's own word, which mends 0.9.
    """
    return target is Language.EN or not repairing


def translate(
    segments: Sequence[Segment],
    target: Language,
    translator: Translator,
    *,
    split_long: SplitLong,
    find_terms: FindTerms | None = None,
    progress: Progress | None = None,
) -> list[list[Draft]]:
    """The drafts of each segment, best first; equal sentences are translated once.

    There are as many as the search is wide: the rivals of the best cost nothing, and the repair
    ladder tries them first. The model is asked for the terms that `find_terms` finds. A segment
    that is in the target language already, or holds no word, has one draft, itself, in which a
    number alone is written as the target language does; one that is longer than the model takes is
    cut at clause marks by `split_long` and put together again.
    """
    pieces: dict[int, list[Piece]] = {
        index: cut(segment.text, translator, split_long, translator.max_source_tokens, target)
        for index, segment in enumerate(segments)
        if needs_model(segment, target)
    }
    terms: dict[str, tuple[str, ...]] = {}
    if find_terms is not None:
        for index, own in pieces.items():
            found_terms = find_terms(segments[index].text)
            terms |= {piece.text: terms_within(found_terms, piece) for piece in own}
    decoding = replace(translator.decoding, n_best=translator.decoding.beam_size)
    unique = list(dict.fromkeys(model_texts(piece for own in pieces.values() for piece in own)))
    found: dict[str, list[Hypothesis]] = {}
    for start in range(0, len(unique), CHUNK):
        found |= decode(unique[start : start + CHUNK], target, translator, decoding, terms)
        if progress is not None:
            progress(min(start + CHUNK, len(unique)), len(unique))
    return [
        join(segment.text, pieces[index], found, "model")
        if index in pieces
        else [_without_model(segment, target)]
        for index, segment in enumerate(segments)
    ]


def _without_model(segment: Segment, target: Language) -> Draft:
    """What has no word stays as it is, but for the points and commas of a number alone.

    Where and when a document was signed is written as the target language does.

    "1.1" at the head of a block may be the number of a section. Of who wrote the article or took
    the picture, the word before the name is translated.
    """
    if segment.kind is BlockKind.DATELINE and (own := day_line(segment.text, target)):
        return Draft(own, "formula")
    credit = find_credit(segment.text, target) if segment.language is not target else None
    if credit is not None and segment.kind is not BlockKind.DATELINE:
        before = segment.text[: credit.span.start]
        if before + credit.target != segment.text:
            return Draft(before + credit.target, "credit")
    is_text = segment.kind in KEPT_KINDS or segment.language is target
    is_mark = segment.span.start == 0 and _MARK.fullmatch(segment.text) is not None
    localised = segment.text if is_text or is_mark else localise_alone(segment.text, target)
    return Draft(localised, "kept" if localised == segment.text else "figures")
