"""Three invented counties, their organs, and which report years each organ published.

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


def published_years(index: int) -> tuple[int, ...]:
    """The report years of a county's `index`-th unit."""
    if index < 2:
        return tuple(range(FIRST_YEAR, LAST_YEAR + 1))
    return YEARS[index - 2]
