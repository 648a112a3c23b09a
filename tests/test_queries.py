"""The documented queries: each answer is worked out again here, in Python, from the truth of the simulated portals."""

import sqlite3
from collections import Counter, defaultdict
from collections.abc import Callable
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest

from archive.database import connect
from archive.queries import all_queries
from tests.helpers import FIRST, LATER, Archive, Expected, Row, Visit, expected
from tests.portals import Portals
from tests.test_panel import CONCEPTS, DENIED, T3

SUMMED = ("own", "government_office")
GIVEN = {
    "panel-core": ["--region", "99"],
    "counties-by-requests": ["--year", "2024"],
    "as-of": ["--date", "2026-01-31"],
    "full-text": ["--words", "复议"],
}
Wanted = dict[str, Expected]


@pytest.fixture(scope="module")
def wanted(county_portals: Portals) -> Wanted:
    """The truth of the archive `later`, by report."""
    return expected(county_portals.truth, FIRST, LATER)


def value(one: Expected, *paths: str) -> float | None:
    """The sum of figures, None unless all are numbers."""
    figures = [one.figures.get(path) for path in paths]
    values = [figure.value for figure in figures if figure is not None and figure.value is not None]
    return sum(values) if len(values) == len(paths) else None


def concept(one: Expected, name: str) -> float | None:
    return value(one, *CONCEPTS[name])


def group(wanted: Wanted, key: Callable[[Any], Any], scopes: tuple[str, ...] = SUMMED) -> dict[Any, list[Expected]]:
    groups: dict[Any, list[Expected]] = defaultdict(list)
    for one in wanted.values():
        if one.report.scope in scopes:
            groups[key(one.report)].append(one)
    return groups


def total(values: list[float | None]) -> float | None:
    known = [one for one in values if one is not None]
    return sum(known) if known else None


def ask(archive: Archive, name: str, *words: object) -> list[Row]:
    return archive.json("query", name, *words)


@pytest.mark.parametrize("name", all_queries())
def test_every_query_runs_and_its_columns_are_told(later: Visit, name: str) -> None:
    report = later.archive.rows("select id from report order by id limit 1")[0]["id"]
    given = GIVEN.get(name, [])
    if name in ("cells-that-changed", "provenance"):
        given = ["--report", report, *(["--path", T3.format("granted")] if name == "provenance" else [])]
    rows = ask(later.archive, name, *given)
    query = all_queries()[name]
    told = " ".join(query.columns)
    assert query.zh and query.en.endswith(("?", "."))
    for row in rows[:1]:
        for column, found in row.items():
            assert not isinstance(found, float) or column in told, f"{column} has no unit"


def test_listed_and_refused(later: Visit) -> None:
    assert {row["name"] for row in later.archive.json("query")} == set(all_queries())
    assert "Missing option '--year'" in later.archive.run("query", "q09", status=1).stderr
    with pytest.raises(ValueError, match="has no parameter colour"):
        all_queries()["withdrawn"].rows(None, {"colour": 1})  # type: ignore[arg-type]
    with pytest.raises(ValueError, match="needs year"):
        all_queries()["counties-by-requests"].rows(None, {})  # type: ignore[arg-type]


def test_q09_counties(later: Visit, wanted: Wanted) -> None:
    for year in (2023, 2024):
        groups = group({id: one for id, one in wanted.items() if one.report.year == year}, lambda report: report.region)
        want = {
            region: (
                total([concept(one, "requests_received") for one in ones]),
                len(ones),
                sum(concept(one, "requests_received") is None for one in ones),
            )
            for region, ones in groups.items()
        }
        rows = ask(later.archive, "q09", "--year", year)
        assert {row["region"]: (row["requests"], row["reports"], row["unknown"]) for row in rows} == want
        assert want and [row["requests"] for row in rows] == sorted((row["requests"] for row in rows), reverse=True)


