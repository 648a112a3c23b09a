"""How sentences say their numbers, as data: a module per subject, found by being in this folder.

Sentences are matched as `counts.arabic` writes them: without white space, counts in Arabic digits. The first group of a
pattern is the number. Sources: reference/forms.json, `narrative`; the wording of reports from 2008 on. 余 is accepted
only where forms.json has it (条 of published information); 近, 约, 超过 and 多 never are.
"""

from __future__ import annotations

import importlib
import pkgutil
import re
from dataclasses import dataclass, field
from functools import cache

EXACT = r"(?<![\d.近约逾超过余百千万亿|□])"  # what stands before a number that is exact, and whole
# From the beginning of a phrase to its channel, over no other one: of 网站和公开栏公开8条 nobody knows how many are on which.
ALONE = r"(?:^|(?<=[，：:（(）)])|(?<=[条篇件份次])[、和及与]?)(?:(?![、和与，：:（\d]|及(?!时)|或).){0,24}?"
COUNT = r"(?:件|条|份|起|宗|例)"


@dataclass(frozen=True, slots=True)
class Pattern:
    """What a number is called and how clauses say it; `none`: how sentences say that it is zero.

    `words`: one of these stands in every paragraph that says it. `about` must stand there too; a clause that fits
    `unless` is about something else. `whole`: it is a total, so clauses after 其中 do not say it. `any_year`: it speaks
    of another year by its nature (上年结转). `tie`: what a clause or one before it in its sentence must say for a count above
    zero, because an organ that decides on 行政复议 counts others too; less is enough, `hint` there or the word `under` in
    the heading above, where the sentence does not say it of a part alone.
    """

    key: str
    unit: str
    words: tuple[str, ...]
    says: tuple[re.Pattern[str], ...]
    none: tuple[re.Pattern[str], ...] = ()
    about: str = ""
    unless: re.Pattern[str] | None = field(default=None)
    whole: bool = False
    any_year: bool = False
    tie: re.Pattern[str] | None = field(default=None)
    hint: re.Pattern[str] | None = field(default=None)
    under: str = ""


def pattern(
    key: str,
    unit: str,
    words: str,
    says: tuple[str, ...],
    none: tuple[str, ...] = (),
    about: str = "",
    unless: str = "",
    whole: bool = False,
    any_year: bool = False,
    tie: str = "",
    hint: str = "",
    under: str = "",
) -> Pattern:
    """A `Pattern` from regular expressions; `words` are separated by spaces."""
    return Pattern(
        key,
        unit,
        tuple(words.split()),
        tuple(map(re.compile, says)),
        tuple(map(re.compile, none)),
        about,
        re.compile(unless) if unless else None,
        whole,
        any_year,
        re.compile(tie) if tie else None,
        re.compile(hint) if hint else None,
        under,
    )


@cache
def all_patterns() -> tuple[Pattern, ...]:
    """Every pattern, module after module; a second one of the same key is refused."""
    found: dict[str, Pattern] = {}
    for name in sorted(module.name for module in pkgutil.iter_modules(__path__)):
        for one in importlib.import_module(f"{__name__}.{name}").PATTERNS:
            if one.key in found:
                raise ValueError(f"two patterns are called {one.key}")
            found[one.key] = one
    return tuple(found.values())
