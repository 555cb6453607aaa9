"""Morphology: camel-tools' analyser on our database, its analyses turned into ``Reading`` records.

Types are analysed once and kept; the stems of the database are parsed when a word first asks for them, so that
loading is cheap. Data that the user fetched with ``camel_data`` is read through the same adapter, behind ours.
"""

from __future__ import annotations

import sys
from collections.abc import Iterable, Iterator, Sequence
from functools import cache, lru_cache
from pathlib import Path
from typing import Any

from kg.datamodel import Reading
from kg.language.almor.build import FRAME, STEMS, database_folder
from kg.language.arabic import ARABIC_LETTER, fold, strip_diacritics
from kg.language.backoff import guesses
from kg.language.camel import camel, user_data

Analysis = dict[str, Any]
TOP = 8
MARGIN = 4.5
"""A reading this many powers of ten below the best is dropped."""
TYPES = 60_000
"""Types kept; a table that is full is emptied by half, oldest first."""
_UPOS = {
    "verb": "VERB", "verb_pseudo": "PART", "noun": "NOUN", "noun_quant": "DET", "noun_num": "NUM", "adj": "ADJ",
    "adj_comp": "ADJ", "adj_num": "ADJ", "noun_prop": "PROPN", "prep": "ADP", "pron": "PRON", "pron_dem": "PRON",
    "pron_rel": "PRON", "pron_interrog": "PRON", "pron_exclam": "PRON", "part": "PART", "conj": "CCONJ",
    "conj_sub": "SCONJ", "adv": "ADV", "adv_interrog": "ADV", "adv_rel": "ADV", "interj": "INTJ", "digit": "NUM",
    "punc": "PUNCT", "latin": "X", "foreign": "X", "abbrev": "X",
}  # fmt: skip
_SEPARABLE = ("wa", "fa", "bi", "li", "ka", "sa")
_PENALTY = {
    "per2": 2.2, "per1": 0.7, "passive": 1.1, "command": 3.0, "fp": 1.5, "d": 0.7, "enclitic": 0.9, "agent": 2.0,
}  # fmt: skip
_CLITIC_PENALTY = {"wa": 1.1, "fa": 1.9, "bi": 1.3, "li": 1.3, "ka": 2.3, "sa": 1.0, "al": 0.3}
"""How rare a slot of the paradigm is in news, in powers of ten."""


class _Stems(dict[str, list[tuple[str, Analysis]]]):
    """The stem table; lines are parsed when their key is asked for and not kept, since types are."""

    def __init__(self, parsed: dict[str, list[tuple[str, Analysis]]], lines: dict[str, list[str]]) -> None:
        super().__init__(parsed)
        self._lines = lines

    def get(self, key: str, default: Any = None) -> Any:
        """The stems of a key, or ``default``."""
        found = super().get(key)
        if found is not None:
            return found
        raw = self._lines.get(key)
        if raw is None:
            return default
        return [self._parsed(line) for line in raw]

    @staticmethod
    def _parsed(line: str) -> tuple[str, Analysis]:
        category, _, features = line.partition("\t")
        pairs = (pair.partition(":") for pair in features.split(" "))
        return category, {name: value for name, _, value in pairs}


def _lazy_database(folder: Path) -> Any:
    """A ``MorphologyDB`` of the folder's frame, whose stem table reads the folder's lines."""
    database = camel("morphology.database").MorphologyDB(str(folder / FRAME), "a")
    lines: dict[str, list[str]] = {}
    for line in (folder / STEMS).read_text(encoding="utf-8").splitlines():
        key, _, rest = line.partition("\t")
        lines.setdefault(key, []).append(rest)
    database.stem_hash = _Stems(database.stem_hash, lines)
    return database


def _disambiguator(database: Any, model: str | None = None) -> Any:
    analyzer = camel("morphology.analyzer").Analyzer(database, backoff="NONE")
    return camel("disambig.mle").MLEDisambiguator(analyzer, model, top=TOP * 2, cache_size=0)


