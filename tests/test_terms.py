"""Every term that code, rules, queries and documents use is defined in ``ontology/*.ttl``, in both languages."""

from __future__ import annotations

import ast
import re
from pathlib import Path

import pytest

from kg import vocabulary
from kg.language.patterns import load_frames
from kg.vocabulary import KG

ROOT = Path(__file__).resolve().parents[1]
NAMESPACES = {"KG": "kg", "EV": "ev", "SCHEMA": "schema", "PROV": "prov", "ORG": "org", "OA": "oa", "SKOS": "skos"}
TERM = re.compile(r"(?<![\w:/#-])(kg|ev):([A-Za-z]\w*)")
COMMENT = re.compile(r"(?m)#[^\n>]*$")
SHAPES_OWN = re.compile(r"Shape$|^shapes$")


def used_in_code() -> list[tuple[str, str, str]]:
    """(namespace, term, place) for each ``KG.term`` in the library."""
    found = []
    for path in sorted((ROOT / "kg").rglob("*.py")):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name) and node.value.id in NAMESPACES:
                found.append((NAMESPACES[node.value.id], node.attr, f"{path.relative_to(ROOT)}:{node.lineno}"))
    return found


def used_in_files() -> list[tuple[str, str, str]]:
    """(namespace, term, place) for each ``kg:term`` in queries, Turtle, examples and documents."""
    found = []
    paths = [*(ROOT / "ontology").rglob("*.rq"), *(ROOT / "ontology").glob("*.ttl"), *(ROOT / "examples").rglob("*.rq"),
             *(ROOT / "docs").glob("*.md"), ROOT / "README.md"]  # fmt: skip
    for path in sorted(paths):
        for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1):
            text = line if path.suffix == ".md" else COMMENT.sub("", line)
            found += [(prefix, name, f"{path.relative_to(ROOT)}:{number}") for prefix, name in TERM.findall(text)]
    return found


def is_known(prefix: str, name: str) -> bool:
    return name in vocabulary.Namespace(prefix)


def test_terms_in_code_are_defined() -> None:
    used = used_in_code()
    assert len(used) > 50
    assert [place for prefix, name, place in used if not is_known(prefix, name)] == []


def test_terms_in_queries_and_documents_are_defined() -> None:
    used = used_in_files()
    assert len(used) > 100
    wrong = [f"{place}: {p}:{n}" for p, n, place in used if not is_known(p, n) and not SHAPES_OWN.search(n)]
    assert wrong == []


def test_rules_speak_the_vocabulary() -> None:
    names = vocabulary.predicates().keys() | vocabulary.event_types().keys()
    load_frames()
    text = "\n".join(path.read_text(encoding="utf-8") for path in (ROOT / "ontology" / "rules").glob("*.yaml"))
    written = set(re.findall(r"^\s*(?:predicate|event|relation):\s*([A-Za-z]+)\s*$", text, re.MULTILINE))
    assert written <= names


@pytest.mark.parametrize(
    "name", sorted({*vocabulary.entity_types(), *vocabulary.predicates(), *vocabulary.event_types()})
)
def test_every_public_term_speaks_both_languages(name: str) -> None:
    tables = (vocabulary.entity_types(), vocabulary.predicates(), vocabulary.event_types())
    node = next(table[name] for table in tables if name in table)
    for language in ("en", "ar"):
        assert vocabulary.label(node, language)
        assert vocabulary.comment(node, language)


def test_the_gold_terms_are_all_there() -> None:
    assert len(vocabulary.entity_types()) >= 21
    assert len(vocabulary.predicates()) >= 28
    assert len(vocabulary.event_types()) >= 24
    assert set(vocabulary.modalities()) >= {"asserted", "claimed", "hypothetical", "negated", "planned"}
    assert KG.Claim.value.endswith("#Claim")
