"""From a home page to figures, news and exports, by the command line alone, against portals whose truth is known."""

import csv
import hashlib
import itertools
import json
import random
import subprocess
import sys
import threading
from collections import Counter, defaultdict
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any
from urllib.parse import urljoin, urlsplit

import pytest

from tests.helpers import (
    CAPTURES,
    FIRST,
    LATER,
    TIMEOUT,
    Archive,
    Expected,
    Record,
    Visit,
    add_portals,
    bytes_on,
    captures,
    compare,
    current_figures,
    expected,
    fetched_urls,
    portal_id,
    record_at,
    records,
    report_id,
    report_urls,
    unequal,
    visit,
)
from tests.portals import Entry, Figure, Portals, ReportTruth, document, make_truth
from tests.portals.arithmetic import between
from tests.portals.grids import Grid
from tests.portals.quirks import LISTED_TWICE
from tests.portals.sites.lonsun import ORGANS
from tests.portals.sites.trs import COLUMN, SUBSITES

TRUTH = make_truth()
NAMES = tuple(county.portal for county in TRUTH.counties)
SEED = 20260110
CSV_COLUMNS = (
    "report,region,unit,unit_type,scope,year,path,label,value,state,written,value_unit,form,matched,checks_failed,first_seen,"
    "stated_date,url,sha256"
).split(",")


# --- survey


def columns_of(portals: Portals, name: str) -> dict[str, str]:
    """The columns that a portal has, and the organ of each ("" for the county's own)."""
    names = {unit.slug: unit.short for unit in TRUTH.county(name).units}
    columns = portals.sites[name].columns
    return {urljoin(portals.urls[name], path): names.get(slug, "") for path, slug in columns.items()}


@pytest.mark.parametrize("name", NAMES)
def test_survey_finds_family_and_columns(name: str, surveyed: Visit, county_portals: Portals) -> None:
    id = portal_id(county_portals, name)
    portals = {row["portal"]: row for row in surveyed.archive.json("portals", "list")}
    columns = [row for row in surveyed.archive.json("portals", "list", "--columns") if row["portal"] == id]
    assert portals[id]["family"] == name
    assert {row["url"]: row["unit"] for row in columns} == columns_of(county_portals, name)
    assert all(row["family"] == name and row["evidence"] for row in columns)


@pytest.mark.parametrize("name", NAMES)
def test_survey_finds_units(name: str, surveyed: Visit) -> None:
    """Organs that have pages of their own are units of the county, under the full name of the organ."""
    county = TRUTH.county(name)
    slugs = {"lonsun": set(ORGANS), "trs": set(SUBSITES), "plain": set()}[name]
    found = {row["name"] for row in surveyed.archive.rows("select name from unit where region = ?", county.region)}
    assert {unit.name.removeprefix(county.name) for unit in county.units if unit.slug in slugs} <= found
    assert found <= {unit.name.removeprefix(county.name) for unit in county.units}


def test_survey_starts_at_the_home_page(surveyed: Visit) -> None:
    for name in NAMES:
        assert [entry.path for entry in surveyed.served if entry.portal == name][:2] == ["/robots.txt", "/"]


# --- politeness


@pytest.fixture(params=("surveyed", "crawled", "again", "later"))
def any_visit(request: pytest.FixtureRequest) -> Visit:
    made: Visit = request.getfixturevalue(request.param)
    return made


def by_portal(served: tuple[Entry, ...]) -> dict[str, list[Entry]]:
    return {name: sorted((e for e in served if e.portal == name), key=lambda e: e.started) for name in NAMES}


def test_robots_txt_is_asked_first_and_obeyed(any_visit: Visit) -> None:
    for entries in by_portal(any_visit.served).values():
        assert entries[0].path == "/robots.txt"
        assert not [entry.path for entry in entries if entry.path.startswith("/admin/")]


def test_the_crawler_says_who_it_is(any_visit: Visit) -> None:
    assert {entry.user_agent.partition("/")[0] for entry in any_visit.served} == {"nianbao"}


