"""The bundled model through its engine, and what happens to damaged files."""

import shutil
from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from models.base import Decoding, Request
from models.catalogue import CardError, read_card, read_catalogue, verify_files
from models.control_tokens import CONTROL_TOKENS, PLACEHOLDERS
from models.ctranslate2_engine import CTranslate2Engine
from models.normalise import normalise


@pytest.fixture(scope="module")
def engine():
    return CTranslate2Engine(read_card("songngu-small"))


def test_one_list_of_hypotheses_for_each_request_in_order(engine):
    requests = [Request("Hôm nay trời mưa.", "en"), Request("The meeting ended.", "vi")]
    both = engine.translate(requests)
    alone = [engine.translate([request])[0] for request in requests]
    assert [answer[0].text for answer in both] == [answer[0].text for answer in alone]


def test_n_best_gives_that_many_and_the_best_first(engine):
    [answers] = engine.translate([Request("Chính phủ họp.", "en")], Decoding(beam_size=4, n_best=4))
    assert len(answers) == 4
    assert answers[0].score == max(answer.score for answer in answers)


def test_decoded_exactly_a_source_has_the_scores_it_has_alone(engine):
    assert engine.exact
    texts = [
        f"{head}{' của tỉnh' * n} {n} {tail}"
        for n in range(6)
        for head in ("Sáng nay, hội đồng nhân dân", "Trong quý I, tổng thu ngân sách")
        for tail in ("tiếp tục tăng.", "họp phiên thứ ba về đầu tư công.")
    ]
    asked = [Request(text, "en", terms=("budget",) * (len(text) % 2)) for text in texts]
    exact = replace(engine.decoding, n_best=2, exact=True)
    together = engine.translate(asked, exact)
    assert together == [engine.translate([request], exact)[0] for request in asked]
    assert engine.translate(asked[::-1], exact) == together[::-1]


def test_no_requests_no_answers(engine):
    assert engine.translate([]) == []


def test_outside_text_cannot_spell_control_tokens(engine):
    for token in CONTROL_TOKENS[2:]:
        assert token not in normalise(f"a {token} b")


@settings(max_examples=15, deadline=None)
@given(st.text(max_size=60))
def test_any_text_is_translated_without_an_error(engine, text):
    [answers] = engine.translate([Request(text, "en")])
    assert isinstance(answers[0].text, str)


def test_placeholders_reach_the_model_as_tokens(engine):
    assert engine.count_tokens("x") >= 1
    tokens = engine.codec.request(Request(f"Ông {PLACEHOLDERS[3]} họp.", "en")).source
    assert PLACEHOLDERS[3] in tokens


@pytest.mark.parametrize("damage", ["missing", "flipped"])
def test_damaged_weights_are_refused_by_name(tmp_path, damage):
    card = read_card("songngu-small")
    folder = tmp_path / "weights"
    shutil.copytree(card.folder, folder)
    weights = folder / card.weights
    if damage == "missing":
        weights.unlink()
    else:
        content = bytearray(weights.read_bytes())
        content[len(content) // 2] ^= 1
        weights.write_bytes(content)
    with pytest.raises(CardError, match=r"model\.bin"):
        CTranslate2Engine(replace(card, folder=folder))


def test_every_shipped_file_is_the_one_its_card_names():
    shipped = [card for card in read_catalogue().values() if card.installed]
    assert [card.id for card in shipped] == ["songngu-small"]
    for card in shipped:
        verify_files(card)


def test_unknown_model_names_the_known_ones():
    with pytest.raises(CardError, match="songngu-small"):
        read_card("no-such-model")


def test_a_broken_catalogue_is_a_clear_error(tmp_path):
    path = tmp_path / "catalogue.toml"
    path.write_text("[[model]]\nid = 'x'\n", "utf-8")
    with pytest.raises(CardError, match=r"catalogue\.toml"):
        read_catalogue(path)


def test_a_source_beyond_the_position_table_is_translated_in_part_and_says_so(engine):
    [answers] = engine.translate([Request("Chính phủ họp phiên thường kỳ. " * 200, "en")])
    assert answers[0].truncated
