"""Who says what: verbs of speech, "according to", quotations that run over sentences, denials, accusations.

An ``Attribution`` is a stretch of text and its holders from the outermost in. What stands in no scope is
said by the outlet itself.
"""

from __future__ import annotations

from bisect import bisect_right
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, replace

from kg.datamodel import UNKNOWN, Attribution, ChainId, Span
from kg.language.arguments import Reference, verb_arguments
from kg.language.discourse import SPEAKERS, Discourse
from kg.language.syntax import QUOTE_MARKS, Parse
from kg.text.attribution_scope import (
    according_scope,
    clause_end,
    name_in_quotes,
    quoted_span,
    span_of,
    told_end,
    until_return,
)

_SPEECH = frozenset(("say", "deny", "accuse", "threat", "request", "claim"))
_LONGEST_QUOTE = 12
"""Sentences that an unclosed quotation may run on."""


@dataclass(frozen=True, slots=True)
class _Cue:
    """A speech cue: where it stands, who speaks, and how."""

    item: int
    holders: tuple[ChainId, ...]
    classes: frozenset[str]
    rule: str
    accused: tuple[ChainId, ...] = ()


def attribute(discourse: Discourse) -> tuple[Attribution, ...]:
    """All attributions of a document, in text order, nested ones with the whole chain of holders."""
    found: list[Attribution] = []
    running: Attribution | None = None
    remaining = 0
    for sentence, parse in enumerate(discourse.parses):
        own: list[Attribution] = []
        ended = False
        if running is not None and remaining > 0:
            carried, closed = _carried(parse, running)
            own.append(carried)
            remaining = 0 if closed else remaining - 1
            ended = closed and len(_marks(parse)) == 1
            if closed:
                running = None
        for cue in _cues(discourse, sentence, parse):
            own += _scopes(discourse, sentence, parse, cue)
        opened = None if ended else _left_open(parse, own)
        if opened is not None and running is None:
            running, remaining = opened, _LONGEST_QUOTE
        found += own
    return tuple(_nest(found, [parse.sentence.span.start for parse in discourse.parses]))


def _marks(parse: Parse) -> list[int]:
    """The quotation marks of a sentence, those inside names too."""
    sentence = parse.sentence
    return [t for t in range(sentence.first_token, sentence.last_token) if parse.tokens[t].norm in QUOTE_MARKS]


def _carried(parse: Parse, running: Attribution) -> tuple[Attribution, bool]:
    """The part of a sentence that an earlier quotation still covers, and whether it ends here."""
    marks = _marks(parse)
    closed = len(marks) % 2 == 1
    end = parse.tokens[marks[0]].span.start if closed else parse.sentence.span.end
    span = Span(parse.sentence.span.start, max(end, parse.sentence.span.start))
    return replace(running, scope=span, sentence=parse.sentence.index), closed


def _left_open(parse: Parse, own: Sequence[Attribution]) -> Attribution | None:
    """A direct attribution whose quotation is still open at the end of the sentence."""
    marks = _marks(parse)
    if len(marks) % 2 == 0:
        return None
    place = parse.tokens[marks[-1]].span.start
    return next((a for a in own if a.direct and a.scope.start <= place + 1), None)


def _cues(discourse: Discourse, sentence: int, parse: Parse) -> list[_Cue]:
    cues = []
    for index, item in enumerate(parse.items):
        if item.kind == "verb":
            cue = _verb_cue(discourse, sentence, parse, index)
        elif item.kind == "mark" and item.word == "according":
            cue = _according_cue(discourse, sentence, parse, index)
        elif item.kind == "np":
            cue = _headline_cue(discourse, parse, index) or _noun_cue(discourse, parse, index)
        else:
            cue = None
        if cue is not None:
            cues.append(cue)
    return cues


def _speakers(discourse: Discourse, references: Sequence[Reference]) -> tuple[ChainId, ...]:
    return tuple(discourse.chain(r) for r in references if discourse.type_of(r) in SPEAKERS)


