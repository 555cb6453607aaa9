"""The SPARQL 1.1 Protocol: what a request asks for, and in which media type the answer goes back.

Queries only. An update is refused: the store's shared graphs follow from its articles, and a triple written past
them would belong to none.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Final
from urllib.parse import parse_qsl

from pyoxigraph import NamedNode

from kg.view.worker import GRAPHS, RESULTS, Job

FORM: Final = "application/x-www-form-urlencoded"
QUERY: Final = "application/sparql-query"
UPDATE: Final = "application/sparql-update"
_UPDATE_NAMES = frozenset({"update", "using-graph-uri", "using-named-graph-uri"})


class ProtocolError(Exception):
    """A request that breaks the protocol, with the status that says how."""

    def __init__(self, status: int, message: str) -> None:
        super().__init__(message)
        self.status = status


@dataclass(frozen=True, slots=True, kw_only=True)
class Request:
    """What of an HTTP request the protocol looks at."""

    method: str
    query_string: str
    content_type: str = ""
    body: bytes = b""
    accept: str = ""


def job_of(request: Request) -> Job | None:
    """The query that a request asks for; None where it asks for the description of the service."""
    address = _pairs(request.query_string)
    if request.method in ("GET", "HEAD"):
        return _job(address, None, request.accept) if address else None
    if request.method != "POST":
        raise ProtocolError(405, "the methods of this endpoint are GET and POST")
    kind, _, parameters = request.content_type.partition(";")
    kind = kind.strip().lower()
    if kind == UPDATE:
        raise ProtocolError(403, "this endpoint takes no updates: articles change with `kg build` and `kg remove`")
    if kind not in (FORM, QUERY):
        raise ProtocolError(415, f"a POST carries {FORM} or {QUERY}")
    text = _decode(request.body, parameters)
    if kind == QUERY:
        if any(name == "query" for name, _ in address):
            raise ProtocolError(400, "the query stands in the body and in the address; one of them is too many")
        return _job(address, text, request.accept)
    if address:
        raise ProtocolError(400, "parameters of a form stand in its body, not in the address")
    return _job(_pairs(text), None, request.accept)


def _decode(body: bytes, parameters: str) -> str:
    charset = "utf-8"
    for parameter in parameters.split(";"):
        name, _, value = parameter.strip().partition("=")
        if name.lower() == "charset":
            charset = value.strip('" ').lower()
    if charset not in ("utf-8", "utf8", "us-ascii"):
        raise ProtocolError(415, "queries are written in UTF-8")
    try:
        return body.decode("utf-8")
    except UnicodeDecodeError as error:
        raise ProtocolError(400, "the query is not UTF-8") from error


def _pairs(text: str) -> list[tuple[str, str]]:
    try:
        return parse_qsl(text, keep_blank_values=True, encoding="utf-8", errors="strict", max_num_fields=200)
    except (UnicodeDecodeError, ValueError) as error:
        raise ProtocolError(400, "the parameters are not sound: too many of them, or not UTF-8") from error


def _job(pairs: list[tuple[str, str]], query: str | None, accept: str) -> Job:
    names = {name for name, _ in pairs}
    if names & _UPDATE_NAMES:
        raise ProtocolError(403, "this endpoint takes no updates: articles change with `kg build` and `kg remove`")
    queries = [value for name, value in pairs if name == "query"] if query is None else [query]
    if len(queries) != 1:
        raise ProtocolError(400, f"a request carries one query, this one has {len(queries)}")
    default = tuple(_iri(value) for name, value in pairs if name == "default-graph-uri")
    named = tuple(_iri(value) for name, value in pairs if name == "named-graph-uri")
    return Job(query=queries[0], default_graphs=default, named_graphs=named, accept=accepted(accept))


def _iri(text: str) -> str:
    try:
        NamedNode(text)
    except ValueError as error:
        raise ProtocolError(400, f"not an IRI: {text[:100]!r}") from error
    return text


def accepted(header: str) -> tuple[str, ...]:
    """Media types that we write and the sender takes, best first; ProtocolError 406 where there are none.

    >>> accepted("text/csv;q=0.5, application/sparql-results+xml, */*;q=0")
    ('application/sparql-results+xml', 'text/csv')
    """
    offered = (*RESULTS, *GRAPHS)
    if not header.strip():
        return offered
    weights = _weights(header.split(","))
    ranked = [(_weight(media, weights), -place, media) for place, media in enumerate(offered)]
    found = tuple(media for weight, _, media in sorted(ranked, reverse=True) if weight > 0)
    if not found:
        raise ProtocolError(406, f"this endpoint writes {', '.join(offered)}")
    return found


def _weights(items: Iterable[str]) -> dict[str, float]:
    aliases = {
        "application/json": "application/sparql-results+json",
        "application/xml": "application/sparql-results+xml",
    }
    found = {}
    for item in items:
        media, *parameters = (part.strip() for part in item.split(";"))
        weight = next((value[2:] for value in parameters if value.lower().startswith("q=")), "1")
        try:
            found[aliases.get(media.lower(), media.lower())] = float(weight)
        except ValueError as error:
            raise ProtocolError(400, f"not a weight in Accept: {weight[:20]!r}") from error
    return found


def _weight(media: str, weights: Mapping[str, float]) -> float:
    for pattern in (media, media.partition("/")[0] + "/*", "*/*"):
        if pattern in weights:
            return weights[pattern]
    return 0.0


def description(endpoint: str) -> str:
    """The SPARQL 1.1 Service Description of the endpoint, as Turtle."""
    formats = "sr:SPARQL_Results_JSON, sr:SPARQL_Results_XML, sr:SPARQL_Results_CSV, sr:SPARQL_Results_TSV"
    graphs = "sr:Turtle, sr:N-Triples, sr:RDF_XML, sr:JSON-LD"
    return (
        "@prefix sd: <http://www.w3.org/ns/sparql-service-description#> .\n"
        "@prefix sr: <http://www.w3.org/ns/formats/> .\n"
        f"[] a sd:Service ;\n  sd:endpoint <{endpoint}> ;\n  sd:supportedLanguage sd:SPARQL11Query ;\n"
        f"  sd:resultFormat {formats}, {graphs} ;\n"
        "  sd:defaultDataset [ a sd:Dataset ; sd:defaultGraph [ a sd:Graph ] ] .\n"
    )
