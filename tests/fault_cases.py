"""The cases of tests/test_faults.py: what portals send instead of a report, and what is expected of it (portals.md, 1.6 and 1.7).

FAULTY: no report comes of it, and its kind is recorded. FINE: odd, and a report is read all the same; among them true
reports that look like faults.
"""

import gzip
import socket
import zlib

import brotli

from tests.faults import (
    BAD,
    COUNTY,
    FAULT,
    GOOD,
    OTHER,
    REPORT,
    Asked,
    Case,
    Page,
    chunked,
    closing,
    endless,
    http,
    page,
    redirect,
    reset,
    then,
    trickle,
)
from tests.oddities import MINIMAL, list_page, report_page

# --- bodies


def script(size: int, code: str) -> str:
    """A page of one script, filled up to a size with what obfuscators write."""
    made = "<html><head><meta charset=utf-8><script>{}</script></head><body></body></html>"
    filler = "var _0x4f2a=['\\x63','\\x6c'];"
    return made.format(code + (filler * 90)[: size - len(made) + 2 - len(code)])


def with_file(name: str) -> str:
    """A report's page that has nothing but a link to its file."""
    return report_page(BAD, f'<p>年报全文见附件：<a href="/files/{name}">附件.{name.rpartition(".")[2]}</a></p>')


JSL = 'document.cookie="__jsl_clearance_s=1700000000.1|-1|abc;max-age=3600;path=/";location.href=location.pathname'
CAPTCHA = page(
    "<form><p>为了您的访问安全，请输入验证码后继续访问</p><input name=captcha><img src=/code.jsp></form>", "安全验证"
)
YUNAQ = page(
    "<h1>当前访问疑似黑客攻击，已被创宇盾拦截</h1><p>事件编号 abc <a href='https://www.yunaq.com'>创宇云防御</a></p>",
    "访问被拦截",
)
MISSING = "<div class=err><p>您访问的页面不存在或已被删除！</p><a href='/'>返回首页</a></div>"
NAVIGATION = "".join(f"<li><a href='/zwgk/{n}/'>栏目导航第{n}项政务公开</a></li>" for n in range(300))
EVERYTHING = page(f"<p>今天是2026年1月10日，欢迎访问{COUNTY}人民政府网站，请从首页进入。</p>", f"{COUNTY}人民政府")
SHORT = (
    f"<html><head><title>{BAD}</title></head><body><h1>{BAD}</h1><p>一、总体情况</p><p>本年度收到申请0件。</p>"
    "<p>二、主动公开政府信息情况</p><p>制发规范性文件0件。</p>"
)
TRUE = MINIMAL + (
    "<p>群众反映网站部分栏目点击后提示您访问的页面不存在，已会同承办单位修复；登录依申请公开系统请输入验证码，安全验证通过后方可提交。</p>"
    "<p>系统维护期间服务器繁忙，访问异常的请求被拦截。</p>"
)
WORD = f"""<html xmlns:o="urn:schemas-microsoft-com:office:office" xmlns:w="urn:schemas-microsoft-com:office:word">
<head><meta charset=utf-8><title>{BAD}</title></head><body><h1>{BAD}</h1>{MINIMAL}</body></html>"""
GB_IN_UTF8 = report_page(BAD).replace("utf-8", "gb2312").encode("gb18030")
UTF8_SAID_GB = report_page(BAD).replace("utf-8", "gb2312").encode()
LARGE = 200_000_000
BOMB = gzip.compress(bytes(LARGE))
_PACKED = gzip.compress(REPORT)
DAMAGED = _PACKED[:400] + bytes(60) + _PACKED[460:]
BASE = list_page([("deep/fault.html", BAD, "2025-01-15"), ("deep/good.html", GOOD, "2025-01-15")]).replace(
    "</head>", '<base href="/zwgk/"></head>'
)
TARGET = list_page([("fault.html", BAD, "2025-01-15"), ("../good2023.html", GOOD, "2025-01-15")]).replace(
    "</head>", '<base target="_blank"></head>'
)


