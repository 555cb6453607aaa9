"""Who holds, held or is designated to an office; who leads, belongs to or speaks for an organisation."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from kg.datamodel import LexiconId, RelationMention
from kg.language.arabic import ALEF, DEFINITE, HEH
from kg.language.discourse import Discourse
from kg.language.lexicon import Title
from kg.language.syntax import Item, Parse
from kg.text.relations.making import ORGANISATIONS, PEOPLE, make, marked, person_of

_ROLE_WORDS = (("spokesperson-title", "spokespersonFor"), ("leader-title", "leads"), ("member-title", "memberOf"))
_PHRASES = (
    ("leader-title", ("li",), "leads"),
    ("spokesperson-title", ("li",), "spokespersonFor"),
    ("spokesperson-title", ("behalf",), "spokespersonFor"),
    ("member-title", ("fi", "bi", "min", "li"), "memberOf"),
)
_IS = frozenset(("\u0647\u0648", "\u0647\u064a"))
"""huwa, hiya between a name and an office: "is"."""
_HE = frozenset(("\u0648\u0647\u0648", "\u0648\u0647\u064a"))
"""wa-huwa, wa-hiya: "who is"."""


def inside(discourse: Discourse, sentence: int, parse: Parse, item: Item) -> Iterator[RelationMention]:
    """One phrase: "minister of defence X Y", "leader of the League X Y"."""
    types = {m: discourse.mentions[m].type for m in item.mentions}
    people = [m for m in item.mentions if types[m] in PEOPLE]
    if not people:
        return
    yield from _its_leader(discourse, sentence, parse, item, people[0])
    yield from _title_relations(discourse, sentence, parse, item, people[0], item.mentions)


def _title_relations(
    discourse: Discourse, sentence: int, parse: Parse, item: Item, person: int, mentions: Sequence[int]
) -> Iterator[RelationMention]:
    """What the titles and names in ``item`` say about a person."""
    for mention in mentions:
        kind = discourse.mentions[mention].type
        if kind == "Office" and not _somebody_of(parse, item, mention):
            former, designated = marked(parse, item, "former"), marked(parse, item, "designate")
            predicate = "formerOffice" if former else "designatedTo" if designated else "holdsOffice"
            yield make(discourse, sentence, "title-office", person, predicate, mention)
            yield from _led_by_office(discourse, sentence, parse, person, mention, predicate)
        elif kind in ORGANISATIONS:
            predicate = _role(parse, item, mention)
            if predicate:
                yield make(discourse, sentence, "title-organisation", person, predicate, mention)


def _its_leader(
    discourse: Discourse, sentence: int, parse: Parse, item: Item, person: int
) -> Iterator[RelationMention]:
    """ "The movement ... its secretary general X Y": the nearest body before that the pronoun may mean."""
    for place in range(item.first, parse.ranges[person][0]):
        token = parse.tokens[place]
        reading = token.reading
        bare = token.norm[reading.core :].removesuffix(HEH + ALEF).removesuffix(HEH)
        if not reading.enclitic.startswith("3") or bare not in parse.lexicon.words("leader-title"):
            continue
        owner = discourse.recent_body(sentence, item.first, reading.enclitic[1:2])
        if owner:
            predicate = "formerlyLed" if marked(parse, item, "former") else "leads"
            yield make(discourse, sentence, "its-leader", person, predicate, owner[0], 0.75)
        return


def _somebody_of(parse: Parse, item: Item, office: int) -> bool:
    """ "the adviser of the minister X": what stands before the office makes it another man's."""
    first = parse.ranges[office][0]
    if first <= item.first:
        return False
    before = parse.tokens[first - 1]
    bare = before.norm[before.reading.core :]
    titles = (*parse.lexicon.titles.get(bare, ()), *_two_words(parse, first))
    return bare in parse.lexicon.words("kin") or any(title.kind in ("office", "role") for title in titles)


def _two_words(parse: Parse, end: int) -> tuple[Title, ...]:
    """The title of the two words before ``end``: "charged with the duties"."""
    if end < 2:
        return ()
    return parse.lexicon.titles.get(f"{parse.tokens[end - 2].norm} {parse.tokens[end - 1].norm}", ())


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
    leads = head.norm[head.reading.core :].removeprefix(DEFINITE) in parse.lexicon.words("leader-title")
    if body is not None and leads and body.type in ("Faction", "PoliticalGroup", "Organization"):
        kind = "formerlyLed" if predicate == "formerOffice" else "leads"
        yield make(discourse, sentence, "office-head", person, kind, body.id)


