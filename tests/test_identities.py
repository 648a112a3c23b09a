"""Each identity against invented figures: `tests/fixtures/identities/<id>.toml`, one file per identity.

A case says what is printed (`zeros`: a whole form of zeros first, `without` these rows; then `figures`, `numbers`,
`section_six`, `publisher`; or `before` and `after`; or `stated` and `units`) and what the identity `gives`: scope,
result, expected, found ("" for none). "" is a blank cell, "/" and "-" are dashes. Scopes that are not named are not compared,
but where `gives` is empty the identity gives no check at all.
"""

from __future__ import annotations

import tomllib
from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from extract import cells, identities
from extract.forms import all_forms
from extract.identities import Printed, t2014
from extract.identities.region import Region
from extract.identities.years import Years
from extract.model import Check, Figure, Number, Section

FOLDER = Path(__file__).parent / "fixtures" / "identities"
CASES = [
    pytest.param(path.stem, case, id=f"{path.stem}-{n}")
    for path in sorted(FOLDER.glob("*.toml"))
    for n, case in enumerate(tomllib.loads(path.read_text(encoding="utf-8"))["case"], 1)
]
TABLES = ("t2", "t3", "t4")


@pytest.mark.parametrize("id,case", CASES)
def test_case(id: str, case: dict[str, Any]) -> None:
    found = [
        [check.scope, str(check.result), check.expected or "", check.found or ""]
        for check in _checks(case)
        if check.id == id
    ]
    named = {scope for scope, *_ in case["gives"]}
    assert sorted(row for row in found if row[0] in named) == sorted(case["gives"])
    assert bool(found) == bool(case["gives"])


def test_every_identity_has_every_result() -> None:
    """Passing, failing, not assessable, and nothing to assess (not applicable, or no check)."""
    given: dict[str, set[str]] = {}
    for param in CASES:
        id, case = param.values
        results = {result for _, result, _, _ in case["gives"]} or {"nothing"}
        given.setdefault(str(id), set()).update(results)
    assert given.keys() == identities.all_rules().keys()
    for id, results in given.items():
        assert results >= {"pass", "fail", "not_assessable"}, id
        assert results & {"not_applicable", "nothing"}, id


def test_the_rules_are_those_of_the_forms() -> None:
    """Every id with a severity; a rule names only forms that there are or that were printed before 2019."""
    for rule in identities.all_rules().values():
        assert rule.severity in ("error", "warning", "info")
        assert set(rule.forms) <= {"y2021", "y2019", "y2014"} and rule.forms
        assert rule.meaning and rule.scope


def test_the_sums_of_2014_are_those_of_the_form() -> None:
    """Every indicator that is a part of another stands in a sum, under that one; but 其中 says no sum."""
    of_which = {"pub_normative", "resp_press_conf_lead", "resp_interview_lead"}
    rows = [row for row, _ in all_forms()["y2014"].rows("t2014")]
    parts = {row.key: row.group for row in rows if row.group and row.key not in of_which}
    summed = {part: whole for sums in t2014.SUMS for whole, parts in sums.items() for part in parts}
    assert summed == parts


def test_a_blank_never_fails_an_identity() -> None:
    """Whatever cell of a whole form of zeros is blanked, nothing fails that did not."""
    for form in ("y2021", "y2019"):
        zeros = _zeros(form, ())
        for path in zeros:
            blank = zeros | {path: _figure(path, "", form)}
            results = {check.result.value for check in identities.checks(Printed(blank, form))}
            assert "fail" not in results, path


def _checks(case: dict[str, Any]) -> Iterator[Check]:
    if "before" in case:
        yield from identities.between(Years(_values(case["before"]), _values(case["after"])))
    elif "stated" in case:
        yield from identities.regional(Region(_value(case["stated"]), _values(case["units"])))
    else:
        yield from identities.checks(_printed(case))


def _printed(case: dict[str, Any]) -> Printed:
    form = case.get("zeros")
    figures = _zeros(form, tuple(case.get("without", ()))) if form else {}
    figures |= {path: _figure(path, written, form or "") for path, written in case.get("figures", {}).items()}
    numbers = {key: Number(key, _value(value), text) for key, (value, text) in case.get("numbers", {}).items()}
    sections = [Section(6, "六、其他需要报告的事项", case["section_six"])] if "section_six" in case else []
    return Printed(figures, form, numbers, sections, case.get("publisher"))


def _zeros(form: str, without: tuple[str, ...]) -> dict[str, Figure]:
    paths = [path for table in TABLES for path in all_forms()[form].paths(table)]
    return {path: _figure(path, "0", form) for path in paths if not path.startswith(without or ("-",))}


def _figure(path: str, written: str, form: str) -> Figure:
    reading = cells.read(written)
    unit = reading.unit if "amount" in path or "fees" in path else "件"
    return Figure(path, reading.value, reading.state, written, unit, form)


def _values(printed: dict[str, str]) -> dict[str, Decimal | None]:
    return {path: _value(written) for path, written in printed.items()}


def _value(written: str) -> Decimal | None:
    return cells.read(written).value
