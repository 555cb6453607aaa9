"""The default path opens no connection, looks up no host, loads nothing heavy, and leaves the home folder alone."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
FILES = Path(__file__).parent / "text" / "cases" / "read"
WATCH = """
import sys

seen = []

def watch(event, arguments):
    if event in ("socket.connect", "socket.getaddrinfo", "socket.gethostbyname", "urllib.Request",
                 "socket.sendto", "http.client.connect", "ftplib.connect"):
        seen.append((event, arguments[1:]))

sys.addaudithook(watch)

from kg.cli import app

for arguments in {commands!r}:
    app(arguments, standalone_mode=False)
heavy = {{"torch", "transformers", "pandas", "sklearn", "numpy", "scipy"}} & set(sys.modules)
sys.exit(f"network: {{seen}}" if seen else f"loaded: {{heavy}}" if heavy else 0)
"""


def test_the_default_path_stays_on_this_machine(tmp_path: Path) -> None:
    """One process with an audit hook runs the commands one after another, in an empty home."""
    graph = str(tmp_path / "graph")
    article = str(FILES / "byline.txt")
    commands = [
        ["build", str(FILES / "page.html"), article, "--out", graph],
        ["analyse", article],
        ["tokens", article],
        ["times", article],
        ["query", graph, "articles"],
        ["queries"],
        ["find", graph, "Baghdad"],
        ["view", graph],
        ["export", graph, "--format", "nquads"],
    ]
    home = tmp_path / "home"
    home.mkdir()
    environment = {**os.environ, "HOME": str(home), "PYTHONPATH": str(ROOT), "PYTHONDONTWRITEBYTECODE": "1"}
    environment.pop("CAMELTOOLS_DATA", None)
    code = WATCH.format(commands=commands)
    done = subprocess.run([sys.executable, "-c", code], cwd=tmp_path, env=environment, capture_output=True, check=False)
    assert done.returncode == 0, done.stderr.decode("utf-8", "replace")[-2000:]
    assert [path.name for path in home.iterdir() if path.name != ".cache"] == []


def test_an_address_in_a_page_is_not_fetched(tmp_path: Path) -> None:
    """External entities, style sheets and frames of a hostile page stay where they are."""
    page = tmp_path / "x.html"
    page.write_text(
        '<!DOCTYPE html SYSTEM "http://example.invalid/x.dtd"><html><head><base href="http://example.invalid/">'
        '<link rel="stylesheet" href="x.css"></head><body><iframe src="http://example.invalid/"></iframe><article><p>'
        + "A sentence of the article, long enough to be one. " * 4
        + "</p></article></body></html>",
        encoding="utf-8",
    )
    code = WATCH.format(commands=[["analyse", str(page)]])
    done = subprocess.run(
        [sys.executable, "-c", code],
        cwd=tmp_path,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        capture_output=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr.decode("utf-8", "replace")[-2000:]
