"""Where the figures of plain text stand: tables made at random, with what the sample reports show to be lost of them.

Table 三 is written on one or two pages. On each, labels of three columns and of two may have lost a column of their
span, those of two only where those of three did (text-shapes.md, A.5); a page may have lost its first column, and its last
labels may have moved into it (A.6); empty cells at the end of lines may be dropped. Figures are blank at random, and no two printed ones are equal.

No figure may be read as another number, nor be blank where one is printed. A row may be left ambiguous only where its
first or its last figure is blank, and never where its label stands directly before the figures on a page of full width, below a header.
"""

from __future__ import annotations

import itertools
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from extract import neighbours
from extract.formats import read
from extract.forms import Form, all_forms
from extract.model import Cell, Figure, State
from extract.placing import place, readings
from extract.reader import parse
from extract.tables import Hit

LEVELS = {"": 0, "results": 1}
LEAF = 2
AREA = 3  # columns of labels in table 三
Truth = Mapping[str, str]
Line = list[str]
forms = st.sampled_from(sorted(form.id for form in all_forms().values() if "t3" in form.tables))
many = settings(max_examples=200, deadline=None)


@dataclass(frozen=True, slots=True)
class Page:
    """What a page has lost: of labels of three columns, of two, its first column; and the cells at the end of lines.

    `moved`: how many of its last labels that span nothing stand in the first column.
    """

    lost: tuple[int, int] = (0, 0)
    narrow: bool = False
    ragged: bool = False
    moved: int = 0


KEPT = Page()
pages = st.builds(Page, st.sampled_from(((0, 0), (0, 0), (1, 0), (1, 1), (2, 1), (2, 0))), st.booleans(), st.booleans())


@st.composite
def truths(draw: st.DrawFn) -> tuple[Form, dict[str, str]]:
    """A form, and its figures as printed: numbers of which no two are equal, or nothing."""
    form = all_forms()[draw(forms)]
    numbers = itertools.count(1)
    often_blank = draw(st.sampled_from(((False, True), (False, False, False, True), (False,) * 12 + (True,))))
    printed: dict[str, str] = {}
    for table in ("t2", "t3", "t4"):
        for row, columns in form.rows(table):
            if table != "t4" and draw(st.sampled_from((False, False, True))):
                blank = [False] * len(columns)
            else:
                blank = draw(st.lists(st.sampled_from(often_blank), min_size=len(columns), max_size=len(columns)))
            for column, nothing in zip(columns, blank, strict=True):
                printed[f"{table}.{row.key}.{column.key}"] = "" if nothing else str(next(numbers))
    return form, printed


def level_of(key: str, group: str) -> int:
    return 1 if key == "other_total" else LEVELS.get(group, LEAF)


def figures_of(truth: Truth, prefix: str) -> Line:
    return [written for path, written in truth.items() if path.startswith(f"{prefix}.")]


def table_two(form: Form, truth: Truth) -> list[Line]:
    lines: list[Line] = []
    for part in form.t2:
        lines.append([part.anchor, "", "", ""])
        lines.append(["信息内容", *(column.label for column in part.columns)])
        lines += [[row.label, *figures_of(truth, f"t2.{row.key}")] for row in part.rows]
    return [line + [""] * (4 - len(line)) for line in lines]


def table_four(form: Form, truth: Truth) -> list[Line]:
    names = [column.label for column in form.t4_columns]
    return [
        ["行政复议", *[""] * 4, "行政诉讼", *[""] * 9],
        [*names, "未经复议直接起诉", *[""] * 4, "复议后起诉", *[""] * 4],
        [*[""] * 5, *names, *names],
        figures_of(truth, "t4"),
    ]


def header_of_three(form: Form, lost: int) -> list[Line]:
    words = [column.label for column in form.t3_columns]
    area = AREA - lost
    lines = [
        ["（本列数据的勾稽关系）", *[""] * (area - 1), "申请人情况"],
        [*[""] * area, words[0], "法人或其他组织", "", "", "", "", words[-1]],
        [*[""] * area, "", *words[1:-1]],
    ]
    return [line + [""] * (10 - len(line)) for line in lines]


