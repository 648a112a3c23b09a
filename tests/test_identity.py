"""Whose report it is: names, codes, counties; what the column, the page, the title and the text say of one report."""

import json
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from archive import identity
from extract import credit_code, selfsaid
from tests.filing import COUNTY, PORTAL, REGION, Filing, page_of

TITLE = "政府信息公开工作年度报告"
CODES = ("91350100M000100Y43", "11341703003249434A")  # GB 32100-2015, annex; an 索引号 that was published


def code(number: int) -> str:
    """A code with a right check character."""
    body = f"1199000{number:010}"
    return body + credit_code.check_character(body)


@pytest.mark.parametrize("right", CODES)
def test_a_credit_code_is_right_by_its_check_character(right: str) -> None:
    assert credit_code.find(f"{right}/202406-00042") == right
    wrong = [right[:-1] + each for each in credit_code.CHARACTERS if each != right[-1]]
    assert len(wrong) == 30 and not any(map(credit_code.is_valid, wrong))


@given(
    st.text(credit_code.CHARACTERS, min_size=17, max_size=17),
    st.integers(0, 16),
    st.sampled_from(credit_code.CHARACTERS),
)
def test_any_one_wrong_character_is_seen(body: str, place: int, other: str) -> None:
    right = body + credit_code.check_character(body)
    assert credit_code.is_valid(right)
    slip = right[:place] + other + right[place + 1 :]
    assert credit_code.is_valid(slip) == (slip == right)


@pytest.mark.parametrize(
    "index",
    ("", "K12345678-2024-0001", "11341703003249434B/202406-00042", "011341703003249434A/1", "11341703003249434AB"),
)
def test_other_numbers_are_no_codes(index: str) -> None:
    assert credit_code.find(index) == ""


def test_88_counties_have_a_town_of_the_same_name() -> None:
    """domain.md 4: 城关镇 ×88. The portal's county and the name are the unit; a name alone is of nobody."""
    counties = [(f"99{number:04}", f"第{number}县") for number in range(88)]
    made = [identity.unit(code, name, f"{name}城关镇人民政府") for code, name in counties]
    assert len({unit.id for unit in made if unit}) == 88
    assert {unit.name for unit in made if unit} == {"城关镇人民政府"}
    bare = [identity.unit(code, name, "城关镇") for code, name in counties]
    assert bare and [unit.id for unit in bare if unit] == [unit.id for unit in made if unit]


def test_the_same_pages_in_many_counties_stay_apart(tmp_path: Path) -> None:
    """One text, one title, one 城关镇: as many reports as counties, none merged, none moved to another county."""
    filing = Filing(tmp_path / "archive")
    title = f"城关镇2024年{TITLE}"
    for number in range(8):
        portal = f"www.county{number}.test"
        filing.portal(portal, f"99{number + 10:04}", f"第{number}县")
        filing.show("/a.html", page_of(title), title, portal=portal)
    rows = filing.build().rows("select id from report order by id")
    assert [row["id"] for row in rows] == [f"99{number + 10:04}/城关镇人民政府/own/2024" for number in range(8)]


def test_a_district_of_another_city_is_no_prefix_of_its_own() -> None:
    """朝阳区 is one of several: the portal says which, and a title that names another county's organ stays a foreign name."""
    here, there = (
        identity.unit("110105", "北京市朝阳区", "北京市朝阳区教育局"),
        identity.unit("220104", "长春市朝阳区", "朝阳区教育局"),
    )
    assert here and there and (here.id, there.id) == ("110105/教育局", "220104/教育局")


@pytest.mark.parametrize(
    ("name", "kind"),
    (
        ("人民政府", "government"), ("人民政府办公室", "office"), ("水务局", "department"), ("发展和改革委员会", "department"),
        ("石桥镇", "town"), ("回族乡政府", "town"), ("东城街道", "street"), ("经济开发区管理委员会", "zone"), ("自来水供水公司", "enterprise"),
        ("人民医院", "enterprise"), ("经济开发区管委会办公室", "office"),
    ),
)  # fmt: skip
def test_the_kind_of_a_unit_is_told_by_its_name(name: str, kind: str) -> None:
    made = identity.unit(REGION, COUNTY, COUNTY + name)
    assert made and made.type == kind


