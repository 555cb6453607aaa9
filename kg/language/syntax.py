"""A shallow analysis of one sentence: noun phrases, verbs, markers, and the clauses they stand in.

Serves relations, events, attribution and modality, so that no frame parses text again. Linear in the
number of tokens. A noun phrase is an idafa chain with its adjectives and at most one name (an office and
its holder count as one); coordination and apposition are links between phrases.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace

from kg.datamodel import LexiconId, Mention, Sentence, TimeExpression, Token
from kg.language.arabic import COMMA, DEFINITE, HEH, QUESTION, SEMICOLON
from kg.language.lexicon import Lexicon

QUOTE_MARKS = frozenset('"\u00ab\u00bb\u201c\u201d\u201e\u2039\u203a')
_COMMAS = frozenset((COMMA, ",", SEMICOLON, ";", "-", "\u2013"))
_STOPS = frozenset((".", ":", "!", "?", QUESTION, "..", "...", "\u2026"))
_PROCLITIC_PREPOSITIONS = ("bi", "li", "ka")
_NOMINAL = frozenset(("NOUN", "ADJ", "PROPN", "X", "NUM", "ADV", "DET", "PRON"))
_PEOPLE = frozenset(("Official", "Person"))
_TITLES = ("leader-title", "member-title", "spokesperson-title")
_MARKERS = ("complementiser", "relative", "conditional", "subordinator", "negator", "possibility", "planning")
_LONGEST_WORD = 4


@dataclass(slots=True)
class Item:
    """One constituent; token indices count over the document."""

    kind: str
    """np verb time mark comma stop quote other"""
    first: int
    last: int
    head: int
    prep: str = ""
    conj: bool = False
    word: str = ""
    """For marks: the word class; for quotes: open or close; for phrases: the lemma of the head."""
    mentions: tuple[int, ...] = ()
    clause: int = 0
    quoted: bool = False
    joined: int = -1
    """For a coordinated np: the item it continues."""


@dataclass(slots=True)
class Clause:
    """A stretch with at most one finite verb of its own."""

    index: int
    kind: str
    """main complement relative conditional adverbial coordinate"""
    parent: int = -1
    opener: int = -1
    verb: int = -1
    antecedent: int = -1
    governor: int = -1
    """The item (verb or np) a complement clause hangs on."""
    items: list[int] = field(default_factory=list)
    pronoun: bool = False
    """The complementiser carried a pronoun: its subject is an earlier noun."""


@dataclass(slots=True)
class Parse:
    """The items and clauses of one sentence."""

    sentence: Sentence
    items: list[Item]
    clauses: list[Clause]
    tokens: Sequence[Token]
    mentions: Sequence[Mention]
    ranges: Mapping[int, tuple[int, int]]
    lexicon: Lexicon

    def lemma(self, token: int) -> str:
        """The lemma of a token."""
        return self.tokens[token].reading.lemma

    def classes(self, token: int) -> frozenset[str]:
        """The trigger classes of a token."""
        reading = self.tokens[token].reading
        found = self.lexicon.triggers.get((reading.pos, reading.lemma))
        if found is None and reading.pos in ("NOUN", "ADJ"):
            bare = self.tokens[token].norm[reading.core :].removeprefix(DEFINITE).removesuffix(HEH)
            found = self.lexicon.triggers.get(("ADJ", bare))
        return found or frozenset()

    def item_of(self, token: int) -> int:
        """The item that holds a token; -1 if none does."""
        for index, item in enumerate(self.items):
            if item.first <= token < item.last:
                return index
        return -1

    def denoted(self, index: int) -> tuple[int, ...]:
        """The mentions that an np stands for, coordinated phrases included."""
        found = list(self._own(self.items[index])) or list(self._partitive(index))
        for item in self.items[index + 1 :]:
            if item.joined == index:
                found += self._own(item)
        return tuple(found)

    def references(self, index: int) -> tuple[int | LexiconId, ...]:
        """What an np stands for: its mentions, the person its title announces, or the land its adjective names."""
        denoted = self.denoted(index)
        if denoted and self.mentions[denoted[0]].type == "Office":
            person = self._announced(index)
            return (person,) if person >= 0 else denoted
        if denoted:
            return denoted
        person = self._announced(index) if self._is_title(index) else -1
        return (person,) if person >= 0 else self._nisba(index) or self._organ(index)

    def _organ(self, index: int) -> tuple[int, ...]:
        """"the press office of X", "a statement of X": the organ speaks for its owner."""
        item = self.items[index]
        if item.kind != "np" or item.mentions or index + 1 >= len(self.items):
            return ()
        after = self.items[index + 1]
        if after.kind != "np" or after.joined >= 0:
            return ()
        if after.prep in ("li", "an") and (self._word(item.head, "organ") or self._word(item.head, "carrier")):
            return self._own(after)
        return self._own(after) if after.prep == "fi" and self._word(item.head, "ground") else ()

    def _word(self, token: int, name: str) -> bool:
        """Whether a token is a word of a class, by lemma or form."""
        words = self.lexicon.words(name)
        bare = self.tokens[token].norm[self.tokens[token].reading.core :]
        return self.lemma(token) in words or bare.removeprefix(DEFINITE) in words

    def _is_title(self, index: int) -> bool:
        item = self.items[index]
        token = self.tokens[item.head]
        bare = token.norm[token.reading.core :]
        words = self.lexicon.words
        return item.kind == "np" and (bare in self.lexicon.titles or bare in words("spokesperson-title"))

    def _announced(self, index: int) -> int:
        """The person in apposition to a title: "the spokesman of the coalition X Y", "the prime minister, X Y"."""
        for place in range(index + 1, min(index + 5, len(self.items))):
            item = self.items[place]
            if item.kind in ("comma", "quote", "paren"):
                continue
            if item.kind != "np":
                break
            people = [m for m in item.mentions if self.mentions[m].type in _PEOPLE]
            if people and (item.prep in ("", "behalf") or item.mentions[0] != people[0]):
                return people[0]
            if item.prep not in ("behalf", "li", "fi", "lada"):
                break
        return -1

    def _nisba(self, index: int) -> tuple[LexiconId, ...]:
        """"an American aircraft", "Turkish forces": a carrier noun with an adjective of place."""
        item = self.items[index]
        if item.kind != "np" or item.mentions or not self._carries(item.head, self.lexicon.words("carrier")):
            return ()
        for place in range(item.first + 1, item.last):
            entity = self.lexicon.nisba.get(self.tokens[place].norm)
            if entity is not None:
                return (entity,)
        return ()

    def _partitive(self, index: int) -> tuple[int, ...]:
        """"27 people of the fighters of X", "dozens of": the whole stands for its part."""
        item = self.items[index]
        if item.kind != "np" or item.mentions or index + 1 >= len(self.items):
            return ()
        after = self.items[index + 1]
        if after.kind != "np" or after.prep != "min":
            return ()
        for place in range(item.first, item.last):
            counted = self.tokens[place].reading.pos == "NUM" or self.tokens[place].kind == "number"
            if counted or self._word(place, "carrier"):
                return self._own(after)
        return ()

    def _own(self, item: Item) -> tuple[int, ...]:
        if item.kind != "np" or not item.mentions:
            return ()
        last = item.mentions[-1]
        if self.mentions[last].type in _PEOPLE:
            return (last,)
        first = item.mentions[0]
        if self.ranges[first][0] <= item.head < self.ranges[first][1]:
            return (first,)
        carriers = self.lexicon.words("carrier")
        start = self.ranges[first][0]
        if all(self._carries(token, carriers) for token in range(item.first, start)):
            return (first,)
        return ()

    def _carries(self, token: int, carriers: Mapping[str, str]) -> bool:
        reading = self.tokens[token].reading
        norm = self.tokens[token].norm
        bare = norm[reading.core :]
        if bare in carriers or reading.lemma in carriers or bare.removeprefix(DEFINITE) in carriers:
            return True
        if bare in self.lexicon.heads or bare in self.lexicon.titles:
            return True
        return reading.pos in ("NUM", "ADJ", "DET") or norm in QUOTE_MARKS


def parse(
    sentence: Sentence,
    tokens: Sequence[Token],
    mentions: Sequence[Mention],
    ranges: Mapping[int, tuple[int, int]],
    times: Sequence[TimeExpression],
    lexicon: Lexicon,
) -> Parse:
    """Analyse one sentence; ``mentions`` and ``times`` are the document's, ``ranges`` their token ranges."""
    reader = _Reader(sentence, tokens, mentions, ranges, times, lexicon)
    items = reader.read()
    _coordinate(items)
    clauses = _clauses(items, tokens)
    return Parse(
        sentence=sentence,
        items=items,
        clauses=clauses,
        tokens=tokens,
        mentions=mentions,
        ranges=ranges,
        lexicon=lexicon,
    )


