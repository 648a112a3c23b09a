"""What of `similarity` is to be worked out again: whatever touches a report makes it due."""

from __future__ import annotations

from sqlite_utils import Database

from . import run

SIMILAR = """
drop index band_report;
drop table sketched;
create table sketched (
  report text primary key, version text not null, year integer not null, clauses integer not null, bands blob not null) without rowid;
create table similar_due (report text primary key) without rowid;
insert into similar_due select id from report where current is not null
"""
_DUE = "insert or ignore into similar_due select id from report where "
TRIGGERS = (
    f"create trigger report_changed_is_like after update of current on report begin {_DUE} id = new.id; end",
    f"create trigger version_read_is_like after update of content on version begin {_DUE} id = new.report; end",
    "create trigger report_gone_is_like after delete on report begin insert or ignore into similar_due values (old.id); end",
    f"create trigger unit_renamed_is_like after update on unit when new.chain is not old.chain begin {_DUE} unit = new.id; end",
)


def apply(db: Database) -> None:
    """Once, in one transaction."""
    run(db, SIMILAR)
    for statement in TRIGGERS:
        db.execute(statement)