def _verb_cue(discourse: Discourse, sentence: int, parse: Parse, index: int) -> _Cue | None:
    head = parse.items[index].head
    classes = parse.classes(head) & _SPEECH
    if not classes:
        return _written_cue(discourse, sentence, parse, index)
    around = discourse.verb(sentence, index)
    holders = _speakers(discourse, around.slots.get("subject", ()))[:3]
    quoted = _speakers(discourse, around.slots.get("prep:tongue", ()))
    if parse.lemma(head) in parse.lexicon.words("quote-verb"):
        quoted = _speakers(discourse, around.slots.get("prep:an", ())) or quoted
    holders = (*holders[:1], *quoted[:1]) if quoted else holders
    accused: tuple[ChainId, ...] = ()
    if "accuse" in classes:
        named = around.slots.get("object", ()) or around.slots.get("prep:ila", ())
        accused = tuple(discourse.chain(r) for r in named)
    if holders and _as_said(parse, index):
        return _Cue(index, holders, frozenset(("say",)), "according-to")
    if not holders and _has_content(parse, index) and not _noted(parse, index):
        holders = (UNKNOWN,)  # somebody said it; that we cannot say who does not make it the outlet's word
    return _Cue(index, holders, classes, "speech-verb", accused) if holders else None


def _written_cue(discourse: Discourse, sentence: int, parse: Parse, index: int) -> _Cue | None:
    """ "It says in a statement of X that", "it came from the mouth of X that"."""
    if parse.lemma(parse.items[index].head) not in parse.lexicon.words("stands-in") or not _has_content(parse, index):
        return None
    around = discourse.verb(sentence, index)
    documents = (
        place
        for place in around.items.get("prep:fi", ())
        if parse.lemma(parse.items[place].head) in parse.lexicon.words("organ")
    )
    references = around.slots.get("prep:tongue") or next((parse.references(place) for place in documents), ())
    holders = _speakers(discourse, references)[:1]
    return _Cue(index, holders, frozenset(("say",)), "speech-verb") if holders else None


def _as_said(parse: Parse, index: int) -> bool:
    """ "..., as X says": a verb of speech right behind "as", with nothing of its own to tell."""
    first = parse.items[index].first
    before = parse.tokens[first - 1].norm if first > parse.sentence.first_token else ""
    return before in parse.lexicon.words("as") and not _has_content(parse, index)


def _noted(parse: Parse, index: int) -> bool:
    """ "It is to be noted that": the outlet speaks itself."""
    reading = parse.tokens[parse.items[index].head].reading
    noted = parse.lemma(parse.items[index].head) in parse.lexicon.words("noted")
    return index == 0 and noted and reading.aspect == "i" and reading.gender == "m"


def _has_content(parse: Parse, index: int) -> bool:
    """Whether a complement clause hangs on the verb."""
    return any(clause.kind == "complement" and clause.governor == index for clause in parse.clauses)


def _headline_cue(discourse: Discourse, parse: Parse, index: int) -> _Cue | None:
    """ "The United Nations: ..." at the head of a sentence."""
    after = parse.items[index + 1] if index + 1 < len(parse.items) else None
    if index or after is None or after.kind != "stop" or after.word != ":" or parse.items[index].prep:
        return None
    holders = _speakers(discourse, parse.references(index))
    return _Cue(index, holders, frozenset(("say",)), "speaker-colon") if holders else None


