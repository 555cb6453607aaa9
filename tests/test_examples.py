"""The stories of ``examples/``: the build gives the graph that is written down, and the graph answers what is true."""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path

import pytest

from kg.graph.check import check
from kg.graph.folder import GraphFolder
from kg.graph.questions import answer
from kg.graph.records import read_articles
from kg.view.page import write_page
from kg.view.report import markdown, report
from kg.view.story import story as tell
from kg.view.words import Language
from tools import update_examples as examples

ROOT = Path(__file__).resolve().parents[1]
STORIES = [path.name for path in examples.stories()]
KNOWN = examples.known_failing()
QUESTIONS = [asked for story in examples.stories() for asked in examples.questions(story)]
ARABIC = re.compile(r"[\u0621-\u064a]{3}")


@dataclass(slots=True)
class Built:
    """The graphs that were built, each once."""

    stack: ExitStack
    folders: dict[str, GraphFolder]

    def __getitem__(self, story: str) -> GraphFolder:
        if story not in self.folders:
            self.folders[story] = self.stack.enter_context(examples.built(examples.EXAMPLES / story))
        return self.folders[story]


@pytest.fixture(scope="module")
def graphs() -> Iterator[Built]:
    with ExitStack() as stack:
        yield Built(stack, {})


def index(story: str) -> list[dict[str, str]]:
    rows: list[dict[str, str]] = json.loads((examples.EXAMPLES / story / "articles" / "index.json").read_bytes())
    return rows


def parameters() -> Iterator[object]:
    for asked in QUESTIONS:
        because = KNOWN.get(asked.id)
        marks = [pytest.mark.xfail(reason=because, strict=True, raises=AssertionError)] if because else []
        yield pytest.param(asked, id=asked.id, marks=marks)


@pytest.mark.parametrize("story", STORIES)
def test_the_build_gives_the_graph_that_is_written_down(story: str, graphs: Built) -> None:
    expected = (examples.EXAMPLES / story / "expected.nq").read_bytes()
    given = examples.graph_of(graphs[story])
    if given != expected:
        lines, known = set(given.decode().splitlines()), set(expected.decode().splitlines())
        few = sorted(f"+ {line}" for line in lines - known)[:5] + sorted(f"- {line}" for line in known - lines)[:5]
        pytest.fail("\n".join(["run `python tools/update_examples.py` and look at the difference", *few]))


@pytest.mark.parametrize("asked", list(parameters()))
def test_questions_are_answered_as_the_text_has_it(asked: examples.Asked, graphs: Built) -> None:
    missing, extra = examples.compare(asked.expected(), asked.answered(graphs[asked.story].store))
    assert not missing
    assert not extra


@pytest.mark.parametrize("story", STORIES)
def test_the_graph_conforms_and_every_quote_stands_in_its_text(story: str, graphs: Built) -> None:
    assert check(graphs[story]) == []


@pytest.mark.parametrize("story", STORIES)
def test_quotes_stand_in_the_files_where_they_are_said_to(story: str, graphs: Built) -> None:
    """Against the files themselves, not the copies that the build keeps."""
    folder = graphs[story]
    for graph in read_articles(folder.store):
        document = folder.document(graph.article.id)
        text = document.text
        if document.source.endswith(".txt"):
            text = Path(document.source).read_text(encoding="utf-8")
        quotes = [quote for each in (*graph.claims, *graph.events) for quote in each.evidence]
        assert quotes, document.source
        for quote in quotes:
            assert text[quote.span.start : quote.span.end] == quote.text


@pytest.mark.parametrize("story", STORIES)
def test_articles_say_that_they_are_invented(story: str) -> None:
    rows = index(story)
    assert len(rows) >= 4
    assert len({row["outlet"] for row in rows}) >= 2
    assert all("written for this project" in row["note"].lower() and "invented" in row["note"] for row in rows)
    assert all(".example/" in row["url"] for row in rows)
    readme = (examples.EXAMPLES / story / "README.md").read_text(encoding="utf-8")
    assert "the events are invented" in " ".join(readme.split())


