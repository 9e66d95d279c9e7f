"""A toy model, trained and released by the real recipe in a few seconds."""

from dataclasses import dataclass, replace
from pathlib import Path

import pytest

from models.base import Decoding
from models.catalogue import Card, read_card

PAIRS = [
    ("Thủ tướng họp hôm nay.", "The Prime Minister meets today."),
    ("Bộ Tài chính họp hôm nay.", "The Ministry of Finance meets today."),
    ("Thủ tướng đọc báo cáo.", "The Prime Minister reads the report."),
    ("Bộ Tài chính đọc báo cáo.", "The Ministry of Finance reads the report."),
    ("Hội nghị bắt đầu năm 2024.", "The conference begins in 2024."),
    ("Hội nghị kết thúc năm 2025.", "The conference ends in 2025."),
    ("Thủ tướng đọc Nghị định 15/2024/NĐ-CP.", "The Prime Minister reads Decree 15/2024/NĐ-CP."),
    ("Bộ Tài chính viết báo cáo năm 2024.", "The Ministry of Finance writes the 2024 report."),
]


@dataclass(frozen=True)
class Toy:
    """Where the toy run left its files."""

    run: Path
    transformers: Path
    card: Card


@pytest.fixture(scope="session")
def toy(tmp_path_factory) -> Toy:
    """Prepare, train, average, convert, as the scripts do."""
    torch = pytest.importorskip("torch", reason="the training recipe needs torch")
    from models.training.corpus import Pair, prepare, write_pairs
    from models.training.loop import Plan, Session
    from models.training.network import Size
    from models.training.release import average, convert, export_transformers
    from models.training.vocabulary import train_vocabulary

    torch.set_num_threads(1)  # so small a network is slowed down by more
    run = tmp_path_factory.mktemp("run")
    pairs, _ = prepare(Pair(vi, en, "toy", 1) for vi, en in PAIRS)
    write_pairs(pairs, run / "pairs.tsv")
    sentences = [side for pair in PAIRS for side in pair] * 20
    spm = train_vocabulary(sentences, size=330, folder=run / "vocabulary")
    size = Size(width=64, encoder_layers=1, decoder_layers=1)
    plan = Plan(
        folder=run,
        minutes=10,
        steps=350,
        checkpoint_share=0.1,
        warmup_steps=10,
        peak_rate=5e-3,
        batch_tokens=400,
        dropout=0.0,
    )
    Session(plan, size, str(spm), pairs, PAIRS).run()
    average(sorted(run.glob("decayed-*.safetensors")), run / "averaged.safetensors")
    folder = run / "transformers"
    export_transformers(run / "averaged.safetensors", run / "vocabulary", size, folder)
    converted = run / "converted"
    files = convert(folder, converted, quantization="float32")
    bundled = read_card("songngu-small")
    card = replace(bundled, id="toy", folder=converted, files=files, decoding=Decoding(beam_size=1))
    return Toy(run, folder, card)


@pytest.fixture(scope="session")
def checkpoint(tmp_path_factory):
    """`checkpoint(name)` is the card of a tiny random checkpoint of that family, made once."""
    torch = pytest.importorskip("torch", reason="checkpoints are made with torch")
    from tests.models.checkpoints import BUILDERS, card_of

    torch.set_num_threads(1)
    made = {}

    def make(name: str) -> Card:
        if name not in made:
            folder = tmp_path_factory.mktemp("checkpoints") / name
            folder.mkdir()
            BUILDERS[name](folder)
            made[name] = card_of(name, folder, folder.parent / "conversions")
        return made[name]

    return make


@pytest.fixture
def converting_here(monkeypatch):
    """Convert in this process: importing torch in another one takes most of a minute."""
    from models import conversion

    def run(card, quantization, out):
        conversion.main(str(card.folder), str(out), quantization, card.architecture)

    monkeypatch.setattr(conversion, "_run", run)
