"""Closed namespaces made from ``ontology/*.ttl``: a term that no file mentions raises TermError.

The Turtle is parsed by pyoxigraph on first use (about 3 ms), not at import.

>>> KG.memberOf.value
'https://w3id.org/sanad-kg/ontology#memberOf'
"""

from __future__ import annotations

import difflib
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache

from pyoxigraph import Literal, NamedNode, RdfFormat, Triple, parse

from kg.errors import DataError, TermError
from kg.resources import ontology_path

FILES = ("kg.ttl", "events.ttl", "alignments.ttl")
BASE = "https://w3id.org/sanad-kg/"
PREFIXES = {
    "kg": f"{BASE}ontology#",
    "ev": f"{BASE}events#",
    "rdf": "http://www.w3.org/1999/02/22-rdf-syntax-ns#",
    "rdfs": "http://www.w3.org/2000/01/rdf-schema#",
    "owl": "http://www.w3.org/2002/07/owl#",
    "xsd": "http://www.w3.org/2001/XMLSchema#",
    "skos": "http://www.w3.org/2004/02/skos/core#",
    "prov": "http://www.w3.org/ns/prov#",
    "org": "http://www.w3.org/ns/org#",
    "schema": "https://schema.org/",
    "oa": "http://www.w3.org/ns/oa#",
    "wgs": "http://www.w3.org/2003/01/geo/wgs84_pos#",
    "dcterms": "http://purl.org/dc/terms/",
    "plover": f"{BASE}plover#",
    "cameo": f"{BASE}cameo#",
    "acled": f"{BASE}acled#",
}
"""The prefixes that graphs, queries and exports may use without declaring them."""
_RDFS = PREFIXES["rdfs"]
_CORE = {  # terms of RDF itself, which the ontology uses as syntax rather than lists
    "rdf": ("type", "subject", "predicate", "object", "Statement", "langString", "Property"),
    "rdfs": ("label", "comment", "subClassOf", "subPropertyOf", "domain", "range", "Literal"),
    "xsd": ("string", "date", "dateTime", "integer", "decimal", "boolean", "double"),
}


@cache
def triples() -> tuple[Triple, ...]:
    """Every triple of the ontology, alignments included."""
    found: list[Triple] = []
    for name in FILES:
        path = ontology_path(name)
        try:
            quads = list(parse(path=str(path), format=RdfFormat.TURTLE))
        except (SyntaxError, OSError) as error:
            raise DataError(str(path), getattr(error, "lineno", None) or 1, str(error)) from error
        found += [quad.triple for quad in quads]
    return tuple(found)


@cache
def _known() -> dict[str, dict[str, NamedNode]]:
    terms: dict[str, dict[str, NamedNode]] = {prefix: {} for prefix in PREFIXES}
    for prefix, names in _CORE.items():
        terms[prefix] |= {name: NamedNode(PREFIXES[prefix] + name) for name in names}
    for triple in triples():
        for node in (triple.subject, triple.predicate, triple.object):
            if isinstance(node, NamedNode):
                for prefix, base in PREFIXES.items():
                    if node.value.startswith(base):
                        terms[prefix][node.value[len(base) :]] = node
                        break
    return terms


@dataclass(frozen=True)
class Namespace:
    """The terms with one prefix; an attribute or an item is a node, a misspelt one raises TermError.

    >>> KG["memberOff"]
    Traceback (most recent call last):
    ...
    kg.errors.TermError: kg:memberOff is not defined in ontology/*.ttl; did you mean kg:memberOf?
    """

    prefix: str

    def __getitem__(self, name: str) -> NamedNode:
        terms = _known()[self.prefix]
        if name in terms:
            return terms[name]
        near = difflib.get_close_matches(name, terms, n=1, cutoff=0.0)
        hint = f"; did you mean {self.prefix}:{near[0]}?" if near else ""
        raise TermError(f"{self.prefix}:{name} is not defined in ontology/*.ttl{hint}")

    def __getattr__(self, name: str) -> NamedNode:
        if name.startswith("__"):
            raise AttributeError(name)
        node = self[name]
        self.__dict__[name] = node  # the next look-up finds it without coming here
        return node

    def __contains__(self, name: str) -> bool:
        return name in _known()[self.prefix]

    def __iter__(self) -> Iterator[str]:
        return iter(_known()[self.prefix])


KG = Namespace("kg")
EV = Namespace("ev")
RDF = Namespace("rdf")
RDFS = Namespace("rdfs")
OWL = Namespace("owl")
XSD = Namespace("xsd")
SKOS = Namespace("skos")
PROV = Namespace("prov")
ORG = Namespace("org")
SCHEMA = Namespace("schema")
OA = Namespace("oa")
WGS = Namespace("wgs")
DCTERMS = Namespace("dcterms")


