"""Negation, possibility, condition, plan: what scope a trigger stands in, computed from the clauses above it."""

from __future__ import annotations

from kg.datamodel import Modality
from kg.language.arguments import verb_arguments
from kg.language.syntax import Clause, Parse, is_definite

_ORDER: tuple[Modality, ...] = ("negated", "hypothetical", "planned")


def scope_modality(parse: Parse, index: int, token: int) -> Modality:
    """The modality the words around a trigger give it; ``asserted`` where nothing takes it back."""
    found: set[Modality] = set()
    if parse.sentence.question:
        found.add("hypothetical")
    item = parse.items[index]
    clause = parse.clauses[item.clause]
    if any(other.kind == "mark" and other.word == "denial" for other in parse.items):
        found.add("negated")
    _local(parse, clause, index, token, found)
    if item.kind == "np":
        _inside_phrase(parse, index, token, found)
        _governed_noun(parse, clause, index, found)
        after = parse.items[index + 1] if index + 1 < len(parse.items) else item
        expected = after.kind == "mark" and after.word == "possibility" and is_definite(parse.tokens[after.head])
        if expected or _rumoured(parse, index):
            found.add("hypothetical")  # "the expected withdrawal"
    _ancestors(parse, clause, found)
    return next((modality for modality in _ORDER if modality in found), "asserted")


def _local(parse: Parse, clause: Clause, index: int, token: int, found: set[Modality]) -> None:
    """Marks of the clause up to the trigger, and the aspect of its verb."""
    if clause.kind == "conditional":
        found.add("hypothetical")
    head = clause.verb if clause.verb >= 0 else index
    for place in clause.items:
        item = parse.items[place]
        if place >= index:
            break
        if item.kind != "mark":
            continue
        if item.word == "negator" and _heads(parse, index, token) and _reaches(parse, place, index, head):
            found.add("negated")
        elif item.word == "possibility":
            found.add("hypothetical")
        elif item.word == "planning":
            found.add("planned")
    if parse.items[index].kind == "verb":
        _verb(parse, index, found)


def _heads(parse: Parse, index: int, token: int) -> bool:
    """Whether the trigger is the first noun of its phrase: "no responsibility for the attack" leaves the attack."""
    first = parse.items[index].first
    return all(parse.tokens[place].reading.pos in ("DET", "NUM", "ADV") for place in range(first, token))


def _reaches(parse: Parse, negator: int, index: int, head: int) -> bool:
    """A negator rules the verb or noun right after it, and what is subject or object of that verb."""
    after = negator + 1
    while after < len(parse.items) and parse.items[after].kind in ("quote", "other"):
        after += 1
    if after >= len(parse.items):
        return False
    if after == index or parse.items[after].kind == "np" and after <= index <= after + 1:
        return True
    if parse.items[after].kind != "verb":
        # "there is no withdrawal": laysa hunaka + noun
        return parse.items[index].kind == "np" and index - after <= 1
    if after == head and parse.items[index].kind == "np" and after < index:
        around = verb_arguments(parse, after)
        return index in (*around.items.get("subject", ()), *around.items.get("object", ()))
    return False


def _verb(parse: Parse, index: int, found: set[Modality]) -> None:
    token = parse.tokens[parse.items[index].head]
    if "sa" in token.reading.proclitics:
        found.add("planned")
    before = parse.items[index].first - 1
    if before >= parse.sentence.first_token:
        norm = parse.tokens[before].norm
        if norm in _MAY and token.reading.aspect == "i":
            found.add("hypothetical")


_MAY = frozenset(("\u0642\u062f", "\u0648\u0642\u062f", "\u0641\u0642\u062f"))
"""qad before an imperfect: "may"; before a perfect it only confirms."""


def _inside_phrase(parse: Parse, index: int, token: int, found: set[Modality]) -> None:
    """Nouns that govern the trigger inside its own phrase: "a plan for the withdrawal", "the date of"."""
    planning, possible = parse.lexicon.words("planning"), parse.lexicon.words("possibility")
    negators = parse.lexicon.words("negator")
    item = parse.items[index]
    for place in range(max(item.first - 1, parse.sentence.first_token), item.last):
        norm = parse.tokens[place].norm
        if place < item.first and parse.tokens[place].reading.pos == "NOUN":
            norm = norm[parse.tokens[place].reading.core :]
        if place < token and norm in negators:
            found.add("negated")
        if norm in planning and place != token:
            found.add("planned")
        if norm in possible and place != token:
            found.add("hypothetical")


