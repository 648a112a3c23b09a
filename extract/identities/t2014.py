"""The statistics form of 2014 (`t2014.<key>.count`): totals and their parts: C.REQ, C.CLOSED, C.REPLY, C.REV, C.STAFF."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence

from ..arithmetic import equal, total, value
from ..model import Check
from . import Printed, Rule

Parts = Mapping[str, Sequence[str]]  # total → its parts, by their keys
_REQUESTS = {"req_received": ("req_in_person", "req_fax", "req_online", "req_letter")}
_CLOSED = {"req_closed": ("req_closed_on_time", "req_closed_extended")}
_REPLIES = {
    "req_replied": (
        "rep_already_public", "rep_granted", "rep_partial", "rep_denied", "rep_not_this_organ", "rep_not_exist",
        "rep_correct_supplement", "rep_other_channel",
    ),
    "rep_denied": ("den_secret", "den_business", "den_privacy", "den_security", "den_not_gov_info", "den_other_law"),
}  # fmt: skip
_REMEDIES = {
    "rev_total": ("rev_upheld", "rev_corrected", "rev_other"),
    "lit_total": ("lit_upheld", "lit_corrected", "lit_other"),
}
_STAFF = {"org_staff": ("org_staff_full", "org_staff_part")}
SUMS = (_REQUESTS, _CLOSED, _REPLIES, _REMEDIES, _STAFF)


def path(key: str) -> str:
    """The path of an indicator."""
    return f"t2014.{key}.count"


def _sums(id: str, sums: Parts) -> Callable[[Printed], Iterator[Check]]:
    def assess(printed: Printed) -> Iterator[Check]:
        for whole, parts in sums.items():
            paths = [path(part) for part in parts]
            if any(each in printed.figures for each in (path(whole), *paths)):
                yield equal(id, whole, total(printed.figures, paths), value(printed.figures, path(whole)))

    return assess


def _rule(id: str, sums: Parts, meaning: str) -> Rule[Printed]:
    return Rule(id, "error", ("y2014",), "total", meaning, _sums(id, sums))


RULES = (
    _rule("C.REQ", _REQUESTS, "收到申请数 = 当面 + 传真 + 网络 + 信函."),
    _rule("C.CLOSED", _CLOSED, "申请办结数 = 按时办结 + 延期办结."),
    _rule("C.REPLY", _REPLIES, "申请答复数 is the sum of its eight kinds, 不同意公开答复数 that of its six reasons."),
    _rule("C.REV", _REMEDIES, "行政复议数量 and 行政诉讼数量 are the sums of their three results each."),
    _rule("C.STAFF", _STAFF, "工作人员数 = 专职 + 兼职."),
)
