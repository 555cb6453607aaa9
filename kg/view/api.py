"""The JSON API of the workbench and its OpenAPI description."""

from __future__ import annotations

import json
from dataclasses import asdict
from typing import Any, Final

import networkx as nx
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from kg.errors import InputError
from kg.graph.questions import answer, question, questions
from kg.view.library import Library, touching
from kg.view.payload import payload
from kg.view.rivals import edges
from kg.view.workbench import document_of

_TEXT: Final = {"type": "string"}


class Api:
    """One method an address; all answer in JSON."""

    def __init__(self, library: Library, version: str) -> None:
        self.library, self.version = library, version

    def search(self, request: Request) -> Response:
        """Entities and events by a part of a name."""
        graph = self.library.state().graph
        found = self.library.find(request.query_params.get("q", "")[:200])
        return JSONResponse([node_json(graph, node) for node in found])

    def node(self, request: Request) -> Response:
        """One entity or event with its claims."""
        name = request.query_params.get("id", "")
        graph = self.library.state().graph
        claims = [
            {"subject": edge.subject, "object": edge.object, **edge.data} for edge in edges(touching(graph, name))
        ]
        return JSONResponse(node_json(graph, name) | {"claims": claims})

    def around(self, request: Request) -> Response:
        """What a node touches, in the records of the page, which finds the places itself."""
        part = self.library.part([request.query_params.get("id", "")])
        return JSONResponse(asdict(payload(part, placed=False)))

    def articles(self, _: Request) -> Response:
        """The ids, titles, outlets and days of all articles."""
        fields = ("id", "title", "outlet", "published", "url")
        documents = self.library.state().documents
        return JSONResponse([{field: getattr(document, field) for field in fields} for document in documents])

    def questions(self, _: Request) -> Response:
        """The named questions with their parameters."""
        return JSONResponse([asdict(each) for each in questions().values()])

    def ask(self, request: Request) -> Response:
        """The answer to a named question, as SPARQL results; parameters by their names."""
        parameters = dict(request.query_params)
        asked = question(parameters.pop("name", ""))
        found = answer(self.library.state().folder.store, asked.name, parameters)
        return JSONResponse(json.loads(found.json()), media_type="application/sparql-results+json")

    async def analyse(self, request: Request) -> Response:
        """The graph of a text that is sent as JSON: text, outlet, published."""
        try:
            given = json.loads(await request.body())
        except (ValueError, RecursionError) as error:
            raise InputError("the body is not JSON") from error
        if not isinstance(given, dict):
            raise InputError("the body is a JSON object with text, outlet, published")
        document = document_of({key: str(given.get(key) or "") for key in ("text", "outlet", "published")})
        reading = await run_in_threadpool(self.library.read, document)
        return JSONResponse(asdict(payload(reading.graph)))

    def openapi(self, _: Request) -> Response:
        """This API, described."""
        return JSONResponse(self.description())

    def description(self) -> dict[str, Any]:
        """The OpenAPI document."""
        text = {"text": _TEXT, "outlet": _TEXT, "published": _TEXT}
        body = {"type": "object", "required": ["text"], "properties": text}
        paths: dict[str, Any] = {
            "/api/search": _get(self.search, "q"),
            "/api/node": _get(self.node, "id"),
            "/api/around": _get(self.around, "id"),
            "/api/articles": _get(self.articles),
            "/api/questions": _get(self.questions),
            "/api/ask": _get(self.ask, "name"),
            "/api/analyse": {"post": _operation(self.analyse)},
            "/sparql": {"get": {"summary": "SPARQL 1.1 Protocol", "parameters": [_parameter("query")]}},
        }
        paths["/sparql"]["get"]["responses"] = _ANSWERS
        paths["/api/analyse"]["post"]["requestBody"] = {"content": {"application/json": {"schema": body}}}
        return {"openapi": "3.1.0", "info": {"title": "kg", "version": self.version}, "paths": paths}


_ANSWERS: Final = {"200": {"description": "JSON"}, "400": {"description": "what was wrong with the request"}}


def _operation(method: Any) -> dict[str, Any]:
    return {"summary": str(method.__doc__), "operationId": method.__name__, "responses": _ANSWERS}


def _get(method: Any, *names: str) -> dict[str, Any]:
    return {"get": _operation(method) | {"parameters": [_parameter(name) for name in names]}}


def _parameter(name: str) -> dict[str, Any]:
    return {"name": name, "in": "query", "required": True, "schema": _TEXT}


def node_json(graph: nx.MultiDiGraph, node: str) -> dict[str, Any]:
    """A node with its id, and without the long context of its quotation."""
    return {"id": node} | {key: value for key, value in graph.nodes[node].items() if key != "context"}
