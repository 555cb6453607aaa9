from __future__ import annotations

import base64
import hashlib
import json
import re
from pathlib import Path
from urllib.parse import urlencode

import networkx as nx
import pytest

from kg.view.page import data_block, page_html, policy, write_page
from kg.view.payload import payload
from tests.view.conftest import HOSTILE, Open


def blocks(text: str) -> dict[str, object]:
    found = re.findall(r'<script type="application/json" (?:id="data-|data-part=")(\w+)">(.*?)</script>', text, re.S)
    return {name: json.loads(body) for name, body in found}


def test_same_graph_same_bytes(graph: nx.MultiDiGraph) -> None:
    assert page_html(graph, title="t") == page_html(graph.copy(), title="t")


def test_the_graph_is_not_changed(graph: nx.MultiDiGraph) -> None:
    before = nx.node_link_data(graph, edges="edges")
    page_html(graph, title="t")
    assert nx.node_link_data(graph, edges="edges") == before


def test_nothing_of_the_page_lies_elsewhere(graph: nx.MultiDiGraph) -> None:
    text = page_html(graph, title="t")
    assert text.startswith("<!doctype html>")
    assert re.findall(r"<(?:link|img|iframe|object|embed|base)\b", text.partition("<script>")[0]) == []
    assert re.findall(r"<script[^>]*\ssrc", text) == []
    assert "sourceMappingURL" not in text
    assert len(text.encode("utf-8")) < 1_500_000


def test_policy_names_exactly_the_scripts_of_the_page(graph: nx.MultiDiGraph) -> None:
    text = page_html(graph, title="t")
    allowed = set(re.findall(r"'sha256-([^']+)'", text.replace("&#39;", "'").partition("</head>")[0]))
    bodies = re.findall(r"<(?:script|style)>(.*?)</(?:script|style)>", text, re.S)
    digests = {base64.b64encode(hashlib.sha256(body.encode("utf-8")).digest()).decode("ascii") for body in bodies}
    assert len(digests) == 3
    assert digests == allowed
    assert "default-src 'none'" in policy((), ())


def test_hostile_text_stays_in_its_data_block(hostile: nx.MultiDiGraph) -> None:
    text = page_html(hostile, title=HOSTILE[0])
    assert "<script>window.hacked" not in text
    assert "<img src=x" not in text
    assert "javascript:window.hacked" not in json.dumps([edge.get("url") for edge in blocks(text)["edges"]])  # type: ignore[attr-defined]
    assert set(blocks(text)) == {"nodes", "edges", "sentences", "settings"}


def test_data_block_survives_a_round_trip() -> None:
    assert json.loads(data_block(list(HOSTILE))) == list(HOSTILE)
    assert "<" not in data_block(list(HOSTILE))


def test_quotes_are_where_they_say(graph: nx.MultiDiGraph) -> None:
    content = blocks(page_html(graph, title="t"))
    quotes = {key: data["quote"] for _, _, key, data in graph.edges(keys=True, data=True)}
    sentences = content["sentences"]
    for edge in content["edges"]:  # type: ignore[attr-defined]
        start, end = edge["quote"]
        assert sentences[edge["sentence"]][start:end] == quotes[edge["id"]]  # type: ignore[index]


def test_the_page_is_written_whole(graph: nx.MultiDiGraph, tmp_path: Path) -> None:
    write_page(graph, tmp_path / "graph.html", title="t", language="en")
    assert [path.name for path in tmp_path.iterdir()] == ["graph.html"]
    assert '<html lang="en" dir="ltr">' in (tmp_path / "graph.html").read_text(encoding="utf-8")


def test_an_empty_graph_makes_a_page() -> None:
    assert "<title>none</title>" in page_html(nx.MultiDiGraph(), title="none")


def test_places_are_found_only_for_who_draws_them(graph: nx.MultiDiGraph) -> None:
    placed, other = payload(graph), payload(graph, placed=False)
    assert {(node["x"], node["y"]) for node in other.nodes} == {(0.0, 0.0)}
    assert len({(node["x"], node["y"]) for node in placed.nodes}) == len(placed.nodes)
    places = {"x": 0.0, "y": 0.0}
    assert [node | places for node in placed.nodes] == list(other.nodes)
    assert placed.edges == other.edges


