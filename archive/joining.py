"""Joins what two archives know beside their responses: portals, rounds, the frontier, readings, what people entered.

By natural keys. A round is told by the time at which it began, so that rounds which both archives had are one, and those that
only one of them had are put between the others and numbered anew. Of what crawls write the newer word holds; of what people
entered that of the archive which is joined to, and where the other says otherwise, that is told.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from sqlite_utils import Database

from . import journal
from .journal import Shape

Row = dict[str, Any]
Numbers = Mapping[int, int]
PEOPLES = ("alias", "roster", "renaming", "deadline", "decision", "verdict")
SETTINGS = (
    "name region region_name home family hosts state delay allow_private note report_url every night budget".split()
)
CRAWLED = "round round_done round_at round_years round_slow moved due".split()
STAMPS = ("entered_at", "at", "found_at", "added_at")
KINDS = "('column', 'detail', 'attachment', 'missing', 'probe')"  # of captures that a round of reports fetched
ROUNDS = (  # table, column, which rows
    ("failure", "round", "exists (select 1 from url u where u.portal = failure.portal and u.spider = 'reports' and u.url = failure.url)"),
    ("url", "round", "spider = 'reports'"),
    ("capture", "round", f"kind in {KINDS}"),
    ("link", "round", "1"), ("column_check", "round", "1"), ("reading", "round", "1"), ("portal_round", "round", "1"),
    ("listed", "first_round", "1"), ("listed", "last_round", "1"),
)  # fmt: skip


def rounds(db: Database, portal: str) -> dict[int, str]:
    """When each round of a portal began; of one that nothing tells, when its first response came."""
    first = f"select round, min(fetched_at) as at from capture where portal = ? and kind in {KINDS} group by round"
    found = {int(row["round"]): str(row["at"]) for row in db.query(first, [portal]) if row["round"] > 0}
    for row in db.query("select round, round_at as at from portal where id = ? and round > 0", [portal]):
        found[int(row["round"])] = str(row["at"] or found.get(int(row["round"]), ""))
    for row in db.query("select round, began_at as at from portal_round where portal = ?", [portal]):
        found[int(row["round"])] = str(row["at"])
    return found


def numbered(mine: Mapping[int, str], theirs: Mapping[int, str]) -> tuple[Numbers, Numbers]:
    """The numbers that the rounds of two archives have together: of the first, of the second."""
    if not theirs.items() - mine.items():
        return {number: number for number in mine}, {number: number for number in theirs}
    order = {at: number for number, at in enumerate(sorted({*mine.values(), *theirs.values()}), 1)}
    return {number: order[at] for number, at in mine.items()}, {number: order[at] for number, at in theirs.items()}


class Join:
    """Takes what another catalogue knows into one's own. `names`: segments that have another name here.

    `said` tells where people's entries differ; `changed` counts the rows that are new or otherwise.
    """

    def __init__(self, mine: Database, theirs: Database, names: Mapping[str, str]) -> None:
        self.mine, self.theirs, self.names = mine, theirs, names
        self.shapes = journal.shapes(mine)
        self.said: list[str] = []
        self.changed = 0
        self.numbers: dict[str, Numbers] = {}
        self.newer: set[str] = set()  # portals of which the other has the newer word
        self.rows: dict[int, int] = {}  # numbers of the frontier's rows: theirs → mine
        self.taken: set[tuple[str, str]] = set()  # (portal, address) of rows that are as the other has them

    def people(self) -> None:
        """What people entered."""
        for table in PEOPLES:
            for row in self._theirs(table):
                if row.get("unit") and table == "alias":
                    self._unit(row["unit"])
                known = self._mine(table, row)
                if known is None:
                    self._insert(table, row)
                elif differing := [name for name in row if name not in STAMPS and row[name] != known[name]]:
                    key = " ".join(str(row[name]) for name in self.shapes[table].key)
                    self.said += [
                        f"{table} {key}: {name} is {known[name]!r} here and stays so, {row[name]!r} there"
                        for name in differing
                    ]
        for row in self._theirs("bookmark"):
            if self._mine("bookmark", row) is None:
                self._insert("bookmark", {**row, "n": 0})
                self.said.append(f"bookmark {row['name']}: what it has been shown there is shown again here")

    def crawl(self) -> None:
        """What crawls wrote, with the captures; the segments of both must be there by then."""
        for row in self._theirs("portal"):
            self._portal(row)
        self._all("unit")
        self._frontier()
        for row in self._theirs("column_page"):
            self._column(row)
        for table in ("link", "column_check", "reading", "portal_round", "portal_state", "rejected", "run"):
            self._all(table)
        self._listed()
        self._failures()
        self._resting()
        self._captures()

    # rows by table

    def _portal(self, row: Row) -> None:
        id = row["id"]
        known = self._mine("portal", row)
        mine, theirs = rounds(self.mine, id), rounds(self.theirs, id)
        numbers, self.numbers[id] = numbered(mine, theirs)
        if known is None:
            self.newer.add(id)
            self._insert("portal", row)
            return
        self.said += [
            f"portal {id}: {name} is {known[name]!r} here and stays so, {row[name]!r} there"
            for name in SETTINGS
            if row[name] != known[name]
        ]
        self._renumber(id, numbers)
        values: Row = {"round": numbers.get(known["round"], known["round"])}
        if (row["round_at"] or "") > (known["round_at"] or ""):
            self.newer.add(id)
            values = {name: row[name] for name in CRAWLED} | {"round": self.numbers[id].get(row["round"], row["round"])}
        values["survey_round"] = max(row["survey_round"], known["survey_round"])
        values["surveyed_at"] = max(row["surveyed_at"] or "", known["surveyed_at"] or "") or None
        values["baseline_at"] = _first(row["baseline_at"], known["baseline_at"])
        self._update("portal", known, values)

    def _renumber(self, portal: str, numbers: Numbers) -> None:
        """Give the rounds of a portal that are known here their new numbers."""
        moved = {old: new for old, new in numbers.items() if old != new}
        for table, column, which in ROUNDS if moved else ():
            for old, new in moved.items():  # below zero, so that none meets another on the way
                where = f"portal = ? and {column} = ? and {which}"
                self.mine.execute(f"update {table} set {column} = -? where {where}", [new, portal, old])
            self.changed += self.mine.execute(
                f"update {table} set {column} = -{column} where portal = ? and {column} < 0", [portal]
            ).rowcount

    def _frontier(self) -> None:
        found_on: dict[int, int] = {}
        for row in self.theirs.query("select * from url order by id"):
            their_id, parent = row.pop("id"), row["found_on"]
            row |= {"found_on": None, "round": self._number(row) if row["spider"] == "reports" else row["round"]}
            row["capture"] = self._named(row["capture"])
            known = self._mine("url", row)
            if known is None:
                self.rows[their_id] = self._insert("url", row)
                self.taken.add((row["portal"], row["url"]))
                found_on[their_id] = parent or 0
                continue
            self.rows[their_id] = known["id"]
            values: Row = {}
            if (row["ended_at"] or row["added_at"]) > (known["ended_at"] or known["added_at"]):
                values = {name: value for name, value in row.items() if name != "found_on"}
                self.taken.add((row["portal"], row["url"]))
                found_on[their_id] = parent or 0
            self._update("url", known, values | {"added_at": min(row["added_at"], known["added_at"])})
        for theirs, parent in found_on.items():
            self.mine.execute("update url set found_on = ? where id = ?", [self.rows.get(parent), self.rows[theirs]])

    def _column(self, row: Row) -> None:
        known = self._mine("column_page", row)
        if known is None:
            self._insert("column_page", row)
            return
        values: Row = {"baseline_at": _first(row["baseline_at"], known["baseline_at"])}
        if row["portal"] in self.newer:
            values |= {name: row[name] for name in ("seen_round", "needs_browser")}
            if known["state"] not in ("confirmed", "removed"):
                values["state"] = row["state"]
        self._update("column_page", known, values)

    def _listed(self) -> None:
        """An entry is listed in the rounds in which either archive saw it; rounds in a row are one interval."""
        for row in self.theirs.query("select distinct portal, url from listed"):
            which = [row["portal"], row["url"]]
            sql = "select * from listed where portal = ? and url = ? order by first_round"
            mine, theirs = list(self.mine.query(sql, which)), list(self.theirs.query(sql, which))
            in_rounds = {
                number: str(each["column_url"])
                for each in mine
                for number in range(each["first_round"], each["last_round"] + 1)
            }
            numbers = self.numbers.get(row["portal"], {})
            for each in theirs:
                for number in range(each["first_round"], each["last_round"] + 1):
                    in_rounds.setdefault(numbers.get(number, number), str(each["column_url"]))
            made = [{"portal": which[0], "url": which[1], **each} for each in _intervals(in_rounds)]
            if made != [{name: each[name] for name in made[0]} for each in mine]:
                self.mine.execute("delete from listed where portal = ? and url = ?", which)
                for each in made:
                    self._insert("listed", each)

    def _failures(self) -> None:
        """The failure of an address is that of the archive whose row of the frontier holds."""
        for portal, url in self.taken:
            self.mine.execute(
                "delete from failure where portal = ? and url = ? and subject like 'http%'", [portal, url]
            )
        for row in self._theirs("failure"):
            url = row["url"].partition("#")[0]
            if row["subject"].startswith("http") and {(row["portal"], row["url"]), (row["portal"], url)} & self.taken:
                self._put("failure", {**row, "round": self._number(row)})

    def _resting(self) -> None:
        for row in self._theirs("not_now"):
            if row["portal"] in self.newer or (not row["portal"] and self._mine("not_now", row) is None and self.newer):
                self._put("not_now", row)

    def _captures(self) -> None:
        for row in self.theirs.query("select * from capture order by fetched_at, id"):
            row |= {"id": self._named(row["id"]), "revisit_of": self._named(row["revisit_of"]), "document": None}
            row["segment"] = self.names.get(row["segment"], row["segment"])
            row["row"] = self.rows.get(row["row"]) if row["row"] else None
            if f"'{row['kind']}'" in KINDS:
                row["round"] = self._number(row)
            known = self._mine("capture", row)
            if known is None:
                self._insert("capture", row)
            elif row["refused"] and not known["refused"]:
                self._update("capture", known, {"refused": row["refused"]})
        self.mine.execute(  # imported files are numbered by address, as `imports` does it
            "update capture set round = 1 + (select count(*) from capture c where c.url = capture.url and (c.fetched_at, c.id) < "
            "(capture.fetched_at, capture.id)) where portal like 'import:%'"
        )

    # what all share

    def _all(self, table: str) -> None:
        """The rows that are not known here; in the numbers of the rounds that hold."""
        for row in self._theirs(table):
            if "round" in row:
                row["round"] = self._number(row)
            if self._mine(table, row) is None:
                self._insert(table, row)

    def _unit(self, id: str) -> None:
        row = next(self.theirs.query("select * from unit where id = ?", [id]))
        if self._mine("unit", row) is None:
            self._insert("unit", row)

    def _number(self, row: Row) -> int:
        return self.numbers.get(row["portal"], {}).get(row["round"], row["round"])

    def _named(self, capture: str | None) -> str | None:
        """The id of a capture, by the name that its segment has here."""
        if not capture:
            return capture
        segment, _, start = capture.rpartition(":")
        return f"{self.names.get(segment, segment)}:{start}"

    def _theirs(self, table: str) -> Iterator[Row]:
        yield from list(self.theirs.query(f"select * from {table}"))

    def _key(self, table: str, row: Row) -> tuple[str, list[Any]]:
        shape: Shape = self.shapes[table]
        return " and ".join(f"{name} = ?" for name in shape.key), [row[name] for name in shape.key]

    def _mine(self, table: str, row: Row) -> Row | None:
        where, values = self._key(table, row)
        return next(self.mine.query(f"select * from {table} where {where}", values), None)

    def _insert(self, table: str, row: Row) -> int:
        self.changed += 1
        names = list(row)
        cursor = self.mine.execute(
            f"insert into {table} ({', '.join(names)}) values ({', '.join('?' * len(names))})",
            [row[name] for name in names],
        )
        return int(cursor.lastrowid or 0)

    def _put(self, table: str, row: Row) -> None:
        known = self._mine(table, row)
        if known is None:
            self._insert(table, row)
        else:
            self._update(table, known, row)

    def _update(self, table: str, known: Row, values: Row) -> None:
        fresh = {name: value for name, value in values.items() if known[name] != value}
        if fresh:
            self.changed += 1
            where, key = self._key(table, known)
            pairs = ", ".join(f"{name} = ?" for name in fresh)
            self.mine.execute(f"update {table} set {pairs} where {where}", [*fresh.values(), *key])


def _first(one: str | None, other: str | None) -> str | None:
    return min((each for each in (one, other) if each), default=None)


def _intervals(in_rounds: Mapping[int, str]) -> list[Row]:
    """Rounds with the column that listed an entry in each, as intervals of rounds in a row; the column is the last."""
    found: list[Row] = []
    for number in sorted(in_rounds):
        if found and found[-1]["last_round"] == number - 1:
            found[-1] |= {"last_round": number, "column_url": in_rounds[number]}
        else:
            found.append({"first_round": number, "last_round": number, "column_url": in_rounds[number]})
    return found


def join(mine: Database, theirs: Database, names: Mapping[str, str], with_crawl: bool) -> tuple[int, list[str]]:
    """Join a catalogue to one's own, in one transaction: how many rows changed, and what differs of people's entries.

    `with_crawl`: where its segments are all here already, only what people entered is looked at.
    """
    joined = Join(mine, theirs, names)
    with mine.atomic(), journal.unwatched(mine):
        mine.execute(
            "pragma defer_foreign_keys = on"
        )  # a revisit of the same second may be taken before what it refers to
        if with_crawl:
            joined.crawl()
        joined.people()
    return joined.changed, joined.said
