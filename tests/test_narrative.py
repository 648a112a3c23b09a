"""Numbers in sentences: `tests/fixtures/narrative/<key>.toml`, invented sentences that say a number, none, or two.

A sentence is one organ's of 2022 where it does not say `year`, `publisher` and `whole`; lines are paragraphs.
Every pattern has both, and each of its wordings is needed for one of them. No number without its digits in its sentence.
"""

from __future__ import annotations

import re
import tomllib
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from extract import narrative
from extract.counts import arabic
from extract.model import Number
from extract.numerals import number as chinese
from extract.phrases import all_patterns

FOLDER = Path(__file__).parent / "fixtures" / "narrative"
CASES: dict[str, dict[str, Any]] = {
    path.stem: tomllib.loads(path.read_text(encoding="utf-8")) for path in sorted(FOLDER.glob("*.toml"))
}
YEAR = 2022
SAYS = [(key, case) for key, cases in CASES.items() for case in cases["says"]]
NOTHING = [
    (key, case if isinstance(case, dict) else {"text": case})
    for key, cases in CASES.items()
    for case in cases["says_nothing"]
]
UNCLEAR = [(key, text) for key, cases in CASES.items() for text in cases.get("unclear", ())]
EVERY = [case["text"] for _, case in (*SAYS, *NOTHING)] + [text for _, text in UNCLEAR]


def read(text: str, year: int = YEAR, publisher: str | None = None, whole: bool = False) -> dict[str, Number]:
    """What one organ's report for a year says in paragraphs."""
    return dict(narrative.numbers(text.split("\n"), year, whole, publisher))


@pytest.mark.parametrize("key,case", SAYS, ids=lambda value: value["text"] if isinstance(value, dict) else value)
def test_a_number_is_said(key: str, case: dict[str, Any]) -> None:
    found = read(**{name: said for name, said in case.items() if name != "value"})
    assert found[key].value == Decimal(str(case["value"]))
    assert found[key].text in case["text"]


@pytest.mark.parametrize("key,case", NOTHING, ids=lambda value: value["text"] if isinstance(value, dict) else value)
def test_no_number_is_said(key: str, case: dict[str, Any]) -> None:
    assert key not in read(**case)


@pytest.mark.parametrize("key,text", UNCLEAR)
def test_sentences_that_disagree_give_no_value(key: str, text: str) -> None:
    number = read(text)[key]
    assert number.value is None
    assert "".join(number.text.split()) in "".join(text.split())


def test_every_key_has_sentences_that_say_it_and_that_do_not() -> None:
    assert CASES.keys() == set(narrative.keys())
    for key, cases in CASES.items():
        assert len(cases["says"]) >= 2 and len(cases["says_nothing"]) >= 2, key


@pytest.mark.parametrize("pattern", all_patterns(), ids=lambda pattern: pattern.key)
def test_every_wording_is_said_by_a_fixture(pattern: Any) -> None:
    texts = [narrative._EACH.sub(narrative._given_out, arabic(case["text"])) for case in CASES[pattern.key]["says"]]
    clauses = [clause for text in texts for clause in re.split("[，。]", text)]
    for wording in pattern.says:
        assert any(wording.search(clause) for clause in clauses), wording.pattern
    for wording in pattern.none:
        assert any(wording.search(text) for text in texts), wording.pattern


def stands_in(value: Decimal, text: str) -> bool:
    """Whether a number stands in a text: in digits, grouped or wide, with 万, or in Chinese numerals."""
    plain = text.translate({0xFF10 + n: str(n) for n in range(10)} | {0xFF0C: ",", 0xFF0E: "."})
    digits = re.sub(r"(?<=\d)\s*,\s*(?=\d{3})", "", plain)
    spoken = [Decimal(found) for found in re.findall(r"\d+(?:\.\d+)?", digits)]
    spoken += [Decimal(found) * 10_000 for found in re.findall(r"(\d+(?:\.\d+)?)万", digits)]
    for found in re.findall(r"[零〇一二两三四五六七八九十百千]+", text):
        ends = {found[first:last] for first in range(len(found)) for last in range(first + 1, len(found) + 1)}
        spoken += [Decimal(number) for end in ends if (number := chinese(end)) is not None]
    for wan, rest in re.findall(
        r"([零〇一二两三四五六七八九十百千]+)万[零〇]?([零〇一二两三四五六七八九十百千]+)", text
    ):
        spoken += [Decimal((chinese(wan[n:]) or 0) * 10_000 + (chinese(rest) or 0)) for n in range(len(wan))]
    return value in spoken


