"""The simulated portals check themselves: their truth, their documents, their addresses, their server.

Nothing of the product is used. Tables are read back from HTML, Word and PDF by means that know nothing of how they
were written, and compared with the truth cell by cell.
"""

import ast
import http.client
import io
import itertools
import json
import re
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections import Counter
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from urllib.parse import urldefrag, urljoin, urlsplit

import docx
import lxml.html
import pypdfium2
import pytest

from tests.portals import Portals, ReportTruth, Truth, document, make_truth
from tests.portals.counties import ALL_COUNTIES
from tests.portals.form import T3_COLUMNS, T4_BLOCKS, T4_COLUMNS, t3_rows
from tests.portals.grids import Grid

FIRST, LATER, LAST = date(2026, 1, 10), date(2026, 2, 5), date(2026, 3, 31)
PACKAGE = Path(__file__).parent / "portals"
TRUTH = make_truth()
KEYS = [report.key for report in TRUTH.reports]
# What breaks, written down by hand and by name: the arithmetic of the package must come to the same.
BROKEN = {
    "lonsun/chengguan/2023": {("N.NEW", "total")},
    "lonsun/liuhe/2021": {("N.NEW", "total"), ("N.NONE", "total")},
    "lonsun/zfb/2022": {("T3.BAL", "natural_person"), ("T3.BAL", "total"), ("N.CARRY", "total")},
    "lonsun/zhengfu/2023": {("T4.SUM", "litigation_direct")},
    "trs/ziran/2022": {("T3.COL", "granted"), ("T3.SUM", "total")},
    "trs/shichang/2022": {("T3.SUM", "natural_person"), ("T3.SUM", "total")},
    "trs/yingji/2024": {("N.CARRY", "total")},
    "trs/shichang/2024": {("T2.REG", "regulations")},
    "plain/gangtou/2022": {("N.NEW", "total")},
    "plain/xiping/2024": {("T4.SUM", "review")},
    "plain/nanyuan/2024": {("N.NEW", "total"), ("N.NONE", "total")},
    "plain/zfb/2022": {("T3.SUM", "natural_person"), ("T3.SUM", "other_org")},
}


@pytest.fixture(scope="module")
def running() -> Iterator[Portals]:
    with Portals() as portals:
        yield portals


@pytest.fixture
def quiet() -> Iterator[Portals]:
    """Portals that nobody has asked yet."""
    with Portals() as portals:
        yield portals


@pytest.fixture
def portals(running: Portals) -> Iterator[Portals]:
    yield running
    running.day = FIRST
    running.down.clear()
    running.empty.clear()
    running.on_response = None


def get(url: str, headers: dict[str, str] | None = None) -> tuple[int, http.client.HTTPMessage, bytes]:
    try:
        with urllib.request.urlopen(urllib.request.Request(url, headers=headers or {}), timeout=10) as answer:
            return answer.status, answer.headers, answer.read()
    except urllib.error.HTTPError as error:
        return error.code, error.headers, error.read()


def page_text(headers: http.client.HTTPMessage, body: bytes) -> str:
    charset = headers.get_content_charset("utf-8")
    return body.decode("gb18030" if charset == "gb2312" else charset)


def links(url: str, text: str) -> Iterator[str]:
    """Every address that a page leads to on its host, the further pages of its pager included."""
    for href in lxml.html.fromstring(text).xpath("//a/@href"):
        yield urldefrag(urljoin(url, href))[0]
    if count := re.search(r"pageCount:(\d+)", text):
        yield from (f"{url}&pageIndex={page}" for page in range(2, int(count[1]) + 1) if "pageIndex" not in url)
    if count := re.search(r"createPageHTML\((\d+)", text):
        yield from (urljoin(url, f"index_{page}.html") for page in range(1, int(count[1])))


