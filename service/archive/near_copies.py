"""Near copies of articles: what an earlier article of the run has too is not translated again.

An archive holds an article with a paragraph more, or a figure corrected. Its other sentences take
the translations of the first, findings are made anew, and only what differs is decoded. Which
article is the first follows from the order of the inputs, and a near copy waits for it, so two runs
still write the same bytes.
"""

from collections.abc import Iterator, Mapping, Sequence

from service.checks.decoding import TRUNCATED
from service.memory import MadeBy, Remembered, UnsureDrafts
from service.result import Result, SegmentResult

NEAR = "near"  # the option of an item that names the position of the first
_NOTHING = UnsureDrafts()


class FirstArticle:
    """A `service.memory.Memory` of one article: what its model made, to be used for a near copy."""

    def __init__(self, result: Result) -> None:
        self._made = result.provenance
        self._languages = (result.source_language.value, result.target_language.value)
        self._known = {
            segment.source: Remembered(segment.target, by_people=False, score=segment.score)
            for segment in _segments(result)
            if not any(finding.check == TRUNCATED for finding in segment.findings)
        }

    @property
    def unsure(self) -> UnsureDrafts:
        """Nothing: scores are known of all."""
        return _NOTHING

    def recall(self, sources: Sequence[str], made_by: MadeBy) -> Mapping[str, Remembered]:
        """What this model made of the sources in the same direction; options are the run's."""
        languages = (made_by.source_language, made_by.target_language)
        model = (made_by.model, made_by.weights_sha256)
        if languages != self._languages or model != (self._made.model, self._made.weights_sha256):
            return {}
        return {source: self._known[source] for source in sources if source in self._known}

    def remember(self, targets: Mapping[str, str], made_by: MadeBy) -> None:
        """Nothing: the first article is as it is."""

    def close(self) -> None:
        """Nothing is open."""


def _segments(result: Result) -> Iterator[SegmentResult]:
    for block in result.blocks:
        yield from block.segments
