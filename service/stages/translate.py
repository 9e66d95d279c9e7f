"""Segments to drafts: what needs no model is kept, the rest goes to the translator in batches."""

from collections.abc import Callable, Sequence

from models.base import Hypothesis, Translator
from service.article import Draft, Language, Segment
from service.drafting import Piece, SplitLong, cut, decode, join, needs_model

Progress = Callable[[int, int], None]  # pieces done, pieces in all

# Pieces handed to the engine at once: enough to fill its batches, few enough that the progress bar
# moves.
CHUNK = 64


def translate(
    segments: Sequence[Segment],
    target: Language,
    translator: Translator,
    *,
    split_long: SplitLong,
    progress: Progress | None = None,
) -> list[Draft]:
    """One draft a segment, in order. Equal sentences are translated once.

    A segment that is in the target language already, or holds no word, is kept as it is; a segment
    longer than the model takes is cut at clause marks by `split_long` and put together again.
    """
    pieces: dict[int, list[Piece]] = {
        index: cut(segment.text, translator, split_long, translator.max_source_tokens)
        for index, segment in enumerate(segments)
        if needs_model(segment, target)
    }
    unique = list(dict.fromkeys(piece.text for own in pieces.values() for piece in own))
    found: dict[str, list[Hypothesis]] = {}
    for start in range(0, len(unique), CHUNK):
        found |= decode(unique[start : start + CHUNK], target, translator)
        if progress is not None:
            progress(min(start + CHUNK, len(unique)), len(unique))
    return [
        join(segment.text, pieces[index], found, "model")[0]
        if index in pieces
        else Draft(segment.text, "kept")
        for index, segment in enumerate(segments)
    ]
