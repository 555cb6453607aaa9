"""The notebook of ``examples`` runs from top to bottom in IPython, as a kernel would run it, and shows what it says."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]
NOTEBOOK = ROOT / "examples" / "notebook.ipynb"
RUN = """
import json, sys
from IPython.core.interactiveshell import InteractiveShell

shell = InteractiveShell.instance()
shell.displayhook.write_output_prompt = lambda: None
shown = {}
for cell in json.load(open(sys.argv[1], encoding="utf-8"))["cells"]:
    if cell["cell_type"] == "code":
        print("\\0" + cell["id"])
        ended = shell.run_cell("".join(cell["source"]), store_history=True)
        ended.raise_error()
        if ended.result is not None:
            shown[cell["id"]] = shell.display_formatter.format(ended.result)[0]
json.dump(shown, open(sys.argv[2], "w", encoding="utf-8"))
"""


@pytest.fixture(scope="module")
def ran(tmp_path_factory: pytest.TempPathFactory) -> tuple[dict[str, str], dict[str, dict[str, str]]]:
    """What each cell printed, and what its last line shows."""
    place = tmp_path_factory.mktemp("notebook")
    shown = place / "shown.json"
    environment = {**os.environ, "PYTHONPATH": str(ROOT), "IPYTHONDIR": str(place), "TMPDIR": str(place)}
    done = subprocess.run(
        [sys.executable, "-X", "utf8", "-c", RUN, str(NOTEBOOK), str(shown)],
        cwd=NOTEBOOK.parent, env=environment, capture_output=True, encoding="utf-8", check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr[-2000:] + done.stdout[-2000:]
    printed = dict(part.split("\n", 1) for part in done.stdout.split("\0")[1:])
    return printed, json.loads(shown.read_text(encoding="utf-8"))


def test_it_is_a_notebook_without_outputs() -> None:
    """Outputs are made, not kept: they would be of yesterday's program."""
    found = json.loads(NOTEBOOK.read_text(encoding="utf-8"))
    assert (found["nbformat"], found["nbformat_minor"]) == (4, 5)
    names = [cell["id"] for cell in found["cells"]]
    assert len(set(names)) == len(names)
    assert all(not cell["outputs"] and cell["execution_count"] is None for cell in found["cells"] if "outputs" in cell)


def test_the_cells_print_the_evidence_in_arabic(ran: tuple[dict[str, str], dict[str, dict[str, str]]]) -> None:
    printed, _ = ran
    assert printed["build"].startswith("5 articles, ")
    claims = printed["claims"]
    assert re.search(r"attacked .* - Negated, says .*\n +.*[\u0621-\u064a]{3}", claims)
    assert re.search(r"attacked .* - Claimed, says .*\n +.*[\u0621-\u064a]{3}", claims)
    assert int(printed["characters"].split()[0]) > 20
    assert re.search(r"\b3\b.*\b5\b|\b5\b.*\b3\b", printed["contradictions"])
    assert printed["verify"].rstrip().endswith("[]")


def test_the_last_line_of_a_cell_shows_the_page(ran: tuple[dict[str, str], dict[str, dict[str, str]]]) -> None:
    _, shown = ran
    assert list(shown) == ["view"]
    page = shown["view"]["text/html"]
    assert page.startswith("<iframe")
    assert "sandbox" in page
    assert re.search("[\u0621-\u064a]{3}", page)