class _Reader:
    """Turns the tokens of a sentence into items, left to right."""

    def __init__(
        self,
        sentence: Sentence,
        tokens: Sequence[Token],
        mentions: Sequence[Mention],
        ranges: Mapping[int, tuple[int, int]],
        times: Sequence[TimeExpression],
        lexicon: Lexicon,
    ) -> None:
        self.tokens = tokens
        self.mentions = mentions
        self.lexicon = lexicon
        self.stop = sentence.last_token
        self.start = sentence.first_token
        self.at = {ranges[m][0]: m for m in ranges if self.start <= ranges[m][0] < self.stop}
        self.ends = {m: ranges[m][1] for m in self.at.values()}
        self.timed = _timed(times, tokens, self.start, self.stop)
        self.quotes = 0

    def read(self) -> list[Item]:
        items: list[Item] = []
        index, prep, conj = self.start, "", False
        while index < self.stop:
            item = self._next(index)
            item.prep = item.prep or prep
            item.conj = item.conj or conj
            item.quoted = self.quotes % 2 == 1
            index = item.last
            if item.kind == "prep":
                prep, conj = item.word, item.conj
                continue
            if item.kind == "conj":
                conj = True
                continue
            if item.kind == "quote":
                self.quotes += 1
                item.word = "open" if self.quotes % 2 else "close"
                items.append(item)
                continue
            items.append(item)
            prep, conj = "", False
        return items

    def _next(self, index: int) -> Item:
        token = self.tokens[index]
        if index in self.timed:
            return self._time(index)
        if token.kind == "punct":
            return self._punctuation(index)
        if index in self.at:
            return self._phrase(index)
        if index > self.start and self._participle(token):
            return Item("verb", index, index + 1, index)
        word = self._function_word(index)
        if word is not None:
            return word
        if token.reading.pos == "VERB":
            item = Item("verb", index, index + 1, index)
            item.conj = bool({"wa", "fa"} & set(token.reading.proclitics))
            return item
        if token.reading.pos in ("CCONJ",):
            return Item("conj", index, index + 1, index, word=token.norm)
        if token.reading.pos in _NOMINAL or token.kind in ("number", "latin"):
            return self._phrase(index)
        return Item("other", index, index + 1, index)

    def _participle(self, token: Token) -> bool:
        """"stressing", "denying": an accusative participle of speech governs like a verb."""
        bare = token.norm[token.reading.core :]
        return token.reading.pos != "VERB" and bare in self.lexicon.words("say-participle")

    def _time(self, index: int) -> Item:
        last = index
        span = self.timed[index]
        while last < self.stop and self.timed.get(last) == span:
            last += 1
        return Item("time", index, last, index, word=str(span))

    def _punctuation(self, index: int) -> Item:
        norm = self.tokens[index].norm
        if norm in QUOTE_MARKS:
            return Item("quote", index, index + 1, index)
        kind = "comma" if norm in _COMMAS else "stop" if norm in _STOPS else "paren"
        return Item(kind, index, index + 1, index, word=norm)

    def _function_word(self, index: int) -> Item | None:
        """The longest word of the closed classes that starts here, with wa- or fa- or alone."""
        token = self.tokens[index]
        for skip in (0, 1):
            if skip and not token.norm[:1] in ("\u0648", "\u0641"):
                continue
            for length in range(min(_LONGEST_WORD, self.stop - index), 0, -1):
                key = " ".join([token.norm[skip:]] + [t.norm for t in self.tokens[index + 1 : index + length]])
                found = self._closed(key, index)
                if found is not None:
                    kind, word = found
                    item = Item(kind, index, index + length, index, word=word)
                    item.conj = skip == 1
                    return item
        return None

    def _closed(self, key: str, index: int) -> tuple[str, str] | None:
        words = self.lexicon.words
        if key in words("according"):
            return "mark", "according"
        if key in words("prep"):
            return "prep", words("prep")[key]
        for name in _MARKERS:
            if key in words(name):
                if name == "planning" and key.startswith(DEFINITE):
                    return None
                return "mark", name
        if _with_pronoun(key, words("complementiser")):
            return "mark", "complementiser+"
        return None

    def _phrase(self, index: int) -> Item:
        """The longest noun phrase from ``index``."""
        token = self.tokens[index]
        item = Item("np", index, index + 1, index)
        if index in self.at:
            core = self.tokens[index].norm
            item.conj, item.prep = _proclitics(self.mentions[self.at[index]], token, core)
        else:
            item.conj = bool({"wa", "fa"} & set(token.reading.proclitics))
            item.prep = next((p for p in token.reading.proclitics if p in _PROCLITIC_PREPOSITIONS), "")
        found: list[int] = []
        place, closed = index, False
        while place < self.stop:
            step = self._extend(place, index, found, closed)
            if step is None:
                break
            place, closed = step
        item.last = max(place, index + 1)
        item.mentions = tuple(found)
        item.word = self.tokens[item.head].reading.lemma
        return item

    def _extend(self, place: int, start: int, found: list[int], closed: bool) -> tuple[int, bool] | None:
        token = self.tokens[place]
        mention = self.at.get(place)
        if mention is not None and place not in self.timed:
            if place > start and (_attached(self.mentions[mention], token) or self._new_name(found, mention, start)):
                return None
            found.append(mention)
            return self.ends[mention], self.mentions[mention].type != "Office"
        if place in self.timed:
            return None
        if token.kind == "punct":
            return (place + 1, closed) if place > start and self._inner_mark(place, found) else None
        reading = token.reading
        if place > start:
            if token.norm == _GHAYR and place + 1 < self.stop and self.tokens[place + 1].reading.pos == "ADJ":
                return place + 2, closed
            if reading.core or reading.pos not in _NOMINAL or self._function_word(place) is not None:
                return None
            if self._participle(token):
                return None
            adjective = reading.pos == "ADJ" and _definite(token) == _definite(self.tokens[place - 1])
            if closed and not adjective and token.norm not in self.lexicon.nisba:
                return None
            if reading.pos == "NOUN" and self.tokens[place - 1].reading.pos == "ADJ" and place - 1 > start:
                return None
            if self._second_noun(place):
                return None
        return place + 1, False if not found else closed

    def _inner_mark(self, place: int, found: list[int]) -> bool:
        """A quotation mark between a class noun and its name, or a hyphen between two adjectives of place."""
        if place + 1 >= self.stop:
            return False
        before, token = self.tokens[place - 1], self.tokens[place]
        if token.norm in QUOTE_MARKS:
            bare = before.norm[before.reading.core :]
            return not found and place + 1 in self.at and (bare in self.lexicon.heads or bare in self.lexicon.titles)
        glued = before.span.end == token.span.start
        return token.norm == "-" and glued and self.tokens[place + 1].norm in self.lexicon.nisba

    def _new_name(self, found: list[int], mention: int, start: int) -> bool:
        """A second name opens a new phrase unless it is the holder of the office just named."""
        if not found:
            return False
        before, now = self.mentions[found[-1]], self.mentions[mention]
        if now.type not in _PEOPLE or before.type in _PEOPLE or len(found) > 2:
            return True
        return before.type != "Office" and not self._titled(start)

    def _titled(self, start: int) -> bool:
        """Whether the phrase begins with a title: "leader of the League X Y"."""
        token = self.tokens[start]
        bare, words = token.norm[token.reading.core :], self.lexicon.words
        return bare in self.lexicon.titles or any(bare in words(name) for name in _TITLES)

    def _second_noun(self, place: int) -> bool:
        """Definite noun after definite noun, or indefinite after definite: the next phrase begins."""
        before, token = self.tokens[place - 1], self.tokens[place]
        if before.kind != "word" or token.reading.pos not in ("NOUN", "NUM"):
            return False
        if not _definite(before):
            return False
        return place not in self.at


