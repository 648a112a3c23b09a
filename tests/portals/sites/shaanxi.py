"""The portal of 窑坪县, as 榆林, 延安, 渭南 and 杨凌 build theirs: page files 1.html, 2.html, articles by a 19-digit id.

Structure: portals.md 3.8 (陕西). The column holds no list of its own, only the newest rows of its folders 县政府, 部门 and
乡镇; 部门 is cut into years, each a folder with pages of its own. No address says a date, and the ids of the oldest
reports are of the day on which they were moved to this system. Page files beyond the last do not exist.
"""

import re
from datetime import UTC, date, datetime
from html import escape

from ..chrome import SHARE, TOOLS, Frame, Page, article_metas, index_number
from ..model import NotReport, ReportTruth, Truth
from ..site import Entry, Library, Request, Site, paged

BLOCKS = "/zfxxgk/"
COLUMN = f"{BLOCKS}zfxxgknb/"
ORGANS = f"{BLOCKS}bmxxgk/"
NAMES = {
    "zfxxgkzn": "政府信息公开指南",
    "zfxxgkzd": "政府信息公开制度",
    "fdzdgknr": "法定主动公开内容",
    "zfxxgknb": "政府信息公开年报",
}
FOLDERS = {"xzf": "县政府年报", "bm": "部门年报", "xz": "乡镇年报"}
FOLDER_OF = {"government": "xzf", "office": "bm", "department": "bm", "town": "xz", "street": "xz"}
# Organs with folders of their own beside the county's column, whose column links the same articles.
SUBSITES = {"jiaoyu": f"{ORGANS}jyj/", "liuhe": f"{ORGANS}lhx/"}
COLUMNS = {f"{COLUMN}1.html": ""} | {f"{place}xxgknb/1.html": slug for slug, place in SUBSITES.items()}
NEWS = {
    "/xwzx/1862044873190248449.html": "全县冬小麦长势良好",
    "/xwzx/1863117502446800898.html": "乡村道路养护队开展冬季巡查",
}
PLAIN = {"/xwzx/": "新闻中心", f"{BLOCKS}ysqgk/": "依申请公开"}
PAGE = re.compile(r"(/(?:\w+/)+)([1-9]\d{0,3})\.html")
MOVED = date(2023, 5, 16)
MOVED_UNTIL = 2021  # the last report year whose articles were moved
SNOWFLAKE_EPOCH = 1_288_834_974_657  # ms: what common generators of such ids count from
CUT = 20


