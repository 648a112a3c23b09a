"""What makes a number in a clause another thing than the year's count: a negation, a plan, a rate, a bound, a part of the year.

Words are those that stand in a clause as `counts.arabic` writes it. All of them only take numbers away: what is said of
a count that was not reached, is to be, or runs over other months than the year's is not what the year's count is.
"""

from __future__ import annotations

import re

_ADVERB = r"(?:及时|按期|按时|如期|依法|依规|完成|予以|主动|组织|新)?"
# Directly before the words of a number: 未答复3件, 应公开300条, 删除公开信息3条. 回应, 响应 and 对应 are no duty.
_UNDONE = re.compile(
    r"(?:未能?|没有?|无|(?<!无)不|未曾|尚未|并非|不是|逾期|超期|超时|(?<![回响对相适供效反])应该?|应当|拟|需要?|须|(?<![接等])待|代为?"
    rf"|删除|退回|退还|减免|免收|撤回|撤下|下架|整改|错误)(?:收到|受理)?{_ADVERB}$"
)
_PLANNED = re.compile(r"将(?:组织|继续|再|陆续|计划|举办|召开|开展)*$")
# Anywhere before it: plans, conditions, rates, and bounds that the words before a number give.
_SUPPOSED = re.compile(
    r"计划(?!内)|预计|预期|力争|争取|目标(?:是|为)?$|下一步|下一阶段|明年|来年|^如(?:果)?(?![期实下上])|^(?:假如|倘若|若|凡)|至少|最多|最少|不少于|不低于"
    r"|每(?:个|家|半年|季|季度|月|周|日|天|人|次|件|单位|部门|股室|科室)|平均|[月周日]均(?!已|未|无|没|为|按|在|不)"
)
_BEHIND = re.compile(
    r"以上|以下|以内|之内|左右|上下|不等|多(?![数次个于年为])|余|不到|(?:至|到|或|-|~|～|—+|–)\d|[/／每]|的(?:要求|标准|目标|任务)"
)
_COUNTED = re.compile(r"(?:案件|申请|案|事项)*\d")
_UNITS = "(?:单位|部门|机关|乡镇?|镇|街道|村|社区)"
_SOME = re.compile(rf"(?:部分|个别|少数|多数|大多数|其余|有的|一些){_UNITS}|\d+个{_UNITS}(?:均|都)?(?:未|没有|无)")
_LEAD = re.compile(r"^(?:而|且|其中|截至|截止到?|自|从|在|至|到|20\d\d年|今年|本年度?)*$")
_ALL_YEAR = re.compile(
    r"(?:20\d\d年)?(?:1|元)月?(?:1日)?起?(?:至|到|[-~～—–]+)(?:20\d\d年)?12月(?:31日|底|末)?|(?:截至|截止到?|至|到)(?:20\d\d年)?12月(?:31日|底|末)|12月31日"
)
_MONTHS = re.compile(
    r"(?:上|下)半年|[一二三四1-4]季度|(?<![\d年个])(?:(?:1[0-2]|[1-9])月?[-至到~～—]+)?(?:1[0-2]|[1-9])月|年(?:1[0-2]|[1-9])月|(?:十[一二]?|[一二三四五六七八九])月(?:份|底|中|初|以来|[\d末])|年初"
)
_SINCE = re.compile(
    r"(?<!今年)(?<!本年)(?<!年度)(?<!\d年)以来|[一二两三四五六七八九十几\d]年来|历年|历次|建成后|上线后|开通后|实施后|施行后"
)
_COMPARED = re.compile(
    r"^(?:但|而)?(?:与|同|和|较|比|对比|相比|相较于?)[^，]{0,8}?(?:去年|上一?年度?|前年|往年|20\d\d年度?|同期)(?:同期)?(?:相比|比较|对比|相较)?$"
)
_UNTIL = re.compile(r"(?:截至|截止到?)(?!(?:12月|年底|年末))")  # 截至12月底 without a year is this year's
_STOCK = re.compile(r"累计")
_IN_YEAR = re.compile(r"今年|本年|全年|年度|年内")


def denied(clause: str, start: int, end: int, any_year: bool) -> bool:
    """Whether the number that the clause says in `start`–`end` is one that was not reached, is planned, a rate or a bound.

    `any_year`: it speaks of another year by its nature, so that 将 (将结转下年度3件) plans nothing.
    """
    before = clause[:start]
    if _UNDONE.search(before) or _SUPPOSED.search(before) or _BEHIND.match(clause, end):
        return True
    return not any_year and _PLANNED.search(before) is not None


def not_none(run: str, start: int, end: int) -> bool:
    """Whether words that deny something stand in a condition, speak of what is left (除3件外), or are followed by a count."""
    before = run[:start]
    excepted = re.search(r"除(?!(?:主动|依法)公开).*外", before)
    return bool(excepted or _SUPPOSED.search(before) or _COUNTED.match(run, end))


def of_some(clause: str) -> bool:
    """Whether a clause speaks of some units only."""
    return _SOME.search(clause) is not None


def other_months(clause: str) -> bool:
    """Whether a clause names a part of the year, or more than a year: 上半年, 3月, 施行以来. 1月1日至12月31日 is the year."""
    return bool(_MONTHS.search(_ALL_YEAR.sub("", clause)) or _SINCE.search(clause))


def holds(clause: str) -> bool:
    """Whether what a clause names holds for the next ones too: 与2021年相比 and 施行以来 alone, months at its beginning."""
    if _COMPARED.match(clause) or (re.search(r"(?:以来|年来|历年)$", clause) and _SINCE.search(clause)):
        return True
    months = _MONTHS.search(_ALL_YEAR.sub("", clause))
    return months is not None and _LEAD.match(_ALL_YEAR.sub("", clause)[: months.start()]) is not None


def is_stock(clause: str, until: bool) -> bool:
    """Whether a clause counts all that there ever was, up to a day: 截至2022年底，累计公开3000条."""
    return until and bool(_STOCK.search(clause)) and not _IN_YEAR.search(clause)


def until(clause: str) -> bool:
    """Whether a clause names a day up to which things are counted."""
    return _UNTIL.search(clause) is not None
