"""The real classes of transformers, ONNX Runtime, GLiNER and camel-tools, on models that the tests make themselves."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from kg.errors import InputError
from kg.language.morphology import default_morphology
from kg.models.neural.folder import FolderNames, load
from kg.models.neural.labels import Proposing, windows
from kg.models.neural.profile import analyser
from kg.models.neural.spans import ASKED
from kg.text.read import read_text
from tests.models import miniature
from tests.models.test_llm import run
from tests.models.test_neural import NAME, RLM, SENTENCE, found, labelled, scene

for _package in ("torch", "transformers", "tokenizers"):
    pytest.importorskip(_package, reason="miniature models need the extra neural")
pytestmark = pytest.mark.filterwarnings("ignore::DeprecationWarning", "ignore::FutureWarning", "ignore::UserWarning")
ROOT = Path(__file__).resolve().parents[2]
WORDS = SENTENCE.rstrip(".").split()
TAUGHT = dict.fromkeys(WORDS, "O") | labelled(NAME, "ORG")
FILLER = next(word for word, label in TAUGHT.items() if label == "O")


@pytest.fixture(scope="module")
def models(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """One classifier three times: with its vocabulary only, with tokenizer.json, as ONNX."""
    root = tmp_path_factory.mktemp("models")
    miniature.classifier(root / "old", TAUGHT, fast=False)
    model = miniature.classifier(root / "new", TAUGHT)
    if _is_there("onnx", "onnxruntime"):
        shutil.copytree(root / "new", root / "onnx")
        miniature.as_onnx(model, root / "onnx")
    return root


def _is_there(*packages: str) -> bool:
    from importlib.util import find_spec

    return all(find_spec(name) is not None for name in packages)


def kinds(models: Path) -> list[Path]:
    return [path for path in sorted(models.iterdir()) if path.is_dir()]


def test_the_name_is_found_whatever_the_folder_holds(models: Path) -> None:
    for folder in kinds(models):
        proposing = Proposing(load(folder), "model")
        assert [span for span, _ in found(proposing, SENTENCE)] == [NAME], folder.name
        assert proposing.faults == []


def test_words_that_show_nothing_shift_no_label(models: Path) -> None:
    text = SENTENCE.replace(" ", f" {RLM} ") + f" {RLM}"
    for folder in kinds(models):
        ((span, _),) = found(Proposing(load(folder), "model"), text)
        assert span.replace(RLM, " ").split() == NAME.split()


def labels_of(names: Any, sentences: list[list[str]]) -> list[list[tuple[str, float]]]:
    return [[(label, round(sure, 3)) for label, sure in labels] for labels in names(sentences)]


def test_padding_and_batches_change_nothing(models: Path) -> None:
    sentences = [WORDS, WORDS[:2], [FILLER] * 20, [*WORDS, *WORDS], [FILLER]]
    expected = [labels_of(load(models / "new"), [sentence])[0] for sentence in sentences]
    for folder in kinds(models):
        if folder.name != "old":
            for batch in (1, 2, 8):
                assert labels_of(load(folder, batch=batch), sentences) == expected, (folder.name, batch)


def test_both_runtimes_say_the_same(models: Path) -> None:
    if not (models / "onnx").is_dir():
        pytest.skip("needs onnx and onnxruntime")
    shutil.copy(models / "new" / "model.safetensors", models / "onnx")
    sentences = [WORDS, WORDS[::-1]]
    one, two = load(models / "onnx", "onnx", threads=1), load(models / "onnx", "torch", threads=1)
    assert labels_of(one, sentences) == labels_of(two, sentences)
    with pytest.raises(InputError, match=r"no model\.onnx"):
        load(models / "new", "onnx")


def test_sentences_longer_than_the_model(models: Path) -> None:
    """The model takes 62 pieces; names are found at both ends of 400 words, and behind a word of many pieces."""
    sentence = [*NAME.split(), *[FILLER] * 200, FILLER[::-1] * 9, *[FILLER] * 200, *NAME.split()]
    names = load(models / "new")
    assert isinstance(names, FolderNames)
    assert names.pieces == miniature.POSITIONS - 2
    (labels,) = names([sentence])
    size = len(NAME.split())
    expected = ["B-ORG", *["I-ORG"] * (size - 1)]
    assert [label for label, _ in labels[:size]] == expected
    assert [label for label, _ in labels[-size:]] == expected
    (labels,) = names([["\u0640" + FILLER[0] * 500, *NAME.split()]])
    assert [label for label, _ in labels[1:]] == expected
    here = scene(" ".join(sentence))
    assert max(map(len, windows(here))) <= 96
    spans = [here.mention(c).span.of(here.folded.original) for c in Proposing(names, "model")(here, [])]
    assert [spans[0], spans[-1]] == [NAME, NAME]


@pytest.mark.parametrize(
    ("scheme", "rename"),
    [
        ("IO", {"B-ORG": "ORG", "I-ORG": "Org"}),
        ("BIOES", {"B-ORG": "B-org", "I-ORG": "E-org"}),
        ("underscores", {"B-ORG": "B_ORG", "I-ORG": "I_ORG"}),
    ],
)
def test_other_schemes_of_labels_are_read(models: Path, tmp_path: Path, scheme: str, rename: dict[str, str]) -> None:
    folder = tmp_path / scheme
    shutil.copytree(models / "new", folder)
    config = json.loads((folder / "config.json").read_text(encoding="utf-8"))
    config["id2label"] = {n: rename.get(label, label) for n, label in config["id2label"].items()}
    (folder / "config.json").write_text(json.dumps(config), encoding="utf-8")
    assert [span for span, _ in found(Proposing(load(folder), "model"), SENTENCE)] == [NAME]


def test_a_folder_without_all_it_needs_is_told_and_no_hub_is_asked(
    models: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(*_: object, **__: object) -> None:
        raise AssertionError("somebody went out")

    monkeypatch.setattr("socket.socket.connect", refuse)
    monkeypatch.setattr("socket.getaddrinfo", refuse)
    bare, nameless = tmp_path / "bare", tmp_path / "nameless"
    for folder in (bare, nameless):
        shutil.copytree(models / "new", folder)
    (bare / "model.safetensors").unlink()
    with pytest.raises(InputError, match="no weights"):
        load(bare)
    config = json.loads((nameless / "config.json").read_text(encoding="utf-8"))
    config["id2label"] = {n: f"LABEL_{n}" for n in config["id2label"]}
    (nameless / "config.json").write_text(json.dumps(config), encoding="utf-8")
    with pytest.raises(InputError, match="LABEL_0"):
        load(nameless)
    assert os.environ["HF_HUB_OFFLINE"] == "1"


# ---------------------------------------------------------------- a whole build


def test_a_build_under_the_profile_notices_other_weights(models: Path, tmp_path: Path) -> None:
    article, folder, out = tmp_path / "a.txt", tmp_path / "model", tmp_path / "g"
    article.write_text(SENTENCE + "\n", encoding="utf-8")
    other = tmp_path / "b.txt"
    other.write_text(f"{SENTENCE} {RLM}\n", encoding="utf-8")
    shutil.copytree(models / "new", folder)
    build = ["build", str(article), str(other), "--out", str(out), "--no-page"]
    neural = [*build, "--profile", "neural", "--model", str(folder), "--set", "threads=1"]

    def told(*arguments: str) -> tuple[str, str]:
        code, printed, said = run(*arguments)
        assert code == 0, said
        rows = dict(line.split("\t") for line in printed.splitlines())
        return rows["new"], rows["unchanged"]

    assert told(*build) == ("2", "0")
    assert told(*neural, "--jobs", "2") == ("2", "0"), "the models are loaded in the processes themselves"
    assert told(*neural, "--set", "batch=1") == ("0", "2"), "how many go at once makes no difference"
    assert run("verify", str(out))[0] == 0
    again = ("verify", str(out), "--again", "--profile", "neural", "--model", str(folder))
    assert run(*again)[0] == 0
    miniature.classifier(folder, TAUGHT, seed=2)
    assert told(*neural) == ("2", "0")
    assert told(*build) == ("2", "0")


def test_releases_tell_weights_apart_and_nothing_else(models: Path, tmp_path: Path) -> None:
    moved = tmp_path / "elsewhere"
    shutil.copytree(models / "new", moved)
    one, two = (analyser(str(path), {"batch": size}) for path, size in ((models / "new", "1"), (moved, "4")))
    assert one.release == two.release != analyser(str(models / "old"), {}).release
    analysis = one(read_text(SENTENCE))
    assert analysis.version == one.release
    assert NAME in [mention.span.of(SENTENCE) for mention in analysis.mentions]


def test_a_profile_can_be_measured(models: Path, tmp_path: Path) -> None:
    corpus = tmp_path / "x.conll"
    corpus.write_text("".join(f"{word}\t{TAUGHT[word]}\n" for word in WORDS), encoding="utf-8")
    options = ("--profile", "neural", "--model", str(models / "new"), "--json")
    code, printed, said = run("evaluate", "--as", "ner", str(corpus), *options)
    assert code == 0, said
    assert json.loads(printed)["micro"]["  ORG strict"]["r"] == 1.0
    for name in ("articles", "gold"):
        (tmp_path / "g" / name).mkdir(parents=True)
    (tmp_path / "g" / "articles" / "1.txt").write_text(SENTENCE + "\n", encoding="utf-8")
    start = SENTENCE.index(NAME)
    mention = {"text": NAME, "start": start, "end": start + len(NAME)}
    gold = {
        "doc_id": "1",
        "file": "articles/1.txt",
        "entities": [{"id": "e", "type": "Faction", "mentions": [mention]}],
    }
    (tmp_path / "g" / "gold" / "1.json").write_text(json.dumps(gold), encoding="utf-8")
    code, printed, said = run("evaluate", str(tmp_path / "g"), *options)
    assert code == 0, said
    assert json.loads(printed)["by_type"]["Faction"]["r"] == 1.0
    assert run("evaluate", "--as", "timex", str(corpus), *options)[0] == 2


def test_where_a_model_differs_a_reviewer_is_asked(models: Path, tmp_path: Path) -> None:
    article = tmp_path / "a.txt"
    article.write_text(SENTENCE + "\n", encoding="utf-8")
    code, printed, said = run("suggest", str(article), "--model", str(models / "new"))
    assert code == 0, said
    header, *rows = (line.split("\t") for line in printed.splitlines())
    asked = [dict(zip(header, row, strict=True)) for row in rows]
    assert NAME in [row["form"] for row in asked if row["why"].startswith("model:new: not known")]
    code, printed, _ = run("models", *map(str, kinds(models)))
    rows = [line.split("\t") for line in printed.splitlines()]
    assert {row[1] for row in rows if row[3] != "-"} >= {path.name for path in kinds(models)}


# ---------------------------------------------------------------- span models


def test_a_span_model_names_and_says_how_sure(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    pytest.importorskip("gliner", reason="a miniature span model needs the extra span")
    first = WORDS.index(NAME.split()[0])
    last = first + len(NAME.split()) - 1
    person = [FILLER, *[word[::-1] for word in WORDS[:3]]]
    folder = tmp_path / "spans"
    group = (first, last, "armed group")
    taught = [(WORDS, [group]), ([*WORDS, "."], [group]), (person, [(1, 2, "person")]), ([FILLER] * 4, [])]
    miniature.span_model(folder, taught)
    shutil.rmtree(tmp_path / "spans-encoder")
    monkeypatch.setattr("socket.socket.connect", lambda *_: pytest.fail("somebody went out"))
    names = load(folder, threads=1)
    ((*told,),) = names([WORDS])
    assert [label for label, _ in told] == [TAUGHT[word] for word in WORDS]
    assert all(0.5 <= sure <= 1 for label, sure in told if label != "O")
    proposing = Proposing(names, "model")
    ((span, _),) = found(proposing, f"{RLM} {SENTENCE}")
    assert span == NAME
    assert len(list(names([WORDS, [FILLER], person]))) == 3
    assert set(ASKED.values()) <= {"PERSON", "ORG", "LOC", "FAC", "WEAPON"}
    broken = tmp_path / "broken"
    broken.mkdir()
    shutil.copy(folder / "gliner_config.json", broken)
    with pytest.raises(InputError, match="not all of the span model"):
        load(broken)


# ---------------------------------------------------------------- CAMeL's own classes


def tags_of(word: str) -> tuple[list[str], str, str]:
    """Lines of the stem table for a word, the features of the reading it has, and of another that it could have."""
    from kg.language.almor.build import STEMS, database_folder

    lines = (database_folder() / STEMS).read_text(encoding="utf-8").splitlines()
    own = [line for line in lines if line.split("\t")[0] == word]
    verb = next(line for line in own if " pos:verb " in line)
    noun = next(line for line in own if " pos:noun " in line)
    return own, _tag(verb), _tag(noun)


FEATURES = "pos per gen num asp mod vox stt cas prc0 prc1 prc2 prc3 enc0".split()


def _tag(line: str) -> str:
    told = dict(pair.partition(":")[::2] for pair in line.split("\t")[2].split(" "))
    names = {"gen": "form_gen", "num": "form_num"}
    return "__".join(f"{names.get(name, name)}:{told.get(name, 'na')}" for name in FEATURES)


def ambiguous() -> str:
    """A word of the shipped lexicon that may be a verb or a noun."""
    from kg.language.almor.build import STEMS, database_folder

    kinds: dict[str, set[str]] = {}
    for line in (database_folder() / STEMS).read_text(encoding="utf-8").splitlines():
        key, _, features = line.split("\t")
        kinds.setdefault(key, set()).add(next(f for f in features.split(" ") if f.startswith("pos:")))
    verbs = (key for key, found in kinds.items() if {"pos:verb", "pos:noun"} <= found and len(key) == 3)
    return next(key for key in verbs if {r.pos for r in default_morphology().readings(key)} >= {"VERB", "NOUN"})


CAMEL = """
import json, sys, warnings
warnings.simplefilter("ignore")
from kg.language.arabic import FoldedText
from kg.language.morphology import default_morphology
from kg.models.neural import camel
from kg.models.neural.labels import Proposing
from kg.text.segment import segment
from tests.models.test_neural import found
given = json.load(sys.stdin)
out = {"names": [], "readings": []}
names = camel.load_names()
out["classes"] = [type(names.recogniser).__module__]
for text in given["texts"]:
    proposing = Proposing(names, "camel")
    out["names"].append([found(proposing, text), proposing.faults])