def test_q10_disclosure_rate(later: Visit, wanted: Wanted) -> None:
    want = {}
    for key, ones in group(wanted, lambda report: (report.unit_type, report.year)).items():
        parts = [[concept(one, name) for name in ("granted", "partial", "processed_total")] for one in ones]
        known = [part for part in parts if None not in part]
        shown = sum(part[0] + part[1] for part in known) if known else None
        done = sum(part[2] for part in known) if known else None
        want[key] = (shown, done, pytest.approx(shown / done) if done else None, len(known), len(ones) - len(known))
    rows = ask(later.archive, "q10")
    assert {
        (r["unit_type"], r["year"]): (r["granted"], r["processed"], r["rate"], r["reports"], r["left_out"])
        for r in rows
    } == want
    assert any(row["left_out"] for row in rows)


def test_q11_refusal_reasons(later: Visit, wanted: Wanted) -> None:
    want: Counter[tuple[int, str]] = Counter()
    for year, ones in group(wanted, lambda report: report.year).items():
        for one in ones:
            if concept(one, "denied") is not None:
                want.update(
                    {
                        (year, f"denied_{reason}"): int(value(one, T3.format(f"denied_{reason}")) or 0)
                        for reason in DENIED
                    }
                )
    rows = ask(later.archive, "q11")
    assert {(row["year"], row["reason"]): row["requests"] for row in rows} == dict(want)
    for year in {row["year"] for row in rows}:
        shares = [row["percent"] for row in rows if row["year"] == year and row["percent"] is not None]
        assert not shares or sum(shares) == pytest.approx(100, abs=0.1)


def test_q12_q15_shares(later: Visit, wanted: Wanted) -> None:
    held, back = {}, {}
    for id, one in wanted.items():
        new, carried, out, done, none = (
            concept(one, name)
            for name in (
                "requests_received",
                "requests_carried_in",
                "requests_carried_out",
                "processed_total",
                "not_held",
            )
        )
        if none is not None and done:
            held[id] = pytest.approx(none / done)
        if None not in (new, carried, out) and new + carried > 0:
            back[id] = pytest.approx(out / (new + carried))
    assert {row["report"]: row["share"] for row in ask(later.archive, "q12")} == held
    assert {row["report"]: row["backlog"] for row in ask(later.archive, "q15")} == back
    assert held and back


def test_q13_applicants(later: Visit, wanted: Wanted) -> None:
    kinds = "natural_person commercial_enterprise research_institution social_welfare_org legal_service_org other_org".split()
    want = {}
    for year, ones in group(wanted, lambda report: report.year).items():
        for kind in kinds:
            figures = [one.figures[path] for one in ones if (path := f"t3.new_received.{kind}") in one.figures]
            want[year, kind] = (
                total([figure.value for figure in figures]),
                sum(figure.value is None for figure in figures),
            )
    rows = ask(later.archive, "q13")
    assert {(row["year"], row["applicant"]): (row["requests"], row["unknown"]) for row in rows} == want


def test_q14_zero_and_unknown_are_never_mixed(later: Visit, wanted: Wanted) -> None:
    want: dict[int, Counter[str]] = defaultdict(Counter)
    for one in wanted.values():
        figure = one.figures.get(T3.format("new_received"))
        state = "not_printed" if figure is None else figure.state
        want[one.report.year][
            ("zero" if figure.value == 0 else "more") if figure and figure.value is not None else state
        ] += 1
    for row in ask(later.archive, "q14"):
        counts = want[row["year"]]
        assert {name: row[name] for name in ("zero", "more", "blank", "dash", "not_printed")} == {
            name: counts[name] for name in ("zero", "more", "blank", "dash", "not_printed")
        }
        assert row["reports"] == counts.total() and row["zero_share"] == pytest.approx(counts["zero"] / counts.total())


def test_q16_broken_identities(later: Visit, wanted: Wanted) -> None:
    for check in ("T3.BAL", "T3.SUM", "T4.SUM"):
        want = {(id, scope) for id, one in wanted.items() for name, scope in one.report.fails if name == check}
        assert {(row["report"], row["scope"]) for row in ask(later.archive, "q16", "--check", check)} == want
    assert any(one.report.fails for one in wanted.values())


