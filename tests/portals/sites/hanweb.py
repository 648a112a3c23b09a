"""The Hanweb (大汉 jcms) portal of 棠梨县, after portals.md 3.4 a, b, c: three ways in which a script fills a column.

The county's column carries its first records in inert XML; the others come by POST to dataproxy.jsp, which answers an
empty store unless columnid, unitid and webid are those of the column, and breaks its dates over lines. 水利局 has a
column of the 信息公开 catalogue (`?number=A07`), filled by POST to search.jsp; 柳河乡 has the older script, whose
dataproxy.jsp answers with a JavaScript literal. `uid` and `pageNum` in a column's address mean nothing to the server.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from hashlib import md5
from html import escape
from urllib.parse import quote, urlencode

from ..chrome import SHARE, TOOLS, Frame, Page, article_metas, index_number
from ..model import NotReport, ReportTruth, Truth
from ..site import Entry, Library, Request, Response, Site, paged


@dataclass(frozen=True, slots=True)
class List:
    """A list of a column: numbers of both, the script that fills it, organ, rows a page."""

    column: str
    number: str
    proxy: str
    slug: str
    rows: int


WEB = "149"
GROUP = 3  # pages that one answer holds
COUNTY = List("22014", "6793088", "/module/web/jpage/dataproxy.jsp", "", 5)
OLD = List("22052", "581120", "/module/jslib/jquery/jpage/dataproxy.jsp", "liuhe", 2)
PROXIES = {unit.proxy: unit for unit in (COUNTY, OLD)}
SEARCH, CATALOGUE, CATALOGUE_COLUMN, CATALOGUE_ROWS = "/module/xxgk/search.jsp", "A07", "22041", 2
CATALOGUE_SLUG, AREA = "shuili", "11990505MB15020313"
COLUMN = "政府信息公开年报"
BROKEN = "%Y-\n%m-\n%d"


def _col(number: str) -> str:
    return f"/col/col{number}/index.html"


COLUMNS = {
    _col(COUNTY.column): "",
    f"{_col(CATALOGUE_COLUMN)}?number={CATALOGUE}": CATALOGUE_SLUG,
    _col(OLD.column): OLD.slug,
}
# The plain pages: name and links below it.
PAGES = {
    _col("22010"): (
        "政府信息公开",
        {
            "指南": _col("22011"),
            "制度": _col("22012"),
            "法定主动公开内容": _col("22013"),
            COLUMN: _col("22014"),
            "部门乡镇": _col("22020"),
        },
    ),
    _col("22011"): ("政府信息公开指南", {}),
    _col("22012"): ("政府信息公开制度", {}),
    _col("22013"): ("法定主动公开内容", {}),
    _col("22015"): ("走进棠梨", {}),
    _col("22020"): ("部门乡镇", {"水利局": _col("22040"), "柳河乡": _col("22050")}),
    _col("22040"): ("水利局", {"机构职能": _col("22042"), COLUMN: f"{_col(CATALOGUE_COLUMN)}?number={CATALOGUE}"}),
    _col("22042"): ("机构职能", {}),
    _col("22050"): ("柳河乡", {"乡情概况": _col("22051"), "年报": _col(OLD.column)}),
    _col("22051"): ("乡情概况", {}),
    _col("22060"): ("今日要闻", {}),
}


class Hanweb(Site):
    """The simulated portal."""

    name = "hanweb"
    notice_addresses = (
        "/art/2021/12/9/art_22014_90000{n}.html",
        "/art/2023/6/15/art_22014_90000{n}.html",
        "/art/2024/4/2/art_22014_90000{n}.html",
    )
    columns = COLUMNS
    rows = COUNTY.rows

    def __init__(self, truth: Truth, library: Library) -> None:
        super().__init__(truth, library)
        links = (("首页", "/"), ("政府信息公开", _col("22010")), ("走进棠梨", _col("22015")))
        self.frame = Frame(self.county, links, '<meta charset="UTF-8">\n<meta name="renderer" content="webkit" />')

    def page_paths(self, report: ReportTruth) -> tuple[str, ...]:
        day = report.published
        column = {CATALOGUE_SLUG: CATALOGUE_COLUMN, OLD.slug: OLD.column}.get(report.slug, COUNTY.column)
        return (f"/art/{day.year}/{day.month}/{day.day}/art_{column}_{860000 + report.serial}.html",)

    def file_path(self, report: ReportTruth) -> str:
        name = md5(report.key.encode(), usedforsecurity=False).hexdigest()
        shown = {"filename": f"{name}.{report.attachment}", "showname": f"{report.title}.{report.attachment}"}
        return f"/module/download/downfile.jsp?{urlencode({'classid': '0'} | shown)}"

    def file_headers(self, report: ReportTruth) -> Mapping[str, str]:
        """Raw GBK bytes as the old servlet sends them, or the name of RFC 6266."""
        name = f"{report.title}.{report.attachment}"
        if report.serial % 2:
            return {"Content-Disposition": f"attachment; filename*=UTF-8''{quote(name)}"}
        return {"Content-Disposition": f'attachment; filename="{name.encode("gbk").decode("latin-1")}"'}

    def other_page(self, request: Request) -> str | Response | None:
        path = request.path
        if path in ("/", "/index.html"):
            return self._home()
        if path in PROXIES:
            return self._proxy(request, PROXIES[path])
        fill: dict[str, Callable[[Request], str | Response]] = {
            SEARCH: self._search,
            _col(COUNTY.column): self._county,
            _col(OLD.column): self._old,
            _col(CATALOGUE_COLUMN): self._catalogue,
        }
        if path in fill:
            return fill[path](request)
        return self._column(*PAGES[path]) if path in PAGES else None

    def _home(self) -> str:
        metas = self.frame.site_metas() | {"ColumnType": "首页"}
        main = f'<div class="yw"><a href="{_col("22060")}">全县果园改造完成</a></div>'
        return self.frame.render(Page(f"{self.county.name}人民政府", metas, (), main))

    def _column(self, name: str, links: dict[str, str], main: str = "", kind: str = "信息公开目录") -> str:
        items = "".join(f"<li><a href='{href}'>{text}</a></li>" for text, href in links.items())
        trail = (("首页", "/"), ("政府信息公开", _col("22010")), (name, "#"))
        shown = f'<ul class="left">{items}</ul>{main or f"<p>{name}栏目由专人维护。</p>"}'
        return self.frame.render(Page(name, self.frame.column_metas(name, kind), trail, shown))

    def _county(self, request: Request) -> str:
        rows = self.entries(request)
        shown = "\n".join(f"<record><![CDATA[\n{_row(row)}]]></record>" for row in rows[: GROUP * COUNTY.rows])
        group = f"{COUNTY.proxy}?page=1&appid=1&appid=1&{_group(COUNTY, self.county.name)}"
        store = (
            f'<datastore>\n<nextgroup><![CDATA[<a href="{group}"></a>]]></nextgroup>\n'
            f"<recordset>\n{shown}\n</recordset></datastore>"
        )
        main = (
            f'<div id="{COUNTY.number}"><script type="text/xml">{store}</script></div>{self._jpage(COUNTY, len(rows))}'
        )
        return self._column(COLUMN, {}, main, "信息公开年报")

    def _old(self, request: Request) -> str:
        everything = self.entries(request, OLD.slug)
        main = f'<div id="{OLD.number}" style="width:100%"></div>{self._jpage(OLD, len(everything))}'
        return self._column(COLUMN, {"乡情概况": _col("22051")}, main, "信息公开年报")

    def _jpage(self, unit: List, total: int) -> str:
        param = (
            f"{{col:1,appid:1,webid:{WEB},path:'/',columnid:{unit.column},sourceContentType:1,unitid:'{unit.number}',"
            f"webname:'{self.county.name}人民政府',permissiontype:0}}"
        )
        settings = (
            f"totalRecord:{total}, perPage:{unit.rows}, groupSize:{GROUP}, proxyUrl:'{unit.proxy}', ajaxParam:{param}"
        )
        return f'<script>$(function(){{$("#{unit.number}").jpage({{{settings}}});}});</script>'

    def _proxy(self, request: Request, unit: List) -> Response:
        """Records by number; what is asked for must stand in the body of a POST."""
        asked = tuple(request.form.get(name) for name in ("columnid", "unitid", "webid"))
        rows = self.entries(request, unit.slug or None) if asked == (unit.column, unit.number, WEB) else []
        first, last = (request.query.get(name, "") for name in ("startrecord", "endrecord"))
        start = max(1, int(first)) if first.isdecimal() else 1
        end = int(last) if last.isdecimal() else GROUP * unit.rows
        answer = _literal if unit is OLD else _records
        return answer(rows[start - 1 : end], len(rows), unit)

    def _catalogue(self, request: Request) -> str:
        """The catalogue's shell: nothing is listed in it; without `number` it is that of the whole catalogue."""
        number, divid = request.query.get("number", ""), f"div{CATALOGUE_COLUMN}"
        call = (
            f"loadDynamic('{SEARCH}?standardXxgk=1&isAllList=1&texttype=0&fbtime=-1&infotypeId='+a+'&vc_title='"
            f"+encodeURI(b)+'&vc_number='+encodeURI(c)+'&area={AREA}',"
            f"'{divid}','{escape(number)}','0','0','{WEB}','1','');"
        )
        main = (
            f'<input type="hidden" id="infotypeId" value="{escape(number)}"><input type=hidden id=jdid value="{WEB}">\n'
            f"<input value='{AREA}' name='area' type='hidden'><INPUT TYPE=hidden NAME='divid' VALUE='{divid}'>\n"
            '<script src="/module/xxgk/script/dynamic.js"></script>\n'
            f"<script>function search(a,b,c){{{call}}}\nsearch('{escape(number)}','','');</script>\n"
            f'<div id="{divid}">正在加载，请稍候……</div>'
        )
        return self._column(COLUMN, {"机构职能": _col("22042")}, main, "信息公开年报")

    def _search(self, request: Request) -> Response:
        """The catalogue's rows: parameters of the address come before those of the body, as a servlet reads them."""
        given = {**request.form, **{name: value for name, value in request.query.items() if value}}
        area, page = given.get("area", ""), given.get("currpage") or "1"
        known = request.method == "POST" and (given.get("infotypeId"), given.get("jdid")) == (CATALOGUE, WEB)
        everything: list[Entry] = []
        if known and area in ("", AREA):
            everything = self.entries(request, CATALOGUE_SLUG if area else None)
        _, count = paged(everything, 1, CATALOGUE_ROWS)
        current = min(count, max(1, int(page))) if page.isdecimal() else 1
        rows, _ = paged(everything, current, CATALOGUE_ROWS)
        base = request.urls[self.name].rstrip("/")
        items = "".join(_catalogue_row(row, base, number) for number, row in enumerate(rows))
        step = f"<a href=\"javascript:goPage('{current + 1}','{escape(given.get('divid', ''))}')\">下一页</a>"
        step = step if current < count else "下一页"
        pager = f"共{len(everything)}条&nbsp;&nbsp;共{count}页&nbsp;&nbsp;第{current}页 {step}"
        table = f'<table width="100%">{items}<tr><td colspan="3" align="right">{pager}</td></tr></table>'
        return Response(200, "text/html;charset=UTF-8", table.encode())

    def detail(self, report: ReportTruth, path: str, body: str) -> str:
        metas = self.frame.site_metas() | article_metas(report, COLUMN, " 16:42")
        metas |= {"ColumnType": "信息公开年报", "Image": "", "Url": path}
        if report.attachment:
            body += self.attachment_links(self.file_path(report), report)
        table = (
            f"<table class='xxgk_bt'><tr><td>索&nbsp;引&nbsp;号</td><td>{index_number(report)}</td><td>组配分类</td>"
            f"<td>{COLUMN}</td></tr><tr><td>发文机关</td><td>{report.unit}</td><td>成文日期</td>"
            f"<td>{report.published}</td></tr></table>"
        )
        main = table + _article(report.title, f"{report.published}", body)
        return self.frame.render(Page(report.title, metas, (("首页", "/"), (COLUMN, _col(COUNTY.column))), main))

    def notice(self, item: NotReport, body: str) -> str:
        metas = self.frame.column_metas(COLUMN, "信息公开年报")
        metas |= {"ArticleTitle": item.title, "PubDate": f"{item.published} 09:30"}
        main = _article(item.title, f"{item.published}", body)
        return self.frame.render(Page(item.title, metas, (("首页", "/"),), main))