def walk(home: str) -> dict[str, tuple[http.client.HTTPMessage, bytes]]:
    """Everything that can be reached from a home page."""
    seen: dict[str, tuple[http.client.HTTPMessage, bytes]] = {}
    waiting = [home]
    while waiting:
        url = waiting.pop()
        if url in seen or urlsplit(url).netloc != urlsplit(home).netloc:
            continue
        status, headers, body = get(url)
        assert status == 200, url
        seen[url] = headers, body
        if headers.get_content_type() == "text/html":
            waiting.extend(links(url, page_text(headers, body)))
    return seen


def figures_of(report: ReportTruth, prefix: str) -> dict[str, str]:
    """What the cells below a path print."""
    return {path: cell.written for path, cell in report.figures.items() if path.startswith(prefix)}


def expected_tables(report: ReportTruth) -> list[list[list[str]]]:
    """The figures as they stand in the rows of the printed tables, without any label."""
    rows = [row for row in t3_rows(str(report.forms["t3"])) if f"t3.{row}.total" in report.figures]
    third = [[report.figures[f"t3.{row}.{column}"].written for column in T3_COLUMNS] for row in rows]
    fourth = [report.figures[f"t4.{block}.{column}"].written for block in T4_BLOCKS for column in T4_COLUMNS]
    second = itertools.groupby(figures_of(report, "t2."), key=lambda path: path.rpartition(".")[0])
    return [
        *([[[report.figures[path].written for path in paths] for _, paths in second]] if report.forms["t2"] else []),
        third,
        [fourth],
    ]


def without_labels(rows: list[list[str]], width: int) -> list[list[str]]:
    """The figures of a table read back: cells behind the labels, headers dropped."""
    if width == 4:
        rows = [row for row in rows if row[0] != "信息内容" and not re.match("第二十条", row[0])]
        return [row[1:] for row in rows]
    return [row[-7:] for row in rows[3:]] if width == 10 else [rows[-1]]


# --- the truth


def test_truth_is_the_same_every_time_and_round_trips_as_json() -> None:
    assert Truth.from_json(TRUTH.to_json()) == TRUTH
    make_truth.cache_clear()
    assert make_truth().to_json() == TRUTH.to_json()
    assert make_truth(7).to_json() != TRUTH.to_json()
    assert isinstance(json.loads(TRUTH.to_json())["reports"][0]["figures"], dict)


@pytest.mark.parametrize("county", TRUTH.counties, ids=lambda county: county.portal)
def test_a_portal_has_enough_reports_and_new_ones_later(county) -> None:
    reports = TRUTH.of_portal(county.portal)
    on = {day: {report.key for report in reports if report.visible_on(day)} for day in (FIRST, LATER, LAST)}
    assert len(county.units) == 12
    assert 41 <= len(on[FIRST]) <= 50
    assert len(on[LATER] - on[FIRST]) >= 4
    assert len(on[FIRST] - on[LATER]) == 1
    assert len(on[LAST] - on[LATER]) >= 1
    assert {report.year for report in reports} == set(range(2019, 2026))
    assert sum(bool(report.revisions) for report in reports) == 1


def test_carriers_are_mixed() -> None:
    counted = Counter(report.carrier for report in TRUTH.reports)
    shares = {carrier: count / len(TRUTH.reports) for carrier, count in counted.items()}
    assert 0.5 < shares["html"] < 0.7
    assert shares["docx"] > 0.1 and shares["pdf"] > 0.1 and shares["html+docx"] > 0.02


@pytest.mark.parametrize("key", KEYS)
def test_cells_are_complete_and_written_as_they_are_worth(key: str) -> None:
    report = TRUTH.report(key)
    sizes = {"t2": {"y2021": 10, "y2019": 22, None: 0}, "t3": {"y2021": 175, "y2019": 161}, "t4": {"y2021": 15}}
    absent = {"t2.regulations": 3} | {f"t3.{row}": 7 for row in t3_rows("y2021")} | {"t2": 0}
    whole = sizes["t2"][report.forms["t2"]] + sizes["t3"][str(report.forms["t3"])] + 15
    assert len(report.figures) == whole - sum(absent[path] for path in report.missing)
    for path, figure in report.figures.items():
        assert (figure.value is not None) == (figure.state == "number"), path
        assert (figure.written == "") == (figure.state == "blank"), path
        if figure.state == "number":
            amount = float(re.sub(r"[^\d.-]", "", figure.written))
            assert amount / (10000 if figure.written.endswith("元") and "万" not in figure.written else 1) == (
                figure.value
            ), path


