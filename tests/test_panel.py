"""The wide views hold what the reports print, cell by cell; what is no number is NULL, and the view of states says why.

The archive is that of the simulated portals; what should be in it is worked out here from their truth.
"""

import sqlite3
from collections import Counter
from pathlib import Path
from typing import Any

import pytest
from sqlite_utils import Database

from archive import panel
from archive.database import connect
from archive.query import over_years
from extract.crosswalk import terms
from extract.forms import all_forms
from extract.shorts import MOST, short
from tests.helpers import FIRST, LATER, Row, Visit, expected
from tests.portals import Portals

T3, T4 = "t3.{}.total", "t4.{}.{}"
DENIED = "state_secret law_prohibits three_security_one_stability third_party internal_affairs process_info enforcement_file admin_inquiry".split()
# What each concept is made of in the forms from 2019 on: by hand, from the reference.
CONCEPTS = {
    "requests_received": [T3.format("new_received")],
    "requests_carried_in": [T3.format("carried_in")],
    "granted": [T3.format("granted")],
    "partial": [T3.format("partial")],
    "denied": [T3.format(f"denied_{reason}") for reason in DENIED],
    "not_held": [T3.format("unable_not_held")],
    "processed_total": [T3.format("processed_total")],
    "requests_carried_out": [T3.format("carried_out")],
    "review_total": [T4.format("review", "total")],
    "review_corrected": [T4.format("review", "corrected")],
    "litigation_total": [T4.format("litigation_direct", "total"), T4.format("litigation_after_review", "total")],
}
PARTS = {"t2": "t2", "t3": "t3", "t4": "t3"}  # table → the table that gives it its form


@pytest.fixture(scope="module")
def wanted(county_portals: Portals) -> dict[str, Any]:
    """The truth of the archive `later`, by report."""
    return expected(county_portals.truth, FIRST, LATER)


def by_report(rows: list[Row]) -> dict[str, Row]:
    return {row["report"]: row for row in rows}


def test_the_panel_is_the_truth(later: Visit, wanted: dict[str, Any]) -> None:
    values, states = (by_report(later.archive.rows(f"select * from {name}")) for name in ("panel", "panel_state"))
    assert values.keys() == states.keys() == wanted.keys()
    seen: Counter[str] = Counter()
    for id, expectation in wanted.items():
        for concept, paths in CONCEPTS.items():
            figures = [expectation.figures.get(path) for path in paths]
            first = next(
                (
                    figure.state if figure else "not_printed"
                    for figure in figures
                    if figure is None or figure.value is None
                ),
                "number",
            )
            if expectation.report.forms["t3"] is None:
                first = "not_printed"
            value = sum(figure.value for figure in figures) if first == "number" else None
            assert (values[id][concept], states[id][concept]) == (value, first), (id, concept)
            seen[first] += 1
        in_force = expectation.figures.get("t2.normative_documents.in_force")
        assert values[id]["normative_in_force"] == (in_force.value if in_force else None), id
        assert (values[id]["year"], values[id]["scope"]) == (expectation.report.year, expectation.report.scope)
    assert {"number", "blank", "not_printed"} <= seen.keys()


def test_wide_views_hold_every_figure_of_the_forms_once(later: Visit, wanted: dict[str, Any]) -> None:
    """Cell by cell: each printed figure of a form stands in one wide view, with its value and its state."""
    told: Counter[tuple[str, str]] = Counter()
    for form in all_forms().values():
        for table in form.tables:
            name = f"wide_{form.id}_{table}"
            values, states = (
                by_report(later.archive.rows(f"select * from {view}")) for view in (name, name + "_state")
            )
            assert values.keys() == states.keys()
            for id, row in values.items():
                for path in form.paths(table):
                    figure = wanted[id].figures.get(path)
                    state = states[id][short(path)]
                    if state != "not_printed":
                        assert figure is not None and (row[short(path)], state) == (figure.value, figure.state), (
                            id,
                            path,
                        )
                        told[id, path] += 1
                    else:
                        assert row[short(path)] is None
    printed = {(id, path) for id, one in wanted.items() for path in one.figures if ".x_" not in path}
    assert told.keys() == printed
    assert set(told.values()) == {1}


def test_zero_blank_and_not_printed_are_told_apart(later: Visit) -> None:
    rows = later.archive.rows(
        "select s.requests_received as state, p.requests_received as value, count(*) as n from panel p join panel_state s using (report) group by 1, p.requests_received is null"
    )
    assert {(row["state"], row["value"] is None) for row in rows} >= {
        ("number", False),
        ("blank", True),
        ("not_printed", True),
    }
    assert not [row for row in rows if (row["state"] == "number") == (row["value"] is None)]


