"""Which names are one organ: chains of units, by the renamings that people entered and by credit codes.

`settle` derives what stands in `unit` (type, code, chain, years) from people's entries (`roster`, `renaming`) and from the
codes that pages show, anew after every build. A code tells a renaming only where the years of its names follow one another;
else a person is asked.
"""

from __future__ import annotations

import itertools
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from sqlite_utils import Database

from . import identity, review
from .units import ensure, follow

Row = dict[str, Any]
Codes = dict[tuple[str, str], dict[str, set[int]]]  # (region, code) → unit → report years under it
COUNTY = ("government", "office")  # a code under their name may be that of the whole website


@dataclass(frozen=True, slots=True)
class Link:
    """A unit goes on under another name from a report year on."""

    old: str
    new: str
    from_year: int


def settle(db: Database) -> None:
    """Bring `unit` in line with the roster, the renamings and the credit codes; ask where codes and names disagree."""
    with db.atomic():
        _enter_known(db)
        units = {row["id"]: row for row in db.query("select * from unit")}
        roster = {f"{row['region']}/{row['name']}": row for row in db.query("select * from roster")}
        codes = _codes(db, units, roster)
        links = list(_entered(db))
        links += [link for link in _by_code(codes, units) if link.old not in {each.old for each in links}]
        _ask(db, codes, links)
        after = {link.old: link.new for link in links}
        for id, row in units.items():
            owed = roster.get(id, {})
            own = {code for code, holders in codes.items() if id in holders}
            made = {
                "type": owed.get("type") or row["type"],
                "credit_code": next(iter(own))[1] if len(own) == 1 else "",
                "chain": follow(id, after)[-1],
                "from_year": owed.get("from_year") or next((each.from_year for each in links if each.new == id), None),
                "to_year": owed.get("to_year") or next((each.from_year - 1 for each in links if each.old == id), None),
            }
            if any(row[name] != value for name, value in made.items()):
                db.table("unit").update(id, made)


def _enter_known(db: Database) -> None:
    """Rows for the units of the roster and of renamings, which may have published nothing yet."""
    for row in list(db.query("select * from roster where region || '/' || name not in (select id from unit)")):
        made = identity.Unit(
            f"{row['region']}/{row['name']}", row["region"], row["name"], row["full_name"], row["type"]
        )
        ensure(db, made, row["type"] or identity.type_of(row["name"]))
    for row in list(
        db.query("select old as id from renaming union select new from renaming except select id from unit")
    ):
        region, _, name = row["id"].partition("/")
        ensure(db, identity.Unit(row["id"], region, name, name, identity.type_of(name)))


def _entered(db: Database) -> Iterator[Link]:
    for row in db.query("select old, new, from_year from renaming order by from_year, old"):
        yield Link(row["old"], row["new"], row["from_year"])


def _codes(db: Database, units: Mapping[str, Row], roster: Mapping[str, Row]) -> Codes:
    """Whose each credit code is: by the roster, else by the reports of the unit, else by the 发布机构 beside it.

    A website's own office stands as 发布机构 beside reports of others, with its own code or with theirs: what it is said to
    have counts only where nobody else has it, and where that is one code.
    """
    found: Codes = defaultdict(lambda: defaultdict(set))
    lent: dict[str, set[tuple[str, str]]] = defaultdict(set)
    said = {id: row["credit_code"] for id, row in roster.items() if row["credit_code"]}
    taken = {(id.partition("/")[0], code): id for id, code in said.items()}
    rows = db.query(
        "select distinct r.region, c.code, c.publisher, u.name, r.unit, r.year from credit c join report r on r.id = c.report "
        "join unit u on u.id = r.unit order by 1, 2, 5, 6"
    )
    for row in rows:
        key, own = (row["region"], row["code"]), row["publisher"] in ("", row["name"])
        holder = row["unit"] if own else f"{row['region']}/{row['publisher']}"
        if said.get(holder, row["code"]) != row["code"] or taken.get(key, holder) != holder:
            continue
        if own:
            found[key][holder].add(row["year"])
        elif holder in units:
            lent[holder].add(key)
    for holder, keys in lent.items():
        if len(keys) == 1 and not found.get(key := next(iter(keys))):
            found[key][holder] = set()
    for id, code in said.items():
        found[id.partition("/")[0], code].setdefault(id, set())
    return found


def _by_code(codes: Codes, units: Mapping[str, Row]) -> Iterator[Link]:
    """Renamings that a code tells: one code under two names whose years do not overlap."""
    for holders in codes.values():
        if len(holders) < 2 or not _in_turn(holders) or any(units[id]["type"] in COUNTY for id in holders):
            continue
        names = sorted(holders, key=lambda id: min(holders[id]))
        yield from (Link(old, new, min(holders[new])) for old, new in itertools.pairwise(names))


def _in_turn(holders: Mapping[str, Iterable[int]]) -> bool:
    """Whether the years of names follow one another; names without a year do not."""
    spans = sorted((min(years), max(years)) for years in holders.values() if years)
    return len(spans) == len(holders) and all(a[1] < b[0] for a, b in itertools.pairwise(spans))


def _ask(db: Database, codes: Codes, links: Iterable[Link]) -> None:
    """Questions: one code under several units that are no chain, several codes under one unit."""
    db.execute("delete from review where kind = 'credit_code'")
    linked = {frozenset((link.old, link.new)) for link in links}
    of_unit: dict[str, list[str]] = defaultdict(list)
    for (region, code), holders in sorted(codes.items()):
        names = sorted(holders)
        for id in names:
            of_unit[id].append(code)
        if len(names) > 1 and not any(pair <= set(names) for pair in linked):
            why = f"the code {code} stands beside reports of {len(names)} units; one organ under several names, or whose is it?"
            said = {id: ", ".join(map(str, sorted(years))) for id, years in holders.items()}
            review.ask(db, "credit_code", (region, code, ""), why, _first_seen(db, names), said, names, region)
    for id, found in sorted(of_unit.items()):
        if len(found) > 1:
            why = f"{id} has {len(found)} codes: {', '.join(found)}; which is its own?"
            key = (id.partition("/")[0], id, "")
            review.ask(db, "credit_code", key, why, _first_seen(db, [id]), {}, found, key[0])


def _first_seen(db: Database, units: Iterable[str]) -> str:
    marks = list(units)
    row = next(
        db.query(f"select min(first_seen) as at from report where unit in ({','.join('?' * len(marks))})", marks)
    )
    return row["at"] or ""
