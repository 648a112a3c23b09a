"""What surrounds the content of every page: meta tags, navigation, the share bar, the footer.

None of it is ever text of a report; a reader that takes it for text shows up in the tests.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from html import escape
from zlib import crc32

from .model import County, ReportTruth

SHARE = '<div class="share bdsharebuttonbox">分享到：<a href="#">微信</a><a href="#">微博</a></div>'
TOOLS = (
    '<div class="tools">【字体：<a href="#">大</a> <a href="#">中</a> <a href="#">小</a>】'
    ' <a href="#">打印</a> 浏览次数：118</div>'
)


@dataclass(frozen=True, slots=True)
class Page:
    """A page to be framed: its title, its meta tags, the trail that leads to it, its content."""

    title: str
    metas: Mapping[str, str]
    trail: tuple[tuple[str, str], ...]
    main: str


@dataclass(frozen=True, slots=True)
class Frame:
    """How a portal frames its pages; `content_first` turns the attributes of its meta tags round."""

    county: County
    links: tuple[tuple[str, str], ...]
    head: str
    content_first: bool = False

    def render(self, page: Page) -> str:
        """The whole HTML page."""
        name = f"{self.county.name}人民政府"
        title = escape(f"{page.title}_{name}" if page.title != name else name)
        return (
            f"<!DOCTYPE html>\n<html>\n<head>\n{self.head}\n<title>{title}</title>\n{self._metas(page.metas)}\n"
            "<style>body{font-size:14px}.nav li{float:left}</style>\n<script>var pageReady=0;</script>\n"
            "</head>\n<body>\n"
            f'<div class="header"><div class="logo">{name}门户网站</div>'
            '<form class="search"><input value="请输入关键字"></form>'
            f'<ul class="nav">{_links(self.links)}</ul></div>\n{_trail(page.trail)}\n{page.main}\n{self._footer()}\n'
            "</body>\n</html>\n"
        )

    def site_metas(self) -> dict[str, str]:
        """The meta tags that every page of the site carries."""
        return {
            "SiteName": f"{self.county.name}人民政府",
            "SiteDomain": f"www.{self.county.domain}",
            "SiteIDCode": self.county.site_id,
        }

    def column_metas(self, name: str, kind: str) -> dict[str, str]:
        """The meta tags of a column page."""
        described = {"ColumnDescription": f"{self.county.name}{name}栏目", "ColumnKeywords": name}
        return self.site_metas() | {"ColumnName": name, **described, "ColumnType": kind}

    def _metas(self, metas: Mapping[str, str]) -> str:
        form = '<META content="{1}" name="{0}">' if self.content_first else '<meta name="{0}" content="{1}">'
        return "\n".join(form.format(name, escape(value, quote=True)) for name, value in metas.items())

    def _footer(self) -> str:
        county = self.county
        return (
            f'<div class="footer"><p>主办：{county.name}人民政府　承办：{county.name}人民政府办公室　'
            f"网站标识码：{county.site_id}</p><p>网站技术支持电话：{county.area_code}-6000000　未备ICP备00000000号"
            '　<a href="/">网站地图</a></p></div>'
        )


def article_metas(report: ReportTruth, column: str, clock: str) -> dict[str, str]:
    """The meta tags that a report's page adds to those of its site; `clock` follows the date of PubDate."""
    return {
        "ColumnName": column,
        "ArticleTitle": report.title,
        "PubDate": f"{report.published}{clock}",
        "ContentSource": report.unit,
        "Keywords": "",
        "Author": "",
        "Description": "",
    }


def index_number(report: ReportTruth) -> str:
    """An 索引号: credit code of the organ first, then year and serial."""
    organ = f"11{report.region}MB{crc32(report.slug.encode()) % 10**8:08d}"
    return f"{organ}/{report.published:%Y%m}-{report.serial:05d}"


def _links(links: Iterable[tuple[str, str]]) -> str:
    return "".join(f'<li><a href="{escape(href)}">{escape(text)}</a></li>' for text, href in links)


def _trail(trail: Iterable[tuple[str, str]]) -> str:
    steps = "&gt;".join(f'<a href="{escape(href)}">{escape(text)}</a>' for text, href in trail)
    return f'<div class="wzy_position">当前位置：{steps}</div>' if steps else ""