def _article(title: str, dated: str, body: str) -> str:
    shown = f'<div class="title"><h1>{escape(title)}</h1></div><div class="xx">发布日期：{dated}</div>{TOOLS}'
    return f'{shown}<div id="zoom"><!--content.begin-->\n{body}\n<!--content.end--></div>{SHARE}'


def _group(unit: List, county: str) -> str:
    webname = quote(quote(f"{county}人民政府"))  # written twice encoded, as the system does
    return f"webid={WEB}&path=/&columnid={unit.column}&unitid={unit.number}&webname={webname}&permissiontype=0"


def _row(row: Entry, dated: str = "") -> str:
    text = row.title if len(row.title) <= 20 else f"{row.title[:20]}…"
    title = escape(row.title)
    link = f'<a target="_blank" href="{row.path}" title="{title}">{escape(text)}</a>'
    return f'<li class="clearfix">{link}<span>{dated or row.published}</span></li>'


def _records(rows: list[Entry], total: int, unit: List) -> Response:
    items = "\n".join(f"<record><![CDATA[{_row(row, row.published.strftime(BROKEN))}]]></record>" for row in rows)
    counts = f"<totalrecord>{total}</totalrecord><totalpage>{-(-total // unit.rows)}</totalpage>"
    store = f"<datastore>{counts}<recordset>\n{items}\n</recordset></datastore>"
    return Response(200, "text/xml;charset=UTF-8", store.encode())


def _literal(rows: list[Entry], total: int, unit: List) -> Response:
    items = ",".join(f"'{_row(row).replace(chr(34), chr(92) + chr(39))}'" for row in rows)
    script = f"totalRecord = {total};\nperPage = {unit.rows};\ndataStore = [{items}];\n"
    return Response(200, "text/html;charset=UTF-8", script.encode())


def _catalogue_row(row: Entry, base: str, number: int) -> str:
    kind = "even" if number % 2 else "odd"
    link = f'<a href="{base}{row.path}" title="{escape(row.title)}" class="bt_link">{escape(row.title[:18])}…</a>'
    cells = f"<td>{AREA}/{row.published:%Y}</td><td>{link}</td><td>{row.published}</td>"
    return f'<tr class="tr_main_value_{kind}">{cells}</tr>'


SITE = Hanweb