GROUPS = {
    "denied": "（三）不予公开",
    "unable": "（四）无法提供",
    "unprocessed": "（五）不予处理",
    "other": "（六）其他处理",
}


def rows_of_three(form: Form, truth: Truth) -> list[tuple[int, list[str], Line]]:
    """Level, cells of the labels at their full width, and figures of each row."""
    rows: list[tuple[int, list[str], Line]] = []
    groups: set[str] = set()
    for row in form.t3_rows:
        level, group = level_of(row.key, row.group), GROUPS.get(row.group, "")
        first = "" if row.group in groups else group
        label = row.label.rpartition("/")[2] if group else row.label
        before = "三、本年度办理结果" if row.key == "granted" else ""
        labels = {0: [label, "", ""], 1: [before, label, ""], 2: ["", first, label]}[level]
        groups.add(row.group)
        rows.append((level, labels, figures_of(truth, f"t3.{row.key}")))
    return rows


def on_page(rows: Sequence[tuple[int, list[str], Line]], page: Page) -> list[Line]:
    """The lines of a page; it loses its first column only where no label stands in it."""
    lines: list[Line] = []
    narrow = page.narrow and not any(labels[0] for _, labels, _ in rows)
    moved = len(rows) - page.moved if not narrow else len(rows)
    for number, (level, labels, figures) in enumerate(rows):
        if number >= moved and level == LEAF and not any(labels[:-1]):
            lines.append([labels[-1], "", *figures, ""])
            continue
        lost = min(page.lost[level], 2 - level) if level < 2 else 0
        kept = labels[: len(labels) - lost]
        lines.append([*kept[int(narrow) :], *figures, *[""] * lost])
    return lines


def written(lines: Sequence[Line], ragged: bool = False) -> str:
    texts = ["\t".join(line) for line in lines]
    return (
        "\n".join(text.rstrip("\t") + "\t" * ("\t" not in text.rstrip("\t")) for text in texts)
        if ragged
        else "\n".join(texts)
    )


def document(*tables: str) -> bytes:
    parts = ["清沙县水务局2023年政府信息公开工作年度报告", "二、主动公开政府信息情况", tables[0]]
    parts += ["三、收到和处理政府信息公开申请情况", tables[1], "四、政府信息公开行政复议、行政诉讼情况", tables[2]]
    return "\n\n".join(parts).encode() + b"\n"


def shape_a(
    form: Form, truth: Truth, first: Page, second: Page | None = None, cut: int = 0, headed: bool = True
) -> bytes:
    """The report in shape A; table 三 with a page break before row `cut` where it has a second page."""
    rows = rows_of_three(form, truth)
    cut = cut if second else len(rows)
    top = header_of_three(form, first.lost[0]) if headed else []
    three = written([*top, *on_page(rows[:cut], first)], first.ragged)
    if second and rows[cut:]:
        three += "\n\n" + written(on_page(rows[cut:], second), second.ragged)
    return document(
        written(table_two(form, truth), first.ragged), three, written(table_four(form, truth), first.ragged)
    )


def shape_b(form: Form, truth: Truth, blank: str) -> bytes:
    """The report in shape B: a lone tab for every column of a row span, nothing for a column span."""

    def printed(lines: Sequence[Line]) -> str:
        return "\n".join("\n".join(f"\t{cell}" for cell in line) + "\n" for line in lines)

    def filled(figures: Line) -> Line:
        return [figure or blank for figure in figures]

    two: list[Line] = []
    for part in form.t2:
        two += [[part.anchor], ["信息内容", *(column.label for column in part.columns)]]
        two += [[row.label, *filled(figures_of(truth, f"t2.{row.key}"))] for row in part.rows]
    words = [column.label for column in form.t3_columns]
    three: list[Line] = [
        ["（本列数据的勾稽关系）", "申请人情况"],
        ["", words[0], "法人或其他组织", words[-1]],
        ["", "", *words[1:-1], ""],
    ]
    for level, labels, figures in rows_of_three(form, truth):
        three.append([*(labels[: level + 1] if level < 2 else labels), *filled(figures)])
    names = [column.label for column in form.t4_columns]
    four = [["行政复议", "行政诉讼"], [*names, "未经复议直接起诉", "复议后起诉"], [*[""] * 5, *names, *names]]
    return document(printed(two), printed(three), printed([*four, filled(figures_of(truth, "t4"))]))


