"""The pages of the workbench: HTML made on the server, so that they need no script and read well aloud.

Text from articles passes Jinja's escaping; ids come as query parameters and are looked up in the graph, never on disk.
"""

from __future__ import annotations

import re
import secrets
from collections import OrderedDict
from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any, Final
from urllib.parse import parse_qsl, quote, urlencode

import networkx as nx
from jinja2 import Environment, FileSystemLoader, StrictUndefined
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import HTMLResponse, RedirectResponse, Response

from kg.datamodel import Document
from kg.errors import InputError, KgError
from kg.graph.iris import PREFIXES
from kg.graph.questions import answer, question, questions
from kg.text.read import read_text
from kg.view.figure import name_of, timeline_svg
from kg.view.library import Library, Piece, Reading, touching
from kg.view.page import data_block, page_html
from kg.view.report import html, report
from kg.view.review import alike, doubtful
from kg.view.rivals import FIGURES, denied_claims, edges, event_conflicts
from kg.view.words import STATIC, Language, web_address, word

LONGEST: Final = 100_000
"""How many characters a pasted article may have."""
KEPT: Final = 20
"""How many pasted articles wait in memory for their graph to be fetched."""
POLICY: Final = (
    "default-src 'none'; style-src 'self'; script-src 'self'; img-src 'self' data:; connect-src 'self'; "
    "frame-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
)
EDITOR_POLICY: Final = POLICY.replace("style-src 'self'", "style-src 'self' 'unsafe-inline'")
FRAME_POLICY: Final = "frame-ancestors 'self'"
_SHOWN_CLAIMS: Final = 120


@dataclass(frozen=True, slots=True)
class Names:
    """What templates ask about nodes and edges, in one language."""

    graph: nx.MultiDiGraph
    language: Language
    stored: nx.MultiDiGraph
    """The graph whose nodes have pages; ``graph`` may be that of a pasted text."""

    @property
    def is_stored(self) -> bool:
        """Whether what is shown stands in the store, so that its articles have pages."""
        return self.graph is self.stored

    def has_page(self, node: str) -> bool:
        """Whether a link to a node leads somewhere: one that nothing is said of is no node of the store's graph."""
        return node in self.stored

    def t(self, key: str) -> str:
        """A word of the interface."""
        return word(key, self.language)

    def name(self, node: str) -> str:
        """The name of a node."""
        return name_of(self.graph, node, self.language)

    def other_name(self, node: str) -> str:
        """Its name in the other language."""
        return name_of(self.graph, node, "en" if self.language == "ar" else "ar")

    def type(self, node: str) -> str:
        """The word for its type."""
        data = self.graph.nodes[node]
        kind = "event" if data.get("kind") == "event" else "type"
        return self.t(f"{kind}:{data.get('type') or ''}")

    def degree(self, node: str) -> int:
        """How often it is spoken of."""
        return int(self.graph.degree(node))

    def data(self, node: str) -> dict[str, Any]:
        """Its attributes."""
        found: dict[str, Any] = self.graph.nodes[node]
        return found

    def modality(self, event: str) -> str:
        """How an event is told."""
        return str(self.graph.nodes[event].get("modality") or "asserted")

    def outlet(self, data: dict[str, Any]) -> str:
        """The outlet in this language."""
        arabic = data.get("outlet_ar") if self.language == "ar" else ""
        return str(arabic or data.get("outlet") or "")

    def holders(self, data: dict[str, Any]) -> list[str]:
        """The speakers after the outlet."""
        return [str(holder) for holder in data.get("holders") or () if holder != "author"]

    def figures(self, node: str) -> str:
        """Count, killed and wounded, as far as they are told."""
        data = self.graph.nodes[node]
        return " \N{MIDDLE DOT} ".join(f"{self.t(n)}: {data[n]}" for n in FIGURES if data.get(n) is not None)

    def quote(self, data: dict[str, Any]) -> tuple[str, str, str]:
        """What stands before the quoted words, the words, and what stands after them."""
        context, quoted = str(data.get("context") or data.get("quote") or ""), str(data.get("quote") or "")
        start = int(data.get("quote_start") or 0)
        end = start + len(quoted)
        return (context[:start], quoted, context[end:]) if context[start:end] == quoted else (context, "", "")


