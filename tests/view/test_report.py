from __future__ import annotations

import io
import re
import sys
import zipfile
from pathlib import Path

import networkx as nx
import pytest
from lxml import etree

from kg.errors import InputError
from kg.view.difference import difference, difference_markdown
from kg.view.docx import docx
from kg.view.figure import network_svg, png, timeline_svg
from kg.view.fragments import GraphView, html_fragment, iframe, markdown_fragment
from kg.view.report import around, html, markdown, report
from kg.view.rivals import contested_events, denied_claims, event_conflicts
from kg.view.words import Language
from tests.view.conftest import HOSTILE, Open

WORD = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"


def test_rivals(graph: nx.MultiDiGraph) -> None:
    assert [([e.key for e in yes], [e.key for e in no]) for yes, no in denied_claims(graph)] == [(["c2"], ["c3"])]
    conflict = event_conflicts(graph)[0]
    assert (conflict.first, conflict.second, conflict.differ) == ("attack1", "attack2", ("count", "wounded"))
    assert contested_events(graph) == {"attack1", "attack2"}


@pytest.mark.parametrize("language", ["ar", "en"])
def test_every_line_of_a_report_has_its_words(graph: nx.MultiDiGraph, language: Language) -> None:
    content = report(graph, title="t", language=language)
    assert [note.number for note in content.notes] == list(range(1, len(content.notes) + 1))
    quotes = {data["quote"] for *_, data in graph.edges(data=True)}
    assert {note.quote for note in content.notes} <= quotes
    assert all(line.notes for line in content.events)
    assert sum(len(lines) for _, lines in content.said) == 10
    assert all(line.notes for _, lines in content.said for line in lines)


def test_a_report_on_one_node(graph: nx.MultiDiGraph) -> None:
    part = around(graph, "abbasi")
    assert sorted(part) == ["abbasi", "baghdad", "mod", "pentagon", "talks"]
    assert report(graph, title="t", about="abbasi").names
    with pytest.raises(InputError, match="nobody"):
        around(graph, "nobody")


def test_markdown_notes_are_all_defined(graph: nx.MultiDiGraph) -> None:
    text = markdown(report(graph, title="t", language="en"), figures=("a.svg", "b.svg"))
    used = set(re.findall(r"\[\^(\d+)\](?!:)", text))
    defined = set(re.findall(r"^\[\^(\d+)\]:", text, re.M))
    assert used == defined
    assert "](a.svg)" in text
    assert markdown_fragment(graph, ("a.svg", "b.svg"), title="t", language="en") == text


def test_templates_of_the_users_own(graph: nx.MultiDiGraph, tmp_path: Path) -> None:
    (tmp_path / "report.md").write_text("own {{ report.title|md }}", encoding="utf-8")
    assert markdown(report(graph, title="a*b"), templates=tmp_path) == "own a\\*b"


def test_docx_is_sound_and_its_notes_are_real(graph: nx.MultiDiGraph) -> None:
    content = report(graph, title="t", language="ar")
    data = docx(content)
    assert data == docx(content)
    archive = zipfile.ZipFile(io.BytesIO(data))
    body = etree.fromstring(archive.read("word/document.xml"))
    notes = etree.fromstring(archive.read("word/footnotes.xml"))
    used = [node.get(f"{WORD}id") for node in body.iter(f"{WORD}footnoteReference")]
    defined = {node.get(f"{WORD}id") for node in notes.iter(f"{WORD}footnote")}
    assert len(used) == len(set(used)) > 10
    assert set(used) <= defined
    assert body.findall(f".//{WORD}bidi")
    assert body.findall(f".//{WORD}bidiVisual")


@pytest.mark.parametrize("draw", [network_svg, timeline_svg])
def test_hostile_names_stay_text_in_figures(hostile: nx.MultiDiGraph, draw: object) -> None:
    for node in hostile:
        hostile.nodes[node].update(kind="event", date="2024-01-02")
    text = draw(hostile, title=HOSTILE[0], language="ar")  # type: ignore[operator]
    tree = etree.fromstring(text.encode("utf-8"))
    names = {etree.QName(node).localname for node in tree.iter()}
    assert names <= {"svg", "title", "rect", "g", "path", "line", "circle", "polygon", "text"}
    assert "\u202e" not in text


