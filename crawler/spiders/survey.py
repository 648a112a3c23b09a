"""The survey: from a portal's home page to its family, its 年报 columns, its units and its name.

A column is known by the standard meta tag ColumnType = 信息公开年报, or by listing annual reports; the way to it by
link texts (portals.md, 1.2). Units are links whose text is the name of an organ, on a page about 政务公开.
"""

from __future__ import annotations

import re
from collections.abc import AsyncIterator
from typing import Any

from scrapy import Request
from scrapy.http import Response

from archive.clock import now
from archive.identity import unit as unit_of
from extract import titles

from ..families import family_of
from ..findings import Ended, Stored
from ..pages import Link, Page
from .base import PortalSpider

MAX_DEPTH = 5  # home → 政务公开 → block → column → sub-column
MIN_REPORTS = 3  # entries that are reports: fewer on a page without the meta tag are news that mention one

_COLUMN = re.compile(
    r"^(?:(?:县|区|市)?(?:政府|部门|单位|乡镇|镇街|街道|县直)?(?:[（(].*[）)])?)?(?:政府|政务)?(?:信息)?公开(?:工作)?(?:年报|年度报告)$|^(?:公开)?年报$|^年度报告$"
)
_WAY = re.compile(r"^(?:政务公开|政府信息公开|信息公开|法定主动公开内容|政府信息公开(?:专栏|平台|目录))[>»›]*$")
_UNITS = re.compile(
    r"^(?:各)?(?:县|区|市)?(?:政府|直)?(?:部门|乡镇|镇街|街道|单位)(?:[和与及、（(].{1,10})?(?:政府)?(?:信息公开|政务公开)?(?:专栏|目录)?[>»›]*$"
)
_MORE = re.compile(r"^(?:查看)?(?:更多|全部|所有)(?:年报|报告)?[>»›]*$")

_OF_UNIT = re.compile(r"(?:政府)?(?:信息公开)?(?:年报|年度报告|专栏|目录)?[>»›]*$")


def _organ(text: str) -> str:
    """The organ that a link names (某某县水务局, 水务局信息公开年报), or nothing."""
    name = _OF_UNIT.sub("", text) if not titles.is_organ(text) else text
    return name if titles.is_organ(name) else ""


class SurveySpider(PortalSpider):
    """Walks from home pages along the links that lead to annual reports."""

    name = "survey"

    async def start(self) -> AsyncIterator[Any]:
        for portal in self.session.portals.values():
            yield self.walk_request(Link(portal.home, ""), portal.id, 0, "", "")

    def walk_request(self, link: Link, portal: str, depth: int, unit: str, found_on: str) -> Request:
        meta = {"portal": portal, "kind": "survey", "found_on": found_on, "link_text": link.text}
        return Request(link.url, self.walk, priority=-depth, meta=meta, cb_kwargs={"depth": depth, "unit": unit})

    async def walk(self, response: Response, depth: int, unit: str) -> AsyncIterator[Any]:
        """One page of the way: what it is, and where it leads."""
        page = self.read(response)
        if isinstance(page, Ended):
            yield page
            return
        portal = response.meta["portal"]
        if depth == 0:
            self.name_portal(portal, page)
        is_column, found = self.column(page, portal, unit, response.meta.get("link_text", ""))
        for item in found:
            yield item
        if depth >= MAX_DEPTH:
            return
        about = titles.squeeze(response.meta.get("link_text", ""))
        lists_units = bool(_WAY.match(about) or _UNITS.match(about)) and not is_column and not unit
        for _, link in page.links():
            text = titles.squeeze(link.text)
            if _COLUMN.match(text) or (_MORE if is_column else _WAY).match(text):
                yield self.walk_request(link, portal, depth + 1, unit, response.url)
            elif lists_units and _UNITS.match(text):
                yield self.walk_request(link, portal, depth + 1, "", response.url)
            elif lists_units and (organ := _organ(text)):
                yield self.unit(portal, organ, link.url)
                yield self.walk_request(link, portal, depth + 1, organ, response.url)

    def name_portal(self, portal: str, page: Page) -> None:
        """Name, site code and county from the home page, as far as a person has not said them."""
        site = page.head.get("site", "")
        region = re.sub(r"(?:人民政府)?(?:门户)?(?:网站|网)?$", "", site)
        self.session.db.execute(
            "update portal set name = iif(name = '', ?, name), region_name = iif(region_name = '', ?, region_name), site_code = ? where id = ?",
            [site, region, page.head.get("site_code", ""), portal],
        )

    def column(self, page: Page, portal: str, unit: str, link_text: str) -> tuple[bool, list[Stored]]:
        """Whether the page is a column of annual reports, and the row that says so with its evidence."""
        family = family_of(page)
        listing = family.listing(page)
        reports = sum(1 for entry in listing.entries if entry.is_report)
        declared = page.head.get("column_type") == "信息公开年报" and not page.head.get("date")
        if not (declared and (reports or listing.further)) and reports < MIN_REPORTS and not (unit and reports):
            return False, []
        evidence = "ColumnType 信息公开年报" if declared else f"{reports} entries are annual reports"
        values = {
            "portal": portal,
            "url": page.url,
            "unit": unit,
            "title": page.head.get("column", "") or link_text,
            "family": family.name,
            "evidence": evidence,
            "found_at": now(),
        }
        return True, [Stored("column_page", values, ("portal", "url"), keep=True)]

    def unit(self, portal: str, name: str, url: str) -> Stored:
        """A unit with a page of its own."""
        row = next(self.session.db.query("select region, region_name, id from portal where id = ?", [portal]))
        region = row["region"] or row["id"]
        made = unit_of(region, row["region_name"], name)
        values = {"region": region, "portal": portal, "home": url, "found_at": now()}
        if made:
            values |= {"id": made.id, "name": made.name, "full_name": made.full_name, "type": made.type}
        else:
            values |= {"id": f"{region}/{name}", "name": name, "full_name": name, "type": "department"}
        return Stored("unit", values, ("id",), keep=True)
