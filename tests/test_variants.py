"""Tables as they are really printed: other wordings, rows and columns of one's own, lost labels, two years side by side.

Each document is made from lines of cells, as plain text (which cannot tell spans) and as HTML (which can).
"""

from __future__ import annotations

import csv
from collections import Counter
from collections.abc import Callable, Sequence
from decimal import Decimal
from pathlib import Path

import pytest

from extract.formats import read
from extract.forms import all_forms, label_of
from extract.labels import local_key, plain
from extract.model import Figure, Report, State
from extract.reader import parse
from tests.filing import Filing
from tests.portals import labels as wordings
from tests.test_placing import (
    GROUPS,
    Line,
    header_of_three,
    rows_of_three,
    some_truth,
    table_four,
    table_two,
    written,
)

TITLE = "清沙县水务局2021年政府信息公开工作年度报告"
HEADINGS = ("二、主动公开政府信息情况", "三、收到和处理政府信息公开申请情况", "四、政府信息公开行政复议、行政诉讼情况")
Lines = Sequence[Line]
Render = Callable[..., bytes]


def as_text(tables: Sequence[Lines], title: str = TITLE, headings: Sequence[str] = HEADINGS) -> bytes:
    parts = [title]
    for heading, lines in zip(headings, tables, strict=True):
        parts += [heading, written(lines)] if lines else [heading]
    return "\n\n".join(parts).encode() + b"\n"


def as_html(tables: Sequence[Lines], title: str = TITLE, headings: Sequence[str] = HEADINGS) -> bytes:
    parts = [f"<h1>{title}</h1>"]
    for heading, lines in zip(headings, tables, strict=True):
        rows = "".join("<tr>" + "".join(f"<td>{cell}</td>" for cell in line) + "</tr>" for line in lines)
        parts += [f"<p>{heading}</p>", f"<table>{rows}</table>"]
    return ('<html><body><div class="TRS_Editor">' + "".join(parts) + "</div></body></html>").encode()


renders = pytest.mark.parametrize("render", [as_text, as_html])
FORM, ZEROS = some_truth()
COLUMNS = [column.key for column in FORM.t3_columns]


def three(truth: dict[str, str], form: str = "y2021") -> list[Line]:
    """The lines of table 三 with its header."""
    chosen = all_forms()[form]
    return [*header_of_three(chosen, 0), *([*labels, *figures] for _, labels, figures in rows_of_three(chosen, truth))]


def tables(truth: dict[str, str] = ZEROS, form: str = "y2021") -> list[list[Line]]:
    chosen = all_forms()[form]
    return [table_two(chosen, truth), three(truth, form), table_four(chosen, truth)]


def zeros(form: str) -> dict[str, str]:
    return {path: "0" for table in ("t2", "t3", "t4") for path in all_forms()[form].paths(table)}


def numbered(form: str) -> dict[str, str]:
    """Figures of which no two are equal."""
    return {path: str(n) for n, path in enumerate(zeros(form), 1)}


def parsed(data: bytes) -> Report:
    (report,) = parse(read(data))
    return report


def values(figures: dict[str, Figure] | Report, prefix: str) -> list[Decimal | str | None]:
    """The values of a row in printed order, or the state where there is none."""
    found = figures.figures if isinstance(figures, Report) else figures
    own = [figure for path, figure in found.items() if path.startswith(f"{prefix}.")]
    return [figure.value if figure.state is State.NUMBER else figure.state.value for figure in own]


def agrees(report: Report, truth: dict[str, str]) -> None:
    assert {path: figure.written for path, figure in report.figures.items()} == truth
    assert {figure.state for figure in report.figures.values()} <= {State.NUMBER, State.BLANK}


def agrees_without(report: Report, truth: dict[str, str], lost: set[str]) -> None:
    """All but some rows of table 三, which are ambiguous."""
    assert report.figures.keys() == truth.keys()
    for path, figure in report.figures.items():
        if path.split(".")[1] in lost:
            assert (figure.state, figure.value, figure.matched) == (State.AMBIGUOUS, None, "order"), path
        else:
            assert (figure.state, figure.written) == (State.NUMBER, truth[path]), path


def row_at(lines: Lines, words: str) -> int:
    return next(n for n, line in enumerate(lines) if any(words in cell for cell in line))


# --- wordings and forms


@renders
@pytest.mark.parametrize("form", ["y2021", "y2019"])
@pytest.mark.parametrize("choice", range(3))
def test_every_wording_of_every_label(render: Render, form: str, choice: int) -> None:
    """The wordings of the simulated portals, which know nothing of the product's patterns."""
    truth = numbered(form)
    chosen = all_forms()[form]
    words = {**wordings.T3_ROWS, **wordings.T2_ROWS, "normative_documents": wordings.NORMATIVE[form]}
    for row in (*chosen.t3_rows, *(row for part in chosen.t2 for row in part.rows)):
        assert row.key in words, row.key
    heads = {**wordings.T2_COLUMNS, **wordings.T3_COLUMNS, "decisions": wordings.DECISIONS[form]}
    heads["fee_amount"] = wordings.FEE_IN_WAN
    new = {plain(row.label.rpartition("/")[2]): words[row.key][choice % len(words[row.key])] for row in chosen.t3_rows}
    new |= {plain(row.label): words[row.key][choice % len(words[row.key])] for part in chosen.t2 for row in part.rows}
    new |= {
        plain(column.label): heads[column.key][choice % len(heads[column.key])]
        for columns in (*(part.columns for part in chosen.t2), chosen.t3_columns)
        for column in columns
    }

    def reworded(lines: Lines) -> list[Line]:
        return [
            [new.get(plain(cell), cell).replace("\n", " ") if plain(cell) else cell for cell in line] for line in lines
        ]

    two, third, fourth = tables(truth, form)
    report = parsed(render([reworded(two), reworded(third), fourth], TITLE))
    agrees(report, truth)
    assert report.forms == {"t2": form, "t3": form, "t4": form}
    assert not [note for note in report.notes if "unit" not in note]


