"""The words by which a portal's own links tell where its annual reports are (portals.md, 1.2), and what a link's role is.

Link texts first; the slug of the address only where the text says nothing (a picture, 更多).
"""

from __future__ import annotations

import re
from enum import StrEnum
from urllib.parse import urlsplit

from extract import titles

from .pages import Link, Page

MIN_ORGANS = 2  # names of organs on a page: one alone is a word in a menu
MAX_TEXT = 60  # characters of a link's text: what is longer is no name of a column, folder or organ
MAX_FOLDERS = 80  # folders of a column that are followed: organs, years and kinds together


class Role(StrEnum):
    """What a link leads to, as its text says."""

    HOME = "home"
    WAY = "way"  # 政务公开, 政府信息公开: a step on the way
    COLUMN = "column"  # 政府信息公开年报
    UNITS = "units"  # 部门, 乡镇: a page that lists organs
    ORGAN = "organ"  # the name of an organ
    NOTICES = "notices"  # 通知公告: where reports are filed wrongly
    FOLDER = "folder"  # a year, 部门年报, 乡镇年报 inside of a column
    MORE = "more"  # 更多
    LIST = "list"  # a further page, or what a script asks for


_GROUP = (
    r"(?:各|全|县|区|市|旗|级|直|属|本|人民政府|政府|工作|机构|组成|设置|派出|部门|单位|镇街(?!道)|街镇|乡|镇|街道|办事处|园区|和|与|及"
    r"|[、（(/·）)])"  # no word may be made of others, or long texts are tried in every way
)
_OPENNESS = r"(?:政府|政务)?(?:信息)?(?:公开)?(?:工作)?(?:情况)?(?:年度)?(?:工作)?(?:情况)?"
_YEAR = r"20[0-3]\d年?度?"
_REPORTS = r"(?=.*(?:年报|年度|公开))" + _OPENNESS + r"(?:年报|报告)"
_COLUMN = re.compile(rf"^(?!政府工作报告){_GROUP}*?{_REPORTS}(?:专栏|栏目|列表|目录)?$")
_WAY = re.compile(
    rf"^(?:阳光|法定|主动|重点|基层|{_GROUP})*?(?:政府|政务)?(?:信息)?(?:主动)?公开(?:内容|专栏|平台|目录|专题|网)?$"
)
_LISTED = r"(?=.*(?:机构|部门|单位|乡镇|镇街|街镇|镇乡|街道))"
_UNITS = re.compile(rf"^{_LISTED}{_GROUP}+(?:(?:政府|政务)?(?:信息)?公开)?(?:专栏|目录|平台|网站|网)?$")
_NOTICES = re.compile(r"^(?:通知公告|公告公示|公示公告|公告通知|通知公示|工作动态|通知|公告)$")
_MORE = re.compile(r"^(?:查看)?(?:更多|全部|所有|more)(?:年报|报告)?$", re.IGNORECASE)
_OF_YEAR = re.compile(rf"^{_YEAR}(?:{_OPENNESS}(?:年报|报告))?$")
_FOLDER = re.compile(
    rf"^(?=.*(?:部门|单位|乡镇|镇街|街镇|镇乡|街道|本级|[县区市]|20[0-3]\d)){_GROUP}*?(?:{_YEAR})?{_REPORTS}$"
    rf"|^(?=.*(?:部门|乡镇|镇街|街镇|镇乡|街道|政府)){_GROUP}+$"
)
_GENERIC = re.compile(rf"^{_GROUP}+$")
_SLUG = re.compile(
    r"(?:^|/)(?:20\d\dn?)?(?:bm|xz|xj|zj|jd|sz|qzf|xzf|zf|gk_)*(?:xx)?gk(?:gz)?(?:nb|ndbg|nianbao)(?:20\d\d)?n?(?:bm)?[_\d]*(?:[/.?]|$)"
    r"|(?:^|/)(?:nb20\d\d\w*|20\d\dnb|ndbg|zfxxgk_gknbz)(?:[_/.?]|$)",
    re.IGNORECASE,
)
_HAS_YEAR = re.compile(r"20\d\d")
_ARROWS = re.compile(r"^[·•>»›【\[\s]+|[>»›】\]\s]+$")
_OF_UNIT = re.compile(r"(?:政府)?(?:信息公开)?(?:工作)?(?:年报|年度报告|专栏|目录)?$")


def role(text: str, url: str) -> Role | None:
    """What a link is, outside of a column: a column, a step on the way, a list of organs, notices; None for the rest."""
    said = _plain(text)
    silent = not text.strip() or is_more(text)  # a picture, 更多; arrows are pagers
    if _COLUMN.match(said) or (silent and _SLUG.search(urlsplit(url).path)):
        return Role.COLUMN
    if _UNITS.match(said):
        return Role.UNITS
    if _WAY.match(said):
        return Role.WAY
    return Role.NOTICES if _NOTICES.match(said) else None


def is_more(text: str) -> bool:
    """Whether a link says 更多."""
    return bool(_MORE.match(_plain(text)))


def organ(text: str) -> str:
    """The organ that a link names (某某县水务局, 水务局信息公开年报), or nothing."""
    said = _plain(text)
    name = said if titles.is_organ(said) else _OF_UNIT.sub("", said)
    return name if titles.is_organ(name) and not (_GENERIC.match(name) or _HAS_YEAR.search(name)) else ""


def folders(page: Page, own_unit: bool = False) -> list[Link]:
    """The sub-columns of a column page on its own host: years, 部门年报, 乡镇年报, 更多 below its own address.

    Of an organ's own column no kinds, because its menu may lead to those of the county.
    """
    found: dict[str, Link] = {}
    for _, link in page.links():
        said = _plain(link.text)
        below = urlsplit(link.url).path.startswith(urlsplit(page.url).path.rpartition("/")[0] + "/")
        named = bool(_OF_YEAR.match(said)) or (not own_unit and bool(_FOLDER.match(said)))
        named = named or (below and is_more(link.text))
        if named and page.on_host(link.url) and link.url != page.url and len(found) < MAX_FOLDERS:
            found.setdefault(link.url, link)
    return list(found.values())


def organs(page: Page, county: str = "", least: int = MIN_ORGANS) -> list[tuple[str, Link]]:
    """The links of a page that name organs, where there are at least so many; beside them the county stands for its government."""
    links = [link for _, link in page.links() if page.absolute("/") != link.url]
    found = [(name, link) for link in links if (name := organ(link.text))]
    if len({name for name, _ in found}) < least:
        return []
    governments = [(f"{county}人民政府", link) for link in links if county and _plain(link.text) == county]
    return [*governments, *found]


def _plain(text: str) -> str:
    """A link's text without blanks and arrows; one that is too long to name a step is none."""
    plain = _ARROWS.sub("", titles.squeeze(text[:MAX_TEXT]))
    return plain if len(text) <= MAX_TEXT else plain + "…"
