"""Sentences against tables: N.NEW, N.NONE, N.CARRY, N.NORM, N.FEE, N.REV; and against each other: N.CHANNEL.

`expected` is what the table prints, `found` what the sentence says.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from decimal import Decimal

from ..arithmetic import add, equal, one_of, total, value
from ..model import Check, Number, Result
from . import Printed, Rule
from .t2014 import path

CARRIED = (("n_carried_in", "carried_in"), ("n_carried_out", "carried_out"))
CHANNELS = tuple(f"n_requests_{way}" for way in ("in_person", "online", "letter", "fax", "email"))
_NONE = re.compile(r"未|没有|无")
_FEE = re.compile(r"信息(?:公开)?处理费")
_WAN = Decimal(10_000)


def _new(printed: Printed) -> Iterator[Check]:
    said = printed.numbers.get("n_requests_received")
    if said is None:
        yield Check("N.NEW", "total", Result.NOT_APPLICABLE)
        return
    new, carried = (value(printed.figures, f"t3.{row}.total") for row in ("new_received", "carried_in"))
    if "t3.new_received.total" not in printed.figures:
        new = value(printed.figures, path("req_received"))
    fits = [new] if new is None or carried is None else [new, new + carried]
    yield one_of("N.NEW", "total", fits, said.value)


def _none(printed: Printed) -> Iterator[Check]:
    said = printed.numbers.get("n_requests_received")
    if said is None or said.value != 0 or not _NONE.search(said.text):
        yield Check("N.NONE", "total", Result.NOT_APPLICABLE)
    else:
        yield equal("N.NONE", "total", Decimal(0), value(printed.figures, "t3.new_received.total"))


def _carried(printed: Printed) -> Iterator[Check]:
    carried = [(printed.numbers[key], row) for key, row in CARRIED if key in printed.numbers]
    for said, row in carried:
        yield equal("N.CARRY", row, value(printed.figures, f"t3.{row}.total"), said.value)
    if not carried:
        yield Check("N.CARRY", "total", Result.NOT_APPLICABLE)


def _documents(printed: Printed) -> Iterator[Check]:
    """制发 N 件; where only 公开规范性文件 N 件 is said, that."""
    if "t2.normative_documents.issued" not in printed.figures:
        return
    said = printed.numbers.get("n_normative_issued") or printed.numbers.get("n_normative_published")
    if said is None:
        yield Check("N.NORM", "total", Result.NOT_APPLICABLE)
    else:
        yield equal("N.NORM", "total", value(printed.figures, "t2.normative_documents.issued"), said.value)


def _fee(printed: Printed) -> Iterator[Check]:
    """Section 六 must tell of 信息处理费 (国办函〔2020〕109号). Table 二 prints another fee: the two are never compared."""
    if printed.t3 == "y2021":
        section = next((section for section in printed.sections if section.n == 6), None)
        if section is None:
            yield Check("N.FEE", "mentioned", Result.NOT_ASSESSABLE, "信息处理费")
        else:
            match = _FEE.search("".join(section.text.split()))
            yield Check("N.FEE", "mentioned", Result.PASS if match else Result.FAIL, "信息处理费", match and match[0])
    if path("fees_collected") in printed.figures and (said := printed.numbers.get("n_processing_fee")):
        collected = printed.figures[path("fees_collected")]
        known = collected.value if collected.unit == "万元" or collected.value == 0 else None
        yield equal("N.FEE", "amount", None if known is None else (known * _WAN).normalize() + 0, said.value)


def _remedies(printed: Printed) -> Iterator[Check]:
    litigation = [f"t4.{block}.total" for block in ("litigation_direct", "litigation_after_review")]
    for key, scope, paths, old in (
        ("n_reviews", "review", ["t4.review.total"], "rev_total"),
        ("n_litigation", "litigation", litigation, "lit_total"),
    ):
        if key in printed.numbers:
            paths = paths if any(one in printed.figures for one in paths) else [path(old)]
            yield equal("N.REV", scope, total(printed.figures, paths), printed.numbers[key].value)


def _channels(printed: Printed) -> Iterator[Check]:
    """Only channels that the sentence with the total names: 共收到9件，其中网络6件、信函3件."""
    said = printed.numbers.get("n_requests_received")
    parts = [printed.numbers[key] for key in CHANNELS if key in printed.numbers]
    if said is None or said.value is None or not any(_together(part, said) for part in parts):
        yield Check("N.CHANNEL", "total", Result.NOT_APPLICABLE)
    else:
        yield equal("N.CHANNEL", "total", add([part.value for part in parts]), said.value)


def _together(part: Number, said: Number) -> bool:
    return part.text == said.text


_TABLES, _ALL = ("y2021", "y2019"), ("y2021", "y2019", "y2014")
RULES = (
    Rule("N.NEW", "warning", _ALL, "total", "收到 N 件 is the new requests, or the new and the carried ones.", _new),
    Rule("N.NONE", "warning", _TABLES, "total", "未收到 means that no new request is printed.", _none),
    Rule("N.CARRY", "warning", _TABLES, "row", "上年结转 N 件 and 结转下年 N 件 are rows 二 and 四.", _carried),
    Rule("N.NORM", "info", ("y2021",), "total", "规范性文件 N 件 is 本年制发件数 (a hint: it may be another number).", _documents),
    Rule("N.FEE", "info", ("y2021", "y2014"), "mentioned, amount", "Section 六 tells of 信息处理费; an amount is that of the 2014 form.", _fee),
    Rule("N.REV", "info", _ALL, "review, litigation", "复议 and 诉讼 N 件 are the totals of table 四.", _remedies),
    Rule("N.CHANNEL", "info", _ALL, "total", "收到 N 件 is the sum of the channels that its sentence names.", _channels),
)  # fmt: skip