def test_names_fit_stata_and_are_unique() -> None:
    for form in all_forms().values():
        names = [short(path) for table in form.tables for path in form.paths(table)]
        assert len(names) == len(set(names))
        assert all(len(name) <= MOST and name.isidentifier() for name in names)
    with pytest.raises(ValueError, match="needs a short name"):
        short("t3.a_row_that_nobody_has_shortened.commercial_enterprise")


def test_a_sum_with_an_unknown_part_is_unknown(tmp_path: Path) -> None:
    db = connect(tmp_path, create=True)
    paths = [T3.format(f"denied_{reason}") for reason in DENIED]
    one_report(db, dict.fromkeys(paths, (1, "number")))
    assert next(db.query("select denied from panel"))["denied"] == len(DENIED)
    db.execute("update version_figure set value = null, state = 'dash' where path = ?", [paths[3]])
    row = next(db.query("select p.denied, s.denied as state from panel p join panel_state s using (report)"))
    assert row == {"denied": None, "state": "dash"}
    db.execute("delete from version_figure where path = ?", [paths[0]])
    assert next(db.query("select denied as state from panel_state"))["state"] == "not_printed"


def test_views_follow_the_forms(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A catalogue whose views are of older forms has them remade when it is opened; nothing is written where they are right."""
    db = connect(tmp_path, create=True)
    version = db.execute("pragma schema_version").fetchone()
    panel.keep(db)
    assert db.execute("pragma schema_version").fetchone() == version
    db.execute("drop view panel")
    db.execute("create view panel as select 1 as old")
    db.execute("create view wide_y1999_t9 as select 1 as old")
    db.execute("delete from crosswalk")
    db.close()
    again = connect(tmp_path)
    assert "wide_y1999_t9" not in again.view_names()
    assert "requests_received" in {row["name"] for row in again.query("select name from pragma_table_info('panel')")}
    assert again.table("crosswalk").count == len(terms())


def test_warned_concepts_are_in_no_series(tmp_path: Path) -> None:
    db = connect(tmp_path, create=True)
    told = list(db.query("select concept, form from crosswalk where not comparable"))
    assert {"concept": "normative_in_force", "form": "y2019"} in told
    assert {row["form"] for row in told if row["concept"] == "fees"} >= {"y2021", "y2019"}
    columns = {row["name"] for row in db.query("select name from pragma_table_info('panel')")}
    assert "fees" not in columns and "normative_in_force" in columns
    assert all(row["note"] for row in db.query("select note from crosswalk where not comparable"))


def test_a_query_pays_only_for_its_columns(tmp_path: Path) -> None:
    """The views are flattened: naming one column looks up one figure."""
    db = connect(tmp_path, create=True)
    plan = list(db.conn.execute("explain query plan select report, t3_new_tt from wide_y2021_t3"))
    assert (
        sum("CORRELATED SCALAR SUBQUERY" in row[3] for row in plan) <= 2
    )  # the figure, and whether a mixed one has any


def one_report(db: Database, figures: dict[str, tuple[float | None, str]], form: str = "y2021") -> None:
    """A report of form y2021 with these figures, straight into the catalogue."""
    db.execute("insert into document (sha256, bytes, reader, read_at) values ('d', 1, 'r', 't')")
    db.execute(
        "insert into unit (id, region, name, type, found_at) values ('990101/水务局', '990101', '水务局', 'department', 't')"
    )
    db.execute(
        "insert into report (id, region, unit, scope, year, current, first_seen, last_seen) "
        "values ('990101/水务局/own/2023', '990101', '990101/水务局', 'own', 2023, 'v', 't', 't')"
    )
    db.execute(
        "insert into version (id, report, document, content, forms, first_seen, last_seen) values ('v', '990101/水务局/own/2023', 'd', 'c', ?, 't', 't')",
        [f'{{"t2": null, "t3": "{form}", "t4": "{form}"}}'],
    )
    assert isinstance(db.conn, sqlite3.Connection)
    db.conn.executemany(
        "insert into version_figure (version_n, path, value, state, written, form) select n, ?, ?, ?, '', ? from version where id = 'v'",
        [(path, value, state, form) for path, (value, state) in figures.items()],
    )


def test_a_figure_over_the_years_has_a_row_for_every_report(tmp_path: Path) -> None:
    """Also where the current version is not told yet, or does not print the figure: the value is None, and no row is left out."""
    db = connect(tmp_path, create=True)
    path = T3.format("granted")
    one_report(db, {path: (4, "number")})
    db.execute(
        "insert into report (id, region, unit, scope, year, first_seen, last_seen) values ('990101/水务局/own/2024', '990101', '990101/水务局', 'own', 2024, 't', 't')"
    )
    said = [(row["year"], row["value"], row["state"]) for row in over_years(db, "990101/水务局", path)]
    assert said == [(2023, 4, "number"), (2024, None, None)]
