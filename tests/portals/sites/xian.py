"""The portal of 槲林县, as the districts of 西安 build theirs: page files 1.html, 2.html, articles by a 24-digit hex id.

Structure: portals.md 3.8 (西安, 西咸). The id is a Mongo id, whose first 8 digits are the time at which the article was
made. One list holds all reports; two departments have columns of their own, and one article stands in both places.
The pager has numbers near the page and arrows, no words; a row's date is cut into day and month. Content-Disposition
names attached files in raw GBK.
"""

import hashlib
import re
from collections.abc import Mapping
from datetime import UTC, datetime
from html import escape

from ..chrome import SHARE, TOOLS, Frame, Page, article_metas
from ..model import NotReport, ReportTruth, Truth
from ..site import Entry, Library, Request, Site, paged

BLOCKS = "/zwgk/zfxxgk/"
COLUMN = f"{BLOCKS}xxgknb/"
ORGANS = "/zwgk/bmxxgk/"
REPORTS = "政府信息公开年报"
NAMES = {"xxgkzn": "政府信息公开指南", "xxgkzd": "政府信息公开制度", "fdzdgknr": "法定主动公开内容", "xxgknb": REPORTS}
DEPARTMENTS = {"jiaoyu": "jyj", "renshe": "rsj", "shuili": "slj"}
SUBSITES = {slug: f"{ORGANS}{DEPARTMENTS[slug]}/xxgknb/" for slug in ("jiaoyu", "renshe")}
COLUMNS = {f"{COLUMN}1.html": ""} | {f"{place}1.html": slug for slug, place in SUBSITES.items()}
BOTH_PLACES = frozenset({"xian/jiaoyu/2023"})
NEWS = {
    "/xwzx/zwyw/674a2b19a3c47d024d6e9a31.html": "我县召开冬季供暖工作会",
    "/xwzx/zwyw/674bd0c2a3c47d024d6e9a57.html": "老旧小区改造项目完工",
}
PLAIN = {"/xwzx/zwyw/": "政务要闻"}
PAGE = re.compile(r"(/(?:\w+/)+)([1-9]\d{0,3})\.html")


