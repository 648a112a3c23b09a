"""The VSB (博达) portal of 碧崖县: lists of slugs with pages numbered backwards, details below /info (portals.md 3.6).

One department's column holds a single article: the column page is its newest report, each year a page of its own.
Attached files of the download script have no name in their address: it stands in Content-Disposition, in two ways,
or nowhere. In some bodies each word has a span of its own.
"""

import re
from collections.abc import Mapping
from hashlib import md5
from html import escape
from posixpath import dirname, relpath
from urllib.parse import quote

from ..chrome import SHARE, Frame, Page, article_metas
from ..model import NotReport, ReportTruth, Truth
from ..site import Entry, Library, Request, Site, paged

BLOCKS = {
    "zfxxgkzn": "政府信息公开指南",
    "zfxxgkzd": "政府信息公开制度",
    "fdzdgknr": "法定主动公开内容",
    "zfxxgknb": "政府信息公开年报",
}
COLUMN = "/zfxxgk/zfxxgknb"
ORGANS_PAGE = "/zfxxgkzl/xzjdbmdw"
SINGLE, SINGLE_SLUG = f"{ORGANS_PAGE}/bmdw/slj/zfxxgknb", "shuili"
# Organs with a list of their own: its address without .htm, and the number of their part of the tree.
LISTS = {"jiaoyu": (f"{ORGANS_PAGE}/bmdw/jyj/zfxxgknb", 13960), "liuhe": (f"{ORGANS_PAGE}/xz/lhx/zfxxgknb", 13974)}
COUNTY_TREE = 13951
NEWS = {"/info/1003/728011.htm": "碧崖县召开道路养护现场会", "/info/1003/728016.htm": "石匠技艺走进校园"}
OTHERS = {"/zjby.htm": "走进碧崖", "/xwzx.htm": "新闻中心", "/hdjl.htm": "互动交流"}
DOWNLOAD = "/system/_content/download.jsp?urltype=news.DownloadAttachUrl&owner=1485250630&wbfileid="
CUT = 20