def test_who_is_trusted() -> None:
    def chosen(**said: str) -> tuple[str, str]:
        choice = identity.choose(REGION, COUNTY, said)
        return (choice.unit.name if choice.unit else ""), choice.by

    office = "清沙县人民政府办公室"
    assert chosen(column="水务局", publisher=office, title="清沙县水务局") == ("水务局", "column")
    assert chosen(column="卫健委", title="卫生健康委员会") == ("卫健委", "column")
    assert chosen(column="水务局", title="石桥镇人民政府") == ("石桥镇人民政府", "title")
    assert chosen(publisher=office, title="水务局") == ("水务局", "title")
    assert chosen(publisher="水务局", source="教育局") == ("水务局", "publisher")
    assert chosen(title="附件下载", source="教育局") == ("教育局", "source")
    assert chosen(title="附件下载") == ("", "")


@pytest.mark.parametrize(
    ("text", "word"),
    (
        ("2024年，我局认真落实，我局主动公开。", "局"), ("我镇坚持……，配合县局。", "镇"), ("在县政府领导下，我县各部门", ""),
        ("我局局长带队，我镇配合", ""), ("本街道办理", "街道"), ("我委委员会", "委"), ("我机关", ""),
    ),
)  # fmt: skip
def test_how_a_report_calls_its_organ(text: str, word: str) -> None:
    assert selfsaid.organ_word(text) == word


def test_a_name_that_only_the_head_says_and_the_text_denies_is_asked(tmp_path: Path) -> None:
    """发布机构 is the website's office, no title names an organ, and the text says 我局: nobody guesses."""
    filing = Filing(tmp_path / "archive")
    bare, office = f"2024年{TITLE}", {"发布机构": "清沙县人民政府办公室"}
    filing.show("/a.html", page_of(f"清沙县水务局2023年{TITLE}"), f"清沙县水务局2023年{TITLE}")
    filing.show("/b.html", page_of(bare, "我局主动公开。", office), bare)
    filing.show("/c.html", page_of(bare, "我办主动公开。", office), bare)
    archive = filing.build()
    assert {row["id"] for row in archive.rows("select id from report")} == {
        f"{REGION}/水务局/own/2023",
        f"{REGION}/人民政府办公室/government_office/2024",
    }
    (item,) = archive.json("review", "list")
    assert (item["kind"], item["url"]) == ("unit", f"http://{PORTAL}/b.html")
    assert item["said"]["publisher"] == "清沙县人民政府办公室" and item["candidates"] == [f"{REGION}/水务局"]


def test_a_code_tells_that_a_unit_was_renamed(tmp_path: Path) -> None:
    """domain.md 6, case 18: one code under two names whose years follow one another is one chain; the reports keep their names."""
    filing = Filing(tmp_path / "archive")
    for year, name in ((2017, "教育局"), (2018, "教育局"), (2019, "教育体育局"), (2020, "教育体育局")):
        title = f"清沙县{name}{year}年{TITLE}"
        filing.show(
            f"/{year}.html",
            page_of(title, head={"索引号": f"{code(1)}/{year}-00042", "发布机构": f"清沙县{name}"}),
            title,
        )
    archive = filing.build()
    rows = archive.rows("select name, chain, credit_code, from_year, to_year from unit order by name desc")
    now = f"{REGION}/教育体育局"
    assert rows == [
        {"name": "教育局", "chain": now, "credit_code": code(1), "from_year": None, "to_year": 2018},
        {"name": "教育体育局", "chain": now, "credit_code": code(1), "from_year": 2019, "to_year": None},
    ]
    assert [row["unit"] for row in archive.rows("select unit from report order by year")] == [
        f"{REGION}/教育局"
    ] * 2 + [now] * 2
    assert archive.json("review", "list") == []
    assert {
        (row["name"], row["from_year"], row["to_year"])
        for row in archive.rows("select * from unit_name where chain = ?", now)
    } == {
        ("教育局", 2017, 2018),
        ("教育体育局", 2019, 2020),
    }


