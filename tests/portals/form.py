"""The statutory forms as these portals print them: row and column keys, groups and units.

Written from the forms themselves, so that agreement with the product's own description of them means something.
`y2021` stands for report years from 2021, `y2019` for 2019 and 2020.
"""

from collections.abc import Iterator
from dataclasses import dataclass

T3_COLUMNS = (
    "natural_person",
    "commercial_enterprise",
    "research_institution",
    "social_welfare_org",
    "legal_service_org",
    "other_org",
    "total",
)
DENIED = (
    "denied_state_secret",
    "denied_law_prohibits",
    "denied_three_security_one_stability",
    "denied_third_party",
    "denied_internal_affairs",
    "denied_process_info",
    "denied_enforcement_file",
    "denied_admin_inquiry",
)
UNABLE = ("unable_not_held", "unable_needs_creation", "unable_still_unclear")
UNPROCESSED = (
    "unprocessed_petition",
    "unprocessed_duplicate",
    "unprocessed_publication",
    "unprocessed_excessive",
    "unprocessed_confirm_reissue",
)
OTHER = {"y2021": ("other_no_correction", "other_fee_unpaid", "other_misc"), "y2019": ("other_total",)}
T4_BLOCKS = ("review", "litigation_direct", "litigation_after_review")
T4_COLUMNS = ("upheld", "corrected", "other", "pending", "total")


@dataclass(frozen=True, slots=True)
class Column:
    """A column of table two; `unit` is None where the form fixes none."""

    key: str
    unit: str | None


@dataclass(frozen=True, slots=True)
class SubTable:
    """One sub-table of table two, under its anchor 第二十条第（一）项."""

    anchor: str
    columns: tuple[Column, ...]
    rows: tuple[str, ...]


MADE = (Column("issued", "件"), Column("repealed", "件"), Column("in_force", "件"))
PUBLISHED = (Column("newly_made", "件"), Column("newly_published", "件"), Column("published_total", "件"))
DECISIONS = (Column("decisions", "件"),)
ITEMS = (Column("prev_items", "项"), Column("change", "项"))
PROCUREMENT = (Column("procurement_items", "项"), Column("procurement_amount", None))

T2 = {
    "y2021": (
        SubTable("一", MADE, ("regulations", "normative_documents")),
        SubTable("五", DECISIONS, ("licensing",)),
        SubTable("六", DECISIONS, ("penalty", "coercion")),
        SubTable("八", (Column("fee_amount", "万元"),), ("admin_fees",)),
    ),
    "y2019": (
        SubTable("一", PUBLISHED, ("regulations", "normative_documents")),
        SubTable("五", (*ITEMS, *DECISIONS), ("licensing", "other_admin_services")),
        SubTable("六", (*ITEMS, *DECISIONS), ("penalty", "coercion")),
        SubTable("八", ITEMS, ("admin_fees",)),
        SubTable("九", PROCUREMENT, ("central_procurement",)),
    ),
}


def result_rows(form: str) -> tuple[str, ...]:
    """The rows whose sum is （七）总计."""
    return ("granted", "partial", *DENIED, *UNABLE, *UNPROCESSED, *OTHER[form])


def t3_rows(form: str) -> tuple[str, ...]:
    """Every row of table three in printed order: 25 in y2021, 23 in y2019."""
    return ("new_received", "carried_in", *result_rows(form), "processed_total", "carried_out")


def t2_paths(form: str) -> Iterator[tuple[str, str | None]]:
    """Path and unit of each cell of table two: 10 in y2021, 22 in y2019."""
    for table in T2[form]:
        for row in table.rows:
            for column in table.columns:
                yield f"t2.{row}.{column.key}", column.unit


def years_form(year: int) -> str:
    """The form that was in force for a report year."""
    return "y2021" if year >= 2021 else "y2019"
