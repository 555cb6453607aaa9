"""The arguments of nouns and participles: "the raid of X on Y", "a militia loyal to Z"."""

from __future__ import annotations

from kg.language.arabic import DEFINITE
from kg.language.arguments import Arguments, Reference, circumstance, reach, verb_arguments
from kg.language.syntax import PEOPLE, Clause, Item, Parse

PARTICIPLES = frozenset(("loyal", "backed", "belonging", "stationed", "lying", "allied", "opposed"))
"""Trigger classes whose words are participles and adjectives with a complement of their own."""
_STRIKERS = frozenset("Faction PoliticalGroup MilitaryForce Government Country Official Person Office".split())
_WILLING = ("niyya", "isti-dad", "raghba")
"""What somebody has who is about to act: intention, readiness, wish."""
WHERE = tuple(f"prep:{name}" for name in ("qurb", "dakhil", "north", "south", "east", "west", "centre", "amam"))
"""Slots that say where something happens, but for "in" and "at"."""


def noun_arguments(parse: Parse, index: int, token: int) -> Arguments:
    """Genitive, adjective of place, what follows, prepositional slots and the verb above of a noun trigger."""
    found = Arguments()
    item = parse.items[index]
    inner = tuple(m for m in item.mentions if parse.ranges[m][0] > token)
    if inner and _direct(parse, token, parse.ranges[inner[0]][0]):
        genitive: tuple[Reference, ...] = inner[-1:] if _office_holder(parse, inner) else inner[:1]
        found.add("genitive", genitive, index)
    inside = token
    for place in range(token + 1, item.last):
        if parse.tokens[place].reading.pos == "NOUN":
            inside = place
        entity = parse.lexicon.nisba.get(parse.tokens[place].norm)
        if entity is not None and not any(parse.ranges[m][0] <= place < parse.ranges[m][1] for m in item.mentions):
            own = inside == token and _one_number(parse, token, place)
            strikes = own or inside != token and parse.lemma(inside) in parse.lexicon.words("striking-arm")
            found.add("nisba" if strikes else "inner-nisba", (entity,), index)
    _after_noun(parse, index, found)
    if parse.lemma(token) in parse.lexicon.words("dying"):
        found.slots.pop("second", None)  # "the killing of X, the leader of Y": who died is the genitive
    if "second" in found.items and parse.tokens[token].norm[parse.tokens[token].reading.core :].startswith(DEFINITE):
        found.slots.pop("second", None)  # "the attack" takes no object
        del found.items["second"]
    _above(parse, index, found)
    _venture(parse, index, token, found)
    _backed(parse, index, found)
    aimed = "attack-act" in parse.classes(token) and "prep:ala" in found.items  # "shelling of the coalition on ..."
    at_once = found.items.get("prep:li", (-1,))[0] == index + 1
    if at_once and (aimed or parse.lemma(token) in parse.lexicon.words("raid")):
        found.slots["by-li"] = found.slots.pop("prep:li", ())  # "raids of the coalition", but "a blow to X"
    if item.prep:
        found.items["governed:" + item.prep] = (index,)
    return found


def _one_number(parse: Parse, noun: int, adjective: int) -> bool:
    """A sound masculine plural is said of people, not of one deed."""
    return parse.tokens[noun].reading.number == "p" or not parse.tokens[adjective].norm.endswith("\u064a\u064a\u0646")


def _direct(parse: Parse, token: int, start: int) -> bool:
    """Only carriers and adjectives stand between a noun and the name in its genitive."""
    carriers = parse.lexicon.words("carrier")
    for place in range(token + 1, start):
        reading, norm = parse.tokens[place].reading, parse.tokens[place].norm
        known = reading.lemma in carriers or norm in carriers or norm.removeprefix(DEFINITE) in carriers
        if not known and reading.pos not in ("ADJ", "NUM") and parse.tokens[place].kind == "word":
            return False
    return True


def _office_holder(parse: Parse, inner: tuple[int, ...]) -> bool:
    return parse.mentions[inner[-1]].type in PEOPLE


