"""Entries that stand in the report column and are not reports: a notice, a guide, a picture story."""

from datetime import date

from .model import County, NotReport
from .sites import sites


def not_reports(county: County) -> tuple[NotReport, ...]:
    """The three other entries of a county's column."""
    name = county.name
    texts = (
        (
            f"关于做好{name}2021年度政府信息公开工作年度报告编制和发布工作的通知",
            date(2021, 12, 9),
            ("各乡镇人民政府、街道办事处，县直各部门：", "请各单位按规定格式编写年报，并按时在门户网站年报栏目发布。"),
        ),
        (
            f"{name}政府信息公开指南（2023年修订）",
            date(2023, 6, 15),
            ("为了方便公民、法人和其他组织获得政府信息，编制本指南。", "申请人可以当面、邮寄或者通过网络提出申请。"),
        ),
        (
            f"一图读懂{name}2023年政府信息公开工作年度报告",
            date(2024, 4, 2),
            ("图解：一年来公开了什么、回应了什么。",),
        ),
    )
    addresses = sites()[county.portal].notice_addresses
    return tuple(
        NotReport(county.portal, title, addresses[index].format(n=index + 1), day, paragraphs)
        for index, (title, day, paragraphs) in enumerate(texts)
    )
