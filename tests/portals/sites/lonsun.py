"""The LonSun portal of 清沙县: organs and catalogues by number, `type` as the tab of an organ's page.

Its county column lists every report; four organs have columns of their own under their organ number, two of whose
reports stand there under a second address. The pager is a number in a script: no link leads to the next page.
"""

from html import escape

from ..chrome import SHARE, TOOLS, Frame, Page, article_metas, index_number
from ..model import NotReport, ReportTruth, Truth
from ..site import Entry, Library, Request, Site, number_of, paged

PREFIX = "/zwgk/public"
COUNTY_ORGAN, COUNTY_CATALOGUE = "9901001", "20190401"
# Organs with pages of their own, with the number of each and of its catalogue.
ORGANS = {
    "jiaoyu": ("9901011", "20190411"),
    "shuili": ("9901013", "20190413"),
    "chengguan": ("9901016", "20190416"),
    "liuhe": ("9901018", "20190418"),
}
SIDE_PAGES = {"/fw/": "政务服务", "/admin/": "后台"}
SECOND_ADDRESS = frozenset({"lonsun/jiaoyu/2022", "lonsun/liuhe/2022"})
TABS = {
    "1": ("政府信息公开制度", "信息公开目录"),
    "2": ("政府信息公开指南", "信息公开指南"),
    "3": ("政府信息公开年报", "信息公开年报"),
    "4": ("法定主动公开内容", "信息公开目录"),
    "5": ("依申请公开", "依申请公开"),
}
COLUMNS = {f"{PREFIX}/column/{COUNTY_ORGAN}?type=3": ""} | {
    f"{PREFIX}/column/{number}?type=3": slug for slug, (number, _) in ORGANS.items()
}
SLUGS = {number: slug for slug, (number, _) in ORGANS.items()}


