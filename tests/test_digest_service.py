"""Several raw articles to one digest, through the whole pipeline without a real translator."""

import asyncio
import json
from concurrent.futures import Executor, ThreadPoolExecutor
from functools import partial

import httpx2
import pytest
import typer
from fastapi import FastAPI
from typer.testing import CliRunner

from models.catalogue import BUNDLED_RANKER, MODELS_FOLDER
from models.ranker import load_ranker
from service.article import Language
from service.cli import digest as command
from service.digest import DigestOptions, DigestResult, make_digest
from service.errors import DigestEmpty
from service.http import digests, problems
from service.http.admission import Admission
from service.intake import ArticleRequest
from service.pipeline import Pipeline
from tests.fakes import FakeTranslator

BRIDGE = """Lào Cai khởi công cầu vượt lũ

Ngày 12/10/2024

Sáng 12/10, UBND tỉnh Lào Cai khởi công cây cầu vượt lũ dài 300 m tại xã Bản Vược. \
Công trình có tổng vốn 120 tỷ đồng và dự kiến hoàn thành trong 18 tháng.

Người dân hai xã lâu nay phải đi vòng 14 km vào mùa mưa lũ hằng năm."""

SCHOOL = """Yên Bái hands over new boarding school

The People's Committee of Yen Bai Province handed over a boarding school for 350 pupils on Monday. \
The school cost 45 billion dong and has 12 classrooms.

Pupils of three communes will move in after the holidays."""


@pytest.fixture(scope="module")
def pipeline() -> Pipeline:
    fake = FakeTranslator(lambda text: f"<{text}>")
    return Pipeline(
        translators=dict.fromkeys(fake.directions, fake),
        ranker=load_ranker(MODELS_FOLDER / "weights" / BUNDLED_RANKER),
        ranker_sha256="0" * 64,
        extract=pytest.fail,
        max_article_chars=10_000,
        quality={},
    )


def run(pipeline: Pipeline, *texts: str, sentences: int = 4, words: int | None = None):
    requests = [ArticleRequest(text=text) for text in texts]
    return make_digest(requests, pipeline, DigestOptions(sentences, words))


def test_every_sentence_is_given_in_both_languages_and_cited(pipeline: Pipeline) -> None:
    result = run(pipeline, BRIDGE, SCHOOL)
    assert {sentence.original for sentence in result.sentences} == {Language.VI, Language.EN}
    for sentence in result.sentences:
        texts = {Language.VI: sentence.vi, Language.EN: sentence.en}
        own = texts[sentence.original]
        raw = (BRIDGE, SCHOOL)[sentence.cites[0].article]
        assert own in raw
        assert "<" in texts[sentence.original.other]
    assert [article.language for article in result.articles] == [Language.VI, Language.EN]


def test_the_same_article_twice_is_told_once_and_cited_twice(pipeline: Pipeline) -> None:
    once, twice = run(pipeline, BRIDGE), run(pipeline, BRIDGE, BRIDGE)
    assert [s.vi for s in twice.sentences] == [s.vi for s in once.sentences]
    assert {tuple(c.article for c in s.cites) for s in twice.sentences} == {(0, 1)}


def test_dated_articles_come_in_the_order_of_their_days(pipeline: Pipeline) -> None:
    earlier = BRIDGE.replace("12/10/2024", "2/1/2024").replace("cầu", "kè")
    result = run(pipeline, BRIDGE, earlier, sentences=6)
    if all(article.published for article in result.articles):
        assert result.sentences[0].cites[0].article == 1


def test_an_article_that_cannot_be_used_is_reported_beside_the_digest(pipeline: Pipeline) -> None:
    result = run(pipeline, " ", BRIDGE, "x" * 10_001)
    kinds = [article.error.type if article.error else None for article in result.articles]
    assert kinds == ["article-empty", None, "article-too-long"]
    assert {cite.article for sentence in result.sentences for cite in sentence.cites} == {1}


def test_a_digest_of_nothing_usable_is_an_error_with_its_reasons(pipeline: Pipeline) -> None:
    with pytest.raises(DigestEmpty, match=r"None of the 2 articles .* 1: .* 2: "):
        run(pipeline, " ", "\n")


