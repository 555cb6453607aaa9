"""Chains of one document become entities of the corpus.

A chain that is linked takes the lexicon's id and facts. Any other takes a digest of its type and folded name, so
that the same name in two articles is one entity, except where a name says too little: unnamed sources, groups
and people known by one word get an id of their own article.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace

from kg import vocabulary
from kg.datamodel import (
    AUTHOR,
    Analysis,
    ChainId,
    CoreferenceChain,
    Document,
    Entity,
    EntityId,
    LexiconId,
    digest,
    unique,
)
from kg.language.arabic import ARABIC_LETTER, fold
from kg.language.lexicon import Lexicon, LexiconEntry
from kg.vocabulary import KG

LOCAL_TYPES = frozenset({"UnnamedSource", "Group"})
"""Types whose names stand for somebody else in every article."""
_BACKGROUND = "background:"
MENTIONED = "mentioned"
"""The attribute that is ``no`` for an entity that stands in a document's graph and not in its text."""
_SERVANT = re.compile(r"(?<!\S)(\u0639\u0628\u062f) (\S)")
FULL_NAME_TYPES = frozenset({"Official", "Person"})
"""Types for which one word is no name."""


def _no_entity(_: LexiconId) -> Entity | None:
    return None


def _no_outlet(_: str) -> LexiconId | None:
    return None


@dataclass(frozen=True, slots=True, kw_only=True)
class Background:
    """What is known before any article: facts of lexicon entities, and which outlet a name means."""

    entity: Callable[[LexiconId], Entity | None] = _no_entity
    outlet: Callable[[str], LexiconId | None] = _no_outlet

    @classmethod
    def of(cls, lexicon: Lexicon) -> Background:
        """The background that a lexicon gives."""
        entities = {key: lexicon_entity(entry) for key, entry in lexicon.entries.items()}
        outlets: dict[str, LexiconId] = {}
        for entry in lexicon.entries.values():
            if entry.type == "MediaOutlet":
                names = (entry.id, entry.name_en, *entry.aliases_en, *(form.text for form in entry.forms))
                for name in names:
                    outlets.setdefault(_outlet_key(name), entry.id)

        def outlet(name: str) -> LexiconId | None:
            return outlets.get(_outlet_key(name))

        return cls(entity=entities.get, outlet=outlet)


NO_BACKGROUND = Background()


def lexicon_entity(entry: LexiconEntry) -> Entity:
    """A lexicon row as an entity."""
    attributes = {key: value for key, value in sorted(entry.attributes.items()) if value}
    attributes |= {key: value for key, value in (("country", entry.country), ("parent", entry.parent)) if value}
    if entry.gloss:
        attributes["gloss"] = entry.gloss
    names = unique((*(form.text for form in entry.forms[1:]), *entry.aliases_en))
    return Entity(
        id=EntityId(entry.id),
        type=entry.type,
        label_ar=entry.name_ar,
        label_en=entry.name_en,
        aliases=tuple(sorted(names)),
        lexicon=entry.id,
        attributes=attributes,
    )


def resolve(analysis: Analysis, background: Background = NO_BACKGROUND) -> dict[ChainId, Entity]:
    """The entity of every chain of one document; under AUTHOR stands its outlet."""
    targets = {link.chain: link.target for link in analysis.links if link.target is not None}
    entities = {AUTHOR: outlet_entity(analysis.document.outlet, background)}
    for chain in analysis.chains:
        entities[chain.id] = _entity(chain, targets.get(chain.id), analysis.document, background)
    return entities | _surroundings(entities.values(), background)


def _surroundings(entities: Iterable[Entity], background: Background) -> dict[ChainId, Entity]:
    """The countries and parents that the lexicon gives, so that no node points at one without a label."""
    queue, found = list(entities), dict[ChainId, Entity]()
    while queue:
        entity = queue.pop()
        for key in ("country", "parent"):
            target = entity.attributes.get(key)
            name = ChainId(f"{_BACKGROUND}{target}")
            known = background.entity(LexiconId(target)) if target and name not in found else None
            if known is not None:
                found[name] = known
                queue.append(known)
    return found


def _entity(chain: CoreferenceChain, target: LexiconId | None, document: Document, background: Background) -> Entity:
    if target is not None:
        known = background.entity(target)
        if known is not None:
            return known
    label_en = chain.name_en or vocabulary.label(vocabulary.entity_type(chain.type))
    label_ar = chain.name_ar or vocabulary.label(vocabulary.entity_type(chain.type), "ar")
    return Entity(
        id=EntityId(target) if target is not None else minted_id(chain, document),
        type=chain.type,
        label_ar=label_ar,
        label_en=label_en,
        lexicon=target,
    )


def minted_id(chain: CoreferenceChain, document: Document) -> EntityId:
    """The id of a chain that no lexicon row stands for."""
    name = " ".join(fold(chain.name_ar).split())
    one_word = chain.type in FULL_NAME_TYPES and " " not in one_names(name)
    if not name or one_word or chain.type in LOCAL_TYPES:
        return EntityId(digest("local entity", document.id, chain.type, name or chain.id))
    return EntityId(digest("entity", chain.type, name))


def one_names(name: str) -> str:
    """A folded name with its servant names written as one word: Abd Allah is no fuller a name than Ahmad.

    >>> one_names("\u0639\u0628\u062f \u0627\u0644\u0644\u0647") == "\u0639\u0628\u062f\u0627\u0644\u0644\u0647"
    True
    """
    return _SERVANT.sub(r"\1\2", name)


def outlet_entity(name: str, background: Background = NO_BACKGROUND) -> Entity:
    """The entity of an outlet by its name, in either script."""
    target = background.outlet(name) if name.strip() else None
    known = background.entity(target) if target is not None else None
    if known is not None:
        return known
    if not name.strip():
        return Entity(
            id=EntityId("unknown-outlet"),
            type="MediaOutlet",
            label_ar=vocabulary.label(KG.UnknownOutlet, "ar"),
            label_en=vocabulary.label(KG.UnknownOutlet),
        )
    return Entity(
        id=EntityId(digest("entity", "MediaOutlet", _outlet_key(name))),
        type="MediaOutlet",
        label_ar=name.strip(),
        label_en=name.strip(),
    )


def _outlet_key(name: str) -> str:
    return " ".join(fold(name).casefold().replace("-", " ").split())


def language_of(name: str) -> str:
    """The language tag of a name by its script.

    >>> language_of("Al-Mada")
    'en'
    """
    return "ar" if ARABIC_LETTER.search(name) else "en"


def by_id(entities: Mapping[ChainId, Entity]) -> dict[EntityId, Entity]:
    """The entities by id, the outlet first, then in order of id."""
    mentioned = {e.id for key, e in entities.items() if key != AUTHOR and not key.startswith(_BACKGROUND)}
    found = {
        e.id: e if e.id in mentioned else replace(e, attributes={**e.attributes, MENTIONED: "no"})
        for e in entities.values()
    }
    outlet = found.pop(entities[AUTHOR].id)
    return {outlet.id: outlet} | {key: found[key] for key in sorted(found)}


def is_mentioned(entity: Entity) -> bool:
    """Whether the article itself names the entity; its outlet and a base's country may be there unnamed."""
    return entity.attributes.get(MENTIONED) != "no"
