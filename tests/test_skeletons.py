"""The structure samples of the reference (../shared/reference/skeletons): each is recognised and read as its family.

The table says for every file the address it stands for, its family, and what must be read. A file that the table does not
know fails; where the reference is not beside the checkout, everything here skips.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from crawler.pages import Page
from crawler.recorded import reading
from crawler.refusals import refusal
from extract import pagehead
from extract.formats import read
from extract.model import Grid
from extract.page import parse

FOLDER = Path(__file__).resolve().parents[2] / "shared" / "reference" / "skeletons"
HOST = "http://www.mm.gov.cn"
UNIT = "/api-gateway/jpaas-publish-server/front/page/build/unit?paramJson=%7B%22pageNo%22%3A2%2C%22pageSize%22%3A15%7D"
LABEL = (
    "/zwgk/site/label/8888?IsAjax=1&dataType=html&labelName=publicInfoList&siteId=7001&pageSize=15&pageIndex={}"
    "&action=list&isDate=true&dateFormat=yyyy-MM-dd&length=80&organId=1001&type=4&catId=2002&file=%2Fxxgk%2FpublicInfoList"
)
FILLED = (
    "/zwgk/site/label/8888?IsAjax=1&dataType=html&pageSize=15&action=list&isDate=true&dateFormat=yyyy-MM-dd&length=80"
    "&labelName=publicInfoList&file=%2Fxxgk%2FpublicInfoList&siteId=7001&organId=1001&type=4&catId=2002&pageIndex={}"
)
PROXY = (
    "/module/web/jpage/dataproxy.jsp?startrecord=1&endrecord=45&perpage=15",
    {"webid": "149", "columnid": "17801", "unitid": "6793088", "appid": "1", "path": "/"},
)
SEARCH = (
    "/module/xxgk/search.jsp?standardXxgk=1&isAllList=1&texttype=0&fbtime=-1&vc_all=&vc_filenumber=&vc_title=&vc_number="
    "&currpage={}&sortfield=,createdatetime:0,orderid:0"
)
SEARCH_FORM = "infotypeId=A07&jdid=149&area=113325000000000000&divid=div1229106886"
DOWNLOAD = "/system/_content/download.jsp?urltype=news.DownloadAttachUrl&owner=1485250630&wbfileid=14861131"

Row = tuple[str, str, str | None]  # address, title, date


@dataclass(frozen=True, slots=True)
class Skeleton:
    """What a file stands for, and what must be read in it; addresses are paths of the host."""

    family: str
    path: str
    entries: tuple[Row, ...] = ()
    further: tuple[str, ...] = ()  # their paths, without what is posted
    attachments: tuple[tuple[str, str], ...] = ()
    posted: str = ""


SKELETONS = {
    "ah_openness_list.html": Skeleton(
        "openness",
        "/OpennessContent/showList/200/0/page_1.html",
        (("/XxgkAnnualReport/show/4570.html", "某某镇2021年政府信息公开工作年度报告", "2022-01-07"),),
        ("/OpennessContent/showList/200/0/page_2.html",),
    ),
    "gkmlpt_index.html": Skeleton("gkmlpt", "/gkmlpt/index", (), ("/gkmlpt/api/all/11?page=1&sid=755031",)),
    "gkmlpt_api_all.json": Skeleton(  # one article of 41: the sample is cut, so that how many pages follow is open
        "gkmlpt",
        "/gkmlpt/api/all/11?page=2&sid=755031",
        (("/gkmlpt/content/2/2155/post_2155421.html", "某某局2021年政府信息公开工作年度报告", "2022-01-21"),),
    ),
    "gkmlpt_detail.html": Skeleton(
        "gkmlpt",
        "/gkmlpt/content/2/2155/post_2155421.html",
        attachments=(("/attachment/0/12/12345/2155421.pdf", "附件"),),
    ),
    "hanweb_col.html": Skeleton(
        "hanweb",
        "/col/col17801/index.html",
        (("/art/2022/1/29/art_17801_867943.html", "某某区2021年政府信息公开工作年度报告", "2022-01-29"),),
        (PROXY[0],),
    ),
    "hanweb_dataproxy_response.xml": Skeleton(
        "hanweb",
        "/module/web/jpage/dataproxy.jsp?startrecord=16&endrecord=60&perpage=15",
        (("/art/2021/1/29/art_17801_860001.html", "…2020年…年度报告", "2021-01-29"),),
        posted="col=1&appid=1&webid=149&path=%2F&columnid=17801&sourceContentType=1&unitid=6793088&permissiontype=0",
    ),
    "hanweb_xxgk_search_response.html": Skeleton(
        "hanweb",
        SEARCH.format(2),
        (("/art/2022/1/8/art_1229038691_4857923.html", "…年度报告", "2022-01-08"),),
        (
            SEARCH.format(3)
            .replace(",", "%2C")
            .replace("createdatetime:0", "createdatetime%3A0")
            .replace("orderid:0", "orderid%3A0"),
        ),
        posted=SEARCH_FORM,
    ),
    "hanweb_jpaas_unit_response.json": Skeleton(
        "hanweb",
        UNIT,
        (
            (
                "/col/col1229743683/art/2022/art_99f2702a91aa43edaab3ef5037d8d0ad.html",
                "某某县2021年政府信息公开工作年度报告",
                "2022-01-29",
            ),
        ),
    ),
    "lonsun_list.html": Skeleton(
        "lonsun",
        "/zwgk/public/column/1001?type=4&catId=2002&action=list&nav=3",
        (),
        tuple(FILLED.format(number) for number in (1, 2, 3)),
    ),
    "lonsun_label8888_response.html": Skeleton(
        "lonsun",
        LABEL.format(2),
        (("/zwgk/public/1001/900001.html", "某某镇2021年政府信息公开工作年度报告", "2022-01-20"),),
        (LABEL.format(3),),
    ),
    "lonsun_detail.html": Skeleton(
        "lonsun",
        "/zwgk/public/1001/900001.html",
        attachments=(("/group2/M00/00/01/xxxxxxxx.docx", "某某镇2021年年报.docx"),),
    ),
    "trs_list.html": Skeleton(
        "trs",
        "/zfxxgk/zfxxgknb/",
        (
            (
                "/zfxxgk/zfxxgknb/202201/t20220127_700001.html",
                "某某县水务局2021年政府信息公开工作年度报告",
                "2022-01-27",
            ),
        ),
        ("/zfxxgk/zfxxgknb/index_1.html", "/zfxxgk/zfxxgknb/index_2.html"),
    ),
    "trs_detail.html": Skeleton(
        "trs",
        "/zfxxgk/zfxxgknb/202201/t20220127_700001.html",
        attachments=(("/zfxxgk/zfxxgknb/202201/P020220127400000000001.pdf", "年报.pdf"),),
    ),
    "ucap_list.html": Skeleton(
        "ucap",
        "/mmx/c112289/xxgk_list.shtml",
        (
            ("/mmx/c112289/202201/c01_253556.shtml", "某某局2021年政府信息公开工作年度报告", "2022-01-21"),
            ("/mmx/c112289/202101/157a95c3e64f41039bb3beb14dbc7638.shtml", "…2020年…", "2021-01-20"),
        ),
        ("/mmx/c112289/xxgk_list_2.shtml", "/mmx/c112289/xxgk_list_3.shtml"),
    ),
    "ucap_detail.html": Skeleton(
        "ucap",
        "/mmx/c112289/202201/c01_253556.shtml",
        attachments=(("/mmx/c112289/202201/253556/files/年报.docx", "年报.docx"),),
    ),
    "vsb_list.html": Skeleton(
        "vsb",
        "/zfxxgk/zfxxgknb.htm",
        (("/info/13951/728370.htm", "某某县教育局2023年度政府信息公开工作年度报告", "2024-01-29"),),
        ("/zfxxgk/zfxxgknb/2.htm", "/zfxxgk/zfxxgknb/1.htm"),
    ),
    "vsb_detail.html": Skeleton("vsb", "/info/13951/728370.htm", attachments=((DOWNLOAD, "年报.docx"),)),
}
DETAILS = {  # file: title, words of the body, and what its index table says
    "gkmlpt_detail.html": ("…年度报告", "正文……", {}),
    "lonsun_detail.html": (
        "某某镇2021年政府信息公开工作年度报告",
        "第二十条第（一）项",
        {"index": "MM001/202201-00001", "publisher": "某某镇", "date": "2022-01-20"},
    ),
    "trs_detail.html": (
        "某某县水务局2021年政府信息公开工作年度报告",
        "正文……",
        {"index": "MM09001-0101-2022-00001", "publisher": "水务局", "date": "2022-01-27"},
    ),
    "ucap_detail.html": ("某某局2021年政府信息公开工作年度报告", "正文……", {}),
    "vsb_detail.html": (
        "某某县教育局2023年度政府信息公开工作年度报告",
        "正文……",
        {"index": "jiaoyuju/2024-00011", "publisher": "教育局", "date": "2024-01-29"},
    ),
}
REFUSALS = {
    "waf_521.http": "blocked:jsl",
    "waf_412.http": "blocked:412",
    "waf_c3vk.http": "blocked:cookie-shell",
    "waf_302_self.http": None,  # solved by a cookie jar
}
HEADS = {
    "standard_head.html": {
        "title": "某某县水务局2021年政府信息公开工作年度报告",
        "date": "2022-01-20",
        "source": "某某县水务局",
        "column": "政府信息公开年报",
        "column_type": "信息公开年报",
        "site": "某某县人民政府",
        "site_code": "3499990001",
        "domain": "www.moumou.gov.cn",
    }
}

pytestmark = pytest.mark.skipif(not FOLDER.is_dir(), reason=f"the reference is not beside the checkout ({FOLDER})")


def page_of(name: str) -> Page:
    """A file as a page at the address it stands for."""
    skeleton = SKELETONS[name]
    return Page(HOST + skeleton.path, (FOLDER / name).read_bytes(), form=skeleton.posted)


def below_host(url: str) -> str:
    return url.removeprefix(HOST)


def test_every_file_is_known() -> None:
    assert {file.name for file in FOLDER.iterdir()} == {*SKELETONS, *REFUSALS, *HEADS}


def test_every_detail_is_in_the_table() -> None:
    assert {name for name in SKELETONS if "_detail" in name} == set(DETAILS)


@pytest.mark.parametrize("name", SKELETONS)
def test_family_and_list(name: str) -> None:
    skeleton, got = SKELETONS[name], reading(page_of(name))
    assert got["family"] == skeleton.family
    named = [(below_host(url), title, date) for url, title, date, is_report in got["entries"] if is_report]
    further = [fetch if isinstance(fetch, str) else fetch[0] for fetch in got["further"]]
    if "_detail" not in name:
        assert all(entry[3] for entry in got["entries"])
        assert named == list(skeleton.entries)
    else:
        assert not named
    assert [below_host(url) for url in further] == list(skeleton.further)


@pytest.mark.parametrize("name", SKELETONS)
def test_attachments(name: str) -> None:
    got = reading(page_of(name))["attachments"]
    assert [(below_host(url), text) for url, text in got] == list(SKELETONS[name].attachments)


def test_what_the_data_proxy_is_posted() -> None:
    (fetch,) = reading(page_of("hanweb_col.html"))["further"]
    posted = Page(fetch[0], b"<html></html>", form=fetch[1]).form
    assert PROXY[1].items() <= posted.items()


def test_what_the_search_is_posted() -> None:
    """What the first page was asked with, its number apart."""
    (fetch,) = reading(page_of("hanweb_xxgk_search_response.html"))["further"]
    asked = page_of("hanweb_xxgk_search_response.html").form
    assert asked.items() <= Page(fetch[0], b"<html></html>", form=fetch[1]).form.items()


@pytest.mark.parametrize("name", DETAILS)
def test_detail_is_read(name: str) -> None:
    title, words, said = DETAILS[name]
    text = read((FOLDER / name).read_bytes())
    assert text.format == "html"
    assert text.title == title
    cells = [cell.text for block in text.blocks if isinstance(block, Grid) for row in block.rows for cell in row]
    body = "\n".join([*(paragraph.text for paragraph in text.paragraphs()), *cells])
    assert words in body
    assert {key: text.metadata.get(key) for key in said} == said


def response(name: str) -> tuple[int, dict[str, str], bytes]:
    """A recorded answer: status, headers with names in lower case, body."""
    head, _, body = (FOLDER / name).read_bytes().replace(b"\r\n", b"\n").partition(b"\n\n")
    first, *lines = head.decode().splitlines()
    return int(first.split()[1]), dict(_header(lines)), body


def _header(lines: list[str]) -> Iterator[tuple[str, str]]:
    for line in lines:
        name, _, value = line.partition(":")
        yield name.strip().lower(), value.strip()


@pytest.mark.parametrize("name", REFUSALS)
def test_refusal(name: str) -> None:
    refused = refusal(*response(name))
    assert (refused.kind if refused else None) == REFUSALS[name]


@pytest.mark.parametrize("name", HEADS)
def test_head(name: str) -> None:
    assert pagehead.read(parse((FOLDER / name).read_text(encoding="utf-8"))) == HEADS[name]
