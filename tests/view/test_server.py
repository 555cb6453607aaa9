from __future__ import annotations

import html
import json
import re
import time
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import urlencode

import pytest

pytest.importorskip("starlette")
pytest.importorskip("uvicorn")
import httpx
import networkx as nx
from starlette.requests import Request

from kg.datamodel import Analysis, Document, DocumentId
from kg.graph.folder import GraphFolder
from kg.view.api import Api
from kg.view.library import MOST_NODES, Library, State
from kg.view.server import Settings, application
from kg.view.workbench import LONGEST, Workbench
from kg.view.worker import Limits
from tests.graph.build import analyses, analysis, background
from tests.serving import serving
from tests.view.conftest import HOSTILE

if TYPE_CHECKING:
    from playwright.sync_api import Browser
    from starlette.applications import Starlette

ANALYSES = analyses()
SELECT = "SELECT ?s WHERE { ?s ?p ?o } LIMIT 2"
PAGES = ("", "graph", "frame", "articles", "events", "timeline.svg", "contradictions", "review", "sparql", "read")


def reader(document: Document) -> Analysis:
    """Stands in for the pipeline: knows the articles of the tests, finds nothing in others."""
    for known in (*ANALYSES, pasted()):
        if known.document.text == document.text:
            return known
    return Analysis(
        document=document, sentences=(), tokens=(), mentions=(), times=(), chains=(), links=(), relations=(),
        events=(), attributions=(),
    )  # fmt: skip


def pasted() -> Analysis:
    """An article that the store has not: two people, and a city of which nothing is said."""
    names = (("a", "Person", "Ana Field"), ("b", "Person", "Bob Stone"), ("c", "City", "Atlantis"))
    met = {"predicate": "met", "subject": "a", "object": "b", "sentence": 0, "confidence": 0.9}
    chains = [{"id": name, "type": kind, "ar": form, "en": form} for name, kind, form in names]
    return analysis(
        {
            "id": "99", "outlet": "O", "published": None, "title": "", "events": [], "relations": [met],
            "sentences": ["Ana Field met Bob Stone near Atlantis."], "chains": chains,
        }
    )  # fmt: skip


def hostile_document() -> Document:
    name = DocumentId("../../<script>window.hacked=1</script>")
    text = "\n".join(HOSTILE[:-2])
    return Document(id=name, text=text, title=HOSTILE[0], outlet=HOSTILE[1], url="javascript:window.hacked=1")


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("graph")
    with GraphFolder.open(path) as made:
        for analysis in ANALYSES:
            made.add(analysis, background())
        made.add(reader(hostile_document()), background())
        made.finish()
    return path


@pytest.fixture(scope="module")
def app(folder: Path) -> Starlette:
    settings = Settings(name="test", workers=1, limits=Limits(seconds=2))
    return application(folder, reader, background=background(), settings=settings)


@pytest.fixture(scope="module")
def address(app: Starlette) -> Iterator[str]:
    with serving(app) as made:
        yield made


@pytest.fixture(scope="module")
def client(address: str) -> Iterator[httpx.Client]:
    with httpx.Client(base_url=address, timeout=30) as made:
        yield made


def first_node(client: httpx.Client) -> str:
    return str(client.get("/api/search", params={"q": "a"}).json()[0]["id"])


@pytest.mark.parametrize("language", ["ar", "en"])
@pytest.mark.parametrize("page", PAGES)
def test_pages(client: httpx.Client, page: str, language: str) -> None:
    response = client.get(f"/{language}/{page}")
    assert response.status_code == 200
    assert "frame-ancestors" in response.headers["content-security-policy"]
    assert response.headers["x-content-type-options"] == "nosniff"


def test_entity_article_report(client: httpx.Client) -> None:
    node = first_node(client)
    for page in ("entity", "frame", "report"):
        assert client.get(f"/en/{page}", params={"id": node}).status_code == 200
    for article in client.get("/api/articles").json():
        text = client.get("/ar/article", params={"id": article["id"]}).text
        assert ('class="mention"' in text) == (article["id"] != hostile_document().id)
        assert "<script>window" not in text
        assert "<img src=x" not in text
        assert 'href="javascript' not in text
    assert len(client.get("/api/node", params={"id": node}).json()["claims"]) > 0
    assert client.get("/api/around", params={"id": node}).json()["nodes"]


def test_every_name_that_is_a_link_leads_somewhere(client: httpx.Client) -> None:
    pages = [client.get("/en/article", params={"id": each["id"]}).text for each in client.get("/api/articles").json()]
    pages.append(client.post("/en/read", data={"text": pasted().document.text}).text)
    links = {
        html.unescape(link) for page in pages for link in re.findall(r'href="(/en/(?:entity|article)[^"]+)"', page)
    }
    assert len(links) > 3
    assert [link for link in sorted(links) if client.get(link).status_code != 200] == []
    assert '<span class="mention" data-type="City"' in pages[-1]
    assert '<bdi class="name">Ana Field</bdi>' in pages[-1]