@renders
@pytest.mark.parametrize("year", [2019, 2020, 2021, 2022, 2023])
@pytest.mark.parametrize("second", ["y2019", "y2021"])
@pytest.mark.parametrize("third", ["y2019", "y2021"])
def test_forms_are_told_by_words_whatever_the_year(render: Render, year: int, second: str, third: str) -> None:
    """A table of 2019 printed for 2022, and a report that mixes the forms; table 四 has the form of table 三."""
    truth = {path: text for path, text in numbered(second).items() if path.startswith("t2")}
    truth |= {path: text for path, text in numbered(third).items() if not path.startswith("t2")}
    tables_ = [table_two(all_forms()[second], truth), three(truth, third), table_four(all_forms()[third], truth)]
    report = parsed(render(tables_, TITLE.replace("2021", str(year))))
    assert report.forms == {"t2": second, "t3": third, "t4": third}
    agrees(report, truth)
    assert report.missing == ()
    assert {figure.form for path, figure in report.figures.items() if path.startswith("t2")} == {second}


@renders
@pytest.mark.parametrize("item", range(4))
def test_each_item_of_table_two_has_a_form_of_its_own(render: Render, item: int) -> None:
    """One item with the columns of 2019, the others with those of 2021."""
    old, new = all_forms()["y2019"], all_forms()["y2021"]
    truth = {**numbered("y2021"), **{path: f"7{n}" for n, path in enumerate(zeros("y2019")) if path.startswith("t2")}}
    lines: list[Line] = []
    wanted: dict[str, str] = {}
    for n, part in enumerate(new.t2):
        form = old if n == item else new
        chosen = next(own for own in form.t2 if own.anchor == part.anchor)
        lines += [[part.anchor, "", "", ""], ["信息内容", *(column.label for column in chosen.columns)]]
        for row in chosen.rows:
            paths = [f"t2.{row.key}.{column.key}" for column in chosen.columns]
            lines.append([row.label, *(truth[path] for path in paths)])
            wanted |= {path: truth[path] for path in paths}
    lines = [line + [""] * (4 - len(line)) for line in lines]
    report = parsed(render([lines, three(ZEROS), table_four(new, ZEROS)], TITLE))
    assert report.forms["t2"] == "mixed"
    assert {path: figure.written for path, figure in report.figures.items() if path.startswith("t2")} == wanted


@renders
@pytest.mark.parametrize("figures", [[""] * 7, ["6", "0", "0", "0", "0", "0", "6"]])
def test_the_sixth_group_in_a_row_of_its_own(render: Render, figures: Line) -> None:
    """Above the three rows of 2021: blank, it is a heading; with figures, it is a row that the form does not have."""
    lines = three(numbered("y2021"))
    at = row_at(lines, "逾期不补正")
    lines[at][1] = ""
    lines.insert(at, ["", GROUPS["other"], "", *figures])
    report = parsed(render([[], lines, []], TITLE))
    own = values(report, "t3.x_其他处理")
    assert report.forms["t3"] == "y2021"
    assert own == ([6, 0, 0, 0, 0, 0, 6] if any(figures) else [])
    rest = {path: figure.written for path, figure in report.figures.items() if ".x_" not in path}
    assert rest == {path: text for path, text in numbered("y2021").items() if path.startswith("t3")}


# --- rows and columns of one's own


@pytest.mark.parametrize(
    ("label", "key"),
    [
        ("其他主动公开文件", "x_其他主动公开文件"),
        ("其他主动公开文件（含规章、规范性文件以外的）", "x_其他主动公开文件"),
        ("其它主动公开文件：指各类通知", "x_其他主动公开文件"),
        ("9.属于商业秘密", "x_属于商业秘密"),
        ("9. 属于 商业 秘密（含技术秘密）", "x_属于商业秘密"),
        ("其中：网上申请", "x_其中网上申请"),
        ("A类/B类.文件", "x_A类B类文件"),
    ],
)
def test_a_local_key_is_the_words_of_the_label(label: str, key: str) -> None:
    assert local_key(plain(label)) == key