def _according_cue(discourse: Discourse, sentence: int, parse: Parse, index: int) -> _Cue | None:
    """ "according to X", "according to what X announced": the last person in the phrase, else what it denotes, else
    its first name.
    """
    for place in range(index + 1, min(index + 4, len(parse.items))):
        item = parse.items[place]
        if item.kind == "verb":
            holders = _speakers(discourse, discourse.verb(sentence, place).slots.get("subject", ()))[:3]
            told = parse.classes(item.head) & _SPEECH
            return _Cue(index, holders, frozenset(("say",)), "according-to") if told and holders else None
        if item.kind == "np":
            holders = _named_source(discourse, parse, place)
            return _Cue(index, holders, frozenset(("say",)), "according-to") if holders else None
        if item.kind not in ("quote", "paren"):
            return None
    return None


def _named_source(discourse: Discourse, parse: Parse, place: int) -> tuple[ChainId, ...]:
    references: Sequence[Reference] = parse.references(place) or parse.items[place].mentions[-1:]
    return _speakers(discourse, references)


def _noun_cue(discourse: Discourse, parse: Parse, index: int) -> _Cue | None:
    """ "the announcement of Damascus that": a noun of speech, its speaker in the genitive, a complement."""
    item = parse.items[index]
    after = parse.items[index + 1] if index + 1 < len(parse.items) else None
    if after is None or after.kind != "mark" or not after.word.startswith("complementiser"):
        return None
    for token in range(item.first, item.last):
        classes = parse.classes(token) & _SPEECH
        if classes and parse.tokens[token].reading.pos == "NOUN":
            inner = [m for m in item.mentions if parse.ranges[m][0] > token]
            holders = _speakers(discourse, inner[-1:])
            return _Cue(index, holders, classes, "speech-noun") if holders else None
    return None


def _resumptive_denial(discourse: Discourse, sentence: int, parse: Parse, index: int) -> Attribution | None:
    """ "..., which the coalition denied": what stands before it in the sentence is taken back by the denier."""
    item = parse.items[index]
    reading = parse.tokens[item.head].reading
    if "deny" not in parse.classes(item.head) or not reading.enclitic.startswith("3") or index == 0:
        return None
    holders = _speakers(discourse, discourse.verb(sentence, index).slots.get("subject", ()))
    if not holders:
        return None
    return Attribution(
        scope=span_of(parse, 0, index),
        holders=holders,
        cue=parse.tokens[item.head].span,
        rule="resumptive-denial",
        denied=True,
        sentence=sentence,
    )


def _scopes(discourse: Discourse, sentence: int, parse: Parse, cue: _Cue) -> list[Attribution]:
    item = parse.items[cue.item]
    if cue.rule == "speech-verb":
        denial = _resumptive_denial(discourse, sentence, parse, cue.item)
        if denial is not None:
            return [denial]
    spans = according_scope(parse, cue.item) if cue.rule == "according-to" else _content(parse, cue)
    return [
        Attribution(
            scope=span,
            holders=cue.holders,
            cue=parse.tokens[item.head].span,
            rule=cue.rule,
            direct=direct,
            denied="deny" in cue.classes and "say" not in cue.classes,
            accused=cue.accused,
            sentence=sentence,
        )
        for span, direct in spans
    ]


def _content(parse: Parse, cue: _Cue) -> list[tuple[Span, bool]]:
    """What a speech verb governs: its complement; else what is denied, charged, quoted before or told by a noun."""
    complement = _complement(parse, cue)
    if complement is not None:
        charge = _charge(parse, cue)
        whole = Span(charge, complement[0].end) if 0 <= charge < complement[0].start else complement[0]
        return [(whole, complement[1])]
    if "deny" in cue.classes and _own_part(parse, cue.item):
        return []  # who denies a part in an attack does not deny the attack
    if cue.classes & {"deny", "accuse", "claim"}:
        end = clause_end(parse, cue.item)
        start = cue.item + 1
        if "accuse" in cue.classes:
            charged = (place for place in range(start, end) if parse.items[place].prep == "bi")
            start = next(charged, start)
        return [(span_of(parse, start, end), False)]
    quoted = _quoted_before(parse, cue)
    if quoted is not None:
        return [(quoted, True)]
    told = _told_noun(parse, cue)
    return [(span_of(parse, told, told_end(parse, told)), False)] if told >= 0 else []