@cache
def _members(metaclass: NamedNode) -> dict[str, NamedNode]:
    found = {}
    for triple in triples():
        if triple.predicate == RDF.type and triple.object == metaclass and isinstance(triple.subject, NamedNode):
            found[local_name(triple.subject)] = triple.subject
    return found


def entity_types() -> dict[str, NamedNode]:
    """The types an entity may have, by name: ``{"Faction": kg:Faction, ...}``."""
    return _members(KG.EntityType)


def predicates() -> dict[str, NamedNode]:
    """The predicates a claim may have, by name."""
    return _members(KG.Relation)


def event_types() -> dict[str, NamedNode]:
    """The types an event may have, by name."""
    return _members(EV.EventType)


def roles() -> dict[str, NamedNode]:
    """The roles of an event, by name."""
    return _members(EV.Role)


@cache
def symmetric() -> frozenset[str]:
    """The predicates that hold both ways round, by name.

    >>> sorted(symmetric())
    ['alliedWith', 'met', 'negotiatesWith']
    """
    return frozenset(_members(OWL.SymmetricProperty))


@cache
def modalities() -> dict[str, NamedNode]:
    """The modalities by the name that analyses use: ``{"asserted": kg:Asserted, ...}``."""
    return {name.lower(): node for name, node in _members(KG.Modality).items()}


def entity_type(name: str) -> NamedNode:
    """The class of an entity type; TermError if there is none of that name."""
    return _one(entity_types(), name, "n entity type")


def predicate(name: str) -> NamedNode:
    """The property of a relation; TermError if there is none of that name."""
    return _one(predicates(), name, " predicate")


def event_type(name: str) -> NamedNode:
    """The class of an event type; TermError if there is none of that name."""
    return _one(event_types(), name, "n event type")


def modality(name: str) -> NamedNode:
    """The individual of a modality; TermError if there is none of that name."""
    return _one(modalities(), name, " modality")


def _one(terms: dict[str, NamedNode], name: str, what: str) -> NamedNode:
    if name in terms:
        return terms[name]
    near = difflib.get_close_matches(name, terms, n=1, cutoff=0.0)
    raise TermError(f"{name!r} is not a{what} of ontology/*.ttl; did you mean {''.join(near)}?")


@cache
def _texts(predicate_name: str) -> dict[tuple[str, str], str]:
    return {
        (triple.subject.value, triple.object.language or ""): triple.object.value
        for triple in triples()
        if triple.predicate.value == _RDFS + predicate_name
        and isinstance(triple.subject, NamedNode)
        and isinstance(triple.object, Literal)
    }


def label(term: NamedNode, language: str = "en") -> str:
    """The label of a term of the ontology, or its local name.

    >>> label(KG.memberOf)
    'member of'
    """
    return _texts("label").get((term.value, language)) or local_name(term)


def comment(term: NamedNode, language: str = "en") -> str:
    """What a term of the ontology means, or an empty string."""
    return _texts("comment").get((term.value, language), "")


def local_name(term: NamedNode) -> str:
    """The last part of an IRI.

    >>> local_name(KG.memberOf)
    'memberOf'
    """
    return term.value.replace("#", "/").rsplit("/", 1)[-1]


@cache
def superclasses() -> dict[NamedNode, frozenset[NamedNode]]:
    """Every class or property of the ontology with all that is above it, itself included."""
    above: dict[NamedNode, set[NamedNode]] = {}
    for triple in triples():
        if triple.predicate in (RDFS.subClassOf, RDFS.subPropertyOf) and isinstance(triple.subject, NamedNode):
            above.setdefault(triple.subject, set()).add(triple.object)  # type: ignore[arg-type]
    closed = {}
    for term in above:
        seen, queue = {term}, [term]
        while queue:
            fresh = above.get(queue.pop(), set()) - seen
            seen |= fresh
            queue += fresh
        closed[term] = frozenset(seen)
    return closed


@cache
def codes(event_type_name: str) -> dict[str, tuple[tuple[str, str], ...]]:
    """The codes of other schemes for an event type: ``{"cameo": (("close", "112"),), ...}``.

    >>> codes("Accusation")["cameo"]
    (('close', '112'),)
    """
    notations = {t.subject: t.object.value for t in triples() if t.predicate == SKOS.notation}  # type: ignore[union-attr]
    subject = event_type(event_type_name)
    found: dict[str, list[tuple[str, str]]] = {}
    for triple in triples():
        name = local_name(triple.predicate)
        if triple.subject == subject and name.endswith("Match") and isinstance(triple.object, NamedNode):
            scheme = triple.object.value.removeprefix(BASE).partition("#")[0]
            found.setdefault(scheme, []).append((name.removesuffix("Match"), notations[triple.object]))
    return {scheme: tuple(sorted(pairs)) for scheme, pairs in found.items()}
