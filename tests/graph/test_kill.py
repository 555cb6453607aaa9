"""Killed at any moment, the next run repairs and finishes: nothing lost, nothing twice."""

from __future__ import annotations

import os
import random
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from kg.graph.folder import GraphFolder
from tests.graph.build import analyses, background
from tests.hostile import tried

ROOT = Path(__file__).parents[2]
WRITER = """
import sys
from pathlib import Path
from kg.graph.folder import GraphFolder
from tests.graph.build import analyses, background
with GraphFolder.open(Path(sys.argv[1])) as folder:
    print("open", flush=True)
    for round in range(400):
        for analysis in analyses():
            if round % 2:
                folder.remove(analysis.document.id)
            else:
                folder.add(analysis, background())
"""


def survive(tmp_path: Path, times: int) -> None:
    with GraphFolder.open(tmp_path / "whole") as whole:
        for analysis in analyses():
            whole.add(analysis, background())
        expected = whole.store.nquads()
    chance = random.Random(20180910)
    for _ in range(times):
        writer = subprocess.Popen(
            [sys.executable, "-c", WRITER, str(tmp_path / "torn")], cwd=ROOT, stdout=subprocess.PIPE, text=True
        )
        assert writer.stdout is not None
        with writer, writer.stdout:
            assert writer.stdout.readline() == "open\n"
            time.sleep(chance.random() * 0.15)
            writer.send_signal(signal.SIGKILL)
        with GraphFolder.open(tmp_path / "torn") as folder:
            present = set(folder.store.articles())
            texts = {path.name for path in (folder.path / "documents").glob("*")}
            assert len(texts) == len(present)
            for analysis in analyses():
                if not folder.is_current(analysis.document, analysis.version):
                    folder.add(analysis, background())
            assert folder.store.nquads() == expected
        tried()
    assert present <= {analysis.document.id for analysis in analyses()}


def test_six_kills(tmp_path: Path) -> None:
    survive(tmp_path, 6)


@pytest.mark.slow
@pytest.mark.skipif(os.environ.get("KG_SLOW") != "1", reason="minutes long; KG_SLOW=1 runs it")
def test_two_hundred_kills(tmp_path: Path) -> None:
    survive(tmp_path, 200)
