"""Written summaries by real, randomly initialised models: nothing that they invent comes out."""

from pathlib import Path

import pytest

pytest.importorskip("torch", reason="written summaries by transformers need torch")
pytest.importorskip("transformers")
from models.transformers_engine import TransformersEngine
from service.article import BlockKind, Language, Segment, Span
from service.stages.ground import write_abstract
from tests.models.checkpoints import BUILDERS, SENTENCES, card_of
from tests.test_ground import gate

pytestmark = pytest.mark.filterwarnings("ignore:.*tied weights.*")


@pytest.mark.parametrize(("name", "language"), [("t5", Language.VI), ("bart", Language.EN)])
def test_what_a_random_model_writes_is_refused_with_a_reason(
    name: str, language: Language, tmp_path: Path
) -> None:
    folder = tmp_path / name
    folder.mkdir()
    BUILDERS[name](folder)
    engine = TransformersEngine(card_of(name, folder, tmp_path))
    texts = SENTENCES[:2] if language is Language.VI else SENTENCES[6:8]
    segments = [
        Segment(f"b{i}s1", i - 1, BlockKind.PARAGRAPH, Span(0, len(text)), text, language)
        for i, text in enumerate(texts, start=1)
    ]
    found = write_abstract(segments, engine, gate(language))
    assert found.sentences == ()
    assert found.model == f"tiny-{name}@1"
    assert found.refusal.reason in {
        "empty",
        "truncated",
        "loop",
        "wrong-language",
        "ungrounded",
        "unsupported",
    }
    other = write_abstract(segments, engine, gate(language.other)).refusal
    assert other.reason == "language"
    assert f"tiny-{name}" in other.message_en