def test_one_request_at_a_time_on_one_connection(any_visit: Visit) -> None:
    for name, entries in by_portal(any_visit.served).items():
        assert len({entry.connection for entry in entries}) == 1, name
        for before, after in itertools.pairwise(entries):
            assert after.started >= before.ended, (name, before.path, after.path)
        paths = Counter(entry.path for entry in entries if entry.path != "/robots.txt")
        assert not [path for path, count in paths.items() if count > 1]


def test_a_contact_is_asked_for_where_it_is_needed(tmp_path: Path) -> None:
    archive = Archive(tmp_path / "archive")
    archive.run("portals", "add", "http://www.example.gov.cn/")
    assert "--contact" in archive.run("survey", status=1).stderr


# --- what was found


def test_every_report_is_found_and_none_is_invented(crawled: Visit) -> None:
    wanted = expected(TRUTH, FIRST)
    found = crawled.archive.rows(
        "select r.id, r.region, u.name, u.type, r.scope, r.year from report r join unit u on u.id = r.unit"
    )
    assert {tuple(row.values()) for row in found} == {
        (id, each.region, each.unit.removeprefix(each.county), each.unit_type, each.scope, each.year)
        for id, each in ((id, expectation.report) for id, expectation in wanted.items())
    }
    assert len(found) == len(wanted) == sum(report.visible_on(FIRST) for report in TRUTH.reports)


def test_entries_that_are_no_reports_are_remembered_and_not_fetched(crawled: Visit, county_portals: Portals) -> None:
    others = {urljoin(county_portals.urls[item.portal], item.path) for item in TRUTH.not_reports}
    asked = {urljoin(county_portals.urls[entry.portal], entry.path) for entry in crawled.served}
    assert not others & asked
    remembered = crawled.archive.rows("select url from url where state = 'not_report'")
    assert {row["url"] for row in remembered} == others
    for name in NAMES:
        counts = "select sum(entries - reports) as n from column_check where portal = ?"
        assert crawled.archive.rows(counts, portal_id(county_portals, name))[0]["n"] == 3


@pytest.mark.parametrize("stage", ("crawled", "later"))
def test_every_figure_equals_the_truth(stage: str, request: pytest.FixtureRequest, tell: Callable[[str], None]) -> None:
    days = (FIRST,) if stage == "crawled" else (FIRST, LATER)
    archive = request.getfixturevalue(stage).archive
    comparison = compare(archive, expected(TRUTH, *days))
    tell(comparison.table())
    assert comparison.all() == []
    assert sum(len(figures) for figures in current_figures(archive).values()) == comparison.figures.total()


def checks_of(archive: Archive, result: str) -> dict[str, set[tuple[str, str]]]:
    """The checks with a result, by report. N.CARRY's scope is the row here and `total` in the truth."""
    found: dict[str, set[tuple[str, str]]] = defaultdict(set)
    for row in archive.rows(
        "select r.id, c.id as name, c.scope from report r join check_result c on c.version = r.current where result = ?",
        result,
    ):
        found[row["id"]].add((row["name"], "total" if row["name"] == "N.CARRY" else row["scope"]))
    return found


@pytest.mark.parametrize("result", ("fail", "not_assessable"))
def test_checks_equal_the_truth(result: str, crawled: Visit) -> None:
    names = {"fail": "fails", "not_assessable": "not_assessable"}
    wanted = {id: set(getattr(each.report, names[result])) for id, each in expected(TRUTH, FIRST).items()}
    assert unequal(checks_of(crawled.archive, result), {id: scopes for id, scopes in wanted.items() if scopes}) == []
    if result == "fail":
        listed = crawled.archive.json("checks", "--limit", 1000)
        assert {row["report"] for row in listed if row["check"][0] not in "XG"} == {
            id for id, scopes in wanted.items() if scopes
        }


