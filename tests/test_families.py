"""Families by folder: tests/fixtures/families/<family>/<case>/page.* beside its expected.json; no case stands here.

A page's first line says its URL, and what was posted to get it. A case without an expectation gets one written and then
fails, asking for a human look. Cases named needs-browser… are lists that only a script builds.
"""

import json
from pathlib import Path

import pytest

from crawler.doors import waits_for_script
from crawler.families import all_families
from crawler.recorded import load, reading

FOLDER = Path(__file__).parent / "fixtures" / "families"
CASES = sorted(path.parent for path in FOLDER.glob("*/*/page.*"))


@pytest.mark.parametrize("case", CASES, ids=lambda case: f"{case.parent.name}/{case.name}")
def test_page(case: Path) -> None:
    expected = case / "expected.json"
    got = json.loads(json.dumps(reading(load(case))))
    if not expected.exists():
        expected.write_text(json.dumps(got, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")
        pytest.fail(f"{expected} was missing and has been written: read it, correct it, run again")
    assert got == json.loads(expected.read_text(encoding="utf-8"))
    assert got["family"] == case.parent.name


@pytest.mark.parametrize("name", all_families())
def test_every_family_has_a_fixture(name: str) -> None:
    assert [case for case in CASES if case.parent.name == name]


@pytest.mark.parametrize("case", CASES, ids=lambda case: f"{case.parent.name}/{case.name}")
def test_one_family_claims_a_page(case: Path) -> None:
    page = load(case)
    claiming = [family.name for family in all_families().values() if family.name != "plain" and family.claims(page)]
    assert claiming == ([] if case.parent.name == "plain" else [case.parent.name])


@pytest.mark.parametrize("case", CASES, ids=lambda case: f"{case.parent.name}/{case.name}")
def test_a_list_that_waits_for_its_script_says_so(case: Path) -> None:
    assert bool(waits_for_script(load(case))) == case.name.startswith("needs-browser")
