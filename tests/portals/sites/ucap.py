"""The UCAP (开普) portal of 霁川县, after portals.md 3.5: a site is a first path segment, a list a file with twins.

The pager is only a call of `createPageHTML` with six arguments, its page counted from 1; page k is `<stem>_k.shtml`,
page 1 has no number, and pages that were never written are missing (404). Articles are `c01_N.shtml` with the
catalogue's index table, or the older `<32 hex>.shtml` without one. 水利局 and 柳河乡 are sites of their own, whose rows
print month and day alone.
"""

from dataclasses import dataclass
from hashlib import md5
from html import escape
from urllib.parse import quote

from ..chrome import SHARE, TOOLS, Frame, Page, article_metas, index_number
from ..model import NotReport, ReportTruth, Truth
from ..site import Entry, Library, Request, Site, paged


@dataclass(frozen=True, slots=True)
class List:
    """A report column: its directory, the stem of its files, the organ whose reports alone it holds, rows a page."""

    directory: str
    stem: str
    slug: str
    rows: int

    @property
    def path(self) -> str:
        """The address of its first page."""
        return f"{self.directory}{self.stem}.shtml"


COUNTY = List("/jcx/c112289/", "xxgk_list", "", 5)
ORGANS = {
    "shuili": List("/jcxslj/c112301/", "zfxxgk_gknbz", "shuili", 2),
    "liuhe": List("/jcxlhx/gknb/", "list", "liuhe", 2),
}
LISTS = (COUNTY, *ORGANS.values())
COLUMN = "政府信息公开年报"
BLOCKS = {
    "政府信息公开指南": "/jcx/c112286/zfxxgk_gknrz.shtml",
    "政府信息公开制度": "/jcx/c112287/zfxxgk_list.shtml",
    "法定主动公开内容": "/jcx/c112288/xxgk_navs.shtml",
    COLUMN: COUNTY.path,
}
OPENNESS, PLATFORM, OFFICES = "/jcx/c112279/common_list.shtml", "/jcx/c112285/zfxxgk.shtml", "/jcx/c112290/xlist.shtml"
TEXTS = {
    "/jcx/c112210/202512/c01_880017.shtml": ("霁川县秋粮收购平稳结束", "今年的秋粮收购历时两个月。"),
    "/jcx/c112240/common_list.shtml": ("办事服务", "办事大厅工作日开放。"),
    "/jcxslj/c112300/xxgk_navs.shtml": ("机构职能", "负责全县水利工程的建设和管理。"),
    "/jcxlhx/jgzn/list.shtml": ("机构职能", "设五个内设机构。"),
}
TEXTS |= {path: (text, f"{text}由县政府办公室维护。") for text, path in BLOCKS.items() if text != COLUMN}
NEWS = next(iter(TEXTS))
CUT = 24


COLUMNS = {column.path: column.slug for column in LISTS}


