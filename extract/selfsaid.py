"""What a report says of itself in its sentences, without a name: 我局, 我镇; and which year it says that it covers."""

from __future__ import annotations

import re
from collections import Counter

from .titles import arabic_year, squeeze

HEAD = 6000  # characters: who speaks is said in the first section
ENDINGS = {  # how a report calls its organ → how the names of such organs end
    "局": ("局",),
    "委": ("委", "委员会"),
    "镇": ("镇", "镇人民政府", "镇人民政府办公室"),
    "乡": ("乡", "乡人民政府", "乡人民政府办公室"),
    "街道": ("街道办事处", "街道"),
    "办事处": ("办事处",),
    "中心": ("中心",),
    "管委会": ("管委会", "管委会办公室"),
    "院": ("院",),
    "馆": ("馆",),
    "队": ("队",),
    "公司": ("公司", "集团"),
}  # not 我县, 我区, 我市: departments say that of their county; not 我办, which many kinds of organs are
_SELF = re.compile(rf"[我本]({'|'.join(sorted(ENDINGS, key=len, reverse=True))})(?!长|级|机关)")
_PERIOD = re.compile(
    r"(?:统计|时间|数据)?(?:期限|时限|时段|周期|范围)[^。；]{0,12}?(20[0-3]\d)年1月1日(?:起)?[^。；\d]{0,4}(?:至|到|—|-|－|~)[^。；\d]{0,4}(?:(20[0-3]\d)年)?12月"
)
_TWO_YEARS = re.compile(r"(20[0-3]\d)年?度?[、,，和及与至\-—－~～]+(20[0-3]\d)年")


def organ_word(text: str) -> str:
    """How the report calls its organ: the commonest of 我局, 我镇 …, as 局, 镇 …; empty where it says none or two as often."""
    counted = Counter(_SELF.findall(squeeze(text)[:HEAD])).most_common(2)
    if not counted or (len(counted) > 1 and counted[0][1] == counted[1][1]):
        return ""
    return str(counted[0][0])


def speaks_as(name: str, word: str) -> bool:
    """Whether an organ of this name may call itself so."""
    return not word or name.endswith(ENDINGS[word])


def period_year(text: str) -> int | None:
    """The year that a report says its figures cover (统计期限自2020年1月1日至12月31日), where it says one."""
    match = _PERIOD.search(arabic_year(squeeze(text)[:HEAD]))
    if match is None or (match[2] and match[2] != match[1]):
        return None
    return int(match[1])


def years_of(title: str) -> tuple[int, ...]:
    """The years of a title that names two (2022年度、2021年度政府信息公开工作年度报告), else none."""
    match = _TWO_YEARS.search(arabic_year(squeeze(title)))
    return tuple(sorted({int(match[1]), int(match[2])})) if match and match[1] != match[2] else ()
