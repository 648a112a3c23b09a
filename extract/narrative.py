"""Numbers that a report says in sentences, each with its sentence as evidence.

One number: value and sentence. Sentences that disagree: no value, and all the sentences (forms.json, narrative_rule).
How they are said stands in `phrases/`; here is what a clause speaks of: this year or another one, the organ itself or
the whole county, another organ, a total or a part (其中). What is doubtful is left out: a wrong number is worse than none.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from decimal import Decimal
from functools import cache, lru_cache
from itertools import groupby

from msgspec import Struct
from msgspec.structs import replace

from . import hedges, sections, subjects
from .counts import UNITS, arabic
from .model import Number
from .phrases import Pattern, all_patterns

_AFTER_STOP = re.compile(r"(?<=[。；！？])")
_COMMA = re.compile(r"[，；]|,(?!\d)")
_TITLES = re.compile(r"《[^》]*》")
_TIME = re.compile(
    r"^(?:而|且|截至|自|从|在|到)?(?:(?P<other>去年|上一?年度?|前年|往年|历年|近[一二两三几\d]年)|(?P<this>今年|本年度?|全年)|(?P<year>20\d\d)年)"
)
_CARRIED = re.compile(r"结转|转结")
_YEAR = re.compile(r"(20\d\d)(?=年|[、和至到—\-~～]+20\d\d)")
_OTHER_YEAR = re.compile(
    r"去年|上一?年度?(?!结转|转结)|前年|往年|同期|同比|环比|(?:较|比|相比).{0,8}(?:增|减|上升|下降|多|少)|(?:增长|减少|下降|上升)(?:了)?\d"
)
_WHOLE = re.compile(
    r"全[县市区省国州旗]|各(?:部门|单位|乡|镇|街道|级|村|社区|科室|股室)|辖区内|系统内|全系统|所属|下属|局属|县[级直]部门|[市区]直部门"
    r"|(?:^|度|年)(?:省|市|县|区)(?:人民)?政府(?:全年|本年度?|共|累计|共计)*(?:收到|受理|接收|接到|新收)"
    r"|(?:^|度|年)\d+个(?:单位|部门|机关|乡镇|镇|街道|村|社区)(?:共|累计|共计)*(?:收到|受理|公开|发布|接到)"
)
_OWN = re.compile(r"(?:我|本)(?:[局镇乡县区市委办院中街机]|单位|街道)")
_DIGIT = re.compile(r"\d")
_PART = re.compile(r"^(?:其中|包括|包含)[:：，]?")
_EACH = re.compile(
    rf"(?P<labels>[^，；。：:\d]{{2,60}}?)(?:数量|数)?(?:分别|依次)(?:为|是|有|达|达到)?(?P<counts>\d+余?[{UNITS}]?(?:(?:[、和及]|以及)\d+余?[{UNITS}]?)+)"
)
_BETWEEN = re.compile(r"、|以及|和|及|与")
_SHARED = re.compile(r"(?:(?:行政)?诉讼|申请|信息|规范性文件)$")
_PERIOD = re.compile(r"(20\d\d)年1月1日[^。；]{0,8}?(?:至|到|—|-)(?:(20\d\d)年)?(\d{1,2})月(\d{1,2})日")
_STATISTICS = re.compile(r"统计|数据|期限|时限|起止|反映|报告")
_FORM = re.compile(r"国办公开办函[〔\[(（【](20\d\d)[〕\])）】](\d+)号")


class Clause(Struct, frozen=True, gc=False):
    """A clause: its words, whether it speaks of another time than the year, of the whole county, of a part of a total, or
    of another organ; `timed`: it begins with a time."""

    text: str
    other_year: bool
    elsewhere: bool
    part: bool
    timed: bool
    others: bool = False


class Sentence(Struct, frozen=True, gc=False):
    """A sentence as printed, as it is matched, and its clauses."""

    printed: str
    text: str
    clauses: tuple[Clause, ...]


class _Of(Struct, frozen=True, gc=False):
    """Of what report a paragraph is: its year and publisher, whether it is of a whole county, and the heading above."""

    year: int | None
    whole: bool
    publisher: str
    heading: str = ""


def numbers(
    paragraphs: Sequence[str], year: int | None = None, whole: bool = True, publisher: str | None = None
) -> Mapping[str, Number]:
    """The numbers said in the paragraphs, by key; the evidence is the sentence as printed.

    `year`: the report's; clauses that name another one say nothing of it. `whole`: False where the report is one
    organ's, so that clauses about 全县 say nothing of it. `publisher`: clauses with another organ as their subject say
    nothing of it; where it is not known, an organ that is named is taken for it.
    """
    hits: dict[str, list[tuple[Decimal | None, str]]] = {}
    of = _Of(year, whole, publisher or "")
    for paragraph in paragraphs:
        if sections.is_heading(paragraph):
            of = replace(of, heading=paragraph)
        text = arabic(paragraph)
        for key, value, printed in (*_counted(paragraph, text, of), *_named(paragraph, text)):
            hits.setdefault(key, []).append((value, printed))
    return {key: _number(key, hits[key]) for key in keys() if key in hits}


def keys() -> list[str]:
    """Every key that a number can have."""
    return ["n_stat_period", "n_cites_form", *(pattern.key for pattern in all_patterns())]


def _number(key: str, hits: Sequence[tuple[Decimal | None, str]]) -> Number:
    sentences = list(dict.fromkeys(printed for _, printed in hits))
    if len({value for value, _ in hits}) == 1:
        return Number(key, hits[0][0], sentences[0])
    return Number(key, None, "\n".join(sentences))


def _counted(paragraph: str, text: str, of: _Of) -> Iterator[tuple[str, Decimal, str]]:
    said = {word for word in _all_words() if word in text}
    patterns = [one for one in all_patterns() if one.about in text and not said.isdisjoint(one.words)] if said else []
    for sentence in _sentences(paragraph, of) if patterns else ():
        for pattern in patterns:
            if any(word in sentence.text for word in pattern.words):
                for value in _values(pattern, sentence, of):
                    yield pattern.key, value, sentence.printed


@cache
def _all_words() -> tuple[str, ...]:
    """The words of all patterns, each once: many patterns have the same."""
    return tuple(dict.fromkeys(word for one in all_patterns() for word in one.words))


def _values(pattern: Pattern, sentence: Sentence, of: _Of) -> list[Decimal]:
    """The numbers of the clauses that speak of the pattern's subject; 0 where these say that there is none."""
    fit = [clause.text if _fits(pattern, clause, of.whole) else "" for clause in sentence.clauses]
    values = [
        value
        for n, clause in enumerate(fit)
        if _counts(pattern, clause)
        for value in _in_clause(pattern, clause, of.year)
        if not value or _is_tied(pattern, sentence.clauses, n, of.heading)
    ]
    if values or not pattern.none:
        return values
    runs = ["，".join(run) for fits, run in groupby(fit, bool) if fits]
    found = [(run, match) for run in runs for none in pattern.none for match in none.finditer(run)]
    return [Decimal(0)] if any(not hedges.not_none(run, *match.span()) for run, match in found) else []


