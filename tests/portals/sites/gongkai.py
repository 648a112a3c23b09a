"""The portal of 菱湾县, as 济南's counties build theirs: channels and documents by 24-digit hex ids, organs as sites.

Structure: portals.md 3.8 (济南): /gongkai/channel_{id}/, /gongkai/site_{slug}/channel_{id}/doc_{id}.html. The county's
column lists what the county, its office and the organs without a site published; three organs list theirs in their own
sites only. Lists come from the server, page n at index_{n}.html; beyond the last page the list is empty, with status
200. One channel has the longer id that 淄博 uses, with a dot in it.
"""

import re
from collections.abc import Mapping
from datetime import UTC, datetime
from html import escape
from urllib.parse import quote
from zlib import crc32

from ..chrome import SHARE, TOOLS, Frame, Page, article_metas, index_number
from ..model import NotReport, ReportTruth, Truth
from ..site import Entry, Library, Request, Site, paged

ROOT = "/gongkai/"
REPORTS = "政府信息公开年报"
TAIL = "4d2091b7e3c5"
CHANNELS = {
    "政府信息公开指南": f"channel_6389a1c2{TAIL}a101",
    "政府信息公开制度": f"channel_6389a1c2{TAIL}a102",
    "法定主动公开内容": f"channel_6389a1c2{TAIL}a103",
    REPORTS: f"channel_6389a1c2{TAIL}a104",
    "部门街道信息公开": f"channel_6389a1c2{TAIL}a110",
    "政务动态": f"channel_6389a1c2{TAIL}a120",
}
COLUMN = f"{ROOT}{CHANNELS[REPORTS]}/"
ORGANS = f"{ROOT}{CHANNELS['部门街道信息公开']}/"
# The sites of organs: their place, and the channel of their reports.
SITES = {
    "jiaoyu": (f"{ROOT}site_lwxjyj/", f"channel_638f02b4{TAIL}b311"),
    "renshe": (f"{ROOT}site_lwxrsj/", "channel_c_5fb0d33e7c1a94e208d65b12_n_1605926241.0342"),
    "dongguan": (f"{ROOT}site_lwxdgjdbsc/", f"channel_638f0377{TAIL}b527"),
}
OWN_COLUMNS = {slug: f"{place}{channel}/" for slug, (place, channel) in SITES.items()}
COLUMNS = {COLUMN: ""} | {place: slug for slug, place in OWN_COLUMNS.items()}
NEWS = {
    f"{ROOT}{CHANNELS['政务动态']}/doc_6746d3a1{TAIL}c001.html": "湖区退渔还湿工程通过验收",
    f"{ROOT}{CHANNELS['政务动态']}/doc_6747f28c{TAIL}c002.html": "全县夜校课程开放报名",
}
PAGE = re.compile(r"(/gongkai/(?:[\w.]+/)*)(?:index(?:_([1-9]\d{0,3}))?\.html)?")