def _charge(parse: Parse, cue: _Cue) -> int:
    """Where the charge of an accusation begins: "accused X *of involvement in* ..."; -1 if there is none."""
    if "accuse" not in cue.classes:
        return -1
    end = clause_end(parse, cue.item)
    charged = next((place for place in range(cue.item + 1, end) if parse.items[place].prep == "bi"), -1)
    return parse.tokens[parse.items[charged].first].span.start if charged >= 0 else -1


def _complement(parse: Parse, cue: _Cue) -> tuple[Span, bool] | None:
    """What follows "that", a colon or an opening quotation mark, and whether in the speaker's own words."""
    clause = parse.items[cue.item].clause
    for place in range(cue.item + 1, len(parse.items)):
        item = parse.items[place]
        if item.kind == "mark" and item.word.startswith("complementiser"):
            return until_return(parse, place), False
        if item.kind == "stop" and item.word == ":":
            return span_of(parse, place + 1, len(parse.items)), True
        if item.kind == "quote" and item.word == "open" and not name_in_quotes(parse, place):
            return quoted_span(parse, place), True
        if item.kind == "mark" and item.word == "subordinator":
            break
        if item.clause != clause and parse.clauses[item.clause].kind == "relative":
            continue
        other_speech = item.kind == "verb" and item.clause != clause and parse.classes(item.head) & _SPEECH
        if other_speech or item.kind == "stop":
            break
    return None


def _own_part(parse: Parse, index: int) -> bool:
    """ "denied its responsibility for", "any part in"."""
    words = parse.lexicon.words("claim-word")
    for place in range(index + 1, min(index + 4, len(parse.items))):
        item = parse.items[place]
        if item.kind == "np" and any(parse.lemma(token) in words for token in range(item.first, item.last)):
            return True
    return False


def _quoted_before(parse: Parse, cue: _Cue) -> Span | None:
    """A quotation that the verb only closes: "...", said X."""
    place = cue.item - 1
    while place >= 0 and parse.items[place].kind == "comma":
        place -= 1
    if place < 0 or parse.items[place].kind != "quote" or parse.items[place].word != "close":
        return None
    opening = next((i for i in range(place - 1, -1, -1) if parse.items[i].kind == "quote"), -1)
    return span_of(parse, opening, place) if opening >= 0 and not name_in_quotes(parse, opening) else None


def _told_noun(parse: Parse, cue: _Cue) -> int:
    """What speech tells as a noun: "announced the killing of", "confirmed reaching a truce", "reported the fall of"."""
    around = verb_arguments(parse, cue.item)
    for slot in ("object", "prep:bi", "prep:an"):
        for place in around.items.get(slot, ()):
            item = parse.items[place]
            if place <= cue.item or item.kind != "np" or item.joined >= 0:
                continue
            named = any(parse.ranges[m][0] <= item.head < parse.ranges[m][1] for m in item.mentions)
            if not named and parse.tokens[item.head].reading.pos == "NOUN":
                return place
    return -1


def _nest(found: list[Attribution], starts: Sequence[int]) -> list[Attribution]:
    """A scope inside another has the outer holders before its own; only the sentence of its cue can cover it."""
    nested = []
    by_sentence: defaultdict[int, list[Attribution]] = defaultdict(list)
    for attribution in found:
        by_sentence[attribution.sentence].append(attribution)
    for attribution in found:
        outer: tuple[ChainId, ...] = ()
        for other in by_sentence[bisect_right(starts, attribution.cue.start) - 1]:
            inside = other is not attribution and other.scope.covers(attribution.cue)
            if inside and other.holders != attribution.holders:
                outer = tuple(h for h in other.holders if h not in attribution.holders)
        nested.append(replace(attribution, holders=(*outer, *attribution.holders)) if outer else attribution)
    return nested