class Shaanxi(Site):
    """The simulated portal."""

    name = "shaanxi"
    notice_addresses = (f"{COLUMN}xzf/165820417733500928{{n}}.html",) * 3
    columns = COLUMNS
    rows = 3

    def __init__(self, truth: Truth, library: Library) -> None:
        super().__init__(truth, library)
        links = (("首页", "/"), ("新闻中心", "/xwzx/1.html"), ("政务公开", "/zwgk/1.html"))
        self.frame = Frame(self.county, links, '<meta charset="utf-8">\n<base target="_blank">')
        self.owners = {SUBSITES[unit.slug]: unit.short for unit in self.county.units if unit.slug in SUBSITES}
        self.links = self._tree()

    def _tree(self) -> dict[str, tuple[str, dict[str, str]]]:
        """The columns of one page: by their directory the name and the links."""
        blocks = {text: f"./{slug}/1.html" for slug, text in NAMES.items()}
        blocks |= {"依申请公开": "./ysqgk/1.html", "部门和乡镇信息公开": "./bmxxgk/1.html"}
        organs = {name: f"{place}1.html" for place, name in self.owners.items()}
        own = {"机构职能": "#", NAMES["zfxxgknb"]: "xxgknb/1.html"}
        texts = PLAIN | {f"{BLOCKS}{slug}/": text for slug, text in NAMES.items()}
        return {place: (text, {}) for place, text in texts.items()} | {
            "/zwgk/": ("政务公开", {"政府信息公开专栏": "../zfxxgk/1.html", "新闻中心": "../xwzx/1.html"}),
            BLOCKS: ("政府信息公开", blocks),
            ORGANS: ("部门和乡镇信息公开", organs),
            **{place: (name, own) for place, name in self.owners.items()},
        }

    def page_paths(self, report: ReportTruth) -> tuple[str, ...]:
        folder = FOLDER_OF[report.unit_type]
        if folder == "bm":
            folder = f"bm/{report.year}n"
        return (f"{COLUMN}{folder}/{_snowflake(report)}.html",)

    def file_path(self, report: ReportTruth) -> str:
        return f"/resources/upload/{report.published:%Y%m}/{_snowflake(report) + 4096}.{report.attachment}"

    def other_page(self, request: Request) -> str | None:
        if request.path in ("/", "/index.html"):
            return self._home()
        if text := NEWS.get(request.path):
            return self._framed(text, "工作动态", f"<h1>{text}</h1><div class='xxgk_content'><p>{text}。</p></div>")
        found = PAGE.fullmatch(request.path)
        if found is None:
            return None
        directory, page = found[1], int(found[2])
        if directory.startswith(COLUMN) and directory != COLUMN:
            return self._folder(request, directory.removeprefix(COLUMN).rstrip("/"), page)
        if slug := COLUMNS.get(f"{directory}1.html"):
            return self._list(NAMES["zfxxgknb"], directory, self.entries(request, slug), page)
        if page > 1 or directory not in self.links:
            return None
        return self._top(request) if directory == COLUMN else self._links(*self.links[directory], directory)

    def _home(self) -> str:
        name = f"{self.county.name}人民政府"
        news = "".join(f'<li><a href=".{path}">{text}</a><span>11-30</span></li>' for path, text in NEWS.items())
        main = f'<ul class="news">{news}</ul><div class="fast"><a href="./zwgk/1.html" >政务公开 </a></div>'
        return self.frame.render(Page(name, self.frame.site_metas() | {"ColumnType": "首页"}, (), main))

    def _links(self, name: str, links: dict[str, str], directory: str) -> str:
        items = "".join(f"<li><a href='{href}'>{text}</a></li>\n" for text, href in links.items())
        return self._framed(name, "信息公开目录", f'<ul class="lm">\n{items}</ul><p>{name}由专人维护。</p>', directory)

    def _top(self, request: Request) -> str:
        """The newest rows of each folder."""
        everything = self.entries(request)
        boxes = []
        for folder, name in FOLDERS.items():
            rows = [row for row in everything if row.path.startswith(f"{COLUMN}{folder}/")][:2]
            head = f'<h3>{name}<a class="more" href="./{folder}/1.html" title="{name}">更多&gt;&gt;</a></h3>'
            boxes.append(f'<div class="box">{head}{_rows(rows, COLUMN)}</div>')
        return self._framed(NAMES["zfxxgknb"], "信息公开年报", "\n".join(boxes))

    def _folder(self, request: Request, folder: str, page: int) -> str | None:
        """A folder of the column; 部门 shows its years and the newest of them."""
        years = {f"bm/{year}n": f"{year}年" for year in range(request.day.year - 1, 2020, -1)}
        name = (FOLDERS | years).get(folder)
        directory = f"{COLUMN}{folder}/"
        if name is None or (folder == "bm" and page > 1):
            return None
        rows = [row for row in self.entries(request) if row.path.startswith(directory)]
        if folder != "bm":
            return self._list(name, directory, rows, page)
        items = "".join(f'<li><a href="{COLUMN}{year}/1.html">{text}</a></li>' for year, text in years.items())
        return self._framed(name, "信息公开年报", f'<ul class="nd">{items}</ul>\n{_rows(rows[:2], directory)}')

    def _list(self, name: str, directory: str, rows: list[Entry], page: int) -> str | None:
        shown, count = paged(rows, page, self.rows)
        if page > count:
            return None
        main = f"{_rows(shown, directory)}\n{_pager(page, count, len(rows))}"
        return self._framed(name, "信息公开年报", f'<div class="list-box">{main}</div>', directory)

    def _framed(self, name: str, kind: str, main: str, directory: str = "") -> str:
        news = "".join(f'<li><a href="{path}">{text}</a></li>' for path, text in NEWS.items())
        side = f'<div class="side"><h4>最新信息</h4><ul>{news}</ul></div>'
        trail = [("首页", "/"), ("政务公开", "/zwgk/1.html"), ("政府信息公开", f"{BLOCKS}1.html")]
        if owner := self.owners.get(directory.removesuffix("xxgknb/")):
            trail.append((owner, f"{directory.removesuffix('xxgknb/')}1.html"))
        trail.append((name, "1.html"))
        return self.frame.render(Page(name, self.frame.column_metas(name, kind), tuple(trail), f"{main}\n{side}"))

    def detail(self, report: ReportTruth, path: str, body: str) -> str:
        metas = self.frame.site_metas() | article_metas(report, FOLDERS[FOLDER_OF[report.unit_type]], " 10:05:32")
        if report.attachment:
            up = "../" * (path.count("/") - 1)
            body += self.attachment_links(up + self.file_path(report).lstrip("/"), report)
        head = (
            f'<div class="xxgk-head"><ul><li><b>[ 索 引 号 ]</b> {index_number(report)}</li>'
            f"<li><b>[ 发布机构 ]</b> {report.unit}</li><li><b>[ 成文日期 ]</b> {report.published}</li></ul></div>"
        )
        trail = (("首页", "/"), ("政府信息公开", f"{BLOCKS}1.html"), (NAMES["zfxxgknb"], "1.html"))
        return self.frame.render(Page(report.title, metas, trail, head + _article(report.title, body)))

    def notice(self, item: NotReport, body: str) -> str:
        metas = self.frame.column_metas(FOLDERS["xzf"], "信息公开年报")
        metas |= {"ArticleTitle": item.title, "PubDate": f"{item.published} 08:40:11"}
        return self.frame.render(Page(item.title, metas, (("首页", "/"),), _article(item.title, body)))