class Workbench:
    """One method a page; each takes a request and the language of its address."""

    def __init__(self, library: Library, name: str) -> None:
        self.library, self.name = library, name
        self.pasted: OrderedDict[str, Reading] = OrderedDict()
        self.templates = Environment(
            loader=FileSystemLoader(STATIC / "workbench"), autoescape=True, undefined=StrictUndefined, trim_blocks=True
        )

    def html(
        self, request: Request, template: str, *, status: int = 200, policy: str = POLICY, **more: Any
    ) -> Response:
        """A page from a template."""
        language = language_of(request)
        page = request.url.path.rstrip("/").rpartition("/")[2]
        other = "/" + ("en" if language == "ar" else "ar") + request.url.path[3:]
        values = {
            "language": language,
            "page": page,
            "name": self.name,
            "query": "",
            "other_language": other + (f"?{request.url.query}" if request.url.query else ""),
            "t": partial(word, language=language),
            "title": word(f"bench:{page}", language),
        }
        text = self.templates.get_template(template).render(values | more)
        return HTMLResponse(text, status, {"content-security-policy": policy})

    def names(self, request: Request, graph: nx.MultiDiGraph | None = None) -> Names:
        """The names of the whole graph, or of another."""
        stored = self.library.state().graph
        return Names(stored if graph is None else graph, language_of(request), stored)

    def home(self, request: Request) -> Response:
        """Counts, the most spoken of, the latest articles, the questions."""
        state, n = self.library.state(), self.names(request)
        entities = [node for node, data in state.graph.nodes(data=True) if data.get("kind") != "event"]
        counts = (
            ("report:articles", len(state.documents), "articles"),
            ("entities", len(entities), "graph"),
            ("events", len(state.graph) - len(entities), "events"),
            ("claims", len(edges(state.graph, "claim")), "graph"),
            ("bench:contradictions", state.contradictions, "contradictions"),
        )
        return self.html(
            request,
            "home.html",
            title=self.name,
            n=n,
            counts=counts,
            top=sorted(entities, key=lambda node: (-n.degree(node), str(node)))[:15],
            articles=sorted(state.documents, key=_newest, reverse=True)[:12],
            questions=list(questions().values()),
        )

    def search(self, request: Request) -> Response:
        """Nodes by name."""
        n, query = self.names(request), request.query_params.get("q", "")[:200]
        rows = [
            (("node", node), ("text", n.other_name(node)), ("text", n.type(node))) for node in self.library.find(query)
        ]
        return self.html(request, "list.html", n=n, rows=rows, query=query, figure="", note="")

    def entity(self, request: Request) -> Response:
        """One node with its claims, its graph beside."""
        n, node = self.names(request), request.query_params.get("id", "")
        claims = edges(touching(n.graph, node))
        data = n.data(node)
        return self.html(
            request,
            "entity.html",
            title=n.name(node),
            n=n,
            id=node,
            aliases=data.get("aliases") or (),
            told=data if data.get("quote") else None,
            claims=claims[:_SHOWN_CLAIMS],
            total=len(claims),
        )

    def graph(self, request: Request) -> Response:
        """The page on the heart of the store, with expansion."""
        return self.html(request, "graph.html", source=f"/{language_of(request)}/frame")

    def frame(self, request: Request) -> Response:
        """The page itself, to stand in a frame: around a node, of an article, of a pasted text, or of the heart."""
        language, parameters = language_of(request), request.query_params
        if "paste" in parameters:
            reading = self.pasted.get(parameters["paste"])
            if reading is None:
                raise InputError("this text is no longer in memory; paste it again")
            text = page_html(reading.graph, title=self.name, language=language)
        else:
            part = self._part(parameters.get("id"), parameters.get("article"))
            text = page_html(part, title=self.name, language=language, live="/api/around?id=")
        return HTMLResponse(text, headers={"content-security-policy": FRAME_POLICY})

    def _part(self, node: str | None, article: str | None) -> nx.MultiDiGraph:
        if node is not None:
            return self.library.part([node])
        if article is None:
            return self.library.most_spoken_of()
        graph = self.library.state().graph
        told = [edge for edge in edges(graph) if edge.data.get("document") == article]
        found: nx.MultiDiGraph = graph.edge_subgraph([(e.subject, e.object, e.key) for e in told]).copy()
        return found

    def articles(self, request: Request) -> Response:
        """All articles, the newest first."""
        documents = sorted(self.library.state().documents, key=_newest, reverse=True)
        rows = [(("text", (d.published or "")[:10]), ("article", d), ("text", d.outlet)) for d in documents]
        return self.html(request, "list.html", n=self.names(request), rows=rows, figure="", note="")

    def article(self, request: Request) -> Response:
        """One article with its names marked, its claims and its graph beside."""
        document = self.library.document(request.query_params.get("id", ""))
        frame = f"/{language_of(request)}/frame?{urlencode({'article': document.id})}"
        claims = self.library.claims_of(document.id)
        pieces = self.library.pieces(document)
        return self._reader(request, document, pieces, n=self.names(request), frame=frame, claims=claims)

    def _reader(
        self, request: Request, document: Document, pieces: Sequence[Piece], *, n: Names, **more: Any
    ) -> Response:
        return self.html(
            request,
            "article.html",
            page="article",
            title=document.title or n.t("bench:read"),
            n=n,
            document=document,
            link=web_address(document.url),
            pieces=pieces,
            **more,
        )

    def events(self, request: Request) -> Response:
        """Dated events as a figure and as a list."""
        n = self.names(request)
        dated = [
            (str(d["date"]), str(e)) for e, d in n.graph.nodes(data=True) if d.get("kind") == "event" and d.get("date")
        ]
        rows = [
            (("text", day), ("node", event), ("text", n.figures(event)), ("modality", n.modality(event)))
            for day, event in sorted(dated, reverse=True)
        ]
        figure = f"/{language_of(request)}/timeline.svg" if rows else ""
        return self.html(request, "list.html", n=n, rows=rows, figure=figure, note="")

    def timeline(self, request: Request) -> Response:
        """The figure of the events."""
        svg = timeline_svg(self.library.state().graph, title=self.name, language=language_of(request))
        return Response(svg, media_type="image/svg+xml")

    def contradictions(self, request: Request) -> Response:
        """What stands against what, side by side."""
        n = self.names(request)
        denials, conflicts = denied_claims(n.graph), event_conflicts(n.graph)
        return self.html(request, "contradictions.html", n=n, denials=denials[:50], conflicts=conflicts[:50])

    def review(self, request: Request) -> Response:
        """Names that may be one, and the least sure claims."""
        n = self.names(request)
        rows = [
            (("node", one), ("node", other), ("text", n.type(one)), ("text", f"{score:.0f}%"))
            for one, other, score in alike(n.graph)
        ]
        note = f"{n.t('bench:alike')}. {n.t('bench:alike-hint')}"
        return self.html(request, "list.html", n=n, rows=rows, note=note, figure="", claims=doubtful(n.graph))

    def report(self, request: Request) -> Response:
        """The report on a node, to read or print."""
        node, language = request.query_params.get("id", ""), language_of(request)
        graph = self.library.state().graph
        content = report(graph, title=name_of(graph, node, language), language=language, about=node)
        return HTMLResponse(html(content), headers={"content-security-policy": FRAME_POLICY})

    def question(self, request: Request) -> Response:
        """A named question with its parameters, and its answer once it is asked."""
        asked = question(request.query_params.get("name", ""))
        given = {key[2:]: value[:500] for key, value in request.query_params.items() if key.startswith("p.") and value}
        values = dict(given)
        if any(parameter.name == "language" for parameter in asked.parameters):
            values["language"] = language_of(request)
        headings: list[str] = []
        rows: list[list[str]] = []
        problem = ""
        if request.query_params.get("asked"):
            try:
                found = answer(self.library.state().folder.store, asked.name, values)
                headings, rows = found.headings(), found.texts()
            except KgError as error:
                problem = str(error)
        title = asked.question_ar if language_of(request) == "ar" else asked.question_en
        shown: dict[str, Any] = {"given": given, "headings": headings, "rows": rows, "problem": problem}
        return self.html(request, "question.html", title=title, question=asked, **shown)

    def sparql(self, request: Request) -> Response:
        """The editor."""
        texts = {name: with_prefixes(each.text) for name, each in questions().items()}
        start = "SELECT ?claim ?how ?quote WHERE {\n  GRAPH ?article {\n    ?claim a kg:Claim ; kg:modality ?how ; "
        texts[""] = with_prefixes(start + "prov:wasDerivedFrom/oa:exact ?quote\n  }\n}\nLIMIT 20\n")
        every = list(questions().values())
        return self.html(request, "sparql.html", policy=EDITOR_POLICY, questions=every, queries=data_block(texts))

    def read(self, request: Request) -> Response:
        """The form for a text of one's own."""
        return self.html(request, "read.html", longest=LONGEST)

    async def paste(self, request: Request) -> Response:
        """Read a pasted text and show it; nothing is kept but for a while in memory."""
        try:
            given = dict(parse_qsl((await request.body()).decode("utf-8"), keep_blank_values=True, max_num_fields=10))
        except ValueError as error:
            raise InputError("the form is not sound") from error
        return await run_in_threadpool(self._pasted, request, given)

    def _pasted(self, request: Request, given: dict[str, str]) -> Response:
        reading = self.library.read(document_of(given))
        token = secrets.token_urlsafe(12)
        self.pasted[token] = reading
        while len(self.pasted) > KEPT:
            self.pasted.popitem(last=False)
        frame = f"/{language_of(request)}/frame?paste={quote(token)}"
        n, claims = self.names(request, reading.graph), edges(reading.graph, "claim")
        return self._reader(request, reading.document, reading.pieces, n=n, frame=frame, claims=claims)

    def first(self, request: Request) -> Response:
        """Where a visitor without a language in the address goes."""
        arabic = request.headers.get("accept-language", "ar").lower().startswith("ar")
        return RedirectResponse("/ar/" if arabic else "/en/")


