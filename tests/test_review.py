"""What a person has to decide, and what became of it: in the next build, after the bytes changed, and read back from a file."""

from pathlib import Path

import pytest

from archive.review import Decision, decided
from tests.filing import PORTAL, REGION, Filing, page_of
from tests.helpers import Archive

WHAT = "政府信息公开工作年度报告"
NAMED, BARE = f"清沙县水务局2024年{WHAT}", f"2024年{WHAT}"
PAGE = f"{PORTAL} http://{PORTAL}/b.html"


def reports(archive: Archive) -> list[str]:
    return [row["id"] for row in archive.rows("select id from report order by id")]


@pytest.fixture
def filing(tmp_path: Path) -> Filing:
    """A report of the water bureau, and one of which nothing says whose it is."""
    made = Filing(tmp_path / "archive")
    made.show("/a.html", page_of(NAMED), NAMED)
    made.show("/b.html", page_of(BARE, "我局主动公开。"), BARE)
    return made


def test_a_unit_is_asked_settled_and_taken_back(filing: Filing) -> None:
    archive = filing.build()
    water, education = f"{REGION}/水务局/own/2024", f"{REGION}/教育局/own/2024"
    assert reports(archive) == [water]
    (item,) = archive.json("review", "list")
    assert (item["kind"], item["page"], item["candidates"], item["report"]) == ("unit", PAGE, [f"{REGION}/水务局"], "")
    assert item["why"].startswith(f"whose report is '{BARE}'?")
    shown = archive.run("review").stdout
    assert item["id"] in shown and "水务局" in shown
    assert '"text": "局"' in archive.run("review", "show", item["id"]).stdout
    assert "nianbao build" in archive.run("review", "settle", item["id"], "--unit", "清沙县教育局").stdout
    assert reports(archive) == [water] and archive.json("review", "list") == []
    archive.run("build", "--jobs", 1)
    assert reports(archive) == [education, water]
    assert archive.json("review", "list") == [] and archive.rows("select * from failure") == []
    before = archive.rows("select * from built order by page")
    archive.run("build", "--jobs", 1)
    assert archive.rows("select * from built order by page") == before
    archive.run("review", "undo", item["id"])
    archive.run("build", "--jobs", 1)
    assert reports(archive) == [water] and [row["id"] for row in archive.json("review", "list")] == [item["id"]]


def test_a_decision_holds_when_the_bytes_change(filing: Filing) -> None:
    """A counter on the page makes another document every day; the title is what was decided of."""
    archive = filing.build()
    (item,) = archive.json("review", "list")
    archive.run("review", "settle", item["id"], "--unit", "教育局")
    filing.show(
        "/b.html", page_of(BARE, "我局主动公开。").replace("</body>", "<p>浏览次数：7</p></body>"), BARE, "2026-01-17"
    )
    filing.build()
    assert reports(archive) == [f"{REGION}/教育局/own/2024", f"{REGION}/水务局/own/2024"]
    assert archive.rows("select distinct kind from event where report like '%教育局%'") == [{"kind": "backfill"}]
    assert archive.json("review", "list") == []


def test_it_is_no_report(filing: Filing) -> None:
    archive = filing.build()
    archive.run("review", "settle", "/b.html", "--not-a-report", "--remark", "年报目录")
    archive.run("build", "--jobs", 1)
    assert archive.json("review", "list") == [] and archive.rows("select * from failure") == []
    assert reports(archive) == [f"{REGION}/水务局/own/2024"]


def test_a_report_that_is_filed_wrongly_is_moved(filing: Filing) -> None:
    archive = filing.build()
    archive.run("review", "settle", f"{REGION}/水务局/own/2024", "--unit", "水利局", "--year", 2023)
    archive.run("build", "--jobs", 1)
    assert reports(archive) == [f"{REGION}/水利局/own/2023"]
    assert {row["report"] for row in archive.rows("select report from event")} == {f"{REGION}/水利局/own/2023"}


def test_what_a_version_says_goes_with_it(tmp_path: Path) -> None:
    """And comes back once, when a person takes the decision back."""
    filing = Filing(tmp_path / "archive")
    own = "</p><p>（一）存在的主要问题</p><p>公开不够及时。</p><p>（二）改进措施</p><p>加强培训。"
    filing.show("/a.html", page_of(NAMED, "OWN").replace("OWN", own), NAMED)
    archive = filing.build()
    said = archive.rows("select part, text from section_part")
    assert {row["part"] for row in said} == {"problems", "measures"}
    archive.run("review", "settle", f"{REGION}/水务局/own/2024", "--not-a-report")
    archive.run("build", "--jobs", 1)
    for table in ("figure", "section", "section_part", "number", "check_result", "finding"):
        assert archive.rows(f"select 1 from {table}") == [], table
    archive.run("review", "undo", "/a.html")
    archive.run("build", "--jobs", 1)
    assert archive.rows("select part, text from section_part") == said