out["shifted"] = names.recogniser.predict([given["texts"][1].split()])[0]
readings = camel.load_readings(default_morphology())
out["classes"].append(type(readings.disambiguator).__module__)
for text in given["read"]:
    folded = FoldedText.of(text)
    sentences, tokens = segment(folded, default_morphology())
    after = readings(folded, sentences, tokens)
    out["readings"].append([[t.reading.pos for t in tokens], [t.reading.pos for t in after]])
json.dump(out, sys.stdout)
"""


def in_camels_home(data: Path, code: str, given: object) -> Any:
    done = subprocess.run(
        [sys.executable, "-c", code], input=json.dumps(given), capture_output=True, check=False, text=True, cwd=ROOT,
        env={**os.environ, "CAMELTOOLS_DATA": str(data), "PYTHONPATH": str(ROOT), "OMP_NUM_THREADS": "1"},
    )  # fmt: skip
    assert done.returncode == 0, done.stderr[-3000:]
    return json.loads(done.stdout)


@pytest.fixture(scope="module")
def camel_home(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, str]:
    """CAMeL's data folder, and a word that its disambiguator takes for what our morphology puts second."""
    root = tmp_path_factory.mktemp("camel")
    word = ambiguous()
    stems, verb, noun = tags_of(word)
    second = verb if default_morphology().readings(word)[0].pos == "NOUN" else noun
    tags = dict.fromkeys(WORDS, noun if second == verb else verb) | {word: second}
    miniature.camel_data(root, TAUGHT, tags, stems)
    return root, word


