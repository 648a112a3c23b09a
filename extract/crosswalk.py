"""One series over the breaks between the forms: which figures of each form say the same thing (forms.json, crosswalk).

A concept is a sum of figures, or one. Where the reference warns that a figure is another concept under a like name, it
is listed with `comparable` False: told, and never part of a series. What has no equivalent in a form is not listed there.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache

from .forms import all_forms


@dataclass(frozen=True, slots=True)
class Term:
    """A figure of a form that is part of a concept; all terms of a form are added, and all must be numbers."""

    concept: str
    form: str
    path: str
    unit: str
    comparable: bool
    note: str


@dataclass(frozen=True, slots=True)
class Concept:
    """What can be followed over the forms. `figures`: form → paths to be added; a `*` ends a group of rows of table 三."""

    key: str
    label: str
    figures: dict[str, tuple[str, ...]]
    note: str = ""
    unit: str = "件"
    comparable: bool = True


def _both(*paths: str) -> dict[str, tuple[str, ...]]:
    """The same paths in y2021 and y2019, whose tables 三 and 四 are alike."""
    return {"y2021": paths, "y2019": paths}


CONCEPTS = (
    Concept(
        "requests_received", "本年新收申请", {**_both("t3.new_received.total"), "y2014": ("t2014.req_received.count",)}
    ),
    Concept("requests_carried_in", "上年结转申请", _both("t3.carried_in.total")),
    Concept(
        "granted",
        "予以公开",
        {**_both("t3.granted.total"), "y2014": ("t2014.rep_granted.count",)},
        "the 2014 form counts 属于已主动公开范围 apart, which later forms count as 予以公开",
    ),
    Concept("partial", "部分公开", {**_both("t3.partial.total"), "y2014": ("t2014.rep_partial.count",)}),
    Concept(
        "denied",
        "不予公开",
        {**_both("t3.denied_*.total"), "y2014": ("t2014.rep_denied.count",)},
        "the reasons differ between the 2014 form and the later ones",
    ),
    Concept(
        "not_held",
        "不掌握或不存在",
        {
            **_both("t3.unable_not_held.total"),
            "y2014": ("t2014.rep_not_this_organ.count", "t2014.rep_not_exist.count"),
        },
    ),
    Concept("processed_total", "办理结果总计", _both("t3.processed_total.total")),
    Concept("requests_carried_out", "结转下年度", _both("t3.carried_out.total")),
    Concept("review_total", "行政复议总计", {**_both("t4.review.total"), "y2014": ("t2014.rev_total.count",)}),
    Concept(
        "review_corrected",
        "行政复议结果纠正",
        {**_both("t4.review.corrected"), "y2014": ("t2014.rev_corrected.count",)},
    ),
    Concept(
        "litigation_total",
        "行政诉讼总计",
        {
            **_both("t4.litigation_direct.total", "t4.litigation_after_review.total"),
            "y2014": ("t2014.lit_total.count",),
        },
    ),
    Concept("normative_in_force", "行政规范性文件现行有效", {"y2021": ("t2.normative_documents.in_force",)}),
    Concept(
        "normative_in_force",
        "行政规范性文件现行有效",
        {"y2019": ("t2.normative_documents.published_total",)},
        "对外公开总数量 is what was published, not what is in force: not the same concept",
        comparable=False,
    ),
    Concept(
        "fees",
        "收费",
        {"y2021": ("t2.admin_fees.fee_amount",)},
        "行政事业性收费, not the fee for information: three different concepts in three forms",
        "万元",
        comparable=False,
    ),
    Concept(
        "fees",
        "收费",
        {"y2019": ("t2.admin_fees.prev_items", "t2.admin_fees.change")},
        "a count of fee items, not money: three different concepts in three forms",
        "项",
        comparable=False,
    ),
    Concept(
        "fees",
        "收费",
        {"y2014": ("t2014.fees_collected.count",)},
        "the fee for information: three different concepts in three forms",
        "万元",
        comparable=False,
    ),
)


def series() -> list[str]:
    """The concepts that have a series, in order."""
    return list(dict.fromkeys(concept.key for concept in CONCEPTS if concept.comparable))


@cache
def terms() -> tuple[Term, ...]:
    """Every term of every concept, groups of rows written out; those of forms that there is no module of are left out."""
    return tuple(
        Term(concept.key, form, path, concept.unit, concept.comparable, concept.note)
        for concept in CONCEPTS
        for form, patterns in concept.figures.items()
        if form in all_forms()
        for pattern in patterns
        for path in _paths(form, pattern)
    )


def _paths(form: str, pattern: str) -> Iterator[str]:
    if "*" not in pattern:
        yield pattern
        return
    table, row, column = pattern.split(".")
    yield from (
        path
        for path in all_forms()[form].paths(table)
        if path.startswith(f"{table}.{row.removesuffix('*')}") and path.endswith(f".{column}")
    )
