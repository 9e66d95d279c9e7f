"""The recipe, run for real on a toy corpus."""

import json
import random
from dataclasses import replace

import pytest

from models.base import Hypothesis, Request
from models.control_tokens import PLACEHOLDERS, TERM
from models.ctranslate2_engine import CTranslate2Engine
from models.training.augment import augment, constrain, mask
from models.training.corpus import NON_COMMERCIAL, Pair, prepare, read_pairs, write_pairs
from tests.fakes import FakeTranslator

torch = pytest.importorskip("torch", reason="the training recipe needs torch")


def test_non_commercial_sources_are_never_trained_on():
    rows = [Pair("Xin chào bạn.", "Hello there.", source, 2) for source in sorted(NON_COMMERCIAL)]
    kept, refused = prepare(rows)
    assert kept == []
    assert refused == {"non-commercial": 3}


@pytest.mark.parametrize(
    ("pair", "reason"),
    [
        (Pair("Giống nhau.", "Giống nhau.", "x", 1), "untranslated"),
        (Pair("123", "456", "x", 1), "no letters"),
        (Pair("a " * 130, "b " * 130, "x", 1), "too long"),
        (Pair("Một câu rất dài " * 5, "Short sentence, that.", "x", 1), "length ratio"),
    ],
)
def test_bad_pairs_are_refused_with_their_reason(pair, reason):
    assert dict(prepare([pair])[1]) == {reason: 1}


def test_duplicates_after_normalising_are_dropped():
    pairs = [Pair("Quý  I", "Quarter one", "x", 1), Pair("Quý I", "Quarter one", "y", 2)]
    kept, refused = prepare(pairs)
    assert len(kept) == 1
    assert refused["duplicate"] == 1


def test_masked_spans_stand_on_both_sides():
    source, target = mask("Ông đọc 15/2024/NĐ-CP", "He read 15/2024/NĐ-CP", random.Random(3))
    assert (
        [t for t in PLACEHOLDERS if t in source] == [t for t in PLACEHOLDERS if t in target] != []
    )


def test_constraints_are_spans_of_the_target():
    target = "The Ministry of Finance reads the yearly report today."
    source = constrain("Bộ Tài chính đọc báo cáo.", target, random.Random(5))
    terms = [term.strip() for term in source.split(TERM)[1:]]
    assert terms
    assert all(term in target for term in terms)


def test_augmentation_leaves_most_examples_alone():
    rng = random.Random(1)
    pair = ("Năm 2024 họp tại Hà Nội 2025", "In 2024 it met at Hà Nội in 2025")
    plain = sum(augment(*pair, rng) == pair for _ in range(500))
    assert 350 < plain < 450


def test_training_learns_and_logs_its_curve(toy):
    log = [json.loads(line) for line in (toy.run / "log.jsonl").read_text("utf-8").splitlines()]
    first, last = log[0]["dev"], log[-1]["dev"]
    assert last["vi-en"] < first["vi-en"] / 2
    assert last["en-vi"] < first["en-vi"] / 2


def test_a_second_session_goes_on_where_the_first_stopped(toy):
    from models.training.loop import Plan, Session
    from models.training.network import Size

    plan = Plan(folder=toy.run, minutes=0)
    session = Session(
        plan,
        Size(64, 1, 1),
        str(toy.run / "vocabulary" / "source.spm"),
        read_pairs(toy.run / "pairs.tsv"),
        [],
    )
    stored = json.loads((toy.run / "stable" / "progress.json").read_text("utf-8"))
    assert session.progress.step == stored["step"] > 0
    assert session.optimisers[0].state_dict()["state"]


def test_both_engines_write_the_same_greedy_output_from_the_same_weights(toy):
    from transformers import MarianMTModel, MarianTokenizer

    tokenizer = MarianTokenizer.from_pretrained(toy.transformers)
    network = MarianMTModel.from_pretrained(toy.transformers).eval()
    sources = ["Thủ tướng họp hôm nay.", "Bộ Tài chính đọc báo cáo năm 2025."]
    batch = tokenizer([f">>eng<< {s}" for s in sources], return_tensors="pt", padding=True)
    with torch.no_grad():
        ids = network.generate(**batch, num_beams=1, max_new_tokens=40)
    expected = tokenizer.batch_decode(ids, skip_special_tokens=True)
    answers = CTranslate2Engine(toy.card).translate([Request(s, "en") for s in sources])
    assert [answer[0].text for answer in answers] == expected


