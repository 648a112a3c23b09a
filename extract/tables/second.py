"""Table 二: an anchor row, a header row, rows of figures, for each part; the header decides the form.

行政许可 and 规章 stand in many tables: a row counts only below an anchor or a header of the form, in its own grid.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import lru_cache

from ..forms import Column, Form, Row, SubTable, all_forms
from ..labels import column_of, matches, plain
from .header import LAST_YEAR, Header, Resolved, resolve, without_year, year_marks
from .rows import ORDER, UNLABELLED, Hit, Loose, Printed, filled_rows, local, loose

Candidate = tuple[Form, SubTable, Row]
Part = tuple[Form, SubTable]


@dataclass(frozen=True, slots=True)
class _Known:
    """A row with a label of the form, and the part that explains it best."""

    printed: Printed
    label: int
    candidate: Candidate


@dataclass(slots=True)
class _Context:
    """A part as it is printed: the words of its anchor, its header, its rows; when all were read, the figures of the fullest
    row, and the header as resolved for the columns of each part that its rows are of."""

    anchor: str = ""
    header: Header = field(default_factory=Header)
    rows: list[_Known | Loose] = field(default_factory=list)
    most: int = 0
    resolved: dict[tuple[Column, ...], Resolved] = field(default_factory=dict)


@lru_cache(maxsize=20_000)
def _candidates(label: str) -> tuple[Candidate, ...]:
    """The rows whose label a plain label is, of all forms."""
    if label.isdecimal():
        return ()  # a figure: no label of a form is one
    return tuple(
        (form, part, row)
        for form in all_forms().values()
        for part in form.t2
        for row in part.rows
        if matches(row, label, whole=False)
    )


@lru_cache(maxsize=20_000)
def _is_column(label: str) -> bool:
    known = tuple(column for form in all_forms().values() for part in form.t2 for column in part.columns)
    return column_of(known, label) is not None


def _is_last_years(label: str) -> bool:
    """Whether a label is that of a column with last year's figures, which no form has: 上年处理决定数量."""
    last = LAST_YEAR.match(label)
    return last is not None and _is_column("本年" + label[last.end() :])


