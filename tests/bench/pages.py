"""The pages that tests.bench.crawl fetches, served by a process of its own: `python -m tests.bench.pages HOSTS PAGES`.

Every host is a portal with one column: list pages of fifteen reports, each report a real one of about 37 KB. The address of a
page says which it is, so that the server holds nothing. `/_seen` tells how many requests came in each tenth of a second.
"""

import argparse
import asyncio
import json
import time

from tests.bench.crawl import host
from tests.oddities import report_body, report_page

ROWS = 15
REPORT = "lonsun/zfb/2022"
ORGANS = "教育财政水利民政统计城管审计农业文旅人社"


class Pages:
    """Every host's pages."""

    def __init__(self, details: int) -> None:
        self.details = details
        self.seen: dict[int, int] = {}
        self.body = report_body(REPORT)

    def page(self, path: str) -> bytes | None:
        """A page by its path: the column's first page is /nb/."""
        if path == "/":
            return b"<html><head><title>x</title></head><body><a href=/nb/>x</a></body></html>"
        if path == "/nb/" or path.startswith("/nb/p"):
            return self.listing(1 if path == "/nb/" else int(path[5:-5])).encode()
        return report_page(title(int(path[3:-5])), self.body).encode() if path.startswith("/d/") else None

    def listing(self, number: int) -> str:
        first = (number - 1) * ROWS
        rows = "".join(
            f'<li><a href="/d/{n}.html">{title(n)}</a><span>2025-01-{n % 28 + 1:02}</span></li>'
            for n in range(first, min(first + ROWS, self.details))
        )
        more = f'<a href="/nb/p{number + 1}.html">下一页</a>' if first + ROWS < self.details else ""
        head = "<meta charset=utf-8><title>政府信息公开年报</title>"
        return f"<!DOCTYPE html><html><head>{head}</head><body><ul>{rows}</ul>{more}</body></html>"


def title(number: int) -> str:
    return f"清沙县{ORGANS[number % len(ORGANS)]}第{number // 20}局{2005 + number % 20}年政府信息公开工作年度报告"


class Connection(asyncio.Protocol):
    """One connection: requests without bodies, answers in one piece."""

    def __init__(self, pages: Pages) -> None:
        self.pages, self.rest = pages, b""

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        assert isinstance(transport, asyncio.WriteTransport)
        self.out = transport

    def data_received(self, data: bytes) -> None:
        self.rest += data
        while b"\r\n\r\n" in self.rest:
            head, _, self.rest = self.rest.partition(b"\r\n\r\n")
            path = head.split(b" ", 2)[1].decode()
            if path == "/_seen":
                self.answer(json.dumps(self.pages.seen).encode())
                self.pages.seen = {}
                continue
            if path != "/robots.txt":
                at = int(time.time() * 10)
                self.pages.seen[at] = self.pages.seen.get(at, 0) + 1
            self.answer(self.pages.page(path))

    def answer(self, body: bytes | None) -> None:
        status = b"200 OK" if body is not None else b"404 Not Found"
        head = b"HTTP/1.1 %s\r\nContent-Type: text/html; charset=utf-8\r\nContent-Length: %d\r\n\r\n"
        self.out.write(head % (status, len(body or b"")) + (body or b""))


async def serve(hosts: int, details: int) -> None:
    """All hosts on one port, which is printed."""
    loop, pages, port = asyncio.get_running_loop(), Pages(details), 0
    for number in range(hosts):
        server = await loop.create_server(lambda: Connection(pages), host(number), port)
        port = server.sockets[0].getsockname()[1]
    print(port, flush=True)
    await asyncio.Event().wait()


if __name__ == "__main__":
    parser = argparse.ArgumentParser(prog="python -m tests.bench.pages", description=__doc__)
    parser.add_argument("hosts", type=int)
    parser.add_argument("pages", type=int, help="reports of each host")
    options = parser.parse_args()
    asyncio.run(serve(options.hosts, options.pages))
