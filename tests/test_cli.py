"""The command line: what each command prints, where, and with which exit code."""

from __future__ import annotations

import io
import json
import os
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any, NamedTuple

import pytest

import kg
from kg import cli
from kg.build import BuildReport, build, summarise, write_summary
from kg.datamodel import Analysis, Document
from kg.graph.folder import GraphFolder
from kg.graph.records import read_articles
from kg.text.read import ReadFailure, read, read_text

ROOT = Path(__file__).resolve().parents[1]
FILES = Path(__file__).parent / "text" / "cases" / "read"
COMMANDS = (
    "build",
    "remove",
    "review",
    "view",
    "report",
    "embed",
    "diff",
    "serve",
    "export",
    "query",
    "queries",
    "find",
    "analyse",
    "tokens",
    "times",
    "suggest",
    "train",
    "models",
    "evaluate",
    "check",
    "verify",
)


class Ran(NamedTuple):
    code: int
    out: str
    err: str


Run = Callable[..., Ran]


@pytest.fixture
def run(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Run:
    def call(*arguments: object, stdin: bytes = b"") -> Ran:
        monkeypatch.setattr(sys, "argv", ["kg", *map(str, arguments)])
        monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(stdin), encoding="utf-8"))
        capsys.readouterr()
        code = 0
        try:
            cli.main()
        except SystemExit as stop:
            code = int(stop.code or 0)
        printed = capsys.readouterr()
        return Ran(code, printed.out, printed.err)

    return call


@pytest.fixture(scope="module")
def graph(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("graph")
    with GraphFolder.open(path) as folder:
        build(read([FILES / "byline.txt", FILES / "plain.txt"]), folder)
        folder.finish()
    return path


class TestEveryCommand:
    @pytest.mark.parametrize("name", COMMANDS)
    def test_help_has_an_example(self, run: Run, name: str) -> None:
        result = run(name, "--help")
        assert result.code == 0
        assert f"kg {name}" in result.out.partition("Example:")[2]

    def test_the_list_is_whole(self) -> None:
        assert [name for name, _, _ in cli._COMMANDS] == list(COMMANDS)

    def test_version(self, run: Run) -> None:
        assert run("--version") == (0, f"kg {kg.release()}\n", "")

    @pytest.mark.parametrize(
        "arguments", [(), ("nonsense",), ("build",), ("query", "x"), ("build", "x", "--out", "y", "--jobs", "0")]
    )
    def test_wrong_usage_is_2(self, run: Run, arguments: tuple[str, ...]) -> None:
        assert run(*arguments).code == 2

    def test_help_is_quick_and_loads_nothing_heavy(self) -> None:
        code = (
            "import sys; from kg.cli import app; app(['--help'], standalone_mode=False);"
            "heavy = {'pyoxigraph', 'rdflib', 'camel_tools', 'networkx', 'pyvis', 'lxml', 'yaml'} & set(sys.modules);"
            "sys.exit(f'loaded {heavy}' if heavy else 0)"
        )
        start = time.process_time(), os.times().children_user
        done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, check=False, text=True)
        assert done.returncode == 0, done.stderr
        assert os.times().children_user - start[1] < 1.0


