"""How to reach the publisher of a report, and who says that it compiled it."""

from __future__ import annotations

import re
from collections.abc import Sequence

from .titles import is_organ

_SAID = {
    "phone": r"(?<!举报)(?<!监督)(?<!投诉)(?<!传真)(?<!值班)(?:电话|联系方式)(?:号码)?[:：是为](?P<value>(?:[（(]?0\d{2,3}[）)]?[-—－]?)?\d{7,8}|1\d{10})(?!\d)",
    "postcode": r"(?:邮编|邮政编码)[:：是为]?(?P<value>\d{6})(?!\d)",
    "email": r"(?P<value>[A-Za-z0-9._%+-]+@[A-Za-z0-9-]+(?:\.[A-Za-z0-9-]+)+)",
    "address": r"(?<!IP)(?<!网站)(?<!邮箱)(?<!网络)(?:地址|地点)[:：](?:位于)?(?P<value>[^，。；;,()（）:：]{4,60}?)(?=[，。；;,）)]|邮编|邮政编码|电话|联系|$)",
}
_WORDS = {"phone": ("电话", "联系方式"), "postcode": ("邮编", "邮政编码"), "email": ("@",), "address": ("地址", "地点")}
_CONTACT = {key: (_WORDS[key], re.compile(pattern)) for key, pattern in _SAID.items()}  # cheap words first
_COMPILER = re.compile(r"由(?P<name>[^，。；由]{2,30}?)(?:负责|牵头|统一)*(?:编制|编写)")
_NOT_A_NAME = re.compile(r"国务院|本机关|我[局镇乡县区委办]|各(?:单位|部门)|本[局镇乡县区委办单]")


def contact(paragraphs: Sequence[str]) -> dict[str, str]:
    """Phone, address, postcode and e-mail where they are printed, without white space; the first of each counts."""
    said: dict[str, str] = {}
    for paragraph in paragraphs:
        text = "".join(paragraph.split())
        for key, (words, pattern) in _CONTACT.items():
            if key not in said and any(word in text for word in words) and (match := pattern.search(text)):
                said[key] = match["value"]
    return said


def compiler(paragraphs: Sequence[str]) -> str | None:
    """The organ that a sentence 由…编制 names."""
    for paragraph in paragraphs:
        match = _COMPILER.search("".join(paragraph.split()))
        if match and is_organ(match["name"]) and not _NOT_A_NAME.search(match["name"]):
            return match["name"]
    return None
