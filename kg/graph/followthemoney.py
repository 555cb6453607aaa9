"""The graph as FollowTheMoney entities, a JSON object a line, for Aleph and OpenSanctions tools.

That model has no place for what is denied, planned or supposed, so only what is asserted or claimed is written, and
``status`` says which. Several articles' tellings of one claim are one link with several values.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping

from kg import vocabulary
from kg.datamodel import Entity, EntityId, LexiconId, digest
from kg.graph.dates import bounds
from kg.graph.records import ArticleRecord, ClaimRecord, EventRecord, Telling, read_articles, read_entities
from kg.graph.store import GraphStore
from kg.language.lexicon import load_lexicon

SCHEMATA = {
    **dict.fromkeys(("Official", "Person"), "Person"),
    **dict.fromkeys(("Faction", "PoliticalGroup", "MilitaryForce", "Organization", "MediaOutlet"), "Organization"),
    **dict.fromkeys(("Government", "GovernmentBody", "Country"), "PublicBody"),
    **dict.fromkeys(("City", "Region", "Base", "Facility"), "Address"),
    **dict.fromkeys(("Group", "UnnamedSource"), "LegalEntity"),
    **dict.fromkeys(("Agreement", "Document"), "Document"),
    "Office": "Position",
    "Weapon": "Asset",
    "Event": "Event",
}
"""Type of an entity -> schema. A country acts in news, and is the body that acts."""
_BODIES = frozenset({"Organization", "PublicBody"})
_ACTORS = _BODIES | {"Person", "LegalEntity"}
_LINKS = {
    "holdsOffice": ("Occupancy", "holder", "post", {"Person"}, {"Position"}),
    "formerOffice": ("Occupancy", "holder", "post", {"Person"}, {"Position"}),
    "memberOf": ("Membership", "member", "organization", _ACTORS, _BODIES),
    "leads": ("Directorship", "director", "organization", _ACTORS, _BODIES),
    "formerlyLed": ("Directorship", "director", "organization", _ACTORS, _BODIES),
}
"""Predicate -> schema, its two properties, and the schemata that may stand there; any other is an UnknownLink."""
_TOLD = frozenset({"asserted", "claimed"})
_SAFE_ID = re.compile(r"[0-9a-zA-Z]+(?:-[0-9a-zA-Z]+)*")
_ADDRESS = re.compile(r"https?://[\w.-]+(?:/[!-~]*)?", re.ASCII)
_FORBIDDEN = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ud800-\udfff\ufffe\uffff]")
Properties = dict[str, set[str]]


def ftm_lines(store: GraphStore) -> bytes:
    """All entities, articles, claims and events, sorted by id."""
    return b"".join(
        json.dumps(row, ensure_ascii=False, sort_keys=True).encode("utf-8", "replace") + b"\n"
        for row in sorted(_rows(store), key=_row_id)
    )


class _Made(dict[str, tuple[str, Properties]]):
    """Entities by id; what is told of one several times comes together."""

    def add(self, node: str, schema: str, values: Mapping[str, object]) -> None:
        properties = self.setdefault(node, (schema, {}))[1]
        for name, value in values.items():
            for each in value if isinstance(value, (list, tuple)) else (value,):
                if text := " ".join(_FORBIDDEN.sub(" ", str(each)).split()):
                    properties.setdefault(name, set()).add(text)


def _rows(store: GraphStore) -> Iterator[dict[str, object]]:
    made = _Made()
    entities = read_entities(store)
    for entity in entities.values():
        made.add(_id("entity", entity.id), SCHEMATA[entity.type], _entity(entity))
    for graph in read_articles(store):
        made.add(_id("article", graph.article.id), "Article", _article(graph.article, entities))
        for claim in (each for each in graph.claims if each.modality in _TOLD):
            schema, ends = _link(claim, entities)
            made.add(_id("claim", claim.id), schema, {**ends, **_said(claim, entities)})
        for event in (each for each in graph.events if each.modality in _TOLD):
            made.add(_id("event", event.id), "Event", {**_event(event, entities), **_said(event, entities)})
    for node, (schema, properties) in made.items():
        yield {"id": node, "schema": schema, "properties": {name: sorted(properties[name]) for name in properties}}


def _row_id(row: Mapping[str, object]) -> str:
    return str(row["id"])


def _id(kind: str, name: str) -> str:
    return f"{kind}-{name if _SAFE_ID.fullmatch(name) else digest('ftm', kind, name)}"


def _entity(entity: Entity) -> dict[str, object]:
    found: dict[str, object] = {
        "name": [entity.label_ar, entity.label_en],
        "alias": entity.aliases,
        "summary": entity.attributes.get("gloss", ""),
        "country": _code(entity),
    }
    if SCHEMATA[entity.type] == "Address":
        found |= {"full": entity.label_en, "latitude": entity.attributes.get("lat", "")}
        found["longitude"] = entity.attributes.get("lon", "")
    if SCHEMATA[entity.type] == "Document":
        found |= {"fileName": entity.label_en}
    return found


def _code(entity: Entity) -> str:
    """ISO 3166-1 in two letters, small, as the lexicon has it."""
    country = entity.id if entity.type == "Country" else entity.attributes.get("country", "")
    row = load_lexicon().entries.get(LexiconId(country))
    return row.attributes.get("iso2", "").lower() if row is not None else ""


def _article(article: ArticleRecord, entities: Mapping[EntityId, Entity]) -> dict[str, object]:
    return {
        "title": article.title,
        "fileName": article.id,
        "publisher": entities[article.outlet].label_en,
        "publishedAt": _days(article.published)[:1],
        "sourceUrl": article.url if _ADDRESS.fullmatch(article.url) else "",
        "language": "ara",
    }


def _link(claim: ClaimRecord, entities: Mapping[EntityId, Entity]) -> tuple[str, dict[str, object]]:
    ends = [_id("entity", claim.subject), _id("entity", claim.object)]
    kinds = [SCHEMATA[entities[each].type] for each in (claim.subject, claim.object)]
    schema, first, second, *allowed = _LINKS.get(claim.predicate, ("UnknownLink", "subject", "object", kinds, kinds))
    if not all(kind in may for kind, may in zip(kinds, allowed, strict=True)):
        schema, first, second = "UnknownLink", "subject", "object"
    span: dict[str, object] = {"startDate": _days(claim.valid_from)[:1], "endDate": _days(claim.valid_until)[1:]}
    role = {} if schema == "Occupancy" else {"role": vocabulary.label(vocabulary.predicate(claim.predicate))}
    return schema, {first: ends[0], second: ends[1], **span, **role}


def _event(event: EventRecord, entities: Mapping[EntityId, Entity]) -> dict[str, object]:
    parties = [entities[each] for each in (*event.agents, *event.targets)]
    places = [entities[each] for each in (*event.place, *event.targets)]
    spots = [each for each in places if SCHEMATA[each.type] == "Address"]
    return {
        "name": [event.label_ar, event.label_en],
        "keywords": event.type,
        "involved": [_id("entity", each.id) for each in parties if SCHEMATA[each.type] in _ACTORS],
        "addressEntity": [_id("entity", each.id) for each in spots],
        "location": [each.label_en for each in places],
        "country": [_code(each) for each in places],
    }


def _said(told: Telling, entities: Mapping[EntityId, Entity]) -> dict[str, object]:
    days = _days(told.date)
    when: dict[str, object] = (
        {"date": days[:1]} if len(set(days)) == 1 else {"startDate": days[:1], "endDate": days[1:]}
    )
    speaker = [entities[each].label_en for each in told.holders]
    words = f"{told.modality}, said by {', '.join(speaker)}" if speaker else told.modality
    return {
        **when,
        "summary": [quote.text for quote in told.evidence],
        "description": words,
        "publisher": entities[told.article.outlet].label_en,
        "proof": _id("article", told.article.id),
        "sourceUrl": told.article.url if _ADDRESS.fullmatch(told.article.url) else "",
    } | ({"status": told.modality} if isinstance(told, ClaimRecord) else {})


def _days(text: str) -> list[str]:
    found = bounds(text)
    return [day.isoformat() for day in found] if found else []