@renders
def test_rows_of_ones_own_are_kept(render: Render) -> None:
    second, third, fourth = tables(numbered("y2021"))
    second.insert(row_at(second, "行政规范性文件") + 1, ["其他主动公开文件（除规章、规范性文件外）", "31", "2", "-"])
    second.insert(row_at(second, "行政许可") + 1, ["行政许可以外的其他管理事项", "17", "", ""])
    third.insert(row_at(third, "行政查询事项") + 1, ["", "", "9.属于商业秘密（含总计、其他情形）", *"1000001"])
    report = parsed(render([second, third, fourth], TITLE))
    assert values(report, "t2.x_其他主动公开文件") == [31, 2, "dash"]
    assert values(report, "t2.x_行政许可以外的其他管理事项") == [17]
    assert values(report, "t3.x_属于商业秘密") == [1, 0, 0, 0, 0, 0, 1]
    assert list(report.figures)[3:6] == [f"t2.normative_documents.{key}" for key in ("issued", "repealed", "in_force")]
    rest = {path: figure.written for path, figure in report.figures.items() if ".x_" not in path}
    assert rest == numbered("y2021")
    assert report.missing == ()
    assert label_of("t2.x_其他主动公开文件.issued", "y2021") == "其他主动公开文件/本年制发件数"
    assert label_of("t3.x_属于商业秘密.total", "y2021") == "属于商业秘密/总计"
    assert any("printed as 9.属于商业秘密（含总计、其他情形）" in note for note in report.notes)


@renders
def test_columns_of_ones_own_are_kept(render: Render) -> None:
    """Between and behind those of the form; remarks are no figures."""
    second, third, fourth = tables(numbered("y2021"))
    width = len(third[0])
    for n, line in enumerate(second):
        line.append(("其中：网上公开件数（含转载）", "2")[n > 1] if n in (1, 2, 3) else "")
    for n, line in enumerate(third):
        extra = ("", "其中：个体工商户", "")[n] if n < 3 else str(n)
        line.insert(5, extra)
        line.append("备注" if n == 1 else "见说明" if n % 5 == 0 or line[1].startswith("(七)") else "")
    report = parsed(render([second, third, fourth], TITLE))
    assert values(report, "t2.regulations") == [1, 2, 3, 2]
    assert report.figures["t2.regulations.x_其中网上公开件数"].value == 2
    assert report.figures["t3.carried_in.x_其中个体工商户"].value == 4
    assert len(third[0]) == width + 2
    rest = {path: figure.written for path, figure in report.figures.items() if ".x_" not in path}
    assert rest == numbered("y2021")
    assert not [path for path in report.figures if "备注" in path]
    assert label_of("t2.regulations.x_其中网上公开件数", "y2021") == "规章/其中网上公开件数"


@renders
def test_a_column_that_no_row_fills_changes_nothing(render: Render) -> None:
    _, third, _ = tables(numbered("y2021"))
    for n, line in enumerate(third):
        line.append("核对" if n == 1 else "")
    report = parsed(render([[], third, []], TITLE))
    agrees(report, {path: text for path, text in numbered("y2021").items() if path.startswith("t3")})


@renders
def test_explanations_that_hold_other_labels(render: Render) -> None:
    """Long brackets in the cells of rows and of columns, with the words of other rows and columns in them."""
    long = (
        "（指自然人、商业企业、科研机构、法律服务机构以外提出的，含予以公开、属于国家秘密、重复申请、其他、总计的各种情形）"
        * 2
    )
    second, third, fourth = tables(numbered("y2021"))

    def explained(lines: Lines) -> list[Line]:
        return [
            [f"{cell}{long}" if cell and not cell.isdigit() and "第二十条" not in cell else cell for cell in line]
            for line in lines
        ]

    report = parsed(render([explained(second), explained(third), fourth], TITLE))
    agrees(report, numbered("y2021"))


@renders
@pytest.mark.parametrize("key", [column.key for column in FORM.t3_columns[1:-1]])
def test_a_column_that_an_office_left_out(render: Render, key: str) -> None:
    """Six columns are printed: the others keep their figures, also where one is blank, and the seventh has none.

    A row told by its order is held against the columns that there are.
    """
    truth = {path: text for path, text in numbered("y2021").items() if path.startswith("t3")}
    truth |= {f"t3.{row}.natural_person": "" for row in ("denied_law_prohibits", "unprocessed_duplicate")}
    gone = 3 + [column.key for column in FORM.t3_columns].index(key)
    lines = [line[:gone] + line[gone + 1 :] for line in unlabelled(three(truth), "三安全", 1)]
    agrees(
        parsed(render([[], lines, []], TITLE)), {path: text for path, text in truth.items() if not path.endswith(key)}
    )


@renders
def test_a_sum_of_an_office_above_the_total(render: Render) -> None:
    """合计 behind （五）, then （七）总计: nobody knows which is the form's where they differ."""
    truth = {path: text for path, text in numbered("y2021").items() if path.startswith("t3")}
    lines = three(truth)
    lines.insert(row_at(lines, "逾期不补正"), ["", "合计", "", *["9100"] * 7])
    report = parsed(render([[], lines, []], TITLE))
    assert values(report, "t3.processed_total") == ["ambiguous"] * 7
    assert values(report, "t3.carried_out") == [int(text) for path, text in truth.items() if "carried_out" in path]