class LonSun(Site):
    """The simulated portal."""

    name = "lonsun"
    notice_addresses = (f"{PREFIX}/{COUNTY_ORGAN}/59000{{n}}.html",) * 3
    columns = COLUMNS
    robots = "User-agent: *\nDisallow: /admin/\n"

    def __init__(self, truth: Truth, library: Library) -> None:
        super().__init__(truth, library)
        links = (("首页", "/"), ("政务公开", "/zwgk/"), ("政务服务", "/fw/"), ("后台", "/admin/"))
        head = '<meta charset="utf-8">\n<meta name="renderer" content="webkit">'
        self.frame = Frame(self.county, links, head)

    def page_paths(self, report: ReportTruth) -> tuple[str, ...]:
        organ, _ = ORGANS.get(report.slug, (COUNTY_ORGAN, ""))
        first = f"{PREFIX}/{organ}/{59010000 + report.serial}.html"
        if report.key in SECOND_ADDRESS:
            return (first, f"{PREFIX}/{organ}/{59020000 + report.serial}.html")
        return (first,)

    def file_path(self, report: ReportTruth) -> str:
        return f"/group2/M00/0{report.year % 10}/3C/rB40{report.region}{report.serial:04d}AbcQ.{report.attachment}"

    def other_page(self, request: Request) -> str | None:
        organ = request.path.removeprefix(f"{PREFIX}/column/")
        if organ != request.path:
            return self._organ(organ, request)
        if request.path == "/":
            return self._home()
        if request.path in SIDE_PAGES:
            return self._column(COUNTY_ORGAN, SIDE_PAGES[request.path], "办事服务", "<p>请登录。</p>")
        return self._openness() if request.path == "/zwgk/" else None

    def _home(self) -> str:
        name = f"{self.county.name}人民政府"
        metas = self.frame.site_metas() | {"ColumnType": "首页"}
        main = '<div class="news"><h2>要闻</h2><p>县里召开春耕工作会议。</p></div><a href="/zwgk/">政务公开</a>'
        return self.frame.render(Page(name, metas, (), main))

    def _openness(self) -> str:
        tabs = "".join(f'<li><a href="{_tab(COUNTY_ORGAN, n)}">{tab}</a></li>' for n, (tab, _) in TABS.items())
        names = {unit.slug: unit.short for unit in self.county.units}
        organs = "".join(
            f'<li><a href="{_tab(number, "2")}">{names[slug]}</a></li>' for slug, (number, _) in ORGANS.items()
        )
        main = f'<ul class="xxgk_tabs">{tabs}</ul><h3>部门 乡镇</h3><ul class="organs">{organs}</ul>'
        metas = self.frame.column_metas("政务公开", "信息公开目录")
        return self.frame.render(Page("政务公开", metas, (("首页", "/"), ("政务公开", "/zwgk/")), main))

    def _organ(self, organ: str, request: Request) -> str | None:
        tab = request.query.get("type", "2")
        if tab not in TABS or (organ != COUNTY_ORGAN and organ not in SLUGS):
            return None
        if tab == "4" and "catId" in request.query:
            return self._list(organ, request)
        name, kind = TABS[tab]
        main = f'<div class="intro"><p>{name}栏目由专人维护。</p></div>'
        if tab == "3":
            main = self._reports_tab(organ, request)
        return self._column(organ, name, kind, main)

    def _reports_tab(self, organ: str, request: Request) -> str:
        """The county's tab leads to its catalogue, that of another organ shows its reports at once."""
        if organ == COUNTY_ORGAN:
            latest = _rows(self.entries(request)[:5])
            return f'{latest}<a class="more" href="{_catalogue(organ, COUNTY_CATALOGUE)}">查看全部年报</a>'
        return _rows(self.entries(request, SLUGS[organ]))

    def _list(self, organ: str, request: Request) -> str | None:
        slug = SLUGS.get(organ)
        catalogue = ORGANS[slug][1] if slug else COUNTY_CATALOGUE
        page = number_of(request, "pageIndex")
        if request.query["catId"] != catalogue or page is None:
            return None
        everything = self.entries(request, slug)
        rows, count = paged(everything, page)
        script = (
            f"<script>var cfg={{siteId:9901,organId:{organ},type:4,catId:{catalogue}}};"
            f"var p={{pageIndex:{page},pageSize:15,pageCount:{count},total:{len(everything)}}};</script>"
        )
        main = f'<div id="publicList">{_rows(rows)}</div><div id="page_public_info"></div>{script}'
        return self._column(organ, *TABS["3"], main)

    def _column(self, organ: str, name: str, kind: str, main: str) -> str:
        tabs = "".join(f'<li><a href="{_tab(organ, n)}">{tab}</a></li>' for n, (tab, _) in TABS.items())
        trail = (("首页", "/"), ("政务公开", "/zwgk/"), (self._organ_name(organ), _tab(organ, "2")), (name, "#"))
        hidden = '<input type="hidden" id="curFirstLevelChildId" value="">'
        main = f'{hidden}<ul class="xxgk_tabs">{tabs}</ul><div class="ls-list">{main}</div>'
        return self.frame.render(Page(name, self.frame.column_metas(name, kind), trail, main))

    def _organ_name(self, organ: str) -> str:
        slug = SLUGS.get(organ, "zhengfu")
        return next(unit.name for unit in self.county.units if unit.slug == slug)

    def detail(self, report: ReportTruth, path: str, body: str) -> str:
        metas = self.frame.site_metas() | article_metas(report, "政府信息公开年报", " 11:19")
        metas |= {"ColumnType": "信息公开目录", "Url": f"www.{self.county.domain}{path}"}
        if report.attachment:
            body += self.attachment_links(self.file_path(report), report)
        table = (
            '<table class="table_suoyin hidden-xs">\n'
            f'<tr><th>索引号：</th><td class="pmingcheng">{index_number(report)}</td>'
            '<th>组配分类：</th><td class="pmingcheng">政府信息公开年报</td></tr>\n'
            f'<tr><th>发布机构：</th><td class="pmingcheng">{report.unit}</td>'
            f'<th>发文日期：</th><td class="pmingcheng">{report.published} 11:19</td></tr>\n</table>'
        )
        organ = path.split("/")[3]
        trail = (
            ("首页", "/"),
            ("政务公开", "/zwgk/"),
            (report.unit, _tab(organ, "2")),
            ("政府信息公开年报", _tab(organ, "3")),
        )
        return self.frame.render(Page(report.title, metas, trail, f"{table}{_article(report.title, body)}"))

    def notice(self, item: NotReport, body: str) -> str:
        metas = self.frame.column_metas("政府信息公开年报", "信息公开目录")
        metas |= {"ArticleTitle": item.title, "PubDate": f"{item.published} 09:00"}
        return self.frame.render(Page(item.title, metas, (("首页", "/"),), _article(item.title, body)))


def _article(title: str, body: str) -> str:
    heading = f'<h1 class="wzbiaoti">{escape(title)}</h1>'
    return f'{heading}{TOOLS}<div class="wzcon j-fontContent newscontnet minh500">\n{body}\n</div>{SHARE}'


def _tab(organ: str, tab: str) -> str:
    return f"{PREFIX}/column/{organ}?type={tab}"


def _catalogue(organ: str, catalogue: str) -> str:
    return escape(f"{PREFIX}/column/{organ}?type=4&catId={catalogue}&action=list&nav=3")


def _rows(rows: list[Entry]) -> str:
    items = "".join(
        f'<li><a href="{escape(row.path)}" title="{escape(row.title)}" target="_blank">{escape(row.title)}</a>'
        f'<span class="date">{row.published}</span></li>\n'
        for row in rows
    )
    return f'<ul class="clearfix xxgk_nav_list">\n{items}</ul>'


SITE = LonSun
