"""The portal of 槐泊县, as 石家庄's counties build theirs: every column and every article is a UUID.

Structure: portals.md 3.8 (石家庄): /columns/<uuid>/index.html, /columns/<uuid>/YYYYMM/DD/<uuid>.html. An address says
nothing about its column, and ColumnType is the same everywhere: only link texts and ColumnName tell. Reports of organs
with a column of their own stand below that column and are linked from the county's as well. The day in an address is
that of the move to this system for the oldest reports. Rows have upper-case tags and single quotes, the date first.
"""

import hashlib
import re
from datetime import date
from html import escape
from uuid import UUID

from ..chrome import SHARE, TOOLS, Frame, Page, article_metas, index_number
from ..model import NotReport, ReportTruth, Truth
from ..site import Entry, Library, Request, Site, paged

REPORTS = "政府信息公开年报"
MOVED = date(2022, 8, 19)
MOVED_UNTIL = 2021  # the last report year whose articles were moved
ORGANS = ("shuili", "liuhe")
NEWS = ("滨河绿道建成开放", "秋季植树活动启动")
PAGE = re.compile(r"(/columns/[0-9a-f-]{36}/)index(?:_([2-9]|[1-9]\d{1,3}))?\.html")
CUT = 24


def _uuid(name: str) -> str:
    return str(UUID(bytes=hashlib.md5(f"huaibo/{name}".encode()).digest(), version=4))


def _folder(name: str) -> str:
    return f"/columns/{_uuid(name)}/"


COLUMN = _folder(REPORTS)
# The columns that only lead to others, and those of text alone; an organ's page is made for each of ORGANS.
TREE = {
    "政务公开": ("政府信息公开", "部门信息公开", "乡镇信息公开"),
    "政府信息公开": ("政府信息公开指南", "政府信息公开制度", "法定主动公开内容", REPORTS, "依申请公开"),
    "新闻动态": (),
    "政府信息公开指南": (),
    "政府信息公开制度": (),
    "法定主动公开内容": (),
    "依申请公开": (),
}
OWN_COLUMNS = {slug: _folder(f"{slug}/{REPORTS}") for slug in ORGANS}
COLUMNS = {f"{COLUMN}index.html": ""} | {f"{place}index.html": slug for slug, place in OWN_COLUMNS.items()}