class Table2:
    """Reads the rows of table 二 in printed order; `hits` gives them when all were read."""

    def __init__(self, year: int | None) -> None:
        self.year = year
        self.contexts: list[_Context] = []
        self.context: _Context | None = None
        self.forms: list[str] = []

    def new_grid(self) -> None:
        self.context = None

    def read(self, row: Printed) -> bool:
        """Take the row if it is an anchor, a header or a row of the form; True when it is."""
        if anchor := next((label for _, label in row.labels if label.startswith("第二十条")), ""):
            self._begin(_Context(anchor))
            return True
        row = self.context.header.own(row) if self.context else row
        for x, label in row.labels:
            if candidates := _candidates(label):
                if self.context is None:
                    return False
                self.context.rows.append(self._known(row, x, candidates))
                return True
        return self._read_header(row)

    def loose(self, row: Printed) -> None:
        """Keep a row of figures that stands in a part whose header was found."""
        heads = (
            [head.x for head in self.context.header.heads if _is_column(without_year(head.label))]
            if self.context
            else []
        )
        if self.context and heads and (kept := loose(row, min(heads))):
            self.context.rows.append(kept)

    def hits(self) -> tuple[list[Hit], list[str]]:
        """The rows, and what is to be said of those that could not be told."""
        hits: list[Hit] = []
        notes: list[str] = []
        for context in self.contexts:
            context.most = filled_rows((row.printed, row.label) for row in context.rows)
            ordered = self._ordered(context)
            for row in context.rows:
                if isinstance(row, _Known):
                    form, part, known = row.candidate
                    hits.append(self._hit(context, form, part, known, row.printed, row.label))
                elif row in ordered:
                    form, part, known = ordered[row]
                    hits.append(self._hit(context, form, part, known, row.printed, row.label, ORDER, UNLABELLED))
                elif row.words and (best := self._part(context)):
                    known, note = local(row)
                    hits.append(self._hit(context, *best, known, row.printed, row.label, "", note))
                else:
                    notes.append(f"a row of table 二 whose label nothing tells: {row.printed.written()}")
        return hits, notes

    def _begin(self, context: _Context) -> None:
        self.context = context
        self.contexts.append(context)

    def _read_header(self, row: Printed) -> bool:
        if self.context and not self.context.rows and (marks := year_marks(row, self.year)):
            self.context.header.marks = marks
            return True
        if not any(_is_column(without_year(label)) or _is_last_years(label) for _, label in row.labels):
            return False
        if self.context is None or self.context.header.heads:
            self._begin(_Context())
        assert self.context is not None
        self.context.header.grid = row.grid
        self.context.header.add(row)
        return True

    def _known(self, row: Printed, x: int, candidates: tuple[Candidate, ...]) -> _Known:
        assert self.context is not None
        filled, printed = row.filled_after(x), _printed(self.context.header)
        best = max(candidates, key=lambda candidate: self._fit(candidate, filled, printed))
        self.forms.append(best[0].id)
        return _Known(row, x, best)

    def _fit(self, candidate: Candidate, filled: int, printed: Sequence[Part]) -> tuple[bool, int, bool, int, int]:
        """How well a form's part explains the row: by its header, or the words of it that are printed, then by the number of
        figures, then by its neighbours."""
        form, part, _ = candidate
        heads = self.context.header.heads if self.context and not printed else ()
        return (
            any(part is one for _, one in printed),
            len({column_of(part.columns, without_year(head.label)) for head in heads} - {None}),
            filled == len(part.columns),
            self.forms.count(form.id),
            form.first_year,
        )

    def _part(self, context: _Context) -> Part | None:
        """The part whose columns the header prints, for rows whose label does not say it; the anchor decides between equals."""
        printed = _printed(context.header)
        anchored = tuple((form, part) for form, part in printed if plain(part.anchor) in context.anchor)
        found = anchored or printed
        return max(found, key=lambda part: (self.forms.count(part[0].id), part[0].first_year)) if found else None

    def _ordered(self, context: _Context) -> dict[Loose, Candidate]:
        """Rows without labels that must be rows of the part, because it has just as many and the others stand in their order."""
        unlabelled = [row for row in context.rows if isinstance(row, Loose) and not row.words]
        best = self._part(context)
        if not unlabelled or best is None or plain(best[1].anchor) not in context.anchor:
            return {}
        form, part = best
        rows = [row for row in context.rows if isinstance(row, _Known) or not row.words]
        if len(rows) != len(part.rows):
            return {}
        pairs = list(zip(rows, part.rows, strict=True))
        if any(isinstance(row, _Known) and row.candidate[2].key != known.key for row, known in pairs):
            return {}
        return {row: (form, part, known) for row, known in pairs if isinstance(row, Loose)}

    def _hit(
        self,
        context: _Context,
        form: Form,
        part: SubTable,
        known: Row,
        row: Printed,
        label: int,
        matched: str = "",
        note: str = "",
    ) -> Hit:
        head = context.resolved.get(part.columns)
        if head is None:
            head = context.resolved[part.columns] = resolve(
                part.columns,
                context.header,
                self.year,
                context.most,
                [(row.printed, row.label) for row in context.rows],
                lambda label: column_of(part.columns, label),
            )
        return Hit(
            form.id, known, head.columns, row.cells, label, row.grid, head.xs, head.texts,
            doubled=head.doubled, matched=matched, note=note, head_note=head.note,
        )  # fmt: skip


def _printed(header: Header) -> tuple[Part, ...]:
    """The parts of all forms whose columns a header prints, all of them and none of another part."""
    return _parts(tuple(head.label for head in header.heads))


@lru_cache(maxsize=2_000)
def _parts(heads: tuple[str, ...]) -> tuple[Part, ...]:
    """The parts with the columns that the labels of a header are; few headers differ from report to report."""
    labels = [label for head in heads if _is_column(label := without_year(head))]
    parts = ((form, part) for form in all_forms().values() for part in form.t2)
    return tuple(
        (form, part)
        for form, part in parts
        if labels and {column_of(part.columns, label) for label in labels} == set(part.columns)
    )