def _after_noun(parse: Parse, index: int, found: Arguments) -> None:
    """What follows a noun trigger in its clause, up to the next verb or comma."""
    own = parse.items[index].clause
    plain = False
    for place in reach(parse, own, index):
        other = parse.items[place]
        if other.clause != own:
            clause = parse.clauses[other.clause]
            if clause.antecedent == index and clause.verb >= 0:
                _relative(parse, clause, found)
        elif _closes_noun(other, open_=not plain and not found.items):
            break
        elif other.kind == "np" and other.prep:
            if not _complements_participle(parse, place):
                found.add(f"prep:{other.prep}", parse.references(place), place)
        elif other.kind == "np" and other.joined < 0:
            plain = True
            if all(between.kind == "quote" for between in parse.items[index + 1 : place]):
                found.add("second", parse.references(place), place)


def _closes_noun(item: Item, *, open_: bool) -> bool:
    """A comma, unless nothing stands before it; and "before", "after": what follows has arguments of its own."""
    return item.kind == "comma" and not open_ or item.prep in ("baad", "qabl") and item.joined < 0


def _complements_participle(parse: Parse, place: int) -> bool:
    """ "the militia belonging *to Iran*": the phrase is the participle's, not the noun's further left."""
    before = parse.items[place - 1] if place else None
    if before is None or before.kind != "np":
        return False
    return bool(parse.classes(before.last - 1) & PARTICIPLES)


def _relative(parse: Parse, clause: Clause, found: Arguments) -> None:
    inner = verb_arguments(parse, clause.verb)
    classes = parse.classes(parse.items[clause.verb].head)
    if classes & {"light", "attack"}:
        slot = "relative-subject" if parse.tokens[parse.items[clause.verb].head].reading.enclitic else ""
        if slot and inner.slots.get("subject"):
            found.add(slot, inner.slots["subject"], clause.verb)
            inner.items.pop("object", None)
        _told_by(inner, found)


def _told_by(verb: Arguments, found: Arguments) -> None:
    """What a verb adds to the noun it is said of: "a raid that hit X near Y", "the attack took place in Z"."""
    for name in ("object", "prep:ala", "prep:fi", "prep:agent", "prep:bi", "prep:maa"):
        if verb.items.get(name):
            found.items["relative-" + name] = verb.items[name]
            if verb.slots.get(name):
                found.slots["relative-" + name] = verb.slots[name]
    for name in WHERE:
        for item in verb.items.get(name, ()):
            found.add(name, verb.slots.get(name, ()), item)


def _above(parse: Parse, index: int, found: Arguments) -> None:
    """The verb whose subject or object the noun is: "carried out a raid", "was exposed to shelling"."""
    item = parse.items[index]
    verb = parse.clauses[item.clause].verb
    if verb < 0 or verb == index:
        return
    classes = parse.classes(parse.items[verb].head)
    around = verb_arguments(parse, verb)
    role = "light" if "light" in classes else "undergo" if "undergo" in classes else ""
    happens = parse.lemma(parse.items[verb].head) in parse.lexicon.words("occur-verb")
    if (happens or classes & {"attack", "land"}) and index in around.items.get("subject", ()):
        _told_by(around, found)
        return
    if not role:
        plans = parse.lemma(parse.items[verb].head) in parse.lexicon.words("planning-verb")
        own = bool(classes & {"deny", "claim", "say", "threat"}) or plans and "request" not in classes
        told = "say" in classes and not plans
        near = ("", "bi", "ala", "ila", "li", "an") if told else ("", "bi", "ala", "ila", "li")
        subject = around.slots.get("subject", ())
        if told and not _may_strike(parse, verb, subject):
            return
        if own and subject and item.prep in near:
            found.add("teller" if told else "controller", subject, verb)
            if plans or "threat" in classes:
                found.add("planner", subject, verb)
        return
    objects = around.items.get("object", ())
    counted = item.prep == "min" and index - 1 in objects  # "more than twelve raids"
    if index in objects or item.prep in ("bi", "li", "ala", "fi", "ila") or role == "undergo" or counted:
        if around.slots.get("subject"):
            found.add(f"{role}-subject", around.slots["subject"], verb)
        _later_phrases(parse, index, verb, found)
    elif index in around.items.get("subject", ()):
        _later_phrases(parse, index, verb, found)


