"""The triggers of m015 again: `or ignore` in a trigger gives way to the conflict clause of the statement that fires it, an upsert's too."""

from __future__ import annotations

from sqlite_utils import Database

_DUE = "insert into similar_due select id from report where current is not null and id not in (select report from similar_due) and"
TRIGGERS = (
    "drop trigger unit_renamed_is_like",
    "drop trigger county_named_is_like",
    "drop trigger county_renamed_is_like",
    "drop trigger county_gone_is_like",
    "create trigger unit_renamed_is_like after update on unit "
    "when new.chain is not old.chain or new.name is not old.name or new.full_name is not old.full_name "
    f"begin {_DUE} unit = new.id; end",
    f"create trigger county_named_is_like after insert on portal when new.region_name <> '' begin {_DUE} region = new.region; end",
    "create trigger county_renamed_is_like after update of region, region_name on portal "
    "when new.region is not old.region or new.region_name is not old.region_name "
    f"begin {_DUE} region in (old.region, new.region); end",
    f"create trigger county_gone_is_like after delete on portal when old.region_name <> '' begin {_DUE} region = old.region; end",
)


def apply(db: Database) -> None:
    """Once, in one transaction."""
    for statement in TRIGGERS:
        db.execute(statement)
