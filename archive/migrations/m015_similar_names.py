"""Likeness masks the names of unit and county: where one of them becomes another, the reports under it are compared again.

A unit's long name grows with what its reports call it, so reports that were compared before it did stayed otherwise than a
rebuild makes them. All are compared once more.
"""

from __future__ import annotations

from sqlite_utils import Database

_DUE = "insert or ignore into similar_due select id from report where current is not null"
_NAMED = "region_name <> ''"
TRIGGERS = (
    "drop trigger unit_renamed_is_like",
    "create trigger unit_renamed_is_like after update on unit "
    "when new.chain is not old.chain or new.name is not old.name or new.full_name is not old.full_name "
    f"begin {_DUE} and unit = new.id; end",
    f"create trigger county_named_is_like after insert on portal when new.{_NAMED} begin {_DUE} and region = new.region; end",
    "create trigger county_renamed_is_like after update of region, region_name on portal "
    "when new.region is not old.region or new.region_name is not old.region_name "
    f"begin {_DUE} and region in (old.region, new.region); end",
    f"create trigger county_gone_is_like after delete on portal when old.{_NAMED} begin {_DUE} and region = old.region; end",
)


def apply(db: Database) -> None:
    """Once, in one transaction."""
    for statement in TRIGGERS:
        db.execute(statement)
    db.execute(_DUE)