def with_prefixes(query: str) -> str:
    """The query with the prefixes that it uses declared, for editors that do not know ours.

    >>> with_prefixes("ASK { ?s kg:memberOf ?o }").partition(">")[0]
    'PREFIX kg: <https://w3id.org/sanad-kg/ontology#'
    """
    used = sorted(prefix for prefix in PREFIXES if re.search(rf"\b{prefix}:\w", query))
    return "".join(f"PREFIX {prefix}: <{PREFIXES[prefix]}>\n" for prefix in used) + query


def document_of(given: dict[str, str]) -> Document:
    """A document from what a form or a JSON body gives; InputError where it is not fit."""
    text = given.get("text", "").replace("\r\n", "\n")
    if len(text) > LONGEST:
        raise InputError(f"the text is longer than {LONGEST} characters")
    metadata = {name: given[name][:200] for name in ("outlet", "published") if given.get(name)}
    if any("\ud800" <= char <= "\udfff" for char in metadata.get("outlet", "")):
        raise InputError("half a surrogate pair in the name of the outlet; it was cut or wrongly escaped")
    return read_text(text, "pasted", **metadata)


def language_of(request: Request) -> Language:
    """The language that the address begins with."""
    return "en" if request.url.path.startswith("/en/") else "ar"


def _newest(document: Document) -> tuple[str, str]:
    return document.published or "", document.id