def _rumoured(parse: Parse, index: int) -> bool:
    """ "news of a withdrawal": a noun right before that only passes on what is told."""
    item = parse.items[index]
    before = parse.items[index - 1] if index else None
    words = parse.lexicon.words("hearsay-noun")
    inside = any(parse.lemma(token) in words for token in range(item.first, item.head))
    led = parse.lemma(item.first) in words
    return (
        inside
        or led
        or before is not None
        and before.kind == "np"
        and item.prep in ("an", "bi", "min")
        and (parse.lemma(before.head) in words)
    )


def _governed_noun(parse: Parse, clause: Clause, index: int, found: set[Modality]) -> None:
    """A verbal noun that depends on a verb of planning: "pledged to protect", "called for a withdrawal"."""
    if clause.verb < 0 or clause.verb > index:
        return
    verb = parse.tokens[parse.items[clause.verb].head]
    item = parse.items[index]
    if verb.reading.lemma in parse.lexicon.words("planning-verb"):
        around = verb_arguments(parse, clause.verb)
        if index in around.items.get("object", ()) or item.prep in ("bi", "ila", "ala", "fi", "li", "min"):
            found.add("planned")
    if "sa" in verb.reading.proclitics:
        found.add("planned")


def _ancestors(parse: Parse, clause: Clause, found: set[Modality]) -> None:
    """Conditions, possibilities and plans above; a speech verb above neither adds nor takes away."""
    seen = 0
    while clause.parent >= 0 and seen < len(parse.clauses):
        seen += 1
        parent = parse.clauses[clause.parent]
        if clause.kind == "conditional":
            found.add("hypothetical")
        if clause.kind == "complement" and clause.opener == clause.verb and _negated_outright(parse, parent):
            found.add("negated")  # "it was not for X to attack"
        if clause.kind == "complement":
            _from_governor(parse, clause, found)
        clause = parent


def _negated_outright(parse: Parse, clause: Clause) -> bool:
    """Whether a clause without a verb of its own begins with a negation."""
    first = parse.items[clause.items[0]] if clause.items else None
    return clause.verb < 0 and first is not None and first.kind == "mark" and first.word == "negator"


def _hearsay(parse: Parse, clause: Clause) -> bool:
    """ "reports circulate that", "it is said that": a complement of rumour, or of a verb of speech nobody speaks."""
    governor = parse.items[clause.governor]
    words = parse.lexicon.words
    if governor.kind == "verb":
        around = verb_arguments(parse, clause.governor)
        if parse.lemma(governor.head) in words("hearsay"):
            return True
        subjects = [parse.items[i] for i in around.items.get("subject", ())]
        named = around.slots.get("subject")
        if not named and any(_rumour(parse, item.head) for item in subjects):
            return True
        passive = parse.tokens[governor.head].reading
        if parse.lemma(governor.head) in words("noted"):
            return False
        unspoken = not subjects and clause.governor == 0 and passive.aspect == "i" and passive.gender == "m"
        return unspoken and bool(parse.classes(governor.head) & {"say"})
    opener = parse.items[clause.opener].first if clause.opener >= 0 else governor.last
    near = range(max(parse.sentence.first_token, opener - 3), opener)
    return any(_rumour(parse, token) for token in near)


def _rumour(parse: Parse, token: int) -> bool:
    """Reports, news, leaks; "the report" is one that somebody wrote."""
    reading = parse.tokens[token].reading
    known = "al" in reading.proclitics and reading.number == "s"
    return reading.lemma in parse.lexicon.words("hearsay-noun") and not known


def _from_governor(parse: Parse, clause: Clause, found: set[Modality]) -> None:
    governor = parse.items[max(clause.governor, 0)]
    token = parse.tokens[governor.head]
    if _hearsay(parse, clause):
        found.add("hypothetical")
    if token.reading.lemma in parse.lexicon.words("planning-verb") and governor.kind == "verb":
        found.add("planned")
    before = parse.items[clause.opener - 1] if clause.opener > 0 else None
    if before is not None and before.kind == "mark" and before.word in ("possibility", "planning"):
        found.add("hypothetical" if before.word == "possibility" else "planned")
    first = parse.items[clause.opener].first if clause.opener >= 0 else governor.last
    possible, planning = parse.lexicon.words("possibility"), parse.lexicon.words("planning")
    for place in range(max(parse.sentence.first_token, first - 2), first):
        if parse.tokens[place].norm in possible:
            found.add("hypothetical")
        if parse.tokens[place].norm in planning:
            found.add("planned")
