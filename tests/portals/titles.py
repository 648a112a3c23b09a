"""Titles as organs print them: unit and year in either order, on one line or two, with spaces, or without the unit."""

from .model import Unit
from .wording import choose

REPORT = "政府信息公开工作年度报告"


def title_lines(unit: Unit, year: int, style: str, names_unit: bool) -> tuple[str, ...]:
    """The lines of a report's title."""
    if not names_unit:
        return (f"{year}年{REPORT}",)
    full, short = unit.name, unit.short
    kinds: list[tuple[str, ...]] = [
        (f"{full}{year}年{REPORT}",),
        (f"{full}{year}年度{REPORT}",),
        (f"{short}{year}年{REPORT}",),
        (f"{full}", f"{year}年{REPORT}"),
        (f"{full} {year} 年度{REPORT}",),
        (f"{full}{year}年政府信息公开", "工作年度报告"),
        (f"{full}{year}年政府信息公开年度报告",),
        (f"{short}{year}年度政务信息公开工作年度报告",),
    ]
    if unit.unit_type in ("town", "street", "department"):
        kinds += [(f"{year}年度{short}{REPORT}",), (f"{year}年{short}政府信息公开年度报告",)]
    return choose(style, "title", kinds)