def star(leaves: int) -> Library:
    """A library whose graph is one hub; more hangs on it than a graph in the workbench shows."""
    graph = nx.MultiDiGraph()
    graph.add_node("hub", type="Person", label_en="Hub", label_ar="")
    for number in range(leaves):
        graph.add_node(f"n{number}", type="Person", label_en=f"Leaf {number}", label_ar="")
        graph.add_edge(
            f"n{number}", "hub", key=f"c{number}", kind="claim", predicate="met", modality="asserted", quote="met",
            context="met", outlet="O", document=f"d{number}", published="2024-07-25", date=None,
        )  # fmt: skip

    class Star(Library):
        def state(self) -> State:
            return State(folder=None, graph=graph, documents=(), contradictions=0, names=())  # type: ignore[arg-type]

    return Star(Path(), reader)


def asked(path: str) -> Request:
    return Request({"type": "http", "method": "GET", "path": path, "query_string": b"id=hub", "headers": []})


def test_a_hub_is_counted_whole() -> None:
    library, leaves = star(MOST_NODES + 50), MOST_NODES + 50
    assert len(library.part(["hub"])) == MOST_NODES + 1
    assert len(json.loads(bytes(Api(library, "0").node(asked("/api/node")).body))["claims"]) == leaves
    bench = Workbench(library, "t")
    assert f"({leaves})" in bytes(bench.entity(asked("/en/entity")).body).decode()
    report = bytes(bench.report(asked("/en/report")).body).decode()
    assert f"<dt>Claims</dt><dd><bdi>{leaves}</bdi>" in report


@pytest.mark.parametrize(
    "path", ["/ar/entity?id=../../etc/passwd", "/ar/article?id=..%2F..%2Fetc%2Fpasswd", "/ar/nothing"]
)
def test_what_is_not_there(client: httpx.Client, path: str) -> None:
    response = client.get(path)
    assert response.status_code == 404
    assert "root:" not in response.text


def test_a_fault_is_named_for_what_it_is(client: httpx.Client, app: Starlette, folder: Path) -> None:
    long = client.post("/en/read", data={"text": "x" * (LONGEST + 1)})
    assert (long.status_code, "There is no such page" in long.text) == (400, False)
    assert client.post("/en/read", data={"text": " "}).status_code == 400
    assert client.post("/en/nothing", data={}).status_code == 404
    store, away = folder / "store", folder / "away"
    store.rename(away)
    try:
        page, data = client.get("/en/articles"), client.get("/api/articles")
        assert (page.status_code, "There is no such page" in page.text) == (503, False)
        assert (data.status_code, list(data.json())) == (503, ["error"])
    finally:
        away.rename(store)
    assert client.get("/en/articles").status_code == 200


@pytest.mark.parametrize(
    "path", ["/static/../page.py", "/static/..%2fpage.py", "/static//etc/passwd", "/static/words.tsv"]
)
def test_no_address_is_a_path(client: httpx.Client, path: str) -> None:
    assert client.get(path).status_code == 404


def test_questions(client: httpx.Client) -> None:
    names = [each["name"] for each in client.get("/api/questions").json()]
    assert "attacks" in names
    assert client.get("/en/question", params={"name": "attacks", "asked": "1"}).status_code == 200
    assert "bindings" in client.get("/api/ask", params={"name": "outlets"}).json()["results"]
    assert client.get("/api/ask", params={"name": "nonsense"}).status_code == 400
    assert (
        "problem" in client.get("/en/question", params={"name": "attacks", "asked": "1", "p.attacker": "nobody"}).text
    )


def test_the_protocol_over_http(client: httpx.Client) -> None:
    for response in (
        client.get("/sparql", params={"query": SELECT}),
        client.post("/sparql", data={"query": SELECT}),
        client.post("/sparql", content=SELECT, headers={"content-type": "application/sparql-query"}),
    ):
        assert response.headers["content-type"].startswith("application/sparql-results+json")
        assert len(response.json()["results"]["bindings"]) == 2
    assert client.get("/sparql", params={"query": SELECT}, headers={"accept": "text/csv"}).text.startswith("s\r\n")
    assert "sd:Service" in client.get("/sparql").text
    assert client.put("/sparql", content=SELECT).status_code == 405
    assert client.get("/sparql", params={"query": "SELECT"}).status_code == 400
    assert client.post("/sparql", data={"update": "CLEAR ALL"}).status_code == 403
    assert client.get("/sparql", params={"query": "SELECT * { SERVICE <http://x> {} }"}).status_code == 400