def detail(name: str, sent: str, kind: str, answer: Page, asked: int = 1, state: str = "partial") -> Case:
    """A fault of a report's page."""
    return Case(name, sent, kind, {FAULT: answer}, asked, state=state, found=1 if kind else 2)


def file(name: str, sent: str, kind: str, answer: Page, asked: int = 1, ending: str = "pdf") -> Case:
    """A fault of a report's file."""
    path = f"/files/a.{ending}"
    pages = {FAULT: with_file(f"a.{ending}"), path: answer}
    return Case(name, sent, kind, pages, asked, on=(path,), found=2, state="partial" if kind else "ok")


def fine(name: str, sent: str, answer: Page, asked: int = 1) -> Case:
    """Something odd in which a report is read all the same."""
    return detail(name, sent, "", answer, asked, state="ok")


def _pager(path: str, number: int, text: str) -> bytes:
    more = f'<a href="/zwgk/nb/p{number + 1}.html">下一页</a>'
    return http(200, list_page([(path, text, "2025-01-15")], more))


def _endless_pager() -> dict[str, Page]:
    def anything(peer: socket.socket, asked: Asked) -> None:
        number = int("".join(filter(str.isdigit, asked.path)) or 0)
        peer.sendall(_pager(f"/n{number}.html", number, f"关于第{number}次会议的通知"))

    return {FAULT: REPORT, "*": anything}


def _last(peer: socket.socket, asked: Asked) -> None:
    """The second of three pages, and the third for every number beyond."""
    number = int("".join(filter(str.isdigit, asked.path)) or 0)
    peer.sendall(_pager(FAULT, number, BAD) if number > 2 else _pager("/n2.html", number, "关于会议的通知"))


