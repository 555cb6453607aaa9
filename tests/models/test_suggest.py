"""What is open comes first, and a reviewer's answers are rows of the lexicon."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from pathlib import Path

import pytest

from kg.errors import DataError, InputError
from kg.language.lexicon import NAME_COLUMNS
from kg.language.tables import read_table
from kg.models.suggest import COLUMNS, answered, rank, row
from kg.text.read import read_text
from kg.text.recognition.scene import Candidate, Scene

NAME, SENTENCE = (Path(__file__).parent / "unknown-faction.txt").read_text(encoding="utf-8").splitlines()


class Sees:
    """A recogniser that sees the given words as one name."""

    def __init__(self, words: str, kind: str) -> None:
        self.words, self.kind = words, kind

    def __call__(self, scene: Scene, lexical: Sequence[Candidate]) -> Iterable[Candidate]:
        text = scene.folded.original
        start = text.find(self.words)
        inside = [n for n, t in enumerate(scene.tokens) if start <= t.span.start < start + len(self.words)]
        if start >= 0:
            yield Candidate(
                first=inside[0], last=inside[-1] + 1, type=self.kind, score=0.6, source="crf", reason="test"
            )


def test_a_name_seen_twice_stands_before_one_seen_once() -> None:
    once, often = SENTENCE.split()[0], NAME.split()[1] + " " + NAME.split()[2]
    documents = [read_text(SENTENCE), read_text(SENTENCE.replace(once, "x"))]
    found = rank(documents, [Sees(often, "Person"), Sees(once, "Person")])
    forms = [s.form for s in found if s.kind == "name"]
    assert forms.index(often) < forms.index(once)
    assert next(s for s in found if s.form == often).seen == 2


def test_what_all_agree_on_is_not_asked() -> None:
    city = SENTENCE.rstrip(".").split()[-1]
    assert [s for s in rank([read_text(SENTENCE)], [Sees(city, "City")]) if s.form == city] == []
    (other,) = [s for s in rank([read_text(SENTENCE)], [Sees(city, "Person")]) if s.form == city]
    assert "says City" in other.why


def reviewed(folder: Path, answer: str) -> Path:
    (suggestion,) = [s for s in rank([read_text(SENTENCE)], [Sees(NAME.split()[1], "Person")]) if s.kind == "name"]
    line = row(suggestion).split("\t")
    assert line[0] == "?"
    path = folder / "list.tsv"
    path.write_text("\t".join(COLUMNS) + "\n" + "\t".join([answer, *line[1:]]) + "\n", encoding="utf-8")
    return path


def test_an_answer_becomes_a_row(tmp_path: Path) -> None:
    out = tmp_path / "rows.tsv"
    out.write_text("\n".join(answered(reviewed(tmp_path, "Faction"))) + "\n", encoding="utf-8")
    (made,) = read_table(out, NAME_COLUMNS)
    assert (made["type"], made["forms_ar"]) == ("Faction", NAME.split()[1])
    assert list(answered(reviewed(tmp_path, "-"))) == []
    assert list(answered(reviewed(tmp_path, "?"))) == []


def test_an_answer_that_is_no_type_is_told_with_its_line(tmp_path: Path) -> None:
    with pytest.raises(DataError, match=r"list\.tsv:2 \[answer\]"):
        list(answered(reviewed(tmp_path, "Wizard")))
    with pytest.raises(InputError, match="no such file"):
        list(answered(tmp_path / "none.tsv"))


def test_verbs_of_no_class_between_actors_are_asked() -> None:
    from kg.language.lexicon import load_lexicon
    from tests.models.test_llm import cases

    triggers = load_lexicon().triggers
    found = [s for s in rank(map(read_text, cases()[:60]), []) if s.kind == "trigger"]
    assert all(("VERB", s.form) not in triggers for s in found)