@pytest.mark.parametrize("result", ("fail", "not_assessable", "pass"))
def test_checks_between_years_equal_the_truth(result: str, crawled: Visit) -> None:
    reports = {
        (each.report.portal, each.report.slug, each.report.year): (id, each)
        for id, each in expected(TRUTH, FIRST).items()
    }
    wanted: dict[str, set[tuple[str, str]]] = defaultdict(set)
    for (portal, slug, year), (id, each) in reports.items():
        if (portal, slug, year - 1) in reports:
            before = reports[portal, slug, year - 1][1]
            wanted[id] |= {check for check, end in between(before.figures, each.figures).items() if end == result}
    found: dict[str, set[tuple[str, str]]] = defaultdict(set)
    for row in crawled.archive.json("checks", "--between", "--check", "X.", "--result", result, "--limit", 100_000):
        found[row["report"]].add((row["check"], row["scope"]))
    assert unequal(found, {id: scopes for id, scopes in wanted.items() if scopes}) == []
    assert sum(map(len, wanted.values())) > 3


def test_a_county_is_held_against_its_units(crawled: Visit) -> None:
    """Of every whole_government report: the sum over the units that the archive has for its year."""
    summed: dict[tuple[str, int], float] = defaultdict(float)
    wanted: dict[str, tuple[str, str]] = {}
    for each in expected(TRUTH, FIRST).values():
        new = each.figures.get("t3.new_received.total")
        if new and each.report.scope != "whole_government":
            summed[each.report.region, each.report.year] += new.value or 0
    for id, each in expected(TRUTH, FIRST).items():
        new = each.figures.get("t3.new_received.total")
        if new and new.value is not None and each.report.scope == "whole_government":
            least = int(summed[each.report.region, each.report.year])
            wanted[id] = ("pass" if new.value >= least else "fail", f">= {least}")
    rows = crawled.archive.json(
        "checks", "--check", "G.ROLLUP", "--result", "pass", "--result", "fail", "--limit", 1000
    )
    assert {row["report"]: (row["result"], row["expected"]) for row in rows} == wanted
    assert wanted


FACETS: dict[str, tuple[str, Callable[[ReportTruth], object]]] = {
    "missing": ("v.missing", lambda report: sorted(report.missing)),
    "forms": ("v.forms", lambda report: dict(report.forms)),
    "contact": ("v.contact", lambda report: dict(report.contact)),
    "stated date": ("json_quote(v.stated_date)", lambda report: str(report.published)),
    "title": ("json_quote(replace(r.title, ' ', ''))", lambda report: report.title.replace(" ", "")),
    "narrative": (
        "(select json_group_object(key, value) from number where version = v.id)",
        lambda report: dict(report.narrative),
    ),
}


@pytest.mark.parametrize("facet", FACETS)
def test_what_a_report_says_of_itself_equals_the_truth(facet: str, crawled: Visit) -> None:
    column, said = FACETS[facet]
    rows = crawled.archive.rows(f"select r.id, {column} as said from report r join version v on v.id = r.current")
    found = {row["id"]: json.loads(row["said"]) for row in rows}
    found = {id: sorted(value) if isinstance(value, list) else value for id, value in found.items()}
    assert unequal(found, {id: said(each.report) for id, each in expected(TRUTH, FIRST).items()}) == []


def test_both_documents_of_a_page_are_read_alike(crawled: Visit, county_portals: Portals, tmp_path: Path) -> None:
    """A page that prints its report and attaches it too: the file alone gives the same figures."""
    both = [each for each in expected(TRUTH, FIRST).values() if each.report.carrier == "html+docx"]
    for number, each in enumerate(both):
        url = county_portals.url_of(each.report.key, FIRST).attachments[0]
        (tmp_path / f"{number}.docx").write_bytes(bytes_on(county_portals, url, FIRST))
    files = [tmp_path / f"{number}.docx" for number in range(len(both))]
    lines = crawled.archive.run("parse", *files, "--json").stdout.splitlines()
    for line, each in zip(lines, both, strict=True):
        found = {path: (cell["value"], cell["state"]) for path, cell in json.loads(line)["figures"].items()}
        assert unequal(found, {path: (cell.value, cell.state) for path, cell in each.figures.items()}) == []
    assert crawled.archive.rows("select report, notes from version where notes like '%disagrees%'") == []


# --- evidence


