"""The portal of 茶垭县, as 吉安 and 达州 build theirs in PHP: xxgk-list-{slug}.html, xxgk-show-{number}.html.

Structure: portals.md 3.8 (吉安, 达州), and the end of 3.2 for gknb_show.php?id=, under which the reports of one organ
stand. Page n of a list is xxgk-list-{slug}-{n}.html; page 1 has two addresses, and numbers beyond the last page show
the last page again. Home and list pages begin with a byte order mark. The older template of gknb_show.php has no
article metas.
"""

import hashlib
import re
from html import escape

from ..chrome import SHARE, TOOLS, Frame, Page, article_metas, index_number
from ..model import NotReport, ReportTruth, Truth
from ..site import Entry, Library, Request, Site, paged

BOM = "\ufeff"
REPORTS = "政府信息公开年报"
NAMES = {
    "xxgkzn": "政府信息公开指南",
    "xxgkzd": "政府信息公开制度",
    "fdzdgknr": "法定主动公开内容",
    "zfxxgknb": REPORTS,
    "ysqgk": "依申请公开",
}
# Slugs of organs in addresses; their columns add "nb".
ORGANS = {"jiaoyu": "jyj", "liuhe": "lhxang"}
COLUMNS = {"/xxgk-list-zfxxgknb.html": ""} | {f"/xxgk-list-{place}nb.html": slug for slug, place in ORGANS.items()}
OLD_TEMPLATE = "liuhe"
NEWS = {"/news-show-20817.html": "春茶采摘进入旺季", "/news-show-20822.html": "县城公交线路调整公告"}
LIST = re.compile(r"/(?:xxgk|news)-list-([a-z]+)(?:-(\d{1,4}))?\.html")


