"""The clauses of a report that its writers chose: what remains when tables, numbers, names and the words of the form are taken away.

Two reports are alike by the clauses that both have. The law and the form make every report name the regulation, the period of its
figures, the parts it has and how to reach the organ, and print six headings: such clauses are in all reports, and say nothing of copying.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import lru_cache

SHORTEST = 5  # characters: 一是, 同时 and the like are everybody's
_CUT = re.compile(r"[。；！？，：;!?,:\n]+")
_NUMBER = re.compile(r"[0-9０-９]+(?:[.．][0-9０-９]+)?")
_SPACE = re.compile(r"[^\S\n]+")
_MARK = re.compile(r"^(?:[（(]?[一二三四五六七八九十#]{1,3}[）)、.．]|[一二三四五六七八九十]是|#[.．、])+")
_NAMED = "某"
_SENTENCE = re.compile(r"[。；;\n]+")
_CONTACT = re.compile("电话|地址|邮编|邮政编码|邮箱|传真|联系|咨询")
CONTACTS = 2  # words of them: a sentence with so many says how to reach the organ
_FORM = re.compile(  # what the form has everybody write
    "信息公开条例|国办公开办函|年度报告|本报告|勾稽关系|统计期限|数据(?:的)?(?:统计)?(?:期|从|自|起)|^(?:从|自|起|到|至)?#年#月#日"
    "|信息处理费|其他(?:需要|应当)?(?:报告|说明)(?:的)?事项"
    "|^(?:总体情况|主动公开(?:政府信息)?(?:的)?情况|依申请公开(?:政府信息)?(?:的)?情况|政府信息管理情况|平台建设(?:情况)?|监督保障(?:情况)?"
    "|收到和处理政府信息公开申请情况|政府信息公开行政复议、行政诉讼情况|存在的?主要问题(?:及|和)改进(?:情况|措施))$"
)


def clauses(text: str, names: Iterable[str] = ()) -> frozenset[str]:
    """The different clauses of a canonical text (its first line is the title), numbers as #, the given names as 某."""
    _, _, body = text.partition("\n")
    lines = [line for line in body.split("\n") if "\t" not in line]
    prose = "\n".join(_without_contact(line) if _CONTACT.search(line) else line for line in lines)
    for name in sorted(filter(None, set(names)), key=lambda name: (-len(name), name)):
        prose = prose.replace(name, _NAMED)
    told_alike = _NUMBER.sub("#", _SPACE.sub("", prose))  # no number goes over the end of a clause
    return frozenset(filter(None, map(_own, _CUT.split(told_alike))))


def _without_contact(line: str) -> str:
    """The sentences of a line that do not say how to reach the organ."""
    return "\n".join(one for one in _SENTENCE.split(line) if len(set(_CONTACT.findall(one))) < CONTACTS)


@lru_cache(maxsize=20_000)  # what reports copy from one another is the same words
def _own(part: str) -> str:
    """A clause without its mark; nothing for one that is too short, or that the form has everybody write."""
    part = _MARK.sub("", part)
    return part if len(part) >= SHORTEST and not _FORM.search(part) else ""


def likeness(one: frozenset[str], other: frozenset[str]) -> float:
    """Clauses that both have, by clauses that either has (Jaccard); 0 where one has none."""
    either = len(one | other)
    return len(one & other) / either if either and one and other else 0.0
