"""The openness portal of 稻垄县: each organ has a number, its reports a tab of its own (portals.md 3.2, Anhui).

The county's tab lists everything. Reports are of a type of their own, under one of two names that depend on the organ;
all share one row of numbers. A page beyond the last is an empty list.
"""

import re
from html import escape

from ..chrome import SHARE, TOOLS, Frame, Page, article_metas
from ..model import NotReport, ReportTruth, Truth
from ..site import Entry, Library, Request, Site, paged

COLUMN_NAME = "政府信息公开年报"
COUNTY_ORGAN = "1"
# Organs with pages of their own; the towns came from an older installation, whose addresses begin with Xxgk.
ORGANS = {"6": "jiaoyu", "9": "shuili", "200": "chengguan", "203": "liuhe"}
TOWNS = frozenset({"chengguan", "liuhe", "dongguan"})
TABS = {"11": "政府信息公开指南", "12": "政府信息公开制度", "13": "法定主动公开内容", "0": COLUMN_NAME}
COLUMNS = {f"/OpennessContent/showList/{COUNTY_ORGAN}/0/page_1.html": ""} | {
    f"/OpennessContent/showList/{number}/0/page_1.html": slug for number, slug in ORGANS.items()
}
NEWS = {"/OpennessContent/show/88101.html": "稻垄县早稻育秧进度", "/OpennessContent/show/88117.html": "圩堤巡查公告"}
OTHERS = {"/Content/column/1.html": "新闻动态", "/Content/column/2.html": "县情简介"}
SHOWN_PAGES = 5
CUT = 24


class Openness(Site):
    """The simulated portal."""

    name = "openness"
    notice_addresses = ("/OpennessAnnualReport/show/490{n}.html",) * 3
    columns = COLUMNS
    rows = 5
    robots = "User-agent: *\nDisallow: /Manage/\nDisallow: /search/\n"

    def __init__(self, truth: Truth, library: Library) -> None:
        super().__init__(truth, library)
        links = (("网站首页", "/"), ("新闻动态", "/Content/column/1.html"), ("县情简介", "/Content/column/2.html"))
        self.frame = Frame(self.county, (*links, ("政务公开", "/openness/")), '<meta charset="utf-8">')
        self.names = {unit.slug: unit.name for unit in self.county.units}

    def page_paths(self, report: ReportTruth) -> tuple[str, ...]:
        kind = "Xxgk" if report.slug in TOWNS else "Openness"
        return (f"/{kind}AnnualReport/show/{4500 + report.serial * 3}.html",)

    def file_path(self, report: ReportTruth) -> str:
        return f"/Private/Files/{report.published:%Y%m%d}/6377{report.serial:06}.{report.attachment}"

    def other_page(self, request: Request) -> str | None:
        listed = re.fullmatch(r"/OpennessContent/showList/(\d+)/(\d+)/page_([1-9]\d*)\.html", request.path)
        if listed:
            return self._list(request, listed[1], listed[2], int(listed[3]))
        if request.path in ("/", "/index.html"):
            return self._home()
        if request.path == "/openness/":
            return self._openness()
        if request.path == "/openness/OpennessBranch/":
            return self._branch(request.query.get("branchId", ""))
        if request.path in NEWS:
            return self._framed(NEWS[request.path], f"<p>{NEWS[request.path]}，详情请咨询值班室。</p>")
        name = OTHERS.get(request.path)
        return self._framed(name, f"<p>{name}栏目。</p>") if name else None

    def _framed(self, title: str, main: str, column: str = "", trail: tuple[tuple[str, str], ...] = ()) -> str:
        metas = self.frame.site_metas()
        if column:
            metas = self.frame.column_metas(column, "信息公开年报" if column == COLUMN_NAME else "信息公开目录")
        return self.frame.render(Page(title, metas, trail, main))

    def _home(self) -> str:
        main = (
            "<div class='zwgk'><a href='/openness/'><img src='/images/xxgk.png' alt='政务公开'></a>"
            + _news()
            + "</div>"
        )
        return self._framed(f"{self.county.name}人民政府", main)

    def _organ(self, number: str) -> str | None:
        """The name of an organ with pages."""
        if number == COUNTY_ORGAN:
            return f"{self.county.name}人民政府"
        return self.names[ORGANS[number]] if number in ORGANS else None

    def _openness(self) -> str:
        organs = "".join(
            f"<li><a href='/openness/OpennessBranch/?branchId={number}'>{self._organ(number)}</a></li>"
            for number in (COUNTY_ORGAN, *ORGANS)
        )
        main = f'{_tabs(COUNTY_ORGAN)}<h3>部门、乡镇信息公开</h3><ul class="branch">{organs}</ul>{_news()}'
        return self._framed("政务公开", main, "政务公开", (("网站首页", "/"), ("政府信息公开", "/openness/")))

    def _branch(self, number: str) -> str | None:
        name = self._organ(number)
        if name is None:
            return None
        trail = (("网站首页", "/"), ("政府信息公开", "/openness/"), (name, "#"))
        main = f"{_tabs(number)}<div class='intro'><p>{name}办公地点和电话见指南。</p></div>{_news()}"
        return self._framed(name, main, "政府信息公开", trail)

    def _list(self, request: Request, number: str, tab: str, page: int) -> str | None:
        name = self._organ(number)
        if name is None or tab not in TABS:
            return None
        everything = self.entries(request, ORGANS.get(number)) if tab == "0" else []
        rows, count = paged(everything, page, self.rows)
        items = "\n".join(map(_row, rows)) or "<li>暂无数据</li>"
        main = f'<div class="xxgk_l">{_tabs(number)}</div><ul class="list">\n{items}\n</ul>\n'
        main += _pager(f"/OpennessContent/showList/{number}/{tab}", page, count, len(everything)) + _news()
        return self._framed(TABS[tab], main, TABS[tab], _trail(name, number, TABS[tab]))

    def detail(self, report: ReportTruth, path: str, body: str) -> str:
        if report.attachment:
            body += self.attachment_links(self.file_path(report), report)
        numbers = {slug: number for number, slug in ORGANS.items()}
        dated = f"发布时间：{report.published} 00:00　来源：{report.unit}"
        trail = _trail(report.unit, numbers.get(report.slug, COUNTY_ORGAN), COLUMN_NAME)
        if report.slug in TOWNS:
            main = f'<div class="title">{escape(report.title)}</div>{_article(dated, body, "content")}'
            return self._framed(report.title, main, "", trail)
        metas = self.frame.site_metas() | article_metas(report, COLUMN_NAME, " 00:00")
        metas |= {"ArticleTitle": f"{self.county.name}人民政府网站——{report.title}", "ColumnType": "信息公开年报"}
        main = f"<h1>{escape(report.title)}</h1>{_article(dated, body, 'xxgk_content')}"
        return self.frame.render(Page(report.title, metas, trail, main))

    def notice(self, item: NotReport, body: str) -> str:
        dated = f"发布时间：{item.published} 00:00 来源：县政府办公室"
        main = f"<h1>{escape(item.title)}</h1>{_article(dated, body, 'xxgk_content')}"
        return self._framed(item.title, main, "", _trail(f"{self.county.name}人民政府", COUNTY_ORGAN, COLUMN_NAME))


