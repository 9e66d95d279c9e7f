"""An export holds every article, or says which part of them it holds."""

import io
import json
import zipfile

import httpx2
import pytest

from service.http.review import exports
from service.settings import Settings
from service.store.engine import open_store
from service.store.reviews import ReviewStore
from tests.conftest import running
from tests.review.items import add_item, plain_result


@pytest.fixture(scope="module")
def client(tmp_path_factory):
    """A server with three articles up for review, one of them from English."""
    settings = Settings(engine_replicas=1, data_dir=str(tmp_path_factory.mktemp("exports")))
    store = open_store(settings.store_url)
    english = plain_result(("One.", "Một."))
    english |= {"source_language": "en", "target_language": "vi"}
    for result in (plain_result(("Một.", "One.")), plain_result(("Hai.", "Two.")), english):
        add_item(ReviewStore(store), [result])
    with running(settings) as address, httpx2.Client(base_url=address) as made:
        yield made
    store.close()


def sources(answer):
    return {json.loads(line)["source"] for line in answer.text.splitlines()}


def test_xliff_of_both_directions_is_a_file_each(client):
    answer = client.get("/review/export?format=xliff")
    with zipfile.ZipFile(io.BytesIO(answer.content)) as packed:
        assert sorted(packed.namelist()) == ["en-vi.xliff", "vi-en.xliff"]
        assert "Hai." in packed.read("vi-en.xliff").decode()


def test_more_articles_than_a_file_holds_come_in_parts(client, monkeypatch):
    assert sources(client.get("/review/export?format=jsonl")) == {"Một.", "Hai.", "One."}
    monkeypatch.setattr(exports, "MAX_ARTICLES", 2)
    refused = client.get("/review/export?format=jsonl")
    assert refused.status_code == 422
    assert "part=2" in refused.json()["detail"]
    parts = [sources(client.get(f"/review/export?format=jsonl&part={n}")) for n in (1, 2)]
    assert [len(part) for part in parts] == [2, 1]
    assert parts[0] | parts[1] == {"Một.", "Hai.", "One."}
    for wrong in ("0", "3", "x"):
        assert client.get(f"/review/export?part={wrong}").status_code == 422
