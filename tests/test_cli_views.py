"""The commands that write for readers: what they print, where, and with which exit code."""

from __future__ import annotations

import json
import os
import shutil
import signal
import socket
import subprocess
import sys
import time
from pathlib import Path

import httpx
import pytest

from kg.cli.console import shown
from kg.errors import MissingExtra
from kg.graph.folder import GraphFolder
from kg.language.arabic import fold
from kg.language.lexicon import load_lexicon
from kg.view.story import story
from kg.vocabulary import KG, entity_types, label
from tests import test_cli
from tests.test_cli import FILES, ROOT, Run

run, graph = test_cli.run, test_cli.graph


def test_view(run: Run, graph: Path, tmp_path: Path) -> None:
    page = tmp_path / "x.html"
    assert run("view", graph, "--out", page, "--language", "en", "--title", "T").out == f"{page}\n"
    assert page.read_text(encoding="utf-8").lower().startswith("<!doctype html>")
    assert run("view", graph, "--out", page, "--language", "xx").code == 2


def test_labels_stand_as_they_were_written(run: Run, graph: Path, tmp_path: Path) -> None:
    """The page shows the spelling of the articles or of the lexicon, never the folded copy that is matched."""
    lexicon = {form.text for entry in load_lexicon().entries.values() for form in entry.forms}
    written = " ".join((FILES / name).read_text(encoding="utf-8") for name in ("byline.txt", "plain.txt"))
    known = {label(term, "ar") for term in (*entity_types().values(), KG.UnknownOutlet)}
    with GraphFolder.open(graph, read_only=True) as folder:
        labels = {data["label_ar"] for _, data in story(folder).nodes(data=True) if data["kind"] == "entity"}
    assert len(labels) > 3
    assert any(fold(each) != each for each in labels)
    assert [each for each in labels if each not in lexicon | known and each not in " ".join(written.split())] == []


def test_the_page_quotes_in_context(run: Run, graph: Path) -> None:
    assert run("view", graph).code == 0
    page = (graph / "graph.html").read_text(encoding="utf-8")
    assert '"context"' in page
    with GraphFolder.open(graph, read_only=True) as folder:
        edges = [data for *_, data in story(folder).edges(data=True)]
    assert edges
    assert all(d["context"][d["quote_start"] : d["quote_end"]] == d["quote"] for d in edges)


def test_report(run: Run, graph: Path, tmp_path: Path) -> None:
    for name in ("r.html", "r.md", "r.docx"):
        assert run("report", graph, "--language", "en", "--out", tmp_path / name).code == 0
        assert (tmp_path / name).stat().st_size > 200
    assert "](r-network.svg)" in (tmp_path / "r.md").read_text(encoding="utf-8")
    assert (tmp_path / "r-timeline.svg").read_text(encoding="utf-8").startswith("<svg")
    assert run("report", graph, "--out", tmp_path / "r.md", "--about", "ain-al-asad-base").code == 0
    assert run("report", graph, "--out", tmp_path / "r.md", "--about", "nobody").code == 1
    assert run("report", graph, "--out", tmp_path / "r.pdf").code == 2


def test_report_by_a_template_of_ones_own(run: Run, graph: Path, tmp_path: Path) -> None:
    template, out = tmp_path / "report.md", tmp_path / "out.md"
    template.write_text("Mine: {{ report.title }}", encoding="utf-8")
    assert run("report", graph, "--out", out, "--title", "T", "--templates", tmp_path).code == 0
    assert out.read_text(encoding="utf-8") == "Mine: T\n"
    template.write_text("{{ report.", encoding="utf-8")
    result = run("report", graph, "--out", out, "--templates", tmp_path)
    assert result.code == 1
    assert "TemplateSyntaxError" in result.err


