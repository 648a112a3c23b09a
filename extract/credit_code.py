"""统一社会信用代码: the number of an organ, by which 索引号 begin (11341703003249434A/202406-00042). GB 32100-2015.

Eighteen characters: one for the registering authority, one for the kind of organ, six for the region that registered it
(which is unreliable, domain.md 4), nine of 组织机构代码, and a check character over the seventeen before it.
"""

from __future__ import annotations

import re

CHARACTERS = "0123456789ABCDEFGHJKLMNPQRTUWXY"  # without I, O, S, V, Z, which look like digits
LENGTH = 18
_CODE = re.compile(rf"(?<![0-9A-Za-z])[{CHARACTERS}]{{{LENGTH}}}(?![0-9A-Za-z])")


def check_character(body: str) -> str:
    """The last character for the seventeen before it: 31 minus the sum of values times 3 to the power of the place, mod 31."""
    total = sum(CHARACTERS.index(each) * pow(3, place, 31) for place, each in enumerate(body))
    return CHARACTERS[-total % 31]


def is_valid(code: str) -> bool:
    """Whether a code has eighteen characters of the standard and the right check character."""
    return bool(_CODE.fullmatch(code)) and check_character(code[:-1]) == code[-1]


def find(index: str) -> str:
    """The code by which an 索引号 begins, or empty where there is none that is right."""
    match = _CODE.match(index.strip().upper())
    return match[0] if match and is_valid(match[0]) else ""
