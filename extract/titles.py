"""The title of a report: which lines it stands on, whose report it names, for which year.

Titles print unit and year in either order, on one line or two, with the region or without; twelve seen shapes stand
in reference/domain.md, section 4. The year comes from the title, never from a URL (portals.md, 1.6).
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

MAX_LINE = 60  # characters: a longer line at the head of a document is a sentence, not a part of a title
MAX_LINES = 4
NOT_IN_NAME = r"，。：；！？《》“”〔〕\"…\t"

_YEAR = r"20[0-3]\d"
_SUBJECT = "信息公开"  # stands in every title
_REPORT = r"(?:总结)?(?:报告|年报)(?:[及和](?:附|统计)表)?"
_WHAT = (  # 信息公开 alone only behind the year: others publish information too
    r"(?:(?:政府|政务)信息公开|(?<=\d年)信息公开|(?<=\d年度)信息公开)(?:开)?(?:工作)?(?:情况)?(?:的)?(?:年度)?(?:工作)?(?:情况)?(?:的)?"
    + _REPORT
)
_END = r"[》”]?(?:[（(][^）)]{0,12}[）)]|\.(?:docx?|pdf|wps))?(?P<below>[^，。：；、（(]{2,30})?$"
_NAME = rf"[^{NOT_IN_NAME}]"
_TITLES = (  # the last year before the words counts: 2020年鉴局2022年… is of 2022
    re.compile(
        rf"^[《“]?(?P<before>{_NAME}{{0,40}})(?P<year>{_YEAR})年?(?:度)?(?P<after>{_NAME}{{0,30}}?){_WHAT}{_END}"
    ),
    re.compile(
        rf"^[《“]?(?P<before>{_NAME}{{0,40}}?)(?P<after>){_WHAT}[》”]?(?:[（(](?=.*[）)])|(?=.*年))(?P<year>{_YEAR})年?度?[）)]?(?P<below>)$"
    ),
    re.compile(
        rf"^[《“]?(?P<before>{_NAME}{{0,40}}?)(?P<after>)(?:政府|政务)?信息公开(?:工作)?(?P<year>{_YEAR})年?(?:度)?"
        rf"(?:年度)?(?:工作)?(?:报告|年报){_END}"
    ),
)
_COLLECTION = re.compile(rf"{_WHAT}[》”]?[（(]?(?:汇总表?|汇编|合集|合订本|一览表?)[）)]?$")
_NOT_A_REPORT = re.compile(r"做好|编制|报送|印发|转发|通知|指南|图解|一图|读懂|解读|目录|要点|公示|考核结果|工作制度")
_ABOUT = re.compile(r"^关于(?:公布|发布|公开)?|(?:关于|公布|发布)$")
_ORGAN = re.compile(
    rf"^[^{NOT_IN_NAME}、（(]{{2,30}}(?:政府|办公室|政府办|局|委员会|委|办|厅|中心|站|队|院|馆|社|镇|乡|苏木|街道|街道办事处|"
    r"办事处|管委会|开发区|新区|园区|公司|医院|学校)$"
)
_DIGITS = str.maketrans("０１２３４５６７８９", "0123456789")
_WIDE = re.compile("[０-９]")
_NUMERALS = str.maketrans("〇零○ＯO一二三四五六七八九", "00000123456789")
_PERIOD = re.compile(
    r"(?<=\d年)(?:度)?[（(]?\d{1,2}月(?:\d{1,2}日)?[至到—\-－~]+(?:20\d\d年)?\d{1,2}月(?:\d{1,2}日)?[）)]?"
)
_CHINESE_YEAR = re.compile(r"二[〇零○Ｏ0O][〇零○Ｏ0O一二三][〇零○Ｏ一二三四五六七八九](?=年)")
_NOISE = re.compile(r"^.{0,12}?人民政府(?:门户)?网(?:站)?[—\-_]+")
_NO_UNIT = re.compile(r"附件|报告|年报|汇编|[\[［【]")


@dataclass(frozen=True, slots=True)
class Title:
    """A title as printed (on one line), the unit it names (empty where it names none) and its year."""

    text: str
    unit: str
    year: int
    lines: int = 1


def squeeze(text: str) -> str:
    """Text without any white space."""
    return "".join(text.split())


def arabic_year(text: str) -> str:
    """The text with full-width digits and years such as 二〇二一年 in Arabic digits."""
    plain = text.translate(_DIGITS) if _WIDE.search(text) else text
    return _CHINESE_YEAR.sub(lambda found: found.group().translate(_NUMERALS), plain)


@lru_cache(maxsize=1_000)  # one document is asked about in several places
def parse(text: str) -> Title | None:
    """The title in one line of text, or None where the line is no title of an annual report."""
    squeezed = squeeze(text)
    if _SUBJECT not in squeezed:  # as of nearly all paragraphs; nothing that is taken off brings these words together
        return None
    line = _PERIOD.sub("", arabic_year(_NOISE.sub("", squeezed)))
    match = next((match for pattern in _TITLES if (match := pattern.match(line))), None)
    if match is None:
        return None
    unit = _ABOUT.sub("", (match["before"] + match["after"]).strip("-—_· "))
    unit += "政府" if unit.endswith("人民") else ""  # 某县人民政府信息公开年度报告 says 政府 once for both
    below = match["below"] or ""
    if _NOT_A_REPORT.search(unit) or _NO_UNIT.search(unit) or (below and (unit or not is_organ(below))):
        return None
    return Title(" ".join(text.split()), unit or below, int(match["year"]))


def is_collection(text: str) -> bool:
    """Whether a title is that of a page or file with the reports of several organs: 2025年乡镇政府信息公开年度报告汇编."""
    line = arabic_year(_NOISE.sub("", squeeze(text)))
    found = _COLLECTION.search(line) if len(line) <= MAX_LINE else None
    return found is not None and not _NOT_A_REPORT.search(line[: found.start()])


def without_site(text: str) -> str:
    """A title without the site's name before it (某县人民政府网——…)."""
    return _NOISE.sub("", " ".join(text.split()))


def is_organ(text: str) -> bool:
    """Whether a line is nothing but the name of an organ, as under a title that names none."""
    return bool(_ORGAN.match(squeeze(text)))


def find(lines: Sequence[str]) -> tuple[int, Title] | None:
    """The title at the head of a document: (index of its first line, title), or None.

    A line that is a whole title with its unit comes first; then one to four short lines that follow one another, with
    the organ on the next line when the title names none.
    """
    for start, line in enumerate(lines[:3]):
        if len(line) <= MAX_LINE and (title := parse(line)) and title.unit:
            return start, Title(join([line]), title.unit, title.year)
    for start in range(min(len(lines), 3)):
        for count in range(1, MAX_LINES + 1):
            head = lines[start : start + count]
            if len(head) < count or any(len(line) > MAX_LINE for line in head):
                break
            if title := parse("".join(head)):
                following = lines[start + count : start + count + 1]
                if not title.unit and following and is_organ(following[0]):
                    return start, Title(join([*head, *following]), squeeze(following[0]), title.year, count + 1)
                return start, Title(join(head), title.unit, title.year, count)
    return None


def join(parts: Sequence[str]) -> str:
    """Parts joined as W4 says: nothing between CJK characters, one space otherwise."""
    text = ""
    for part in (" ".join(part.split()) for part in parts):
        if part:
            text += (" " if text and not (_cjk(text[-1]) and _cjk(part[0])) else "") + part
    return text


def _cjk(character: str) -> bool:
    return character >= "⺀"
