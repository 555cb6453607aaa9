"""Noun phrases, verbs and markers of one sentence, read from left to right."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Mapping, Sequence
from dataclasses import replace
from functools import cache

from kg.datamodel import Mention, Sentence, TimeExpression, Token
from kg.language.arabic import ALEF, COMMA, DEFINITE, QUESTION, SEMICOLON
from kg.language.lexicon import Lexicon
from kg.language.syntax import PEOPLE, QUOTE_MARKS, Item, is_definite

_COMMAS = frozenset((COMMA, ",", SEMICOLON, ";", "-", "\u2013"))
_STOPS = frozenset((".", ":", "!", "?", QUESTION, "..", "...", "\u2026"))
_PROCLITIC_PREPOSITIONS = ("bi", "li", "ka")
_NOMINAL = frozenset(("NOUN", "ADJ", "PROPN", "X", "NUM", "ADV", "DET", "PRON"))
_TITLES = ("leader-title", "member-title", "spokesperson-title")
_MARKERS = ("complementiser", "relative", "conditional", "subordinator", "negator", "possibility", "planning")
_LONGEST_WORD = 4


class PhraseReader:
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
        placed = range(len(mentions))
        first = bisect_left(placed, (self.start, 0), key=ranges.__getitem__)
        last = bisect_left(placed, (self.stop, 0), key=ranges.__getitem__)
        self.at = {ranges[m][0]: m for m in range(first, last)}
        self.ends = {m: ranges[m][1] for m in self.at.values()}
        self.timed = _timed(times, tokens, self.start, self.stop)
        self.quotes = 0

    def read(self) -> list[Item]:
        """All items of the sentence; prepositions and conjunctions become marks of what follows."""
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
            if item.kind == "np":
                self.quotes += sum(self.tokens[t].norm in QUOTE_MARKS for t in range(item.first, item.last))
            items.append(item)
            prep, conj = "", False
        return items

    def _next(self, index: int) -> Item:
        token = self.tokens[index]
        if index in self.timed:
            return self._time(index)
        if token.kind == "punct":
            return self._punctuation(index)
        if index in self.at and not self._by_agent(index):
            return self._phrase(index)
        if index > self.start and self._participle(token):
            return Item("verb", index, index + 1, index, word="speech")
        word = self._function_word(index)
        if word is not None:
            return word
        if token.reading.pos == "VERB":
            item = Item("verb", index, index + 1, index, word=self._speech(token))
            item.conj = bool({"wa", "fa"} & set(token.reading.proclitics))
            return item
        if token.reading.pos == "CCONJ":
            return Item("conj", index, index + 1, index, word=token.norm)
        nominal = token.reading.pos in _NOMINAL or token.kind in ("number", "latin")
        adverb = token.reading.pos == "ADV" and token.norm.endswith(ALEF)
        return self._phrase(index) if nominal and not adverb else Item("other", index, index + 1, index)

    def _speech(self, token: Token) -> str:
        classes = self.lexicon.triggers.get(("VERB", token.reading.lemma), frozenset())
        return "speech" if classes & {"say", "deny", "accuse"} else ""

    def _by_agent(self, index: int) -> bool:
        """ "by the bullets of X": a weapon that only says by whom, its owner named right behind."""
        return self.lexicon.words("prep").get(self.tokens[index].norm) == "agent" and index + 1 in self.at

    def _participle(self, token: Token) -> bool:
        """ "stressing", "denying": an accusative participle of speech governs like a verb."""
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
            if skip and token.norm[:1] not in ("\u0648", "\u0641"):
                continue
            longest = _closed_words(self.lexicon)[1].get(token.norm[skip:], 1)
            for length in range(min(longest, self.stop - index), 0, -1):
                if length > 1 and any(place in self.at for place in range(index + 1, index + length)):
                    continue  # "in | South Lebanon"
                key = " ".join([token.norm[skip:]] + [t.norm for t in self.tokens[index + 1 : index + length]])
                found = self._closed(key, index)
                if found is not None:
                    kind, word = found
                    item = Item(kind, index, index + length, index, word=word)
                    item.conj = skip == 1
                    return item
        return None

    def _closed(self, key: str, index: int) -> tuple[str, str] | None:
        opens = index == self.start or self.tokens[index - 1].norm in QUOTE_MARKS
        if opens and key in (_IF, _MA) and self._perfect(index + 1):
            return "mark", "conditional" if key == _IF else "negator"
        known = _closed_words(self.lexicon)[0]
        if key not in known:
            return ("mark", "complementiser+") if _with_pronoun(key, self.lexicon.words("complementiser")) else None
        found = known[key]
        if found == ("prep", "tongue") and self.tokens[index - 1].kind == "punct":
            return "mark", "according"
        return found

    def _perfect(self, index: int) -> bool:
        """Whether a perfect verb stands here that is not "to cease" ("ma zala" means still)."""
        if index >= self.stop:
            return False
        reading = self.tokens[index].reading
        return reading.pos in ("VERB", "AUX") and reading.aspect == "p" and reading.lemma != _ZALA

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
        if place in self.timed:
            return None
        if mention is not None:
            if place > start and (_attached(self.mentions[mention], token) or self._new_name(found, mention, start)):
                return None
            if place > start and not found and self._complete(place - 1, mention):
                return None
            found.append(mention)
            return self.ends[mention], self.mentions[mention].type != "Office"
        if token.kind == "punct":
            return (place + 1, closed) if place > start and self._inner_mark(place, found) else None
        if place > start:
            if token.norm == _GHAYR and place + 1 < self.stop and self.tokens[place + 1].reading.pos == "ADJ":
                return place + 2, closed
            if self._ends(place, start, closed):
                return None
        return place + 1, False if not found else closed

    def _ends(self, place: int, start: int, closed: bool) -> bool:
        """Whether a word without a name cannot go on the phrase that began at ``start``."""
        token, before = self.tokens[place], self.tokens[place - 1]
        reading = token.reading
        if reading.core or reading.pos not in _NOMINAL or self._function_word(place) is not None:
            return True
        if self._participle(token):
            return True
        adjective = reading.pos == "ADJ" and is_definite(token) == is_definite(before)
        if closed and not adjective and token.norm not in self.lexicon.nisba:
            return True
        if reading.pos == "NOUN" and before.reading.pos == "ADJ" and place - 1 > start:
            return True
        if before.reading.pos == "PROPN" and not reading.definite and ("NOUN", reading.lemma) in self.lexicon.triggers:
            return True
        return self._second_noun(place)

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
        if now.type not in PEOPLE or before.type in PEOPLE or len(found) > 2:
            return True
        return before.type != "Office" and not self._titled(start)

    def _complete(self, before: int, mention: int) -> bool:
        """A noun with the article governs no name: "the meeting | the coalition held", "the ministry | Grandi"."""
        token = self.tokens[before]
        bare = token.norm[token.reading.core :]
        latter = bare.removeprefix(DEFINITE) in self.lexicon.words("latter")
        if token.reading.pos != "NOUN" and not latter or not bare.startswith(DEFINITE) or bare in self.lexicon.titles:
            return False
        if latter:
            return True
        if self.mentions[mention].type in (*PEOPLE, "Office"):
            return bare.removeprefix(DEFINITE) in self.lexicon.heads
        return is_definite(self.tokens[before + 1])

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
        if not is_definite(before) or self._rank(place - 1) and self._rank(place):
            return False
        return place not in self.at

    def _rank(self, place: int) -> bool:
        """Two ranks in a row are one: "the staff colonel"."""
        token = self.tokens[place]
        titles = self.lexicon.titles.get(token.norm[token.reading.core :], ())
        return any(title.kind in ("rank", "modifier", "honorific") for title in titles)


@cache
def _closed_words(lexicon: Lexicon) -> tuple[Mapping[str, tuple[str, str] | None], Mapping[str, int]]:
    """What each phrase of the closed classes is, and by first word how many words the longest has."""
    known: dict[str, tuple[str, str] | None] = dict.fromkeys(lexicon.words("according"), ("mark", "according"))
    known |= dict.fromkeys(lexicon.words("denial-phrase"), ("mark", "denial"))
    known |= dict.fromkeys(lexicon.words("addition"), ("conj", "and"))
    known |= dict.fromkeys(lexicon.words("still"), ("other", "still"))
    for key, word in lexicon.words("prep").items():
        known.setdefault(key, ("prep", word))
    for name in _MARKERS:
        for key in lexicon.words(name):
            known.setdefault(key, None if name == "planning" and key.startswith(DEFINITE) else ("mark", name))
    longest: dict[str, int] = {}
    for key in known:
        first, *rest = key.split(" ")
        longest[first] = max(longest.get(first, 1), min(len(rest) + 1, _LONGEST_WORD))
    return known, longest


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


def _with_pronoun(key: str, words: Mapping[str, str]) -> bool:
    """A complementiser with a pronoun: "annahu", "bi-annaha"."""
    for length in (1, 2, 3):
        if len(key) > length + 1 and key[:-length] in words:
            return key[-length:] in _PRONOUNS
    return False


_IF, _MA, _ZALA = "\u0627\u0646", "\u0645\u0627", "\u0632\u0627\u0644"
"""in before a perfect at the head of a sentence: "if"; ma: "not"; zala."""
_GHAYR = "\u063a\u064a\u0631"
"""ghayr before an adjective: "un-"."""
_PRONOUNS = frozenset(
    ("\u0647", "\u0647\u0627", "\u0647\u0645", "\u0646\u0627", "\u0646\u064a", "\u0643\u0645", "\u0647\u0645\u0627")
)


def _timed(times: Sequence[TimeExpression], tokens: Sequence[Token], start: int, stop: int) -> dict[int, int]:
    """Token index -> number of the time expression that covers it."""
    found: dict[int, int] = {}
    if start == stop:
        return found
    first = bisect_right(times, tokens[start].span.start, key=_time_end)
    for number in range(first, len(times)):
        span = times[number].span
        if span.start >= tokens[stop - 1].span.end:
            break
        found |= {index: number for index in range(start, stop) if tokens[index].core.overlaps(span)}
    return found


def _time_end(time: TimeExpression) -> int:
    return time.span.end


def coordinate(items: list[Item]) -> None:
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
