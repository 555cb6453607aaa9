"""Finds the grammatical arguments of a trigger in a parsed sentence: who stands where around a verb or noun.

An argument is a *reference*: the index of a mention, or the lexicon id that an adjective of place names.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

from kg.datamodel import LexiconId, Reading, unique
from kg.language.arabic import ALEF
from kg.language.syntax import MASCULINE, PEOPLE, Clause, Item, Parse

Reference = int | LexiconId
_DASHES = ("-", "--", "\u2013", "\u2014")
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
    if subject >= 0 and _resumed_object(parse, index, after):
        found.add("object", parse.references(subject), subject)
        subject = -1
    plural = reading.number in ("p", "d") and subject < 0
    if clause.kind == "relative" and clause.verb == index and clause.antecedent >= 0 and subject < 0:
        found.items["relative"] = (clause.antecedent,)
        if reading.enclitic:
            found.add("object", parse.references(clause.antecedent), clause.antecedent)
        elif not (after and _resumes(parse, index + 1)):
            subject = clause.antecedent
    if subject >= 0:
        found.add("subject", parse.references(subject), subject)
    elif after and not plural and not resumed and reading.pos == "VERB" and _agrees(parse, index, after[0]):
        after = _take_subject(parse, after, found)
    if after and not (reading.enclitic and clause.kind == "relative"):
        found.add("object", parse.references(after[0]), after[0])
        for extra in after[1:2]:
            found.add("second", parse.references(extra), extra)
    _prepositions(parse, clause, index, found)
    if reading.enclitic:
        found.items.setdefault("pronoun", (index,))
    return found


def _resumes(parse: Parse, place: int) -> bool:
    """ "battles *in which*": a preposition with a pronoun right behind the verb."""
    item = parse.items[place] if place < len(parse.items) else None
    reading = parse.tokens[item.head].reading if item is not None else None
    return item is not None and item.kind == "other" and reading is not None and reading.enclitic.startswith("3")


def _resumed_object(parse: Parse, index: int, after: list[int]) -> bool:
    """ "The attack, X claimed it": the pronoun takes up what stands before, the subject follows at once."""
    enclitic = parse.tokens[parse.items[index].head].reading.enclitic
    return enclitic.startswith("3") and after[:1] == [index + 1] and _agrees(parse, index, after[0])


def _take_subject(parse: Parse, after: list[int], found: Arguments) -> list[int]:
    """The first phrase behind a verb is its subject, with a weapon's owner or a title's name; what is left follows."""
    subject, rest = after[0], after[1:]
    found.add("subject", parse.references(subject), subject)
    if len(rest) > 1 and rest[0] == subject + 1 and _armed(parse, subject):
        found.add("subject", parse.references(rest[0]), subject)  # "the artillery of X shelled Y"
        rest = rest[1:]
    if rest and found.slots.get("subject") == parse.references(rest[0]) != ():
        rest = rest[1:]  # "the crown prince, Prince X Y"
    return rest


def _agrees(parse: Parse, verb: int, subject: int) -> bool:
    """A feminine verb has no masculine singular noun for its subject, nor a masculine one a feminine right behind it:
    that noun is its object.
    """
    reading = parse.tokens[parse.items[verb].head].reading
    item = parse.items[subject]
    head = parse.tokens[item.head].reading
    if any(parse.mentions[m].type in PEOPLE for m in item.mentions) or parse.is_title(subject):
        return True
    behind = _next(parse, verb) == subject and "say" not in parse.classes(parse.items[verb].head)
    if behind and reading.gender == "m" and reading.person == "3":
        return not (_noun(head) and head.gender == "f" or _land(parse, item))
    return reading.gender != "f" or not _noun(head) or head.gender != "m"


def _next(parse: Parse, index: int) -> int:
    """The item right behind, past a preposition with a pronoun."""
    place = index + 1
    while place < len(parse.items) and parse.items[place].kind == "other":
        place += 1
    return place


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
        if item.word in _DASHES and place and parse.items[place - 1].word in (*_DASHES, ")"):
            return -1  # "Dubai (CNN)-- X said"
        if item.kind == "paren" and item.word == ")":
            place = _opened(parse, place) - 1
            continue
        if item.clause != clause.index:
            if parse.clauses[item.clause].kind != "relative":
                break
            place -= 1
            continue
        subject = _as_subject(parse, place)
        if subject >= 0:
            return subject
        if item.kind == "comma" and _hesitates(parse, place, index):
            return place - 1
        if not _passable(item) and not (item.kind == "comma" and _parenthetical(parse, place, clause)):
            return -1
        place -= 1
    return -1


def _as_subject(parse: Parse, place: int) -> int:
    """The phrase at ``place``, or the one it is joined to, if it may be the subject of a verb behind it; else -1."""
    item = parse.items[place]
    if item.kind != "np" or _epithet(parse, place):
        return -1
    if item.joined >= 0:
        return item.joined if not parse.items[item.joined].prep else -1
    return place if not item.prep and not _adverbial(parse, item) else -1


def _passable(item: Item) -> bool:
    """What may stand between a subject and its verb."""
    mark = item.kind == "mark" and item.word in ("negator", "possibility", "planning")
    return mark or item.kind in _SKIPPED or item.kind == "np"


def _epithet(parse: Parse, place: int) -> bool:
    """ "the Giants, *belonging to the Resistance*, launched": an adjective behind a comma is none of the subjects."""
    item = parse.items[place]
    behind = place > 0 and parse.items[place - 1].kind == "comma"
    return behind and not item.mentions and parse.tokens[item.head].reading.pos == "ADJ"


def _hesitates(parse: Parse, comma: int, verb: int) -> bool:
    """ "that the navy, struck": a comma between the whole subject of a clause and its verb."""
    if comma != verb - 1 or comma < 2 or parse.tokens[parse.items[verb].head].reading.pos != "VERB":
        return False
    subject, before = parse.items[comma - 1], parse.items[comma - 2]
    return subject.kind == "np" and not subject.prep and before.kind == "mark" and before.word == "complementiser"


def _opened(parse: Parse, place: int) -> int:
    """Where the parenthesis that closes at ``place`` opened."""
    while place > 0 and parse.items[place].word != "(":
        place -= 1
    return place


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
    seen: list[str] = []
    """What has stood since the last phrase: "X, on Friday, the centre of Y" opens no apposition."""
    for place in reach(parse, clause.index, index):
        item = parse.items[place]
        if item.clause != clause.index:
            continue
        seen.append("prep" if item.prep else item.kind)
        if item.kind == "comma":
            commas += 1
            if len(found) >= 2:
                break
        elif item.kind == "np" and not item.prep and item.joined < 0 and not _elsewhere(parse, place):
            apposed = commas % 2 and found and _apposed(parse, found[-1], place)
            apposed = apposed and not (set(seen) & {"time", "prep"})
            if not apposed and not _adverbial(parse, item):
                found.append(place)
                seen = []
            if len(found) == 3:
                break
    return found


def reach(parse: Parse, clause: int, index: int) -> Iterator[int]:
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


def _elsewhere(parse: Parse, place: int) -> bool:
    """ "X, and the minister, visited": what "and" adds past a comma; "before X's launching *its attack*": the object of
    a noun in a phrase of time. Neither is the verb's own.
    """
    item, before = parse.items[place], parse.items[place - 1]
    light = parse.lemma(before.head) in parse.lexicon.words("light-masdar")
    return item.conj or before.prep in ("baad", "qabl", "mundhu") and light


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
        if item.kind != "np" or not item.prep or place == index or circumstance(parse, item):
            continue
        first = item.joined if item.joined >= 0 else place
        if not (item.prep in ("min", "li") and first and circumstance(parse, parse.items[first - 1])):
            found.add(f"prep:{item.prep}", parse.references(place), place)


def circumstance(parse: Parse, item: Item) -> bool:
    """ "under the leadership of", "with the support of": who stands by, neither place nor means."""
    return item.prep == "bi" and parse.lemma(item.head) in parse.lexicon.words("circumstance")
