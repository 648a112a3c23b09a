"""Units: the roster that people enter, aliases and renamings. What follows from them is settled in `chains.py`.

An alias is another spelling: reports under it are filed under the unit. A renaming is a step in time: reports stay under
the name that they print, and the chain holds the names together.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from sqlite_utils import Database

from extract import credit_code

from . import identity
from .clock import now
from .pages import county_of

Row = dict[str, Any]
TYPES = ("government", "office", "department", "town", "street", "zone", "enterprise")
FIELDS = ("region", "name", "type", "credit_code", "aliases", "formerly", "from_year", "to_year")
LISTED = (
    "region",
    "name",
    "full_name",
    "type",
    "credit_code",
    "now_called",
    *FIELDS[4:],
    "reports",
    "first_year",
    "last_year",
)


class BadUnit(ValueError):
    """An entry that cannot be taken; the message says what is wrong with it. Raised by `enter`, `rename`, `alias`."""


def named(db: Database, region: str, name: str, region_name: str = "") -> identity.Unit:
    """The unit that a person means by a name in a county. Raises BadUnit where it is no name of an organ."""
    known = next(db.query("select region_name from portal where region = ? and region_name <> ''", [region]), None)
    made = identity.unit(region, region_name or (known["region_name"] if known else ""), name) if region else None
    if made is None:
        raise BadUnit(f"{name!r} is no name of an organ in a county: give the county's code and a name such as 水务局")
    return made


def enter(db: Database, said: Mapping[str, str]) -> str:
    """Take a line of a roster; the unit's id. Keys: FIELDS (`unit` for name, `alias` for aliases), region_name. Raises BadUnit."""
    made = named(db, said.get("region", ""), said.get("unit") or said.get("name") or "", said.get("region_name", ""))
    kind, code = said.get("type") or "", (said.get("credit_code") or "").upper()
    if kind and kind not in TYPES:
        raise BadUnit(f"the type {kind!r} is none of {', '.join(TYPES)}")
    if code and not credit_code.is_valid(code):
        raise BadUnit(f"{code!r} is no 统一社会信用代码: its check character is wrong, or it has not 18 characters")
    first, last = _year(said.get("from_year")), _year(said.get("to_year"))
    if first and last and first > last:
        raise BadUnit(f"from_year {first} comes after to_year {last}")
    formerly = list(_names(said.get("formerly")))
    if formerly and not first:
        raise BadUnit("formerly needs from_year: the first report year under the new name")
    row = {"region": made.region, "name": made.name, "full_name": made.full_name, "type": kind, "credit_code": code}
    db.table("roster").insert(
        {**row, "from_year": first, "to_year": last, "entered_at": now()}, pk=("region", "name"), replace=True
    )
    ensure(db, made, kind)
    for name in _names(said.get("aliases") or said.get("alias")):
        alias(db, made.id, name)
    for name in formerly:
        old = named(db, made.region, name)
        ensure(db, old)
        rename(db, old.id, made.id, first or 0)
    return made.id


def _names(text: str | None) -> Iterator[str]:
    return (name for name in (text or "").replace("、", " ").replace(";", " ").replace("；", " ").split() if name)


def _year(text: str | None) -> int | None:
    if not text:
        return None
    if not (text.isdecimal() and len(text) == 4 and text.startswith("20")):
        raise BadUnit(f"{text!r} is no report year, such as 2019")
    return int(text)


def ensure(db: Database, made: identity.Unit, kind: str = "") -> None:
    """A row for a unit that may have published nothing yet."""
    row = {"id": made.id, "region": made.region, "name": made.name, "full_name": made.full_name}
    db.table("unit").insert({**row, "type": kind or made.type, "found_at": now()}, pk="id", ignore=True)


def alias(db: Database, unit: str, name: str) -> bool:
    """Another spelling of a unit's name; False where the unit is found by it without an alias. Raises BadUnit where it means another unit."""
    region = unit.partition("/")[0]
    other = named(db, region, name)
    if other.id == unit:
        return False
    known = next(db.query("select unit from alias where region = ? and alias = ?", [region, other.name]), None)
    if known and known["unit"] != unit:
        raise BadUnit(
            f"{name!r} is an alias of {known['unit']} already; take it away first: `nianbao units alias --remove`"
        )
    row = {"region": region, "alias": other.name, "unit": unit}
    db.table("alias").insert(row, pk=("region", "alias"), replace=True)
    return True


