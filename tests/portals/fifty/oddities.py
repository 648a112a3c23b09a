"""What is irregular in the county's reports, by report: figures, wording, layout of the document, what its page says of it.

`CHANGES` are laid over consistent figures, so that the truth says what each document prints. `LAYOUTS` name oddities that
change no figure but how it is printed, `BROKEN` the checks that the changes break: written by hand, and compared with
what the arithmetic of these modules comes to.
"""

from datetime import date

from ..amounts import number
from ..changes import Change, Draft, blank, dash, only_totals, prints, shift, tells_none, tells_received, unprinted
from ..model import Carrier, Figure
from .statistics import UNITS, path

AMOUNT, FEE = "t2.central_procurement.procurement_amount", "t2.admin_fees.fee_amount"
DOCUMENTS, SECRETS = "x_其他主动公开文件", "x_属于工作秘密"
COLUMNS = ("natural_person", "commercial_enterprise", "research_institution", "social_welfare_org", "legal_service_org")
COLUMNS += ("other_org", "total")


def adds(prefix: str, unit: str, values: dict[str, int]) -> Change:
    """A row that the form does not have."""

    def change(draft: Draft) -> None:
        for column, value in values.items():
            draft.figures[f"{prefix}.{column}"] = number(value, unit)

    return change


def wrong_staff(draft: Draft) -> None:
    """More staff than of the two kinds together."""
    where = path("org_staff")
    draft.figures[where] = number(draft.value(where) + 2, "人")


def carried(by: int) -> Change:
    """So many requests more arrive and are carried out: the year balances and says so, the next does not begin with them."""
    rows = ("new_received", "carried_out")
    more = shift(by, *(f"t3.{row}.{column}" for row in rows for column in ("natural_person", "total")))

    def change(draft: Draft) -> None:
        more(draft)
        draft.says_none = False
        draft.narrative.pop("n_carried_in", None)
        draft.narrative["n_requests_received"] = draft.value("t3.new_received.total")
        draft.narrative["n_carried_out"] = draft.value("t3.carried_out.total")

    return change


CHANGES: dict[str, tuple[Change, ...]] = {
    # 2019 and 2020
    "caizheng/2019": (prints(AMOUNT, number(3987.75, "万元", "3987.75 万")),),
    "shuili/2019": (prints(AMOUNT, number(25.1, "万元", "251000元")),),
    "shiqiao/2020": (prints(AMOUNT, number(8040, None)),),
    "gongan/2019": (prints("t2.penalty.change", number(-367, "项")),),
    "minzheng/2019": (prints("t2.licensing.change", number(19, "项", "+19")),),
    "tongji/2020": (prints("t2.penalty.change", number(-3, "项", "减3")),),
    "sifa/2020": (prints("t2.coercion.change", number(5, "项", "增5")),),
    "huanbao/2019": (adds(f"t2.{DOCUMENTS}", "件", {"newly_made": 4, "newly_published": 4, "published_total": 31}),),
    "nongye/2020": (adds(f"t2.{DOCUMENTS}", "件", {"newly_made": 0, "newly_published": 0, "published_total": 6}),),
    "jiaotong/2020": (dash("-", "t2.other_admin_services", "t2.coercion"),),
    "liuhe/2019": (blank("t4"),),
    "shenji/2020": (unprinted("t2"),),
    "renshe/2019": (prints("t2.licensing.decisions", number(1276, "件", "1,276")),),
    "xinfang/2020": (dash("/", "t2", "t3.denied_state_secret"), prints(AMOUNT, Figure(None, "dash", "/", None))),
    "taiping/2019": (shift(1, "t3.processed_total.total"),),
    # 2021 to 2025
    "zhengfu/2021": (prints("t2.licensing.decisions", number(12408, "件", "12,408")),),
    "zhengfu/2023": (shift(2, "t4.litigation_direct.total"),),
    "zfb/2022": (carried(1),),
    "ziran/2024": (carried(2),),
    "fupin/2020": (carried(1),),
    "jiaoyu/2021": (unprinted("t2"),),
    "fagai/2022": (prints(FEE, number(128000, None)),),
    "shangwu/2023": (prints(FEE, number(0.37, "万元", "0.37万元")),),
    "weisheng/2024": (prints(FEE, number(36.85, "万元", "36.8500")),),
    "gongxin/2022": (adds(f"t3.{SECRETS}", "件", dict.fromkeys(COLUMNS, 0)),),
    "anjian/2023": (dash("—", "t3.denied_process_info", "t3.partial"),),
    "tongji/2023": (only_totals,),
    "wenhua/2024": (blank("t2", "t3", "t4"),),
    "linye/2021": (dash("无", "t2.coercion", "t4.litigation_after_review"),),
    "chengguan/2023": (tells_received(3),),
    "qingshui/2024": (tells_none, shift(2, "t3.new_received.natural_person", "t3.new_received.total")),
    "baiyun/2022": (blank("t3.denied_state_secret", "t3.denied_law_prohibits"),),
    "lianhua/2021": (unprinted("t3.carried_in"),),
    "huangshi/2022": (prints("t2.regulations.issued", number(2)), prints("t2.regulations.in_force", number(2))),
    "jinshan/2025": (prints("t2.penalty.decisions", number(12, "件", "十二")),),
    "nanping/2025": (prints("t2.licensing.decisions", number(30, "件", "３０")),),
    "longquan/2023": (prints("t2.licensing.decisions", number(3, "件", "3件")),),
    "xihe/2024": (blank("t4.review"),),
    "yibao/2023": (unprinted("t3.unprocessed_excessive"),),
    "tuiyi/2022": (shift(1, "t3.granted.total"),),
    "beiguan/2025": (prints("t2.coercion.decisions", number(0, "件", "零")),),
    # 2014 to 2018
    "fagai/2014": (prints(path("fees_collected"), number(0.37, "万元", "0.37")),),
    "caizheng/2015": (shift(1, path("req_received")),),
    "jiaotong/2016": (blank(*(path(key) for key in UNITS if key.startswith(("rev_", "lit_")))),),
    "sifa/2017": (dash("/", *(path(key) for key in UNITS if key.startswith("den_"))),),
    "shenji/2018": (unprinted("t2014.complaints", "t2014.fees_collected"),),
    "shuili/2016": (wrong_staff,),
    "minzheng/2014": (dash("—", path("org_budget"), path("fees_collected")),),
    "weisheng/2016": (prints(path("pub_total"), number(3120, "条", "3,120")),),
    "xinfang/2015": (blank(*(path(key) for key in UNITS)),),
    "gongan/2018": (shift(1, path("rep_denied")),),
    "ziran/2015": tuple(
        adds(f"t2014.x_{label}", "条", {"count": 12}) for label in ("主动公开政府文件数", "主动公开行政执法信息")
    ),
}
# The checks that fail by this, with their scopes; all others hold.
BROKEN: dict[str, set[tuple[str, str]]] = {
    "taiping/2019": {("T3.COL", "processed_total"), ("T3.SUM", "total"), ("T3.BAL", "total")},
    "zhengfu/2023": {("T4.SUM", "litigation_direct")},
    "chengguan/2023": {("N.NEW", "total")},
    "qingshui/2024": {("N.NEW", "total"), ("N.NONE", "total"), ("T3.BAL", "natural_person"), ("T3.BAL", "total")},
    "tuiyi/2022": {("T3.COL", "granted"), ("T3.SUM", "total")},
    "huangshi/2022": {("T2.REG", "regulations")},
    "caizheng/2015": {("C.REQ", "req_received"), ("N.NEW", "total")},
    "shuili/2016": {("C.STAFF", "org_staff")},
    "gongan/2018": {("C.REPLY", "req_replied"), ("C.REPLY", "rep_denied")},
}
# What does not hold between a year and the one before: under the later year. fupin has another name in 2021.
BETWEEN = {
    ("zfb/2023", "X.CARRY", "natural_person"),
    ("zfb/2023", "X.CARRY", "total"),
    ("ziran/2025", "X.CARRY", "natural_person"),
    ("ziran/2025", "X.CARRY", "total"),
    ("fupin/2021", "X.CARRY", "natural_person"),
    ("fupin/2021", "X.CARRY", "total"),
    ("huangshi/2023", "X.FORCE", "regulations"),
    ("gongan/2020", "X.ITEMS", "penalty"),
    ("minzheng/2020", "X.ITEMS", "licensing"),
}
HINTS = (
    "X.PEND",
    "G.ROLLUP",
)  # these fail by chance: pending cases that were withdrawn, a county that counts only its own

