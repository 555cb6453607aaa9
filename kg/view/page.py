"""The page: one HTML file made with pyvis and a template of our own, from which no request leaves.

pyvis's stock page loads Bootstrap from a CDN and lets a tooltip or a heading run scripts; see docs/pages.md for
what is different here. All text from articles travels as JSON in a data block and reaches the screen through
``textContent`` only; the Content-Security-Policy allows exactly the scripts and styles written here, by hash.
"""

from __future__ import annotations

import base64
import hashlib
import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any, Final

import networkx as nx

from kg.graph.folder import replace_file
from kg.view.payload import Payload, payload
from kg.view.words import STATIC, Language, static_text, style, word, words

SCRIPTS: Final = (
    "base.js model.js state.js live.js canvas.js panel.js controls.js timeline.js map.js table.js export.js start.js"
).split()

SELF: Final = "; connect-src 'self'"


def write_page(graph: nx.MultiDiGraph, path: Path, *, title: str, language: Language = "ar") -> None:
    """Write the page of ``graph`` to ``path``, whole or not at all."""
    text = page_html(graph, title=title, language=language)
    replace_file(path, text.encode("utf-8"))


def page_html(graph: nx.MultiDiGraph, *, title: str, language: Language = "ar", live: str = "") -> str:
    """The page of ``graph`` as one self-contained HTML document.

    ``live`` is for the workbench alone: the path on its own server from which more of the graph is fetched.
    """
    return render(payload(graph), title=title, language=language, live=live)


def render(content: Payload, *, title: str, language: Language, live: str = "") -> str:
    """Let pyvis render our template with its nodes and edges."""
    # pyvis imports IPython: half a second that no other command should pay
    from pyvis.edge import Edge
    from pyvis.network import Network
    from pyvis.node import Node

    network = Network(directed=True, heading=title)
    # add_node and add_edge search a list each time; on 50,000 nodes that is minutes
    network.nodes = [
        Node(node["id"], node["shape"], node["label"], False, **_without(node, "id", "shape", "label")).options
        for node in content.nodes
    ]
    network.edges = [
        Edge(edge["from"], edge["to"], True, **_without(edge, "from", "to")).options for edge in content.edges
    ]
    for record in network.nodes:
        record.pop("font", None)
    for record in network.edges:
        record.pop("arrows", None)
    network.set_template(str(STATIC / "page.html"))
    network.templateEnv.autoescape = True
    network.templateEnv.globals.update(_parts(content, title, language, live))
    network.templateEnv.filters["data_block"] = data_block
    rendered: str = network.generate_html(name="page.html")
    return rendered


def data_block(value: object) -> str:
    """JSON for a ``<script type="application/json">``: UTF-8, and no ``<`` that could end the block.

    >>> data_block({"a": "</script>"})
    '{"a":"\\\\u003c/script>"}'
    """
    text = json.dumps(value, ensure_ascii=False, separators=(",", ":"), sort_keys=True)
    return text.replace("<", "\\u003c").replace("\u2028", "\\u2028").replace("\u2029", "\\u2029")


def _parts(content: Payload, title: str, language: Language, live: str) -> dict[str, Any]:
    script = '"use strict";\n(() => {\n' + "\n".join(static_text("js", name) for name in SCRIPTS) + "\n})();\n"
    library, sheet = vis_network(), static_text("page.css")
    return {
        "language": language,
        "direction": "rtl" if language == "ar" else "ltr",
        "title": title,
        "library": library,
        "script": script,
        "sheet": sheet,
        "policy": policy((library, script), (sheet,), connect=bool(live)),
        "sentences": content.sentences,
        "settings": {"language": language, "title": title, "words": words(), "style": style(), "live": live},
        "outlines": static_text("outlines.json") if any("lat" in node for node in content.nodes) else "",
        "no_script": word("no-script", language),
    }


def policy(scripts: Sequence[str], sheets: Sequence[str], *, connect: bool = False) -> str:
    """A Content-Security-Policy under which just these scripts and styles run and nothing is fetched."""
    run = " ".join(_hash(text) for text in scripts)
    look = " ".join(_hash(text) for text in sheets)
    return (
        f"default-src 'none'; script-src {run}; style-src {look}; img-src data: blob:; "
        f"base-uri 'none'; form-action 'none'{SELF if connect else ''}"
    )


def _hash(text: str) -> str:
    return f"'sha256-{base64.b64encode(hashlib.sha256(text.encode('utf-8')).digest()).decode('ascii')}'"


def vis_network() -> str:
    """The vis-network that pyvis ships, without the pointer to a source map that no one has."""
    import pyvis

    text = Path(pyvis.__file__).with_name("lib").joinpath("vis-9.1.2", "vis-network.min.js").read_text(encoding="utf-8")
    return text.partition("//# sourceMappingURL")[0]


def _without(record: dict[str, Any], *names: str) -> dict[str, Any]:
    return {key: value for key, value in record.items() if key not in names}