class UuidColumns(Site):
    """The simulated portal."""

    name = "uuid_columns"
    notice_addresses = (
        f"{COLUMN}202208/19/5d0c7a3e-41b6-4f27-9a58-6e2b1c94d70{{n}}.html",
        f"{COLUMN}202306/15/8f3b92d1-7c05-4ea6-b1d4-0a7e5c38f21{{n}}.html",
        f"{COLUMN}202404/02/c17e4f60-2d93-4b8a-8e6f-93b5d20a1c4{{n}}.html",
    )
    columns = COLUMNS
    rows = 5

    def __init__(self, truth: Truth, library: Library) -> None:
        super().__init__(truth, library)
        names = {
            "首页": "/",
            "新闻动态": f"{_folder('新闻动态')}index.html",
            "政务公开": f"{_folder('政务公开')}index.html",
        }
        self.frame = Frame(self.county, tuple(names.items()), '<meta charset="utf-8">')
        self.units = {unit.slug: unit for unit in self.county.units}
        links = {
            name: {child: f"../{_uuid(child)}/index.html" for child in children} for name, children in TREE.items()
        }
        for slug in ORGANS:
            group = "部门信息公开" if self.units[slug].unit_type == "department" else "乡镇信息公开"
            organ = self.units[slug].short
            links.setdefault(group, {})[organ] = f"../{_uuid(organ)}/index.html"
            links[organ] = {"公开年报": f"{OWN_COLUMNS[slug]}index.html"}
        self.links = {_folder(name): (name, found) for name, found in links.items()}
        self.news = {f"{_folder('新闻动态')}202411/07/{_uuid(text)}.html": text for text in NEWS}

    def page_paths(self, report: ReportTruth) -> tuple[str, ...]:
        day = MOVED if report.year <= MOVED_UNTIL else report.published
        return (f"{OWN_COLUMNS.get(report.slug, COLUMN)}{day:%Y%m/%d}/{_uuid(report.key)}.html",)

    def file_path(self, report: ReportTruth) -> str:
        return f"/atm/{report.serial % 10}/{report.published:%Y%m%d}093012{report.serial:03d}.{report.attachment}"

    def other_page(self, request: Request) -> str | None:
        if request.path == "/":
            return self._home()
        if request.path in self.news:
            text = self.news[request.path]
            return self._framed(text, f"<h1>{text}</h1><div class='Article_content'><p>{text}。</p></div>")
        found = PAGE.fullmatch(request.path)
        if found is None:
            return None
        slug = COLUMNS.get(f"{found[1]}index.html")
        if slug is not None:
            return self._list(slug, found[1], self.entries(request, slug or None), int(found[2] or 1))
        if found[1] not in self.links or found[2]:
            return None
        name, links = self.links[found[1]]
        items = "".join(f'<li><a href="{href}">{text}</a></li>' for text, href in links.items())
        return self._framed(name, f'<ul class="columns">{items}</ul>{self._side()}')

    def _home(self) -> str:
        name = f"{self.county.name}人民政府"
        place = f"columns/{_uuid('政务公开')}/index.html"
        main = f'{self._side()}<div class="btn"><a href="{place}" target="_blank"><b>政务</b>公开</a></div>'
        return self.frame.render(Page(name, self.frame.site_metas(), (), main))

    def _side(self) -> str:
        items = "".join(f'<li><a href="{path}">{text}</a><i>2024-11-07</i></li>' for path, text in self.news.items())
        return f'<div class="right"><h4>最新信息</h4><ul>{items}</ul></div>'

    def _list(self, slug: str, directory: str, rows: list[Entry], page: int) -> str | None:
        shown, count = paged(rows, page, self.rows)
        if page > count:
            return None
        owner = self.units[slug].short if slug else ""
        items = "\n".join(_row(row, directory) for row in shown)
        main = f"<UL CLASS='newsList'>\n{items}\n</UL>\n{_pager(page, count)}{self._side()}"
        trail = [("首页", "/"), ("政务公开", f"{_folder('政务公开')}index.html")]
        trail += [(owner, f"{_folder(owner)}index.html")] if owner else []
        return self._framed(REPORTS, main, (*trail, (REPORTS, "index.html")))

    def _framed(self, name: str, main: str, trail: tuple[tuple[str, str], ...] = (("首页", "/"),)) -> str:
        return self.frame.render(Page(name, self.frame.column_metas(name, "信息公开目录"), trail, main))

    def detail(self, report: ReportTruth, path: str, body: str) -> str:
        metas = self.frame.site_metas() | article_metas(report, REPORTS, " 09:30")
        if report.attachment:
            body += self.attachment_links(f"../../../..{self.file_path(report)}", report)
        head = (
            f"<dl class='xxgk'><dt>索引号</dt><dd>{index_number(report)}</dd><dt>发布机构</dt><dd>{report.unit}</dd>"
            f"<dt>发布日期</dt><dd>{report.published:%Y年%m月%d日}</dd><dt>有效性</dt><dd>有效</dd></dl>"
        )
        trail = (("首页", "/"), (REPORTS, "../../index.html"))
        return self.frame.render(Page(report.title, metas, trail, head + _article(report.title, body)))

    def notice(self, item: NotReport, body: str) -> str:
        metas = self.frame.column_metas(REPORTS, "信息公开目录")
        metas |= {"ArticleTitle": item.title, "PubDate": f"{item.published} 09:30"}
        return self.frame.render(Page(item.title, metas, (("首页", "/"),), _article(item.title, body)))


def _article(title: str, body: str) -> str:
    return f'<h2 class="tit">{escape(title)}</h2>{TOOLS}<div class="Article_content">\n{body}\n</div>{SHARE}'


def _row(row: Entry, directory: str) -> str:
    """A row; articles of other columns are linked up and down again."""
    text = row.title if len(row.title) <= CUT else f"{row.title[:CUT]}…"
    href = row.path.removeprefix(directory) if row.path.startswith(directory) else f"..{row.path[len('/columns') :]}"
    link = f"<A HREF='{href}' TITLE='{escape(row.title)}'>{escape(text)}</A>"
    return f"<LI><SPAN CLASS='date'>{row.published}</SPAN>&nbsp;{link}</LI>"


def _pager(page: int, count: int) -> str:
    def step(text: str, to: int) -> str:
        name = "index.html" if to == 1 else f"index_{to}.html"
        return (
            f"<a href='{name}'>{text}</a>" if 1 <= to <= count and to != page else f"<a href='javascript:;'>{text}</a>"
        )

    steps = (("首页", 1), ("上页", page - 1), ("下页", page + 1), ("末页", count))
    return f"<div class='pageBox'>{''.join(step(*found) for found in steps)} 第{page}页</div>"


SITE = UuidColumns