def test_q17_q18_years_tied_together(later: Visit, wanted: Wanted) -> None:
    before = {
        (one.report.region, one.report.unit, one.report.scope, one.report.year + 1): one for one in wanted.values()
    }
    carried, stock = {}, {}
    norm = "t2.normative_documents.{}".format
    for id, one in wanted.items():
        last = before.get((one.report.region, one.report.unit, one.report.scope, one.report.year))
        if last is None:
            continue
        out, into = concept(last, "requests_carried_out"), concept(one, "requests_carried_in")
        if None not in (out, into) and out != into:
            carried[id] = (out, into)
        parts = (
            value(last, norm("in_force")),
            value(one, norm("issued")),
            value(one, norm("repealed")),
            value(one, norm("in_force")),
        )
        if None not in parts and parts[0] + parts[1] - parts[2] != parts[3]:
            stock[id] = (parts[0] + parts[1] - parts[2], parts[3])
    assert {
        row["report"]: (row["carried_out_before"], row["carried_in"]) for row in ask(later.archive, "q17")
    } == carried
    assert {row["report"]: (row["expected"], row["stated"]) for row in ask(later.archive, "q18")} == stock


def test_q19_q22_implausible_figures(later: Visit, wanted: Wanted) -> None:
    made = {
        (id, path)
        for id, one in wanted.items()
        for path, figure in one.figures.items()
        if path.startswith("t2.regulations.") and (figure.value or 0) > 0
    }
    assert {(row["report"], row["path"]) for row in ask(later.archive, "q19")} == made
    above = 20
    fees = {
        id: fee
        for id, one in wanted.items()
        if (fee := value(one, "t2.admin_fees.fee_amount")) is not None and fee > above
    }
    assert {row["report"]: row["fee"] for row in ask(later.archive, "q22", "--above", above)} == fees
    assert fees


def test_q20_sentences_against_the_table(later: Visit, wanted: Wanted) -> None:
    want = set()
    for id, one in wanted.items():
        said, new, carried = (
            one.report.narrative.get("n_requests_received"),
            concept(one, "requests_received"),
            concept(one, "requests_carried_in"),
        )
        both = None if None in (new, carried) else new + carried
        if said is not None and new is not None and said != new and said != both:
            want.add(id)
    assert {row["report"] for row in ask(later.archive, "q20")} == want
    assert want


def test_q21_corrections(later: Visit, wanted: Wanted) -> None:
    for row in ask(later.archive, "q21"):
        ones = group(wanted, lambda report: report.year)[row["year"]]
        pairs = [(concept(one, "review_total"), concept(one, "review_corrected")) for one in ones]
        known = [pair for pair in pairs if None not in pair]
        reviews, corrected = sum(pair[0] for pair in known), sum(pair[1] for pair in known)
        assert (row["reviews"], row["corrected"], row["reports"]) == (reviews, corrected, len(known))
        assert row["rate"] == (pytest.approx(corrected / reviews) if reviews else None)
        suits = [concept(one, "litigation_total") for one in ones]
        assert (row["lawsuits"], row["lawsuits_known"]) == (total(suits), sum(suit is not None for suit in suits))


def test_q23_full_text(later: Visit) -> None:
    texts = later.archive.rows(
        "select r.id, d.title || '\n' || d.text as text from report r join version v on v.id = r.current join document d on d.sha256 = v.document"
    )
    for word in ("复议", "信息处理费", "打印机"):
        want = {row["id"] for row in texts if word in "".join(row["text"].split(" "))}
        assert {row["report"] for row in ask(later.archive, "q23", "--words", word)} == want
        assert want


def test_q26_wrong_form(later: Visit, wanted: Wanted) -> None:
    want = set()
    for id, one in wanted.items():
        demanded = "y2021" if one.report.year >= 2021 else "y2019"
        if any(one.report.forms[table] not in (None, demanded) for table in ("t2", "t3")):
            want.add(id)
    assert {row["report"] for row in ask(later.archive, "q26")} == want
    assert want


def test_q27_cells(later: Visit, wanted: Wanted) -> None:
    want = Counter((one.report.region, figure.state) for one in wanted.values() for figure in one.figures.values())
    assert {(row["region"], row["state"]): row["cells"] for row in ask(later.archive, "q27")} == dict(want)


