"""Problems and measures: section 五 in its two parts, where its own headings or opening words say which is which.

Nothing is guessed: where a part is not named, or both are told in turn, there are no parts, only the section.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from .model import Part, Section

MAX_HEADING = 30  # characters
_NUMBER = r"^(?:#+\s*|\*\*)*(?:[（(]?[一二三四五六七八九十\d]{1,2}[）)、.．]+)?\s*"
_PROBLEM_WORDS = r"(?:(?:目前|当前|工作中?|政府信息公开(?:工作)?)*(?:中)?(?:仍|还)?存在的?(?:主要)?(?:困难|问题|不足)(?:[和与及、](?:不足|困难|问题))?|主要(?:问题|不足)|问题和不足)"
_MEASURE_WORDS = r"(?:(?:下一步|下步|今后)(?:的)?(?:工作)?(?:中)?(?:改进)?(?:措施|打算|安排|计划|思路|重点)?|改进(?:措施|情况|办法|方向|方法|意见)|整改(?:措施|情况|方向)|解决(?:办法|措施))"
_TAIL = r"(?:及?情况)?(?:\*\*)?"
_PROBLEMS = re.compile(rf"{_NUMBER}(?P<words>{_PROBLEM_WORDS}{_TAIL})(?P<end>[:：。]|\s|$)")
_MEASURES = re.compile(rf"{_NUMBER}(?P<words>{_MEASURE_WORDS}{_TAIL})(?P<end>[:：。，,]|\s|$)")
_TOLD = re.compile(r"问题|不足|差距|困难|短板|薄弱")  # what a passage before the measures must speak of
_AFTER_STOP = re.compile(r"(?<=[。；！？])(?=\S)")


def parts(sections: Sequence[Section]) -> tuple[Part, ...]:
    """Problems and measures, in this order, both or none.

    In one section, or in two that follow one another (存在的问题, then 改进措施), as before 2019.
    """
    for index, section in enumerate(sections):
        if not re.search("问题|不足", section.heading):
            continue
        after = sections[index + 1] if index + 1 < len(sections) else None
        if re.search("改进|打算|措施|下一步", section.heading) or after is None or not _is_measures(after.heading):
            return _split(section)
        return Part("problems", section.heading, section.text), Part("measures", after.heading, after.text)
    return ()


def _is_measures(heading: str) -> bool:
    return re.search("改进|打算|措施|下一步", heading) is not None and re.search("问题|其他", heading) is None


def _split(section: Section) -> tuple[Part, ...]:
    pieces = [piece for line in section.text.split("\n") if line.strip() for piece in _pieces(line)]
    begins = [index for index, piece in enumerate(pieces) if _MEASURES.match(piece)]
    names = [index for index, piece in enumerate(pieces) if _PROBLEMS.match(piece)]
    if not begins or begins[0] == 0 or len(names) > 1 or (names and names[0] > begins[0]):
        return ()
    first = names[0] if names else 0
    told, measures = pieces[first : begins[0]], pieces[begins[0] :]
    if not _TOLD.search("".join(told)) or any(_heads(piece) for piece in measures[1:]):
        return ()
    return (
        _part("problems", told, _PROBLEMS.match(told[0])),
        _part("measures", measures, _MEASURES.match(measures[0])),
    )


def _pieces(line: str) -> list[str]:
    """A paragraph; cut where a sentence inside of it opens one of the parts."""
    found: list[str] = []
    for sentence in _AFTER_STOP.split(line.strip()):
        if found and not (_MEASURES.match(sentence) or _PROBLEMS.match(sentence)):
            found[-1] += sentence
        else:
            found.append(sentence)
    return found


def _heads(piece: str) -> bool:
    """Whether a piece after the measures' beginning opens problems again, or measures under a further heading."""
    match = _MEASURES.match(piece)
    return bool(_PROBLEMS.match(piece)) or bool(match and len(piece) <= MAX_HEADING and piece.endswith(match["words"]))


def _part(kind: str, pieces: Sequence[str], opened: re.Match[str] | None) -> Part:
    """A heading of its own is no part of the text; opening words of a sentence are."""
    heads = opened is not None and (
        len(pieces[0]) <= MAX_HEADING and pieces[0].rstrip("：:。 *").endswith(opened["words"].rstrip("*"))
    )
    if heads:
        return Part(kind, pieces[0], "\n".join(pieces[1:]))
    return Part(kind, opened["words"] if opened else "", "\n".join(pieces))
