"""Which sense a trigger word has in its place: a raid or a verbal attack, an operation or the peace process."""

from __future__ import annotations

from kg.language.arabic import ALEF, DEFINITE, WAW
from kg.language.syntax import Parse

_SO_CALLED = "\u0645\u0627"
"""ma before a passive verb of naming."""


def other_sense(parse: Parse, token: int, classes: frozenset[str]) -> bool:
    """Whether a word of these trigger classes means something else here."""
    return any(check(parse, token, classes) for check in _CHECKS)


def near(parse: Parse, name: str) -> bool:
    """Whether a word of a class stands anywhere in the sentence."""
    words, sentence = parse.lexicon.words(name), parse.sentence
    tokens = range(sentence.first_token, sentence.last_token)
    return any(parse.lemma(t) in words or parse.tokens[t].norm in words for t in tokens)


def _before(parse: Parse, token: int) -> str:
    return parse.lemma(token - 1) if token > parse.sentence.first_token else ""


def _after(parse: Parse, token: int) -> str:
    return parse.tokens[token + 1].norm if token + 1 < parse.sentence.last_token else ""


def _ceasing(parse: Parse, token: int, classes: frozenset[str]) -> bool:
    """ "cease" is a truce only before "fire"; "fire" after "cease" is no attack."""
    words = parse.lexicon.words
    if "truce" in classes and parse.lemma(token) in words("cease"):
        return _after(parse, token) not in words("ceased")
    return "attack" in classes and _before(parse, token) in words("cease")


def _verbal(parse: Parse, token: int, classes: frozenset[str]) -> bool:
    """ "A verbal attack"."""
    if not classes & {"attack", "attack-act", "threat"} or parse.tokens[token].reading.pos != "NOUN":
        return False
    words = parse.lexicon.words("verbal-adjective")
    following = parse.lemma(token + 1) if token + 1 < parse.sentence.last_token else ""
    return following in words or _after(parse, token).removesuffix(ALEF) in words


def _civil(parse: Parse, token: int, classes: frozenset[str]) -> bool:
    """ "The peace process", "the editor in chief", "a campaign of vaccination": no operation of forces."""
    words = parse.lexicon.words
    if "operation" not in classes:
        return False
    after = _after(parse, token)
    bare = after.removeprefix(DEFINITE)
    if _before(parse, token) in words("civil-head") or bare in words("civil-adjective"):
        return True
    warlike = words("prep").get(after) == "didd" or bare.removesuffix(ALEF) in words("military-adjective")
    return parse.lemma(token) in words("campaign") and not warlike


def _going_on(parse: Parse, token: int, classes: frozenset[str]) -> bool:
    """ "Went on: ...", but "went on with the plan": whether a clause, a quotation or a saying hangs on the verb."""
    spoken = "say" in classes and parse.tokens[token].reading.pos == "VERB"
    item = parse.item_of(token)
    own = parse.clauses[parse.items[item].clause]
    aside = spoken and classes == {"say"} and own.kind == "relative"  # "X, who talked to all sides"
    if not aside and not (spoken and parse.lemma(token) in parse.lexicon.words("goes-on")):
        return False
    if any(clause.kind == "complement" and clause.governor == item for clause in parse.clauses):
        return False
    return not any(other.kind == "verb" and other.word == "speech" for other in parse.items[item + 1 : item + 5])


def _launching(parse: Parse, token: int, classes: frozenset[str]) -> bool:
    """The launching of an operation, the release of a prisoner: neither rockets nor fire."""
    words = parse.lexicon.words
    if "attack" not in classes or parse.lemma(token) not in words("launching"):
        return False
    fire = words("fire-word")
    after = range(token + 1, min(token + 4, parse.sentence.last_token))
    if any(parse.tokens[t].norm in fire or parse.lemma(t) in fire for t in after):
        return False
    item = parse.item_of(token)
    return not any(parse.mentions[m].type == "Weapon" for i in parse.items[item : item + 3] for m in i.mentions)


def _carrying(parse: Parse, token: int, classes: frozenset[str]) -> bool:
    """ "Carried arms", not "held responsible"."""
    return "accuse" in classes and parse.lemma(token) in parse.lexicon.words("carry") and not near(parse, "blame")


def _fixture(parse: Parse, token: int, classes: frozenset[str]) -> bool:
    """A launch pad, a polling station."""
    return bool(classes & {"attack", "elect"}) and _before(parse, token) in parse.lexicon.words("fixture")


def _naming(parse: Parse, token: int, classes: frozenset[str]) -> bool:
    """ "What is called": no appointment, no claim."""
    word = parse.tokens[token]
    if "say" in classes and word.norm[word.reading.core :] in parse.lexicon.words("called"):
        return True
    first = token == parse.sentence.first_token
    return "appoint" in classes and not first and parse.tokens[token - 1].norm.lstrip(WAW) == _SO_CALLED


_CHECKS = (_ceasing, _verbal, _civil, _going_on, _launching, _carrying, _fixture, _naming)