def figures_in(data: bytes) -> Mapping[str, Figure]:
    return parse(read(data))[0].figures


def wrong(truth: Truth, found: Mapping[str, Figure]) -> dict[str, Figure]:
    """Figures that are read as what is not printed there."""
    return {
        path: figure
        for path, figure in found.items()
        if figure.state is not State.AMBIGUOUS and figure.written != truth[path]
    }


def unknown(found: Mapping[str, Figure]) -> set[str]:
    """The rows that are ambiguous: they always are as a whole."""
    rows = {path.rpartition(".")[0] for path, figure in found.items() if figure.state is State.AMBIGUOUS}
    assert all(figure.state is State.AMBIGUOUS for path, figure in found.items() if path.rpartition(".")[0] in rows)
    return rows


def may_be_shifted(truth: Truth) -> bool:
    """Whether table 四 prints five or ten adjoining figures that begin inside of a block: they may be whole blocks."""
    fourth = [n for n, figure in enumerate(figures_of(truth, "t4")) if figure]
    return len(fourth) in (5, 10) and fourth[-1] - fourth[0] + 1 == len(fourth) and fourth[0] % 5 > 0


def ends_blank(truth: Truth, row: str) -> bool:
    figures = figures_of(truth, row)
    return not figures[0] or not figures[-1]


@many
@given(truths(), pages, st.one_of(st.none(), pages), st.integers(1, 24), st.booleans())
def test_shape_a_is_never_read_wrongly(
    made: tuple[Form, dict[str, str]], first: Page, second: Page | None, cut: int, headed: bool
) -> None:
    form, truth = made
    found = figures_in(shape_a(form, truth, first, second, cut, headed))
    assert not wrong(truth, found)
    assert found.keys() == truth.keys()
    leaves = {f"t3.{row.key}" for row in form.t3_rows if level_of(row.key, row.group) == LEAF}
    narrow = second is not None and second.narrow
    moved = first.moved or (second is not None and second.moved)
    for row in unknown(found):
        if row.startswith("t4.") and may_be_shifted(truth):
            continue
        assert row.startswith("t3.") and ends_blank(truth, row)
        assert row not in leaves or narrow or moved or not headed


@many
@given(truths(), st.booleans(), st.data())
def test_what_keeps_its_spans_is_read_whole(
    made: tuple[Form, dict[str, str]], ragged: bool, data: st.DataObject
) -> None:
    """One row with blanks among full ones, wherever it stands: only 四 has no row behind it that speaks for it."""
    form, truth = made
    several = [row.key for row in form.t3_rows if row.key != "carried_out"]
    chosen = f"t3.{data.draw(st.sampled_from(several))}"
    full = {path: written or "0" if path.rpartition(".")[0] != chosen else written for path, written in truth.items()}
    found = figures_in(shape_a(form, full, Page(ragged=ragged)))
    assert not wrong(full, found)
    assert not unknown(found)


