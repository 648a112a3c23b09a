"""The newer Hanweb (jpaas) portal of 鹭汀县, after portals.md 3.4 d: a column is a shell, its list an answer in JSON.

The address and parameters of a list stand in attributes of a script tag (`queryData`, in single quotes or as `&quot;`);
the page is asked for inside `paramJson`, a `pageNo` beside it is ignored, and a request that does not look like that of
the page (no Referer or no X-Requested-With) is refused. Links of an answer are relative to the column, not to the
interface. The column also loads a side list of news in the same way. Attached files lie on another host.
"""

import json
from dataclasses import dataclass, replace
from hashlib import md5
from html import escape

from ..chrome import SHARE, TOOLS, Frame, Page, article_metas
from ..model import NotReport, ReportTruth, Truth
from ..site import Entry, Library, Request, Response, Site, paged

INTERFACE = "/api-gateway/jpaas-publish-server/front/page/build/unit"
SCRIPT = "/cms_files/default/script/AuthorizedRead/unitbuild.js"
WEB, TEMPLATE, SIDE_TAG = "2c7e51a09b3f4d68", "Lt4hWz8KpD0vXe2sYn", "热点导读"
FILES_MARK = "//files.invalid"  # stands for the host of files until it is known where that answers
MOST_ROWS = 100
COLUMN = "政府信息公开年报"


@dataclass(frozen=True, slots=True)
class List:
    """A report column: its directory, the number of its page, the name of its list, the organ, rows a page."""

    directory: str
    page_id: str
    tag: str
    slug: str
    rows: int


COUNTY = List("/col/col1229743683/", "1229743683", "信息列表", "", 5)
ORGANS = {
    "jiaoyu": List("/ltx/zfxxgk/xzbm/jyj/zfxxgknb/", "a1LtJyjNianbao0Zk9w3q", "当前栏目_list", "jiaoyu", 2),
    "liuhe": List("/ltx/zfxxgk/xzjd/lhx/zfxxgknb/", "1229743771", "分页列表", "liuhe", 2),
}
LISTS = {column.directory: column for column in (COUNTY, *ORGANS.values())}
# The plain pages: name and links below it.
PAGES = {
    "/col/col1229743600/": ("政务公开", {"政府信息公开": "/col/col1229743680/index.html", "县长信箱": "#"}),
    "/col/col1229743680/": (
        "政府信息公开",
        {
            "政府信息公开指南": "./../col1229743681/index.html",
            "政府信息公开制度": "./../col1229743682/index.html",
            "法定主动公开内容": "./../col1229743684/index.html",
            COLUMN: "./../col1229743683/index.html",
            "部门乡镇信息公开": "./../../ltx/zfxxgk/index.html",
        },
    ),
    "/col/col1229743681/": ("政府信息公开指南", {}),
    "/col/col1229743682/": ("政府信息公开制度", {}),
    "/col/col1229743684/": ("法定主动公开内容", {}),
    "/col/col1229743612/": ("今日鹭汀", {}),
    "/ltx/zfxxgk/": ("部门乡镇信息公开", {"教育局": "./xzbm/jyj/index.html", "柳河乡": "./xzjd/lhx/index.html"}),
    "/ltx/zfxxgk/xzbm/jyj/": ("鹭汀县教育局", {"机构职能": "#", COLUMN: "zfxxgknb/index.html"}),
    "/ltx/zfxxgk/xzjd/lhx/": ("鹭汀县柳河乡人民政府", {"机构职能": "#", "信息公开年报": "./zfxxgknb/index.html"}),
}


COLUMNS = {f"{column.directory}index.html": column.slug for column in LISTS.values()}


