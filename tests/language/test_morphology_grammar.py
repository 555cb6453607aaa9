"""The generator: paradigms of sound and weak verbs, plurals, hamza; the files and the build."""

from __future__ import annotations

from pathlib import Path

import pytest

from kg.errors import DataError, TermError
from kg.language.almor import build
from kg.language.almor.conjugate import conjugation, imperfect_forms, perfect_forms
from kg.language.almor.inflect import stems
from kg.language.almor.letters import arabic, bare, romanised, seated, transliterated
from kg.language.almor.lexemes import COLUMNS, Lexeme, read_lexemes
from kg.resources import ontology_path

# root, form, vowels: 3ms, 3fs, 3mp, 1s of the perfect; indicative and jussive 3ms, 3mp of the imperfect
PARADIGMS = (
    ("ktb", "I", "au", "ktb ktbt ktbwA ktbt", "yktb yktb yktbwn"),
    ("qwl", "I", "au", "qAl qAlt qAlwA qlt", "yqwl yql yqwlwn"),
    ("byE", "I", "ai", "bAE bAEt bAEwA bEt", "ybyE ybE ybyEwn"),
    ("xwf", "I", "ia", "xAf xAft xAfwA xft", "yxAf yxf yxAfwn"),
    ("rmy", "I", "ai", "rmy rmt rmwA rmyt", "yrmy yrm yrmwn"),
    ("dEw", "I", "au", "dEA dEt dEwA dEwt", "ydEw ydE ydEwn"),
    ("bqy", "I", "ia", "bqy bqyt bqwA bqyt", "ybqy ybq ybqwn"),
    ("wSl", "I", "ai", "wSl wSlt wSlwA wSlt", "ySl ySl ySlwn"),
    ("wqE", "I", "aa", "wqE wqEt wqEwA wqEt", "yqE yqE yqEwn"),
    ("$nn", "I", "au", "$n $nt $nwA $nnt", "y$n y$nn y$nwn"),
    ("r'y", "I", "aa", "rAy rAt rAwA rAyt", "yry yr yrwn"),
    ("bd'", "I", "aa", "bdA bdAt bdwwA bdAt", "ybdA ybdA ybdwwn"),
    ("jy'", "I", "ai", "jA' jA't jAwwA jyt", "yjy' yjy yjyywn"),
    ("'kd", "II", "", "Akd Akdt AkdwA Akdt", "ywkd ywkd ywkdwn"),
    ("hjm", "III", "", "hAjm hAjmt hAjmwA hAjmt", "yhAjm yhAjm yhAjmwn"),
    ("Eln", "IV", "", "AEln AElnt AElnwA AElnt", "yEln yEln yElnwn"),
    ("dyn", "IV", "", "AdAn AdAnt AdAnwA Adnt", "ydyn ydn ydynwn"),
    ("wfy", "V", "", "twfy twft twfwA twfyt", "ytwfy ytwf ytwfwn"),
    ("fwD", "VI", "", "tfAwD tfAwDt tfAwDwA tfAwDt", "ytfAwD ytfAwD ytfAwDwn"),
    ("shb", "VII", "", "Anshb Anshbt AnshbwA Anshbt", "ynshb ynshb ynshbwn"),
    ("whm", "VIII", "", "Athm Athmt AthmwA Athmt", "ythm ythm ythmwn"),
    ("zyd", "VIII", "", "AzdAd AzdAdt AzdAdwA Azddt", "yzdAd yzdd yzdAdwn"),
    ("Drb", "VIII", "", "ADTrb ADTrbt ADTrbwA ADTrbt", "yDTrb yDTrb yDTrbwn"),
    ("hdf", "X", "", "Asthdf Asthdft AsthdfwA Asthdft", "ysthdf ysthdf ysthdfwn"),
    ("syTr", "QI", "", "syTr syTrt syTrwA syTrt", "ysyTr ysyTr ysyTrwn"),
)


def spelt(stem: str, ending: str, prefix: str = "") -> str:
    return bare(seated(prefix + stem + ending))


@pytest.mark.parametrize(("root", "form", "vowels", "perfect", "imperfect"), PARADIGMS)
def test_paradigm(root: str, form: str, vowels: str, perfect: str, imperfect: str) -> None:
    table = conjugation(root, form, vowels)
    past = {slot: spelt(stem, ending) for slot, stem, ending in perfect_forms(table.perfect)}
    assert [past[slot] for slot in ("P3ms", "P3fs", "P3mp", "P1s")] == perfect.split()
    present = {s: spelt(stem, ending, "y" + table.vowel) for s, stem, ending in imperfect_forms(table.imperfect)}
    zero = present.get("I0x")
    shown = [zero or present["I0i"], zero or present["I0j"], present["Iuna"]]
    assert shown == imperfect.split()


