"""The tables of the old encodings, held against every Vietnamese letter."""

import unicodedata

import pytest

from service.text.legacy import convert_legacy, decode_table

MARKS = ["", "\u0300", "\u0301", "\u0303", "\u0309", "\u0323"]
SMALL = {unicodedata.normalize("NFC", v + mark) for v in "aăâeêioôơuưy" for mark in MARKS} | {"đ"}


@pytest.mark.parametrize("encoding", ["tcvn3", "vni"])
def test_every_small_letter_can_be_written(encoding):
    assert SMALL - set("aeiouy") <= set(decode_table(encoding).values())


def test_vni_writes_capitals_too():
    assert {letter.upper() for letter in SMALL} - set("AEIOUY") <= set(decode_table("vni").values())


def test_tcvn3_has_the_seven_capitals_of_the_alphabet():
    assert set("ĂÂÊÔƠƯĐ") <= set(decode_table("tcvn3").values())


def test_no_two_letters_share_a_code_in_tcvn3():
    table = decode_table("tcvn3")
    assert len(set(table.values())) == len(table) == 67 + 7


def test_known_lines_of_both_encodings():
    line = "Căn cứ Luật Tổ chức chính quyền địa phương"
    assert convert_legacy("C¨n cø LuËt Tæ chøc chÝnh quyÒn ®Þa ph­¬ng") == (line, {"tcvn3": 1})
    assert convert_legacy("Caên cöù Luaät Toå chöùc chính quyeàn ñòa phöông") == (line, {"vni": 1})


def test_two_encodings_in_one_text():
    text = "C¨n cø LuËt Tæ chøc chÝnh quyÒn\nCaên cöù Luaät Toå chöùc chính quyeàn"
    line = "Căn cứ Luật Tổ chức chính quyền"
    assert convert_legacy(text) == (f"{line}\n{line}", {"tcvn3": 1, "vni": 1})


def test_a_table_row_of_a_legacy_text_follows_the_text():
    text = "C¨n cø LuËt Tæ chøc chÝnh quyÒn ®Þa ph­¬ng\nTæng céng"
    assert convert_legacy(text)[0].endswith("\nTổng cộng")