@pytest.mark.parametrize("key", KEYS)
def test_what_breaks_is_what_was_broken(key: str) -> None:
    report = TRUTH.report(key)
    assert set(report.fails) == BROKEN.get(key, set())
    if not report.irregularities:
        assert report.fails == report.not_assessable == ()


def test_what_cannot_be_assessed() -> None:
    unsure = {key: Counter(check for check, _ in TRUTH.report(key).not_assessable) for key in KEYS}
    assert unsure["lonsun/shiqiao/2021"] == {"T4.SUM": 1}
    assert unsure["lonsun/dongguan/2023"] == {"T3.BAL": 7, "N.NEW": 1}
    assert unsure["lonsun/caizheng/2023"] == {"T3.COL": 2, "T3.SUM": 7}
    assert unsure["trs/jiaotong/2023"] == {"T3.COL": 1, "T3.SUM": 1, "T3.BAL": 1}
    assert unsure["trs/chengguan/2024"] == {"T3.SUM": 7}


def test_what_is_carried_out_is_carried_in_a_year_later() -> None:
    compared = 0
    for report in TRUTH.reports:
        later = f"{report.portal}/{report.slug}/{report.year + 1}"
        if later not in KEYS or report.irregularities or TRUTH.report(later).irregularities:
            continue
        for column in T3_COLUMNS:
            out, arrived = f"t3.carried_out.{column}", f"t3.carried_in.{column}"
            assert report.figures[out].value == TRUTH.report(later).figures[arrived].value, (report.key, column)
            compared += 1
    assert compared > 300


def test_the_named_irregularities_are_there() -> None:
    assert TRUTH.report("lonsun/jiaoyu/2021").forms == {"t2": None, "t3": "y2021", "t4": "y2021"}
    assert TRUTH.report("lonsun/jiaoyu/2021").missing == ("t2",)
    assert TRUTH.report("lonsun/minzheng/2021").forms == {"t2": "y2021", "t3": "y2019", "t4": "y2019"}
    assert TRUTH.report("lonsun/shuili/2020").figures["t2.penalty.change"].value == -41
    amount = TRUTH.report("lonsun/yuntai/2020").figures["t2.central_procurement.procurement_amount"]
    assert (amount.value, amount.unit, amount.written) == (48.65, "万元", "486500元")
    assert TRUTH.report("plain/fagai/2022").figures["t2.admin_fees.fee_amount"].unit is None
    assert {cell.state for cell in TRUTH.report("plain/wenlv/2024").figures.values()} == {"blank"}
    assert TRUTH.report("trs/songshu/2025").published < TRUTH.report("trs/songshu/2025").appears


def test_a_revision_changes_figures_and_nothing_else() -> None:
    for report in TRUTH.reports:
        for day, changed in report.revisions:
            before, after = report.figures_on(FIRST), report.figures_on(day)
            assert FIRST < date(2026, 1, 15) <= day <= LATER
            assert {path for path in after if before[path] != after[path]} == set(changed)
            assert before.keys() == after.keys()


# --- the documents


@pytest.mark.parametrize("key", [report.key for report in TRUTH.reports if "html" in report.carrier])
def test_html_tables_print_the_truth(key: str, portals: Portals) -> None:
    report = TRUTH.report(key)
    body = lxml.html.fromstring(f"<div>{portals.sites[report.portal].library.body(report, 0)}</div>")
    read = []
    for table in body.iter("table"):
        rows = [["".join(cell.itertext()).strip() for cell in row.iter("td")] for row in table.iter("tr")]
        width = sum(int(re.match(r"\d+", cell.get("colspan", "1"))[0]) for cell in next(table.iter("tr")).iter("td"))
        read.append(without_labels(rows, width))
    assert read == expected_tables(report)
    assert all(line in "".join(body.itertext()) for line in document(report).paragraphs())


