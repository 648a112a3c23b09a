"""Plausible, consistent figures for one organ over all years: mostly zeros, and what is carried over arrives.

Every identity of a report holds for what is made here, `carried_out` of a year is `carried_in` of the next, and the
stock of documents in force moves by what was issued and repealed. What breaks these rules is added by `quirks.py`.
"""

from collections import Counter
from random import Random

from .form import DENIED, OTHER, T3_COLUMNS, T4_BLOCKS, UNABLE, UNPROCESSED, result_rows, t2_paths, t3_rows
from .model import Figure, Unit

APPLICANTS = T3_COLUMNS[:-1]
# How many requests a year an organ of a kind receives at most, and how many documents it handles.
REQUESTS = {"government": 40, "office": 18, "department": 5, "town": 3, "street": 2, "zone": 4, "enterprise": 1}
ACTIVITY = {"government": 900, "office": 0, "department": 240, "town": 30, "street": 12, "zone": 60, "enterprise": 0}
APPLICANT_WEIGHTS = (16, 3, 1, 1, 1, 2)

Numbers = dict[str, int | float]


def number(value: int | float, unit: str | None = "件", written: str | None = None) -> Figure:
    """A printed number; `written` where its text is not just the digits."""
    return Figure(value, "number", str(value) if written is None else written, unit)


class Ledger:
    """What an organ carries from one year to the next."""

    def __init__(self, unit: Unit, random: Random) -> None:
        self.unit = unit
        self.random = random
        self.open: Counter[str] = Counter()
        self.documents = random.randrange(0, 12) if unit.unit_type != "street" else 0
        self.items = {row: random.randrange(4, 80) for row in ("licensing", "other_admin_services", "penalty")}
        self.items |= {"coercion": random.randrange(0, 9), "admin_fees": random.randrange(0, 3)}

    def year(self, forms: dict[str, str], year: int) -> dict[str, Figure]:
        """The figures of one year's report, in the forms that it prints."""
        figures = self._second(forms["t2"], year)
        figures |= {path: number(value) for path, value in self._third(forms["t3"]).items()}
        figures |= {path: number(value) for path, value in self._fourth().items()}
        return figures

    def _second(self, form: str, year: int) -> dict[str, Figure]:
        values = self._second_2021() if form == "y2021" else self._second_2019(year)
        figures = {}
        for path, unit in t2_paths(form):
            value = values.get(path.removeprefix("t2."), 0)
            figures[path] = number(value, unit)
        if form == "y2019" and values["central_procurement.procurement_items"]:
            figures["t2.central_procurement.procurement_amount"] = self._procurement()
        return figures

    def _procurement(self) -> Figure:
        """An amount in one of the ways organs write it: the form names no unit."""
        amount = self.random.randrange(2, 900)
        ways = (
            number(amount + 0.75, "万元", f"{amount}.75 万"),
            number(amount, "万元", f"{amount}万元"),
            number(amount + 0.4, "万元", f"{amount}4000元"),
            number(amount, None),
        )
        return self.random.choice(ways)

    def _second_2021(self) -> Numbers:
        random, most = self.random, ACTIVITY[self.unit.unit_type]
        issued = random.choice((0, 0, 0, 1, 2)) if most else random.choice((0, 1, 3))
        repealed = min(self.documents, random.choice((0, 0, 0, 1)))
        self.documents += issued - repealed
        values: Numbers = {
            "normative_documents.issued": issued,
            "normative_documents.repealed": repealed,
            "normative_documents.in_force": self.documents,
            "licensing.decisions": random.randrange(most + 1),
            "penalty.decisions": random.choice((0, random.randrange(most // 4 + 1))),
            "coercion.decisions": random.choice((0, 0, random.randrange(most // 20 + 1))),
        }
        if self.unit.unit_type in ("government", "department") and random.random() < 0.5:
            values["admin_fees.fee_amount"] = round(random.uniform(0.5, 420), random.choice((1, 2, 4)))
        return values

    def _second_2019(self, year: int) -> Numbers:
        random, most = self.random, ACTIVITY[self.unit.unit_type]
        made = random.choice((0, 0, 1, 3))
        self.documents += made
        values: Numbers = {
            "normative_documents.newly_made": made,
            "normative_documents.newly_published": made,
            "normative_documents.published_total": self.documents,
        }
        for row in ("licensing", "other_admin_services", "penalty", "coercion", "admin_fees"):
            change = random.choice((0, 0, random.randrange(1, 6))) if most else 0
            values[f"{row}.prev_items"], values[f"{row}.change"] = self.items[row], change
            self.items[row] += change
            if row != "admin_fees":
                values[f"{row}.decisions"] = random.choice((0, random.randrange(most + 1)))
        values["central_procurement.procurement_items"] = random.randrange(4)
        return values

    def _third(self, form: str) -> dict[str, int]:
        arrived = Counter(self.random.choices(APPLICANTS, APPLICANT_WEIGHTS, k=self._requests()))
        table = {"new_received": arrived, "carried_in": self.open}
        pool = sorted((arrived + self.open).elements())
        self.random.shuffle(pool)
        kept = 1 if len(pool) > 2 and self.random.random() < 0.4 else 0
        self.open = Counter(pool[:kept])
        table |= self._results(form, pool[kept:])
        table |= {"processed_total": Counter(pool[kept:]), "carried_out": self.open}
        values: dict[str, int] = {}
        for row in t3_rows(form):
            cells = table.get(row, Counter())
            values |= {f"t3.{row}.{column}": cells[column] for column in APPLICANTS}
            values[f"t3.{row}.total"] = cells.total()
        return values

    def _requests(self) -> int:
        most = REQUESTS[self.unit.unit_type]
        if most > 10:
            return self.random.randrange(most // 4, most + 1)
        return self.random.choice((0, 0, self.random.randrange(most + 1), self.random.randrange(most + 1)))

    def _results(self, form: str, pool: list[str]) -> dict[str, Counter[str]]:
        rows = result_rows(form)
        groups = {"granted": 24, "partial": 6} | dict.fromkeys(DENIED, 1) | dict.fromkeys(UNABLE, 3)
        groups |= dict.fromkeys(UNPROCESSED, 1) | dict.fromkeys(OTHER[form], 1)
        outcome: dict[str, Counter[str]] = {row: Counter() for row in rows}
        for applicant in pool:
            outcome[self.random.choices(rows, [groups[row] for row in rows])[0]][applicant] += 1
        return outcome

    def _fourth(self) -> dict[str, int]:
        busy = 0.5 if self.unit.unit_type == "government" else 0.04
        values: dict[str, int] = {}
        for block in T4_BLOCKS:
            cells = [self.random.randrange(1, 4) if self.random.random() < busy else 0 for _ in range(4)]
            names = ("upheld", "corrected", "other", "pending", "total")
            values |= {f"t4.{block}.{name}": value for name, value in zip(names, [*cells, sum(cells)], strict=True)}
        return values
