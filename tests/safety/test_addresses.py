"""Addresses inside articles, graphs and queries are text: none of them is asked for anything."""

from __future__ import annotations

import json
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

import httpx
import pytest

from kg.build import build
from kg.errors import KgError
from kg.graph.folder import GraphFolder
from kg.graph.query import ask
from kg.pipeline import analyse
from kg.text.read import read
from kg.view.server import application
from tests.hostile import BODY, tried
from tests.serving import serving

ROOT = Path(__file__).parents[2]


@dataclass
class Listener:
    """A port of this machine on which nobody should ever knock."""

    port: int
    heard: int = 0


@pytest.fixture
def listener() -> Iterator[Listener]:
    with socket.create_server(("127.0.0.1", 0)) as server:
        found = Listener(server.getsockname()[1])

        def listen() -> None:
            with suppress(OSError):  # closed at the end
                while True:
                    server.accept()[0].close()
                    found.heard += 1

        threading.Thread(target=listen, daemon=True).start()
        socket.create_connection(("127.0.0.1", found.port)).close()
        deadline = time.monotonic() + 10
        while not found.heard and time.monotonic() < deadline:
            time.sleep(0.01)
        assert found.heard == 1, "it must hear who knocks"
        found.heard = 0
        yield found
        server.shutdown(socket.SHUT_RDWR)


def page(address: str) -> str:
    """A page that names an address wherever a page can."""
    said = json.dumps({"@context": address, "@type": "NewsArticle", "url": address, "image": address, "headline": "x"})
    return (
        f'<!DOCTYPE html SYSTEM "{address}/dtd"><html manifest="{address}/m"><head><base href="{address}/">'
        f'<link rel="canonical" href="{address}/canonical"><link rel="stylesheet" href="{address}/css">'
        f'<meta http-equiv="refresh" content="0;url={address}/refresh"><meta property="og:image" content="{address}/i">'
        f'<meta property="og:url" content="{address}/og"><script src="{address}/js"></script>'
        f'<script type="application/ld+json">{said}</script></head><body><iframe src="{address}/frame"></iframe>'
        f'<object data="{address}/object"></object><img src="{address}/img">{BODY}<p>See {address}/text now.</p></body>'
    )


def test_no_address_of_an_article_is_asked(listener: Listener, tmp_path: Path) -> None:
    address = f"http://127.0.0.1:{listener.port}"
    articles = tmp_path / "articles"
    articles.mkdir()
    (articles / "page.html").write_text(page(address))
    record = {"text": f"{BODY} {address}/x", "url": f"{address}/url", "outlet": f"{address}/outlet", "title": address}
    (articles / "record.jsonl").write_text(json.dumps(record))
    (articles / "index.json").write_text(
        json.dumps([{"file": "page.html", "url": f"{address}/index", "source": address}])
    )
    graph = tmp_path / "graph"
    commands = [
        ["build", str(articles), "--out", str(graph)],
        ["build", f"{address}/article.html", "--out", str(tmp_path / "none")],
        ["view", str(graph)],
        ["report", str(graph), "--out", str(tmp_path / "report.docx")],
        ["export", str(graph), "--format", "jsonld", "--out", str(tmp_path / "graph.jsonld")],
        ["verify", str(graph), "--again"],
        ["query", str(graph), f"{address}/question.rq"],
        ["analyse", str(articles / "page.html"), "--show"],
    ]
    for command in commands:
        subprocess.run(
            [sys.executable, "-m", "kg.cli", *command], cwd=ROOT, capture_output=True, check=False, timeout=120
        )
        tried()
    assert (tmp_path / "report.docx").exists()
    assert listener.heard == 0


def queries(address: str) -> list[str]:
    return [
        f"SELECT * WHERE {{ SERVICE <{address}/> {{ ?s ?p ?o }} }}",
        f"SELECT * WHERE {{ SERVICE SILENT <{address}/> {{ ?s ?p ?o }} }}",
        f"SELECT * WHERE {{ BIND (<{address}/> AS ?where) SERVICE ?where {{ ?s ?p ?o }} }}",
        f"SELECT * FROM <{address}/> WHERE {{ ?s ?p ?o }}",
        f"SELECT * FROM NAMED <{address}/> WHERE {{ GRAPH ?g {{ ?s ?p ?o }} }}",
        f"PREFIX x: <{address}/> DESCRIBE x:y",
        f"LOAD <{address}/>",
        f"LOAD SILENT <{address}/> INTO GRAPH <{address}/g>",
        "SELECT * FROM <file:///etc/passwd> WHERE { ?s ?p ?o }",
        f"ASK {{ FILTER EXISTS {{ SERVICE <{address}/> {{ }} }} }}",
    ]


def test_no_query_asks_an_address(listener: Listener, tmp_path: Path) -> None:
    address = f"http://127.0.0.1:{listener.port}"
    with GraphFolder.open(tmp_path / "graph") as folder:
        build(read([ROOT / "examples" / "truce" / "articles" / "01.txt"]), folder)
        folder.finish()
        for query in queries(address):
            with suppress(KgError):
                assert not ask(folder.store, query).texts() or "DESCRIBE" in query
            tried()
    with serving(application(tmp_path / "graph", analyse)) as workbench, httpx.Client(trust_env=False) as client:
        for query in queries(address):
            assert client.get(f"{workbench}/sparql", params={"query": query}).status_code in (200, 400)
            client.get(f"{workbench}/sparql", params={"query": "ASK {}", "default-graph-uri": f"{address}/g"})
            tried(2)
        for path in ("article", "entity", "graph", "frame", "report"):
            client.get(f"{workbench}/en/{path}", params={"id": address, "about": address, "url": address})
            tried()
        sent = {"text": page(address), "outlet": address, "published": address}
        assert client.post(f"{workbench}/api/analyse", json=sent, timeout=60).status_code in (200, 400)
    assert listener.heard == 0
