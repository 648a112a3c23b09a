"""Another program replays our archive: `make replay` fetches a page, its file and a revisited page through pywb.

pywb is GPL: a tool for developers, installed from PyPI into an environment of its own (NIANBAO_PYWB, by default a folder of
the user's cache), run as a process of its own, never imported. It reads our segments by our CDXJ files. What it serves must
be what `nianbao show --save` writes, byte for byte.
"""

import hashlib
import os
import socket
import sqlite3
import subprocess
import sys
import time
import urllib.error
import urllib.request
import venv
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory

from tests.helpers import FIRST, LATER, Archive, add_portals, visit
from tests.portals import Portals

PYWB = Path(os.environ.get("NIANBAO_PYWB") or Path.home() / ".cache" / "nianbao" / "pywb")
WAIT = 60  # seconds for pywb to answer
COLLECTION = "nianbao"
CONFIG = """collections:
  {name}:
    index_paths: {warc}
    archive_paths: {warc}/
"""


def install() -> Path:
    """pywb's programs; installs it where it is not."""
    wayback = PYWB / "bin" / "wayback"
    if not wayback.exists():
        print(f"installing pywb into {PYWB}", flush=True)
        venv.create(PYWB, with_pip=True, clear=True)
        quiet = ("--quiet", "--disable-pip-version-check")
        subprocess.run(
            [PYWB / "bin" / "python", "-m", "pip", "install", *quiet, "pywb>=2.8", "setuptools<81"], check=True
        )
    return wayback


def made(folder: Path) -> Archive:
    """An archive of three portals, crawled in January and in February."""
    archive = Archive(folder / "archive")
    with Portals(FIRST) as portals:
        add_portals(archive, portals)
        visit(portals, archive, "update", day=FIRST)
        visit(portals, archive, "update", day=LATER)
        forget_validators(archive)
        visit(portals, archive, "update", day=LATER)
    return archive


def forget_validators(archive: Archive) -> None:
    """Let the next crawl ask without conditions, so that it is sent again what it has: revisits with status 200."""
    connection = sqlite3.connect(archive.folder / "nianbao.db")
    with connection:
        connection.execute("update url set etag = null, last_modified = null")
    connection.close()


@contextmanager
def serving(wayback: Path, archive: Archive, folder: Path) -> Iterator[str]:
    """pywb over the archive's segments and indexes, as they are."""
    (folder / "config.yaml").write_text(CONFIG.format(name=COLLECTION, warc=archive.folder / "warc"))
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    log = (folder / "pywb.log").open("wb")
    with (
        log,
        subprocess.Popen([wayback, "-b", "127.0.0.1", "-p", str(port)], cwd=folder, stdout=log, stderr=log) as process,
    ):
        try:
            url = f"http://127.0.0.1:{port}/{COLLECTION}/"
            _await(url, process, folder / "pywb.log")
            yield url
        finally:
            process.terminate()


def _await(url: str, process: subprocess.Popen[bytes], log: Path) -> None:
    end = time.monotonic() + WAIT
    while time.monotonic() < end and process.poll() is None:
        try:
            urllib.request.urlopen(url, timeout=5).close()
            return
        except urllib.error.HTTPError:
            return
        except OSError:
            time.sleep(0.2)
    sys.exit(f"pywb does not answer:\n{log.read_text()[-3000:]}")


# what is asked for: a report's own page, its file, a page of which the last capture is a revisit
QUERIES = {
    "a page": "c.type = 'response' and c.kind = 'detail' and c.revisit_of is null",
    "its file": "c.type = 'response' and c.kind = 'attachment'",
    "a revisited page": "c.type = 'revisit' and c.kind = 'detail' and c.status = 200",
    "a page that answered 304": "c.type = 'revisit' and c.kind = 'detail' and c.status = 304",
    "a revisited file": "c.type = 'revisit' and c.kind = 'attachment' and c.status = 200",
}


def compare(archive: Archive, url: str, folder: Path) -> Iterator[tuple[str, bool, str]]:
    """Each of QUERIES: what, whether pywb's bytes are those of `show --save`, and about which address."""
    for what, which in QUERIES.items():
        rows = archive.rows(
            "select r.id, c.url, c.fetched_at, c.type, c.status from report r join version v on v.id = r.current join document d on d.sha256 = v.document "
            f"join capture c on c.sha256 = d.sha256 and c.segment <> '' where {which} order by r.id, c.fetched_at desc limit 1"
        )
        if not rows:
            yield what, False, "the archive holds none"
            continue
        row, saved = rows[0], folder / "saved"
        saved.unlink(missing_ok=True)
        archive.run("show", row["id"], "--save", saved)
        stamp = "".join(filter(str.isdigit, row["fetched_at"]))[:14]
        try:
            with urllib.request.urlopen(f"{url}{stamp}id_/{row['url']}", timeout=WAIT) as answer:
                replayed = answer.read()
        except urllib.error.HTTPError as error:
            yield what, False, f"{row['url']}: pywb answers {error.code}"
            continue
        wanted = saved.read_bytes()
        said = f"{row['url']} of {stamp} ({row['type']}, {len(wanted)} bytes, sha256 {hashlib.sha256(wanted).hexdigest()[:12]})"
        yield what, replayed == wanted, said


def main() -> None:
    """Install, crawl, serve, compare; exit status 1 where a byte differs."""
    wayback = install()
    with TemporaryDirectory(prefix="nianbao-replay-") as name:
        folder = Path(name)
        archive = made(folder)
        with serving(wayback, archive, folder) as url:
            results = list(compare(archive, url, folder))
        version = subprocess.run(
            [PYWB / "bin" / "pip", "show", "pywb"], capture_output=True, text=True, check=True
        ).stdout
        print(
            f"pywb {version.split('Version: ')[1].split()[0]} over {len(archive.files('.warc.gz'))} segments, by our CDXJ files"
        )
        for what, equal, said in results:
            print(f"  {what:26}{'equal' if equal else 'DIFFERENT':11}{said}")
        if not all(equal for _, equal, _ in results):
            print((folder / "pywb.log").read_text()[-2000:])
            sys.exit(1)


if __name__ == "__main__":
    main()
