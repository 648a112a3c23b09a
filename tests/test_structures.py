"""Odd and hostile structures: hand-made portals (tests/oddities.py), harvested by the command line.

What is asserted: the reports found (unit and year, none twice, none invented), figures where the carrier is odd, and
the exit status (2: something needs a look).
"""

import gzip
import json
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping
from functools import cache
from pathlib import Path
from urllib.parse import quote

import pytest

from archive.filenames import file_name, of_disposition
from crawler.pages import MAX_PAGES
from tests.helpers import Archive, current_figures
from tests.oddities import MINIMAL, Answer, Odd, Page, Pages, list_page, report_page
from tests.portals import Figure, ReportTruth, make_truth
from tests.portals.site import Library

COUNTY, REGION = "清沙县", "990001"
OTHER_HOST, THIRD_HOST = "127.22.0.2", "127.22.0.3"
COLUMN = "政府信息公开年报"
FEW = 12  # requests beyond the pages of a list: robots.txt, home page, survey, details
PNG = bytes.fromhex(
    "89504e470d0a1a0a0000000d4948445200000001000000010806000000"
    "1f15c4890000000d49444154789c6360606060000000050001a5f645400000000049454e44ae426082"
)
Found = set[tuple[str, int]]


def title(unit: str, year: int, county: str = COUNTY) -> str:
    """A report's title as most portals print it."""
    return f"{county}{unit}{year}年政府信息公开工作年度报告"


def details(reports: Mapping[str, str]) -> dict[str, Page]:
    """A page of six headings for each address and title."""
    return {href: report_page(text) for href, text in reports.items()}


def rows(reports: Mapping[str, str]) -> list[tuple[str, str, object]]:
    """The rows that list them."""
    return [(href, text, "2025-01-15") for href, text in reports.items()]


def home(*links: tuple[str, str], extra: str = "") -> str:
    """A home page with these links, by default to the column /nb/."""
    shown = links or (("/nb/", COLUMN),)
    return list_page([(href, text, None) for href, text in shown], extra, title=f"{COUNTY}人民政府")


def page(main: str, name: str = COLUMN) -> str:
    """A page of anything."""
    return f'<!DOCTYPE html><html><head><meta charset="utf-8"><title>{name}</title></head><body>{main}</body></html>'


def site(column: Page, *reports: Mapping[str, str], **others: Page) -> dict[str, Page]:
    """A home page, the column /nb/, and the pages of reports."""
    pages: dict[str, Page] = {"/": home(), "/nb/": column}
    for some in reports:
        pages |= details(some)
    return pages | others


def add(odd: Odd, folder: Path, county: str = COUNTY) -> Archive:
    """An archive that knows the portal."""
    archive = Archive(folder / "archive")
    about = ("--region", REGION, "--region-name", county, "--delay", 0)
    archive.run("portals", "add", odd.url, "--allow-private", *about)
    return archive


def harvest(odd: Odd, folder: Path, status: int = 0, county: str = COUNTY) -> Archive:
    """An archive after its first `update`, which must end with this status."""
    archive = add(odd, folder, county)
    archive.run("update", status=status)
    return archive


def found(archive: Archive) -> Found:
    """The reports of an archive, each only once."""
    all_of_them = archive.rows("select u.name, r.year from report r join unit u on u.id = r.unit")
    counted = Counter((row["name"], row["year"]) for row in all_of_them)
    assert not [report for report, count in counted.items() if count > 1]
    return set(counted)


def listed(unit: str, *years: int) -> Found:
    return {(unit, year) for year in years}


def asked(odd: Odd, path: str = "/") -> list[str]:
    """The addresses below a path that were asked for, in order."""
    return [target for _, _, target in odd.requests if target.startswith(path) and target != "/robots.txt"]


def state(archive: Archive) -> dict[str, object]:
    """The portal's line of `status`."""
    return archive.json("status")[0]


def links(archive: Archive, state: str) -> set[str]:
    """The texts of the links that were remembered in a state."""
    return {row["link_text"] for row in archive.rows("select link_text from url where state = ?", state)}


WATER = {f"/a{year}.html": title("水务局", year) for year in (2022, 2023, 2024)}
WATER_FOUND = listed("水务局", 2022, 2023, 2024)


# --- real reports, whose figures the truth knows


@cache
def library() -> Library:
    return Library(make_truth(every=True))


def truth(key: str) -> ReportTruth:
    return library().truth.report(key)


def real_page(key: str) -> str:
    return report_page(truth(key).title, library().body(truth(key), 0))


def real_file(key: str) -> Answer:
    """The attached file of a report, as a server without any knowledge of types gives it."""
    return Answer(body=library().file(truth(key), 0), media_type="application/octet-stream")


def figures(archive: Archive, key: str) -> dict[str, Figure]:
    """What was read of a report of the truth."""
    report = truth(key)
    return current_figures(archive).get(f"{REGION}/{report.unit.removeprefix(COUNTY)}/{report.scope}/{report.year}", {})


# --- odd and hostile lists


def test_list_without_dates(tmp_path: Path) -> None:
    with Odd(site(list_page([(href, text, None) for href, text in WATER.items()]), WATER)) as odd:
        assert found(harvest(odd, tmp_path)) == WATER_FOUND