def test_q28_one_series_over_the_break(later: Visit, wanted: Wanted) -> None:
    for name in ("requests_received", "denied", "litigation_total"):
        rows = {row["report"]: row for row in ask(later.archive, "q28", "--concept", name)}
        assert rows.keys() == wanted.keys()
        assert {id: row["value"] for id, row in rows.items()} == {id: concept(one, name) for id, one in wanted.items()}
        assert {row["form"] for row in rows.values()} >= {"y2019", "y2021"}
    assert {row["value"] for row in ask(later.archive, "q28", "--concept", "fees")} == {None}


def test_q07_q08_q30_history(later: Visit, county_portals: Portals) -> None:
    truth = county_portals.truth
    changed = [
        r
        for r in truth.reports
        if r.visible_on(FIRST) and r.visible_on(LATER) and r.revision_on(LATER) > r.revision_on(FIRST)
    ]
    ids = {report.key: id for id, one in expected(truth, FIRST, LATER).items() for report in [one.report]}
    assert changed
    for report in changed:
        old, new = report.figures_on(FIRST), report.figures_on(LATER)
        want = {
            path
            for path in old.keys() | new.keys()
            if (old.get(path) and old[path].value) != (new.get(path) and new[path].value)
        }
        rows = ask(later.archive, "q07", "--report", ids[report.key])
        assert {row["path"] for row in rows} == want, report.key
        assert all((row["old"], row["new"]) == (old[row["path"]].written, new[row["path"]].written) for row in rows)
    then, now = (
        {row["report"]: row["seq"] for row in ask(later.archive, "q30", "--date", day)}
        for day in (FIRST, date(2100, 1, 1))
    )
    first = later.archive.rows("select min(first_seen) as at from version")[0]["at"][:10]
    assert {
        row["report"] for row in ask(later.archive, "q30", "--date", date.fromisoformat(first) - timedelta(2))
    } == set()
    assert now.keys() == set(ids.values())
    assert set(then) <= set(now)
    gone = {
        ids[r.key]
        for r in truth.reports
        if r.visible_on(FIRST) and r.vanishes and r.vanishes <= LATER and not r.visible_on(LATER)
    }
    assert {row["report"] for row in ask(later.archive, "q08")} <= gone


def test_q29_leads_to_the_bytes(later: Visit, wanted: Wanted) -> None:
    path = T3.format("granted")
    id = next(id for id, one in wanted.items() if value(one, path) and one.report.carrier == "html")
    (row,) = ask(later.archive, "q29", "--report", id, "--path", path)
    assert row["value"] == value(wanted[id], path)
    data = (later.archive.folder / "warc" / row["segment"]).read_bytes()
    assert len(data) >= row["start"] + row["length"] and row["sha256"] and row["url"].startswith("http")