def rename(db: Database, old: str, new: str, from_year: int) -> None:
    """A unit goes on under another name. Raises BadUnit where that makes no chain: a name has one that follows and one before."""
    if old == new:
        raise BadUnit("the old and the new name are the same unit")
    after = {row["old"]: row["new"] for row in db.query("select old, new from renaming")}
    if after.get(old, new) != new:
        raise BadUnit(f"{old} goes on as {after[old]} already; take that away first: `nianbao units rename --remove`")
    before = next((each for each, follows in after.items() if follows == new and each != old), None)
    if before:
        raise BadUnit(
            f"{new} goes on from {before} already; an organ that was merged into another has ended: `nianbao units end {old}`"
        )
    if old in follow(new, after):
        raise BadUnit(f"{new} is an older name of {old}")
    row = {"old": old, "new": new, "from_year": from_year, "entered_at": now()}
    db.table("renaming").insert(row, pk=("old", "new"), replace=True)


def end(db: Database, unit: str, to_year: int | None) -> None:
    """A unit owes no report after a year; None takes that back."""
    row = next(db.query("select region, name, full_name, type from unit where id = ?", [unit]))
    known = next(db.query("select * from roster where region = ? and name = ?", [row["region"], row["name"]]), None)
    if to_year is None and known and known["to_year"] and known["from_year"] is None and not known["credit_code"]:
        db.execute("delete from roster where region = ? and name = ?", [row["region"], row["name"]])
        return
    made = {**(known or {**row, "type": "", "entered_at": now()}), "to_year": to_year}
    db.table("roster").insert(made, pk=("region", "name"), replace=True)


def follow(unit: str, after: Mapping[str, str]) -> list[str]:
    """A unit and those that follow it, to the present one."""
    chain = [unit]
    while (following := after.get(chain[-1])) and following not in chain:
        chain.append(following)
    return chain


def listing(db: Database, region: str = "") -> list[Row]:
    """Units with their type, code, chain, aliases, names before, and report years held; what `units import` takes."""
    return list(
        db.query(
            "select u.region, u.name, u.full_name, u.type, u.credit_code, iif(u.chain = u.id, '', u.chain) as now_called, "
            "coalesce((select group_concat(alias, ' ') from (select alias from alias where unit = u.id order by alias)), '') as aliases, "
            "coalesce((select group_concat(substr(old, instr(old, '/') + 1), ' ') from renaming where new = u.id), '') as formerly, "
            "u.from_year, u.to_year, count(r.n) as reports, min(r.year) as first_year, max(r.year) as last_year "
            "from unit u left join report r on r.unit = u.id where u.region like ? || '%' group by u.id order by u.region, u.type, u.name",
            [region],
        )
    )


def told(row: Mapping[str, Any]) -> Row:
    """A row of `listing` for a table that fits a terminal: its names over time in one column, and years as one span."""
    names = [
        f"{word} {row[key]}"
        for word, key in (("also", "aliases"), ("formerly", "formerly"), ("now", "now_called"))
        if row[key]
    ]
    return {
        **row,
        "names": "; ".join(names),
        "owed": _span(row["from_year"], row["to_year"]),
        "held": _span(row["first_year"], row["last_year"]),
    }


def _span(first: int | None, last: int | None) -> str:
    """Years from one to another, either of which may be open: 2019–2025, 2019–, –2025, or nothing."""
    if first == last:
        return str(first or "")
    return f"{first or ''}–{last or ''}"


def region_of(db: Database, said: str) -> str:
    """The county that a person names: its code, the beginning of codes, or the id of a portal. Raises BadUnit."""
    if next(db.query("select id from portal where id = ?", [said]), None):
        return county_of(db, said)[0]
    known = next(
        db.query("select 1 from unit where region = ? union select 1 from deadline where region = ?", [said, said]),
        None,
    )
    if not said.isdecimal() and not known:
        raise BadUnit(
            f"{said!r} is neither a region's code, such as 340403 or 34, nor a portal; `nianbao portals list` names them"
        )
    return said
