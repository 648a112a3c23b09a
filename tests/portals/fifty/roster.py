"""The organs of 汐原县 from 2008 to 2025: fifty in the end, some under new names, some merged, a town that became a street.

No such county exists. An organ goes on under a new name with its credit code (统一社会信用代码); the town that became a
street got another one, so only a person can say that the two are one.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from zlib import crc32

from ..model import County, Unit

FIRST_YEAR, LAST_YEAR = 2008, 2025
PORTAL, NAME, REGION = "trs", "汐原县", "998101"
# GB 32100-2015: the characters of a credit code in their order, and the weight of each place (3^i mod 31).
CHARACTERS = "0123456789ABCDEFGHJKLMNPQRTUWXY"
WEIGHTS = tuple(pow(3, place, 31) for place in range(17))


@dataclass(frozen=True, slots=True)
class Organ:
    """An organ with its names, each with the first report year; `until` is its last report year."""

    slug: str
    kind: str
    names: tuple[tuple[int, str], ...]
    until: int = LAST_YEAR

    def name(self, year: int) -> str | None:
        """The name that its report of a year prints, without the county; None where it reports nothing."""
        known = [name for since, name in self.names if since <= year]
        return known[-1] if known and year <= self.until else None

    @property
    def is_renamed(self) -> bool:
        return len(self.names) > 1


def _organs() -> Iterator[Organ]:
    """From lines of slug, names with the year from which they hold, and for some the last year (…-2018)."""
    for kind, lines in ORGANS.items():
        for line in lines.strip().splitlines():
            slug, *words = line.split()
            until = int(words.pop().removeprefix("-")) if words[-1].startswith("-") else LAST_YEAR
            names = tuple((int(word[:4]), word[4:]) for word in words)
            yield Organ(slug, kind, names, until)


ORGANS = {
    "government": "zhengfu 2008人民政府",
    "office": "zfb 2008人民政府办公室",
    "department": """
fagai 2008发展和改革局
jiaoyu 2008教育局 2019教育体育局
tiyu 2008体育局 -2018
keji 2008科学技术局 -2018
gongxin 2008经济贸易局 2012经济和信息化局 2019工业和信息化局
gongan 2008公安局
minzheng 2008民政局
sifa 2008司法局
caizheng 2008财政局
renshe 2008劳动和社会保障局 2011人力资源和社会保障局
ziran 2008国土资源局 2019自然资源局
huanbao 2008环境保护局 2019生态环境局
zhujian 2008建设局 2011住房和城乡建设局
jiaotong 2008交通局 2010交通运输局
shuili 2008水利局
nongye 2008农业局 2019农业农村局
shangwu 2008商务局
wenhua 2008文化局 2019文化和旅游局
weisheng 2008卫生局 2014卫生和计划生育局 2019卫生健康局
jisheng 2008人口和计划生育局 -2013
anjian 2008安全生产监督管理局 2019应急管理局
shenji 2008审计局
shichang 2008工商行政管理局 2015市场监督管理局
tongji 2008统计局
linye 2008林业局
xinfang 2008信访局
chengguanju 2008城市管理局
dizheng 2008地震局 -2018
fupin 2008扶贫开发办公室 2021乡村振兴局
shenpi 2019行政审批服务局
tuiyi 2019退役军人事务局
yibao 2019医疗保障局
""",
    "town": """
chengguan 2008城关镇
shiqiao 2008石桥镇
liuhe 2008柳河镇
taiping 2008太平镇
qingshui 2008清水镇
baiyun 2008白云镇
lianhua 2008莲花镇
shuanglong 2008双龙镇
huangshi 2008黄石镇
jinshan 2008金山镇
nanping 2008南坪镇
longquan 2008龙泉乡
maping 2008马坪乡
xinhe 2008新河乡
""",
    "street": """
donghe 2008东河镇 2017东河街道
xihe 2008西河街道
beiguan 2008北关街道
""",
    "zone": "kaifaqu 2008经济开发区管理委员会",
    "enterprise": """
zilaishui 2008自来水公司
renminyiyuan 2008人民医院
""",
}
ENDINGS = {"镇": "人民政府", "乡": "人民政府", "街道": "办事处"}
ALL_ORGANS = tuple(_organs())


def full_name(name: str) -> str:
    """The name of an organ in full, with the county's."""
    ending = next((full for end, full in ENDINGS.items() if name.endswith(end)), "")
    return f"{NAME}{name}{ending}"


def unit_of(organ: Organ, year: int) -> Unit:
    """The organ as it is in a report year, under the name of that year."""
    name = str(organ.name(year))
    kind = "town" if name.endswith(("镇", "乡")) else organ.kind
    scope = {"government": "whole_government", "office": "government_office"}.get(kind, "own")
    short = f"{NAME}{name}" if kind not in ("government", "office") else f"{NAME}{name.replace('人民', '')}"
    return Unit(organ.slug, full_name(name), short if kind != "government" else NAME, kind, scope)


def published(organ: Organ) -> list[int]:
    """The report years that it published: some enterprises, towns and years have gaps."""
    years = [year for year in range(FIRST_YEAR, LAST_YEAR + 1) if organ.name(year)]
    code = crc32(organ.slug.encode())
    gaps: set[int] = set()
    if organ.kind in ("town", "street"):
        gaps = {2008, 2010} if code % 3 == 0 else {2009} if code % 3 == 1 else set()
    if organ.kind == "enterprise":
        gaps = {2008, 2009, 2010, 2011}
    return [year for year in years if year not in gaps]


def credit_code(organ: Organ, year: int) -> str:
    """The 18 characters of an organ's credit code: two of its kind, its region, nine of the organ, the check of the others.

    The nine end with a check of their own (GB 11714-1997).
    """
    seed = f"{organ.slug} street" if organ.slug == "donghe" and year >= 2017 else organ.slug
    digits = f"{crc32(seed.encode()) % 10**8:08d}"
    rest = -sum(int(digit) * weight for digit, weight in zip(digits, (3, 7, 9, 10, 5, 8, 4, 2), strict=True)) % 11
    body = f"11{REGION}{digits}{'X' if rest == 10 else rest}"
    total = sum(CHARACTERS.index(character) * weight for character, weight in zip(body, WEIGHTS, strict=True))
    return body + CHARACTERS[-total % 31]


def county() -> County:
    """The county with its organs as they are in the last year."""
    units = tuple(unit_of(organ, LAST_YEAR) for organ in ALL_ORGANS if organ.name(LAST_YEAR))
    return County(PORTAL, NAME, REGION, f"{REGION}0001", "0391", "998100", "xiyuan.example", units)
