"""Every export read back: the same graph, on hostile Arabic."""

from __future__ import annotations

import csv
import importlib.util
import io
import json
import sys
from collections import Counter
from dataclasses import replace
from pathlib import Path
from xml.etree import ElementTree as ET

import networkx as nx
import pytest
from pyoxigraph import RdfFormat, parse
from rdflib import Dataset, Graph
from rdflib.compare import isomorphic

from kg.datamodel import DocumentId
from kg.errors import InputError, MissingExtra
from kg.graph.export import FORMATS, export, jsonld, rdfxml, turtle
from kg.graph.followthemoney import ftm_lines
from kg.graph.network import network
from kg.graph.propertygraph import flat, graphml
from kg.graph.records import read_articles
from kg.graph.store import GraphStore
from kg.graph.tables import tables
from tests.graph.build import analyses, corpus, lift

HOSTILE = (Path(__file__).parent / "cases" / "hostile.txt").read_bytes().decode("utf-8")
WARNINGS = pytest.mark.filterwarnings("ignore:.*Dataset:DeprecationWarning")  # rdflib calls its own old names


@pytest.fixture(scope="module")
def store() -> GraphStore:
    made = GraphStore.memory()
    for graph in corpus():
        made.write(graph)
    one = analyses()[2]
    text = HOSTILE + one.document.text
    span = replace(one.sentences[0].span, end=len(text))
    document = replace(one.document, id=DocumentId('h"\\<&>'), title=HOSTILE, text=text, outlet=f"x {HOSTILE}")
    made.write(lift(replace(one, document=document, sentences=(replace(one.sentences[0], span=span),))))
    return made


def merged(store: GraphStore) -> set[object]:
    return {quad.triple for quad in store.raw}


def test_oxigraph_reads_all_back(store: GraphStore) -> None:
    assert set(parse(store.trig(), format=RdfFormat.TRIG)) == set(store.raw)
    assert set(parse(jsonld(store), format=RdfFormat.JSON_LD)) == set(store.raw)
    assert {quad.triple for quad in parse(turtle(store), format=RdfFormat.TURTLE)} == merged(store)
    assert {quad.triple for quad in parse(rdfxml(store), format=RdfFormat.RDF_XML)} == merged(store)


@WARNINGS
@pytest.mark.parametrize("name", ["trig", "nquads", "json-ld"])
def test_rdflib_reads_the_dataset_back(store: GraphStore, name: str) -> None:
    content = {"trig": store.trig(), "nquads": store.nquads(), "json-ld": jsonld(store)}[name]
    found = Dataset()
    found.parse(data=content, format=name)
    lines = sorted(line for line in found.serialize(format="nquads").split("\n") if line.strip())
    assert set(parse("\n".join(lines).encode("utf-8"), format=RdfFormat.N_QUADS)) == set(store.raw)


@pytest.mark.parametrize(("name", "make"), [("turtle", turtle), ("xml", rdfxml)])
def test_rdflib_reads_the_merged_graph_back(store: GraphStore, name: str, make: object) -> None:
    found = Graph().parse(data=make(store), format=name)  # type: ignore[operator]
    expected = Graph()
    for graph in store.dataset().graphs():
        if "sanad-kg" in str(graph.identifier):
            expected += graph
    assert isomorphic(found, expected)


def test_networkx_reads_graphml_back(store: GraphStore) -> None:
    found = nx.read_graphml(io.BytesIO(graphml(store)))
    expected = flat(network(store))
    assert dict(found.nodes(data=True)) == dict(expected.nodes(data=True))
    edges = {key: (source, target, data) for source, target, key, data in expected.edges(keys=True, data=True)}
    assert {
        key: (source, target, {name: value for name, value in data.items() if name != "id"})
        for source, target, key, data in found.edges(keys=True, data=True)
    } == edges


def test_networkx_reads_gexf_back(store: GraphStore, tmp_path: Path) -> None:
    (path,) = export(store, "gexf", tmp_path / "graph.gexf")
    found = nx.read_gexf(path)
    expected = flat(network(store))
    assert set(found.nodes) == set(expected.nodes)
    assert Counter(found.edges()) == Counter(expected.edges())
    for name, data in expected.nodes(data=True):
        assert found.nodes[name]["label_ar"] == data["label_ar"]
    quotes = Counter(data["quote"] for _, _, data in expected.edges(data=True))
    assert Counter(data["quote"] for _, _, data in found.edges(data=True)) == quotes


def test_tables_join(store: GraphStore, tmp_path: Path) -> None:
    paths = {path.stem: path for path in export(store, "csv", tmp_path / "tables")}
    rows = {
        name: list(csv.DictReader(io.StringIO(path.read_bytes().decode("utf-8"), newline="")))
        for name, path in paths.items()
    }
    entities = {row["id"] for row in rows["entities"]}
    articles = {row["id"] for row in rows["articles"]}
    assert (len(rows["articles"]), len(rows["claims"]), len(rows["events"])) == (6, 22, 7)
    for claim in rows["claims"]:
        assert {claim["subject"], claim["object"], claim["outlet"], *claim["holders"].split()} <= entities
        assert claim["document"] in articles
    assert HOSTILE in next(row["quote"] for row in rows["claims"] if row["document"].startswith("h"))


