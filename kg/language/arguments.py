"""Finds the grammatical arguments of a trigger in a parsed sentence: who stands where around a verb or noun.

An argument is a *reference*: the index of a mention, or the lexicon id that an adjective of place names.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

from kg.datamodel import LexiconId, Reading, unique
from kg.language.arabic import ALEF, DEFINITE
from kg.language.syntax import MASCULINE, PEOPLE, Clause, Item, Parse

Reference = int | LexiconId
PARTICIPLES = frozenset(("loyal", "backed", "belonging", "stationed", "lying", "allied", "opposed"))
"""Trigger classes whose words are participles and adjectives with a complement of their own."""
WHERE = tuple(f"prep:{name}" for name in ("qurb", "dakhil", "north", "south", "east", "west", "centre", "amam"))
"""Slots that say where something happens, but for "in" and "at"."""
_SKIPPED = frozenset(("quote", "time", "other", "paren"))


@dataclass(slots=True)
class Arguments:
    """What stands around one trigger; each slot is a tuple of references, items tell where."""

    slots: dict[str, tuple[Reference, ...]] = field(default_factory=dict)
    items: dict[str, tuple[int, ...]] = field(default_factory=dict)

    def add(self, slot: str, references: tuple[Reference, ...], item: int) -> None:
        """Note what fills a slot; the first filler stays first."""
        self.items[slot] = (*self.items.get(slot, ()), item)
        if references:
            self.slots[slot] = unique((*self.slots.get(slot, ()), *references))


def verb_arguments(parse: Parse, index: int) -> Arguments:
    """Subject, object, prepositional slots, pronoun object of the verb item ``index``."""
    found = Arguments()
    clause = parse.clauses[parse.items[index].clause]
    reading = parse.tokens[parse.items[index].head].reading
    subject = _subject_before(parse, clause, index)
    after = _plain_after(parse, clause, index)
    resumed = clause.pronoun and clause.verb == index and subject < 0
    plural = reading.number in ("p", "d") and subject < 0
    if clause.kind == "relative" and clause.verb == index and clause.antecedent >= 0 and subject < 0:
        found.items["relative"] = (clause.antecedent,)
        if reading.enclitic:
            found.add("object", parse.references(clause.antecedent), clause.antecedent)
        else:
            subject = clause.antecedent
    if subject >= 0:
        found.add("subject", parse.references(subject), subject)
    elif after and not plural and not resumed and reading.pos == "VERB" and _agrees(parse, index, after[0]):
        found.add("subject", parse.references(after[0]), after[0])
        if len(after) > 2 and after[1] == after[0] + 1 and _armed(parse, after[0]):
            found.add("subject", parse.references(after[1]), after[0])  # "the artillery of X shelled Y"
            after = after[1:]
        after = after[1:]
    if after and not (reading.enclitic and clause.kind == "relative"):
        found.add("object", parse.references(after[0]), after[0])
        for extra in after[1:2]:
            found.add("second", parse.references(extra), extra)
    _prepositions(parse, clause, index, found)
    if reading.enclitic:
        found.items.setdefault("pronoun", (index,))
    return found


def _agrees(parse: Parse, verb: int, subject: int) -> bool:
    """A feminine verb has no masculine singular noun for its subject, nor a masculine one a feminine right behind it:
    that noun is its object.
    """
    reading = parse.tokens[parse.items[verb].head].reading
    item = parse.items[subject]
    head = parse.tokens[item.head].reading
    if any(parse.mentions[m].type in PEOPLE for m in item.mentions):
        return True
    if (
        reading.gender == "m"
        and reading.person == "3"
        and subject == verb + 1
        and "say" not in parse.classes(parse.items[verb].head)
    ):
        return not (_noun(head) and head.gender == "f" or _land(parse, item))
    return reading.gender != "f" or not _noun(head) or head.gender != "m"


def _armed(parse: Parse, item: int) -> bool:
    """Whether a phrase is no more than a weapon."""
    mentions = parse.items[item].mentions
    return len(mentions) == 1 and parse.mentions[mentions[0]].type == "Weapon"


def _noun(reading: Reading) -> bool:
    return reading.pos == "NOUN" and reading.known and reading.number == "s"


def _land(parse: Parse, item: Item) -> bool:
    """Whether a phrase is the bare name of a country or city of feminine gender."""
    first = item.mentions[0] if item.mentions else -1
    named = first >= 0 and parse.ranges[first][0] == item.head and parse.mentions[first].type in ("Country", "City")
    return named and parse.tokens[item.head].norm not in MASCULINE


def _subject_before(parse: Parse, clause: Clause, index: int) -> int:
    """The np right before a verb, not governed by a preposition: subject-verb order."""
    place = index - 1
    while place >= 0:
        item = parse.items[place]
        if item.clause != clause.index:
            if parse.clauses[item.clause].kind != "relative":
                break
            place -= 1
            continue
        if item.kind == "np" and not item.prep and item.joined < 0 and not _adverbial(parse, item):
            return place
        if item.kind == "np" and item.joined >= 0 and not parse.items[item.joined].prep:
            return item.joined
        passable = item.kind in _SKIPPED or item.kind == "mark" and item.word in ("negator", "possibility", "planning")
        passable = passable or item.kind == "np" and bool(item.prep)
        if not passable and not (item.kind == "comma" and _parenthetical(parse, place, clause)):
            return -1
        place -= 1
    return -1


def _parenthetical(parse: Parse, comma: int, clause: Clause) -> bool:
    """A comma that closes an apposition: "Mahdi al-Kaabi, member of X, said"."""
    for place in range(comma - 1, max(-1, comma - 5), -1):
        item = parse.items[place]
        if item.clause != clause.index or item.kind == "verb":
            return False
        if item.kind == "comma":
            return True
    return False


def _plain_after(parse: Parse, clause: Clause, index: int) -> list[int]:
    """The phrases without preposition that follow a verb in its clause, coordinated ones left to their head."""
    found: list[int] = []
    commas = 0
    for place in _reach(parse, clause.index, index):
        item = parse.items[place]
        if item.clause != clause.index:
            continue
        if item.kind == "comma":
            commas += 1
            if len(found) >= 2:
                break
        elif item.kind == "np" and not item.prep and item.joined < 0:
            apposed = commas % 2 and found and _apposed(parse, found[-1], place)
            if not apposed and not _adverbial(parse, item):
                found.append(place)
            if len(found) == 3:
                break
    return found


def _reach(parse: Parse, clause: int, index: int) -> Iterator[int]:
    """What follows in a clause and the relative clauses inside it, up to the next verb, mark, stop or quotation."""
    for place in range(index + 1, len(parse.items)):
        item = parse.items[place]
        if item.clause == clause:
            if item.kind in ("verb", "stop", "mark") or _speech_opens(parse, place):
                return
        elif parse.clauses[item.clause].kind != "relative":
            return
        yield place


def _speech_opens(parse: Parse, place: int) -> bool:
    """Whether a quotation mark opens more than a name."""
    item = parse.items[place]
    if item.kind != "quote" or item.word != "open" or place + 2 >= len(parse.items):
        return False
    inside, closing = parse.items[place + 1], parse.items[place + 2]
    return not (inside.kind == "np" and closing.kind == "quote")


def _apposed(parse: Parse, before: int, now: int) -> bool:
    """After a comma a title or a name explains the phrase before; it is no new argument."""
    return bool(parse.items[before].mentions) or not parse.items[now].mentions


def _adverbial(parse: Parse, item: Item) -> bool:
    """An accusative of manner or place: "southwards", "stressing"."""
    token = parse.tokens[item.head]
    if item.mentions:
        return False
    tanwin = item.last - item.first == 1 and token.norm.endswith(ALEF) and not token.reading.definite
    participle = token.reading.participle == "active" and not token.reading.definite and token.reading.number != "p"
    participle = participle and token.reading.lemma not in parse.lexicon.words("carrier")
    direction = token.reading.lemma in parse.lexicon.words("prep")
    return token.reading.pos == "ADV" or participle or tanwin and (token.reading.pos == "ADJ" or direction)


def _prepositions(parse: Parse, clause: Clause, index: int, found: Arguments) -> None:
    """All prepositional phrases of the clause, fronted ones included; a nested noun trigger keeps its own."""
    for place in clause.items:
        item = parse.items[place]
        if item.kind == "verb" and place > index:
            break
        if item.kind == "np" and item.prep and place != index and not _circumstance(parse, item):
            found.add(f"prep:{item.prep}", parse.references(place), place)


def _circumstance(parse: Parse, item: Item) -> bool:
    """ "under the leadership of", "with the support of": who stands by, neither place nor means."""
    return item.prep == "bi" and parse.lemma(item.head) in parse.lexicon.words("circumstance")


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
            strikes = inside == token or parse.lemma(inside) in parse.lexicon.words("striking-arm")
            found.add("nisba" if strikes else "inner-nisba", (entity,), index)
    _after_noun(parse, index, found)
    _above(parse, index, found)
    _venture(parse, index, token, found)
    if item.prep:
        found.items["governed:" + item.prep] = (index,)
    return found


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
    for place in _reach(parse, own, index):
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
            if place == index + 1:
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
        if own and around.slots.get("subject") and item.prep in near:
            found.add("teller" if told else "controller", around.slots["subject"], verb)
        return
    objects = around.items.get("object", ())
    counted = item.prep == "min" and index - 1 in objects  # "more than twelve raids"
    if index in objects or item.prep in ("bi", "li", "ala", "fi") or role == "undergo" or counted:
        if around.slots.get("subject"):
            found.add(f"{role}-subject", around.slots["subject"], verb)
        _later_phrases(parse, index, verb, found)
    elif index in around.items.get("subject", ()):
        _later_phrases(parse, index, verb, found)


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
    if inner and not item.prep and parse.lemma(before.head) in light:
        found.add("light-subject", inner[:1], index - 1)


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