class XxgkList(Site):
    """The simulated portal."""

    name = "xxgk_list"
    notice_addresses = ("/xxgk-show-3990{n}.html",) * 3
    columns = COLUMNS
    rows = 5

    def __init__(self, truth: Truth, library: Library) -> None:
        super().__init__(truth, library)
        links = (("首页", "/index.html"), ("新闻中心", "/news-list-xwzx.html"), ("政务公开", "/xxgk.html"))
        head = '<meta http-equiv="Content-Type" content="text/html; charset=utf-8" />'
        self.frame = Frame(self.county, links, head)

    def page_paths(self, report: ReportTruth) -> tuple[str, ...]:
        if report.slug == OLD_TEMPLATE:
            return (f"/gknb_show.php?id={4370 + report.serial}",)
        return (f"/xxgk-show-{34500 + report.serial}.html",)

    def file_path(self, report: ReportTruth) -> str:
        name = hashlib.md5(report.key.encode()).hexdigest()
        return f"/uploads/{report.published:%Y%m%d}/{name}.{report.attachment}"

    def other_page(self, request: Request) -> str | None:
        if request.path in ("/", "/index.html"):
            return BOM + self._home()
        if request.path == "/xxgk.html":
            return self._openness()
        if text := NEWS.get(request.path):
            return self._framed(text, f"<h1>{text}</h1><div class='content'><p>{text}，请广大群众知悉。</p></div>")
        found = LIST.fullmatch(request.path)
        return self._listed(request, found[1], int(found[2] or 1)) if found else None

    def _listed(self, request: Request, place: str, page: int) -> str | None:
        """A list by its slug: a column, an organ's page, or a page of text."""
        column = COLUMNS.get(f"/xxgk-list-{place}.html")
        if column is not None:
            return BOM + self._list(place, self.entries(request, column or None), page)
        if place == "xwzx":
            return BOM + self._framed("新闻中心", _side())
        for slug, organ in ORGANS.items():
            if place == organ:
                return self._organ(slug)
        return self._framed(NAMES[place], f"<p>{NAMES[place]}由县政府办公室维护。</p>") if place in NAMES else None

    def _home(self) -> str:
        main = f'<div class="yaowen">{_side()}</div><A HREF="xxgk.html" CLASS="zwgk">政务公开</A>'
        name = f"{self.county.name}人民政府"
        return self.frame.render(Page(name, self.frame.site_metas() | {"ColumnType": "首页"}, (), main))

    def _openness(self) -> str:
        blocks = "".join(f"<li><a href='/xxgk-list-{place}.html'>{text}</a></li>" for place, text in NAMES.items())
        organs = "".join(
            f'<td><a href="/xxgk-list-{place}.html" title="{self._organ_name(slug)}">{self._organ_name(slug)}</a></td>'
            for slug, place in ORGANS.items()
        )
        main = f'<ul class="xxgk-nav">{blocks}</ul><h3>部门乡镇信息公开</h3><table><tr>{organs}</tr></table>'
        return self._framed("政务公开", main)

    def _organ(self, slug: str) -> str:
        """The page of an organ: what it does, and its columns in a menu."""
        place, name = ORGANS[slug], self._organ_name(slug)
        menu = f'<a href="xxgk-list-{place}.html">机构职能</a><a href="xxgk-list-{place}nb.html">信息公开年报</a>'
        return self._framed(name, f'<div class="menu">{menu}</div><p>{name}负责本行业、本区域的管理和服务。</p>')

    def _organ_name(self, slug: str) -> str:
        return next(unit.short for unit in self.county.units if unit.slug == slug)

    def _list(self, place: str, rows: list[Entry], page: int) -> str:
        _, count = paged(rows, 1, self.rows)
        page = min(max(page, 1), count)
        shown, _ = paged(rows, page, self.rows)
        items = "\n".join(_row(row) for row in shown)
        main = (
            f'<div class="xxgk-list"><table><tr><th>标题</th><th>发布日期</th></tr>\n{items}\n</table>'
            f"{_pager(place, page, count, len(rows))}</div>\n{_side()}"
        )
        owner = next((self._organ_name(slug) for slug, organ in ORGANS.items() if place == f"{organ}nb"), "")
        return self._framed(REPORTS, f"<h2>{owner}</h2>{main}" if owner else main, "信息公开年报")

    def _framed(self, name: str, main: str, kind: str = "信息公开目录") -> str:
        trail = (("首页", "/"), ("政务公开", "/xxgk.html"), (name, "#"))
        return self.frame.render(Page(name, self.frame.column_metas(name, kind), trail, main))

    def detail(self, report: ReportTruth, path: str, body: str) -> str:
        if report.attachment:
            body += self.attachment_links(f".{self.file_path(report)}", report)
        if report.slug == OLD_TEMPLATE:
            return self._old_detail(report, body)
        metas = self.frame.site_metas() | article_metas(report, REPORTS, "")
        table = (
            '<table class="xxgk-info" width="100%"><tr><td>索&nbsp;引&nbsp;号：</td>'
            f"<td>{index_number(report)}</td><td>公开日期：</td><td>{report.published}</td></tr>"
            f"<tr><td>公开机构：</td><td>{report.unit}</td><td>公开方式：</td><td>主动公开</td></tr></table>"
        )
        trail = (("首页", "/"), ("政务公开", "/xxgk.html"), (REPORTS, "/xxgk-list-zfxxgknb.html"))
        main = f"{table}<h1>{escape(report.title)}</h1>{_content(body)}"
        return self.frame.render(Page(report.title, metas, trail, main))

    def _old_detail(self, report: ReportTruth, body: str) -> str:
        dated = f"发布时间：{report.published} 16:20 来源：{report.unit} 阅读：<span id=hits></span>次"
        main = f'<div class="bt_link">{escape(report.title)}</div><p class="sj">{dated}</p>{_content(body)}'
        trail = (("首页", "/"), (REPORTS, f"xxgk-list-{ORGANS[OLD_TEMPLATE]}nb.html"))
        return self.frame.render(Page(report.title, self.frame.site_metas(), trail, main))

    def notice(self, item: NotReport, body: str) -> str:
        metas = self.frame.site_metas() | {"ArticleTitle": item.title, "PubDate": str(item.published)}
        main = f"<h1>{escape(item.title)}</h1>{_content(body)}"
        return self.frame.render(Page(item.title, metas, (("首页", "/"),), main))


def _content(body: str) -> str:
    return f'{TOOLS}<div class="content" id="content">\n{body}\n</div>{SHARE}'


def _side() -> str:
    news = "".join(f"<li>·<a href='{path}'>{text}</a> (06-18)</li>" for path, text in NEWS.items())
    return f'<ul class="zxxx"><li><b>最新信息</b></li>{news}</ul>'


def _row(row: Entry) -> str:
    return (
        f"<tr><td><a href=\"{escape(row.path)}\" title='{escape(row.title)}' target=_blank>{escape(row.title)}</a></td>"
        f"<td align=center>{row.published:%Y/%m/%d}</td></tr>"
    )


def _pager(place: str, page: int, count: int, total: int) -> str:
    """Words with links, the numbers in between without; at the ends the words stand alone."""
    back = f'<a href="/xxgk-list-{place}-{page - 1}.html">上一页</a>' if page > 1 else "上一页"
    on = f'<a href="/xxgk-list-{place}-{page + 1}.html">下一页</a>' if page < count else "下一页"
    return f'<div class="pages">共{total}条&nbsp;&nbsp;{back}&nbsp;{page}/{count}&nbsp;{on}</div>'


SITE = XxgkList
