"""SPARQL 1.1 on the store: SELECT, ASK, CONSTRUCT, DESCRIBE; nothing that reaches out of it.

The default graph of a query is kg:asserted with kg:entities; what articles say is in ``GRAPH ?article``. The
prefixes of ``kg.graph.iris.PREFIXES`` need no declaration.

A parameter is a line ``VALUES ?name { ... }`` of the query. A value takes the place of what stands in the braces,
written by Oxigraph as a term, so that no quote or brace in it can become SPARQL. A line that ends with ``# given
NAME...`` holds only where one of these parameters has a value, one with ``# unless NAME...`` where none has.
"""

from __future__ import annotations

import csv
import io
import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from pyoxigraph import BlankNode, NamedNode, QueryBoolean, QuerySolutions, RdfFormat, Triple, serialize
from pyoxigraph import Literal as RdfLiteral

from kg.errors import QueryError
from kg.graph.iris import PREFIXES
from kg.graph.store import GraphStore, in_order
from kg.vocabulary import KG, XSD

if TYPE_CHECKING:
    from rdflib import Dataset

Term = NamedNode | BlankNode | RdfLiteral | Triple
Format = Literal["table", "json", "csv", "tsv", "turtle"]
_ESCAPE = re.compile(r"\\u([0-9A-Fa-f]{4})|\\U([0-9A-Fa-f]{8})")
_TOKEN = re.compile(
    r"""(?P<skip>\#[^\n\r]*|<[^<>"{}|^`\\\x00-\x20]*>|'{3}(?:'{0,2}(?:[^'\\]|\\.))*'{3}|"{3}(?:"{0,2}(?:[^"\\]|\\.))*"{3}"""
    r"""|'(?:[^'\\\n\r]|\\.)*'|"(?:[^"\\\n\r]|\\.)*")|(?P<word>[?$@]?[\w.-]*:?[\w.%-]*)|.""",
    re.DOTALL,
)
_FORBIDDEN = {
    "SERVICE": "it would send the query to another machine",
    "LOAD": "it would read a file or an address into the graph",
}
_UPDATES = frozenset({"INSERT", "DELETE", "CLEAR", "DROP", "CREATE", "COPY", "MOVE", "ADD"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """The answer to a query: rows of terms (SELECT), a truth (ASK), or triples (CONSTRUCT, DESCRIBE)."""

    kind: Literal["select", "ask", "graph"]
    columns: tuple[str, ...] = ()
    rows: tuple[tuple[Term | None, ...], ...] = ()
    truth: bool = False
    triples: tuple[Triple, ...] = ()

    def texts(self) -> list[list[str]]:
        """Rows for a table: literals by their text, IRIs with a prefix, nothing as an empty string."""
        if self.kind == "ask":
            return [[str(self.truth).lower()]]
        if self.kind == "graph":
            return [[shorten(t.subject), shorten(t.predicate), shorten(t.object)] for t in self.triples]
        return [[shorten(term) for term in row] for row in self.rows]

    def headings(self) -> list[str]:
        """The headings of ``texts``."""
        if self.kind == "select":
            return list(self.columns)
        return ["answer"] if self.kind == "ask" else ["subject", "predicate", "object"]

    def json(self) -> str:
        """SPARQL 1.1 Query Results JSON; a graph as JSON-LD."""
        if self.kind == "graph":
            return (serialize(self.triples, format=RdfFormat.JSON_LD) or b"").decode("utf-8")
        if self.kind == "ask":
            return json.dumps({"head": {}, "boolean": self.truth})
        bindings = [
            {name: _json(term) for name, term in zip(self.columns, row, strict=True) if term is not None}
            for row in self.rows
        ]
        return json.dumps({"head": {"vars": self.columns}, "results": {"bindings": bindings}}, ensure_ascii=False)

    def csv(self) -> str:
        """SPARQL 1.1 CSV: plain texts, IRIs in full."""
        file = io.StringIO(newline="")
        writer = csv.writer(file, lineterminator="\r\n")
        writer.writerow(self.headings())
        writer.writerows([[plain(term) for term in row] for row in self._table()])
        return file.getvalue()

    def tsv(self) -> str:
        """SPARQL 1.1 TSV: terms as in Turtle."""
        lines = ["\t".join(f"?{name}" for name in self.headings())]
        lines += ["\t".join("" if term is None else str(term) for term in row) for row in self._table()]
        return "\n".join(lines) + "\n"

    def turtle(self) -> str:
        """A graph as Turtle; QueryError for rows, which have none."""
        if self.kind != "graph":
            raise QueryError("only CONSTRUCT and DESCRIBE answer in Turtle; ask for a table, json, csv or tsv")
        return in_order(serialize(self.triples, format=RdfFormat.TURTLE, prefixes=PREFIXES) or b"").decode("utf-8")

    def text(self, format: Format) -> str:  # noqa: A002 - the word that users write
        """The answer in one of the formats, a table as TSV of short texts."""
        if format == "table":
            return "".join("\t".join(row) + "\n" for row in [self.headings(), *self.texts()])
        return {"json": self.json, "csv": self.csv, "tsv": self.tsv, "turtle": self.turtle}[format]()

    def _table(self) -> Sequence[Sequence[Term | None]]:
        if self.kind == "ask":
            return [[RdfLiteral(self.truth)]]
        return [[t.subject, t.predicate, t.object] for t in self.triples] if self.kind == "graph" else self.rows


def ask(store: GraphStore, query: str, values: Mapping[str, Sequence[Term]] | None = None) -> Answer:
    """Run a query; ``values`` stand in for its parameters. Raise QueryError if it is wrong or refused."""
    text = bind(query, values or {})
    names_graphs = guard(text)
    try:
        result = store.raw.query(
            text, prefixes=PREFIXES, default_graph=None if names_graphs else [KG.asserted, KG.entities]
        )
        if isinstance(result, QueryBoolean):
            return Answer(kind="ask", truth=bool(result))
        if isinstance(result, QuerySolutions):
            columns = tuple(variable.value for variable in result.variables)
            rows = tuple(tuple(solution[name] for name in columns) for solution in result)
            return Answer(kind="select", columns=columns, rows=rows)
        return Answer(kind="graph", triples=tuple(sorted(set(result), key=str)))
    except SyntaxError as error:
        raise QueryError(f"the query is not SPARQL: {error}") from error
    except (OSError, RuntimeError) as error:
        raise QueryError(f"the query failed: {error}") from error


def ask_rdflib(dataset: Dataset, query: str, values: Mapping[str, Sequence[Term]] | None = None) -> Answer:
    """Run a SELECT with rdflib on ``GraphStore.dataset()``; slow, for those who work in rdflib."""
    text = bind(query, values or {})
    if guard(text):
        raise QueryError("FROM makes rdflib read files and addresses; name graphs with GRAPH")
    result = dataset.query(text)
    columns = tuple(str(variable) for variable in result.vars or ())
    rows = tuple(tuple(_from_rdflib(value) for value in row) for row in result)  # type: ignore[union-attr]
    return Answer(kind="select", columns=columns, rows=rows)


def guard(query: str) -> bool:
    """Raise QueryError for SERVICE, LOAD and updates; otherwise whether the query has a FROM of its own.

    >>> guard("SELECT * { ?service ?p 'LOAD' } # SERVICE")
    False
    """
    try:
        plain_text = _ESCAPE.sub(_unescape, query)
    except (ValueError, OverflowError) as error:
        raise QueryError("the query is not SPARQL: an escape stands for no character") from error
    names_graphs = False
    for match in _TOKEN.finditer(plain_text):
        word = (match["word"] or "").upper().strip(".-")
        if word in _FORBIDDEN:
            raise QueryError(f"{word} is refused: {_FORBIDDEN[word]}")
        if word in _UPDATES:
            raise QueryError(f"{word} is refused: queries only read; articles change with `kg build` and `kg remove`")
        names_graphs = names_graphs or word == "FROM"
    return names_graphs


def _unescape(match: re.Match[str]) -> str:
    return chr(int(match[1] or match[2], 16))


_PARAMETER = re.compile(r"VALUES\s+\?(\w+)\s*\{\s*(UNDEF|[^\s{}]+)\s*\}")
_CONDITION = re.compile(r"[^\n]*# (given|unless) (\w+(?: \w+)*)(?:\n|\Z)")


def bind(query: str, values: Mapping[str, Sequence[Term]]) -> str:
    """Put values where the query has ``VALUES ?name { ... }``; a parameter left UNDEF is taken out.

    >>> bind("SELECT * { VALUES ?x { UNDEF } ?x ?p ?o }", {"x": [RdfLiteral('"} hostile')]})
    'SELECT * { VALUES ?x { "\\\\"} hostile" } ?x ?p ?o }'
    >>> bind("SELECT * {\\nVALUES ?x { UNDEF }\\n?x ?p 1 . # given x\\n?x ?p 2 . # unless x\\n}", {})
    'SELECT * {\\n\\n?x ?p 2 . # unless x\\n}'
    """
    for name in values:
        if not re.fullmatch(r"[A-Za-z_]\w*", name):
            raise QueryError(f"{name!r} is not a name of a parameter")
    known = {match[1] for match in _PARAMETER.finditer(query)}
    if left := set(values) - known:
        raise QueryError(f"the query has no parameter {min(left)}: no line VALUES ?{min(left)} {{ UNDEF }}")

    def keep(found: re.Match[str]) -> str:
        names = set(found[2].split())
        return "" if names <= known and (found[1] == "given") == names.isdisjoint(values) else found[0]

    def put(found: re.Match[str]) -> str:
        if found[1] in values:
            return f"VALUES ?{found[1]} {{ {' '.join(map(str, values[found[1]]))} }}"
        return "" if found[2] == "UNDEF" else found[0]

    return _PARAMETER.sub(put, _CONDITION.sub(keep, query))  # in one pass, so that nothing is put into a value


def shorten(term: Term | None) -> str:
    """A term as people read it.

    >>> shorten(KG.memberOf)
    'kg:memberOf'
    """
    if isinstance(term, NamedNode):
        for prefix, iri in PREFIXES.items():
            if term.value.startswith(iri):
                return f"{prefix}:{term.value[len(iri) :]}"
    return plain(term)


def plain(term: Term | None) -> str:
    """A term without quotes, brackets, language or type."""
    if term is None:
        return ""
    return str(term) if isinstance(term, Triple) else term.value


def _json(term: Term) -> dict[str, object]:
    if isinstance(term, NamedNode):
        return {"type": "uri", "value": term.value}
    if isinstance(term, BlankNode):
        return {"type": "bnode", "value": term.value}
    if isinstance(term, RdfLiteral):
        found: dict[str, object] = {"type": "literal", "value": term.value}
        if term.language:
            found["xml:lang"] = term.language
        elif term.datatype != XSD.string:
            found["datatype"] = term.datatype.value
        return found
    return {"type": "triple", "value": str(term)}


def _from_rdflib(value: object) -> Term | None:
    from rdflib import Literal as RdflibLiteral

    if value is None:
        return None
    if isinstance(value, RdflibLiteral):
        datatype = NamedNode(str(value.datatype)) if value.datatype and not value.language else None
        return RdfLiteral(str(value), language=value.language, datatype=datatype)
    return NamedNode(str(value))
