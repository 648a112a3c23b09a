"""Numbers of a spreadsheet as its cells show them: by their number formats (ECMA-376 part 1, 18.8.30 and 18.8.31).

What a reader of the sheet sees counts: a zero may be shown as 0, as a dash, or not at all.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import ROUND_HALF_UP, Context, Decimal, localcontext
from functools import lru_cache

GENERAL = "General"
MAX_DECIMALS = 30  # that a format can ask for
MAX_DIGITS = 40  # of a number: a double has 308 at most, and no figure more than 12
_SHOWN = Context(prec=10)  # digits that General shows
_ACCOUNT = '_ * {0}#,##0{1}_ ;_ * -{0}#,##0{1}_ ;_ * "-"{2}_ ;_ @_ '
# Formats that files name by number only, as the Chinese edition shows them.
BUILT_IN = {
    0: GENERAL, 1: "0", 2: "0.00", 3: "#,##0", 4: "#,##0.00", 5: '"¥"#,##0;-"¥"#,##0', 6: '"¥"#,##0;-"¥"#,##0',
    7: '"¥"#,##0.00;-"¥"#,##0.00', 8: '"¥"#,##0.00;-"¥"#,##0.00', 9: "0%", 10: "0.00%", 11: "0.00E+00", 12: "# ?/?",
    13: "# ??/??", 14: "yyyy/m/d", 15: "d-mmm-yy", 16: "d-mmm", 17: "mmm-yy", 18: "h:mm AM/PM", 19: "h:mm:ss AM/PM",
    20: "h:mm", 21: "h:mm:ss", 22: "yyyy/m/d h:mm", 27: 'yyyy"年"m"月"', 28: 'm"月"d"日"', 29: 'm"月"d"日"', 30: "m-d-yy",
    31: 'yyyy"年"m"月"d"日"', 32: 'h"时"mm"分"', 33: 'h"时"mm"分"ss"秒"', 36: 'yyyy"年"m"月"', 37: "#,##0;-#,##0",
    38: "#,##0;-#,##0", 39: "#,##0.00;-#,##0.00", 40: "#,##0.00;-#,##0.00", 41: _ACCOUNT.format("", "", ""),
    42: _ACCOUNT.format('"¥"', "", ""), 43: _ACCOUNT.format("", ".00", "??"), 44: _ACCOUNT.format('"¥"', ".00", "??"),
    45: "mm:ss", 46: "[h]:mm:ss", 47: "mm:ss.0", 48: "##0.0E+0", 49: "@", 50: 'yyyy"年"m"月"', 51: 'm"月"d"日"',
    52: 'yyyy"年"m"月"', 53: 'm"月"d"日"', 54: 'm"月"d"日"', 57: 'yyyy"年"m"月"', 58: 'm"月"d"日"',
}  # fmt: skip

_TOKEN = re.compile(
    r'"(?P<quoted>[^"]*)"?|[\\!](?P<escaped>.)|_(?P<room>.)|\*(?P<fill>.)|\[(?P<bracket>[^\]]*)\]|(?P<general>General|G/通用格式)'
    r"|(?P<half>AM/PM|A/P|上午/下午)|(?P<power>E[+-])|(?P<date>y+|m+|d+|h+|s+)|(?P<digit>[0#?])|(?P<mark>[.,%@/])|(?P<other>.)",
    re.IGNORECASE | re.DOTALL,
)
_CONDITION = re.compile(r"(<=|>=|<>|<|>|=)\s*(-?[\d.]+)")
_CLOCK = re.compile(r"[hms]+", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Token:
    """A piece of a format: its kind (literal, digit, mark, date, general, odd, condition) and its text."""

    kind: str
    text: str


Section = tuple[Token, ...]


def number(value: Decimal, code: str, since_1904: bool = False) -> str:
    """A number as a format shows it; as General where the format is beyond this module (fractions, powers, 一二三)."""
    if not value.is_finite() or abs(value.adjusted()) > MAX_DIGITS:
        return str(value)
    sections = _sections(code)
    section, signed = _section(sections, value)
    kinds = {token.kind for token in section}
    if "odd" in kinds:
        return general(value)
    if "date" in kinds:
        return _date(section, value, since_1904)
    size = value if signed else abs(value)
    if "general" in kinds:
        return "".join(general(size) if token.kind == "general" else _literal(token) for token in section)
    if any(token.text == "@" for token in section):
        return "".join(general(size) if token.text == "@" else _literal(token) for token in section)
    return _filled(section, size)


def text(value: str, code: str) -> str:
    """A text as a format shows it: the section with @, or the fourth, which may show nothing."""
    sections = _sections(code)
    section = next((one for one in sections if any(token == Token("mark", "@") for token in one)), None)
    if section is None:
        return value if len(sections) < 4 else ""
    return "".join(value if token == Token("mark", "@") else _literal(token) for token in section)


def general(value: Decimal) -> str:
    """A number without a format: 12 and never 12.0; ten digits, so that 0.1 + 0.2 is 0.3."""
    rounded = value if value == value.to_integral_value() else _SHOWN.plus(value)
    return f"{rounded.normalize(Context(prec=2 * MAX_DIGITS)) + 0:f}"


@lru_cache(maxsize=1000)
def _sections(code: str) -> tuple[Section, ...]:
    """The sections of a format, for positive, negative, zero and text."""
    found: list[list[Token]] = [[]]
    for match in _TOKEN.finditer(code[:500]):
        kind, piece = str(match.lastgroup), match[str(match.lastgroup)] if match.lastgroup else ""
        if kind == "other" and piece == ";":
            found.append([])
        elif kind == "bracket":
            found[-1] += _bracket(piece)
        elif kind in ("quoted", "escaped", "other"):
            found[-1].append(Token("literal", piece))
        elif kind == "room":
            found[-1].append(Token("literal", " "))
        elif kind == "power":
            found[-1].append(Token("odd", piece))
        elif kind in ("general", "date", "half", "digit", "mark"):
            found[-1].append(Token("date" if kind == "half" else kind, piece))
    return tuple(_settled(section) for section in found)


def _settled(section: Sequence[Token]) -> Section:
    """A slash between digits makes a fraction; marks in dates are printed."""
    kinds = {token.kind for token in section}
    if "date" in kinds:
        return tuple(Token("literal", token.text) if token.kind == "mark" else token for token in section)
    if "digit" in kinds:
        return tuple(Token("odd", "/") if token == Token("mark", "/") else token for token in section)
    return tuple(section)


def _bracket(inside: str) -> Iterable[Token]:
    """[>100] is a condition, [$¥-804] a currency, [h] time that runs on, [DBNum1] other numerals, [Red] nothing."""
    if condition := _CONDITION.fullmatch(inside):
        return [Token("condition", condition[0])]
    if inside.startswith("$"):
        return [Token("literal", inside[1:].partition("-")[0])]
    if _CLOCK.fullmatch(inside):
        return [Token("odd", inside)]
    return [Token("odd", inside)] if inside.lower().startswith("dbnum") else []


def _section(sections: Sequence[Section], value: Decimal) -> tuple[Section, bool]:
    """The section for a number, and whether the number brings its own sign."""
    conditions = [next((t.text for t in section if t.kind == "condition"), None) for section in sections]
    if any(conditions):
        for section, condition in zip(sections, conditions, strict=True):
            if condition is None or _holds(value, condition):
                return section, True
        return (Token("literal", "#"),), True  # no section is for it: the cell shows hash signs
    plain = sections[:3]
    if len(plain) == 1 or value > 0 or (value == 0 and len(plain) == 2):
        return plain[0], len(plain) == 1
    return (plain[1], False) if value < 0 else (plain[2], False)


def _holds(value: Decimal, condition: str) -> bool:
    match = _CONDITION.fullmatch(condition)
    if match is None:
        return False
    try:
        limit = Decimal(match[2])
    except ArithmeticError:
        return False
    sign = (value > limit) - (value < limit)
    return sign in {"<": (-1,), "<=": (-1, 0), ">": (1,), ">=": (1, 0), "=": (0,), "<>": (-1, 1)}[match[1]]


def _literal(token: Token) -> str:
    return token.text if token.kind == "literal" else ""


def _filled(section: Section, value: Decimal) -> str:
    """The number in the places of a section's digits; whole digits from the right, the first place takes what is left."""
    point = next((n for n, token in enumerate(section) if token == Token("mark", ".")), len(section))
    whole = [n for n, token in enumerate(section) if token.kind == "digit" and n < point]
    after = [n for n, token in enumerate(section) if token.kind == "digit" and n > point]
    if not whole and not after:
        return "".join(map(_literal, section)) if value >= 0 else "-" + "".join(map(_literal, section))
    last = whole[-1] if whole else point
    commas = [n for n, token in enumerate(section) if token == Token("mark", ",")]
    with localcontext(Context(prec=3 * MAX_DIGITS)):
        value = value.scaleb(-3 * sum(last < n < point for n in commas))
        value = value.scaleb(2 * sum(token == Token("mark", "%") for token in section))
        rounded = abs(value).quantize(Decimal(1).scaleb(-min(len(after), MAX_DECIMALS)), ROUND_HALF_UP)
    before, _, behind = f"{rounded:f}".partition(".")
    places = dict(_whole(before.lstrip("0"), whole, section, any(whole[:1] and whole[0] < n < last for n in commas)))
    least = max((k + 1 for k, n in enumerate(after) if section[n].text == "0"), default=0)
    kept = behind[:least] + behind[least:].rstrip("0")
    places |= {n: kept[k : k + 1] for k, n in enumerate(after)}
    shown = "".join(
        places.get(n, "") if token.kind == "digit" else token.text if token.text in ".%" else _literal(token)
        for n, token in enumerate(section)
    )
    return f"-{shown.strip()}" if value < 0 and rounded else shown


