"""Neural recognisers through fakes with the real signatures; the real classes are in test_miniatures.py."""

from __future__ import annotations

import importlib.util
import json
import tomllib
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest

from kg.errors import InputError, MissingExtra
from kg.extras import install
from kg.language.arabic import FoldedText
from kg.language.camel import camel
from kg.language.lexicon import load_lexicon
from kg.language.morphology import default_morphology
from kg.models.llm.schema import examples
from kg.models.neural.camel import CamelNames, CamelReadings, load_names, load_readings
from kg.models.neural.folder import FolderNames, load
from kg.models.neural.labels import Proposing, visible, windows
from kg.pipeline import analyse
from kg.text.read import read_text
from kg.text.recognition.scene import Candidate, Scene
from kg.text.segment import segment

NAME, SENTENCE = (Path(__file__).parent / "unknown-faction.txt").read_text(encoding="utf-8").splitlines()
RLM = "\N{RIGHT-TO-LEFT MARK}"


def scene(text: str) -> Scene:
    folded = FoldedText.of(text)
    sentences, tokens = segment(folded, default_morphology())
    return Scene(folded=folded, sentences=sentences, tokens=tokens, lexicon=load_lexicon())


class Tokenizer:
    """Makes nothing of words without a letter or digit, as BERT's does of bidi controls."""

    def tokenize(self, word: str) -> list[str]:
        return list(word) if any(char.isalnum() or char == "." for char in word) else []


class Recogniser:
    """``camel_tools.ner.NERecognizer`` with its fault: it drops words without pieces, and labels shift."""

    def __init__(self, names: dict[str, str], *, drops: bool = True) -> None:
        self.tokenizer = Tokenizer()
        self.names, self.drops = names, drops
        self.calls: list[tuple[int, int]] = []

    def predict(self, sentences: list[list[str]], batch_size: int = 32) -> list[list[str]]:
        self.calls.append((len(sentences), batch_size))
        return [
            [self.names.get(word, "O") for word in words if self.tokenizer.tokenize(word) or not self.drops]
            for words in sentences
        ]


def labelled(name: str, kind: str, first: str = "B") -> dict[str, str]:
    words = name.split()
    return {words[0]: f"{first}-{kind}", **dict.fromkeys(words[1:], f"I-{kind}")}


def found(proposing: Proposing, text: str) -> list[tuple[str, str]]:
    here = scene(text)
    return [(here.mention(c).span.of(text), c.type) for c in proposing(here, [])]


@pytest.mark.parametrize("first", ["B", "I"])
def test_a_name_is_proposed_and_typed_by_its_first_word(first: str) -> None:
    """I- after O opens a name as B- does."""
    proposing = Proposing(CamelNames(Recogniser(labelled(NAME, "ORG", first))), "camel")
    assert [span for span, _ in found(proposing, SENTENCE)] == [NAME]
    assert proposing.faults == []


def test_words_that_show_nothing_do_not_shift_labels() -> None:
    text = SENTENCE.replace(" ", f" {RLM} ") + f" {RLM}"
    recogniser = Recogniser(labelled(NAME, "PERS"))
    proposing = Proposing(CamelNames(recogniser), "camel")
    ((span, kind),) = found(proposing, text)
    assert kind == "Person"
    assert span.replace(RLM, " ").split() == NAME.split()


def test_labels_of_another_length_are_not_used() -> None:
    recogniser = Recogniser(labelled(NAME, "ORG"))
    recogniser.predict = lambda sentences, batch_size=32: [["B-ORG"] for _ in sentences]  # type: ignore[method-assign]
    proposing = Proposing(CamelNames(recogniser), "camel")
    assert found(proposing, SENTENCE) == []
    assert proposing.faults == [1]


def test_a_long_sentence_goes_in_parts_and_sentences_in_batches() -> None:
    text = "\n".join(" ".join([SENTENCE.rstrip(".")] * 60) for _ in range(5))
    recogniser = Recogniser({})
    here = scene(text)
    parts = list(windows(here))
    assert max(map(len, parts)) <= 96
    assert [n for part in parts for n in part] == list(range(len(here.tokens)))
    list(Proposing(CamelNames(recogniser, 4), "camel", batch=4)(here, []))
    assert {size for size, _ in recogniser.calls} <= {1, 2, 3, 4}
    assert sum(size for size, _ in recogniser.calls) == len(parts)


def test_what_a_model_sees_is_visible_and_short() -> None:
    assert visible(RLM) == ""
    assert visible("\u0645\u064f\u062d\u0640\u0645\u062f" + RLM) == "\u0645\u062d\u0645\u062f"
    assert len(visible("x" * 5000)) == 40


