"""The cases of the W3C suite for the protocol that apply to queries, by the names they have there."""

from __future__ import annotations

from typing import Any
from urllib.parse import quote

import pytest

from kg.view.protocol import FORM, QUERY, UPDATE, ProtocolError, Request, accepted, description, job_of
from kg.view.worker import GRAPHS, RESULTS

ASK = "ASK { ?s ?p ?o }"


def get(text: str, **more: Any) -> Request:
    return Request(method="GET", query_string=text, **more)


def post(body: str | bytes, kind: str, text: str = "") -> Request:
    data = body.encode("utf-8") if isinstance(body, str) else body
    return Request(method="POST", query_string=text, content_type=kind, body=data)


@pytest.mark.parametrize(
    ("name", "request_"),
    [
        ("query_get", get(f"query={quote(ASK)}")),
        ("query_post_form", post(f"query={quote(ASK)}", FORM)),
        ("query_post_direct", post(ASK, QUERY)),
        ("charset given", post(ASK, f"{QUERY}; charset=UTF-8")),
        ("form with a charset", post(f"query={quote(ASK)}", f"{FORM}; charset=utf-8")),
        ("unknown parameters are let be", get(f"query={quote(ASK)}&format=json")),
    ],
)
def test_good_requests(name: str, request_: Request) -> None:
    job = job_of(request_)
    assert job is not None
    assert job.query == ASK


@pytest.mark.parametrize(
    ("name", "request_", "status"),
    [
        ("bad_query_method", Request(method="PUT", query_string=f"query={quote(ASK)}"), 405),
        ("bad_multiple_queries", get(f"query={quote(ASK)}&query={quote(ASK)}"), 400),
        ("bad_query_wrong_media_type", post(ASK, "text/plain"), 415),
        ("bad_query_missing_form_type", post(f"query={quote(ASK)}", ""), 415),
        ("bad_query_missing_direct_type", post(ASK, ""), 415),
        ("bad_query_non_utf8", post(ASK.encode("utf-16"), f"{QUERY}; charset=UTF-16"), 415),
        ("bytes that are not UTF-8", post(b"ASK { ?s ?p '\xff' }", QUERY), 400),
        ("escapes that are not UTF-8", get("query=%ff"), 400),
        ("update_post_form", post("update=" + quote("CLEAR ALL"), FORM), 403),
        ("update_post_direct", post("CLEAR ALL", UPDATE), 403),
        ("bad_update_get", get("update=" + quote("CLEAR ALL")), 403),
        ("form and address", post(f"query={quote(ASK)}", FORM, "default-graph-uri=a:b"), 400),
        ("query in body and address", post(ASK, QUERY, f"query={quote(ASK)}"), 400),
        ("a graph that is no address", get(f"query={quote(ASK)}&default-graph-uri=http%3A%2F%2F%5Bx"), 400),
        ("a graph without a scheme", get(f"query={quote(ASK)}&named-graph-uri=x"), 400),
        ("a graph that is no IRI", get(f"query={quote(ASK)}&default-graph-uri=%3Cx%3E"), 400),
        ("a form without a query", post("default-graph-uri=a:b", FORM), 400),
        ("nothing acceptable", get(f"query={quote(ASK)}", accept="image/png"), 406),
        ("a thousand parameters", get("a=1&" * 1000), 400),
    ],
)
def test_bad_requests(name: str, request_: Request, status: int) -> None:
    with pytest.raises(ProtocolError) as caught:
        job_of(request_)
    assert caught.value.status == status


def test_datasets() -> None:
    text = f"query={quote(ASK)}&default-graph-uri=a:1&default-graph-uri=a:2&named-graph-uri=a:3"
    for request_ in (get(text), post(text, FORM), post(ASK, QUERY, text.partition("&")[2])):
        job = job_of(request_)
        assert job is not None
        assert (job.default_graphs, job.named_graphs) == (("a:1", "a:2"), ("a:3",))


def test_no_query_asks_for_the_description() -> None:
    from pyoxigraph import RdfFormat, parse

    assert job_of(get("")) is None
    assert list(parse(description("http://localhost/sparql"), format=RdfFormat.TURTLE))


@pytest.mark.parametrize(
    ("header", "first"),
    [
        ("", "application/sparql-results+json"),
        ("*/*", "application/sparql-results+json"),
        ("application/json", "application/sparql-results+json"),
        ("text/turtle, application/rdf+xml;q=0.9", "text/turtle"),
        ("text/*", "text/csv"),
        ("text/html, application/sparql-results+xml;q=0.8, */*;q=0.1", "application/sparql-results+xml"),
    ],
)
def test_accept(header: str, first: str) -> None:
    assert accepted(header)[0] == first
    assert set(accepted(header)) <= {*RESULTS, *GRAPHS}