def _snowflake(report: ReportTruth) -> int:
    """A 19-digit id: milliseconds since the epoch of the generator, then 22 bits, here the serial."""
    day = MOVED if report.year <= MOVED_UNTIL else report.published
    clock = datetime(day.year, day.month, day.day, 2, 5, report.serial % 60, tzinfo=UTC)
    return ((int(clock.timestamp()) * 1000 - SNOWFLAKE_EPOCH) << 22) + (1 << 17) + report.serial


def _article(title: str, body: str) -> str:
    return f'<h1 class="title">{escape(title)}</h1>{TOOLS}<div class="xxgk_content">\n{body}\n</div>{SHARE}'


def _rows(rows: list[Entry], directory: str) -> str:
    items = "".join(_row(row, directory) for row in rows)
    return f'<ul class="list">\n{items or "<li>暂无信息</li>"}</ul>'


def _row(row: Entry, directory: str) -> str:
    text = row.title if len(row.title) <= CUT else f"{row.title[:CUT]}..."
    href = f"./{row.path.removeprefix(directory)}" if row.path.startswith(directory) else row.path
    return f'<li><i>[{row.published}]</i><a href="{href}" title="{escape(row.title)}">{escape(text)}</a></li>\n'


def _pager(page: int, count: int, total: int) -> str:
    steps = {"首页": 1, "上一页": max(1, page - 1), "下一页": min(count, page + 1), "尾页": count}
    links = "&nbsp;".join(f'<a href="{to}.html">{text}</a>' for text, to in steps.items())
    return f'<div class="pagination">共{total}条&nbsp;{page}/{count}页&nbsp;{links}</div>'


SITE = Shaanxi
