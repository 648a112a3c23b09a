"""The sentences of the reports for 2008 to 2018: six items of the regulations of 2007 in local wording, numbers in their midst.

Every number that a key counts comes from the truth. Other numbers stand about as they do in real reports: those of the
year before, of the county, of staff, of money.
"""

from collections.abc import Mapping
from zlib import crc32

from ..model import ReportTruth
from ..narrative import own_name
from ..wording import choose

DIGITS = "零一二三四五六七八九十"
FULL_WIDTH = str.maketrans("0123456789", "０１２３４５６７８９")

OVERVIEW = ("概述", "基本情况", "总体情况", "政府信息公开工作概述")
PROACTIVE = ("主动公开政府信息的情况", "主动公开政府信息情况", "政府信息主动公开情况")
ON_REQUEST = (
    "依申请公开政府信息和不予公开政府信息的情况",
    "依申请公开政府信息情况",
    "政府信息依申请公开办理情况",
)
FEES = ("政府信息公开的收费及减免情况", "政府信息公开收费及减免情况", "收费及减免情况")
REVIEW = (
    "因政府信息公开申请行政复议、提起行政诉讼的情况",
    "因政府信息公开申请行政复议、提起行政诉讼情况",
    "行政复议、行政诉讼和申诉情况",
)
PROBLEMS = (
    "政府信息公开工作存在的主要问题及改进情况",
    "存在的主要问题及改进措施",
    "存在的问题及下一步改进情况",
)
OTHERS = ("其他需要报告的事项", "需要说明的其他事项")
HEADINGS = (OVERVIEW, PROACTIVE, ON_REQUEST, FEES, REVIEW, PROBLEMS)

INTRO = (
    "根据《中华人民共和国政府信息公开条例》（以下简称《条例》）和上级要求，现公布{unit}{year}年政府信息公开年度报告。本报告所列数据的统计期限自{year}年1月1日起至{year}年12月31日止。",
    "按照《条例》规定，{unit}编制了本报告，内容为{year}年1月1日至{year}年12月31日期间的政府信息公开工作。",
    "本年度报告由{unit}按照《条例》要求编写，统计期限为{year}年1月1日至{year}年12月31日。",
)
LEADS = (
    "{year}年，{self}把公开工作列入年初计划，落实了1名分管领导和2名经办人员，窗口、专栏、公示牌都有专人照看。",
    "一年来，{self}修订了公开目录，规范了文件从起草到上网的环节，方便群众查找。",
    "{self}重视公开工作，{year}年先后2次专题研究，解决了经费和人员方面的困难。",
)
ITEMS = (
    "{year}年，{self}主动公开政府信息{n}条。",
    "全年共主动公开政府信息{n}条，比上年多公开{more}条。",
    "截至12月底，{self}累计主动公开政府信息{n}条。其中机构职能、办事程序、财政资金等方面各有侧重。",
    "本年度主动公开政府信息 {n} 条，公开的时限和格式符合要求。",
)
MORE_ITEMS = (
    "公开的内容主要是惠农资金、工程招标、人事任免和办事指南，群众查询方便。",
    "公开栏设在大院门口，每月更新一次，重要事项随时张贴。",
    "对涉及群众切身利益的事项，先征求意见再行公布。",
)
RECEIVED = (
    "{year}年，{self}共收到政府信息公开申请{n}件{channels}，均在规定期限内答复。",
    "全年收到政府信息公开申请{n}件{channels}。所有申请都已按时办结。",
    "本年度受理政府信息公开申请{n}件{channels}，没有超期答复的情形。",
)
NONE_RECEIVED = (
    "{year}年，{self}未收到政府信息公开申请。",
    "本年度{self}没有收到政府信息公开申请，也没有不予公开的情形。",
    "全年没有收到公民、法人和其他组织的政府信息公开申请。",
)
LAST_YEAR = ("上年收到的{before}件申请已全部办结。", "上一年度受理的{before}件也已归档。")
FEE_TEXTS = (
    "{year}年，{self}提供政府信息没有收取费用。",
    "依申请提供信息未收费，也没有需要减免的情形。",
    "全年没有向申请人收取检索、复制、邮寄等费用。",
)
REVIEW_TEXTS = (
    "{year}年没有发生因政府信息公开申请行政复议、提起行政诉讼的情况。",
    "本年度没有因公开政府信息被申请行政复议或者被提起行政诉讼。",
    "全年没有复议和诉讼案件。",
)
REVIEWED = (
    "{year}年因政府信息公开被申请行政复议{reviews}件，被提起行政诉讼{suits}件。",
    "全年发生涉及政府信息公开的行政复议{reviews}件、行政诉讼{suits}件。",
)
PROBLEM_TEXTS = (
    "主要问题是更新不够及时，经办人员变动较多。下一步将固定人员，每月检查，并组织业务学习。",
    "公开的形式还比较单一，部分栏目内容偏少。今后要拓宽渠道，多用通俗的语言。",
    "个别科室报送信息拖延，质量有待提高。将把报送情况纳入考核，按季度通报。",
)
OTHER_TEXTS = ("没有其他需要报告的事项。", "无其他需要报告的事项。")
POLICY = ("发布政策解读稿件{n}篇。", "全年政策解读稿件发布{n}篇。")
CHANNELS = (("n_requests_in_person", "当面申请"), ("n_requests_online", "网络申请"), ("n_requests_letter", "信函申请"))

