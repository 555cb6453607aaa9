"""Many articles into an empty store at once: the quads that writing them one by one would leave.

An article's own graph is given on as it comes; what articles share (entities, rules, plain facts) is held until the
end and written once.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator

from pyoxigraph import Literal, NamedNode, Quad

from kg.datamodel import DocumentGraph, Entity, EntityId
from kg.graph import iris
from kg.graph.described import labelled
from kg.graph.rdf import entity_quads, parts, rule_quads, text_literal
from kg.vocabulary import KG


def bulk_quads(graphs: Iterable[tuple[DocumentGraph, str]]) -> Iterator[Quad]:
    """All quads of articles with their digests, each article once.

    What the store keeps of an entity is what the last article that names it tells, with the label that most vote for
    (see ``GraphStore.write``).
    """
    entities: dict[EntityId, Entity] = {}
    names: dict[EntityId, Counter[Literal]] = {}
    facts: set[Quad] = set()
    rules: set[NamedNode] = set()
    for graph, digest in graphs:
        own, plain, used = parts(graph)
        yield from own
        article = iris.article_iri(graph.document.id)
        yield Quad(article, KG.digest, Literal(digest), article)
        facts.update(plain)
        for node in used.keys() - rules:
            rules.add(node)
            yield from rule_quads(node, used[node])
        for entity in {entity.id: entity for entity in graph.entities}.values():
            entities[entity.id] = entity
            if entity.lexicon is None:
                votes = names.setdefault(entity.id, Counter())
                votes[text_literal(entity.label_ar, "ar")] += 1
                votes[text_literal(entity.label_en, "en")] += 1
    yield from facts
    for key, entity in entities.items():
        yield from labelled(iris.entity_iri(key), set(entity_quads(entity)), names.get(key, Counter()))
