"""Exports: RDF in its syntaxes, property graphs, tables. None drops or changes a character it can carry;
tables for spreadsheets set an apostrophe before what would be a formula.

``export(store, format, path)`` writes one format; ``FORMATS`` says which there are and what each is for.
"""

from __future__ import annotations

import csv
import io
import json
import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from pyoxigraph import Quad, RdfFormat, Triple, serialize

from kg.errors import InputError
from kg.graph.folder import replace_file
from kg.graph.followthemoney import ftm_lines
from kg.graph.iris import PREFIXES
from kg.graph.parquet import parquet_files
from kg.graph.propertygraph import gexf, graphml, neo4j_files
from kg.graph.store import GraphStore, in_order
from kg.graph.tables import acled_table, tables

CONTEXT = {
    **PREFIXES,
    "id": "@id",
    "type": "@type",
    "label_ar": {"@id": "rdfs:label", "@language": "ar"},
    "label_en": {"@id": "rdfs:label", "@language": "en"},
    "subject": {"@id": "rdf:subject", "@type": "@id"},
    "predicate": {"@id": "rdf:predicate", "@type": "@id"},
    "object": {"@id": "rdf:object", "@type": "@id"},
    "holder": {"@id": "kg:holder", "@type": "@id"},
    "modality": {"@id": "kg:modality", "@type": "@id"},
    "derivedFrom": {"@id": "prov:wasDerivedFrom", "@type": "@id"},
    "quote": "oa:exact",
    "mentions": {"@id": "schema:mentions", "@type": "@id"},
    "publisher": {"@id": "schema:publisher", "@type": "@id"},
}
"""The JSON-LD context: short names for what people look for first."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ExportFormat:
    """A format: its file name (a folder if it ends in a slash), what it is for, and what makes it."""

    name: str
    file: str
    purpose: str
    make: Callable[[GraphStore], dict[str, bytes]]


def export(store: GraphStore, name: str, path: Path) -> list[Path]:
    """Write a format to ``path``: a file, or a folder where the format is several files. The paths written."""
    if name not in FORMATS:
        raise InputError(f"{name!r} is no export format; there are {', '.join(FORMATS)}")
    chosen = FORMATS[name]
    made = chosen.make(store)
    if not chosen.file.endswith("/"):
        path.parent.mkdir(parents=True, exist_ok=True)
        replace_file(path, next(iter(made.values())))
        return [path]
    path.mkdir(parents=True, exist_ok=True)
    for file, content in made.items():
        replace_file(path / file, content)
    return [path / file for file in made]


def turtle(store: GraphStore) -> bytes:
    """All articles merged into one graph; which article says what is lost."""
    return in_order(serialize(_merged(store), format=RdfFormat.TURTLE, prefixes=PREFIXES) or b"")


def rdfxml(store: GraphStore) -> bytes:
    """All articles merged, as RDF/XML; characters that XML cannot hold are replaced and told apart nowhere else."""
    triples = [_xml_safe(triple) for triple in _merged(store)]
    written = serialize(triples, format=RdfFormat.RDF_XML, prefixes=_XML_PREFIXES) or b""
    return _sorted_namespaces(written).replace(b"\r", b"&#13;")  # as a bare character, readers fold it into a line feed


def _sorted_namespaces(written: bytes) -> bytes:
    head, tag, rest = written.partition(b"<rdf:RDF ")
    names, close, body = rest.partition(b">")
    return head + tag + b" ".join(sorted(names.split())) + close + body


def jsonld(store: GraphStore) -> bytes:
    """One named graph an article, framed by its node, compact names through the context."""
    graphs: dict[str, dict[str, dict[str, object]]] = {}
    for quad in store.sorted_quads():
        graph = graphs.setdefault(_shorten(str(quad.graph_name)[1:-1]), {})
        subject = _shorten(getattr(quad.subject, "value", ""))
        _add(graph.setdefault(subject, {"id": subject}), quad)
    document = {
        "@context": CONTEXT,
        "@graph": [{"id": name, "@graph": list(nodes.values())} for name, nodes in graphs.items()],
    }
    return (json.dumps(document, ensure_ascii=False, indent=1) + "\n").encode("utf-8")


def _add(node: dict[str, object], quad: Quad) -> None:
    predicate, term = quad.predicate.value, quad.object
    language = getattr(term, "language", None)
    datatype = getattr(getattr(term, "datatype", None), "value", "")
    value: object = getattr(term, "value", "")
    if predicate == f"{PREFIXES['rdf']}type":
        key, value = "type", _shorten(str(value))
    elif predicate == f"{PREFIXES['rdfs']}label" and language in ("ar", "en"):
        key = f"label_{language}"
    else:
        key = _KEYS.get(_shorten(predicate), _shorten(predicate))
        typed = isinstance(CONTEXT.get(key), dict)
        if not datatype:
            value = _shorten(str(value)) if typed else {"id": _shorten(str(value))}
        elif language:
            value = {"@value": value, "@language": language}
        elif datatype != f"{PREFIXES['xsd']}string":
            value = {"@value": value, "@type": _shorten(datatype)}
    before = node.get(key)
    if before is None:
        node[key] = value
    elif isinstance(before, list):
        before.append(value)
    else:
        node[key] = [before, value]


def _shorten(iri: str) -> str:
    for prefix, base in PREFIXES.items():
        if iri.startswith(base):
            return f"{prefix}:{iri[len(base) :]}"
    return iri


_KEYS = {
    (str(value["@id"]) if isinstance(value, dict) else value): key
    for key, value in CONTEXT.items()
    if key not in PREFIXES and not key.startswith(("label", "id", "type"))
}
_XML_PREFIXES = {name: iri for name, iri in PREFIXES.items() if name not in ("entity", "claim", "event")}
_FORMULA = re.compile(r"[=+@\t\r]|-(?!\d+(?:\.\d+)?\Z)")
_XML_FORBIDDEN = dict.fromkeys((*range(9), 11, 12, *range(14, 32), 65534, 65535), "\N{REPLACEMENT CHARACTER}")


def _xml_safe(triple: Triple) -> Triple:
    from pyoxigraph import Literal

    term = triple.object
    if not isinstance(term, Literal) or term.value == (clean := term.value.translate(_XML_FORBIDDEN)):
        return triple
    return Triple(triple.subject, triple.predicate, Literal(clean, language=term.language))


def _merged(store: GraphStore) -> list[Triple]:
    return sorted({quad.triple for quad in store.raw}, key=str)


def csv_bytes(rows: Iterable[Iterable[object]]) -> bytes:
    """CSV in UTF-8 with quoted cells where needed; nothing is escaped with a backslash."""
    file = io.StringIO(newline="")
    csv.writer(file, lineterminator="\r\n").writerows(rows)
    return file.getvalue().encode("utf-8", "replace")


def for_spreadsheets(rows: Iterable[Iterable[object]]) -> Iterator[list[object]]:
    """Rows whose texts no spreadsheet takes for a formula: an apostrophe stands before = + - @ TAB CR.

    >>> list(for_spreadsheets([["=1+1", "-33.5", -2, "a=b"]]))
    [["'=1+1", '-33.5', -2, 'a=b']]
    """
    for row in rows:
        yield [f"'{cell}" if isinstance(cell, str) and _FORMULA.match(cell) else cell for cell in row]


def _csv_files(made: Iterator[tuple[str, list[list[object]]]]) -> dict[str, bytes]:
    return {f"{name}.csv": csv_bytes(rows) for name, rows in made}


def _turtle(store: GraphStore) -> dict[str, bytes]:
    return {"graph.ttl": turtle(store)}


def _trig(store: GraphStore) -> dict[str, bytes]:
    return {"graph.trig": store.trig()}


def _nquads(store: GraphStore) -> dict[str, bytes]:
    return {"graph.nq": store.nquads()}


def _jsonld(store: GraphStore) -> dict[str, bytes]:
    return {"graph.jsonld": jsonld(store)}


def _rdfxml(store: GraphStore) -> dict[str, bytes]:
    return {"graph.rdf": rdfxml(store)}


def _graphml(store: GraphStore) -> dict[str, bytes]:
    return {"graph.graphml": graphml(store)}


def _gexf(store: GraphStore) -> dict[str, bytes]:
    return {"graph.gexf": gexf(store)}


def _csv(store: GraphStore) -> dict[str, bytes]:
    return _csv_files((name, list(for_spreadsheets(rows))) for name, rows in tables(store))


def _neo4j(store: GraphStore) -> dict[str, bytes]:
    return _csv_files(neo4j_files(store))


def _acled(store: GraphStore) -> dict[str, bytes]:
    return {"events.csv": csv_bytes(for_spreadsheets(acled_table(store)))}


def _ftm(store: GraphStore) -> dict[str, bytes]:
    return {"entities.ftm.json": ftm_lines(store)}


def _parquet(store: GraphStore) -> dict[str, bytes]:
    return dict(parquet_files(store))


FORMATS = {
    each.name: each
    for each in (
        ExportFormat(name="trig", file="graph.trig", purpose="everything, readable", make=_trig),
        ExportFormat(name="nquads", file="graph.nq", purpose="everything, canonical, one line a quad", make=_nquads),
        ExportFormat(name="jsonld", file="graph.jsonld", purpose="everything, for JSON tools", make=_jsonld),
        ExportFormat(name="turtle", file="graph.ttl", purpose="all articles merged, readable", make=_turtle),
        ExportFormat(name="rdfxml", file="graph.rdf", purpose="all articles merged, for XML tools", make=_rdfxml),
        ExportFormat(name="graphml", file="graph.graphml", purpose="Gephi, yEd, networkx, Cytoscape", make=_graphml),
        ExportFormat(name="gexf", file="graph.gexf", purpose="Gephi", make=_gexf),
        ExportFormat(name="csv", file="tables/", purpose="spreadsheets: entities, claims, events, articles", make=_csv),
        ExportFormat(name="parquet", file="parquet/", purpose="the same, typed, for pandas, DuckDB", make=_parquet),
        ExportFormat(name="neo4j", file="neo4j/", purpose="neo4j-admin database import", make=_neo4j),
        ExportFormat(name="acled", file="events.csv", purpose="events in ACLED's columns with codes", make=_acled),
        ExportFormat(name="ftm", file="entities.ftm.json", purpose="FollowTheMoney entities, one a line", make=_ftm),
    )
}
"""All formats by name."""
