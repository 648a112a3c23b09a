"""The NFCMS portal of 蔗田县: columns are directories, page k is index_k.html, details below content/ (portals.md 3.7).

Inside of the report column lie folders for the county, its departments and its towns. Reports since 2024 stand in the
folders alone, older ones in the column too. Two organs have sub-sites. Links are absolute, with and without a scheme.
"""

import re
from collections.abc import Mapping
from html import escape

from ..chrome import SHARE, TOOLS, Frame, Page, article_metas
from ..model import NotReport, ReportTruth, Truth
from ..site import Entry, Library, Request, Site, paged

COLUMN = "/zwgk/xxgknb/"
FOLDERS = {"xzf": "县政府", "bm": "部门", "xz": "乡镇（街道）"}
KINDS = {"government": "xzf", "office": "xzf", "department": "bm", "town": "xz", "street": "xz"}
FOLDERS_SINCE = 2024  # report year
SUBSITES = {"shuili": "/gzjg/zcbm/slj/", "chengguan": "/gzzwz/cgzrmzf/"}
BLOCKS = {
    "/zwgk/xxgkzn/": "政府信息公开指南",
    "/zwgk/xxgkzd/": "政府信息公开制度",
    "/zwgk/fdzdgknr/": "法定主动公开内容",
    COLUMN: "政府信息公开年报",
}
NEWS = {"/xwzx/content/post_1861001.html": "蔗田县甘蔗开榨", "/xwzx/content/post_1861014.html": "县道养护公示"}
OTHERS = {"/xwzx/": "新闻中心", "/ztgk/": "蔗田概况", "/gzjg/": "机构设置"}
SITE_ID = 799155
CUT = 26


class Nfcms(Site):
    """The simulated portal."""

    name = "nfcms"
    notice_addresses = (f"{COLUMN}content/post_189900{{n}}.html",) * 3
    columns: Mapping[str, str] = {f"{COLUMN}index.html": ""} | {
        f"{place}zwgk/xxgknb/index.html": slug for slug, place in SUBSITES.items()
    }
    rows = 5

    def __init__(self, truth: Truth, library: Library) -> None:
        super().__init__(truth, library)
        links: tuple[tuple[str, str], ...] = (
            ("首页", "/"),
            ("新闻中心", "/xwzx/index.html"),
            ("政务公开", "/zwgk/index.html"),
        )
        links += (("机构设置", "/gzjg/index.html"), ("蔗田概况", "/ztgk/index.html"))
        head = f'<meta charset="UTF-8">\n<script>window.NFCMS_SITE_ID = {SITE_ID};</script>'
        self.frame = Frame(self.county, links, head)
        self.names = {unit.slug: unit.short.removeprefix(self.county.name) for unit in self.county.units}

    def page_paths(self, report: ReportTruth) -> tuple[str, ...]:
        place = COLUMN if report.year < FOLDERS_SINCE else f"{COLUMN}{KINDS[report.unit_type]}/"
        if report.slug in SUBSITES:
            place = f"{SUBSITES[report.slug]}zwgk/xxgknb/"
        return (f"{place}content/post_{_number(report)}.html",)

    def file_path(self, report: ReportTruth) -> str:
        folder = 91040 + report.serial
        return f"/attachment/0/{folder // 1000}/{folder}/{_number(report)}.{report.attachment}"

    def other_page(self, request: Request) -> str | None:
        place, _, name = request.path.rpartition("/")
        place += "/"
        found = re.fullmatch(r"(?:index(?:_([2-9]|[1-9]\d+))?\.html)?", name)
        if request.path in NEWS:
            return self._framed(NEWS[request.path], f'<div class="article-content"><p>{NEWS[request.path]}。</p></div>')
        if found is None:
            return None
        page = int(found[1] or 1)
        slug = next((slug for slug, sub in SUBSITES.items() if place == f"{sub}zwgk/xxgknb/"), "")
        if slug or place == COLUMN or place.removeprefix(COLUMN).strip("/") in FOLDERS:
            return self._list(request, place, slug, page)
        return self._small(place, request) if page == 1 else None

    def _small(self, place: str, request: Request) -> str | None:
        if place == "/":
            return self._home(request)
        if place == "/zwgk/":
            return self._links("政务公开", {text: f"..{path}index.html" for path, text in BLOCKS.items()})
        if place == "/gzjg/":
            return self._links("机构设置", {self.names[s]: f"{sub}index.html" for s, sub in SUBSITES.items()})
        for slug, sub in SUBSITES.items():
            if place == sub:
                return self._links(self.names[slug], {"信息公开": "./zwgk/index.html", "通知公告": "#"})
            if place == f"{sub}zwgk/":
                return self._links("信息公开", {"年度报告": "./xxgknb/index.html"})
        name = OTHERS.get(place) or BLOCKS.get(place)
        return self._links(name, {}) if name else None

    def _framed(self, title: str, main: str, metas: Mapping[str, str] | None = None) -> str:
        trail = () if title.endswith("县人民政府") else (("首页", "/"), (title, "#"))
        return self.frame.render(Page(title, self.frame.site_metas() | dict(metas or {}), trail, main))

    def _home(self, request: Request) -> str:
        base = request.urls[self.name].rstrip("/")
        main = f'<div class="banner"><a href="{base}/zwgk/index.html">政务公开</a></div>{_news(base)}'
        return self._framed(f"{self.county.name}人民政府", main, {"ColumnType": "首页"})

    def _links(self, name: str, links: Mapping[str, str]) -> str:
        items = "".join(f'<li><a href="{href}">{text}</a></li>' for text, href in links.items())
        return self._framed(name, f'<ul class="nav_list">{items}</ul>', self.frame.column_metas(name, "信息公开目录"))

    def _list(self, request: Request, place: str, slug: str, page: int) -> str | None:
        folder = place.removeprefix(COLUMN).strip("/") if place.startswith(COLUMN) else ""
        everything = [
            row for row in self.entries(request, slug or None) if slug or self._stands(self.pages.get(row.path), folder)
        ]
        rows, count = paged(everything, page, self.rows)
        if page > count:
            return None
        base = request.urls[self.name].rstrip("/")
        items = "\n".join(_row(row, base) for row in rows)
        main = f'<ul class="news_list">\n{items}\n</ul>\n{_pager(f"{base}{place}", page, count)}{_news(base)}'
        if place.startswith(COLUMN):
            folders = "".join(
                f'<li><a href="{base}{COLUMN}{f}/index.html">{text}</a></li>' for f, text in FOLDERS.items()
            )
            main = f'<ul class="left_nav">{folders}</ul>{main}'
        name = FOLDERS.get(folder, BLOCKS[COLUMN])
        return self._framed(name, main, self.frame.column_metas(name, "信息公开年报"))

    def _stands(self, report: ReportTruth | None, folder: str) -> bool:
        """Whether an entry is listed in a folder of the column, or ("") in the column itself."""
        if report is None:
            return not folder
        return KINDS[report.unit_type] == folder if folder else report.year < FOLDERS_SINCE

    def detail(self, report: ReportTruth, path: str, body: str) -> str:
        metas = article_metas(report, BLOCKS[COLUMN], " 16:05:32") | {"ColumnType": "信息公开年报"}
        metas |= {"ArticleId": str(_number(report)), "Url": path}
        if report.attachment:
            body += self.attachment_links(self.file_path(report), report)
        dated = f"来源：{report.unit}&nbsp;&nbsp;发布时间：{report.published} 16:05:32"
        return self._framed(report.title, _article(report.title, dated, body, _number(report)), metas)

    def notice(self, item: NotReport, body: str) -> str:
        metas = {"ArticleTitle": item.title, "PubDate": f"{item.published} 08:30:00", "ColumnType": "信息公开年报"}
        number = int(re.findall(r"\d+", item.path)[-1])
        return self._framed(item.title, _article(item.title, f"发布时间：{item.published}", body, number), metas)


