"""The wide views: `panel` over all forms, one view per table of each form, and one of states beside each.

They follow from the form modules and the crosswalk, not from a migration: `keep` is called whenever a catalogue is opened and
remakes what is no longer as the forms say. Every column is a lookup of its own by key, so that a query pays only for the columns it names.
A value is NULL unless its state is `number`; a sum is NULL unless all its parts are numbers. The view of states says why: `blank`,
`dash`, `unreadable`, `ambiguous`, `not_printed` (the report does not print it), `no_equivalent` (its form has nothing of the kind).
Rows are current versions; `scope` is a column, and whole_government is never to be added to the others.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from sqlite_utils import Database

from extract.crosswalk import Term, series, terms
from extract.forms import Form, all_forms
from extract.shorts import short

STATE = "_state"  # ends the name of a view of states
# What each row of a wide view is, before its figures.
ABOUT = "r.id as report, r.region, r.unit, u.chain, coalesce(nullif(u.full_name, ''), u.name) as unit_name, u.type as unit_type, r.scope, r.year"
BEHIND = "v.id as version, v.first_seen, v.stated_date"
FROM = "from report r join unit u on u.id = r.unit join version v on v.id = r.current"


def views() -> dict[str, str]:
    """The statement that makes each view, by its name."""
    made = {"panel": _panel(False), f"panel{STATE}": _panel(True)}
    for form in all_forms().values():
        for table in form.tables:
            name = f"wide_{form.id}_{table}"
            made[name] = _wide(name, form, table, False)
            made[name + STATE] = _wide(name + STATE, form, table, True)
    return made


def keep(db: Database) -> None:
    """Bring the views and the table `crosswalk` in line with the form modules; nothing happens where they are."""
    wanted = views()
    have = {
        row["name"]: row["sql"]
        for row in db.query("select name, sql from sqlite_master where type = 'view'")
        if row["name"] in wanted or row["name"].startswith(("wide_", "panel"))
    }
    rows = [(t.concept, t.form, t.path, t.unit, int(t.comparable), t.note) for t in terms()]
    if have == wanted and {tuple(row.values()) for row in db.query("select * from crosswalk")} == set(rows):
        return
    with db.atomic():
        drop(db)
        for statement in wanted.values():
            db.execute(statement)
        db.execute("delete from crosswalk")
        db.conn.executemany("insert into crosswalk values (?, ?, ?, ?, ?, ?)", rows)


def drop(db: Database) -> None:
    """Take the views out: a migration that renames a table which they read calls this; `keep` makes them again."""
    names = [row["name"] for row in db.query("select name from sqlite_master where type = 'view'")]
    for name in names:
        if name.startswith(("wide_", "panel")):
            db.execute(f"drop view {name}")


def _wide(name: str, form: Form, table: str, states: bool) -> str:
    """A row for every current version that prints the table in this form, wholly or in part (`mixed`)."""
    of_table = "t3" if table == "t4" else table  # table 四 is the same in all forms and takes its form from table 三
    printed = f"json_extract(v.forms, '$.{table}')"
    some = f"exists (select 1 from version_figure f where f.version_n = v.n and f.path > '{of_table}.' and f.path < '{of_table}/' and f.form = '{form.id}')"
    columns = [
        f"{_state(path, form.id) if states else _value(path, form.id)} as {short(path)}" for path in form.paths(table)
    ]
    return (
        f"CREATE VIEW {name} as select {ABOUT}, {printed} as form, {BEHIND},\n  "
        + ",\n  ".join(columns)
        + f"\n{FROM} where {printed} = '{form.id}' or {printed} = 'mixed' and {some}"
    )


def _value(path: str, form: str) -> str:
    return f"(select f.value from version_figure f where f.version_n = v.n and f.path = '{path}' and f.form = '{form}')"


def _state(path: str, form: str) -> str:
    return f"coalesce((select f.state from version_figure f where f.version_n = v.n and f.path = '{path}' and f.form = '{form}'), 'not_printed')"


def _panel(states: bool) -> str:
    name = f"panel{STATE}" if states else "panel"
    columns = [f"{_concept_state(key) if states else _concept(key)} as {key}" for key in series()]
    forms = "json_extract(v.forms, '$.t2') as form_t2, json_extract(v.forms, '$.t3') as form_t3, json_extract(v.forms, '$.t2014') as form_t2014"
    return f"CREATE VIEW {name} as select {ABOUT}, {forms}, {BEHIND},\n  " + ",\n  ".join(columns) + f"\n{FROM}"


def _alternatives(key: str) -> Iterator[tuple[tuple[str, ...], Sequence[Term]]]:
    """The forms that say a concept by the same figures, with those."""
    by_paths: dict[tuple[str, ...], list[Term]] = {}
    for form in all_forms():
        mine = [term for term in terms() if term.comparable and (term.concept, term.form) == (key, form)]
        if mine:
            by_paths.setdefault(tuple(term.path for term in mine), []).append(mine[0])
    yield from by_paths.items()


def _concept(key: str) -> str:
    """The sum in the first of the forms in which all parts are numbers: no report has two."""
    sums = []
    for paths, of_forms in _alternatives(key):
        forms = ", ".join(f"'{term.form}'" for term in of_forms)
        parts = (
            f"(select f.value from version_figure f where f.version_n = v.n and f.path = '{path}' and f.form in ({forms}))"
            for path in paths
        )
        sums.append(" + ".join(parts))
    return sums[0] if len(sums) == 1 else f"coalesce({', '.join(sums)})"


def _concept_state(key: str) -> str:
    """`number` where all parts are; else the state of the first part that is none; else that the form has no such thing."""
    cases = []
    for paths, of_forms in _alternatives(key):
        forms = ", ".join(f"'{term.form}'" for term in of_forms)
        table = paths[0].partition(".")[0]
        wanted = " union all ".join(f"select {n} as n, '{path}' as path" for n, path in enumerate(paths))
        worst = (
            f"coalesce((select coalesce(f.state, 'not_printed') from ({wanted}) p left join version_figure f on f.version_n = v.n "
            f"and f.path = p.path and f.form in ({forms}) where f.state is not 'number' order by p.n limit 1), 'number')"
        )
        printed = f"json_extract(v.forms, '$.{table}')"
        cases.append(f"when {printed} in ({forms}, 'mixed') then {worst}")
    tables = sorted({paths[0].partition(".")[0] for paths, _ in _alternatives(key)})
    none = " and ".join(f"json_extract(v.forms, '$.{table}') is null" for table in tables)
    return f"case {' '.join(cases)} when {none} then 'not_printed' else 'no_equivalent' end"
