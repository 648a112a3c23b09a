"""The old portal of 柿沟县: classic ASP beside ASP.NET, GBK, tags in capitals, numbers in queries (portals.md 3.8).

The county's column is list.asp?class=…, which shows its last page for any number beyond; those of two organs are
InfoPublic.aspx?cid=…&pid=…&page=…, which show nothing there. Classic ASP names its encoding in the page alone, not in a
header. Only SiteName is given as meta tag.
"""

import re
from dataclasses import replace
from datetime import date
from html import escape

from ..chrome import TOOLS, Frame, Page
from ..model import NotReport, ReportTruth, Truth
from ..site import Entry, Library, Request, Response, Site, number_of, paged

CLASSES = {
    "988": "政府信息公开指南",
    "989": "政府信息公开制度",
    "990": "法定主动公开内容",
    "991": "政府信息公开年报",
}
REPORTS = "991"
# Organs with pages of their own: number of the organ (cid) and of its report column (pid).
ORGANS = {"jiaoyu": ("12", "57"), "liuhe": ("31", "164")}
ORGAN_ROWS = 2
COLUMNS = {f"/list.asp?class={REPORTS}": ""} | {
    f"/InfoPublic.aspx?cid={cid}&pid={pid}&page=1": slug for slug, (cid, pid) in ORGANS.items()
}
OTHERS = {"/about.asp": "县情简介", "/news.asp": "柿沟新闻"}
NEWS = {"61207": "柿沟县柿饼上市", "61233": "防火值班通知"}
STATE = '<form name="form1" method="post" id="form1"><input type="hidden" name="__VIEWSTATE" value="/wEPDwUKLTE2">'
CUT = 21


class Asp(Site):
    """The simulated portal."""

    name = "asp"
    notice_addresses = ("/GovOpenShow.aspx?id=2021120909301{n}001",) * 3
    columns = COLUMNS
    rows = 5
    encoding = "gbk"

    def __init__(self, truth: Truth, library: Library) -> None:
        super().__init__(truth, library)
        links = (
            ("网站首页", "/"),
            ("县情简介", "/about.asp"),
            ("柿沟新闻", "/news.asp"),
            ("政府信息公开", "/GovOpen.aspx"),
        )
        head = '<meta http-equiv="Content-Type" content="text/html; charset=gb2312">'
        self.frame = Frame(self.county, links, head)
        self.names = {unit.slug: unit.short.removeprefix(self.county.name) for unit in self.county.units}

    def respond(self, request: Request) -> Response:
        """The answer; the header of a page of classic ASP does not name the encoding."""
        answer = super().respond(request)
        classic = request.path == "/" or request.path.endswith(".asp")
        return replace(answer, media_type="text/html") if classic and answer.status == 200 else answer

    def page_paths(self, report: ReportTruth) -> tuple[str, ...]:
        return (f"/GovOpenShow.aspx?id={report.published:%Y%m%d}0854{report.serial:02}{report.serial * 37 % 1000:03}",)

    def file_path(self, report: ReportTruth) -> str:
        return f"/upload/{report.published:%Y-%m}/{report.published:%Y%m%d}{report.serial:04}.{report.attachment}"

    def other_page(self, request: Request) -> str | Response | None:
        if request.path in ("/", "/default.asp"):
            return self._home()
        if request.path == "/GovOpen.aspx":
            return self._openness(request.query.get("cid", ""))
        if request.path == "/list.asp":
            return self._list(request)
        if request.path == "/InfoPublic.aspx":
            return self._organ_list(request)
        if request.path == "/show.asp" and request.query.get("id") in NEWS:
            return self._framed(NEWS[request.query["id"]], "<p>详情请看公告栏。</p>")
        name = OTHERS.get(request.path)
        return self._framed(name, f"<p>{name}</p>{_news()}") if name else None

    def _framed(self, title: str, main: str) -> str:
        """The page; its tags are written in capitals."""
        trail = () if title.endswith("县人民政府") else (("网站首页", "/"), ("政府信息公开", "/GovOpen.aspx"))
        metas = {"SiteName": self.frame.site_metas()["SiteName"]}
        page = self.frame.render(Page(title, metas, trail, main))
        return re.sub(r"</?[a-z][a-z0-9]*\b", lambda tag: tag[0].upper(), page)

    def _home(self) -> str:
        main = f"<table width=980><tr><td>{_news()}</td><td><a href=GovOpen.aspx>政府信息公开</a></td></tr></table>"
        return self._framed(f"{self.county.name}人民政府", main)

    def _openness(self, organ: str) -> str | None:
        """The four blocks and the organs, or the page of one organ."""
        if not organ:
            items = "".join(f"<td><a href='list.asp?class={n}'>{text}</a></td>" for n, text in CLASSES.items())
            organs = "".join(
                f"<li><a href=GovOpen.aspx?cid={cid}>{self.names[slug]}</a>" for slug, (cid, _) in ORGANS.items()
            )
            main = f"<table width=980><tr>{items}</tr></table><ul>{organs}</ul>"
            return self._framed("政府信息公开", main)
        slug = next((slug for slug, (cid, _) in ORGANS.items() if cid == organ), None)
        if slug is None:
            return None
        columns = {"机构职能": int(ORGANS[slug][1]) - 1, "年度报告": int(ORGANS[slug][1])}
        items = "".join(
            f'<p><a href="InfoPublic.aspx?cid={organ}&pid={pid}&page=1">{text}</a></p>' for text, pid in columns.items()
        )
        return self._framed(self.names[slug], f'{STATE}<div class="left">{items}</div></form>')

    def _list(self, request: Request) -> str | Response | None:
        number, page = request.query.get("class", ""), number_of(request, "page")
        if number not in CLASSES:
            return None
        if page is None:
            error = "<font face=宋体 size=2><p>Microsoft VBScript 运行时错误 '800a000d'</p><p>类型不匹配</p></font>"
            return self._html(error, status=500)
        if number != REPORTS:
            return self._framed(CLASSES[number], f"<p>{CLASSES[number]}由县政府办公室维护。</p>")
        everything = self.entries(request)
        _, count = paged(everything, 1, self.rows)
        page = min(max(page, 1), count)
        items = "\n".join(map(_row, paged(everything, page, self.rows)[0]))
        pager = _pager(page, count, len(everything))
        return self._framed(CLASSES[REPORTS], f"<table width=760 class=lb>\n{items}\n</table>\n{pager}{_news()}")

    def _organ_list(self, request: Request) -> str | None:
        place, page = (request.query.get("cid"), request.query.get("pid")), number_of(request, "page")
        slug = next((slug for slug, numbers in ORGANS.items() if numbers == place), None)
        if page is None or place[0] not in {cid for cid, _ in ORGANS.values()}:
            return None
        rows, count = paged(self.entries(request, slug) if slug else [], max(1, page), ORGAN_ROWS)
        items = "".join(
            f"<p><a href=/{row.path[1:]}>{escape(row.title)}</a><span>{row.published}</span></p>\n" for row in rows
        )
        base = f"?cid={place[0]}&pid={place[1]}&page="
        steps = {"首页": 1, "上一页": max(1, page - 1), "下一页": min(count, page + 1), "尾页": count}
        links = "".join(f'<a href="{base}{to}&kw=">{text}</a>&nbsp;' for text, to in steps.items())
        listed = f'<div class="info-list">\n{items or "<p>暂无信息</p>"}</div>'
        return self._framed("信息公开", f'{STATE}{listed}<div class="pages">{links}</div></form>')

    def detail(self, report: ReportTruth, path: str, body: str) -> str:
        if report.attachment:
            body += self.attachment_links(self.file_path(report).removeprefix("/"), report)
        dated = f"日期：{_short(report.published)}&nbsp;&nbsp;作者：{report.unit}&nbsp;&nbsp;点击：86"
        return self._framed(report.title, _article(report.title, dated, body))

    def notice(self, item: NotReport, body: str) -> str:
        return self._framed(item.title, _article(item.title, f"日期：{_short(item.published)}", body))


