"""Files that LibreOffice makes from Word files: DOC, RTF, WPS, and PDF as offices print them.

A fresh machine lacks LibreOffice, so they are committed under tests/fixtures/corpus/ with a manifest: a name, the key
of its truth, the digest of that truth, and the digest of the file. `python -m tests.corpus --write` makes them anew.
"""

import hashlib
import json
import shutil
import subprocess
import tempfile
from collections.abc import Mapping, Sequence
from functools import cache
from pathlib import Path

from . import word
from .model import Plan
from .word import Look

FOLDER = Path(__file__).resolve().parent.parent / "fixtures" / "corpus"
FILTERS = {"doc": "doc:MS Word 97", "wps": "doc:MS Word 97", "rtf": "rtf:Rich Text Format", "pdf": "pdf"}
PRINTED: Mapping[str, Mapping[str, Look]] = {
    "pdf-ruled": {
        "printed": Look(),
        "printed, landscape": Look(landscape=True, page=True, heads=True),
        "printed, top": Look(valign="top", page=True, size=10.5),
        "printed, empty cells": Look(merge="none", size=8),
    },
    "pdf-bare": {
        "printed, no lines": Look(lines="none", page=True),
        "printed, horizontal lines": Look(lines="horizontal", heads=True),
        "printed, no lines, top": Look(lines="none", valign="top", heads=True, page=True),
        "printed, horizontal lines, landscape": Look(lines="horizontal", landscape=True, size=10.5),
    },
}
WORD: Mapping[str, Look] = {name: look for name, look in word.LOOKS.items() if name != "automatic numbers"}


class Outdated(Exception):
    """A committed file was made from another truth than today's. Raised by `load`; run `python -m tests.corpus --write`."""


def looks(format: str) -> Mapping[str, Look]:
    """The looks that a format's Word files have before they are converted."""
    return PRINTED.get(format, WORD)


def around(plan: Plan) -> tuple[str, ...]:
    """What stands at the head and the foot of the pages."""
    return (word.HEAD, "- 2 -") if looks(plan.format)[plan.look].page else ()


def load(plan: Plan) -> bytes:
    """The committed file of a plan. Raises Outdated where it does not belong to the plan any more."""
    entry = manifest(plan.format).get(plan.name)
    if entry is None or entry["truth_sha256"] != truth_digest(plan):
        raise Outdated(f"{plan.format}/{plan.name} is not made from today's truth: run python -m tests.corpus --write")
    data = _path(plan).read_bytes()
    if hashlib.sha256(data).hexdigest() != entry["sha256"]:
        raise Outdated(f"{_path(plan)} is not the file that the manifest names: run python -m tests.corpus --write")
    return data


@cache
def manifest(format: str) -> dict[str, dict[str, str]]:
    """The committed files of a format, by name."""
    path = FOLDER / format / "manifest.json"
    rows = json.loads(path.read_text(encoding="utf-8")) if path.exists() else []
    return {row["name"]: row for row in rows}


def truth_digest(plan: Plan) -> str:
    """Of everything that a plan prints and the look it has."""
    said = repr((plan.document, sorted(plan.report.figures.items()), looks(plan.format)[plan.look]))
    return hashlib.sha256(said.encode()).hexdigest()[:16]


def write(plans: Sequence[Plan]) -> int:
    """Makes the files of one format with one call of LibreOffice, and their manifest; gives their size in bytes."""
    format = plans[0].format
    folder = FOLDER / format
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    with tempfile.TemporaryDirectory() as scratch:
        sources = []
        for plan in plans:
            sources.append(Path(scratch) / f"{plan.name}.docx")
            sources[-1].write_bytes(word.file(plan.document, looks(format)[plan.look]))
        _convert(sources, Path(scratch), _kind(format))
        rows = []
        for plan in plans:
            made = Path(scratch) / f"{plan.name}.{FILTERS[_kind(format)].partition(':')[0]}"
            data = made.read_bytes()
            _path(plan).write_bytes(data)
            digest = hashlib.sha256(data).hexdigest()
            row = {"name": plan.name, "truth": plan.report.key, "truth_sha256": truth_digest(plan), "sha256": digest}
            rows.append(row)
    text = json.dumps(rows, ensure_ascii=False, indent=1) + "\n"
    (folder / "manifest.json").write_text(text, encoding="utf-8")
    manifest.cache_clear()
    return sum(path.stat().st_size for path in folder.iterdir())


def _convert(sources: Sequence[Path], folder: Path, kind: str) -> None:
    profile = f"-env:UserInstallation=file://{folder}/profile"
    command = ["soffice", profile, "--headless", "--convert-to", FILTERS[kind], "--outdir", str(folder)]
    subprocess.run([*command, *map(str, sources)], check=True, capture_output=True, timeout=900)


def _kind(format: str) -> str:
    return "pdf" if format.startswith("pdf") else format


def _path(plan: Plan) -> Path:
    return FOLDER / plan.format / f"{plan.name}.{_kind(plan.format)}"