class TestBuild:
    def test_writes_everything_and_tells(self, run: Run, tmp_path: Path) -> None:
        result = run("build", FILES / "byline.txt", FILES / "plain.txt", "--out", tmp_path / "g")
        assert result.code == 0
        told = dict(line.split("\t") for line in result.out.splitlines())
        assert (told["articles"], told["new"], told["skipped"]) == ("2", "2", "0")
        assert int(told["entities"]) >= 2
        for name in ("graph.trig", "graph.html", "summary.json", "store"):
            assert (tmp_path / "g" / name).exists()
        summary = json.loads((tmp_path / "g" / "summary.json").read_text(encoding="utf-8"))
        assert summary["articles"] == 2
        assert summary["last_published"].startswith("2024-07-28")

    def test_again_does_nothing_new(self, run: Run, tmp_path: Path) -> None:
        arguments = ("build", FILES / "byline.txt", "--out", tmp_path, "--no-page")
        run(*arguments)
        before = (tmp_path / "graph.trig").read_bytes()
        result = run(*arguments)
        assert "unchanged\t1" in result.out
        assert (tmp_path / "graph.trig").read_bytes() == before

    def test_bad_files_are_told_and_skipped(self, run: Run, tmp_path: Path) -> None:
        bad = tmp_path / "bad.txt"
        bad.write_bytes(b"\xff\x00\x01")
        result = run("build", bad, FILES / "byline.txt", tmp_path / "none", "--out", tmp_path / "g", "--no-page")
        assert result.code == 0
        assert "skipped\t2" in result.out
        assert "bad.txt" in result.err
        assert "none: no such file or folder" in result.err
        assert run("build", bad, FILES / "byline.txt", "--out", tmp_path / "g", "--no-page", "--strict").code == 1

    def test_nothing_built_is_1(self, run: Run, tmp_path: Path) -> None:
        assert run("build", tmp_path / "none", "--out", tmp_path / "g", "--no-page").code == 1

    def test_standard_input_and_fields(self, run: Run, tmp_path: Path) -> None:
        data = (FILES / "records.csv").read_bytes()
        result = run("build", "-", "--format", "csv", "--field", "text=nass", "--field", "published=yawm",
                     "--outlet", "Test", "--out", tmp_path, "--no-page", stdin=data)  # fmt: skip
        assert "new\t2" in result.out
        with GraphFolder.open(tmp_path, read_only=True) as folder:
            assert {document.outlet for document in folder.documents()} == {"Test"}

    def test_processes_give_the_same_graph(self, graph: Path, tmp_path: Path) -> None:
        with GraphFolder.open(tmp_path) as folder:
            report = build(read([FILES / "plain.txt", FILES / "byline.txt"]), folder, jobs=2)
            folder.finish()
        assert report.written == 2
        assert (tmp_path / "graph.trig").read_bytes() == (graph / "graph.trig").read_bytes()

    def test_an_article_that_fails_is_set_aside(self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        def analyse(document: Document) -> Analysis:
            if "bad" in document.text:
                raise ZeroDivisionError("boom")
            return kg.analyse(document)

        monkeypatch.setattr("kg.build.analyse", analyse)
        documents = [
            read_text("bad text", source="a"),
            read_text("A good text.", source="b"),
            read_text("A good text."),
        ]
        steps: list[int] = []

        def step(report: BuildReport) -> None:
            steps.append(report.seen)

        with GraphFolder.open(tmp_path) as folder:
            report = build(documents, folder, progress=step)
            assert summarise(folder.store).articles == 1
        assert report.failures == [ReadFailure(source="a", reason="a: not analysed: ZeroDivisionError: boom")]
        assert (report.written, report.repeated, steps[-1]) == (1, 1, 2)

    def test_remove(self, run: Run, graph: Path, tmp_path: Path) -> None:
        copy = tmp_path / "g"
        shutil.copytree(graph, copy)
        with GraphFolder.open(copy, read_only=True) as folder:
            first = folder.store.articles()[0]
            before = summarise(folder.store)
            write_summary(before, copy / "summary.json")
        assert run("view", copy, "--language", "en").code == 0
        assert run("remove", copy, first).code == 0
        assert json.loads((copy / "summary.json").read_text(encoding="utf-8"))["articles"] == before.articles - 1
        left = [file.name for file in copy.rglob("*") if file.is_file() and first.encode() in file.read_bytes()]
        assert not left, "the store, the texts, the index, the tables and the page"
        assert b'lang="en"' in (copy / "graph.html").read_bytes()[:200]
        assert run("remove", copy, first).code == 1
        with GraphFolder.open(copy, read_only=True) as folder:
            assert first not in folder.store.articles()
        assert run("remove", tmp_path / "none", "x").code == 1
        assert not (tmp_path / "none").exists()


class TestGraph:
    def test_query_formats(self, run: Run, graph: Path) -> None:
        question = b"SELECT ?a WHERE { GRAPH ?a { ?a a kg:Article } }"
        table = run("query", graph, "-", stdin=question)
        assert table.out.splitlines()[0] == "a"
        assert len(table.out.splitlines()) == 3
        found = json.loads(run("query", graph, "-", "--format", "json", stdin=question).out)
        assert len(found["results"]["bindings"]) == 2
        assert run("query", graph, "-", "--format", "csv", stdin=question).out.splitlines()[0] == "a"
        assert run("query", graph, "-", "--format", "turtle", stdin=question).code == 1
        construct = b"CONSTRUCT { ?a a kg:Article } WHERE { GRAPH ?a { ?a a kg:Article } }"
        assert "kg:Article" in run("query", graph, "-", "--format", "turtle", stdin=construct).out
        assert run("query", graph, "-", stdin=b"ASK { ?s ?p ?o }").out == "answer\ntrue\n"

    def test_query_named_and_from_a_file(self, run: Run, graph: Path, tmp_path: Path) -> None:
        assert run("query", graph, "articles").code == 0
        assert run("query", graph, "articles", "-p", "language=en").code == 0
        path = tmp_path / "mine.rq"
        path.write_text("ASK { ?s ?p ?o }", encoding="utf-8")
        assert run("query", graph, path).out.endswith("true\n")
        assert run("query", graph, path, "-p", "x=1").code == 1

    def test_query_errors(self, run: Run, graph: Path, tmp_path: Path) -> None:
        assert "did you mean" in run("query", graph, "articlez").err
        assert run("query", graph, tmp_path / "none.rq").code == 1
        assert run("query", graph, "-", stdin=b"SELECT").code == 1
        assert run("query", graph, "-", stdin=b"SELECT * { SERVICE <http://x/> { ?s ?p ?o } }").code == 1
        assert run("query", tmp_path, "articles").code == 1
        assert run("query", graph, "articles", "-p", "novalue").code == 2
        assert run("query", graph, "articles", "--format", "xml").code == 2

    def test_queries(self, run: Run) -> None:
        lines = run("queries").out.splitlines()
        assert len(lines) >= 10
        assert any(line.startswith("attacks ") for line in lines)
        assert "SELECT" in run("queries", "attacks").out
        assert run("queries", "nonsense").code == 1

    def test_find(self, run: Run, graph: Path) -> None:
        for spelling in ("Baghdad", "bagdad", (FILES / "byline.txt").read_text(encoding="utf-8").partition("/")[0]):
            assert run("find", graph, spelling).out.split("\t")[0] == "baghdad"
        assert run("find", graph, "Baghdad", "--limit", "1").out.count("\n") == 1
        strange = run("find", graph, "Xwvzq")
        assert (strange.code, strange.out) == (1, "")
        assert "no entity is named anything like" in strange.err

    def test_find_evidence(self, run: Run, graph: Path) -> None:
        with GraphFolder.open(graph, read_only=True) as folder:
            article = next(each for each in read_articles(folder.store) if each.claims or each.events)
        telling = (*article.claims, *article.events)[0]
        word = max(telling.evidence[0].text.split(), key=len)
        rows = [line.split("\t") for line in run("find", graph, word, "--evidence").out.splitlines()]
        assert any(row[0] == article.article.id and word in row[1] for row in rows)
        assert run("find", graph, "Xwvzq", "--evidence").code == 1

    @pytest.mark.parametrize(
        "kind", ["turtle", "trig", "nquads", "jsonld", "graphml", "gexf", "rdfxml", "acled", "ftm"]
    )
    def test_export(self, run: Run, graph: Path, tmp_path: Path, kind: str) -> None:
        result = run("export", graph, "--format", kind)
        assert result.code == 0
        assert len(result.out) > 300
        path = tmp_path / "x"
        assert run("export", graph, "--format", kind, "--out", path).out == ""
        assert path.read_bytes().decode("utf-8").strip() == result.out.strip()
        assert run("export", graph, "--format", "xml").code == 2

    def test_export_of_several_files(self, run: Run, graph: Path, tmp_path: Path) -> None:
        assert run("export", graph, "--format", "csv").code == 2
        result = run("export", graph, "--format", "csv", "--out", tmp_path / "tables")
        assert result.code == 0
        assert len(list((tmp_path / "tables").glob("*.csv"))) >= 4

    def test_check(self, run: Run, graph: Path, tmp_path: Path) -> None:
        assert run("check").code == 0
        assert run("check", graph) == (0, "", "kg: no problem found\n")
        copy = tmp_path / "g"
        shutil.copytree(graph, copy)
        for path in (copy / "documents").glob("*.json"):
            data = json.loads(path.read_text(encoding="utf-8"))
            path.write_text(json.dumps(data | {"text": "x" + data["text"]}), encoding="utf-8")
        result = run("check", copy)
        assert result.code == 1
        assert "is not the quote" in result.out

    @pytest.mark.parametrize(
        ("file", "line", "told"),
        [
            ("rules/resolution.tsv", "merge\tabc\tx", "could not convert"),
            ("rules/confidence.tsv", "neither\tx\t1\t1\t0", "neither rule nor weight"),
            ("lexicon/triggers.tsv", "attack-v-x\tattack\tVERB\tx\tx\t\u0632\u0643\u0632\u0643", "verbs.tsv"),
        ],
    )
    def test_check_of_the_data(self, tmp_path: Path, file: str, line: str, told: str) -> None:
        """A copy of the package, since what is shipped is sound."""
        for name in ("kg", "ontology"):
            shutil.copytree(ROOT / name, tmp_path / name, ignore=shutil.ignore_patterns("__pycache__"))
        with (tmp_path / "ontology" / file).open("a", encoding="utf-8") as table:
            table.write(line + "\n")
        command = [sys.executable, "-c", "from kg.cli import main; main()", "check"]
        found = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, check=False)
        assert found.returncode == 1
        assert told in found.stdout


