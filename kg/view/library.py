"""The graph folder as the workbench sees it: read once, read again when it has changed."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from pathlib import Path

import networkx as nx

from kg.datamodel import Analysis, ChainId, Document, DocumentId, Entity, EntityId, Span
from kg.errors import InputError
from kg.graph.claims import assert_claims
from kg.graph.folder import GraphFolder
from kg.graph.network import network
from kg.graph.resolve import NO_BACKGROUND, Background, resolve
from kg.graph.store import GraphStore
from kg.language.arabic import name_key
from kg.view.rivals import Edge, denied_claims, edges, event_conflicts
from kg.view.story import story, widen
from kg.view.worker import stamp

Analyse = Callable[[Document], Analysis]
MOST_NODES = 400
"""How many nodes a graph in the workbench holds; the rest comes by expansion."""


@dataclass(frozen=True, slots=True, kw_only=True)
class State:
    """All of a store at one moment."""

    folder: GraphFolder
    graph: nx.MultiDiGraph
    documents: tuple[Document, ...]
    """Every article without its text, which a page that lists them does not need."""
    contradictions: int
    names: tuple[tuple[str, str], ...]
    """Folded names with their nodes, most spoken-of first."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Piece:
    """A stretch of an article's text: plain, or the name of an entity."""

    text: str
    entity: EntityId | None = None
    type: str = ""
    sentence: int = -1


@dataclass(frozen=True, slots=True, kw_only=True)
class Reading:
    """An article as the reader shows it."""

    document: Document
    pieces: tuple[Piece, ...]
    graph: nx.MultiDiGraph


class Library:
    """Hands out the state of a folder; threads may share it."""

    def __init__(self, path: Path, analyse: Analyse, background: Background = NO_BACKGROUND) -> None:
        self.path, self.analyse, self.background = path, analyse, background
        self._lock = threading.Lock()
        self._state: State | None = None
        self._stamp: tuple[int, ...] = ()

    def state(self) -> State:
        """The folder as it is now."""
        with self._lock:
            now = stamp(self.path / "store")
            if self._state is None or now != self._stamp:
                self._state, self._stamp = self._read(), now
            return self._state

    def _read(self) -> State:
        folder = GraphFolder.open(self.path, read_only=True)
        graph = story(folder)
        return State(
            folder=folder,
            graph=graph,
            documents=tuple(replace(document, text="") for document in folder.documents()),
            contradictions=len(denied_claims(graph)) + len(event_conflicts(graph)),
            names=_names(graph),
        )

    def document(self, name: str) -> Document:
        """An article by its id; InputError if the store has none of that id."""
        state = self.state()
        if all(document.id != name for document in state.documents):
            raise InputError(f"no article has the id {name[:80]!r}")
        return state.folder.document(DocumentId(name))

    def pieces(self, document: Document) -> tuple[Piece, ...]:
        """Analyse an article here and now, for its names alone."""
        analysis = self.analyse(document)
        return _marked(analysis, resolve(analysis, self.background))

    def read(self, document: Document) -> Reading:
        """Analyse an article here and now, for the reader: names, claims, graph."""
        analysis = self.analyse(document)
        entities = resolve(analysis, self.background)
        lifted = assert_claims(analysis, entities)
        memory = GraphStore.memory()
        memory.write(lifted)
        graph = network(memory)
        for *_, data in graph.edges(data=True):
            widen(data, document.text)
        return Reading(document=document, pieces=_marked(analysis, entities), graph=graph)

    def part(self, about: Iterable[str], *, limit: int = MOST_NODES) -> nx.MultiDiGraph:
        """Nodes with what they touch, the most spoken-of first where that is too much."""
        graph = self.state().graph
        wanted = [node for node in about if node in graph]
        if not wanted:
            raise InputError("no node of the graph has this id")
        near = {other for node in wanted for other in (*graph.predecessors(node), *graph.successors(node))}
        near |= {
            other
            for event in [node for node in near if graph.nodes[node].get("kind") == "event"]
            for other in graph.successors(event)
        }
        ranked = sorted(near - set(wanted), key=lambda node: (-graph.degree(node), str(node)))
        kept: nx.MultiDiGraph = graph.subgraph([*wanted, *ranked[:limit]]).copy()
        return kept

    def most_spoken_of(self, limit: int = MOST_NODES) -> nx.MultiDiGraph:
        """The heart of the graph."""
        graph = self.state().graph
        ranked = sorted(graph, key=lambda node: (-graph.degree(node), str(node)))
        kept: nx.MultiDiGraph = graph.subgraph(ranked[:limit]).copy()
        return kept

    def find(self, query: str, limit: int = 30) -> list[str]:
        """Nodes by a part of a name, in any spelling: the whole name first, then its beginning, then inside."""
        wanted = name_key(query)
        if not wanted:
            return []
        ranked: dict[str, int] = {}
        for name, node in self.state().names:
            at = name.find(wanted)
            if at >= 0:
                score = 0 if name == wanted else 1 if at == 0 else 2 if name[at - 1] == " " else 3
                ranked[node] = min(score, ranked.get(node, 9))
        return sorted(ranked, key=lambda node: ranked[node])[:limit]

    def claims_of(self, article: str) -> list[Edge]:
        """The claims of one article."""
        return [edge for edge in edges(self.state().graph, "claim") if edge.data.get("document") == article]


def touching(graph: nx.MultiDiGraph, node: str) -> nx.MultiDiGraph:
    """All edges of one node, however many; InputError if the graph has no such node."""
    if node not in graph:
        raise InputError(f"no node of the graph has the id {node[:80]!r}")
    found: nx.MultiDiGraph = graph.edge_subgraph([*graph.in_edges(node, keys=True), *graph.out_edges(node, keys=True)])
    return found


def _names(graph: nx.MultiDiGraph) -> tuple[tuple[str, str], ...]:
    ranked = sorted(graph, key=lambda node: (-graph.degree(node), str(node)))
    return tuple(
        (name_key(str(name)), str(node))
        for node in ranked
        for data in (graph.nodes[node],)
        for name in (data.get("label_ar"), data.get("label_en"), *data.get("aliases", ()))
        if name
    )


def _marked(analysis: Analysis, entities: Mapping[ChainId, Entity]) -> tuple[Piece, ...]:
    by_name = {mention.span: chain.id for chain in analysis.chains for mention in chain.mentions}
    marks = [
        (mention.span, entities[by_name[mention.span]], mention.sentence)
        for mention in analysis.mentions
        if mention.span in by_name and by_name[mention.span] in entities
    ]
    return tuple(_pieces(analysis.document.text, marks))


def _pieces(text: str, marks: list[tuple[Span, Entity, int]]) -> Iterable[Piece]:
    place = 0
    for span, entity, sentence in sorted(marks, key=_mark_order):
        if span.start < place:
            continue
        if span.start > place:
            yield Piece(text=text[place : span.start])
        yield Piece(text=span.of(text), entity=entity.id, type=entity.type, sentence=sentence)
        place = span.end
    if place < len(text):
        yield Piece(text=text[place:])


def _mark_order(mark: tuple[Span, Entity, int]) -> tuple[int, int]:
    return mark[0].start, -mark[0].end
