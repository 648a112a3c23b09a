"""Characters that are not shown: marks of direction, joiners, soft hyphens, control characters, halves of characters.

They come with figures pasted from spreadsheets, from PDFs and from scripts, and are taken away. Where one stands inside
of a number, nobody knows whether it is one number or two, nor in which order its digits are shown: there □ is written,
which makes the number unreadable (`cells.read`), and a sentence say none.
"""

from __future__ import annotations

import re

from .cells import ILLEGIBLE
from .numerals import SIGNS

# Unicode 15, category Cf without the signs of other scripts; control characters but white space; separators; surrogates.
_SIGNS = (
    "\u00ad\u061c\u180e\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff\ufff9-\ufffb\U000e0001\U000e0020-\U000e007f"
    "\x00-\x08\x0e-\x1f\x7f\ud800-\udfff"
)
_INVISIBLE = re.compile(f"[{_SIGNS}]")
_DIGIT, _POINT = "[0-9０-９]", "[.,．，]"
_INSIDE = re.compile(
    f"(?<={_DIGIT})[{_SIGNS}]+(?={_POINT}?[{_SIGNS}]*{_DIGIT})|(?<={_DIGIT}{_POINT})[{_SIGNS}]+(?={_DIGIT})"
)
_REVERSED = re.compile(f"\u202e[{_SIGNS}\\s]*(?=[0-9０-９{SIGNS}]{{2}})")  # 56 after this mark is shown as 65
_PARTED_YEAR = re.compile(f"(?<!{_DIGIT})2[{_SIGNS}]*0[{_SIGNS}]*[0-3][{_SIGNS}]*[0-9](?=[{_SIGNS}]*年)")


def without(text: str) -> str:
    """The text without characters that are not shown; □ for those inside of a number. A year (2022年) is no figure."""
    if not _INVISIBLE.search(text):
        return text
    if "\u202e" in text:
        text = _REVERSED.sub(ILLEGIBLE, text)
    text = _PARTED_YEAR.sub(lambda found: _INVISIBLE.sub("", found[0]), text)
    return _INVISIBLE.sub("", _INSIDE.sub(ILLEGIBLE, text))