class TestText:
    def test_analyse(self, run: Run) -> None:
        data = json.loads(run("analyse", FILES / "byline.txt", "--outlet", "X", "--published", "28/7/2024").out)
        assert (data["outlet"], data["doc_date"]) == ("X", "2024-07-28")
        text = (FILES / "byline.txt").read_text(encoding="utf-8")
        mentions = [mention for entity in data["entities"] for mention in entity["mentions"]]
        assert mentions
        assert all(text[m["start"] : m["end"]] == m["text"] for m in mentions)

    def test_analyse_several(self, run: Run) -> None:
        lines = run("analyse", FILES / "records.jsonl").out.splitlines()
        assert [json.loads(line)["title"] != "" for line in lines] == [True, True]

    def test_analyse_show(self, run: Run) -> None:
        out = run("analyse", FILES / "byline.txt", "--show").out
        for part in ("entities", "claims", "events", "Baghdad", "City"):
            assert part in out
        assert out.count("\N{FIRST STRONG ISOLATE}") == out.count("\N{POP DIRECTIONAL ISOLATE}") > 4

    def test_analyse_errors(self, run: Run, tmp_path: Path) -> None:
        result = run("analyse", tmp_path / "none.txt")
        assert (result.code, result.out) == (1, "")
        assert "no such file" in result.err
        assert run("analyse", FILES / "byline.txt", "--published", "soon").code == 1
        assert run("analyse", FILES / "byline.txt", "--format", "pdf").code == 2

    def test_tokens_are_conllu(self, run: Run) -> None:
        text = (FILES / "byline.txt").read_text(encoding="utf-8")
        rows = [line.split("\t") for line in run("tokens", FILES / "byline.txt").out.splitlines()
                if line and not line.startswith("#")]  # fmt: skip
        assert len(rows) > 40
        assert any("-" in row[0] for row in rows)
        for row in rows:
            assert len(row) == 10
            place = dict(part.split("=") for part in row[9].split("|") if part[0] in "se")
            assert text[int(place["start"]) : int(place["end"])] == row[1]

    def test_times(self, run: Run) -> None:
        rows = [line.split("\t") for line in run("times", FILES / "byline.txt").out.splitlines()]
        assert rows[0] == ["start", "end", "type", "value", "text"]
        assert "2024-07-25" in [row[3] for row in rows]


