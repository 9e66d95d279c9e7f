"""Articles that an archive holds twice: fingerprints, and an index of those seen.

An exact copy has the same blocks after cleaning. A near copy shares most of its runs of five
words: MinHash (Broder 1997) with the lowest 16 bits of each minimum (Li and König 2010), found by
banding (Leskovec, Rajaraman and Ullman, "Mining of Massive Datasets", 3.4). Time is linear: an
article is compared with at most one other a band.
"""

import hashlib
import os
import re
import zlib
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Final

import numpy as np
import numpy.typing as npt

from service.archive.positions import FirstPositions
from service.article import Article

SHINGLE_WORDS = 5
# Articles that share this part of their runs of words are found at 0.9: with certainty; 0.8: 99 %;
# 0.7: 89 %; 0.5: 32 %, by 1 - (1 - s ** ROWS) ** BANDS; what is found below MIN_SIMILARITY is
# dropped. An article of 20 sentences with one of them changed has about 0.9.
BANDS, ROWS = 12, 5
MIN_SIMILARITY = 0.7

_WORD: Final = re.compile(r"\w+")
_Signature = npt.NDArray[np.uint16]


@dataclass(frozen=True, slots=True)
class Fingerprint:
    """What is remembered of an article: `exact` of its blocks, `words` its MinHash signature."""

    exact: bytes  # 16 bytes
    words: bytes  # BANDS * ROWS numbers of 16 bits


@dataclass(frozen=True, slots=True)
class Match:
    """An earlier article that an article equals (`similarity` 1.0, `exact`) or resembles."""

    position: int
    similarity: float
    exact: bool


def fingerprint(article: Article) -> Fingerprint:
    """The fingerprint of a cleaned article; what was removed from it does not matter."""
    digest = hashlib.blake2b(digest_size=16)
    for block in article.blocks:
        digest.update(f"{block.kind.value}\t{block.text}\n".encode("utf-8", "surrogatepass"))
    text = " ".join(block.text for block in article.blocks)
    return Fingerprint(digest.digest(), _signature(text).tobytes())


def _signature(text: str) -> _Signature:
    shingles = _shingles([word.encode("utf-8", "surrogatepass") for word in _words(text)])
    minima = [
        int((shingles * factor + offset >> _HALF).min()) for factor, offset in _permutations()
    ]
    return np.array(minima, dtype=np.uint64).astype(np.uint16)  # keeps the lowest bits


def _words(text: str) -> list[str]:
    return _WORD.findall(text.casefold())


def _shingles(words: Sequence[bytes]) -> npt.NDArray[np.uint64]:
    """A hash of every run of SHINGLE_WORDS words, or of all words where there are fewer."""
    hashes = np.array([zlib.crc32(word) for word in words] or [0], dtype=np.uint64)
    length = min(SHINGLE_WORDS, len(hashes))
    runs = np.zeros(len(hashes) - length + 1, dtype=np.uint64)
    for start in range(length):
        runs = runs * _ODD + hashes[start : start + len(runs)]
    return np.unique(runs)


_ODD: Final = np.uint64(0x9E3779B97F4A7C15)
_HALF: Final = np.uint64(32)


@cache
def _permutations() -> tuple[tuple[np.uint64, np.uint64], ...]:
    """Odd factors and offsets of multiply-shift hashing (Dietzfelbinger et al. 1997)."""
    pairs = []
    for number in range(BANDS * ROWS):
        raw = hashlib.blake2b(b"songngu minhash %d" % number, digest_size=16).digest()
        factor = np.uint64(int.from_bytes(raw[:8], "big") | 1)
        pairs.append((factor, np.uint64(int.from_bytes(raw[8:], "big"))))
    return tuple(pairs)


class DuplicateIndex:
    """All fingerprints of an archive by position, in a file; tables of their bands in memory.

    Takes 152 bytes an article on disk and about 350 in memory. Every position gets a record, in
    order. With the record goes a digest of the raw item: a later run tells by it whether the
    inputs are still the same. One thread at a time.
    """

    def __init__(self, path: Path) -> None:
        self._file = os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o644)
        self._exact, self._bands = FirstPositions(), FirstPositions()

    def add(self, position: int, digest: bytes, found: Fingerprint | None) -> Match | None:
        """Record an item (`found` None: it has no article), and find what it is a copy of."""
        words = found or NO_FINGERPRINT
        os.pwrite(self._file, digest + words.exact + words.words, position * RECORD_BYTES)
        return self._match(position, found) if found else None

    def restore(self, position: int) -> bytes | None:
        """Take an item of an earlier run into the tables; its digest, None where it is lost."""
        record = os.pread(self._file, RECORD_BYTES, position * RECORD_BYTES)
        if len(record) < RECORD_BYTES or not any(record):
            return None
        found = _fingerprint_in(record)
        if found != NO_FINGERPRINT:
            self._match(position, found)
        return record[:DIGEST_BYTES]

    def _match(self, position: int, found: Fingerprint) -> Match | None:
        first = self._exact.claim(int.from_bytes(found.exact[:8], "big"), position)
        own = np.frombuffer(found.words, dtype=np.uint16)
        near = {self._bands.claim(key, position) for key in _band_keys(found.words)} - {position}
        if first != position:
            return Match(first, 1.0, exact=True)
        matches = [Match(other, self._similarity(other, own), exact=False) for other in near]
        best = min(matches, key=lambda match: (-match.similarity, match.position), default=None)
        return best if best and best.similarity >= MIN_SIMILARITY else None

    def _similarity(self, position: int, own: _Signature) -> float:
        record = os.pread(self._file, RECORD_BYTES, position * RECORD_BYTES)
        other = np.frombuffer(_fingerprint_in(record).words, dtype=np.uint16)
        return round(float((own == other).mean()), 2) if len(other) == len(own) else 0.0

    def close(self) -> None:
        os.close(self._file)


DIGEST_BYTES: Final = 16
EXACT_BYTES: Final = 16
RECORD_BYTES: Final = DIGEST_BYTES + EXACT_BYTES + 2 * BANDS * ROWS
NO_FINGERPRINT: Final = Fingerprint(bytes(EXACT_BYTES), bytes(2 * BANDS * ROWS))


def _fingerprint_in(record: bytes) -> Fingerprint:
    exact = record[DIGEST_BYTES : DIGEST_BYTES + EXACT_BYTES]
    return Fingerprint(exact, record[DIGEST_BYTES + EXACT_BYTES :])


def _band_keys(words: bytes) -> list[int]:
    size = 2 * ROWS
    return [
        int.from_bytes(
            hashlib.blake2b(
                words[band * size : (band + 1) * size], digest_size=8, salt=bytes([band])
            ).digest(),
            "big",
        )
        for band in range(BANDS)
    ]
