"""What is due is due once: a report that waits to be compared is not put there again.

A trigger's `or ignore` is overridden by the statement that fires it (`on conflict … do update`, by which a unit gets its long name): the build ended
where a report was due already.
"""

from __future__ import annotations

from sqlite_utils import Database

_DUE = "insert into similar_due select id from report where current is not null and id not in (select report from similar_due)"
_NAMED = "region_name <> ''"
TRIGGERS = {
    "unit_renamed_is_like": "after update on unit "
    "when new.chain is not old.chain or new.name is not old.name or new.full_name is not old.full_name "
    f"begin {_DUE} and unit = new.id; end",
    "county_named_is_like": f"after insert on portal when new.{_NAMED} begin {_DUE} and region = new.region; end",
    "county_renamed_is_like": "after update of region, region_name on portal "
    "when new.region is not old.region or new.region_name is not old.region_name "
    f"begin {_DUE} and region in (old.region, new.region); end",
    "county_gone_is_like": f"after delete on portal when old.{_NAMED} begin {_DUE} and region = old.region; end",
}


def apply(db: Database) -> None:
    """Once, in one transaction."""
    for name, rest in TRIGGERS.items():
        db.execute(f"drop trigger {name}")
        db.execute(f"create trigger {name} {rest}")