def test_report_where_nothing_draws_png(run: Run, graph: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def png(svg: str) -> bytes:
        raise MissingExtra("a PNG needs something")

    monkeypatch.setattr("kg.view.figure.png", png)
    result = run("report", graph, "--out", tmp_path / "r.docx")
    assert result.code == 0
    assert "without figures: a PNG needs something" in result.err


def test_embed(run: Run, graph: Path, tmp_path: Path) -> None:
    page = run("embed", graph, "--height", "500")
    assert page.out.startswith("<iframe ")
    assert 'height="500"' in page.out
    for view in ("network", "timeline"):
        assert run("embed", graph, view, "--language", "en").out.startswith("<svg")
    out = tmp_path / "a report.md"
    assert run("embed", graph, "report", "--out", out).err == f"kg: wrote {out}\n"
    assert "](a%20report-network.svg)" in out.read_text(encoding="utf-8")
    assert (tmp_path / "a report-network.svg").exists()
    assert "](" not in run("embed", graph, "report").out.partition("[^1]:")[0]
    narrow, wide = (run("embed", graph, "network", *about).out for about in (("--about", "baghdad"), ()))
    assert len(narrow) < len(wide)
    assert run("embed", graph, "nonsense").code == 2
    assert run("embed", graph, "network", "--about", "nobody").code == 1


@pytest.mark.skipif(shutil.which("rsvg-convert") is None, reason="no rsvg-convert")
def test_embed_png(run: Run, graph: Path, tmp_path: Path) -> None:
    assert run("embed", graph, "timeline", "--out", tmp_path / "t.png").code == 0
    assert (tmp_path / "t.png").read_bytes().startswith(b"\x89PNG")


def test_diff(run: Run, graph: Path, tmp_path: Path) -> None:
    run("build", FILES / "plain.txt", "--out", tmp_path / "g", "--no-page")
    result = run("diff", tmp_path / "g", graph, "--language", "en")
    assert result.code == 0
    assert result.out.startswith("#")
    assert "Ain al-Asad" in result.out
    assert run("diff", tmp_path / "none", graph).code == 1


@pytest.mark.parametrize("command", ["view", "report", "embed", "verify"])
def test_a_folder_that_is_not_there_is_told(run: Run, graph: Path, tmp_path: Path, command: str) -> None:
    out = tmp_path / "none" / ("x.md" if command == "embed" else "x.html")
    result = run(command, graph, *(["report"] if command == "embed" else []), "--out", out)
    assert result.code == 1
    assert result.err.startswith("kg: ")
    assert "No such file or directory" in result.err
    assert "Traceback" not in result.err


def test_articles_cannot_drive_the_terminal(run: Run, tmp_path: Path) -> None:
    article = tmp_path / "a.txt"
    hostile = "\x1b]0;title\x1b[31m\x9b2J\x7f"
    plain = (FILES / "byline.txt").read_text(encoding="utf-8")
    article.write_text(plain + f"\n{hostile} {plain.splitlines()[-1]}\n", encoding="utf-8")
    told = run("analyse", article, "--show").out
    assert "]0;title" in told
    assert [char for char in told if char < " " and char != "\n" or "\x7f" <= char <= "\x9f"] == []
    assert shown("x\x07\x08y\tz\n") == "x  y\tz\n"
    assert "\x1b" not in shown(f"x{hostile}")
    written = run("analyse", article).out
    assert json.loads(written)["text_chars"] == len(article.read_text(encoding="utf-8"))


def test_serve_refuses_what_cannot_be_served(run: Run, graph: Path, tmp_path: Path) -> None:
    assert run("serve", tmp_path / "none").code == 1
    assert not (tmp_path / "none").exists()
    assert run("serve", graph, "--port", "0").code == 2
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        result = run("serve", graph, "--port", taken.getsockname()[1])
    assert result.code == 1
    assert "choose another --host or --port" in result.err


@pytest.mark.skipif(os.name != "posix", reason="signals")
def test_the_workbench_is_served_until_ctrl_c(graph: Path) -> None:
    """Loopback, the real pipeline behind the form, and an end without a traceback."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    command = [sys.executable, "-m", "kg.cli", "serve", str(graph), "--port", str(port), "--allow-host", "Kg.Example"]
    process = subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
    try:
        with httpx.Client(base_url=f"http://127.0.0.1:{port}", timeout=60) as client:
            deadline = time.monotonic() + 60
            while True:
                try:
                    assert client.get("/health").json() == {"status": "ok"}
                    break
                except httpx.ConnectError:
                    assert time.monotonic() < deadline
                    time.sleep(0.2)
            assert client.get("/health", headers={"host": "kg.example"}).status_code == 200
            assert client.get("/health", headers={"host": "else.example"}).status_code == 421
            assert client.get("/sparql", params={"query": "ASK { ?s ?p ?o }"}).json()["boolean"] is True
            text = (FILES / "byline.txt").read_text(encoding="utf-8")
            assert "ain-al-asad-base" in client.post("/en/read", data={"text": text}).text
    finally:
        process.send_signal(signal.SIGINT)
        _, err = process.communicate(timeout=60)
    assert process.returncode == 0
    assert "Traceback" not in err
    assert f"http://127.0.0.1:{port}" in err
