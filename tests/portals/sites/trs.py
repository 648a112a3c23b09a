"""The TRS portal of 云栎县: a column is a directory, its pages are index.html, index_1.html and so on.

Link texts are cut, with the full title in the attribute; links are relative. Pages that the pager does not have are
answered with a stub and status 200. Two departments have sub-sites whose column links into the county's.
"""

from html import escape

from ..chrome import SHARE, TOOLS, Frame, Page, article_metas, index_number
from ..model import NotReport, ReportTruth, Truth
from ..site import Entry, Library, Request, Site, paged

BLOCKS = "/zwgk/zfxxgkzl/"
COLUMN = f"{BLOCKS}zfxxgknb/"
NAMES = {
    "zfxxgkzn": "政府信息公开指南",
    "zfxxgkzd": "政府信息公开制度",
    "fdzdgknr": "法定主动公开内容",
    "zfxxgknb": "政府信息公开年报",
}
SUBSITES = {"jiaotong": "/bmjz/bm/jtysj/zfxxgknb_4001/", "ziran": "/bmjz/bm/zrzyj/zfxxgknb_4002/"}
COLUMNS = {COLUMN: ""} | {path: slug for slug, path in SUBSITES.items()}
SIDE_PAGES = {"/hdjl/": "互动交流", "/zjyl/": "走进云栎"}
CUT = 22
STUB = "<html><head></head><body><script>var t=new Date();</script>" + "<!-- -->" * 29 + "</body></html>"
OLD_STYLE = "<style>.TRS_Editor P{line-height:2;font-family:宋体}.TRS_Editor TD{border:1px solid}</style>"


class Trs(Site):
    """The simulated portal."""

    name = "trs"
    notice_addresses = (
        f"{COLUMN}202112/t20211209_79000{{n}}.html",
        f"{COLUMN}202306/t20230615_79000{{n}}.html",
        f"{COLUMN}202404/t20240402_79000{{n}}.html",
    )
    columns = COLUMNS
    robots = "User-agent: *\nAllow: /\n"

    def __init__(self, truth: Truth, library: Library) -> None:
        super().__init__(truth, library)
        links = (("首页", "/"), ("政务公开", "/zwgk/"), ("互动交流", "/hdjl/"), ("走进云栎", "/zjyl/"))
        self.frame = Frame(self.county, links, '<META charset="utf-8">', content_first=True)

    def page_paths(self, report: ReportTruth) -> tuple[str, ...]:
        return (f"{COLUMN}{report.published:%Y%m}/t{report.published:%Y%m%d}_{700000 + report.serial}.html",)

    def file_path(self, report: ReportTruth) -> str:
        letter = "P" if report.attachment == "pdf" else "W"
        name = f"{letter}0{report.published:%Y%m%d}{report.serial:011d}.{report.attachment}"
        return f"{COLUMN}{report.published:%Y%m}/{name}"

    def other_page(self, request: Request) -> str | None:
        path = request.path.removesuffix("index.html")
        directory, _, name = path.rpartition("/")
        slug = next((slug for slug, place in SUBSITES.items() if place == f"{directory}/"), None)
        if f"{directory}/" == COLUMN or slug:
            return self._list(request, f"{directory}/", name, slug)
        if path == "/":
            return self._home()
        if path == "/zwgk/":
            return self._links("政务公开", {"政府信息公开专栏": BLOCKS, "部门和乡镇": "/bmjz/"})
        if path == BLOCKS:
            return self._links("政府信息公开", {text: f"./{slug}/" for slug, text in NAMES.items()})
        if path == "/bmjz/":
            names = {unit.slug: unit.short for unit in self.county.units}
            return self._links(
                "部门和乡镇", {names[slug] + "年报": f".{place[5:]}" for slug, place in SUBSITES.items()}
            )
        if path in SIDE_PAGES:
            return self._links(SIDE_PAGES[path], {})
        block = path.removeprefix(BLOCKS).removesuffix("/")
        return self._links(NAMES[block], {}) if block in NAMES and path.startswith(BLOCKS) else None

    def _home(self) -> str:
        metas = self.frame.site_metas() | {"ColumnType": "首页"}
        main = '<div class="news"><p>全县道路养护工作顺利推进。</p></div><p><a href="./zwgk/">政务公开</a></p>'
        return self.frame.render(Page(f"{self.county.name}人民政府", metas, (), main))

    def _links(self, name: str, links: dict[str, str]) -> str:
        items = "".join(f'<li><a href="{href}">{text}</a></li>' for text, href in links.items())
        metas = self.frame.column_metas(name, "信息公开目录")
        main = f'<ul class="blocks">{items}</ul><p>{name}由县政府办公室管理。</p>'
        return self.frame.render(Page(name, metas, (("首页", "/"), (name, "#")), main))

    def _list(self, request: Request, directory: str, name: str, slug: str | None) -> str | None:
        stem = name.removesuffix(".html").removeprefix("index_")
        if name and not (name == f"index_{stem}.html" and stem.isdecimal()):
            return None
        page = int(stem) if name else 0
        rows, count = paged(self.entries(request, slug), page + 1)
        if page >= count:
            return STUB
        items = "\n".join(_row(row, directory) for row in rows)
        script = f'<script>createPageHTML({count}, {page}, "index", "html");</script>'
        main = f'<ul class="list">\n{items}\n</ul>\n<div class="page">{script}</div>'
        column = "政府信息公开年报"
        trail = (("首页", "/"), ("政务公开", "/zwgk/"), ("政府信息公开", BLOCKS), (column, directory))
        return self.frame.render(Page(column, self.frame.column_metas(column, "信息公开年报"), trail, main))

    def detail(self, report: ReportTruth, path: str, body: str) -> str:
        metas = self.frame.site_metas() | article_metas(report, "政府信息公开年报", "")
        metas |= {"ColumnType": "信息公开年报"}
        if report.attachment:
            body += self.attachment_links(f"./{self.file_path(report).rpartition('/')[2]}", report)
        header = (
            f'<div class="xxgk-table"><ul><li>索 引 号：{index_number(report)}</li><li>发布机构：{report.unit}</li>'
            f"<li>公文生成日期：{report.published}</li><li>组配分类：政府信息公开年报</li></ul></div>"
        )
        trail = (("首页", "/"), ("政务公开", "/zwgk/"), ("政府信息公开年报", "../"))
        main = f"{header}{_article(report.title, body, report.year < 2022)}"
        return self.frame.render(Page(report.title, metas, trail, main))

    def notice(self, item: NotReport, body: str) -> str:
        metas = self.frame.column_metas("政府信息公开年报", "信息公开年报")
        metas |= {"ArticleTitle": item.title, "PubDate": str(item.published)}
        return self.frame.render(Page(item.title, metas, (("首页", "/"),), _article(item.title, body, False)))


def _article(title: str, body: str, old: bool) -> str:
    opened = '<div class="view TRS_UEDITOR trs_paper_default trs_web">'
    if old:
        opened = f'<div class="TRS_Editor">{OLD_STYLE}'
    return f"<h1>{escape(title)}</h1>{TOOLS}<div class='xl-con'>{opened}\n{body}\n</div></div>{SHARE}"


def _row(row: Entry, directory: str) -> str:
    text = row.title if len(row.title) <= CUT else f"{row.title[:CUT]}…"
    href = f"./{row.path.removeprefix(COLUMN)}"
    if directory != COLUMN:
        href = "../" * (directory.count("/") - 1) + row.path.removeprefix("/")
    title = escape(row.title)
    return f'<li><a href="{href}" title="{title}" target="_blank">{escape(text)}</a><span>{row.published}</span></li>'


SITE = Trs
