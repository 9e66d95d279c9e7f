"""`songngu article`, run as a user runs it."""

import json
import os
import subprocess
import sys
import unicodedata
from pathlib import Path

import pytest

from tests.samples import ENGLISH, VIETNAMESE


def songngu(*arguments, stdin=b"", **environment):
    command = [str(Path(sys.executable).with_name("songngu")), *map(str, arguments)]
    variables = {**os.environ, "SONGNGU_ENGINE_REPLICAS": "1", **environment}
    return subprocess.run(
        command, input=stdin, capture_output=True, env=variables, timeout=280, check=False
    )


def check_refused(answer, words):
    assert answer.returncode == 2
    assert answer.stdout == b""
    lines = answer.stderr.decode().strip().splitlines()
    assert len(lines) == 1
    assert words in lines[0]


def test_json_from_a_file(tmp_path):
    path = tmp_path / "article.txt"
    path.write_text(VIETNAMESE, "utf-8")
    answer = songngu("article", path, "--format", "json", "--summary-sentences", "2")
    assert answer.returncode == 0, answer.stderr
    result = json.loads(answer.stdout)
    assert result["source_language"] == "vi"
    assert len(result["summary"]["source"]) == 2


def test_text_from_standard_input_has_summary_and_translation():
    answer = songngu("article", "-", "--to", "vi", stdin=ENGLISH.encode())
    assert answer.returncode == 0, answer.stderr
    assert answer.stdout.decode().startswith("Summary\n")
    assert "Comment (0)" not in answer.stdout.decode()


def test_html_output_is_a_page_with_escaped_text():
    text = "The minister said <b>hello</b> to the delegates of the conference on Monday morning."
    answer = songngu("article", "-", "--format", "html", stdin=text.encode())
    page = answer.stdout.decode()
    assert page.startswith("<!doctype html>")
    assert "&lt;b&gt;hello&lt;/b&gt;" in page


def test_html_input_is_recognised_by_content():
    html = "<!DOCTYPE html><html><body><article><h1>Tin mới</h1>" + (
        "<p>Chính phủ họp phiên thường kỳ tháng 3 tại thủ đô Hà Nội, bàn nhiều việc lớn.</p>" * 4
    )
    answer = songngu("article", "-", "--format", "json", stdin=html.encode())
    assert answer.returncode == 0, answer.stderr
    assert "<p>" not in answer.stdout.decode()


def test_a_byte_order_mark_is_dropped(tmp_path):
    path = tmp_path / "article.txt"
    path.write_bytes(b"\xef\xbb\xbf" + VIETNAMESE.encode())
    answer = songngu("article", path, "--format", "json")
    assert "\ufeff" not in answer.stdout.decode()


SENTENCE = "Sở Y tế họp ngày 15/3 về bệnh viện mới."


def in_cp1258(text):
    """Windows-1258 has letters with a circumflex, breve or horn, and tones that combine."""
    tones = "\u0300\u0301\u0303\u0309\u0323"
    parts = []
    for letter in unicodedata.normalize("NFD", text):
        if letter in tones or not unicodedata.combining(letter):
            parts.append(letter)
        else:
            tone = parts.pop() if parts[-1] in tones else ""
            parts.append(unicodedata.normalize("NFC", parts.pop() + letter) + tone)
    return "".join(parts).encode("cp1258")


@pytest.mark.parametrize(
    ("name", "raw", "options"),
    [
        ("a.txt", in_cp1258(SENTENCE), ("--encoding", "windows-1258")),
        ("a.txt", SENTENCE.encode("utf-16"), ()),
        (
            "a.html",
            b'<html><head><meta charset="windows-1258"></head><body><article><p>'
            + in_cp1258(SENTENCE)
            + b"</p></article></body></html>",
            (),
        ),
    ],
)
def test_other_encodings_are_read(tmp_path, name, raw, options):
    path = tmp_path / name
    path.write_bytes(raw)
    answer = songngu("article", path, *options, "--format", "json")
    assert answer.returncode == 0, answer.stderr
    [block] = json.loads(answer.stdout)["blocks"]
    assert block["source"] == SENTENCE


def test_an_unknown_encoding_is_named(tmp_path):
    check_refused(songngu("article", "-", "--encoding", "nix", stdin=b"x"), "nix")


@pytest.mark.parametrize(
    ("stdin", "words"),
    [
        (b"", "holds no text"),
        (b"  \n ", "holds no text"),
        (b"\x89PNG\r\n\x1a\n\x00\xff\xfe", "not utf-8"),
        ("Le gouvernement a annoncé hier de nouvelles mesures.".encode(), "detected: fr"),
    ],
)
def test_bad_input_is_one_line_and_exit_code_2(stdin, words):
    check_refused(songngu("article", "-", stdin=stdin), words)


def test_a_missing_file_is_one_line_and_exit_code_2(tmp_path):
    check_refused(songngu("article", tmp_path / "none.txt"), "No such file")


def test_an_unknown_setting_is_named():
    check_refused(songngu("article", "-", stdin=b"x", SONGNGU_MAX_ARTICEL_CHARS="5"), "ARTICEL")


def test_the_same_language_is_refused():
    check_refused(songngu("article", "-", "--to", "en", stdin=ENGLISH.encode()), "already in")


def test_a_wrongly_detected_language_can_be_named():
    french = "Le ministre a visité la province mardi matin avec son équipe.".encode()
    check_refused(songngu("article", "-", stdin=french), "--from")
    answer = songngu("article", "-", "--from", "en", "--format", "json", stdin=french)
    assert answer.returncode == 0, answer.stderr
    assert json.loads(answer.stdout)["source_language"] == "en"


def test_repair_can_be_turned_off():
    answer = songngu("article", "-", "--no-repair", "--format", "json", stdin=VIETNAMESE.encode())
    blocks = json.loads(answer.stdout)["blocks"]
    rungs = {segment["rung"].partition("+")[0] for block in blocks for segment in block["segments"]}
    assert rungs <= {"model", "kept", "credit", "formula"}


def test_help_has_examples():
    assert "Examples" in songngu("article", "--help").stdout.decode()
    assert "serve" in songngu("--help").stdout.decode()


def test_serve_refuses_a_port_in_use(base_url):
    port = base_url.rsplit(":", 1)[1]
    answer = songngu("serve", "--port", port)
    assert answer.returncode != 0
    assert "Traceback" not in answer.stderr.decode()


def test_a_summary_model_that_is_not_installed_is_told_and_the_summary_comes(tmp_path):
    asked = ("article", "-", "--summary-model", "bart-large-cnn")
    answer = songngu(*asked, stdin=ENGLISH.encode(), SONGNGU_MODELS_DIR=str(tmp_path))
    assert answer.returncode == 0, answer.stderr
    told = answer.stdout.decode()
    assert told.startswith("Summary\n  • ")
    assert "bart-large-cnn was not used (not-installed)" in told
    assert "songngu models pull bart-large-cnn" in told


def test_a_summary_model_that_does_not_exist_is_refused():
    answer = songngu("article", "-", "--summary-model", "gpt", stdin=ENGLISH.encode())
    check_refused(answer, "`summary.model` names an unknown model; known: auto, bart-large-cnn")