def _is_tied(pattern: Pattern, clauses: Sequence[Clause], n: int, heading: str) -> bool:
    """Whether a count is of what the pattern must be tied to: its clause or one before says so, or the heading above.

    Not where that is said of a part of it only: 行政复议30件，其中涉及政府信息公开2件.
    """
    before, behind = [clause.text for clause in clauses[: n + 1]], clauses[n + 1 :]
    if pattern.tie is None or any(map(pattern.tie.search, before)):
        return True
    if any(clause.part and pattern.tie.search(clause.text) for clause in behind):
        return False
    hinted = pattern.hint is not None and any(map(pattern.hint.search, before))
    return hinted or bool(pattern.under and pattern.under in heading)


def _counts(pattern: Pattern, clause: str) -> bool:
    """Whether a clause has a number and a word of the pattern: cheaper than to look for its wordings."""
    return _DIGIT.search(clause) is not None and any(word in clause for word in pattern.words)


def _fits(pattern: Pattern, clause: Clause, whole: bool) -> bool:
    if (
        (clause.other_year and not pattern.any_year)
        or clause.others
        or (clause.elsewhere and not whole)
        or (clause.part and pattern.whole)
        or hedges.of_some(clause.text)
    ):
        return False
    return pattern.unless is None or not pattern.unless.search(clause.text)


def _in_clause(pattern: Pattern, clause: str, year: int | None) -> Iterator[Decimal]:
    for says in pattern.says:
        for match in says.finditer(clause):
            named = match.groupdict()
            last, following = named.get("before"), named.get("after")
            if year and ((last and int(last) != year - 1) or (following and int(following) != year + 1)):
                continue
            if hedges.denied(clause, match.start(), match.end(), pattern.any_year):
                continue
            yield Decimal(named.get("n") or match[1])


