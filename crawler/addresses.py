"""Addresses: which may be asked, and names that keep for the whole run the address that was judged.

A name is looked up once a run. The downloader judges the answer, and the connection is made to the very address that was
judged, because the reactor's resolver knows no other: a name that answers differently the second time changes nothing.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable, Sequence
from ipaddress import IPv4Address, IPv6Address, ip_address, ip_network
from socket import SOCK_STREAM, gaierror, inet_aton
from typing import Any, Literal

from scrapy.exceptions import CannotResolveHostError
from scrapy.resolver import HostResolution
from twisted.internet import address as endpoints
from twisted.internet.interfaces import IHostnameResolver
from zope.interface import implementer

LOOKUP = 20.0  # seconds: a name server that has not answered by then does not
FAILED_FOR = 300.0  # seconds in which a name that has no address is not looked up again: a column may link it 100 times
_NAT64 = ip_network("64:ff9b::/96")
_LOCAL_NAMES = (".localhost", ".local", ".internal")


def is_forbidden(address: str) -> bool:
    """Whether an address is not a public one of a single host: loopback, private, link-local, carrier NAT, multicast, reserved.

    An IPv6 address that stands for an IPv4 one (NAT64, 6to4) is judged as that one too; no name has a mapped one (::ffff:…).
    """
    made = ip_address(address.partition("%")[0])
    if isinstance(made, IPv6Address) and (made.ipv4_mapped or made.is_site_local):
        return True
    return any(not each.is_global or each.is_multicast or each.is_unspecified for each in (made, *_embedded(made)))


def _embedded(address: IPv4Address | IPv6Address) -> list[IPv4Address]:
    """The IPv4 addresses that an IPv6 address stands for."""
    if isinstance(address, IPv4Address):
        return []
    nat64 = IPv4Address(int(address) & 0xFFFFFFFF) if address in _NAT64 else None
    return [each for each in (address.sixtofour, nat64) if each is not None]


def is_private(host: str) -> bool:
    """Whether a host is written as an address that is not public, or by a name that only this machine or network knows."""
    name = host.strip("[]").rstrip(".").lower()
    literal = _literal(name)
    return is_forbidden(literal) if literal else name == "localhost" or name.endswith(_LOCAL_NAMES)


def is_address(host: str) -> bool:
    """Whether a host is written as an address."""
    return bool(_literal(host.strip("[]")))


def _literal(name: str) -> str:
    """The address that a host is written as: 127.1, 2130706433 and 0x7f000001 too, as a resolver would take them."""
    try:
        return str(ip_address(name))
    except ValueError:
        pass
    try:
        return str(ip_address(inet_aton(name)))
    except (OSError, ValueError):
        return ""


def _key(host: str) -> str:
    """A host as names are kept: lower case, ASCII, without a dot at its end."""
    name = host.strip("[]").rstrip(".").lower()
    try:
        return name if name.isascii() else name.encode("idna").decode("ascii")
    except UnicodeError:
        return name


class Names:
    """The addresses of hosts in one run, looked up once; the first (IPv4 before IPv6) is the one that is asked."""

    def __init__(self) -> None:
        self._found: dict[str, tuple[str, ...]] = {}
        self._missing: dict[str, tuple[float, str]] = {}
        self._asking: dict[str, asyncio.Task[tuple[str, ...]]] = {}

    async def addresses(self, host: str) -> tuple[str, ...]:
        """All addresses of a host, the one that is asked first. Raises CannotResolveHostError where it has none."""
        name = _key(host)
        if name in self._found:
            return self._found[name]
        until, reason = self._missing.get(name, (0.0, ""))
        if time.monotonic() < until:
            raise CannotResolveHostError(reason)
        task = self._asking.get(name)
        if task is None:  # two portals may ask for one name at once
            task = self._asking[name] = asyncio.ensure_future(self._look_up(name))
            task.add_done_callback(lambda _: self._asking.pop(name, None))
        return await asyncio.shield(task)

    async def _look_up(self, name: str) -> tuple[str, ...]:
        try:
            found = (_literal(name),) if _literal(name) else await _ask(name)
        except (OSError, UnicodeError, TimeoutError) as error:
            said = error.strerror if isinstance(error, gaierror) and error.strerror else "no answer"
            reason = f"the name {name} has no address: {said}"
            self._missing[name] = (time.monotonic() + FAILED_FOR, reason)
            raise CannotResolveHostError(reason) from error
        self._found[name] = found
        return found

    def address(self, host: str) -> str:
        """The address at which a host is asked; empty where it was not looked up."""
        return next(iter(self._found.get(_key(host), ())), "")

    def next_address(self, host: str) -> None:
        """Ask a host at its next address from now on: no connection could be made to the first."""
        first, *others = self._found.get(_key(host), ("",))
        if others:
            self._found[_key(host)] = (*others, first)


async def _ask(name: str) -> tuple[str, ...]:
    """What the system's resolver says, sorted, so that hosts on the same addresses are asked at the same one."""
    rows = await asyncio.wait_for(asyncio.get_running_loop().getaddrinfo(name, None, type=SOCK_STREAM), LOOKUP)
    found = {ip_address(str(row[4][0]).partition("%")[0]) for row in rows}
    return tuple(str(each) for each in sorted(found, key=lambda each: (each.version, int(each))))


@implementer(IHostnameResolver)
class Resolver:
    """The reactor's resolver: it knows the names of the run, each with the one address that was judged."""

    def __init__(self, names: Callable[[], Names]) -> None:
        self.names = names

    def resolveHostName(
        self,
        resolutionReceiver: Any,
        hostName: str,
        portNumber: int = 0,
        addressTypes: Sequence[type[Any]] | None = None,
        transportSemantics: Literal["TCP", "UDP"] = "TCP",
    ) -> HostResolution:
        """See `twisted.internet.interfaces.IHostnameResolver`."""
        resolution = HostResolution(hostName)
        resolutionReceiver.resolutionBegan(resolution)
        if known := self.names().address(hostName):
            kind = endpoints.IPv6Address if ":" in known else endpoints.IPv4Address
            resolutionReceiver.addressResolved(kind(transportSemantics, known, portNumber))
        resolutionReceiver.resolutionComplete()
        return resolution