def _article(dated: str, body: str, kind: str) -> str:
    return f'<div class="info">{dated}</div>{TOOLS}<div class="{kind}">\n{body}\n</div>{SHARE}'


def _trail(name: str, number: str, last: str) -> tuple[tuple[str, str], ...]:
    branch = f"/openness/OpennessBranch/?branchId={number}"
    return (("网站首页", "/"), ("政府信息公开", "/openness/"), (name, branch), (last, "#"))


def _tabs(number: str) -> str:
    items = "".join(
        f"<li><a href='/OpennessContent/showList/{number}/{tab}/page_1.html'>{name}</a></li>"
        for tab, name in TABS.items()
    )
    return f'<ul class="xxgk_tab">{items}<li><a href="javascript:;">依申请公开</a></li></ul>'


def _news() -> str:
    items = "".join(f"<li><a href='{path}'>{text}</a></li>" for path, text in NEWS.items())
    return f'<div class="side"><h3>最新信息</h3><ul>{items}</ul></div>'


def _row(row: Entry) -> str:
    text = row.title if len(row.title) <= CUT else f"{row.title[:CUT]}…"
    title = escape(row.title)
    return f"<li><a href='{row.path}' title=\"{title}\">{escape(text)}</a><span>{row.published}</span></li>"


def _pager(base: str, page: int, count: int, total: int) -> str:
    """Numbers around the page that is shown, words for the rest."""
    first = max(1, min(page - SHOWN_PAGES // 2, count - SHOWN_PAGES + 1))
    steps = {"首页": 1, "上一页": max(1, page - 1)}
    steps |= {str(number): number for number in range(first, min(first + SHOWN_PAGES, count + 1))}
    steps |= {"下一页": min(page + 1, count), "尾页": count}
    links = (f'<a href="{base}/page_{to}.html"{_mark(text, page)}>{text}</a>' for text, to in steps.items())
    return f'<div class="page">{" ".join(links)} <span>共{total}条</span></div>'


def _mark(text: str, page: int) -> str:
    return ' class="on"' if text == str(page) else ""


SITE = Openness
