"""What a callback gives besides requests: rows to be stored, and how its own row ends."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

Row = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Stored:
    """A row that a callback found, for the same transaction.

    `keep`: a row that is there already stays as it is, but for the columns named in `renew`.
    """

    table: str
    values: Row
    key: tuple[str, ...]
    keep: bool = False
    renew: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Ended:
    """How the row of this response ends when not as `done`: failed with a kind and reason, for status and retry.

    `refused`: what answered is not what was asked for (a challenge, a soft 404, a captcha in place of a file).
    """

    kind: str
    reason: str
    refused: bool = False


@dataclass(frozen=True, slots=True)
class NotReport:
    """A page that its list did not name and that is no report: its row ends as `not_report`, with the reason."""

    reason: str


@dataclass(frozen=True, slots=True)
class Noted:
    """What the row of this response says beside its state."""

    note: str


@dataclass(frozen=True, slots=True)
class Spoiled:
    """Another page of the same portal that was taken for content and is none, with its kind and reason."""

    url: str
    kind: str
    reason: str
