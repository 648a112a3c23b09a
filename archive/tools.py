"""Programs and libraries that a machine may lack: what a document was read with, and whether that is as good as what is here.

A page is built again where a tool is there that it lacked, never where there is a worse one: that would take its figures
away.
"""

from __future__ import annotations

from collections.abc import Mapping

from extract import ocr, unrar

from . import office

RANKS: Mapping[str, tuple[str, ...]] = {  # the better the later
    "converter": office.RANK,
    "ocr": ("none", "rapidocr"),
    "rar": ("none", "libarchive"),
}


def available() -> dict[str, str]:
    """What this machine has of each."""
    return {
        "converter": office.available(),
        "ocr": "none" if ocr.missing() else "rapidocr",
        "rar": "none" if unrar.missing() else "libarchive",
    }


def worst(used: Mapping[str, str], also: Mapping[str, str]) -> dict[str, str]:
    """Of what several documents were read with, the worst of each tool."""
    both = dict(used)
    for tool, name in also.items():
        both[tool] = min(both.get(tool, name), name, key=RANKS[tool].index)
    return both


def suffice(used: Mapping[str, str], here: Mapping[str, str]) -> bool:
    """Whether this machine has nothing better than what was used."""
    return all(RANKS[tool].index(here[tool]) <= RANKS[tool].index(name) for tool, name in used.items() if tool in RANKS)