class Gongkai(Site):
    """The simulated portal."""

    name = "gongkai"
    notice_addresses = (
        f"{COLUMN}doc_61b15d10{TAIL}a90{{n}}.html",
        f"{COLUMN}doc_648a6a90{TAIL}a90{{n}}.html",
        f"{COLUMN}doc_660b5f90{TAIL}a90{{n}}.html",
    )
    columns = COLUMNS
    rows = 5
    robots = "User-agent: *\nAllow: /\n"

    def __init__(self, truth: Truth, library: Library) -> None:
        super().__init__(truth, library)
        links = (("首页", "/"), ("政务公开", ROOT), ("政务动态", f"{ROOT}{CHANNELS['政务动态']}/"))
        self.frame = Frame(self.county, links, '<meta charset="utf-8">\n<meta name="renderer" content="webkit">')
        self.names = {unit.slug: unit.short for unit in self.county.units}

    def page_paths(self, report: ReportTruth) -> tuple[str, ...]:
        return (f"{OWN_COLUMNS.get(report.slug, COLUMN)}doc_{_id(report, 'a')}.html",)

    def file_path(self, report: ReportTruth) -> str:
        return f"{OWN_COLUMNS.get(report.slug, COLUMN)}files/{_id(report, 'f')}.{report.attachment}"

    def file_headers(self, report: ReportTruth) -> Mapping[str, str]:
        name = quote(f"{report.title}.{report.attachment}")
        return {"Content-Disposition": f"attachment; filename*=UTF-8''{name}"}

    def other_page(self, request: Request) -> str | None:
        if request.path == "/":
            return self._home()
        if text := NEWS.get(request.path):
            return self._framed(text, f"<h1>{text}</h1><div id='zoom'><p>{text}。</p></div>")
        found = PAGE.fullmatch(request.path)
        if found is None:
            return None
        slug = COLUMNS.get(found[1])
        if slug is not None:
            rows = [row for row in self.entries(request, slug or None) if row.path.startswith(found[1])]
            return self._list(self.names.get(slug, ""), rows, int(found[2] or 1))
        return self._one(found[1]) if found[2] in (None, "1") else None

    def _one(self, directory: str) -> str | None:
        """The pages without reports."""
        if directory == ROOT:
            return self._links("政务公开", {text: f"./{channel}/" for text, channel in CHANNELS.items()})
        if directory == ORGANS:
            places = {self.names[slug]: place for slug, (place, _) in SITES.items()}
            return self._links("部门街道信息公开", places | {"档案馆": "#"})
        for slug, (place, channel) in SITES.items():
            if directory == place:
                links = {"机构概况": "#", "政策文件": "#", "政府信息公开年度报告": f"./{channel}/"}
                return self._links(f"{self.names[slug]}信息公开", links)
        for text, channel in CHANNELS.items():
            if directory == f"{ROOT}{channel}/":
                return self._links(text, {})
        return None

    def _home(self) -> str:
        name = f"{self.county.name}人民政府"
        main = f'{_side()}<a href="/gongkai/" class="entry"  >\n政务公开\n</a>'
        return self.frame.render(Page(name, self.frame.site_metas() | {"ColumnType": "首页"}, (), main))

    def _links(self, name: str, links: dict[str, str]) -> str:
        items = "".join(
            f'<li class="c"><a href="{href}" title=\'{text}\'>{text}</a></li>' for text, href in links.items()
        )
        return self._framed(name, f'<ul class="left-tree">{items}</ul>{_side()}<p>{name}栏目。</p>')

    def _list(self, owner: str, rows: list[Entry], page: int) -> str:
        shown, count = paged(rows, page, self.rows)
        items = "".join(_row(row) for row in shown) or '<div class="none">暂无内容</div>'
        main = f"<div class='list'>\n{items}</div>{_pager(page, count)}{_side()}"
        return self._framed(f"{owner}{REPORTS}", main, "信息公开年报")

    def _framed(self, name: str, main: str, kind: str = "信息公开目录") -> str:
        trail = (("首页", "/"), ("政务公开", ROOT), (name, "./"))
        return self.frame.render(Page(name, self.frame.column_metas(name, kind), trail, main))

    def detail(self, report: ReportTruth, path: str, body: str) -> str:
        metas = self.frame.site_metas() | article_metas(report, REPORTS, " 15:12:40")
        if report.attachment:
            body += self.attachment_links(f"./files/{self.file_path(report).rpartition('/')[2]}", report)
        head = (
            '<table class="zwgk-table"><tbody>'
            f"<tr><td>索引号</td><td>{index_number(report)}</td><td>公开方式</td><td>主动公开</td></tr>"
            f"<tr><td>发布机构</td><td>{report.unit}</td><td>发布日期</td><td>{report.published}</td></tr>"
            '<tr><td>文号</td><td></td><td>有效性</td><td><span class="ok">有效</span></td></tr></tbody></table>'
        )
        trail = (("首页", "/"), ("政务公开", ROOT), (REPORTS, "./"))
        return self.frame.render(Page(report.title, metas, trail, head + _article(report.title, body)))

    def notice(self, item: NotReport, body: str) -> str:
        metas = self.frame.column_metas(REPORTS, "信息公开年报")
        metas |= {"ArticleTitle": item.title, "PubDate": f"{item.published} 15:12:40"}
        return self.frame.render(Page(item.title, metas, (("首页", "/"),), _article(item.title, body)))


def _id(report: ReportTruth, kind: str) -> str:
    """24 hexadecimal digits: the second of publication, then what a counter gives."""
    day = report.published
    clock = datetime(day.year, day.month, day.day, 7, 12, report.serial % 60, tzinfo=UTC)
    return f"{int(clock.timestamp()):08x}{crc32(report.key.encode()):08x}{kind}{report.serial:07x}"


def _article(title: str, body: str) -> str:
    return f'<h1>{escape(title)}</h1>{TOOLS}<div class="article-content" id="zoom">\n{body}\n</div>{SHARE}'


def _side() -> str:
    items = "".join(f'<p><a href="{path}">{text}</a></p>' for path, text in NEWS.items())
    return f'<div class="zxdt"><h4>最新动态</h4>{items}</div>'


def _row(row: Entry) -> str:
    title = escape(row.title)
    link = f'<a href="{row.path}" title="{title}" target="_blank"><i></i>{title}</a>'
    return f'<div class="row"><div class="t">{link}</div><div class="d">{row.published}</div></div>\n'


def _pager(page: int, count: int) -> str:
    """Numbers of all pages and the step onward, the first page as the directory."""
    numbers = "".join(f'<a href="{_place(n)}"{" class=on" if n == page else ""}>{n}</a>' for n in range(1, count + 1))
    on = f'<a href="{_place(page + 1)}" class="next">下一页</a>' if page < count else ""
    return f'<div class="pager">{numbers}{on}<span>共{count}页</span></div>'


def _place(page: int) -> str:
    return "./" if page == 1 else f"./index_{page}.html"


SITE = Gongkai