PIECES = st.sampled_from(
    sorted({piece for text in EVERY for piece in re.split(r"(?<=[，。；、])|(?=\d)|(?<=\d)(?!\d)", text) if piece})
)


@settings(max_examples=300)
@given(
    st.lists(
        st.one_of(PIECES, st.sampled_from(EVERY), st.text("0123456789０一二三十百万，。、件条未收到申请", max_size=6)),
        max_size=12,
    )
)
def test_no_number_without_its_digits_in_its_sentence(pieces: list[str]) -> None:
    """Zero may be said by 未收到 and the like; then no digit is needed, but a word that denies."""
    for key, number in read("".join(pieces)).items():
        if number.value is not None:
            denied = number.value == 0 and re.search("未|没有|无", number.text)
            assert denied or stands_in(number.value, number.text), (key, number)


@settings(max_examples=100)
@given(st.integers(0, 99_999))
def test_digits_in_any_writing_are_one_number(value: int) -> None:
    for written in (
        f"{value}",
        f"{value:,}",
        f"{value:,}".replace(",", "，"),
        "".join(chr(0xFF10 + int(d)) for d in str(value)),
        f" {value} ",
    ):
        assert read(f"全年公开政府信息{written}条。")["n_proactive_items"].value == value


@given(st.integers(1, 999))
def test_chinese_numerals(value: int) -> None:
    assert chinese(in_chinese(value)) == value
    assert read(f"收到申请{in_chinese(value)}件。")["n_requests_received"].value == value


@given(st.integers(1, 999), st.integers(1, 9999))
def test_chinese_numerals_of_ten_thousands(wan: int, rest: int) -> None:
    """三万零五十条, 一万二千条; without the 零 that such a number has, or with one that it has not, it is none."""
    zero = "零" if rest < 1000 else ""
    thousands = in_chinese(rest // 1000) + "千" if rest >= 1000 else ""
    below = rest % 1000
    between = "零" if thousands and 0 < below < 100 else ""
    last = f"一{in_chinese(below)}" if below in range(10, 20) else in_chinese(below) if below else ""
    said = f"{in_chinese(wan)}万{zero}{thousands}{between}{last}"
    assert read(f"主动公开政府信息{said}条。")["n_proactive_items"].value == wan * 10_000 + rest
    wrong = said.replace("万零", "万") if zero else said.replace("万", "万零")
    assert "n_proactive_items" not in read(f"主动公开政府信息{wrong}条。")


def in_chinese(value: int) -> str:
    """105 → 一百零五, 12 → 十二."""
    digits = "零一二三四五六七八九"
    hundreds, tens, ones = value // 100, value // 10 % 10, value % 10
    said = f"{digits[hundreds]}百" if hundreds else ""
    if tens:
        said += ("" if tens == 1 and not hundreds else digits[tens]) + "十"
    elif hundreds and ones:
        said += "零"
    return said + (digits[ones] if ones else "")


def test_a_county_speaks_of_the_whole_county() -> None:
    text = "全县共收到政府信息公开申请120件。"
    assert narrative.numbers([text], YEAR, whole=True)["n_requests_received"].value == 120
    assert not narrative.numbers([text], YEAR, whole=False)


def test_without_a_year_of_its_own_every_year_counts() -> None:
    said = narrative.numbers(["2022年收到申请3件，2021年收到申请7件。"])
    assert said["n_requests_received"].value is None
