"""A hub on this machine: the two routes of the real one's interface that a pull uses."""

import hashlib
import json
import threading
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import unquote, urlsplit

COMMIT = "0123456789abcdef0123456789abcdef01234567"


@dataclass
class Hub:
    """What it serves, and how badly."""

    files: dict[str, bytes]
    repository: str = "owner/tiny"
    large: int = 10_000  # files from this size on have a SHA-256, as in large-file storage
    break_after: dict[str, int] = field(default_factory=dict)  # bytes, then the line is cut once
    corrupt: set[str] = field(default_factory=set)
    ignore_ranges: bool = False
    gated: bool = False
    requests: list[tuple[str, str]] = field(default_factory=list)  # file, its Range header
    url: str = ""

    def listing(self) -> dict:
        siblings = []
        for name, content in self.files.items():
            blob = hashlib.sha1(b"blob %d\0" % len(content) + content).hexdigest()  # noqa: S324
            entry = {"rfilename": name, "size": len(content), "blobId": blob}
            if len(content) >= self.large:
                sha256 = hashlib.sha256(content).hexdigest()
                entry["lfs"] = {"sha256": sha256, "size": len(content), "pointerSize": 134}
            siblings.append(entry)
        return {
            "id": self.repository,
            "modelId": self.repository,
            "sha": COMMIT,
            "private": False,
            "tags": [],
            "downloads": 0,
            "siblings": siblings,
        }


class _Handler(BaseHTTPRequestHandler):
    hub: Hub
    protocol_version = "HTTP/1.1"

    def do_GET(self):
        path = unquote(urlsplit(self.path).path)
        if path.startswith("/api/models/"):
            self._listing(path)
        else:
            self._file(path)

    def _listing(self, path):
        if self.hub.gated:
            self._answer(403, b"{}", [("X-Error-Code", "GatedRepo")])
        elif path.startswith(f"/api/models/{self.hub.repository}/revision/"):
            self._answer(200, json.dumps(self.hub.listing()).encode())
        else:
            self._answer(404, b"{}", [("X-Error-Code", "RepoNotFound")])

    def _file(self, path):
        hub = self.hub
        name = path.removeprefix(f"/{hub.repository}/resolve/{COMMIT}/")
        if name not in hub.files:
            return self._answer(404, b"", [("X-Error-Code", "EntryNotFound")])
        wanted = self.headers.get("Range", "")
        hub.requests.append((name, wanted))
        content = hub.files[name]
        if name in hub.corrupt:
            content = content[:-1] + bytes([content[-1] ^ 1])
        start = 0
        if wanted and not hub.ignore_ranges:
            start = int(wanted.removeprefix("bytes=").split("-")[0])
        body = content[start:]
        self.send_response(206 if start else 200)
        self.send_header("Content-Length", str(len(body)))
        if start:
            self.send_header("Content-Range", f"bytes {start}-{len(content) - 1}/{len(content)}")
        self.end_headers()
        limit = hub.break_after.pop(name, None)
        self.wfile.write(body if limit is None else body[:limit])
        if limit is not None:
            self.wfile.flush()
            self.close_connection = True
            self.connection.close()
        return None

    def _answer(self, status, body, headers=()):
        self.send_response(status)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(body)))
        for key, value in headers:
            self.send_header(key, value)
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_):
        pass


@contextmanager
def serving(hub: Hub):
    """Serve `hub` while the block runs; its `url` is the endpoint."""
    handler = type("Handler", (_Handler,), {"hub": hub})
    server = ThreadingHTTPServer(("127.0.0.1", 0), handler)
    server.handle_error = lambda *_: None  # a line that a test cuts is no news
    thread = threading.Thread(target=server.serve_forever, args=(0.05,), daemon=True)
    thread.start()
    hub.url = f"http://127.0.0.1:{server.server_port}"
    try:
        yield hub
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
