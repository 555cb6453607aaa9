"""Many processes: order, bad articles that cost themselves only, builds that are stopped and go on."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from itertools import count
from pathlib import Path
from typing import Any

import pytest

import kg
from kg.build import BuildReport, build, summarise, write_summary
from kg.datamodel import Analysis, Document
from kg.errors import KgError, MissingExtra
from kg.graph.folder import GraphFolder
from kg.scale import parts
from kg.scale.pool import AHEAD, Failure, Pool, here
from kg.scale.work import lifted
from kg.text.read import read, read_text

ROOT = Path(__file__).resolve().parents[1]


def work(item: str) -> str:
    """Answers in capitals; or does what the word says."""
    if item == "raise":
        raise ValueError("boom")
    if item == "hang":
        time.sleep(3600)
    if item == "deaf":
        signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGALRM})
        time.sleep(3600)
    if item == "die":
        os._exit(7)
    if item == "killed":
        os.kill(os.getpid(), signal.SIGKILL)
    if item.startswith("slow"):
        time.sleep(0.2)
    return item.upper()


def poisoned(document: Document) -> Analysis:
    """The analysis, but for articles that are bad on purpose."""
    work(document.text.split()[-1])
    return kg.analyse(document)


def unprepared() -> None:
    raise OSError("no data")


def dead() -> None:
    os._exit(3)


def tried(*items: str, jobs: int = 2, limit: float = 60.0) -> list[str]:
    with Pool(work, jobs=jobs, limit=limit) as pool:
        return [found.reason if isinstance(found, Failure) else found for _, found in pool.map(items)]


class TestPool:
    def test_answers_come_in_order(self) -> None:
        assert tried("slow", "a", "b", "slower", "c", jobs=3) == ["SLOW", "A", "B", "SLOWER", "C"]

    def test_nothing_to_do(self) -> None:
        assert tried() == []

    def test_one_that_raises(self) -> None:
        assert tried("a", "raise", "b") == ["A", "ValueError: boom", "B"]

    def test_one_that_hangs(self) -> None:
        assert tried("a", "hang", "b", limit=0.5) == ["A", "TimeoutError: not done in 0.5 s", "B"]

    def test_one_that_hangs_and_hears_nothing(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr("kg.scale.pool.GRACE", 0.5)
        first, bad, last = tried("a", "deaf", "b", limit=0.5)
        assert (first, last) == ("A", "B")
        assert bad.startswith("TimeoutError: not done in 0.5 s, and its process")

    def test_one_that_takes_its_process_down(self) -> None:
        found = tried("a", "die", "b", "killed", "c")
        down = "it took its process down"
        assert found == ["A", f"{down} (exit 7)", "B", f"{down} (signal 9)", "C"]

    def test_many_that_take_their_process_down(self) -> None:
        assert tried(*["die"] * 5, "a", jobs=1)[-1] == "A"

    def test_takes_little_ahead(self) -> None:
        taken = count()

        def endless() -> Iterator[str]:
            while True:
                yield f"{next(taken)}"

        with Pool(work, jobs=2, limit=60) as pool:
            answers = pool.map(endless())
            assert [next(answers)[1] for _ in range(3)] == ["0", "1", "2"]
            assert next(taken) <= 3 + 2 * AHEAD

    def test_one_left_midway_gives_its_answers_to_nobody_else(self) -> None:
        with Pool(work, jobs=2, limit=60) as pool:
            for _ in pool.map(["slow", "slower", "slowest", "b"]):
                break
            assert [found for _, found in pool.map(["k", "l", "m"])] == ["K", "L", "M"]

    def test_processes_that_cannot_start_are_told(self) -> None:
        for prepare, told in ((unprepared, "no data"), (dead, "__main__")):
            with Pool(work, jobs=1, limit=60, prepare=prepare) as pool, pytest.raises(KgError, match=told):
                next(pool.map(["a"]))


class TestHere:
    def test_bad_ones(self) -> None:
        found = [answer for _, answer in here(work, ["a", "raise", "hang", "b"], limit=0.3)]
        failures = [Failure(reason="ValueError: boom"), Failure(reason="TimeoutError: not done in 0.3 s")]
        assert found == ["A", *failures, "B"]

    def test_the_timer_is_given_back(self) -> None:
        before = signal.getsignal(signal.SIGALRM)
        assert list(here(work, ["a"], limit=60)) == [("a", "A")]
        assert signal.getsignal(signal.SIGALRM) == before
        assert signal.getitimer(signal.ITIMER_REAL) == (0.0, 0.0)


class TestBuild:
    def test_bad_articles_cost_themselves_only(self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr("kg.build.analyse", poisoned)
        texts = ["one good", "it will raise", "two good", "it will hang", "three good", "it will die", "four good"]
        documents = [read_text(text, source=f"s{place}") for place, text in enumerate(texts)]
        with GraphFolder.open(tmp_path) as folder:
            report = build(documents, folder, jobs=2, limit=3)
            write_summary(summarise(folder.store), tmp_path / "summary.json", report.failures)
            assert len(folder.store.articles()) == report.written == 4
        assert [failure.source for failure in report.failures] == ["s1", "s3", "s5"]
        told = json.loads((tmp_path / "summary.json").read_bytes())["skipped"]
        reasons = ("ValueError: boom", "TimeoutError: not done in 3 s", "it took its process down (exit 7)")
        assert [line["reason"] for line in told] == [
            f"s{place}: not analysed: {reason}" for place, reason in zip((1, 3, 5), reasons, strict=True)
        ]

    @pytest.mark.slow
    def test_ctrl_c_leaves_a_graph_that_goes_on(self, tmp_path: Path) -> None:
        articles = tmp_path / "in.jsonl"
        texts = ({"text": f"Article {place}. " * 40, "id": f"{place:04}"} for place in range(150))
        articles.write_text("".join(json.dumps(record) + "\n" for record in texts), encoding="utf-8")
        command = [sys.executable, "-m", "kg.cli", "build", str(articles), "--jobs", "2", "--no-page", "--out"]
        running = subprocess.Popen(
            [*command, str(tmp_path / "g")], cwd=ROOT, stderr=subprocess.PIPE, start_new_session=True, text=True
        )
        while not any((tmp_path / "g" / "documents").glob("*.json")):
            time.sleep(0.05)
        os.killpg(running.pid, signal.SIGINT)  # as the terminal does: to all processes
        _, told = running.communicate(timeout=60)
        assert running.returncode == 130, told
        assert "Traceback" not in told
        with GraphFolder.open(tmp_path / "g") as folder:
            before = len(folder.store.articles())
        assert 0 < before < 150
        again = subprocess.run([*command, str(tmp_path / "g")], cwd=ROOT, capture_output=True, check=True, text=True)
        assert f"unchanged\t{before}" in again.stdout
        subprocess.run([*command, str(tmp_path / "h")], cwd=ROOT, capture_output=True, check=True)
        assert (tmp_path / "g" / "graph.trig").read_bytes() == (tmp_path / "h" / "graph.trig").read_bytes()


def graph_of(path: Path, documents: list[Document], **options: Any) -> tuple[bytes, BuildReport]:
    with GraphFolder.open(path) as folder:
        report = build(documents, folder, **options)
        folder.finish()
        return folder.store.nquads(), report


class TestParts:
    def test_what_is_done_is_there_and_what_is_not_is_not(self, tmp_path: Path) -> None:
        documents = [read_text("It is one.", source="s"), read_text("two")]
        part = parts.write_part(tmp_path, documents, "0")
        assert parts.write_part(tmp_path, documents, "0") == part
        assert parts.articles(part) == documents
        assert not parts.is_done(part)
        said = lifted(kg.analyse, documents[0])
        parts.write_answers(part, [(documents[0], said), (documents[1], Failure(reason="no"))])
        assert parts.is_done(part)
        assert list(parts.answers(part)) == [(documents[0], said), (documents[1], Failure(reason="no"))]
        assert parts.finished(tmp_path) == {said.digest: part}
        parts.forget(part)
        assert list(tmp_path.iterdir()) == []


@pytest.mark.slow
@pytest.mark.network
@pytest.mark.filterwarnings("ignore")
class TestCluster:
    """On two processes of this machine; only where Dask is installed."""

    @pytest.fixture(autouse=True)
    def _small_parts(self, monkeypatch: pytest.MonkeyPatch) -> None:
        pytest.importorskip("distributed")
        monkeypatch.setattr("kg.scale.cluster.SIZE", 4)

    @pytest.fixture(scope="class")
    def documents(self) -> list[Document]:
        return [each for each in read([ROOT / "examples"]) if isinstance(each, Document)]

    @pytest.fixture(scope="class")
    def expected(self, documents: list[Document], tmp_path_factory: pytest.TempPathFactory) -> bytes:
        return graph_of(tmp_path_factory.mktemp("single"), documents)[0]

    def test_the_graph_is_that_of_one_process(self, documents: list[Document], expected: bytes, tmp_path: Path) -> None:
        graph, report = graph_of(tmp_path, documents, engine="local", jobs=2)
        assert graph == expected
        assert (report.written, report.failures) == (len(documents), [])
        assert not (tmp_path / "parts").exists()

    def test_a_worker_killed(self, documents: list[Document], expected: bytes, tmp_path: Path) -> None:
        killed: list[int] = []

        def kill(report: BuildReport) -> None:
            import distributed

            client: Any = distributed.default_client  # the package has no types
            if not killed:
                killed.append(min(client().run(os.getpid).values()))
                os.kill(killed[0], signal.SIGKILL)

        assert graph_of(tmp_path, documents, engine="local", jobs=2, progress=kill)[0] == expected
        assert killed

    def test_a_driver_stopped_goes_on(
        self, documents: list[Document], expected: bytes, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        class StoppedError(Exception):
            pass

        def stop(report: BuildReport) -> None:
            if report.written == 5:
                raise StoppedError

        with pytest.raises(StoppedError):
            graph_of(tmp_path, documents, engine="local", jobs=2, progress=stop)
        assert list((tmp_path / "parts").glob("*.done"))
        graph, report = graph_of(tmp_path, documents, engine="local", jobs=2)
        assert graph == expected
        assert report.unchanged == 5

    def test_bad_articles_cost_themselves_only(
        self, documents: list[Document], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        good = documents[:3]
        bad = [read_text(f"it will {word}", source=word) for word in ("raise", "hang", "die")]
        monkeypatch.setattr("kg.build.analyse", poisoned)
        graph, report = graph_of(tmp_path / "a", [*good, *bad], engine="local", jobs=2, limit=5)
        assert sorted(failure.source for failure in report.failures) == ["die", "hang", "raise"]
        assert graph == graph_of(tmp_path / "b", good)[0]


def test_an_engine_that_is_not_there(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "distributed", None)
    with pytest.raises(MissingExtra, match="cluster"):
        graph_of(tmp_path, [read_text("a")], engine="local")