@pytest.mark.parametrize("key", [report.key for report in TRUTH.reports if report.attachment == "docx"])
def test_docx_tables_print_the_truth(key: str, portals: Portals) -> None:
    report = TRUTH.report(key)
    payload = portals.sites[report.portal].library.file(report, 0)
    word = docx.Document(io.BytesIO(payload))
    widths = [len(table.columns) for table in word.tables]
    assert widths == ([4, 10, 15] if report.forms["t2"] else [10, 15])
    read = [[[cell.text for cell in row.cells] for row in table.rows] for table in word.tables]
    assert {len(row) for row in read[-2]} == {10}
    expected = expected_tables(report)
    for table, width, want in zip(read, widths, expected, strict=True):
        got = without_labels(table, width)
        # python-docx repeats a merged cell at each position that it covers.
        assert got == [row + row[-1:] * (len(got[0]) - len(row)) for row in want]
    assert "".join(p.text for p in word.paragraphs[: len(report.title_lines)]) == report.title


@pytest.mark.parametrize("key", [report.key for report in TRUTH.reports if report.attachment == "pdf"])
def test_pdf_prints_the_truth_over_several_pages(key: str, portals: Portals) -> None:
    report = TRUTH.report(key)
    payload = portals.sites[report.portal].library.file(report, 0)
    pages = pdf_pages(payload)
    assert len(pages) >= 3
    assert [page.endswith(f"-{number}-") for number, page in enumerate(pages, 1)] == [True] * len(pages)
    text = "".join(re.sub(r"-\d+-$", "", page) for page in pages)
    assert squeeze(report.title) in text
    assert all(squeeze(paragraph) in text for paragraph in document(report).paragraphs())
    third = next(grid for grid in document(report).grids() if len(grid.widths) == 10)
    assert page_of(pages, squeeze(third.rows[-1][0].text)) > page_of(pages, "申请人情况")
    want = [row for row in expected_tables(report)[-2] if all(cell.isdecimal() for cell in row)]
    assert seven_figures(payload) >= Counter(map(tuple, want))


def squeeze(text: str) -> str:
    return re.sub(r"\s", "", text)


def pdf_pages(payload: bytes) -> list[str]:
    pages = pypdfium2.PdfDocument(payload)
    return [squeeze(page.get_textpage().get_text_range()) for page in pages]


def page_of(pages: list[str], text: str) -> int:
    return next(number for number, page in enumerate(pages) if text in page)


def seven_figures(payload: bytes) -> Counter[tuple[str, ...]]:
    """The rows of seven counts that stand on one line of a PDF."""
    text = "\n".join(page.get_textpage().get_text_range() for page in pypdfium2.PdfDocument(payload))
    return Counter(tuple(row.split()) for row in re.findall(r"(?m)(?:^| )(\d+(?: \d+){6})\r?$", text))


def test_a_paragraph_runs_over_a_page_break_and_a_row_is_cut(portals: Portals) -> None:
    crossing = []
    for report in TRUTH.reports:
        if report.carrier == "pdf":
            pages = pdf_pages(portals.sites[report.portal].library.file(report, 0))
            for paragraph in map(squeeze, document(report).paragraphs()):
                if not any(paragraph in page for page in pages):
                    crossing.append(report.key)
    assert crossing
    cut = TRUTH.report("trs/zfb/2023")
    pages = pdf_pages(portals.sites["trs"].library.file(cut, 0))
    labels = [cell.text for row in document(cut).grids()[1].rows for cell in row if cell.path is None]
    assert any(squeeze(label) not in "".join(pages) for label in labels if len(label) < 16)


def test_headers_are_repeated_on_some_pdfs_only(portals: Portals) -> None:
    repeated = {}
    for report in TRUTH.reports:
        if report.carrier == "pdf":
            pages = pdf_pages(portals.sites[report.portal].library.file(report, 0))
            repeated[report.key] = sum(page.count("申请人情况") for page in pages) > 1
            assert repeated[report.key] == ("repeat-header" in report.layout), report.key
    assert set(repeated.values()) == {True, False}


