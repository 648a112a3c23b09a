"""When a portal is due: by season, because annual reports come in January and February and hardly ever in summer.

Counted in days of China from the day on which the last good round began. What is not finished is due at the next call; what
failed on the next day. The day is stored with the portal (`due`), so that SQL and `nianbao status` tell the same.
"""

from __future__ import annotations

from calendar import monthrange
from collections.abc import Iterable, Mapping
from datetime import date, timedelta
from typing import Any

from sqlite_utils import Database

from archive.clock import china_day, today

SEASON, DAILY, MONTHLY = "season", "daily", "monthly"
MAX_DAYS = 366
# From month and day on: days between two rounds, or monthly. Reports of departments are due on 31 January, those of
# governments on 31 March (domain.md, 3); titles for the year before appear from the second week of January on.
CALENDAR = (((1, 10), "1"), ((2, 11), "3"), ((4, 1), MONTHLY))
RETRY = {"down": 1, "blocked": 1, "empty": 1, "partial": 3, "shrunk": 3}  # days, where the season would wait longer


def step(day: date, every: str) -> str:
    """How often a portal is due on a day: a number of days, or `monthly`."""
    if every == DAILY:
        return "1"
    if every != SEASON:
        return every
    began = [each for since, each in CALENDAR if since <= (day.month, day.day)]
    return began[-1] if began else MONTHLY


def is_due(last: date, day: date, every: str) -> bool:
    """Whether a portal that was last read on a day is due on another, by the step of the day that asks."""
    often = step(day, every)
    return day >= (_month_after(last) if often == MONTHLY else last + timedelta(days=int(often)))


def next_due(last: date, every: str) -> date:
    """The first day after `last` on which a portal is due."""
    day = last + timedelta(days=1)
    while not is_due(last, day, every):
        day += timedelta(days=1)
    return day


def _month_after(day: date) -> date:
    year, month = (day.year + 1, 1) if day.month == 12 else (day.year, day.month + 1)
    return date(year, month, min(day.day, monthrange(year, month)[1]))


def written(text: str) -> str:
    """What a person says of how often, as it is kept. Raises ValueError, saying what can be said."""
    said = text.strip().lower()
    if said in (SEASON, DAILY, MONTHLY) or (said.isdecimal() and 1 <= int(said) <= MAX_DAYS):
        return said
    raise ValueError(f"{text!r} is none of season, daily, monthly, or a number of days from 1 to {MAX_DAYS}")


def settle(db: Database, portal: str) -> str:
    """Work out and store when a portal is due: a date in China, or nothing for at once."""
    row = next(db.query("select * from portal where id = ?", [portal]))
    rounds = list(
        db.query("select * from portal_round where portal = ? and years = '' order by round desc limit 1", [portal])
    )
    if rounds:
        due = _after_round(rounds[0], row["every"])
    elif row["survey_round"] and not row["round"]:
        due = _after_survey(db, row)
    else:
        due = ""
    db.execute("update portal set due = ? where id = ?", [due, portal])
    return due


def _after_round(done: Mapping[str, Any], every: str) -> str:
    began = china_day(done["began_at"])
    day = next_due(began, every)
    wait = RETRY.get(done["state"])
    if done["state"] == "empty" and not done["entries_before"]:
        wait = None  # a column that nothing was ever filed in
    return min(day, began + timedelta(days=wait)).isoformat() if wait else day.isoformat()


def _after_survey(db: Database, portal: Mapping[str, Any]) -> str:
    """A portal of which a column is known is due at once; one of which none is, is not surveyed every day for ever."""
    if next(
        db.query("select 1 from column_page where portal = ? and state in ('found', 'confirmed')", [portal["id"]]), None
    ):
        return ""
    state = next(db.query("select state from portal_status where portal = ?", [portal["id"]]), None)
    failed = state and state["state"] in RETRY
    return (today() + timedelta(days=1) if failed else next_due(today(), portal["every"])).isoformat()


def due(portals: Iterable[Mapping[str, Any]], day: date) -> list[str]:
    """The portals that are due on a day."""
    return [row["id"] for row in portals if not row["round_done"] or row["due"] <= day.isoformat()]


def nothing(portals: Iterable[Mapping[str, Any]]) -> str:
    """What a person reads where none is."""
    first = min(portals, key=lambda row: row["due"])
    return f"nothing is due today, {today()} in China; next: {first['id']} on {first['due']}"