def _proclitics(mention: Mention, token: Token, norm: str) -> tuple[bool, str]:
    """What stands before the name inside its first token: (conjunction, preposition)."""
    length = mention.span.start - token.span.start
    lead = norm[: max(0, len(norm) - 1)][:length] if length > 0 else ""
    conj = lead[:1] in ("\u0648", "\u0641")
    rest = lead[1:] if conj else lead
    prep = {"\u0628": "bi", "\u0644": "li", "\u0643": "ka"}.get(rest[:1], "")
    if not lead and norm.startswith("\u0644\u0644"):
        prep = "li"
    return conj, prep


def _attached(mention: Mention, token: Token) -> bool:
    return mention.span.start > token.span.start or token.norm.startswith("\u0644\u0644")


def _definite(token: Token) -> bool:
    return token.norm.startswith(DEFINITE) or token.reading.definite or bool(token.reading.enclitic)


def _with_pronoun(key: str, words: Mapping[str, str]) -> bool:
    """A complementiser with a pronoun: "annahu", "bi-annaha"."""
    for length in (1, 2, 3):
        if len(key) > length + 1 and key[:-length] in words:
            return key[-length:] in _PRONOUNS
    return False


_GHAYR = "\u063a\u064a\u0631"
"""ghayr before an adjective: "un-"."""
_PRONOUNS = frozenset(
    ("\u0647", "\u0647\u0627", "\u0647\u0645", "\u0646\u0627", "\u0646\u064a", "\u0643\u0645", "\u0647\u0645\u0627")
)


