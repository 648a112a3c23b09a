"""政府信息公开情况统计表, the form of 2014 to 2018: its 58 indicators, consistent numbers for an organ, and its printed tables.

Written from the form itself, as `tests/portals/form.py` is. An indicator's figure has the path `t2014.<key>.count`.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from random import Random

from ..amounts import number
from ..grids import Cell, Grid
from ..model import Figure
from ..wording import choose

ROWS = """
- 一、主动公开情况
pub_total 条 （一）主动公开政府信息数（不同渠道和方式公开相同信息计1条）
pub_normative 条 其中：主动公开规范性文件数
normative_issued 件 制发规范性文件总数
- （二）通过不同渠道和方式公开政府信息的情况
pub_gazette 条 1.政府公报公开政府信息数
pub_website 条 2.政府网站公开政府信息数
pub_weibo 条 3.政务微博公开政府信息数
pub_wechat 条 4.政务微信公开政府信息数
pub_other 条 5.其他方式公开政府信息数
- 二、回应解读情况
resp_hotspots 次 （一）回应公众关注热点或重大舆情数（不同方式回应同一热点或舆情计1次）
- （二）通过不同渠道和方式回应解读的情况
resp_press_conf 次 1.参加或举办新闻发布会总次数
resp_press_conf_lead 次 其中：主要负责同志参加新闻发布会次数
resp_interview 次 2.政府网站在线访谈次数
resp_interview_lead 次 其中：主要负责同志参加政府网站在线访谈次数
resp_policy_docs 篇 3.政策解读稿件发布数
resp_weibo_wechat 次 4.微博微信回应事件数
resp_other 次 5.其他方式回应事件数
- 三、依申请公开情况
req_received 件 （一）收到申请数
req_in_person 件 1.当面申请数
req_fax 件 2.传真申请数
req_online 件 3.网络申请数
req_letter 件 4.信函申请数
req_closed 件 （二）申请办结数
req_closed_on_time 件 1.按时办结数
req_closed_extended 件 2.延期办结数
req_replied 件 （三）申请答复数
rep_already_public 件 1.属于已主动公开范围数
rep_granted 件 2.同意公开答复数
rep_partial 件 3.同意部分公开答复数
rep_denied 件 4.不同意公开答复数
den_secret 件 其中：涉及国家秘密
den_business 件 涉及商业秘密
den_privacy 件 涉及个人隐私
den_security 件 危及国家安全、公共安全、经济安全和社会稳定
den_not_gov_info 件 不是《条例》所指政府信息
den_other_law 件 法律法规规定的其他情形
rep_not_this_organ 件 5.不属于本行政机关公开数
rep_not_exist 件 6.申请信息不存在数
rep_correct_supplement 件 7.告知作出更改补充数
rep_other_channel 件 8.告知通过其他途径办理数
rev_total 件 四、行政复议数量
rev_upheld 件 （一）维持具体行政行为数
rev_corrected 件 （二）被依法纠错数
rev_other 件 （三）其他情形数
lit_total 件 五、行政诉讼数量
lit_upheld 件 （一）维持具体行政行为或者驳回原告诉讼请求数
lit_corrected 件 （二）被依法纠错数
lit_other 件 （三）其他情形数
complaints 件 六、举报投诉数量
fees_collected 万元 七、依申请公开信息收取的费用
- 八、机构建设和保障经费情况
org_offices 个 （一）政府信息公开工作专门机构数
org_reading_points 个 （二）设置政府信息公开查阅点数
org_staff 人 （三）从事政府信息公开工作人员数
org_staff_full 人 1.专职人员数（不包括政府公报及政府网站工作人员数）
org_staff_part 人 2.兼职人员数
org_budget 万元 （四）政府信息公开专项经费（不包括用于政府公报编辑管理及政府网站建设维护等方面的经费）
- 九、政府信息公开会议和培训情况
mtg_count 次 （一）召开政府信息公开工作会议或专题会议数
trn_classes 次 （二）举办各类培训班数
trn_people 人次 （三）接受培训人员数
"""
# What a province lets its organs count besides, after the number of documents issued.
LOCAL_ROWS = ("主动公开政府文件数", "主动公开行政执法信息")
CHANNELS = ("req_in_person", "req_fax", "req_online", "req_letter")
REPLIES = ("rep_already_public", "rep_granted", "rep_partial", "rep_denied", "rep_not_this_organ", "rep_not_exist")
REPLIES += ("rep_correct_supplement", "rep_other_channel")
DENIALS = ("den_secret", "den_business", "den_privacy", "den_security", "den_not_gov_info", "den_other_law")
# Each sum and its parts, by the id of its check.
SUMS = (
    ("C.REQ", "req_received", CHANNELS),
    ("C.CLOSED", "req_closed", ("req_closed_on_time", "req_closed_extended")),
    ("C.REPLY", "req_replied", REPLIES),
    ("C.REPLY", "rep_denied", DENIALS),
    ("C.REV", "rev_total", ("rev_upheld", "rev_corrected", "rev_other")),
    ("C.REV", "lit_total", ("lit_upheld", "lit_corrected", "lit_other")),
    ("C.STAFF", "org_staff", ("org_staff_full", "org_staff_part")),
)
MOST = {"government": 60, "office": 15, "department": 6, "town": 2, "street": 2, "zone": 3, "enterprise": 1}
COLUMNS = ("县政府办公室", "县直部门", "乡镇街道")


@dataclass(frozen=True, slots=True)
class Indicator:
    """A row: its key, None for a heading, its unit, its label as the form prints it."""

    key: str | None
    unit: str
    label: str


def _rows() -> Iterator[Indicator]:
    for line in ROWS.strip().splitlines():
        if line.startswith("- "):
            yield Indicator(None, "", line[2:])
        else:
            yield Indicator(*line.split(" ", 2))


INDICATORS = tuple(_rows())
UNITS = {row.key: row.unit for row in INDICATORS if row.key}


def path(key: str) -> str:
    """Where an indicator's figure stands."""
    return f"t2014.{key}.count"