def test_camels_recogniser_and_disambiguator(camel_home: tuple[Path, str]) -> None:
    data, word = camel_home
    hidden = SENTENCE.replace(" ", f" {RLM} ")
    long = " ".join([*NAME.split(), *[FILLER] * 300, *NAME.split()])
    many = "\n".join([SENTENCE] * 40)
    unknown = " ".join([(FILLER[::-1] * 9)[:40]] * 15)  # of more pieces than the model takes at once
    read = [word, f"{RLM} {word} {RLM}", "\n".join([word] * 40), f"{word}\n" * 15 + unknown]
    given = {"texts": [SENTENCE, hidden, long, many], "read": read}
    out = in_camels_home(data, CAMEL, given)
    assert out["classes"] == ["camel_tools.ner", "camel_tools.disambig.bert.unfactored"]
    (plain, _), (bidi, faults), (ends, _), (all_, _) = out["names"]
    assert [span for span, _ in plain] == [NAME]
    assert [span.replace(RLM, " ").split() for span, _ in bidi] == [NAME.split()]
    assert faults == []
    assert len(out["shifted"]) < len(hidden.split()), "the fault that is mended here is still there"
    assert [span for span, _ in ends] == [NAME, NAME]
    assert [span for span, _ in all_] == [NAME] * 40
    for before, after in out["readings"]:
        words = [n for n, (old, new) in enumerate(zip(before, after, strict=True)) if old != new]
        assert words, "the reading that the model chose"
        assert {after[n] for n in words} <= {"VERB", "NOUN"}


