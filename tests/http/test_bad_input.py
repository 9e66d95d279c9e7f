"""Whatever comes in, the answer is a problem with a stable type, and the service goes on."""

import json
import socket

import pytest

from service.http.problems import TYPE_BASE

PROBLEM = "application/problem+json"


def post(client, body):
    content = body if isinstance(body, bytes) else json.dumps(body).encode()
    return client.post(
        "/v1/articles", content=content, headers={"Content-Type": "application/json"}
    )


def check_problem(answer, status, slug):
    assert answer.status_code == status, answer.text
    assert answer.headers["content-type"] == PROBLEM
    problem = answer.json()
    assert problem["type"] == TYPE_BASE + slug
    assert problem["status"] == status
    assert problem["title"]
    assert problem["detail"]
    assert problem["request_id"]
    assert "Traceback" not in answer.text
    return problem


@pytest.mark.parametrize("text", ["", "   \n\t ", "\u200b\u200b", "...", "12345 67", "-----"])
def test_nothing_to_translate(client, text):
    check_problem(post(client, {"text": text}), 422, "article-empty")


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("Le gouvernement a annoncé hier de nouvelles mesures pour soutenir les familles.", "fr"),
        ("Die Bundesregierung hat gestern neue Maßnahmen für die Familien angekündigt.", "de"),
        ("政府昨天宣布了新的措施，以支持全国各地的家庭和企业。", "zh"),
    ],
)
def test_other_languages_are_named(client, text, code):
    problem = check_problem(post(client, {"text": text}), 422, "language-not-supported")
    assert f"detected: {code}" in problem["detail"]


def test_too_long(client):
    text = "Chính phủ họp phiên thường kỳ. " * 6500
    assert len(text) > 200_000
    problem = check_problem(post(client, {"text": text}), 413, "article-too-long")
    assert "200,000" in problem["detail"]


def test_too_large_a_body(client):
    check_problem(post(client, {"text": "a" * 5_000_000}), 413, "body-too-large")


def test_already_in_the_target_language(client):
    text = "The government announced new measures yesterday to support families."
    body = {"text": text, "target_language": "en"}
    check_problem(post(client, body), 422, "same-language")


def test_binary_junk(client):
    junk = "".join(chr(n % 32) for n in range(2000)) + "PK\x03\x04"
    check_problem(post(client, {"text": junk}), 422, "article-not-text")


@pytest.mark.parametrize(
    ("body", "field"),
    [
        ({}, "body"),
        ({"text": "Xin chào", "html": "<p>Xin chào</p>"}, "body"),
        ({"text": 5}, "text"),
        ({"text": "Xin chào", "target_language": "fr"}, "target_language"),
        ({"text": "Xin chào", "source_language": "zz"}, "source_language"),
        ({"text": "Xin chào", "summary": {"sentences": -1}}, "summary.sentences"),
        ({"text": "Xin chào", "summary": {"sentences": 2.5}}, "summary.sentences"),
        ({"text": "Xin chào", "sumary": {}}, "sumary"),
        (b'{"text": NaN}', "text"),
        (b'{"text": Infinity}', "text"),
        (b'{"text": "\\ud800 abc"}', "text"),
        (b'{"text": ', "body"),
        (b"\xff\xfe\x00", "body"),
        (b"[" * 900 + b"]" * 900, "body"),
        (b'{"text": ' + b"9" * 5000 + b"}", "body"),
        (b"null", "body"),
        (b"", "body"),
    ],
)
def test_a_wrong_shape_names_the_field_and_echoes_nothing(client, body, field):
    answer = post(client, body)
    problem = check_problem(answer, 422, "invalid-request")
    assert next(error["field"] for error in problem["errors"]) == field
    assert "99999" not in answer.text


def test_nul_and_controls_are_dropped_and_reported(client):
    answer = post(client, {"text": "Chính phủ\u0000 họp phiên thường kỳ tháng 3\u0007 tại Hà Nội."})
    assert answer.status_code == 200
    assert "\u0000" not in answer.text
    assert answer.json()["repairs"]


@pytest.mark.parametrize(
    "html", ["<html></html>", "<p>", "<script>var a = 1;</script>", "<!-- -->"]
)
def test_pages_without_an_article(client, html):
    answer = post(client, {"html": html})
    assert answer.status_code == 422
    assert answer.headers["content-type"] == PROBLEM


def test_attribute_bomb_is_refused_quickly(client):
    bomb = "<p " + " ".join(f"a{n}=1" for n in range(50_000)) + ">Xin chào</p>"
    check_problem(post(client, {"html": bomb}), 422, "html-too-complex")


def test_markup_in_text_is_text(client):
    text = "Chính phủ họp <script>alert(1)</script> phiên thường kỳ tại thủ đô Hà Nội hôm nay."
    answer = post(client, {"text": text})
    assert answer.status_code == 200
    assert "<script>" in answer.json()["blocks"][0]["source"]


@pytest.mark.parametrize(("method", "path"), [("GET", "/v1/articles"), ("GET", "/nothing-here")])
def test_wrong_routes_are_problems_too(client, method, path):
    answer = client.request(method, path)
    assert answer.status_code in (404, 405)
    assert answer.headers["content-type"] == PROBLEM


def test_compressed_bodies_are_refused(client):
    answer = client.post("/v1/articles", content=b"x", headers={"Content-Encoding": "gzip"})
    check_problem(answer, 415, "unsupported-encoding")


def test_a_body_that_never_ends_is_answered(base_url):
    host, port = base_url.removeprefix("http://").split(":")
    with socket.create_connection((host, int(port)), timeout=30) as connection:
        connection.sendall(
            b"POST /v1/articles HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\n"
            b'Content-Length: 1000\r\n\r\n{"text": "'
        )
        assert b" 408 " in connection.recv(4096).split(b"\r\n")[0]


def test_the_service_still_answers_after_all_that(client):
    assert client.get("/readyz").json()["status"] == "ready"