def test_one_page_has_odd_spans(portals: Portals) -> None:
    bodies = {r.key: portals.sites[r.portal].library.body(r, 0) for r in TRUTH.reports if "html" in r.carrier}
    assert [key for key, body in bodies.items() if 'rowspan="3px"' in body] == ["lonsun/yuntai/2024"]


def test_documents_are_the_same_bytes_every_time() -> None:
    first, second = Portals(truth=TRUTH), Portals(truth=TRUTH)
    for key in ("trs/baima/2023", "trs/zfb/2023", "lonsun/zhengfu/2019"):
        report = TRUTH.report(key)
        if report.attachment:
            made = [portals.sites[report.portal].library.file(report, 0) for portals in (first, second)]
            assert made[0] == made[1]
    twin = [first.sites["trs"].library.file(TRUTH.report(key), 0) for key in ("trs/baima/2023", "trs/qinglong/2023")]
    assert twin[0] == twin[1]


def test_labels_come_in_several_wordings() -> None:
    def firsts(grid: Grid) -> Iterator[str]:
        yield from (cell.text for row in grid.rows for cell in row if cell.path is None)

    labels = {text for report in TRUTH.reports for grid in document(report).grids() for text in firsts(grid)}
    for word in ("国家秘密", "三安全一稳定", "企业", "收费金额", "本年增", "办理结果"):
        assert len({label for label in labels if word in squeeze(label)}) >= 3, word


# --- the portals


@pytest.mark.parametrize("name", ["lonsun", "trs", "plain"])
def test_every_report_is_reached_from_the_home_page(name: str, portals: Portals) -> None:
    seen = walk(portals.urls[name])
    expected = set()
    for report in TRUTH.of_portal(name):
        addresses = portals.url_of(report.key)
        expected |= {*addresses.pages, *addresses.attachments}
    base = portals.urls[name].rstrip("/")
    expected |= {base + item.path for item in TRUTH.not_reports if item.portal == name}
    assert expected <= seen.keys()
    articles = {url for url in seen if re.search(r"/public/\d+/\d+\.html|/t\d{8}_|show\.jhtml|\.(docx|pdf)$", url)}
    assert articles == expected
    for report in TRUTH.of_portal(name):
        for url in portals.url_of(report.key).pages:
            text = page_text(*seen[url])
            assert report.title in text and report.unit in text
            in_page = squeeze(document(report).paragraphs()[0]) in squeeze(text)
            assert in_page == ("html" in report.carrier)


def column_pages(portals: Portals, name: str) -> list[str]:
    """The pages of the county's report column."""
    home = portals.urls[name]
    if name == "lonsun":
        first = f"{home}zwgk/public/column/9901001?type=4&catId=20190401&action=list&nav=3"
        return [first, *(f"{first}&pageIndex={n}" for n in (2, 3, 4))]
    if name == "trs":
        first = f"{home}zwgk/zfxxgkzl/zfxxgknb/"
        return [first, *(f"{first}index_{n}.html" for n in (1, 2, 3))]
    return [f"{home}list.jhtml?class=12&page={n}" for n in (1, 2, 3, 4)]


@pytest.mark.parametrize("name", ["lonsun", "trs", "plain"])
def test_the_column_lists_all_in_pages_of_fifteen(name: str, portals: Portals) -> None:
    hrefs: list[str] = []
    sizes = []
    for url in column_pages(portals, name):
        _, headers, body = get(url)
        tree = lxml.html.fromstring(page_text(headers, body))
        rows = tree.xpath("//li[span]/a | //table[@class='lb']//a")
        sizes.append(len(rows))
        hrefs += [urljoin(url, row.get("href")) for row in rows]
        assert all(len(row.get("title") or row.text) >= 15 for row in rows)
    assert sizes[:3] == [15, 15, 15]
    visible = [report for report in TRUTH.of_portal(name) if report.visible_on(FIRST)]
    assert {portals.url_of(report.key).pages[0] for report in visible} <= set(hrefs)
    assert len(hrefs) == len(visible) + 3 + 1
    assert sorted(Counter(hrefs).values())[-2:] == [1, 2]