class Morphology:
    """Readings of a word type, best first; never empty, and computed once."""

    def __init__(self, own: Any, fetched: Any = None) -> None:
        self._own, self._fetched = own, fetched
        self._cache: dict[str, tuple[Reading, ...]] = {}

    def readings(self, norm: str) -> tuple[Reading, ...]:
        """The readings of a folded word with its clitics."""
        found = self._cache.get(norm)
        if found is None:
            if len(self._cache) >= TYPES:
                for old in list(self._cache)[: TYPES // 2]:
                    self._cache.pop(old, None)
            found = self._cache[norm] = self._analysed(norm)
        return found

    def _analysed(self, norm: str) -> tuple[Reading, ...]:
        if not norm or ARABIC_LETTER.search(norm) is None:
            return (_foreign(norm),)
        known = self._lookup(self._own, norm)
        if self._fetched is not None:
            known = merged(known, self._lookup(self._fetched, norm))
        return known or tuple(guesses(norm))

    def _lookup(self, disambiguator: Any, norm: str) -> tuple[Reading, ...]:
        scored = disambiguator.disambiguate([norm])[0].analyses
        return ranked(reading(item.analysis) for item in scored if item.analysis["source"] not in ("backoff",))

    def tokenizer(self, scheme: str = "d3tok") -> Any:
        """A ``MorphologicalTokenizer`` of camel-tools on the same database."""
        return camel("tokenizers.morphological").MorphologicalTokenizer(self._own, scheme=scheme, split=True)

    def segments(self, words: Sequence[str], scheme: str = "d3tok") -> list[str]:
        """The words cut at their clitics, out of context, as camel-tools cuts them."""
        return list(self.tokenizer(scheme).tokenize(list(words)))


def merged(first: tuple[Reading, ...], second: tuple[Reading, ...]) -> tuple[Reading, ...]:
    """Our readings, then those of the fetched database that say something else."""
    seen = {(r.lemma, r.pos, r.proclitics, r.enclitic) for r in first}
    return first + tuple(r for r in second if (r.lemma, r.pos, r.proclitics, r.enclitic) not in seen)


def ranked(found: Iterable[Reading]) -> tuple[Reading, ...]:
    """Best first, without those that differ from a better one in nothing that is kept."""
    best: dict[tuple[object, ...], Reading] = {}
    for item in sorted(found, key=_order):
        best.setdefault(
            (item.lemma, item.pos, item.proclitics, item.enclitic, item.aspect, item.voice, item.person, item.number,
             item.gender, item.participle), item,
        )  # fmt: skip
    kept = list(best.values())[:TOP]
    return tuple(item for item in kept if item.weight > kept[0].weight - MARGIN)


def _order(item: Reading) -> tuple[float, str, str, str]:
    return -item.weight, item.lemma, item.pos, repr(item)


def _foreign(norm: str) -> Reading:
    if any(c.isdigit() for c in norm):
        return Reading(lemma=norm, pos="NUM", known=True)
    return Reading(lemma=norm, pos="X" if any(c.isalpha() for c in norm) else "PUNCT", known=True)


def _proclitics(analysis: Analysis) -> Iterator[str]:
    for name in ("prc3", "prc2", "prc1", "prc0"):
        clitic = str(analysis.get(name, "0")).partition("_")[0]
        if clitic == "Al":
            yield "al"
        elif clitic in _SEPARABLE:
            yield clitic


def _enclitic_length(enclitic: str, kind: str) -> int:
    if not enclitic:
        return 0
    if enclitic == "1s":
        return 2 if kind == "dobj" else 1
    return {"3ms": 1, "2ms": 1, "2fs": 1, "3d": 3, "2d": 3, "3md": 3, "3fd": 3}.get(enclitic, 2)


def reading(analysis: Analysis) -> Reading:
    """The record of one analysis, of our database or of any in camel-tools' features."""
    pos = analysis.get("upos") or _UPOS.get(str(analysis.get("pos")), "X")
    verb = pos in ("VERB", "AUX")
    proclitics = _shared(tuple(_proclitics(analysis)))
    enclitic, _, kind = str(analysis.get("enc0", "0")).partition("_")
    enclitic = "" if enclitic in ("0", "na") else sys.intern(enclitic)
    core = sum(1 for p in proclitics if p != "al" and not (p == "li" and "al" in proclitics))
    features = {name: _feature(analysis, feat) for name, feat in _FEATURES.items()}
    definite = "al" in proclitics or (not verb and bool(enclitic) and pos in ("NOUN", "ADJ", "NUM", "DET"))
    return Reading(
        lemma=_lemma(str(analysis["lex"])), pos=pos, proclitics=proclitics, enclitic=enclitic, core=core,
        enclitic_length=_enclitic_length(enclitic, kind), definite=definite,
        participle=str(analysis.get("part") or ""), root=_kept(analysis.get("root")),
        gloss=_kept(analysis.get("stemgloss")), romanisation=_kept(analysis.get("rom")), known=True,
        weight=_weight(analysis, proclitics, enclitic, features), **features,
    )  # fmt: skip


_FEATURES = {"gender": "gen", "number": "num", "person": "per", "aspect": "asp", "voice": "vox", "mood": "mod"}


@lru_cache(maxsize=1000)
def _shared(proclitics: tuple[str, ...]) -> tuple[str, ...]:
    return proclitics


@lru_cache(maxsize=20000)
def _lemma(lex: str) -> str:
    return sys.intern(fold(strip_diacritics(lex)))


@lru_cache(maxsize=20000)
def _kept(value: object) -> str:
    text = str(value or "").replace("_", " ").strip()
    return "" if text in ("NTWS", "DIGIT", "FOREIGN") else sys.intern(text)


def _feature(analysis: Analysis, name: str) -> str:
    value = str(analysis.get(name) or "")
    return "" if value in ("na", "u", "-") else sys.intern(value)


def _weight(analysis: Analysis, proclitics: tuple[str, ...], enclitic: str, features: dict[str, str]) -> float:
    weight = float(analysis.get("pos_lex_logprob") or -9.0)
    weight -= sum(_CLITIC_PENALTY[p] for p in proclitics)
    weight -= _PENALTY["enclitic"] if enclitic else 0.0
    weight -= 1.2 if enclitic[:1] in ("1", "2") and enclitic else 0.0
    if features["aspect"]:
        weight -= {"1": _PENALTY["per1"], "2": _PENALTY["per2"]}.get(features["person"], 0.0)
        weight -= _PENALTY["passive"] if features["voice"] == "p" else 0.0
        weight -= _PENALTY["command"] if features["aspect"] == "c" else 0.0
        weight -= _PENALTY["fp"] if features["gender"] + features["number"] == "fp" else 0.0
    weight -= _PENALTY["d"] if features["number"] == "d" else 0.0
    if analysis.get("part") and features["gender"] + features["number"] == "fs" and analysis.get("upos") == "NOUN":
        weight -= _PENALTY["agent"]  # mostly the verbal noun: an attack, not a woman who attacks
    return round(weight, 3)


def _fetched() -> Any:
    """The user's database and MLE model, where ``camel_data`` put them."""
    folder = user_data()
    if folder is None:
        return None
    components = camel("data").CATALOGUE.components
    entry = components["MorphologyDB"]
    data = entry.datasets.get(entry.default)
    if data is None or not Path(data.path, "morphology.db").is_file():
        return None
    database = camel("morphology.database").MorphologyDB(str(Path(data.path, "morphology.db")), "a")
    mle = components["DisambigMLE"].datasets.get(entry.default)
    model = Path(mle.path, "model.json") if mle is not None else None
    return _disambiguator(database, str(model) if model is not None and model.is_file() else None)


@cache
def default_morphology() -> Morphology:
    """The morphology of the shipped lexicon and, behind it, of the user's camel-tools data."""
    return Morphology(_disambiguator(_lazy_database(database_folder())), _fetched())
