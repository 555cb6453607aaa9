"""Search over names and evidence: Arabic-aware, in milliseconds, without SPARQL.

The index is a SQLite file with a trigram index over folded texts, so that a name is found behind a clitic,
with any hamza, and in part. It is derived: ``rebuild`` makes it from the store, whole or not at all.
"""

from __future__ import annotations

import os
import sqlite3
from collections import Counter
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

from pyoxigraph import NamedNode

from kg.errors import StoreError
from kg.graph import iris
from kg.graph.records import read_entities
from kg.graph.store import GraphStore
from kg.language.arabic import name_key
from kg.vocabulary import OA, SCHEMA

_SCHEMA = """
CREATE TABLE entry (id INTEGER PRIMARY KEY, iri TEXT, kind TEXT, type TEXT, text TEXT, article TEXT, weight INTEGER);
CREATE VIRTUAL TABLE search USING fts5 (key, content='', tokenize='trigram');
"""
_WHOLE = """
SELECT iri, kind, type, text, article FROM entry WHERE kind = 'name' AND lower(text) = ?
ORDER BY weight DESC, text, iri LIMIT ?
"""
_PARTS = """
SELECT entry.iri, entry.kind, entry.type, entry.text, entry.article
FROM search JOIN entry ON entry.id = search.rowid WHERE search.key MATCH ? AND (? = '' OR entry.kind = ?)
ORDER BY entry.kind DESC, length(entry.text) > ?, entry.weight DESC, length(entry.text), entry.text, entry.iri LIMIT ?
"""
_SHORTEST = 3


@dataclass(frozen=True, slots=True, kw_only=True)
class Hit:
    """Something found: ``kind`` is name or evidence, ``article`` the article of an evidence."""

    iri: str
    kind: str
    type: str
    text: str
    article: str


def rebuild(store: GraphStore, path: Path) -> int:
    """Make the index anew; the number of entries."""
    partial = path.with_name(f"{path.name}.part")
    partial.unlink(missing_ok=True)
    try:
        count = _write(store, partial)
    except sqlite3.Error as error:
        partial.unlink(missing_ok=True)
        raise StoreError(f"{path}: the search index was not written: {error}") from error
    with partial.open("rb+") as written:
        os.fsync(written.fileno())
    partial.replace(path)
    return count


def _write(store: GraphStore, path: Path) -> int:
    with closing(sqlite3.connect(path)) as database:
        database.executescript(f"PRAGMA journal_mode=OFF; PRAGMA synchronous=OFF; {_SCHEMA}")
        count = 0
        for iri, kind, type_, text, article, weight in _entries(store):
            count += 1
            database.execute(
                "INSERT INTO entry VALUES (?, ?, ?, ?, ?, ?, ?)", (count, iri, kind, type_, text, article, weight)
            )
            database.execute("INSERT INTO search (rowid, key) VALUES (?, ?)", (count, search_key(text)))
        database.commit()
    return count


def _entries(store: GraphStore) -> Iterator[tuple[str, str, str, str, str, int]]:
    weights: Counter[object] = Counter()
    for quad in store.raw.quads_for_pattern(None, SCHEMA.mentions, None, None):
        weights[quad.object] += 1
    for entity_id, entity in read_entities(store).items():
        node = iris.entity_iri(entity_id)
        for name in dict.fromkeys((entity.label_ar, entity.label_en, *entity.aliases)):
            yield node.value, "name", entity.type, name, "", weights[node]
    evidence = store.raw.quads_for_pattern(None, OA.exact, None, None)
    for iri, text, article in sorted((_value(q.subject), _value(q.object), _value(q.graph_name)) for q in evidence):
        yield iri, "evidence", "", text, iris.document_id(NamedNode(article)), 0


def _value(term: object) -> str:
    return str(getattr(term, "value", term))


def find(path: Path, text: str, *, limit: int = 20, kind: str = "") -> list[Hit]:
    """What has ``text`` in it: names before evidence, whole names first, then the most mentioned.

    Texts of one or two letters find only whole names.
    """
    if not path.is_file():
        raise StoreError(f"{path}: there is no search index; run `kg build` again")
    key = search_key(text)
    if not key:
        return []
    try:
        with closing(sqlite3.connect(f"{path.resolve().as_uri()}?mode=ro", uri=True)) as database:
            if len(key) < _SHORTEST:
                rows = database.execute(_WHOLE, (_plain(text).lower(), limit)).fetchall()
            else:
                phrase = '"' + key.replace('"', '""') + '"'
                rows = database.execute(_PARTS, (phrase, kind, kind, len(text.strip()), limit)).fetchall()
    except sqlite3.DatabaseError as error:
        raise StoreError(f"{path}: the search index is damaged: {error}; run `kg build` again") from error
    return [Hit(iri=row[0], kind=row[1], type=row[2], text=row[3], article=row[4]) for row in rows]


def search_key(text: str) -> str:
    """The folded form that is indexed and searched: no marks, no case, single spaces.

    >>> search_key("  Ain al-Asad ")
    'ain al asad'
    """
    clean = name_key(text).encode("utf-8", "replace").decode("utf-8").replace("\0", " ")
    return " ".join(clean.split())


def _plain(text: str) -> str:
    return text.strip().encode("utf-8", "replace").decode("utf-8")
