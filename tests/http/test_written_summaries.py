"""Summaries written by models, over real HTTP: let out or refused, but an answer always comes.

Two models are real, small and random, in the formats of the public ones. The others stand in for
what larger ones do: they copy, shorten, invent, loop, fail and dawdle, behind the same loading,
queue and gate.
"""

import json
import threading
import time
from functools import partial

import httpx2
import pytest

pytest.importorskip("torch", reason="the small checkpoints are made with torch")
pytest.importorskip("transformers")
from models import conversion
from models.installed import add_folder
from service import bootstrap
from service.settings import Settings
from tests.conftest import running
from tests.fakes import FakeSummariser
from tests.models.checkpoints import BUILDERS
from tests.samples import ENGLISH, VIETNAMESE

pytestmark = pytest.mark.filterwarnings("ignore:.*tied weights.*")

SHORT = "Chủ tịch UBND tỉnh Nguyễn Văn Minh chủ trì buổi tiếp công dân định kỳ tháng 3."
GATE = {"empty", "truncated", "loop", "wrong-language", "ungrounded", "unsupported"}
TIMEOUT_S = 5.0
released = threading.Event()  # lets the slow ones go at the end


def _first(text):
    return text.split("\n")[0]


def _fail(text):
    raise RuntimeError("no")


def _run_out(text):
    raise MemoryError


def _dawdle(text):
    released.wait(60)
    return _first(text)


WRITERS = {
    "copier": _first,
    "shortener": lambda text: SHORT,
    "inventor": lambda text: SHORT.replace("tháng 3", "tháng 3 với 47 lượt người"),
    "renamer": lambda text: SHORT.replace("Văn Minh", "Văn Hùng"),
    "looper": lambda text: "tiếp công dân " * 12,
    "raiser": _fail,
    "greedy": _run_out,
    "slow": _dawdle,
    "narrow": _first,
    "late": _first,
}


def _load(real, card, **options):
    if card.id not in WRITERS:
        return real(card, **options)
    if card.id == "late":
        released.wait(60)
    room = 40 if card.id == "narrow" else 1000
    return FakeSummariser(
        WRITERS[card.id],
        model_id=f"{card.id}@1",
        languages=card.languages,
        max_source_tokens=room,
    )


@pytest.fixture(scope="module")
def models_dir(tmp_path_factory):
    """A T5 for Vietnamese, a BART for English, and what stands in for others."""
    root, data = tmp_path_factory.mktemp("checkpoints"), tmp_path_factory.mktemp("models")
    for name, language in (("bart", "en"), ("t5", "vi")):
        (root / name).mkdir()
        BUILDERS[name](root / name)
        add_folder(
            root / name,
            data,
            card_id=f"tiny-{name}",
            directions=[(language, language)],
            task="summarisation",
        )
    for name in (*WRITERS, "damaged", "large"):
        add_folder(
            root / "bart", data, card_id=name, directions=[("vi", "vi")], task="summarisation"
        )
    for name, changes in (
        ("damaged", {"folder": str(root / "t5"), "vocabulary": "spiece.model"}),
        ("large", {"format": "ctranslate2"}),
        ("tiny-t5", {"engine": "transformers"}),
    ):
        path = data / name / "card.json"
        path.write_text(json.dumps(json.loads(path.read_text("utf-8")) | changes), "utf-8")
    huge = root / "huge"
    huge.mkdir()
    with (huge / "model.bin").open("wb") as weights:
        weights.truncate(2**33)  # 8 GiB of nothing, which takes no room on the disk
    path = data / "large" / "card.json"
    changes = {"folder": str(huge), "files": {"model.bin": "0" * 64}, "weights": "model.bin"}
    path.write_text(json.dumps(json.loads(path.read_text("utf-8")) | changes), "utf-8")
    return data


@pytest.fixture(scope="module")
def http(models_dir, tmp_path_factory):
    settings = Settings(
        engine_replicas=1,
        models_dir=str(models_dir),
        data_dir=str(tmp_path_factory.mktemp("data")),
        archive_threads=1,
        summary_timeout_s=TIMEOUT_S,
    )

    def here(card, quantization, out):  # importing torch in another process takes a minute
        conversion.main(str(card.folder), str(out), quantization, card.architecture)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(bootstrap, "load_generator", partial(_load, bootstrap.load_generator))
        patch.setattr(conversion, "_run", here)
        with running(settings) as address, httpx2.Client(base_url=address, timeout=120) as client:
            yield client
            released.set()


