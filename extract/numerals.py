"""Numbers written in Chinese characters: 十二, 一百零三, 两千, 〇, 二〇一, and the capitals of accounts (壹拾贰).

Only what is written as numbers are: a run of digits without units is a number only where a 零 or 〇 stands in it,
because 三五 is three to five and 一二 may be two figures that ran together.
"""

from __future__ import annotations

import re

DIGITS = "〇一二三四五六七八九"
_CAPITALS = str.maketrans("零壹贰叁肆伍陆柒捌玖拾佰仟貳參陸兩", "〇一二三四五六七八九十百千二三六两")
_UNITS = ((1000, "千"), (100, "百"), (10, "十"))
_SAID = re.compile(
    r"(?:(?P<千>[一二两三四五六七八九])千)?(?:(?P<百>[一二两三四五六七八九])百)?"
    r"(?:(?P<十>[一二三四五六七八九])?(?P<ten>十))?(?P<一>[一二三四五六七八九])?"
)
_POSITIONS = re.compile(r"[一二三四五六七八九][〇一二三四五六七八九]{1,7}")
SIGNS = "〇零一二三四五六七八九十百千两壹贰叁肆伍陆柒捌玖拾佰仟貳參陸兩"  # all that a number may be written with


def number(text: str) -> int | None:
    """The number that Chinese characters write, below ten thousand where units stand in it; None for anything else.

    两 stands alone or before 百 and 千. 一百三 is not read (130 in speech, 103 by its digits).
    """
    plain = text.translate(_CAPITALS)
    if plain == "两":
        return 2
    if plain in DIGITS and len(plain) == 1:
        return DIGITS.index(plain)
    if _POSITIONS.fullmatch(plain):
        return int("".join(str(DIGITS.index(sign)) for sign in plain)) if "〇" in plain else None
    match = _SAID.fullmatch(plain.replace("〇", ""))
    if not match:
        return None
    value = sum(_digit(match[unit]) * size for size, unit in _UNITS[:2])
    if match["ten"]:
        value += (_digit(match["十"]) or 1) * 10
    value += _digit(match["一"])
    return value if plain.replace("两", "二") in _spellings(value) else None


def _digit(sign: str | None) -> int:
    return 0 if sign is None else DIGITS.index(sign.replace("两", "二"))


def _spellings(value: int) -> set[str]:
    """How a number from 10 to 9999 is written: 一十二 also without its 一, 一百一十二 also as 一百十二."""
    rest, parts, gap = value, "", False
    for size, unit in _UNITS:
        digit, rest = divmod(rest, size)
        if digit:
            parts += ("〇" if gap and parts else "") + DIGITS[digit] + unit
        gap = not digit
    if rest:
        parts += ("〇" if gap and parts else "") + DIGITS[rest]
    return {parts, parts.replace("一十", "十")}
