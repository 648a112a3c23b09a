"""The sections of a report: the six statutory ones, 一 to 六 (条例 第五十条; wording of 国办公开办函〔2021〕30号), and those of the
reports by the law of 2007, which has six items (第三十二条) and no wording: 概述 … 收费及减免 … 附表, as they are printed.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import lru_cache

from .model import Block, Grid, Paragraph, Section

MAX_HEADING = 45  # characters: what is longer is a sentence that begins with a number

_NUMBERED = re.compile(r"^(?:#+\s*)?第?(?P<n>[一二三四五六])(?:部分)?\s*[、.．，,:：\s]\s*(?P<words>.+)$")
_END = r"(?:的)?(?:情况)?(?:[（(].{0,20}[）)])?[。:：]?$"
_WORDS = (
    re.compile(r"^(?:政府信息公开(?:工作)?)?(?:总体|基本)(?:工作)?情况[。:：]?$|^概述$"),
    re.compile(rf"^(?:行政机关)?主动公开政府信息{_END}"),
    re.compile(rf"^(?:行政机关)?收到和处理政府信息公开申请{_END}"),
    re.compile(rf"^(?:因)?政府信息公开(?:工作)?(?:申请|被申请)?(?:提起)?行政复议[、和及与]?(?:提起)?行政诉讼{_END}"),
    re.compile(
        rf"^(?:政府信息公开)?(?:工作)?(?:中)?存在的?(?:主要)?(?:问题|不足)(?:[及和与、](?:下一步)?(?:的)?改进(?:措施|情况|方向)?)?{_END}"
    ),
    re.compile(rf"^其他需要报告的?(?:的)?(?:其他)?事项{_END}"),
)
_STEMS = ("总体", "主动公开", "申请", "复议", "问题", "其他需要")  # what a numbered heading must hold at least

FIRST_STATUTORY = 2019  # the first report year by the law of 2019
_ONES = ("", *"一二三四五六七八九")
_EARLY = re.compile(
    r"^(?:#+\s*)?第?(?P<n>[一二三四五六七八九]?十[一二三四五六七八九]?|[一二三四五六七八九])(?:部分)?\s*[、.．，,:：\s]\s*(?P<words>.+)$"
)
_SUBJECT = re.compile(
    r"^(?:工作)?(?:概述|概况)|(?:总体|基本)(?:工作)?情况|(?:公开|收费|减免|复议|诉讼|申诉|投诉|咨询|解读|回应|培训|经费|建设|办理|保障)[^的]{0,12}的?情况"
    r"|问题|不足|改进|打算|下一步|(?:报告|说明)的?(?:其他)?事项|其他事项|^附[表件录]|统计[表数]"
)
_ONLY_EARLY = re.compile(r"收费|减免|申诉|^依申请公开|^概述")
_ONLY_LATER = re.compile(r"收到和处理政府信息公开申请|^(?:政府信息公开(?:工作)?)?总体情况")
_BARE = re.compile(
    r"^(?:概述|主动公开(?:政府)?信息(?:的)?情况|依申请公开(?:政府)?信息(?:和不予公开政府信息)?(?:办理)?(?:的)?情况|(?:政府信息公开)?(?:的)?收费(?:及|和)减免(?:的)?情况"
    r"|因?政府信息公开(?:申请)?(?:行政)?复议、(?:提起)?(?:行政)?诉讼(?:、申诉)?(?:的)?情况|存在的?(?:主要)?问题(?:及|和)改进(?:措施|情况)|其他需要报告的事项|附表)$"
)


def heading(text: str) -> tuple[int, str] | None:
    """(number 1 to 6, the heading) if a paragraph is a section heading.

    Without a number its words must be the statutory ones; with one, a word of its section is enough, in a short line
    that is no sentence.
    """
    line = text.strip()
    return _short_heading(line) if len(line) <= MAX_HEADING else None


@lru_cache(maxsize=5_000)  # a line is asked about several times, and most reports print the same headings
def _short_heading(line: str) -> tuple[int, str] | None:
    match = _NUMBERED.match(line)
    words = "".join((match["words"] if match else line).split())
    for n, pattern in enumerate(_WORDS, start=1):
        if pattern.match(words):
            return n, line
    if match and not re.search(r"[。；，]", words):
        n = "一二三四五六".index(match["n"]) + 1
        if _STEMS[n - 1] in words:
            return n, line
    return None


def is_heading(text: str) -> bool:
    """Whether a paragraph may be a heading of a section, of either law."""
    line = text.strip()
    return len(line) <= MAX_HEADING and (_short_heading(line) is not None or _is_early_heading(line))


@lru_cache(maxsize=5_000)
def _is_early_heading(line: str) -> bool:
    return _numbered(line) is not None or _BARE.match("".join(line.split())) is not None


def read(blocks: Sequence[Block], year: int | None = None) -> tuple[Section, ...]:
    """The sections that are printed, in order, each with its text: paragraphs on lines, tables as rows with tabs.

    Those of the law of 2019 by their statutory numbers, by which years are compared. Before, headings differed from
    organ to organ, so they keep the numbers that they print. `year`: of the report; without it the words decide.
    """
    lines = [block.text if isinstance(block, Paragraph) else "" for block in blocks]
    found = _printed(lines) if _is_early(lines, year) else _statutory(lines)
    parts: list[tuple[int, str, list[str]]] = []
    for index, block in enumerate(blocks):
        if index in found:
            parts.append((*found[index], []))
        elif parts and isinstance(block, Paragraph):
            parts[-1][2].append(block.text)
        elif parts and isinstance(block, Grid):
            parts[-1][2].extend("\t".join(cell.text for cell in row) for row in block.rows)
    return tuple(Section(n, words, "\n".join(text)) for n, words, text in parts)


def _statutory(lines: Sequence[str]) -> dict[int, tuple[int, str]]:
    """Number and heading of each of the six sections by its line: the first of each number."""
    found: dict[int, tuple[int, str]] = {}
    for index, line in enumerate(lines):
        if (words := heading(line)) and all(words[0] != n for n, _ in found.values()):
            found[index] = words
    return found


def _is_early(lines: Sequence[str], year: int | None) -> bool:
    """Whether a report is of the law of 2007: by its year, else by headings that only one of the laws has."""
    if year is not None:
        return year < FIRST_STATUTORY
    words = [early[1] for line in lines if (early := _numbered(line))]
    return any(_ONLY_EARLY.search(each) for each in words) and not any(_ONLY_LATER.search(each) for each in words)


def _printed(lines: Sequence[str]) -> dict[int, tuple[int, str]]:
    """Number and heading of each numbered section by its line, numbers rising.

    Lines that name a subject of such reports are headings; others only where they count on from the one before, so that
    a list inside of a section (一、 二、 三、) begins none. Without any number, the subjects are counted.
    """
    numbered = {index: early for index, line in enumerate(lines) if (early := _numbered(line))}
    if not numbered:
        bare = [index for index, line in enumerate(lines) if _BARE.match("".join(line.split()))]
        return {index: (n, lines[index].strip()) for n, index in enumerate(bare, start=1)}
    sure: list[int] = []
    for index, (n, words) in numbered.items():
        if _SUBJECT.search(words) and (not sure or n > numbered[sure[-1]][0]):
            sure.append(index)
    found: list[int] = []
    for index, (n, _) in numbered.items():
        bound = next((numbered[after][0] for after in sure if after > index), None)
        last = numbered[found[-1]][0] if found else 0
        if index in sure or (n == last + 1 and (bound is None or n < bound)):
            found.append(index)
    return {index: (numbered[index][0], lines[index].strip()) for index in found}


def _numbered(line: str) -> tuple[int, str] | None:
    """Number and words of a line that may be the heading of a section before 2019: short, and no sentence."""
    match = _EARLY.match(line.strip()) if len(line.strip()) <= MAX_HEADING else None
    words = "".join(match["words"].split()) if match else ""
    if not match or re.search(r"[。；，！？](?!$)", words):
        return None
    tens, _, ones = match["n"].rpartition("十")
    n = _ONES.index(ones) + 10 * (_ONES.index(tens) or 1) if "十" in match["n"] else _ONES.index(match["n"])
    return n, words


def begins(line: str) -> bool:
    """Whether a line may be the first heading of a report before 2019: 一、 and a few words."""
    early = _numbered(line)
    return early is not None and early[0] == 1