def ask(http, model, text=VIETNAMESE, **options):
    summary = {"sentences": 2, **({"model": model} if model else {}), **options}
    answer = http.post("/v1/articles", json={"text": text, "memory": False, "summary": summary})
    assert answer.status_code == 200, answer.text
    return answer.json()


@pytest.fixture(scope="module")
def plain(http):
    """The answer without a model that writes."""
    return ask(http, None)


def segments_of(answer):
    return {s["id"]: s for block in answer["blocks"] for s in block["segments"]}


def check_extractive(answer, plain, reason):
    summary = answer["summary"]
    assert summary["refused"]["reason"] == reason, summary["refused"]
    assert summary["refused"]["message"]["vi"]
    assert summary["refused"]["message"]["en"]
    assert summary["kind"] == "extractive"
    assert {**summary, "refused": None} == plain["summary"]
    assert answer["blocks"] == plain["blocks"]
    assert answer["provenance"] == plain["provenance"]


def test_without_a_model_the_summary_is_extractive_and_nothing_was_refused(plain):
    assert plain["summary"]["kind"] == "extractive"
    assert plain["summary"]["refused"] is None
    assert plain["provenance"]["summary_model"] is None


@pytest.mark.parametrize(("model", "text"), [("tiny-bart", ENGLISH), ("tiny-t5", VIETNAMESE)])
def test_what_random_models_write_is_refused_with_a_reason(http, model, text):
    answer = ask(http, model, text)
    for _ in range(10):  # on a busy machine
        if answer["summary"]["refused"]["reason"] in ("loading", "too-slow"):
            answer = ask(http, model, text)
    refused = answer["summary"]["refused"]
    assert refused["reason"] in GATE
    assert refused["model"].startswith(f"{model}@")
    assert answer["summary"]["source"] == ask(http, None, text)["summary"]["source"]


def test_a_sentence_that_is_copied_comes_with_its_segment_and_its_translation(http):
    answer = ask(http, "copier")
    summary = answer["summary"]
    assert (summary["kind"], summary["refused"]) == ("abstractive", None)
    [source], [target] = summary["source"], summary["target"]
    [cited] = source["cites"]
    segment = segments_of(answer)[cited]
    assert source["text"] == segment["source"]
    assert target == {
        "text": segment["target"],
        "cites": [cited],
        "findings": segment["findings"],
    }
    assert answer["provenance"]["summary_model"] == "copier@1"
    assert answer["provenance"]["summary_weights_sha256"] == "5" * 64
    assert "write-summary" in answer["timings_ms"]


def test_a_sentence_of_the_models_own_is_translated_checked_and_cited(http, plain):
    answer = ask(http, "shortener")
    summary = answer["summary"]
    [source], [target] = summary["source"], summary["target"]
    assert source["text"] == SHORT
    assert "Nguyễn Văn Minh" in segments_of(answer)[source["cites"][0]]["source"]
    assert target["cites"] == source["cites"]
    assert target["text"].strip() not in ("", SHORT)
    assert all(finding["check"] for finding in target["findings"])
    assert answer["blocks"] == plain["blocks"]
    assert summary["headline"] == plain["summary"]["headline"]


@pytest.mark.parametrize(
    ("model", "reason", "words"),
    [
        ("inventor", "ungrounded", "47"),
        ("renamer", "ungrounded", "Nguyễn Văn Hùng"),
        ("looper", "loop", "repeats"),
        ("raiser", "failed", "failed"),
        ("greedy", "out-of-memory", "emory"),
        ("late", "loading", "`late` is still being loaded"),
        ("damaged", "unavailable", "merges.txt is missing"),
        ("large", "out-of-memory", "`large` needs about"),
        ("vit5-base-vietnews", "not-installed", "songngu models pull vit5-base-vietnews"),
        ("tiny-bart", "language", "does not read Vietnamese"),
    ],
)
def test_where_no_summary_can_be_let_out_sentences_are_chosen_as_ever(
    http, plain, models_dir, model, reason, words
):
    for _ in range(1 if reason == "loading" else 2):
        answer = ask(http, model)
        check_extractive(answer, plain, reason)
        assert words in answer["summary"]["refused"]["message"]["en"]
        assert str(models_dir) not in json.dumps(answer)