class HanwebJpaas(Site):
    """The simulated portal."""

    name = "hanweb_jpaas"
    family = "hanweb"
    notice_addresses = tuple(  # type: ignore[assignment]
        f"{COUNTY.directory}art/{year}/art_{number:031x}{{n}}.html"
        for number, year in ((0x9E01, 2021), (0x9E02, 2023), (0x9E03, 2024))
    )
    columns = COLUMNS
    file_host = "files"
    rows = COUNTY.rows

    def __init__(self, truth: Truth, library: Library) -> None:
        super().__init__(truth, library)
        links = (
            ("首页", "/"),
            ("政务公开", "/col/col1229743600/index.html"),
            ("今日鹭汀", "/col/col1229743612/index.html"),
        )
        head = '<meta charset="utf-8">\n<meta name="version" content="jpaas">'
        self.frame = Frame(self.county, links, head, content_first=True)

    def page_paths(self, report: ReportTruth) -> tuple[str, ...]:
        directory = ORGANS.get(report.slug, COUNTY).directory
        return (f"{directory}art/{report.published.year}/art_{_hex(report)}.html",)

    def file_path(self, report: ReportTruth) -> str:
        return f"/jcms-{self.county.region}/{report.published:%Y/%m}/{_hex(report)[::-1]}.{report.attachment}"

    def respond(self, request: Request) -> Response:
        """The answer, in which the host of files is written out."""
        answer = super().respond(request)
        base = request.urls.get(self.file_host, "/").rstrip("/")
        return replace(answer, body=answer.body.replace(FILES_MARK.encode(), base.encode()))

    def other_page(self, request: Request) -> str | Response | None:
        path = request.path.removesuffix("index.html")
        if path == "/":
            return self._home()
        if path == INTERFACE:
            return self._unit(request)
        if path in LISTS:
            return self._shell(LISTS[path])
        return self._links(*PAGES[path]) if path in PAGES else None

    def _home(self) -> str:
        metas = self.frame.site_metas() | {"ColumnType": "首页"}
        main = '<div class="yw"><a href="./col/col1229743612/index.html">湿地公园迎来候鸟</a></div>'
        return self.frame.render(Page(f"{self.county.name}人民政府", metas, (), main))

    def _links(self, name: str, links: dict[str, str]) -> str:
        items = "".join(f'<li><a href="{href}" title="{text}">{text}</a></li>' for text, href in links.items())
        return self._column(name, "信息公开目录", f'<ul class="nav2">{items}</ul><p>{name}由县政府办公室维护。</p>')

    def _column(self, name: str, kind: str, main: str) -> str:
        trail = (("首页", "/"), ("政务公开", "/col/col1229743600/index.html"), (name, "#"))
        return self.frame.render(Page(name, self.frame.column_metas(name, kind), trail, main))

    def _shell(self, column: List) -> str:
        main = (
            f'<div class="list-box">{_script(_query(column.page_id, column.tag), bool(column.slug))}</div>\n'
            f'<div class="side"><h3>{SIDE_TAG}</h3>{_script(_query(column.page_id, SIDE_TAG), False)}</div>'
        )
        return self._column(COLUMN, "信息公开年报", main)

    def _unit(self, request: Request) -> Response:
        """A page of a list; a list that is not known is an empty one."""
        if not request.headers.get("referer") or not request.headers.get("x-requested-with"):
            return Response(403, "text/html", b"<html><head><title>403 Forbidden</title></head><body>403</body></html>")
        given = {name: request.query.get(name) for name in _query("", "")}
        column = next((one for one in LISTS.values() if given["pageId"] == one.page_id), None)
        if column and given == _query(column.page_id, SIDE_TAG):
            return _answer('<ul><li><a href="/col/col1229743612/index.html">湿地公园迎来候鸟</a><i>01-06</i></li></ul>')
        if not column or given | {"parseType": "bulidstatic"} != _query(column.page_id, column.tag):
            return _answer("")
        number, size = _asked(request.query.get("paramJson", ""), column.rows)
        everything = self.entries(request, column.slug or None)
        rows, _ = paged(everything, number, size)
        items = "".join(_row(row, column) for row in rows)
        pager = f'<div class="page" rows="{size}" count="{len(everything)}" pageno="{number}"></div>'
        return _answer(f'<ul class="list">{items}</ul>{pager}')

    def detail(self, report: ReportTruth, path: str, body: str) -> str:
        metas = self.frame.site_metas() | article_metas(report, COLUMN, "")
        metas |= {"ColumnType": "信息公开年报", "ContentSource": ""}
        if report.attachment:
            body += self.attachment_links(f"{FILES_MARK}{self.file_path(report)}", report)
        dated = f"发布时间：{report.published}&nbsp;&nbsp;信息来源：{report.unit}"
        trail = (("首页", "/"), (COLUMN, "./../../index.html"))
        return self.frame.render(Page(report.title, metas, trail, _article(report.title, dated, body)))

    def notice(self, item: NotReport, body: str) -> str:
        metas = self.frame.column_metas(COLUMN, "信息公开年报") | {"ArticleTitle": item.title}
        main = _article(item.title, f"发布时间：{item.published}", body)
        return self.frame.render(Page(item.title, metas, (("首页", "/"),), main))


def _hex(report: ReportTruth) -> str:
    return md5(report.key.encode(), usedforsecurity=False).hexdigest()


def _query(page_id: str, tag: str) -> dict[str, str]:
    site = {"parseType": "bulidstatic", "webId": WEB, "tplSetId": TEMPLATE, "pageType": "column"}
    return site | {"tagId": tag, "editType": "null", "pageId": page_id}


def _script(query: dict[str, str], quoted: bool) -> str:
    """The tag that loads a list: its parameters in single quotes, or `quoted` as JSON with entities."""
    data = json.dumps(query, ensure_ascii=False, separators=(",", ":"))
    shown = escape(data) if quoted else data.replace('"', "'")
    number = md5(data.encode(), usedforsecurity=False).hexdigest()
    url = f'src="{SCRIPT}?v=3.1" webId="{WEB}" parseType="bulidstatic" url="{INTERFACE}"'
    return f'<script id="{number}" {url} queryData="{shown}"></script>'


def _asked(text: str, rows: int) -> tuple[int, int]:
    """The page number and size in paramJson, whose quotes may be single and whose numbers may be text."""
    try:
        given = json.loads(text.replace("'", '"'))
        return max(1, int(given.get("pageNo", 1))), min(MOST_ROWS, max(1, int(given.get("pageSize", rows))))
    except (ValueError, TypeError, AttributeError):
        return 1, rows


def _answer(html: str) -> Response:
    answer = {"success": True, "code": 200, "data": {"html": html}}
    return Response(200, "application/json;charset=UTF-8", json.dumps(answer, ensure_ascii=False).encode())


def _row(row: Entry, column: List) -> str:
    """A row whose link goes up to the root from the column's directory."""
    up = "./" + "/".join([".."] * (column.directory.count("/") - 1))
    text = row.title if len(row.title) <= 26 else f"{row.title[:26]}…"
    link = f'<a href="{up}{row.path}" title="{escape(row.title)}" target="_blank"><i></i>{escape(text)}</a>'
    return f'<li class="cf">{link}<span class="fr">{row.published}</span></li>'


def _article(title: str, dated: str, body: str) -> str:
    shown = f'<div class="bt">{escape(title)}</div><div class="xxly">{dated}</div>{TOOLS}'
    return f'{shown}<div class="artile_zw">\n{body}\n</div>{SHARE}'


SITE = HanwebJpaas