def _role(parse: Parse, item: Item, organisation: int) -> str:
    """The predicate of the title before an organisation: leader, member, spokesperson."""
    start = parse.ranges[organisation][0]
    for name, predicate in _ROLE_WORDS:
        words = parse.lexicon.words(name)
        for place in range(max(item.first, start - 4), start):
            token = parse.tokens[place]
            for form in (token.norm, token.norm[token.reading.core :]):
                if form in words and not _deputy(parse, item, place):
                    if predicate == "leads" and marked(parse, item, "former"):
                        return "formerlyLed"
                    return predicate
    return ""


def _deputy(parse: Parse, item: Item, place: int) -> bool:
    """ "the *deputy* head of", "the adviser of the commander of": another post than the one behind it."""
    before = parse.tokens[place - 1] if place > item.first else None
    if before is None:
        return False
    bare = before.norm[before.reading.core :]
    return any(title.kind in ("office", "role") for title in parse.lexicon.titles.get(bare, ()))


def apposed(discourse: Discourse, sentence: int, parse: Parse, index: int) -> Iterator[RelationMention]:
    """Two phrases side by side or between commas: "X Y, member of the Z movement"; "the ambassador, X Y"."""
    item = parse.items[index]
    follower = _apposition(parse, index)
    if follower < 0:
        return
    other = parse.items[follower]
    here, there = person_of(discourse, item), person_of(discourse, other)
    marked = follower > index + 1 or other.conj or parse.tokens[other.first].norm in _IS
    if here is not None and there is None and marked and not _office_before(discourse, parse, index):
        if _person_follows(discourse, parse, follower):
            return
        for more in parse.items[follower + 1 : follower + 3]:
            if more.joined == follower:
                yield from _title_relations(discourse, sentence, parse, more, here, more.mentions)
        yield from _title_relations(discourse, sentence, parse, other, here, other.mentions)
    elif there is not None and here is None and other.mentions[:1] == (there,):
        yield from _title_relations(discourse, sentence, parse, item, there, item.mentions)


def accredited(discourse: Discourse, sentence: int, parse: Parse, index: int) -> Iterator[RelationMention]:
    """ "the ambassador of X to Y, Z": a post, where it is held, and its holder."""
    item = parse.items[index]
    after = parse.items[index + 1] if index + 1 < len(parse.items) else item
    posts = [m for m in item.mentions if discourse.mentions[m].type == "Office"]
    if not posts or person_of(discourse, item) is not None or after.kind != "np" or person_of(discourse, after):
        return
    follower = _apposition(parse, index + 1) if after.prep in ("lada", "ila", "li", "fi") else -1
    person = person_of(discourse, parse.items[follower]) if follower >= 0 else None
    if person is not None and parse.items[follower].mentions[:1] == (person,):
        yield from _title_relations(discourse, sentence, parse, item, person, item.mentions)


def _person_follows(discourse: Discourse, parse: Parse, index: int) -> bool:
    """The title announces somebody else: "X called on the coordinator, Y Z"."""
    place = index + 1
    while (
        place < len(parse.items)
        and parse.items[place].kind in ("comma", "quote")
        or (place < len(parse.items) and parse.items[place].kind == "np" and parse.items[place].prep)
    ):
        place += 1
    if place >= len(parse.items) or parse.items[place].kind != "np" or place == index + 1:
        return False
    item = parse.items[place]
    return bool(item.mentions) and discourse.mentions[item.mentions[0]].type in PEOPLE


def _office_before(discourse: Discourse, parse: Parse, index: int) -> bool:
    """ "the prime minister, X Y, ...": the name is already the second half of an apposition."""
    place = index - 1
    while place >= 0 and parse.items[place].kind in ("comma", "quote"):
        place -= 1
    if place < 0 or place == index - 1 or parse.items[place].kind != "np":
        return False
    return any(discourse.mentions[m].type == "Office" for m in parse.items[place].mentions)


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
            return (
                place + 1 if copula and place + 1 < len(parse.items) and parse.items[place + 1].kind == "np" else place
            )
        if item.kind == "np" and item.conj and parse.tokens[item.first].norm in _HE:
            return place + 1 if place + 1 < len(parse.items) and parse.items[place + 1].kind == "np" else place
    return -1


