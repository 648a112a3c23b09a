"""Which of several real wordings a report uses: decided by its style, the same on every run."""

from collections.abc import Sequence
from typing import TypeVar
from zlib import crc32

T = TypeVar("T")


def choose(style: str, place: str, options: Sequence[T]) -> T:
    """One of the options, for a report's style and a place in it."""
    return options[crc32(f"{style}#{place}".encode()) % len(options)]