@many
@given(truths(), st.data())
def test_where_rows_disagree_none_speaks_for_another(made: tuple[Form, dict[str, str]], data: st.DataObject) -> None:
    """Spans lost row by row, as no sample shows it: one that is seen to be lost leaves the others to their own cells."""
    form, truth = made
    truth |= {f"t3.carried_in.{column.key}": "9" for column in form.t3_columns}
    lines = []
    for number, row in enumerate(rows_of_three(form, truth)):
        lost = 1 if number == 1 else data.draw(st.integers(0, 1))
        lines += on_page([row], Page(lost=(lost, lost)))
    three = written([*header_of_three(form, 0), *lines], data.draw(st.booleans()))
    found = figures_in(document(written(table_two(form, truth)), three, written(table_four(form, truth))))
    assert not wrong(truth, found)
    assert all(ends_blank(truth, row) or may_be_shifted(truth) for row in unknown(found))


@many
@given(truths(), st.sampled_from(("", "\u00a0")))
def test_shape_b_is_read_whole(made: tuple[Form, dict[str, str]], blank: str) -> None:
    form, truth = made
    found = figures_in(shape_b(form, truth, blank))
    assert {path: figure.written.strip() for path, figure in found.items()} == truth
    assert not unknown(found)


@many
@given(truths(), pages, st.one_of(st.none(), pages), st.integers(1, 24), st.booleans(), st.booleans())
def test_full_rows_need_no_others(
    made: tuple[Form, dict[str, str]], first: Page, second: Page | None, cut: int, headed: bool, spans: bool
) -> None:
    """A table that is full throughout is placed row by row: as all rows together would place it."""
    form, truth = made
    full = {path: figure or "0" for path, figure in truth.items()}
    data = shape_b(form, full, "") if spans else shape_a(form, full, first, second, cut, headed)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(neighbours, "_limits", None)  # the first step of the long way
        found = figures_in(data)
    with pytest.MonkeyPatch.context() as patch:
        asked: list[Hit] = []
        patch.setattr(neighbours, "_is_full", lambda hit: bool(asked.append(hit)))
        assert figures_in(data) == found
    assert asked and not wrong(full, found)


def some_truth(**rows: str) -> tuple[Form, dict[str, str]]:
    """A report of zeros, apart from the rows given: the figures separated by commas."""
    form = all_forms()["y2021"]
    truth = {path: "0" for table in ("t2", "t3", "t4") for path in form.paths(table)}
    for key, figures in rows.items():
        columns = [column.key for column in form.t3_columns]
        truth |= {f"t3.{key}.{column}": figure for column, figure in zip(columns, figures.split(","), strict=True)}
    return form, truth


def test_two_reports_of_the_same_bytes_are_ambiguous() -> None:
    """Kept spans and blank totals, or lost spans and a blank first column: nobody who sees the text knows which."""
    wide = ("new_received", "carried_in", "granted", "partial", "processed_total", "carried_out")
    form, one = some_truth(**dict.fromkeys(wide, ",5,0,0,0,0,"))
    _, other = some_truth(**dict.fromkeys(wide, ",,5,0,0,0,0"))
    data = shape_a(form, one, KEPT, headed=False)
    assert data == shape_a(form, other, Page(lost=(1, 1)), headed=False)
    assert unknown(figures_in(data)) == {f"t3.{key}" for key in wide}


def test_a_page_speaks_for_itself_only() -> None:
    """The first page has lost its spans, the second kept them: its row with blanks ends would fit either."""
    form, truth = some_truth(processed_total=",1,2,3,4,5,", carried_out=",1,2,3,4,5,")
    found = figures_in(shape_a(form, truth, Page(lost=(1, 1)), KEPT, 12))
    assert not wrong(truth, found)
    assert unknown(found) == {"t3.processed_total", "t3.carried_out"}


def test_a_wide_label_that_lost_a_column_says_nothing_of_a_narrower() -> None:
    """On the first page labels of three columns lost one and those of two did not; on the second both did."""
    form, truth = some_truth(granted=",1,2,3,4,5,", partial=",1,2,3,4,5,")
    found = figures_in(shape_a(form, truth, Page(lost=(1, 0)), Page(lost=(1, 1)), 12))
    assert not wrong(truth, found)
    assert unknown(found) == {"t3.granted", "t3.partial"}


