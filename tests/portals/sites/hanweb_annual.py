"""The Hanweb portal of 桑垄县, after portals.md 3.4 (special page): one page for an organ and a year, no list.

The organ list leads to `xxgkAnnualReport.jsp?area=` (with a year, or without: then its newest report is shown) or to
a page of the column with `vc_xxgkarea=`, which links the organ's years. A report's page offers all years, in a select
or as links; the order of the parameters varies and does not matter. A year without a report has a page like the others
that says 暂无数据, with status 200.
"""

from dataclasses import replace
from html import escape
from typing import Literal

from ..chrome import SHARE, TOOLS, Frame, Page
from ..model import NotReport, ReportTruth, Truth
from ..site import Entry, Library, Request, Response, Site

JSP = "/module/xxgk/xxgkAnnualReport.jsp"
YEARS = tuple(range(2025, 2019, -1))
COLUMN, NOTICES = "/col/col1229266380/index.html", "/col/col1229266391/index.html"
NAME = "政府信息公开年报"
Entrance = Literal["column", "newest", "year"]
# The code of each organ, where the organ list leads, and whether its year comes first in addresses.
ORGANS: dict[str, tuple[str, Entrance, bool]] = {
    "zhengfu": ("119907070000000001", "newest", False),
    "zfb": ("11990707MB0002026L", "year", False),
    "jiaoyu": ("11990707MB0033052X", "column", True),
    "shuili": ("01990707-017", "column", False),
    "renshe": ("01990707-024", "year", True),
    "chengguan": ("001099007014017", "newest", True),
    "liuhe": ("001099007014021", "column", True),
    "dongguan": ("11990707MB0051177C", "year", False),
}
SLUGS = {code: slug for slug, (code, _, _) in ORGANS.items()}
LINKS = {
    "/col/col1229266370/index.html": (
        "政府信息公开",
        {
            "政府信息公开指南": "/col/col1229266371/index.html",
            "政府信息公开制度": "/col/col1229266372/index.html",
            "法定主动公开内容": "/col/col1229266373/index.html",
            NAME: COLUMN,
        },
    ),
    "/col/col1229266371/index.html": ("政府信息公开指南", {}),
    "/col/col1229266372/index.html": ("政府信息公开制度", {}),
    "/col/col1229266373/index.html": ("法定主动公开内容", {"通知公告": NOTICES}),
    "/col/col1229266395/index.html": ("魅力桑垄", {}),
}


def _address(slug: str, year: int) -> str:
    code, _, year_first = ORGANS[slug]
    return f"{JSP}?fbtime={year}&area={code}" if year_first else f"{JSP}?area={code}&fbtime={year}"


def _entry(slug: str) -> str:
    """Where the organ list leads."""
    code, entrance, _ = ORGANS[slug]
    if entrance == "column":
        return f"{COLUMN}?vc_xxgkarea={code}"
    return _address(slug, YEARS[0]) if entrance == "year" else f"{JSP}?area={code}"


COLUMNS = {_entry(slug): slug for slug in ORGANS}


