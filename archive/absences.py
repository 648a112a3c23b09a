"""Pages that are not listed any more, as the readings of their columns tell: from which round on, and until when.

A page is absent in a round in which its column was read whole and did not name it, or named it and it answered 404 or led
elsewhere. Two such rounds in a row make a spell; rounds that tell nothing lie between them without counting.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import urljoin

from sqlite_utils import Database

Row = dict[str, Any]
TWICE = 2  # readings without it: one may have been a slip of the list
LOOKS = 2  # at the page itself, after it was last listed
MOST = 50  # pages looked at in a round of a portal: more have not been withdrawn one by one
GONE = (404, 410)
ELSEWHERE = (301, 302, 303, 307, 308)


@dataclass(frozen=True, slots=True)
class Spell:
    """A time in which a page was absent, from its second reading on; `until` is None while it is.

    `page`: what its address answered: `gone`, `there`, `elsewhere` (then `to`), or nothing known. `listed`: a list still
    names it, and it leads elsewhere.
    """

    at: str
    until: str | None
    page: str = ""
    to: str = ""
    listed: bool = False


@dataclass(slots=True)
class Portal:
    """The readings of a portal: by round, when it ended and what it read of each column."""

    id: str
    ended: dict[int, str]
    readings: dict[int, dict[str, Row]]
    gone_columns: frozenset[str]

    @classmethod
    def of(cls, db: Database, id: str) -> Portal:
        ended: dict[int, str] = {}
        readings: dict[int, dict[str, Row]] = {}
        for row in db.query("select * from reading where portal = ? order by round", [id]):
            ended[row["round"]] = row["at"]
            readings.setdefault(row["round"], {})[row["column_url"]] = row
        gone = db.query("select url from column_page where portal = ? and state = 'gone'", [id])
        return cls(id, ended, readings, frozenset(row["url"] for row in gone))

    def misses(self, column: str, last: int, number: int) -> str:
        """What a round says of a page that it did not list and that `column` listed last in the round `last`.

        `absent`; `short`, where the list is shorter than it can be, or was replaced; or nothing.
        """
        now, then = self.readings[number], self.readings.get(last, {})
        own = now.get(column)
        if own is None:
            return "short" if column in self.gone_columns and any(row["whole"] for row in now.values()) else ""
        others = (now[url] for url, row in then.items() if row["whole"] and url in now)
        if not all(row["whole"] or row["column_url"] == column for row in others):
            return ""  # another column may list it now
        return "absent" if own["whole"] else "short" if own["why"] == "shrunk" else ""


def unlisted(db: Database, portal: str, number: int) -> list[Row]:
    """The pages to look at in a round whose lists have all been read: listed before and not in it, by a list that shows something."""
    return list(
        db.query(
            "select l.url, l.column_url from listed l where l.portal = :portal and l.last_round < :round "
            "and not exists (select 1 from listed m where m.portal = l.portal and m.url = l.url and m.last_round > l.last_round) "
            "and exists (select 1 from sighting s where s.page = l.portal || ' ' || l.url) "
            "and (select min(ok) and sum(reports) > 0 from column_check c where c.portal = l.portal and c.round = :round "
            "and (c.column_url = l.column_url or l.column_url in (select url from column_page p where p.portal = l.portal and p.state = 'gone'))) "
            "and (select count(*) from capture c where c.portal = l.portal and c.url = l.url and c.kind = 'missing' and c.round > l.last_round) < :looks "
            "order by l.last_round desc, l.url limit :most",
            {"portal": portal, "round": number, "looks": LOOKS, "most": MOST},
        )
    )


def candidates(db: Database, portal: Portal) -> list[str]:
    """The pages of a portal that a finished round did not list, or that answered otherwise than with a page."""
    if not portal.ended:
        return []
    rows = db.query(
        "select url from listed where portal = :portal group by url having max(last_round) < :last or count(*) > 1 union "
        f"select url from capture where portal = :portal and kind = 'detail' and status in {GONE + ELSEWHERE}",
        {"portal": portal.id, "last": max(portal.ended)},
    )
    return [str(row["url"]) for row in rows]


def spells(db: Database, portal: Portal, url: str) -> list[Spell]:
    """The spells of absence of a page, in the order of time."""
    found: list[Spell] = []
    run: list[int] = []
    at_fault: list[str] = []
    answers = _answers(db, portal.id, url)
    for number, state in _states(db, portal, url, answers):
        if state == "present":
            if len(run) >= TWICE:
                found.append(_spell(portal, answers, run, at_fault, number))
            run, at_fault = [], []
        elif state:
            run.append(number)
            at_fault.append(state)
    if len(run) >= TWICE:
        found.append(_spell(portal, answers, run, at_fault, None))
    return found


def _spell(
    portal: Portal, answers: Mapping[int, Sequence[Row]], run: Sequence[int], why: Sequence[str], until: int | None
) -> Spell:
    """The spell of these rounds without the page; its page is as it was found when the spell was sure."""
    sure = run[TWICE - 1]
    known = [row for number in sorted(answers) if run[0] <= number <= sure for row in answers[number]]
    page, to = _page(known)
    listed = all(each == "elsewhere" for each in why[:TWICE])
    return Spell(portal.ended[sure], portal.ended[until] if until else None, page, to, listed)


def _page(known: Sequence[Row]) -> tuple[str, str]:
    """What the address of a page answered last: the word for it, and where it leads."""
    for row in reversed(known):
        if row["status"] in GONE:
            return "gone", ""
        if row["status"] in ELSEWHERE:
            headers = {name.lower(): value for name, value in json.loads(row["headers"]).items()}
            return "elsewhere", urljoin(row["url"], headers.get("location", ""))
        if row["status"] in (200, 304) and not row["refused"]:
            return "there", ""
    return "", ""


def _answers(db: Database, portal: str, url: str) -> dict[int, list[Row]]:
    """What a page answered, by round."""
    found: dict[int, list[Row]] = {}
    for row in db.query(
        "select url, round, status, headers, refused from capture where portal = ? and url = ? and kind in ('detail', 'missing') order by fetched_at",
        [portal, url],
    ):
        found.setdefault(row["round"], []).append(row)
    return found


def _states(db: Database, portal: Portal, url: str, answers: Mapping[int, Sequence[Row]]) -> Iterator[tuple[int, str]]:
    """By finished round: `present`, a word for why it is absent, or nothing where the round does not tell."""
    intervals = list(
        db.query(
            "select column_url, first_round, last_round from listed where portal = ? and url = ? order by first_round",
            [portal.id, url],
        )
    )
    for number in sorted(portal.ended):
        before = [each for each in intervals if each["first_round"] <= number]
        if not before:
            continue
        last = before[-1]
        page = _page(answers.get(number, ()))[0]
        if number <= last["last_round"]:
            yield number, {"gone": "gone", "elsewhere": "elsewhere"}.get(page, "present")
            continue
        said = portal.misses(last["column_url"], last["last_round"], number)
        if said == "short":  # only what its own address says counts
            seen = _page([row for each, rows in answers.items() if last["last_round"] < each <= number for row in rows])
            said = "absent" if seen[0] in ("gone", "elsewhere") else ""
        yield number, said
