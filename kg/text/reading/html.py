"""Web pages: the article's own text, and what the page says about itself. lxml parses; nothing is fetched."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from typing import Any

import lxml.html
from lxml.etree import ParserError

from kg.errors import UnreadableInput
from kg.text.reading.dates import parse_date

_BLOCKS = frozenset("p h2 h3 h4 h5 li blockquote pre dd dt td".split())
_BREAKS = _BLOCKS | frozenset("div section article main body ul ol table tr tbody br h1 header center".split())
_DROPPED = frozenset(
    "script style noscript template nav aside footer form button select iframe svg figure figcaption video audio "
    "dialog input label object menu title meta link base".split()
)
_CLUTTER = re.compile(
    r"(?:^|[\s_-])(related|share|sharing|social|comments?|newsletter|subscribe|promo|advert\w*|ads?|tags?|tagcloud|"
    r"breadcrumbs?|cookies?|sidebar|read-?more|more-?news|most-?read|recommend\w*|popular|trending|menu|navbar|"
    r"pagination|hidden|caption|copyright|footer)(?:$|[\s_-])",
    re.IGNORECASE,
)
_SPACE = re.compile(r"\s+")
_DATE_NAMES = (
    "article:published_time og:published_time datepublished date pubdate publishdate publish_date publish-date "
    "dc.date dc.date.issued dcterms.created dcterms.date sailthru.date parsely-pub-date article.published"
).split()
_LEAST_BLOCK, _LEAST_TEXT = 25, 60
_TAG = re.compile(r"<[a-z][^\t\n\f\r />]*+", re.IGNORECASE)
_ATTRIBUTE = re.compile(
    r"""[\t\n\f\r /]*+[^\t\n\f\r />][^\t\n\f\r />=]*+"""
    r"""(?:[\t\n\f\r ]*+=[\t\n\f\r ]*+(?:"[^"]*+"|'[^']*+'|[^\t\n\f\r >]*+))?+"""
)
_MOST_ATTRIBUTES = 1000
_PARSER = lxml.html.HTMLParser(remove_comments=True, remove_pis=True)


def page(source: str, text: str) -> dict[str, str]:
    """Return the fields of an article page: text, title, published, outlet, url, byline.

    >>> page("x", "<title>T</title><article><p>" + "A sentence of the article. " * 4 + "</p></article>")["title"]
    'T'
    """
    if _is_crowded(text):
        raise UnreadableInput(f"{source}: a tag with more than {_MOST_ATTRIBUTES:,} attributes; not an article page")
    try:
        root = lxml.html.document_fromstring(re.sub(r"^\s*<\?xml[^>]*\?>", "", text), parser=_PARSER)
    except (ParserError, ValueError) as error:
        raise UnreadableInput(f"{source}: not a web page: {error}") from None
    linked = _linked_data(root)
    meta = _meta(root)
    title = _first(meta.get("og:title"), _plain(linked.get("headline")), _heading(root), _page_title(root))
    outlet = _first(
        meta.get("og:site_name"), _name(linked.get("publisher")), meta.get("application-name"), _title_tail(root, title)
    )
    published = _first(_plain(linked.get("datePublished")), *(meta.get(name) for name in _DATE_NAMES), *_times(root))
    url = _first(_attribute(root, "//link[@rel='canonical']/@href"), meta.get("og:url"))
    byline = _first(_name(linked.get("author")), meta.get("author"), _attribute(root, "//*[@rel='author']/text()"))
    body = _main_text(root) or _plain(linked.get("articleBody"))
    if len(body) < _LEAST_TEXT:
        raise UnreadableInput(f"{source}: no article text found in the page")
    return {
        "text": body,
        "title": _without_outlet(title, outlet),
        "published": parse_date(published) or "" if published else "",
        "outlet": outlet,
        "url": url if url.lower().startswith(("http://", "https://")) else "",
        "byline": "" if "//" in byline else byline,
    }


def _is_crowded(text: str) -> bool:
    """Whether a tag has so many attributes that libxml2, which compares each with all before it, would take minutes.

    A tag is looked for at every ``<``, since a comment or a quote may hide where the parser will see one. How many
    attributes follow a place is noted there, so that no stretch is counted again for each tag that runs into it.
    """
    following: dict[int, int] = {}
    for tag in _TAG.finditer(text):
        places, place = [], tag.end()
        while place not in following and (found := _ATTRIBUTE.match(text, place)):
            places.append(place)
            place = found.end()
        first = following.get(place, 0)
        following.update((each, first + number) for number, each in enumerate(reversed(places), 1))
        if first + len(places) > _MOST_ATTRIBUTES:
            return True
    return False


# ---------------------------------------------------------------- what the page says about itself


def _linked_data(root: Any) -> dict[str, Any]:
    """The JSON-LD object of the article, or an empty one."""
    for script in root.xpath("//script[@type='application/ld+json']/text()"):
        try:
            data = json.loads(script)
        except (ValueError, RecursionError):
            continue
        for item in _objects(data):
            kinds = item.get("@type") or ""
            kinds = kinds if isinstance(kinds, list) else [kinds]
            if any(str(kind).endswith(("Article", "Report", "BlogPosting")) for kind in kinds):
                return item
    return {}


def _objects(data: Any) -> Iterator[dict[str, Any]]:
    waiting = [data]
    while waiting:
        item = waiting.pop()
        if isinstance(item, list):
            waiting.extend(reversed(item))
        elif isinstance(item, dict):
            yield item
            waiting.append(item.get("@graph", []))