def _number(report: ReportTruth) -> int:
    return 1872100 + report.serial * 11


def _article(title: str, dated: str, body: str, number: int) -> str:
    script = f"<script>window.NFCMS_POST_ID = {number};window.NFCMS_PUB_TYPE = 'post';</script>"
    return (
        f'{script}<h1 class="article-title">{escape(title)}</h1><div class="article-info">{dated}</div>{TOOLS}'
        f'<div class="news_cont_d_wrap"><div class="article-content">\n{body}\n</div></div>{SHARE}'
    )


def _row(row: Entry, base: str) -> str:
    """The address of every other row begins with two slashes: its scheme is that of the page."""
    text = row.title if len(row.title) <= CUT else f"{row.title[:CUT]}..."
    start = base if row.published.day % 2 else base.removeprefix("http:")
    link = f'<a href="{start}{row.path}" target="_blank" title="{escape(row.title)}">{escape(text)}</a>'
    return f"<li><span class='time'>{row.published}</span>{link}</li>"


def _pager(place: str, page: int, count: int) -> str:
    def link(text: str, to: int) -> str:
        """A step; the one to where one is leads nowhere."""
        href = f"{place}index.html" if to == 1 else f"{place}index_{to}.html"
        return f'<a href="{"javascript:void(0)" if to == page else href}">{text}</a>'

    numbers = " ".join(link(str(to), to) for to in range(1, count + 1))
    before, after = link("上一页", max(1, page - 1)), link("下一页", min(count, page + 1))
    return f'<div class="page">{link("首页", 1)} {before} {numbers} {after} {link("末页", count)}</div>'


def _news(base: str) -> str:
    items = "".join(f'<li><a href="{base}{path}">{text}</a></li>' for path, text in NEWS.items())
    return f'<div class="side"><h3>最新信息</h3><ul>{items}</ul></div>'


SITE = Nfcms
