"""Labels as they are printed, compared as words: brackets, spaces, quotes and numbering differ from report to report."""

from __future__ import annotations

import re
import unicodedata
from functools import cache, lru_cache

from .forms import LOCAL, Column, Row

_QUOTES = str.maketrans("", "", "“”\"'‘’「」#*\u200b\ufeff")
_UNIT = re.compile(r"\((?:单位:)?[件项个条]\)$")
_GROUP = re.compile(r"^(?:本年度办理结果)?(?:[(][一二三四五六七]+[)])?(?:不予公开|无法提供|不予处理|其他处理)(?=.)")
_NUMBERING = re.compile(r"^(?:[(]?[一二三四五六七八九十]+[)、.,:]|[(]?\d{1,2}[).、,]|\d(?=[\u4e00-\u9fff]))+")
_OPEN, _CLOSE = "([{【〔<", ")]}】〕>"
# What follows a label without brackets and only explains it. All else makes another label of it: 行政许可以外的…, 规章制度.
_EXPLAINS = re.compile(
    r"[:,;、。.\-—]*(?:(?:主要|仅|只|是|即)?(?:指|含|包括|包含|不含|不包括|除|计|涉及)|单位|注|历史累计|保留|以上|$)"
)
_COUNTS = frozenset({"数", "数量", "件数", "总数", "事项", "项目", "案件", "情况", "件", "项", "万元", "元"})
_NOT_OF_KEYS = re.compile(r"[^0-9A-Za-z\u3400-\u9fff]")


@lru_cache(maxsize=20_000)
def plain(label: str) -> str:
    """A label without white space, quotes, Markdown and leading numbering, in half-width form (forms.json, normalise)."""
    text = unicodedata.normalize("NFKC", label).translate(_QUOTES)
    text = "".join(text.split()).replace("／", "/").replace("其它", "其他")
    return _NUMBERING.sub("", _UNIT.sub("", text)) or text


@lru_cache(maxsize=20_000)
def bare(label: str) -> str:
    """A plain label without its explanations: all in brackets, to the end where one is not closed, and 其他，指….

    A label that is nothing else stays as it is.
    """
    kept, depth = "", 0
    for sign in label:
        depth += sign in _OPEN
        kept += sign if not depth else ""
        depth = max(0, depth - (sign in _CLOSE))
    explained = re.search(r"[:,;。](?:主要|仅|只|是|即)?(?:指|含|包括|包含|不含|不包括|除|单位|注)", kept)
    kept = kept[: explained.start()] if explained else kept
    return plain(kept).rstrip(":,;。.、") or label


@lru_cache(maxsize=20_000)
def without_group(label: str) -> str:
    """A plain label without the name of its group, where both stand in one cell: （三）不予公开 1.属于国家秘密."""
    return plain(_GROUP.sub("", label))


def local_key(label: str) -> str:
    """The key of a row or column that no form has: `x_` and the words of its plain label, without explanations.

    It comes from the label alone, so it is the same in all reports and years: x_其他主动公开文件. No dots or strokes.
    """
    return LOCAL + (_NOT_OF_KEYS.sub("", bare(label)) or _NOT_OF_KEYS.sub("", label))


def matches(row: Row, label: str, whole: bool) -> bool:
    """Whether a plain label is that row's: as a whole (table 三), or its beginning and what only explains it (table 二)."""
    pattern = _any_of(row.patterns)
    if whole:
        return (pattern.fullmatch(label) or pattern.fullmatch(bare(label))) is not None
    match = pattern.match(label)
    return match is not None and _explains(label[match.end() :])


def _explains(rest: str) -> bool:
    """Whether what stands behind a label only explains it."""
    return not rest or rest[0] in _OPEN or bare(rest) in _COUNTS or _EXPLAINS.match(rest) is not None


@cache  # as many as the forms have rows
def _any_of(patterns: tuple[str, ...]) -> re.Pattern[str]:
    return re.compile("|".join(f"(?:{pattern})" for pattern in patterns) or "(?!)")


def column_of(columns: tuple[Column, ...], label: str) -> Column | None:
    """The column whose header a plain label is; the longest word wins (法律服务机构 before 法律服务)."""
    hits = [
        (len(words), column)
        for column in columns
        for words in map(plain, column.words)
        if label.startswith(words) and _explains(label[len(words) :])
    ]
    return max(hits, key=lambda hit: hit[0])[1] if hits else None
