"""Answers that are no content: refusals of the portal, errors, pages that only pretend to be there (portals.md 1.7).

A refusal is recorded with its kind and never solved. 521 means that the portal declines programs, not that it is down.
Status and headers speak first, then bytes (`refusal`), then what a page says (`pretence`). Words alone decide nothing:
a true report may print any of them, so a page is judged by its words only where it holds next to nothing else.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from itertools import islice
from urllib.parse import urlsplit

from lxml.html import HtmlElement

from extract import titles
from extract.formats import sniff
from extract.formats.html import recognises as is_html
from extract.model import Unreadable

from .attachments import is_file
from .pages import Page

STUB = 4_000  # bytes: cookie shells and script stubs have 300 to 1,400; a page with a list has more, and elements
SMALL = 12_000  # characters: error pages without the portal's own frame; beyond, only a title can say that it is one
FEW = 400  # characters outside of links: an error page has a sentence or two, a report has more
FEWER = 120  # the same under a report's own title: then only a page that says nothing else is none
MIN_SECTIONS = 2  # headings of a report that a page prints: one is a sentence about reports
_SECTIONS = re.compile(  # those of the law of 2019, and of the law of 2007, which has items and no wording
    "总体情况|主动公开政府信息(?:的)?情况|政府信息主动公开(?:的)?情况|收到和处理政府信息公开申请"
    "|依申请公开(?:政府信息)?(?:和不予公开政府信息)?(?:办理)?(?:的)?情况|政府信息依申请公开(?:办理)?(?:的)?情况|收费及减免(?:的)?情况"
    "|政府信息公开行政复议|申请行政复议、提起行政诉讼(?:的)?情况|存在的(?:主要)?问题"
)

_WAF_STATUS = frozenset({403, 405, 406, 412, 422, 468, 521})
_GEO = re.compile(rb"reason\s*[:=]\s*[\"']?GeoBL", re.IGNORECASE)
_YUNAQ = re.compile(rb"yunaq\.com|365cyd|" + "|".join(("创宇云", "创宇盾", "知道创宇")).encode(), re.IGNORECASE)
_COOKIE = re.compile(rb"document\s*\.\s*cookie\s*=|[\"']cookie[\"']\s*\]\s*=")
_JSL = re.compile(rb"__jsl_?clearance|__jsluid", re.IGNORECASE)
_LEADS_ON = re.compile(
    rb"location(?:\.href)?\s*=\s*[\"'][^\"'<>]+[\"']|location\.(?:replace|assign)\(\s*[\"'][^\"'<>]+[\"']\s*\)"
)
_SCRIPT = re.compile(rb"<script\b[^>]*>(.*?)(?:</script\s*>|$)", re.IGNORECASE | re.DOTALL)
_UNSEEN = re.compile(rb"<(script|style|noscript|title)\b.*?(?:</\1\s*>|$)|<!--.*?(?:-->|$)", re.IGNORECASE | re.DOTALL)
_ELEMENT = re.compile(
    rb"<(?:a|area|i?frame|frameset|img|form|input|table|li|embed|object|record|data\w*|item)\b"
    rb"|http-equiv=[\"']?refresh|\bid=[\"']?(?:app|root)\b|\bquerydata=|<\?xml",
    re.IGNORECASE,
)  # what leads on, holds something, or is filled by the portal's own scripts
_TAG = re.compile(rb"<[^>]*(?:>|$)")
_FRAME = re.compile(rb"</?(?:html|head|body|meta|link|!doctype|base)\b[^>]*>", re.IGNORECASE)
_CHALLENGE = re.compile(
    rb"_0x[0-9a-f]{2}|\beval\s*\(|\batob\s*\(|fromCharCode|unescape\s*\(|(?:\\x[0-9a-f]{2}){3}|\blocation\b|\$_ts\b",
    re.IGNORECASE,
)  # what the scripts of challenges do, and those that fill a portal's lists do not
_HEAD = re.compile(rb"<title[^>]*>\s*([^<]*)", re.IGNORECASE)

_MISSING = re.compile(
    "(?:页面|网页|文件|文章|信息|内容|栏目|资源|稿件|地址)(?:暂时|可能|已经)?(?:不存在|未找到|找不到|没有找到|无法找到|无法访问|走丢)"
    "|(?:找不到|未找到|没有找到|不存在)(?:该|此|您|对应|相关|指定|要)?(?:.{0,8}的)?(?:页面|网页|文件|文章|栏目)"
    "|(?:该|此|您)[^，。]{0,10}(?:信息|页面|文章|内容|稿件)[^，。]{0,4}(?:已|被)+(?:删除|下线|撤销|移除|撤稿)"
    "|您访问的页面|404 ?Not Found|Page Not Found|HTTP ?(?:Status|Error|错误) ?[-–:：]? ?404|(?:^|[\\s>])404(?:[\\s<!！]|$)",
    re.IGNORECASE,
)
_CAPTCHA = re.compile(
    "(?:输入|填写|完成|点击|拖动|通过)[^。]{0,12}(?:验证码|安全验证|人机验证|滑块|拼图)|(?:安全|人机|滑动|访问)验证|captcha",
    re.IGNORECASE,
)
_WAF = re.compile(
    "(?:访问|请求|行为|操作)[^。]{0,16}(?:被拦截|已拦截|被阻断|被阻止|被拒绝|被禁止|存在(?:安全)?(?:风险|威胁)|异常|过于频繁|太频繁)|网站防火墙|应用防火墙"
    "|浏览器(?:安全)?检查|安全检测中|(?:启用|开启|打开|允许)[^。]{0,6}JavaScript|enable JavaScript|Request Rejected|Access Denied|Just a moment",
    re.IGNORECASE,
)
_BUSY = re.compile(
    "(?:系统|服务器|网站|服务)[^。]{0,4}(?:繁忙|维护|升级|异常|错误|出错|不可用)|Service Unavailable|Internal Server Error"
)
_LOGIN = re.compile(
    "(?:请|需要?|需先|尚未|未)(?:先|重新)?登录|(?:用户|会员|账号|统一身份|单点)(?:登录|认证)|登录(?:超时|已失效)"
)

_SAYS = (  # in this order; kind, pattern, what a person reads
    ("blocked:captcha", _CAPTCHA, "a captcha answers instead of the page"),
    ("blocked:waf", _WAF, "a firewall's page answers instead of the page"),
    ("login", _LOGIN, "a login answers instead of the page"),
    ("soft-404", _MISSING, "the page says that it does not exist, with status 200"),
    ("soft-503", _BUSY, "the page says that the server cannot answer, with status 200"),
)
_HOMES = re.compile(r"/?(?:(?:index|default|home|main)\.(?:s?html?|jspx?|aspx?|php|do|action))?$", re.IGNORECASE)
_LOGINS = re.compile(r"/(?:user)?(?:log-?in|sign-?in|sso|cas|passport|denglu)\b|/login\w*\.", re.IGNORECASE)
_ERRORS = re.compile(
    r"/(?:\w*error\w*|err|40[0-9]|50[0-9]|not-?_?found|no-?_?page|sorry|exception|blank)(?:/|\.|$)", re.IGNORECASE
)


@dataclass(frozen=True, slots=True)
class Refusal:
    """Why a response is not what was asked for: `kind` for programs, `reason` for people."""

    kind: str
    reason: str


def refusal(status: int, headers: Mapping[str, str], body: bytes) -> Refusal | None:
    """The refusal that status, headers and bytes show, or None where they may be content (or a 304).

    `headers`: names in lower case; `body`: unpacked. Kinds: blocked:jsl, blocked:geo, blocked:yunaq, blocked:STATUS,
    blocked:cookie-shell, blocked:stub, gone, http:STATUS, empty.
    """
    if status == 304:
        return None
    what, names_jsl = _shell(body), "x-via-jsl" in headers or bool(_JSL.search(body[:STUB]))
    if status == 521 or (what and names_jsl):
        return Refusal("blocked:jsl", "a JavaScript challenge (加速乐) answers instead of the page")
    if status >= 400:
        return _refused_by_status(status, headers, body)
    if 300 <= status < 400 and "location" in headers:
        return None  # where it leads to is judged by `detour`
    if status < 200 or status >= 300:
        return Refusal(f"http:{status}", f"status {status}" + ("" if status < 300 else " without an address to go to"))
    if not body.strip(b"\x00 \t\r\n"):
        return Refusal("empty", "an answer without any content, with status 200")
    if what == "cookie":
        return Refusal("blocked:cookie-shell", "a script that sets a cookie answers instead of the page")
    if what == "stub":
        return Refusal("blocked:stub", f"a script of {len(body)} bytes answers instead of the page")
    return None


def _refused_by_status(status: int, headers: Mapping[str, str], body: bytes) -> Refusal:
    if _YUNAQ.search(body[:SMALL]):
        return Refusal(
            "blocked:yunaq", f"a page of 创宇云 answers instead, with status {status}; it lets go after minutes"
        )
    if "geobl" in headers.get("reason", "").lower() or _GEO.search(body[:STUB]) or "GeoBL" in str(headers):
        return Refusal("blocked:geo", f"status {status}: the portal refuses this machine's country (GeoBL)")
    if status in _WAF_STATUS:
        return Refusal(f"blocked:{status}", f"the portal refuses programs with status {status}")
    if status in (404, 410):
        return Refusal("gone", f"status {status}")
    return Refusal(f"http:{status}", f"status {status}" + (", not now" if status in (429, 503) else ""))


def _shell(body: bytes) -> str:
    """What a body is that holds a script and nothing else: `cookie`, `stub`, or empty for all other bodies.

    A script that only leads to another address is a page of its kind, and followed as one.
    """
    if len(body) > STUB or b"<script" not in body.lower() or _ELEMENT.search(body):
        return ""
    rest = _FRAME.sub(b"", _UNSEEN.sub(b"", body))
    if len(b"".join(_TAG.sub(b"", rest).split())) > 40:
        return ""
    code = b"\n".join(_SCRIPT.findall(body))
    if _COOKIE.search(code):
        return "cookie"
    title = _HEAD.search(body)
    named = (
        title is not None
        and any(byte > 0x7F for byte in title[1])
        and not _judged_title(title[1].decode("utf-8", "ignore"))
    )
    if _LEADS_ON.search(code) or named:
        return ""
    return "stub" if _CHALLENGE.search(code) or not rest.strip() else ""


def _judged_title(title: str) -> str:
    """The kind that a page's title alone says, or nothing."""
    return next((kind for kind, pattern, _ in _SAYS if pattern.search(title)), "")


