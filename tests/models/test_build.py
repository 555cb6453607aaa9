"""A whole build under another profile: told in money, stopped and gone on with, noticed when the profile changes."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest

from kg.build import pending
from kg.graph.folder import GraphFolder
from kg.pipeline import Rules
from kg.text.read import read
from tests.models.adversary import honest
from tests.models.llm_server import Script, serving
from tests.models.test_llm import cases, run

pytest.importorskip("httpx")
ARTICLES, EACH = 5, 3


@pytest.fixture
def articles(tmp_path: Path) -> Path:
    """Some files of three sentences, in a folder."""
    folder = tmp_path / "articles"
    folder.mkdir()
    sentences = cases()
    for number in range(ARTICLES):
        text = "\n".join(sentences[number * EACH : (number + 1) * EACH])
        (folder / f"{number}.txt").write_text(text + "\n", encoding="utf-8")
    return folder


def answering() -> Script:
    return Script(answer=lambda sentences: json.dumps(honest(sentences)))


def building(url: str, articles: Path, out: Path) -> Callable[..., tuple[int, str, str]]:
    """``kg build`` under the profile llm, with more options."""
    common = ["build", str(articles), "--out", str(out), "--no-page", "--profile", "llm", "--endpoint", url]
    return lambda *more: run(*common, "--model", "m", "--set", "rate=1000000", "--set", "attempts=1", *more)


def told(out: str) -> dict[str, str]:
    return dict(line.split("\t") for line in out.splitlines())


def test_a_build_tells_its_cost_and_does_nothing_twice(articles: Path, tmp_path: Path) -> None:
    script, out = answering(), tmp_path / "g"
    with serving(script) as url:
        build = building(url, articles, out)
        code, first, said = build("--set", "price-in=3", "--set", "price-out=15", "--review", str(tmp_path / "review"))
        assert code == 0, said
        before, after = (line for line in said.splitlines() if line.startswith("llm: ") and "\t" not in line)
        assert before.startswith(f"llm: {ARTICLES} articles, {ARTICLES} requests to make, 0 answers kept")
        assert "cost about" in before
        assert after.startswith(f"llm: {ARTICLES} answers, 0 kept ones, 0 given up; {100 * ARTICLES} tokens in")
        assert f"cost {ARTICLES * (100 * 3 + 10 * 15) / 1e6:.4f}" in after
        assert told(first)["new"] == str(ARTICLES)
        assert (tmp_path / "review" / "differences.jsonl").is_file()
        graph = (out / "graph.trig").read_bytes()
        code, again, said = build()
        assert (told(again)["new"], told(again)["unchanged"]) == ("0", str(ARTICLES))
        assert "llm: 0 articles, 0 requests to make" in said
    assert len(script.requests) == ARTICLES
    assert (out / "graph.trig").read_bytes() == graph
    assert run("verify", str(out))[0] == 0


def test_another_profile_or_model_reads_again(articles: Path, tmp_path: Path) -> None:
    out = tmp_path / "g"
    build = ("build", str(articles), "--out", str(out), "--no-page")
    assert told(run(*build)[1])["new"] == str(ARTICLES)
    plain = (out / "graph.trig").read_bytes()
    script = answering()
    with serving(script) as url:
        llm = building(url, articles, out)
        assert told(llm()[1])["new"] == str(ARTICLES)
        assert told(llm("--set", "mode=sole")[1])["new"] == str(ARTICLES)
        assert len(script.requests) == ARTICLES, "the same questions have kept answers"
        assert told(llm("--set", "mode=sole", "--model", "other")[1])["new"] == str(ARTICLES)
        assert len(script.requests) == 2 * ARTICLES
    assert run("verify", str(out))[0] == 0
    assert told(run(*build)[1])["new"] == str(ARTICLES)
    assert (out / "graph.trig").read_bytes() == plain
    assert told(run(*build)[1])["unchanged"] == str(ARTICLES)


def test_a_build_goes_on_when_the_endpoint_is_back(articles: Path, tmp_path: Path) -> None:
    script = answering()
    script.faults = ["", "", *["503"] * 50]
    with serving(script) as url:
        whole = building(url, articles, tmp_path / "whole")
        part = building(url, articles, tmp_path / "part")
        code, out, said = part()
        assert code == 0
        assert (told(out)["new"], told(out)["skipped"]) == ("2", str(ARTICLES - 2))
        assert said.count("status 503") == 3, "three questions in a row, then no more are asked"
        assert len(script.requests) == 2 + min(3, ARTICLES - 2)
        script.faults = []
        asked = len(script.requests)
        code, out, said = part()
        assert (told(out)["new"], told(out)["unchanged"]) == (str(ARTICLES - 2), "2")
        assert f"{ARTICLES - 2} requests to make" in said
        assert len(script.requests) == asked + ARTICLES - 2
        whole()
    assert (tmp_path / "part" / "graph.trig").read_bytes() == (tmp_path / "whole" / "graph.trig").read_bytes()


def test_after_three_in_a_row_nobody_is_asked(articles: Path, tmp_path: Path) -> None:
    script = answering()
    script.faults = ["503"] * 50
    with serving(script) as url:
        code, _, said = building(url, articles, tmp_path / "g")("--strict")
    assert code == 1
    assert len(script.requests) == 3
    assert said.count("asked no more; start again when it is back") == ARTICLES - 3


def test_too_dear_is_not_begun(articles: Path, tmp_path: Path) -> None:
    script = answering()
    with serving(script) as url:
        build = building(url, articles, tmp_path / "g")
        code, _, said = build("--set", "price-in=3", "--set", "limit=0.000001")
        assert (code, script.requests) == (1, [])
        assert "nothing was asked" in said
        assert build("--jobs", "2")[0] == 2


def test_the_same_answers_make_the_same_graph_again(articles: Path, tmp_path: Path) -> None:
    script, out = answering(), tmp_path / "g"
    with serving(script) as url:
        building(url, articles, out)()
        options = ["--profile", "llm", "--endpoint", url, "--model", "m"]
        code, _, said = run("verify", str(out), "--again", *options)
        assert code == 0, said
        assert len(script.requests) == ARTICLES
    code, _, said = run("verify", str(out), "--again")
    assert "the graph was built with" in said
    assert "+llm." in said


def test_what_is_pending_depends_on_the_release(articles: Path, tmp_path: Path) -> None:
    run("build", str(articles), "--out", str(tmp_path / "g"), "--no-page")
    with GraphFolder.open(tmp_path / "g", read_only=True) as folder:
        assert pending(read([articles]), folder, Rules().release) == []
        assert len(pending(read([articles]), folder, "another")) == ARTICLES


def test_an_article_without_claims_is_vouched_for(tmp_path: Path) -> None:
    """Nothing in the graph says what made it but the record beside its text."""
    article = tmp_path / "a.txt"
    article.write_text("A plain text.\n", encoding="utf-8")
    run("build", str(article), "--out", str(tmp_path / "g"), "--no-page")
    assert run("verify", str(tmp_path / "g"))[0] == 0
    (record,) = (tmp_path / "g" / "lifted").glob("*.json")
    record.write_bytes(record.read_bytes().replace(Rules().release.encode(), b"another"))
    assert run("verify", str(tmp_path / "g"))[0] == 1
