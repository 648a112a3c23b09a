"""The corpus by hand: `python -m tests.corpus --write` makes the committed files anew, `--out DIR` writes all documents."""

import argparse
import shutil
import sys
from pathlib import Path

from . import COMMITTED, FORMATS, STRUCTURAL, committed, digest, documents, office

SUFFIXES = {"pdf-ruled": "pdf", "pdf-bare": "pdf", "text-a": "txt", "text-b": "txt", "images": "html"}


def main() -> None:
    """Parses the command line."""
    parser = argparse.ArgumentParser(prog="python -m tests.corpus", description=__doc__)
    parser.add_argument(
        "--write", action="store_true", help="make the files under tests/fixtures/corpus anew (LibreOffice)"
    )
    parser.add_argument("--out", type=Path, help="write every document into this folder, one folder per format")
    parser.add_argument("formats", nargs="*", help="these formats only")
    options = parser.parse_args()
    formats = options.formats or [*FORMATS, *STRUCTURAL]
    if options.write:
        if not shutil.which("soffice"):
            sys.exit("soffice was not found: apt-get install libreoffice-writer-nogui fonts-noto-cjk")
        for format in formats:
            if format in COMMITTED:
                size = office.write(committed(format))
                print(f"{format:10}{COMMITTED[format]:4} files {size / 1024:8.0f} KB", flush=True)
    for format in formats if options.out else ():
        folder = options.out / format
        folder.mkdir(parents=True, exist_ok=True)
        for document in documents(format):
            scanned = "pdf" if document.data.startswith(b"%PDF") else "tiff"
            suffix = SUFFIXES.get(format, scanned if format.startswith("scan") else format)
            (folder / f"{document.name}.{suffix}").write_bytes(document.data)
            for address, data in document.pictures.items():
                (folder / f"{document.name}-{address}").write_bytes(data)
    if not options.write and not options.out:
        for format in formats:
            print(f"{format:10} {digest(format)}", flush=True)


if __name__ == "__main__":
    main()