def test_list_of_5000_entries(tmp_path: Path) -> None:
    """Fifty reports among 4,950 notices: the notices are remembered and not fetched."""
    reports = {f"/r{n}.html": title(f"{'甲乙丙丁戊己庚辛壬癸'[n % 10]}山镇", 2015 + n // 10) for n in range(50)}
    notices = {f"/n{n}.html": f"{COUNTY}关于第{n}号事项的通知" for n in range(4950)}
    both = dict(
        pair for n in range(50) for pair in [*list(notices.items())[n * 99 : n * 99 + 99], list(reports.items())[n]]
    )
    with Odd(site(list_page(rows(both)), reports)) as odd:
        archive = harvest(odd, tmp_path)
        assert len(found(archive)) == 50
        assert len(links(archive, "not_report")) == 4950
        assert not asked(odd, "/n0") + asked(odd, "/n4949")


def test_same_link_twice(tmp_path: Path) -> None:
    """The same row twice, once more as a picture, and once with another anchor."""
    extra = '<p><a href="/a2024.html"><img src="/x.png" alt="封面"></a> <a href="/a2024.html#top">查看</a></p>'
    with Odd(site(list_page(rows(WATER) + rows(WATER), extra), WATER)) as odd:
        archive = harvest(odd, tmp_path)
        assert found(archive) == WATER_FOUND
        assert len(asked(odd, "/a2024.html")) == 1
        assert archive.rows("select count(*) as n from event")[0]["n"] == 3


def test_relative_links(tmp_path: Path) -> None:
    """Up from /zwgk/gk/nb/, as far as the root and beyond it, and from the query alone."""
    years = {2020: "../../a2020.html", 2021: "../../../a2021.html", 2022: "../../../../../../../a2022.html",
             2023: "./../a2023.html", 2024: "a2024.html", 2025: "?id=2025"}  # fmt: skip
    where = {2020: "/zwgk/", 2021: "/", 2022: "/", 2023: "/zwgk/gk/", 2024: "/zwgk/gk/nb/", 2025: ""}
    targets = {year: where[year] + f"a{year}.html" for year in where} | {2025: "/zwgk/gk/nb/?id=2025"}
    pages = {
        "/": home(("/zwgk/gk/nb/", COLUMN)),
        "/zwgk/gk/nb/": list_page([(href, title("水务局", year), "2025-01-15") for year, href in years.items()]),
        **details({targets[year]: title("水务局", year) for year in years}),
    }
    with Odd(pages) as odd:
        assert found(harvest(odd, tmp_path)) == listed("水务局", *years)


def test_base_href(tmp_path: Path) -> None:
    column = list_page([(href[1:], text, None) for href, text in WATER.items()]).replace(
        "<head>", '<head><base target="_blank"><base href="/files/">'
    )
    with Odd(site(column, {f"/files{href}": text for href, text in WATER.items()})) as odd:
        assert found(harvest(odd, tmp_path)) == WATER_FOUND


def test_links_only_in_scripts(tmp_path: Path) -> None:
    """onclick of a, li and tr, and a script in the href."""
    reports = {f"/a{year}.html": title("水务局", year) for year in range(2019, 2025)}
    texts = list(reports.values())
    column = page(f"""<ul>
<li><a href="javascript:void(0)" onclick="window.open('/a2019.html')">{texts[0]}</a><span>2020-01-15</span></li>
<li onclick="location.href='/a2020.html'">{texts[1]}<span>2021-01-15</span></li>
<li><a href="javascript:goUrl('/a2021.html')" title="{texts[2]}">{texts[2][:12]}…</a></li>
<li><a href="#" onclick='return openInfo("a2022.html", 1)'>{texts[3]}</a></li></ul>
<table><tr onclick="window.location.href='../a2023.html'"><td>1</td><td>{texts[4]}</td><td>2024-01-15</td></tr>
<tr><td>2</td><td onclick="jump('/a2024.html')">{texts[5]}</td><td>2025-01-15</td></tr></table>""")
    pages = site(column, reports) | details({"/nb/a2022.html": texts[3]})
    with Odd(pages) as odd:
        assert found(harvest(odd, tmp_path)) == listed("水务局", *range(2019, 2025))


def test_broken_hrefs(tmp_path: Path) -> None:
    """Back-slashes, blanks and line ends in an address; addresses that are none."""
    hrefs = {2020: " /a2020.html ", 2021: "\\a2021.html", 2022: "..\\nb\\..\\a2022.html", 2023: "\n/a\t2023.html\n",
             2024: "//{netloc}/a2024.html", 2025: "http:\\\\{netloc}\\a2025.html"}  # fmt: skip
    reports = {f"/a{year}.html": title("水务局", year) for year in hrefs}
    broken = ["http://[::1", "http://127.0.0.1:99999/", "https://", "mailto:a@b.cn", "javascript:;", "ftp://127.0.0.1/"]
    with Odd(site("", reports)) as odd:
        netloc = odd.url.split("/")[2]
        entries = [(href.format(netloc=netloc), title("水务局", year), None) for year, href in hrefs.items()]
        odd.pages[odd.host]["/nb/"] = list_page([*entries, *((href, title("教育局", 2024), None) for href in broken)])
        assert found(harvest(odd, tmp_path)) == listed("水务局", *hrefs)


def test_pager_that_repeats_itself(tmp_path: Path) -> None:
    """下一页 on every page, always the same rows: the digest of the rows ends it."""

    def column(path: str, query: Mapping[str, str]) -> str:
        return list_page(rows(WATER), f'<a href="?page={int(query.get("page", 1)) + 1}">下一页</a>')

    with Odd(site(column, WATER)) as odd:
        assert found(harvest(odd, tmp_path)) == WATER_FOUND
        assert len(asked(odd, "/nb/?page=")) <= 3


def test_pager_without_end(tmp_path: Path) -> None:
    """下一页 on every page, always other rows: it stops at the cap, and what stands on the first pages is there."""

    def column(path: str, query: Mapping[str, str]) -> str:
        at = int(query.get("page", 1))
        notices = [(f"/n{at}-{n}.html", f"第{at}-{n}号通知", "2025-01-15") for n in range(3)]
        pager = "".join(f'<a href="?page={at + n}">{text}</a>' for n, text in ((1, "下一页"), (2, at + 2), (3, at + 3)))
        return list_page([*notices, *(rows(WATER) if at == 2 else [])], pager)

    with Odd(site(column, WATER)) as odd:
        assert found(harvest(odd, tmp_path, status=2)) == WATER_FOUND
        assert len(asked(odd)) <= MAX_PAGES + FEW


def test_folders_without_end(tmp_path: Path) -> None:
    """Year folders inside of year folders, 22 on every page: each is asked for once, and no deeper than three."""

    def column(path: str, query: Mapping[str, str]) -> str:
        below = (
            "".join(f'<a href="{path}{year}/">{year}年</a>' for year in range(2000, 2022))
            if path.count("/") < 4
            else ""
        )
        return list_page(rows(WATER) if path == "/nb/" else [(f"/n{path}", f"通知{path}", "2025-01-15")], below)

    folders: Pages = {f"/nb/{a}/": column for a in range(2000, 2022)}
    deeper: Pages = {f"/nb/{a}/{b}/": column for a in range(2000, 2022) for b in range(2000, 2022)}
    with Odd(site(column, WATER) | dict(folders) | dict(deeper)) as odd:
        assert found(harvest(odd, tmp_path)) == WATER_FOUND
        assert len(asked(odd)) <= len(folders) + len(deeper) + FEW


def test_page_of_a_list_that_fails(tmp_path: Path) -> None:
    """Page 2 of 3 answers 500: the others are read, and the status says that something is missing."""

    def column(path: str, query: Mapping[str, str]) -> str | Answer:
        at = int(query.get("page", 1))
        pager = "".join(f'<a href="?page={n}">{n}</a>' for n in (1, 2, 3))
        return Answer(500) if at == 2 else list_page(rows(WATER)[at - 1 : at], pager)

    with Odd(site(column, WATER)) as odd:
        archive = harvest(odd, tmp_path, status=2)
        assert found(archive) == listed("水务局", 2022, 2024)
        assert state(archive)["state"] == "down"


def test_column_moved_with_301(tmp_path: Path) -> None:
    """The old address redirects: the next update finds what is new at the new place, and nothing twice."""
    later = WATER | {"/a2025.html": title("水务局", 2025)}
    with Odd(site(list_page(rows(WATER)), later)) as odd:
        archive = harvest(odd, tmp_path)
        odd.pages[odd.host] |= {
            "/nb/": Answer(301, headers={"Location": "/xin/nb/"}),
            "/xin/nb/": list_page(rows(later)),
        }
        archive.run("update")
        assert found(archive) == WATER_FOUND | listed("水务局", 2025)
        assert {
            row["kind"]
            for row in archive.rows("select kind from event where report like '%/2025' and kind <> 'backdated_suspect'")
        } == {"new"}


def test_column_moved_with_404(tmp_path: Path) -> None:
    """The old address is gone and said; the next update surveys again, finds the new one and lets the old one go."""
    later = WATER | {"/a2025.html": title("水务局", 2025)}
    with Odd(site(list_page(rows(WATER)), later)) as odd:
        archive = harvest(odd, tmp_path)
        del odd.pages[odd.host]["/nb/"]
        odd.pages[odd.host] |= {"/": home(("/xin/nb/", COLUMN)), "/xin/nb/": list_page(rows(later))}
        archive.run("update", status=2)
        assert found(archive) == WATER_FOUND
        said = archive.run("update")  # followed, and read whole: said, and no failure
        assert "--accept-move" in said.stderr and state(archive)["state"] == "moved"
        assert found(archive) == WATER_FOUND | listed("水务局", 2025)
        states = {
            row["url"].split("/", 3)[3]: row["state"] for row in archive.rows("select url, state from column_page")
        }
        assert states == {"nb/": "gone", "xin/nb/": "found"}


def test_column_turned_soft_404(tmp_path: Path) -> None:
    """Status 200, and a text that says that there is no such page: said, and nothing is lost."""
    with Odd(site(list_page(rows(WATER)), WATER)) as odd:
        archive = harvest(odd, tmp_path)
        odd.pages[odd.host]["/nb/"] = page("<h1>对不起</h1><p>您访问的页面不存在或已删除。</p>", "出错了")
        archive.run("update", status=2)
        assert found(archive) == WATER_FOUND
        assert "soft-404" in str(state(archive)["failures"])


def test_soft_404_in_place_of_the_column(tmp_path: Path) -> None:
    """At the first visit: nothing is invented."""
    with Odd(site(page("<p>您访问的页面不存在。</p>", "404"))) as odd:
        assert found(harvest(odd, tmp_path, status=2)) == set()


@pytest.mark.parametrize("name", ["404", "清沙县水务局2024年政府信息公开工作年度报告"])
def test_soft_404_in_place_of_a_report(name: str, tmp_path: Path) -> None:
    """Of a report that was never seen nothing is invented, whatever the title of the page that says so."""
    missing = page("<p>您访问的页面不存在。</p>", name)
    with Odd(site(list_page(rows(WATER)), WATER, **{"/a2024.html": missing})) as odd:
        assert found(harvest(odd, tmp_path, status=2)) == listed("水务局", 2022, 2023)


def test_soft_404_is_no_revision(tmp_path: Path) -> None:
    """A report whose page says later that it does not exist, under the same title, keeps its figures."""
    key = "lonsun/jiaoyu/2022"
    with Odd(site(list_page(rows({"/a.html": truth(key).title})), **{"/a.html": real_page(key)})) as odd:
        archive = harvest(odd, tmp_path)
        odd.pages[odd.host]["/a.html"] = page("<p>您访问的页面不存在。</p>", truth(key).title)
        archive.run("update", status=2)
        assert figures(archive, key) == truth(key).figures_at(0)
        assert [row["kind"] for row in archive.rows("select kind from event")] == ["backfill"]


def test_empty_column_after_entries(tmp_path: Path) -> None:
    """A column that lists nothing any more is said, and nothing is lost."""
    with Odd(site(list_page(rows(WATER)), WATER)) as odd:
        archive = harvest(odd, tmp_path)
        odd.pages[odd.host]["/nb/"] = list_page([])
        archive.run("update", status=2)
        assert found(archive) == WATER_FOUND


def test_nested_tables_and_unclosed_tags(tmp_path: Path) -> None:
    """A list laid out by tables in tables, hardly a tag closed, some closed that were never open."""
    cells = "".join(
        f"<tr><td><table><tr><td><img src=/dot.gif><td><a href={href}>{text}<td>2025-01-15</table>"
        for href, text in WATER.items()
    )
    column = (
        f"<html><title>{COLUMN}<body><div></span></td><table><tr><td><table width=98%>{cells}</b></i></table></form>"
    )
    with Odd(site(column.replace(f"{COLUMN}<", f"{COLUMN}</title><"), WATER)) as odd:
        assert found(harvest(odd, tmp_path)) == WATER_FOUND


def test_pages_that_break_readers(tmp_path: Path) -> None:
    """Deep nesting, NUL bytes, an empty answer, garbage as HTML: the good report is read, bad ones have no figures and a reason."""
    key = "lonsun/jiaoyu/2022"
    bad = {f"/bad{year}.html": title("水务局", year) for year in (2020, 2021, 2022)}
    reports = bad | {"/nul.html": truth(key).title}
    pages = site(
        list_page(rows(reports)),
        **{
            "/bad2020.html": page("<div>" * 10_000 + MINIMAL),
            "/bad2021.html": b"",
            "/bad2022.html": bytes(range(128, 256)) * 300 + b"\x00\xff\xfe" * 99,
            "/nul.html": real_page(key).replace("<p", "\x00<p").replace("年", "\x00年"),
        },
    )
    with Odd(pages) as odd:
        archive = harvest(odd, tmp_path, status=2)
        assert figures(archive, key) == truth(key).figures_at(0)
        assert found(archive) <= listed("教育局", 2022) | listed("水务局", 2020, 2021, 2022)
        assert len(current_figures(archive)) == 1
        failed = {row["url"].rpartition("/")[2] for row in archive.rows("select url from failure")}
        assert failed == {href[1:] for href in bad}


def test_column_that_breaks_readers(tmp_path: Path) -> None:
    """The first of two columns nests 10,000 elements: the other is read, and the status says so."""
    pages = site(list_page(rows(WATER)), WATER) | {
        "/": home(("/nb/", COLUMN), ("/bm/", "部门年报")),
        "/bm/": page("<div>" * 10_000 + list_page(rows({"/x.html": title("教育局", 2024)}))),
    }
    with Odd(pages) as odd:
        archive = harvest(odd, tmp_path)
        assert found(archive) == WATER_FOUND
        assert [row["kind"] for row in archive.rows("select kind from failure")] == ["no-page"]


def test_nested_list_is_read(tmp_path: Path) -> None:
    """300 elements around a list are no attack."""
    with Odd(site(page("<div>" * 300 + list_page(rows(WATER))), WATER)) as odd:
        assert found(harvest(odd, tmp_path)) == WATER_FOUND


def test_pages_of_5_mb(tmp_path: Path) -> None:
    """A list and a detail page of 5 MB each: scripts, comments and base64 pictures."""
    key = "lonsun/jiaoyu/2022"
    junk = f"<script>var a='{'x' * 2_000_000}';</script><!-- {'-x' * 1_000_000} -->"
    junk += f'<img src="data:image/png;base64,{"A" * 1_000_000}">'
    pages = site(list_page(rows({"/a.html": truth(key).title}), junk), **{"/a.html": real_page(key) + junk})
    with Odd(pages) as odd:
        archive = harvest(odd, tmp_path)
        assert found(archive) == listed("教育局", 2022)
        assert figures(archive, key) == truth(key).figures_at(0)


@pytest.mark.parametrize("said", ["utf-8", "gb2312", ""])
def test_gbk_pages(said: str, tmp_path: Path) -> None:
    """Bytes in GBK, declared as UTF-8 by header and page, or as GB2312 with characters that it has not, or as nothing."""
    key, media = "lonsun/jiaoyu/2022", f"text/html; charset={said}" if said else "text/html"
    town = title("喆䶮镇", 2023) if said == "utf-8" else title("喆镕镇", 2023)
    made = {
        "/": home(),
        "/nb/": list_page(rows({"/a.html": truth(key).title, "/b.html": town})),
        "/a.html": real_page(key),
        "/b.html": report_page(town),
    }
    as_gbk = {
        path: Answer(body=text.replace("utf-8", said).encode("gb18030"), media_type=media)
        for path, text in made.items()
    }
    with Odd(as_gbk) as odd:
        archive = harvest(odd, tmp_path)
        assert found(archive) == listed("教育局", 2022) | {(town[3:6] + "人民政府", 2023)}
        assert figures(archive, key) == truth(key).figures_at(0)


DATES = {
    "2024-01-15": "2024-01-15", "2024/1/15": "2024-01-15", "2024.01.15": "2024-01-15", "2024年1月15日": "2024-01-15",
    "[2024-01-15]": "2024-01-15", "（2024-01-15 10:20:30）": "2024-01-15", "发布日期：2024-1-5": "2024-01-05",
    "2024 - 01 - 15": "2024-01-15", "01-15": None, "2024-13-45": None, "": None,
}  # fmt: skip


def test_dates_of_rows(tmp_path: Path) -> None:
    """Rows dated in several ways; what is no date is none. Where the page states none, the row's date counts."""
    reports = {f"/a{n}.html": title("水务局", 2010 + n) for n in range(len(DATES))}
    column = list_page([(href, text, day) for (href, text), day in zip(reports.items(), DATES, strict=True)])
    undated = {href: report_page(text).replace("发布时间：2025-01-20", "") for href, text in reports.items()}
    with Odd(site(column, **undated)) as odd:
        archive = harvest(odd, tmp_path)
        stated = archive.rows("select r.year, v.stated_date as day from report r join version v on v.id = r.current")
        assert {row["year"]: row["day"] for row in stated} == dict(zip(range(2010, 2021), DATES.values(), strict=True))


LABELS: dict[str, Callable[[str], str]] = {
    "date before": lambda text: f"<span>2024-01-15</span>{text}",
    "date behind": lambda text: f"<span>{text}</span><span>2024-01-15</span>",
    "date behind, title whole": lambda text: f"<span>{text}</span><span>2024-01-15</span>",
    "date in brackets": lambda text: f"{text} [2024-01-15]",
    "dot": lambda text: f"· {text}",
    "number": lambda text: f"<em>3</em>. {text}",
    "new": lambda text: f"{text}<i>NEW</i>",
    "place": lambda text: f"[部门年报] {text}",
    "site before": lambda text: f"清沙县人民政府门户网站-{text}",
    "quotes": lambda text: f"《{text}》",
    "ending": lambda text: f"{text}.pdf",
    "blanks": lambda text: " ".join(text),
    "break": lambda text: f"{text[:8]}<br>{text[8:]}",
    "cut": lambda text: f"{text[:14]}...",
}


@pytest.fixture(scope="module")
def labelled(tmp_path_factory: pytest.TempPathFactory) -> Found:
    """A list whose links hold more than their titles."""
    reports = {f"/a{n}.html": title("水务局", 2010 + n) for n in range(len(LABELS))}
    items = []
    for (href, text), (name, made) in zip(reports.items(), LABELS.items(), strict=True):
        whole = f' title="{text}"' if name.endswith("title whole") else ""
        day = "" if "2024-01-15" in made(text) else "<span>2025-01-15</span>"
        items.append(f'<li><a href="{href}"{whole}>{made(text)}</a>{day}</li>')
    with Odd(site(page(f"<ul>{''.join(items)}</ul>"), reports)) as odd:
        return found(harvest(odd, tmp_path_factory.mktemp("labelled")))


@pytest.mark.parametrize("name", LABELS)
def test_text_of_a_link(name: str, labelled: Found) -> None:
    assert ("水务局", 2010 + list(LABELS).index(name)) in labelled


def test_texts_of_links_name_no_units(labelled: Found) -> None:
    assert {unit for unit, _ in labelled} == {"水务局"}


# --- where things lie


def test_column_on_the_host_of_the_city(tmp_path: Path) -> None:
    """Of a city's list only what names this county becomes a report; the others are remembered as other counties'."""
    own = {f"/q{year}.html": title("水务局", year) for year in (2023, 2024)} | {
        "/q.html": f"2024年度澄江市{COUNTY}石桥镇政府信息公开工作年度报告",
        "/z.html": title("人民政府", 2024),
    }
    others = {"/y1.html": title("水务局", 2024, "云栎县"), "/y2.html": title("财政局", 2024, "澄江市"),
              "/y3.html": "教育局2024年政府信息公开工作年度报告"}  # fmt: skip
    everything = rows(own) + rows(others)

    def city(path: str, query: Mapping[str, str]) -> str:
        at = int(query.get("page", 1))
        return list_page(everything[(at - 1) * 4 : at * 4], '<a href="?page=1">1</a> <a href="?page=2">2</a>')

    with Odd({}, also={OTHER_HOST: {"/xxgk/nb/": city, **details(own | others)}}) as odd:
        odd.pages[odd.host]["/"] = home((odd.url_of(OTHER_HOST) + "xxgk/nb/", COLUMN))
        archive = harvest(odd, tmp_path, county=f"澄江市{COUNTY}")
        assert found(archive) == listed("水务局", 2023, 2024) | {("石桥镇人民政府", 2024), ("人民政府", 2024)}
        assert links(archive, "other_county") == set(others.values())
        assert not asked(odd, "/y")


def test_county_whose_name_ends_anothers(tmp_path: Path) -> None:
    """沙县 is not 清沙县: in a list of many counties the name must stand alone."""
    reports = {
        "/a.html": title("水务局", 2024, "沙县"),
        "/b.html": title("财政局", 2024, "澄江市沙县"),
    }
    others = {"/y1.html": title("教育局", 2024, "清沙县"), "/y2.html": title("民政局", 2024, "白沙县")}
    column = list_page(rows(reports | others))
    with Odd({}, also={OTHER_HOST: {"/nb/": column, **details(reports | others)}}) as odd:
        odd.pages[odd.host]["/"] = home((odd.url_of(OTHER_HOST) + "nb/", COLUMN))
        assert found(harvest(odd, tmp_path, county="澄江市沙县")) == {("水务局", 2024), ("财政局", 2024)}


def test_entries_on_another_host(tmp_path: Path) -> None:
    """The county's own list leads to a page elsewhere, and that to a file on a third host."""
    key = "lonsun/shuili/2020"
    with Odd(site("", WATER), also={OTHER_HOST: {}, THIRD_HOST: {"/f.pdf": real_file(key)}}) as odd:
        elsewhere = odd.url_of(OTHER_HOST) + "p.html"
        file = f'<p>全文见附件。</p><p><a href="{odd.url_of(THIRD_HOST)}f.pdf">{truth(key).title}.pdf</a></p>'
        odd.pages[OTHER_HOST]["/p.html"] = report_page(truth(key).title, file)
        odd.pages[odd.host]["/nb/"] = list_page(rows(WATER | {elsewhere: truth(key).title}))
        archive = harvest(odd, tmp_path)
        assert found(archive) == WATER_FOUND | listed("水利局", 2020)
        assert figures(archive, key) == truth(key).figures_at(0)


def test_robots_txt_forbids_the_column(tmp_path: Path) -> None:
    rules = Answer(body=b"User-agent: *\nDisallow: /nb/\n", media_type="text/plain")
    with Odd(site(list_page(rows(WATER)), WATER, **{"/robots.txt": rules})) as odd:
        assert found(harvest(odd, tmp_path, status=2)) == set()
        assert asked(odd) == ["/"]


HOMES: dict[str, Page] = {
    "meta refresh": '<html><head><meta http-equiv="refresh" content="0; url=/index.html"></head></html>',
    "script": "<script>window.location.href='/index.html';</script>",
    "script in a body": page("<script>location.replace('index.html')</script>", "清沙县人民政府"),
    "frameset": '<html><frameset rows="100,*"><frame src="/top.html"><frame src="index.html"></frameset></html>',
    "302": Answer(302, headers={"Location": "/index.html"}),
}


@pytest.mark.parametrize("name", HOMES)
def test_home_page_that_only_leads_on(name: str, tmp_path: Path) -> None:
    """A home page without a link of its own: the real one is behind it."""
    pages = site(list_page(rows(WATER)), WATER) | {"/": HOMES[name], "/index.html": home(), "/top.html": page("横幅")}
    with Odd(pages) as odd:
        assert found(harvest(odd, tmp_path)) == WATER_FOUND


def test_column_that_only_leads_on(tmp_path: Path) -> None:
    """The column is a meta refresh to where its list is."""
    pages = site(HOMES["meta refresh"], WATER, **{"/index.html": list_page(rows(WATER))})
    with Odd(pages) as odd:
        assert found(harvest(odd, tmp_path)) == WATER_FOUND


def test_packed_without_being_asked(tmp_path: Path) -> None:
    """gzip, whatever the request said, and no type at all."""
    key = "lonsun/jiaoyu/2022"
    made = {"/": home(), "/nb/": list_page(rows({"/a.html": truth(key).title})), "/a.html": real_page(key)}
    packed = {"Content-Encoding": "gzip"}
    with Odd(
        {path: Answer(body=gzip.compress(text.encode()), headers=packed, media_type="") for path, text in made.items()}
    ) as odd:
        archive = harvest(odd, tmp_path)
        assert figures(archive, key) == truth(key).figures_at(0)


def test_cookie_that_must_come_back(tmp_path: Path) -> None:
    """A redirect to the same address with a cookie, as some load balancers give it."""
    with Odd(site(list_page(rows(WATER)), WATER)) as odd:
        first = iter([Answer(302, headers={"Location": "/", "Set-Cookie": "CT6T=1; path=/"})])
        odd.pages[odd.host]["/"] = lambda path, query: next(first, home())
        assert found(harvest(odd, tmp_path)) == WATER_FOUND


def test_list_in_a_frame(tmp_path: Path) -> None:
    """The column page holds its list in an iframe."""
    column = page(f'<h2>{COLUMN}</h2><iframe src="/list.html" width="100%"></iframe>')
    with Odd(site(column, WATER, **{"/list.html": list_page(rows(WATER))})) as odd:
        assert found(harvest(odd, tmp_path)) == WATER_FOUND


# --- how a report is carried


PDFS = {"plain link": "shuili/2020", "viewer": "dongguan/2021", "frame": "jiaoyu/2021", "embed": "liuhe/2022",
        "object": "zhengfu/2022", "in the list": "minzheng/2025", "pdfobject": "chengguan/2023"}  # fmt: skip
DOCXS = {"only attachment": "shiqiao/2019", "rfc 5987": "tongji/2024", "raw gbk": "caizheng/2025",
         "onclick": "yuntai/2020", "script": "minzheng/2020", "no name": "liuhe/2020", "list": "zhengfu/2020",
         "redirect": "jiaoyu/2025"}  # fmt: skip
CARRIED = {name: f"lonsun/{key}" for name, key in (PDFS | DOCXS).items()}
BODIES = {
    "plain link": '<p>请下载查看：<a href="./f/plain.pdf">年度报告.pdf</a></p>',
    "viewer": f'<iframe src="/pdfjs/web/viewer.html?file={quote("/f/viewer.pdf", safe="")}&zoom=auto"></iframe>',
    "frame": '<iframe src="/f/frame.pdf#toolbar=0" width="100%"></iframe>',
    "embed": '<embed src="f/embed.pdf" type="application/pdf">',
    "object": '<object data="/f/object.pdf" type="application/pdf"><p>浏览器不支持</p></object>',
    "only attachment": '<p><a href="/f/only.docx" title="附件">附件</a></p>',
    "rfc 5987": '<p><a href="/module/download/downfile.jsp?classid=0&filename=0a1b2c3d.docx">附件：点击下载</a></p>',
    "raw gbk": '<p><a href="/system/_content/download.jsp?urltype=news.DownloadAttachUrl&owner=1&wbfileid=77">附件</a></p>',
    "onclick": """<p><a href="javascript:void(0)" onclick="window.open('/f/onclick.docx')">附件</a></p>""",
    "script": "<script>window.location.href = '/f/script.docx';</script><p>正在打开附件</p>",
    "no name": '<p><a href="/system/_content/download.jsp?urltype=news.DownloadAttachUrl&owner=1&wbfileid=78">附件下载</a></p>',
    "pdfobject": '<div id="pdf"></div><script>PDFObject.embed("/f/pdfobject.pdf", "#pdf");</script>',
    "list": '<footer>版权所有</footer><div class="attach"><ul><li><a href="/f/list.docx">下载</a></li></ul></div>',
}
NAMES = {"rfc 5987": "清沙县统计局2024年年报.docx", "raw gbk": "清沙县财政局2025年 年报(定稿).docx"}


def _files() -> dict[str, Page]:
    extended = {"Content-Disposition": f"attachment; filename=\"x.docx\"; filename*=UTF-8''{quote(NAMES['rfc 5987'])}"}
    raw = {"Content-Disposition": "attachment; filename=" + NAMES["raw gbk"].encode("gbk").decode("latin-1")}
    special: dict[str, tuple[str, Mapping[str, str]]] = {
        "rfc 5987": ("/module/download/downfile.jsp?classid=0&filename=0a1b2c3d.docx", extended),
        "raw gbk": ("/system/_content/download.jsp?urltype=news.DownloadAttachUrl&owner=1&wbfileid=77", raw),
        "no name": ("/system/_content/download.jsp?urltype=news.DownloadAttachUrl&owner=1&wbfileid=78", {}),
    }
    files: dict[str, Page] = {}
    for name, key in CARRIED.items():
        ending = "pdf" if name in PDFS else "docx"
        address, headers = special.get(name, (f"/f/{name.split()[0]}.{ending}", {}))
        files[address] = Answer(body=real_file(key).body, media_type="application/octet-stream", headers=headers)
    return files


@pytest.fixture(scope="module")
def carried(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Odd, Archive]]:
    """A portal where each report is carried in another way."""
    addresses = {name: f"/r{n}.html" for n, name in enumerate(CARRIED)} | {
        "in the list": "/f/in.pdf",
        "redirect": "/go?id=7",
    }
    entries = rows({addresses[name]: truth(key).title for name, key in CARRIED.items()})
    pages: dict[str, Page] = {
        addresses[name]: report_page(truth(CARRIED[name]).title, body) for name, body in BODIES.items()
    }
    pages["/go?id=7"] = Answer(302, headers={"Location": "/f/redirect.docx"})
    with Odd(site(list_page(entries), **pages, **_files())) as odd:
        yield odd, harvest(odd, tmp_path_factory.mktemp("carried"))


@pytest.mark.parametrize("name", CARRIED)
def test_figures_of_a_carrier(name: str, carried: tuple[Odd, Archive]) -> None:
    key = CARRIED[name]
    assert figures(carried[1], key) == truth(key).figures_at(0)


def test_carriers_invent_nothing(carried: tuple[Odd, Archive]) -> None:
    wanted = {(truth(key).unit.removeprefix(COUNTY), truth(key).year) for key in CARRIED.values()}
    assert found(carried[1]) == wanted


@pytest.mark.parametrize("name", NAMES)
def test_name_of_a_file(name: str, carried: tuple[Odd, Archive]) -> None:
    report = truth(CARRIED[name])
    unit = report.unit.removeprefix(COUNTY)
    cited = carried[1].json("show", f"{unit}/{report.scope}/{report.year}", "--cite")[0]
    assert cited["file_name"] == NAMES[name]


RAW = "附件：年报.docx".encode("gbk").decode("latin-1")
DISPOSITIONS = {
    "attachment; filename=a.pdf": "a.pdf",
    'attachment; filename="a b.pdf"': "a b.pdf",
    "attachment;filename=a.pdf;size=3": "a.pdf",
    'attachment; filename="a;b.pdf"; size=3': "a;b.pdf",
    "attachment; filename=x.pdf; filename*=UTF-8''%E5%B9%B4%E6%8A%A5.pdf": "年报.pdf",
    "attachment; filename*=utf-8'zh-CN'%E5%B9%B4%E6%8A%A5.pdf; filename=x.pdf": "年报.pdf",
    "attachment; filename*=GBK''%C4%EA%B1%A8.pdf": "年报.pdf",
    "attachment; filename*=nonsense''%C4%EA%B1%A8.pdf": "年报.pdf",
    'attachment; filename="%E5%B9%B4%E6%8A%A5.pdf"': "年报.pdf",
    'attachment; filename="100%.pdf"': "100%.pdf",
    f"attachment; filename={RAW}": "附件：年报.docx",
    f'ATTACHMENT; FILENAME="{RAW}"': "附件：年报.docx",
    'attachment; filename="{}"'.format("年报.docx".encode().decode("latin-1")): "年报.docx",
    'attachment; filename=""': "",
    "inline": "",
    "": "",
}


@pytest.mark.parametrize("value", DISPOSITIONS)
def test_content_disposition(value: str) -> None:
    assert of_disposition(value) == DISPOSITIONS[value]


@pytest.mark.parametrize(
    ("url", "link", "header", "name"),
    [
        ("http://a/f/x.pdf", "附件", "", "x.pdf"),
        ("http://a/f/x.pdf", "水务局年报.docx", "", "水务局年报.docx"),
        ("http://a/f/x.pdf", "水务局年报.docx", "attachment; filename=y.pdf", "y.pdf"),
        ("http://a/downfile.jsp?filename=0a.pdf&showname=%E5%B9%B4%E6%8A%A5.pdf", "附件1.pdf", "", "年报.pdf"),
        ("http://a/downfile.jsp?filename=0a.pdf&showname=%C4%EA%B1%A8.pdf", "附件1.pdf", "", "年报.pdf"),
        ("http://a/f/%E5%B9%B4%E6%8A%A5.pdf", "附件", "", "年报.pdf"),
        ("http://a/f/%C4%EA%B1%A8.pdf", "附件", "", "年报.pdf"),
        ("http://a/f/x.pdf", "", 'attachment; filename="../../etc/passwd"', "_.._etc_passwd"),
        ("http://a/f/x.pdf", "", 'attachment; filename="C:\\年\\b.pdf"', "C_年_b.pdf"),
        ("http://a/", "", "", ""),
    ],
)
def test_file_name(url: str, link: str, header: str, name: str) -> None:
    headers = json.dumps({"Content-Disposition": header.encode().decode("latin-1")} if header else {})
    assert file_name({"url": url, "link_text": link, "headers": headers}) == name


def test_long_file_names_keep_their_ending() -> None:
    made = file_name({"url": "http://a/x", "link_text": "年" * 300 + ".docx", "headers": "{}"})
    assert len(made) <= 120 and made.endswith("年.docx")


@pytest.mark.parametrize("source", ["src", "data-original"])
def test_page_images(source: str, tmp_path: Path) -> None:
    """Scanned pages as pictures: the report is known by its title, the pictures are kept, no figure is made up."""
    scans = "".join(f'<p><img {source}="/scan/p{n}.png"></p>' for n in (1, 2, 3))
    pages = site(list_page(rows(WATER)), WATER, **{"/a2024.html": report_page(WATER["/a2024.html"], scans)})
    with Odd(
        pages | {f"/scan/p{n}.png": Answer(body=PNG + bytes([n]), media_type="image/png") for n in (1, 2, 3)}
    ) as odd:
        archive = harvest(odd, tmp_path)
        assert found(archive) == WATER_FOUND
        kept = archive.rows("select url from capture where kind = 'attachment' and status = 200")
        assert {row["url"].rpartition("/")[2] for row in kept} == {"p1.png", "p2.png", "p3.png"}
        assert current_figures(archive) == {}
        assert archive.rows("select 1 from failure where url like '%/a2024.html' or url like '%/scan/%'")


def test_page_instead_of_a_file(tmp_path: Path) -> None:
    """A captcha in HTML where the only file should be: a portal that refuses what is in its reports is not ok."""
    body = '<p>全文见附件：<a href="/system/_content/download.jsp?wbfileid=1">附件</a></p>'
    captcha = page("<form>请输入验证码<input></form>", "下载")
    pages = site(list_page(rows(WATER)), WATER, **{"/a2024.html": report_page(WATER["/a2024.html"], body)})
    with Odd(pages | {"/system/_content/download.jsp?wbfileid=1": captcha}) as odd:
        archive = harvest(odd, tmp_path, status=2)
        assert found(archive) >= listed("水务局", 2022, 2023)
        assert "blocked:captcha" in str(state(archive)["failures"])


def test_torn_file_in_the_list(tmp_path: Path) -> None:
    """A list links a PDF that is cut off: the report is known by its title, without figures, and with a reason."""
    key = "lonsun/shuili/2020"
    torn = Answer(body=real_file(key).body[:900], media_type="application/pdf")
    with Odd(site(list_page(rows({"/f.pdf": truth(key).title})), **{"/f.pdf": torn})) as odd:
        archive = harvest(odd, tmp_path)
        assert found(archive) == listed("水利局", 2020)
        assert figures(archive, key) == {}
        assert [row["kind"] for row in archive.rows("select kind from failure")] == ["unreadable"]


# --- shapes of columns


def test_column_is_the_newest_report(tmp_path: Path) -> None:
    """The column's address shows the report of the year; the older ones stand in a menu of years."""
    key = "lonsun/zhengfu/2024"
    older = {f"/nb/{year}.html": title("人民政府", year) for year in (2022, 2023)}
    menu = "".join(f'<li><a href="{href}">{text}</a></li>' for href, text in older.items())
    column = real_page(key).replace("<h1>", f"<ul>{menu}</ul><h1>")
    with Odd(site(column, older)) as odd:
        archive = harvest(odd, tmp_path)
        assert found(archive) == listed("人民政府", 2022, 2023, 2024)
        assert figures(archive, key) == truth(key).figures_at(0)


def _filed(names: Mapping[str, str], units: Mapping[str, Iterable[int]]) -> tuple[dict[str, Page], Found]:
    """Folders (path → name) and the reports in them (path → years), with a column that only leads to the folders."""
    reports = {
        path: {f"{path}{year}.html": title(f"{'水务局' if 'bm' in path else '石桥镇'}", year) for year in years}
        for path, years in units.items()
    }
    pages: dict[str, Page] = {path: list_page(rows(some), title=names[path]) for path, some in reports.items()}
    for some in reports.values():
        pages |= details(some)
    column = list_page([(path, name, None) for path, name in names.items()])
    wanted = {("水务局" if "bm" in path else "石桥镇人民政府", year) for path, years in units.items() for year in years}
    return {"/": home(), "/nb/": column, **pages}, wanted


def test_folders_of_years(tmp_path: Path) -> None:
    pages, wanted = _filed(
        {"/nb/bm2023/": "2023年", "/nb/bm2024/": "2024年度", "/nb/xz2025/": "2025"},
        {"/nb/bm2023/": [2023], "/nb/bm2024/": [2024, 2022], "/nb/xz2025/": [2025]},
    )
    with Odd(pages) as odd:
        assert found(harvest(odd, tmp_path)) == wanted


def test_folders_of_kinds(tmp_path: Path) -> None:
    pages, wanted = _filed(
        {"/nb/bm/": "部门年报", "/nb/xz/": "乡镇（街道）政府信息公开年报"}, {"/nb/bm/": [2023, 2024], "/nb/xz/": [2024]}
    )
    with Odd(pages) as odd:
        assert found(harvest(odd, tmp_path)) == wanted


def test_folders_titled_like_reports(tmp_path: Path) -> None:
    """2023年政府信息公开年报 is a list of reports, of three here and of one there, dated or not; it is none itself."""
    names = {f"/nb/bm{year}/": f"{year}年政府信息公开年报" for year in (2022, 2023, 2024)}
    pages, wanted = _filed(
        names, {"/nb/bm2022/": [2020, 2022], "/nb/bm2023/": [2019, 2021, 2023], "/nb/bm2024/": [2024]}
    )
    days = (None, "2024-01-31", "2025-01-31")
    pages["/nb/"] = list_page([(path, name, day) for (path, name), day in zip(names.items(), days, strict=True)])
    with Odd(pages) as odd:
        assert found(harvest(odd, tmp_path)) == wanted


def test_folder_titled_like_a_report_has_pages(tmp_path: Path) -> None:
    """The list behind 2024年政府信息公开年报 goes on: its second page is read, too."""
    organs = ("教育局", "财政局", "民政局", "水务局", "统计局", "石桥镇")
    reports = {f"/r{n}.html": title(unit, 2024) for n, unit in enumerate(organs)}

    def folder(path: str, query: Mapping[str, str]) -> str:
        at = int(query.get("page", 1))
        pager = '<a href="?page=1">1</a> <a href="?page=2">2</a>'
        return list_page(rows(reports)[(at - 1) * 3 : at * 3], pager, title="2024年政府信息公开年报")

    column = list_page([("/nb/2024/", "2024年政府信息公开年报", None)])
    with Odd(site(column, reports, **{"/nb/2024/": folder})) as odd:
        assert {unit for unit, _ in found(harvest(odd, tmp_path))} == {*organs[:5], "石桥镇人民政府"}


def test_reports_among_notices(tmp_path: Path) -> None:
    """No column at all: two reports filed under 通知公告, one of them on its second page."""
    notices = [(f"/n{n}.html", f"{COUNTY}关于第{n}号事项的公告", "2025-01-15") for n in range(20)]
    reports = rows(WATER)

    def column(path: str, query: Mapping[str, str]) -> str:
        at = int(query.get("page", 1))
        shown = [*notices[:10], *reports[:2]] if at == 1 else [*notices[10:], *reports[2:]]
        return list_page(shown, '<a href="?page=1">1</a> <a href="?page=2">2</a>', title="通知公告")

    pages = {"/": home(("/tzgg/", "通知公告"), ("/xwzx/", "新闻中心")), "/tzgg/": column, "/xwzx/": page("新闻")}
    with Odd(pages | details(WATER)) as odd:
        archive = harvest(odd, tmp_path)
        assert found(archive) == WATER_FOUND
        assert len(links(archive, "not_report")) == 20


def test_year_is_that_of_the_title(tmp_path: Path) -> None:
    """Addresses after a migration, and texts that name the year of publication."""
    reports = {
        "/202012/t20201216_991.html": title("水务局", 2019),
        "/2025/t19700101_3215525.shtml": title("水务局", 2024),
        "/nb2023/2022.html": title("水务局", 2016),
        "/art/2021/1/1/art_2018.html": f"2017年度{COUNTY}水务局政府信息公开工作年度报告（2018年1月发布）",
    }
    with Odd(site(list_page(rows(reports)), reports)) as odd:
        assert found(harvest(odd, tmp_path)) == listed("水务局", 2019, 2024, 2016, 2017)


def test_wap_twins(tmp_path: Path) -> None:
    """A page and its twin for telephones are one; a twin that stands alone leads to the page."""
    reports = {f"/t{year}0115_{year}.html": title("水务局", year) for year in (2022, 2023, 2024)}
    twins = {href.replace(".html", "_wap.html"): text for href, text in reports.items()}
    shown = [*rows(reports)[:2], *rows(twins)[1:]]
    with Odd(site(list_page(shown), reports, twins)) as odd:
        assert found(harvest(odd, tmp_path)) == WATER_FOUND
        assert not [target for target in asked(odd) if "_wap" in target]


def _with_organ(county: Page, organ: Page) -> dict[str, Page]:
    """A portal with a column of its own, and one of its 水务局, found by way of the list of departments."""
    return {
        "/": home(("/nb/", COLUMN), ("/bm/", "部门信息公开")),
        "/nb/": county,
        "/bm/": list_page([("/slj/", f"{COUNTY}水务局", None), ("/jyj/", f"{COUNTY}教育局", None)], title="部门"),
        "/slj/": home(("/slj/nb/", COLUMN)),
        "/jyj/": page("<p>教育局</p>"),
        "/slj/nb/": organ,
    }


def test_report_in_two_columns(tmp_path: Path) -> None:
    """In the county's column and in the organ's own, at one address or at two: one report, one version."""
    key = "lonsun/shuili/2019"
    body = library().body(truth(key), 0)
    mine = {"/slj/1.html": truth(key).title, "/2.html": title("水利局", 2024)}
    pages = _with_organ(
        list_page(rows({"/1.html": truth(key).title, "/2.html": title("水利局", 2024)})), list_page(rows(mine))
    )
    pages["/bm/"] = list_page([("/slj/", f"{COUNTY}水利局", None), ("/jyj/", f"{COUNTY}教育局", None)], title="部门")
    pages |= {
        "/1.html": real_page(key),
        "/slj/1.html": report_page(truth(key).title, body),
        **details({"/2.html": title("水利局", 2024)}),
    }
    with Odd(pages) as odd:
        archive = harvest(odd, tmp_path)
        assert found(archive) == listed("水利局", 2019, 2024)
        assert figures(archive, key) == truth(key).figures_at(0)
        assert len(archive.rows("select id from version")) == len(archive.rows("select n from event")) == 2


def test_side_list_of_other_organs(tmp_path: Path) -> None:
    """An organ's column page shows the newest reports of others at its side: units come from the titles."""
    others = {f"/o{n}.html": title(unit, 2024) for n, unit in enumerate(("教育局", "财政局", "石桥镇"))}
    side = f'<div class="side"><h3>最新年报</h3><ul>{"".join(f"<li><a href={href}>{text}</a></li>" for href, text in others.items())}</ul></div>'
    pages = _with_organ(list_page(rows({"/z.html": title("人民政府", 2024)})), list_page(rows(WATER), side))
    with Odd(pages | details(WATER | others | {"/z.html": title("人民政府", 2024)})) as odd:
        wanted = WATER_FOUND | {("教育局", 2024), ("财政局", 2024), ("石桥镇人民政府", 2024), ("人民政府", 2024)}
        assert found(harvest(odd, tmp_path)) == wanted


SCRIPTED = {
    "angular": '<ul><li ng-repeat="item in list"><a href="{{ item.url }}">{{ item.title }}</a></li></ul>',
    "vue": '<div id="app"></div><script src="/static/js/app.3f2a.js"></script>',
    "template": '<script type="text/template"><li><a href="<?=el.link?>"><?=el.title?></a></li></script><ul id="l"></ul>',
}


@pytest.mark.parametrize("name", SCRIPTED)
def test_list_that_only_a_script_builds(name: str, tmp_path: Path) -> None:
    with Odd(site(page(SCRIPTED[name]))) as odd:
        archive = harvest(odd, tmp_path, status=2)
        assert found(archive) == set()
        assert "needs_browser" in str(state(archive)["failures"])


def test_scripted_column_beside_a_plain_one(tmp_path: Path) -> None:
    """One column needs a browser: the other is read, and the exit status still says that something is missing."""
    pages = site(list_page(rows(WATER)), WATER, **{"/bm/": page(SCRIPTED["vue"])})
    with Odd(pages | {"/": home(("/nb/", COLUMN), ("/bm/", "部门年报"))}) as odd:
        archive = harvest(odd, tmp_path, status=2)
        assert found(archive) == WATER_FOUND
        assert "needs_browser" in str(state(archive)["failures"])