def sample() -> list[Any]:
    """Figures of every carrier: a number, a zero and an empty cell of each, where it has any."""
    chance, chosen = random.Random(SEED), []
    kinds: dict[str, Callable[[Figure], bool]] = {
        "number": lambda cell: bool(cell.value),
        "zero": lambda cell: cell.value == 0,
        "blank": lambda cell: cell.state != "number",
    }
    for carrier, kind in itertools.product(("html", "docx", "pdf"), kinds):
        reports = [(id, each) for id, each in expected(TRUTH, FIRST).items() if each.report.carrier == carrier]
        cells = [(id, path) for id, each in reports for path, cell in each.figures.items() if kinds[kind](cell)]
        if cells:
            chosen.append(pytest.param(*chance.choice(cells), id=f"{carrier}-{kind}"))
    return chosen


@pytest.mark.parametrize(("id", "path"), sample())
def test_a_figure_leads_to_the_bytes_it_came_from(
    id: str, path: str, crawled: Visit, county_portals: Portals, tmp_path: Path
) -> None:
    saved = tmp_path / "saved"
    fact = crawled.archive.json("show", id, "--figure", path, "--cite", "--save", saved)[0]
    truth = expected(TRUTH, FIRST)[id]
    addresses = county_portals.url_of(truth.report.key, FIRST)
    assert fact["url"] in (addresses.pages if truth.report.carrier == "html" else addresses.attachments)
    cell = truth.figures[path]
    assert (fact["value"], fact["state"], fact["written"]) == (cell.value, cell.state, cell.written)
    record = record_at(crawled.archive, fact["segment"], fact["offset"], fact["length"])
    assert (record.type, record.status, record.url) == ("response", "200", fact["url"])
    assert record.headers["WARC-Date"] == fact["fetched_at"]
    assert hashlib.sha256(record.payload).hexdigest() == fact["sha256"]
    assert saved.read_bytes() == record.payload == bytes_on(county_portals, fact["url"], FIRST)


@pytest.mark.parametrize("stage", ("crawled", "later"))
def test_verify_and_warcio_agree_with_the_catalogue(stage: str, request: pytest.FixtureRequest) -> None:
    archive: Archive = request.getfixturevalue(stage).archive
    archive.run("verify", "--archive", archive.folder)
    segments = archive.files(".warc.gz")
    check = [sys.executable, "-m", "warcio.cli", "check", *map(str, segments)]
    done = subprocess.run(check, capture_output=True, text=True, timeout=TIMEOUT)
    assert done.returncode == 0, done.stdout + done.stderr
    rows = archive.rows("select url, segment, start, length, type from capture")
    found = captures(archive)
    assert {tuple(row.values()) for row in rows} == {(r.url, r.segment, r.offset, r.length, r.type) for r in found}
    assert len(rows) == len(found)
    assert archive.files(".open") == archive.files(".torn") == archive.files(".part") == []


def test_each_capture_stands_with_its_request_and_circumstances(crawled: Visit) -> None:
    """The WARC holds what HTTP does not say: portal, kind, round, where the link stood and what it said."""
    everything = [record for segment in crawled.archive.files(".warc.gz") for record in records(segment)]
    beside: dict[tuple[str, str], Record] = {
        (record.type, record.headers["WARC-Concurrent-To"]): record
        for record in everything
        if "WARC-Concurrent-To" in record.headers
    }
    rows = {(row["segment"], row["start"]): row for row in crawled.archive.rows("select * from capture")}
    for record in everything:
        if record.type in CAPTURES:
            row = rows[record.segment, record.offset]
            assert beside["request", record.headers["WARC-Record-ID"]].url == record.url
            said = fields(beside["metadata", record.headers["WARC-Record-ID"]])
            assert said["portal"] == row["portal"] and said["kind"] == row["kind"]
            assert int(said["round"]) == row["round"]
            assert (said.get("found_on", ""), said.get("link_text", "")) == (row["found_on"], row["link_text"])
    told = Counter(fields(record).get("event") for record in everything if record.type == "metadata")
    checks = crawled.archive.rows("select count(*) as n from column_check")[0]["n"]
    assert (told["column-check"], told["round-ended"]) == (checks, 3)


