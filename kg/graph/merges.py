"""Why ids of several articles are one entity, for people (``merges.tsv``) and for queries (the graph kg:merges)."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import islice

from pyoxigraph import Quad

from kg.datamodel import EntityId
from kg.graph import iris
from kg.graph.corpus import Corpus
from kg.graph.evidence import Evidence, Feature
from kg.graph.rdf import decimal, text_literal
from kg.graph.resolution import Resolution
from kg.graph.resolve import language_of
from kg.vocabulary import KG, RDF

_NAMES = 3


def merges_table(resolution: Resolution) -> str:
    """One line a merge: the entity, the two ids, the sum, and each feature with its weight."""
    lines = ["entity\tone\tother\tscore\tbecause"]
    for each in resolution.merges:
        because = "; ".join(map(_reason, each.features))
        lines.append(f"{resolution.groups[each.one]}\t{each.one}\t{each.other}\t{each.score:g}\t{because}")
    return "\n".join(lines) + "\n"


def merge_quads(corpus: Corpus, resolution: Resolution) -> Iterator[Quad]:
    """The same as quads: what was united, under which names, with which sum, for which reasons."""
    for each in resolution.merges:
        yield from _quads(corpus, each, resolution.groups[each.one])


def _quads(corpus: Corpus, each: Evidence, entity: EntityId) -> Iterator[Quad]:
    node = iris.merge_iri(each.one, each.other)
    yield Quad(node, RDF.type, KG.Merge, KG.merges)
    yield Quad(node, KG.united, iris.entity_iri(entity), KG.merges)
    yield Quad(node, KG.score, decimal(each.score), KG.merges)
    for unit in (each.one, each.other):
        yield Quad(node, KG.unit, text_literal(unit), KG.merges)
        for name in islice(sorted(corpus.profiles[unit].names), _NAMES):
            yield Quad(node, KG.nameInText, text_literal(name, language_of(name)), KG.merges)
    for feature in each.features:
        yield Quad(node, KG.reason, text_literal(_reason(feature)), KG.merges)


def _reason(feature: Feature) -> str:
    return f"{feature.name} {feature.weight:+g}" + (f" ({feature.detail})" if feature.detail else "")
