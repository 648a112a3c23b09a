"""The night window: the hours of China's time in which a portal may be asked."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import datetime, time, timedelta

from archive.clock import CHINA

_WRITTEN = re.compile(r"(\d{1,2}):(\d\d)\s*[-–—]\s*(\d{1,2}):(\d\d)")


@dataclass(frozen=True, slots=True)
class Night:
    """A window of the day, open from `start`, closed from `end` on; it may reach over midnight."""

    start: time
    end: time

    @classmethod
    def of(cls, text: str) -> Night:
        """22:00-07:00 as a window. Raises ValueError, saying how one is written."""
        found = _WRITTEN.fullmatch(text.strip())
        try:
            hours = [int(number) for number in found.groups()] if found else []
            night = cls(time(hours[0] % 24 if hours[:2] == [24, 0] else hours[0], hours[1]),
                        time(hours[2] % 24 if hours[2:] == [24, 0] else hours[2], hours[3]))  # fmt: skip
        except (ValueError, IndexError) as error:
            raise ValueError(f"{text!r} is no window of the day, such as 22:00-07:00") from error
        if night.start == night.end:
            raise ValueError(f"{text!r} begins when it ends; a portal without a window may be asked at any hour")
        return night

    def __str__(self) -> str:
        return f"{self.start:%H:%M}-{self.end:%H:%M}"

    def is_open(self, at: datetime) -> bool:
        """Whether the window is open at a moment."""
        now = at.astimezone(CHINA).time()
        if self.start < self.end:
            return self.start <= now < self.end
        return now >= self.start or now < self.end

    def opens(self, at: datetime) -> datetime:
        """When it opens next, in UTC; the moment itself while it is open."""
        if self.is_open(at):
            return at
        here = at.astimezone(CHINA)
        begin = datetime.combine(here.date(), self.start, CHINA)
        return (begin if begin > here else begin + timedelta(days=1)).astimezone(at.tzinfo)


def written(at: datetime) -> str:
    """A moment as the catalogue stores it."""
    return at.strftime("%Y-%m-%dT%H:%M:%S.%fZ")


def both_open(windows: tuple[Night, ...], at: datetime) -> datetime | None:
    """When all windows are open: None where that is now, else the next moment (of the last one, where they never meet)."""
    if all(window.is_open(at) for window in windows):
        return None
    then = at
    for _ in range(2 * len(windows)):
        then = max(window.opens(then) for window in windows)
        if all(window.is_open(then) for window in windows):
            break
    return then