@renders
def test_words_of_a_header_over_one_another(render: Render) -> None:
    """Two columns of the form in one column of the grid: the header places nothing."""
    lines = [["", "自然人"], ["", "商业企业"], ["一、本年新收政府信息公开申请数量", "5"]]
    report = parsed(render([[], lines, []], TITLE))
    assert not [figure for figure in report.figures.values() if figure.state is State.NUMBER]


@renders
@pytest.mark.parametrize("word", ["备注", "占比", "其中网上申请"])
def test_numbers_behind_the_total(render: Render, word: str) -> None:
    """In a column of remarks, or one of the office: no figure of the form, also where the first of a row is blank."""
    truth = {path: text for path, text in numbered("y2021").items() if path.startswith("t3")}
    truth |= {
        f"t3.{row}.natural_person": "" for row in ("new_received", "granted", "denied_law_prohibits", "carried_out")
    }
    lines = [[*line, word if n == 1 else "" if n < 3 else "9001"] for n, line in enumerate(three(truth))]
    report = parsed(render([[], lines, []], TITLE))
    found = {path: figure.written for path, figure in report.figures.items() if ".x_" not in path}
    assert found == truth
    own = {figure.written for path, figure in report.figures.items() if ".x_" in path}
    assert own == (set() if word == "备注" else {"9001"})


@renders
def test_numbers_in_remarks_of_table_two(render: Render) -> None:
    truth = {path: text for path, text in numbered("y2021").items() if path.startswith("t2")}
    truth |= {"t2.regulations.issued": "", "t2.penalty.decisions": ""}
    remarks = [[*line, "备注" if line[0] == "信息内容" else "9001"] for line in table_two(FORM, truth)]
    report = parsed(render([remarks, [], []], TITLE))
    assert {path: figure.written for path, figure in report.figures.items()} == truth


# --- rows without labels


def unlabelled(lines: list[Line], first: str, count: int, mark: str = "") -> list[Line]:
    """The lines with no label, or an illegible one, from the row with some words on."""
    at = row_at(lines, first)
    kept = [[*([mark if cell and mark else "" for cell in line[:3]]), *line[3:]] for line in lines[at : at + count]]
    return [*lines[:at], *kept, *lines[at + count :]]


@renders
@pytest.mark.parametrize("mark", ["", "□", "□□国□"])
@pytest.mark.parametrize("form", ["y2021", "y2019"])
@pytest.mark.parametrize(
    ("first", "count"), [("新收", 1), ("部分公开", 1), ("三安全", 3), ("不掌握", 8), ("予以公开", 9)]
)
def test_rows_without_labels_are_told_by_their_order(
    render: Render, form: str, mark: str, first: str, count: int
) -> None:
    truth = {path: text for path, text in numbered(form).items() if path.startswith("t3")}
    report = parsed(render([[], unlabelled(three(truth, form), first, count, mark), []], TITLE))
    agrees(report, truth)
    by_order = {path for path, figure in report.figures.items() if figure.matched}
    assert len(by_order) == 7 * count
    assert {figure.matched for figure in report.figures.values()} == {"", "order"}
    assert sum("told by its place" in note for note in report.notes) == count


def test_the_archive_says_which_rows_were_told_by_their_order(tmp_path: Path) -> None:
    truth = numbered("y2021")
    lines = unlabelled(three(truth), "部分公开", 1)
    county = Filing(tmp_path / "archive")
    county.show("/a.html", as_html([[], lines, []], TITLE), TITLE)
    archive = county.build()
    marked = archive.rows("select path, value from figure where matched = 'order'")
    assert {row["path"]: str(int(row["value"])) for row in marked} == {
        path: value for path, value in truth.items() if path.startswith("t3.partial.")
    }
    (report,) = archive.rows("select id from report")
    shown = archive.json("show", report["id"], "--figure", "t3.partial.total", "--cite")
    assert shown[0]["matched"] == "order"
    archive.run("export", "-o", tmp_path / "all.csv")
    with (tmp_path / "all.csv").open(encoding="utf-8-sig", newline="") as file:
        assert Counter(row["matched"] for row in csv.DictReader(file))["order"] == len(COLUMNS)


@renders
@pytest.mark.parametrize(("form", "count"), [("y2021", 3), ("y2019", 1)])
def test_the_number_of_rows_tells_the_form(render: Render, form: str, count: int) -> None:
    """The rows under （六） without labels."""
    truth = {path: text for path, text in numbered(form).items() if path.startswith("t3")}
    lines = three(truth, form)
    at = row_at(lines, "总计") if form == "y2019" else row_at(lines, "逾期不补正")
    at = next(n for n, line in enumerate(lines) if any("其他处理" in cell for cell in line)) if form == "y2019" else at
    for line in lines[at : at + count]:
        line[:3] = ["", "", ""]
    report = parsed(render([[], lines, []], TITLE))
    assert report.forms["t3"] == form
    agrees(report, truth)


@renders
@pytest.mark.parametrize("form", ["y2021", "y2019"])
def test_a_table_without_its_column_of_labels(render: Render, form: str) -> None:
    """All rows are there, so their order tells them; with one fewer, nothing does."""
    truth = {path: text for path, text in numbered(form).items() if path.startswith("t3")}
    lines = [[*["", "", ""], *line[3:]] if n > 2 else line for n, line in enumerate(three(truth, form))]
    agrees(parsed(render([[], lines, []], TITLE)), truth)
    report = parsed(render([tables(numbered(form))[0] if form == "y2021" else [], lines[:-1], []], TITLE))
    assert not [path for path in report.figures if path.startswith("t3")]


