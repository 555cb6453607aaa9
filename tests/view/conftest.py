"""Graphs for the tests of the view, and a browser in which every request and console error is noted."""

from __future__ import annotations

import json
import os
import shutil
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

import networkx as nx
import pytest

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

HERE = Path(__file__).parent
FLAGS = (
    "--headless --no-sandbox --disable-gpu --disable-quic --no-first-run "
    "--disable-background-networking --disable-component-update --disable-sync"
).split()


HOSTILE = (
    "</script><script>window.hacked=1</script>",
    "<img src=x onerror=window.hacked=1>",
    '"><svg/onload=window.hacked=1>',
    "<a href='javascript:window.hacked=1'>x</a>",
    "{{ 7 * 7 }} {% raw %}",
    "\u202eevil\u2066",
    "\u2028line",
    "<!--<script>",
    "x" * 10_000,
    "\ud83d\udca3".encode("utf-16", "surrogatepass").decode("utf-16"),
)


def graph_from(text: str) -> nx.MultiDiGraph:
    content = json.loads(text)
    graph = nx.MultiDiGraph()
    for name, data in content["nodes"]:
        graph.add_node(name, **data)
    for source, target, key, data in content["edges"]:
        start = data["context"].index(data["quote"])
        graph.add_edge(source, target, key=key, **data, quote_start=start, quote_end=start + len(data["quote"]))
    return graph


@pytest.fixture
def graph() -> nx.MultiDiGraph:
    """Two outlets that differ on an attack, a denial, a plan: made up for the tests."""
    return graph_from((HERE / "sample.json").read_text(encoding="utf-8"))


@pytest.fixture
def hostile() -> nx.MultiDiGraph:
    graph = nx.MultiDiGraph()
    for number, text in enumerate(HOSTILE):
        graph.add_node(
            text if number % 2 else f"n{number}",
            type=text,
            label_ar=text,
            label_en=text,
            aliases=[text],
            attributes={text: text},
            lexicon=text,
        )
    names = list(graph)
    for number, text in enumerate(HOSTILE):
        graph.add_edge(
            names[number], names[(number + 1) % len(names)], key=text, kind="claim", predicate=text, modality=text,
            holders=[text], certainty=text, confidence=0.5, quote=text, context=f"a {text} b", outlet=text,
            published=text, date=text, document=text, url="javascript:window.hacked=1",
        )  # fmt: skip
    return graph


@dataclass
class Watch:
    """What a page did behind its reader's back."""

    requests: list[str] = field(default_factory=list)
    errors: list[str] = field(default_factory=list)


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    path = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
    if path is None:
        if os.environ.get("KG_REQUIRE_BROWSER") == "1":
            pytest.fail("KG_REQUIRE_BROWSER=1, but no Chromium was found")
        pytest.skip("no Chromium found: the tests in a browser are skipped")
    sync_api = pytest.importorskip("playwright.sync_api")
    with sync_api.sync_playwright() as playwright:
        started = playwright.chromium.launch(executable_path=path, args=FLAGS)
        yield started
        started.close()


Open = Callable[..., "tuple[Page, Watch]"]


@pytest.fixture
def open_page(browser: Browser, tmp_path: Path) -> Iterator[Open]:
    """Open a file, or HTML text, at a size; returns the page and what it requested and complained of."""
    contexts = []

    def opener(text: str, *, width: int = 1360, height: int = 860, address: str = "") -> tuple[Page, Watch]:
        path = tmp_path / "page.html"
        path.write_text(text, encoding="utf-8")
        context = browser.new_context(viewport={"width": width, "height": height}, accept_downloads=True)
        contexts.append(context)
        page, watch = context.new_page(), Watch()
        page.on("request", lambda request: watch.requests.append(request.url))
        page.on("pageerror", lambda error: watch.errors.append(str(error)))
        page.on("console", lambda line: watch.errors.append(line.text) if line.type in {"error", "warning"} else None)
        page.goto(path.as_uri() + address)
        page.wait_for_selector("html[data-ready]", timeout=30_000)
        watch.requests.remove(path.as_uri())
        return page, watch

    yield opener
    for context in contexts:
        context.close()
