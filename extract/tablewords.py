"""The words that tell what a piece of a statutory table is: an anchor, a header, the label of a row."""

from __future__ import annotations

import re
from functools import lru_cache

from . import statlines
from .canonical import begins_item
from .forms import all_forms
from .labels import matches, plain, without_group

_ANCHOR = re.compile(r"第二十条第?[(].[)]项")
_UPPER = re.compile(r"申请人情况|法人或(?:者)?其他组织|行政复议|行政诉讼|未经复议直接起诉|复议后起诉")
_HEADER = re.compile(
    r"(?:信息内容|本年.{0,8}数量?|本年收费金额|现行有效件数|对外公开总数量|上一年.{0,8}|处理决定数量|采购总金额|采购项目数量)"
    r"(?:\(.*\))?|\(?本列数据的?勾稽关系.*"
)


@lru_cache(maxsize=20_000)
def is_anchor(text: str) -> bool:
    """Whether a text is the line above a part of table 二: 第二十条第（一）项."""
    return bool(_ANCHOR.match(plain(text)))


@lru_cache(maxsize=20_000)
def is_upper(text: str) -> bool:
    """Whether a text is a header over several columns of table 三 or 四."""
    return bool(_UPPER.fullmatch(plain(text)))


@lru_cache(maxsize=20_000)
def is_header(text: str) -> bool:
    """Whether a text is printed in the header of a statutory table, as a whole."""
    form = next(iter(all_forms().values()))
    words = {word for column in (*form.t3_columns, *form.t4_columns) for word in column.words}
    return plain(text) in words or is_upper(text) or bool(_HEADER.fullmatch(plain(text)))


@lru_cache(maxsize=20_000)
def is_second(text: str) -> bool:
    """Whether a text is the label of one row of table 二, with nothing but an explanation in brackets behind it."""
    label = plain(text)
    rows = (row for form in all_forms().values() for part in form.t2 for row in part.rows)
    return any(re.fullmatch(rf"(?:{pattern})(?:\(.*\))?", label) for row in rows for pattern in row.patterns)


@lru_cache(maxsize=20_000)
def is_third(text: str) -> bool:
    """Whether a text is the label of one row of table 三."""
    label = plain(text)
    rows = (row for form in all_forms().values() for row in form.t3_rows)
    return any(matches(row, label, whole=True) or matches(row, without_group(label), whole=True) for row in rows)


def is_indicator(text: str) -> bool:
    """Whether a text is the label of one row of the statistics table of 2014."""
    return bool(statlines.known(statlines.words(text)))


def begins_row(text: str) -> bool:
    """Whether a text begins a row of a statutory table, so that it goes on nothing that stands above."""
    known = (is_anchor, is_header, is_second, is_third, is_indicator)
    return begins_item("".join(text.split())) or any(is_known(text) for is_known in known)
