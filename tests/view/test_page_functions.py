"""Each function of the page, as a person would use it."""

from __future__ import annotations

import csv
import io
import json
import os
from pathlib import Path
from typing import TYPE_CHECKING, Any

import networkx as nx
import pytest

from kg.view.page import page_html
from tests.view.conftest import Open

if TYPE_CHECKING:
    from playwright.sync_api import Page

pytestmark = pytest.mark.browser
AXE = Path(os.environ.get("KG_AXE", "/nowhere"))


@pytest.fixture
def page(graph: nx.MultiDiGraph, open_page: Open) -> Page:
    return open_page(page_html(graph, title="t", language="en"))[0]


def state(page: Page) -> str:
    return str(page.evaluate("decodeURIComponent(location.hash.replaceAll('+', ' '))"))


def rows(page: Page) -> int:
    page.click("#tab-table")
    return page.locator("#view-table tbody tr").count()


def drawn(page: Page) -> list[str]:
    """The picked node's neighbours and all else stand in the table; the places and events in map and timeline."""
    page.click("#tab-timeline")
    return [str(node.get_attribute("data-node")) for node in page.locator("#view-timeline [data-node]").all()]


@pytest.mark.parametrize("query", ["nujaba", "al-nujaba", "Harakat", "NUJ"])
def test_search_finds_english(page: Page, query: str) -> None:
    page.fill("#search", query)
    assert page.locator("#found [data-node]").first.get_attribute("data-node") == "nujaba"


def test_search_finds_folded_arabic_and_aliases(page: Page, graph: nx.MultiDiGraph) -> None:
    alias = graph.nodes["asad"]["aliases"][0]
    for spelling in ("\u0647", "\u06c3", "\u06d5", "\u06c1", "\u06be"):
        page.fill("#search", alias.replace("\u0629", spelling).replace("\u0623", "\u0627"))
        assert page.locator("#found [data-node]").first.get_attribute("data-node") == "asad", ascii(spelling)
    assert page.locator("#found [data-node]").first.get_attribute("data-node") == "asad"
    page.keyboard.press("Enter")
    assert page.locator("#panel h2").text_content() == "Ain al-Asad Air Base"
    assert "pick=node:asad" in state(page)


@pytest.mark.parametrize("query", ["nugeba", "Nujabaa", "Harakat el Nudjaba"])
def test_search_finds_other_spellings(page: Page, query: str) -> None:
    page.fill("#search", query)
    assert page.locator("#found [data-node]").first.get_attribute("data-node") == "nujaba"


def test_what_is_found_is_drawn_at_its_size(open_page: Open) -> None:
    graph = nx.MultiDiGraph()
    for number in range(600):
        graph.add_edge(f"n{number}", f"n{number // 4}", key=str(number), kind="claim", predicate="met")
    nx.set_node_attributes(graph, {name: {"type": "Person", "label_en": name} for name in graph})
    page, _ = open_page(page_html(graph, title="t", language="en"))
    page.fill("#search", "n100")
    page.keyboard.press("Enter")
    row = """() => {
        const canvas = document.querySelector("#canvas canvas"), width = canvas.width;
        const line = canvas.getContext("2d").getImageData(0, canvas.height / 2, width, 1).data;
        const middle = [...line.slice(width * 2, width * 2 + 3)].join();
        const same = (x) => [...line.slice(x * 4, x * 4 + 3)].join() === middle;
        let [left, right] = [width / 2, width / 2];
        while (same(left - 1)) left -= 1;
        while (same(right + 1)) right += 1;
        return right - left;
    }"""
    assert 10 < page.evaluate(row) < 60


def test_search_with_nothing_to_find(page: Page) -> None:
    page.fill("#search", "zzzz")
    assert page.locator("#found [data-node]").count() == 0
    assert page.locator("#found").is_visible()
    page.keyboard.press("Escape")
    assert not page.locator("#found").is_visible()


@pytest.mark.parametrize(
    ("group", "value", "left"),
    [
        ("modality", "negated", 16),
        ("modality", "asserted", 5),
        ("type", "type:Faction", 11),
        ("predicate", "predicate:attacked", 14),
        ("holder", "pentagon", 15),
    ],
)
def test_filters(page: Page, group: str, value: str, left: int) -> None:
    assert rows(page) == 17
    box = page.locator(f'#filters input[data-group="{group}"][data-value="{value}"]')
    box.evaluate("(input) => { const fold = input.closest('details'); if (fold) fold.open = true; }")
    box.uncheck()
    assert page.locator("#view-table tbody tr").count() == left
    page.click("#undo")
    assert page.locator("#view-table tbody tr").count() == 17


def test_filter_by_outlet(page: Page) -> None:
    rows(page)
    page.locator("#filters summary", has_text="Outlet").click()
    page.locator('#filters input[data-group="outlet"]').nth(1).uncheck()
    assert page.locator("#view-table tbody tr").count() == 12