@renders
def test_a_page_without_labels(render: Render) -> None:
    """The second page has lost its first columns: its rows are the rest of the form."""
    truth = {path: text for path, text in numbered("y2021").items() if path.startswith("t3")}
    lines = three(truth)
    at = row_at(lines, "行政执法案卷")
    cut = [*lines[:at], *([*["", "", ""], *line[3:]] for line in lines[at:])]
    agrees(parsed(render([[], cut, []], TITLE)), truth)


@renders
@pytest.mark.parametrize("gone", [3, 4, 5])
def test_where_the_count_does_not_fit_there_is_no_figure(render: Render, gone: int) -> None:
    """Three rows are printed without labels where the form has four: each may be any."""
    truth = {path: text for path, text in numbered("y2021").items() if path.startswith("t3")}
    lines = unlabelled(three(truth), "三安全", 4)
    at = row_at(three(truth), "三安全")
    del lines[at + gone - 3]
    report = parsed(render([[], lines, []], TITLE))
    lost = ("three_security_one_stability", "third_party", "internal_affairs", "process_info")
    assert {path for path in report.missing if path.startswith("t3.")} == {f"t3.denied_{key}" for key in lost}
    assert sum("whose label nothing tells" in note for note in report.notes) == 3
    assert not [figure for figure in report.figures.values() if figure.matched]


@renders
def test_a_group_name_that_contradicts_the_order(render: Render) -> None:
    """The label of the first row under （四） is lost, its group is printed: it cannot be a row of another group."""
    truth = {path: text for path, text in numbered("y2021").items() if path.startswith("t3")}
    lines = three(truth)
    at = row_at(lines, "本机关不掌握")
    lines[at][2] = ""
    agrees(parsed(render([[], lines, []], TITLE)), truth)
    lines[at][1] = "（五）不予处理"
    report = parsed(render([[], lines, []], TITLE))
    assert "t3.unable_not_held" in report.missing
    assert values(report, "t3.x_不予处理")


@renders
@pytest.mark.parametrize("other", ["2020年处理决定数量", "处理决定数量", "较上年增减额"])
def test_the_words_of_a_header_before_the_number_of_figures(render: Render, other: str) -> None:
    """Two figures under 本年收费金额 and words of another part are no 上一年项目数量 and 本年增/减."""
    lines = [
        ["第二十条第（八）项", "", ""],
        ["信息内容", "本年收费金额（单位：万元）", other],
        ["行政事业性收费", "10", "9913"],
    ]
    report = parsed(render([lines, [], []], TITLE))
    assert report.forms["t2"] == "y2021"
    assert not {"t2.admin_fees.prev_items", "t2.admin_fees.change"} & report.figures.keys()
    assert report.figures["t2.admin_fees.fee_amount"].value == 10
    assert report.figures[f"t2.admin_fees.x_{other}"].value == 9913


@renders
def test_rows_of_table_two_without_labels(render: Render) -> None:
    truth = numbered("y2021")
    second = table_two(FORM, truth)
    for words in ("规章", "行政处罚", "行政强制"):
        second[row_at(second, words)][0] = ""
    report = parsed(render([second, [], []], TITLE))
    assert {path: figure.written for path, figure in report.figures.items()} == {
        path: text for path, text in truth.items() if path.startswith("t2")
    }
    assert report.figures["t2.penalty.decisions"].matched == "order"
    del second[row_at(second, "第二十条第（六）项") + 2]
    report = parsed(render([second, [], []], TITLE))
    assert {"t2.penalty", "t2.coercion"} <= set(report.missing)


def added_up(**rows: str) -> dict[str, str]:
    """Table 三 with these rows, seven figures each, and zeros: its totals add up, and what is received is what was done."""
    truth = {path: "0" for path in numbered("y2021") if path.startswith("t3")}
    for key, figures in rows.items():
        truth |= {f"t3.{key}.{column}": figure for column, figure in zip(COLUMNS, figures.split(), strict=True)}
    results = [row.key for row in FORM.t3_rows if row.group and row.key != "processed_total"]
    for column in COLUMNS:
        done = sum(int(truth[f"t3.{key}.{column}"]) for key in results)
        left, before = int(truth[f"t3.carried_out.{column}"]), int(truth[f"t3.carried_in.{column}"])
        truth |= {f"t3.processed_total.{column}": str(done), f"t3.new_received.{column}": str(done + left - before)}
    return truth


def put_in(truth: dict[str, str], key: str, figures: str) -> list[Line]:
    """The table with a row of an office, without a label, in place of a row of the form."""
    lines = three(truth)
    at = [row.key for row in FORM.t3_rows].index(key) - len(FORM.t3_rows)
    lines[at] = ["", "", "", *figures.split()]
    return lines


GRANTED, CARRIED = "3 1 0 0 0 0 4", "1 0 0 0 0 0 1"


