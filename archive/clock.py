"""The one place where time comes from.

NIANBAO_NOW (2026-01-20T08:00:00Z) is for the tests of a whole winter: the process believes that it begins then, and its
time runs on from there. Dates that people read (what is due, when something was seen) are those of China, on any machine.
"""

from __future__ import annotations

import os
from datetime import UTC, date, datetime, timedelta, timezone

CHINA = timezone(timedelta(hours=8))  # one zone for the whole country, without summer time since 1991
_FORMAT = "%Y-%m-%dT%H:%M:%S.%fZ"


_shift = timedelta(0)


def pretend(said: str | None) -> None:
    """Let it be another time from now on. Raises ValueError where that is no time with its zone."""
    global _shift
    begins = datetime.fromisoformat(said) if said else datetime.now(UTC)
    if begins.tzinfo is None:
        raise ValueError(f"NIANBAO_NOW is {said!r}, which needs a zone: 2026-01-20T08:00:00Z")
    _shift = begins - datetime.now(UTC) if said else timedelta(0)


pretend(os.environ.get("NIANBAO_NOW"))


def moment() -> datetime:
    """The time now, as a value to calculate with."""
    return datetime.now(UTC) + _shift


def now() -> str:
    """The time now, UTC, to the microsecond, as stored everywhere: 2026-01-20T08:00:00.000000Z."""
    return moment().strftime(_FORMAT)


def china_day(at: str) -> date:
    """The date in China at a stored time."""
    return datetime.fromisoformat(at).astimezone(CHINA).date()


def today() -> date:
    """The date in China now."""
    return moment().astimezone(CHINA).date()
