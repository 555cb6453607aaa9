"""Writes the database: camel-tools' ALMOR text format, plus the parts of it that load lazily."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from kg.language.almor import affixes
from kg.language.almor.inflect import Stem
from kg.language.almor.letters import arabic, key
from kg.language.almor.lexemes import Lexeme

TOKENIZATIONS = ("d1tok", "d2tok", "d3tok", "atbtok")
FEATURES = (
    "diac", "lex", "bw", "gloss", "pos", "prc3", "prc2", "prc1", "prc0", "per", "asp", "vox", "mod", "gen", "num",
    "stt", "cas", "enc0", "source", "root", "upos", "rom", "part", "pos_lex_logprob", *TOKENIZATIONS,
)  # fmt: skip
CAMEL_POS = {
    "VERB": "verb", "AUX": "verb", "NOUN": "noun", "ADJ": "adj", "PROPN": "noun_prop", "ADP": "prep", "PRON": "pron",
    "DET": "noun_quant", "CCONJ": "conj", "SCONJ": "conj_sub", "PART": "part", "ADV": "adv", "NUM": "noun_num",
    "INTJ": "interj", "X": "foreign",
}  # fmt: skip
_SPECIAL = ("digit", "punc", "latin", "foreign")
_ARABIC_FEATURES = frozenset(("diac", "lex", *TOKENIZATIONS))
LOG_2 = 0.30103
UNSEEN = -7.3


def _header() -> Iterator[str]:
    yield "###DEFINES###"
    for name in FEATURES:
        yield f"DEFINE {name} {name}:*open*"
    yield "###DEFAULTS###"
    for pos in (*sorted(set(CAMEL_POS.values()) - {"foreign"}), *_SPECIAL):
        values = (
            f"pos:{pos} prc3:0 prc2:0 prc1:0 prc0:0 per:na asp:na vox:na mod:na gen:m num:s stt:i cas:u enc0:0"
            " source:lex root: upos: rom: part:"
        )
        yield "DEFAULT " + values
    yield "###ORDER###"
    yield "ORDER " + " ".join(FEATURES)
    yield "###TOKENIZATIONS###"
    yield "TOKENIZATION " + " ".join(TOKENIZATIONS)
    yield "###STEMBACKOFF###"
    yield from ("STEMBACKOFF PROP NOANP", "STEMBACKOFF ALL NOANP")


def _value(name: str, value: str) -> str:
    """Arabic where the feature is; the joints of tokens (``_`` and ``+``) are no letters."""
    if name not in _ARABIC_FEATURES:
        return value
    return "_".join(arabic(piece) for piece in value.split("_"))


def _features(features: dict[str, str]) -> str:
    return " ".join(f"{name}:{_value(name, value)}" for name, value in features.items())


def _affix_lines(found: Iterable[affixes.Affix]) -> Iterator[str]:
    for affix in sorted(found, key=lambda a: (key(a.form), a.category, _features(a.features))):
        yield f"{key(affix.form)}\t{affix.category}\t{_features(affix.features)}"


def logprob(frequency: int) -> float:
    """The log10 weight of a frequency class, which doubles from class to class."""
    return round(UNSEEN + frequency * LOG_2, 2)


def stem_features(lexeme: Lexeme, stem: Stem) -> dict[str, str]:
    """What a stem line says, in camel-tools' names."""
    verb = lexeme.kind.startswith("V")
    features = {
        "diac": stem.diac.replace("{", "A"), "lex": lexeme.lemma.replace("{", "A"), "bw": lexeme.pos,
        "gloss": lexeme.gloss.replace(" ", "_") or "_", "pos": CAMEL_POS[lexeme.pos], "prc3": "0", "prc2": "0",
        "prc1": "0", "prc0": "na" if verb else "0", "per": "3" if verb else "na", "asp": "na", "vox": "na",
        "mod": "na", "gen": "m" if verb else "na", "num": "s" if verb else "na", "stt": "na" if verb else "u",
        "cas": "na" if verb else "u", "enc0": "0", "source": "lex", "root": lexeme.root, "upos": lexeme.pos,
        "rom": lexeme.romanisation.replace(" ", "_"), "part": lexeme.participle,
        "pos_lex_logprob": str(logprob(lexeme.frequency)),
    }  # fmt: skip
    return features | stem.features


def database_text(entries: Sequence[tuple[Lexeme, Stem]]) -> tuple[str, str]:
    """The database without its stems but for the back-off one, and the stem lines; both sorted."""
    lines: set[tuple[str, str, str]] = set()
    shapes = sorted({(tuple(sorted(s.prefixes)), tuple(sorted(s.suffixes))) for _, s in entries})
    categories = {shape: f"S{number:03d}" for number, shape in enumerate(shapes)}
    for lexeme, stem in entries:
        category = categories[tuple(sorted(stem.prefixes)), tuple(sorted(stem.suffixes))]
        lines.add((arabic(stem.key), category, _features(stem_features(lexeme, stem))))
    frame = [*_header(), "###PREFIXES###", *_affix_lines(affixes.prefixes()), "###SUFFIXES###"]
    frame += [*_affix_lines(affixes.suffixes()), "###STEMS###", _noan(), "###TABLE AB###"]
    frame += sorted(f"{prefix} {name}" for (before, _), name in categories.items() for prefix in before)
    frame += sorted(f"{prefix} NOANP" for prefix in {a.category for a in affixes.prefixes()})
    frame += ["###TABLE BC###"]
    frame += sorted(f"{name} {suffix}" for (_, after), name in categories.items() for suffix in after)
    frame += ["NOANP 0", "###TABLE AC###", *sorted({f"{a} {c}" for a, c in affixes.follows()})]
    return "\n".join(frame) + "\n", "".join("\t".join(line) + "\n" for line in sorted(lines))


def _noan() -> str:
    values = (
        "diac:NOAN lex:NOAN bw:NOUN_PROP gloss:NO_ANALYSIS pos:noun_prop prc3:0 prc2:0 prc1:0 prc0:0 per:na asp:na"
        " vox:na mod:na gen:m num:s stt:u cas:u enc0:0 source:backoff root: upos:PROPN rom: part: pos_lex_logprob:-99.0"
    )
    return f"NOAN\tNOANP\t{values}"
