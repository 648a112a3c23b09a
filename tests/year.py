"""The 25 cases of detection (reference/domain.md, 6) on the calendar of a year: what portals show, and which events that ought to give.

Every case lays pages down on the portals of `tests/portals/cases.py` and says which events it expects, on which day, with which
detail. `tests/living.py` runs them all at once, day by day.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Any

from tests.portals import ReportTruth
from tests.portals.cases import (
    DOCX,
    PDF,
    WORDS,
    Stage,
    docx,
    draft,
    joined,
    linking,
    page,
    pdf,
    whole,
    without_numbers,
)  # fmt: skip
from tests.portals.documents import document
from tests.portals.render_html import html_body

FIRST, END = date(2026, 1, 8), date(2027, 1, 7)
MAIN, MOVED, EMPTY = "清沙县", "云栎县", "苇泊县"
CELLS = ("t3.unprocessed_petition.natural_person", "t3.unprocessed_petition.total")
MOVERS = ("水务局", "教育局", "民政局", "财政局", "审计局")
ROSTER = "region,name,from_year\n990001,林草局,2025\n"
RENAMED = ("990001/文化广电局", "文化广电旅游局", 2025)  # on the day of the first crawl a person says so
DOCUMENTS = ("/r/8.html", "/f/8.docx")
TOWNS = tuple(f"{one}{two}镇" for one in "柳杨槐榆桑" for two in "河桥坪湾店岭塘集")
STOOD = tuple(f"{one}{two}镇" for one in "梨桃杏枣柿" for two in "河桥坪湾店岭")
SENTENCES = "".join(
    f"<p>{heading}</p><p>本年度没有需要说明的情况。</p>"
    for heading in (
        "一、总体情况",
        "二、主动公开政府信息情况",
        "三、收到和处理政府信息公开申请情况",
        "五、存在的主要问题及改进情况",
    )
)
LOGIN = '<form action="/login"><p>用户登录</p><input name="user"><input type="password" name="word"></form>'


def on(month: int, number: int, year: int = 2026) -> date:
    """A day."""
    return date(year, month, number)


@dataclass(frozen=True, slots=True)
class Told:
    """An event that is expected. Addresses are paths, times days."""

    day: date
    kind: str
    subject: str
    detail: Mapping[str, Any] = field(default_factory=dict)


@dataclass(slots=True)
class Year:
    """The portals, and by case the events that it expects. `scan`: a picture as PDF, where this machine can draw and read one."""

    scan: bytes = b""
    main: Stage = field(
        default_factory=lambda: Stage(MAIN, "990001", "127.23.0.1", {"/nb/": "政府信息公开年报", "/hz/": "部门年报"})
    )
    moved: Stage = field(default_factory=lambda: Stage(MOVED, "990002", "127.23.0.2"))
    empty: Stage = field(default_factory=lambda: Stage(EMPTY, "990003", "127.23.0.3"))
    told: dict[str, list[Told]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        for case in CASES:
            self.told[case.__name__] = list(case(self) or ())

    @property
    def stages(self) -> tuple[Stage, ...]:
        return self.main, self.moved, self.empty

    def days(self) -> list[date]:
        """The days on which something happens, and those that prove it."""
        more = {
            FIRST,
            on(1, 20),
            on(1, 29),
            on(1, 30),
            on(2, 1),
            on(2, 3),
            on(2, 10),
            on(3, 23),
            on(4, 23),
            on(6, 23),
            END,
        }
        return sorted(more | {told.day for some in self.told.values() for told in some} | QUIET)


# Days on which something happens that is to give no event.
QUIET = {on(1, 15), on(1, 17), on(1, 22), on(1, 23), on(1, 24), on(1, 25), on(1, 26)}


def own(unit: str, year: int = 2025, region: str = "990001") -> str:
    """The id of a report."""
    return f"{region}/{unit}/own/{year}"


def more(report: ReportTruth, by: int) -> tuple[ReportTruth, dict[str, list[str]]]:
    """The report with so many more petitions, and the cells that this changes."""
    before = {path: int(report.figures[path].value or 0) for path in CELLS}
    changed = {path: replace(report.figures[path], value=n + by, written=str(n + by)) for path, n in before.items()}
    figures = dict(report.figures) | changed
    return replace(report, figures=figures), {path: [str(n), str(n + by)] for path, n in before.items()}


def body(report: ReportTruth) -> str:
    """The report as HTML."""
    return html_body(document(report))


def case_01_new(year: Year) -> list[Told]:
    year.main.publish("/r/1.html", draft(MAIN, "水务局", 2025), on(1, 14), on(1, 14))
    return [Told(on(1, 14), "new", own("水务局"))]


def case_02_volatile_bytes(year: Year) -> list[Told]:
    """A counter, a stamp and another template; the report is the same."""
    report, stated = draft(MAIN, "教育局", 2025), on(1, 13)
    year.main.publish("/r/2.html", report, stated, stated)
    for day, count in ((on(1, 15), 88), (on(1, 17), 1207), (on(1, 24), 3011)):
        volatile = f"<p>浏览次数：{count}</p><p>更新时间：{day}</p>"
        frame = page(report.title, body(report) + volatile, stated, f"<div class='foot'>版权所有 {count}</div>")
        year.main.show("/r/2.html", day, frame)
    return [Told(stated, "new", own("教育局"))]


def case_03_cell_changed(year: Year) -> list[Told]:
    first = draft(MAIN, "财政局", 2025)
    second, cells = more(first, 2)
    year.main.publish("/r/3.html", first, on(1, 13), on(1, 13))
    year.main.show("/r/3.html", on(1, 16), page(first.title, body(second), on(1, 13)))
    return [Told(on(1, 13), "new", own("财政局")), Told(on(1, 16), "revised", own("财政局"), {"cells": cells})]


def case_04_only_text_changed(year: Year) -> list[Told]:
    report, stated = draft(MAIN, "民政局", 2025), on(1, 13)
    year.main.publish("/r/4.html", report, stated, stated)
    year.main.show(
        "/r/4.html", on(1, 17), page(report.title, body(report) + "<p>本报告的纸质版可以在档案馆查阅。</p>", stated)
    )
    return [Told(stated, "new", own("民政局")), Told(on(1, 17), "revised", own("民政局"), {"text": True})]


def case_05_moved(year: Year) -> list[Told]:
    """A new content system: every address is another, the old ones are gone."""
    told, stated, since = [], on(1, 20, 2025), on(1, 20)
    for n, unit in enumerate(MOVERS):
        report, old, new = draft(MOVED, unit, 2024), f"/old/{n}.html", f"/new/{n}.html"
        year.moved.list(old, report.title, stated, FIRST, since)
        year.moved.list(new, report.title, stated, since)
        year.moved.show(old, FIRST, page(report.title, body(report), stated), until=since)
        year.moved.show(new, since, page(report.title, body(report), stated, "<p>新版网站</p>"))
        id = own(unit, 2024, "990002")
        detail = {"from": old, "to": new, "page": "gone"}
        told += [Told(FIRST, "backfill", id), Told(on(1, 21), "moved", id, detail)]
    return told


def case_06_moved_and_redirected(year: Year) -> list[Told]:
    report, stated, since = draft(MAIN, "统计局", 2024), on(1, 20, 2025), on(1, 20)
    for path, begins, ends in (("/r/6.html", FIRST, since), ("/r/neu/6.html", since, None)):
        year.main.list(path, report.title, stated, begins, ends)
        year.main.show(path, begins, page(report.title, body(report), stated))
    year.main.show("/r/6.html", since, status=301, location="/r/neu/6.html")
    id, detail = own("统计局", 2024), {"from": "/r/6.html", "to": "/r/neu/6.html", "page": "elsewhere"}
    return [Told(FIRST, "backfill", id), Told(on(1, 21), "moved", id, detail)]


def case_07_file_replaced_under_its_page(year: Year) -> list[Told]:
    first, stated = draft(MAIN, "审计局", 2025), on(1, 14)
    second, cells = more(first, 3)
    year.main.list("/r/7.html", first.title, stated, stated)
    year.main.show("/r/7.html", stated, linking(first.title, stated, "/f/7.pdf"))
    year.main.show("/f/7.pdf", stated, pdf(document(first)), PDF)
    year.main.show("/f/7.pdf", on(1, 18), pdf(document(second)), PDF)
    return [Told(stated, "new", own("审计局")), Told(on(1, 18), "revised", own("审计局"), {"cells": cells})]


def case_08_three_documents_of_one_report(year: Year) -> list[Told]:
    """The PDF agrees with the page, the Word file does not."""
    report, stated = draft(MAIN, "司法局", 2025), on(1, 15)
    other, cells = more(report, 4)
    links = "".join(f'<p>附件：<a href="/f/8.{kind}">年度报告.{kind}</a></p>' for kind in ("pdf", "docx"))
    year.main.list("/r/8.html", report.title, stated, stated)
    year.main.show("/r/8.html", stated, page(report.title, body(report) + links, stated))
    year.main.show("/f/8.pdf", stated, pdf(document(report)), PDF)
    year.main.show("/f/8.docx", stated, docx(document(other)), DOCX)
    detail = {"documents": list(DOCUMENTS), "cells": cells}
    return [Told(stated, "new", own("司法局")), Told(stated, "conflict", own("司法局"), detail)]


def case_08_pages_that_disagree(year: Year) -> list[Told]:
    """The copy in the other column has other figures; which of them is right, nobody knows."""
    report, since = draft(MAIN, "粮食局", 2025), on(1, 18)
    other, cells = more(report, 6)
    year.main.publish("/r/8b.html", report, on(1, 16), on(1, 16))
    year.main.publish("/h/8b.html", other, on(1, 16), since, "/hz/")
    detail = {"documents": ["/r/8b.html", "/h/8b.html"], "cells": cells}
    return [Told(on(1, 16), "new", own("粮食局")), Told(since, "conflict", own("粮食局"), detail)]


def case_09_two_columns(year: Year) -> list[Told]:
    report = draft(MAIN, "林业局", 2025)
    year.main.publish("/r/9.html", report, on(1, 16), on(1, 16))
    year.main.publish("/h/9.html", report, on(1, 16), on(1, 16), "/hz/")
    return [Told(on(1, 16), "new", own("林业局"))]


def case_09_both_pages_revised(year: Year) -> list[Told]:
    """One revision at two addresses, the other text of their frames no matter."""
    first, since = draft(MAIN, "体育局", 2025), on(1, 21)
    second, cells = more(first, 7)
    for path, column in (("/r/9b.html", "/nb/"), ("/h/9b.html", "/hz/")):
        year.main.publish(path, first, on(1, 16), on(1, 16), column)
        year.main.show(path, since, page(first.title, body(second), on(1, 16)))
    return [Told(on(1, 16), "new", own("体育局")), Told(since, "revised", own("体育局"), {"cells": cells})]


def case_10_index_page(year: Year) -> list[Told]:
    """A page with links to 40 reports is none itself."""
    title, stated = f"{MAIN}2025年乡镇{WORDS}汇总", on(2, 9)
    names = {f"/t/{n}.html": f"{MAIN}{town}人民政府2025年{WORDS}" for n, town in enumerate(TOWNS)}
    links = "".join(f'<li><a href="{path}">{name}</a></li>' for path, name in names.items())
    year.main.list("/r/10.html", title, stated, stated)
    year.main.show("/r/10.html", stated, page(title, f"<ul>{links}</ul>", stated))
    for path, name in names.items():
        year.main.show(path, stated, page(name, SENTENCES.replace("情况。", f"情况（{path}）。"), stated))
    return [Told(stated, "new", own(f"{town}人民政府")) for town in TOWNS]


def case_11_several_units_in_one_file(year: Year) -> list[Told]:
    """Parted by their titles; another file has none between them, so nobody knows whose they are."""
    units = [f"{name}街道办事处" for name in ("东关", "西关", "南关")]
    title, stated = f"{MAIN}2025年街道{WORDS}汇编", on(1, 22)
    year.main.list("/r/11.html", title, stated, stated)
    year.main.show("/r/11.html", stated, linking(title, stated, "/f/11.pdf"))
    year.main.show("/f/11.pdf", stated, pdf(joined([draft(MAIN, unit, 2025) for unit in units])), PDF)
    unclear = [draft(MAIN, unit, 2024) for unit in ("盐业公司", "粮食公司")]
    title = f"{MAIN}2024年企业{WORDS}汇编"
    year.main.list("/r/11b.html", title, on(1, 23), on(1, 23))
    year.main.show("/r/11b.html", on(1, 23), linking(title, on(1, 23), "/f/11b.docx"))
    year.main.show("/f/11b.docx", on(1, 23), docx(joined(unclear, titles=False)), DOCX)
    return [Told(stated, "new", own(unit)) for unit in units]


def case_12_year_mismatch(year: Year) -> list[Told]:
    """The file of the year before under the new title; a page with two years that holds both reports."""
    old, stated = draft(MAIN, "商务局", 2024), on(1, 22)
    title = f"{MAIN}商务局2025年{WORDS}"
    year.main.list("/r/12.html", title, stated, stated)
    year.main.show("/r/12.html", stated, linking(title, stated, "/f/12.docx"))
    year.main.show("/f/12.docx", stated, docx(document(old)), DOCX)
    both = [draft(MAIN, "科学技术局", number) for number in (2024, 2025)]
    title = f"{MAIN}科学技术局2024年度、2025年度{WORDS}"
    parts = "".join(f"<p>{report.title}</p>{body(report)}" for report in both)
    year.main.list("/r/12b.html", title, on(1, 23), on(1, 23))
    year.main.show("/r/12b.html", on(1, 23), page(title, parts, on(1, 23)))
    mismatch = {"titled": 2025, "says": [2024], "url": "/f/12.docx"}
    return [
        Told(stated, "new", own("商务局")),
        Told(stated, "year_mismatch", own("商务局"), mismatch),
        *(Told(on(1, 23), "new", own("科学技术局", number)) for number in (2024, 2025)),
    ]


def case_13_backdated(year: Year) -> list[Told]:
    id, since = own("人力资源和社会保障局"), on(3, 20)
    year.main.publish("/r/13.html", draft(MAIN, "人力资源和社会保障局", 2025), on(1, 28), since)
    return [
        Told(since, "new", id),
        Told(since, "backdated_suspect", id, {"stated": "2026-01-28", "read": "2026-02-10"}),
    ]


def case_14_overdue(year: Year) -> list[Told]:
    """Of the roster, never published; of units that published before, where the column answers with errors until March."""
    year.moved.show("/nb/", on(1, 30), b"<html></html>", status=500, until=on(3, 10))
    law = {"year": 2025, "due": "2026-01-31"}
    id = {"unit": "990001/林草局", "name": "林草局", "source": "roster"}
    others = ({"unit": f"990002/{name}", "name": name, "source": "published"} for name in MOVERS)
    return [
        Told(on(2, 1), "overdue", own("林草局"), {**id, **law}),
        *(Told(on(3, 20), "overdue", own(other["name"], 2025, "990002"), {**other, **law}) for other in others),
    ]


def case_15_withdrawn_and_restored(year: Year) -> list[Told]:
    report, stated, id = draft(MAIN, "交通运输局", 2024), on(1, 20, 2025), own("交通运输局", 2024)
    for begins, ends in ((FIRST, on(1, 23)), (on(1, 28), None)):
        year.main.list("/r/15.html", report.title, stated, begins, ends)
        year.main.show("/r/15.html", begins, page(report.title, body(report), stated), until=ends)
    return [
        Told(FIRST, "backfill", id),
        Told(on(1, 24), "withdrawn", id, {"pages": {"/r/15.html": "gone"}}),
        Told(on(1, 28), "restored", id, {"pages": ["/r/15.html"]}),
    ]


def case_16_refusals(year: Year) -> list[Told]:
    """A soft 404, a login page, a firewall: neither a revision nor a withdrawal."""
    report, stated = draft(MAIN, "卫生健康局", 2024), on(1, 20, 2025)
    year.main.publish("/r/16.html", report, stated, FIRST)
    year.main.show("/r/16.html", on(1, 20), whole("提示", "<p>您访问的页面不存在</p>"), until=on(1, 22))
    year.main.show("/r/16.html", on(1, 22), whole("用户登录", LOGIN), until=on(1, 24))
    year.main.show("/r/16.html", on(1, 24), b"<html></html>", status=412, until=on(1, 26))
    return [Told(FIRST, "backfill", own("卫生健康局", 2024))]


def case_17_column_broken(year: Year) -> list[Told]:
    """30 entries, then none, then 30."""
    stated, broken, back = on(1, 20, 2025), on(1, 25), on(1, 27)
    for n, town in enumerate(STOOD):
        title, path = f"{EMPTY}{town}人民政府2024年{WORDS}", f"/e/{n}.html"
        year.empty.list(path, title, stated, FIRST, broken)
        year.empty.list(path, title, stated, back)
        year.empty.show(path, FIRST, page(title, SENTENCES.replace("情况。", f"情况（{n}）。"), stated))
    return [
        *(Told(FIRST, "backfill", own(f"{town}人民政府", 2024, "990003")) for town in STOOD),
        Told(broken, "column_broken", "/nb/", {"why": "no entry", "entries_before": len(STOOD)}),
        Told(back, "column_restored", "/nb/", {"since": str(broken), "entries": len(STOOD)}),
    ]


def case_18_renamed(year: Year) -> list[Told]:
    """One chain of years under two names."""
    old, name, since = RENAMED[0].partition("/")[2], RENAMED[1], on(1, 19)
    year.main.publish("/r/18.html", draft(MAIN, old, 2024), on(1, 20, 2025), FIRST)
    year.main.publish("/r/18b.html", draft(MAIN, name, 2025), since, since)
    return [Told(FIRST, "backfill", own(old, 2024)), Told(since, "new", own(name))]


def case_19_corrected_version(year: Year) -> list[Told]:
    first = draft(MAIN, "农业农村局", 2025)
    second, cells = more(first, 5)
    title = f"{first.title}（更正版）"
    year.main.publish("/r/19.html", first, on(1, 16), on(1, 16))
    year.main.list("/r/19b.html", title, on(2, 2), on(2, 2))
    year.main.show("/r/19b.html", on(2, 2), page(title, body(second), on(2, 2)))
    return [
        Told(on(1, 16), "new", own("农业农村局")),
        Told(on(2, 2), "revised", own("农业农村局"), {"cells": cells, "beside": "/r/19.html"}),
    ]


def case_20_not_a_report(year: Year) -> list[Told]:
    for n, title in enumerate(NOT_REPORTS):
        year.main.list(f"/n/{n}.html", title, on(1, 15), on(1, 15))
        year.main.show(f"/n/{n}.html", on(1, 15), page(title, "<p>请各单位按时完成。</p>", on(1, 15)))
    return []


NOT_REPORTS = (
    "关于做好2025年政府信息公开工作年度报告编制工作的通知",
    f"{MAIN}政府信息公开指南",
    f"{MAIN}2026年政务公开工作要点",
    f"图解：{MAIN}2025年政府信息公开工作年度报告",
)


def case_21_first_crawl(year: Year) -> list[Told]:
    """Ten years of reports at once are no news."""
    ids = []
    for number in range(2015, 2025):
        year.main.publish(f"/r/21-{number}.html", draft(MAIN, "档案局", number), on(1, 20, number + 1), FIRST)
        ids.append(own("档案局", number))
    return [Told(FIRST, "backfill", id) for id in ids]


def case_22_empty_tables(year: Year) -> list[Told]:
    report, stated, id = without_numbers(draft(MAIN, "苇塘镇人民政府", 2025)), on(1, 26), own("苇塘镇人民政府")
    year.main.publish("/r/22.html", report, stated, stated)
    return [Told(stated, "new", id), Told(stated, "empty_tables", id, {"cells": len(report.figures)})]


def case_23_scan(year: Year) -> list[Told]:
    """Announced by its title; the machine learns to read pictures two days later."""
    title, since, id = f"{MAIN}文化和旅游局2025年{WORDS}", on(1, 27), own("文化和旅游局")
    year.main.list("/f/23.pdf", title, since, since)
    year.main.show("/f/23.pdf", since, year.scan, PDF)
    return [Told(since, "new", id), *([Told(since, "figures", id, {"by": "ocr"})] if year.scan else [])]


def case_24_same_text_of_two_units(year: Year) -> list[Told]:
    """The same file, byte for byte, under the pages of two towns."""
    copied = replace(draft(MAIN, "太平镇人民政府", 2025, title=f"2025年{WORDS}"), title_names_unit=False)
    ids, stated = [], on(1, 21)
    for unit in ("太平镇人民政府", "城关镇人民政府"):
        title, n = f"{MAIN}{unit}2025年{WORDS}", len(ids)
        year.main.list(f"/r/24-{n}.html", title, stated, stated)
        year.main.show(f"/r/24-{n}.html", stated, linking(title, stated, f"/f/24-{n}.docx"))
        year.main.show(f"/f/24-{n}.docx", stated, docx(document(copied)), DOCX)
        ids.append(own(unit))
    return [Told(stated, "new", id) for id in ids]


CASES = (
    case_01_new, case_02_volatile_bytes, case_03_cell_changed, case_04_only_text_changed, case_05_moved,
    case_06_moved_and_redirected, case_07_file_replaced_under_its_page, case_08_three_documents_of_one_report,
    case_08_pages_that_disagree, case_09_two_columns, case_09_both_pages_revised, case_10_index_page, case_11_several_units_in_one_file, case_12_year_mismatch, case_13_backdated, case_14_overdue,
    case_15_withdrawn_and_restored, case_16_refusals, case_17_column_broken, case_18_renamed, case_19_corrected_version,
    case_20_not_a_report, case_21_first_crawl, case_22_empty_tables, case_23_scan, case_24_same_text_of_two_units,
)  # fmt: skip
