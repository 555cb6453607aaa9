"""Clauses of one sentence: where they open, what governs them, which noun a relative clause describes."""

from __future__ import annotations

from collections.abc import Sequence

from kg.datamodel import Token
from kg.language.syntax import MASCULINE, Clause, Item, is_definite


def find_clauses(items: list[Item], tokens: Sequence[Token]) -> list[Clause]:
    """Assign every item to a clause."""
    clauses = [Clause(0, "main")]
    current = clauses[0]
    for index, item in enumerate(items):
        opened = _opens(items, index, current, clauses, tokens)
        if opened is not None:
            clauses.append(opened)
            if item.kind == "verb":
                _take_marks(items, current, opened)
            current = opened
        elif item.kind == "comma" and current.kind == "relative" and current.verb >= 0:
            current = clauses[current.parent]
        elif item.kind == "stop" and item.word != ":":
            current = Clause(len(clauses), "main")
            clauses.append(current)
        item.clause = current.index
        current.items.append(index)
        if item.kind == "verb" and current.verb < 0:
            current.verb = index
    return clauses


def _take_marks(items: list[Item], before: Clause, opened: Clause) -> None:
    """Negators, possibilities and auxiliaries right before a verb belong to its clause."""
    while before.items:
        item = items[before.items[-1]]
        if not (item.kind == "other" or item.kind == "mark" and item.word in ("negator", "possibility", "planning")):
            break
        item.clause = opened.index
        opened.items.insert(0, before.items.pop())


def _opens(
    items: list[Item], index: int, current: Clause, clauses: list[Clause], tokens: Sequence[Token]
) -> Clause | None:
    """The clause that an item opens, if it opens one."""
    item = items[index]
    if item.kind == "mark":
        return _by_mark(items, index, current, clauses, tokens)
    if _speech_begins(items, index, current, tokens):
        return Clause(len(clauses), "complement", current.index, index, governor=current.verb)
    if item.kind == "verb":
        return _bare_relative(items, index, current, clauses, tokens) or _by_verb(
            items, index, current, clauses, tokens
        )
    return None


def _by_mark(
    items: list[Item], index: int, current: Clause, clauses: list[Clause], tokens: Sequence[Token]
) -> Clause | None:
    """Complementisers, relative pronouns, conditions and subordinators."""
    item, number = items[index], len(clauses)
    if item.word.startswith("complementiser"):
        governor = _governor(current, clauses, index - 1)
        return Clause(number, "complement", current.index, index, governor=governor, pronoun=item.word.endswith("+"))
    if item.word == "relative":
        before = index - 1
        while before >= 0 and (items[before].kind not in ("np", "verb") or _resumes(items, before, tokens)):
            before -= 1
        before = _agreeing(items, before, tokens[item.head].norm, tokens)
        return Clause(number, "relative", current.index, index, antecedent=before)
    if item.word == "conditional":
        return Clause(number, "conditional", current.index, index)
    if item.word == "subordinator":
        return Clause(number, "adverbial", _root(clauses, current), index)
    return None


def _governor(current: Clause, clauses: list[Clause], before: int) -> int:
    """What a complement hangs on. "An official who refused to be named said that": the saying, not the refusing."""
    above = clauses[current.parent] if current.parent >= 0 else current
    if current.kind == "relative" and current.opener == current.verb and above.verb >= 0:
        return above.verb
    return current.verb if current.verb >= 0 else before


def _bare_relative(
    items: list[Item], index: int, current: Clause, clauses: list[Clause], tokens: Sequence[Token]
) -> Clause | None:
    """A relative clause without pronoun, and one that goes on: "which Iran makes, and Russia uses"."""
    item, number, last = items[index], len(clauses), clauses[-1]
    antecedent = _asyndetic(items, index, tokens, busy=current.verb >= 0)
    if antecedent >= 0:
        return Clause(number, "relative", current.index, index, antecedent=antecedent)
    goes_on = item.conj and last.kind == "relative" and last.opener == last.verb
    if goes_on and tokens[item.head].reading.enclitic.startswith("3"):
        return Clause(number, "relative", last.parent, index, antecedent=last.antecedent)
    return None


def _by_verb(
    items: list[Item], index: int, current: Clause, clauses: list[Clause], tokens: Sequence[Token]
) -> Clause | None:
    """A second verb: a purpose clause, or one coordinated with the first."""
    if current.verb < 0:
        return None
    item, number = items[index], len(clauses)
    if _subjunctive(tokens[item.head]):
        return Clause(number, "complement", current.index, index, governor=current.verb)
    if current.kind == "complement" and _speaks_on(items, index, current):
        return Clause(number, "coordinate", _root(clauses, clauses[current.parent]), index)
    goes_on = current.kind in ("complement", "relative", "conditional") and item.conj
    parent = (current.parent if current.kind != "main" else -1) if goes_on else current.index
    kind = current.kind if goes_on else "coordinate"
    return Clause(number, kind, parent, index, governor=current.governor, antecedent=current.antecedent)


