"""The workbench under requests that nobody would send: an answer of the described kind, never a fault of the server."""

from __future__ import annotations

import string
from collections.abc import Iterator
from typing import Any

import httpx
import pytest
from hypothesis import given
from hypothesis import strategies as st

from kg.graph.folder import GraphFolder
from kg.pipeline import analyse
from kg.view.server import Settings, application
from kg.view.worker import Limits
from tests.graph.build import analyses, background
from tests.hostile import tried
from tests.safety.test_going_out import PIECES
from tests.serving import serving
from tests.test_hostile import fuzz

schemathesis = pytest.importorskip(
    "schemathesis", reason="HTTP is fuzzed with schemathesis, which `make test` installs"
)


@pytest.fixture(scope="module")
def address(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    path = tmp_path_factory.mktemp("graph")
    with GraphFolder.open(path) as made:
        for analysis in analyses():
            made.add(analysis, background())
        made.finish()
    settings = Settings(workers=1, limits=Limits(seconds=2))
    with serving(application(path, analyse, background=background(), settings=settings)) as address:
        yield address


@pytest.fixture(scope="module")
def described(address: str) -> Any:
    return schemathesis.openapi.from_url(f"{address}/openapi.json")


GIVEN = ("GET /api/search", "GET /api/node", "GET /api/around", "GET /api/ask", "POST /api/analyse", "GET /sparql")
PLAIN = ("GET /api/articles", "GET /api/questions")


def test_every_operation_is_tried(described: Any) -> None:
    found = {each.ok().label for each in described.get_all_operations()}
    assert found == {*GIVEN, *PLAIN}


@pytest.mark.parametrize(
    ("name", "right"), [*((name, True) for name in (*GIVEN, *PLAIN)), *((name, False) for name in GIVEN)]
)
@fuzz(10)
@given(st.data())
def test_the_api_is_as_it_describes_itself(described: Any, name: str, right: bool, data: st.DataObject) -> None:
    """With parameters and bodies that fit the description, and with some that do not.

    Whether they are taken is left out: the description says of an id no more than that it is a text.
    """
    tried()
    method, path = name.split()
    mode = schemathesis.GenerationMode.POSITIVE if right else schemathesis.GenerationMode.NEGATIVE
    case = data.draw(described[path][method].as_strategy(generation_mode=mode))
    checks = schemathesis.checks
    case.call_and_validate(excluded_checks=[checks.positive_data_acceptance, checks.negative_data_rejection])


@pytest.fixture(scope="module")
def client(address: str) -> Iterator[httpx.Client]:
    with httpx.Client(base_url=address, timeout=30, trust_env=False) as made:
        yield made


ROUTES = (
    *("", "search", "entity", "graph", "frame", "articles", "article", "events", "timeline.svg", "contradictions"),
    *("review", "report", "question", "sparql", "read", "../..", "static/editor.js", "x"),
)
NAMES = (
    "q",
    "id",
    "about",
    "name",
    "page",
    "type",
    "since",
    "until",
    "language",
    "text",
    "outlet",
    "published",
    "query",
)


def values() -> st.SearchStrategy[str]:
    return st.one_of(st.sampled_from(PIECES), st.text(max_size=30), st.text(string.printable, max_size=30))


@fuzz(150)
@given(
    st.sampled_from(("GET", "HEAD", "POST", "PUT", "DELETE", "OPTIONS", "X")),
    st.sampled_from(("/ar/", "/en/", "/", "/api/", "/static/", "//")),
    st.sampled_from(ROUTES),
    st.dictionaries(st.sampled_from(NAMES), values(), max_size=3),
    st.dictionaries(st.sampled_from(("accept", "content-type", "origin", "range", "cookie")), values(), max_size=2),
    st.binary(max_size=60),
)
def test_no_request_is_a_fault_of_the_server(
    client: httpx.Client, method: str, top: str, path: str, query: dict[str, str], headers: dict[str, str], body: bytes
) -> None:
    tried()
    sent: dict[bytes, bytes] = {
        name.encode(): value.encode("utf-8").replace(b"\n", b" ").replace(b"\r", b" ")
        for name, value in headers.items()
    }
    query = {name: value[:2_000] for name, value in query.items()}
    try:
        answer = client.request(method, top + path, params=query, headers=sent, content=body)
    except (httpx.LocalProtocolError, httpx.InvalidURL):
        return  # httpx itself will not send it
    assert answer.status_code < 500, answer.text[:300]
    assert answer.headers.get("x-content-type-options") == "nosniff" or answer.text == "Invalid HTTP request received."