class Xian(Site):
    """The simulated portal."""

    name = "xian"
    family = "shaanxi"
    notice_addresses = (
        f"{COLUMN}61b15d10a3c47d015e1a7c0{{n}}.html",
        f"{COLUMN}648a6a90a3c47d015e1a7c0{{n}}.html",
        f"{COLUMN}660b5f90a3c47d015e1a7c0{{n}}.html",
    )
    columns = COLUMNS
    rows = 5
    robots = "User-agent: *\nDisallow: /manage/\n"

    def __init__(self, truth: Truth, library: Library) -> None:
        super().__init__(truth, library)
        links = (("首页", "/"), ("政务要闻", "/xwzx/zwyw/1.html"), ("政务公开", "/zwgk/1.html"))
        self.frame = Frame(self.county, links, '<meta charset="UTF-8"/>', content_first=True)

    def page_paths(self, report: ReportTruth) -> tuple[str, ...]:
        name = f"{_mongo_id(report)}.html"
        own = f"{SUBSITES.get(report.slug, COLUMN)}{name}"
        return (f"{COLUMN}{name}", own) if report.key in BOTH_PLACES else (own,)

    def file_path(self, report: ReportTruth) -> str:
        name = hashlib.md5(report.key.encode()).hexdigest()
        return f"/upload/resources/file/{report.published:%Y/%m/%d}/{name}.{report.attachment}"

    def file_headers(self, report: ReportTruth) -> Mapping[str, str]:
        name = f"{report.title}.{report.attachment}".encode("gbk").decode("latin-1")
        return {"Content-Disposition": f'attachment; filename="{name}"'}

    def other_page(self, request: Request) -> str | None:
        if request.path == "/":
            return self._home()
        if text := NEWS.get(request.path):
            return self._framed(text, f"<h2>{text}</h2><div id='mainText'><p>{text}，群众反映良好。</p></div>")
        found = PAGE.fullmatch(request.path)
        if found is None:
            return None
        directory, page = found[1], int(found[2])
        slug = COLUMNS.get(f"{directory}1.html")
        if slug is not None:
            return self._list(directory, self.entries(request, slug or None), page)
        return self._one(directory) if page == 1 else None

    def _one(self, directory: str) -> str | None:
        """The columns that have one page."""
        if directory == "/zwgk/":
            return self._links("政务公开", {"政府信息公开": "zfxxgk/1.html", "部门信息公开": "bmxxgk/1.html"})
        if directory == BLOCKS:
            return self._links("政府信息公开", {text: f"{slug}/1.html" for slug, text in NAMES.items()})
        names = {unit.slug: unit.short for unit in self.county.units}
        if directory == ORGANS:
            return self._links(
                "部门信息公开", {names[slug]: f"./{place}/1.html" for slug, place in DEPARTMENTS.items()}
            )
        for slug, place in DEPARTMENTS.items():
            if directory == f"{ORGANS}{place}/":
                own = {REPORTS: f"{directory}xxgknb/1.html"} if slug in SUBSITES else {}
                return self._links(names[slug], {"机构职能": "jgzn/1.html"} | own)
            if directory == f"{ORGANS}{place}/jgzn/":
                return self._links(f"{names[slug]}机构职能", {})
        name = PLAIN.get(directory) or NAMES.get(directory.removeprefix(BLOCKS).rstrip("/"))
        return self._links(name, {}) if name else None

    def _home(self) -> str:
        name = f"{self.county.name}人民政府"
        news = "".join(f'<li><a href="{path}">{text}</a></li>' for path, text in NEWS.items())
        main = f'<ul class="yw">{news}</ul><a class="icon" href="/zwgk/1.html"><img src="" alt=""><p>政务公开</p></a>'
        return self.frame.render(Page(name, self.frame.site_metas(), (), main))

    def _links(self, name: str, links: dict[str, str]) -> str:
        items = "".join(
            f'<dd><a href="{href}" title="{text}"><span>{text}</span></a></dd>' for text, href in links.items()
        )
        return self._framed(name, f"<dl class='menu'><dt>{name}</dt>{items}</dl><p>{name}定期更新。</p>")

    def _list(self, directory: str, rows: list[Entry], page: int) -> str | None:
        shown, count = paged(rows, page, self.rows)
        if page > count:
            return None
        items = "\n".join(_row(row, directory) for row in shown)
        main = f'<div class="gl-list">\n{items}\n</div>\n<div class="page">{_pager(page, count)}</div>'
        return self._framed(REPORTS, main, "信息公开年报", self._owner(directory))

    def _owner(self, directory: str) -> tuple[tuple[str, str], ...]:
        """What the trail of a department's column goes over."""
        for slug, place in SUBSITES.items():
            if directory == place:
                name = next(unit.name for unit in self.county.units if unit.slug == slug)
                return (("部门信息公开", f"{ORGANS}1.html"), (name, "../1.html"))
        return ()

    def _framed(self, name: str, main: str, kind: str = "信息公开目录", owner: tuple[tuple[str, str], ...] = ()) -> str:
        news = "".join(f'<a href="{path}">{text}</a>' for path, text in NEWS.items())
        trail = (("首页", "/"), ("政务公开", "/zwgk/1.html"), *owner, (name, "./1.html"))
        main = f'{main}\n<div class="hot"><b>热点信息</b>{news}</div>'
        return self.frame.render(Page(name, self.frame.column_metas(name, kind), trail, main))

    def detail(self, report: ReportTruth, path: str, body: str) -> str:
        metas = self.frame.site_metas() | article_metas(report, REPORTS, " 09:00") | {"ColumnType": "信息公开年报"}
        if report.attachment:
            body += self.attachment_links(self.file_path(report), report)
        dated = f"时间：{report.published}&nbsp;09:00&nbsp;&nbsp;来源：{escape(report.unit)}"
        trail = (("首页", "/"), ("政务公开", "/zwgk/1.html"), (REPORTS, "./1.html"))
        return self.frame.render(Page(report.title, metas, trail, _article(report.title, dated, body)))

    def notice(self, item: NotReport, body: str) -> str:
        metas = self.frame.site_metas() | {"ArticleTitle": item.title, "PubDate": str(item.published)}
        dated = f"时间：{item.published}"
        return self.frame.render(Page(item.title, metas, (("首页", "/"),), _article(item.title, dated, body)))


def _mongo_id(report: ReportTruth) -> str:
    """Seconds since 1970 in 8 hexadecimal digits, and 16 more."""
    day = report.published
    clock = datetime(day.year, day.month, day.day, 1, 0, report.serial % 60, tzinfo=UTC)
    return f"{int(clock.timestamp()):08x}a3c47d01{0x5E1A8000 + report.serial * 37:08x}"


def _article(title: str, dated: str, body: str) -> str:
    shown = f"<h1>{escape(title)}</h1><div class='info'>{dated}{TOOLS}</div>"
    return f'{shown}<div id="mainText" class="main-txt">\n{body}\n</div>{SHARE}'


def _row(row: Entry, directory: str) -> str:
    href = row.path.removeprefix(directory) if row.path.startswith(directory) else row.path
    dated = f'<div class="date"><b>{row.published:%d}</b><span>{row.published:%Y-%m}</span></div>'
    return f'<div class="item">{dated}<h3><a href="{href}" target="_blank">\n  {escape(row.title)}\n</a></h3></div>'


def _pager(page: int, count: int) -> str:
    """Arrows and the numbers beside the page; the arrows of the ends lead nowhere."""
    back = f'<a href="{page - 1}.html">&lt;</a>' if page > 1 else "<a>&lt;</a>"
    on = f'<a href="{page + 1}.html">&gt;</a>' if page < count else "<a>&gt;</a>"
    near = range(max(1, page - 1), min(count, page + 1) + 1)
    numbers = "".join(f"<em>{n}</em>" if n == page else f'<a href="{n}.html">{n}</a>' for n in near)
    return f"{back}{numbers}{on}"


SITE = Xian
