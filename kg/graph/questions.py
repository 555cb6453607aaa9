"""The library of named questions: ``ontology/queries/*.rq``, one analyst's question each.

A file begins with comment lines ``# question @en: ...``, ``# question @ar: ...`` and one ``# parameter: NAME KIND
[DEFAULT | required]`` for each line ``VALUES ?NAME { ... }``. Kinds: ``entity`` (an id, an IRI, or a name in
either script), ``event-type``, ``entity-type``, ``date``, ``integer``, ``decimal``, ``text``.

Lines may hold only with some parameters or without (see ``kg.graph.query``): so a question without values is about the
newest articles and answers at once, and one with values is about all.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from functools import cache

from pyoxigraph import Literal, NamedNode

from kg import vocabulary
from kg.datamodel import EntityId
from kg.errors import DataError, QueryError, TermError
from kg.graph import iris
from kg.graph.dates import bounds
from kg.graph.query import Answer, Term, ask
from kg.graph.store import GraphStore
from kg.language.arabic import name_key
from kg.resources import ontology_path
from kg.vocabulary import KG, RDFS, SKOS, XSD

KINDS = frozenset({"entity", "event-type", "entity-type", "date", "integer", "decimal", "text"})
_HEADER = re.compile(r"# (?P<key>question @en|question @ar|parameter): (?P<value>.+)")


@dataclass(frozen=True, slots=True, kw_only=True)
class Parameter:
    """A parameter; ``default`` is None where it may be left open, unless it is ``required``."""

    name: str
    kind: str
    default: str | None
    required: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Question:
    """A named question."""

    name: str
    question_en: str
    question_ar: str
    parameters: tuple[Parameter, ...]
    text: str


@cache
def questions() -> dict[str, Question]:
    """All questions by name, sorted."""
    return {path.stem: _read(path.stem) for path in sorted(ontology_path("queries").glob("*.rq"))}


def question(name: str) -> Question:
    """A question by its name; QueryError with the nearest name if there is none."""
    found = questions().get(name)
    if found is None:
        import difflib

        near = difflib.get_close_matches(name, questions(), n=1, cutoff=0.0)
        raise QueryError(f"no question is named {name!r}; did you mean {''.join(near)}? `kg queries` lists them")
    return found


def answer(store: GraphStore, name: str, values: Mapping[str, str] | None = None) -> Answer:
    """Ask a named question; ``values`` are texts as a user writes them, by parameter."""
    asked = question(name)
    kinds = {parameter.name: parameter.kind for parameter in asked.parameters}
    bound = {}
    for key, value in (values or {}).items():
        if key not in kinds:
            raise QueryError(f"the question {name} has no parameter {key!r}; it has {', '.join(kinds)}")
        bound[key] = terms(store, kinds[key], value)
    for parameter in asked.parameters:
        if parameter.required and parameter.name not in bound:
            raise QueryError(f"the question {name} needs a value for {parameter.name}")
    return ask(store, asked.text, bound)


def terms(store: GraphStore, kind: str, value: str) -> list[Term]:
    """What a user's text stands for, as terms of the graph; QueryError if it stands for nothing."""
    if kind == "entity":
        return list(entities_named(store, value))
    try:
        if kind == "event-type":
            return [vocabulary.event_type(value)]
        if kind == "entity-type":
            return [vocabulary.entity_type(value)]
    except TermError as error:
        raise QueryError(str(error)) from error
    if kind == "date":
        days = bounds(value)
        if days is None:
            raise QueryError(f"{value!r} is not a day; write it as 2024-07-25")
        return [Literal(days[0].isoformat(), datatype=XSD.date)]
    if kind in ("integer", "decimal"):
        return [_number(value, kind)]
    return [Literal(value)]


def _number(value: str, kind: str) -> Literal:
    try:
        number = Decimal(value)
    except InvalidOperation as error:
        raise QueryError(f"{value!r} is not a number") from error
    if not number.is_finite() or (kind == "integer" and number != int(number)):
        raise QueryError(f"{value!r} is not a {kind}")
    return Literal(f"{number:f}", datatype=XSD[kind])


def entities_named(store: GraphStore, name: str) -> list[NamedNode]:
    """The entities that an id, an IRI or a name in either script stands for; QueryError if none does."""
    if name.startswith(iris.ENTITY):
        candidates = [NamedNode(name)] if re.fullmatch(r"[\w%.~:/-]+", name) else []
    else:
        candidates = [iris.entity_iri(EntityId(name))]
    graphs = (KG.entities, KG.background)
    found = [
        node
        for node in candidates
        if any(any(store.raw.quads_for_pattern(node, None, None, graph)) for graph in graphs)
    ]
    if not found:
        wanted = name_key(name)
        found = [
            quad.subject
            for graph in graphs
            for predicate in (RDFS.label, SKOS.altLabel)
            for quad in store.raw.quads_for_pattern(None, predicate, None, graph)
            if isinstance(quad.object, Literal) and name_key(quad.object.value) == wanted
            if isinstance(quad.subject, NamedNode) and quad.subject.value.startswith(iris.ENTITY)
        ]
    if not found:
        raise QueryError(f"no entity of the graph has the id or name {name!r}; `kg find` searches for parts of names")
    return sorted(set(found), key=str)


def _read(name: str) -> Question:
    path = ontology_path("queries", f"{name}.rq")
    text = path.read_text(encoding="utf-8")
    found: dict[str, str] = {}
    parameters = []
    for number, line in enumerate(text.splitlines(), 1):
        if not line.startswith("#"):
            break
        match = _HEADER.fullmatch(line)
        if match is None:
            raise DataError(str(path), number, "expected `# question @en: `, `# question @ar: ` or `# parameter: `")
        if match["key"] == "parameter":
            parameters.append(_parameter(str(path), number, match["value"], text))
        else:
            found[match["key"]] = match["value"]
    for key in ("question @en", "question @ar"):
        if key not in found:
            raise DataError(str(path), 1, f"the line `# {key}: ` is missing")
    return Question(
        name=name,
        question_en=found["question @en"],
        question_ar=found["question @ar"],
        parameters=tuple(parameters),
        text=text,
    )


def _parameter(path: str, line: int, value: str, text: str) -> Parameter:
    parts = value.split()
    if len(parts) not in (2, 3) or parts[1] not in KINDS:
        raise DataError(path, line, f"expected a name, one of {', '.join(sorted(KINDS))}, and perhaps a default")
    if f"VALUES ?{parts[0]} {{ " not in text:
        raise DataError(path, line, f"the query has no line VALUES ?{parts[0]} {{ ... }}")
    default = parts[2] if len(parts) == 3 else None
    if default == "required":
        return Parameter(name=parts[0], kind=parts[1], default=None, required=True)
    return Parameter(name=parts[0], kind=parts[1], default=default)
