"""The values that travel: what a document says, where it says it, and what was read from it.

Everything is a frozen `Struct` of msgspec, made and sent ten times as fast as a frozen dataclass. A figure is a whole record (value, state, written, unit, form, place),
never a bare number, because zero, blank, dash, unreadable and not printed are five different things.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from decimal import Decimal
from enum import StrEnum

from msgspec import Struct, to_builtins


class Unreadable(Exception):
    """The bytes are not a document that can be read. Raised by the formats; becomes a `failure` row in the archive."""


class NoReport(Exception):
    """The document was read, but holds no annual report. Raised by `extract.parse`; becomes a `failure` row."""


class Hint(Struct, frozen=True, gc=False):
    """What the outside says of a document: it helps, it never decides alone."""

    url: str | None = None
    media_type: str | None = None
    charset: str | None = None
    name: str | None = None


class Place(Struct, frozen=True, gc=False, omit_defaults=True):
    """Where something stands: the node path (HTML), page and box in points (PDF), table, row and column (from 0).

    `part`: in a report put together from several documents, the address of the one that prints it (`composing.py`).
    """

    page: int | None = None
    box: tuple[float, float, float, float] | None = None
    node: str | None = None
    table: int | None = None
    row: int | None = None
    column: int | None = None
    part: str | None = None

    def to_json(self) -> dict[str, object]:
        """The parts that are known, by name; the box as [x0, top, x1, bottom]."""
        known: dict[str, object] = to_builtins(self)
        return known | {"box": list(self.box)} if self.box else known


class Cell(Struct, frozen=True, gc=False, array_like=True):
    """One position of a grid. `covered`: True where a span of another cell lies, None where the source cannot tell."""

    text: str = ""
    covered: bool | None = False
    place: Place | None = None
    confidence: float | None = None  # of what was recognised in a picture: as its worst character, 0 to 1


class Grid(Struct, frozen=True, gc=False, array_like=True, tag=True):
    """A table with its spans expanded: every row has the full width, text stands at the origin of its span."""

    rows: tuple[tuple[Cell, ...], ...]

    @property
    def width(self) -> int:
        return max((len(row) for row in self.rows), default=0)


class Paragraph(Struct, frozen=True, gc=False, array_like=True, tag=True):
    """A paragraph or heading, white space made one."""

    text: str
    place: Place | None = None


class Image(Struct, frozen=True, gc=False, array_like=True, tag=True):
    """A picture in the text, at its place; `source` is its address in the document."""

    source: str
    place: Place | None = None


Block = Paragraph | Grid | Image


class Text(Struct, frozen=True, gc=False, array_like=True):
    """A document as read: title, blocks in their order, what its metadata says, which reader made it.

    `metadata` has the keys title, date, publisher, source, index, column, column_type, site, site_code where known.
    """

    blocks: tuple[Block, ...]
    format: str
    reader: str
    title: str = ""
    metadata: Mapping[str, str] = {}
    notes: tuple[str, ...] = ()

    def grids(self) -> Iterator[Grid]:
        """The tables in document order."""
        return (block for block in self.blocks if isinstance(block, Grid))

    def paragraphs(self) -> Iterator[Paragraph]:
        """The paragraphs in document order, without the title."""
        return (block for block in self.blocks if isinstance(block, Paragraph))


class State(StrEnum):
    """What a printed cell holds (DESIGN.md). What is not printed has no figure at all."""

    NUMBER = "number"
    BLANK = "blank"
    DASH = "dash"
    UNREADABLE = "unreadable"
    AMBIGUOUS = "ambiguous"


class Figure(Struct, frozen=True, gc=False, array_like=True):
    """One cell of a statutory table. `value` is set if and only if the state is `number`."""

    path: str
    value: Decimal | None
    state: State
    written: str
    unit: str | None
    form: str
    place: Place | None = None
    confidence: float | None = None  # of what was recognised in a picture: as its worst character, 0 to 1
    doubt: str = ""  # why a person should look at it (doubts.py)
    matched: str = ""  # how its row was recognised, where its label is not printed: "order"


class Number(Struct, frozen=True, gc=False, array_like=True):
    """A number said in a sentence; `value` is None where sentences disagree (then `text` holds them all)."""

    key: str
    value: Decimal | None
    text: str


class Section(Struct, frozen=True, gc=False, array_like=True):
    """A section: the six statutory ones as 1 to 6; of reports before 2019, those printed with the numbers printed."""

    n: int
    heading: str
    text: str


class Part(Struct, frozen=True, gc=False, array_like=True):
    """`problems` or `measures`, as section 五 names them itself; the heading is empty where it has none of its own."""

    kind: str
    heading: str
    text: str


class Result(StrEnum):
    """The four ends of a check."""

    PASS = "pass"
    FAIL = "fail"
    NOT_ASSESSABLE = "not_assessable"
    NOT_APPLICABLE = "not_applicable"


class Check(Struct, frozen=True, gc=False, array_like=True):
    """An identity of the form, assessed for one scope (a row, a column, a block, or the report)."""

    id: str
    scope: str
    result: Result
    expected: str | None = None
    found: str | None = None


class Inferred(Struct, frozen=True, gc=False, array_like=True):
    """What an identity would give for a figure that is not printed: shown apart, never a figure, never an operand."""

    path: str
    value: Decimal
    by: str


class Report(Struct, frozen=True, gc=False, array_like=True):
    """One annual report as read from one document.

    `pages`: of one of several in a document, the first and the last that it covers, where there are pages. `other_years`: what its title lines and
    its period say besides `year`. `joined`: several reports between which no title stands, so that nobody knows whose.
    """

    title: str
    publisher: str | None
    year: int | None
    scope: str
    forms: Mapping[str, str | None]
    figures: Mapping[str, Figure]
    missing: tuple[str, ...]
    narrative: Mapping[str, Number]
    contact: Mapping[str, str]
    sections: tuple[Section, ...]
    checks: tuple[Check, ...]
    inferred: tuple[Inferred, ...] = ()
    notes: tuple[str, ...] = ()
    parts: tuple[Part, ...] = ()
    pages: tuple[int, int] | None = None
    other_years: tuple[int, ...] = ()
    joined: bool = False
