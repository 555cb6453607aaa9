"""The lexicon of ``ontology/lexicon``: typed names, nisba adjectives, titles, tenures and word classes."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from kg.datamodel import LexiconId
from kg.errors import DataError
from kg.language.arabic import DEFINITE, fold
from kg.language.tables import Row, read_table
from kg.resources import ontology_path

NAME_COLUMNS = (
    "id",
    "type",
    "name_en",
    "romanisation",
    "gloss",
    "country",
    "parent",
    "attributes",
    "source",
    "forms_ar",
)
NISBA_COLUMNS = ("id", "entity", "romanisation", "gloss", "forms_ar")
TENURE_COLUMNS = ("id", "person", "office", "organisation", "from", "until", "status", "source", "gloss")
TITLE_COLUMNS = ("id", "class", "romanisation", "gloss", "features", "forms_ar")
WORD_COLUMNS = ("id", "class", "pos", "romanisation", "gloss", "forms_ar")
HEAD_COLUMNS = ("id", "mode", "type", "romanisation", "gloss", "forms_ar")
ENTITY_TYPES = frozenset(
    "Faction PoliticalGroup Government GovernmentBody MilitaryForce Base Facility Official Person Office Country City "
    "Region Organization MediaOutlet Weapon Agreement Document Event Group UnnamedSource".split()
)
_NAME_FILES = (
    "factions parties forces governments bodies organizations media countries regions cities bases facilities weapons "
    "agreements events offices people-iraq people-region people-world"
).split()


@dataclass(frozen=True, slots=True, kw_only=True)
class Form:
    """One way to write a name. ``short`` forms need support from the document."""

    text: str
    folded: str
    short: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class LexiconEntry:
    """One named thing."""

    id: LexiconId
    type: str
    name_en: str
    aliases_en: tuple[str, ...]
    romanisation: str
    gloss: str
    country: str
    parent: str
    attributes: Mapping[str, str]
    source: str
    forms: tuple[Form, ...]

    @property
    def name_ar(self) -> str:
        """The full Arabic name."""
        return self.forms[0].text


@dataclass(frozen=True, slots=True, kw_only=True)
class Title:
    """The head of a title: ``kind`` is office, rank, honorific, role, modifier or kunya."""

    id: str
    kind: str
    features: Mapping[str, str]
    gloss: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Head:
    """A class noun that announces a name; ``mode`` is name-in, name-out or nisba-in."""

    id: str
    mode: str
    type: str

    @property
    def trims(self) -> bool:
        """Whether the noun also falls away where the lexicon lists it with the name: "governorate of X"."""
        return self.id not in ("head-iqlim", "head-mintaqa")


@dataclass(frozen=True, slots=True, kw_only=True)
class Tenure:
    """Who held which office when; dates are ISO, as precise as is known."""

    person: LexiconId
    office: LexiconId
    start: str
    end: str
    status: str

    def covers(self, day: str) -> bool:
        """Whether the person held the office on the ISO ``day`` (compared at the precision known)."""
        begun = not self.start or day[: len(self.start)] >= self.start
        over = bool(self.end) and day[: len(self.end)] > self.end
        known_until = self.status.partition("current-")[2][:4]
        sure = bool(self.end) or bool(known_until) and day[:4] <= known_until
        return begun and not over and sure and bool(self.start)


class Lexicon:
    """All tables, indexed by folded form. Build with ``load_lexicon``."""

    def __init__(
        self,
        entries: Mapping[LexiconId, LexiconEntry],
        nisba: Mapping[str, LexiconId],
        titles: Mapping[str, tuple[Title, ...]],
        tenures: tuple[Tenure, ...],
        words: Mapping[str, Mapping[str, str]],
        triggers: Mapping[tuple[str, str], frozenset[str]],
        heads: Mapping[str, Head],
    ) -> None:
        self.entries = entries
        self.nisba = nisba
        self.titles = titles
        self.tenures = tenures
        self._words = words
        self.triggers = triggers
        """(UPOS, folded lemma) -> trigger classes."""
        self.heads = heads
        forms: defaultdict[str, list[tuple[LexiconId, bool]]] = defaultdict(list)
        for entry in entries.values():
            for form in entry.forms:
                if (entry.id, form.short) not in forms[form.folded]:
                    forms[form.folded].append((entry.id, form.short))
        self.forms: Mapping[str, tuple[tuple[LexiconId, bool], ...]] = {k: tuple(v) for k, v in forms.items()}
        by_office: defaultdict[LexiconId, list[Tenure]] = defaultdict(list)
        by_person: defaultdict[LexiconId, list[Tenure]] = defaultdict(list)
        for tenure in tenures:
            by_office[tenure.office].append(tenure)
            by_person[tenure.person].append(tenure)
        self.tenures_by_office: Mapping[LexiconId, list[Tenure]] = by_office
        self.tenures_by_person: Mapping[LexiconId, list[Tenure]] = by_person

    def words(self, kind: str) -> Mapping[str, str]:
        """Folded form -> id of the words of one class; empty if there is no such class."""
        return self._words.get(kind, {})

    def holder(self, office: LexiconId, day: str) -> LexiconId | None:
        """Who held the office on that day; None if unknown or if more than one did."""
        found = {t.person for t in self.tenures_by_office.get(office, ()) if t.covers(day)}
        return found.pop() if len(found) == 1 else None


def _forms(row: Row) -> tuple[Form, ...]:
    forms = []
    for raw in row.many("forms_ar"):
        text = raw.lstrip("~=").strip()
        if not text:
            raise row.error("an empty form", "forms_ar")
        forms.append(Form(text=text, folded=" ".join(fold(text).split()), short=raw.startswith("~")))
    if not forms:
        raise row.error("no Arabic form", "forms_ar")
    return tuple(forms)


def _entry(row: Row) -> LexiconEntry:
    if row["type"] not in ENTITY_TYPES:
        raise row.error(f"{row['type']!r} is not an entity type", "type")
    for column in ("id", "name_en", "romanisation", "gloss"):
        if not row[column].strip():
            raise row.error("must not be empty", column)
    names = row.many("name_en")
    return LexiconEntry(
        id=LexiconId(row["id"]),
        type=row["type"],
        name_en=names[0],
        aliases_en=names[1:],
        romanisation=row["romanisation"],
        gloss=row["gloss"],
        country=row["country"],
        parent=row["parent"],
        attributes=row.pairs("attributes"),
        source=row["source"],
        forms=_forms(row),
    )


def _names(folder: Path) -> dict[LexiconId, LexiconEntry]:
    entries: dict[LexiconId, LexiconEntry] = {}
    for path in (folder / f"{name}.tsv" for name in _NAME_FILES):
        if not path.exists():
            continue
        for row in read_table(path, NAME_COLUMNS):
            entry = _entry(row)
            if entry.id in entries:
                raise row.error(f"{entry.id} is defined twice", "id")
            entries[entry.id] = entry
    return entries


def _nisba(path: Path) -> dict[str, LexiconId]:
    found: dict[str, LexiconId] = {}
    for row in read_table(path, NISBA_COLUMNS):
        for form in row.many("forms_ar"):
            if form != "-":
                folded = fold(form)
                found.setdefault(folded, LexiconId(row["entity"]))
                found.setdefault(DEFINITE + folded, LexiconId(row["entity"]))
    return found


def _titles(path: Path) -> dict[str, tuple[Title, ...]]:
    found: defaultdict[str, list[Title]] = defaultdict(list)
    for row in read_table(path, TITLE_COLUMNS):
        title = Title(id=row["id"], kind=row["class"], features=row.pairs("features"), gloss=row["gloss"])
        for form in row.many("forms_ar"):
            if not form.startswith("~"):
                found[fold(form.lstrip("="))].append(title)
    return {form: tuple(titles) for form, titles in found.items()}


def _tenures(path: Path) -> tuple[Tenure, ...]:
    return tuple(
        Tenure(
            person=LexiconId(row["person"]),
            office=LexiconId(row["office"]),
            start=row["from"],
            end=row["until"],
            status=row["status"],
        )
        for row in read_table(path, TENURE_COLUMNS)
    )


def _triggers(path: Path) -> dict[tuple[str, str], frozenset[str]]:
    found: defaultdict[tuple[str, str], set[str]] = defaultdict(set)
    for row in read_table(path, WORD_COLUMNS):
        for form in row.many("forms_ar"):
            found[row["pos"], fold(form)].add(row["class"])
    return {key: frozenset(classes) for key, classes in found.items()}


def _heads(path: Path) -> dict[str, Head]:
    return {
        fold(form): Head(id=row["id"], mode=row["mode"], type=row["type"])
        for row in read_table(path, HEAD_COLUMNS)
        for form in row.many("forms_ar")
    }


def _words(path: Path) -> dict[str, dict[str, str]]:
    found: defaultdict[str, dict[str, str]] = defaultdict(dict)
    for row in read_table(path, WORD_COLUMNS):
        for form in row.many("forms_ar"):
            for kind in row.many("class", ","):
                found[kind][fold(form)] = row["id"]
    return dict(found)


@cache
def load_lexicon(folder: Path | None = None) -> Lexicon:
    """Load and check all tables of ``folder`` (default: the shipped ontology); raises DataError."""
    base = folder or ontology_path("lexicon")
    if not base.is_dir():
        raise DataError(str(base), 0, "there is no lexicon folder here; reinstall kg or give its path")
    return Lexicon(
        _names(base),
        _nisba(base / "nisba.tsv"),
        _titles(base / "titles.tsv"),
        _tenures(base / "tenures.tsv") if (base / "tenures.tsv").exists() else (),
        _words(base / "words.tsv"),
        _triggers(base / "triggers.tsv"),
        _heads(base / "heads.tsv"),
    )
