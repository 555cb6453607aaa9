"""The adapter over camel-tools: readings of words, back-off, and data that the user fetched."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kg.datamodel import Reading
from kg.language import morphology
from kg.language.almor.build import export
from kg.language.almor.database import database_text
from kg.language.almor.inflect import stems
from kg.language.almor.letters import bare, key, transliterated
from kg.language.almor.lexemes import Lexeme
from kg.language.arabic import fold
from kg.language.camel import camel
from kg.language.morphology import Morphology, default_morphology

ROOT = Path(__file__).resolve().parents[2]


def readings(word: str) -> tuple[Reading, ...]:
    return default_morphology().readings(key(word))


def described(reading: Reading) -> str:
    """One line in ASCII: part of speech, lemma, clitics, agreement."""
    clitics = "+".join(filter(None, (*reading.proclitics, reading.enclitic)))
    agreement = reading.aspect + reading.person + reading.gender + reading.number
    return " ".join(filter(None, (reading.pos, bare(transliterated(reading.lemma)), clitics, agreement)))


# Each line: a word in transliteration, a reading it must have, characters taken by proclitics and by the enclitic.
STRONG = (
    ("qAlt", "VERB qAl p3fs", 0, 0),
    ("wyqwlwn", "VERB qAl wa i3mp", 1, 0),
    ("sykwn", "AUX kAn sa i3ms", 1, 0),
    ("wsyElnwn", "VERB AEln wa+sa i3mp", 2, 0),
    ("hAjmthm", "VERB hAjm 3mp p3fs", 0, 2),
    ("Astqbl", "VERB Astqbl p3ms", 0, 0),
    ("ystqblh", "VERB Astqbl 3ms i3ms", 0, 1),
    ("bAlhjwm", "NOUN hjwm bi+al ms", 1, 0),
    ("llHkwmh", "NOUN Hkwmh li+al fs", 0, 0),
    ("wllHkwmh", "NOUN Hkwmh wa+li+al fs", 1, 0),
    ("lljnh", "NOUN ljnh li+al fs", 0, 0),
    ("wbwzArth", "NOUN wzArh wa+bi+3ms fs", 2, 1),
    ("wzrA'", "NOUN wzyr mp", 0, 0),
    ("wzrAyh", "NOUN wzyr 3ms mp", 0, 1),
    ("SwAryx", "NOUN SArwx mp", 0, 0),
    ("AlArhAbyyn", "ADJ ArhAby al mp", 0, 0),
    ("jndyyn", "NOUN jndy md", 0, 0),
    ("AlErAq", "PROPN ErAq al ms", 0, 0),
    ("fyhA", "ADP fy 3fs", 0, 2),
    ("Elyh", "ADP Ely 3ms", 0, 1),
    ("Alty", "PRON Al*y fs", 0, 0),
    ("xms", "NUM xmsh fs", 0, 0),
    ("yry", "VERB rAy i3ms", 0, 0),
    ("yqwm", "VERB qAm i3ms", 0, 0),
    ("yqm", "VERB qAm i3ms", 0, 0),
    ("yDE", "VERB wDE i3ms", 0, 0),
    ("mdAn", "ADJ mdAn ms", 0, 0),
)  # fmt: skip


@pytest.mark.parametrize(("word", "expected", "core", "behind"), STRONG)
def test_a_word_has_its_reading(word: str, expected: str, core: int, behind: int) -> None:
    found = {described(reading): reading for reading in readings(word)}
    assert expected in found, sorted(found)
    reading = found[expected]
    assert (reading.core, reading.enclitic_length, reading.known) == (core, behind, True)


def test_the_table_is_not_emptied() -> None:
    assert len(STRONG) >= 25


def test_participles_and_verbal_nouns_are_marked() -> None:
    attacker = next(r for r in readings("mhAjm") if r.pos == "NOUN")
    assert (attacker.participle, attacker.root) == ("active", "hjm")
    attack = readings("mhAjmh")[0]
    assert (bare(transliterated(attack.lemma)), attack.participle, attack.root) == ("mhAjmh", "", "hjm")
    accused = next(r for r in readings("mthm") if r.participle)
    assert accused.pos in ("NOUN", "ADJ")


def test_passive_comes_after_active() -> None:
    voices = [r.voice for r in readings("qtl") if r.pos == "VERB"]
    assert voices.index("a") < voices.index("p")


def test_readings_are_ranked_and_kept() -> None:
    found = readings("Ely")
    assert [r.weight for r in found] == sorted((r.weight for r in found), reverse=True)
    assert readings("Ely") is found


def test_every_reading_has_gloss_and_romanisation() -> None:
    for word in ("wzyr", "hAjm", "Amryky", "fy"):
        assert all(r.gloss and r.romanisation for r in readings(word) if r.pos != "PROPN"), word


UNKNOWN = (
    ("Alqzdrwf", "NOUN qzdrwf al ms", 0),
    ("wAlqzdrwf", "NOUN qzdrwf wa+al ms", 1),
    ("bAlqzdrwf", "NOUN qzdrwf bi+al ms", 1),
    ("llqzdrwf", "NOUN qzdrwf li+al ms", 0),
    ("bqzdrwf", "PROPN bqzdrwf ms", 0),
    ("wqzdrwf", "PROPN qzdrwf wa ms", 1),
    ("ystqzdr", "VERB Astqzdr i3ms", 0),
    ("wsyqzdrwn", "VERB qzdr wa+sa i3mp", 2),
    ("Alqzdrwfyh", "ADJ qzdrwfy al fs", 0),
)


@pytest.mark.parametrize(("word", "expected", "core"), UNKNOWN)
def test_an_unknown_word_is_guessed_with_care(word: str, expected: str, core: int) -> None:
    (reading,) = readings(word)
    assert (described(reading), reading.core, reading.known) == (expected, core, False)


def test_what_is_no_arabic_word() -> None:
    found = {text: default_morphology().readings(text)[0].pos for text in ("12", "12.5", "BM-21", "...", "")}
    assert found == {"12": "NUM", "12.5": "NUM", "BM-21": "NUM", "...": "PUNCT", "": "PUNCT"}


@settings(max_examples=300, deadline=None)
@given(st.text(st.characters(min_codepoint=0x60C, max_codepoint=0x6D5) | st.sampled_from(" .-1a"), max_size=12))
def test_any_word_has_readings_within_its_length(text: str) -> None:
    norm = fold(text)
    found = default_morphology().readings(norm)
    assert found
    for reading in found:
        assert reading.core >= 0
        assert reading.core + reading.enclitic_length <= len(norm)


def test_the_table_of_types_is_bounded(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(morphology, "TYPES", 10)
    own = Morphology(default_morphology()._own)
    for number in range(50):
        own.readings(str(number))
    assert len(own._cache) <= 10


def test_camel_tools_reads_the_exported_database(tmp_path: Path) -> None:
    export(tmp_path / "own.db")
    database = camel("morphology.database").MorphologyDB(str(tmp_path / "own.db"), "a")
    analyzer = camel("morphology.analyzer").Analyzer(database, backoff="NOAN_PROP", cache_size=100)
    lemmas = {a["lex"] for a in analyzer.analyze(key("wbAlHkwmh"))}
    assert {bare(transliterated(lemma)) for lemma in lemmas} == {"Hkwmh"}
    guessed = analyzer.analyze(key("qzdrwf"))
    assert {a["source"] for a in guessed} == {"backoff"}


def test_the_morphological_tokenizer_cuts_at_clitics() -> None:
    pieces = default_morphology().segments([key("wbAlHkwmh"), key("hAjmthm")])
    assert [transliterated(piece) for piece in pieces] == ["w+", "b+", "Al+", "Hkwmp", "hAjmt", "+hm"]


def run(code: str, home: Path, **variables: str) -> str:
    environment = {"PATH": os.environ["PATH"], "HOME": str(home), "PYTHONPATH": str(ROOT), **variables}
    command = [sys.executable, "-W", "error", "-c", code]
    return subprocess.run(command, env=environment, check=True, capture_output=True, text=True).stdout


_FIRST = "from kg.language.morphology import default_morphology as m; from kg.language.almor.letters import key, bare, "
_FIRST += "transliterated as t; print(*sorted((r.pos, bare(t(r.lemma)), r.gloss) for r in m().readings(key({word!r}))))"


def test_nothing_is_made_in_the_home_folder(tmp_path: Path) -> None:
    home, cache = tmp_path / "home", tmp_path / "cache"
    home.mkdir()
    out = run(_FIRST.format(word="wzyr"), home, XDG_CACHE_HOME=str(cache))
    assert "minister" in out
    assert list(home.iterdir()) == []


MODEL = "calima-msa-r13"
COMPONENTS = (
    "MorphologyDB", "DisambigMLE", "DisambigBertUnfactored", "NamedEntityRecognition", "DialectID",
    "SentimentAnalysis",
)  # fmt: skip


def miniature(folder: Path) -> None:
    """A data folder as ``camel_data`` leaves it, with one word that our lexicon lacks and one that it has."""
    words = [("qazodaruwf", "gadget"), ("waziyr", "vizier")]
    lexemes = [
        Lexeme(
            id=gloss, pos="NOUN", kind="N", root="", romanisation="", gloss=gloss, frequency=3, stems=(), forms=(word,)
        )
        for word, gloss in words
    ]  # fmt: skip
    frame, lines = database_text([(lexeme, stem) for lexeme in lexemes for stem in stems(lexeme)])
    for own in ("upos:NOUN", "rom:", "part:"):
        lines = lines.replace(f" {own}", "")
    head, mark, tail = frame.partition("###TABLE AB###")
    components: dict[str, Any] = {name: {"default": "none", "datasets": {}} for name in COMPONENTS}
    for name, kind in (("MorphologyDB", "morphology_db"), ("DisambigMLE", "disambig_mle")):
        components[name] = {"default": MODEL, "datasets": {MODEL: {"path": f"{kind}/{MODEL}"}}}
        (folder / "data" / kind / MODEL).mkdir(parents=True)
    text = head + lines + mark + tail
    (folder / "data/morphology_db" / MODEL / "morphology.db").write_text(text, encoding="utf-8")
    (folder / "data/disambig_mle" / MODEL / "model.json").write_text("{}", encoding="utf-8")
    catalogue = {"version": "1.6.0", "packages": {}, "components": components}
    (folder / "catalogue.json").write_text(json.dumps(catalogue), encoding="utf-8")
    (folder / "versions.json").write_text("{}", encoding="utf-8")


@pytest.mark.parametrize("place", ["variable", "home"])
def test_fetched_data_are_read_behind_ours(tmp_path: Path, place: str) -> None:
    data = tmp_path / ".camel_tools"
    miniature(data)
    where = {"CAMELTOOLS_DATA": str(data)} if place == "variable" else {}
    home = tmp_path if place == "home" else tmp_path / "other"
    home.mkdir(exist_ok=True)
    cache = os.environ.get("XDG_CACHE_HOME", str(Path.home() / ".cache"))
    assert "gadget" in run(_FIRST.format(word="qzdrwf"), home, XDG_CACHE_HOME=cache, **where)
    ours = run(_FIRST.format(word="wzyr"), home, XDG_CACHE_HOME=cache, **where)
    assert "minister" in ours
    assert "vizier" not in ours
