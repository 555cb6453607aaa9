"""Which entities the quads of an article are about, and what they are called: for what articles share in a store."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from pyoxigraph import Literal, NamedNode, Quad

from kg.graph import iris
from kg.vocabulary import KG, RDFS, SCHEMA


def described(quads: set[Quad]) -> set[NamedNode]:
    """The entities that an article mentions or involves."""
    about = (SCHEMA.mentions, KG.involves)
    return {q.object for q in quads if q.predicate in about and isinstance(q.object, NamedNode)}


def names_in(quads: set[Quad]) -> dict[NamedNode, list[Literal]]:
    """The names that an article's graph gives each entity."""
    found: dict[NamedNode, list[Literal]] = {}
    for quad in quads:
        if quad.predicate != KG.nameInText or not isinstance(quad.subject, NamedNode):
            continue
        if isinstance(quad.object, Literal):
            found.setdefault(quad.subject, []).append(quad.object)
    return found


def told_of(quads: set[Quad]) -> dict[NamedNode, set[Quad]]:
    """What the graph of entities says of each entity."""
    found: dict[NamedNode, set[Quad]] = {}
    for quad in quads:
        if quad.graph_name == KG.entities and isinstance(quad.subject, NamedNode):
            found.setdefault(quad.subject, set()).add(quad)
    return found


def labelled(entity: NamedNode, told: set[Quad], names: Mapping[Any, int]) -> set[Quad]:
    """What is told of an entity, with the label that most articles vote for; ``told`` as it is if none does."""
    for language in ("ar", "en"):
        best = best_name(names, language)
        if best is not None:
            told = {q for q in told if not (q.predicate == RDFS.label and language_of(q.object) == language)}
            told.add(Quad(entity, RDFS.label, best, KG.entities))
    return told


def is_rule(node: object) -> bool:
    """Whether a node is a rule of extraction."""
    return isinstance(node, NamedNode) and node.value.startswith(f"{iris.DATA}rule/")


def language_of(term: object) -> str | None:
    """The language of a literal."""
    return term.language if isinstance(term, Literal) else None


def best_name(names: Mapping[Any, int], language: str) -> Literal | None:
    """The name that most articles give in a language; the first in order of code points among equals."""
    ranked = sorted(
        (-count, term.value, term)
        for term, count in names.items()
        if isinstance(term, Literal) and term.language == language
    )
    return ranked[0][2] if ranked else None
