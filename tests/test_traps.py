"""Traps that reviews of the crawler found: reports that were lost, filed wrongly or asked for without end."""

import json
from collections.abc import Mapping
from pathlib import Path

from archive.identity import alike, names_county
from crawler import wording
from extract.formats import read, sniff
from extract.model import Grid, Paragraph
from tests.oddities import Answer, Odd, Page, list_page, report_page
from tests.test_structures import OTHER_HOST, asked, details, found, harvest, home, page, rows, site, state, title

YEARS, ORGANS = (2023, 2024), ("水务局", "教育局")
EVERY = {(organ, year) for organ in ORGANS for year in YEARS}


def year_folders(extra: str = "") -> dict[str, Page]:
    """A folder for each year with a report of each organ."""
    pages: dict[str, Page] = {}
    for year in YEARS:
        reports = {f"/nb/{year}/{number}.html": title(organ, year) for number, organ in enumerate(ORGANS)}
        pages |= {f"/nb/{year}/": list_page(rows(reports), extra), **details(reports)}
    return pages


def test_a_dated_folder_is_no_entry(tmp_path: Path) -> None:
    column = list_page([(f"/nb/{year}/", f"{year}年", f"{year + 1}-01-20") for year in YEARS])
    with Odd({"/": home(), "/nb/": column, **year_folders()}) as odd:
        assert found(harvest(odd, tmp_path)) == EVERY


def test_a_side_list_on_every_page_ends_nothing(tmp_path: Path) -> None:
    side = list_page([("/n1.html", "关于召开会议的通知", "2025-03-01"), ("/n2.html", "关于停水的公告", "2025-03-02")])
    column = page("".join(f'<a href="/nb/{year}/">{year}年</a>' for year in YEARS) + side)
    with Odd({"/": home(), "/nb/": column, **year_folders(side)}) as odd:
        assert found(harvest(odd, tmp_path)) == EVERY


def test_the_first_poor_title_does_not_decide(tmp_path: Path) -> None:
    reports = {f"/a{year}.html": title("水务局", year) for year in YEARS}
    column = page('<a href="/nb/1/">部门年报</a><a href="/nb/2/">乡镇年报</a>')
    poor = list_page([(href, "县水务局", "2025-01-15") for href in reports])
    with Odd(site(column, reports) | {"/nb/1/": poor, "/nb/2/": list_page(rows(reports))}) as odd:
        assert found(harvest(odd, tmp_path)) == {("水务局", year) for year in YEARS}


def test_a_menu_of_years_is_no_pager(tmp_path: Path) -> None:
    menu = "".join(f'<a href="/nb/{year}.html">{year}</a>' for year in YEARS)
    pages = {"/": home(), "/nb/": page(menu)} | year_folders()
    pages |= {f"/nb/{year}.html": pages[f"/nb/{year}/"] for year in YEARS}
    with Odd(pages) as odd:
        assert found(harvest(odd, tmp_path)) == EVERY
        assert len(asked(odd)) < 20


def test_lists_by_a_reports_name_end(tmp_path: Path) -> None:
    """Each lists two more of its kind, without end: it goes three deep as a folder and three as a list."""

    def trap(path: str, query: Mapping[str, str]) -> str:
        at = int(query["n"])
        return list_page([(f"/t?n={n}", f"{n % 20 + 2005}年政府信息公开年报", None) for n in (2 * at, 2 * at + 1)])

    column = list_page([("/t?n=1", "2024年政府信息公开年报", "2025-01-15")])
    with Odd({"/": home(), "/nb/": column, "/t": trap}) as odd:
        harvest(odd, tmp_path)
        assert len(asked(odd, "/t")) < 2**7


def test_the_survey_has_a_budget(tmp_path: Path) -> None:
    with Odd({"/": home()}, also={OTHER_HOST: {"/*": page("x")}}) as odd:
        many = [(f"/c{number}/", "政府信息公开年报", None) for number in range(2_000)]
        odd.pages[odd.host]["/"] = list_page(many)
        harvest(odd, tmp_path, status=2)
        assert len(asked(odd)) <= 600


def test_year_pages_without_data_are_no_reports(tmp_path: Path) -> None:
    """A file in the menu of the page is none of its report."""

    def annual(path: str, query: Mapping[str, str]) -> str:
        year = int(query.get("fbtime", "2024"))
        menu = '<a href="/form.doc">信息公开申请表</a>' + "".join(
            f"<option value={y}>{y}年</option>" for y in (2022, 2023, 2024)
        )
        body = "" if year > 2022 else f"<h1>{title('水务局', year)}</h1><div id=zoom>暂无数据</div>"
        return (report_page(title("水务局", year)) if year > 2022 else page(body)).replace("<body>", f"<body>{menu}")

    address = "/module/xxgk/xxgkAnnualReport.jsp"
    pages = {"/": home((f"{address}?area=1&fbtime=2024", "政府信息公开年报")), address: annual}
    with Odd(pages) as odd:
        assert found(harvest(odd, tmp_path)) == {("水务局", year) for year in YEARS}