def _article(title: str, dated: str, body: str) -> str:
    heading = f'<font color="#cc0000" size=5><b>{escape(title)}</b></font>'
    return (
        f"{STATE}<table width=980 align=center><tr><td align=center>{heading}</td></tr>"
        f"<tr><td align=center>{dated}</td></tr><tr><td>{TOOLS}</td></tr>"
        f'<tr><td class="content" id="content">\n{body}\n</td></tr></table></form>'
    )


def _short(day: date) -> str:
    """A date as ASP writes it: no zero before a month or a day."""
    return f"{day.year}-{day.month}-{day.day}"


def _row(row: Entry) -> str:
    text = row.title if len(row.title) <= CUT else f"{row.title[:CUT]}…"
    link = f"<a href=\"{row.path[1:]}\" title='{escape(row.title)}' target=_blank>{escape(text)}</a>"
    return f"<tr><td>·{link}</td><td width=90>[{_short(row.published)}]</td></tr>"


def _pager(page: int, count: int, total: int) -> str:
    steps = {"首页": 1, "上一页": max(1, page - 1), "下一页": min(count, page + 1), "尾页": count}
    links = " ".join(
        text if to == page else f"<a href='list.asp?class={REPORTS}&page={to}'>{text}</a>" for text, to in steps.items()
    )
    options = "".join(f"<option value={number}>{number}" for number in range(1, count + 1))
    jump = f"<select onchange=\"location.href='list.asp?class={REPORTS}&page='+this.value\">{options}</select>"
    return f"<div align=center>{links} 页次：<b>{page}</b>/{count}页 共{total}条 转到{jump}</div>"


def _news() -> str:
    items = "".join(f"<li><a href=show.asp?id={number}>{text}</a>" for number, text in NEWS.items())
    return f"<div class=side><b>最新信息</b><ul>{items}</ul></div>"


SITE = Asp
