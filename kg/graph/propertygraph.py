"""The network as a property graph: GraphML, GEXF, and the files that neo4j-admin imports.

Texts keep every character that XML can hold; those it cannot (U+0000 to U+001F without tab and line ends, U+FFFE,
U+FFFF) become U+FFFD. A carriage return is written as a character reference, because XML readers fold it away.
"""

from __future__ import annotations

import io
import json
import re
from collections.abc import Iterator
from typing import Any
from xml.etree import ElementTree as ET

import networkx as nx

from kg.graph.network import network
from kg.graph.store import GraphStore

_NOT_XML = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
_CARRIAGE_RETURN = "\ue00d"  # stands for \r until the XML is written


def flat(graph: nx.MultiDiGraph) -> nx.MultiDiGraph:
    """The network with texts and numbers only: lists and dicts as JSON, no empty attribute, keys as ids."""
    made = nx.MultiDiGraph()
    for name, data in graph.nodes(data=True):
        made.add_node(name, **_flat(data))
    for source, target, key, data in graph.edges(keys=True, data=True):
        made.add_edge(source, target, key=key, **_flat(data))
    return made


def _flat(data: dict[str, Any]) -> dict[str, str | int | float]:
    found: dict[str, str | int | float] = {}
    for key, value in data.items():
        if value is None or value in ("", [], {}):
            continue
        number = isinstance(value, (int, float)) and not isinstance(value, bool)
        text = value if isinstance(value, str) else json.dumps(value, ensure_ascii=False, sort_keys=True)
        found[key] = value if number else _NOT_XML.sub("\N{REPLACEMENT CHARACTER}", text)
    return found


def graphml(store: GraphStore) -> bytes:
    """GraphML that networkx reads back the same (lists and dicts as JSON)."""
    graph = flat(network(store))
    root = ET.Element("graphml", xmlns="http://graphml.graphdrawing.org/xmlns")
    keys = _keys(root, graph)
    body = ET.SubElement(root, "graph", edgedefault="directed", id="kg")
    for name, data in graph.nodes(data=True):
        _data(ET.SubElement(body, "node", id=_escape(name)), keys["node"], data)
    for source, target, key, data in graph.edges(keys=True, data=True):
        ends = {"source": _escape(source), "target": _escape(target), "id": _escape(key)}
        _data(ET.SubElement(body, "edge", ends), keys["edge"], data)
    return _written(root)


def _keys(root: ET.Element, graph: nx.MultiDiGraph) -> dict[str, dict[str, str]]:
    rows = {"node": [d for _, d in graph.nodes(data=True)], "edge": [d for _, _, d in graph.edges(data=True)]}
    found: dict[str, dict[str, str]] = {"node": {}, "edge": {}}
    for kind, datas in rows.items():
        types: dict[str, set[type]] = {}
        for data in datas:
            for key, value in data.items():
                types.setdefault(key, set()).add(type(value))
        for key in sorted(types):
            found[kind][key] = f"{kind[0]}-{key}"
            name = "string" if str in types[key] else "double" if float in types[key] else "long"
            attributes = {"id": f"{kind[0]}-{key}", "for": kind, "attr.name": key, "attr.type": name}
            ET.SubElement(root, "key", attributes)
    return found


def _data(element: ET.Element, keys: dict[str, str], data: dict[str, Any]) -> None:
    for key in sorted(data):
        ET.SubElement(element, "data", key=keys[key]).text = _escape(str(data[key]))


def _escape(text: str) -> str:
    return _NOT_XML.sub("\N{REPLACEMENT CHARACTER}", text).replace("\r", _CARRIAGE_RETURN)


def _written(root: ET.Element) -> bytes:
    ET.indent(root)
    file = io.BytesIO()
    ET.ElementTree(root).write(file, encoding="utf-8", xml_declaration=True)
    return file.getvalue().replace(_CARRIAGE_RETURN.encode(), b"&#13;") + b"\n"


def gexf(store: GraphStore) -> bytes:
    """GEXF 1.2 for Gephi; labels in Arabic, the English ones as an attribute."""
    graph = flat(network(store))
    root = ET.Element("gexf", xmlns="http://www.gexf.net/1.2draft", version="1.2")
    body = ET.SubElement(root, "graph", defaultedgetype="directed", mode="static")
    numbers = {kind: _attributes(body, kind, graph) for kind in ("node", "edge")}
    nodes = ET.SubElement(body, "nodes")
    for name, data in graph.nodes(data=True):
        label = str(data.get("label_ar") or data.get("label_en") or name)
        node = ET.SubElement(nodes, "node", id=_escape(name), label=_escape(label))
        _values(node, numbers["node"], data)
    edges = ET.SubElement(body, "edges")
    for source, target, key, data in graph.edges(keys=True, data=True):
        ends = {"id": _escape(key), "source": _escape(source), "target": _escape(target)}
        edge = ET.SubElement(edges, "edge", ends, label=_escape(str(data["predicate"])))
        _values(edge, numbers["edge"], data)
    return _written(root)


def _attributes(body: ET.Element, kind: str, graph: nx.MultiDiGraph) -> dict[str, str]:
    listed = ET.SubElement(body, "attributes", {"class": kind})
    rows = graph.nodes(data=True) if kind == "node" else ((None, data) for _, _, data in graph.edges(data=True))
    names = sorted({key for _, data in rows for key in data})
    for index, name in enumerate(names):
        kind_of = "double" if name == "confidence" else "string"
        ET.SubElement(listed, "attribute", id=str(index), title=name, type=kind_of)
    return {name: str(index) for index, name in enumerate(names)}


def _values(element: ET.Element, numbers: dict[str, str], data: dict[str, Any]) -> None:
    holder = ET.SubElement(element, "attvalues")
    for key in sorted(data):
        ET.SubElement(holder, "attvalue", {"for": numbers[key]}, value=_escape(str(data[key])))


def neo4j_files(store: GraphStore) -> Iterator[tuple[str, list[list[object]]]]:
    """``nodes`` and ``relationships`` with the headers that neo4j-admin wants."""
    graph = flat(network(store))
    columns = sorted({key for _, data in graph.nodes(data=True) for key in data} - {"kind", "type"})
    rows: list[list[object]] = [["id:ID", *(_typed(name) for name in columns), ":LABEL"]]
    for name, data in graph.nodes(data=True):
        labels = ";".join(("Event" if data["kind"] == "event" else "Entity", str(data["type"])))
        rows.append([name, *(data.get(column, "") for column in columns), labels])
    yield "nodes", rows
    columns = sorted({key for _, _, data in graph.edges(data=True) for key in data} - {"predicate"})
    rows = [[":START_ID", ":END_ID", "key", *(_typed(name) for name in columns), ":TYPE"]]
    for source, target, key, data in graph.edges(keys=True, data=True):
        rows.append([source, target, key, *(data.get(column, "") for column in columns), data["predicate"]])
    yield "relationships", rows


def _typed(name: str) -> str:
    kinds = {
        "count": "long",
        "killed": "long",
        "wounded": "long",
        "start": "long",
        "end": "long",
        "confidence": "double",
    }
    return f"{name}:{kinds[name]}" if name in kinds else name
