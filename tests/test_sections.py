"""Sections of reports before 2019, which print numbers and headings of their own; whole reports stand in the fixtures."""

import pytest

from extract.model import Paragraph, Text
from extract.parting import parts
from extract.sections import read

ITEMS = (
    "一、概述",
    "二、主动公开政府信息的情况",
    "三、依申请公开政府信息的情况",
    "四、收费及减免情况",
    "五、复议、诉讼和申诉情况",
    "六、存在的问题",
)
LATER = ("一、总体情况", "二、主动公开政府信息情况", "三、收到和处理政府信息公开申请情况", "七、附件")


@pytest.mark.parametrize(
    ("lines", "year", "wanted"),
    [
        (ITEMS, 2011, [1, 2, 3, 4, 5, 6]),
        (ITEMS, None, [1, 2, 3, 4, 5, 6]),  # 收费及减免 stands in reports by the law of 2007 only
        (ITEMS[:1] + ITEMS[2:], 2011, [1, 3, 4, 5, 6]),  # as printed, with the gap
        ((ITEMS[1], "一、网站", "二、公报", "三、公开栏", *ITEMS[2:]), 2012, [2, 3, 4, 5, 6]),  # a list inside of 二
        (("一、抓学习", "二、强队伍", "三、主动公开情况", "十一、下一步打算"), 2016, [1, 2, 3, 11]),  # free headings
        (("一、本年共公开信息30条，其中网站20条。", "二、没有收到申请。"), 2016, []),  # numbered sentences
        (("一、本年公开30条；网站20条。剩下的在公报。", "（二）依申请公开情况"), 2016, []),  # sentences, a lower level
        (("概述", "主动公开政府信息的情况", "附表"), 2010, [1, 2, 3]),  # without any number: counted
        (LATER, 2021, [1, 2, 3]),  # 七 is no statutory section
        (LATER, None, [1, 2, 3]),
        ((*LATER[:2], "四、存在的主要问题及改进情况"), 2022, [1, 2, 5]),  # by its words, whatever number is printed
        ((*LATER[:2], "四、存在的主要问题及改进情况"), 2018, [1, 2, 4]),
    ],
)
def test_numbers_of_sections(lines: tuple[str, ...], year: int | None, wanted: list[int]) -> None:
    paragraphs = [Paragraph(text) for line in lines for text in (line, "正文在此。")]
    found = read(paragraphs, year)
    assert [section.n for section in found] == wanted
    assert all(section.heading in lines for section in found)


@pytest.mark.parametrize(("year", "reports"), [(2012, 2), (2022, 1)])
def test_free_headings_begin_a_further_report_before_2019(year: int, reports: int) -> None:
    """An early report may begin with any 一、; of a later one only the statutory words do."""
    lines = ["一、概述", "平稳。", f"青溪县水利局{year}年政府信息公开工作年度报告", "一、抓学习", "学习两次。"]
    text = Text(tuple(map(Paragraph, lines)), "text", "", f"青溪县林业局{year}年政府信息公开工作年度报告")
    assert len(parts(text)) == reports