@pytest.fixture
def ledger(tmp_path: Path) -> sqlite3.Connection:
    """A county of three units whose reports for 2024 were due on 2025-01-31, straight into the catalogue.

    One on time and listed later by date, one that came late, one that is missing and proved to be.
    """
    db = connect(tmp_path, create=True)
    for name, kind in (
        ("水务局", "department"),
        ("教育局", "department"),
        ("财政局", "department"),
        ("人民政府", "government"),
    ):
        db.execute(
            "insert into unit (id, region, name, type, found_at) values (?, '990101', ?, ?, 't')",
            [f"990101/{name}", name, kind],
        )
        db.execute(
            "insert into expected (unit, year, source, due, expected_by, basis, absent_at, proved_at) values (?, 2024, 'roster', ?, ?, 'statute', ?, ?)",
            [f"990101/{name}", *(["2025-03-31"] * 2 if kind == "government" else ["2025-01-31"] * 2),
             *({"财政局": ["2025-03-01T02:00:00Z", "2025-02-03T02:00:00Z"], "教育局": ["2025-02-03T02:00:00Z"] * 2}.get(name, [None, None]))],
        )  # fmt: skip
    db.execute("insert into document (sha256, bytes, reader, read_at) values ('d', 1, 'r', 't')")
    for name, scope, seen, stated, events, received in (
        ("水务局", "own", "2025-01-20T02:00:00Z", "2025-01-18", ["new"], 3),
        ("教育局", "own", "2025-02-10T02:00:00Z", "2025-01-30", ["new", "backdated_suspect"], None),
        ("人民政府", "whole_government", "2025-03-20T02:00:00Z", "2025-03-19", ["backfill"], 9),
    ):
        id, version = f"990101/{name}/{scope}/2024", f"v{name}"
        db.execute(
            "insert into report (id, region, unit, scope, year, current, first_seen, last_seen) values (?, '990101', ?, ?, 2024, ?, ?, ?)",
            [id, f"990101/{name}", scope, version, seen, seen],
        )
        db.execute(
            "insert into version (id, report, document, content, forms, stated_date, first_seen, last_seen) values (?, ?, 'd', 'c', ?, ?, ?, ?)",
            [version, id, '{"t2": null, "t3": "y2021", "t4": "y2021"}', stated, seen, seen],
        )
        db.execute(
            "insert into version_figure (version_n, path, value, state, written, form) select n, 't3.new_received.total', ?, ?, '', 'y2021' from version where id = ?",
            [received, "number" if received is not None else "blank", version],
        )
        for kind in events:
            db.execute("insert into event (id, kind, report, at) values (?, ?, ?, ?)", [f"{kind} {id}", kind, id, seen])
    return db  # type: ignore[return-value]


def answer(ledger: Any, name: str, **given: Any) -> list[Row]:
    return all_queries()[name].rows(ledger, given)


def test_q02_coverage(ledger: sqlite3.Connection) -> None:
    (row,) = answer(ledger, "coverage-by-county")
    assert row == {
        "region": "990101",
        "year": 2024,
        "expected": 4,
        "archived": 3,
        "missing": 1,
        "unknown": 0,
        "percent": 75.0,
    }


@pytest.mark.parametrize(
    ("day", "units"),
    [("2025-02-02", set()), ("2025-02-05", {"教育局", "财政局"}), ("2025-02-10", {"财政局"}), (None, {"财政局"})],
)
def test_q03_overdue_on_a_date(ledger: sqlite3.Connection, day: str | None, units: set[str]) -> None:
    assert {row["unit"] for row in answer(ledger, "overdue-on-a-date", date=day)} == units


def test_q04_timeliness(ledger: sqlite3.Connection) -> None:
    rows = {row["unit_type"]: row for row in answer(ledger, "timeliness")}
    assert {name: rows["department"][name] for name in ("reports", "on_time_stated", "stated", "on_time_seen", "seen")} == {
        "reports": 2, "on_time_stated": 2, "stated": 2, "on_time_seen": 1, "seen": 2,
    }  # fmt: skip
    assert (rows["government"]["on_time_seen"], rows["government"]["seen"]) == (0, 0)  # it was there at the first crawl


def test_q05_backdating(ledger: sqlite3.Connection) -> None:
    (row,) = answer(ledger, "backdating-suspects")
    assert (row["unit"], row["stated_date"], row["first_seen"]) == ("教育局", "2025-01-30", "2025-02-10T02:00:00Z")


def test_q06_feed(ledger: sqlite3.Connection) -> None:
    assert len(answer(ledger, "feed")) == 4
    assert [row["kind"] for row in answer(ledger, "feed", since="2025-02-10")] == [
        "backdated_suspect",
        "new",
        "backfill",
    ]
    assert [row["unit"] for row in answer(ledger, "feed", kind="backfill", region="9901")] == ["人民政府"]


def test_q25_whole_government_is_compared_and_never_added(ledger: sqlite3.Connection) -> None:
    (row,) = answer(ledger, "rollup")
    assert (row["stated"], row["summed"], row["units"], row["unknown"]) == (9, 3, 2, 1)
    (county,) = answer(ledger, "counties-by-requests", year=2024)
    assert (county["requests"], county["reports"], county["unknown"]) == (3, 2, 1)
