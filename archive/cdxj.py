"""The index of a segment: sorted lines `surt timestamp {json}`, for tools that replay WARC files."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from http import HTTPStatus

from .surt import surt


def line(
    segment: str,
    start: int,
    length: int,
    type: str,
    headers: Mapping[str, str],
    status: int | None,
    http_headers: Iterable[tuple[str, str]],
) -> str:
    """The line of a capture; nothing for a 304.

    Replay would hand a 304 on to a browser that holds no copy. Without it, the nearest line is that of the record that the
    304 confirmed.
    """
    if type == "revisit" and status == HTTPStatus.NOT_MODIFIED:
        return ""
    url = headers["WARC-Target-URI"]
    sent = next((value for name, value in http_headers if name.lower() == "content-type"), "")
    mime = (sent or headers.get("Content-Type", "")).partition(";")[0].strip() or "unk"
    entry = {
        "url": url,
        "mime": "warc/revisit" if type == "revisit" else mime,
        "status": str(status or 200),
        "digest": headers.get("WARC-Payload-Digest", ""),
        "length": str(length),
        "offset": str(start),
        "filename": segment,
    }
    stamp = "".join(filter(str.isdigit, headers["WARC-Date"]))[:14]
    return f"{surt(url)} {stamp} {json.dumps(entry, ensure_ascii=False)}\n"