def test_one_code_in_the_same_years_is_asked_and_merges_nothing(tmp_path: Path) -> None:
    filing = Filing(tmp_path / "archive")
    for number, (year, name) in enumerate(((2018, "教育局"), (2019, "教育局"), (2019, "体育局"))):
        title = f"清沙县{name}{year}年{TITLE}"
        filing.show(f"/{number}.html", page_of(title, head={"索引号": code(1) + "/1"}), title)
    archive = filing.build()
    assert archive.rows("select count(*) as n from unit where chain <> id") == [{"n": 0}]
    (item,) = archive.json("review", "list")
    assert (item["kind"], sorted(item["candidates"])) == ("credit_code", [f"{REGION}/体育局", f"{REGION}/教育局"])
    said = archive.run("review", "settle", item["id"], "--unit", "教育局", status=1).stderr
    assert "units rename" in said and "credit_code" in said
    roster = tmp_path / "roster.csv"
    roster.write_text(
        f"region,name,credit_code\n{REGION},教育局,{code(1)}\n{REGION},体育局,{code(2)}\n", encoding="utf-8"
    )
    archive.run("units", "import", roster)
    assert archive.json("review", "list") == []
    assert {row["name"]: row["credit_code"] for row in archive.json("units", "list")} == {
        "教育局": code(1),
        "体育局": code(2),
    }


def test_two_codes_under_one_name_are_asked(tmp_path: Path) -> None:
    filing = Filing(tmp_path / "archive")
    for number, year in enumerate((2022, 2023)):
        title = f"清沙县水务局{year}年{TITLE}"
        filing.show(f"/{year}.html", page_of(title, head={"索引号": code(number) + "/1", "发布机构": "水务局"}), title)
    archive = filing.build()
    (item,) = archive.json("review", "list", "--kind", "credit_code")
    assert sorted(item["candidates"]) == [code(0), code(1)]
    assert archive.rows("select credit_code from unit") == [{"credit_code": ""}]


def test_the_code_of_the_website_is_nobody_elses(tmp_path: Path) -> None:
    """Many systems print 发布机构 and 索引号 of the website's own office beside every report."""
    filing = Filing(tmp_path / "archive")
    head = {"索引号": f"{code(7)}/2024-1", "发布机构": "清沙县人民政府办公室"}
    for number, name in enumerate(("水务局", "教育局", "人民政府办公室")):
        title = f"清沙县{name}{2020 + number}年{TITLE}"
        filing.show(f"/{number}.html", page_of(title, head=head), title)
    archive = filing.build()
    assert {row["name"]: row["credit_code"] for row in archive.rows("select * from unit")} == {
        "水务局": "", "教育局": "", "人民政府办公室": code(7)
    }  # fmt: skip
    assert archive.rows("select count(*) as n from unit where chain <> id") == [{"n": 0}]
    assert archive.json("review", "list") == []


def test_an_office_beside_the_codes_of_others_has_none_of_them(tmp_path: Path) -> None:
    """发布机构 is the website's office, 索引号 that of the organ, on one page of each."""
    filing = Filing(tmp_path / "archive")
    for number, name in enumerate(("水务局", "教育局")):
        for year in (2022, 2023):
            title = f"清沙县{name}{year}年{TITLE}"
            says = "清沙县人民政府办公室" if year == 2022 else f"清沙县{name}"
            filing.show(
                f"/{number}{year}.html", page_of(title, head={"索引号": code(number) + "/1", "发布机构": says}), title
            )
    title = f"清沙县人民政府办公室2023年{TITLE}"
    filing.show("/o.html", page_of(title), title)
    archive = filing.build()
    assert {row["name"]: row["credit_code"] for row in archive.rows("select * from unit")} == {
        "水务局": code(0), "教育局": code(1), "人民政府办公室": ""
    }  # fmt: skip
    assert archive.json("review", "list") == []


def test_scopes_stay_apart(tmp_path: Path) -> None:
    """Own, the government's office, the whole government: three reports of one year, three scopes."""
    filing = Filing(tmp_path / "archive")
    for number, name in enumerate(("水务局", "人民政府办公室", "人民政府")):
        title = f"清沙县{name}2024年{TITLE}"
        filing.show(f"/{number}.html", page_of(title), title)
    rows = filing.build().rows("select unit, scope from report")
    assert {row["unit"].partition("/")[2]: row["scope"] for row in rows} == {
        "水务局": "own", "人民政府办公室": "government_office", "人民政府": "whole_government"
    }  # fmt: skip


def test_notes_say_who_disagreed(tmp_path: Path) -> None:
    filing = Filing(tmp_path / "archive")
    title = f"清沙县水务局2024年{TITLE}"
    filing.show("/a.html", page_of(title, head={"发布机构": "清沙县人民政府办公室"}), title)
    (row,) = filing.build().rows("select notes from version")
    assert any("水务局 taken" in note and "人民政府办公室" in note for note in json.loads(row["notes"]))
