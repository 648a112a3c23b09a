"""The recogniser: PP-OCRv6 small in the wheel of rapidocr, on one core, loaded once by a process.

Lines are recognised many by a call, each no wider than it is: rapidocr's own loop pads every cell to 320 pixels, which
makes a table of single digits five times as slow. Its angle classifier stays off: it turns 86 into 98.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any, NamedTuple

import cv2
import numpy as np
from numpy.typing import NDArray

Pixels = NDArray[np.uint8]

HEIGHT = 48  # pixels: of every line that the model is given
STEP = 8  # of them from left to right to one step of its answer
BATCH = 1280  # pixels: the widths of all lines of one call; more is slower, its memory leaves the cache
WIDEST = 48 * 80  # a line of A3 in small print is shorter; what is longer is pressed together
TWINS = {"0": "Oo〇○", "1": "lI|"}  # digits, and what only words can hold in their place
_DIGITS = set("0123456789")
_FIGURES = _DIGITS.union(*TWINS.values(), ".,")
SIDE = 960  # pixels: the longer side of the page that the detector is given


class Mark(NamedTuple):
    """A character that was recognised: from where to where, as shares of its line's width; how sure, from 0 to 1."""

    text: str
    x0: float
    x1: float
    sure: float


@dataclass(frozen=True, slots=True)
class Models:
    """The loaded models: `find` gives the boxes of lines on a page, `say` the chances of characters in lines."""

    find: Any
    say: Any
    characters: tuple[str, ...]


@cache
def models() -> Models:
    """The models, loaded once by a process (`models.cache_info()` counts)."""
    from rapidocr import RapidOCR

    engine: Any = RapidOCR(
        params={
            "Global.log_level": "critical",
            "EngineConfig.onnxruntime.intra_op_num_threads": 1,
            "EngineConfig.onnxruntime.inter_op_num_threads": 1,
            "Det.limit_side_len": SIDE,
            "Det.limit_type": "max",
        }
    )
    find, say = engine._load_det_model(), engine._load_rec_model()
    return Models(find, say.session, tuple(say.postprocess_op.character))


def recognise(lines: Sequence[Pixels]) -> list[tuple[Mark, ...]]:
    """What lines of text say: grey pictures of a line each, dark on white."""
    found: list[tuple[Mark, ...]] = [()] * len(lines)
    if not lines:
        return found
    known = models()
    sized = [_sized(line) for line in lines]
    for batch in _batches([line.shape[1] for line in sized]):
        answers = known.say(_stacked([sized[index] for index in batch]))
        for index, answer in zip(batch, answers, strict=True):
            steps = -(-sized[index].shape[1] // STEP)
            found[index] = _marks(answer[:steps], known.characters)
    return found


def detect(page: Pixels) -> list[tuple[float, float, float, float]]:
    """The boxes of the lines of text on a grey page: x0, top, x1, bottom in pixels."""
    boxes = models().find(cv2.cvtColor(page, cv2.COLOR_GRAY2BGR)).boxes
    if boxes is None:
        return []
    return [
        (float(box[:, 0].min()), float(box[:, 1].min()), float(box[:, 0].max()), float(box[:, 1].max()))
        for box in boxes
    ]


def _sized(line: Pixels) -> Pixels:
    height, width = line.shape
    wide = min(max(round(width * HEIGHT / height), STEP), WIDEST)
    shrinks = height > HEIGHT
    return np.asarray(
        cv2.resize(line, (wide, HEIGHT), interpolation=cv2.INTER_AREA if shrinks else cv2.INTER_CUBIC), np.uint8
    )


def _batches(widths: Sequence[int]) -> Iterator[list[int]]:
    """Lines of about one width together, as many as one call takes."""
    batch: list[int] = []
    for index in sorted(range(len(widths)), key=widths.__getitem__):
        if batch and widths[index] * (len(batch) + 1) > BATCH:
            yield batch
            batch = []
        batch.append(index)
    if batch:
        yield batch


def _stacked(lines: Sequence[Pixels]) -> NDArray[np.float32]:
    """Lines as the model takes them: -1 black, 1 white, 0 beyond the end; three colours alike."""
    width = -(-max(line.shape[1] for line in lines) // STEP) * STEP
    stack = np.zeros((len(lines), 3, HEIGHT, width), np.float32)
    for index, line in enumerate(lines):
        stack[index, :, :, : line.shape[1]] = line.astype(np.float32) / 127.5 - 1
    return stack


def _marks(answer: NDArray[np.float32], characters: Sequence[str]) -> tuple[Mark, ...]:
    """The characters of one answer (steps by characters; 0 is none); among figures only, 0 and the letter O are one."""
    marks = _decoded(answer, characters)
    text = {mark.text for mark in marks}
    if not text <= _FIGURES or text <= _DIGITS:
        return marks
    places = {character: number for number, character in enumerate(characters)}
    answer = answer.copy()
    for digit, alike in TWINS.items():
        others = [places[one] for one in alike if one in places]
        answer[:, places[digit]] += answer[:, others].sum(axis=1)
        answer[:, others] = 0
    return _decoded(answer, characters)


def _decoded(answer: NDArray[np.float32], characters: Sequence[str]) -> tuple[Mark, ...]:
    """The likeliest character at each step, repeats made one."""
    best, chance = answer.argmax(axis=1), answer.max(axis=1)
    steps = len(best)
    marks: list[Mark] = []
    last = 0
    for step, (number, sure) in enumerate(zip(best.tolist(), chance.tolist(), strict=True)):
        if number and number == last:
            old = marks[-1]
            marks[-1] = Mark(old.text, old.x0, (step + 1) / steps, max(old.sure, sure))
        elif number:
            marks.append(Mark(characters[number], step / steps, (step + 1) / steps, sure))
        last = number
    return tuple(marks)