class Ucap(Site):
    """The simulated portal."""

    name = "ucap"
    notice_addresses = (
        f"{COUNTY.directory}202112/c01_79000{{n}}.shtml",
        f"{COUNTY.directory}202306/c01_79000{{n}}.shtml",
        f"{COUNTY.directory}202404/c04_79000{{n}}.shtml",
    )
    columns = COLUMNS
    rows = COUNTY.rows

    def __init__(self, truth: Truth, library: Library) -> None:
        super().__init__(truth, library)
        links = (("首页", "/"), ("政务公开", OPENNESS), ("办事服务", "/jcx/c112240/common_list.shtml"))
        head = (
            '<meta http-equiv="Content-Type" content="text/html; charset=utf-8">\n<meta name="others" content="页面">'
        )
        self.frame = Frame(self.county, links, head)

    def page_paths(self, report: ReportTruth) -> tuple[str, ...]:
        name = _number(report) if _is_new(report) else f"{_hex(report)}"
        prefix = "c01_" if _is_new(report) else ""
        return (f"{_month(report)}{prefix}{name}.shtml",)

    def file_path(self, report: ReportTruth) -> str:
        return f"{_month(report)}{quote(_file(report))}"

    def other_page(self, request: Request) -> str | None:
        path = request.path
        organ = next((column for column in ORGANS.values() if path == _organ_home(column)), None)
        if organ:
            return self._organ(organ)
        if path in ("/", "/jcx/index.shtml"):
            return self._home()
        if path == OPENNESS:
            return self._links("政务公开", {"政府信息公开": PLATFORM, "部门和乡镇": OFFICES, "县长信箱": "#"})
        if path == PLATFORM:
            return self._links("政府信息公开", BLOCKS | {"依申请公开": "#"})
        if path == OFFICES:
            units = {unit.slug: unit.short.removeprefix(self.county.name) for unit in self.county.units}
            return self._links("部门和乡镇", {units[slug]: _organ_home(column) for slug, column in ORGANS.items()})
        if path in TEXTS:
            title, text = TEXTS[path]
            return self._column(title, "", f"<h1>{title}</h1><p>{text}</p>")
        column = next((column for column in LISTS if path.startswith(column.directory)), None)
        return self._list(request, column) if column else None

    def _home(self) -> str:
        metas = self.frame.site_metas() | {"ColumnType": "首页"}
        main = f'<div class="yw"><a href="{NEWS}" title="{TEXTS[NEWS][0]}">{TEXTS[NEWS][0]}</a></div>'
        return self.frame.render(Page(f"{self.county.name}人民政府", metas, (), main))

    def _column(self, name: str, kind: str, main: str) -> str:
        trail = (("首页", "/"), ("政务公开", OPENNESS), (name, "#"))
        return self.frame.render(Page(name, self.frame.column_metas(name, kind), trail, main))

    def _links(self, name: str, links: dict[str, str]) -> str:
        items = "".join(f"<li><a href='{href}' target=_blank>{text}</a></li>" for text, href in links.items())
        return self._column(name, "信息公开目录", f'<ul class="navs">{items}</ul>')

    def _organ(self, column: List) -> str:
        """The entrance of an organ's own site."""
        unit = next(unit for unit in self.county.units if unit.slug == column.slug)
        about = next(path for path in TEXTS if path.startswith(f"/{_segment(column)}/"))
        links = {"本站首页": _organ_home(column), "机构职能": about, "信息公开年报": column.path}
        return self._links(unit.name, links)

    def _list(self, request: Request, column: List) -> str | None:
        number = request.path.removeprefix(f"{column.directory}{column.stem}").removesuffix(".shtml")
        page = int(number[1:]) if number[:1] == "_" and number[1:].isdecimal() else 1
        rows_of = self.entries(request, column.slug or None)
        rows, count = paged(rows_of, page, column.rows)
        if request.path != _page_path(column, page) or page > count:
            return None
        items = "\n".join(_row(row, column) for row in rows)
        script = f"createPageHTML('page_div',{count}, {page},'{column.stem}','shtml',{len(rows_of)});"
        main = (
            f'<ul class="infolist">\n{items}\n</ul>\n<div id="page_div"></div><script>{script}</script>\n'
            f'<div class="side"><H3>最新信息</H3><a href="{NEWS}">{TEXTS[NEWS][0]}</a><b>12-18</b></div>'
        )
        return self._column(COLUMN, "信息公开年报", main)

    def detail(self, report: ReportTruth, path: str, body: str) -> str:
        metas = self.frame.site_metas() | article_metas(report, COLUMN, " 10:05:32")
        if report.attachment:
            # The older template writes the whole address, the newer one from the article's own directory.
            href = _file(report) if _is_new(report) else self.file_path(report)
            body += self.attachment_links(href, report)
        main = _new(report, body) if _is_new(report) else _old(report.title, f"{report.published}", body)
        column = ORGANS.get(report.slug, COUNTY)
        return self.frame.render(Page(report.title, metas, (("首页", "/"), (COLUMN, column.path)), main))

    def notice(self, item: NotReport, body: str) -> str:
        metas = self.frame.column_metas(COLUMN, "信息公开年报") | {"ArticleTitle": item.title}
        main = _old(item.title, f"{item.published}", body)
        return self.frame.render(Page(item.title, metas, (("首页", "/"),), main))


def _is_new(report: ReportTruth) -> bool:
    return report.year >= 2023


def _number(report: ReportTruth) -> str:
    return f"{253000 + report.serial}"


def _hex(report: ReportTruth) -> str:
    return md5(report.key.encode(), usedforsecurity=False).hexdigest()


def _month(report: ReportTruth) -> str:
    return f"{ORGANS.get(report.slug, COUNTY).directory}{report.published:%Y%m}/"


def _file(report: ReportTruth) -> str:
    """The attached file below the article's number, from the directory of the article."""
    if _is_new(report):
        return f"{_number(report)}/files/{report.year}年政府信息公开年报.{report.attachment}"
    return f"{_hex(report)}/files/{_hex(report)[::-1]}.{report.attachment}"


def _segment(column: List) -> str:
    return column.directory.split("/")[1]


def _organ_home(column: List) -> str:
    return f"/{_segment(column)}/index.shtml"


def _page_path(column: List, page: int) -> str:
    return column.path if page == 1 else f"{column.directory}{column.stem}_{page}.shtml"


def _row(row: Entry, column: List) -> str:
    text = row.title if len(row.title) <= CUT else f"{row.title[:CUT]}..."
    title = escape(row.title)
    link = f'<a href="{row.path}" title="{title}" target="_blank">{escape(text)}</a>'
    if column.slug:
        return f"<LI>{link}&nbsp;<em>{row.published:%m-%d}</em></LI>"
    return f'<li>{link}<span class="time">{row.published}</span></li>'


def _new(report: ReportTruth, body: str) -> str:
    table = (
        f'<table class="xxgk-tab"><tr><td><b>索&nbsp;引&nbsp;号：</b>{index_number(report)}</td>'
        f"<td><b>发布机构：</b>{report.unit}</td></tr><tr><td><b>发文日期：</b>{report.published}</td>"
        "<td><b>有&nbsp;效&nbsp;性：</b></td></tr></table>"
    )
    shown = f"<UCAPTITLE>{escape(report.title)}</UCAPTITLE>{TOOLS}"
    return f'{table}{shown}<div id="zoomcon"><UCAPCONTENT>\n{body}\n</UCAPCONTENT></div>{SHARE}'


def _old(title: str, dated: str, body: str) -> str:
    shown = f"<h1><UCAPTITLE>{escape(title)}</UCAPTITLE></h1><p class='sj'>发布时间：{dated}</p>{TOOLS}"
    return f'{shown}<div id="UCAP-CONTENT"><UCAPCONTENT>{body}</UCAPCONTENT></div>{SHARE}'


SITE = Ucap
