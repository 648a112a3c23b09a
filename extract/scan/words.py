"""Words of the statutory tables in which the recogniser took a character for another: the only such words as near.

A label says in which row a figure stands, and all labels are known; a figure is never mended.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache, lru_cache
from typing import Any

from ..cells import is_figure
from ..forms import all_forms
from ..labels import plain, without_group
from ..tablewords import is_anchor, is_header, is_second, is_third

SHORT = 4  # characters: between shorter words one other character is another word
UPPER = ("申请人情况", "法人或其他组织", "行政复议", "行政诉讼", "未经复议直接起诉", "复议后起诉", "信息内容")
ITEMS = "一五六八九"
# A header's unit of money, where it is certain: 方元 is 万元 badly read, and would be taken for 元.
_UNIT = re.compile(r"[(].*?(万元|亿元|(?<=位:)元|(?<=位)元)")
_NUMBERED = re.compile(r"(\d)\s*([^\x00-\xff].*)", re.DOTALL)
_YUAN = re.compile(r"[(].*元")


@lru_cache(maxsize=20_000)
def mended(text: str) -> str:
    """The text of a cell, or the words of a form that differ from it by few characters, where no others do."""
    bare = _NUMBERED.fullmatch(text)  # the dot behind a number is easily lost
    if bare and is_third(bare[2]):
        return f"{bare[1]}.{bare[2]}"
    label = plain(bare[2] if bare else text)
    if len(label) < SHORT or is_figure(text):
        return text
    if _is_known(text):
        return text if _UNIT.search(label) or not _YUAN.search(label) else label.partition("(")[0]
    for said in dict.fromkeys((label, without_group(label))):
        near = sorted(
            (count, word) for word, pattern in _patterns() if (count := _differing(said, pattern)) is not None
        )
        if near and (len(near) == 1 or near[0][0] < near[1][0]):
            return near[0][1] + (f"（单位：{unit[1]}）" if (unit := _UNIT.search(label)) else "")
    return text


def _is_known(text: str) -> bool:
    return is_third(text) or is_second(text) or is_header(text) or is_anchor(text)


def _differing(label: str, pattern: Any) -> int | None:
    """By how many characters a label differs from words; None where by more than may be."""
    found = pattern.fullmatch(label)
    count = sum(found.fuzzy_counts) if found else 0
    return count if found and count <= min(3, (len(label) - 1) // 3) else None


@cache
def _patterns() -> tuple[tuple[str, Any], ...]:
    """The words of all forms that a cell may print, with a pattern that lets up to three characters differ."""
    import regex  # knows fuzzy patterns; heavy, and only for scans

    found = {pattern: word for word, pattern in _words() if len(plain(word)) >= SHORT}
    return tuple((word, regex.compile(rf"(?b)(?:{pattern}){{e<=3}}")) for pattern, word in found.items())


def _words() -> Iterator[tuple[str, str]]:
    """Words as they are printed, and what matches them in a plain label."""
    for word in UPPER:
        yield word, re.escape(word)
    for item in ITEMS:
        yield f"第二十条第（{item}）项", re.escape(f"第二十条第({item})项")
    for form in all_forms().values():
        for column in (*form.t3_columns, *form.t4_columns, *(column for part in form.t2 for column in part.columns)):
            for word in column.words:
                yield word, re.escape(plain(word)) + (r"(?:\(.*\))?" if column not in form.t3_columns else "")
        for row in form.t3_rows:
            yield row.label.rpartition("/")[2], "|".join(f"(?:{pattern})" for pattern in row.patterns)
        for row in (row for part in form.t2 for row in part.rows):
            yield row.label, rf"(?:{'|'.join(row.patterns)})(?:\(.*\))?"
