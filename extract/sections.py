"""The six statutory sections, 一 to 六 (条例 第五十条; wording of 国办公开办函〔2021〕30号)."""

from __future__ import annotations

import re
from collections.abc import Sequence

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


def heading(text: str) -> tuple[int, str] | None:
    """(number 1 to 6, the heading) if a paragraph is a section heading.

    Without a number its words must be the statutory ones; with one, a word of its section is enough, in a short line
    that is no sentence.
    """
    line = text.strip()
    if len(line) > MAX_HEADING:
        return None
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


def read(blocks: Sequence[Block]) -> tuple[Section, ...]:
    """The sections that are printed, in order, each with its text: paragraphs on lines, tables as rows with tabs."""
    parts: list[tuple[int, str, list[str]]] = []
    for block in blocks:
        found = heading(block.text) if isinstance(block, Paragraph) else None
        if found and all(found[0] != n for n, _, _ in parts):
            parts.append((*found, []))
        elif parts and isinstance(block, Paragraph):
            parts[-1][2].append(block.text)
        elif parts and isinstance(block, Grid):
            parts[-1][2].extend("\t".join(cell.text for cell in row) for row in block.rows)
    return tuple(Section(n, words, "\n".join(lines)) for n, words, lines in parts)
