"""Lists by the search of the 信息公开 catalogue, POST /module/xxgk/search.jsp (c)."""

from __future__ import annotations

import re
from urllib.parse import urlencode, urljoin

from ...pages import MAX_PAGES, Fetch, Listing, Page, with_parameter
from .detail import DETAIL, SETTING


def first_page(page: Page, number: int) -> Fetch:
    """A page of the search, by the settings that the column has in its script or its hidden fields."""
    hidden = {str(node.get("name") or node.get("id")): node.get("value") or "" for node in page.tree.iter("input")}
    column = re.search(r"/col/col(\d+)", page.url)
    form = {
        "infotypeId": page.parameters.get("number", ""), "jdid": "", "area": page.parameters.get("vc_xxgkarea", ""),
        "divid": f"div{column[1]}" if column else "", "vc_title": "", "vc_number": "", "currpage": str(number),
    }  # fmt: skip
    for name in ("infotypeId", "jdid", "area", "divid"):
        said = re.search(SETTING.format(name), page.source)
        form[name] = hidden.get(name) or (said[1] if said else "") or form[name]
    form["jdid"] = form["jdid"] or (web[1] if (web := re.search(SETTING.format("webid"), page.source)) else "")
    return Fetch(_url(page.url, number), tuple(form.items()), script=True)


def _url(base: str, number: int) -> str:
    query = {
        "standardXxgk": "1", "isAllList": "1", "texttype": "0", "fbtime": "-1", "vc_all": "", "vc_filenumber": "",
        "vc_title": "", "vc_number": "", "currpage": str(number), "sortfield": ",createdatetime:0,orderid:0",
    }  # fmt: skip
    return urljoin(base, f"/module/xxgk/search.jsp?{urlencode(query)}")


def answer(page: Page) -> Listing:
    """The rows; the next page as long as there are rows, because the answer does not always say how many there are."""
    entries = page.rows(DETAIL)
    at = page.parameters.get("currpage", "1")
    if not entries or not at.isdecimal() or int(at) >= MAX_PAGES:
        return Listing(entries)
    following = {**page.form, "currpage": str(int(at) + 1)}
    return Listing(
        entries, (Fetch(with_parameter(page.url, "currpage", int(at) + 1), tuple(following.items()), script=True),)
    )
