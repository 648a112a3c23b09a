"""Reports before 2019 in an archive: the commands that name figures name those of the statistics table too."""

import csv
import json
from pathlib import Path

import pytest

from tests.helpers import Archive

FIXTURES = Path(__file__).parent / "fixtures" / "extract" / "reports"
UNIT = "340999/水利局"
OWN = f"{UNIT}/own"
PART = "t2014.pub_total.x_区政府"


@pytest.fixture(scope="module")
def archive(tmp_path_factory: pytest.TempPathFactory) -> Archive:
    """One office's reports for 2013 (sentences only), 2016 and 2017, and a county's of several columns."""
    folder = tmp_path_factory.mktemp("early")
    files = folder / "files"
    files.mkdir()
    page = (FIXTURES / "html-2014" / "input.html").read_text(encoding="utf-8")
    (files / "2016.html").write_text(page, encoding="utf-8")
    (files / "2017.html").write_text(page.replace("2016年", "2017年").replace("<td>132<", "<td>140<"), encoding="utf-8")
    before, after = page.partition("<table")[0], page.partition("</table>")[2]
    (files / "2013.html").write_text((before + after).replace("2016年", "2013年"), encoding="utf-8")
    (files / "county.html").write_bytes((FIXTURES / "html-2014-columns" / "input.html").read_bytes())
    made = Archive(folder / "archive")
    made.run("import", files, "--region", "340999", "--region-name", "岱南县")
    return made


def test_a_figure_over_the_years(archive: Archive) -> None:
    rows = archive.json("show", "水利局", "--figure", "t2014.pub_total.count", "--years")
    assert [(row["year"], row["value"], row["state"], row["unit"], row["form"]) for row in rows] == [
        (2013, None, "not printed", None, None),
        (2016, 132, "number", "条", "y2014"),
        (2017, 140, "number", "条", "y2014"),
    ]


def test_a_local_column_over_the_years(archive: Archive) -> None:
    (row,) = archive.json("show", "沅北区人民政府", "--figure", PART, "--years")
    assert (row["value"], row["unit"]) == (80, "条")


def test_an_unknown_path_is_refused(archive: Archive) -> None:
    for path in ("t2014.pub_total.total", "t2014.req_faxes.count", "t2014.x_行"):
        said = archive.run("show", "水利局", "--figure", path, "--years", status=1).stderr
        assert "no form has a figure" in said


def test_figures_stand_in_the_order_of_the_form(archive: Archive) -> None:
    rows = archive.json("show", f"{OWN}/2016")
    paths = [row["path"] for row in rows]
    assert len(paths) == 58
    assert paths[:3] == ["t2014.pub_total.count", "t2014.pub_normative.count", "t2014.normative_issued.count"]
    assert paths[-1] == "t2014.trn_people.count"


def test_a_figure_leads_to_its_bytes(archive: Archive) -> None:
    (fact,) = archive.json("show", f"{OWN}/2016", "--figure", "t2014.org_budget.count", "--cite")
    assert (fact["value"], fact["written"], fact["unit"], fact["form"]) == (1.5, "1.50", "万元", "y2014")
    assert fact["label"].startswith("政府信息公开专项经费") and fact["place"]["column"] == 2


def test_what_is_missing(archive: Archive) -> None:
    """Of 2013 nothing: no national table existed. Of a report with the table nothing of the later forms."""
    missing = {row["report"]: json.loads(row["missing"]) for row in archive.rows("select report, missing from version")}
    assert missing[f"{OWN}/2013"] == missing[f"{OWN}/2016"] == []
    fact = archive.json("show", f"{OWN}/2013", "--figure", "t2014.pub_total.count")
    assert [row["state"] for row in fact] == ["not in its form"]


def test_the_export_names_every_figure(archive: Archive, tmp_path: Path) -> None:
    file = tmp_path / "all.csv"
    archive.run("export", "-o", file)
    with file.open(encoding="utf-8-sig", newline="") as lines:
        rows = {(row["report"], row["path"]): row for row in csv.DictReader(lines)}
    assert len(rows) == 58 + 58 + 4 * 58
    row = rows["340999/沅北区人民政府/whole_government/2017", PART]
    assert (row["label"], row["value"], row["value_unit"]) == (
        "主动公开政府信息数（不同渠道和方式公开相同信息计1条）/区政府", "80", "条",
    )  # fmt: skip


def test_the_sections_keep_their_numbers(archive: Archive) -> None:
    rows = archive.rows(
        "select s.n, s.heading from section s join version v on v.id = s.version where v.report = ?", f"{OWN}/2013"
    )
    assert [(row["n"], row["heading"]) for row in rows][3:5] == [
        (4, "四、复议诉讼及收费情况"),
        (5, "五、机构建设和培训情况"),
    ]
