"""The place of a figure as a picture, from the snapshot that an archive keeps: which bytes and page, or why there is none."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from . import holding, warc
from .holding import Held

DRAWN = ("pdf", "image", "ofd")  # formats whose places are on pages that can be shown
_SAVE = "`nianbao show {report} --save FILE` writes the document itself."
_CITE = "`nianbao show {report} --figure {figure} --cite` shows where it stands."


class NoPicture(Exception):
    """A figure cannot be shown on its page: the reason and what else helps, for a person. Raised by `of_figure`."""


def of_figure(folder: Path, where: Held, fact: Mapping[str, Any]) -> bytes:
    """The page on which a figure is printed, its place outlined, as PNG.

    `fact` is what `query.cite` says of the figure, `where` what holds its document. Raises NoPicture, and
    warc.Damaged where the bytes cannot be read back.
    """
    from extract import picture  # heavy, and most who ask for a figure want no picture

    place = fact.get("place") or {}
    if fact["format"] not in DRAWN or "page" not in place or "box" not in place:
        raise NoPicture(_why(fact, place))
    try:
        data = holding.content_of(folder, where)
        return picture.draw(data, place["page"], tuple(place["box"]))
    except (picture.NotDrawn, warc.TooLarge) as error:
        raise NoPicture(f"{fact['figure']} cannot be drawn: {error}. {_SAVE.format(**fact)}") from error


def _why(fact: Mapping[str, Any], place: Mapping[str, Any]) -> str:
    """Why a figure has no place on a page, and what to do instead."""
    path, save, cite = fact["figure"], _SAVE.format(**fact), _CITE.format(**fact)
    if fact["state"] == "not printed":
        return f"{path} is not printed in this report, so there is nothing to outline. {save}"
    if fact["format"] not in DRAWN:
        parts = (f"{name} {place[name]}" for name in ("node", "table", "row", "column") if name in place)
        at = ", ".join(parts) or "place not known"
        return f"{path} comes from {fact['format']}, not from a PDF, OFD or a picture, so it has no page to draw ({at}). {cite} {save}"
    if "sentence" in fact:
        return f"{path} is said in a sentence, whose place on the page is not kept. {cite} {save}"
    return f"the place of {path} on its page is not known (state {fact['state']}). {cite} {save}"
