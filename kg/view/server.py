"""The workbench: pages, JSON API and SPARQL endpoint on one graph folder, on loopback unless told otherwise."""

from __future__ import annotations

import contextlib
from collections.abc import AsyncIterator, Awaitable, Callable, Collection
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from starlette.applications import Starlette
from starlette.concurrency import run_in_threadpool
from starlette.exceptions import HTTPException
from starlette.middleware import Middleware
from starlette.requests import Request as HttpRequest
from starlette.responses import JSONResponse, PlainTextResponse, RedirectResponse, Response
from starlette.routing import Route

from kg.errors import KgError, StoreError
from kg.graph.resolve import NO_BACKGROUND, Background
from kg.view.api import Api
from kg.view.guards import LOOPBACK, Guard, Metrics
from kg.view.library import Analyse, Library
from kg.view.protocol import ProtocolError, Request, description, job_of
from kg.view.words import STATIC, word
from kg.view.workbench import Workbench, language_of
from kg.view.worker import Limits, QueryPool

FILES: Final = {
    "workbench.css": (STATIC / "workbench" / "workbench.css", "text/css"),
    "editor.js": (STATIC / "workbench" / "editor.js", "text/javascript"),
    "yasgui.css": (STATIC / "yasgui" / "yasgui.min.css", "text/css"),
    "yasgui.js": (STATIC / "yasgui" / "yasgui.min.js", "text/javascript"),
}
"""The files that are served, by the name in the address; no address is ever a path."""
_STATUS: Final = {"wrong": 400, "slow": 503, "busy": 503, "large": 507, "broken": 500}
_MOST_BODY: Final = 1_000_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings:
    """How the workbench is set up."""

    name: str = "kg"
    version: str = "0"
    hosts: Collection[str] = LOOPBACK
    workers: int = 2
    limits: Limits = Limits()  # noqa: RUF009 - frozen


def application(
    folder: Path, analyse: Analyse, *, background: Background = NO_BACKGROUND, settings: Settings | None = None
) -> Starlette:
    """The ASGI application on a graph folder. ``analyse`` reads pasted articles: ``kg.pipeline.analyse``."""
    chosen = settings or Settings()
    library, metrics = Library(folder, analyse, background), Metrics()
    library.state()
    bench, api = Workbench(library, chosen.name), Api(library, chosen.version)
    pool = QueryPool(folder / "store", workers=chosen.workers, limits=chosen.limits)

    @contextlib.asynccontextmanager
    async def lifespan(_: Starlette) -> AsyncIterator[None]:
        yield
        pool.close()

    def count(_: HttpRequest) -> Response:
        gauges = {
            "sparql_workers": len(pool.all),
            "sparql_killed": pool.killed,
            "articles": len(library.state().documents),
        }
        return PlainTextResponse(metrics.text(gauges))

    return Starlette(
        routes=[
            Route("/", bench.first),
            Route("/static/{name}", _file),
            Route("/health", _health),
            Route("/metrics", count),
            Route("/sparql", _endpoint(pool), methods=["GET", "POST", "PUT", "DELETE", "PATCH"]),
            *_pages(bench),
            *_api(api),
        ],
        middleware=[Middleware(Guard, hosts=chosen.hosts, body=_MOST_BODY, metrics=metrics)],
        exception_handlers={KgError: _problem(bench), HTTPException: _problem(bench)},
        lifespan=lifespan,
    )


def _pages(bench: Workbench) -> list[Route]:
    pages = {
        "": bench.home, "search": bench.search, "entity": bench.entity, "graph": bench.graph, "frame": bench.frame,
        "articles": bench.articles, "article": bench.article, "events": bench.events, "timeline.svg": bench.timeline,
        "contradictions": bench.contradictions, "review": bench.review, "report": bench.report,
        "question": bench.question, "sparql": bench.sparql, "read": bench.read,
    }  # fmt: skip
    routes = [Route(f"/{lang}/{name}", page) for lang in ("ar", "en") for name, page in pages.items()]
    return routes + [Route(f"/{lang}/read", bench.paste, methods=["POST"]) for lang in ("ar", "en")]


def _api(api: Api) -> list[Route]:
    return [
        Route("/api/search", api.search),
        Route("/api/node", api.node),
        Route("/api/around", api.around),
        Route("/api/articles", api.articles),
        Route("/api/questions", api.questions),
        Route("/api/ask", api.ask),
        Route("/api/analyse", api.analyse, methods=["POST"]),
        Route("/openapi.json", api.openapi),
    ]


def _endpoint(pool: QueryPool) -> Callable[[HttpRequest], Awaitable[Response]]:
    async def sparql(request: HttpRequest) -> Response:
        """The SPARQL 1.1 Protocol."""
        asked = Request(
            method=request.method,
            query_string=request.url.query,
            content_type=request.headers.get("content-type", ""),
            body=await request.body(),
            accept=request.headers.get("accept", ""),
        )
        if asked.method == "GET" and not asked.query_string and "text/html" in asked.accept:
            return RedirectResponse("/en/sparql")
        try:
            job = job_of(asked)
        except ProtocolError as error:
            headers = {"allow": "GET, HEAD, POST"} if error.status == 405 else {}
            return PlainTextResponse(f"{error}\n", error.status, headers)
        if job is None:
            return Response(description(str(request.url_for("sparql"))), media_type="text/turtle")
        outcome = await run_in_threadpool(pool.run, job)
        status = 200 if outcome.failure is None else _STATUS[outcome.failure]
        return Response(outcome.body, status, {"vary": "accept"}, media_type=outcome.media)

    return sparql


def _file(request: HttpRequest) -> Response:
    name = request.path_params["name"]
    if name not in FILES:
        raise HTTPException(404)
    path, media = FILES[name]
    return Response(path.read_bytes(), media_type=media, headers={"cache-control": "max-age=3600"})


def _health(_: HttpRequest) -> Response:
    return JSONResponse({"status": "ok"})


def _problem(bench: Workbench) -> Callable[[HttpRequest, Exception], Response]:
    def problem(request: HttpRequest, error: Exception) -> Response:
        page = request.url.path.startswith(("/ar/", "/en/"))
        code = _status(error, 404 if page and request.method != "POST" else 400)
        message = error.detail if isinstance(error, HTTPException) else str(error)
        if not page:
            return JSONResponse({"error": message}, code)
        title = word("bench:not-found" if code == 404 else "bench:wrong", language_of(request))
        return bench.html(request, "message.html", status=code, title=title, problem=message)

    return problem


def _status(error: Exception, otherwise: int) -> int:
    if isinstance(error, HTTPException):
        return error.status_code
    return 503 if isinstance(error, StoreError) else otherwise


def serve(app: Starlette, *, host: str = "127.0.0.1", port: int = 8080) -> None:
    """Serve until interrupted."""
    import uvicorn

    uvicorn.run(app, host=host, port=port, log_level="warning", server_header=False, timeout_keep_alive=15)