class Vsb(Site):
    """The simulated portal."""

    name = "vsb"
    notice_addresses = (f"/info/{COUNTY_TREE}/70990{{n}}.htm",) * 3
    columns: Mapping[str, str] = {
        f"{COLUMN}.htm": "",
        f"{SINGLE}.htm": SINGLE_SLUG,
        **{f"{path}.htm": slug for slug, (path, _) in LISTS.items()},
    }
    rows = 5

    def __init__(self, truth: Truth, library: Library) -> None:
        super().__init__(truth, library)
        links: tuple[tuple[str, str], ...] = (
            ("首页", "/index.htm"),
            ("走进碧崖", "/zjby.htm"),
            ("新闻中心", "/xwzx.htm"),
        )
        links += (("政府信息公开", "/zfxxgk.htm"), ("互动交流", "/hdjl.htm"))
        head = '<meta charset="UTF-8">\n<META Name="keywords" Content="碧崖县" />'
        self.frame = Frame(self.county, links, head)

    def page_paths(self, report: ReportTruth) -> tuple[str, ...]:
        if report.slug == SINGLE_SLUG:
            return (f"{SINGLE}/n{report.year}n.htm",)
        _, tree = LISTS.get(report.slug, ("", COUNTY_TREE))
        return (f"/info/{tree}/{728300 + report.serial}.htm",)

    def file_path(self, report: ReportTruth) -> str:
        if report.serial % 4 == 3:
            digest = md5(report.key.encode()).hexdigest().upper()
            place = f"{digest[0]}/{digest[1:3]}/{digest[3:5]}/{digest[5:]}"
            return f"/__local/{place}_{digest[8:16]}_5A{report.serial:02X}.{report.attachment}"
        return f"{DOWNLOAD}{14861100 + report.serial}"

    def file_headers(self, report: ReportTruth) -> Mapping[str, str]:
        name = f"{report.title}.{report.attachment}"
        if self.file_path(report).startswith("/__local/"):
            return {}
        raw = name.encode("gbk").decode("latin-1")
        turns: tuple[Mapping[str, str], ...] = (
            {"Content-Disposition": f'attachment; filename="{raw}"'},
            # Neither a name nor a type: what the file is can only be seen in its first bytes.
            {"Content-Type": "application/octet-stream"},
            {"Content-Disposition": f"attachment; filename*=UTF-8''{quote(name)}"},
        )
        return turns[report.serial // 2 % 3]

    def other_page(self, request: Request) -> str | None:
        path = request.path
        if path in ("/", "/index.htm"):
            return self._home()
        if path == "/zfxxgk.htm":
            links = {text: f"zfxxgk/{slug}.htm" for slug, text in BLOCKS.items()}
            return self._links("政府信息公开", links | {"部门、乡镇信息公开": f"{ORGANS_PAGE[1:]}.htm"})
        if path == f"{ORGANS_PAGE}.htm":
            return self._organs()
        if path == f"{SINGLE}.htm":
            return self._single(request)
        listed = next((s for s in ("", *LISTS) if re.fullmatch(rf"{_base(s)}(/\d+)?\.htm", path)), None)
        if listed is not None:
            return self._list(request, listed)
        return self._small(path)

    def _small(self, path: str) -> str | None:
        """Entry pages of organs, and pages that have nothing to do with reports."""
        names = {unit.slug: unit.name for unit in self.county.units}
        for column, slug in self.columns.items():
            if slug and path == f"{dirname(column)}.htm":
                return self._links(names[slug], {"年报": f"{dirname(column).rpartition('/')[2]}/zfxxgknb.htm"})
        if path in NEWS:
            return self._framed(NEWS[path], f'<div class="v_news_content"><p>{NEWS[path]}，反响良好。</p></div>')
        block = BLOCKS.get(path.removeprefix("/zfxxgk/").removesuffix(".htm"))
        name = OTHERS.get(path) or block
        return self._links(name, {}) if name else None

    def _home(self) -> str:
        news = "".join(f'<li><a href="{path[1:]}">{text}</a></li>' for path, text in NEWS.items())
        main = f'<div class="main"><ul>{news}</ul><a href="zfxxgk.htm" class="fl">政府信息公开</a></div>'
        return self._framed(f"{self.county.name}人民政府", main, {"ColumnType": "首页"})

    def _organs(self) -> str:
        names = {unit.slug: unit.short.removeprefix(self.county.name) for unit in self.county.units}
        own = {column: slug for column, slug in self.columns.items() if slug}
        folder = ORGANS_PAGE.rpartition("/")[0]
        return self._links(
            "部门、乡镇", {names[s]: f"{relpath(dirname(column), folder)}.htm" for column, s in own.items()}
        )

    def _framed(self, title: str, main: str, metas: Mapping[str, str] | None = None) -> str:
        trail = () if title.endswith("县人民政府") else (("首页", "/index.htm"), ("政府信息公开", "/zfxxgk.htm"))
        return self.frame.render(Page(title, self.frame.site_metas() | dict(metas or {}), trail, main))

    def _links(self, name: str, links: Mapping[str, str]) -> str:
        items = "".join(f"<li><a href='{href}'  title=\"{text}\">{text}</a></li>" for text, href in links.items())
        return self._framed(name, f'<ul class="nav_l">{items}</ul><p>{name}栏目由县融媒体中心维护。</p>')

    def _list(self, request: Request, slug: str) -> str | None:
        """Page 1 is the slug itself, page P of N the file N-P+1 of its folder."""
        base = _base(slug)
        everything = self.entries(request, slug or None)
        _, count = paged(everything, 1, self.rows)
        number = request.path.removeprefix(base).strip("/").removesuffix(".htm")
        page = count + 1 - int(number) if number else 1
        if number and not 1 < page <= count:
            return None
        rows, _ = paged(everything, page, self.rows)
        items = "\n".join(_row(row, place, request.path) for place, row in enumerate(rows))
        main = f'<ul class="list">\n{items}\n</ul>\n{_pager(base, page, count, len(everything))}{_latest(request.path)}'
        return self._framed(BLOCKS["zfxxgknb"], main, self._column_metas())

    def _column_metas(self) -> Mapping[str, str]:
        return self.frame.column_metas(BLOCKS["zfxxgknb"], "信息公开年报")

    def _single(self, request: Request) -> str:
        """The column page of the organ whose column is one article: its newest report."""
        rows = self.entries(request, SINGLE_SLUG)
        if not rows:
            return self._framed(BLOCKS["zfxxgknb"], "<p>栏目内容正在整理。</p>", self._column_metas())
        newest = self.pages[rows[0].path]
        years = "".join(
            f'<li><a href="zfxxgknb/n{year}n.htm">{year}年</a></li>' for year in (self.pages[r.path].year for r in rows)
        )
        body = "<p>年报全文见附件。</p>"
        if "html" in newest.carrier:
            body = self.library.body(newest, newest.revision_on(request.day))
        main = f'<div class="left"><ul>{years}</ul></div>{self._article(newest, body)}'
        return self._framed(BLOCKS["zfxxgknb"], main, self._column_metas())

    def detail(self, report: ReportTruth, path: str, body: str) -> str:
        metas = article_metas(report, BLOCKS["zfxxgknb"], " 10:20")
        if report.slug == SINGLE_SLUG:
            metas = dict(self._column_metas()) | {"ColumnName": f"{report.year}年"}
        return self._framed(report.title, self._article(report, body), metas)

    def _article(self, report: ReportTruth, body: str) -> str:
        number = 728300 + report.serial
        header = (
            f"<ul><li>索 引 号：{report.slug}/{report.published.year}-{report.serial:05d}</li>"
            f"<li>发布机构：{report.unit}</li><li>成文日期：</li><li>公开方式：主动公开</li></ul>"
            f"<div>发布日期：{report.published}&nbsp;信息来源：&nbsp;浏览次数："
            f'<script>_showDynClicks("wbnews", 1485250630, {number})</script></div>'
        )
        attached = ""
        if report.attachment:
            # The ampersands stand bare in these addresses.
            link = f'<a href="{self.file_path(report)}" target="_blank">{escape(report.title)}.{report.attachment}</a>'
            attached = f'<ul style="list-style-type:none;"><li>附件【{link}】已下载<span>12</span>次</li></ul>'
        return _form(report.title, header, _spanned(body) if report.serial % 3 == 2 else body, attached)

    def notice(self, item: NotReport, body: str) -> str:
        header = f"<div>发布日期：{item.published} 信息来源：县政府办公室</div>"
        return self._framed(item.title, _form(item.title, header, body, ""), {"ArticleTitle": item.title})


def _base(slug: str) -> str:
    return LISTS[slug][0] if slug else COLUMN


def _form(title: str, header: str, body: str, attached: str) -> str:
    """The article; above its title stands a table of which nothing but empty cells is left."""
    cells = "<tr>" + "<td>&nbsp;</td>" * 6 + "</tr>"
    return (
        f'<form name="_newscontent_fromname"><table class="titlestyle">{cells * 4}</table><h2>{escape(title)}</h2>'
        f'{header}<div id="vsb_content"><div class="v_news_content">\n{body}\n</div></div>{attached}</form>{SHARE}'
    )


def _spanned(body: str) -> str:
    """Each word of the text in a span of its own."""
    word = re.compile(r"&\w+;|[\u4e00-\u9fff]{1,2}|[^\u4e00-\u9fff&]+")
    return re.sub(
        r"(?<=>)[^<]*[^<\s][^<]*(?=<)", lambda text: word.sub(r'<span lang="EN-US">\g<0></span>', text[0]), body
    )


def _row(row: Entry, place: int, page: str) -> str:
    text = row.title if len(row.title) <= CUT else f"{row.title[:CUT]}..."
    href = relpath(row.path, dirname(page))
    link = f'<a href="{href}" title="{escape(row.title)}" target="_blank">{escape(text)}</a>'
    return f'<li id="line_u6_{place}">{link}<span>{row.published}</span></li>'


def _pager(base: str, page: int, count: int, total: int) -> str:
    """Links as they are seen from the page: from the slug into its folder, from the folder to itself."""
    seen_from = dirname(base) if page == 1 else base
    steps = {"首页": 1, "上页": page - 1, "下页": page + 1, "尾页": count}
    cells = []
    for text, to in steps.items():
        target = f"{base}.htm" if to == 1 else f"{base}/{count + 1 - to}.htm"
        link = f'<a href="{relpath(target, seen_from)}" class="Next">{text}</a>'
        cells.append(f"<td nowrap>{link if to != page and 1 <= to <= count else text}</td>")
    jump = f'<a href="javascript:void(0)" onclick="_simple_list_gotopage_fun({count},\'u6_goto\',1)">转到</a>'
    return (
        f'<TABLE cellSpacing=0 border=0 width="100%"><TR><td>共{total}条&nbsp;{page}/{count}&nbsp;</td>'
        f'{"".join(cells)}<td><input id="u6_goto" size=2>{jump}</td></TR></TABLE>'
    )


def _latest(page: str) -> str:
    items = "".join(f'<li><a href="{relpath(path, dirname(page))}">{text}</a></li>' for path, text in NEWS.items())
    return f'<div class="right"><h3>最新信息</h3><ul>{items}</ul></div>'


SITE = Vsb
