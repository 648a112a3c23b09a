"""Families by folder: tests/fixtures/families/<family>/<case>/page.html beside its expected.json; no case stands here.

A page's first line says its URL. A case without an expectation gets one written and then fails, asking for a human look.
"""

import json
import re
from pathlib import Path

import pytest

from crawler.families import all_families, family_of
from crawler.pages import Page, attachments

FOLDER = Path(__file__).parent / "fixtures" / "families"
CASES = sorted(path.parent for path in FOLDER.glob("*/*/page.html"))


def reading(case: Path) -> dict[str, object]:
    """What the page is read as."""
    source = (case / "page.html").read_bytes()
    url = re.search(rb"url: (\S+)", source)
    assert url, f"{case}: the first line must say the URL"
    page = Page(url[1].decode(), source)
    family = family_of(page)
    listing = family.listing(page)
    return {
        "family": family.name,
        "entries": [[entry.url, entry.title, entry.date, entry.is_report] for entry in listing.entries],
        "further": list(listing.further),
        "attachments": [[link.url, link.text] for link in attachments(page)],
    }


@pytest.mark.parametrize("case", CASES, ids=lambda case: f"{case.parent.name}/{case.name}")
def test_page(case: Path) -> None:
    expected = case / "expected.json"
    got = reading(case)
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
    source = (case / "page.html").read_bytes()
    page = Page(re.search(rb"url: (\S+)", source)[1].decode(), source)
    claiming = [family.name for family in all_families().values() if family.name != "plain" and family.claims(page)]
    assert claiming == ([] if case.parent.name == "plain" else [case.parent.name])
