"""HTML pages: the paragraphs, tables and pictures of the element that holds the text (page.py), at their places.

Containers and traps: reference/portals.md, 1.4. trafilatura is asked only where the body is, because its own tables
break on `rowspan="22px"`; paragraphs and tables are then read from the page itself, at their places.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import islice, takewhile

from lxml import etree, html

from .. import pagehead
from ..boxes import is_table, rows_of
from ..furniture import is_furniture
from ..grid import Spanned, expand, span
from ..model import Block, Grid, Hint, Image, Paragraph, Place, Text, Unreadable
from ..page import SCRIPTED, body_of, characters, parse
from . import Format

MAX_INNER = 3  # cells: a table in a cell that holds no more is part of that cell (pasted figures)
MAX_MENU = 20  # characters of an entry in a menu
MAX_CELLS = 20_000  # a report has about 300; more is a page built to exhaust memory

_BLOCKS = frozenset(
    "address article blockquote body center dd div dl dt fieldset figure form h1 h2 h3 h4 h5 h6 hr li main ol p pre "
    "section ul".split()
)
_SKIPPED = frozenset("script style noscript nav footer header button select textarea template svg object title".split())
_NOT_FIGURES = frozenset({"sup", "s", "del", "strike"})  # in a cell: a footnote's mark, a figure taken back
_SOURCES = ("data-original", "data-src", "_src", "src")  # a picture that is loaded late has a placeholder as its src
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
    blocks = tuple(_Walker(tree.getroottree(), how != "container", _base(tree, hint.url)).blocks(body))
    notes = [] if how == "container" else [f"the body was found by {how}"]
    if body.get("class") == SCRIPTED:
        notes = ["the body stands in a script of the page (_CONFIG.DETAIL.content)"]
    return Text(blocks, "html", "", metadata.get("title", ""), metadata, notes=tuple(notes))


def _base(tree: html.HtmlElement, url: str | None) -> str:
    """The address to which those in a page refer: its own, or that in its `base` element."""
    said = next((node.get("href") for node in tree.iter("base") if node.get("href")), "")
    return _absolute(said, url or "") if said else url or ""


def _absolute(address: str, base: str) -> str:
    """An address as a browser would ask for it; back-slashes and white space are mended, as the crawler does."""
    mended = "".join(address.split()).replace("\\", "/") if not address.startswith("data:") else address
    if not base or not mended:
        return mended
    node = html.Element("img", src=mended)
    node.make_links_absolute(base, resolve_base_href=False, handle_failures="ignore")
    return str(node.get("src"))


class _Walker:
    """Walks an element and gives its paragraphs, tables and pictures in document order.

    `around`: the element may hold more than the body, so that what only leads elsewhere is left out. `base`: the
    address that those of its pictures refer to, empty where it is not known.
    """

    def __init__(self, root: etree._ElementTree, around: bool = False, base: str = "") -> None:
        self.paths, self.around, self.base = _Paths(root), around, base
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
            source = next((value for name in _SOURCES if (value := child.get(name))), "")
            yield Image(_absolute(source, self.base), self._place(child))
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
    """Whether a table only arranges others, or paragraphs and pictures: what is inside has more than a few cells."""
    if any(
        sum(1 for _ in islice(node.itersiblings("p", preceding=True), MAX_INNER + 1)) > MAX_INNER
        for node in _shown(table)
    ):
        return True
    inner = (islice(node.iter("td", "th"), MAX_INNER + 1) for node in table.iterdescendants("table"))
    return any(sum(1 for _ in cells) > MAX_INNER for cells in inner)


def _shown(table: html.HtmlElement) -> Iterator[html.HtmlElement]:
    """The last paragraphs with a picture in a table."""
    return (parent for image in islice(table.iter("img"), MAX_INNER) for parent in islice(image.iterancestors("p"), 1))


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


FORMAT = Format("html", 4, recognises, read)
