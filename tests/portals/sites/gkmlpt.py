r"""The gkmlpt platform of 榕岭县: a page of scripts that asks for its lists as JSON (portals.md 3.7, Guangdong).

The home page leads to /gkmlpt/index, whose script holds the number of the site (SID) and the tree of columns; rows come
from /gkmlpt/api/all/{column}?page={n}&sid={SID} alone. Two organs have sub-sites under a path of their own. Bodies stand
as JSON in the script of a page, in some in its HTML; part of the addresses in the lists say https, which nobody serves.
"""

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from html import escape
from typing import Any

from ..chrome import Frame, Page, article_metas, index_number
from ..model import NotReport, ReportTruth, Truth
from ..site import Entry, Library, Request, Response, Site, paged

NODE = "政府信息公开工作年度报告"


@dataclass(frozen=True, slots=True)
class Sub:
    """A site of the platform: path before /gkmlpt, its SID, the number of its report node, whose reports it lists."""

    prefix: str
    sid: str
    node: int
    slug: str


SUBS = (Sub("", "799031", 11, ""), Sub("/jyj", "799325", 2811, "jiaoyu"), Sub("/lhx", "799340", 3120, "liuhe"))
OTHERS = {"/zwgk/": "政务公开", "/zjrl/": "走进榕岭", "/ysqgk/": "依申请公开", "/zwgk/wzbb/": "政府网站工作年度报表"}


class Gkmlpt(Site):
    """The simulated portal."""

    name = "gkmlpt"
    notice_addresses = ("/gkmlpt/content/2/2199/post_219900{n}.html",) * 3
    columns: Mapping[str, str] = {f"{sub.prefix}/gkmlpt/index": sub.slug for sub in SUBS}
    rows = 5

    def __init__(self, truth: Truth, library: Library) -> None:
        super().__init__(truth, library)
        links = (("首页", "/"), ("走进榕岭", "/zjrl/"), ("政务公开", "/zwgk/"), ("政府信息公开", "/gkmlpt/index"))
        self.frame = Frame(self.county, links, '<meta charset="utf-8">\n<meta name="csrf-token" content="">')

    def page_paths(self, report: ReportTruth) -> tuple[str, ...]:
        number = _number(report)
        prefix = next((sub.prefix for sub in SUBS if sub.slug == report.slug), "")
        return (f"{prefix}/gkmlpt/content/{number // 10**6}/{number // 1000}/post_{number}.html",)

    def file_path(self, report: ReportTruth) -> str:
        folder = 12300 + report.serial
        return f"/attachment/0/{folder // 1000}/{folder}/{_number(report)}.{report.attachment}"

    def other_page(self, request: Request) -> str | Response | None:
        platform = re.fullmatch(r"(/\w+)?/gkmlpt/(index|policy|api/all/(\d+))", request.path)
        if platform:
            sub = next((sub for sub in SUBS if sub.prefix == (platform[1] or "")), None)
            if sub is None:
                return None
            return self._api(request, sub, int(platform[3])) if platform[3] else self._index(request, sub)
        if request.path in ("/", "/index.html"):
            return self._home()
        if request.path == "/zwgk/":
            return self._openness()
        name = OTHERS.get(request.path)
        return self._framed(name, f"<p>{name}栏目由县政务数据局维护。</p>") if name else None

    def _framed(self, title: str, main: str) -> str:
        trail = () if title.endswith("县人民政府") else (("首页", "/"), (title, "#"))
        return self.frame.render(Page(title, self.frame.site_metas(), trail, main))

    def _home(self) -> str:
        main = '<p>榕岭荔枝节开幕。</p><div><a href="/gkmlpt/index#11" target="_blank">政府信息公开年报</a></div>'
        return self._framed(f"{self.county.name}人民政府", main)

    def _openness(self) -> str:
        names = {unit.slug: unit.short.removeprefix(self.county.name) for unit in self.county.units}
        organs = "".join(f'<li><a href="{s.prefix}/gkmlpt/index">{names[s.slug]}</a></li>' for s in SUBS if s.slug)
        main = f'<a href="/gkmlpt/index">政府信息公开目录</a><h3>部门和镇乡</h3><ul>{organs}</ul>'
        return self._framed("政务公开", main)

    def _index(self, request: Request, sub: Sub) -> str:
        """The empty page that a script fills."""
        tree = json.dumps(_tree(sub, len(self.entries(request, sub.slug or None))), ensure_ascii=False)
        config = f"SITE_ID:'{sub.sid[3:]}', SID: '{sub.sid}', TREE: {tree}, SERVICE_AREA_ID: 799"
        main = (
            f'<div id="app"><div class="loading">加载中…</div></div>\n<script>window._CONFIG = {{{config}}};</script>'
        )
        return self._framed("政府信息公开平台", main)

    def _api(self, request: Request, sub: Sub, node: int) -> Response:
        """A page of a list; the number 0 stands for all columns of a site."""
        page = request.query.get("page", "1")
        if request.query.get("sid") != sub.sid or not page.isdecimal():
            return _json({"error": 1, "message": "站点不存在", "data": None})
        everything = self.entries(request, sub.slug or None) if node in (0, sub.node) else []
        rows, _ = paged(everything, max(1, int(page)), self.rows)
        articles = [self._article(row, sub, request.urls[self.name].rstrip("/")) for row in rows]
        classify = {"id": node, "name": NODE if everything else "", "post_count": len(everything)}
        return _json({"total": len(everything), "classify": classify, "articles": articles})

    def _article(self, row: Entry, sub: Sub, base: str) -> dict[str, Any]:
        report = self.pages.get(row.path)
        number = int(re.findall(r"\d+", row.path)[-1])
        midnight = datetime(row.published.year, row.published.month, row.published.day, tzinfo=UTC)
        seconds = int((midnight - timedelta(hours=8)).timestamp())
        times = dict.fromkeys(("date", "create_time", "first_publish_time", "display_publish_time"), seconds)
        secure = base.replace("http://", "https://") if number % 2 else base
        return {
            "id": number,
            "title": row.title,
            "publisher": report.unit if report else f"{self.county.name}人民政府办公室",
            "identifier": index_number(report) if report else "",
            "document_number": "",
            "classify_main": sub.node,
            "classify_main_name": NODE,
            **times,
            "created_at": f"{row.published} 00:00:00",
            "is_expired": 0,
            "is_abolished": 0,
            "keywords": "",
            "abstract": "",
            "attachment": [],
            "url": f"{secure}{row.path}",
            "post_url": "",
        }

    def detail(self, report: ReportTruth, path: str, body: str) -> str:
        if report.attachment:
            body += self.attachment_links(self.file_path(report), report)
        table = (
            f'<table class="classify"><tr><td>索引号:</td><td>{index_number(report)}</td><td>分类:</td><td>{NODE}</td></tr>'
            f"<tr><td>发布机构:</td><td>{report.unit}</td><td>成文日期:</td><td>{report.published}</td></tr>"
            f"<tr><td>名称:</td><td colspan=3>{escape(report.title)}</td></tr>"
            f"<tr><td>文号:</td><td></td><td>发布日期:</td><td>{report.published}</td></tr></table>"
        )
        metas = self.frame.site_metas() | article_metas(report, NODE, " 00:00:00")
        main = table + _content(report.title, body, in_script=report.serial % 3 != 0)
        return self.frame.render(Page(report.title, metas, (("首页", "/"), ("政府信息公开", "/gkmlpt/index")), main))

    def notice(self, item: NotReport, body: str) -> str:
        return self._framed(item.title, _content(item.title, body, in_script=True))


