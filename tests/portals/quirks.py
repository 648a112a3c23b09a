"""What is irregular, and in which report: a table that a test can quote by name.

The same kinds of trouble that published reports show (blank and dashed cells, rows that are not printed, sums that
do not add up, a narrative that contradicts its table) are laid over consistent figures, so that the truth still says
exactly what each document prints. Dates of changes are chosen for a test that looks on 2026-01-10 and again later.
"""

from dataclasses import dataclass
from datetime import date

from .amounts import number
from .changes import (
    Change,
    blank,
    dash,
    only_totals,
    prints,
    shift,
    tells_all_open,
    tells_carried_in,
    tells_none,
    tells_nothing,
    tells_received,
    unprinted,
)
from .counties import SMALL
from .form import T4_COLUMNS
from .model import Carrier

FEE = "t2.admin_fees.fee_amount"
AMOUNT = "t2.central_procurement.procurement_amount"


@dataclass(frozen=True, slots=True)
class Quirk:
    """One irregularity of one report."""

    report: str
    note: str
    changes: tuple[Change, ...]


def _cells(row: str, *columns: str) -> tuple[str, ...]:
    return tuple(f"t3.{row}.{column}" for column in columns)


QUIRKS = (
    Quirk("lonsun/jiaoyu/2021", "table two is not printed", (unprinted("t2"),)),
    Quirk(
        "lonsun/caizheng/2023",
        "two blank rows in table three",
        (blank("t3.denied_state_secret", "t3.denied_law_prohibits"),),
    ),
    Quirk(
        "lonsun/shuili/2020",
        "negative change; amount with 万 after a space",
        (prints("t2.penalty.change", number(-41, "项")), prints(AMOUNT, number(1863.4, "万元", "1863.4 万"))),
    ),
    Quirk("lonsun/minzheng/2021", "table three in the form of 2019, table two in that of 2021", ()),
    Quirk("lonsun/tongji/2022", "table three has totals only", (only_totals,)),
    Quirk("lonsun/tongji/2024", "strokes for zero", (dash("/", "t2.regulations", "t4"),)),
    Quirk("lonsun/chengguan/2023", "narrative contradicts table three", (tells_received(3),)),
    Quirk("lonsun/shiqiao/2021", "review cells of table four are blank", (blank("t4.review"),)),
    Quirk("lonsun/liuhe/2021", "says that no request came, table three has one", (tells_none,)),
    Quirk(
        "lonsun/yuntai/2020",
        "hyphens in table two; amount in 元",
        (dash("-", "t2.licensing", "t2.other_admin_services"), prints(AMOUNT, number(48.65, "万元", "486500元"))),
    ),
    Quirk("lonsun/dongguan/2023", "row 一 of table three is not printed", (unprinted("t3.new_received"),)),
    Quirk(
        "lonsun/zfb/2022",
        "one request too many is carried out",
        (shift(1, *_cells("carried_out", "natural_person", "total")),),
    ),
    Quirk(
        "lonsun/zhengfu/2020",
        "thousands comma",
        (prints("t2.licensing.decisions", number(12408, "件", "12,408")),),
    ),
    Quirk("lonsun/zhengfu/2023", "a wrong total in table four", (shift(2, "t4.litigation_direct.total"),)),
    Quirk("trs/ziran/2022", "a wrong total of row （一）", (shift(1, "t3.granted.total"),)),
    Quirk("trs/jiaotong/2023", "the grand total of table three is blank", (blank("t3.processed_total.total"),)),
    Quirk(
        "trs/weijian/2020",
        "negative change; bare amount",
        (prints("t2.licensing.change", number(-23, "项")), prints(AMOUNT, number(6215, None))),
    ),
    Quirk("trs/yingji/2021", "long dashes in table three", (dash("—", "t3.denied_process_info", "t3.partial"),)),
    Quirk(
        "trs/shichang/2022",
        "the results do not add up to （七）",
        (shift(-1, *_cells("granted", "natural_person", "total")),),
    ),
    Quirk("trs/chengguan/2024", "a row of table three is not printed", (unprinted("t3.unprocessed_excessive"),)),
    Quirk("trs/baima/2021", "the row 规章 is not printed", (unprinted("t2.regulations"),)),
    Quirk("trs/songshu/2020", "all of table four is blank", (blank("t4"),)),
    Quirk("trs/yingji/2024", "carried-in number of the narrative is wrong", (tells_carried_in(2),)),
    Quirk("trs/shichang/2024", "regulations at a county", (prints("t2.regulations.in_force", number(2)),)),
    Quirk("trs/zhengfu/2021", "narrative counts what was carried in", (tells_all_open,)),
    Quirk("trs/songshu/2024", "no number in the narrative", (tells_nothing,)),
    Quirk("trs/qinglong/2023", "the same document as trs/baima/2023, byte for byte", ()),
    Quirk("plain/fagai/2021", "fee with four decimals", (prints(FEE, number(36.85, "万元", "36.8500")),)),
    Quirk("plain/fagai/2022", "fee without a printed unit", (prints(FEE, number(128000, None)),)),
    Quirk("plain/nongye/2023", "one blank total", (blank("t3.granted.total"),)),
    Quirk("plain/shenji/2020", "amount with 万元", (prints(AMOUNT, number(86.5, "万元", "86.5万元")),)),
    Quirk("plain/renshe/2021", "hyphens in table four", (dash("-", "t4.litigation_after_review"),)),
    Quirk("plain/wenlv/2024", "every cell is blank", (blank("t2", "t3", "t4"),)),
    Quirk("plain/gangtou/2022", "narrative contradicts table three", (tells_received(2),)),
    Quirk("plain/lianhua/2021", "table two is not printed", (unprinted("t2"),)),
    Quirk("plain/beihu/2022", "row 二 of table three is not printed", (unprinted("t3.carried_in"),)),
    Quirk("plain/xiping/2024", "a wrong total in table four", (shift(1, "t4.review.total"),)),
    Quirk("plain/nanyuan/2024", "says that no request came, table three has some", (tells_none,)),
    Quirk(
        "plain/zfb/2022",
        "an applicant in the wrong column",
        (shift(-1, "t3.granted.natural_person"), shift(1, "t3.granted.other_org")),
    ),
    Quirk(
        "plain/nongye/2024",
        "a blank line of table four but its totals",
        (blank(*(f"t4.litigation_direct.{column}" for column in T4_COLUMNS[:-1])),),
    ),
)