def _whole(digits: str, places: Sequence[int], section: Section, grouped: bool) -> Iterable[tuple[int, str]]:
    """Each place of the whole part with its digits."""
    least = max((len(places) - k for k, n in enumerate(places) if section[n].text == "0"), default=0)
    digits = digits.rjust(least, "0")
    for k, n in enumerate(places):
        end = len(digits) - (len(places) - 1 - k)
        start = 0 if k == 0 else end - 1
        piece = digits[max(start, 0) : max(end, 0)]
        if grouped:
            piece = "".join(
                one + ("," if (left := len(digits) - max(start, 0) - m - 1) and left % 3 == 0 else "")
                for m, one in enumerate(piece)
            )
        yield n, piece


def _date(section: Section, value: Decimal, since_1904: bool) -> str:
    """A day and time as a format shows it; the number counts days."""
    if not 0 <= value < 2_958_466:  # 9999-12-31
        return general(value)
    days = float(value) + (1462 if since_1904 else 0)
    moment = datetime(1899, 12, 30) + timedelta(seconds=round(days * 86_400))
    shown: list[str] = []
    clock = ""
    half = any(token.kind == "date" and "/" in token.text for token in section)
    for n, token in enumerate(section):
        if token.kind != "date":
            shown.append(_literal(token))
            continue
        unit = token.text.lower()
        following = next((one.text.lower() for one in section[n + 1 :] if one.kind == "date"), "")
        minutes = unit[0] == "m" and (clock == "h" or following.startswith("s"))
        shown.append(_part(moment, unit, minutes, half))
        clock = unit[0]
    return "".join(shown)


def _part(moment: datetime, unit: str, minutes: bool, half: bool) -> str:
    """One part of a moment: yyyy, m, dd, h, mm, ss, AM/PM."""
    if "/" in unit:
        return ("上午", "下午")[moment.hour >= 12] if "午" in unit else ("AM", "PM")[moment.hour >= 12]
    if unit[0] == "y":
        return f"{moment.year % 100:02}" if len(unit) <= 2 else f"{moment.year}"
    hour = (moment.hour + 11) % 12 + 1 if half else moment.hour
    month = moment.minute if minutes else moment.month
    count = {"m": month, "d": moment.day, "h": hour, "s": moment.second}[unit[0]]
    return f"{count:02}" if len(unit) == 2 else f"{count}"
