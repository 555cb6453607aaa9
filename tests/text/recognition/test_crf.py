"""The statistical recogniser: its logic on hand-made tokens, its weights by order and minimum F1 only."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import pytest

from kg.datamodel import Reading, Sentence, Span, Token
from kg.language.arabic import FoldedText
from kg.language.lexicon import Lexicon, Title, load_lexicon
from kg.language.morphology import default_morphology
from kg.language.tables import read_table
from kg.resources import ontology_path
from kg.text.recognition.crf import CrfProposer, label_spans
from kg.text.recognition.crf_features import Features, listed_labels, word_clusters
from kg.text.recognition.crf_types import DEFAULTS, FITTING, typed
from kg.text.recognition.scene import Candidate, Scene
from kg.text.segment import segment

_NOUN = Reading(lemma="word", pos="NOUN", known=True)


def made(words: Sequence[str], titles: dict[str, tuple[Title, ...]] | None = None) -> Scene:
    """A scene of Latin stand-ins, one sentence, one shared reading."""
    text = " ".join(words)
    tokens, place = [], 0
    for word in words:
        span = Span(place, place + len(word))
        tokens.append(Token(span=span, norm=word, kind="word", reading=_NOUN, core=span, sentence=0))
        place += len(word) + 1
    sentence = Sentence(span=Span(0, len(text)), index=0, first_token=0, last_token=len(tokens))
    lexicon = Lexicon({}, {}, titles or {}, (), {}, {}, {})
    return Scene(folded=FoldedText.of(text), sentences=(sentence,), tokens=tokens, lexicon=lexicon)


def candidate(first: int, last: int, *, short: bool = False) -> Candidate:
    return Candidate(first=first, last=last, type="City", score=1.0, source="lexicon", reason="", short=short)


@pytest.mark.parametrize(
    ("labels", "spans"),
    [
        ("O O", []),
        ("B-PER I-PER O", [(0, 2, "PER")]),
        ("B-PER B-PER", [(0, 1, "PER"), (1, 2, "PER")]),
        ("O I-LOC I-ORG", [(1, 2, "LOC"), (2, 3, "ORG")]),
        ("B-LOC", [(0, 1, "LOC")]),
    ],
)
def test_label_spans(labels: str, spans: list[tuple[int, int, str]]) -> None:
    assert list(label_spans(labels.split())) == spans


def test_longer_listed_form_wins_the_label() -> None:
    scene = made(["a", "b", "c", "d"])
    assert listed_labels(scene, [candidate(0, 3), candidate(1, 2), candidate(3, 4, short=True)]) == [
        "B-City",
        "I-City",
        "I-City",
        "Bs-City",
    ]


def test_features_see_two_neighbours_and_the_edges() -> None:
    scene = made(["a", "b", "c"])
    row = Features(scene.lexicon).rows(scene, 0, 3, ["O", "B-City", "O"])[0]
    assert {"w=a", "+1:w=b", "+2:w=c", "-1:edge", "-2:edge", "+1:l=B-City"} <= set(row)
    assert "+2:b=c" not in row


def test_only_known_features_are_built() -> None:
    scene = made(["a", "b"])
    rows = Features(scene.lexicon, frozenset({"w=a", "-1:w=a"})).rows(scene, 0, 2, ["O", "O"])
    assert [[feature for feature in row if "edge" not in feature] for row in rows] == [["w=a"], ["-1:w=a"]]


def test_default_types_fit_their_labels() -> None:
    assert all(DEFAULTS[label] in FITTING[label] for label in FITTING)


def test_title_of_office_makes_an_official() -> None:
    minister = Title(id="minister", kind="office", features={"official": "yes"}, gloss="minister")
    scene = made(["minister", "x", "y"], {"minister": (minister,)})
    assert typed(scene, 1, 3, 0, "PER")[0] == "Official"
    assert typed(made(["z", "x", "y"]), 1, 3, 0, "PER")[0] == "Person"


def test_every_type_comes_with_a_reason() -> None:
    scene = made(["z", "x"])
    assert all(typed(scene, 1, 2, 0, label)[1] for label in FITTING)


def test_clusters_are_disjoint() -> None:
    clusters = word_clusters()
    lines = ontology_path("models", "clusters.tsv").read_text(encoding="utf-8").splitlines()[3:]
    assert sum(len(line.split("\t")[2].split(" ")) for line in lines) == len(clusters) > 20_000


# ---------------------------------------------------------------- the shipped weights

_CASES = list(read_table(Path(__file__).with_name("names.tsv"), ("id", "label", "gloss", "text_ar")))
_MINIMUM_F1 = 0.6


def scene_of(text: str) -> Scene:
    folded = FoldedText.of(text)
    sentences, tokens = segment(folded, default_morphology())
    return Scene(folded=folded, sentences=sentences, tokens=tokens, lexicon=load_lexicon())


def test_names_nobody_lists_are_found() -> None:
    assert len(_CASES) >= 16
    right = found = 0
    for row in _CASES:
        before, _, rest = row["text_ar"].partition("[")
        name, _, after = rest.partition("]")
        scene = scene_of(before + name + after)
        spans = {
            (scene.tokens[f.first].span.start, scene.tokens[f.last - 1].span.end, f.kind)
            for f in CrfProposer().spans(scene, ())
        }
        found += len(spans)
        right += (len(before), len(before) + len(name), row["label"]) in spans
    gold = sum(row["label"] != "-" for row in _CASES)
    assert 2 * right / (found + gold) >= _MINIMUM_F1


def test_a_speaker_is_more_probable_than_a_lone_name() -> None:
    row = next(row for row in _CASES if row["id"] == "driver")
    text = row["text_ar"].replace("[", "").replace("]", "")
    name = row["text_ar"].partition("[")[2].partition("]")[0]
    spoken, alone = (
        max((f.probability for f in CrfProposer().spans(scene_of(t), ()) if f.kind == "PER"), default=0.0)
        for t in (text, name)
    )
    assert spoken > alone


def test_guesses_yield_to_lists_and_say_why() -> None:
    for row in _CASES:
        scene = scene_of(row["text_ar"].replace("[", "").replace("]", ""))
        for guess in CrfProposer()(scene, ()):
            assert guess.weight < 0
            assert 0 < guess.score < 0.75
            assert "probability" in guess.reason or "elsewhere" in guess.reason


def test_without_weights_it_is_not_available(tmp_path: Path) -> None:
    assert not CrfProposer(tmp_path / "ner.crfsuite").available()