def role_inside(discourse: Discourse, sentence: int, parse: Parse, index: int) -> Iterator[RelationMention]:
    """A title, "in" or "of" an organisation, and the person: "leading member of the League X Y"."""
    item = parse.items[index]
    if item.mentions and person_of(discourse, item) is not None or index + 1 >= len(parse.items):
        return
    other = parse.items[index + 1]
    if other.kind != "np":
        return
    predicate = next(
        (name for words, preps, name in _PHRASES if other.prep in preps and _titled(parse, item, words)), ""
    )
    if not predicate:
        return
    organisations = [m for m in other.mentions if discourse.mentions[m].type in ORGANISATIONS]
    person = person_of(discourse, other)
    if person is None:
        person = _person_beside(discourse, parse, index)
    if predicate == "leads" and marked(parse, item, "former"):
        predicate = "formerlyLed"
    if organisations and person is not None:
        yield make(discourse, sentence, "role-in", person, predicate, organisations[0])


def _titled(parse: Parse, item: Item, words: str) -> bool:
    forms = parse.lexicon.words(words)
    if words == "leader-title" and _of_a_part(parse, item, forms):
        return False
    bare = [parse.tokens[p].norm[parse.tokens[p].reading.core :] for p in range(item.first, item.last)]
    return any(norm in forms or norm.removeprefix(DEFINITE) in forms for norm in bare)


def _of_a_part(parse: Parse, item: Item, forms: Mapping[str, str]) -> bool:
    """ "the head of the press office of X" leads the office, not X."""
    seen = False
    for place in range(item.first, item.last):
        token = parse.tokens[place]
        bare = token.norm[token.reading.core :]
        if bare in forms or bare.removeprefix(DEFINITE) in forms:
            seen = True
        elif seen and token.reading.pos == "NOUN" and bare not in parse.lexicon.titles:
            return True
    return False


def _person_beside(discourse: Discourse, parse: Parse, index: int) -> int | None:
    """The person right before a comma, or right after the organisation."""
    last = index + 1
    after = parse.items[last + 1] if last + 1 < len(parse.items) else parse.items[last]
    if after.kind == "np" and after.prep in ("fi", "li"):
        last += 1  # "spokesman of the coalition in Yemen, X Y"
    follower = _apposition(parse, _past_titles(parse, last))
    if follower >= 0 and parse.items[follower].mentions:
        first = parse.items[follower].mentions[0]
        if discourse.mentions[first].type in PEOPLE and parse.ranges[first][0] == parse.items[follower].first:
            return first
    before = index - 1
    while before >= 0 and parse.items[before].kind in ("comma", "quote"):
        before -= 1
    return person_of(discourse, parse.items[before]) if before >= 0 and parse.items[before].kind == "np" else None


def _past_titles(parse: Parse, index: int) -> int:
    """ "the cadre in X *and deputy in Y* Z": the last phrase of the further titles that stand before the name."""
    place = index + 1
    while place < len(parse.items):
        item = parse.items[place]
        title = item.kind == "np" and item.conj and not item.mentions and _any_title(parse, item)
        office = item.kind == "np" and item.conj and _any_title(parse, item)
        if not title and not office:
            break
        index = place
        while index + 1 < len(parse.items) and parse.items[index + 1].kind == "np" and parse.items[index + 1].prep:
            index += 1
        place = index + 1
    return index


def _any_title(parse: Parse, item: Item) -> bool:
    token = parse.tokens[item.first]
    bare = token.norm[token.reading.core :]
    person = any(parse.mentions[m].type in PEOPLE for m in item.mentions)
    return not person and (bare in parse.lexicon.titles or bare.removeprefix(DEFINITE) in parse.lexicon.titles)


def led(discourse: Discourse, sentence: int, parse: Parse, index: int) -> Iterator[RelationMention]:
    """ "the movement under the leadership of X Y"."""
    item = parse.items[index]
    led = item.prep == "bi" and "leadership" in parse.classes(item.head)
    if not led or not index or not item.mentions or parse.items[index - 1].kind != "np":
        return
    leader, before = item.mentions[-1], parse.denoted(index - 1)
    fits = discourse.mentions[leader].type in (*PEOPLE, "Country")
    if fits and before and discourse.mentions[before[0]].type in ORGANISATIONS:
        yield make(discourse, sentence, "under-leadership", leader, "leads", before[0], 0.75)