def test_the_lexicon_outranks_a_model() -> None:
    sentence = examples()[1]["sentences"][1]
    before = {(m.span, m.type) for m in analyse(read_text(sentence)).mentions if m.source == "lexicon"}
    wrong = dict.fromkeys(sentence.rstrip(".").split(), "B-PERS")
    analysis = analyse(read_text(sentence), more=(Proposing(CamelNames(Recogniser(wrong)), "camel"),))
    assert before
    assert before <= {(m.span, m.type) for m in analysis.mentions}


def test_a_name_nobody_knows_comes_in_through_a_model() -> None:
    labels = labelled(NAME, "ORG")
    analysis = analyse(read_text(SENTENCE), more=(Proposing(CamelNames(Recogniser(labels)), "camel"),))
    assert NAME in [m.span.of(SENTENCE) for m in analysis.mentions]


# ---------------------------------------------------------------- readings in context


class Bert:
    """``BERTUnfactoredDisambiguator``: real result classes, analyses in camel-tools' features."""

    def __init__(self, told: dict[str, dict[str, str]], *, lost: int = 0) -> None:
        self.told, self.lost = told, lost
        self.calls = 0

    def disambiguate_sentences(self, sentences: list[list[str]]) -> list[list[Any]]:
        common = camel("disambig.common")
        self.calls += 1
        return [[self._word(common, word) for word in words[self.lost :]] for words in sentences]

    def _word(self, common: Any, word: str) -> Any:
        analysis = self.told.get(word)
        scored = [] if analysis is None else [common.ScoredAnalysis(1.0, analysis, "", 0.0, 0.0)]
        return common.DisambiguatedWord(word, scored)


def reread(text: str, bert: Bert) -> tuple[Sequence[Any], Sequence[Any]]:
    here = scene(text)
    return here.tokens, CamelReadings(bert, default_morphology())(here.folded, here.sentences, here.tokens)


def test_a_reading_is_chosen_and_never_made_up() -> None:
    word = SENTENCE.split()[0]
    base = {
        "lex": word,
        "pos": "noun",
        "prc0": "0",
        "prc1": "0",
        "prc2": "0",
        "prc3": "0",
        "enc0": "0",
        "source": "lex",
    }
    before, after = reread(SENTENCE, Bert({word: base}))
    assert [t.span for t in before] == [t.span for t in after]
    for old, new in zip(before, after, strict=True):
        assert new.reading in (old.reading, *default_morphology().readings(new.norm))
        assert new.span.covers(new.core)


def test_a_disambiguator_that_loses_words_changes_nothing() -> None:
    before, after = reread(SENTENCE, Bert({}, lost=1))
    assert list(before) == list(after)
    before, after = reread(SENTENCE, Bert({}))
    assert list(before) == list(after)


# ---------------------------------------------------------------- model folders


def encode(words: list[str]) -> tuple[list[int], list[int | None]]:
    """Two pieces a word, none for an empty one; 0 and 1 are special."""
    owners = [n for n, word in enumerate(words) if word for _ in range(2)]
    return [0, *(len(words[n]) for n in owners), 1], [None, *owners, None]


def test_a_folder_classifier_labels_words() -> None:
    seen: list[int] = []

    def score(batch: list[list[int]]) -> list[list[list[float]]]:
        seen.extend(len(ids) for ids in batch)
        return [[[0.0, 9.0] if piece == 3 else [9.0, 0.0] for piece in ids] for ids in batch]

    names = FolderNames(("O", "B-PER"), encode, score, pieces=8, batch=2)
    (labels,) = names([["abc", "", "ab", "abc", "a", "abc", "b"]])
    assert [label for label, _ in labels] == ["B-PER", "O", "O", "B-PER", "O", "B-PER", "O"]
    assert all(0 <= probability <= 1 for _, probability in labels)
    assert max(seen) <= 10


@pytest.mark.parametrize("missing", ["config.json", "tokenizer.json", "labels"])
def test_a_folder_that_is_no_classifier_is_refused(tmp_path: Path, missing: str) -> None:
    config = {} if missing == "labels" else {"id2label": {"0": "O"}}
    for name in ("config.json", "tokenizer.json"):
        if name != missing:
            (tmp_path / name).write_text(json.dumps(config), encoding="utf-8")
    with pytest.raises(InputError, match="id2label" if missing == "labels" else missing):
        load(tmp_path)


@pytest.mark.skipif(importlib.util.find_spec("torch") is not None, reason="torch is here")
def test_what_is_missing_is_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("kg.models.neural.camel.user_data", lambda: None)
    for loader in (load_names, lambda: load_readings(default_morphology())):
        with pytest.raises(MissingExtra, match="kg models"):
            loader()
    for name in ("config.json", "tokenizer.json"):
        (tmp_path / name).write_text('{"id2label": {"0": "O"}}', encoding="utf-8")
    with pytest.raises(MissingExtra, match="pip install"):
        load(tmp_path)


