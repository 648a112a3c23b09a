"""The one place where time comes from."""

from __future__ import annotations

from datetime import UTC, datetime


def now() -> str:
    """The time now, UTC, to the microsecond, as stored everywhere: 2026-01-20T08:00:00.000000Z."""
    return datetime.now(UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ")