class HanwebAnnual(Site):
    """The simulated portal."""

    name = "hanweb_annual"
    family = "hanweb"
    notice_addresses = (
        "/art/2021/12/9/art_1229266391_90000{n}.html",
        "/art/2023/6/15/art_1229266391_90000{n}.html",
        "/art/2024/4/2/art_1229266391_90000{n}.html",
    )
    columns = COLUMNS

    def __init__(self, truth: Truth, library: Library) -> None:
        super().__init__(truth, library)
        home, public, about = ("首页", "/"), "/col/col1229266370/index.html", "/col/col1229266395/index.html"
        links = (home, ("政府信息公开", public), ("通知公告", NOTICES), ("魅力桑垄", about))
        self.frame = Frame(self.county, links, "<META charset='utf-8'>")
        self.units = {unit.slug: unit for unit in self.county.units}

    def page_paths(self, report: ReportTruth) -> tuple[str, ...]:
        return (_address(report.slug, report.year),)

    def file_path(self, report: ReportTruth) -> str:
        code = ORGANS[report.slug][0]
        name = f"{code}-{report.year}-{report.serial:04}.{report.attachment}"
        return f"/module/download/downfile.jsp?classid=0&filename={name}"

    def respond(self, request: Request) -> Response:
        """The answer; of the report page's address only the organ and the year matter."""
        if request.path != JSP:
            return super().respond(request)
        slug = SLUGS.get(request.query.get("area", ""))
        if slug is None or request.empty:
            return self._html(self._annual(slug, "", "", ""))
        year = request.query.get("fbtime") or self._newest(slug, request)
        path = _address(slug, int(year)) if year.isdecimal() else ""
        report = self.pages.get(path)
        if report is None or not report.visible_on(request.day):
            return self._html(self._annual(slug, year, "", ""))
        target, _, query = path.partition("?")
        pairs = dict(pair.split("=") for pair in query.split("&"))
        return super().respond(replace(request, path=target, query=pairs))

    def other_page(self, request: Request) -> str | None:
        if request.path in ("/", "/index.html"):
            return self._home()
        if request.path == COLUMN:
            return self._organs(request)
        if request.path == NOTICES:
            rows = [Entry(item.title, item.path, item.published) for item in self.others.values()]
            items = "".join(
                f'<li><a href="{row.path}">{escape(row.title)}</a><b>{row.published}</b></li>' for row in rows
            )
            return self._column("通知公告", "工作动态", f"<ul>{items}</ul>")
        if request.path not in LINKS:
            return None
        name, links = LINKS[request.path]
        items = "".join(f'<li><a href="{href}">{text}</a></li>' for text, href in links.items())
        return self._column(name, "信息公开目录", f"<ul>{items}</ul><p>{name}由县政府办公室维护。</p>")

    def _newest(self, slug: str, request: Request) -> str:
        years = [one.year for one in self.reports if one.slug == slug and one.visible_on(request.day)]
        return str(max(years, default=""))

    def _home(self) -> str:
        metas = self.frame.site_metas() | {"ColumnType": "首页"}
        main = "<div class='yw'><p>桑蚕合作社迎来丰收。</p></div>"
        return self.frame.render(Page(f"{self.county.name}人民政府", metas, (), main))

    def _column(self, name: str, kind: str, main: str) -> str:
        trail = (("首页", "/"), ("政府信息公开", "/col/col1229266370/index.html"), (name, "#"))
        return self.frame.render(Page(name, self.frame.column_metas(name, kind), trail, main))

    def _organs(self, request: Request) -> str:
        """The organ list, or the organ that its address names."""
        slug = SLUGS.get(request.query.get("vc_xxgkarea", ""))
        if slug:
            years = "<p>暂无数据</p>" if request.empty else _year_links(slug)
            return self._column(f"{self.units[slug].name}{NAME}", "信息公开年报", years)
        groups = {"县政府": ("government", "office"), "部门": ("department",), "乡镇街道": ("town", "street")}
        shown = ""
        for group, kinds in groups.items():
            units = [unit for unit in self.county.units if unit.unit_type in kinds]
            items = "".join(f'<li><a href="{_entry(unit.slug)}">{unit.short}</a></li>' for unit in units)
            shown += f"<dl><dt>{group}</dt><dd><ul>{items}</ul></dd></dl>"
        return self._column(NAME, "信息公开年报", shown)

    def _annual(self, slug: str | None, year: str, dated: str, body: str, title: str = "") -> str:
        """The report page of an organ and a year; without a body it is a year without a report."""
        choice = ""
        if slug and year:
            choice = _year_links(slug) if ORGANS[slug][2] else _year_select(slug, year)
        unit = self.units[slug].name if slug else ""
        shown = title or f"{unit}{escape(year)}年政府信息公开年报"
        content = body or '<p style="text-align:center">暂无数据</p>'
        main = (
            f'<div class="nb_left"><h3>{unit}</h3>{choice}</div><div class="nb_right"><p class="bt">{shown}</p>'
            f'<div class="sj">发布时间：{dated}</div>{TOOLS}<div id="zoom">\n{content}\n</div></div>{SHARE}'
        )
        trail = (("首页", "/"), (NAME, COLUMN))
        return self.frame.render(Page(NAME, self.frame.site_metas(), trail, main))

    def detail(self, report: ReportTruth, path: str, body: str) -> str:
        if report.attachment:
            body += self.attachment_links(self.file_path(report), report)
        return self._annual(report.slug, str(report.year), str(report.published), body, escape(report.title))

    def notice(self, item: NotReport, body: str) -> str:
        metas = self.frame.column_metas("通知公告", "工作动态") | {"ArticleTitle": item.title}
        main = (
            f'<h1>{escape(item.title)}</h1><div class="sj">发布时间：{item.published}</div><div id="zoom">{body}</div>'
        )
        return self.frame.render(Page(item.title, metas, (("首页", "/"), ("通知公告", NOTICES)), main))


def _year_links(slug: str) -> str:
    items = "".join(f"<li><a href='{_address(slug, year)}'>{year}年</a></li>" for year in YEARS)
    return f'<ul class="years">{items}</ul>'


def _year_select(slug: str, year: str) -> str:
    chosen = {str(one): " selected" if str(one) == year else "" for one in YEARS}
    options = "".join(f'<option value="{one}"{mark}>{one}年度</option>' for one, mark in chosen.items())
    code = ORGANS[slug][0]
    script = f"function toYear(y){{window.location.href='{JSP}?area={code}&fbtime='+y;}}"
    return (
        f'<select id="fbtime" name="fbtime" onchange="toYear(this.value)">{options}</select><script>{script}</script>'
    )


SITE = HanwebAnnual
