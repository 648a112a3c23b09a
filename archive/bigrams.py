"""Chinese full-text search with stock FTS5: CJK runs as overlapping pairs, digits and Latin letters as words.

Trigrams find no word of two characters and say nothing (reference/engineering.md); pairs find every word exactly. A
query's CJK terms become phrases of their pairs. The same rule writes the index and the query.
"""

from __future__ import annotations

import re
from functools import lru_cache
from operator import add

_CJK = r"\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U0003ffff"
_BLANK = r"[ \u00a0\u3000]"
_SPACED = re.compile(
    rf"{_BLANK}(?<=[{_CJK}]{_BLANK}){_BLANK}*(?=[{_CJK}])"
)  # looks back from a blank alone: four times as fast
_RUN = re.compile(rf"[{_CJK}]+|[^\W_{_CJK}]+")
_IS_CJK = re.compile(rf"[{_CJK}]")
SHORT = 60  # characters: lines and cells that are often printed again are no longer
_FIRST_CJK, _COMMON = "\u3400", ("\u4e00", "\u9fff")  # nearly every CJK run begins with a character between these
_QUOTED = re.compile(r'"([^"]*)"|(\S+)')


def tokens(text: str) -> str:
    """The words of a text for the index, separated by spaces. A CJK run of one character is that character."""
    pieces = text.replace("\t", "\n").split("\n")
    found = [_words(piece) if len(piece) <= SHORT else _words.__wrapped__(piece) for piece in pieces]
    return " ".join(filter(None, found))


@lru_cache(maxsize=20_000)  # half of a report are the words of its form
def _words(text: str) -> str:
    """The words of a line or cell, over whose end no word goes."""
    words: list[str] = []
    for run in _RUN.findall(_SPACED.sub("", text)):
        if run[0] < _FIRST_CJK or not (_COMMON[0] <= run[0] <= _COMMON[1] or _IS_CJK.match(run)):
            words.append(run.lower())
        elif len(run) == 1:
            words.append(run)
        else:
            words.extend(map(add, run, run[1:]))
    return " ".join(words)


def query(words: str) -> str:
    """An FTS5 query: every term must occur; a term is a phrase of its pairs. `""`, which finds nothing, without a letter.

    A CJK term of one character matches any word that begins with it, which misses it at the end of a run: see
    `is_single`, for which a search over the plain text is exact.
    """
    phrases = []
    for quoted, plain in _QUOTED.findall(words):
        if found := tokens(quoted or plain):
            phrases.append(f'"{found}"' + ("*" if is_single(quoted or plain) else ""))
    return " ".join(phrases) or '""'


def is_single(term: str) -> bool:
    """Whether a term is one CJK character, which pairs cannot find exactly."""
    return len(term.strip()) == 1 and bool(_IS_CJK.match(term.strip()))


def is_run(words: str) -> bool:
    """Whether words are one run of two CJK characters or more, which stand in the index wherever they stand in a text."""
    return re.fullmatch(rf"[{_CJK}]{{2,}}", words) is not None