Section = tuple[str, list[str]]


def narrative(values: Mapping[str, int], style: str, year: int) -> tuple[dict[str, int], bool]:
    """What a report says of its numbers: the keys with their values, and whether it says that no request came.

    `values`: counts of the 2014 form by key, whether or not the report prints them.
    """
    told = {"n_proactive_items": values["pub_total"], "n_requests_received": values["req_received"]}
    told |= {"n_reviews": values["rev_total"], "n_litigation": values["lit_total"]}
    received = values["req_received"]
    says_none = received == 0 and choose(style, "early.none", (True, True, False))
    if received and not values["req_fax"] and choose(style, "early.channels", (True, False)):
        keys = ("req_in_person", "req_online", "req_letter")
        told |= {name: values[key] for (name, _), key in zip(CHANNELS, keys, strict=True)}
    if year >= 2014 and values["resp_policy_docs"]:
        told["n_policy_interpretations"] = values["resp_policy_docs"]
    return told, says_none


class Chronicler:
    """Tells a report of these years; every choice of words follows from its style."""

    def __init__(self, report: ReportTruth) -> None:
        self.report = report
        self.words = {"unit": report.unit, "year": report.year, "self": own_name(report)}
        self.code = crc32(report.style.encode())

    def sections(self) -> list[Section]:
        """The headings as printed and the paragraphs below them."""
        bodies = [
            [self._say("lead", LEADS)],
            [self._items(), self._say("more", MORE_ITEMS)],
            [self._requests()],
            [self._say("fee", FEE_TEXTS)],
            [self._reviews()],
            [self._say("problem", PROBLEM_TEXTS)],
        ]
        headings = [choose(self.report.style, f"early.{n}", words) for n, words in enumerate(HEADINGS)]
        if choose(self.report.style, "early.others", (True, False)):
            headings.append(choose(self.report.style, "early.last", OTHERS))
            bodies.append([self._say("other", OTHER_TEXTS)])
        return [
            (f"{'一二三四五六七'[n]}、{heading}", body)
            for n, (heading, body) in enumerate(zip(headings, bodies, strict=True))
        ]

    def introduction(self) -> str:
        """The paragraph before the sections."""
        return self._say("intro", INTRO)

    def _items(self) -> str:
        told = self.report.narrative
        said = self._say("items", ITEMS, n=self._digits(told["n_proactive_items"]), more=self.code % 40 + 3)
        if "n_policy_interpretations" in told:
            said += self._say("policy", POLICY, n=told["n_policy_interpretations"])
        return said

    def _requests(self) -> str:
        told = self.report.narrative
        if self.report.says_none:
            said = self._say("none", NONE_RECEIVED)
        else:
            counts = [f"{words}{told[key]}件" for key, words in CHANNELS if key in told]
            channels = f"（其中{'、'.join(counts)}）" if counts else ""
            said = self._say("received", RECEIVED, n=self._count(told["n_requests_received"]), channels=channels)
        if "last-year" in self.report.layout:
            said += self._say("before", LAST_YEAR, before=told["n_requests_received"] + 2)
        return said

    def _reviews(self) -> str:
        reviews, suits = self.report.narrative["n_reviews"], self.report.narrative["n_litigation"]
        if not reviews and not suits:
            return self._say("review", REVIEW_TEXTS)
        return self._say("reviewed", REVIEWED, reviews=reviews, suits=suits)

    def _digits(self, value: int) -> str:
        """A number in the digits that the report uses."""
        if "full-width" in self.report.layout:
            return str(value).translate(FULL_WIDTH)
        return f"{value:,}" if "commas" in self.report.layout else str(value)

    def _count(self, value: int) -> str:
        """A small number, in Chinese numerals where the report writes them."""
        if "numerals" in self.report.layout and 0 < value <= 10:
            return "两" if value == 2 else DIGITS[value]
        return self._digits(value)

    def _say(self, place: str, options: tuple[str, ...], **more: object) -> str:
        return choose(self.report.style, f"early.{place}", options).format(**self.words, **more)