LAYOUTS: dict[str, tuple[str, ...]] = {
    "gongxin/2021": ("unlabelled",),
    "kaifaqu/2023": ("explained",),
    "shangwu/2019": ("explained",),
    "zilaishui/2022": ("eight",),
    "zhengfu/2014": ("columns",),
    "zhengfu/2015": ("columns",),
    "zhengfu/2016": ("columns", "serial"),
    "zhengfu/2017": ("parts",),
    "zhengfu/2018": ("serial",),
    "zfb/2016": ("serial",),
    "renshe/2014": ("units-in-cells",),
    "tongji/2015": ("units-in-cells",),
    "shiqiao/2011": ("numerals",),
    "liuhe/2012": ("numerals",),
    "taiping/2013": ("numerals", "full-width"),
    "zhengfu/2010": ("commas",),
    "zhengfu/2012": ("commas", "last-year"),
    "caizheng/2009": ("last-year",),
    "sifa/2013": ("last-year",),
}
# Towns and enterprises that print no table for some years of the form of 2014; the county itself did not in its first.
WITHOUT_TABLE = {
    "town": (2014, 2015, 2016),
    "street": (2014, 2015),
    "enterprise": (2014, 2015, 2016, 2017, 2018),
}
TITLES_WITHOUT_UNIT = frozenset(
    {"zfb/2021", "baiyun/2023", "shenji/2017", "shiqiao/2009", "caizheng/2011", "lianhua/2016"}
)
# The page names the organ that keeps the website as its publisher: the title names whose report it is.
PUBLISHED_BY_OFFICE = frozenset(
    {
        "keji/2012",
        "wenhua/2013",
        "shuanglong/2014",
        "xinhe/2015",
        "linye/2016",
        "gongan/2020",
        "tuiyi/2021",
        "yibao/2024",
    }
)
# Published after the last day: of the law, or for towns of convention.
LATE = {
    "fagai/2011": date(2012, 4, 6),
    "shiqiao/2016": date(2017, 5, 11),
    "zhengfu/2020": date(2021, 4, 12),
    "shuili/2021": date(2022, 3, 5),
    "zfb/2023": date(2024, 2, 2),
    "longquan/2022": date(2023, 2, 20),
}
FORMS = {"minzheng/2021": {"t3": "y2019"}, "nanping/2022": {"t2": "y2019", "t3": "y2019"}, "sifa/2021": {"t3": "y2019"}}
CARRIERS: dict[str, Carrier] = {
    "zhengfu/2015": "docx",
    "zfb/2016": "pdf",
    "zhengfu/2018": "pdf",
    "kaifaqu/2023": "html",
}
CARRIERS |= dict.fromkeys(("gongxin/2021", "zilaishui/2022", "gongxin/2022", "huanbao/2019"), "html")