def numbers(unit_type: str, random: Random) -> dict[str, Figure]:
    """A year of an organ: every sum of the form holds."""
    values: dict[str, int | float] = dict.fromkeys(UNITS, 0)
    most = MOST[unit_type]
    values |= _published(most, random)
    received = random.choice((0, random.randrange(most + 1), random.randrange(most + 1)))
    values |= {"req_received": received, "req_closed": received, "req_replied": received}
    values |= _split(received, CHANNELS, random) | _split(received, REPLIES, random)
    values |= _split(int(values["rep_denied"]), DENIALS, random)
    extended = received // 5
    values |= {"req_closed_on_time": received - extended, "req_closed_extended": extended}
    for total, parts in (("rev_total", SUMS[4][2]), ("lit_total", SUMS[5][2])):
        values[total] = random.choice((0, 0, 0, 2)) if most > 5 else 0
        values |= _split(int(values[total]), parts, random)
    full, part = random.randrange(2), random.randrange(1, 5)
    values |= {"org_offices": 1, "org_reading_points": 1 + most // 5, "org_staff": full + part}
    values |= {"org_staff_full": full, "org_staff_part": part, "org_budget": random.choice((0, 0, 0.5, 1.26, 3))}
    values |= {"mtg_count": random.randrange(1, 5), "trn_classes": random.randrange(3)}
    values["trn_people"] = int(values["trn_classes"]) * random.randrange(8, 40)
    return {path(key): number(values[key], unit) for key, unit in UNITS.items()}


def _published(most: int, random: Random) -> dict[str, int | float]:
    website, gazette = random.randrange(20, 60 + 40 * most), random.randrange(3)
    weibo, wechat, other = random.randrange(9), random.randrange(30), random.randrange(60)
    issued = random.randrange(4)
    found = {"pub_gazette": gazette, "pub_website": website, "pub_weibo": weibo, "pub_wechat": wechat}
    found |= {"pub_other": other, "pub_total": website + other, "normative_issued": issued}
    return {**found, "pub_normative": min(issued, random.randrange(3)), "resp_policy_docs": random.randrange(8)}


def _split(total: int, keys: tuple[str, ...], random: Random) -> dict[str, int | float]:
    chosen = random.choices(keys, k=total)
    return {key: chosen.count(key) for key in keys}


def in_parts(figures: Mapping[str, Figure], random: Random, with_sum: bool) -> dict[str, Figure]:
    """The figures of a county whose table tells each count in three columns, `t2014.<key>.x_<column>`.

    Without a column for their sum nobody says which of the three is meant by the count.
    """
    found: dict[str, Figure] = {}
    for where, figure in figures.items():
        found[where] = figure if with_sum else Figure(None, "ambiguous", "", figure.unit)
        for column, part in zip(COLUMNS, _parts(figure, random), strict=True):
            found[f"{where.removesuffix('.count')}.x_{column}"] = number(part, figure.unit)
    return found


def with_units(figures: Mapping[str, Figure]) -> dict[str, Figure]:
    """The figures where each cell prints its unit."""
    return {where: replace(figure, written=f"{figure.written}{figure.unit}") for where, figure in figures.items()}


def _parts(figure: Figure, random: Random) -> tuple[int | float, ...]:
    if not isinstance(figure.value, int):
        return figure.value or 0, 0, 0
    first = random.randrange(figure.value + 1)
    second = random.randrange(figure.value - first + 1)
    return first, second, figure.value - first - second


def table(figures: Mapping[str, Figure], style: str, layout: tuple[str, ...]) -> Grid:
    """The table as one of its printed layouts; rows that have no figure are not printed.

    `serial`: a column of numbers in front. `columns`: the parts of a county beside their sum. `parts`: the parts alone.
    `units-in-cells`: no column of units, each count has its own.
    """
    before = [
        *(["序号"] if "serial" in layout else []),
        "统计指标",
        *(["单位"] if "units-in-cells" not in layout else []),
    ]
    counts = {"合计": "count"} if "columns" in layout else {"统计数": "count"}
    parts = {column: f"x_{column}" for column in COLUMNS}
    counts = parts if "parts" in layout else counts | (parts if "columns" in layout else {})
    rows = [tuple(Cell(text) for text in (*before, *counts))]
    shown = [row for row in _all_rows() if row.key is None or path(row.key) in figures]
    for index, row in enumerate(shown, 1):
        words = {"序号": str(index), "统计指标": _label(row.label, style), "单位": row.unit}
        paths = [f"t2014.{row.key}.{column}" for column in counts.values()]
        cells = [Cell(figures[where].written, path=where) if where in figures else Cell("") for where in paths]
        rows.append((*(Cell(words[name]) for name in before), *cells))
    widths = {"序号": 0.5, "统计指标": 4.0, "单位": 0.8}
    return Grid(tuple(rows), (*(widths[name] for name in before), *[0.9] * len(counts)), head=1)


def _all_rows() -> Iterator[Indicator]:
    for row in INDICATORS:
        yield row
        if row.key == "normative_issued":
            yield from (Indicator(f"x_{label}", "条", label) for label in LOCAL_ROWS)


def _label(label: str, style: str) -> str:
    """The label in the brackets and points that the report uses throughout, indented or not."""
    brackets = choose(style, "c.brackets", ("（）", "()"))
    label = label.replace("（", brackets[0]).replace("）", brackets[1])
    if label[0].isdigit():
        label = label.replace(".", choose(style, "c.point", (".", "．", "、")), 1)
    indent = choose(style, "c.indent", ("", "　"))
    return label if label[1:2] == "、" and not label[0].isdigit() else f"{indent}{label}"
