"""A report as JSON: the shape of `nianbao parse --json` (DESIGN.md, docs/json.md). Values are JSON numbers or null."""

from __future__ import annotations

from decimal import Decimal
from functools import lru_cache
from typing import Any

from .model import Figure, Report


@lru_cache(maxsize=20_000)  # most figures are one of a few numbers; what is equal prints the same
def number(value: Decimal | None) -> int | float | None:
    """A Decimal as the JSON number that prints it: whole values as integers."""
    if value is None:
        return None
    whole = int(value)
    return whole if whole == value else float(value)


def figure_json(figure: Figure) -> dict[str, Any]:
    """value, state, written, unit, form, place; confidence only where a picture was read, doubt and matched only where there are."""
    record: dict[str, Any] = {
        "value": number(figure.value),
        "state": figure.state.value,
        "written": figure.written,
        "unit": figure.unit,
        "form": figure.form,
        "place": figure.place.to_json() if figure.place else None,
    }
    if figure.confidence is not None:
        record["confidence"] = figure.confidence
    if figure.doubt:
        record["doubt"] = figure.doubt
    if figure.matched:
        record["matched"] = figure.matched
    return record


def report_json(report: Report) -> dict[str, Any]:
    """The report part of the object: title to notes."""
    return {
        "title": report.title,
        "publisher": report.publisher,
        "year": report.year,
        "scope": report.scope,
        "forms": dict(report.forms),
        "figures": {path: figure_json(figure) for path, figure in report.figures.items()},
        "missing": list(report.missing),
        "inferred": {guess.path: {"value": number(guess.value), "by": guess.by} for guess in report.inferred},
        "narrative": {key: {"value": number(said.value), "text": said.text} for key, said in report.narrative.items()},
        "contact": dict(report.contact),
        "sections": [{"n": part.n, "heading": part.heading, "text": part.text} for part in report.sections],
        "parts": {part.kind: {"heading": part.heading, "text": part.text} for part in report.parts},
        "checks": [
            {
                "id": check.id,
                "scope": check.scope,
                "result": check.result.value,
                "expected": check.expected,
                "found": check.found,
            }
            for check in report.checks
        ],
        "notes": list(report.notes),
    }