def test_a_row_that_may_have_lost_a_column_for_itself() -> None:
    """Every row prints its total alone; the one whose total stands a column further left may be shifted."""
    form, truth = some_truth(**{row.key: ",,,,,,7" for row in all_forms()["y2021"].t3_rows})
    rows = rows_of_three(form, truth)
    lines = [line for n, row in enumerate(rows) for line in on_page([row], Page(lost=(int(n == 1), 0)))]
    three = written([*header_of_three(form, 0), *lines])
    found = figures_in(document(written(table_two(form, truth)), three, written(table_four(form, truth))))
    assert not wrong(truth, found)
    assert unknown(found) == {"t3.carried_in"}


def test_the_header_has_a_say() -> None:
    """The first page lost a column of its header too, and no row of it shows that; the second has kept all."""
    form, truth = some_truth(**dict.fromkeys(("new_received", "carried_in", "granted", "partial"), ",1,2,3,4,5,"))
    found = figures_in(shape_a(form, truth, Page(lost=(1, 1)), KEPT, 12))
    assert not wrong(truth, found)
    assert unknown(found) == {"t3.new_received", "t3.carried_in", "t3.granted", "t3.partial"}


@pytest.mark.parametrize("headed", [True, False])
def test_a_column_that_no_line_has_left(headed: bool) -> None:
    """No total is printed and the lines lost their ends: the table is one column wider than its lines."""
    form, truth = some_truth()
    truth |= {path: "" for path in truth if path.startswith("t3.") and path.endswith(".total")}
    found = figures_in(shape_a(form, truth, Page(ragged=True), headed=headed))
    assert not wrong(truth, found)


def test_a_figure_beyond_the_header_may_be_shifted() -> None:
    """A header that lost two columns, a row that lost one: its total is no surplus."""
    form, truth = some_truth(carried_out=",,,,,,44")
    found = figures_in(shape_a(form, truth, Page(lost=(2, 0)), Page(lost=(1, 0)), 20))
    assert not wrong(truth, found)
    assert unknown(found) == {"t3.carried_out"}


def test_two_years_side_by_side_are_ambiguous() -> None:
    """Fourteen columns of figures, or seven printed ones of which nobody knows the year."""
    form, truth = some_truth()
    words = [column.label for column in form.t3_columns]
    for figures in (["1"] * 14, [*["1", "", "2", "", "3", "", "4"], *["", "5", "", "6", "", "7", ""]]):
        head = [["", "", "", *words, *words]]
        lines = [[*labels, *figures] for _, labels, _ in rows_of_three(form, truth)]
        found = figures_in(
            document(written(table_two(form, truth)), written([*head, *lines]), written(table_four(form, truth)))
        )
        assert unknown(found) == {path.rpartition(".")[0] for path in truth if path.startswith("t3")}


def row_of(*texts: str) -> tuple[Cell, ...]:
    return tuple(Cell(text, False if text else None) for text in texts)


def test_readings() -> None:
    """A row's figures begin behind its label, hold what is printed, and lie no further right than the limit."""
    row = row_of("label", "", "", "", "1", "", "", "", "2", "")
    assert [columns[0] for columns in readings(row, 0, 7, limit=3)] == [2, 3]
    assert [columns[0] for columns in readings(row, 0, 7, limit=2)] == [2]
    assert place(row, 0, 7, limit=3).cells is None
    placed = place(row, 0, 7, start=3, limit=3)
    assert placed.cells is not None and [cell.text for cell in placed.cells] == ["", "1", "", "", "", "2", ""]
    assert readings(row_of("label", "1", "", "2"), 0, 2) == []


def test_a_full_row_with_a_hole_is_no_full_row() -> None:
    """Seven figures in eight columns: one may be blank and another one too many."""
    row = row_of("label", "", "1", "2", "3", "", "4", "5", "6", "7")
    assert place(row, 0, 7).cells is None