def test_the_word_limit_is_that_of_the_originals(pipeline: Pipeline) -> None:
    result = run(pipeline, BRIDGE, SCHOOL, words=20)
    originals = [s.vi if s.original is Language.VI else s.en for s in result.sentences]
    assert sum(len(text.split()) for text in originals) <= 20


async def ask(pipeline: Pipeline, body: object, threads: Executor) -> httpx2.Response:
    app = FastAPI()
    app.state.pipeline = pipeline
    app.state.admission = Admission(1, 1)
    app.state.stopping_since = None
    app.state.article_timeout_s = 60.0
    app.state.threads = threads
    problems.install(app)
    app.include_router(digests.router)
    transport = httpx2.ASGITransport(app=app)
    async with httpx2.AsyncClient(transport=transport, base_url="http://test") as client:
        return await client.post("/v1/digests", json=body)


def post(pipeline: Pipeline, body: object) -> httpx2.Response:
    with ThreadPoolExecutor(1) as threads:
        return asyncio.run(ask(pipeline, body, threads))


def test_http_answers_with_the_digest_and_what_became_of_each_article(pipeline: Pipeline) -> None:
    articles = [{"name": "cau.txt", "text": BRIDGE}, {"text": SCHOOL}, {"text": ""}]
    answer = post(pipeline, {"articles": articles, "sentences": 3})
    assert answer.status_code == 200, answer.text
    result = DigestResult.model_validate(answer.json())
    assert 1 <= len(result.sentences) <= 3
    assert [article.name for article in result.articles] == ["cau.txt", None, None]
    assert result.articles[2].error is not None


@pytest.mark.parametrize(
    ("body", "field"),
    [
        ({"articles": []}, "articles"),
        ({"articles": [{"text": BRIDGE, "html": "<p>"}]}, "articles"),
        ({"articles": [{"name": "x"}]}, "articles"),
        ({"articles": [{"text": BRIDGE}], "sentences": 0}, "sentences"),
        ({"articles": [{"text": BRIDGE}], "unknown": 1}, "unknown"),
    ],
)
def test_http_says_which_field_is_wrong(pipeline: Pipeline, body: object, field: str) -> None:
    answer = post(pipeline, body)
    assert answer.status_code == 422
    assert answer.json()["errors"][0]["field"].startswith(field)


def test_http_digest_of_nothing_usable_is_a_problem(pipeline: Pipeline) -> None:
    answer = post(pipeline, {"articles": [{"text": " "}]})
    assert answer.status_code == 422
    assert answer.json()["type"].endswith("/digest-empty")


class NoExtractor:
    def close(self) -> None:
        pass


@pytest.fixture
def songngu(pipeline: Pipeline, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(command, "build_extractor", lambda settings: NoExtractor())
    monkeypatch.setattr(command, "build_pipeline", lambda settings, extractor: pipeline)
    app = typer.Typer()
    app.command()(command.digest)
    return partial(CliRunner().invoke, app)


def test_command_prints_sentences_with_the_numbers_of_their_files(songngu, tmp_path) -> None:
    (tmp_path / "a.txt").write_text(BRIDGE, "utf-8")
    (tmp_path / "b.txt").write_text(SCHOOL, "utf-8")
    paths = [str(tmp_path / name) for name in ("a.txt", "b.txt", "gone.txt")]
    answer = songngu([*paths, "--language", "vi"])
    assert answer.exit_code == 0, answer.output
    assert "• Sáng 12/10, UBND tỉnh Lào Cai khởi công" in answer.output
    assert "[1]" in answer.output
    assert "gone.txt: Cannot read" in answer.output


def test_command_prints_json(songngu, tmp_path) -> None:
    (tmp_path / "a.txt").write_text(BRIDGE, "utf-8")
    answer = songngu([str(tmp_path / "a.txt"), "--format", "json", "--sentences", "1"])
    assert len(json.loads(answer.stdout)["sentences"]) == 1


def test_command_refuses_what_it_cannot_read_at_all(songngu, tmp_path) -> None:
    answer = songngu([str(tmp_path / "gone.txt")])
    assert answer.exit_code == 2
    assert "None of the 1 articles can be used" in answer.stderr
