"""The list of words that a source may become: what is learnt, and what the engine does with it."""

from dataclasses import replace

import pytest

from models.base import Request
from models.catalogue import BUNDLED_TRANSLATION, read_card
from models.ctranslate2_engine import SHORTLIST, CTranslate2Engine
from models.training.shortlist import candidates, frequent, learn, write_shortlist

# "a b" and "c": 0 1 2; their translations: 3 4 5.
PAIRS = [([0, 1], [3, 4]), ([0], [3]), ([1, 2], [4, 5]), ([2], [5]), ([0, 2], [3, 5])]


def test_words_that_occur_together_and_apart_find_each_other():
    likely = learn(PAIRS, 6)
    assert candidates(likely, most=1, least=0.5) == {0: {3}, 1: {4}, 2: {5}}


def test_what_is_unlikely_is_left_out_and_no_more_than_wanted_are_kept():
    likely = learn([*PAIRS, ([0], [5])], 6)
    assert candidates(likely, most=2, least=0.001)[0] == {3, 5}
    assert candidates(likely, most=1, least=0.001)[0] == {3}


def test_an_empty_or_very_long_side_teaches_nothing():
    odd = [([], [3]), ([0], []), ([0] * 101, [5])]
    assert candidates(learn([*PAIRS, *odd], 6), most=6, least=0.5) == {0: {3}, 1: {4}, 2: {5}}


def test_frequent_pieces_are_those_most_written():
    likely = learn([*PAIRS, ([0], [3]), ([0], [3])], 6)
    assert frequent(likely, 1) == {3}


def test_the_file_has_figures_and_control_tokens_always_and_every_word_as_itself(tmp_path):
    pieces = ["</s>", "<unk>", ">>eng<<", "｟0｠", "▁nhà", "▁house", "▁1", "▁Hanoi"]
    path = write_shortlist(pieces, {">>eng<<": ({4: {5}}, set())}, tmp_path)
    lines = dict(line.split("\t") for line in path.read_text("utf-8").splitlines())
    assert set(lines[""].split()) == {"</s>", "<unk>", ">>eng<<", "｟0｠", "▁1"}
    assert set(lines["▁nhà"].split()) == {"▁nhà", "▁house"}
    assert lines["▁Hanoi"] == "▁Hanoi"


@pytest.fixture(scope="module")
def engine():
    return CTranslate2Engine(read_card(BUNDLED_TRANSLATION))


def test_the_shipped_model_has_one_and_uses_it(engine):
    assert SHORTLIST in engine.card.files
    assert engine.decoding.shortlist
    asked = []
    library = engine._translator.translate_batch

    class Recorded:
        def translate_batch(self, *given, **options):
            asked.append(options["use_vmap"])
            return library(*given, **options)

    own, engine._translator = engine._translator, Recorded()
    try:
        request = Request("Chính phủ họp sáng nay.", "en")
        engine.translate([request])
        engine.translate([request], replace(engine.decoding, exact=True))
        engine.translate([request], replace(engine.decoding, shortlist=False))
    finally:
        engine._translator = own
    assert asked == [True, False, False]


def test_names_figures_and_placeholders_pass_through_it(engine):
    texts = {
        "Ông Barack Obama phát biểu ngày 18/3/2024.": ["Barack Obama", "2024"],
        "Theo ｟0｠, tỉnh đã thu ｟1｠ tỷ đồng.": ["｟0｠", "｟1｠"],
    }
    answers = engine.translate([Request(text, "en") for text in texts])
    for wanted, [best, *_] in zip(texts.values(), answers, strict=True):
        assert all(part in best.text for part in wanted), best.text


def test_a_card_may_ask_for_a_list_that_its_model_does_not_have(engine):
    files = {name: digest for name, digest in engine.card.files.items() if name != SHORTLIST}
    without = CTranslate2Engine(replace(engine.card, files=files))
    [[best, *_]] = without.translate([Request("Chính phủ họp sáng nay.", "en")])
    assert "overnment" in best.text