def test_many_pages_that_name_each_other_are_not_cut(tmp_path: Path) -> None:
    def column(path: str, query: Mapping[str, str]) -> str:
        at = int(query.get("page", 1))
        own = [(f"/n{at}.html", f"第{at}号通知", "2025-01-15")]
        reports = rows({f"/a{at}.html": title("水务局", 2024 - at % 2)}) if at in (1, 230) else []
        return list_page([*own, *reports], '<div>共230页 <a href="/nb/?page=2">下一页</a></div>')

    with Odd(site(column, {"/a1.html": title("水务局", 2023), "/a230.html": title("水务局", 2024)})) as odd:
        archive = harvest(odd, tmp_path)
        assert found(archive) == {("水务局", year) for year in YEARS}
        assert state(archive)["state"] == "ok"


def test_a_page_of_two_columns_has_the_organs_unit(tmp_path: Path) -> None:
    """A title without an organ, in the county's list and in the organ's: read in either order, it is the organ's."""
    plain = [("/w24.html", "2024年政府信息公开工作年度报告", "2025-01-15")]
    organs = page('<a href="/sw/">水务局</a><a href="/jy/">教育局</a>', "部门")
    own = list_page([*plain, *rows({"/w23.html": title("水务局", 2023)})])
    other = list_page(rows({"/j24.html": title("教育局", 2024)}))
    pages = {
        "/": home(("/nb/", "政府信息公开年报"), ("/bm/", "部门信息公开")),
        "/bm/": organs,
        "/sw/": own,
        "/jy/": other,
    }
    pages |= {"/nb/": list_page([*plain, *rows({"/j24.html": title("教育局", 2024)})])}
    pages |= details({"/w24.html": plain[0][1], "/w23.html": title("水务局", 2023), "/j24.html": title("教育局", 2024)})
    with Odd(pages) as odd:
        archive = harvest(odd, tmp_path)
        assert found(archive) == {("水务局", 2023), ("水务局", 2024), ("教育局", 2024)}
        archive.run("update")
        assert found(archive) == {("水务局", 2023), ("水务局", 2024), ("教育局", 2024)}


def test_a_box_of_news_before_the_list(tmp_path: Path) -> None:
    """A jpaas column fills two boxes by script, the news first: the survey looks into both."""
    service = "/api-gateway/jpaas-publish-server/front/page/build/unit"

    def answer(path: str, query: Mapping[str, str]) -> Answer:
        listed = rows({"/w24.html": title("水务局", 2024)} if query["tagId"] == "list" else {"/n1.html": "春耕"})
        return Answer(
            body=json.dumps({"success": True, "data": {"html": list_page(listed)}}).encode(),
            media_type="application/json",
        )

    boxes = "".join(
        f"""<script queryData="{{'webId':'1','pageId':'2','tagId':'{tag}'}}"></script>""" for tag in ("news", "list")
    )
    with Odd(site(page(boxes), {"/w24.html": title("水务局", 2024)}) | {service: answer}) as odd:
        assert found(harvest(odd, tmp_path)) == {("水务局", 2024)}


def test_a_body_in_a_script_with_what_xml_cannot_hold() -> None:
    detail = json.dumps({"title": "报告", "content": "<p>一、总体\x00\x01情况</p>\ud800"})
    text = read(f"<html><body><script>window._CONFIG = {{DETAIL: {detail}}};</script></body></html>".encode())
    assert [block.text for block in text.blocks if isinstance(block, Paragraph)] == ["一、总体情况"]


def test_boxes_as_wide_as_they_like_make_no_wide_table() -> None:
    row = "<div><i></i><span style='width:{}px'>自然人</span><span style='width:9973px'>2</span></div>"
    text = read(
        f"<html><body><div id=zoom><div>{''.join(map(row.format, range(7, 2000)))}</div></div></body></html>".encode()
    )
    assert [block.width for block in text.blocks if isinstance(block, Grid)] == [2]


def test_names_of_organs() -> None:
    assert alike("卫健委", "卫生健康委员会") and alike("人社局", "人力资源和社会保障局")
    pairs = (("人民政府", "渠沟镇人民政府"), ("河镇人民政府", "沙河镇人民政府"), ("交通运输局", "交通运输综合执法局"),
             ("人民政府", "人民政府办公室"), ("民政局", "民族宗教事务行政执法局"), ("教育局", "教育局招生办"))  # fmt: skip
    assert not [pair for pair in pairs if alike(*pair) or alike(*reversed(pair))]
    assert names_county("淮北市杜集区", "关于杜集区教育局2024年政府信息公开工作年度报告")
    assert names_county("清沙县", "2024清沙县水务局政府信息公开年报") and not names_county("沙县", "清沙县水务局2024年")


def test_texts_built_to_hang_a_pattern() -> None:
    """They come to an end: a pattern that tries every way would not, in any time."""
    for text in ("乡镇" * 3000 + "x", "街道办事处" * 3000 + "x", "人民政府" * 3000, "。" * 100_000):
        assert wording.role(text, "http://www.example.gov.cn/") is None
        assert wording.organ(text) == ""
    assert sniff(b"<!-- -->" * 5_000 + b"x" * 20).name == "text"