def test_confidence_and_time_sliders(page: Page) -> None:
    rows(page)
    page.locator("#confidence").fill("0.9")
    assert page.locator("#view-table tbody tr").count() == 7
    page.click("#reset")
    page.locator('input[data-range="article"][data-end="1"]').fill("0")
    assert page.locator("#view-table tbody tr").count() == 6
    assert 'article=["2024-07-23","2024-07-23"]' in state(page)
    page.click("#reset")
    page.locator('input[data-range="event"][data-end="1"]').fill("0")
    assert page.locator("#view-table tbody tr").count() == 3


def test_neighbours_only_and_back(page: Page) -> None:
    page.evaluate("location.hash = 'pick=node:abbasi'")
    page.get_by_role("button", name="Only its neighbours").click()
    assert drawn(page) == ["talks"]
    page.get_by_role("button", name="all", exact=True).first.click()
    assert len(drawn(page)) == 3


def test_path_between_two(page: Page) -> None:
    page.evaluate("location.hash = 'pick=node:kaabi'")
    page.get_by_role("button", name="Path from here").click()
    page.fill("#search", "Baghdad")
    page.keyboard.press("Enter")
    page.get_by_role("button", name="Path to here").click()
    assert 'path=["kaabi","nujaba","asad","iraq","baghdad"]' in state(page)


def test_hide_pin_and_undo(page: Page) -> None:
    page.evaluate("location.hash = 'pick=node:asad'")
    page.get_by_role("button", name="Pin", exact=True).click()
    assert "pinned=" in state(page)
    page.get_by_role("button", name="Hide", exact=True).click()
    assert 'hidden=["asad"]' in state(page)
    assert rows(page) == 11
    page.click("#undo")
    page.click("#undo")
    assert "pinned=" not in state(page)
    assert "hidden=" not in state(page)


def test_a_link_restores_the_view(graph: nx.MultiDiGraph, open_page: Open) -> None:
    first, _ = open_page(page_html(graph, title="t", language="en"))
    first.locator('#filters input[data-value="negated"]').uncheck()
    first.fill("#search", "Abbasi")
    first.keyboard.press("Enter")
    address = first.evaluate("location.hash")
    second, _ = open_page(page_html(graph, title="t", language="en"), address=address)
    assert second.locator("#panel h2").text_content() == "Thabet al-Abbasi"
    assert not second.locator('#filters input[data-value="negated"]').is_checked()


@pytest.mark.parametrize(
    "address", ["#pick=node:nobody&hidden=7&off=[]&pinned=[1]", "#shown={&event=x", "#pick=claim:%00"]
)
def test_a_broken_link_does_no_harm(graph: nx.MultiDiGraph, open_page: Open, address: str) -> None:
    page, watch = open_page(page_html(graph, title="t"), address=address)
    assert page.locator(".welcome").is_visible()
    assert watch.errors == []


def test_rivals_stand_next_to_each_other(page: Page) -> None:
    page.evaluate("location.hash = 'pick=node:attack1'")
    assert page.get_by_text("contested").is_visible()
    assert page.get_by_role("button", name="Shelling of Ain al-Asad").first.is_visible()
    page.evaluate("location.hash = 'pick=claim:c2'")
    assert page.locator(".claim.picked details .claim").get_attribute("data-claim") == "c3"


def test_map_and_timeline_pick(page: Page) -> None:
    page.click("#tab-map")
    page.locator('#view-map [data-node="baghdad"] .mark').click()
    assert page.locator("#panel h2").text_content() == "Baghdad"
    page.click("#tab-timeline")
    page.locator('#view-timeline [data-node="talks"]').focus()
    page.keyboard.press("Enter")
    assert page.locator("#panel h2").text_content() == "Talks in Baghdad"


def test_a_year_of_long_ago_does_not_press_the_days_together(graph: nx.MultiDiGraph, open_page: Open) -> None:
    graph.add_node("old", kind="event", type="Attack", label_en="Old", date="1855")
    for day in range(10, 20):
        graph.add_node(f"d{day}", kind="event", type="Attack", label_en=f"Day {day}", date=f"2024-07-{day}")
    page, _ = open_page(page_html(graph, title="t", language="en"))
    everything = len(drawn(page)) + 1
    assert "old" not in drawn(page)
    assert f"of {everything}" in (page.locator("#frame-tools").text_content() or "")
    page.locator("#frame-tools button").last.click()
    assert "old" in drawn(page)
    page.locator("#frame-tools button").first.click()
    assert "old" not in drawn(page)
    page.evaluate("location.hash = 'pick=node:old'")
    assert "old" in drawn(page)


def test_the_timeline_moves_with_pointer_and_keys(page: Page) -> None:
    def place() -> float:
        mark = page.locator('#view-timeline [data-node="talks"]').bounding_box()
        assert mark is not None
        return mark["x"]

    before = place()
    page.locator("#view-timeline").focus()
    page.keyboard.press("ArrowRight")
    after = place()
    assert after < before
    page.mouse.move(500, 780)
    page.mouse.down()
    page.mouse.move(560, 780)
    page.mouse.up()
    page.mouse.move(700, 780)
    assert place() == pytest.approx(after + 60, abs=2)