def test_a_large_graph_opens_at_what_hangs_together() -> None:
    graph = nx.MultiDiGraph()
    for number in range(60):
        graph.add_edge(f"name{number}", f"name{(number + 1) % 60}", key=f"k{number}", kind="claim", predicate="met")
        graph.add_edge(f"leaf{number}", "name0", key=f"l{number}", kind="role", predicate="agent")
        graph.nodes[f"leaf{number}"]["kind"] = "event"
    graph.add_nodes_from(f"alone{number}" for number in range(50))
    core = {node["id"] for node in payload(graph, shown=40).nodes if "core" in node}
    assert "name0" in core
    assert len(core) == 40
    assert all(core & {*graph.successors(name), *graph.predecessors(name)} for name in core)


@pytest.mark.browser
@pytest.mark.parametrize("width", [1360, 390])
@pytest.mark.parametrize("language", ["ar", "en"])
def test_no_request_and_no_error(graph: nx.MultiDiGraph, open_page: Open, language: str, width: int) -> None:
    page, watch = open_page(page_html(graph, title="t", language="ar"), width=width, address=f"#lang={language}")
    assert page.evaluate("document.documentElement.dir") == {"ar": "rtl", "en": "ltr"}[language]
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    assert (watch.requests, watch.errors) == ([], [])


@pytest.mark.browser
def test_nothing_hostile_runs(hostile: nx.MultiDiGraph, open_page: Open) -> None:
    page, watch = open_page(page_html(hostile, title=HOSTILE[0]))
    for name in hostile:
        page.evaluate("(id) => { location.hash = new URLSearchParams({pick: 'node:' + id}).toString(); }", name)
        page.wait_for_function("document.querySelector('#panel h2')")
    assert page.evaluate("window.hacked") is None
    assert page.query_selector_all("#panel img, #panel script, #panel a[href^=javascript]") == []
    assert (watch.requests, watch.errors) == ([], [])


@pytest.mark.browser
def test_a_picked_line_shows_who_said_it(graph: nx.MultiDiGraph, open_page: Open) -> None:
    page, watch = open_page(page_html(graph, title="t"), address="#lang=en&pick=claim:c3")
    card = page.locator(".claim.picked")
    quotes = {key: data["quote"] for _, _, key, data in graph.edges(keys=True, data=True)}
    assert card.get_attribute("data-modality") == "negated"
    assert card.locator("> blockquote mark").text_content() == quotes["c3"]
    assert "Mahdi al-Kaabi" in (card.locator("> .chain").text_content() or "")
    assert card.locator("details .claim").get_attribute("data-claim") == "c2"
    assert (watch.requests, watch.errors) == ([], [])


@pytest.mark.browser
def test_an_address_that_opens_a_bundle_and_picks_nothing(graph: nx.MultiDiGraph, open_page: Open) -> None:
    ends = next([u, v] for u, v in sorted(graph.edges()) if graph.number_of_edges(u, v) > 1)
    address = "#" + urlencode({"lang": "en", "open": json.dumps(sorted(ends), separators=(",", ":"))})
    page, watch = open_page(page_html(graph, title="t"), address=address)
    page.click("#tab-table")
    assert "open=" not in str(page.evaluate("location.hash"))
    assert (watch.requests, watch.errors) == ([], [])


@pytest.mark.browser
def test_five_thousand_nodes_are_usable_soon(open_page: Open) -> None:
    graph = nx.MultiDiGraph()
    for number in range(5_000):
        graph.add_node(f"n{number}", type="Person", label_en=f"Person {number}")
        for other in {number // 2, number // 3} - {number}:
            graph.add_edge(f"n{number}", f"n{other}", kind="claim", predicate="met", quote="met", context="they met")
    page, watch = open_page(page_html(graph, title="t", language="en"))
    ready = page.evaluate("performance.getEntriesByName('ready')[0].startTime")
    page.fill("#search", "person 4321")
    page.keyboard.press("Enter")
    assert page.locator("#panel h2").text_content() == "Person 4321"
    assert ready < 3_000
    assert (watch.requests, watch.errors) == ([], [])
