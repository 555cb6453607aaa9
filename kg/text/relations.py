"""Relations: those that frames state, and those that the shape of a noun phrase states.

A title beside a name, a place beside a place, "X of the Y brigade": the outlet itself affirms these, even
inside somebody's quoted words.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace

from kg.datamodel import AUTHOR, Attribution, ChainId, LexiconId, Modality, RelationMention
from kg.language.arguments import Reference
from kg.language.discourse import Discourse, innermost
from kg.language.lexicon import LexiconEntry
from kg.language.matches import FrameMatch
from kg.language.syntax import Item, Parse

_PEOPLE = frozenset(("Official", "Person"))
_ORGS = frozenset(("Faction", "PoliticalGroup", "Government", "GovernmentBody", "MilitaryForce", "Organization"))
_PLACES = frozenset(("City", "Region", "Country"))
_SITES = frozenset(("Base", "Facility", "City", "Region"))
_WIDER = {"Base": 0, "Facility": 0, "City": 1, "Region": 2, "Country": 3}
_MUTUAL = {"Negotiation": "negotiatesWith", "Meeting": "met"}
_MUTUAL_FRAMES = {"ally-noun": "alliedWith"}
"""Events whose parties stand in a symmetric relation."""
_SPEECH_ACTS = frozenset(("Statement", "Denial", "Accusation", "Threat", "Request"))
_WHERE = frozenset(("fi", "bi", "north", "south", "east", "west", "centre", "dakhil"))


def extract_relations(
    discourse: Discourse, matches: Sequence[FrameMatch], attributions: Sequence[Attribution]
) -> tuple[RelationMention, ...]:
    """All relation mentions in text order, each once per sentence and holder."""
    found: dict[tuple[object, ...], RelationMention] = {}
    produced = [relation for match in matches for relation in _stated(discourse, match)]
    for sentence, parse in enumerate(discourse.parses):
        produced += _shaped(discourse, sentence, parse)
        produced += _stations(discourse, sentence, parse, attributions)
    for relation in produced:
        key = (relation.predicate, relation.subject, relation.object, relation.holders, relation.modality)
        if relation.subject != relation.object and key not in found:
            found[key] = relation
    return tuple(sorted(found.values(), key=_place))


def officeholders(discourse: Discourse) -> dict[ChainId, ChainId]:
    """Who holds an office as far as the document says; offices with two holders are left out."""
    holders: dict[ChainId, set[ChainId]] = {}
    for sentence, parse in enumerate(discourse.parses):
        for relation in _shaped(discourse, sentence, parse):
            if relation.predicate == "holdsOffice":
                holders.setdefault(relation.object, set()).add(relation.subject)
    return {office: people.pop() for office, people in holders.items() if len(people) == 1}


def _place(relation: RelationMention) -> tuple[int, int, str, str, str]:
    trigger = relation.trigger
    return (trigger.start, trigger.end, relation.predicate, relation.subject, relation.object)


def _stated(discourse: Discourse, match: FrameMatch) -> Iterator[RelationMention]:
    parse = discourse.parses[match.sentence]
    filled = {role: tuple(discourse.chain(r) for r in refs) for role, refs in match.filled.items()}
    if "agent" not in filled and match.accused and match.frame.event == "Attack":
        filled["agent"] = match.accused
    triples = [
        (subject, projection.predicate, target)
        for projection in match.frame.relations
        for subject in filled.get(projection.subject, ())
        for target in filled.get(projection.object, ())
    ]
    mutual = _MUTUAL.get(match.frame.event) or _MUTUAL_FRAMES.get(match.frame.id)
    if mutual:
        parties = (*filled.get("agent", ()), *filled.get("target", ()))
        pairs = [(one, other) for place, one in enumerate(parties) for other in parties[place + 1 :]]
        triples += [(one, mutual, other) for one, other in pairs]
    statuses: list[tuple[tuple[ChainId, ...], Modality]] = [(match.holders, match.modality)]
    if match.frame.event not in _SPEECH_ACTS:
        statuses += [(holders, "negated") for holders in match.denied_by]
    for subject, predicate, target in triples:
        for holders, modality in statuses:
            yield RelationMention(
                predicate=predicate,
                subject=subject,
                object=target,
                sentence=match.sentence,
                span=parse.sentence.span,
                trigger=parse.tokens[match.token].span,
                holders=holders,
                modality=modality,
                confidence=match.frame.confidence,
                rule=match.frame.id,
            )


# ---------------------------------------------------------------- what noun phrases say


def _shaped(discourse: Discourse, sentence: int, parse: Parse) -> Iterator[RelationMention]:
    if parse.sentence.question:
        return
    for index, item in enumerate(parse.items):
        if item.kind == "np":
            yield from _inside(discourse, sentence, parse, item)
            yield from _apposed(discourse, sentence, parse, index)
            yield from _located(discourse, sentence, parse, index)
            yield from _role_inside(discourse, sentence, parse, index)
            yield from _led(discourse, sentence, parse, index)
            yield from _owned(discourse, sentence, parse, item)
            yield from _by_nisba(discourse, sentence, parse, item)
            yield from _foreign_loyalty(discourse, sentence, parse, item)


def _make(
    discourse: Discourse,
    sentence: int,
    rule: str,
    subject: Reference,
    predicate: str,
    target: Reference,
    confidence: float = 0.85,
) -> RelationMention:
    parse = discourse.parses[sentence]
    return RelationMention(
        predicate=predicate,
        subject=discourse.chain(subject),
        object=discourse.chain_of_mention[target] if isinstance(target, int) else discourse.chain(target),
        sentence=sentence,
        span=parse.sentence.span,
        trigger=discourse.mentions[next(r for r in (subject, target) if isinstance(r, int))].span,
        holders=(AUTHOR,),
        modality="asserted",
        confidence=confidence,
        rule=rule,
    )


def _inside(discourse: Discourse, sentence: int, parse: Parse, item: Item) -> Iterator[RelationMention]:
    """One phrase: "minister of defence X Y", "leader of the League X Y"."""
    types = {m: discourse.mentions[m].type for m in item.mentions}
    people = [m for m in item.mentions if types[m] in _PEOPLE]
    if not people:
        return
    yield from _title_relations(discourse, sentence, parse, item, people[0], item.mentions)


def _title_relations(
    discourse: Discourse, sentence: int, parse: Parse, item: Item, person: int, mentions: Sequence[int]
) -> Iterator[RelationMention]:
    """What the titles and names in ``item`` say about a person."""
    for mention in mentions:
        kind = discourse.mentions[mention].type
        if kind == "Office":
            former, designated = _marked(parse, item, "former"), _marked(parse, item, "designate")
            predicate = "formerOffice" if former else "designatedTo" if designated else "holdsOffice"
            yield _make(discourse, sentence, "title-office", person, predicate, mention)
            yield from _led_by_office(discourse, sentence, parse, person, mention, predicate)
        elif kind in _ORGS:
            predicate = _role(parse, item, mention)
            if predicate:
                yield _make(discourse, sentence, "title-organisation", person, predicate, mention)


def _led_by_office(
    discourse: Discourse, sentence: int, parse: Parse, person: int, office: int, predicate: str
) -> Iterator[RelationMention]:
    """The secretary general of Hezbollah leads Hezbollah: a post at the head of a body that is no state organ."""
    entries = parse.lexicon.entries
    known = [entries[e] for e in discourse.mentions[office].candidates[:1]]
    if not known or not known[0].parent or predicate == "designatedTo":
        return
    body = entries.get(LexiconId(known[0].parent))
    head = parse.tokens[parse.ranges[office][0]]
    leads = head.norm[head.reading.core :] in parse.lexicon.words("leader-title")
    if body is not None and leads and body.type in ("Faction", "PoliticalGroup", "Organization"):
        kind = "formerlyLed" if predicate == "formerOffice" else "leads"
        yield _make(discourse, sentence, "office-head", person, kind, body.id)


def _marked(parse: Parse, item: Item, kind: str) -> bool:
    """Whether "former", "designate" or the like stands in or right after a phrase."""
    words = parse.lexicon.words(kind)
    stop = min(item.last + 1, parse.sentence.last_token)
    return any(parse.tokens[place].norm in words for place in range(item.first, stop))


def _role(parse: Parse, item: Item, organisation: int) -> str:
    """The predicate of the title before an organisation: leader, member, spokesperson."""
    start = parse.ranges[organisation][0]
    for name, predicate in _ROLE_WORDS:
        words = parse.lexicon.words(name)
        for place in range(max(item.first, start - 4), start):
            token = parse.tokens[place]
            for form in (token.norm, token.norm[token.reading.core :]):
                if form in words:
                    if predicate == "leads" and _marked(parse, item, "former"):
                        return "formerlyLed"
                    return predicate
    return ""


_ROLE_WORDS = (("spokesperson-title", "spokespersonFor"), ("leader-title", "leads"), ("member-title", "memberOf"))


def _apposed(discourse: Discourse, sentence: int, parse: Parse, index: int) -> Iterator[RelationMention]:
    """Two phrases side by side or between commas: "X Y, member of the Z movement"; "the ambassador, X Y"."""
    item = parse.items[index]
    follower = _apposition(parse, index)
    if follower < 0:
        return
    other = parse.items[follower]
    here, there = _person_of(discourse, item), _person_of(discourse, other)
    marked = follower > index + 1 or other.conj
    if here is not None and there is None and marked and not _office_before(discourse, parse, index):
        if _person_follows(discourse, parse, follower):
            return
        for more in parse.items[follower + 1 : follower + 3]:
            if more.joined == follower:
                yield from _title_relations(discourse, sentence, parse, more, here, more.mentions)
        yield from _title_relations(discourse, sentence, parse, other, here, other.mentions)
    elif there is not None and here is None and other.mentions[:1] == (there,):
        yield from _title_relations(discourse, sentence, parse, item, there, item.mentions)


def _person_follows(discourse: Discourse, parse: Parse, index: int) -> bool:
    """The title announces somebody else: "X called on the coordinator, Y Z"."""
    place = index + 1
    while place < len(parse.items) and parse.items[place].kind in ("comma", "quote") or (
        place < len(parse.items) and parse.items[place].kind == "np" and parse.items[place].prep
    ):
        place += 1
    if place >= len(parse.items) or parse.items[place].kind != "np" or place == index + 1:
        return False
    item = parse.items[place]
    return bool(item.mentions) and discourse.mentions[item.mentions[0]].type in _PEOPLE


def _office_before(discourse: Discourse, parse: Parse, index: int) -> bool:
    """"the prime minister, X Y, ...": the name is already the second half of an apposition."""
    place = index - 1
    while place >= 0 and parse.items[place].kind in ("comma", "quote"):
        place -= 1
    if place < 0 or place == index - 1 or parse.items[place].kind != "np":
        return False
    return any(discourse.mentions[m].type == "Office" for m in parse.items[place].mentions)


def _person_of(discourse: Discourse, item: Item) -> int | None:
    people = [m for m in item.mentions if discourse.mentions[m].type in _PEOPLE]
    return people[-1] if people else None


def _apposition(parse: Parse, index: int) -> int:
    """The np right after a phrase, past a comma or quotation mark, not governed by a preposition."""
    place = index + 1
    commas = 0
    while place < len(parse.items) and parse.items[place].kind in ("comma", "quote", "paren"):
        commas += 1
        place += 1
    if place < len(parse.items):
        item = parse.items[place]
        if item.kind == "np" and not item.prep and not item.conj:
            copula = parse.tokens[item.head].norm in _IS and item.last - item.first == 1
            return place + 1 if copula and place + 1 < len(parse.items) and parse.items[place + 1].kind == "np" else place
        if item.kind == "np" and item.conj and parse.tokens[item.first].norm in _HE:
            return place + 1 if place + 1 < len(parse.items) and parse.items[place + 1].kind == "np" else place
    return -1


_IS = frozenset(("\u0647\u0648", "\u0647\u064a"))
"""huwa, hiya between a name and an office: "is"."""
_HE = frozenset(("\u0648\u0647\u0648", "\u0648\u0647\u064a"))
"""wa-huwa, wa-hiya: "who is"."""


def _located(discourse: Discourse, sentence: int, parse: Parse, index: int) -> Iterator[RelationMention]:
    """A site whose phrase is followed by where it lies."""
    item = parse.items[index]
    site = next((m for m in reversed(item.mentions) if discourse.mentions[m].type in _SITES), None)
    if site is None or parse.ranges[site][1] != item.last:
        return
    for place in range(index + 1, min(index + 3, len(parse.items))):
        other = parse.items[place]
        if other.kind == "comma":
            continue
        if other.kind == "np" and other.prep in _WHERE and other.mentions and other.joined < 0:
            where = other.mentions[0]
            if _starts_with(parse, other, where) and _inside_of(discourse, parse, site, where):
                yield _make(discourse, sentence, "site-in-place", site, "locatedIn", where)
        return


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
    return wider in _PLACES and _WIDER[kind] < _WIDER[wider]


def _wider_places(parse: Parse, entry: LexiconEntry) -> set[str]:
    """The places an entry lies in as far as the lexicon says, upwards."""
    found: set[str] = {entry.country}
    place = entry.attributes.get("place", "") or entry.parent
    while place and place not in found and LexiconId(place) in parse.lexicon.entries:
        found.add(place)
        place = parse.lexicon.entries[LexiconId(place)].parent
    return found


def _role_inside(discourse: Discourse, sentence: int, parse: Parse, index: int) -> Iterator[RelationMention]:
    """A title, "in" or "of" an organisation, and the person: "leading member of the League X Y"."""
    item = parse.items[index]
    if item.mentions and _person_of(discourse, item) is not None or index + 1 >= len(parse.items):
        return
    other = parse.items[index + 1]
    if other.kind != "np":
        return
    predicate = next((name for words, preps, name in _PHRASES if other.prep in preps and _titled(parse, item, words)), "")
    if not predicate:
        return
    organisations = [m for m in other.mentions if discourse.mentions[m].type in _ORGS]
    person = _person_of(discourse, other)
    if person is None:
        person = _person_beside(discourse, parse, index)
    if predicate == "leads" and _marked(parse, item, "former"):
        predicate = "formerlyLed"
    if organisations and person is not None:
        yield _make(discourse, sentence, "role-in", person, predicate, organisations[0])


_PHRASES = (
    ("leader-title", ("li",), "leads"),
    ("spokesperson-title", ("li",), "spokespersonFor"),
    ("spokesperson-title", ("behalf",), "spokespersonFor"),
    ("member-title", ("fi", "bi", "min", "li"), "memberOf"),
)


def _titled(parse: Parse, item: Item, words: str) -> bool:
    forms = parse.lexicon.words(words)
    return any(parse.tokens[p].norm[parse.tokens[p].reading.core :] in forms for p in range(item.first, item.last))


def _person_beside(discourse: Discourse, parse: Parse, index: int) -> int | None:
    """The person right before a comma, or right after the organisation."""
    follower = _apposition(parse, index + 1)
    if follower >= 0 and parse.items[follower].mentions:
        first = parse.items[follower].mentions[0]
        if discourse.mentions[first].type in _PEOPLE and parse.ranges[first][0] == parse.items[follower].first:
            return first
    before = index - 1
    while before >= 0 and parse.items[before].kind in ("comma", "quote"):
        before -= 1
    return _person_of(discourse, parse.items[before]) if before >= 0 and parse.items[before].kind == "np" else None


def _stations(
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
        relation = _make(discourse, sentence, "force-in-place", force, "deployedIn", place, 0.7)
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
    placed = other.mentions and other.joined < 0 and discourse.mentions[other.mentions[0]].type in _PLACES
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


def _led(discourse: Discourse, sentence: int, parse: Parse, index: int) -> Iterator[RelationMention]:
    """"the movement under the leadership of X Y"."""
    item = parse.items[index]
    led = item.prep == "bi" and "leadership" in parse.classes(item.head)
    if not led or not index or not item.mentions or parse.items[index - 1].kind != "np":
        return
    leader, before = item.mentions[-1], parse.denoted(index - 1)
    fits = discourse.mentions[leader].type in (*_PEOPLE, "Country")
    if fits and before and discourse.mentions[before[0]].type in _ORGS:
        yield _make(discourse, sentence, "under-leadership", leader, "leads", before[0], 0.75)


def _owned(discourse: Discourse, sentence: int, parse: Parse, item: Item) -> Iterator[RelationMention]:
    """An embassy or consulate belongs to the country its adjective or genitive names."""
    for place, mention in enumerate(item.mentions):
        if discourse.mentions[mention].type != "Facility":
            continue
        first, last = parse.ranges[mention]
        head = parse.lexicon.heads.get(parse.tokens[first].norm[parse.tokens[first].reading.core :])
        if head is None or head.id not in ("head-sifara", "head-qunsuliyya"):
            continue
        owners = [parse.lexicon.nisba[parse.tokens[t].norm] for t in range(first, last) if _nisba(parse, t)]
        named = [m for m in item.mentions[place + 1 : place + 2] if discourse.mentions[m].type == "Country"]
        references: list[Reference] = [*owners, *named]
        for owner in references[:1]:
            yield _make(discourse, sentence, "embassy-of", owner, "owns", mention)


def _by_nisba(discourse: Discourse, sentence: int, parse: Parse, item: Item) -> Iterator[RelationMention]:
    """"the Iraqi (city of) Basra": an adjective of place after a site says where it lies."""
    for mention in item.mentions:
        last = parse.ranges[mention][1]
        if discourse.mentions[mention].type not in ("City", "Region", "Base") or last >= item.last:
            continue
        if not _nisba(parse, last):
            continue
        country = parse.lexicon.nisba[parse.tokens[last].norm]
        entries = [parse.lexicon.entries[e] for e in discourse.mentions[mention].candidates[:1]]
        if parse.lexicon.entries[country].type == "Country" and (not entries or entries[0].country in ("", country)):
            yield _make(discourse, sentence, "nisba-place", mention, "locatedIn", country, 0.8)


def _foreign_loyalty(discourse: Discourse, sentence: int, parse: Parse, item: Item) -> Iterator[RelationMention]:
    """"the Iranian Houthi militias": a foreign adjective on a named faction says whom it serves."""
    for mention in item.mentions:
        found = discourse.mentions[mention]
        if found.type != "Faction" or not found.candidates:
            continue
        home = parse.lexicon.entries[found.candidates[0]].country
        first, last = parse.ranges[mention]
        for token in (last - 1, last):
            if token > first and token < item.last and _nisba(parse, token):
                country = parse.lexicon.nisba[parse.tokens[token].norm]
                if home and country != home and parse.lexicon.entries[country].type == "Country":
                    yield _make(discourse, sentence, "foreign-adjective", mention, "loyalTo", country, 0.7)


def _nisba(parse: Parse, token: int) -> bool:
    return parse.tokens[token].norm in parse.lexicon.nisba


def _starts_with(parse: Parse, item: Item, mention: int) -> bool:
    """Only class nouns of places stand before the name."""
    heads = parse.lexicon.heads
    return all(
        parse.tokens[place].norm in heads or parse.tokens[place].reading.lemma in heads
        for place in range(item.first, parse.ranges[mention][0])
    )