DERIVED = (
    ("hjm", "III", "muhAjamap", "muhAjim", "muhAjam"),
    ("wfy", "V", "tawaf~iy", "mutawaf~iy", "mutawaf~aY"),
    ("qwl", "X", "{isotiqAlap", "musotaqiyl", "musotaqAl"),
    ("Hll", "VIII", "{iHotilAl", "muHotal~", "muHotal~"),
    ("whm", "VIII", "{it~ihAm", "mut~ahim", "mut~aham"),
    ("hdd", "II", "tahodiyd", "muhad~id", "muhad~ad"),
)


@pytest.mark.parametrize(("root", "form", "noun", "active", "passive"), DERIVED)
def test_derived_nouns(root: str, form: str, noun: str, active: str, passive: str) -> None:
    table = conjugation(root, form)
    assert noun in table.masdars
    assert (table.active, table.passive) == (active, passive)


def test_both_voices_of_a_verb() -> None:
    table = conjugation("qtl", "I", "au")
    assert (table.perfect_passive.long, table.imperfect_passive.long) == ("qutil", "qotal")
    assert conjugation("qwl", "I", "au").perfect_passive.long == "qiyl"


def lexeme(kind: str, *forms: str, stems_: str = "") -> Lexeme:
    return Lexeme(
        id="x", pos="NOUN", kind=kind, root="", romanisation="x", gloss="x", frequency=1, stems=tuple(stems_.split()),
        forms=forms,
    )  # fmt: skip


def slots(entry: Lexeme) -> dict[str, set[str]]:
    found: dict[str, set[str]] = {}
    for stem in stems(entry):
        found.setdefault(stem.key, set()).update(stem.suffixes)
    return found


def test_hamza_moves_before_a_possessive() -> None:
    found = slots(lexeme("N", "waziyr", "wuzarA'", stems_="p"))
    assert {k for k, v in found.items() if "N0+" in v and k.startswith("wzrA")} == {"wzrAw", "wzrAy", "wzrA'"}


def test_a_final_ya_is_lost() -> None:
    found = slots(lexeme("Ad", "qADiy"))
    assert "N0" in found["qAD"]
    assert "Nh" in found["qADy"]
    assert "NpN" in found["qAD"]


def test_transliteration_returns() -> None:
    word = "mus>alap{|<&}'p~aiuoFKNY"
    assert transliterated(arabic(word)) == word
    assert romanised("mu$Ahadap") == "mushahada"


def test_a_verb_of_form_one_needs_vowels() -> None:
    with pytest.raises(TermError):
        list(stems(lexeme("V:I", "kataba")))


@pytest.mark.parametrize(
    ("line", "what"),
    [
        ("a\tNOUN", "2 cells"),
        ("a\tTHING\tN\t\tx\tx\t1\t\tx", "part of speech"),
        ("a\tNOUN\tN\t\tx\tx\tmany\t\tx", "frequency"),
        ("a\tNOUN\tN\t\tx\tx\t1\tp\tx", "labels"),
    ],
)
def test_a_broken_row_names_its_place(tmp_path: Path, line: str, what: str) -> None:
    path = tmp_path / "nouns.tsv"
    path.write_text("\t".join(COLUMNS) + "\n" + line + "\n", encoding="utf-8")
    with pytest.raises(DataError, match=what) as caught:
        list(read_lexemes(path))
    assert caught.value.line == 2


def test_the_files_keep_their_laws() -> None:
    entries: list[Lexeme] = []
    for path in sorted(ontology_path("morphology").glob("*.tsv")):
        rows = list(read_lexemes(path))
        assert len({row.id for row in rows}) == len(rows), path.name
        entries += rows
    assert len(entries) >= 4000
    assert sum(1 for e in entries if e.pos == "VERB") >= 900
    assert sum(1 for e in entries if e.pos == "NOUN") >= 1800
    assert sum(1 for e in entries if e.pos == "ADJ") >= 700
    for entry in entries:
        assert entry.id.isascii(), entry.id
        assert all(form.isascii() for form in entry.forms), entry.id
        assert entry.gloss, entry.id
        assert entry.romanisation, entry.id
        assert list(stems(entry)), entry.id


@pytest.mark.slow
def test_the_build_is_deterministic(tmp_path: Path) -> None:
    folder = ontology_path()
    for name in ("one", "two"):
        build.write(tmp_path / name, folder, "stamp")
    for name in (build.FRAME, build.STEMS, build.STAMP):
        assert (tmp_path / "one" / name).read_bytes() == (tmp_path / "two" / name).read_bytes()
