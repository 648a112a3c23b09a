"""What one run knows of how it may ask: names and addresses, who rests, budgets, hours, the least delay of an address.

One object for all stages of a run, so that a survey and the crawl behind it share a budget and leave the same hosts alone.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from datetime import datetime
from typing import TYPE_CHECKING

from sqlite_utils import Database

from archive.clock import CHINA, moment

from . import hours
from .addresses import Names, is_forbidden
from .hours import Night
from .rests import BUDGET, NIGHT, NotNow, Rests

if TYPE_CHECKING:
    from .session import Portal

ELSEWHERE = 2.0  # seconds, at least, between requests to a host that is none of the portal's: DOWNLOAD_DELAY
LONGEST_DELAY = 60.0  # seconds: a longer Crawl-delay in a robots.txt is obeyed as this


class PrivateAddress(Exception):
    """A host whose name leads to an address that is not public. Raised by `Manners.address`."""


@dataclass(slots=True)
class Manners:
    """How a run asks. `night`: the window of the command, beside those of the portals."""

    db: Database
    night: Night | None = None
    names: Names = field(default_factory=Names)
    rests: Rests = field(init=False)
    begun: set[str] = field(default_factory=set)  # the portals that this run has come to
    spent: Counter[str] = field(default_factory=Counter)
    floors: dict[str, dict[str, float]] = field(default_factory=dict)  # address → host → least delay
    weak: dict[str, int] = field(default_factory=dict)  # host → how far its TLS is behind
    certificates: dict[str, str] = field(default_factory=dict)  # host → what is wrong with its certificate

    def __post_init__(self) -> None:
        self.rests = Rests(self.db)

    async def address(self, host: str, private: bool) -> str:
        """The address at which a host is asked. Raises PrivateAddress, or CannotResolveHostError.

        A name of which any address is not public is refused: those that are would be a coin's other side.
        """
        found = await self.names.addresses(host)
        forbidden = [] if private else [each for each in found if is_forbidden(each)]
        if forbidden:
            raise PrivateAddress(
                f"{host} leads to the private address {forbidden[0]}, and the portal does not allow those"
            )
        return found[0]

    def delay(self, address: str) -> float:
        """The least delay of an address: the longest that a portal or robots.txt of a host there asks for."""
        return max(self.floors.get(address, {}).values(), default=ELSEWHERE)

    def slower(self, address: str, host: str, delay: float) -> None:
        """A host at an address wants at least this delay, in seconds."""
        hosts = self.floors.setdefault(address, {})
        hosts[host] = max(hosts.get(host, 0.0), delay)

    def closed(self, portal: Portal) -> datetime | None:
        """When a portal may be asked again by its window and the command's; None while it may."""
        windows = tuple(window for window in (portal.night, self.night) if window)
        return hours.both_open(windows, moment()) if windows else None

    def gate(self, portal: Portal, host: str) -> None:
        """The last look before a request is sent, and its price. Raises NotNow."""
        if self.rests.wait(host) > 0:
            raise self.rests.refuse(host)
        if until := self.closed(portal):
            raise self.night_over(portal, until)
        if self.spent[portal.id] >= portal.budget:
            raise NotNow(BUDGET, f"its budget of {portal.budget} requests in a run is used up", None)
        self.spent[portal.id] += 1

    def night_over(self, portal: Portal, until: datetime) -> NotNow:
        """Why a portal is not asked outside of its hours."""
        windows = " and ".join(str(window) for window in (portal.night, self.night) if window)
        begins = until.astimezone(CHINA)
        return NotNow(NIGHT, f"asked only at {windows} of China's time: again from {begins:%Y-%m-%d %H:%M}", until)