def test_organs_have_columns_of_their_own(portals: Portals) -> None:
    _, headers, body = get(f"{portals.urls['lonsun']}zwgk/public/column/9901011?type=3")
    text = page_text(headers, body)
    assert 'name="ColumnType" content="信息公开年报"' in text
    first, second = portals.url_of("lonsun/jiaoyu/2022").pages
    assert urlsplit(second).path in text and urlsplit(first).path not in text
    assert lxml.html.fromstring(get(first)[2]).findtext(".//h1") == TRUTH.report("lonsun/jiaoyu/2022").title
    sub = f"{portals.urls['trs']}bmjz/bm/jtysj/zfxxgknb_4001/"
    listed = {urljoin(sub, href) for href in lxml.html.fromstring(get(sub)[2]).xpath("//li[span]/a/@href")}
    own = [r.key for r in TRUTH.of_portal("trs") if r.slug == "jiaotong" and r.visible_on(FIRST)]
    assert listed == {portals.url_of(key).pages[0] for key in own}


def test_the_old_portal_is_gbk_and_says_gb2312(portals: Portals) -> None:
    status, headers, body = get(portals.url_of("plain/gangtou/2022").pages[0])
    assert (status, headers["Content-Type"]) == (200, "text/html; charset=gb2312")
    assert "堽头镇" in body.decode("gb18030")
    with pytest.raises(UnicodeDecodeError):
        body.decode("gb2312")
    assert b"ColumnType" not in body


def test_deep_trs_pages_are_stubs_and_unknown_paths_are_missing(portals: Portals) -> None:
    status, _, body = get(f"{portals.urls['trs']}zwgk/zfxxgkzl/zfxxgknb/index_40.html")
    assert status == 200 and len(body) < 400
    for home in portals.urls.values():
        assert get(f"{home}nothing/here.html")[0] == 404


def test_robots(portals: Portals) -> None:
    answers = {name: get(f"{home}robots.txt") for name, home in portals.urls.items()}
    assert {name: status for name, (status, _, _) in answers.items()} == {"lonsun": 200, "trs": 200, "plain": 404}
    assert b"Disallow: /admin/" in answers["lonsun"][2]


@pytest.mark.parametrize("key", ["lonsun/zfb/2024", "trs/zfb/2024", "plain/renshe/2024"])
def test_a_revised_report_keeps_its_address(key: str, portals: Portals) -> None:
    where = portals.url_of(key)
    url = where.attachments[0] if where.attachments else where.pages[0]
    _, before, old = get(url)
    assert get(url, {"If-None-Match": before["ETag"]})[0] == 304
    assert get(url, {"If-Modified-Since": before["Last-Modified"]})[0] == 304
    portals.day = LATER
    status, after, new = get(url, {"If-None-Match": before["ETag"], "If-Modified-Since": before["Last-Modified"]})
    assert status == 200 and new != old
    assert after["Last-Modified"] != before["Last-Modified"]
    assert portals.url_of(key) == where


def test_a_revised_pdf_leaves_its_page_unchanged(portals: Portals) -> None:
    page = portals.url_of("trs/zfb/2024").pages[0]
    _, before, _ = get(page)
    portals.day = LATER
    conditions = {"If-None-Match": before["ETag"], "If-Modified-Since": before["Last-Modified"]}
    assert get(page, conditions)[0] == 304


def test_a_report_vanishes(portals: Portals) -> None:
    where = portals.url_of("lonsun/dongguan/2021").pages[0]
    assert get(where)[0] == 200
    portals.day = LATER
    assert get(where)[0] == 404
    assert portals.url_of("lonsun/dongguan/2021").pages == ()
    assert urlsplit(where).path.encode() not in b"".join(get(url)[2] for url in column_pages(portals, "lonsun"))


def test_lists_have_no_validators_and_details_are_stable(portals: Portals) -> None:
    for name in portals.urls:
        _, headers, _ = get(column_pages(portals, name)[0])
        assert headers["ETag"] is None and headers["Last-Modified"] is None
        detail = portals.url_of(f"{name}/zfb/2023").pages[0]
        assert get(detail)[2] == get(detail)[2]


