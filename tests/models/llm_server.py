"""A server on the loopback interface that speaks the protocol of chat completions, rightly or wrongly as told."""

from __future__ import annotations

import json
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

Json = dict[str, Any]


@dataclass
class Script:
    """What the server does: ``faults`` come first, one a request, then ``answer`` gives the content."""

    answer: Callable[[list[str]], str]
    faults: list[str] = field(default_factory=list)
    requests: list[Json] = field(default_factory=list)
    headers: list[dict[str, str]] = field(default_factory=list)
    finish: str = "stop"
    usage: Any = field(default_factory=lambda: {"prompt_tokens": 100, "completion_tokens": 10})


def sentences(body: Json) -> list[str]:
    return [row["text"] for row in json.loads(body["messages"][-1]["content"])["sentences"]]


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    script: Script

    def log_message(self, format: str, *args: Any) -> None:  # noqa: A002
        pass

    def do_POST(self) -> None:
        script = self.server.script  # type: ignore[attr-defined]
        body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        script.requests.append(body)
        script.headers.append(dict(self.headers.items()))
        fault = script.faults.pop(0) if script.faults else ""
        if fault.isdigit():
            self._send(int(fault), b"{}", {"Retry-After": "7"} if fault == "429" else {})
        elif fault == "redirect":
            self._send(307, b"", {"Location": "http://example.invalid/"})
        elif fault == "timeout":
            time.sleep(0.6)
            self.close_connection = True
        elif fault == "drop":
            self.close_connection = True
        elif fault == "html":
            self._send(200, b"<html>gateway</html>")
        elif fault == "empty":
            self._send(200, b"{}")
        elif fault == "huge":
            self._send(200, b"x" * 2_100_000)
        elif fault == "bytes":
            self._send(200, b"\xff\xfe\x00\x01")
        elif fault == "short":
            self._send(200, self._whole("{}", "length"))
        else:
            content = script.answer(sentences(body))
            if body.get("stream"):
                self._send(200, self._stream(content, cut=fault == "cut"), kind="text/event-stream")
            else:
                self._send(200, self._whole(content[: len(content) // 2] if fault == "cut" else content, script.finish))

    def _whole(self, content: str, finish: str) -> bytes:
        choice = {"index": 0, "message": {"role": "assistant", "content": content}, "finish_reason": finish}
        usage = self.server.script.usage  # type: ignore[attr-defined]
        return json.dumps({"choices": [choice], "usage": usage}).encode()

    def _stream(self, content: str, *, cut: bool) -> bytes:
        def event(value: Json) -> str:
            return f"data: {json.dumps(value)}\n\n"

        pieces = [content[place : place + 7] for place in range(0, len(content), 7)]
        kept = pieces[: len(pieces) // 2] if cut else pieces
        lines = [event({"choices": [{"delta": {"content": piece}}]}) for piece in kept]
        if not cut:
            usage = {"prompt_tokens": 100, "completion_tokens": 10}
            lines.append(event({"choices": [{"delta": {}, "finish_reason": "stop"}]}))
            lines += [event({"choices": [], "usage": usage}), "data: [DONE]\n\n"]
        return "".join(lines).encode()

    def _send(
        self, status: int, data: bytes, headers: dict[str, str] | None = None, kind: str = "application/json"
    ) -> None:
        self.send_response(status)
        for name, value in {"Content-Type": kind, "Content-Length": str(len(data)), **(headers or {})}.items():
            self.send_header(name, value)
        self.end_headers()
        try:
            self.wfile.write(data)
        except OSError:
            self.close_connection = True


@contextmanager
def serving(script: Script) -> Iterator[str]:
    server = ThreadingHTTPServer(("127.0.0.1", 0), _Handler)
    server.daemon_threads = True
    server.script = script  # type: ignore[attr-defined]
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_address[1]}/v1"
    finally:
        server.shutdown()
        thread.join()
        server.server_close()
