"""HTML pages: the body by the containers that the content systems use, then by trafilatura; tables by their spans.

Containers and traps: reference/portals.md, 1.4. trafilatura is asked only where the body is, because its own tables
break on `rowspan="22px"`; paragraphs and tables are then read from the page itself, at their places.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from html import escape
from itertools import islice, takewhile

import trafilatura
from lxml import etree, html
from trafilatura.settings import Document

from .. import pagehead
from ..boxes import is_table, rows_of
from ..charsets import decode
from ..furniture import is_furniture
from ..grid import Spanned, expand, span
from ..model import Block, Grid, Hint, Image, Paragraph, Place, Text, Unreadable
from . import Format

MIN_BODY = 40  # characters: a container with less and without table, link or picture is not the body
MAX_DEPTH = 400  # nested elements: beyond this the page is built to break readers
SCRIPTED = "article-content from-script"
MAX_INNER = 3  # cells: a table in a cell that holds no more is part of that cell (pasted figures)
MAX_MENU = 20  # characters of an entry in a menu
MAX_CELLS = 20_000  # a report has about 300; more is a page built to exhaust memory

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
_BLOCKS = frozenset(
    "address article blockquote body center dd div dl dt fieldset figure form h1 h2 h3 h4 h5 h6 hr li main ol p pre "
    "section ul".split()
)
_SKIPPED = frozenset("script style noscript nav footer header button select textarea template svg object title".split())
_NOT_FIGURES = frozenset({"sup", "s", "del", "strike"})  # in a cell: a footnote's mark, a figure taken back
_SCRIPTED = re.compile(r"\bDETAIL\b\s{0,9}[:=]\s{0,9}(?=\{)")
_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")  # what XML cannot hold, JSON can
MAX_CONFIG = 100_000  # characters from _CONFIG to its DETAIL: the tree of categories stands between them
_DECLARATION = re.compile(r"^\s*<\?xml[^>]*\?>")
_HIDDEN = re.compile(r"display\s*:\s*none|visibility\s*:\s*hidden", re.IGNORECASE)
_START = re.compile(rb"^\s*(?:<!--(?:(?!-->).)*+-->\s*)*+<(?:!doctype\s+html|html|head|body|\?xml|meta|div|table|p|script|title|h\d|ul|style|form|ucaptitle|ucapcontent)\b",
                    re.IGNORECASE | re.DOTALL)  # fmt: skip


def recognises(data: bytes) -> bool:
    """Bytes that begin with a tag of HTML, after comments; UTF-16 pages are told by their mark."""
    head = data[:4096].lstrip(b"\xef\xbb\xbf \t\r\n")
    if head.startswith((b"\xff\xfe", b"\xfe\xff")):
        head = head.decode("utf-16", errors="ignore").encode()
    return bool(_START.match(head)) or b"<html" in head.lower()


def read(data: bytes, hint: Hint) -> Text:
    """Title and metadata of the page, then the blocks of its body. Raises Unreadable where nothing is in it."""
    source = characters(data, hint.charset)
    tree = parse(source)
    metadata = pagehead.read(tree)
    body, how = body_of(tree)
    blocks = tuple(_Walker(tree.getroottree(), how != "container").blocks(body))
    notes = [] if how == "container" else [f"the body was found by {how}"]
    if body.get("class") == SCRIPTED:
        notes = ["the body stands in a script of the page (_CONFIG.DETAIL.content)"]
    return Text(blocks, "html", "", metadata.get("title", ""), metadata, notes=tuple(notes))


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
    if _depth(tree) > MAX_DEPTH:
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


def _depth(tree: html.HtmlElement) -> int:
    """How deep the elements of a page nest."""
    depth = deepest = 0
    for event, _ in etree.iterwalk(tree, events=("start", "end")):
        if event == "end":
            depth -= 1
            continue
        depth += 1
        if depth > deepest:
            deepest = depth
    return deepest


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


class _Walker:
    """Walks an element and gives its paragraphs, tables and pictures in document order.

    `around`: the element may hold more than the body, so that what only leads elsewhere is left out.
    """

    def __init__(self, root: etree._ElementTree, around: bool = False) -> None:
        self.paths, self.around = _Paths(root), around
        self.line: list[str] = []
        self.at: html.HtmlElement | None = None

    def blocks(self, body: html.HtmlElement) -> Iterator[Block]:
        yield from self._inside(body)
        yield from self._flush()

    def _inside(self, node: html.HtmlElement) -> Iterator[Block]:
        self._say(node.text, node)
        for child in node:
            if isinstance(child.tag, str) and not _invisible(child):
                yield from self._child(child)
            self._say(child.tail, node)

    def _child(self, child: html.HtmlElement) -> Iterator[Block]:
        if child.tag == "br":
            yield from self._flush()
        elif child.tag == "img":
            yield from self._flush()
            yield Image(child.get("src") or "", self._place(child))
        elif child.tag == "table" and not _is_layout(child):
            yield from self._flush()
            yield self._grid(child)
        elif is_table(child):
            yield from self._flush()
            yield expand(
                [
                    [Spanned(_cell_text(cell), 1, wide, self._place(cell)) for cell, wide in row]
                    for row in rows_of(child)
                ]
            )
        elif child.tag in _BLOCKS or child.tag in ("table", "tbody", "thead", "tr", "td", "th", "caption"):
            yield from self._flush()
            yield from self._inside(child)
            yield from self._flush()
        else:
            yield from self._inside(child)

    def _say(self, text: str | None, node: html.HtmlElement) -> None:
        if text:
            self.line.append(text)
            if self.at is None and text.strip():
                self.at = node

    def _flush(self) -> Iterator[Block]:
        text = " ".join("".join(self.line).split())
        if text and not is_furniture(text) and not (self.around and self._leads(text)):
            yield Paragraph(text, self._place(self.at) if self.at is not None else None)
        self.line, self.at = [], None

    def _leads(self, text: str) -> bool:
        """Whether a short line is nothing but a link: of a menu, where the body is not known by its container."""
        above = (self.at, *self.at.iterancestors("a")) if self.at is not None else ()
        return len(text) <= MAX_MENU and any(node.tag == "a" for node in above)

    def _place(self, node: html.HtmlElement) -> Place:
        return Place(node=self.paths.of(node))

    def _grid(self, table: html.HtmlElement) -> Grid:
        rows: list[list[Spanned]] = []
        count = 0
        for row in table.iter("tr"):
            if next(row.iterancestors("table")) is not table or _hidden_in(row, table):
                continue
            cells = [
                (cell, span(cell.get("rowspan")), span(cell.get("colspan")))
                for cell in row
                if cell.tag in ("td", "th") and not _invisible(cell)
            ]
            count += sum(tall * wide for _, tall, wide in cells)
            if count > MAX_CELLS:
                raise Unreadable(f"a table has more than {MAX_CELLS} cells, spans included")
            rows.append([Spanned(_cell_text(cell), tall, wide, self._place(cell)) for cell, tall, wide in cells])
        return expand(rows)


class _Paths:
    """The node paths of a page, as lxml's `getpath` writes them.

    `getpath` counts the siblings anew for each element: a minute for 80,000 pictures in a row. Here they are counted
    once for each parent.
    """

    def __init__(self, tree: etree._ElementTree) -> None:
        root = tree.getroot()
        self.known: dict[etree._Element, str] = {root: tree.getpath(root)}

    def of(self, node: etree._Element) -> str:
        """The path of an element of the page."""
        if node not in self.known:
            unknown: list[etree._Element] = []
            for parent in node.iterancestors():
                unknown.append(parent)
                if parent in self.known:
                    break
            for parent in reversed(unknown):
                self._number(parent)
        return self.known[node]

    def _number(self, parent: etree._Element) -> None:
        """Enter the children of an element: each its tag, and its number where several have that tag."""
        children: dict[str, list[etree._Element]] = {}
        for child in parent.iterchildren(etree.Element):
            children.setdefault(child.tag, []).append(child)
        for tag, alike in children.items():
            path = f"{self.known[parent]}/{tag}"
            if len(alike) == 1:
                self.known[alike[0]] = path
            else:
                self.known.update((child, f"{path}[{number}]") for number, child in enumerate(alike, start=1))


def _is_layout(table: html.HtmlElement) -> bool:
    """Whether a table only arranges others: one inside it has more than a few cells of its own."""
    inner = (islice(node.iter("td", "th"), MAX_INNER + 1) for node in table.iterdescendants("table"))
    return any(sum(1 for _ in cells) > MAX_INNER for cells in inner)


def _invisible(node: html.HtmlElement) -> bool:
    style = node.get("style")
    hidden = node.tag in _SKIPPED or node.get("hidden") is not None
    return hidden or (style is not None and _HIDDEN.search(style) is not None)


def _hidden_in(row: html.HtmlElement, table: html.HtmlElement) -> bool:
    """Whether a row, or the part of the table it stands in, is not shown."""
    inside = takewhile(lambda node: node is not table, row.iterancestors())
    parts = (node for node in inside if node.tag in ("tbody", "thead", "tfoot"))
    return _invisible(row) or any(map(_invisible, parts))


def _cell_text(cell: html.HtmlElement) -> str:
    """The paragraphs of a cell on lines of their own; white space inside a paragraph is one space."""
    if len(cell) == 0:
        return " ".join((cell.text or "").split())
    lines: list[str] = [""]
    _collect(cell, lines)
    return "\n".join(" ".join(line.split()) for line in lines)


def _collect(node: html.HtmlElement, lines: list[str]) -> None:
    lines[-1] += node.text or ""
    for child in node:
        if isinstance(child.tag, str) and child.tag not in _NOT_FIGURES and not _invisible(child):
            breaks = child.tag in _BLOCKS or child.tag == "br"
            if breaks:
                lines.append("")
            _collect(child, lines)
            if breaks and child.tag != "br":
                lines.append("")
        lines[-1] += child.tail or ""


FORMAT = Format("html", 3, recognises, read)
