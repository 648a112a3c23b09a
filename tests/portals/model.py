"""What the simulated portals know about themselves: the values every test compares with.

`Truth` is made once (`truth.py`), is never changed, and can be dumped as JSON. A report's figures are what its
document prints, irregularities included; what it does not print has no figure and stands in `missing`.
"""

import dataclasses
import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any, Literal, Self

State = Literal["number", "blank", "dash", "ambiguous", "unreadable"]
Carrier = Literal["html", "docx", "pdf", "html+docx"]
CheckScope = tuple[str, str]
Revision = tuple[date, Mapping[str, "Figure"]]


@dataclass(frozen=True, slots=True)
class Figure:
    """A printed cell: `written` is its text, trimmed; `value` is in `unit`, None unless `state` is number.

    A cell without a number keeps the unit of its column.
    """

    value: int | float | None
    state: State
    written: str
    unit: str | None


@dataclass(frozen=True, slots=True)
class Unit:
    """An organ that publishes. `name` is the full name of the publisher, `short` what titles may print instead."""

    slug: str
    name: str
    short: str
    unit_type: str
    scope: str


@dataclass(frozen=True, slots=True)
class County:
    """An invented county with one portal; `site_id` is the 10-digit 网站标识码."""

    portal: str
    name: str
    region: str
    site_id: str
    area_code: str
    postcode: str
    domain: str
    units: tuple[Unit, ...]


@dataclass(frozen=True, slots=True)
class NotReport:
    """An entry of the report column that is not a report; `path` is its address on the portal, with the query."""

    portal: str
    title: str
    path: str
    published: date
    paragraphs: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class ReportTruth:
    """One report, its document, its calendar and the in-report identities that break in it.

    `published` is the stated date, `appears` the day from which the portal shows it (they differ in one report).
    It may vanish and return, and its pages may move: the old address then leads to the new one, or is gone (`redirects`).
    `fails` and `not_assessable` hold for every revision. `style` seeds the wording; `layout` names oddities of the
    document; `serial` is the number in its URLs.
    """

    key: str
    portal: str
    county: str
    region: str
    slug: str
    unit: str
    unit_type: str
    scope: str
    year: int
    forms: Mapping[str, str | None]
    figures: Mapping[str, Figure]
    missing: tuple[str, ...]
    narrative: Mapping[str, int]
    says_none: bool
    contact: Mapping[str, str]
    title_lines: tuple[str, ...]
    title_names_unit: bool
    published: date
    appears: date
    vanishes: date | None
    revisions: tuple[Revision, ...]
    carrier: Carrier
    fails: tuple[CheckScope, ...]
    not_assessable: tuple[CheckScope, ...]
    irregularities: tuple[str, ...]
    style: str
    layout: tuple[str, ...]
    serial: int
    returns: date | None = None
    moves: date | None = None
    redirects: bool = False

    @property
    def title(self) -> str:
        """The title on one line."""
        return "".join(self.title_lines)

    @property
    def attachment(self) -> Literal["docx", "pdf"] | None:
        """The kind of file attached to the page."""
        if self.carrier == "html":
            return None
        return "pdf" if self.carrier == "pdf" else "docx"

    def visible_on(self, day: date) -> bool:
        """Whether the portal shows the report on that day."""
        away = self.vanishes is not None and self.vanishes <= day and (self.returns is None or day < self.returns)
        return self.appears <= day and not away

    def moved_on(self, day: date) -> bool:
        """Whether its pages stand at their second address on that day."""
        return self.moves is not None and self.moves <= day

    def revision_on(self, day: date) -> int:
        """How many revisions have happened: 0 for the report as first published."""
        return sum(1 for since, _ in self.revisions if since <= day)

    def changed_on(self, day: date) -> date:
        """The day of the latest change that is visible on `day`."""
        return max([self.appears, *(since for since, _ in self.revisions if since <= day)])

    def figures_at(self, revision: int) -> dict[str, Figure]:
        """The figures after that many revisions."""
        figures = dict(self.figures)
        for _, changed in self.revisions[:revision]:
            figures |= changed
        return figures

    def figures_on(self, day: date) -> dict[str, Figure]:
        """The figures that the report prints on that day."""
        return self.figures_at(self.revision_on(day))

    @classmethod
    def from_dict(cls, row: Mapping[str, Any]) -> Self:
        """Back from what `Truth.to_json` wrote."""
        values = dict(row)
        for name in ("missing", "title_lines", "irregularities", "layout"):
            values[name] = tuple(values[name])
        for name in ("fails", "not_assessable"):
            values[name] = tuple((check, scope) for check, scope in values[name])
        for name in ("published", "appears", "vanishes", "returns", "moves"):
            values[name] = values[name] and date.fromisoformat(values[name])
        values["figures"] = _figures(values["figures"])
        values["revisions"] = tuple((date.fromisoformat(d), _figures(changed)) for d, changed in values["revisions"])
        return cls(**values)


@dataclass(frozen=True, slots=True)
class Truth:
    """All counties, reports and other entries; the same seed always gives the same truth."""

    seed: int
    counties: tuple[County, ...]
    reports: tuple[ReportTruth, ...]
    not_reports: tuple[NotReport, ...]

    def report(self, key: str) -> ReportTruth:
        """The report with that key; KeyError when there is none."""
        for report in self.reports:
            if report.key == key:
                return report
        raise KeyError(key)

    def of_portal(self, portal: str) -> tuple[ReportTruth, ...]:
        """The reports of one portal, oldest first."""
        return tuple(report for report in self.reports if report.portal == portal)

    def county(self, portal: str) -> County:
        """The county of one portal."""
        return next(county for county in self.counties if county.portal == portal)

    def to_json(self) -> str:
        """Everything as one JSON object; dates are written YYYY-MM-DD."""
        return json.dumps(dataclasses.asdict(self), ensure_ascii=False, indent=1, default=date.isoformat)

    @classmethod
    def from_json(cls, text: str) -> Self:
        """Back from `to_json`."""
        data = json.loads(text)
        counties = tuple(County(**row | {"units": tuple(Unit(**u) for u in row["units"])}) for row in data["counties"])
        reports = tuple(ReportTruth.from_dict(row) for row in data["reports"])
        others = tuple(_not_report(row) for row in data["not_reports"])
        return cls(data["seed"], counties, reports, others)


def _figures(rows: Mapping[str, Mapping[str, Any]]) -> dict[str, Figure]:
    return {path: Figure(**row) for path, row in rows.items()}


def _not_report(row: Mapping[str, Any]) -> NotReport:
    published = date.fromisoformat(row["published"])
    return NotReport(**dict(row) | {"published": published, "paragraphs": tuple(row["paragraphs"])})
