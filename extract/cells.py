"""What one cell says: its state, its value, its unit. Zero, blank, dash and unreadable are four different things."""

from __future__ import annotations

import re
from dataclasses import dataclass
from decimal import Decimal
from functools import lru_cache

from . import numerals
from .model import State

_DASHES = frozenset("/-—–―‐‑‒−\\无") | {"--", "——", "//", "---"}
_HALF_WIDTH = {0xFF01 + n: 0x21 + n for n in range(94)}  # not NFKC, which makes 52 of 5²
_NUMBER = re.compile(
    r"(?P<sign>[+\-−↑↓]|增加?|上升|减少?|下降)?(?P<digits>[0-9]{1,3}(?:,[0-9]{3})+|[0-9]+)(?P<decimals>\.[0-9]+)?(?P<unit>[^0-9]{0,4})"
)
_IN_WORDS = re.compile(rf"(?P<sign>增加?|上升|减少?|下降)?(?P<numeral>[{numerals.SIGNS}]+)(?P<unit>\D{{0,4}})")
_LESS = ("-", "−", "↓", "减", "减少", "下降")
_APART = re.compile(rf"[\d{numerals.SIGNS}]\s+[\d{numerals.SIGNS}]")
STROKE = "一"  # alone in a cell it may be one, and may be a dash that was typed or recognised as a character
_UNITS = set("件 项 条 个 份 次 家 宗 起 篇 人 人次 场 期 元 千元 万元 万 百万元 亿元".split())
ILLEGIBLE = "□"  # stands for what cannot be read in a picture, as in printed editions
_PARTLY_LEGIBLE = re.compile(rf"[\d.,]*{ILLEGIBLE}[\d.,{ILLEGIBLE}]*\D?")
MAX_DIGITS = 12  # a county's largest amount has ten; more is damage
_IN_WAN = {
    "元": Decimal("0.0001"),
    "百元": Decimal("0.01"),
    "千元": Decimal("0.1"),
    "万元": Decimal(1),
    "万": Decimal(1),
    "十万元": Decimal(10),
    "百万元": Decimal(100),
    "千万元": Decimal(1000),
    "亿元": Decimal(10_000),
}
MONEY = frozenset(_IN_WAN)
_MONEY_WORD = "[十百千]?万元|[百千]?元|亿元"


@dataclass(frozen=True, slots=True)
class Reading:
    """The reading of one cell: `unit` is the unit printed in the cell itself, not the column's."""

    state: State
    value: Decimal | None
    unit: str | None = None


@lru_cache(maxsize=20_000)  # most cells print one of a few numbers
def read(text: str) -> Reading:
    """Read the text of a cell. Only white space (U+00A0 and U+3000 too) is blank; a lone dash, slash or 无 is a dash."""
    plain = "".join(text.translate(_HALF_WIDTH).split())
    if not plain:
        return Reading(State.BLANK, None)
    if plain in _DASHES:
        return Reading(State.DASH, None)
    if plain == STROKE:
        return Reading(State.UNREADABLE, None)
    match = _NUMBER.fullmatch(plain)
    if not match and (said := _IN_WORDS.fullmatch(plain)) and not _two_numbers(text):
        return _in_words(said)
    if not match or _two_numbers(text) or (match["unit"] and match["unit"] not in _UNITS):
        return Reading(State.UNREADABLE, None)
    digits = match["digits"].replace(",", "")
    if len(digits) > MAX_DIGITS or len(match["decimals"] or "") > MAX_DIGITS:
        return Reading(State.UNREADABLE, None)
    value = Decimal(digits + (match["decimals"] or ""))
    return Reading(State.NUMBER, -value if match["sign"] in _LESS else value, match["unit"] or None)


def _in_words(match: re.Match[str]) -> Reading:
    """A number in Chinese characters, with its unit: 十二, 三件, 减两项."""
    value = numerals.number(match["numeral"])
    if value is None or (match["unit"] and match["unit"] not in _UNITS):
        return Reading(State.UNREADABLE, None)
    return Reading(State.NUMBER, Decimal(-value if match["sign"] in _LESS else value), match["unit"] or None)


@lru_cache(maxsize=20_000)
def is_figure(text: str, words: bool = False) -> bool:
    """Whether a cell could stand in a column of figures: a number, a dash, or one that is not legible.

    `words`: numbers in Chinese characters too. They count in a table whose columns are known, not on a page of which
    only places are known, where 一 and 十 are pieces of labels.
    """
    plain = "".join(text.split())
    if ILLEGIBLE in text:
        return bool(_PARTLY_LEGIBLE.fullmatch(plain))
    if _IN_WORDS.fullmatch(plain):
        return words and (plain == STROKE or read(text).state is State.NUMBER)
    return read(text).state in (State.NUMBER, State.DASH)


def amount(value: Decimal | None, cell_unit: str | None, header: str) -> tuple[Decimal | None, str | None]:
    """An amount of money in 万元 where the cell or the column's header prints a unit; else as printed, unit None."""
    unit = cell_unit if cell_unit in _IN_WAN else header_unit(header)
    if unit is None:
        return value, None
    return None if value is None else _plain(value * _IN_WAN[unit]), "万元"


@lru_cache(maxsize=5_000)  # the words of headers and labels are those of the form
def many_at_once(text: str) -> str:
    """The unit of a header or label that counts in hundreds or more, as 万件; empty where it counts one by one."""
    match = re.search(r"[十百千万亿]+[件项条个份次]", "".join(text.split()))
    return match[0] if match else ""


@lru_cache(maxsize=5_000)
def header_unit(header: str) -> str | None:
    """The unit that a header prints: after 单位 where that stands, else the only one in it."""
    plain = "".join(header.split())
    if match := re.search(rf"单位[:：为]?({_MONEY_WORD})", plain):
        return match[1]
    units = set(re.findall(_MONEY_WORD, plain))
    return units.pop() if len(units) == 1 else None


def _plain(value: Decimal) -> Decimal:
    """Without exponent and without trailing zeros, so that 0.2000 and 0.2 are one value."""
    value = value.normalize()
    return value.quantize(Decimal(1)) if value == value.to_integral_value() else value


def _two_numbers(text: str) -> bool:
    """Two numbers in one cell: a space between digits is not closed, because 1 2 may be 12 or two figures."""
    return bool(_APART.search(text.strip()))