def pretence(page: Page) -> Refusal | None:
    """The refusal that a page's words show where it is no content; None for everything else.

    Kinds: blocked:captcha, blocked:waf, blocked:yunaq, login, soft-404, soft-503.
    """
    if page.is_json:
        return None
    title = " ".join((page.tree.findtext(".//title") or "").split())
    kind = _judged_title(title)
    if not kind and (len(page.source) > SMALL or not any(pattern.search(page.source) for _, pattern, _ in _SAYS)):
        return None
    if sections(page) >= MIN_SECTIONS or (not kind and _leads_to_content(page)):
        return None
    said = title if kind else unlinked(page.tree)
    if not kind and len(said) > (FEWER if titles.parse(page.title) else FEW):
        return None
    if _YUNAQ.search(page.source.encode()):
        return Refusal("blocked:yunaq", "a page of 创宇云 answers instead; it lets go after minutes")
    return next(
        (Refusal(kind, f"{reason}: {said[:60]}") for kind, pattern, reason in _SAYS if pattern.search(said)), None
    )


def _leads_to_content(page: Page) -> bool:
    """Whether a page lists reports, or gives a file."""
    links = (link for _, link in page.links())
    return any(is_file(link.url) or titles.parse(link.text) is not None for link in links)


@lru_cache(maxsize=1)  # asked for thrice while a page is in hand
def sections(page: Page) -> int:
    """How many different headings of a report a page prints."""
    return len(set(_SECTIONS.findall(page.source)))