# Forms that are not those of the report year.
FORMS = {"lonsun/minzheng/2021": {"t3": "y2019"}}
# Requests granted to natural persons beyond what chance gave: a report whose quirk or revision needs some.
RECEIVED = {
    "lonsun/liuhe/2021": 1,
    "lonsun/zfb/2024": 3,
    "trs/zfb/2024": 2,
    "trs/shichang/2022": 2,
    "plain/renshe/2024": 2,
    "plain/zfb/2022": 1,
    "plain/nanyuan/2024": 2,
}
# One granted request turns out to be granted in part.
REVISED = {
    "lonsun/zfb/2024": date(2026, 1, 20),
    "trs/zfb/2024": date(2026, 1, 22),
    "plain/renshe/2024": date(2026, 1, 28),
}
VANISHES = {
    "lonsun/dongguan/2021": date(2026, 1, 25),
    "trs/heping/2021": date(2026, 1, 30),
    "plain/nanyuan/2021": date(2026, 1, 21),
}
# Not listed and not there for a while, after the days on which other tests look.
AWAY = {
    "lonsun/caizheng/2023": (date(2026, 2, 12), date(2026, 2, 26)),
    "plain/fagai/2023": (date(2026, 2, 8), date(2026, 2, 18)),
}
# The page gets another address; the old one leads there (True), or is gone.
MOVES = {
    "trs/weijian/2020": (date(2026, 2, 9), True),
    "lonsun/shuili/2020": (date(2026, 2, 15), False),
}
# The stated date is weeks before the day on which the portal first shows the report.
BACKDATED = {"trs/songshu/2025": (date(2026, 1, 28), date(2026, 3, 18))}
# The column of each portal links this report in two rows.
LISTED_TWICE = frozenset(
    {
        "lonsun/zhengfu/2023",
        "trs/zhengfu/2021",
        "plain/zhengfu/2022",
        *(f"{portal}/zhengfu/2023" for portal, _ in SMALL),
    }
)
COPIES = {"trs/qinglong/2023": "trs/baima/2023"}
TITLES_WITHOUT_UNIT = frozenset({"lonsun/zfb/2021", "trs/baima/2023", "trs/qinglong/2023", "plain/shenji/2021"})
CARRIERS: dict[str, Carrier] = {
    "lonsun/zfb/2024": "html",
    "lonsun/yuntai/2024": "html",
    "trs/zfb/2024": "pdf",
    "trs/zfb/2023": "pdf",
    "trs/zhengfu/2022": "pdf",
    "trs/baima/2023": "docx",
    "trs/qinglong/2023": "docx",
    "plain/renshe/2024": "html",
    "lonsun/jiaoyu/2025": "html+docx",
    "trs/ziran/2025": "html+docx",
    "plain/shenji/2025": "html+docx",
    "plain/lianhua/2021": "docx",
}
LAYOUTS = {
    "lonsun/yuntai/2024": ("odd-rowspan",),
    "trs/zfb/2023": ("cut-row",),
    "trs/zhengfu/2022": ("repeat-header",),
}