@pytest.mark.parametrize(
    ("title", "says", "years"),
    (
        (f"清沙县水务局2022年度、2021年度{WHAT}", "本年度无。", [2021, 2022]),
        (f"清沙县水务局2021年{WHAT}", "本报告统计期限自2020年1月1日至2020年12月31日。", [2020, 2021]),
    ),
)
def test_a_year_that_is_in_doubt_is_asked(title: str, says: str, years: list[int], tmp_path: Path) -> None:
    """domain.md 6, case 12: filed under its title, and not silently."""
    filing = Filing(tmp_path / "archive")
    filing.show("/b.html", page_of(title, says), title, column="slj/")
    filing.column("slj/", "水务局")
    archive = filing.build()
    assert reports(archive) == [f"{REGION}/水务局/own/2021"]
    (item,) = archive.json("review", "list", "--kind", "year")
    assert (item["candidates"], item["report"]) == (years, f"{REGION}/水务局/own/2021")
    archive.run("review", "settle", item["id"], "--year", years[0])
    archive.run("build", "--jobs", 1)
    assert reports(archive) == [f"{REGION}/水务局/own/{years[0]}"] and archive.json("review", "list") == []


def test_last_years_page_under_a_new_title(tmp_path: Path) -> None:
    filing = Filing(tmp_path / "archive")
    title, old = f"清沙县水务局2021年{WHAT}", f"清沙县水务局2020年{WHAT}"
    filing.show("/b.html", page_of(title).replace(f"<h1>{title}", f"<h1>{old}"), title)
    archive = filing.build()
    (item,) = archive.json("review", "list", "--kind", "year")
    assert (item["candidates"], item["report"]) == ([2020, 2021], f"{REGION}/水务局/own/2020")
    assert len(archive.rows("select 1 from version where notes like '%year_mismatch%'")) == 1


def test_decisions_go_out_and_come_in_as_csv(filing: Filing, tmp_path: Path) -> None:
    """What people entered stays in the database and in files; another archive of the same pages files them alike."""
    archive = filing.build()
    archive.run("review", "settle", "/b.html", "--unit", "教育局", "--remark", "asked by telephone")
    file = tmp_path / "decisions.csv"
    file.write_text(archive.run("review", "decisions", "--csv").stdout, encoding="utf-8")
    other = Filing(tmp_path / "other")
    other.show("/a.html", page_of(NAMED), NAMED)
    other.show("/b.html", page_of(BARE, "我局主动公开。"), BARE)
    other.build()
    assert "decisions taken: 1, lines refused: 0" in other.archive.run("review", "import", file).stdout
    other.build()
    assert reports(other.archive) == [f"{REGION}/教育局/own/2024", f"{REGION}/水务局/own/2024"]
    assert other.archive.json("review", "decisions") == archive.json("review", "decisions")
    file.write_text(
        "page,document,title,unit,year,is_report\nhere,,,,,\n" + f"{PAGE},abc,,,,1\n{PAGE},abc,,,soon,1\n",
        encoding="utf-8",
    )
    said = other.archive.run("review", "import", file, status=1)
    assert (
        said.stdout == "decisions taken: 0, lines refused: 3.\n"
        and f"{file}:4: 'soon' is no report year" in said.stderr
    )


def test_what_a_person_types_wrongly(filing: Filing) -> None:
    archive = filing.build()
    assert "no item is called 'nothing'" in archive.run("review", "settle", "nothing", "--year", 2020, status=1).stderr
    assert "--not-a-report" in archive.run("review", "settle", "/b.html", status=1).stderr
    assert "no name of an organ" in archive.run("review", "settle", "/b.html", "--unit", "谁", status=1).stderr
    elsewhere = archive.run("review", "settle", "/b.html", "--unit", "990202/水利局", status=1).stderr
    assert "no name of an organ in a county" in elsewhere and archive.json("review", "decisions") == []
    assert "no decision is called" in archive.run("review", "undo", "nothing", status=1).stderr


def test_which_decision_holds() -> None:
    one, two = Decision("d", "甲", "u", None, True), Decision("d", "乙", "v", None, True)
    assert decided([one], [("d", "anything")]) == one
    assert decided([one, two], [("d", "乙")]) == two
    assert decided([one, two], [("d", "丙")]) is None
    assert decided([one, two], [("e", "甲")]) == one
    assert decided([one], [("e", "")]) is None