def _speaks_on(items: list[Item], index: int, current: Clause) -> bool:
    """ "said that ..., and added": outside quotations the speaker of the clause above goes on."""
    above = items[current.governor] if current.governor >= 0 else None
    spoken = above is not None and above.kind == "verb" and above.word == "speech"
    goes_on = items[index].conj or items[index - 1].kind == "comma" and not items[index - 1].quoted
    return spoken and items[index].word == "speech" and goes_on and not items[index].quoted


def _asyndetic(items: list[Item], index: int, tokens: Sequence[Token], *, busy: bool) -> int:
    """The indefinite noun that a bare relative clause describes: "an ambush gunmen laid"; -1 if there is none.

    With an object pronoun on the verb always; without one only where the noun is an object or governed by a
    preposition (``busy``: its clause has a verb already), since it may else be the subject.
    """
    place = index - 1
    while place >= 0 and items[place].kind == "time":
        place -= 1
    if place < 0 or items[place].kind != "np" or items[index].conj:
        return -1
    before, verb = items[place], tokens[items[index].head].reading
    head, last = tokens[before.head], tokens[before.last - 1]
    if verb.enclitic.startswith("3") and place == index - 1 and _refers(verb.enclitic, before, tokens):
        return place
    indefinite = head.reading.pos == "NOUN" and head.reading.known and not is_definite(head)
    indefinite = indefinite and (before.last - before.first == 1 or not is_definite(last))
    if not indefinite:
        return -1
    governed = last.reading if last.reading.pos == "NOUN" else head.reading  # "the launching of raids that hit"
    agrees = verb.gender in ("", head.reading.gender, governed.gender) or "p" in (head.reading.number, governed.number)
    return place if not verb.enclitic and agrees and (before.prep != "" or busy) else -1


def _refers(enclitic: str, item: Item, tokens: Sequence[Token]) -> bool:
    """Whether an object pronoun may stand for a phrase: genders agree, or one is not known."""
    gender = _gender(item, tokens)
    return not gender or enclitic[1:2] in ("", gender)


def _agreeing(items: list[Item], before: int, pronoun: str, tokens: Sequence[Token]) -> int:
    """The nearest phrase whose gender fits the relative pronoun; the nearest at all if none does."""
    wanted = "m" if pronoun.endswith("\u0630\u064a") else "f" if pronoun.endswith("\u062a\u064a") else ""
    if not wanted or before < 0 or items[before].kind != "np":
        return before
    for place in range(before, max(-1, before - 4), -1):
        item = items[place]
        if item.kind in ("verb", "stop"):
            break
        definite = bool(item.mentions) or any(is_definite(tokens[t]) for t in range(item.first, item.last))
        if item.kind == "np" and definite and _gender(item, tokens) in (wanted, ""):
            return place
    return before


def _gender(item: Item, tokens: Sequence[Token]) -> str:
    """The gender a phrase agrees in: plurals of things are feminine; unknown for names."""
    reading = tokens[item.head].reading
    if reading.pos == "PROPN" or not reading.known:
        return "m" if tokens[item.head].norm in MASCULINE else ""
    if reading.number == "p":
        return "f"
    return reading.gender


def _speech_begins(items: list[Item], index: int, current: Clause, tokens: Sequence[Token]) -> bool:
    """A colon, or a quotation mark around more than a name, after a clause that has its verb."""
    item = items[index]
    if current.verb < 0:
        return False
    if item.kind == "stop":
        return item.word == ":"
    if item.kind != "quote" or item.word != "open" or index + 2 >= len(items):
        return False
    return not (items[index + 1].kind == "np" and items[index + 2].kind == "quote" or adjectival(items, index, tokens))


def adjectival(items: Sequence[Item], quote: int, tokens: Sequence[Token]) -> bool:
    """A quotation that opens with the adjective of the noun before it says nothing: positions "Iranian and other"."""
    before, inside = items[quote - 1], items[quote + 1]
    if before.kind != "np" or inside.kind != "np" or inside.mentions:
        return False
    noun, word = tokens[before.last - 1].reading, tokens[inside.first].reading
    return (
        noun.pos == "NOUN"
        and word.pos == "ADJ"
        and is_definite(tokens[before.last - 1]) == is_definite(tokens[inside.first])
    )


def _resumes(items: list[Item], place: int, tokens: Sequence[Token]) -> bool:
    """The pronoun of a cleft: "Israel, it is that ..."."""
    item = items[place]
    alone = item.kind == "np" and item.last - item.first == 1 and not item.mentions
    return alone and tokens[item.head].reading.pos == "PRON" and place > 0


def _subjunctive(token: Token) -> bool:
    """li- + imperfect: a purpose clause."""
    return "li" in token.reading.proclitics


def _root(clauses: list[Clause], current: Clause) -> int:
    """The main clause above: a subordinator such as "while" leaves the quoted or relative clause."""
    while current.parent >= 0 and current.kind in ("relative", "coordinate", "adverbial"):
        current = clauses[current.parent]
    return current.index
