"""A language model behind the OpenAI interface writes summaries; nothing it says is trusted."""

import http.server
import json
import threading

import httpx2
import pytest

from service.settings import Settings
from tests.conftest import running
from tests.samples import VIETNAMESE

GOOD = "Đã có 12 lượt công dân đến trình bày ý kiến về đất đai."


@pytest.fixture(scope="module")
def model():
    """A server that says `model.says` to each article, and keeps what it was asked."""

    class Handler(http.server.BaseHTTPRequestHandler):
        def do_POST(self):
            asked = self.rfile.read(int(self.headers["Content-Length"]))
            server.asked.append(json.loads(asked)["messages"])
            choice = {"message": {"content": server.says}, "finish_reason": "stop"}
            self.send_response(200 if server.says else 400)
            self.end_headers()
            self.wfile.write(json.dumps({"choices": [choice]}).encode())

        def log_message(self, *_):
            pass

    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.asked = []
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield server
    server.shutdown()
    server.server_close()


@pytest.fixture(scope="module")
def client(model, tmp_path_factory):
    settings = Settings(
        engine_replicas=1,
        data_dir=str(tmp_path_factory.mktemp("data")),
        archive_threads=0,
        openai_base_url=f"http://127.0.0.1:{model.server_address[1]}/v1",
        openai_model="local",
    )
    with running(settings) as address, httpx2.Client(base_url=address, timeout=120) as one:
        yield one


def summary_of(client, name="openai-compatible", text=VIETNAMESE):
    answer = client.post("/v1/articles", json={"text": text, "summary": {"model": name}})
    assert answer.status_code == 200, answer.text
    return answer.json()["summary"]


@pytest.mark.parametrize("name", ["openai-compatible", "auto"])
def test_what_it_writes_of_the_article_is_let_out_and_translated_here(client, model, name):
    model.says, model.asked[:] = GOOD, []
    summary = summary_of(client, name)
    assert (summary["kind"], summary["refused"]) == ("abstractive", None)
    assert [one["text"] for one in summary["source"]] == [GOOD]
    assert summary["target"][0]["text"] not in ("", GOOD)
    [[system, user]] = model.asked
    assert "summarise Vietnamese news in Vietnamese" in system["content"]
    assert "12 lượt công dân" in user["content"]
    assert "Bình luận" not in user["content"]


@pytest.mark.parametrize(
    ("says", "reason"),
    [
        (GOOD.replace("12", "112"), "ungrounded"),
        ("The minister received the people of the province.", "wrong-language"),
        ("Xin lỗi, tôi không thể tóm tắt bài này", "truncated"),
        ("", "failed"),
    ],
)
def test_what_it_invents_or_will_not_do_is_refused(client, model, says, reason):
    model.says = says
    summary = summary_of(client)
    assert (summary["kind"], summary["refused"]["reason"]) == ("extractive", reason)
    assert summary["source"]


def test_of_a_long_article_it_gets_the_beginning(client, model):
    model.says, model.asked[:] = GOOD, []
    more = "Ủy ban nhân dân tỉnh cũng bàn về việc sửa đường số {} của huyện.\n\n"
    long = VIETNAMESE.replace("Minh Hà\n\nNguồn", "".join(more.format(n) for n in range(20, 140)))
    summary = summary_of(client, text=long)
    assert summary["kind"] == "abstractive"
    assert summary["read_to"]
    assert len(model.asked[0][1]["content"].encode()) < 9100