@renders
@pytest.mark.parametrize(
    ("key", "figures"),
    [
        ("partial", "2 0 0 0 0 0 2"),  # （七） is without them
        ("denied_process_info", "0 1 0 0 0 0 1"),
        ("other_misc", "0 0 0 0 0 1 1"),
        ("carried_in", "2 0 0 0 0 0 2"),  # the balance is without them
        ("carried_out", "0 0 0 0 0 5 5"),
        ("processed_total", "9 0 0 0 0 0 9"),  # a total that the balance does not have
        ("repeated", "0 0 0 1 0 0 2"),  # the only row that does not add up
    ],
)
def test_a_row_of_an_office_in_place_of_a_row_of_the_form(render: Render, key: str, figures: str) -> None:
    """The count fits, but the sums of the table hold only without it: nothing tells what it is."""
    key = "unprocessed_duplicate" if key == "repeated" else key
    truth = added_up(granted=GRANTED)
    report = parsed(render([[], put_in(truth, key, figures), []], TITLE))
    agrees_without(report, truth, {key})
    assert sum("hold only without it" in note for note in report.notes) == 1


@renders
@pytest.mark.parametrize(
    ("key", "rows"),
    [
        ("partial", {"granted": GRANTED, "partial": "2 0 0 0 0 0 2"}),
        ("carried_in", {"granted": GRANTED, "carried_in": CARRIED}),
        ("carried_out", {"granted": GRANTED, "carried_out": CARRIED}),
        ("processed_total", {"granted": GRANTED, "carried_out": CARRIED}),
        ("new_received", {"granted": GRANTED, "carried_in": CARRIED}),
        ("unable_not_held", {"granted": GRANTED}),
    ],
)
def test_a_row_without_its_label_that_adds_up(render: Render, key: str, rows: dict[str, str]) -> None:
    truth = added_up(**rows)
    own = " ".join(truth[f"t3.{key}.{column}"] for column in COLUMNS)
    report = parsed(render([[], put_in(truth, key, own), []], TITLE))
    agrees(report, truth)
    assert {path.split(".")[1] for path, figure in report.figures.items() if figure.matched} == {key}


@renders
def test_one_of_several_rows_without_labels_is_an_offices(render: Render) -> None:
    """Two rows of the form and one of an office where the form has three: which is which, nobody knows."""
    truth = added_up(granted=GRANTED, denied_third_party="1 0 0 0 0 0 1")
    lines = unlabelled(three(truth), "三安全", 3)
    lines[row_at(three(truth), "三安全")] = ["", "", "", *"0 2 0 0 0 0 2".split()]
    report = parsed(render([[], lines, []], TITLE))
    rows = ("three_security_one_stability", "third_party", "internal_affairs")
    agrees_without(report, truth, {f"denied_{key}" for key in rows})


def test_a_table_that_adds_up_nowhere_speaks_against_no_row() -> None:
    """Reports break their own sums: a row told by its order stays what it is where these do not hold without it either."""
    truth = added_up(granted=GRANTED, partial="2 0 0 0 0 0 2") | {"t3.processed_total.natural_person": "77"}
    report = parsed(as_text([[], put_in(truth, "partial", "2 0 0 0 0 0 2"), []], TITLE))
    agrees(report, truth)


# --- more figures than one table has


@renders
@pytest.mark.parametrize(
    "words", [("2021年", "2020年"), ("本年", "上年"), ("2021年度", "2020年度"), ("本年度", "上年度")]
)
@pytest.mark.parametrize("turned", [False, True])
def test_two_years_in_blocks(render: Render, words: tuple[str, str], turned: bool) -> None:
    """Table 三 printed twice side by side, with a line of years above."""
    truth, other = numbered("y2021"), dict.fromkeys(ZEROS, "9999")
    names = words[::-1] if turned else words
    left, right = (other, truth) if turned else (truth, other)
    heads = [column.label for column in FORM.t3_columns]
    lines: list[Line] = [["项目", "", "", names[0], *[""] * 6, names[1], *[""] * 6], ["", "", "", *heads, *heads]]
    for (_, labels, one), (_, _, two) in zip(rows_of_three(FORM, left), rows_of_three(FORM, right), strict=True):
        lines.append([*labels, *one, *two])
    report = parsed(render([[], lines, []], TITLE))
    agrees(report, {path: text for path, text in truth.items() if path.startswith("t3")})
    assert sum("two years stand side by side" in note for note in report.notes) == 1


@renders
def test_two_years_column_by_column(render: Render) -> None:
    truth = {path: text for path, text in numbered("y2021").items() if path.startswith("t3")}
    heads = [cell for column in FORM.t3_columns for cell in (column.label, "")]
    lines: list[Line] = [["", "", "", *heads], ["", "", "", *["2020年", "2021年"] * 7]]
    for _, labels, figures in rows_of_three(FORM, truth):
        lines.append([*labels, *(cell for figure in figures for cell in ("8888", figure))])
    agrees(parsed(render([[], lines, []], TITLE)), truth)


