"""What stands around a report on a page: pages of the simulated portals, and pages of no known content system."""

from functools import cache
from html import escape

from tests.portals import Portals, make_truth
from tests.portals.site import Site
from tests.portals.wording import choose

from .model import Plan

# Words of navigation, share bars and footers; none of them occurs in a sentence of a report.
WORDS = (
    "分享到", "浏览次数", "网站地图", "当前位置", "网站标识码", "字体：", "请输入关键字", "门户网站首页", "上一篇", "下一篇",
    "相关链接", "扫一扫", "无障碍浏览", "打印本页", "关闭窗口", "版权所有", "索引号", "技术支持", "已隐藏的旧稿", "公网安备",
)  # fmt: skip
NAVIGATION = (
    '<ul class="menu"><li><a href="/">门户网站首页</a></li><li><a href="/zwgk/">政务公开</a></li>'
    '<li><a href="/wzdt/">网站地图</a></li><li><a href="/wza/">无障碍浏览</a></li></ul>'
)
SHARE = '<div class="fx">分享到：<a href="#">微信</a> <a href="#">微博</a> 【<a href="#">打印本页</a>】【<a href="#">关闭窗口</a>】</div>'
NEIGHBOURS = (
    '<ul class="xg"><li>上一篇：<a href="a.html">关于举办食品安全宣传周活动的通知</a></li>'
    '<li>下一篇：<a href="b.html">关于调整部分公交线路的公告</a></li></ul>'
    '<div class="gl"><h3>相关链接</h3><a href="c.html">政府信息公开指南</a><a href="d.html">政府信息公开制度</a></div>'
)
FOOTER = (
    "<div class=foot>版权所有：某县人民政府　技术支持：某公司　公网安备00000000000000号　扫一扫在手机打开当前页</div>"
)
OPEN = {
    "divs": (
        '<div class="wrap"><div class="top">{nav}</div><div class="dqwz">当前位置：<a href="/">首页</a> &gt; 年报</div>'
        '<div class="nr"><h1>{title}</h1><div class="sj">发布时间：{day}　浏览次数：<span id="hits">27</span></div>'
        '<div class="nr_txt">{body}</div>{share}</div>{neighbours}</div>{footer}'
    ),
    "tables": (
        '<table width="1000" align="center"><tr><td colspan="2">{nav}</td></tr><tr><td width="200" valign="top">{neighbours}</td>'
        '<td><table width="780"><tr><td align="center"><font size="5">{title}</font></td></tr><tr><td align="center">'
        "发布时间：{day} 浏览次数：27</td></tr><tr><td>{body}</td></tr><tr><td>{share}</td></tr></table></td></tr>"
        "<tr><td colspan=2>{footer}</td></tr></table>"
    ),
    "content": (
        '<div id="header">{nav}</div><div class="article"><h2>{title}</h2><div id="zoom"><div class="tools">{share}</div>'
        "{body}</div></div><aside>{neighbours}</aside><footer>{footer}</footer>"
    ),
    "bare": "<center><b>{title}</b></center>\n{body}",
}


def framed(plan: Plan, body: str) -> tuple[bytes, tuple[str, ...]]:
    """The page around a body, in the encoding of its site, and the words in it that are no text of the report."""
    page, encoding = _page(plan, body)
    around, _ = _page(plan, "")
    hidden = ("已隐藏的旧稿",) if "已隐藏的旧稿" in body else ()
    words = tuple(word for word in WORDS if word in around and word not in plan.document.title_lines)
    return page.encode(encoding, "xmlcharrefreplace"), words + hidden


def _page(plan: Plan, body: str) -> tuple[str, str]:
    kind = choose(plan.name, "frame", ("portal", "portal", *OPEN))
    if kind == "portal":
        site = _sites()[plan.report.portal]
        return site.detail(plan.report, site.page_paths(plan.report)[0], body), site.encoding
    title = escape(plan.report.title)
    inside = OPEN[kind].format(
        nav=NAVIGATION,
        share=SHARE,
        neighbours=NEIGHBOURS,
        footer=FOOTER,
        title=title,
        body=body,
        day=plan.report.published,
    )
    encoding = choose(plan.name, "encoding", ("utf-8", "gb18030"))
    head = f'<meta charset="{encoding}"><title>{title}-某县人民政府</title><script>var hits = 27;</script>'
    return f"<!DOCTYPE html>\n<html><head>{head}</head>\n<body>{inside}</body></html>\n", encoding


@cache
def _sites() -> dict[str, Site]:
    return Portals(truth=make_truth(every=True)).sites
