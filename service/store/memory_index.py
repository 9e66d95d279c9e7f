"""Similar segments in the memory: candidates by shared words, compared letter by letter."""

import difflib
import re
import threading
from collections import Counter, defaultdict
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from service.tmx import Unit

CANDIDATES = 30  # compared in full: about 1 ms each
COMMON = 2_000  # a word in more segments than this tells nothing
MAX_UNITS = 100_000  # held in memory, 0.5 KB each
_WORD = re.compile(r"\w+")


@dataclass(frozen=True, slots=True)
class Suggestion:
    """A translation by people of a segment like the one asked about."""

    source: str
    target: str
    origin: str
    similarity: float  # 0 to 1; 1 is equal but for case


class MemoryIndex:
    """Words of segments; read when first asked, and again after `stale()`."""

    def __init__(self, read: Callable[[], Iterator[Unit]]) -> None:
        self._read = read
        self._lock = threading.Lock()
        self._units: list[Unit] = []
        self._places: dict[tuple[str, str], list[int]] | None = None  # (language, word) -> units

    def stale(self) -> None:
        with self._lock:
            self._places = None

    def suggest(
        self, text: str, source_language: str, *, at_least: float, limit: int
    ) -> list[Suggestion]:
        """The most similar first; only those `at_least` so similar."""
        with self._lock:
            if self._places is None:
                self._fill()
            units, places = self._units, self._places or {}
        shared: Counter[int] = Counter()
        for word in set(_words(text)):
            known = places.get((source_language, word), ())
            if len(known) <= COMMON:
                shared.update(known)
        found = []
        asked = text.lower()
        for place, _ in shared.most_common(CANDIDATES):
            unit = units[place]
            similarity = difflib.SequenceMatcher(None, asked, unit.source.lower(), False).ratio()
            if similarity >= at_least:
                found.append(Suggestion(unit.source, unit.target, unit.origin, similarity))
        return sorted(found, key=lambda one: (-one.similarity, one.origin, one.source))[:limit]

    def _fill(self) -> None:
        self._units, places = [], defaultdict(list)
        for unit in self._read():
            if len(self._units) == MAX_UNITS:
                break
            for word in set(_words(unit.source)):
                places[unit.source_language, word].append(len(self._units))
            self._units.append(unit)
        self._places = dict(places)


def _words(text: str) -> list[str]:
    return _WORD.findall(text.lower())