@renders
@pytest.mark.parametrize("words", [("2019年", "2020年"), ("", ""), ("2021年", "2021年"), ("2021年", "")])
def test_two_years_that_nothing_tells_apart(render: Render, words: tuple[str, str]) -> None:
    heads = [column.label for column in FORM.t3_columns]
    lines: list[Line] = [["", "", "", words[0], *[""] * 6, words[1], *[""] * 6], ["", "", "", *heads, *heads]]
    lines += [[*labels, *["1"] * 7, *["2"] * 7] for _, labels, _ in rows_of_three(FORM, ZEROS)]
    report = parsed(render([[], lines, []], TITLE))
    assert {figure.state for figure in report.figures.values()} == {State.AMBIGUOUS}


@renders
def test_two_years_in_table_two(render: Render) -> None:
    """By the words of the columns; where they do not tell, the row is ambiguous and no column is chosen."""
    anchor, label = "第二十条第（五）项", "本年处理决定数量"
    for heads, wanted in (
        (["2020年处理决定数量", "2021年处理决定数量"], [4]),
        (["处理决定数量（2021年）", "处理决定数量（2020年）"], [3]),
        ([label, label], ["ambiguous"]),
    ):
        report = parsed(render([[[anchor, "", ""], ["信息内容", *heads], ["行政许可", "3", "4"]], [], []], TITLE))
        assert values(report, "t2.licensing") == wanted


def test_two_years_in_table_two_of_their_own_kind() -> None:
    """上年处理决定数量 is a column that an office added."""
    lines = [
        ["第二十条第（五）项", "", ""],
        ["信息内容", "本年处理决定数量", "上年处理决定数量"],
        ["行政许可", "3", "4"],
    ]
    report = parsed(as_html([lines, [], []]))
    assert report.figures["t2.licensing.decisions"].value == 3
    assert report.figures["t2.licensing.x_上年处理决定数量"].value == 4


@renders
def test_rows_of_table_four_with_labels(render: Render) -> None:
    """A label before the fifteen figures; of two years the report's; two that differ are ambiguous."""
    truth = numbered("y2021")
    own = {path: text for path, text in truth.items() if path.startswith("t4")}
    *head, figures = table_four(FORM, truth)
    head = [["", *line] for line in head]

    def read_four(*rows: Line) -> Report:
        return parsed(render([[], [], [*head, *rows]], TITLE))

    agrees(read_four(["数量", *figures]), own)
    agrees(read_four(["2020年", *["8"] * 15], ["2021年", *figures]), own)
    agrees(read_four(["本年", *figures], ["上年", *["8"] * 15]), own)
    for rows in ([["2020年", *figures]], [["甲", *figures], ["乙", *["8"] * 15]]):
        assert {figure.state for figure in read_four(*rows).figures.values()} == {State.AMBIGUOUS}
    agrees(read_four(["数量", *figures], ["联系电话", "8", *[""] * 14]), own)


def in_blocks(lines: list[Line], blocks: Sequence[int], columns: Sequence[int]) -> list[Line]:
    """Table 四 with its blocks, and the columns of each block, in another order; words over a whole block stay over it."""
    upper, single, double, figures = lines

    def turned(line: Line, over: bool = False) -> Line:
        parts = [line[5 * block : 5 * block + 5] for block in blocks]
        return [cell for part in parts for cell in (part if over else [part[n] for n in columns])]

    review = blocks.index(0)
    words = turned(["", *[""] * 4, *single[5:]], over=True)
    words[5 * review : 5 * review + 5] = [single[n] for n in columns]
    return [turned(upper, over=True), words, turned(double), turned(figures)]


@renders
@pytest.mark.parametrize("columns", [(0, 1, 2, 3, 4), (4, 0, 1, 2, 3), (1, 0, 2, 3, 4)])
@pytest.mark.parametrize("blocks", [(0, 1, 2), (1, 2, 0), (0, 2, 1), (2, 1, 0)])
def test_table_four_in_another_order(render: Render, blocks: Sequence[int], columns: Sequence[int]) -> None:
    """行政诉讼 before 行政复议, 总计 before the results: the header says where the figures are."""
    truth = {path: text for path, text in numbered("y2021").items() if path.startswith("t4")}
    agrees(parsed(render([[], [], in_blocks(table_four(FORM, truth), blocks, columns)], TITLE)), truth)


@renders
@pytest.mark.parametrize("kept", [slice(0, 5), slice(5, 15)])
def test_a_table_four_of_some_blocks(render: Render, kept: slice) -> None:
    """行政复议 or 行政诉讼 alone, in a table of its own: ten figures of 行政诉讼 are not 行政复议."""
    lines = [line[kept] for line in table_four(FORM, numbered("y2021")) if any(line[kept])]
    wide = [[*line, *[""] * (15 - len(line))] for line in lines]
    report = parsed(render([[], [], wide], TITLE))
    assert {figure.state for figure in report.figures.values()} == {State.AMBIGUOUS}


@renders
def test_a_table_printed_twice(render: Render) -> None:
    """Once more with the same figures: nothing changes. With others: ambiguous where they differ, and no row is lost."""
    truth = numbered("y2021")
    for name, path in (("t2", "t2.licensing.decisions"), ("t3", "t3.granted.total"), ("t4", "t4.review.total")):
        for other in (truth, truth | {path: "99999"}):
            again = tables(other)[int(name[1]) - 2]
            report = parsed(render([*tables(truth), again], TITLE, (*HEADINGS, "另附一份。")))
            assert report.figures.keys() == truth.keys()
            wrong = {each for each, figure in report.figures.items() if figure.value is None}
            assert wrong == {each for each in truth if truth[each] != other[each]}
            assert {report.figures[each].state for each in wrong} <= {State.AMBIGUOUS}
            assert all(figure.written == truth[each] for each, figure in report.figures.items())


