"""What is new between two states of a graph: the report an analyst wants on the second morning."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

import networkx as nx

from kg.language.arabic import isolate
from kg.view.figure import name_of
from kg.view.report import plain_markdown
from kg.view.rivals import Edge, edges
from kg.view.words import Language, word

_ARROW = "\N{RIGHTWARDS ARROW}"
Triple = tuple[str, str, str]


@dataclass(frozen=True, slots=True, kw_only=True)
class Difference:
    """Claims and nodes that came and went, and triples that are said in another way now."""

    new_claims: tuple[Edge, ...]
    gone_claims: tuple[Edge, ...]
    new_entities: tuple[str, ...]
    new_events: tuple[str, ...]
    changed: tuple[tuple[Edge, tuple[str, ...], tuple[str, ...]], ...]

    def __bool__(self) -> bool:
        return any((self.new_claims, self.gone_claims, self.new_entities, self.new_events, self.changed))


def difference(before: nx.MultiDiGraph, after: nx.MultiDiGraph) -> Difference:
    """Compare two graphs by the ids of claims; the same claim in one more article is not news."""
    old, new = _by_claim(before), _by_claim(after)
    fresh = [name for name in after if name not in before]
    events = [str(name) for name in fresh if after.nodes[name].get("kind") == "event"]
    old_ways, new_ways = _ways(old.values()), _ways(new.values())
    samples = {_triple(edge): edge for edge in new.values()}
    return Difference(
        new_claims=tuple(edge for key, edge in new.items() if key not in old and _triple(edge) not in old_ways),
        gone_claims=tuple(edge for key, edge in old.items() if key not in new and _triple(edge) not in new_ways),
        new_entities=tuple(sorted(str(name) for name in fresh if str(name) not in set(events))),
        new_events=tuple(sorted(events)),
        changed=tuple(
            (samples[triple], old_ways[triple], ways)
            for triple, ways in sorted(new_ways.items())
            if triple in old_ways and old_ways[triple] != ways
        ),
    )


def _by_claim(graph: nx.MultiDiGraph) -> dict[str, Edge]:
    found: dict[str, Edge] = {}
    for edge in edges(graph, "claim"):
        found.setdefault(str(edge.data.get("claim") or edge.key), edge)
    return dict(sorted(found.items()))


def _triple(edge: Edge) -> Triple:
    return edge.subject, str(edge.data.get("predicate")), edge.object


def _ways(claims: Iterable[Edge]) -> dict[Triple, tuple[str, ...]]:
    found: dict[Triple, set[str]] = {}
    for edge in claims:
        found.setdefault(_triple(edge), set()).add(str(edge.data.get("modality") or "asserted"))
    return {triple: tuple(sorted(ways)) for triple, ways in found.items()}


def difference_markdown(before: nx.MultiDiGraph, after: nx.MultiDiGraph, *, language: Language = "ar") -> str:
    """The difference as Markdown, each claim with its words and their outlet."""
    found = difference(before, after)
    lines = [f"# {word('difference:title', language)}", ""]
    if not found:
        lines.append(word("difference:nothing", language))
    for key, claims, graph in (
        ("difference:new-claims", found.new_claims, after),
        ("difference:gone-claims", found.gone_claims, before),
    ):
        lines += _section(key, [_claim(graph, edge, language) for edge in claims], language)
    changed = [
        f"{_said(after, edge, language)}: {_modalities(old, language)} {_ARROW} {_modalities(new, language)}"
        for edge, old, new in found.changed
    ]
    lines += _section("difference:changed", changed, language)
    for key, names in (("difference:new-events", found.new_events), ("difference:new-names", found.new_entities)):
        lines += _section(key, [isolate(plain_markdown(name_of(after, name, language))) for name in names], language)
    return "\n".join(lines).rstrip() + "\n"


def _section(key: str, items: Iterable[str], language: Language) -> list[str]:
    listed = [f"- {item}" for item in items]
    return [f"## {word(key, language)} ({len(listed)})", "", *listed, ""] if listed else []


def _said(graph: nx.MultiDiGraph, edge: Edge, language: Language) -> str:
    names = name_of(graph, edge.subject, language), name_of(graph, edge.object, language)
    predicate = word(f"predicate:{edge.data.get('predicate')}", language)
    return isolate(plain_markdown(f"{names[0]} {predicate} {names[1]}"))


def _claim(graph: nx.MultiDiGraph, edge: Edge, language: Language) -> str:
    modality = word(f"modality:{edge.data.get('modality') or 'asserted'}", language)
    named = edge.data.get("outlet"), str(edge.data.get("published") or "")[:10]
    source = ", ".join(isolate(plain_markdown(str(part))) for part in named if part)
    quote = plain_markdown(str(edge.data.get("quote") or ""))
    return f"{_said(graph, edge, language)} \N{EM DASH} {modality}\n\n  > {quote} ({source})\n"


def _modalities(names: Iterable[str], language: Language) -> str:
    return " + ".join(word(f"modality:{name}", language) for name in names)