def test_a_slow_query_is_stopped(client: httpx.Client) -> None:
    anything = " ".join(f"GRAPH ?g{i} {{ ?s{i} ?p{i} ?o{i} }}" for i in range(4))
    query = f"SELECT (COUNT(*) AS ?n) {{ {anything} }}"
    assert client.get("/sparql", params={"query": query}).status_code == 503
    deadline = time.monotonic() + 10
    while client.get("/sparql", params={"query": SELECT}).status_code != 200:
        assert time.monotonic() < deadline
    assert "kg_sparql_killed 1" in client.get("/metrics").text


def test_a_pasted_article(client: httpx.Client) -> None:
    text = ANALYSES[0].document.text
    response = client.post("/en/read", data={"text": text, "outlet": "<b>x</b>", "published": "2024-07-25"})
    assert response.status_code == 200
    assert "<b>x" not in response.text
    frame = re.search(r'src="(/en/frame\?paste=[^"]+)"', response.text)
    assert frame
    assert client.get(frame[1]).status_code == 200
    assert len(client.get("/api/articles").json()) == len(ANALYSES) + 1
    assert client.post("/api/analyse", json={"text": text}).json()["nodes"]
    assert client.post("/api/analyse", content="nonsense").status_code == 400
    assert client.post("/api/analyse", content="[" * 100_000).status_code == 400
    assert client.post("/api/analyse", json={"text": ""}).status_code == 400
    assert client.post("/api/analyse", content=b'{"text": "cut \\ud800"}').status_code == 400
    assert client.post("/api/analyse", json={"text": text, "published": "2024-99-99"}).status_code == 400
    assert client.post("/api/analyse", content=b'{"text": "whole", "outlet": "cut \\ud800"}').status_code == 400
    assert client.get("/en/frame?paste=nonsense").status_code == 404


def test_guards(client: httpx.Client) -> None:
    assert client.get("/health", headers={"host": "evil.example"}).status_code == 421
    assert client.get("/health", headers={"host": "localhost:8080"}).status_code == 200
    assert client.get("/health", headers={"host": "[::1]:8080"}).status_code == 200
    for host in ("[::1:80", "[", "[::1]]:80", "localhost:80:80", ""):
        assert client.get("/health", headers={"host": host}).status_code in (400, 421)
    site = {"origin": str(client.base_url).rstrip("/")}
    assert client.post("/api/analyse", json={"text": "x"}, headers=site).status_code == 200
    for headers in (
        {"origin": "http://evil.example"}, {"sec-fetch-site": "cross-site"}, {"origin": "null"}, {"origin": "http://["},
    ):  # fmt: skip
        assert client.post("/api/analyse", json={"text": "x"}, headers=headers).status_code == 403
    assert client.post("/api/analyse", content=b"x" * 1_100_000).status_code == 413

    def endless() -> Iterator[bytes]:
        for _ in range(30):
            yield b"x" * 100_000

    assert client.post("/api/analyse", content=endless()).status_code == 413
    assert "kg_refused_total" in client.get("/metrics").text


def test_openapi_names_what_is_there(client: httpx.Client, app: Starlette) -> None:
    paths = client.get("/openapi.json").json()["paths"]
    routes = {getattr(route, "path", "") for route in app.routes}
    assert set(paths) <= routes
    assert {path for path in routes if path.startswith("/api/")} <= set(paths)


@pytest.mark.browser
@pytest.mark.parametrize("width", [1360, 390])
def test_the_workbench_in_a_browser(browser: Browser, address: str, width: int) -> None:
    page = browser.new_page(viewport={"width": width, "height": 860})
    requests: list[str] = []
    errors: list[str] = []
    page.on("request", lambda request: requests.append(request.url))
    page.on("console", lambda line: errors.append(line.text) if line.type == "error" else None)
    page.on("pageerror", lambda error: errors.append(str(error)))
    for path in ("/ar/", "/en/articles", "/ar/contradictions", "/ar/review", "/en/read"):
        page.goto(address + path)
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth"), path
    page.goto(f"{address}/en/sparql")
    page.wait_for_selector("html[data-ready]")
    page.click(".yasqe_queryButton")
    page.wait_for_selector(".yasr table")
    page.goto(f"{address}/en/article?{urlencode({'id': hostile_document().id})}")
    assert page.evaluate("window.hacked") is None
    assert [url for url in requests if not url.startswith((address, "data:"))] == []
    assert errors == []
    page.close()


@pytest.mark.browser
def test_expansion_fetches_what_the_page_lacks(browser: Browser, address: str) -> None:
    page = browser.new_page(viewport={"width": 1360, "height": 860})
    nodes = json.loads(page.request.get(f"{address}/api/search?q=a").text())
    page.goto(f"{address}/en/frame?{'id=' + nodes[0]['id']}#lang=en&pick=node:{nodes[0]['id']}")
    page.wait_for_selector("html[data-ready]")
    with page.expect_response(lambda response: "/api/around" in response.url) as fetched:
        page.get_by_role("button", name="Add neighbours").click()
    assert fetched.value.ok
    page.close()
