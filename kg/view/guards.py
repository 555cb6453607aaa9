"""What stands before every request of the workbench: hosts, sizes, cross-site writes, safe headers, counts."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from time import perf_counter
from typing import Final

from starlette.responses import PlainTextResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send

LOOPBACK: Final = frozenset({"localhost", "127.0.0.1", "[::1]"})
_SAFE: Final = {
    b"x-content-type-options": b"nosniff",
    b"referrer-policy": b"no-referrer",
    b"x-frame-options": b"SAMEORIGIN",
    b"cross-origin-opener-policy": b"same-origin",
    b"cross-origin-resource-policy": b"same-origin",
    b"permissions-policy": b"camera=(), geolocation=(), microphone=()",
    b"cache-control": b"no-store",
}
DEFAULT_POLICY: Final = "default-src 'none'; frame-ancestors 'none'; base-uri 'none'; form-action 'none'"
_READING: Final = frozenset({"GET", "HEAD", "OPTIONS"})


@dataclass(slots=True)
class Metrics:
    """Counts since the start, in the text format of Prometheus."""

    requests: Counter[tuple[str, int]] = field(default_factory=Counter)
    seconds: dict[str, float] = field(default_factory=dict)
    refused: Counter[str] = field(default_factory=Counter)

    def text(self, more: Mapping[str, float]) -> str:
        """All counts; ``more`` are gauges by name."""
        lines = ["# TYPE kg_requests_total counter"]
        lines += [f'kg_requests_total{{method="{m}",status="{s}"}} {n}' for (m, s), n in sorted(self.requests.items())]
        lines += ["# TYPE kg_request_seconds_total counter"]
        lines += [f'kg_request_seconds_total{{method="{m}"}} {n:.6f}' for m, n in sorted(self.seconds.items())]
        lines += ["# TYPE kg_refused_total counter"]
        lines += [f'kg_refused_total{{reason="{reason}"}} {n}' for reason, n in sorted(self.refused.items())]
        for name, value in sorted(more.items()):
            lines += [f"# TYPE kg_{name} gauge", f"kg_{name} {value:g}"]
        return "\n".join(lines) + "\n"


class Guard:
    """ASGI middleware; refuses before the application sees anything."""

    def __init__(self, app: ASGIApp, *, hosts: Collection[str], body: int, metrics: Metrics) -> None:
        self.app, self.hosts, self.body, self.metrics = app, frozenset(hosts), body, metrics

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer, or hand on."""
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        started, method = perf_counter(), str(scope["method"])
        status = 500

        async def safe_send(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
                message = {**message, "headers": _with_safe(message.get("headers", []))}
            await send(message)

        refusal = self._refusal(scope)
        try:
            if refusal is None:
                await self.app(scope, self._bounded(receive), safe_send)
            else:
                self.metrics.refused[refusal[0]] += 1
                await PlainTextResponse(refusal[2] + "\n", refusal[1])(scope, receive, safe_send)
        except BodyTooLarge:
            self.metrics.refused["size"] += 1
            await PlainTextResponse(f"the body is larger than {self.body} bytes\n", 413)(scope, receive, safe_send)
        finally:
            known = method if method in ("GET", "HEAD", "POST") else "other"
            self.metrics.requests[known, status] += 1
            self.metrics.seconds[known] = self.metrics.seconds.get(known, 0.0) + perf_counter() - started

    def _refusal(self, scope: Scope) -> tuple[str, int, str] | None:
        headers = {name.lower(): value.decode("latin-1") for name, value in scope["headers"]}
        host = headers.get(b"host", "")
        name = host.rpartition(":")[0] if _has_port(host) else host
        if name.lower() not in self.hosts:
            return "host", 421, "this server does not answer to that name"  # DNS rebinding ends here
        if scope["method"] not in _READING and not _same_site(headers, host):
            return "cross-site", 403, "another site may not write here"
        length = headers.get(b"content-length", "0")
        if not length.isdecimal() or int(length) > self.body:
            return "size", 413, f"the body is larger than {self.body} bytes"
        return None

    def _bounded(self, receive: Receive) -> Receive:
        seen = 0

        async def bounded() -> Message:
            nonlocal seen
            message = await receive()
            seen += len(message.get("body", b""))
            if seen > self.body:
                raise BodyTooLarge
            return message

        return bounded


class BodyTooLarge(Exception):
    """A body without a declared length grew over the limit."""


def _has_port(host: str) -> bool:
    return ":" in host.rpartition("]")[2]


def _same_site(headers: Mapping[bytes, str], host: str) -> bool:
    """Browsers say where a write comes from; other programs say nothing and carry no one's cookies."""
    if headers.get(b"sec-fetch-site", "same-origin") not in ("same-origin", "none"):
        return False
    origin = headers.get(b"origin")
    return origin is None or origin.partition("://")[2].lower() == host.lower()


def _with_safe(headers: list[tuple[bytes, bytes]]) -> list[tuple[bytes, bytes]]:
    present = {name.lower() for name, _ in headers}
    more = [(name, value) for name, value in _SAFE.items() if name not in present]
    if b"content-security-policy" not in present:
        more.append((b"content-security-policy", DEFAULT_POLICY.encode()))
    return [*headers, *more]
