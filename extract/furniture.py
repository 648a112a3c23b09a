"""What stands around the text of a page and is no text of it: share bars, places, counters, neighbours, footers (W5)."""

from __future__ import annotations

import re

from .titles import squeeze

MAX_LINE = 120  # characters: a longer paragraph that begins with one of these words is a sentence
_BEGINS = re.compile(
    r"^[【\[（(]*(?:分享到|分享至|当前(?:的)?位置|您(?:现在|当前)?(?:的|所在)?(?:的)?位置|浏览(?:次数|量)|点击(?:次数|量|率)|阅读(?:次数|量)|访问量"
    r"|发布(?:时间|日期|机构)[:：]|(?:信息)?来源[:：]|字体[:：]|字号[:：]|打印(?:本页|本文|此页)?[】\])）]|关闭(?:窗口|本页|此页)?[】\])）]|责任编辑[:：]"
    r"|上一(?:篇|条)|下一(?:篇|条)|相关(?:链接|阅读|文章|信息)|扫一扫|版权所有|网站地图|网站标识码|技术支持[:：]|无障碍(?:浏览|阅读)|索引号[:：]"
    r"|.{0,3}公网安备|.{0,8}ICP备|打印本页|关闭窗口|返回顶部|设为首页|加入收藏|请输入关键字)"
)
_ONLY = re.compile(r"^.{0,8}首页$|^返回$|^打印$|^关闭$|^分享$")


def is_furniture(text: str) -> bool:
    """Whether a paragraph is one of the page's own lines. A report has no sentence that begins so."""
    line = squeeze(text)
    return len(line) <= MAX_LINE and bool(_BEGINS.match(line) or _ONLY.match(line))