def test_the_network_never_scores_pad_and_starts_from_zero(toy):
    from safetensors.torch import load_file

    shared = load_file(toy.run / "averaged.safetensors")["model.shared.weight"]
    assert float(shared[-1].abs().max()) == 0.0


def test_a_resumed_epoch_is_the_same_epoch():
    from models.training.batches import draw_epoch

    pairs = [Pair(f"Câu số {n}.", f"Sentence {n}.", "x", 3) for n in range(50)]
    assert draw_epoch(pairs, random.Random("1/4")) == draw_epoch(pairs, random.Random("1/4"))
    assert draw_epoch(pairs, random.Random("1/4")) != draw_epoch(pairs, random.Random("1/5"))


def test_toy_model_translates_what_it_was_taught(toy):
    engine = CTranslate2Engine(replace(toy.card))
    [[answer]] = engine.translate([Request("Thủ tướng họp hôm nay.", "en")])
    assert answer.text == "The Prime Minister meets today."
    assert not answer.truncated


def test_what_a_model_wrote_is_told_by_a_doubled_tag_and_drawn_by_its_own_share(toy):
    from models.training.batches import Encoder, Row, draw_epoch

    human = Pair("Xin chào.", "Hello.", "x", 1)
    machine = Pair("Tạm biệt.", "Goodbye.", "y", 1, machine="en")
    rows = draw_epoch([human, machine], random.Random(1), (1.0, 1.0, 1.0, 1.0), 0.0)
    assert {row.source for row in rows} == {"Xin chào.", "Hello."}
    encoder = Encoder(str(toy.run / "vocabulary" / "source.spm"))
    [(plain, _), (tagged, _)] = encoder.examples(
        [Row("Hello.", "Xin chào.", "vi"), Row("Hello.", "Xin chào.", "vi", synthetic=True)]
    )
    assert tagged == [plain[0], *plain]


def test_synthetic_pairs_keep_what_the_model_was_sure_of_and_drop_what_was_cut_off():
    from models.training.synthetic import synthesise, worth_translating

    sentences = [f"Bộ trưởng đã họp với tỉnh thứ {n} sáng nay." for n in range(10)]

    class Unsure(FakeTranslator):
        def translate(self, requests, decoding=None):
            return [
                [Hypothesis(f"The minister met province {n} today.", -0.1 * n, truncated=n == 0)]
                for n, _ in enumerate(requests)
            ]

    pairs = list(synthesise(sentences, Unsure(), source="own", share=0.5))
    assert [pair.vi for pair in pairs] == sentences[1:5]
    assert {pair.machine for pair in pairs} == {"en"}
    assert not worth_translating("Ảnh minh họa")


def test_english_sentences_stand_on_the_english_side_of_a_synthetic_pair():
    from models.training.synthetic import synthesise

    class Sure(FakeTranslator):
        def translate(self, requests, decoding=None):
            assert {request.target_language for request in requests} == {"vi"}
            return [[Hypothesis("Bộ trưởng đã họp với các tỉnh.", -0.1)] for _ in requests]

    english = "The minister met the provinces this morning."
    [pair] = synthesise([english], Sure(), source="own", language="en", share=1.0)
    assert (pair.en, pair.machine) == (english, "vi")


def test_pairs_survive_a_file_with_and_without_the_machine_column(tmp_path):
    pairs = [Pair("Một.", "One.", "x", 1), Pair("Hai.", "Two.", "y", 1, machine="en")]
    write_pairs(pairs, tmp_path / "pairs.tsv")
    assert read_pairs(tmp_path / "pairs.tsv") == pairs
    (tmp_path / "old.tsv").write_text("Một.\tOne.\tx\t1\n", "utf-8")
    assert read_pairs(tmp_path / "old.tsv") == pairs[:1]


def test_a_glossary_teaches_its_preferred_forms(tmp_path):
    from models.training.corpus import read_terms

    file = tmp_path / "gov.tsv"
    file.write_text("# vi\ten\nSở Y tế;SYT\tDepartment of Health;Health Department\n", "utf-8")
    [pair] = read_terms(file)
    assert (pair.vi, pair.en) == ("Sở Y tế", "Department of Health")