def fields(record: Record) -> dict[str, str]:
    """The lines `name: value` of a metadata record."""
    return dict(line.split(": ", 1) for line in record.payload.decode().splitlines())


def test_an_index_lies_beside_each_segment(later: Visit) -> None:
    for segment in later.archive.files(".warc.gz"):
        lines = segment.with_name(segment.name.replace(".warc.gz", ".cdxj")).read_text(encoding="utf-8").splitlines()
        assert lines == sorted(lines)
        taken = (record for record in records(segment) if record.type in CAPTURES and record.status != "304")
        found = {record.offset: record for record in taken}
        entries = [json.loads(line.split(" ", 2)[2]) for line in lines]
        assert sorted(int(entry["offset"]) for entry in entries) == sorted(found)
        for entry in entries:
            record = found[int(entry["offset"])]
            assert (record.length, record.url) == (int(entry["length"]), entry["url"])
            assert entry["filename"] == segment.name
            assert record_at(later.archive, segment.name, record.offset, record.length).payload == record.payload


def test_verify_notices_damage(crawled: Visit, copy: Callable[[Visit], Archive]) -> None:
    archive = copy(crawled)
    segment = archive.files(".warc.gz")[-1]
    data = bytearray(segment.read_bytes())
    data[len(data) // 2] ^= 255
    segment.write_bytes(data)
    assert segment.name in archive.run("verify", status=3).stdout.replace("\n", "")
    segment.unlink()
    archive.run("verify", status=3)


# --- the same again


def test_an_unchanged_portal_gives_no_row_and_no_event(again: Visit, crawled: Visit) -> None:
    assert again.archive.dump() == crawled.archive.dump()
    assert "events: none" in again.said.stdout
    tables = "select id from event union all select url || first_seen from sighting union all select first_seen || id from report"
    assert again.archive.rows(tables) == crawled.archive.rows(tables)


def test_an_unchanged_portal_gives_revisits_alone(again: Visit, crawled: Visit) -> None:
    old = {(record.url, record.headers["WARC-Date"]): record for record in captures(crawled.archive)}
    new = [record for record in captures(again.archive) if (record.url, record.headers["WARC-Date"]) not in old]
    kinds = {(row["segment"], row["start"]): row["kind"] for row in again.archive.rows("select * from capture")}
    pages = [record for record in new if kinds[record.segment, record.offset] in ("detail", "attachment")]
    fetched = crawled.archive.rows("select url from capture where kind in ('detail', 'attachment')")
    assert sorted(record.url for record in pages) == sorted(row["url"] for row in fetched)
    for record in pages:
        original = old[record.headers["WARC-Refers-To-Target-URI"], record.headers["WARC-Refers-To-Date"]]
        assert (record.type, record.payload, original.type) == ("revisit", b"", "response")
        assert original.url == record.url
        assert record.headers["WARC-Payload-Digest"] == original.headers["WARC-Payload-Digest"]
        profile = "server-not-modified" if record.status == "304" else "identical-payload-digest"
        assert record.headers["WARC-Profile"] == f"http://netpreserve.org/warc/1.1/revisit/{profile}"


def test_lists_are_read_again_and_pages_asked_for_conditionally(again: Visit, crawled: Visit) -> None:
    lists = {
        urlsplit(row["url"])._replace(scheme="", netloc="").geturl()
        for row in crawled.archive.rows("select url from url where kind = 'column'")
    }
    assert {entry.path for entry in again.served} == {entry.path for entry in crawled.served}
    for entry in again.served:
        if entry.path != "/robots.txt":
            assert entry.status == (200 if entry.path in lists else 304), entry.path
            assert (entry.path in lists) == (entry.if_none_match is None)


# --- a month later


def test_the_first_crawl_is_backfill(crawled: Visit) -> None:
    news = crawled.archive.json("news", "--limit", 1000)
    assert Counter(row["kind"] for row in news) == {"backfill": len(expected(TRUTH, FIRST))}


def test_news_is_what_appeared_and_what_was_revised(later: Visit, copy: Callable[[Visit], Archive]) -> None:
    archive = copy(later)
    told = archive.json("news", "--since-last", "reader")
    news = [row for row in told if row["kind"] != "backdated_suspect"]  # the archive's clock is not the portals'
    before, after = expected(TRUTH, FIRST), expected(TRUTH, LATER)
    assert sorted(row["report"] for row in news if row["kind"] == "new") == sorted(after.keys() - before.keys())
    revised = {row["report"]: row["detail"]["cells"] for row in news if row["kind"] == "revised"}
    changed = {id: changes(before[id], after[id]) for id in before.keys() & after.keys()}
    assert revised == {id: cells for id, cells in changed.items() if cells}
    assert len(revised) == 3 and len(news) == len(revised) + len(after.keys() - before.keys())
    for row in news:
        assert row["stated_date"] == str(after[row["report"]].report.published)
    assert archive.json("news", "--since-last", "reader") == []
    assert "leave out --limit" in archive.run("news", "--since-last", "somebody else", "--limit", 1, status=1).stderr
    everything = archive.json("news", "--since-last", "somebody else")
    assert Counter(row["kind"] for row in everything)["backfill"] == len(before)


def changes(before: Expected, after: Expected) -> dict[str, list[str]]:
    """The cells that differ, old and new as printed."""
    pairs = {path: [before.figures[path].written, cell.written] for path, cell in after.figures.items()}
    return {path: pair for path, pair in pairs.items() if pair[0] != pair[1]}


def test_what_vanished_stays_in_the_archive(later: Visit) -> None:
    gone = expected(TRUTH, FIRST).keys() - expected(TRUTH, LATER).keys()
    found = {row["id"] for row in later.archive.rows("select id from report")}
    assert len(gone) == 3 and gone <= found
    assert found == expected(TRUTH, FIRST, LATER).keys()


# --- trouble


def state_of(archive: Archive, portals: Portals) -> dict[str, str]:
    ids = {portal_id(portals, name): name for name in NAMES}
    return {ids[row["portal"]]: row["state"] for row in archive.json("status")}


def test_a_portal_that_is_down(crawled: Visit, server: Portals, copy: Callable[[Visit], Archive]) -> None:
    archive = copy(crawled)
    server.down.add("trs")
    downed = visit(server, archive, "update", status=2)
    assert state_of(archive, server) == {"lonsun": "ok", "trs": "down", "plain": "ok"}
    assert archive.dump()["report"] == crawled.archive.dump()["report"]
    others = [entry for entry in crawled.served if entry.portal != "trs"]
    assert {entry.path for entry in downed.served} == {entry.path for entry in others}
    assert archive.json("status", "--failures")
    server.down.clear()
    visit(server, archive, "update")
    assert set(state_of(archive, server).values()) == {"ok"}
    assert archive.dump() == crawled.archive.dump()


def test_a_portal_that_is_down_is_said_in_words(surveyed: Visit, server: Portals, copy: Callable[[Visit], Archive]) -> None:  # fmt: skip
    """One line for the person who runs the crawl, not the traceback of a library."""
    server.down.add("trs")
    said = visit(server, copy(surveyed), "crawl", portal_id(server, "trs"), status=2).said
    assert "Traceback" not in said.stderr and "File " not in said.stderr
    assert "down" in said.stdout


@pytest.mark.parametrize("page", ("", "index_3.html"), ids=("among the lists", "after the last list"))
def test_a_portal_that_breaks_off(
    page: str, surveyed: Visit, server: Portals, copy: Callable[[Visit], Archive]
) -> None:
    """A portal that goes down in the middle: said by the exit status, and made good by the next crawl."""
    archive, trs = copy(surveyed), portal_id(server, "trs")
    server.on_response = lambda count, entry: server.down.add("trs") if entry.path == COLUMN + page else None
    visit(server, archive, "crawl", trs, status=2)
    server.on_response = None
    server.down.clear()
    visit(server, archive, "crawl", trs)
    assert report_urls(server, "trs") <= fetched_urls(archive)


def test_a_column_that_is_empty(crawled: Visit, server: Portals, copy: Callable[[Visit], Archive]) -> None:
    archive = copy(crawled)
    server.empty.add("plain")
    visit(server, archive, "update", status=2)
    assert state_of(archive, server) == {"lonsun": "ok", "trs": "ok", "plain": "empty"}
    before, after = crawled.archive.dump(), archive.dump()
    (broken,) = set(after.pop("event")) - set(before.pop("event"))
    assert broken[:2] == ("column_broken", None)
    assert after == before
    server.empty.clear()
    visit(server, archive, "crawl", portal_id(server, "plain"))
    assert state_of(archive, server)["plain"] == "ok"


def test_a_column_that_stays_empty(crawled: Visit, server: Portals, copy: Callable[[Visit], Archive]) -> None:
    """It had entries once, so every further run says so, not the first alone."""
    archive = copy(crawled)
    server.empty.add("plain")
    plain = portal_id(server, "plain")
    visit(server, archive, "crawl", plain, status=2)
    visit(server, archive, "crawl", plain, status=2)
    assert state_of(archive, server)["plain"] == "empty"


def test_a_second_command_is_refused(surveyed: Visit, server: Portals, copy: Callable[[Visit], Archive]) -> None:
    archive = copy(surveyed)
    answered, go_on = threading.Event(), threading.Event()

    def hold(count: int, entry: Entry) -> None:
        answered.set()
        go_on.wait(TIMEOUT)

    server.on_response = hold
    first = archive.start("crawl")
    try:
        assert answered.wait(TIMEOUT)
        said = archive.run("build", status=1).stderr
        assert f"process {first.pid}" in said and "nianbao crawl" in said
        archive.run("status")
    finally:
        go_on.set()
    assert first.wait(TIMEOUT) == 0, archive.said.read_text()
    archive.run("verify")


# --- files


def bad_files(portals: Portals) -> dict[str, bytes]:
    """Files without a report: what each is named, and its bytes."""
    pdf = next(report for report in TRUTH.reports if report.carrier == "pdf" and report.visible_on(FIRST))
    data = bytes_on(portals, portals.url_of(pdf.key, FIRST).attachments[0], FIRST)
    return {
        "empty.pdf": b"",
        "truncated.pdf": data[: len(data) // 3],
        "garbage.docx": bytes(random.Random(SEED).randrange(256) for _ in range(5000)),
        "notice.html": bytes_on(portals, urljoin(portals.urls["trs"], TRUTH.not_reports[4].path), FIRST),
    }


def good_file(portals: Portals) -> tuple[Expected, bytes]:
    """A report as DOCX that the portals show only later."""
    wanted = expected(TRUTH, LATER)
    report = next(each for id, each in wanted.items() if each.report.carrier == "docx" and not each.report.visible_on(FIRST))  # fmt: skip
    return report, bytes_on(portals, portals.url_of(report.report.key, LATER).attachments[0], LATER)


def test_import_reads_what_can_be_read_and_names_the_rest(county_portals: Portals, tmp_path: Path) -> None:
    archive, folder = Archive(tmp_path / "archive"), tmp_path / "files"
    bad = bad_files(county_portals)
    good, data = good_file(county_portals)
    (folder / "below").mkdir(parents=True)
    for name, content in {**bad, "below/good.docx": data}.items():
        (folder / name).write_bytes(content)
    said = archive.run("import", folder, "--region", good.report.region, status=1)
    for name in bad:
        assert len([line for line in said.stderr.splitlines() if name in line]) >= 1, said.stderr
    assert "Traceback" not in said.stderr and "good.docx" not in said.stderr
    rows = archive.json("status", "--failures")
    assert {Path(row["url"]).name for row in rows} == bad.keys() and all(row["reason"] for row in rows)
    kept = {record.url: record for record in captures(archive)}
    assert {url: record.payload for url, record in kept.items()} == {
        (folder / name).as_uri(): (folder / name).read_bytes() for name in (*bad, "below/good.docx")
    }
    assert {record.type for record in kept.values()} == {"resource"}
    archive.run("verify")
    (figures,) = current_figures(archive).values()
    assert unequal(figures, good.figures) == []
    (report,) = archive.rows("select r.year, r.scope, u.full_name from report r join unit u on u.id = r.unit")
    assert report == {"year": good.report.year, "scope": good.report.scope, "full_name": good.report.unit}


def test_an_imported_report_belongs_to_the_unit_that_the_portal_has(
    crawled: Visit, county_portals: Portals, copy: Callable[[Visit], Archive], tmp_path: Path
) -> None:
    archive = copy(crawled)
    good, data = good_file(county_portals)
    (tmp_path / "good.docx").write_bytes(data)
    archive.run("import", tmp_path / "good.docx", "--region", good.report.region)
    before = {row["id"] for row in crawled.archive.rows("select id from report")}
    assert {row["id"] for row in archive.rows("select id from report")} - before == {report_id(good.report)}


# --- questions


def test_an_export_read_back_tells_a_zero_from_a_blank(crawled: Visit, tmp_path: Path) -> None:
    crawled.archive.run("export", "--format", "csv", "-o", tmp_path / "long.csv")
    with (tmp_path / "long.csv").open(encoding="utf-8-sig", newline="") as file:
        reader = csv.DictReader(file)
        rows = list(reader)
    assert reader.fieldnames == CSV_COLUMNS
    wanted = expected(TRUTH, FIRST)
    assert len(rows) == crawled.archive.rows("select count(*) as n from figure join report on current = version")[0]["n"]  # fmt: skip
    states: Counter[str] = Counter()
    for row in rows:
        cell, report = wanted[row["report"]].figures[row["path"]], wanted[row["report"]].report
        assert (row["state"], row["written"], row["value_unit"]) == (cell.state, cell.written, cell.unit or "")
        assert row["value"] == printed(cell.value)
        assert (row["region"], row["year"]) == (report.region, str(report.year))
        assert row["unit"].removeprefix(report.county) in report.unit
        assert row["stated_date"] and row["url"] and len(row["sha256"]) == 64 and row["label"]
        states[f"{row['state']} {row['value']}" if row["value"] in ("", "0") else row["state"]] += 1
    assert states["number 0"] > 10_000 and states["blank "] > 100 and states["dash "] > 10
    assert not states["blank 0"] and not states["dash 0"]


def printed(value: float | None) -> str:
    """A value as a table for other programs prints it: whole numbers without a point, nothing for none."""
    return "" if value is None else str(int(value)) if value == int(value) else repr(value)


def words_of(report: ReportTruth, day: date) -> str:
    """All that a report prints, without spaces."""
    made = document(report, report.revision_on(day))
    cells = [cell.text for grid in made.grids() if isinstance(grid, Grid) for row in grid.rows for cell in row]
    return "".join("".join([*made.title_lines, *made.paragraphs(), *cells]).split())


@pytest.mark.parametrize("word", ("问答", "老花镜", "结转", "断档", "收费通知", "石桥"))
def test_search_finds_every_report_that_holds_the_word(word: str, crawled: Visit) -> None:
    found = Counter(row["report"] for row in crawled.archive.json("search", word, "--limit", 1000))
    wanted = Counter(id for id, each in expected(TRUTH, FIRST).items() if word in words_of(each.report, FIRST))
    assert wanted
    assert (found - wanted, wanted - found) == (Counter(), Counter())


def test_listed_twice_is_one_report(crawled: Visit, county_portals: Portals) -> None:
    for key in LISTED_TWICE & {report.key for report in TRUTH.reports}:
        (url,) = county_portals.url_of(key, FIRST).pages
        assert len(crawled.archive.rows("select * from url where url = ?", url)) == 1


def test_a_portal_is_added_once(surveyed: Visit, copy: Callable[[Visit], Archive], county_portals: Portals) -> None:
    archive = copy(surveyed)
    said = archive.run("portals", "add", county_portals.urls["trs"], "--allow-private", status=1)
    assert "there already" in said.stderr
    with pytest.raises(AssertionError, match="there already"):
        add_portals(archive, county_portals)
