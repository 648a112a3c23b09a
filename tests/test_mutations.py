"""What may happen to the text of a report without changing what it says: no figure may change with it.

The five sample reports, where their folder lies beside the checkout, and our own fixtures of the two shapes are changed
at random places (reference/text-shapes.md): a row is shifted by a leading blank, which plain text cannot tell from a
span; a blank is added at its end; a page ends inside a table; the characters of labels are spaced out.

A row of table 二 or 三 that is partly blank and shifted is another matter: it has the same bytes as a row with other
blanks, as `test_a_shifted_row_may_be_another` shows. There no number may become another and none may be invented.
A row with different figures too many, of which the header takes those below it (DESIGN.md, Figure), says something else when
it is shifted: where one stands, nobody shifts.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cache, lru_cache
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from msgspec import structs

from extract.formats import read
from extract.model import Figure, NoReport, State
from extract.reader import parse
from tests.test_placing import document, rows_of_three, some_truth, table_four, table_two, written

HERE = Path(__file__).parent
SEEDS = HERE.parents[1] / "shared" / "seeds"
FIXTURES = HERE / "fixtures" / "extract" / "reports"
FIGURE = re.compile(r"[+\-−]?[\d０-９][\d０-９,.]*\s*(?:[件项万元亿]*)|[/／\-—－]+|无")
HAN = re.compile(r"[\u4e00-\u9fff]")
FORM, _ = some_truth()
SPACES = (" ", "  ", "\u3000", "\u00a0")


@dataclass(frozen=True, slots=True)
class Row:
    """A printed row: the lines of the file that hold it, and whether it has figures and some are blank or too many."""

    first: int
    last: int
    partly: bool
    begins_blank: bool
    too_many: bool


@dataclass(frozen=True, slots=True)
class Document:
    """A file in one of the shapes, with its rows by number; `tika`: shape B."""

    name: str
    lines: tuple[str, ...]
    tika: bool
    rows: tuple[Row, ...]

    def text(self) -> bytes:
        return "\n".join(self.lines).encode()


def loaded(path: Path) -> Document | None:
    """A file as a document; None for one that is not UTF-8, has no report, or none of the tables 二, 三, 四."""
    try:
        lines = tuple(path.read_bytes().decode().replace("\r\n", "\n").split("\n"))
        if not any(path.startswith(("t2.", "t3.", "t4.")) for figures in figures_of(lines) for path in figures):
            return None
    except (UnicodeDecodeError, NoReport):
        return None
    tabbed = [line for line in lines if "\t" in line]
    if not tabbed:
        return None
    tika = all(line.startswith("\t") and line.count("\t") == 1 for line in tabbed)
    return Document(path.parent.name + "/" + path.stem, lines, tika, tuple(rows_of(lines, tika)))


def rows_of(lines: Sequence[str], tika: bool) -> list[Row]:
    rows: list[Row] = []
    wanted = 0
    for first, last in spans_of(lines, tika):
        cells = [
            cell.strip() for cell in "\n".join(lines[first : last + 1]).removeprefix("\t" if tika else "").split("\t")
        ]
        words = "".join("".join(cells).split())
        filled = [cell for cell in cells if cell]
        if "信息内容" in words:
            wanted = len(filled) - 1
        elif "商业企业" in words or "自然人" in words:
            wanted = 7
        elif "结果维持" in words:
            wanted = 15
        count = sum(bool(FIGURE.fullmatch(cell)) for cell in cells)
        behind = cells[max((n for n, cell in enumerate(cells) if HAN.search(cell) and cell != "无"), default=-1) + 1 :]
        figures = {cell for cell in cells if FIGURE.fullmatch(cell)}
        too_many = count > wanted > 0 and len(figures) > 1
        rows.append(Row(first, last, 0 < count < wanted, bool(behind) and not behind[0], too_many))
    return rows


def spans_of(lines: Sequence[str], tika: bool) -> list[tuple[int, int]]:
    """The first and the last line of each row."""
    if not tika:
        return [(n, n) for n, line in enumerate(lines) if "\t" in line]
    spans: list[tuple[int, int]] = []
    begin: int | None = None
    for n, line in enumerate([*lines, ""]):
        if line.startswith("\t") and begin is None:
            begin = n
        elif not line.strip("\u00a0 ") and not line.startswith("\t") and begin is not None:
            spans.append((begin, n - 1))
            begin = None
    return spans


@lru_cache(maxsize=500)
def figures_of(lines: tuple[str, ...]) -> list[Mapping[str, Figure]]:
    """The figures of each report, without their places and as they are said, not as they are spaced."""
    reports = parse(read("\n".join(lines).encode()))
    return [
        {path: structs.replace(figure, place=None) for path, figure in report.figures.items()} for report in reports
    ]


@cache
def documents() -> tuple[Document, ...]:
    paths = [*sorted(SEEDS.glob("*.txt")), *sorted(FIXTURES.glob("[ab]-*/input.txt"))]
    return tuple(made for path in paths if (made := loaded(path)))


def seeds() -> tuple[Document, ...]:
    if not SEEDS.is_dir():
        pytest.skip(f"the sample reports do not lie beside the checkout ({SEEDS})")
    return tuple(made for made in documents() if made.name.startswith("seeds/"))


# --- what is changed: lines to lines

Change = Callable[[Document, st.DataObject], list[str]]


def some_row(made: Document, data: st.DataObject, whole: bool) -> Row:
    return data.draw(st.sampled_from([row for row in made.rows if not (whole and row.partly)]))


def shifted(made: Document, data: st.DataObject, whole: bool = True) -> list[str]:
    """A row with a leading blank more or, where it begins with one, perhaps less."""
    lines, row = list(made.lines), some_row(made, data, whole)
    lost = lines[row.first] == "\t" if made.tika else lines[row.first].startswith("\t")
    if lost and data.draw(st.booleans()):
        lines[row.first : row.first + 1] = [] if made.tika else [lines[row.first][1:]]
    elif made.tika:
        lines.insert(row.first, "\t")
    else:
        lines[row.first] = "\t" + lines[row.first]
    return lines


def with_blank_end(made: Document, data: st.DataObject) -> list[str]:
    """A row with one blank cell more at its end, or several. In shape B a cell is printed: a row that begins and ends
    blank then has more cells than columns."""
    lines, row = list(made.lines), some_row(made, data, whole=False)
    if made.tika:
        if not (row.partly and row.begins_blank):
            lines.insert(row.last + 1, "\t")
    else:
        lines[row.last] += "\t" * data.draw(st.integers(1, 4))
    return lines


def with_page_break(made: Document, data: st.DataObject) -> list[str]:
    """A blank line between two rows of a table; in shape B a second one."""
    lines = list(made.lines)
    places = [
        row.last + 1
        for row, following in zip(made.rows, made.rows[1:], strict=False)
        if following.first - row.last == (2 if made.tika else 1)
    ]
    lines.insert(data.draw(st.sampled_from(places)), "")
    return lines


def with_spaces(made: Document, data: st.DataObject) -> list[str]:
    """White space between the characters of the labels of a row."""
    lines, row = list(made.lines), some_row(made, data, whole=False)
    space = data.draw(st.sampled_from(SPACES))
    every = data.draw(st.booleans())
    for n in range(row.first, row.last + 1):
        cells = lines[n].split("\t")
        lines[n] = "\t".join(
            spaced(cell, space, every, data) if HAN.search(cell) and not FIGURE.fullmatch(cell.strip()) else cell
            for cell in cells
        )
    return lines


def spaced(label: str, space: str, every: bool, data: st.DataObject) -> str:
    parts = [label[0]]
    for sign in label[1:]:
        parts.append((space if every or data.draw(st.booleans()) else "") + sign)
    return "".join(parts)


CHANGES: tuple[Change, ...] = (shifted, with_blank_end, with_page_break, with_spaces)


def changed(made: Document, changes: Sequence[Change], data: st.DataObject) -> Document:
    """The document after several changes, one after the other."""
    for change in changes:
        lines = tuple(change(made, data))
        made = replace(made, lines=lines, rows=tuple(rows_of(lines, made.tika)))
    return made


def unspaced(figures: list[Mapping[str, Figure]]) -> list[Mapping[str, Figure]]:
    """As they are said: a unit in a cell may be spaced out with the labels."""
    return [
        {path: structs.replace(one, written="".join(one.written.split())) for path, one in each.items()}
        for each in figures
    ]


def holds(made: Document, after: Document) -> None:
    before, now = unspaced(figures_of(made.lines)), unspaced(figures_of(after.lines))
    assert len(before) == len(now), made.name
    for one, other in zip(before, now, strict=True):
        unlike = {path: (one.get(path), other.get(path)) for path in {*one, *other} if one.get(path) != other.get(path)}
        assert not unlike, (made.name, unlike)


@pytest.mark.parametrize("change", CHANGES, ids=lambda change: change.__name__)
@given(data=st.data())
@settings(max_examples=60, deadline=None)
def test_a_sample_says_the_same(change: Change, data: st.DataObject) -> None:
    made = data.draw(st.sampled_from(seeds()), label="sample")
    holds(made, changed(made, [change], data))


def each_change(document: Document) -> Iterator[list[str]]:
    """Every row of a document shifted, with a blank at its end, with all its labels spaced out; every page break."""
    for row in document.rows:
        lost = document.lines[row.first] == "\t" if document.tika else document.lines[row.first].startswith("\t")
        for change in (put_in_front, *([lose_in_front] if lost else []), put_behind):
            lines = list(document.lines)
            change(lines, row, document.tika)
            yield lines
        yield [
            "\t".join(
                " ".join(cell) if HAN.search(cell) and not FIGURE.fullmatch(cell.strip()) else cell
                for cell in line.split("\t")
            )
            if row.first <= n <= row.last
            else line
            for n, line in enumerate(document.lines)
        ]
        yield [*document.lines[: row.last + 1], "", *document.lines[row.last + 1 :]]


def put_in_front(lines: list[str], row: Row, tika: bool) -> None:
    lines[row.first : row.first + 1] = ["\t", lines[row.first]] if tika else ["\t" + lines[row.first]]


def lose_in_front(lines: list[str], row: Row, tika: bool) -> None:
    lines[row.first : row.first + 1] = [] if tika else [lines[row.first][1:]]


def put_behind(lines: list[str], row: Row, tika: bool) -> None:
    lines[row.last : row.last + 1] = [lines[row.last], "\t"] if tika else [lines[row.last] + "\t"]


def test_no_single_change_of_a_sample_changes_a_figure() -> None:
    """All of them, those of rows that are partly blank too; but the zeros of table 四 that moved to the left may be others."""
    for sample in seeds():
        before = unspaced(figures_of(sample.lines))
        for lines in each_change(sample):
            after = unspaced(figures_of(tuple(lines)))
            if after != before:
                assert ambiguous_fourth(before) == after, sample.name
                assert any(re.fullmatch(r"\t{4}0(?:\t0){9,10}", line) for line in lines), sample.name


def ambiguous_fourth(reports: list[Mapping[str, Figure]]) -> list[Mapping[str, Figure]]:
    """Reports with table 四 ambiguous."""
    lost = {"value": None, "state": State.AMBIGUOUS, "written": ""}
    return [
        {path: structs.replace(one, **lost) if path.startswith("t4.") else one for path, one in each.items()}
        for each in reports
    ]


@pytest.mark.parametrize("change", CHANGES, ids=lambda change: change.__name__)
@given(data=st.data())
@settings(max_examples=60, deadline=None)
def test_a_fixture_says_the_same(change: Change, data: st.DataObject) -> None:
    own = [made for made in documents() if not made.name.startswith("seeds/")]
    if change is shifted:
        own = [made for made in own if not any(row.partly or row.too_many for row in made.rows)]
    made = data.draw(st.sampled_from(own), label="fixture")
    holds(made, changed(made, [change], data))


@given(data=st.data())
@settings(max_examples=80, deadline=None)
def test_many_changes_at_once(data: st.DataObject) -> None:
    """Of documents whose rows are whole or blank."""
    whole = [made for made in documents() if not any(row.partly or row.too_many for row in made.rows)]
    made = data.draw(st.sampled_from(whole))
    changes = data.draw(st.lists(st.sampled_from(CHANGES), min_size=2, max_size=6))
    holds(made, changed(made, changes, data))


@given(data=st.data())
@settings(max_examples=80, deadline=None)
def test_a_shift_never_makes_another_number(data: st.DataObject) -> None:
    """A row that is partly blank may become ambiguous; what is still a number is the one that was printed.

    Where the row was ambiguous before, a header that is moved may now stand over it.
    """
    own = [made for made in documents() if any(row.partly for row in made.rows)]
    made = data.draw(st.sampled_from(own))
    after = changed(made, [lambda made, data: shifted(made, data, whole=False)], data)
    for one, other in zip(figures_of(made.lines), figures_of(after.lines), strict=True):
        for path, figure in other.items():
            if figure.state is State.NUMBER:
                before = one.get(path)
                assert before and (figure.value == before.value or before.state is State.AMBIGUOUS), (
                    made.name,
                    path,
                    before,
                    figure,
                )


# --- what nobody can tell


def one_row(label: Sequence[str], figures: str) -> bytes:
    """A report of zeros in plain text whose row （二）部分公开 is given."""
    _, truth = some_truth()
    rows = [[*labels, *written] for _, labels, written in rows_of_three(FORM, truth)]
    rows[3] = [*label, *figures.split(",")]
    return document(written(table_two(FORM, truth)), written(rows), written(table_four(FORM, truth)))


def test_a_shifted_row_may_be_another() -> None:
    """The row of one report has lost its leading blank, that of the other stands in the first column as a label may
    (text-shapes.md, A.6): the bytes are equal, the figures are not, so the row is ambiguous."""
    label = "（二）部分公开"
    one = one_row(["", label, ""], ",5,0,0,0,0,").replace(f"\t{label}".encode(), label.encode())
    other = one_row([label, "", ""], "5,0,0,0,0,")  # a blank at the end of the line is lost, as editors do
    assert one == other
    (found,) = figures_of(tuple(one.decode().split("\n")))
    assert {figure.state for path, figure in found.items() if path.startswith("t3.partial.")} == {State.AMBIGUOUS}
    assert {figure.state for path, figure in found.items() if not path.startswith("t3.partial.")} == {State.NUMBER}


@pytest.mark.parametrize(
    ("cells", "wanted"),
    [
        (",,,,,,0,0,0,0,0,0,0,0,0,0", ",,,,,0,0,0,0,0,0,0,0,0,0"),  # the last one stands below no word
        (",0,0,1,0,1,,,,,,,,,", "0,0,1,0,1,,,,,,,,,,"),  # where they stand, 尚未审结 is more than its 总计
        (",,,,2,0,0,1,3,0,0,0,0,0,", ",,,,,2,0,0,1,3,0,0,0,0,0"),
        (",,,,3,1,0,0,2,3,1,0,0,0,", ",,,,3,1,0,0,2,3,1,0,0,0,"),  # moved, 3 + 1 would be 2
        (",,,,0,0,0,0,0,0,0,0,0,0,", ""),  # two blocks of zeros, or ten zeros that stand where they do
        (",0,0,0,0,0,,,,,,,,,", ""),
        (",0,0,0,1,1,,,,,,,,,", ""),  # 总计 and 结果维持 of the next, or 尚未审结 and its 总计
        (",,,,3,1,0,0,1,3,1,0,0,0,", ""),  # neither holds
        (",,,,3,-,0,0,1,3,1,0,0,0,", ""),
        (",,1,0,0,0,1,,,,,,,,", ""),  # further than by one nothing tells
        (",,,1,0,0,0,1,,,,,,,", ""),
    ],
)
def test_a_row_of_table_four_that_begins_inside_of_a_block(cells: str, wanted: str) -> None:
    """Five or ten figures: whole blocks that were shifted by one column, or a report that prints just them. The bytes
    are the same, so only the arithmetic of the form can tell; a note says where blocks were moved."""
    _, truth = some_truth()
    four = [*table_four(FORM, truth)[:-1], cells.split(",")]
    three = written([[*labels, *figures] for _, labels, figures in rows_of_three(FORM, truth)])
    (report,) = parse(read(document(written(table_two(FORM, truth)), three, written(four))))
    found = [figure for path, figure in report.figures.items() if path.startswith("t4.")]
    if not wanted:
        assert {figure.state for figure in found} == {State.AMBIGUOUS}
        assert any("may be whole blocks" in note for note in report.notes)
        return
    assert [figure.written for figure in found] == wanted.split(",")
    assert State.AMBIGUOUS not in {figure.state for figure in found}
    assert any("shifted by 1 column; read as whole blocks" in note for note in report.notes) == (cells != wanted)
