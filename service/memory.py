"""Segments remembered: what must be equal for a translation to be used again, and the protocol.

What a model was unsure of is not stored, since its score would be lost; it is kept while the
process runs. Findings are made anew.
"""

import hashlib
import json
import threading
from collections import OrderedDict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass
from functools import cache
from pathlib import Path
from typing import Protocol

import models.base
from models.base import Decoding, Translator
from service.article import Draft, Language

UNSURE_DRAFTS = 4000  # about 6 MB
RUNG = "memory"  # of a segment that the model translated before
PEOPLES_RUNG = "approved"  # of one that people translated
_HERE = Path(__file__).parent
_MODELS = Path(models.base.__file__).parent
# What decides how a segment is cut, prepared, checked and repaired, for a given model.
_SHAPES_TARGETS = (
    (_HERE, "copying.py", "drafting.py", "glossary.py", "masking.py", "term_places.py"),
    (_HERE, "rules/**/*.toml", "rules/**/*.py", "rules/**/*.tsv"),
    (_HERE, "stages/*.py", "checks/*.py", "text/*.py"),
    (_MODELS, "normalise.py", "control_tokens.py", "pieces.py", "codec.py", "families.toml"),
)


@dataclass(frozen=True, slots=True)
class MadeBy:
    """Everything but the source that a model's translation depends on."""

    source_language: str
    target_language: str
    model: str
    weights_sha256: str
    settings_key: str  # of decoding, repair, glossary and the pipeline itself


@dataclass(frozen=True, slots=True)
class Remembered:
    """A translation that was made before."""

    target: str
    by_people: bool
    score: float | None = None  # mean log-probability per target token, where it was kept

    @property
    def rung(self) -> str:
        return PEOPLES_RUNG if self.by_people else RUNG


class UnsureDrafts:
    """Drafts that a model was unsure of, with their scores: the latest. Safe to share.

    They spare a model the same work for an article that comes again, and are offered to nobody: a
    fifth of news segments are unsure ones, and were two thirds of what such an article cost.
    """

    def __init__(self, limit: int = UNSURE_DRAFTS) -> None:
        self._limit = limit
        self._lock = threading.Lock()
        self._drafts: OrderedDict[tuple[str, MadeBy], Draft] = OrderedDict()

    def recall(self, sources: Sequence[str], made_by: MadeBy) -> dict[str, Draft]:
        """Drafts by source, of those that are known."""
        found = {}
        with self._lock:
            for source in sources:
                draft = self._drafts.get((source, made_by))
                if draft is not None:
                    self._drafts.move_to_end((source, made_by))
                    found[source] = draft
        return found

    def remember(self, drafts: Mapping[str, Draft], made_by: MadeBy) -> None:
        """Keep them, and forget those that were not used for the longest time."""
        with self._lock:
            for source, draft in drafts.items():
                self._drafts[source, made_by] = draft
                self._drafts.move_to_end((source, made_by))
            while len(self._drafts) > self._limit:
                self._drafts.popitem(last=False)


class Memory(Protocol):
    """Translations by source; safe to share. A memory that fails forgets: it raises nothing."""

    @property
    def unsure(self) -> UnsureDrafts:
        """What models were unsure of lately."""
        ...

    def recall(self, sources: Sequence[str], made_by: MadeBy) -> Mapping[str, Remembered]:
        """What is known of the sources: people's translations first, then this model's own."""
        ...

    def remember(self, targets: Mapping[str, str], made_by: MadeBy) -> None: ...

    def close(self) -> None: ...


def made_by(
    translator: Translator,
    source: Language,
    target: Language,
    *,
    repair: bool,
    terms: Iterable[tuple[Sequence[str], Sequence[str]]],
) -> MadeBy:
    """The key of what this translator makes; `terms` are the user's, source and target forms."""
    return MadeBy(
        source.value,
        target.value,
        translator.model_id,
        translator.weights_sha256,
        _settings_key(translator.decoding, repair, [(list(a), list(b)) for a, b in terms]),
    )


def _settings_key(
    decoding: Decoding, repair: bool, terms: list[tuple[list[str], list[str]]]
) -> str:
    facts = [pipeline_version(), asdict(decoding), repair, terms]
    return hashlib.sha256(json.dumps(facts, sort_keys=True).encode()).hexdigest()[:32]


@cache
def pipeline_version() -> str:
    """Changes with any rule, check or stage, so that what they made before is not used again."""
    digest = hashlib.sha256()
    for folder, *patterns in _SHAPES_TARGETS:
        for path in sorted({path for pattern in patterns for path in folder.glob(pattern)}):
            digest.update(path.name.encode() + b"\0" + path.read_bytes() + b"\0")
    return digest.hexdigest()
