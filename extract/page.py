"""A page of HTML as a tree, and the element in it that holds its text: by the containers that the content systems use,
else by trafilatura (reference/portals.md, 1.4).
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from html import escape

from lxml import etree, html

from .charsets import decode
from .model import Unreadable

MIN_BODY = 40  # characters: a container with less and without table, link or picture is not the body
MAX_DEPTH = 400  # nested elements: beyond this the page is built to break readers
_TOO_DEEP = etree.XPath(f"boolean({'/*' * (MAX_DEPTH + 1)})")  # an element so deep; fifty times as fast as counting
SCRIPTED = "article-content from-script"
_SCRIPTED = re.compile(r"\bDETAIL\b\s{0,9}[:=]\s{0,9}(?=\{)")
_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")  # what XML cannot hold, JSON can
MAX_CONFIG = 100_000  # characters from _CONFIG to its DETAIL: the tree of categories stands between them
_DECLARATION = re.compile(r"^\s*<\?xml[^>]*\?>")

CONTAINERS = (
    "id:UCAP-CONTENT", "tag:ucapcontent", "class:v_news_content", "id:vsb_content", "class:TRS_UEDITOR",
    "class:trs_editor_view", "class:TRS_Editor", "id:zoom", "id:Zoom", "class:j-fontContent", "class:wzcon",
    "id:J_content", "class:ls-article-info", "class:artile_zw", "class:xxgk_content", "class:article-content",
    "id:ivs_content", "class:Article_content", "class:main-txt", "id:div_zhengwen", "id:mainText", "id:detailCont",
    "class:bt_content", "id:content", "class:content",
)  # fmt: skip

_NAMES = frozenset(CONTAINERS)
# All elements are of one class, because lxml chooses it in C then: classes by tag are for the forms of a page.
_CLASSES = etree.ElementDefaultClassLookup(
    element=html.HtmlElement,
    comment=html.HtmlComment,
    pi=html.HtmlProcessingInstruction,
    entity=html.HtmlEntity,
)


def characters(data: bytes, charset: str | None = None) -> str:
    """A page's bytes as characters, whatever its encoding. Raises Unreadable where they are no text."""
    text = decode(data, charset)
    if text is None:
        raise Unreadable("the page is in no known encoding")
    return text.replace("\x00", "")


def parse(source: str) -> html.HtmlElement:
    """The tree of a page. Raises Unreadable for characters without any element."""
    text = _DECLARATION.sub("", source)
    parser = html.HTMLParser(huge_tree=True)  # else deep text is dropped unsaid
    parser.set_element_class_lookup(_CLASSES)
    try:
        tree = html.document_fromstring(text, parser=parser)
    except (etree.ParserError, etree.XMLSyntaxError, ValueError) as error:
        raise Unreadable(f"the page holds no HTML: {error}") from error
    _unfold(tree, text)
    if _TOO_DEEP(tree.getroottree()):
        raise Unreadable(f"the page nests more than {MAX_DEPTH} elements")
    return tree


def _unfold(tree: html.HtmlElement, source: str) -> None:
    """Put the body that gkmlpt pages keep as a string in a script (portals.md, 3.7) where their own script would put it."""
    config = source.find("_CONFIG")
    found = _SCRIPTED.search(source, config, config + MAX_CONFIG) if config >= 0 else None
    if not found:
        return
    try:
        detail, _ = json.JSONDecoder().raw_decode(source, found.end())
    except (ValueError, RecursionError):
        return
    said = {key: _CONTROL.sub("", value) for key, value in detail.items() if isinstance(value, str) and value.strip()}
    place = next(iter(_containers(tree).get("class:article-content", ())), None)
    if "content" not in said or (place is not None and place.text_content().strip()):
        return
    title = f"<h1>{escape(said['title'])}</h1>" if "title" in said else ""
    scripted = html.fragment_fromstring(f"<div>{said['content']}</div>", create_parent="div")
    scripted.set("class", SCRIPTED)
    home = tree.find("body") if tree.find("body") is not None else tree
    if title:
        home.insert(0, html.fragment_fromstring(title))
    (home if place is None else place).append(scripted)
    if place is not None:
        place.set("class", "")  # the container is now the one inside of it


def body_of(tree: html.HtmlElement) -> tuple[html.HtmlElement, str]:
    """The element that holds the report and how it was found: container, trafilatura, or the whole page."""
    found = _containers(tree)
    for name in CONTAINERS:
        for node in found.get(name, ()):
            if _substantial(node):
                return node, "container"
    if (node := _by_trafilatura(tree)) is not None:
        return node, "trafilatura"
    body = tree.find("body")
    return (body if body is not None else tree), "taking the whole page"


def _containers(tree: html.HtmlElement) -> dict[str, list[html.HtmlElement]]:
    """The elements that bear a name of CONTAINERS, by that name, in document order."""
    found: dict[str, list[html.HtmlElement]] = {}
    for node in tree.iter(etree.Element):
        for name in _NAMES.intersection(_names(node)):
            found.setdefault(name, []).append(node)
    return found


def _names(node: html.HtmlElement) -> Iterator[str]:
    """An element's tag, id and classes, as CONTAINERS writes them."""
    yield f"tag:{node.tag}"
    if (name := node.get("id")) is not None:
        yield f"id:{name}"
    for name in (node.get("class") or "").split():
        yield f"class:{name}"


def _substantial(node: html.HtmlElement) -> bool:
    text = "".join(node.text_content().split())
    return len(text) >= MIN_BODY or next(node.iter("table", "img", "iframe", "embed", "a"), None) is not None


def _by_trafilatura(tree: html.HtmlElement) -> html.HtmlElement | None:
    """The smallest element that holds the paragraphs which trafilatura takes for the text, and the tables in them."""
    import trafilatura  # a tenth of a second, and most pages have a container
    from trafilatura.settings import Document

    found = trafilatura.bare_extraction(
        etree.tostring(tree, encoding="unicode", method="html"), include_tables=True, include_comments=False,
        favor_recall=True, with_metadata=False,
    )  # fmt: skip
    text = found.text or "" if isinstance(found, Document) else ""
    lines = {"".join(line.strip("|- ").split()) for line in text.splitlines()}
    wanted = {line for line in lines if len(line) >= 15}
    holders = [
        node
        for node in tree.iter("p", "div", "span", "td", "li", "h1", "h2", "h3", "center", "font")
        if 15 <= len(squeezed := "".join(node.text_content().split())) <= 20_000 and squeezed in wanted
    ]
    if not holders:
        return None
    common = list(holders[0].iterancestors())
    for node in holders[1:]:
        ancestors = set(node.iterancestors())
        common = [ancestor for ancestor in common if ancestor in ancestors]
    return next((node for node in common if node.tag not in ("tr", "tbody", "table", "thead")), None)
