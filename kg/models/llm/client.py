"""Speaks to an OpenAI-compatible endpoint: bounded, rate-limited, repeated where that helps, cached by content."""

from __future__ import annotations

import ipaddress
import json
import os
import re
import time
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Protocol
from urllib.parse import SplitResult, urlsplit

from kg.datamodel import digest
from kg.errors import InputError, KgError, MissingExtra
from kg.extras import install

KEY = "KG_LLM_KEY"
"""The variable that holds the key of the endpoint, if it wants one."""
LARGEST_ANSWER = 2_000_000
DEEPEST = 64
_OF_THE_QUESTION = frozenset((400, 413, 422))
"""Statuses that one question earns, and the next may not."""
MOST_AWAY = 3
"""After so many questions in a row that the endpoint was away for, no more are asked."""
_RETRIED = frozenset((408, 409, 425, 429, 500, 502, 503, 504))
_LONGEST_WAIT = 60.0
BYTES_A_TOKEN = 3.0
"""For estimates only: Arabic costs about a token for three bytes of UTF-8, JSON and English fewer tokens."""
Json = dict[str, Any]


class NoAnswer(KgError):
    """The endpoint gave no answer that can be used; the message says why."""


class Away(NoAnswer):
    """Not the answer is at fault but the way to it: refused, too slow, out of order. Later it may come."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Endpoint:
    """Where the model is, and how it may be asked."""

    url: str
    model: str
    a_minute: float = 60.0
    timeout: float = 120.0
    attempts: int = 4
    stream: bool = False
    schema: bool = True
    """Send the JSON schema; for servers that do not know ``response_format`` turn it off."""

    def __post_init__(self) -> None:
        parts = _parts(self.url)
        if parts.scheme not in ("http", "https") or not parts.hostname:
            raise InputError(f"{self.url}: an endpoint is an address such as http://localhost:8080/v1")
        if parts.scheme == "http" and not _near(parts.hostname):
            raise InputError(f"{self.url}: articles and key would travel unencrypted; use https")
        if not self.model:
            raise InputError("name the model that the endpoint is to run: --model NAME")
        if self.a_minute <= 0 or self.timeout <= 0 or self.attempts < 1:
            raise InputError("rate, timeout and attempts must be above zero")


def _parts(url: str) -> SplitResult:
    try:
        parts = urlsplit(url)
        parts.port  # noqa: B018 - read for its ValueError
    except ValueError as error:
        raise InputError(f"{url}: no address: {error}") from None
    return parts


def _near(host: str) -> bool:
    try:
        return ipaddress.ip_address(host).is_private
    except ValueError:
        return host == "localhost"


@dataclass(slots=True)
class Usage:
    """Tokens that went in and came out; ``estimated`` where the endpoint did not count."""

    asked: int = 0
    cached: int = 0
    failed: int = 0
    tokens_in: int = 0
    tokens_out: int = 0
    estimated: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Price:
    """What a million tokens cost, in whatever money."""

    a_million_in: float = 0.0
    a_million_out: float = 0.0

    def of(self, tokens_in: int, tokens_out: int) -> float:
        """The cost of so many tokens."""
        return (tokens_in * self.a_million_in + tokens_out * self.a_million_out) / 1e6


def estimate_tokens(text: str) -> int:
    """A rough count, for the cost before asking.

    >>> estimate_tokens("abcdef")
    2
    """
    return round(len(text.encode("utf-8", "replace")) / BYTES_A_TOKEN)


class Answers(Protocol):
    """Whoever answers messages with a JSON object; raises NoAnswer."""

    usage: Usage

    def ask(self, messages: list[Json], schema: Json) -> Json:
        """The object that the model answered."""


@dataclass(slots=True)
class Client:
    """Asks the endpoint; ``clock`` and ``sleep`` are injected by the tests."""

    endpoint: Endpoint
    usage: Usage = field(default_factory=Usage)
    clock: Callable[[], float] = time.monotonic
    sleep: Callable[[float], None] = time.sleep
    _next: float = 0.0
    _away: int = 0

    def ask(self, messages: list[Json], schema: Json) -> Json:
        """The object that the model answered, after as many attempts as are allowed."""
        if self._away >= MOST_AWAY:
            raise Away(
                f"{self.endpoint.url}: away {MOST_AWAY} times in a row, asked no more; start again when it is back"
            )
        try:
            found = self._attempts(messages, schema)
        except NoAnswer as problem:
            self.usage.failed += 1
            self._away = self._away + 1 if isinstance(problem, Away) else 0
            raise
        self._away = 0
        return found

    def _attempts(self, messages: list[Json], schema: Json) -> Json:
        last = _Temporary("nobody asked")
        for attempt in range(self.endpoint.attempts):
            self._wait_for_turn()
            try:
                return self._once(messages, schema)
            except _Temporary as problem:
                last = problem
                if attempt + 1 < self.endpoint.attempts:
                    self.sleep(min(problem.wait if problem.wait is not None else 2.0**attempt, _LONGEST_WAIT))
        why = f"{self.endpoint.url}: no usable answer after {self.endpoint.attempts} attempts: {last}"
        raise Away(why) if last.away else NoAnswer(why)

    def _wait_for_turn(self) -> None:
        now = self.clock()
        if now < self._next:
            self.sleep(self._next - now)
        self._next = max(now, self._next) + 60.0 / self.endpoint.a_minute

    def _body(self, messages: list[Json], schema: Json) -> Json:
        body: Json = {"model": self.endpoint.model, "messages": messages, "temperature": 0, "seed": 1}
        if self.endpoint.schema:
            wanted = {"name": "answer", "strict": True, "schema": schema}
            body["response_format"] = {"type": "json_schema", "json_schema": wanted}
        if self.endpoint.stream:
            body |= {"stream": True, "stream_options": {"include_usage": True}}
        return body

    def _once(self, messages: list[Json], schema: Json) -> Json:
        body = self._body(messages, schema)
        raw = self._posted(body)
        self.usage.asked += 1
        content, finish, counted = _streamed(raw) if self.endpoint.stream else _whole(raw)
        self._count(body, content, counted)
        if finish != "stop":
            raise _Temporary(f"the answer was cut short ({finish or 'no end'})")
        return parsed(content)

    def _count(self, body: Json, content: str, counted: Any) -> None:
        given = counted if isinstance(counted, dict) else {}
        pairs = (given.get("prompt_tokens"), given.get("completion_tokens"))
        if not all(isinstance(number, int) and number >= 0 for number in pairs):
            self.usage.estimated = True
            pairs = (estimate_tokens(json.dumps(body, ensure_ascii=False)), estimate_tokens(content))
        self.usage.tokens_in += int(pairs[0] or 0)
        self.usage.tokens_out += int(pairs[1] or 0)

    def _posted(self, body: Json) -> str:
        try:
            import httpx
        except ImportError:
            raise MissingExtra(f"the profile llm needs httpx: {install('llm')}") from None
        headers = {"Authorization": f"Bearer {key}"} if (key := os.environ.get(KEY)) else {}
        address = self.endpoint.url.rstrip("/") + "/chat/completions"
        try:
            with (
                httpx.Client(
                    timeout=self.endpoint.timeout,
                    trust_env=False,
                    follow_redirects=False,
                    verify=address.startswith("https:"),  # loading the authorities takes longer than a local answer
                ) as http,
                http.stream("POST", address, json=body, headers=headers) as response,
            ):
                _check_status(response.status_code, response.headers, self.endpoint)
                return self._read(response.iter_bytes())
        except httpx.HTTPError as error:
            raise _Temporary(f"{type(error).__name__}: {error}", away=True) from error

    def _read(self, chunks: Iterator[bytes]) -> str:
        """The body, within bounds of size and of time as a whole."""
        data, end = bytearray(), self.clock() + self.endpoint.timeout
        for chunk in chunks:
            data += chunk
            if len(data) > LARGEST_ANSWER:
                raise _Temporary("the answer is too large")
            if self.clock() > end:
                raise _Temporary("the answer takes too long", away=True)
        return data.decode("utf-8", "replace")


class _Temporary(Exception):
    """Another attempt may help; ``away`` if nothing was answered at all."""

    def __init__(self, why: str, wait: float | None = None, *, away: bool = False) -> None:
        super().__init__(why)
        self.wait, self.away = wait, away


def _check_status(status: int, headers: Mapping[str, str], endpoint: Endpoint) -> None:
    if status == 200:
        return
    if status in _RETRIED:
        after = headers.get("retry-after", "")
        wait = float(after) if after.isascii() and after.isdigit() else None
        raise _Temporary(f"status {status}", wait, away=True)
    hint = f"; put its key into {KEY}" if status in (401, 403) else ""
    why = f"{endpoint.url}: the endpoint answered with status {status}{hint}"
    raise NoAnswer(why) if status in _OF_THE_QUESTION else Away(why)


def _loads(text: str) -> Any:
    """JSON without its extensions; what is wrong, or nested without sense, is temporary."""
    try:
        return json.loads(text, parse_constant=_no_constant)
    except (ValueError, RecursionError) as error:
        raise _Temporary(f"not JSON: {type(error).__name__}") from error


def _no_constant(name: str) -> Any:
    raise ValueError(name)


def _whole(raw: str) -> tuple[str, str, Any]:
    """Content, finish reason and usage of an answer in one piece."""
    data = _loads(raw)
    choice = _first(data)
    message = choice.get("message")
    content = message.get("content") if isinstance(message, dict) else None
    return str(content or ""), str(choice.get("finish_reason") or ""), data.get("usage")


def _first(data: Any) -> Json:
    choices = data.get("choices") if isinstance(data, dict) else None
    if not isinstance(choices, list) or not choices or not isinstance(choices[0], dict):
        raise _Temporary("the answer has no choices")
    return dict(choices[0])


def _streamed(raw: str) -> tuple[str, str, Any]:
    """The same of a stream of events; one without its last event has no finish."""
    pieces: list[str] = []
    finish, usage, done = "", None, False
    for line in re.split(r"\r\n|\r|\n", raw):  # splitlines also cuts inside JSON, at U+2028
        if not line.startswith("data:"):
            continue
        data = line.removeprefix("data:").strip()
        if data == "[DONE]":
            done = True
            break
        event = _loads(data)
        usage = event.get("usage") or usage if isinstance(event, dict) else usage
        if isinstance(event, dict) and event.get("choices"):
            choice = _first(event)
            delta = choice.get("delta")
            pieces.append(str(delta.get("content") or "") if isinstance(delta, dict) else "")
            finish = str(choice.get("finish_reason") or finish)
    return "".join(pieces), finish if done else "", usage


def parsed(content: str) -> Json:
    """The object in an answer; a fence around it is taken off, anything else is refused."""
    text = content.strip()
    if text.startswith("```") and text.endswith("```"):
        text = text.removeprefix("```json").removeprefix("```").removesuffix("```").strip()
    if _depth(text) > DEEPEST:
        raise _Temporary("the answer is nested without end")
    found = _loads(text)
    if not isinstance(found, dict):
        raise _Temporary("the answer is not an object")
    return found


def _depth(text: str) -> int:
    depth = deepest = 0
    for char in text:
        if char in "[{":
            depth += 1
            deepest = max(deepest, depth)
        elif char in "]}":
            depth -= 1
    return deepest


@dataclass(slots=True)
class Cached:
    """Answers kept in a folder by what was asked, so that a run goes on where it ended and a second one is free."""

    inner: Answers
    folder: Path
    model: str
    usage: Usage = field(default_factory=Usage)

    def __post_init__(self) -> None:
        self.usage = self.inner.usage

    def ask(self, messages: list[Json], schema: Json) -> Json:
        """The kept answer, or a new one that is kept."""
        path = self.path(messages, schema)
        kept = _kept(path)
        if kept is not None:
            self.usage.cached += 1
            return kept
        found = self.inner.ask(messages, schema)
        path.parent.mkdir(parents=True, exist_ok=True)
        waiting = path.with_suffix(f".{os.getpid()}.tmp")
        waiting.write_text(json.dumps(found, ensure_ascii=False) + "\n", encoding="utf-8", errors="surrogatepass")
        waiting.replace(path)
        return found

    def has(self, messages: list[Json], schema: Json) -> bool:
        """Whether the answer is there already."""
        return _kept(self.path(messages, schema)) is not None

    def path(self, messages: list[Json], schema: Json) -> Path:
        """Where the answer to a question lies."""
        name = digest("llm", self.model, messages, schema)
        return self.folder / name[:2] / f"{name}.json"


def _kept(path: Path) -> Json | None:
    try:
        found = json.loads(path.read_text(encoding="utf-8", errors="surrogatepass"))
    except (OSError, ValueError, RecursionError):
        return None
    return found if isinstance(found, dict) else None
