"""What all articles together say about each id: the profiles that resolution compares."""

from __future__ import annotations

import math
from collections import Counter, defaultdict
from collections.abc import Iterable
from dataclasses import replace
from datetime import date

from kg.datamodel import DocumentId, Entity, EntityId, LexiconId
from kg.graph.dates import bounds
from kg.graph.evidence import Profile
from kg.graph.lifted import Lifted
from kg.graph.resolve import MENTIONED, is_mentioned
from kg.language.arabic import ARABIC_LETTER
from kg.language.lexicon import load_lexicon

_OFFICES = frozenset({"holdsOffice", "formerOffice", "designatedTo"})
_BODIES = frozenset({"leads", "formerlyLed", "memberOf", "spokespersonFor", "loyalTo", "partOf"})
_NOT_COMPANY = frozenset({"MediaOutlet", "Weapon"})
PART = "@"
"""``ID@ARTICLE`` is what one article says of an id, where a judgement takes it by itself."""


class Corpus:
    """Profiles by unit: an id that entities have in their own articles, or the part of it that is one article's."""

    def __init__(self, parts: Iterable[str] = ()) -> None:
        self.parts = frozenset(parts)
        self.profiles: dict[EntityId, Profile] = {}
        self.known: dict[EntityId, Entity] = {}
        self.documents: set[DocumentId] = set()
        self.units: dict[EntityId, set[tuple[DocumentId, EntityId]]] = defaultdict(set)
        self._mentions: Counter[EntityId] = Counter()

    def unit(self, document: DocumentId, entity: EntityId) -> EntityId:
        """The unit of an entity in an article."""
        part = EntityId(f"{entity}{PART}{document}")
        return part if part in self.parts else entity

    def rarity(self, entity: EntityId) -> float:
        """How much it means that an article names a lexicon entity: ln of one in how many articles do."""
        return round(math.log(len(self.documents) / self._mentions[entity]), 3) if self._mentions[entity] else 0.0

    def add(self, lifted: Lifted) -> None:
        """Take in one article."""
        graph, document = lifted.graph, lifted.graph.document
        self.documents.add(document.id)
        days = bounds(document.published)
        named = [entity for entity in graph.entities if is_mentioned(entity)]
        company = {e.id for e in named if e.lexicon and e.type not in _NOT_COMPANY}
        self._mentions.update(company)
        countries = {e.id: e.id if e.type == "Country" else e.attributes.get("country", "") for e in graph.entities}
        for entity in graph.entities:
            if entity.lexicon:
                kept = {key: value for key, value in entity.attributes.items() if key != MENTIONED}
                self.known[entity.id] = replace(entity, attributes=kept)
        for entity in named:
            names = lifted.names.get(entity.id, (entity.label_ar,))
            self._add(entity, document.id, days[0] if days else None, names, company)
        for claim in graph.claims:
            profile = self.profiles.get(self.unit(document.id, claim.subject))
            if profile is None or claim.modality == "negated":
                continue
            if claim.predicate in _OFFICES:
                profile.offices.add(claim.object)
            elif claim.predicate in _BODIES:
                profile.organisations.add(claim.object)
            else:
                continue
            if country := countries.get(claim.object):
                profile.countries.add(country)

    def _add(
        self, entity: Entity, document: DocumentId, day: date | None, names: Iterable[str], company: set[EntityId]
    ) -> None:
        unit = self.unit(document, entity.id)
        lexicon = entity.lexicon if unit == entity.id else None  # a part is judged by itself, not by its link
        profile = self.profiles.setdefault(unit, Profile(id=unit, lexicon=lexicon))
        self.units[unit].add((document, entity.id))
        profile.types[entity.type] = profile.types.get(entity.type, 0) + 1
        profile.documents.add(document)
        if day is not None:
            profile.days.add(day)
        if profile.lexicon is None:
            profile.names |= {name for name in (entity.label_ar, *_full(entity, names)) if name}
            profile.latin.add(entity.label_en)
        elif not profile.names:
            profile.names.add(entity.label_ar)
            profile.latin.add(entity.label_en)
            profile.aliases |= set(_aliases(entity))
            if country := entity.attributes.get("country"):
                profile.countries.add(country)
        for other in company - {entity.id}:
            profile.company[other] = profile.company.get(other, 0) + 1


def _full(entity: Entity, names: Iterable[str]) -> list[str]:
    """Names of one word say little beside a longer one, and less of people."""
    if " " not in entity.label_ar.strip():
        return []
    wanted = 2 if entity.type in ("Official", "Person") else 1
    return [name for name in names if len(name.split()) >= max(wanted, len(entity.label_ar.split()) - 1)]


def _aliases(entity: Entity) -> list[str]:
    """What the lexicon lists as full names; short forms are many things' names."""
    entry = load_lexicon().entries.get(LexiconId(entity.lexicon or ""))
    if entry is not None:
        return [form.text for form in entry.forms if not form.short]
    return [alias for alias in entity.aliases if ARABIC_LETTER.search(alias)]