def test_the_profile_runs_on_camels_data(camel_home: tuple[Path, str], tmp_path: Path) -> None:
    data, _ = camel_home
    article = tmp_path / "a.txt"
    article.write_text(SENTENCE + "\n", encoding="utf-8")
    code = """
import io, json, sys, contextlib
from typer.testing import CliRunner
from kg.cli import app
given = json.load(sys.stdin)
done = [CliRunner().invoke(app, arguments) for arguments in given]
json.dump([[each.exit_code, each.stdout] for each in done], sys.stdout)
"""
    build = ["build", str(article), "--out", str(tmp_path / "g"), "--no-page", "--profile", "neural"]
    given = [
        ["models"],
        ["analyse", str(article), "--profile", "neural"],
        build,
        build,
        [*build, "--set", "readings=yes"],
    ]
    (listed, analysed, *built) = in_camels_home(data, code, given)
    assert [code for code, _ in (listed, analysed, *built)] == [0] * 5
    rows = {line.split("\t")[1]: line.split("\t") for line in listed[1].splitlines()}
    assert rows["ner-arabert"][3].endswith("arabert")
    assert rows["disambig-bert-unfactored-msa"][4] == "-"
    spans = {mention["text"] for entity in json.loads(analysed[1])["entities"] for mention in entity["mentions"]}
    assert NAME in spans
    new = [dict(line.split("\t") for line in out.splitlines())["new"] for _, out in built]
    assert new == ["1", "0", "1"]
