"""What the lexicon knows of who held which office when, in a graph of its own: kg:background.

It has the tenures of every office that the corpus names, of every office that somebody whom it names has held, and of
the offices of countries that ten articles or more name: so small graphs stay small.
Nothing in it comes from an article, and no other graph takes anything from it.
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import islice

from pyoxigraph import Literal, NamedNode, Quad

from kg import vocabulary
from kg.datamodel import EntityId, LexiconId
from kg.graph import iris
from kg.graph.dates import bounds
from kg.graph.rdf import day_literal, text_literal
from kg.graph.store import GraphStore
from kg.language.lexicon import Lexicon, LexiconEntry, Tenure, load_lexicon
from kg.vocabulary import KG, ORG, RDF, RDFS, SCHEMA

ARTICLES = 10


def write_background(store: GraphStore, lexicon: Lexicon | None = None) -> None:
    """Bring kg:background in line with what the store names."""
    store.replace_graph(KG.background, set(background_quads(store, lexicon or load_lexicon())))


def background_quads(store: GraphStore, lexicon: Lexicon) -> Iterator[Quad]:
    """The tenures that matter to the store, with labels of people and offices that it does not name itself."""
    named = {
        LexiconId(quad.object.value)
        for quad in store.raw.quads_for_pattern(None, KG.lexiconId, None, KG.entities)
        if isinstance(quad.object, Literal)
    }
    countries = {name for name in named if _is_subject(store, name, lexicon)}
    offices = {
        tenure.office
        for tenure in lexicon.tenures
        if {tenure.office, tenure.person} & named or lexicon.entries[tenure.office].country in countries
    }
    told: set[LexiconId] = set()
    for tenure in lexicon.tenures:
        if tenure.office in offices:
            person, office = lexicon.entries[tenure.person], lexicon.entries[tenure.office]
            yield from _tenure(tenure, person, office)
            for entry in (person, office):
                if entry.id not in told | named:
                    told.add(entry.id)
                    yield from _label(entry)


def _is_subject(store: GraphStore, name: LexiconId, lexicon: Lexicon) -> bool:
    """Whether it is a country that enough articles name."""
    entry = lexicon.entries.get(name)
    if entry is None or entry.type != "Country":
        return False
    mentions = store.raw.quads_for_pattern(None, SCHEMA.mentions, iris.entity_iri(EntityId(name)), None)
    return sum(1 for _ in islice(mentions, ARTICLES)) == ARTICLES


def _tenure(tenure: Tenure, person: LexiconEntry, office: LexiconEntry) -> Iterator[Quad]:
    node = iris.tenure_iri(EntityId(person.id), EntityId(office.id), tenure.start, tenure.end)
    yield _quad(node, RDF.type, ORG.Membership)
    yield _quad(node, ORG.member, iris.entity_iri(EntityId(person.id)))
    yield _quad(node, KG.post, iris.entity_iri(EntityId(office.id)))
    yield _quad(node, RDFS.label, text_literal(f"{person.name_ar}: {office.name_ar}", "ar"))
    yield _quad(node, RDFS.label, text_literal(f"{person.name_en}: {office.name_en}", "en"))
    days = ((KG.validFrom, tenure.start, 0), (KG.validUntil, tenure.end, 1), (KG.asOf, _known_until(tenure), 1))
    for predicate, value, index in days:
        if found := bounds(value):
            yield _quad(node, predicate, day_literal(found[index]))


def _known_until(tenure: Tenure) -> str:
    """The year in which somebody is last known to be in office."""
    return "" if tenure.end else tenure.status.partition("current-")[2][:4]


def _label(entry: LexiconEntry) -> Iterator[Quad]:
    node = iris.entity_iri(EntityId(entry.id))
    yield _quad(node, RDF.type, vocabulary.entity_type(entry.type))
    yield _quad(node, RDFS.label, text_literal(entry.name_ar, "ar"))
    yield _quad(node, RDFS.label, text_literal(entry.name_en, "en"))


def _quad(subject: NamedNode, predicate: NamedNode, value: NamedNode | Literal) -> Quad:
    return Quad(subject, predicate, value, KG.background)
