"""Numbers that a report says in sentences, each with its sentence as evidence; and how to reach its publisher.

Patterns: reference/forms.json, `narrative`. One number: value and sentence. Sentences that disagree: no value, and all
the sentences (narrative_rule).
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from .model import Number
from .titles import is_organ, squeeze


@dataclass(frozen=True, slots=True)
class Pattern:
    """What a number is called and how sentences say it; `none` says that it is zero, `about` must stand near it.

    Every one of `says` needs a digit: clauses without any are not looked at.
    """

    key: str
    says: tuple[str, ...]
    none: tuple[str, ...] = ()
    about: str = ""
    any_year: bool = False  # speaks of another year by its nature (上年结转)


@dataclass(frozen=True, slots=True)
class Sentence:
    """A sentence as printed and without white space, its clauses that hold a figure, and its whole paragraph."""

    printed: str
    text: str
    clauses: tuple[str, ...]
    paragraph: str


_COUNT = r"(?:件|条|份|起|宗)"
_REQUEST = r"(?:政府信息公开申请|依申请公开政府信息|依申请公开|公开申请|申请)"
PATTERNS = (
    Pattern(
        "n_proactive_items",
        (
            r"(?:主动)?公开(?:各类|政府|政务)*(?:政府|政务)?信息(?:总数|共|累计|共计)*(\d[\d,]*)余?(?:条|篇|件)",
            r"共?发布(?:各类)?信息(\d[\d,]*)余?条",
        ),
    ),
    Pattern(
        "n_requests_received",
        (
            r"(?:收到|受理|接收)(?:并按期回复)?(?:各类|书面)*(?:政府信息)?(?:依申请公开|公开申请|申请)?"
            rf"(?:事项|政府信息公开申请|政府信息)?(?:共|共计)?(\d[\d,]*){_COUNT}",
        ),
        none=(
            rf"(?:未|没有)(?:曾)?(?:收到|受理|接到|接收)(?:过)?(?:任何)?(?:形式的?)?(?:公民、法人.{{0,12}}的)?{_REQUEST}",
        ),
        about="申请",
    ),
    Pattern(
        "n_carried_in",
        (rf"(?:上年|上年度|20\d\d年)(?:度)?(?:结转|转结)(?:政府信息公开申请)?(\d+){_COUNT}",),
        any_year=True,
    ),
    Pattern(
        "n_carried_out",
        (rf"(\d+){_COUNT}结转(?:至)?下(?:一)?年", rf"结转(?:至)?(?:下年度?|20\d\d年度?)(?:继续)?办理(\d+){_COUNT}"),
    ),
    Pattern("n_requests_online", (rf"网络申请(?:数)?(\d+){_COUNT}",)),
    Pattern("n_requests_letter", (rf"信函申请(?:数)?(\d+){_COUNT}",)),
    Pattern("n_requests_in_person", (rf"当面申请(?:数)?(\d+){_COUNT}",)),
    Pattern("n_policy_interpretations", (r"解读(?:信息|材料|稿件)?(?:发布)?(\d+)(?:条|件|篇)",)),
)

_CONTACT = {
    "phone": r"(?<!举报)(?<!监督)(?<!投诉)(?<!传真)(?<!值班)(?:电话|联系方式)(?:号码)?[:：是为](?P<value>(?:[（(]?0\d{2,3}[）)]?[-—－]?)?\d{7,8}|1\d{10})(?!\d)",
    "postcode": r"(?:邮编|邮政编码)[:：是为]?(?P<value>\d{6})(?!\d)",
    "email": r"(?P<value>[A-Za-z0-9._%+-]+@[A-Za-z0-9-]+(?:\.[A-Za-z0-9-]+)+)",
    "address": r"(?<!IP)(?<!网站)(?<!邮箱)(?<!网络)(?:地址|地点)[:：](?:位于)?(?P<value>[^，。；;,()（）:：]{4,60}?)(?=[，。；;,）)]|邮编|邮政编码|电话|联系|$)",
}
_COMPILER = re.compile(r"由(?P<name>[^，。；由]{2,30}?)(?:负责|牵头|统一)*(?:编制|编写)")
_NOT_A_NAME = re.compile(r"国务院|本机关|我[局镇乡县区委办]|各(?:单位|部门)|本[局镇乡县区委办单]")
_OTHER_YEAR = re.compile(r"去年|上一?年度?(?!结转|转结)|前年|同期|较.{0,6}(?:增|减)")
_NOT_REQUESTS = re.compile(r"复议|诉讼|信访|投诉|举报|建议|提案|来电|咨询")
_AFTER_STOP = re.compile(r"(?<=[。；！？])")
_BETWEEN_DIGITS = re.compile(r"(?<=\d)\s+(?=\d)")
_COMMA = re.compile(r"[，,；](?!\d)")
_DIGIT = re.compile(r"\d")


def numbers(paragraphs: Sequence[str]) -> Mapping[str, Number]:
    """The numbers said in the paragraphs, by key; the evidence is the sentence as printed."""
    found: dict[str, Number] = {}
    said = list(_sentences(paragraphs))
    for pattern in PATTERNS:
        hits = list(_hits(pattern, said))
        if hits:
            values = {value for value, _ in hits}
            sentences = list(dict.fromkeys(sentence for _, sentence in hits))
            single = len(values) == 1
            found[pattern.key] = Number(
                pattern.key, hits[0][0] if single else None, sentences[0] if single else "\n".join(sentences)
            )
    return found


def contact(paragraphs: Sequence[str]) -> dict[str, str]:
    """Phone, address, postcode and e-mail where they are printed, without white space; the first of each counts."""
    said: dict[str, str] = {}
    for paragraph in paragraphs:
        text = "".join(paragraph.split())
        for key, pattern in _CONTACT.items():
            if key not in said and (match := re.search(pattern, text)):
                said[key] = match["value"]
    return said


def compiler(paragraphs: Sequence[str]) -> str | None:
    """The organ that a sentence 由…编制 names."""
    for paragraph in paragraphs:
        match = _COMPILER.search("".join(paragraph.split()))
        if match and is_organ(match["name"]) and not _NOT_A_NAME.search(match["name"]):
            return match["name"]
    return None


def _sentences(paragraphs: Sequence[str]) -> Iterator[Sentence]:
    for paragraph in paragraphs:
        whole = squeeze(paragraph)
        for sentence in _AFTER_STOP.split(paragraph):
            text = squeeze(_BETWEEN_DIGITS.sub("|", sentence))  # 12345 6件 is not 123456
            clauses = tuple(clause for clause in _COMMA.split(text) if _DIGIT.search(clause))
            yield Sentence(sentence.strip(), text, clauses, whole)


def _hits(pattern: Pattern, sentences: Sequence[Sentence]) -> Iterator[tuple[Decimal, str]]:
    for sentence in sentences:
        if pattern.about and pattern.about not in sentence.paragraph:
            continue
        values = [value for clause in sentence.clauses for value in _in_clause(pattern, clause)]
        if not values and any(re.search(none, sentence.text) for none in pattern.none):
            values = [Decimal(0)]
        for value in values:
            yield value, sentence.printed


def _in_clause(pattern: Pattern, clause: str) -> Iterator[Decimal]:
    """The numbers of a clause that is about this year and, for requests, about requests."""
    if (_OTHER_YEAR.search(clause) and not pattern.any_year) or (pattern.about and _NOT_REQUESTS.search(clause)):
        return
    for says in pattern.says:
        for match in re.finditer(says, clause):
            yield Decimal(match[1].replace(",", ""))