def _timed(times: Sequence[TimeExpression], tokens: Sequence[Token], start: int, stop: int) -> dict[int, int]:
    """Token index -> number of the time expression that covers it."""
    found: dict[int, int] = {}
    for number, time in enumerate(times):
        if start < stop and time.span.start < tokens[stop - 1].span.end and time.span.end > tokens[start].span.start:
            for index in range(start, stop):
                if tokens[index].core.overlaps(time.span):
                    found[index] = number
    return found


def _coordinate(items: list[Item]) -> None:
    """Link "X wa-Y" to X and let Y inherit its preposition."""
    for index, item in enumerate(items):
        if item.kind != "np" or not item.conj or index == 0:
            continue
        back = index - 1
        while back >= 0 and items[back].kind in ("quote", "paren", "comma"):
            back -= 1
        back = _same_list(items, back, item)
        if back < 0 or items[back].kind != "np" or (item.prep and item.prep != items[back].prep):
            continue
        items[index] = replace(
            item,
            prep=item.prep or items[back].prep,
            joined=items[back].joined if items[back].joined >= 0 else back,
        )


def _same_list(items: list[Item], back: int, item: Item) -> int:
    """The phrase a coordinated one continues: past a prepositional phrase to one that begins with the same noun."""
    if back >= 0 and items[back].kind == "np" and items[back].prep and not item.prep and item.word:
        for place in range(back, max(-1, back - 5), -1):
            if items[place].kind == "np" and items[place].word == item.word:
                return place
            if items[place].kind == "verb":
                break
    return back