def test_a_model_that_dawdles_holds_up_only_who_asked_and_not_for_long(http, plain):
    answers = []
    asking = threading.Thread(target=lambda: answers.append(ask(http, "slow")))
    started = time.monotonic()
    asking.start()
    assert http.get("/livez").status_code == 200
    assert ask(http, "copier")["summary"]["kind"] == "abstractive"
    if time.monotonic() - started < TIMEOUT_S:
        assert asking.is_alive()
    asking.join()
    check_extractive(answers[0], plain, "too-slow")


@pytest.mark.parametrize("model", ["gpt", "songngu-small"])
def test_a_name_of_no_summariser_is_refused_with_the_known_ones(http, model):
    answer = http.post("/v1/articles", json={"text": VIETNAMESE, "summary": {"model": model}})
    assert answer.status_code == 422
    assert answer.json()["type"].endswith("/model-not-known")
    assert "summary.model" in answer.json()["detail"]
    assert "auto, bart-large-cnn" in answer.json()["detail"]


def test_auto_takes_an_installed_model_of_the_articles_language(http):
    answer = ask(http, "auto", ENGLISH)
    assert answer["summary"]["refused"]["model"].startswith("tiny-bart@")
    answer = ask(http, "auto")
    written_by = answer["provenance"]["summary_model"] or answer["summary"]["refused"]["model"]
    assert written_by.partition("@")[0] in {*WRITERS, "damaged", "large", "auto"}


def test_of_a_long_article_the_model_reads_the_beginning_and_says_how_far(http):
    answer = ask(http, "narrow")
    assert answer["summary"]["kind"] == "abstractive"
    last = segments_of(answer)[answer["summary"]["read_to"]]
    assert last["source"].startswith("Đã có 12 lượt công dân")
    assert ask(http, "copier")["summary"]["read_to"] is None


def test_the_title_may_stand_before_what_was_written(http):
    answer = ask(http, "shortener", title=True)
    first, second = answer["summary"]["target"]
    assert first["text"] == answer["title"]["target"]
    assert second["cites"] != first["cites"]
    alone = ask(http, "shortener", title=True, sentences=1)
    assert alone["summary"]["refused"]["reason"] == "too-long"


def test_limits_hold_for_what_is_written(http):
    assert ask(http, "shortener", words=30)["summary"]["kind"] == "abstractive"
    assert ask(http, "shortener", words=8)["summary"]["refused"]["reason"] == "too-long"
    none = ask(http, "shortener", sentences=0)["summary"]
    assert (none["source"], none["refused"]) == ([], None)


@pytest.mark.parametrize("model", ["", "x" * 65, 1, ["copier"]])
def test_a_model_that_is_no_name_is_refused_by_field(http, model):
    answer = http.post("/v1/articles", json={"text": VIETNAMESE, "summary": {"model": model}})
    assert answer.status_code == 422
    assert answer.json()["errors"][0]["field"].startswith("summary.model")


def test_articles_of_a_job_have_written_summaries_too(http):
    items = [{"id": "a", "text": VIETNAMESE}, {"id": "b", "text": ENGLISH}]
    body = {"items": items, "summary": {"sentences": 2, "model": "copier"}}
    job = http.post("/v1/jobs", json=body).json()
    for _ in range(600):
        if http.get(job["links"]["self"]).json()["state"] == "done":
            break
        time.sleep(0.1)
    lines = http.get(job["links"]["results"]).text.splitlines()
    found = {line["id"]: line["result"]["summary"] for line in map(json.loads, lines)}
    assert (found["a"]["kind"], found["a"]["refused"]) == ("abstractive", None)
    assert found["b"]["kind"] == "extractive"
    assert found["b"]["refused"]["reason"] == "language"
