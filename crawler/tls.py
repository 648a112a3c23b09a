"""TLS as servers of county portals speak it: a normal handshake first, then one that old servers can follow.

What was served is the evidence, so no certificate stops the crawl; what is wrong with one is recorded with the captures
of its host, as is the weaker TLS. Both hold for the run.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from typing import Any

from OpenSSL import SSL
from service_identity import VerificationError
from service_identity.exceptions import CertificateError
from service_identity.hazmat import DNS_ID, IPAddress_ID, verify_service_identity
from service_identity.pyopenssl import extract_patterns
from twisted.internet._sslverify import ClientTLSOptions
from twisted.internet.error import ConnectionDone, ConnectionLost
from twisted.internet.ssl import AcceptableCiphers, CertificateOptions, TLSVersion, platformTrust
from twisted.web.iweb import IPolicyForHTTPS
from zope.interface import implementer

from .manners import Manners

_LEGACY_RENEGOTIATION = 0x4  # SSL_OP_LEGACY_SERVER_CONNECT, which pyOpenSSL does not name


@dataclass(frozen=True, slots=True)
class Level:
    """A way to shake hands; `name` is what captures say of it."""

    name: str
    ciphers: str
    least: TLSVersion


LEVELS = (
    Level("", "DEFAULT", TLSVersion.TLSv1_2),
    Level("legacy renegotiation, security level 1", "DEFAULT:@SECLEVEL=1", TLSVersion.TLSv1_2),
    Level("TLS 1.0, security level 0", "ALL:!aNULL:!eNULL:@SECLEVEL=0", TLSVersion.TLSv1_0),
)


def failed(error: BaseException, known: bool) -> bool:
    """Whether it was TLS that failed: its error lies somewhere in what a download raised.

    So does the end of the connection, where the host is not `known` to have come as far as a certificate: old servers hang
    up on what they do not understand.
    """
    seen: list[Any] = [error]
    for each in seen:
        if isinstance(each, SSL.Error) or (not known and isinstance(each, ConnectionLost | ConnectionDone)):
            return True
        reasons = [getattr(reason, "value", reason) for reason in getattr(each, "reasons", ()) or ()]
        seen += [inner for inner in (*reasons, getattr(each, "__cause__", None)) if inner and inner not in seen]
    return False


class _Options(CertificateOptions):
    """Certificate options of a level; the context is made once."""

    def __init__(self, level: Level) -> None:
        super().__init__(
            trustRoot=platformTrust(),  # type: ignore[no-untyped-call]
            fixBrokenPeers=True,
            acceptableCiphers=AcceptableCiphers.fromOpenSSLCipherString(level.ciphers),  # type: ignore[no-untyped-call]
            insecurelyLowerMinimumTo=level.least,
        )
        self.level = level

    def _makeContext(self, *arguments: Any, **named: Any) -> SSL.Context:
        context: SSL.Context = super()._makeContext(*arguments, **named)
        if self.level.name:
            context.set_options(_LEGACY_RENEGOTIATION)
            context.set_cipher_list(self.level.ciphers.encode())  # a list of names has lost the level
        return context


@cache
def _options(level: int) -> _Options:
    return _Options(LEVELS[level])


@implementer(IPolicyForHTTPS)
class Contexts:
    """Gives Scrapy's agent the TLS of a host: as weak as the run has found it to be, and never checked, only judged."""

    def __init__(self, manners: Callable[[], Manners]) -> None:
        self.manners = manners

    def creatorForNetloc(self, hostname: bytes, port: int) -> _Judging:
        """See `twisted.web.iweb.IPolicyForHTTPS`."""
        manners, host = self.manners(), hostname.decode("ascii")
        made = _Judging(_options(manners.weak.get(host, 0))._makeTLSConnection, host)
        made.certificates = manners.certificates
        return made


class _Judging(ClientTLSOptions):
    """A handshake that accepts any certificate, and remembers what is wrong with it."""

    certificates: dict[str, str]

    def clientConnectionForTLS(self, tlsProtocol: Any) -> SSL.Connection:
        """The connection of a handshake, with our judgement of the certificate in the place of Twisted's."""
        connection: SSL.Connection = super().clientConnectionForTLS(tlsProtocol)
        host, wrong = self._hostnameASCII, set[str]()

        def judge(_: SSL.Connection, certificate: Any, error: int, depth: int, ok: int) -> bool:
            if error:
                wrong.add(_REASONS.get(error, f"error {error} of OpenSSL"))
            if depth == 0 and not _is_for(certificate, host, self._hostnameIsDnsName):
                wrong.add("for another host")
            self.certificates[host] = ", ".join(sorted(wrong))
            return True

        connection.set_verify(SSL.VERIFY_PEER | SSL.VERIFY_FAIL_IF_NO_PEER_CERT, judge)
        return connection


def _is_for(certificate: Any, host: str, is_name: bool) -> bool:
    try:
        verify_service_identity(extract_patterns(certificate), [DNS_ID(host) if is_name else IPAddress_ID(host)], [])
    except (CertificateError, VerificationError, ValueError):
        return False
    return True


_REASONS = {
    9: "not valid yet",
    10: "expired",
    18: "self-signed",
    19: "self-signed issuer",
    20: "issuer unknown",
    21: "chain incomplete",
    66: "key too weak",
    68: "digest too weak",
}


def written(manners: Manners, host: str) -> str:
    """What a capture says of the TLS of its host: how weak, and what is wrong with the certificate; mostly nothing."""
    weak = LEVELS[manners.weak.get(host, 0)].name
    wrong = manners.certificates.get(host, "")
    return "; ".join(filter(None, (weak, f"certificate {wrong}" if wrong else "")))
