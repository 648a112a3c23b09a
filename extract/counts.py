"""Numbers in sentences as Arabic digits: full-width digits, thousands separators, 十二件, 1.2万条, 一万二千条."""

from __future__ import annotations

import re
from decimal import Decimal

from .numerals import number

UNITS = "条件份起宗例次场期篇个项人名元部"
_HALF_WIDTH = {0xFF01 + n: 0x21 + n for n in range(94) if chr(0x21 + n) not in ",;:()?!"}  # Chinese punctuation stays
_WIDE = re.compile(f"[{''.join(map(chr, _HALF_WIDTH))}]")
_SPACED = re.compile(r"(?<=\d)\s+(?=\d)")
_DIGIT = re.compile(r"\d")
_GROUPED = re.compile(r"(?<!\d)\d{1,3}(?:[,，]\d{3})+(?!\d)")
_TEN_THOUSANDS = re.compile(rf"(?<![\d.亿])(\d+(?:\.\d+)?)万(?=余?[{UNITS}])")
_SIGNS = "零〇一二两三四五六七八九十百千"
_CHINESE = re.compile(
    rf"(?<![第数几近约逾超过每余多万亿\d.{_SIGNS}])(?P<number>[{_SIGNS}]+)(?:(?P<wan>万)(?P<rest>[{_SIGNS}]*))?(?=余?[{UNITS}])"
)
_MAY_COUNT = re.compile(rf"[零〇一二两三四五六七八九十百千]万?余?[{UNITS}]")  # cheaper than the search for the whole


def arabic(sentence: str) -> str:
    """A sentence without white space and with its counts as digits; digits parted by a space stay parted (12345 6件)."""
    text = sentence.translate(_HALF_WIDTH) if _WIDE.search(sentence) else sentence
    if len(text.split(None, 1)) > 1 or text[:1].isspace() or text[-1:].isspace():
        text = "".join(_SPACED.sub("|", text).split())
    if _DIGIT.search(text):
        text = _GROUPED.sub(lambda found: re.sub("[,，]", "", found[0]), text)
    text = _CHINESE.sub(_converted, text) if _MAY_COUNT.search(text) else text
    if "万" not in text:
        return text
    return _TEN_THOUSANDS.sub(lambda found: _plain(Decimal(found[1]) * 10_000), text)


def _plain(number: Decimal) -> str:
    return f"{number:f}".rstrip("0").rstrip(".") if "." in f"{number:f}" else f"{number:f}"


def _converted(found: re.Match[str]) -> str:
    """Digits for a Chinese number: 一万二千 is 12000, 三万零五十 is 30050. 一万二 is not read: it is 12000 in speech, 10002 by its signs."""
    value, rest = number(found["number"]), found["rest"]
    if value is None or not rest:
        return found[0] if value is None else f"{value}{found['wan'] or ''}"
    below = number(rest[1:] if rest[0] in "零〇" else rest)
    if value == 0 or not below or len(rest) == 1 or (below < 1000) != (rest[0] in "零〇"):
        return found[0]
    return f"{value * 10_000 + below}"
