"""The small old portal of 苇泊县: JHTML addresses, GBK under the name gb2312, no standard meta tags beyond the site's.

A page's date and source stand in a line of text, its title in an h1 or only in a styled box; the pager is four links.
"""

from html import escape
from urllib.parse import urlencode

from ..chrome import SHARE, TOOLS, Frame, Page
from ..model import NotReport, ReportTruth, Truth
from ..site import Entry, Library, Request, Site, number_of, paged

CLASSES = {
    "10": "政府信息公开指南",
    "11": "政府信息公开制度",
    "13": "法定主动公开内容",
    "12": "政府信息公开年报",
}
REPORTS = "12"
COLUMNS = {f"/list.jhtml?class={REPORTS}": ""}


class Plain(Site):
    """The simulated portal."""

    name = "plain"
    notice_addresses = ("/show.jhtml?id=90{n}",) * 3
    columns = COLUMNS
    encoding = "gbk"

    def __init__(self, truth: Truth, library: Library) -> None:
        super().__init__(truth, library)
        links = (("网站首页", "/"), ("政务公开", "/zwgk.jhtml"), ("县情概况", "/about.jhtml"))
        head = '<meta http-equiv="Content-Type" content="text/html; charset=gb2312">'
        self.frame = Frame(self.county, links, head)

    def page_paths(self, report: ReportTruth) -> tuple[str, ...]:
        return (f"/show.jhtml?id={300 + report.serial}",)

    def file_path(self, report: ReportTruth) -> str:
        return f"/upload/{report.published.year}/{report.serial:04d}.{report.attachment}"

    def other_page(self, request: Request) -> str | None:
        if request.path in ("/", "/index.jhtml"):
            return self._home()
        if request.path == "/zwgk.jhtml":
            items = "".join(f'<td><a href="list.jhtml?class={n}">{text}</a></td>' for n, text in CLASSES.items())
            return self._framed("政务公开", f"<table width=780><tr>{items}</tr></table>")
        if request.path == "/about.jhtml":
            return self._framed("县情概况", "<p>苇泊县湖多苇多，有三百年编席历史。</p>")
        if request.path == "/list.jhtml" and request.query.get("class") in CLASSES:
            return self._list(request, request.query["class"])
        return None

    def _home(self) -> str:
        main = '<table><tr><td>通知：汛期请注意安全。</td></tr></table><a href="zwgk.jhtml">政务公开</a>'
        return self._framed(f"{self.county.name}人民政府", main)

    def _framed(self, title: str, main: str) -> str:
        trail = () if title.endswith("人民政府") else (("网站首页", "/"), ("政务公开", "/zwgk.jhtml"))
        return self.frame.render(Page(title, self.frame.site_metas(), trail, main))

    def _list(self, request: Request, number: str) -> str | None:
        page = number_of(request, "page")
        if page is None or page < 1:
            return None
        if number != REPORTS:
            return self._framed(CLASSES[number], f"<p>{CLASSES[number]}由县政府办公室维护。</p>")
        everything = self.entries(request)
        rows, count = paged(everything, page)
        steps = {"首页": 1, "上一页": max(1, page - 1), "下一页": min(count, page + 1), "尾页": count}
        pager = " ".join(_step(text, to, page) for text, to in steps.items())
        items = "\n".join(_row(row) for row in rows)
        main = (
            f'<table width="780" class="lb">\n{items}\n</table>'
            f'<div align="center">共{len(everything)}条 {page}/{count} {pager}</div>'
        )
        return self._framed(CLASSES[REPORTS], main)

    def detail(self, report: ReportTruth, path: str, body: str) -> str:
        if report.attachment:
            body += self.attachment_links(self.file_path(report), report)
        dated = f"发布时间：{report.published}　信息来源：{report.unit}"
        return self._framed(report.title, _article(report.title, dated, body, report.serial % 2 == 0))

    def notice(self, item: NotReport, body: str) -> str:
        return self._framed(item.title, _article(item.title, f"发布时间：{item.published}", body, True))


def _article(title: str, dated: str, body: str, heading: bool) -> str:
    shown = f'<div style="font-size:22px;color:#c00;text-align:center">{escape(title)}</div>'
    if heading:
        shown = f"<h1>{escape(title)}</h1>"
    return f'{shown}<div align="center">{dated}</div>{TOOLS}<div class="content">\n{body}\n</div>{SHARE}'


def _row(row: Entry) -> str:
    href = escape(row.path.removeprefix("/"))
    return f'<tr><td>·<a href="{href}">{escape(row.title)}</a></td><td width="90">[{row.published}]</td></tr>'


def _step(text: str, to: int, page: int) -> str:
    if to == page:
        return text
    return f'<a href="list.jhtml?{escape(urlencode({"class": REPORTS, "page": to}))}">{text}</a>'


SITE = Plain
