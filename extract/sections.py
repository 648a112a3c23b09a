"""The six statutory sections, 一 to 六 (条例 第五十条; wording of 国办公开办函〔2021〕30号)."""

from __future__ import annotations

import re
from collections.abc import Sequence

from .model import Block, Grid, Paragraph, Section

MAX_HEADING = 45  # characters: what is longer is a sentence that begins with a number

_NUMBERED = re.compile(r"^(?:第?(?P<n>[一二三四五六])(?:部分)?[、.．,，:：\s]\s*)?(?P<words>.+)$")
_WORDS = (
    re.compile(r"^(?:政府信息公开(?:工作)?)?(?:总体|基本)情况[。:：]?$|^概述$"),
    re.compile(r"^(?:行政机关)?主动公开政府信息(?:的)?情况"),
    re.compile(r"^(?:行政机关)?收到和处理政府信息公开申请(?:的)?情况"),
    re.compile(r"^(?:因)?政府信息公开(?:工作)?(?:申请|被申请)?(?:提起)?行政复议"),
    re.compile(r"^(?:政府信息公开)?(?:工作)?(?:中)?存在的?(?:主要)?问题"),
    re.compile(r"^其他需要报告的?(?:的)?(?:其他)?事项"),
)


def heading(text: str) -> tuple[int, str] | None:
    """(number 1 to 6, the heading) if a paragraph is a section heading; its words decide, the number alone does not."""
    line = text.strip()
    if len(line) > MAX_HEADING:
        return None
    match = _NUMBERED.match(line)
    words = "".join(match["words"].split()) if match else ""
    for n, pattern in enumerate(_WORDS, start=1):
        if pattern.match(words):
            return n, line
    return None


def read(blocks: Sequence[Block]) -> tuple[Section, ...]:
    """The sections that are printed, in order, each with its text: paragraphs on lines, tables as rows with tabs."""
    parts: list[tuple[int, str, list[str]]] = []
    for block in blocks:
        found = heading(block.text) if isinstance(block, Paragraph) else None
        if found and (not parts or found[0] > parts[-1][0]):
            parts.append((*found, []))
        elif parts and isinstance(block, Paragraph):
            parts[-1][2].append(block.text)
        elif parts and isinstance(block, Grid):
            parts[-1][2].extend("\t".join(cell.text for cell in row) for row in block.rows)
    return tuple(Section(n, words, "\n".join(lines)) for n, words, lines in parts)
