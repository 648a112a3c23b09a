"""The invented counties, their organs, and which report years each organ published.

Three have about fifty reports each and every kind of trouble; one more for each further portal has about twenty.

No county of these names exists. 城关镇 stands in two of them, so that a reader which takes a unit from its name
alone goes wrong; 堽头镇 cannot be written in GB2312, only in GBK.
"""

from .model import County, Unit

FIRST_YEAR, LAST_YEAR = 2019, 2025

# Departments: slug, name without the county. Towns and streets: slug, name, with 人民政府 or 办事处 added by kind.
LONSUN_ORGANS = (
    ("jiaoyu", "教育局", "department"),
    ("caizheng", "财政局", "department"),
    ("shuili", "水利局", "department"),
    ("minzheng", "民政局", "department"),
    ("tongji", "统计局", "department"),
    ("chengguan", "城关镇", "town"),
    ("shiqiao", "石桥镇", "town"),
    ("liuhe", "柳河镇", "town"),
    ("yuntai", "云台乡", "town"),
    ("dongguan", "东关街道", "street"),
)
TRS_ORGANS = (
    ("ziran", "自然资源局", "department"),
    ("jiaotong", "交通运输局", "department"),
    ("weijian", "卫生健康局", "department"),
    ("yingji", "应急管理局", "department"),
    ("shichang", "市场监督管理局", "department"),
    ("chengguan", "城关镇", "town"),
    ("baima", "白马镇", "town"),
    ("qinglong", "青龙镇", "town"),
    ("songshu", "松树乡", "town"),
    ("heping", "和平街道", "street"),
)
PLAIN_ORGANS = (
    ("fagai", "发展和改革委员会", "department"),
    ("nongye", "农业农村局", "department"),
    ("shenji", "审计局", "department"),
    ("renshe", "人力资源和社会保障局", "department"),
    ("wenlv", "文化和旅游局", "department"),
    ("gangtou", "堽头镇", "town"),
    ("lianhua", "莲花镇", "town"),
    ("beihu", "北湖镇", "town"),
    ("xiping", "西坪乡", "town"),
    ("nanyuan", "南苑街道", "street"),
)

# Which report years the n-th organ below the county published (the county and its office: all).
# Most towns began late or have gaps; there is an organ without a report for 2025 in every county.
YEARS = (
    (2021, 2022, 2023, 2025),
    (2022, 2023, 2024, 2025),
    (2019, 2020, 2021, 2025),
    (2020, 2021, 2024, 2025),
    (2021, 2022, 2024),
    (2022, 2023, 2024, 2025),
    (2019, 2021, 2023, 2025),
    (2020, 2021, 2022, 2023),
    (2019, 2020, 2024, 2025),
    (2021, 2023, 2024),
)


def _units(county: str, organs: tuple[tuple[str, str, str], ...]) -> tuple[Unit, ...]:
    government = Unit("zhengfu", f"{county}人民政府", county, "government", "whole_government")
    office = Unit("zfb", f"{county}人民政府办公室", f"{county}政府办公室", "office", "government_office")
    endings = {"department": "", "town": "人民政府", "street": "办事处"}
    others = (
        Unit(slug, f"{county}{name}{endings[kind]}", f"{county}{name}", kind, "own") for slug, name, kind in organs
    )
    return (government, office, *others)


COUNTIES = (
    County(
        "lonsun", "清沙县", "990101", "9901010001", "0340", "990100", "qingsha.example", _units("清沙县", LONSUN_ORGANS)
    ),
    County("trs", "云栎县", "990202", "9902020001", "0360", "990200", "yunli.example", _units("云栎县", TRS_ORGANS)),
    County(
        "plain", "苇泊县", "990303", "9903030001", "0380", "990300", "weibo.example", _units("苇泊县", PLAIN_ORGANS)
    ),
)

# The smaller counties have the same organs: what differs is the content system of their portal.
SMALL_ORGANS = (
    ("jiaoyu", "教育局", "department"),
    ("shuili", "水利局", "department"),
    ("renshe", "人力资源和社会保障局", "department"),
    ("chengguan", "城关镇", "town"),
    ("liuhe", "柳河乡", "town"),
    ("dongguan", "东关街道", "street"),
)
SMALL_YEARS = (
    (2021, 2022, 2023, 2024),
    (2022, 2023, 2024, 2025),
    (2022, 2023, 2025),
    (2021, 2024, 2025),
    (2023, 2025),
    (2022, 2024),
    (2023, 2024, 2025),
    (2021, 2025),
)
SMALL = (
    ("ucap", "霁川县"),
    ("hanweb", "棠梨县"),
    ("hanweb_jpaas", "鹭汀县"),
    ("hanweb_annual", "桑垄县"),
    ("vsb", "碧崖县"),
    ("openness", "稻垄县"),
    ("gkmlpt", "榕岭县"),
    ("nfcms", "蔗田县"),
    ("shaanxi", "窑坪县"),
    ("xian", "槲林县"),
    ("xxgk_list", "茶垭县"),
    ("uuid_columns", "槐泊县"),
    ("gongkai", "菱湾县"),
    ("asp", "柿沟县"),
)


def _small(number: int, portal: str, name: str) -> County:
    code = f"99{number:02}{number:02}"
    area, domain = f"0{400 + number}", f"{portal.replace('_', '-')}.example"
    return County(portal, name, code, f"{code}0001", area, f"99{number:02}00", domain, _units(name, SMALL_ORGANS))


ALL_COUNTIES = (*COUNTIES, *(_small(number, *row) for number, row in enumerate(SMALL, len(COUNTIES) + 1)))


def published_years(county: County, index: int) -> tuple[int, ...]:
    """The report years of a county's `index`-th unit."""
    if county not in COUNTIES:
        return SMALL_YEARS[index]
    return YEARS[index - 2] if index >= 2 else tuple(range(FIRST_YEAR, LAST_YEAR + 1))
