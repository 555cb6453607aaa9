"""Training on tiny data of our own making: the better weights are kept, and nothing but chance has a seed."""

from __future__ import annotations

import json
import random
from pathlib import Path

import pytest

from kg.datamodel import Span
from kg.errors import DataError, InputError
from kg.models.suggest import COLUMNS, Suggestion, row
from kg.text.read import read_text
from kg.text.recognition.crf import label_spans
from kg.train import crf
from kg.train.card import told
from kg.train.crf import Material, compare, file_rows, fits_needed, score, seen_by
from kg.train.data import (
    Labelled,
    answered_sentences,
    dealt,
    fingerprint,
    labelled,
    read_answers,
    read_gold,
    read_sentences,
    weak_sentences,
)
from tests.models.test_llm import run

LETTERS = "".join(chr(code) for code in range(0x0628, 0x063B) if code != 0x0629)
BEFORE = {"PER": "\u0627\u0644\u0633\u064a\u062f", "LOC": "\u0641\u064a", "ORG": "\u0634\u0631\u0643\u0629"}
"""Mister, in, company: what announces a name of each class."""
WORDS = ("\u0642\u0627\u0644", "\u0648\u0642\u062f", "\u0627\u0644\u064a\u0648\u0645", "\u0623\u0645\u0633")
"""said, and had, today, yesterday."""


