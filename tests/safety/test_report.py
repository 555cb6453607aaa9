"""The table of docs/safety.md stands on tests that are there, and on a run of them."""

from __future__ import annotations

import re
from pathlib import Path

from tools import safety_report

ROOT = Path(__file__).parents[2]


def test_every_attack_names_tests_that_are_there() -> None:
    rows = safety_report.attacks()
    assert len({row["attack"] for row in rows}) == len(rows) > 20
    for row in rows:
        for node in safety_report.nodes(row):
            path, *names = node.split("::")
            text = (ROOT / path).read_text(encoding="utf-8")
            assert not names or re.search(rf"^ *def {names[-1]}\(", text, re.MULTILINE), node


def test_every_test_of_this_folder_is_in_the_table() -> None:
    told = {node.split("::")[0] for row in safety_report.attacks() for node in safety_report.nodes(row)}
    here = {path.relative_to(ROOT).as_posix() for path in Path(__file__).parent.glob("test_*.py")}
    assert here - told == {"tests/safety/test_report.py"}


def test_the_page_is_what_was_measured() -> None:
    assert safety_report.main(["--check"]) == 0
