"""Whose report it is: a name as printed becomes a unit, always inside one county.

3,743 town names are shared by 12,384 towns (reference/domain.md, 4), so a name alone never identifies a unit: the
portal's county and the name together do. Names are compared without the county's own name and in one spelling
(某某县水务局 and 水务局, 渠沟镇政府 and 渠沟镇人民政府).
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from extract.titles import is_organ, squeeze

ABBREVIATED = 3.5  # times as long is a full name at most: 人社局, 人力资源和社会保障局
TRUST = ("column", "publisher", "title", "source")  # who may name a unit, in this order where no rule says otherwise
NO_REGION = "none"  # imported files without --region: kept apart from every county

_SPELLINGS = (
    (re.compile(r"管理委员会(?=$|办公室)"), "管委会"),
    (
        re.compile(r"^(?:县(?!域|城)|区(?!域|块)|旗(?!域)|市(?!场|域|容|民|桥|政(?!府)))(?=.{2})"),
        "",
    ),  # 县水务局, not 市场监督管理局
    (re.compile(r"^(?:人民)?政府$"), "人民政府"),
    (re.compile(r"^办公室$|(?:人民)?政府办(?:公室)?$"), "人民政府办公室"),
    (re.compile(r"(?<=[镇乡])(?:人民)?政府$|(?<=[镇乡])$"), "人民政府"),
    (re.compile(r"街道(?:办|办事处)?$"), "街道办事处"),
)
_TYPES = (  # the first ending that fits; forms.json, title.unit_suffix
    ("town", ("镇人民政府", "乡人民政府", "苏木人民政府", "镇人民政府办公室", "乡人民政府办公室")),
    ("street", ("街道办事处",)),
    ("office", ("人民政府办公室", "管委会办公室")),
    ("government", ("人民政府",)),
    ("zone", ("管委会", "开发区", "高新区", "园区", "新区")),
    ("enterprise", ("集团", "公司", "医院", "学校", "供水", "供电")),
)


@dataclass(frozen=True, slots=True)
class Unit:
    """A publisher inside a county: `id` is region/name, `full_name` the longest form seen."""

    id: str
    region: str
    name: str
    full_name: str
    type: str


def unit(region: str, region_name: str, printed: str) -> Unit | None:
    """The unit that a printed name means in a county, or None where it is no name of an organ.

    `region`: the county's code; `region_name`: its name with or without province and city (淮北市杜集区).
    """
    name = re.sub(r"[（(].*?[）)]", "", squeeze(printed)).strip("《》“”:：、，。").removeprefix("关于")
    core = name
    prefixes = list(_region_prefixes(region_name))
    while stripped := next((prefix for prefix in prefixes if core.startswith(prefix)), ""):
        core = core.removeprefix(stripped)  # 城固县城固县水利局 is printed too
    core = core or ("人民政府" if name else "")
    for pattern, spelling in _SPELLINGS:
        core = pattern.sub(spelling, core, count=1)
    if not core or "/" in core or not (is_organ(core) or core in ("人民政府", "人民政府办公室")):
        return None
    return Unit(f"{region or NO_REGION}/{core}", region or NO_REGION, core, name, type_of(core))


def import_origin(region: str, region_name: str) -> str:
    """What stands in place of a portal for imported files: `import:code:name` of the county they belong to."""
    return f"import:{region or NO_REGION}:{region_name}"


def county_of(origin: str) -> tuple[str, str]:
    """Code and name of the county in an `import_origin`."""
    _, _, county = origin.partition(":")
    region, _, name = county.partition(":")
    return region or NO_REGION, name


def type_of(name: str) -> str:
    """government, office, department, town, street, zone, or enterprise, by the ending of the name."""
    return next((kind for kind, endings in _TYPES if name.endswith(endings)), "department")


@dataclass(frozen=True, slots=True)
class Choice:
    """The unit taken, by whose word (a key of what was said), and a note where others name another."""

    unit: Unit | None
    by: str = ""
    note: str = ""


def choose(region: str, region_name: str, said: Mapping[str, str]) -> Choice:
    """The unit of a report from the names that name it: by `column`, `publisher`, `title`, `source`; absent ones are passed over.

    A title that names another organ than 发布机构 wins, because many systems print the website's own office there; one
    that names quite another organ than the column too, because side lists show the reports of others.
    """
    named = {who: found for who in TRUST if (found := unit(region, region_name, said.get(who, "")))}
    if not named:
        return Choice(None)
    column, title = named.get("column"), named.get("title")
    if column and (title is None or alike(column.name, title.name)):
        by = "column"
    else:
        by = "title" if title else next(iter(named))
    others = {each.name for each in named.values()} - {named[by].name}
    note = f"unit {named[by].name} taken; also named: {', '.join(sorted(others))}" if others else ""
    return Choice(named[by], by, note)


def alike(one: str, other: str) -> bool:
    """Whether two names of units (as `unit` gives them) may mean one organ: the same, or one abbreviated.

    An abbreviation leaves characters out inside (卫健委, 卫生健康委员会; 人社局); what only adds to a name is another
    organ (交通运输综合执法局). Towns, streets, governments and their offices are never abbreviated.
    """
    if one == other:
        return True
    if {type_of(one), type_of(other)} & {"town", "street", "government", "office"}:
        return False
    short, long = sorted((name.replace("委员会", "委") for name in (one, other)), key=len)
    rest = iter(long)
    inside = short[0] == long[0] and short[-1] == long[-1] and all(character in rest for character in short)
    return inside and not long.startswith(short[:-1]) and len(long) <= ABBREVIATED * len(short)


def names_county(region_name: str, text: str) -> bool:
    """Whether a title names the county, in any of the forms in which its name is printed: 沙县 does not stand in 清沙县."""
    names = "|".join(re.escape(prefix) for prefix in _region_prefixes(region_name) if len(prefix) > 1)
    return bool(names and re.search(rf"(?:^|[年度省市州盟区于布\d《“【(（:：\-—])(?:{names})", squeeze(text)))


def _region_prefixes(region_name: str) -> Iterator[str]:
    """The county's name in the forms that stand before a unit's, longest first: 淮北市杜集区, 淮北杜集区, 杜集区."""
    parts = re.findall(r".+?(?:省|自治区|市|自治州|盟|地区|县|区|旗|$)", squeeze(region_name))
    for index in range(len(parts)):
        yield "".join(parts[index:])
        if index + 1 < len(parts):
            short = [re.sub(r"(?:省|市)$", "", part) for part in parts[index:-1]]
            yield "".join([*short, parts[-1]])