def _clauses(items: list[Item], tokens: Sequence[Token]) -> list[Clause]:
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
    item = items[index]
    number = len(clauses)
    if item.kind == "mark":
        before = index - 1
        if item.word.startswith("complementiser"):
            governor = current.verb if current.verb >= 0 else before
            above = clauses[current.parent] if current.parent >= 0 else current
            if current.kind == "relative" and current.opener == current.verb and above.verb >= 0:
                governor = above.verb  # "an official who refused to be named said that": the saying governs
            return Clause(
                number, "complement", current.index, index, governor=governor, pronoun=item.word.endswith("+")
            )
        if item.word == "relative":
            while before >= 0 and (items[before].kind not in ("np", "verb") or _resumes(items, before, tokens)):
                before -= 1
            before = _agreeing(items, before, tokens[item.head].norm, tokens)
            return Clause(number, "relative", current.index, index, antecedent=before)
        if item.word == "conditional":
            return Clause(number, "conditional", current.index, index)
        if item.word == "subordinator":
            return Clause(number, "adverbial", _root(clauses, current), index)
        return None
    if _speech_begins(items, index, current):
        return Clause(number, "complement", current.index, index, governor=current.verb)
    if item.kind == "verb":
        antecedent = _asyndetic(items, index, tokens, busy=current.verb >= 0)
        if antecedent >= 0:
            return Clause(number, "relative", current.index, index, antecedent=antecedent)
        before = clauses[-1]
        enclitic = tokens[item.head].reading.enclitic
        if item.conj and before.kind == "relative" and before.opener == before.verb and enclitic.startswith("3"):
            return Clause(number, "relative", before.parent, index, antecedent=before.antecedent)
    if item.kind == "verb" and current.verb >= 0:
        if _subjunctive(tokens[item.head]):
            return Clause(number, "complement", current.index, index, governor=current.verb)
        parent = current.parent if current.kind != "main" else -1
        kind = current.kind if current.kind in ("complement", "relative", "conditional") and item.conj else "coordinate"
        if kind == "coordinate":
            parent = current.index
        clause = Clause(number, kind, parent, index, governor=current.governor, antecedent=current.antecedent)
        return clause
    return None


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
    indefinite = head.reading.pos == "NOUN" and head.reading.known and not _definite(head)
    indefinite = indefinite and (before.last - before.first == 1 or not _definite(last))
    if not indefinite:
        return -1
    agrees = verb.gender in ("", head.reading.gender) or head.reading.number == "p"
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
        if item.kind == "verb" or item.kind == "stop":
            break
        definite = bool(item.mentions) or any(_definite(tokens[t]) for t in range(item.first, item.last))
        if item.kind == "np" and definite and _gender(item, tokens) in (wanted, ""):
            return place
    return before