class TestEvaluate:
    @pytest.fixture
    def folder(self, tmp_path: Path) -> Path:
        text = (FILES / "byline.txt").read_text(encoding="utf-8")
        for name in ("articles", "gold"):
            (tmp_path / name).mkdir()
        (tmp_path / "articles" / "01.txt").write_text(text, encoding="utf-8")
        city = text.partition("/")[0]
        entity = {
            "id": "b",
            "type": "City",
            "name_ar": city,
            "mentions": [{"text": city, "start": 0, "end": len(city)}],
        }
        data: dict[str, Any] = {
            "doc_id": "01",
            "file": "articles/01.txt",
            "entities": [entity],
            "relations": [],
            "events": [],
        }
        (tmp_path / "gold" / "01.json").write_text(json.dumps(data), encoding="utf-8")
        return tmp_path

    def test_gold(self, run: Run, folder: Path) -> None:
        result = run("evaluate", folder, "--json", "--predictions", folder / "out")
        report = json.loads(result.out)
        assert report["by_type"]["City"]["f1"] == 1.0
        assert json.loads((folder / "out" / "01.json").read_text(encoding="utf-8"))["doc_id"] == "01"
        (folder / "before.json").write_text(result.out, encoding="utf-8")
        told = run("evaluate", folder, "--baseline", folder / "before.json")
        assert "no figure moved against the baseline" in told.out
        assert "mention/token-exact+type" in told.out

    def test_corpora(self, run: Run, tmp_path: Path) -> None:
        city = (FILES / "byline.txt").read_text(encoding="utf-8").partition("/")[0]
        path = tmp_path / "x.conll"
        path.write_text(f"{city}\tB-LOC\n", encoding="utf-8")
        report = json.loads(run("evaluate", "--as", "ner", path, "--json").out)
        assert report["micro"]["blind to proclitics"]["f1"] == 1.0
        path.write_text(f"{city}\tbaghdad\n", encoding="utf-8")
        assert "among the first 5" in run("evaluate", "--as", "names", path).out
        path.write_text(json.dumps({"text": city, "timex": []}), encoding="utf-8")
        assert run("evaluate", "--as", "timex", path).code == 0
        path.write_text(json.dumps({"text": city, "event_type": "PROTEST", "label": "easy no"}), encoding="utf-8")
        assert run("evaluate", "--as", "events", path).code == 0
        path.write_text(f"# text = {city}\n1\t{city}\t{city}\tPROPN\t_\t_\t0\troot\t_\t_\n\n", encoding="utf-8")
        assert run("evaluate", "--as", "conllu", path).code == 0

    def test_errors(self, run: Run, tmp_path: Path) -> None:
        assert run("evaluate", tmp_path).code == 1
        assert run("evaluate", "--as", "ner", tmp_path / "none").code == 1
        assert run("evaluate", "--as", "xyz", tmp_path).code == 2
        (tmp_path / "b.json").write_text("[]", encoding="utf-8")
        assert run("evaluate", tmp_path, "--baseline", tmp_path / "b.json").code == 1


@pytest.mark.skipif(os.name != "posix", reason="signals")
def test_interrupt_is_clean(tmp_path: Path) -> None:
    """Ctrl-C in the middle of a build: no traceback, code 130, and the graph can be built on."""
    line = (FILES / "records.jsonl").read_text(encoding="utf-8").splitlines()[0]
    record = json.loads(line)
    many = "".join(json.dumps(record | {"body": f"{record['body']} {n}"}) + "\n" for n in range(4000))
    (tmp_path / "many.jsonl").write_text(many, encoding="utf-8")
    command = [
        sys.executable,
        "-m",
        "kg.cli",
        "build",
        str(tmp_path / "many.jsonl"),
        "--out",
        str(tmp_path / "g"),
        "--no-page",
    ]
    process = subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
    deadline = time.monotonic() + 60
    while len(list((tmp_path / "g" / "documents").glob("*.json"))) < 3 and time.monotonic() < deadline:
        time.sleep(0.1)
    process.send_signal(signal.SIGINT)
    _, err = process.communicate(timeout=60)
    assert process.returncode == 130
    assert "Traceback" not in err
    with GraphFolder.open(tmp_path / "g") as folder:
        assert folder.store.articles()