def test_hostile_names_stay_text_in_reports(hostile: nx.MultiDiGraph) -> None:
    content = report(hostile, title=HOSTILE[0])
    page = html(content)
    assert "<script" not in page
    assert "<img" not in page
    assert "javascript:" not in "".join(re.findall(r'href="([^"]*)"', page))
    written = markdown(content)
    assert "<script" not in written
    assert "<img" not in written
    for name in ("word/document.xml", "word/footnotes.xml", "docProps/core.xml"):
        etree.fromstring(zipfile.ZipFile(io.BytesIO(docx(content))).read(name))


def test_an_empty_graph_makes_a_report() -> None:
    content = report(nx.MultiDiGraph(), title="t", language="en")
    assert "None was found" in markdown(content)
    assert "None was found" in html(content)
    assert docx(content)


def test_a_year_of_long_ago_is_not_in_the_figure() -> None:
    graph = nx.MultiDiGraph()
    for day in range(10, 20):
        graph.add_node(f"d{day}", kind="event", type="Attack", label_en=f"Day {day}", date=f"2024-07-{day}")
    whole = timeline_svg(graph, title="t", language="en")
    graph.add_node("old", kind="event", type="Attack", label_en="Old", date="1855")
    assert timeline_svg(graph, title="t", language="en") == whole
    assert whole.count("<polygon") == 10


def test_png_or_a_hint(graph: nx.MultiDiGraph, monkeypatch: pytest.MonkeyPatch) -> None:
    from kg.errors import MissingExtra

    monkeypatch.setenv("PATH", "")
    monkeypatch.setitem(sys.modules, "pyvips", None)
    with pytest.raises(MissingExtra, match="rsvg-convert"):
        png(network_svg(graph, title="t", language="en"))


def test_difference(graph: nx.MultiDiGraph) -> None:
    before = graph.copy()
    before.remove_node("talks")
    before.remove_edge("nujaba", "asad", "c3")
    before.remove_edge("baghdad", "iraq", "c10")
    found = difference(before, graph)
    assert [edge.key for edge in found.new_claims] == ["c10"]
    assert [(edge.subject, old, new) for edge, old, new in found.changed] == [
        ("nujaba", ("claimed",), ("claimed", "negated"))
    ]
    assert found.new_events == ("talks",)
    assert "## New claims (1)" in difference_markdown(before, graph, language="en")
    assert [edge.key for edge in difference(graph, before).gone_claims] == ["c10"]


def test_nothing_is_new_in_a_copy(graph: nx.MultiDiGraph) -> None:
    assert not difference(graph, graph.copy())
    assert "Nothing has changed" in difference_markdown(graph, graph, language="en")


def test_a_second_article_with_the_same_claim_is_not_news(graph: nx.MultiDiGraph) -> None:
    after = graph.copy()
    after.add_edge("baghdad", "iraq", key="c10@d9", **(graph.edges["baghdad", "iraq", "c10"] | {"document": "d9"}))
    assert not difference(graph, after)


def test_an_iframe_holds_its_page_whole() -> None:
    page = '<p title="a">\'&amp;</p></iframe><script>1</script>'
    made = iframe(page, title='x" onload="y')
    tree = etree.HTML(made)
    frame = tree.find(".//iframe")
    assert frame.get("srcdoc") == page
    assert frame.get("onload") is None
    assert "allow-same-origin" not in made


@pytest.mark.browser
def test_the_fragment_works_where_it_is_embedded(graph: nx.MultiDiGraph, open_page: Open) -> None:
    fragment = html_fragment(graph, title="t", language="en")
    assert GraphView(graph, "t", "en")._repr_html_() == fragment
    page, watch = open_page(f"<!doctype html><html data-ready><body>{fragment}")
    frame = page.frame_locator("iframe")
    frame.locator("html[data-ready]").wait_for()
    frame.locator("#search").fill("Baghdad")
    frame.locator("#search").press("Enter")
    assert frame.locator("#panel h2").text_content() == "Baghdad"
    assert watch.requests == []


@pytest.mark.browser
@pytest.mark.parametrize("language", ["ar", "en"])
def test_the_report_fetches_nothing(graph: nx.MultiDiGraph, open_page: Open, language: Language) -> None:
    text = html(report(graph, title="t", language=language)).replace("<html ", "<html data-ready ")
    page, watch = open_page(text, width=390)
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    assert (watch.requests, watch.errors) == ([], [])