def _meta(root: Any) -> dict[str, str]:
    found: dict[str, str] = {}
    for node in root.iter("meta"):
        key = node.get("property") or node.get("name") or node.get("itemprop") or ""
        if value := _plain(node.get("content")):
            found.setdefault(key.strip().lower(), value)
    return found


def _times(root: Any) -> list[str]:
    return [
        *root.xpath("//*[@itemprop='datePublished']/@datetime"),
        *root.xpath("//time/@datetime"),
        *(_plain(node.text_content()) for node in root.xpath("//time[not(@datetime)]")),
    ]


def _attribute(root: Any, path: str) -> str:
    return _plain(next(iter(root.xpath(path)), ""))


def _plain(value: Any) -> str:
    return _SPACE.sub(" ", value).strip() if isinstance(value, str) else ""


def _name(value: Any) -> str:
    value = value[0] if isinstance(value, list) and value else value
    return _plain(value.get("name")) if isinstance(value, dict) else _plain(value)


def _first(*values: str | None) -> str:
    return next((value for value in values if value), "")


def _heading(root: Any) -> str:
    return next((text for node in root.iter("h1") if (text := _plain(node.text_content()))), "")


def _page_title(root: Any) -> str:
    return _plain(root.findtext(".//title"))


def _title_tail(root: Any, title: str) -> str:
    """The outlet in ``Headline - Outlet``, where the page's heading proves which part is which."""
    whole = _page_title(root)
    head, bar, tail = _split_title(whole)
    return tail if bar and title and head == title else ""


def _split_title(whole: str) -> tuple[str, str, str]:
    for bar in (" | ", " - ", " \u2013 ", " \u2014 ", " :: "):
        head, found, tail = whole.rpartition(bar)
        if found:
            return head.strip(), found, tail.strip()
    return whole, "", ""


def _without_outlet(title: str, outlet: str) -> str:
    head, bar, tail = _split_title(title)
    return head if bar and outlet and tail == outlet else title


# ---------------------------------------------------------------- the article's own text


def _main_text(root: Any) -> str:
    _prune(root)
    return "\n".join(block for block in _blocks(_container(root)) if block)


def _prune(root: Any) -> None:
    """Take out what is not the article's: scripts, navigation, sharing, related stories, hidden parts."""
    for node in list(root.iter()):
        unwanted = isinstance(node.tag, str) and (node.tag in _DROPPED or _is_clutter(node))
        if unwanted and node.getparent() is not None:
            _empty(node)


def _empty(node: Any) -> None:
    """Leave a node's place and tail: to take it out would copy all the text before it."""
    node.clear(keep_tail=True)
    node.tag = "span"


def _is_clutter(node: Any) -> bool:
    if node.get("hidden") is not None or node.get("aria-hidden") == "true":
        return True
    if node.tag in ("article", "main", "body", "html", "head", "p"):
        return False
    return _CLUTTER.search(f"{node.get('class') or ''} {node.get('id') or ''}") is not None


def _container(root: Any) -> Any:
    """The element that holds the article: named as such, or the one with most paragraph text.

    It may lie in the head: libxml2 knows HTML 4 and opens no body for an ``article``.
    """
    for path in (".//*[@itemprop='articleBody']", ".//article", ".//main"):
        best = max(root.xpath(path), key=_weight, default=None)
        if best is not None and _weight(best) >= _LEAST_TEXT:
            return best
    scores: dict[Any, float] = {}
    for paragraph in root.iter("p"):
        weight = _weight(paragraph)
        if weight < _LEAST_BLOCK:
            continue
        parent = paragraph.getparent()
        scores[parent] = scores.get(parent, 0) + weight
        if parent.getparent() is not None:
            scores[parent.getparent()] = scores.get(parent.getparent(), 0) + weight / 2
    return max(scores, key=lambda node: scores[node]) if scores else root


def _weight(node: Any) -> float:
    """Characters of text outside links."""
    linked = sum(len(_plain(link.text_content())) for link in node.iter("a"))
    return max(0.0, float(len(_plain(node.text_content()))) - 2 * linked)


def _blocks(container: Any) -> Iterator[str]:
    """The text between block boundaries, in page order; blocks that are mostly links are left out."""
    pieces: list[str] = []
    linked = 0
    for kind, piece, in_link in _stream(container):
        if kind == "text":
            pieces.append(piece)
            linked += len(piece.strip()) * in_link
        else:
            yield _block(pieces, linked)
            pieces, linked = [], 0
    yield _block(pieces, linked)


def _block(pieces: list[str], linked: int) -> str:
    text = _plain("".join(pieces))
    return "" if linked > 0.7 * len(text) else text


def _stream(container: Any) -> Iterator[tuple[str, str, bool]]:
    """Text and boundaries in page order, without recursion: pages may nest thousands deep."""
    stack: list[tuple[Any, bool, bool]] = [(container, False, False)]
    while stack:
        node, done, in_link = stack.pop()
        boundary = node.tag in _BREAKS
        if done:
            if boundary:
                yield "break", "", False
            if node is not container and node.tail:
                yield "text", node.tail, in_link
            continue
        if node.tag == "h1":
            stack.append((node, True, in_link))
            continue
        if boundary:
            yield "break", "", False
        inside = in_link or node.tag == "a"
        if node.text:
            yield "text", node.text, inside
        stack.append((node, True, in_link))
        stack.extend((child, False, inside) for child in reversed(list(node)))