@pytest.mark.parametrize(
    ("figures", "wanted"),
    [
        (["0"] * 8, [0] * 7),
        (["0"] * 9, [0] * 7),
        (["1", "2", "3", "4", "5", "6", "7", "8"], ["ambiguous"] * 7),
        (["/"] * 8, ["ambiguous"] * 7),
        (["0"] * 7 + ["-"], ["ambiguous"] * 7),
    ],
)
def test_too_many_figures_in_text(figures: Line, wanted: list[object]) -> None:
    """By equality, else ambiguous; the surplus is in a note. Without a header: nothing places them."""
    lines = three(ZEROS)
    at = row_at(lines, "重复申请")
    lines[at] = ["", "", "2.重复申请", *figures]
    report = parsed(as_text([[], lines[3:], []]))
    assert values(report, "t3.unprocessed_duplicate") == wanted
    assert any(f"{len(figures)} figures in 7 columns" in note for note in report.notes)


def test_too_many_figures_under_a_header() -> None:
    """Seven of them stand under the header's words."""
    lines = three(ZEROS)
    lines[row_at(lines, "重复申请")] = ["", "", "2.重复申请", *"12345678"]
    report = parsed(as_html([[], [line + [""] * (11 - len(line)) for line in lines], []]))
    assert values(report, "t3.unprocessed_duplicate") == [1, 2, 3, 4, 5, 6, 7]
    assert any("placed by the header" in note for note in report.notes)


# --- cells


@pytest.mark.parametrize(
    ("column", "cell", "wanted", "unit"),
    [
        ("fee_amount", "3987.75 万", Decimal("3987.75"), "万元"),
        ("fee_amount", "0.37万元", Decimal("0.37"), "万元"),
        ("fee_amount", "251000元", Decimal("25.1"), "万元"),
        ("fee_amount", "251,000元", Decimal("25.1"), "万元"),
        ("fee_amount", "1.2亿元", Decimal(12000), "万元"),
        ("fee_amount", "三万元", Decimal(3), "万元"),
        ("fee_amount", "251000", Decimal(251000), None),
        ("fee_amount", "3件", "unreadable", None),
        ("fee_amount", "-3万元", "unreadable", None),
        ("fee_amount", "5注1", "unreadable", None),
        ("fee_amount", "无", "dash", None),
        ("decisions", "十二", Decimal(12), "件"),
        ("decisions", "零", Decimal(0), "件"),
        ("decisions", "三件", Decimal(3), "件"),
        ("decisions", "１，２０８", Decimal(1208), "件"),
        ("decisions", "一", "unreadable", "件"),
        ("decisions", "5①", "unreadable", "件"),
        ("decisions", "O", "unreadable", "件"),
        ("decisions", "1l", "unreadable", "件"),
        ("decisions", "-3", "unreadable", "件"),
        ("decisions", "2.5", "unreadable", "件"),
        ("decisions", "5.00", Decimal(5), "件"),
        ("decisions", "0.37万元", "unreadable", "件"),
        ("change", "+19", Decimal(19), "项"),
        ("change", "减3", Decimal(-3), "项"),
        ("change", "增5", Decimal(5), "项"),
        ("change", "-367", Decimal(-367), "项"),
        ("change", "－3", Decimal(-3), "项"),
        ("change", "下降3", Decimal(-3), "项"),
        ("change", "减两项", Decimal(-2), "项"),
        ("change", "-2.5", "unreadable", "项"),
    ],
)
def test_a_cell_in_its_column(column: str, cell: str, wanted: Decimal | str, unit: str | None) -> None:
    """What is printed stays as it is printed; a number that its column cannot hold is not read, and a note says so."""
    tables_of = {
        "fee_amount": (["第二十条第（八）项", ""], ["信息内容", "本年收费金额"], ["行政事业性收费", cell]),
        "decisions": (["第二十条第（五）项", ""], ["信息内容", "本年处理决定数量"], ["行政许可", cell]),
        "change": (
            ["第二十条第（五）项", "", "", ""],
            ["信息内容", "上一年项目数量", "本年增/减", "处理决定数量"],
            ["行政许可", "400", cell, "0"],
        ),
    }
    report = parsed(as_html([list(map(list, tables_of[column])), [], []]))
    (figure,) = (figure for path, figure in report.figures.items() if path.endswith(f".{column}"))
    assert figure.written == cell
    assert (figure.value if figure.state is State.NUMBER else figure.state.value, figure.unit) == (wanted, unit)
    told = [note for note in report.notes if cell in note]
    damaged = (
        figure.state is State.UNREADABLE and any(sign.isdigit() for sign in cell) and cell not in ("5①", "5注1", "1l")
    )
    bare = column == "fee_amount" and figure.value is not None and unit is None
    assert bool(told) == (damaged or bare)
