"""Every spider of the folder starts: from a portal's row it gives the requests that it is to begin with."""

import asyncio
import importlib
import inspect
import pkgutil
from pathlib import Path

import pytest
from scrapy import Request

import crawler.spiders
from archive.captures import Recorder
from archive.clock import now
from archive.database import connect
from crawler import portals
from crawler.manners import Manners
from crawler.session import Portal, Session
from crawler.spiders.base import PortalSpider

HOME, COLUMN, REPORT = (f"http://www.example.gov.cn/{path}" for path in ("", "nb/", "nb/202401/t20240120_1.html"))


def spiders() -> list[type[PortalSpider]]:
    modules = [
        importlib.import_module(f"crawler.spiders.{found.name}")
        for found in pkgutil.iter_modules(crawler.spiders.__path__)
    ]
    classes = {made for module in modules for _, made in inspect.getmembers(module, inspect.isclass)}
    return sorted(
        (made for made in classes if issubclass(made, PortalSpider) and made is not PortalSpider),
        key=lambda made: made.name,
    )


@pytest.mark.parametrize("spider", spiders(), ids=lambda spider: spider.name)
def test_it_starts(spider: type[PortalSpider], tmp_path: Path) -> None:
    db = connect(tmp_path, create=True)
    id = portals.add(db, HOME, report_url=REPORT)
    db.table("column_page").insert({"portal": id, "url": COLUMN, "family": "trs", "found_at": now()})
    row = next(db.query("select * from portal where id = ?", [id]))
    recorder = Recorder(tmp_path, db, "0" * 32)
    session = Session(tmp_path, db, recorder, {id: Portal.of(row, [COLUMN], 1)}, Manners(db))
    made = spider(session)

    async def started() -> list[Request]:
        return [request async for request in made.start()]

    requests = asyncio.run(started())
    recorder.abandon()
    assert {request.url for request in requests} == {"survey": {HOME, REPORT}, "reports": {COLUMN}}[spider.name]
    assert all(request.callback and request.meta["portal"] == id for request in requests)
