"""Texts that nobody would write and somebody will send, and what must hold of the analysis of any text."""

from __future__ import annotations

import gzip
import unicodedata
from collections.abc import Iterator
from functools import cache

from hypothesis import strategies as st

from kg.datamodel import AUTHOR, UNKNOWN, Analysis, Document, Span
from kg.graph.claims import assert_claims
from kg.graph.resolve import resolve
from kg.language.lexicon import load_lexicon
from kg.pipeline import to_gold

INVISIBLE = (
    "\u200b\u200c\u200d\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069\u061c\ufeff\u00ad\u2028\u2029"
)
MARKS = "\u064b\u0651\u0670\u0640\u0300\u20dd\u0610\u06e9"
STOPS = ".,:;!?()[]{}<>\"'\u00ab\u00bb\u201c\u201d\u060c\u061b\u061f\u2026-\u2013\u2014/\\|*#%&=+@_~^`$"
DIGITS = "0123456789\u0660\u0661\u0669\u06f0\u06f9\u00b2\u2167\u4e09\U0001d7ce"
ODD = "\x00\x07\x1b\x7f\x85\xa0\u3000\ufdfa\ufefb\ufdf2\U0001f600\U0001f1ee\U0001f1f6\U0010ffff\ufffd"
BODY = "<article><p>" + "A sentence of the article body. " * 6 + "</p></article>"
DAMAGED = bytearray(gzip.compress(b"A sentence of the article body. " * 9 + bytes(range(32, 127)), mtime=0))
DAMAGED[10] ^= 0xFF
READABLE = {
    "address.html": f'<link rel="canonical" href="http://[x">{BODY}'.encode(),
    "deep-data.html": f'<script type="application/ld+json">{"[" * 3_000}{"]" * 3_000}</script>{BODY}'.encode(),
    "deep-title.jsonl": f'{{"text": "x", "title": {"[" * 900}{"]" * 900}}}'.encode(),
}
"""Files that once ended the whole run; there is an article in them."""
UNREADABLE = {
    "charset.html": (f"<meta charset=undefined>{BODY}".encode() + b"\xe9", "not valid utf-8"),
    "columns.csv": (b"text,title\n", "no article in it"),
    "damaged.txt.gz": (bytes(DAMAGED), "while decompressing data"),
    "deep-text.jsonl": (f'{{"text": {"[" * 900}"x"{"]" * 900}}}'.encode(), "no text field"),
    "empty.jsonl": (b"", "no article in it"),
    "empty.txt": (b"", "no text in it"),
}
"""Likewise, with what is said of them."""


@cache
def words() -> tuple[str, ...]:
    """Names, titles and the words around them, as the data has them."""
    lexicon = load_lexicon()
    forms = [form.text for entry in lexicon.entries.values() for form in entry.forms]
    return tuple(dict.fromkeys([*forms[::23], *particles()]))


def particles() -> list[str]:
    """Dictionary forms of triggers and function words, read as data: the last column of each table."""
    from kg.resources import ontology_path

    found = []
    for name in ("triggers.tsv", "words.tsv", "heads.tsv"):
        for line in ontology_path("lexicon", name).read_text(encoding="utf-8").splitlines()[2:]:
            found += [form.strip() for form in line.rpartition("\t")[2].split("|")]
    return found[::2]


def sentences() -> st.SearchStrategy[str]:
    """Real words in an order that means nothing, with noise between and inside them."""
    noise = st.one_of(
        st.sampled_from([" ", " ", " ", " ", "\n", "\n\n", "\t", ""]),
        st.text(alphabet=INVISIBLE + MARKS + STOPS + DIGITS + ODD, max_size=3),
    )
    return st.lists(st.one_of(st.sampled_from(words()), noise), min_size=1, max_size=60).map(" ".join)


def anything() -> st.SearchStrategy[str]:
    """Any text at all but half surrogate pairs, which reading refuses."""
    letters = st.characters(min_codepoint=0x600, max_codepoint=0x6FF)
    return st.one_of(
        st.text(st.characters(exclude_categories=["Cs"]), max_size=200),
        st.text(st.one_of(letters, st.sampled_from(INVISIBLE + MARKS + STOPS + DIGITS + ODD + " \n")), max_size=200),
    )


def spans(analysis: Analysis) -> Iterator[Span]:
    """Every span of an analysis."""
    yield from (sentence.span for sentence in analysis.sentences)
    yield from (token.span for token in analysis.tokens)
    yield from (mention.span for mention in analysis.mentions)
    yield from (time.span for time in analysis.times)
    yield from (relation.span for relation in analysis.relations)
    for event in analysis.events:
        yield from (event.span, event.trigger)


def hold(document: Document, analysis: Analysis) -> None:
    """What must be so of any text: it is not edited, every span lies in it, and every quote is its text."""
    text = document.text
    assert analysis.document is document
    for span in spans(analysis):
        assert 0 <= span.start <= span.end <= len(text), span
    starts = [token.span.start for token in analysis.tokens]
    assert starts == sorted(starts)
    for sentence in analysis.sentences:
        assert sentence.span.of(text).strip(), "an empty sentence"
    known = {AUTHOR, *(chain.id for chain in analysis.chains)}
    for relation in analysis.relations:
        assert {relation.subject, relation.object} <= known
        assert set(relation.holders) <= {UNKNOWN, *known}
    graph = assert_claims(analysis, resolve(analysis))
    for claim in graph.claims:
        assert claim.provenance.span.of(text) == claim.provenance.quote
    assert to_gold(analysis)["text_chars"] == len(text)


def shown(text: str) -> str:
    """A text in ASCII, letter by letter by name where that helps to read a report."""
    return " ".join(unicodedata.name(char, hex(ord(char))) for char in text[:40])


class _Count:
    """How many inputs the running test has tried; ``tests/conftest.py`` reads it."""

    inputs = 0


def tried(count: int = 1) -> None:
    """Count inputs, for the table of docs/safety.md; a test that never calls this has tried one."""
    _Count.inputs += count


def taken() -> int:
    """What was counted since the last call, and begin anew."""
    found, _Count.inputs = _Count.inputs, 0
    return found or 1
