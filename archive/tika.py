"""The script that `archive/office.py` runs where only extractous is installed: OUT FILE…, a text in OUT for each file.

A process of its own, because it is native code: what kills it must not take the build down. It imports nothing of ours.
"""

from __future__ import annotations

import sys
from pathlib import Path

MAX_TEXT = 20_000_000  # characters: a report has well under one million


def main(out: str, *files: str) -> None:
    """Write the text of each file; what cannot be read leaves none, and its reason on standard error."""
    from extractous import Extractor

    for file in map(Path, files):
        try:
            text, _ = Extractor().set_extract_string_max_length(MAX_TEXT).extract_file_to_string(str(file))
        except Exception as error:  # extractous raises TypeError for whatever happens inside
            print(f"{file.name}: {error}", file=sys.stderr)
            continue
        part = Path(out) / f"{file.stem}.part"
        part.write_text(text, encoding="utf-8")
        part.rename(part.with_suffix(".txt"))


if __name__ == "__main__":
    main(*sys.argv[1:])
