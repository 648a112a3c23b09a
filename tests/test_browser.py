"""A list that only JavaScript builds: reported without a browser, crawled with one, every page of its pager."""

import json
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlsplit

import pytest

from crawler import browser
from tests.helpers import Archive, captures
from tests.oddities import Answer, Odd, list_page, report_page

ROWS = [(f"/gk/{year}{number}.html", f"白石县{organ}{year}年政府信息公开工作年度报告") for year in (2023, 2024) for number, organ in enumerate(("水利局", "财政局", "教育局"))]  # fmt: skip
LIST = """<!DOCTYPE html><html><head><meta charset="utf-8"><title>政府信息公开年报</title></head><body>
<div id="app"></div><img src="/logo.png"><script src="http://127.22.9.9:9/stat.js"></script><script>
let page = 1;
async function show() {
  const answer = await (await fetch('/api/list?page=' + page)).json();
  const rows = answer.rows.map(row => `<li><a href="${row.url}">${row.title}</a><span>2025-01-20</span></li>`).join('');
  document.getElementById('app').innerHTML = `<ul>${rows}</ul><button class="btn-next" ${page === answer.pages ? 'disabled' : ''}>下一页</button>`;
  document.querySelector('.btn-next').onclick = () => { page += 1; show(); };
}
show();
</script></body></html>"""
needs_chromium = pytest.mark.skipif(bool(browser.missing()), reason=f"a browser is needed: {browser.missing()}")


def answer(path: str, query: dict[str, str]) -> Answer:
    page = int(query.get("page", "1"))
    rows = [{"url": url, "title": title} for url, title in ROWS[(page - 1) * 2 : page * 2]]
    return Answer(body=json.dumps({"rows": rows, "pages": 3}).encode(), media_type="application/json")


@pytest.fixture
def site() -> Iterator[Odd]:
    home = list_page([("/nb/", "政府信息公开年报", None)])
    pages = {"/": home, "/nb/": LIST, "/api/list": answer} | {url: report_page(title) for url, title in ROWS}
    with Odd(pages) as running:
        yield running


def added(site: Odd, folder: Path) -> Archive:
    archive = Archive(folder)
    archive.run(
        "portals", "add", site.url, "--allow-private", "--delay", 0, "--region-name", "白石县", "--region", "990099"
    )
    return archive


def test_without_a_browser_it_is_reported(site: Odd, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    bare = tmp_path / "bin"  # an environment in which no Chromium is found
    bare.mkdir()
    monkeypatch.setenv("PATH", str(bare))
    archive = added(site, tmp_path / "archive")
    said = archive.run("update", status=2)
    assert "needs_browser" in said.stdout
    (row,) = archive.json("status")
    assert row["state"] == "needs_browser"
    (failure,) = archive.rows("select reason from failure where kind = 'needs_browser'")
    assert "Chromium" in failure["reason"]


@needs_chromium
def test_with_a_browser_it_is_crawled(site: Odd, tmp_path: Path) -> None:
    archive = added(site, tmp_path / "archive")
    archive.run("update")
    found = {row["id"] for row in archive.rows("select id from report")}
    assert len(found) == len(ROWS)
    (row,) = archive.json("status")
    assert (row["state"], row["entries"]) == ("ok", len(ROWS))
    assert {host for host, _, _ in site.requests} == {urlsplit(site.url).hostname}
    assert "/logo.png" not in {path for _, _, path in site.requests}
    archive.run("verify")
    rendered = [record for record in captures(archive) if record.type == "resource"]
    assert [record.url for record in rendered] == [site.url + "nb/"]
    assert all(title in rendered[0].payload.decode() for _, title in ROWS)
    before = archive.rows("select count(*) as n from event")
    archive.run("update")
    assert archive.rows("select count(*) as n from event") == before
