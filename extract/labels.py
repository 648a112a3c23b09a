"""Labels as they are printed, compared as words: brackets, spaces, quotes and numbering differ from report to report."""

from __future__ import annotations

import re
import unicodedata
from functools import cache, lru_cache

from .forms import Column, Row

_QUOTES = str.maketrans("", "", "“”\"'‘’「」#*\u200b\ufeff")
_UNIT = re.compile(r"\((?:单位:)?[件项个条]\)$")
_GROUP = re.compile(r"^(?:本年度办理结果)?(?:[(][一二三四五六七]+[)])?(?:不予公开|无法提供|不予处理|其他处理)(?=.)")
_NUMBERING = re.compile(r"^(?:[(]?[一二三四五六七八九十]+[)、.,:]|[(]?\d{1,2}[).、,])+")


@lru_cache(maxsize=20_000)
def plain(label: str) -> str:
    """A label without white space, quotes, Markdown and leading numbering, in half-width form (forms.json, normalise)."""
    text = unicodedata.normalize("NFKC", label).translate(_QUOTES)
    text = "".join(text.split()).replace("／", "/").replace("其它", "其他")
    return _NUMBERING.sub("", _UNIT.sub("", text)) or text


@lru_cache(maxsize=20_000)
def without_group(label: str) -> str:
    """A plain label without the name of its group, where both stand in one cell: （三）不予公开 1.属于国家秘密."""
    return plain(_GROUP.sub("", label))


def matches(row: Row, label: str, whole: bool) -> bool:
    """Whether a plain label is that row's: as a whole (table 三) or by its beginning (table 二)."""
    pattern = _any_of(row.patterns)
    return (pattern.fullmatch(label) if whole else pattern.match(label)) is not None


@cache  # as many as the forms have rows
def _any_of(patterns: tuple[str, ...]) -> re.Pattern[str]:
    return re.compile("|".join(f"(?:{pattern})" for pattern in patterns) or "(?!)")


def column_of(columns: tuple[Column, ...], label: str) -> Column | None:
    """The column whose header a plain label is; the longest word wins (法律服务机构 before 法律服务)."""
    hits = [(len(word), column) for column in columns for word in column.words if label.startswith(plain(word))]
    return max(hits, key=lambda hit: hit[0])[1] if hits else None