def _gender(item: Item, tokens: Sequence[Token]) -> str:
    """The gender a phrase agrees in: plurals of things are feminine; unknown for names."""
    reading = tokens[item.head].reading
    if reading.pos == "PROPN" or not reading.known:
        return "m" if tokens[item.head].norm in _MASCULINE else ""
    if reading.number == "p":
        return "f"
    return reading.gender


_MASCULINE = frozenset(
    (
        "\u0627\u0644\u0639\u0631\u0627\u0642",
        "\u0627\u0644\u064a\u0645\u0646",
        "\u0644\u0628\u0646\u0627\u0646",
        "\u0627\u0644\u0627\u0631\u062f\u0646",
        "\u0627\u0644\u0633\u0648\u062f\u0627\u0646",
        "\u0627\u0644\u0645\u063a\u0631\u0628",
    )
)
"""al-'Iraq, al-Yaman, Lubnan, al-Urdunn, as-Sudan, al-Maghrib: the countries of masculine gender."""


def _speech_begins(items: list[Item], index: int, current: Clause) -> bool:
    """A colon, or a quotation mark around more than a name, after a clause that has its verb."""
    item = items[index]
    if current.verb < 0:
        return False
    if item.kind == "stop":
        return item.word == ":"
    if item.kind != "quote" or item.word != "open" or index + 2 >= len(items):
        return False
    return not (items[index + 1].kind == "np" and items[index + 2].kind == "quote")


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