def unlinked(tree: HtmlElement, most: int = FEW * 10) -> str:
    """What a page prints outside of links, scripts and forms, in order, blanks between the parts; cut at `most`."""
    parts = tree.xpath(
        "//text()[not(ancestor::a or ancestor::script or ancestor::style or ancestor::noscript or ancestor::title "
        "or ancestor::select or ancestor::textarea)][normalize-space()]"
    )
    return " ".join(" ".join(str(part).split()) for part in islice(parts, most // 4))[:most]


def instead_of_file(body: bytes) -> Refusal | None:
    """Why an answer with status 200 is not the file that was linked, judged by its bytes; None where it may be one.

    Word saves HTML under the name .doc, so a page with Word's marks or a report's headings is the document. Text and
    JSON in place of a file are a message.
    """
    if is_html(body):
        if (
            b"urn:schemas-microsoft-com:office" in body[:SMALL]
            or len(set(_SECTIONS.findall(_text(body)))) >= MIN_SECTIONS
        ):
            return None
        try:
            page = Page("http://localhost/", body)
        except Unreadable:
            return Refusal("not-a-file", "an HTML page answers instead of the file")
        said = pretence(page)
        asks = b"captcha" in body.lower() or "验证码" in page.source
        if asks or (said and said.kind == "blocked:captcha"):
            return Refusal("blocked:captcha", "a captcha answers instead of the file")
        return said or Refusal("not-a-file", "an HTML page answers instead of the file")
    try:
        plain = sniff(body).name == "text"
    except Unreadable:
        return None  # a picture, a bundle: what `build` says of it is more exact
    if plain and len(body) < STUB and len(set(_SECTIONS.findall(_text(body)))) < MIN_SECTIONS:
        return Refusal("not-a-file", f"a message answers instead of the file: {' '.join(_text(body).split())[:60]}")
    return None


def _text(body: bytes) -> str:
    for name in ("utf-8", "gb18030"):
        try:
            return body.decode(name)
        except UnicodeDecodeError:
            continue
    return body.decode("utf-8", errors="ignore")


def detour(origin: str, target: str) -> Refusal | None:
    """Why a redirect does not lead to what was asked for: to the home page, a login, an error page."""
    before, after = urlsplit(origin), urlsplit(target)
    if _ERRORS.search(after.path) and not _ERRORS.search(before.path):
        return Refusal("redirected:error", f"leads to an error page, {target}")
    if _LOGINS.search(after.path) and not _LOGINS.search(before.path):
        return Refusal("redirected:login", f"leads to a login, {target}")
    deeper = not _HOMES.fullmatch(before.path) or before.query
    if deeper and not after.query and _HOMES.fullmatch(after.path):
        return Refusal("redirected:home", f"leads to the home page, {target}")
    return None
