"""Hand-built analyses: what a document's analysis would be, from ``cases/articles.json``."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from kg.datamodel import (
    AUTHOR,
    Analysis,
    ChainId,
    CoreferenceChain,
    Document,
    DocumentGraph,
    DocumentId,
    Entity,
    EntityId,
    EventMention,
    LexiconId,
    Link,
    Mention,
    RelationMention,
    Sentence,
    Span,
)
from kg.graph.claims import assert_claims
from kg.graph.resolve import Background, resolve

CASES = json.loads((Path(__file__).parent / "cases" / "articles.json").read_text(encoding="utf-8"))


def background() -> Background:
    entities = {row["id"]: _known(row) for row in CASES["background"]}
    return Background(entity=entities.get)


def _known(row: dict[str, Any]) -> Entity:
    return Entity(
        id=EntityId(row["id"]),
        type=row["type"],
        label_ar=row["ar"],
        label_en=row["en"],
        aliases=tuple(row.get("aliases", ())),
        lexicon=LexiconId(row["id"]),
        attributes=row.get("attributes", {}),
    )


def analyses() -> list[Analysis]:
    return [analysis(row) for row in CASES["articles"]]


def graphs() -> list[DocumentGraph]:
    return [lift(each) for each in analyses()]


def corpus() -> list[DocumentGraph]:
    """The articles of ``graphs`` and two more that contradict each other: something for every question."""
    more = json.loads((Path(__file__).parent / "cases" / "more.json").read_text(encoding="utf-8"))
    return graphs() + [lift(analysis(row)) for row in more]


def lift(each: Analysis) -> DocumentGraph:
    return assert_claims(each, resolve(each, background()))


def analysis(row: dict[str, Any]) -> Analysis:
    text, sentences = "", []
    for index, piece in enumerate(row["sentences"]):
        sentences.append(
            Sentence(span=Span(len(text), len(text) + len(piece)), index=index, first_token=0, last_token=0)
        )
        text += piece + "\n"
    document = Document(
        id=DocumentId(row["id"]), text=text, title=row["title"], outlet=row["outlet"], published=row["published"]
    )
    chains = tuple(_chain(each, text) for each in row["chains"])
    return Analysis(
        document=document,
        sentences=tuple(sentences),
        tokens=(),
        mentions=tuple(mention for chain in chains for mention in chain.mentions),
        times=(),
        chains=chains,
        links=tuple(
            Link(chain=ChainId(each["id"]), target=each.get("link"), score=1.0, reasons=("by hand",))
            for each in row["chains"]
        ),
        relations=tuple(_relation(each, sentences) for each in row["relations"]),
        events=tuple(_event(each, sentences, text) for each in row["events"]),
        attributions=(),
        version="test-1",
    )


def _chain(row: dict[str, Any], text: str) -> CoreferenceChain:
    start = max(text.find(row["ar"]), 0)
    mention = Mention(
        span=Span(start, start + len(row["ar"])),
        type=row["type"],
        norm=row["ar"],
        sentence=0,
        source="hand",
        score=1.0,
        reason="by hand",
    )
    return CoreferenceChain(
        id=ChainId(row["id"]), type=row["type"], name_ar=row["ar"], name_en=row["en"], mentions=(mention,)
    )


def _chains(row: dict[str, Any], key: str) -> tuple[ChainId, ...]:
    return tuple(ChainId(name) for name in row.get(key, ()))


def _relation(row: dict[str, Any], sentences: list[Sentence]) -> RelationMention:
    span = sentences[row["sentence"]].span
    return RelationMention(
        predicate=row["predicate"],
        subject=ChainId(row["subject"]),
        object=ChainId(row["object"]),
        sentence=row["sentence"],
        span=span,
        trigger=span,
        holders=_chains(row, "holders") or (AUTHOR,),
        modality=row.get("modality", "asserted"),
        date=row.get("date"),
        valid_from=row.get("valid_from"),
        valid_until=row.get("valid_until"),
        confidence=row["confidence"],
        rule=f"{row['predicate']}-1",
    )


def _event(row: dict[str, Any], sentences: list[Sentence], text: str) -> EventMention:
    start = text.index(row["surface"], sentences[row["sentence"]].span.start)
    return EventMention(
        type=row["type"],
        trigger=Span(start, start + len(row["surface"])),
        sentence=row["sentence"],
        span=sentences[row["sentence"]].span,
        agents=_chains(row, "agents"),
        targets=_chains(row, "targets"),
        place=_chains(row, "place"),
        instrument=_chains(row, "instrument"),
        count=row.get("count"),
        date=row.get("date"),
        killed=row.get("killed"),
        wounded=row.get("wounded"),
        alleged_agents=tuple((ChainId(a), ChainId(b)) for a, b in row.get("alleged", ())),
        responsibility=row.get("responsibility", ""),
        holders=_chains(row, "holders") or (AUTHOR,),
        modality=row.get("modality", "asserted"),
        confidence=row["confidence"],
        rule="attack-1",
    )
