"""Tables: entities, claims, events and articles as rows, and events in the columns of ACLED."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from kg import vocabulary
from kg.datamodel import Entity, EntityId
from kg.graph.dates import bounds
from kg.graph.records import ArticleGraph, EventRecord, Telling, read_articles, read_entities
from kg.graph.store import GraphStore

Rows = list[list[object]]
_ACLED = (
    "event_id_cnty event_date year time_precision disorder_type event_type sub_event_type actor1 actor2 location "
    "latitude longitude country admin1 source source_scale notes fatalities"
).split()
_OURS = "plover cameo modality said_by confidence killed wounded count event_type_kg document".split()
_EVENT_TYPES = {
    "Attack": "Explosions/Remote violence",
    "Killing": "Violence against civilians",
    "Clash": "Battles",
    "Protest": "Protests",
}


def tables(store: GraphStore) -> Iterator[tuple[str, Rows]]:
    """Four tables that join on ids: entities, articles, claims, events."""
    entities = read_entities(store)
    yield "entities", _entities(entities.values())
    articles: Rows = [["id", "title", "outlet", "outlet_name", "published", "url", "claims", "events"]]
    said = ["modality", "holders", "date", "certainty", "confidence", "outlet", "published", "document"]
    place = ["start", "end", "quote", "rule"]
    claims: Rows = [["id", "subject", "subject_name", "predicate", "object", "object_name", *said, *place]]
    roles = ["agents", "targets", "place", "instrument", "count", "killed", "wounded", "responsibility"]
    events: Rows = [["id", "type", "label_ar", "label_en", *roles, *said, *place]]
    for graph in read_articles(store):
        article = graph.article
        outlet = entities[article.outlet].label_en
        articles.append(
            [article.id, article.title, article.outlet, outlet, article.published, article.url, *_counts(graph)]
        )
        for claim in graph.claims:
            names = [entities[each].label_en for each in (claim.subject, claim.object)]
            row = [claim.id, claim.subject, names[0], claim.predicate, claim.object, names[1]]
            claims.append([*row, *_said(claim)])
        for event in graph.events:
            events.append(
                [event.id, event.type, event.label_ar, event.label_en]
                + [" ".join(ids) for ids in (event.agents, event.targets, event.place, event.instrument)]
                + [_blank(number) for number in (event.count, event.killed, event.wounded)]
                + [" ".join(_position(event)), *_said(event)]
            )
    yield from (("articles", articles), ("claims", claims), ("events", events))


def _counts(graph: ArticleGraph) -> tuple[int, int]:
    return len(graph.claims), len(graph.events)


def _entities(entities: Iterable[Entity]) -> Rows:
    keys = ["country", "parent", "lat", "lon", "gloss"]
    rows: Rows = [["id", "type", "label_ar", "label_en", "aliases", "lexicon", *keys]]
    for entity in entities:
        row = [entity.id, entity.type, entity.label_ar, entity.label_en, " | ".join(entity.aliases)]
        rows.append([*row, entity.lexicon or "", *(entity.attributes.get(key, "") for key in keys)])
    return rows


def _said(telling: Telling) -> list[object]:
    quote = telling.evidence[0]
    return [
        telling.modality,
        " ".join(telling.holders),
        telling.date,
        telling.certainty,
        telling.confidence,
        telling.article.outlet,
        telling.article.published,
        telling.article.id,
        quote.span.start,
        quote.span.end,
        quote.text,
        telling.rules[0],
    ]


def _position(event: EventRecord) -> list[str]:
    return [f"{each.status}:{each.actor or ''}:{each.sayer}" for each in event.positions]


def _blank(number: int | None) -> object:
    return "" if number is None else number


def acled_table(store: GraphStore) -> Rows:
    """Events that an outlet or somebody says happened, in ACLED's columns; what the text is silent on stays empty.

    ``event_type`` is filled for the types that ACLED counts. Planned, negated and hypothetical events are left out.
    """
    entities = read_entities(store)
    rows: Rows = [[*_ACLED, *_OURS]]
    for graph in read_articles(store):
        for event in graph.events:
            if event.modality in ("asserted", "claimed"):
                rows.append(_acled(event, entities))
    return rows


def _acled(event: EventRecord, entities: dict[EntityId, Entity]) -> list[object]:
    codes = vocabulary.codes(event.type)
    days = bounds(event.date)
    spot = _spot(event, entities)
    country = _country(spot, entities)
    sub_events = [code for match, code in codes.get("acled", ()) if match == "close"]
    admin = spot.attributes.get("parent", "") if spot else ""
    kind = _EVENT_TYPES.get(event.type, "")
    return [
        event.id,
        days[0].isoformat() if days else "",
        days[0].year if days else "",
        _precision(event.date),
        "Demonstrations" if kind == "Protests" else "Political violence" if kind else "",
        kind or ("Strategic developments" if event.type == "Agreement" else ""),
        sub_events[0] if sub_events and sub_events[0] != kind else "",
        "; ".join(entities[each].label_en for each in event.agents),
        "; ".join(entities[each].label_en for each in event.targets),
        spot.label_en if spot else "",
        spot.attributes.get("lat", "") if spot else "",
        spot.attributes.get("lon", "") if spot else "",
        country,
        entities[EntityId(admin)].label_en if admin in entities else "",
        entities[event.article.outlet].label_en,
        "",
        event.evidence[0].text,
        _blank(event.killed),
        " ".join(code for _, code in codes.get("plover", ())),
        " ".join(code for _, code in codes.get("cameo", ())),
        event.modality,
        "; ".join(entities[each].label_en for each in event.holders),
        event.confidence,
        _blank(event.killed),
        _blank(event.wounded),
        _blank(event.count),
        event.type,
        event.article.id,
    ]


def _spot(event: EventRecord, entities: dict[EntityId, Entity]) -> Entity | None:
    places = {"Base", "Facility", "City", "Region", "Country"}
    found = [entities[each] for each in (*event.targets, *event.place) if entities[each].type in places]
    with_coordinates = [each for each in found if "lat" in each.attributes]
    return next(iter((*with_coordinates, *found)), None)


def _country(spot: Entity | None, entities: dict[EntityId, Entity]) -> str:
    if spot is None:
        return ""
    if spot.type == "Country":
        return spot.label_en
    country = EntityId(spot.attributes.get("country", ""))
    return entities[country].label_en if country in entities else ""


def _precision(date: str) -> object:
    """ACLED's: 1 the day is known, 2 a week, 3 a month or more."""
    days = bounds(date)
    if days is None:
        return ""
    length = (days[1] - days[0]).days
    return 1 if length == 0 else 2 if length < 8 else 3