def _number(report: ReportTruth) -> int:
    return 2155400 + report.serial * 7


def _tree(sub: Sub, count: int) -> list[dict[str, Any]]:
    """The columns of a site, two deep; one node only leads elsewhere."""
    first = sub.node - 4
    guides = [
        _node(first + 1, "政府信息公开指南"),
        _node(first + 2, "政府信息公开制度"),
        _node(sub.node, NODE, count=count),
    ]
    duties = [_node(first + 21, "机构职能"), _node(first + 22, "政策文件"), _node(first + 23, "财政预算决算")]
    tables = _node(first + 24, "政府网站工作年度报表", jump_url="/zwgk/wzbb/")
    asked = _node(first + 30, "依申请公开", jump_url="/ysqgk/")
    return [_node(first, "政务公开", guides), _node(first + 20, "法定主动公开内容", [*duties, tables]), asked]


def _node(
    number: int, name: str, children: list[dict[str, Any]] | None = None, count: int = 0, jump_url: str = ""
) -> dict[str, Any]:
    return {"id": number, "name": name, "post_count": count, "jump_url": jump_url, "children": children or []}


def _content(title: str, body: str, in_script: bool) -> str:
    """The body, once: as JSON in the script or as HTML in its container."""
    told = json.dumps({"title": title, "content": body if in_script else ""}, ensure_ascii=False)
    told = told.replace("<", "\\u003C").replace(">", "\\u003E").replace("&", "\\u0026")
    shown = "" if in_script else f"\n{body}\n"
    heading = f'<h1 class="title document-number">{escape(title)}</h1>'
    return f'{heading}<div class="article-content">{shown}</div>\n<script>window._CONFIG = {{DETAIL: {told}}};</script>'


def _json(value: dict[str, Any]) -> Response:
    return Response(200, "application/json", json.dumps(value, ensure_ascii=False).encode())


SITE = Gkmlpt
