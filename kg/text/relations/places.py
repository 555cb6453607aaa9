"""Where sites lie, forces stand, embassies belong; what an adjective of place says of a name."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace

from kg.datamodel import Attribution, LexiconId, RelationMention
from kg.language.arabic import DEFINITE
from kg.language.arguments import Reference
from kg.language.discourse import Discourse, innermost
from kg.language.lexicon import LexiconEntry
from kg.language.syntax import Item, Parse
from kg.text.relations.making import PLACES, is_nisba, make

_SITES = frozenset(("Base", "Facility", "City", "Region"))
_WIDER = {"Base": 0, "Facility": 0, "City": 1, "Region": 2, "Country": 3}
_WHERE = frozenset(("fi", "bi", "north", "south", "east", "west", "centre", "dakhil"))


def located(discourse: Discourse, sentence: int, parse: Parse, index: int) -> Iterator[RelationMention]:
    """A site whose phrase is followed by where it lies."""
    item = parse.items[index]
    meant = parse.denoted(index)
    site = next((m for m in reversed(meant) if discourse.mentions[m].type in _SITES), None)
    if site is None or parse.ranges[site][1] != item.last:
        return
    for place in range(index + 1, min(index + 3, len(parse.items))):
        other = parse.items[place]
        if other.kind == "comma":
            continue
        if other.kind == "np" and other.prep in _WHERE and other.joined < 0:
            country = _in_the_country(discourse, parse, site, other)
            if country is not None:
                yield make(discourse, sentence, "site-in-the-country", site, "locatedIn", country)
        if other.kind == "np" and other.prep in _WHERE and other.mentions and other.joined < 0:
            where = other.mentions[0]
            if _starts_with(parse, other, where) and _inside_of(discourse, parse, site, where):
                yield make(discourse, sentence, "site-in-place", site, "locatedIn", where)
        return


def _in_the_country(discourse: Discourse, parse: Parse, site: int, item: Item) -> LexiconId | None:
    """ "Kirkuk in the north of the country": the one that the lexicon says it lies in."""
    token = parse.tokens[item.last - 1]
    bare = token.norm[token.reading.core :].removeprefix(DEFINITE)
    if not parse.lexicon.words("place-noun").get(bare, "").startswith("country") or item.mentions:
        return None
    known = [parse.lexicon.entries[e] for e in discourse.mentions[site].candidates[:1]]
    country = LexiconId(known[0].country) if known and known[0].country else None
    return country if country in parse.lexicon.entries else None


def _inside_of(discourse: Discourse, parse: Parse, site: int, where: int) -> bool:
    """Whether a place may lie in another: the lexicon says so, or the kinds do and the lexicon does not object."""
    entries = parse.lexicon.entries
    here = [entries[e] for e in discourse.mentions[site].candidates[:1]]
    there = [entries[e] for e in discourse.mentions[where].candidates[:1]]
    if here and there and there[0].id in _wider_places(parse, here[0]):
        return True
    if here and there and here[0].country and there[0].country not in ("", here[0].country):
        return False
    kind, wider = discourse.mentions[site].type, discourse.mentions[where].type
    return wider in PLACES and _WIDER[kind] < _WIDER[wider]


def _wider_places(parse: Parse, entry: LexiconEntry) -> set[str]:
    """The places an entry lies in as far as the lexicon says, upwards."""
    found: set[str] = {entry.country}
    place = entry.attributes.get("place", "") or entry.parent
    while place and place not in found and LexiconId(place) in parse.lexicon.entries:
        found.add(place)
        place = parse.lexicon.entries[LexiconId(place)].parent
    return found


def _starts_with(parse: Parse, item: Item, mention: int) -> bool:
    """Only class nouns of places stand before the name."""
    heads = parse.lexicon.heads
    return all(
        parse.tokens[place].norm in heads or parse.tokens[place].reading.lemma in heads
        for place in range(item.first, parse.ranges[mention][0])
    )


def stations(
    discourse: Discourse, sentence: int, parse: Parse, attributions: Sequence[Attribution]
) -> Iterator[RelationMention]:
    """Foreign forces and factions "in" a country are deployed there: "the American forces in Iraq"."""
    if parse.sentence.question:
        return
    for index in range(len(parse.items) - 1):
        pair = _stationed(discourse, parse, index)
        if pair is None:
            continue
        force, place = pair
        relation = make(discourse, sentence, "force-in-place", force, "deployedIn", place, 0.7)
        attribution = innermost(attributions, sentence, discourse.mentions[force].span.start)
        if attribution is None:
            yield relation
        elif not attribution.denied:
            yield replace(relation, holders=attribution.holders, modality="claimed")


def _stationed(discourse: Discourse, parse: Parse, index: int) -> tuple[int, int] | None:
    item, other = parse.items[index], parse.items[index + 1]
    if not item.mentions or parse.ranges[item.mentions[-1]][1] != item.last or other.kind != "np":
        return None
    force = item.mentions[-1]
    kind = discourse.mentions[force].type
    placed = other.mentions and other.joined < 0 and discourse.mentions[other.mentions[0]].type in PLACES
    if kind not in ("MilitaryForce", "Faction") or other.prep not in ("fi", "bi") or not placed:
        return None
    if force not in parse.denoted(index) or _after_trigger(parse, index):
        return None
    entries = parse.lexicon.entries
    known = [entries[e] for e in discourse.mentions[force].candidates[:1]]
    if any(form.folded.endswith(discourse.mentions[other.mentions[0]].norm) for e in known for form in e.forms):
        return None  # the place is part of the name
    home = [entry.country for entry in known]
    place = [entries[e] for e in discourse.mentions[other.mentions[0]].candidates[:1]]
    foreign = bool(home and place and home[0]) and home[0] not in (place[0].id, place[0].country)
    return (force, other.mentions[0]) if foreign else None


def _after_trigger(parse: Parse, index: int) -> bool:
    """A noun or verb of action right before takes the place for itself."""
    before = parse.items[index - 1] if index else None
    return before is not None and (
        before.kind == "verb" or before.kind == "np" and any(parse.classes(t) for t in range(before.first, before.last))
    )


def owned(discourse: Discourse, sentence: int, parse: Parse, item: Item) -> Iterator[RelationMention]:
    """An embassy or consulate belongs to the country its adjective or genitive names."""
    for place, mention in enumerate(item.mentions):
        if discourse.mentions[mention].type != "Facility":
            continue
        first, last = parse.ranges[mention]
        head = parse.lexicon.heads.get(parse.tokens[first].norm[parse.tokens[first].reading.core :])
        if head is None or head.id not in ("head-sifara", "head-qunsuliyya"):
            continue
        owners = [parse.lexicon.nisba[parse.tokens[t].norm] for t in range(first, last) if is_nisba(parse, t)]
        named = [m for m in item.mentions[place + 1 : place + 2] if discourse.mentions[m].type == "Country"]
        references: list[Reference] = [*owners, *named]
        for owner in references[:1]:
            yield make(discourse, sentence, "embassy-of", owner, "owns", mention)


def by_nisba(discourse: Discourse, sentence: int, parse: Parse, item: Item) -> Iterator[RelationMention]:
    """ "the Iraqi (city of) Basra": an adjective of place after a site says where it lies."""
    for mention in item.mentions:
        last = parse.ranges[mention][1]
        if discourse.mentions[mention].type not in ("City", "Region", "Base") or last >= item.last:
            continue
        if not is_nisba(parse, last):
            continue
        country = parse.lexicon.nisba[parse.tokens[last].norm]
        entries = [parse.lexicon.entries[e] for e in discourse.mentions[mention].candidates[:1]]
        if parse.lexicon.entries[country].type == "Country" and (not entries or entries[0].country in ("", country)):
            yield make(discourse, sentence, "nisba-place", mention, "locatedIn", country, 0.8)


def foreign_loyalty(discourse: Discourse, sentence: int, parse: Parse, item: Item) -> Iterator[RelationMention]:
    """ "the Iranian Houthi militias": a foreign adjective on a named faction says whom it serves."""
    for mention in item.mentions:
        found = discourse.mentions[mention]
        if found.type != "Faction" or not found.candidates:
            continue
        home = parse.lexicon.entries[found.candidates[0]].country
        first, last = parse.ranges[mention]
        for token in (last - 1, last):
            if token > first and token < item.last and is_nisba(parse, token):
                country = parse.lexicon.nisba[parse.tokens[token].norm]
                if home and country != home and parse.lexicon.entries[country].type == "Country":
                    yield make(discourse, sentence, "foreign-adjective", mention, "loyalTo", country, 0.7)
