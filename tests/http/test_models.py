"""Models that are missing, damaged or too large harm nobody but those who ask for them."""

import dataclasses
import hashlib
import json
import shutil

import httpx2
import pytest

from models.catalogue import read_card
from service.settings import Settings
from tests.conftest import running
from tests.samples import VIETNAMESE

ARTICLE = {"text": VIETNAMESE, "memory": False}


def _entry(card, folder, **changes):
    """A `card.json` that says what the bundled card says, but for `changes`."""
    entry = {
        field.name: getattr(card, field.name)
        for field in dataclasses.fields(card)
        if field.name not in ("conversions", "folder")
    }
    entry |= {
        "folder": str(folder),
        "directions": [list(pair) for pair in sorted(card.directions)],
        "decoding": dataclasses.asdict(card.decoding),
        "languages": [],
        "target": [],
    }
    for name, value in entry.items():
        if hasattr(value, "items"):
            entry[name] = dict(value)
    return entry | changes


@pytest.fixture(scope="module")
def models_dir(tmp_path_factory):
    """Twins of the bundled model: a sound one, and some that are broken in one way each."""
    root = tmp_path_factory.mktemp("models")
    bundled = read_card("songngu-small")

    def register(name, folder=bundled.folder, **changes):
        (root / name).mkdir()
        entry = _entry(bundled, folder, id=name, **changes)
        (root / name / "card.json").write_text(json.dumps(entry), "utf-8")

    register("twin")
    register("one-way", directions=[["en", "vi"]])
    damaged = root / "damaged-files"
    shutil.copytree(bundled.folder, damaged)
    content = bytearray((damaged / bundled.weights).read_bytes())
    content[len(content) // 2] ^= 1
    (damaged / bundled.weights).write_bytes(content)
    register("damaged", damaged)
    missing = root / "missing-files"
    shutil.copytree(bundled.folder, missing)
    (missing / bundled.vocabulary).unlink()
    register("missing", missing)
    nonsense = root / "nonsense-files"
    shutil.copytree(bundled.folder, nonsense)
    (nonsense / bundled.weights).write_bytes(b"not a model" * 1000)
    checksum = hashlib.sha256(b"not a model" * 1000).hexdigest()
    register("nonsense", nonsense, files={**bundled.files, bundled.weights: checksum})
    large = root / "large-files"
    large.mkdir()
    with (large / "model.bin").open("wb") as weights:
        weights.truncate(2**33)  # 8 GiB of nothing, which takes no room on the disk
    register("large", large, files={"model.bin": "0" * 64})
    return root


@pytest.fixture(scope="module")
def http(models_dir, tmp_path_factory):
    settings = Settings(
        engine_replicas=1,
        models_dir=str(models_dir),
        data_dir=str(tmp_path_factory.mktemp("data")),
        archive_threads=0,
    )
    with running(settings) as address, httpx2.Client(base_url=address, timeout=120) as client:
        yield client


def ask(http, *models):
    return http.post("/v1/articles", json={**ARTICLE, "models": list(models)})


def test_two_models_answer_side_by_side(http):
    answer = ask(http, "songngu-small", "twin").json()
    [twin] = answer["alternatives"]
    assert twin["model"] == "twin"
    assert twin["problem"] is None
    assert twin["text"] == answer["text"]  # the same weights
    assert [b["target"] for b in twin["blocks"]] == [b["target"] for b in answer["blocks"]]
    assert twin["provenance"]["model"].startswith("twin@")
    assert twin["summary"] == answer["summary"]["target"]


def test_without_models_there_are_no_alternatives(http):
    assert http.post("/v1/articles", json=ARTICLE).json()["alternatives"] == []


def test_an_unknown_model_is_told_the_known_ones(http):
    answer = ask(http, "songngu-small", "gpt")
    assert answer.status_code == 422
    assert answer.json()["type"].endswith("/model-not-known")
    assert "songngu-small" in answer.json()["detail"]
    assert "twin" in answer.json()["detail"]
    assert "opus-mt" not in answer.json()["detail"]  # in the catalogue, but not installed


@pytest.mark.parametrize(
    ("model", "slug", "words"),
    [
        ("damaged", "weights-broken", "model.bin is damaged"),
        ("missing", "weights-broken", "source.spm is missing"),
        ("large", "model-unavailable", "memory"),
        ("nonsense", "model-unavailable", "`nonsense` cannot be loaded"),
    ],
)
def test_a_bad_model_is_a_clear_error_and_the_service_stays_up(
    http, models_dir, model, slug, words
):
    for _ in range(2):
        answer = ask(http, model)
        assert answer.status_code == 503, answer.text
        assert answer.headers["retry-after"]
        problem = answer.json()
        assert problem["type"].endswith(f"/{slug}")
        assert words in problem["detail"]
        assert str(models_dir) not in problem["detail"]
    beside = ask(http, "songngu-small", model, "twin").json()
    assert beside["alternatives"][0]["problem"]["type"] == slug
    assert beside["alternatives"][1]["problem"] is None
    assert http.get("/readyz").status_code == 200


def test_a_model_for_the_other_direction_says_so(http):
    answer = ask(http, "one-way")
    assert answer.status_code == 422
    assert answer.json()["type"].endswith("/direction-not-supported")


@pytest.mark.parametrize(
    "models", [[], ["a"] * 2, ["a", "b", "c", "d", "e"], [""], ["x" * 65], "songngu-small", [1]]
)
def test_bad_lists_of_models_are_refused_by_field(http, models):
    answer = http.post("/v1/articles", json={**ARTICLE, "models": models})
    assert answer.status_code == 422
    assert answer.json()["type"].endswith("/invalid-request")