def _sentences(paragraph: str, of: _Of) -> Iterator[Sentence]:
    """The sentences of a paragraph, with what the report's publisher tells of whose number a clause is."""
    others = False  # another organ goes on to be meant until the own one, or a time, is named
    for sentence in _parted(paragraph, of.year):
        if not of.publisher:
            yield sentence
            continue
        clauses: list[Clause] = []
        for clause in sentence.clauses:
            others = _is_others(clause.text, of.publisher, of.whole, others and not (clause.timed and not clauses))
            clauses.append(replace(clause, others=True) if others else clause)
        yield Sentence(sentence.printed, sentence.text, tuple(clauses))


@lru_cache(maxsize=2_000)  # the reports of a county say many things in the same words
def _parted(paragraph: str, year: int | None) -> tuple[Sentence, ...]:
    return tuple(_sentence(printed, year) for printed in _AFTER_STOP.split(paragraph) if printed.strip())


def _sentence(printed: str, year: int | None) -> Sentence:
    """Year, months and place hold on in a sentence until a clause names others; 其中 holds for its clause."""
    text = arabic(printed)
    if "分别" in text or "依次" in text:
        text = _EACH.sub(_given_out, text)
    clauses: list[Clause] = []
    other = elsewhere = part = until = held = False
    for words in _COMMA.split(text):
        bare = _without_titles(words)
        time = _TIME.match(bare)
        if time and not _CARRIED.search(bare):
            other = bool(time["other"]) or bool(time["year"] and year and int(time["year"]) != year)
        until = until or hedges.until(bare)
        elsewhere = bool(_WHOLE.search(bare)) or (elsewhere and not _OWN.search(bare))
        named = {int(found) for found in _YEAR.findall(bare)} if "20" in bare else None
        compared = bool(_OTHER_YEAR.search(bare)) or bool(year and named and named != {year})
        compared = compared or hedges.other_months(bare) or hedges.is_stock(bare, until)
        held = (held and not time) or hedges.holds(bare)
        begins = _PART.match(words)
        clauses.append(Clause(words, other or held or compared, elsewhere, part or bool(begins), bool(time)))
        part = bool(begins and begins.end() == len(words))
    return Sentence(printed.strip(), text, tuple(clauses))


def _without_titles(words: str) -> str:
    return _TITLES.sub("", words) if "《" in words else words


def _is_others(clause: str, publisher: str, whole: bool, before: bool) -> bool:
    """Whether a clause is about another organ than the publisher; as the clauses before, where it names none."""
    bare = _without_titles(clause)
    told = subjects.other(bare, publisher, whole)
    return (before and not _OWN.search(bare)) if told is None else told


def _given_out(found: re.Match[str]) -> str:
    """当面、网络申请分别为1件、2件 → 当面申请1件，网络申请2件; left as it is where there are not as many of both."""
    labels, counts = _BETWEEN.split(found["labels"]), _BETWEEN.split(found["counts"])
    if len(labels) != len(counts) or not all(labels):
        return found[0]
    shared = _SHARED.search(labels[-1])
    common, unit = shared[0] if shared and len(shared[0]) < len(labels[-1]) else "", counts[-1].lstrip("0123456789余")
    if common in ("诉讼", "行政诉讼"):
        common = ""
    each = (
        label + ("" if label.endswith(common) else common) + count + ("" if count[-1] in UNITS else unit)
        for label, count in zip(labels, counts, strict=True)
    )
    return "，".join(each)


def _named(paragraph: str, text: str) -> Iterator[tuple[str, Decimal | None, str]]:
    """The statistics period as its year (none where it is not 1 January to 31 December), and the form that is cited, 30 or 60."""
    if "年1月1日" not in text and "国办公开办函" not in text:
        return
    for printed in _AFTER_STOP.split(paragraph):
        sentence = arabic(printed)
        if _STATISTICS.search(sentence):
            for begins, ends, month, day in _PERIOD.findall(sentence):
                full = ends in ("", begins) and (month, day) == ("12", "31")
                yield "n_stat_period", Decimal(begins) if full else None, printed.strip()
        for _, number in _FORM.findall(sentence):
            yield "n_cites_form", Decimal(number), printed.strip()
