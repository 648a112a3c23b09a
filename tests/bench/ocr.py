"""Scans by the product beside full-page recognition by the same engine: seconds a page, what is right, memory, model loads.

`python -m tests.bench.ocr [DOCUMENTS]`: two processes of one thread each read the same scans, which the corpus does not
have. The full page is what RapidOCR gives for the whole picture, laid out by the product with the product's own ruling
lines, so that only the recognition differs.
"""

import argparse
import os
import resource
import time
from collections.abc import Callable
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from functools import cache
from multiprocessing import get_context
from typing import Any

import numpy as np

from extract.formats import read
from extract.layout.content import blocks_of
from extract.layout.runs import Glyph
from extract.layout.sheets import Sheet, Sure
from extract.layout.strokes import Rules
from extract.model import Hint, Text
from extract.scan import engine, lines, pdf
from extract.scan.clean import clean
from tests.corpus import Made, held_out
from tests.quality import Score, judged

WORKERS = 2
KINDS = ("scan", "scan-150")
FIRST = 40  # of the scans that the corpus does not have
GOAL = 2.0  # seconds a page with two workers


@dataclass(frozen=True, slots=True)
class Done:
    """One document read by a worker: its pages and score, the seconds of a core that it took, the worker's memory in MB,
    and how often it loaded models.
    """

    worker: int
    pages: int
    score: Score
    cpu: float
    memory: float
    loads: int


def ours(document: Made) -> Text:
    """The text by the product."""
    return read(document.data, Hint())


@cache
def _whole() -> Any:
    from rapidocr import RapidOCR

    return RapidOCR(
        params={
            "Global.log_level": "critical",
            "Global.use_cls": False,
            "EngineConfig.onnxruntime.intra_op_num_threads": 1,
            "EngineConfig.onnxruntime.inter_op_num_threads": 1,
        }
    )


def whole_pages(document: Made) -> Text:
    """The text by recognition of whole pages, the angle classifier off."""
    numbers = pdf.numbers(document.data)
    sheets = [_sheet(*drawn) for drawn in pdf.drawn(document.data, numbers)]
    return Text(blocks_of(sheets), "pdf", "")


def _sheet(number: int, picture: engine.Pixels, scale: float) -> Sheet:
    page = clean(picture)
    upright = np.repeat(page.grey[:, :, None], 3, axis=2)
    found = _whole()(upright)
    rules, _ = lines.find(page.ink, lines.print_height(page.ink))
    glyphs: list[Glyph] = []
    for box, text in zip(found.boxes if found.boxes is not None else (), found.txts or (), strict=True):
        x0, top, x1, bottom = box[:, 0].min(), box[:, 1].min(), box[:, 0].max(), box[:, 1].max()
        wide = (x1 - x0) / max(len(text), 1)
        glyphs += [
            Glyph(*(float(e) / scale for e in (x0 + n * wide, top, x0 + (n + 1) * wide, bottom)), one)
            for n, one in enumerate(text)
        ]
    ruled = Rules(
        tuple((y / scale, a / scale, b / scale) for y, a, b in rules.across),
        tuple((x / scale, a / scale, b / scale) for x, a, b in rules.upright),
    )
    size = picture.shape[1] / scale, picture.shape[0] / scale
    return Sheet(number, tuple(glyphs), ruled, number, 0, size, page.skew, 1.0, (Sure(-1, -1, 1),))


WAYS: dict[str, Callable[[Made], Text]] = {"cell by cell": ours, "whole pages": whole_pages}


def _warm(way: str) -> None:
    """Loads the models, which a worker does once."""
    engine.models() if way == "cell by cell" else _whole()._load_rec_model()


def _one(way: str, document: Made) -> Done:
    start = time.process_time()
    text = WAYS[way](document)
    cpu = time.process_time() - start
    loads = engine.models.cache_info().misses if way == "cell by cell" else _whole.cache_info().misses
    memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    return Done(os.getpid(), len(pdf.numbers(document.data)), judged(document, text), cpu, memory, loads)


def measure(way: str, documents: list[Made]) -> str:
    """A line of the table."""
    with ProcessPoolExecutor(WORKERS, get_context("spawn")) as pool:
        list(pool.map(_warm, [way] * 8 * WORKERS))
        start = time.perf_counter()
        done = list(pool.map(_one, [way] * len(documents), documents))
        seconds = time.perf_counter() - start
    total, pages = sum((one.score for one in done), Score()), sum(one.pages for one in done)
    loads = {one.worker: one.loads for one in done}
    return (
        f"{way:14}{pages:6}{seconds / pages:9.2f}{sum(one.cpu for one in done) / pages:9.2f}{total.rates()['right']:9.4f}{total.rates()['nonzero']:9.4f}"
        f"{total.rates()['narrative']:10.4f}{max(one.memory for one in done):8.0f}{max(loads.values()):7}"
    )


def main() -> None:
    """Prints the table."""
    parser = argparse.ArgumentParser(prog="python -m tests.bench.ocr", description=__doc__)
    parser.add_argument("documents", nargs="?", type=int, default=4, help="of each kind")
    count = parser.parse_args().documents
    documents = [held_out(kind, FIRST + number) for kind in KINDS for number in range(count)]
    documents = [document for document in documents if document.data.startswith(b"%PDF")]
    print(f"{len(documents)} scans, {WORKERS} workers of one thread; goal {GOAL} s a page, a worker below 1024 MB")
    print(
        f"{'':14}{'pages':>6}{'s/page':>9}{'core s':>9}{'right':>9}{'nonzero':>9}{'sentences':>10}{'MB':>8}{'loads':>7}"
    )
    for way in WAYS:
        print(measure(way, documents), flush=True)


if __name__ == "__main__":
    main()