FAULTY = (
    # --- refusals by status
    detail(
        "521",
        "521 with X-Via-JSL and a script",
        "blocked:jsl",
        http(521, f"<script>{JSL}</script>", headers=[("X-Via-JSL", "ab1,-"), ("Set-Cookie", "__jsluid_h=0; path=/")]),
    ),
    detail(
        "412",
        "412, a script from elsewhere, cookies",
        "blocked:412",
        http(
            412,
            '<html><head><meta content="q1w2"><script src="/x.js"></script></head><body></body></html>',
            headers=[("Set-Cookie", "SESSa=1; path=/")],
        ),
    ),
    *(
        detail(str(status), f"status {status}", f"blocked:{status}", http(status, page("<p>拒绝访问</p>")))
        for status in (468, 403, 405, 406, 422)
    ),
    detail(
        "geo header", "403 with the header reason: GeoBL", "blocked:geo", http(403, "", headers=[("reason", "GeoBL")])
    ),
    detail("geo body", "403 whose page says reason:GeoBL", "blocked:geo", http(403, "<p>Forbidden reason:GeoBL</p>")),
    detail("yunaq", "405 with the block page of 创宇云", "blocked:yunaq", http(405, YUNAQ)),
    detail("yunaq 200", "200 with the block page of 创宇云", "blocked:yunaq", http(200, YUNAQ)),
    detail("404", "404", "gone", http(404, page("<h1>404</h1>"))),
    detail("500", "500, twice", "http:500", http(500, page("<h1>500</h1>")), asked=2),
    # --- refusals with status 200
    detail(
        "C3VK",
        "200, a script that sets C3VK and reloads",
        "blocked:cookie-shell",
        http(200, '<script>document.cookie="C3VK=a1b2c3; path=/; max-age=300";location.reload();</script>'),
    ),
    detail(
        "jsl 200",
        "200, a script that sets __jsl_clearance",
        "blocked:jsl",
        http(200, f"<html><head><script>{JSL}</script></head><body></body></html>", headers=[("X-Via-JSL", "ab1,-")]),
    ),
    *(
        detail(
            f"stub {size}",
            f"200, a script of {size} bytes",
            "blocked:stub",
            http(200, script(size, "setTimeout(function(){eval(atob(_0x4f2a[0]));},1);")),
        )
        for size in (1_166, 1_334)
    ),
    detail("captcha", "200, a captcha in place of the page", "blocked:captcha", http(200, CAPTCHA)),
    detail(
        "login",
        "200, a login in place of the page",
        "login",
        http(200, page("<form>您尚未登录，请先登录<input type=password></form>", "用户登录")),
    ),
    detail(
        "maintenance",
        "200, the site is being maintained",
        "soft-503",
        http(200, page("<p>系统维护中，请稍后再试。</p>")),
    ),
    # --- a page instead of a file
    file("captcha for a PDF", "a captcha as text/html where a PDF is linked", "blocked:captcha", http(200, CAPTCHA)),
    file(
        "captcha as octets",
        "a captcha as application/octet-stream where a DOCX is linked",
        "blocked:captcha",
        http(200, CAPTCHA, "application/octet-stream"),
        ending="docx",
    ),
    file(
        "error for a PDF", "an error page as application/pdf", "soft-404", http(200, page(MISSING), "application/pdf")
    ),
    file("page for a PDF", "the home page where a PDF is linked", "not-a-file", http(200, page(NAVIGATION))),
    file(
        "message for a PDF",
        "JSON where a PDF is linked",
        "not-a-file",
        http(200, '{"code": 401, "msg": "无权限"}', "application/json"),
    ),
    file("file to home", "302 from the file to the home page", "redirected:home", redirect("/")),
    # --- soft 404
    detail("soft 404", "200, the words 您访问的页面不存在", "soft-404", http(200, page(MISSING))),
    detail(
        "soft 404 GBK",
        "the same in GBK, without a charset",
        "soft-404",
        http(200, page(MISSING).replace("<meta charset=utf-8>", "").encode("gbk"), "text/html"),
    ),
    detail(
        "soft 404 framed",
        "an error page in the portal's own frame of 300 links",
        "soft-404",
        http(200, page(NAVIGATION + MISSING, "页面不存在")),
    ),
    detail("soft 404 titled", "an error page under the report's own title", "soft-404", http(200, page(MISSING, BAD))),
    Case(
        "twins",
        "two reports' addresses give one page, but for a stamp",
        "soft-404",
        {
            FAULT: page("<p>信息加载失败 123</p>"),
            "/zwgk/other.html": page("<p>信息加载失败 456</p>"),
            "*": http(404, ""),
        },
        asked=2,
        on=(FAULT, "/zwgk/other.html"),
        rows=((FAULT, BAD), ("/zwgk/other.html", OTHER)),
        state="partial",
    ),
    Case(
        "everything is there", "any address gives one page, with status 200", "soft-404", {"*": http(200, EVERYTHING)}
    ),
    detail("empty", "200 with Content-Length: 0", "empty", http(200, "")),
    detail(
        "empty, closed",
        "200, no length, nothing, the end",
        "empty",
        closing(b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n\r\n"),
    ),
    detail("blank", "200 with three line ends", "empty", http(200, "\r\n\r\n\r\n")),
    detail(
        "placeholders {{ }}",
        "a page of {{ title }} and {{ content }}",
        "needs_browser",
        http(200, page("<h1>{{ title }}</h1><div v-html='c'>{{ content }}</div>")),
    ),
    detail(
        "placeholders <?=",
        "a page of <?=el.link?>",
        "needs_browser",
        http(200, page("<div id=tpl><a href='<?=el.link?>'><?=el.title?></a></div>")),
    ),
    # --- redirects
    detail("to home", "302 to the home page", "redirected:home", redirect("/")),
    detail("to index", "302 to /index.html", "redirected:home", redirect("/index.html")),
    detail("to a login", "302 to a login", "redirected:login", redirect("/sso/login?service=/zwgk/fault.html")),
    detail("to an error page", "302 to /error/404.html", "redirected:error", redirect("/error/404.html")),
    Case(
        "to a page that says so",
        "302 to a page that says 不存在",
        "soft-404",
        {FAULT: redirect("/zwgk/tips.html"), "/zwgk/tips.html": page(MISSING)},
        asked=2,
        on=("/zwgk/tips.html", FAULT),
    ),
    detail("to itself", "302 to itself", "redirect-loop", redirect(FAULT)),
    detail(
        "to itself, cookies",
        "302 to itself with a new cookie each time",
        "redirect-loop",
        redirect(FAULT, ("Set-Cookie", "CT6T=1; path=/")),
        asked=2,
    ),
    Case(
        "two in a circle",
        "302 to another page that leads back",
        "redirect-loop",
        {FAULT: redirect("/zwgk/b.html"), "/zwgk/b.html": redirect(FAULT)},
        asked=2,
        on=("/zwgk/b.html", FAULT),
    ),
    Case(
        "a long chain",
        "302 to a page, 302 to a page …",
        "redirect-loop",
        {FAULT: redirect("/zwgk/1.html"), **{f"/zwgk/{n}.html": redirect(f"/zwgk/{n + 1}.html") for n in range(1, 9)}},
        asked=6,
        on=("/zwgk/5.html", FAULT, *(f"/zwgk/{n}.html" for n in (1, 2, 3, 4, 6))),
    ),
    # --- the way of the body
    detail("reset", "the connection is reset", "reset", reset, asked=3),
    detail("closed", "the connection is closed without an answer", "reset", closing(b""), asked=3),
    detail("trickle", "ten bytes a second", "timeout", trickle, asked=2),
    detail(
        "cut",
        "half of the length that was announced",
        "broken",
        closing(http(200, REPORT[:600], length=len(REPORT))),
        asked=2,
    ),
    detail("cut chunk", "chunks without the last one", "broken", closing(chunked(REPORT[:600], end=False)), asked=2),
    detail(
        "cut gzip",
        "gzip that stops in the middle",
        "broken",
        http(200, gzip.compress(REPORT)[:-300], headers=[("Content-Encoding", "gzip")]),
        asked=2,
    ),
    detail(
        "damaged gzip",
        "gzip with wrong bytes in the middle",
        "broken",
        http(200, DAMAGED, headers=[("Content-Encoding", "gzip")]),
        asked=2,
    ),
    detail(
        "cut br",
        "br that stops in the middle",
        "broken",
        http(200, brotli.compress(REPORT)[:-100], headers=[("Content-Encoding", "br")]),
        asked=2,
    ),
    file(
        "cut PDF",
        "half of a PDF",
        "broken",
        closing(http(200, b"%PDF-1.4 " + bytes(900), "application/pdf", length=5_000)),
        asked=2,
    ),
    detail(
        "200 MB",
        "a page of 200 MB, as announced",
        "too-large",
        endless(http(200, b"", length=LARGE), bytes(1 << 16), LARGE >> 16),
    ),
    detail(
        "200 MB of chunks",
        "a page of 200 MB, not announced",
        "too-large",
        endless(chunked(end=False), b"10000\r\n" + bytes(1 << 16) + b"\r\n", LARGE >> 16),
    ),
    file(
        "200 MB file",
        "a file of 200 MB, as announced",
        "too-large",
        endless(http(200, b"", "application/pdf", length=LARGE), bytes(1 << 16), LARGE >> 16),
    ),
    detail(
        "bomb",
        "200 KB of gzip that unpack to 200 MB",
        "too-large",
        http(200, BOMB, headers=[("Content-Encoding", "gzip")]),
    ),
    detail("HTTP/0.9", "HTML without any header", "no-http", closing(REPORT), asked=2),
    detail("garbage", "bytes that are no HTTP", "no-http", closing(bytes(range(256)) * 8 + b"\r\n\r\n"), asked=2),
    detail(
        "a header of 100 KB",
        "one header of 100 KB",
        "reset",
        closing(http(200, REPORT, headers=[("X-Long", "x" * 100_000)])),
        asked=2,
    ),
    # --- columns
    Case(
        "column 412",
        "412 for the column",
        "blocked:412",
        {"/zwgk/nb/": http(412, "")},
        on=("/zwgk/nb/",),
        state="blocked",
        found=0,
    ),
    Case(
        "column without an index",
        "403 for the directory, its index.html, .htm and .shtml",
        "blocked:403",
        {
            "/zwgk/nb/": http(403, ""),
            **{f"/zwgk/nb/{name}": http(403, "") for name in ("index.html", "index.htm", "index.shtml")},
        },
        asked=4,
        on=("/zwgk/nb/index.shtml", "/zwgk/nb/", "/zwgk/nb/index.html", "/zwgk/nb/index.htm"),
        state="blocked",
        found=0,
    ),
    Case(
        "endless pager",
        "every list page links a next one, with another entry",
        "cut",
        _endless_pager(),
        asked=0,
        on=("/zwgk/nb/p400.html",),
        found=2,
        extra='<a href="/zwgk/nb/p2.html">下一页</a>',
    ),
)

FINE = (
    # --- true reports that look like faults
    fine(
        "says 页面不存在",
        "a report that tells of pages that do not exist, captchas, maintenance",
        http(200, report_page(BAD, TRUE)),
    ),
    fine(
        "small scripts",
        "a report between scripts that set cookies and locations",
        http(
            200,
            REPORT.replace(
                b"</head>", b'<script>document.cookie="visited=1";if(top!=self)location.reload();</script></head>'
            ),
        ),
    ),
    fine(
        "1,200 bytes",
        "a report of 1,200 bytes",
        http(200, SHORT + "<!--" + "x" * (1_190 - len(SHORT.encode())) + "--></body></html>"),
    ),
    Case(
        "the same report twice",
        "one report at two addresses, byte for byte",
        "",
        {FAULT: REPORT, "/zwgk/copy.html": REPORT},
        asked=2,
        on=(FAULT, "/zwgk/copy.html"),
        rows=((FAULT, BAD), ("/zwgk/copy.html", BAD)),
        found=2,
        state="ok",
    ),
    file(
        "HTML of Word", "a .doc that is HTML as Word saves it", "", http(200, WORD, "application/msword"), ending="doc"
    ),
    # --- cookies and redirects
    fine(
        "cookie, then the page",
        "302 to itself with a cookie, then the page",
        then(redirect(FAULT, ("Set-Cookie", "CT6T=1; path=/")), http(200, REPORT)),
        asked=2,
    ),
    Case(
        "moved",
        "301 to another address",
        "",
        {FAULT: redirect("/zwgk/new.html", status=301), "/zwgk/new.html": REPORT},
        asked=2,
        on=("/zwgk/new.html", FAULT),
        found=2,
        state="ok",
    ),
    fine(
        "a storm of cookies",
        "500 cookies of 200 bytes",
        http(200, REPORT, headers=[("Set-Cookie", f"c{n}={'x' * 200}; path=/") for n in range(500)]),
    ),
    fine(
        "many headers",
        "100 KB of headers of 1 KB",
        http(200, REPORT, headers=[(f"X-{n}", "x" * 1_000) for n in range(100)]),
    ),
    # --- once more, and it is there
    fine(
        "reset once",
        "a reset, then the page",
        lambda peer, asked: peer.sendall(http(200, REPORT)) if asked.before else reset(peer, asked),
        asked=2,
    ),
    fine(
        "cut once",
        "half of the page, then the page",
        then(http(200, REPORT[:600], length=len(REPORT)), http(200, REPORT)),
        asked=2,
    ),
    fine(
        "cut gzip once",
        "half of the gzip, then the page",
        then(http(200, gzip.compress(REPORT)[:-300], headers=[("Content-Encoding", "gzip")]), http(200, REPORT)),
        asked=2,
    ),
    fine("500 once", "500, then the page", then(http(500, ""), http(200, REPORT)), asked=2),
    # --- encodings
    fine("gzip", "gzip that was announced", http(200, gzip.compress(REPORT), headers=[("Content-Encoding", "gzip")])),
    fine("gzip unsaid", "gzip without Content-Encoding", http(200, gzip.compress(REPORT))),
    fine("br that is none", "plain HTML announced as br", http(200, REPORT, headers=[("Content-Encoding", "br")])),
    fine(
        "deflate that is gzip",
        "gzip announced as deflate",
        http(200, gzip.compress(REPORT), headers=[("Content-Encoding", "deflate")]),
    ),
    fine(
        "deflate that is none",
        "plain HTML announced as deflate",
        http(200, REPORT, headers=[("Content-Encoding", "deflate")]),
    ),
    fine(
        "raw deflate",
        "deflate without the header of zlib",
        http(200, zlib.compress(REPORT)[2:-4], headers=[("Content-Encoding", "deflate")]),
    ),
    fine(
        "gzip that is none", "plain HTML announced as gzip", http(200, REPORT, headers=[("Content-Encoding", "gzip")])
    ),
    fine(
        "br unasked",
        "br, which was not asked for",
        http(200, brotli.compress(REPORT), headers=[("Content-Encoding", "br")]),
    ),
    fine("gb2312 said UTF-8", "GB 18030 bytes with a UTF-8 header", http(200, GB_IN_UTF8)),
    fine("UTF-8 said gb2312", "UTF-8 bytes with a meta tag gb2312", http(200, UTF8_SAID_GB, "text/html")),
    fine("octet-stream", "a page as application/octet-stream", http(200, REPORT, "application/octet-stream")),
    fine("text/plain", "a page as text/plain", http(200, REPORT, "text/plain")),
    fine("no type", "a page without a content type", http(200, REPORT, "")),
    fine(
        "no length",
        "a page that ends with the connection",
        closing(b"HTTP/1.0 200 OK\r\nContent-Type: text/html\r\n\r\n" + REPORT),
    ),
    # --- lists
    Case(
        "base href",
        "a list whose links are relative to its base",
        "",
        {"/zwgk/nb/": BASE, "/zwgk/deep/fault.html": REPORT, "/zwgk/deep/good.html": report_page(GOOD)},
        on=("/zwgk/deep/fault.html",),
        found=2,
        state="ok",
    ),
    Case(
        "base target",
        "a list with a base that has only a target",
        "",
        {"/zwgk/nb/": TARGET, "/zwgk/nb/fault.html": REPORT},
        on=("/zwgk/nb/fault.html",),
        found=2,
        state="ok",
    ),
    Case(
        "a directory's index",
        "403 for the column's directory, 200 for its index.html",
        "",
        {"/zwgk/nb/": http(403, ""), "/zwgk/nb/index.html": TARGET, "/zwgk/nb/fault.html": REPORT},
        on=("/zwgk/nb/fault.html",),
        found=2,
        state="ok",
    ),
    Case(
        "page N is page 1",
        "a pager of 50 pages that all show the first",
        "",
        {FAULT: REPORT, **{f"/zwgk/nb/p{n}.html": _pager(FAULT, n, BAD) for n in range(2, 50)}},
        found=2,
        state="ok",
        extra='<a href="/zwgk/nb/p2.html">下一页</a>',
    ),
    Case(
        "beyond the end",
        "numbers beyond the end answer the last page",
        "",
        {FAULT: REPORT, "*": _last},
        found=2,
        state="ok",
        extra='<a href="/zwgk/nb/p2.html">下一页</a>',
    ),
)