@pytest.fixture(autouse=True)
def quick(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(crf.SETTINGS, "max_iterations", 25)


def sentences(seed: int, many: int, *, confused: float = 0.0) -> list[Labelled]:
    """Made-up names behind the words that announce them; some with labels of another class."""
    dice = random.Random(seed)
    found = []
    for _ in range(many):
        kind = dice.choice(sorted(BEFORE))
        name = ["".join(dice.choices(LETTERS, k=5)) for _ in range(dice.randint(1, 2))]
        told = dice.choice(sorted(BEFORE)) if dice.random() < confused else kind
        labels = [f"B-{told}", *[f"I-{told}"] * (len(name) - 1)]
        filler = [(word, "O") for word in dice.sample(WORDS, 2)]
        found.append([filler[0], (BEFORE[kind], "O"), *zip(name, labels, strict=True), filler[1], (".", "O")])
    return found


def write(path: Path, made: list[Labelled]) -> Path:
    lines = ["\n".join(f"{word}\t{label}" for word, label in sentence) for sentence in made]
    path.write_text("\n\n".join(lines) + "\n", encoding="utf-8")
    return path


def trained(path: Path, made: list[Labelled]) -> Path:
    crf.fit(Material(gold=made).rows().train, path)
    return path


# ---------------------------------------------------------------- what there is to learn from


def test_a_corpus_comes_back_as_it_was_written(tmp_path: Path) -> None:
    made = sentences(1, 20)
    assert list(read_sentences(write(tmp_path / "a.conll", made))) == made
    other = tmp_path / "b.conll"
    other.write_text("A\tB-PERS\nB\tI-PERS\nC\tB-MISC\nD\tI-MISC\nE B-GPE\n", encoding="utf-8")
    ((*labels,),) = ([label for _, label in sentence] for sentence in read_sentences(other))
    assert labels == ["B-PER", "I-PER", "O", "O", "B-LOC"]


def test_folds_hold_out_everything_once() -> None:
    held = dealt(23, 5)
    assert sorted(n for each in held for n in each) == list(range(23))
    assert held == dealt(23, 5)


def test_spans_of_characters_become_labels_of_words() -> None:
    text = "Ali met the New York team.\nNothing here."
    start = text.index("New York")
    one, two = labelled(text, [(0, 3, "PER"), (start, start + 8, "LOC"), (start, start + 3, "ORG")])
    found = {" ".join(word for word, _ in one[a:b]): kind for a, b, kind in label_spans([label for _, label in one])}
    assert found == {"Ali": "PER", "New York": "LOC"}
    assert {label for _, label in two} == {"O"}


def test_a_gold_folder_gives_its_names(tmp_path: Path) -> None:
    text = "Ali met Omar in Rome.\n"
    entities = [
        {"id": "e1", "type": "Official", "mentions": [{"text": "Ali", "start": 0, "end": 3}]},
        {"id": "e2", "type": "UnnamedSource", "mentions": [{"text": "Omar", "start": 8, "end": 12}]},
        {"id": "e3", "type": "City", "mentions": [{"text": "Rome", "start": 16, "end": 20}]},
    ]
    for name in ("articles", "gold"):
        (tmp_path / name).mkdir()
    (tmp_path / "articles" / "1.txt").write_text(text, encoding="utf-8")
    gold = {"doc_id": "1", "file": "articles/1.txt", "entities": entities}
    (tmp_path / "gold" / "1.json").write_text(json.dumps(gold), encoding="utf-8")
    (found,) = read_gold(tmp_path)
    assert [label for _, label in found] == ["B-PER", "O", "O", "O", "B-LOC", "O"]
    with pytest.raises(InputError, match="no folder gold/"):
        list(read_gold(tmp_path / "articles"))


NAME, SENTENCE = (Path(__file__).parents[1] / "models" / "unknown-faction.txt").read_text(encoding="utf-8").splitlines()


def reviewed(folder: Path, answer: str, form: str = NAME) -> Path:
    start = SENTENCE.index(form)
    asked = Suggestion(
        kind="name", form=form, guess="Organization", why="test", score=1.0, document="d",
        span=Span(start, start + len(form)), context=SENTENCE,
    )  # fmt: skip
    path = folder / "list.tsv"
    line = row(asked).split("\t")
    path.write_text("\t".join(COLUMNS) + "\n" + "\t".join([answer, *line[1:]]) + "\n", encoding="utf-8")
    return path


def names_of(sentence: Labelled) -> dict[str, str]:
    spans = label_spans([label for _, label in sentence])
    return {" ".join(word for word, _ in sentence[a:b]): kind for a, b, kind in spans}


def test_an_answer_is_a_labelled_sentence(tmp_path: Path) -> None:
    (found,) = answered_sentences(read_answers(reviewed(tmp_path, "Faction")))
    assert names_of(found)[NAME] == "ORG"
    (found,) = answered_sentences(read_answers(reviewed(tmp_path, "-")))
    assert not set(NAME.split()) & {word for name in names_of(found) for word in name.split()}
    assert list(read_answers(reviewed(tmp_path, "?"))) == []
    with pytest.raises(DataError, match=r"list\.tsv:2 \[answer\]"):
        list(read_answers(reviewed(tmp_path, "Weapon")))


def test_weak_labels_follow_lexicon_and_answers(tmp_path: Path) -> None:
    document = read_text(f"{SENTENCE}\n{SENTENCE}\n")
    answers = list(read_answers(reviewed(tmp_path, "Faction")))
    for found in weak_sentences([document], answers):
        assert names_of(found)[NAME] == "ORG"
    assert len(list(weak_sentences([document], answers))) == 2
    city = SENTENCE.rstrip(".").split()[-1]
    plain = list(weak_sentences([read_text(f"{city}.")]))
    assert [kind for sentence in plain for kind in names_of(sentence).values()] == ["LOC"]
    assert list(weak_sentences([read_text("Nothing is named here.")])) == []


# ---------------------------------------------------------------- the better is kept


def test_training_is_the_same_each_time(tmp_path: Path) -> None:
    made = sentences(2, 40)
    one, two = trained(tmp_path / "1", made), trained(tmp_path / "2", made)
    assert one.read_bytes() == two.read_bytes()
    right, found, gold = score(file_rows(sentences(3, 40)), one).total()
    assert right / gold > 0.8, "names never seen are found by what announces them"
    assert right / found > 0.8


def test_better_weights_win_and_worse_ones_do_not(tmp_path: Path) -> None:
    good, bad = sentences(4, 60), sentences(5, 60, confused=0.9)
    incumbent = trained(tmp_path / "bad", bad)
    material = Material(gold=good)
    compared = compare(material, material.rows(), incumbent, 3, lambda _: None)
    assert compared.better == 1.0
    assert (compared.replaced, compared.unknown) == (0, 0)
    incumbent = trained(tmp_path / "good", sentences(6, 200))
    material = Material(gold=good[:12])
    compared = compare(material, material.rows(), incumbent, 3, lambda _: None)
    assert compared.better < 0.95


def test_an_incumbent_is_not_praised_for_what_it_was_trained_on(tmp_path: Path) -> None:
    """Labels without a rule can only be learned by heart; the incumbent has, and must not be scored on them."""
    noise = sentences(7, 60, confused=1.0)
    incumbent = trained(tmp_path / "w", noise)
    material = Material(gold=noise)
    rows = material.rows()
    praised = compare(material, rows, incumbent, 3, lambda _: None)
    assert praised.better == 0.0
    (tmp_path / "w.seen").write_text("".join(f"{fingerprint(s)}\n" for s in noise[:50]) + "0\n", encoding="ascii")
    steps: list[int] = []
    fair = compare(material, rows, incumbent, 3, steps.append)
    assert (fair.replaced, fair.unknown) == (50, 1)
    assert fair.incumbent.total().right < praised.incumbent.total().right
    assert "stood in for it" in told(fair)
    assert sum(steps) == 25 * (fits_needed(material, incumbent, 3) - 1)


def test_the_same_data_again_is_no_reason_to_change(tmp_path: Path) -> None:
    made = sentences(8, 30)
    incumbent = trained(tmp_path / "w", made)
    (tmp_path / "w.seen").write_text("".join(f"{fingerprint(s)}\n" for s in made), encoding="ascii")
    material = Material(gold=made)
    compared = compare(material, material.rows(), incumbent, 3, lambda _: None)
    assert compared.candidate.rows == compared.incumbent.rows
    assert compared.better == 0.0


# ---------------------------------------------------------------- the command


def test_the_command_writes_what_wins_and_says_what_it_is(tmp_path: Path) -> None:
    gold = write(tmp_path / "gold.conll", sentences(9, 60))
    incumbent = trained(tmp_path / "bad", sentences(10, 60, confused=0.9))
    article = tmp_path / "a.txt"
    article.write_text(f"{SENTENCE}\n", encoding="utf-8")
    out = tmp_path / "new" / "w.crfsuite"
    arguments = ["train", str(gold), "--incumbent", str(incumbent), "--folds", "3", "--weak", str(article)]
    arguments += ["--answers", str(reviewed(tmp_path, "Faction"))]
    code, printed, said = run(*arguments, "--out", str(out))
    assert code == 0, said
    rows = {tuple(line.split("\t")[:2]): line.split("\t")[4] for line in printed.splitlines()}
    assert float(rows["new", "all"]) > float(rows["incumbent", "all"])
    assert "bad.seen is missing" in said
    card = (tmp_path / "new" / "w.crfsuite.md").read_text(encoding="utf-8")
    assert "| gold.conll | gold | 60 |" in card
    assert "| this all | " in card
    assert "weak labels" in card
    assert "Seed 3" in card
    assert seen_by(out) is not None
    assert {fingerprint(sentence) for sentence in read_sentences(gold)} < (seen_by(out) or frozenset())
    first = out.read_bytes()
    assert run(*arguments, "--out", str(out))[0] == 0
    assert out.read_bytes() == first
    code, _, said = run("train", str(gold), "--incumbent", str(out), "--folds", "3", "--out", str(tmp_path / "x"))
    assert code == 0
    assert "stays; nothing was written" in said
    assert not (tmp_path / "x").exists()
    again = ("train", str(gold), "--incumbent", str(out), "--folds", "3", "--anyway", "--test", str(gold))
    code, printed, _ = run(*again, "--out", str(tmp_path / "x"))
    assert (code, (tmp_path / "x").is_file()) == (0, True)
    assert {"gold, new\tall", "gold, incumbent\tall"} <= {line.rsplit("\t", 3)[0] for line in printed.splitlines()}


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        ([], "without gold"),
        (["none.conll"], "no such file"),
        (["--gold", "none"], "no folder gold/"),
        (["--incumbent", "none"], "no such weights"),
    ],
)
def test_what_is_missing_is_told(tmp_path: Path, arguments: list[str], says: str) -> None:
    code, _, said = run("train", *arguments, "--out", str(tmp_path / "w"))
    assert code == 1
    assert says in said
