"""What a version says is kept by a number that rises, no longer by the version's id, which is a hash.

Rows lie in order of their key, so that a hash put every report on pages of its own all over the tables, and a report cost more the larger the
archive was. The tables that people read are views now, with the id as before.
"""

from __future__ import annotations

from sqlite_utils import Database

from . import run

_KEY = "version_n integer not null references version(n)"
NUMBERS = f"""
alter table version add column n integer;
update version set n = rowid;
create unique index version_n on version (n);
create trigger version_gets_a_number after insert on version when new.n is null
begin update version set n = (select coalesce(max(n), 0) + 1 from version) where id = new.id; end;
create table version_figure (
  {_KEY}, path text not null, value real, state text not null, written text not null, unit text,
  form text not null, place text not null default '{{}}', confidence real, matched text, primary key (version_n, path)) without rowid;
create table version_section ({_KEY}, n integer not null, heading text not null, text text not null, primary key (version_n, n));
create table version_part ({_KEY}, part text not null, heading text not null, text text not null, primary key (version_n, part));
create table version_number ({_KEY}, key text not null, value real, text text not null, primary key (version_n, key)) without rowid;
create table version_check (
  {_KEY}, id text not null, scope text not null, result text not null, expected text, found text, primary key (version_n, id, scope)) without rowid
"""
COLUMNS = {
    "figure": ("version_figure", "path, value, state, written, unit, form, place, confidence, matched"),
    "section": ("version_section", "n, heading, text"),
    "section_part": ("version_part", "part, heading, text"),
    "number": ("version_number", "key, value, text"),
    "check_result": ("version_check", "id, scope, result, expected, found"),
}


def apply(db: Database) -> None:
    """Once, in one transaction."""
    run(db, NUMBERS)
    for view, (table, columns) in COLUMNS.items():
        own = ", ".join(f"o.{column}" for column in columns.split(", "))
        key = columns.partition(",")[0]
        db.execute(
            f"insert into {table} (version_n, {columns}) select v.n, {own} from version v cross join {view} o on o.version = v.id order by v.n, o.{key}"
        )
        db.execute(f"drop table {view}")
        db.execute(
            f"create view {view} as select v.id as version, {own} from {table} o join version v on v.n = o.version_n"
        )
    db.execute("create index version_check_failed on version_check (id, version_n) where result = 'fail'")