def test_more_room_for_the_map_is_in_the_link(page: Page) -> None:
    page.click("#tab-map")
    low = page.locator("#dock").bounding_box()
    page.click("#tall")
    tall = page.locator("#dock").bounding_box()
    assert low is not None
    assert tall is not None
    assert tall["height"] > low["height"] + 100
    assert "tall=1" in state(page)


def test_the_panel_keeps_the_focus(page: Page) -> None:
    page.evaluate("location.hash = 'pick=node:asad'")
    page.get_by_role("button", name="Pin", exact=True).focus()
    page.keyboard.press("Enter")
    assert page.evaluate("document.activeElement.textContent") == "Unpin"
    page.get_by_role("button", name="Hide", exact=True).focus()
    page.keyboard.press("Enter")
    assert page.evaluate("document.activeElement.id") == "panel"


def test_the_keyboard_alone(page: Page) -> None:
    page.focus("#canvas")
    page.keyboard.press("ArrowRight")
    page.keyboard.press("ArrowLeft")
    assert "pick=node:" in state(page)
    page.keyboard.press("h")
    assert "hidden=" in state(page)
    page.keyboard.press("u")
    assert "hidden=" not in state(page)
    page.keyboard.press("Enter")
    assert page.evaluate("document.activeElement.id") == "panel"
    page.keyboard.press("/")
    assert page.evaluate("document.activeElement.id") == "search"


def saved(page: Page, kind: str) -> bytes:
    page.click("#export > summary")
    with page.expect_download() as download:
        page.click(f'[data-save="export-{kind}"]')
    return Path(download.value.path()).read_bytes()


def test_exports(page: Page, graph: nx.MultiDiGraph) -> None:
    assert saved(page, "png").startswith(b"\x89PNG")
    drawing = saved(page, "svg").decode("utf-8")
    assert drawing.count("<line") == 16
    assert drawing.count("<polygon points") >= 16
    assert "Harakat al-Nujaba" in drawing
    table = list(csv.DictReader(io.StringIO(saved(page, "csv").decode("utf-8-sig"))))
    assert len(table) == 17
    assert {row["quote"] for row in table} == {data["quote"] for *_, data in graph.edges(data=True)}
    page.evaluate("location.hash = 'pick=node:kaabi'")
    page.wait_for_selector("#panel h2")
    content: dict[str, Any] = json.loads(saved(page, "json"))
    assert [claim["id"] for claim in content["claims"]] == ["c4"]


def test_a_formula_in_a_name_is_text(graph: nx.MultiDiGraph, open_page: Open) -> None:
    graph.nodes["iraq"]["label_en"] = '=HYPERLINK("http://x")'
    page, _ = open_page(page_html(graph, title="t"))
    table = list(csv.DictReader(io.StringIO(saved(page, "csv").decode("utf-8-sig"))))
    assert {row["object_en"] for row in table if row["object"] == "iraq"} == {'\'=HYPERLINK("http://x")'}


def test_language_and_theme_switch(page: Page) -> None:
    page.click("#switch")
    assert page.evaluate("[document.documentElement.dir, document.documentElement.lang]") == ["rtl", "ar"]
    before = page.evaluate("document.documentElement.dataset.theme")
    page.click("#theme")
    assert page.evaluate("document.documentElement.dataset.theme") != before


def test_a_frame_without_an_address_works(graph: nx.MultiDiGraph, open_page: Open, tmp_path: Path) -> None:
    page, watch = open_page("<html data-ready><body><iframe id=f width=1200 height=800 sandbox=allow-scripts></iframe>")
    page.evaluate("(text) => { document.getElementById('f').srcdoc = text; }", page_html(graph, title="t"))
    frame = page.frame_locator("#f")
    frame.locator("html[data-ready]").wait_for()
    frame.locator("#search").fill("Baghdad")
    frame.locator("#search").press("Enter")
    assert frame.locator("#panel h2").is_visible()
    assert [error for error in watch.errors if "sandbox" not in error.lower()] == []


@pytest.mark.skipif(not AXE.is_file(), reason="KG_AXE does not name axe.min.js")
@pytest.mark.parametrize(
    "address", ["#lang=ar", "#lang=en&pick=claim:c3&dock=table", "#theme=dark&pick=node:asad&dock=map"]
)
def test_axe_finds_nothing_serious(graph: nx.MultiDiGraph, open_page: Open, address: str) -> None:
    page, _ = open_page(page_html(graph, title="t"), address=address)
    page.evaluate(AXE.read_text(encoding="utf-8"))
    found = page.evaluate("axe.run()")["violations"]
    serious = [(rule["id"], rule["nodes"][0]["html"]) for rule in found if rule["impact"] in {"serious", "critical"}]
    assert serious == []
