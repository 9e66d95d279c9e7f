"""An article is read once for all that is asked about it in turn: its summary, its headline."""

import threading
from collections.abc import Sequence

from models.base import Sentence
from models.ranker import Reading, WordRanker

_Asked = tuple[tuple[Sentence, ...], str, tuple[str, ...]]


class ReadOnce:
    """A ranker that keeps the last reading of each thread, which is most of a summary's time."""

    def __init__(self, ranker: WordRanker) -> None:
        self._ranker = ranker
        self._last = threading.local()

    @property
    def weights_sha256(self) -> str:
        return self._ranker.weights_sha256

    def score(self, sentences: Sequence[Sentence], title: str) -> list[float]:
        """As `WordRanker.score`."""
        return list(self.read(sentences, title).scores)

    def read(
        self, sentences: Sequence[Sentence], title: str, captions: Sequence[str] = ()
    ) -> Reading:
        """As `WordRanker.read`."""
        asked: _Asked = tuple(sentences), title, tuple(captions)
        last: tuple[_Asked, Reading] | None = getattr(self._last, "reading", None)
        if last is None or last[0] != asked:
            last = self._last.reading = asked, self._ranker.read(sentences, title, captions)
        return last[1]