def test_a_miniature_onnx_model_runs(tmp_path: Path) -> None:
    """A real session and a real tokenizer: the label of a word is looked up by its first piece."""
    pytest.importorskip("onnxruntime")
    onnx, tokenizers, numpy = (pytest.importorskip(name) for name in ("onnx", "tokenizers", "numpy"))
    words = ["[PAD]", "[UNK]", "[CLS]", "[SEP]", *dict.fromkeys(SENTENCE.rstrip(".").split()), "."]
    tokenizer = tokenizers.Tokenizer(tokenizers.models.WordLevel({w: n for n, w in enumerate(words)}, "[UNK]"))
    tokenizer.pre_tokenizer = tokenizers.pre_tokenizers.Whitespace()
    tokenizer.post_processor = tokenizers.processors.BertProcessing(("[SEP]", 3), ("[CLS]", 2))
    tokenizer.save(str(tmp_path / "tokenizer.json"))
    labels = labelled(NAME, "ORG")
    kinds = ["O", "B-ORG", "I-ORG"]
    table = numpy.zeros((len(words), 3), dtype=numpy.float32)
    for n, word in enumerate(words):
        table[n, kinds.index(labels.get(word, "O"))] = 8
    helper, kind = onnx.helper, onnx.TensorProto
    node = helper.make_node("Gather", ["table", "input_ids"], ["logits"], axis=0)
    graph = helper.make_graph(
        [node], "g", [helper.make_tensor_value_info("input_ids", kind.INT64, ["b", "s"])],
        [helper.make_tensor_value_info("logits", kind.FLOAT, ["b", "s", 3])],
        [onnx.numpy_helper.from_array(table, "table")],
    )  # fmt: skip
    made = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 17)], ir_version=8)
    onnx.save(made, str(tmp_path / "model.onnx"))
    config = {"id2label": {str(n): name for n, name in enumerate(kinds)}, "pad_token_id": 0}
    (tmp_path / "config.json").write_text(json.dumps(config), encoding="utf-8")
    proposing = Proposing(load(tmp_path), "model:mini")
    text = f"{SENTENCE}\n{RLM} {SENTENCE} {RLM}\n"
    assert [span for span, _ in found(proposing, text)] == [NAME, NAME]
    candidates: list[Candidate] = list(proposing(scene(SENTENCE), []))
    assert candidates[0].score == pytest.approx(0.75, abs=0.01)


# ---------------------------------------------------------------- kg models


def test_models_tells_what_is_there(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from typer.testing import CliRunner

    from kg.cli import app

    monkeypatch.setattr("kg.models.catalogue.user_data", lambda: None)
    done = CliRunner().invoke(app, ["models", str(tmp_path)])
    assert done.exit_code == 0, done.output
    rows = {line.split("\t")[1]: line.split("\t") for line in done.stdout.splitlines()}
    assert rows["ner-arabert"][4] == "camel_data -i ner-arabert"
    assert rows["httpx"][4] in ("-", install("llm"))
    assert rows[tmp_path.name][3] == "-"
    assert all(len(row) == 5 for row in rows.values())


def test_what_to_install_is_a_command_that_works(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The project is on no index: the command names the checkout, or what an installed package says it needs."""
    checkout = Path(__file__).resolve().parents[2]
    assert install("onnx") == f"pip install '{checkout}[onnx]'"
    assert {"neural", "onnx", "span", "llm"} <= set(
        tomllib.loads((checkout / "pyproject.toml").read_text("utf-8"))["project"]["optional-dependencies"]
    )
    monkeypatch.setattr("kg.extras.PACKAGE", tmp_path / "kg")
    monkeypatch.setattr(
        "kg.extras.requires", lambda _: ["rich>=13", "httpx>=0.27; extra == 'llm'", 'dask; extra == "x"']
    )
    assert install("llm") == "pip install 'httpx>=0.27'"


def test_models_finds_data_in_camels_layout(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from kg.models.catalogue import parts

    (tmp_path / "data" / "ner" / "arabert").mkdir(parents=True)
    sets = {"arabert": {"path": "ner/arabert"}}
    catalogue = {"components": {"NamedEntityRecognition": {"default": "arabert", "datasets": sets}, "DialectID": None}}
    (tmp_path / "catalogue.json").write_text(json.dumps(catalogue), encoding="utf-8")
    monkeypatch.setattr("kg.models.catalogue.user_data", lambda: tmp_path)
    rows = {part.name: part for part in parts()}
    assert rows["ner-arabert"].where.endswith("arabert")
    assert rows["ner-arabert"].command == ""
    assert rows["disambig-bert-unfactored-msa"].where == ""