def test_parquet_has_the_tables_with_their_types(store: GraphStore, tmp_path: Path) -> None:
    parquet = pytest.importorskip("pyarrow.parquet")
    export(store, "parquet", tmp_path)
    for name, (heads, *rows) in tables(store):
        table = parquet.read_table(tmp_path / f"{name}.parquet")
        assert table.column_names == heads
        read = [tuple("" if cell is None else cell for cell in row.values()) for row in table.to_pylist()]
        pairs = [list(zip(heads, row, strict=True)) for row in rows]
        told = [tuple(float(str(c)) if c and h in ("lat", "lon") else c for h, c in row) for row in pairs]
        assert read == told
    kinds = {field.name: str(field.type) for field in parquet.read_schema(tmp_path / "events.parquet")}
    assert (kinds["killed"], kinds["confidence"], kinds["quote"]) == ("int64", "double", "string")


def test_parquet_says_what_it_needs(store: GraphStore, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "pyarrow", None)
    with pytest.raises(MissingExtra, match="parquet"):
        export(store, "parquet", tmp_path)


def test_neo4j_files_join(store: GraphStore, tmp_path: Path) -> None:
    nodes, edges = export(store, "neo4j", tmp_path / "neo4j")
    rows = list(csv.DictReader(io.StringIO(nodes.read_bytes().decode("utf-8"), newline="")))
    ids = {row["id:ID"] for row in rows}
    assert len(ids) == len(rows) == len(network(store))
    assert {row[":LABEL"].split(";")[0] for row in rows} == {"Entity", "Event"}
    ends = list(csv.DictReader(io.StringIO(edges.read_bytes().decode("utf-8"), newline="")))
    assert len(ends) == network(store).number_of_edges()
    assert {row[":START_ID"] for row in ends} | {row[":END_ID"] for row in ends} <= ids


def test_acled_columns(store: GraphStore, tmp_path: Path) -> None:
    (path,) = export(store, "acled", tmp_path / "deep" / "events.csv")
    rows = list(csv.DictReader(io.StringIO(path.read_bytes().decode("utf-8"), newline="")))
    first = next(row for row in rows if row["count"] == "4")
    wanted = {
        "event_date": "2024-07-25",
        "year": "2024",
        "time_precision": "1",
        "disorder_type": "Political violence",
        "event_type": "Explosions/Remote violence",
        "actor1": "Harakat al-Nujaba",
        "actor2": "Ain al-Asad base",
        "location": "Ain al-Asad base",
        "latitude": "33.8",
        "country": "Iraq",
        "admin1": "Anbar",
        "source": "Nahr News",
        "plover": "ASSAULT",
        "cameo": "190",
        "fatalities": "",
    }
    assert {key: first[key] for key in wanted} == wanted


def test_follow_the_money_entities_join(store: GraphStore) -> None:
    rows = {row["id"]: row for row in map(json.loads, ftm_lines(store).splitlines())}
    held = [row for row in rows.values() if row["schema"] == "Occupancy"]
    assert held
    for row in held:
        (holder,), (post,) = row["properties"]["holder"], row["properties"]["post"]
        assert (rows[holder]["schema"], rows[post]["schema"]) == ("Person", "Position")
    articles = {row["id"] for row in rows.values() if row["schema"] == "Article"}
    proofs = {proof for row in rows.values() for proof in row["properties"].get("proof", ())}
    assert proofs <= articles
    told = [each for graph in read_articles(store) for each in (*graph.claims, *graph.events)]
    kept = {each.id for each in told if each.modality in ("asserted", "claimed")}
    assert {row.partition("-")[2] for row in rows if row.startswith(("claim-", "event-"))} == kept
    assert {each.modality for each in told} > {"asserted", "claimed"}, "denied and planned ones stay out"
    quotes = {" ".join(each.evidence[0].text.split()) for each in told if each.id in kept and each.evidence[0].text}
    assert len(quotes & {quote for row in rows.values() for quote in row["properties"].get("summary", ())}) > 5


def test_the_followthemoney_package_takes_every_entity(store: GraphStore) -> None:
    money = pytest.importorskip("followthemoney")
    rows = {row["id"]: row for row in map(json.loads, ftm_lines(store).splitlines())}
    for row in rows.values():
        money.model.get(row["schema"]).validate(row)
        proxy = money.model.get_proxy(row)
        assert {key: sorted(values) for key, values in proxy.to_dict()["properties"].items()} == row["properties"]
        for prop, value in proxy.itervalues():
            if prop.type.name == "entity":
                assert money.model.get(rows[value]["schema"]).is_a(prop.range)


def test_xml_exports_are_well_formed(store: GraphStore, tmp_path: Path) -> None:
    for name in ("graphml", "gexf", "rdfxml"):
        (path,) = export(store, name, tmp_path / FORMATS[name].file)
        ET.fromstring(path.read_bytes())
    json.loads(export(store, "jsonld", tmp_path / "x.jsonld")[0].read_bytes())


def test_exports_are_the_same_bytes_each_time(store: GraphStore) -> None:
    for each in FORMATS.values():
        if each.name != "parquet" or importlib.util.find_spec("pyarrow"):
            assert each.make(store) == each.make(store)


def test_a_format_that_is_none_is_named(store: GraphStore, tmp_path: Path) -> None:
    with pytest.raises(InputError, match="turtle"):
        export(store, "ttl", tmp_path / "x")