@pytest.mark.parametrize("story", STORIES)
def test_metadata_reaches_the_graph(story: str, graphs: Built) -> None:
    rows = index(story)
    documents = list(graphs[story].documents())
    assert {(d.outlet, d.published, d.url) for d in documents} == {
        (row["outlet"], row["published"], row["url"]) for row in rows
    }
    assert all(document.title and document.byline for document in documents)


@pytest.mark.parametrize("story", STORIES)
def test_one_answer_is_in_arabic_with_its_quote(story: str) -> None:
    in_arabic = [asked for asked in QUESTIONS if asked.story == story and asked.id not in KNOWN]
    rows = [row for asked in in_arabic for row in asked.expected() if ARABIC.search(row.get("quote", ""))]
    assert rows


@pytest.mark.parametrize("language", ["ar", "en"])
@pytest.mark.parametrize("story", STORIES)
def test_each_story_has_its_report_and_its_page(story: str, language: Language, graphs: Built, tmp_path: Path) -> None:
    """Both tell every outlet and quote every relation that is claimed."""
    graph = tell(graphs[story])
    told = markdown(report(graph, title=story, language=language))
    write_page(graph, tmp_path / "page.html", title=story, language=language)
    page = (tmp_path / "page.html").read_text(encoding="utf-8")
    quotes = {
        " ".join(quote.text.split())
        for each in read_articles(graphs[story].store)
        for claim in each.claims
        for quote in claim.evidence
    }
    assert len(quotes) >= 3
    for quote in quotes:
        assert quote in " ".join(told.split())
        assert quote[:60] in " ".join(page.split())
    for row in index(story):
        assert row["outlet"] in told
        assert row["outlet"] in page


@pytest.mark.parametrize("path", ["examples/README.md", "docs/claims.md"])
def test_documents_count_the_questions_right(path: str) -> None:
    text = " ".join((ROOT / path).read_text(encoding="utf-8").split())
    found = re.search(r"Of the (\d+) questions[^.]*? (\d+) are still answered wrongly", text)
    assert found is not None
    assert (int(found[1]), int(found[2])) == (len(QUESTIONS), len(KNOWN))


def test_reports_that_differ_are_found_by_the_named_query(graphs: Built) -> None:
    found = answer(graphs["ain-al-asad"].store, "contradictions-count", {"target": "ain-al-asad-base"})
    counts = Counter(
        (row["oneValue"], row["otherValue"]) for row in map(dict, rows_of(found.headings(), found.texts()))
    )
    assert counts[("3", "5")] >= 1


def rows_of(headings: list[str], rows: list[list[str]]) -> list[list[tuple[str, str]]]:
    return [list(zip(headings, row, strict=True)) for row in rows]


def test_queries_say_what_they_ask_in_two_languages() -> None:
    for asked in QUESTIONS:
        first, second = asked.path.read_text(encoding="utf-8").splitlines()[:2]
        assert first.startswith("# question @en: "), asked.id
        assert second.startswith("# question @ar: "), asked.id
        assert asked.path.with_suffix(".yaml").exists(), asked.id
        assert f"`{asked.path.stem}`" in (asked.path.parents[1] / "README.md").read_text(encoding="utf-8"), asked.id


def test_what_is_known_to_fail_exists_and_has_a_reason() -> None:
    assert set(KNOWN) <= {asked.id for asked in QUESTIONS}
    assert all(len(because) > 20 for because in KNOWN.values())
    assert len(KNOWN) <= len(QUESTIONS) * 3 // 4


def test_a_difference_is_told_row_by_row() -> None:
    one, two = {"a": "1"}, {"a": "2"}
    assert examples.compare([one, two], [two, one]) == ([], [])
    assert examples.compare([one, one], [one, two]) == ([one], [two])


def test_what_works_again_is_struck_out_of_the_list(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    known = tmp_path / "known.yaml"
    known.write_text("# head\n\n- question: s/a\n  because: one\n- question: s/b\n  because: two\n", encoding="utf-8")
    monkeypatch.setattr(examples, "KNOWN", known)
    examples.strike_out(["s/a: right now; taken out"])
    assert known.read_text(encoding="utf-8") == "# head\n\n- question: s/b\n  because: two\n"
    examples.strike_out(["s/b: right now; taken out"])
    assert examples.known_failing() == {}
