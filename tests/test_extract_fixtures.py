"""What the extract room makes of recorded inputs: one folder per case, `tests/fixtures/extract/<kind>/<case>/`.

A case is an `input.*` and an `expected.json`; this module holds none. Kinds: `reports` (a whole document), and small
ones whose input is a JSON list of strings and whose expectation says for each string what is made of it. A missing
`expected.json` is written from the current output and the test fails: a person must look at it before it counts.

An expectation of a document holds the parts that matter; what it does not name is not compared. `figures`: those
listed must be equal in every part listed; `no_other_numbers`: all others are zero or no number; `states`: how many
figures have which state. `notes`: one piece of each note, in order. `error`: the name of the exception, `words`: a
piece of its message. `reports`: one object each, for a document with several.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from msgspec.structs import replace

from extract import canonical, cells, contact, labels, narrative, problems, reader, records, sections, titles
from extract.formats import read
from extract.forms import all_forms
from extract.model import Figure, NoReport, Report, Section, State, Text, Unreadable

FIXTURES = Path(__file__).parent / "fixtures" / "extract"
CASES = sorted(path for path in FIXTURES.glob("*/*") if path.is_dir())
FIGURE_PARTS = {"value", "state", "written", "unit"}  # a listed figure names all of them
LINE = 118  # characters: longer records of an expectation are broken over lines


@pytest.mark.parametrize("case", CASES, ids=lambda case: f"{case.parent.name}/{case.name}")
def test_case(case: Path) -> None:
    data = next(case.glob("input.*")).read_bytes()
    found = _document(data) if case.parent.name == "reports" else _strings(KINDS[case.parent.name], data)
    expectation = case / "expected.json"
    if not expectation.exists():
        expectation.write_text(_printed(found), encoding="utf-8")
        pytest.fail(f"{expectation} was missing and now holds the current output: correct it by hand, then run again")
    expected = json.loads(expectation.read_text(encoding="utf-8"))
    differences = list(_unlike(expected, found, data) if case.parent.name == "reports" else _unequal(expected, found))
    assert not differences, "\n" + "\n".join(differences)


@pytest.mark.parametrize("case", [case for case in CASES if case.parent.name == "reports"], ids=lambda case: case.name)
def test_written_text_reads_back(case: Path) -> None:
    """W7: the same bytes again. And no figure becomes another number; what only spans told may become ambiguous."""
    try:
        text = read(next(case.glob("input.*")).read_bytes())
    except Unreadable:
        pytest.skip("the document cannot be read")
    written = canonical.write(text)
    again = read(written.encode())
    assert canonical.write(again) == written
    for figures, same in zip(_all_figures(text), _all_figures(again), strict=True):
        assert figures.keys() == same.keys()
        unlike = {path for path, figure in same.items() if figure != figures[path]}
        assert {same[path].state for path in unlike} <= {State.AMBIGUOUS}


def test_every_kind_has_cases() -> None:
    assert {case.parent.name for case in CASES} == {"reports", *KINDS}
    assert all(len(list(case.glob("input.*"))) == 1 for case in CASES)


# --- what is made of an input


def _document(data: bytes) -> dict[str, Any]:
    try:
        reports = reader.parse(read(data))
    except (NoReport, Unreadable) as error:
        return {"error": type(error).__name__, "words": str(error)}
    return _summary(reports[0]) if len(reports) == 1 else {"reports": [_summary(report) for report in reports]}


def _summary(report: Report) -> dict[str, Any]:
    """The JSON of a report; zeros are left to `states`, checks are counted, the failing ones named."""
    summary = records.report_json(report)
    results: dict[str, Counter[str]] = {}
    for check in report.checks:
        results.setdefault(check.id, Counter())[check.result.value] += 1
    figures: dict[str, dict[str, Any]] = summary["figures"]
    summary["all_figures"] = figures
    summary["figures"] = {
        path: {part: figure[part] for part in figure if part in FIGURE_PARTS}
        for path, figure in figures.items()
        if figure["value"] != 0
    }
    summary["states"] = dict(Counter(figure["state"] for figure in figures.values()))
    summary["no_other_numbers"] = True
    summary["sections"] = [{"n": part.n, "heading": part.heading, "text": part.text} for part in report.sections]
    summary["checks"] = {name: dict(counter) for name, counter in results.items()}
    summary["failing"] = [[check.id, check.scope] for check in report.checks if check.result.value == "fail"]
    return summary


def _strings(make: Callable[[str], Any], data: bytes) -> dict[str, Any]:
    return {given: make(given) for given in json.loads(data)}


def _cell(text: str) -> Any:
    reading = cells.read(text)
    return [reading.state.value, records.number(reading.value), reading.unit]


def _amount(cell_and_header: str) -> Any:
    """A cell under a header, written `cell | header`: the value and its unit."""
    cell, header = cell_and_header.split(" | ")
    reading = cells.read(cell)
    value, unit = cells.amount(reading.value, reading.unit, header)
    return [records.number(value), unit]


def _shown(text: str) -> Any:
    """What is shown of a cell: its canonical text, its state and its value."""
    cell = canonical.clean_cell(text)
    return [cell, *_cell(cell)[:2]]


def _title(lines: str) -> Any:
    """The title among the lines at the head of a document, or null."""
    found = titles.find(lines.split("\n"))
    if found is None:
        return None
    first, title = found
    return {"first": first, "lines": title.lines, "text": title.text, "unit": title.unit, "year": title.year}


def _sentences(paragraphs: str) -> Any:
    """The numbers, the contact and the compiler that paragraphs name."""
    lines = paragraphs.split("\n")
    numbers = narrative.numbers(lines)
    said: dict[str, Any] = {
        key: {"value": records.number(number.value), "text": number.text} for key, number in numbers.items()
    }
    said |= {"contact": contact.contact(lines), "compiler": contact.compiler(lines)}
    return {key: value for key, value in said.items() if value}


def _label(text: str) -> Any:
    """The rows of each table and the columns that a label names; nothing where it names none."""
    plain = labels.plain(text)
    named: dict[str, list[str]] = {}
    for form in all_forms().values():
        for table, whole in (("t2", False), ("t3", True)):
            for row, _ in form.rows(table):
                if labels.matches(row, plain, whole):
                    named.setdefault(table, []).append(row.key)
        for columns in (*(part.columns for part in form.t2), form.t3_columns, form.t4_columns):
            if column := labels.column_of(columns, plain):
                named.setdefault("columns", []).append(column.key)
    return {table: list(dict.fromkeys(keys)) for table, keys in named.items()}


def _heading(text: str) -> Any:
    found = sections.heading(text)
    return list(found) if found else None


def _parts(text: str) -> Any:
    """Problems and measures of sections, each a heading and its lines, separated by an empty line."""
    split = [section.partition("\n") for section in text.split("\n\n")]
    found = problems.parts([Section(n, heading, lines) for n, (heading, _, lines) in enumerate(split, 5)])
    return {part.kind: [part.heading, part.text] for part in found}


KINDS: dict[str, Callable[[str], Any]] = {
    "amounts": _amount,
    "cells": _cell,
    "invisible": _shown,
    "labels": _label,
    "narrative": _sentences,
    "problems": _parts,
    "scopes": reader.scope,
    "sections": _heading,
    "titles": _title,
}


# --- how it is compared


def _unequal(expected: Any, found: Any) -> Iterator[str]:
    """The strings for which something else was made than expected."""
    for given in {**expected, **found}:
        if given not in expected or given not in found:
            yield f"{given!r}: only in {'expected.json' if given in expected else 'the input'}"
        elif expected[given] != found[given]:
            yield f"{given!r}: expected {expected[given]}, found {found[given]}"


def _unlike(expected: dict[str, Any], found: dict[str, Any], data: bytes) -> Iterator[str]:
    """What differs between the expectation of a document and what was read from it."""
    expected = dict(expected)
    if "error" in found or "error" in expected:
        if expected.get("error") != found.get("error") or expected.get("words", "") not in found.get("words", ""):
            yield f"expected {expected.get('error', 'reports')}, found {found.get('error', 'reports')}: {found}"
        return
    yield from _text_differences(expected, data)
    wanted, present = expected.get("reports", [expected]), found.get("reports", [found])
    if len(wanted) != len(present):
        yield f"expected {len(wanted)} reports, found {len(present)}: {[report['title'] for report in present]}"
        return
    for number, (one, other) in enumerate(zip(wanted, present, strict=True), 1):
        yield from (f"report {number}: {difference}" for difference in _differences(one, other))


def _text_differences(expected: dict[str, Any], data: bytes) -> Iterator[str]:
    """`text_has`, `text_lacks`, `format` and `metadata` are about the document, not about a report."""
    text = read(data)
    written = canonical.write(text)
    yield from (f"the text lacks {words!r}" for words in expected.pop("text_has", ()) if words not in written)
    yield from (f"the text has {words!r}" for words in expected.pop("text_lacks", ()) if words in written)
    if expected.pop("format", text.format) != text.format:
        yield f"the format is {text.format}"
    for key, value in expected.pop("metadata", {}).items():
        if text.metadata.get(key) != value:
            yield f"metadata {key}: expected {value!r}, found {text.metadata.get(key)!r}"


def _differences(expected: dict[str, Any], found: dict[str, Any]) -> Iterator[str]:
    for key, value in expected.items():
        if key == "figures":
            yield from _figure_differences(value, found["all_figures"])
        elif key == "no_other_numbers":
            yield from _others(expected["figures"], found["all_figures"]) if value else ()
        elif key in ("narrative", "sections", "notes"):
            yield from _list_differences(key, value, found[key])
        elif key not in found:
            yield f"expected.json has the unknown key {key}"
        elif value != found[key]:
            yield f"{key}: expected {value}, found {found[key]}"


def _figure_differences(expected: dict[str, Any], found: dict[str, Any]) -> Iterator[str]:
    for path, parts in expected.items():
        assert parts.keys() >= FIGURE_PARTS, f"{path} in expected.json must have {sorted(FIGURE_PARTS)}"
        figure = found.get(path)
        if figure is None or any(figure[part] != value for part, value in parts.items()):
            yield f"{path}: expected {parts}, found {figure}"


def _others(listed: dict[str, Any], found: dict[str, Any]) -> Iterator[str]:
    for path, figure in found.items():
        if path not in listed and figure["value"]:
            yield f"{path}: not expected, found {figure}"


def _list_differences(key: str, expected: Any, found: Any) -> Iterator[str]:
    """Narrative numbers, sections and notes: as many as expected; of each, what the expectation names."""
    if isinstance(expected, dict):
        if expected.keys() != found.keys():
            yield f"{key}: expected {sorted(expected)}, found {found}"
            return
        expected, found = list(expected.values()), [found[name] for name in expected]
    if len(expected) != len(found):
        yield f"{key}: expected {expected}, found {found}"
        return
    for wanted, present in zip(expected, found, strict=True):
        same = (
            wanted in present
            if isinstance(wanted, str)
            else all(present.get(part) == value for part, value in wanted.items())
        )
        if not same:
            yield f"{key}: expected {wanted}, found {present}"


def _all_figures(text: Text) -> list[dict[str, Figure]]:
    """The figures of each report in a document, without their places."""
    try:
        reports = reader.parse(text)
    except NoReport:
        return []
    return [{path: replace(figure, place=None) for path, figure in report.figures.items()} for report in reports]


# --- how it is written


def _printed(found: dict[str, Any]) -> str:
    """An expectation as JSON, a record to a line; what does not show on a screen (U+00A0) is written as \\u00a0."""
    for report in found.get("reports", [found]):
        report.pop("all_figures", None)
    text = _json(found, "") + "\n"
    return "".join(sign if sign == "\n" or sign.isprintable() else f"\\u{ord(sign):04x}" for sign in text)


def _json(value: Any, indent: str) -> str:
    flat = json.dumps(value, ensure_ascii=False)
    nested = isinstance(value, dict | list) and bool(value)
    parts = list(value.values() if isinstance(value, dict) else value) if nested else []
    if not nested or (len(indent + flat) <= LINE and not any(isinstance(part, dict | list) for part in parts)):
        return flat
    deeper = indent + "  "
    if isinstance(value, dict):
        lines = [f"{deeper}{json.dumps(key, ensure_ascii=False)}: {_json(part, deeper)}" for key, part in value.items()]
        return "{\n" + ",\n".join(lines) + f"\n{indent}}}"
    return "[\n" + ",\n".join(deeper + _json(part, deeper) for part in parts) + f"\n{indent}]"
