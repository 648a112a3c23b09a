"""Figures of an office that has much to do: tables three and four with few zeros, every sum right.

Most figures of most reports are zero, and a reader that says zero everywhere scores half: these reports tell.
"""

from collections.abc import Iterator
from dataclasses import replace
from random import Random

from tests.portals import ReportTruth
from tests.portals.amounts import number
from tests.portals.form import T3_COLUMNS, T4_BLOCKS, T4_COLUMNS, result_rows

SOME = (0, 0, 1, 2, 3, 4, 7, 9, 11, 16, 28, 45, 103, 260)


def busy(report: ReportTruth) -> ReportTruth:
    """The report with other figures in tables three and four."""
    random = Random(f"busy {report.key}")
    values = dict(_table_three(random, str(report.forms["t3"]))) | dict(_table_four(random))
    return replace(
        report, figures={path: number(values[path]) if path in values else f for path, f in report.figures.items()}
    )


def _table_three(random: Random, form: str) -> Iterator[tuple[str, int]]:
    sums: dict[str, int] = {}
    for column in T3_COLUMNS[:-1]:
        made = {row: random.choice(SOME) for row in result_rows(form)}
        done = sum(made.values())
        left, before = random.choice(SOME[:9]), random.choice(SOME[:6])
        made |= {"processed_total": done, "carried_out": left}
        made |= {"carried_in": min(before, done + left), "new_received": done + left - min(before, done + left)}
        for row, value in made.items():
            sums[row] = sums.get(row, 0) + value
            yield f"t3.{row}.{column}", value
    for row, value in sums.items():
        yield f"t3.{row}.total", value


def _table_four(random: Random) -> Iterator[tuple[str, int]]:
    for block in T4_BLOCKS:
        values = [random.choice(SOME[:10]) for _ in T4_COLUMNS[:-1]]
        for column, value in zip(T4_COLUMNS, (*values, sum(values)), strict=True):
            yield f"t4.{block}.{column}", value
