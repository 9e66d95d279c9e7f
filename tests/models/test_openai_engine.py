"""A server that speaks the OpenAI interface: one segment in, one out, and no trust in it."""

import json
import math
import threading
import time

import httpx2
import pytest

from models.base import Decoding, Request
from models.catalogue import read_card
from models.engines import load_translator
from models.faults import CardError, EndpointFailed
from models.openai_engine import Endpoint, OpenAIEngine

ENDPOINT = Endpoint(
    base_url="http://127.0.0.1:1/v1", model="local", api_key="secret", pause_s=0.0, concurrency=3
)
CARD = read_card("openai-compatible")
SOURCE = "Chính phủ họp hôm nay."


def engine_of(handler, endpoint=ENDPOINT):
    return OpenAIEngine(CARD, endpoint, transport=httpx2.MockTransport(handler))


def saying(*texts, finish="stop", **more):
    choices = [{"message": {"content": text}, "finish_reason": finish, **more} for text in texts]
    return lambda request: httpx2.Response(200, json={"choices": choices})


def translate(handler, text=SOURCE, **settings):
    [found] = engine_of(handler).translate([Request(text, "en")], **settings)
    return found


def test_one_answer_a_segment_in_order_whichever_comes_first():
    def handler(request):
        asked = json.loads(request.content)["messages"][-1]["content"]
        time.sleep(0.05 if asked.endswith("0.") else 0.0)
        return saying(asked.upper())(request)

    requests = [Request(f"Câu {n}.", "en") for n in range(8)]
    found = engine_of(handler).translate(requests)
    assert [answers[0].text for answers in found] == [f"CÂU {n}." for n in range(8)]


def test_what_is_asked_names_both_languages_and_the_terms_and_keeps_the_text_apart():
    asked = {}

    def handler(request):
        asked.update(json.loads(request.content), key=request.headers["authorization"])
        return saying("x")(request)

    engine_of(handler).translate([Request(SOURCE, "en", terms=("Government",))])
    system, user = asked["messages"]
    assert "Vietnamese" in system["content"]
    assert "English" in system["content"]
    assert "Government" in system["content"]
    assert user == {"role": "user", "content": SOURCE}
    assert asked["key"] == "Bearer secret"
    assert asked["temperature"] == 0.0


def test_the_key_is_not_shown():
    assert "secret" not in repr(ENDPOINT)


@pytest.mark.parametrize(
    ("said", "text"),
    [
        ("The\x00 Government\u202e met\u200b.\n\nToday.", "The Government met. Today."),
        ("<think>They want\nEnglish.</think>The Government met.", "The Government met."),
        ("  The Government met.  ", "The Government met."),
    ],
)
def test_answers_are_cleaned(said, text):
    [answer] = translate(saying(said))
    assert answer.text == text
    assert not answer.truncated


@pytest.mark.parametrize(
    "said",
    [
        "I'm sorry, but I cannot help with that.",
        "I cannot translate this text.",
        "As an AI language model, I have no opinion.",
        "Xin lỗi, tôi không thể dịch nội dung này.",
        "",
        "word " * 2000,
    ],
)
def test_refusals_empty_and_endless_answers_are_flagged(said):
    [answer] = translate(saying(said))
    assert answer.truncated
    assert len(answer.text) < 1000


def test_a_translation_about_an_apology_is_not_a_refusal():
    [answer] = translate(saying("The minister said sorry, he cannot come."))
    assert not answer.truncated


def test_an_answer_cut_at_the_length_limit_is_flagged():
    [answer] = translate(saying("The Govern", finish="length"))
    assert answer.truncated


def test_scores_are_mean_log_probabilities_where_there_are_any():
    logprobs = {"content": [{"logprob": -0.5}, {"logprob": -1.5}]}
    [answer] = translate(saying("x", logprobs=logprobs))
    assert answer.score == -1.0
    assert translate(saying("x"))[0].score == 0.0
    odd = {"content": [{"logprob": float("-inf")}]}
    content = json.dumps({"choices": [{"message": {"content": "x"}, "logprobs": odd}]})
    [answer] = translate(lambda request: httpx2.Response(200, content=content))
    assert math.isfinite(answer.score)


def test_n_best_asks_for_several_and_sorts_them():
    found = translate(saying("a", "b", "c"), decoding=Decoding(n_best=2))
    assert len(found) == 2


def test_busy_servers_are_asked_again():
    answers = iter([httpx2.Response(503), httpx2.Response(429)])

    def handler(request):
        return next(answers, None) or saying("ok")(request)

    assert translate(handler)[0].text == "ok"


@pytest.mark.parametrize(
    ("answer", "words"),
    [
        (httpx2.Response(503), "status 503"),
        (httpx2.Response(401), "status 401"),
        (httpx2.Response(302, headers={"location": "http://169.254.169.254/"}), "status 302"),
        (httpx2.Response(200, content=b"<html>"), "expected form"),
        (httpx2.Response(200, content=b"[" * 100_000), "expected form"),
        (httpx2.Response(200, json={"choices": []}), "without a text"),
        (httpx2.Response(200, json={"choices": [{"message": {"content": None}}]}), "without"),
        (httpx2.Response(200, content=b"x" * 2_000_000), "too long"),
    ],
)
def test_useless_servers_are_one_clear_error(answer, words):
    with pytest.raises(EndpointFailed, match=words):
        translate(lambda request: answer)


def test_a_server_that_is_not_there_is_one_clear_error():
    def handler(request):
        raise httpx2.ConnectError("refused")

    with pytest.raises(EndpointFailed, match="did not answer"):
        translate(handler)


def test_no_more_requests_at_a_time_than_allowed():
    running, most, lock = 0, 0, threading.Lock()

    def handler(request):
        nonlocal running, most
        with lock:
            running += 1
            most = max(most, running)
        time.sleep(0.02)
        with lock:
            running -= 1
        return saying("x")(request)

    engine_of(handler).translate([Request(f"Câu {n}.", "en") for n in range(12)])
    assert most == 3


def test_summaries_are_asked_for_in_the_articles_language():
    asked = {}

    def handler(request):
        asked.update(json.loads(request.content))
        return saying("Tóm tắt.")(request)

    [[answer]] = engine_of(handler).generate(["Bài báo."], max_tokens=60, language="vi")
    assert answer.text == "Tóm tắt."
    assert "Vietnamese" in asked["messages"][0]["content"]


def test_without_an_address_the_engine_is_off():
    with pytest.raises(CardError, match="none is set"):
        load_translator(CARD)


def test_other_servers_and_models_are_other_signatures():
    one = engine_of(saying("x"))
    two = engine_of(saying("x"), Endpoint(base_url="http://other/v1", model="local"))
    assert one.weights_sha256 != two.weights_sha256
    assert "local" in one.model_id
