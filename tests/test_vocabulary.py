"""The ontology's own laws, and closed namespaces."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

import pytest
from pyoxigraph import Literal, NamedNode

from kg import vocabulary
from kg.errors import TermError
from kg.language.lexicon import ENTITY_TYPES
from kg.vocabulary import EV, KG, RDF, RDFS

PREDICATES = set(
    "attacked locatedIn holdsOffice formerOffice designatedTo leads formerlyLed memberOf partOf spokespersonFor "
    "alliedWith loyalTo supports opposes accuses killed negotiatesWith met appointed dismissed signed withdrewFrom "
    "deployedIn controls hosts owns produces uses".split()
)
EVENT_TYPES = set(
    "Attack Killing Clash MilitaryOperation Threat Statement Accusation Denial Negotiation Meeting Truce Withdrawal "
    "Protest Election Alliance Appointment Dismissal Closure Legislation Deployment SupportAct Claim Request "
    "Agreement".split()
)


def test_the_lists_are_those_of_the_annotation() -> None:
    assert set(vocabulary.entity_types()) == set(ENTITY_TYPES)
    assert set(vocabulary.predicates()) == PREDICATES
    assert set(vocabulary.event_types()) == EVENT_TYPES
    assert set(vocabulary.modalities()) == {"asserted", "claimed", "hypothetical", "negated", "planned"}
    assert set(vocabulary.roles()) == {"agent", "target", "place", "instrument", "count", "killed", "wounded"}


def test_every_term_of_ours_is_defined_with_labels_and_comments_in_both_languages() -> None:
    mentioned = {
        node
        for triple in vocabulary.triples()
        for node in (triple.subject, triple.predicate, triple.object)
        if isinstance(node, NamedNode) and node.value.startswith((vocabulary.PREFIXES["kg"], vocabulary.PREFIXES["ev"]))
    }
    typed = {triple.subject for triple in vocabulary.triples() if triple.predicate == RDF.type}
    assert len(mentioned) > 120
    for node in sorted(mentioned, key=str):
        assert node in typed, f"{node} is used and never defined"
        for predicate in (RDFS.label, RDFS.comment):
            languages = {
                t.object.language
                for t in vocabulary.triples()
                if t.subject == node and t.predicate == predicate and isinstance(t.object, Literal)
            }
            assert languages == {"ar", "en"}, f"{node} {predicate}"


def test_every_relation_has_domain_and_range_of_ours() -> None:
    for name, node in vocabulary.predicates().items():
        for side in (RDFS.domain, RDFS.range):
            found = [t.object for t in vocabulary.triples() if t.subject == node and t.predicate == side]
            assert len(found) == 1, name
            assert KG.Entity in vocabulary.superclasses()[found[0]] | {found[0]}, name  # type: ignore[index]


def test_every_type_is_below_the_root() -> None:
    for node in vocabulary.entity_types().values():
        assert KG.Entity in vocabulary.superclasses()[node]
    for node in vocabulary.event_types().values():
        assert EV.Event in vocabulary.superclasses()[node]


@pytest.mark.parametrize(
    ("call", "hint"),
    [
        (lambda: KG.membreOf, "did you mean kg:memberOf?"),
        (lambda: vocabulary.predicate("attacks"), "did you mean attacked?"),
        (lambda: vocabulary.event_type("Atack"), "did you mean Attack?"),
        (lambda: vocabulary.entity_type("Militia"), "not a entity type"),
        (lambda: vocabulary.modality("assertd"), "did you mean asserted?"),
    ],
)
def test_a_misspelt_term_raises_and_names_the_nearest(call: object, hint: str) -> None:
    with pytest.raises(TermError) as caught:
        call()  # type: ignore[operator]
    assert hint.replace("a entity", "an entity") in str(caught.value)


def test_codes_point_at_schemes() -> None:
    assert vocabulary.codes("Protest") == {
        "acled": (("close", "Protests"),),
        "cameo": (("close", "14"),),
        "plover": (("close", "PROTEST"),),
    }
    assert vocabulary.codes("Election") == {}


def test_every_term_that_the_code_names_exists() -> None:
    names = {name: getattr(vocabulary, name) for name in dir(vocabulary) if name.isupper()}
    spaces = {name: space for name, space in names.items() if isinstance(space, vocabulary.Namespace)}
    pattern = re.compile(rf"\b({'|'.join(spaces)})\.([A-Za-z]\w*)")
    found = 0
    for path in sorted((Path(vocabulary.__file__).parent / "graph").glob("*.py")):
        for space, term in pattern.findall(path.read_text(encoding="ascii")):
            assert term in spaces[space], f"{path.name}: {space}.{term}"
            found += 1
    assert found > 60


def test_importing_does_not_parse() -> None:
    code = "import sys, kg.vocabulary as v; sys.exit(v.triples.cache_info().currsize or ('rdflib' in sys.modules))"
    root = Path(vocabulary.__file__).parents[1]
    assert subprocess.run([sys.executable, "-c", code], cwd=root, check=False).returncode == 0