def test_the_day_is_changed_by_hand_on_any_host(quiet: Portals) -> None:
    for name, day in zip(quiet.urls, ("2026-02-05", "2026-03-01", "2026-03-31"), strict=True):
        assert get(f"{quiet.urls[name]}_day?date={day}")[2] == f"{day}\n".encode()
        assert quiet.day == date.fromisoformat(day)
    assert get(f"{quiet.urls['trs']}_day?date=tomorrow")[0] == 400
    assert quiet.requests == []


def test_requests_are_written_down(quiet: Portals) -> None:
    counted = []
    quiet.on_response = lambda count, entry: counted.append((count, entry.path))
    host = urlsplit(quiet.urls["trs"])
    connection = http.client.HTTPConnection(str(host.hostname), host.port, timeout=10)
    for path in ("/", "/zwgk/?a=1"):
        connection.request("GET", path, headers={"User-Agent": "tester", "If-None-Match": '"x"'})
        connection.getresponse().read()
    connection.request("HEAD", "/nowhere")
    assert connection.getresponse().status == 404
    connection.close()
    # The portal writes a request down after its answer is out: the client may be ahead of it.
    until = time.monotonic() + 5
    while len(counted) < 3 and time.monotonic() < until:
        time.sleep(0.01)
    first, second, third = quiet.requests
    assert (first.portal, first.method, first.path, first.status) == ("trs", "GET", "/", 200)
    assert (first.user_agent, first.if_none_match, first.if_modified_since) == ("tester", '"x"', None)
    assert first.connection == second.connection == third.connection
    assert first.started <= first.ended <= second.started
    assert second.path == "/zwgk/?a=1" and third.method == "HEAD"
    assert counted == [(1, "/"), (2, "/zwgk/?a=1"), (3, "/nowhere")]


def test_a_portal_can_be_down_or_empty(portals: Portals) -> None:
    portals.down.add("plain")
    with pytest.raises((ConnectionError, urllib.error.URLError)):
        get(portals.urls["plain"])
    assert get(portals.urls["trs"])[0] == 200
    for name in ("lonsun", "trs"):
        portals.empty.add(name)
        _, headers, body = get(column_pages(portals, name)[0])
        assert lxml.html.fromstring(page_text(headers, body)).xpath("//li[span]") == []


def test_each_portal_has_its_own_address_on_one_port(portals: Portals) -> None:
    places = {urlsplit(url) for url in portals.urls.values()}
    assert len({place.hostname for place in places}) == 3
    assert {place.port for place in places} == {portals.port}


def test_it_runs_by_hand(tmp_path: Path) -> None:
    command = [sys.executable, "-m", "tests.portals", "--port", "0", "--day", "2026-02-05"]
    command += ["--truth", str(tmp_path / "truth.json")]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True, cwd=PACKAGE.parents[1]) as process:
        assert process.stdout is not None
        try:
            said = dict(itertools.takewhile(lambda line: line[0] != "day", (row.split()[:2] for row in process.stdout)))
            assert list(said) == [county.portal for county in ALL_COUNTIES]
            assert get(f"{said['trs']}_day")[2] == b"2026-02-05\n"
        finally:
            process.terminate()
        assert process.wait(10) == 0
    assert Truth.from_json((tmp_path / "truth.json").read_text(encoding="utf-8")) == make_truth(every=True)


def test_nothing_of_the_product_is_imported() -> None:
    rooms = {"extract", "archive", "crawler", "nianbao"}
    modules = sorted(PACKAGE.rglob("*.py"))
    assert modules
    for path in modules:
        tree = ast.parse(path.read_text(encoding="utf-8"))
        for node in ast.walk(tree):
            names = [alias.name for alias in node.names] if isinstance(node, ast.Import) else []
            if isinstance(node, ast.ImportFrom) and node.level == 0:
                names.append(str(node.module))
            assert not {name.split(".")[0] for name in names} & rooms, path.name