def _may_strike(parse: Parse, verb: int, subject: tuple[Reference, ...]) -> bool:
    """Who announces a raid has flown it, if he is one to: an army, not a relief organisation that speaks of it."""
    announces = parse.lemma(parse.items[verb].head) in parse.lexicon.words("announce")
    return announces and all(not isinstance(r, int) or parse.mentions[r].type in _STRIKERS for r in subject)


def _venture(parse: Parse, index: int, token: int, found: Arguments) -> None:
    """ "the success of X in taking", "the involvement of X in the support of": X is who does it."""
    item = parse.items[index]
    light = parse.lexicon.words("light-masdar")
    if token != item.head and parse.lemma(item.head) in light:
        for slot in ("controller", "teller"):
            found.add("light-subject", found.slots.get(slot, ()), index)
    before = parse.items[index - 1] if index else item
    if index == 0 or token != item.head or item.joined >= 0 or before.kind != "np":
        return
    inner = tuple(m for m in before.mentions if parse.ranges[m][0] > before.head)
    if inner and item.prep in ("bi", "fi", "ala") and parse.lemma(before.head) in parse.lexicon.words("venture"):
        found.add("controller", inner[:1], index - 1)
    bare = parse.tokens[before.head].norm[parse.tokens[before.head].reading.core :]
    if item.prep and parse.lexicon.words("planning").get(bare, "").endswith(_WILLING):
        verb = parse.clauses[item.clause].verb
        subject = verb_arguments(parse, verb).slots.get("subject", ()) if 0 <= verb < index else ()
        found.add("controller", inner[:1] or subject, index - 1)  # "showed its readiness to support"
    if inner and not item.prep and parse.lemma(before.head) in light:
        found.add("light-subject", inner[:1], index - 1)


def _backed(parse: Parse, index: int, found: Arguments) -> None:
    """ "X advanced with the support of Y": whom the circumstance helps, the subject of its clause."""
    verb = parse.clauses[parse.items[index].clause].verb
    if verb >= 0 and verb < index and circumstance(parse, parse.items[index]):
        around = verb_arguments(parse, verb)
        found.add("backed-subject", around.slots.get("subject", ()), index)


def _later_phrases(parse: Parse, index: int, verb: int, found: Arguments) -> None:
    """Prepositional phrases of the verb above that stand after the noun, or between the verb and it."""
    clause = parse.clauses[parse.items[verb].clause]
    for place in clause.items:
        item = parse.items[place]
        slot = f"prep:{item.prep}"
        later = place > verb and place != index and item.kind == "np" and item.prep
        if later and place not in found.items.get(slot, ()):
            found.add(slot, parse.references(place), place)


def adjective_arguments(parse: Parse, index: int, token: int) -> Arguments:
    """What a participle is said of, and its prepositional complement right after it."""
    found = Arguments()
    item = parse.items[index]
    before = tuple(m for m in item.mentions if parse.ranges[m][1] <= token)
    if before:
        found.add("antecedent", parse.denoted(index)[:1] or before[-1:], index)
    elif token == item.first:
        place = index - 1
        while place >= 0 and parse.items[place].kind in ("quote", "paren", "comma"):
            place -= 1
        if place >= 0 and parse.items[place].kind == "np" and not item.prep:
            whole = parse.denoted(place) or parse.items[place].mentions[-1:]
            found.add("antecedent", whole[-1:], place)
    for place in range(index + 1, min(index + 4, len(parse.items))):
        other = parse.items[place]
        if other.kind == "np" and other.prep:
            found.add(f"prep:{other.prep}", parse.references(place), place)
            if other.joined < 0 and place > index + 1:
                break
        elif other.kind != "quote":
            break
    return found
