"""Known attacks on readers of documents, each made here by hand, and what is expected of it (`hostile.py` runs them)."""

import io
import random
import struct
import zipfile
import zlib
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass

from tests.packing import locked_zip, rar5_of, zip_of

TITLE = "清沙县教育局2023年政府信息公开工作年度报告"
READABLE, FAILURE, EITHER = "text", "failure", "text or failure"
MEBIBYTE = 2**20


@dataclass(frozen=True, slots=True)
class Case:
    """A file: its name, how its bytes are made (large ones only when they are needed), and what is expected of it."""

    name: str
    made: Callable[[], bytes]
    expected: str = FAILURE
    about: str = ""


def attacks() -> Iterator[Case]:
    """Bombs, entities, depths, sizes, loops."""
    yield from _zips()
    yield from _markup()
    yield from _texts()
    yield from _pdfs()
    yield from _pictures()
    yield from _office()


def _zips() -> Iterator[Case]:
    zeros = 200 * MEBIBYTE
    yield Case("bomb.zip", lambda: _bomb("zeros.txt", zeros), about="a member of 200 MB of zeros in 200 KB")
    yield Case(
        "bomb-nested.zip",
        lambda: nested(_bomb("zeros.txt", zeros), 5, 10),
        about="ten zips in each of ten, five deep, each the same bomb",
    )
    yield Case(
        "bomb-many.zip",
        lambda: zip_of({f"{n}.txt": b"\0" * MEBIBYTE for n in range(600)}),
        EITHER,
        "600 members of 1 MB of zeros",
    )
    yield Case("bomb-overlapping.zip", overlapping, about="1,000 entries of the list that are one and the same 30 MB")
    yield Case(
        "bomb-lying.zip", lambda: _lying(_bomb("a.txt", 50 * MEBIBYTE)), about="the list says 10 bytes, 50 MB come"
    )
    yield Case(
        "members-100000.zip", lambda: zip_of({f"{n}.txt": b"" for n in range(100_000)}), about="100,000 empty members"
    )
    yield Case("itself.zip", itself, EITHER, "a bundle in a bundle with the same name, again and again")
    yield Case(
        "climbing.zip",
        lambda: zip_of({"../../../../tmp/climbed.txt": b"x", "/tmp/climbed.txt": b"x"}),
        about="paths that lead out",
    )
    yield Case(
        "links.zip", lambda: zip_of({"a.txt": b"/etc/passwd"}, links=["a.txt"]), about="a symlink to /etc/passwd"
    )
    yield Case("locked.zip", lambda: locked_zip({"a.txt": b"x"}), about="locked with a password")
    yield Case("lzma.zip", lambda: _lzma(), EITHER, "a dictionary of 4 GB declared for LZMA")
    yield Case("links.rar", lambda: rar5_of({}, links={"a": "/etc/passwd"}), about="a symlink to /etc/passwd")
    yield Case("locked.rar", lambda: rar5_of({"a.docx": b"x" * 99}, locked=["a.docx"]), about="locked with a password")
    yield Case("size.rar", lambda: _rar_of_size(2**62), about="a member of 4 EB declared")
    yield Case(
        "junk.rar", lambda: b"Rar!\x1a\x07\x01\x00" + random.Random(1).randbytes(20_000), about="RAR 5, then noise"
    )
    yield Case("junk4.rar", lambda: b"Rar!\x1a\x07\x00" + random.Random(2).randbytes(20_000), about="RAR 4, then noise")


def _bomb(name: str, size: int, *others: tuple[str, bytes]) -> bytes:
    """A ZIP file with a member of so many zeros, which never stand in memory all at once."""
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as packed:
        for other, data in others:
            packed.writestr(other, data)
        with packed.open(name, "w", force_zip64=True) as member:
            for _ in range(size // MEBIBYTE):
                member.write(b" " * MEBIBYTE if name.endswith("xml") else bytes(MEBIBYTE))
    return file.getvalue()


def nested(data: bytes, depth: int, width: int) -> bytes:
    """Bundles in bundles, each of so many of the next, which differ in a comment."""
    for level in range(depth):
        data = zip_of({f"{level}-{n}.zip": data + b"" if n == 0 else _commented(data, n) for n in range(width)})
    return data


def _commented(data: bytes, number: int) -> bytes:
    comment = f"{number}".encode()
    return data[:-2] + len(comment).to_bytes(2, "little") + comment


def overlapping() -> bytes:
    """Every entry of the list leads to the same member: a bomb without depth."""
    made = _bomb("a.txt", 30 * MEBIBYTE)
    with zipfile.ZipFile(io.BytesIO(made)) as packed:
        start = packed.start_dir
    end = made.rfind(b"PK\x05\x06")
    entry = made[start:end]
    listed = b"".join(entry[:46] + b"%05d" % n + entry[51:] for n in range(1000))
    tail = bytearray(made[end:])
    tail[8:12] = (1000).to_bytes(2, "little") * 2
    tail[12:16] = len(listed).to_bytes(4, "little")
    return made[:start] + listed + bytes(tail)


def _lying(data: bytes) -> bytes:
    """The sizes in the list are 10 bytes."""
    made = bytearray(data)
    at = made.find(b"PK\x01\x02")
    made[at + 24 : at + 28] = (10).to_bytes(4, "little")
    return bytes(made)


def itself() -> bytes:
    data = b"x"
    for _ in range(40):
        data = zip_of({"r.zip": data})
    return data


def _lzma() -> bytes:
    """LZMA properties that ask for the largest dictionary."""
    body = b"\x09\x04\x05\x00\x5d\xff\xff\xff\xff" + bytes(200)
    head = b"\x14\0\0\0\x0e\0" + bytes(4) + zlib.crc32(b"").to_bytes(4, "little")
    head += len(body).to_bytes(4, "little") + (10**6).to_bytes(4, "little") + (5).to_bytes(2, "little")
    local = b"PK\x03\x04" + head + bytes(2) + b"a.txt" + body
    entry = b"PK\x01\x02\x14\0" + head + bytes(16) + b"a.txt"
    return local + entry + b"PK\x05\x06" + bytes(4) + b"\x01\0\x01\0" + struct.pack("<IIH", len(entry), len(local), 0)


def _rar_of_size(size: int) -> bytes:
    from tests import packing

    raw = b"a.txt"
    fields = (
        packing._vint(0x04)
        + packing._vint(size)
        + packing._vint(0o100644)
        + bytes(4)
        + packing._vint(0)
        + packing._vint(1)
    )
    head = packing._block5(2, packing.HAS_DATA, fields + packing._vint(len(raw)) + raw, b"", b"abc")
    return b"Rar!\x1a\x07\x01\x00" + packing._block5(1, 0, packing._vint(0)) + head


def page(body: str) -> bytes:
    return f'<html><head><title>{TITLE}</title></head><body><h1>{TITLE}</h1><div id="zoom">{body}</div></body></html>'.encode()


def _markup() -> Iterator[Case]:
    laughs = "".join(f'<!ENTITY l{n} "{f"&l{n - 1};" * 10 if n else "ha" * 10}">' for n in range(12))
    yield Case(
        "laughs.html",
        lambda: f"<?xml version='1.0'?><!DOCTYPE html [{laughs}]>".encode() + page("<p>&l11;</p>"),
        EITHER,
        "entities of a billion laughs",
    )
    yield Case(
        "external.html",
        lambda: b'<?xml version="1.0"?><!DOCTYPE html [<!ENTITY x SYSTEM "file:///etc/passwd">]>' + page("<p>&x;</p>"),
        READABLE,
        "an entity of /etc/passwd",
    )
    yield Case(
        "deep.html",
        lambda: page("<div>" * 100_000 + "深" + "</div>" * 100_000),
        about="100,000 elements inside one another",
    )
    yield Case(
        "deep-tables.html", lambda: page("<table><tr><td>" * 5_000 + "深"), about="5,000 tables inside one another"
    )
    yield Case("deep-spans.html", lambda: page("<b><i><u>" * 30_000), EITHER, "90,000 tags that nobody closes")
    yield Case(
        "colspan.html",
        lambda: page('<table><tr><td colspan="1000000000" rowspan="1000000000">1</td></tr></table>'),
        FAILURE,
        "colspan and rowspan of 10^9",
    )
    yield Case(
        "colspans.html",
        lambda: page("<table>" + '<tr><td colspan="200" rowspan="65534">1' * 2_000 + "</table>"),
        about="2,000 cells of 200 by 65,534",
    )
    yield Case(
        "cells.html",
        lambda: page("<table>" + ("<tr>" + "<td>1" * 1_000) * 1_000 + "</table>"),
        about="a table of a million cells",
    )
    yield Case("tables.html", lambda: page("<table><tr><td>1<td>2</table>" * 60_000), EITHER, "60,000 tables")
    yield Case(
        "attributes.html",
        lambda: page("<p " + " ".join(f"a{n}=1" for n in range(200_000)) + ">文</p>"),
        EITHER,
        "200,000 attributes of one element",
    )
    yield Case(
        "entities.html",
        lambda: page("<p>" + "&#x4e00;&amp;" * 1_000_000 + "</p>"),
        EITHER,
        "two million character references",
    )
    yield Case("pictures.html", lambda: page('<img src="a/1.png">' * 80_000), READABLE, "80,000 pictures")
    yield Case(
        "comment.html", lambda: b"<!--" * 500_000 + page("<p>文</p>"), EITHER, "500,000 comments that nobody closes"
    )
    yield Case(
        "script.html",
        lambda: page("<script>_CONFIG={DETAIL:" + "[" * 200_000 + "</script>"),
        EITHER,
        "JSON 200,000 deep in a script",
    )
    yield Case(
        "data.html",
        lambda: page(f'<img src="data:image/png;base64,{"A" * 8_000_000}">'),
        EITHER,
        "a picture of 8 MB in an address",
    )


def _texts() -> Iterator[Case]:
    yield Case(
        "line.txt", lambda: (TITLE + "\n" + "一" * 10_000_000).encode(), EITHER, "one line of 10 million characters"
    )
    yield Case(
        "digits.txt",
        lambda: (TITLE + "\n\n一、总体情况\n\n" + "1" * 3_000_000).encode(),
        EITHER,
        "a number of 3 million digits",
    )
    yield Case("spaces.txt", lambda: (TITLE + "\n" + " " * 5_000_000 + "x").encode(), EITHER, "5 million spaces")
    yield Case("tabs.txt", lambda: (TITLE + "\n" + "\t" * 2_000_000).encode(), EITHER, "a row of two million cells")
    yield Case(
        "rows.txt", lambda: (TITLE + "\n" + "规章\t1\t2\t3\n" * 100_000).encode(), EITHER, "a table of 100,000 rows"
    )
    yield Case(
        "headings.txt", lambda: (TITLE + "\n" + "一、总体情况\n\n" * 100_000).encode(), EITHER, "100,000 headings"
    )
    yield Case(
        "titles.txt",
        lambda: f"{TITLE}\n\n一、总体情况\n\n规章\t1\n\n".encode() * 5_000,
        EITHER,
        "5,000 reports in one file",
    )
    yield Case("marks.txt", lambda: (TITLE + "\n" + "（（【[《" * 400_000).encode(), EITHER, "two million brackets")
    yield Case(
        "received.txt",
        lambda: (TITLE + "\n" + "收到政府信息公开申请" * 200_000).encode(),
        EITHER,
        "a sentence that begins 200,000 times",
    )
    yield Case("zeros.txt", lambda: bytes(30 * MEBIBYTE), about="30 MB of zeros")
    yield Case("noise.bin", lambda: random.Random(3).randbytes(3 * MEBIBYTE), about="noise")
    yield Case("utf16.txt", lambda: b"\xff\xfe" + b"\x00\xd8" * 100_000, EITHER, "half characters of UTF-16")
    yield Case("empty.txt", lambda: b"", about="nothing")


def pdf(objects: Sequence[bytes], trailer: bytes = b"/Root 1 0 R", damage: bytes = b"") -> bytes:
    """A PDF of these objects, numbered from 1."""
    made = bytearray(b"%PDF-1.5\n")
    offsets = []
    for number, body in enumerate(objects, 1):
        offsets.append(len(made))
        made += b"%d 0 obj\n%s\nendobj\n" % (number, body)
    at = len(made)
    made += b"xref\n0 %d\n0000000000 65535 f \n" % (len(objects) + 1)
    made += b"".join(b"%010d 00000 n \n" % offset for offset in offsets)
    made += b"trailer\n<< /Size %d %s %s >>\nstartxref\n%d\n%%%%EOF\n" % (len(objects) + 1, trailer, damage, at)
    return bytes(made)


def stream(data: bytes, extra: bytes = b"", filters: int = 0) -> bytes:
    for _ in range(filters):
        data = zlib.compress(data, 9)
    names = b"/Filter [%s]" % (b"/FlateDecode " * filters) if filters else b""
    return b"<< /Length %d %s %s >>\nstream\n%s\nendstream" % (len(data), names, extra, data)


def _one_page(content: bytes, resources: bytes = b"", box: bytes = b"[0 0 595 842]", *more: bytes) -> bytes:
    return pdf([
        b"<< /Type /Catalog /Pages 2 0 R >>", b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
        b"<< /Type /Page /Parent 2 0 R /MediaBox %s /Contents 4 0 R /Resources << %s >> >>" % (box, resources), content, *more,
    ])  # fmt: skip


FONT = b"/Font << /F 5 0 R >>"
HELVETICA = b"<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>"
WORDS = b"BT /F 12 Tf 72 700 Td (2023 annual report of a county office, words enough to be read) Tj ET "


def _pdfs() -> Iterator[Case]:
    def pages(count: int) -> bytes:
        kids = b" ".join(b"%d 0 R" % (4 + n) for n in range(count))
        one = b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents 3 0 R >>"
        return pdf(
            [
                b"<< /Type /Catalog /Pages 2 0 R >>",
                b"<< /Type /Pages /Kids [%s] /Count %d >>" % (kids, count),
                stream(WORDS),
                *[one] * count,
            ]
        )

    looping = b"<< /Type /Font /Subtype /Type3 /FontBBox [0 0 9 9] /FontMatrix [1 0 0 1 0 0] /FirstChar 97 /LastChar 97 /Widths [9] /Encoding << /Differences [97 /a] >> /CharProcs << /a 6 0 R >> /Resources << /Font << /F 5 0 R >> >> >>"
    form = stream(
        b"/X Do /X Do ", b"/Type /XObject /Subtype /Form /BBox [0 0 9 9] /Resources << /XObject << /X 5 0 R >> >>"
    )
    picture = b"/Type /XObject /Subtype /Image /Width %d /Height %d /BitsPerComponent 8 /ColorSpace /DeviceGray"
    shows = stream(b"q 595 0 0 842 0 0 cm /X Do Q")
    yield Case("pages-5000.pdf", lambda: pages(5_000), about="5,000 pages")
    yield Case(
        "pages-declared.pdf",
        lambda: pages(3).replace(b"/Count 3", b"/Count 2000000000"),
        EITHER,
        "two billion pages declared, three there",
    )
    yield Case(
        "page-large.pdf",
        lambda: _one_page(stream(WORDS), FONT, b"[0 0 100000 100000]", HELVETICA),
        EITHER,
        "a page of 100,000 by 100,000 points",
    )
    yield Case(
        "picture-large.pdf",
        lambda: _one_page(
            shows, b"/XObject << /X 5 0 R >>", b"[0 0 595 842]", stream(bytes(1000), picture % (100_000, 100_000), 1)
        ),
        EITHER,
        "a picture of 100,000 by 100,000 pixels",
    )
    yield Case(
        "picture-of-large-page.pdf",
        lambda: _one_page(
            stream(b"q 100000 0 0 100000 0 0 cm /X Do Q"),
            b"/XObject << /X 5 0 R >>",
            b"[0 0 100000 100000]",
            stream(bytes(10_000), picture % (100, 100), 1),
        ),
        EITHER,
        "a scan of 100,000 by 100,000 points",
    )
    yield Case(
        "picture-bomb.pdf",
        lambda: _one_page(
            shows,
            b"/XObject << /X 5 0 R >>",
            b"[0 0 595 842]",
            stream(bytes(400 * MEBIBYTE), picture % (20_000, 20_000), 2),
        ),
        EITHER,
        "a picture of 400 MB in 1 KB",
    )
    yield Case(
        "font-loops.pdf",
        lambda: _one_page(
            stream(b"BT /F 1 Tf (" + b"a" * 200 + b") Tj ET"),
            FONT,
            b"[0 0 595 842]",
            looping,
            stream(b"9 0 d0 BT /F 1 Tf (aaaa) Tj ET"),
        ),
        EITHER,
        "a font whose glyph prints itself",
    )
    yield Case(
        "form-loops.pdf",
        lambda: _one_page(stream(WORDS + b"/X Do"), FONT + b"/XObject << /X 5 0 R >>", b"[0 0 595 842]", form),
        EITHER,
        "a form that draws itself twice",
    )
    yield Case(
        "tree-loops.pdf",
        lambda: pdf([b"<< /Type /Catalog /Pages 2 0 R >>", b"<< /Type /Pages /Kids [2 0 R 2 0 R] /Count 2 >>"]),
        about="a tree of pages that holds itself",
    )
    yield Case(
        "xref-loops.pdf",
        lambda: _xref_loop(_one_page(stream(WORDS), FONT, b"[0 0 595 842]", HELVETICA)),
        EITHER,
        "a table of objects that leads back to itself",
    )
    yield Case(
        "content-bomb.pdf",
        lambda: _one_page(stream(b"0 0 m 9 9 l S\n" * 12_000_000, b"", 2)),
        EITHER,
        "160 MB of lines in a few KB",
    )
    yield Case(
        "words-many.pdf",
        lambda: _one_page(
            stream(b"BT /F 1 Tf 1 0 0 1 9 9 Tm (" + b"9" * 4_000_000 + b") Tj ET", b"", 1),
            FONT,
            b"[0 0 595 842]",
            HELVETICA,
        ),
        EITHER,
        "four million characters on one place",
    )
    yield Case(
        "lines-many.pdf",
        lambda: _one_page(
            stream(
                WORDS
                + b"".join(
                    b"0 %d m 595 %d l S %d 0 m %d 842 l S\n" % (n % 842, n % 842, n % 595, n % 595)
                    for n in range(60_000)
                ),
                b"",
                1,
            ),
            FONT,
            b"[0 0 595 842]",
            HELVETICA,
        ),
        EITHER,
        "120,000 ruling lines",
    )
    yield Case(
        "numbers.pdf",
        lambda: _one_page(
            stream(WORDS + b"1e308 -1e308 m 99999999999999999999 1e38 l S", b""),
            FONT,
            b"[-1e30 -1e30 1e30 1e30]",
            HELVETICA,
        ),
        EITHER,
        "coordinates beyond all measure",
    )
    yield Case(
        "locked.pdf",
        lambda: _one_page(stream(WORDS), FONT, b"[0 0 595 842]", HELVETICA).replace(
            b"/Root 1 0 R",
            b"/Root 1 0 R /Encrypt << /Filter /Standard /V 2 /R 3 /Length 128 /P -1 /O ("
            + b"o" * 32
            + b") /U ("
            + b"u" * 32
            + b") >> /ID [(a) (a)]",
        ),
        about="locked with a password",
    )


def _xref_loop(data: bytes) -> bytes:
    return data.replace(b"trailer\n<<", b"trailer\n<< /Prev %d" % data.rfind(b"xref\n0"))


def _png(width: int, height: int, body: bytes = b"", extra: bytes = b"") -> bytes:
    def chunk(kind: bytes, data: bytes) -> bytes:
        return len(data).to_bytes(4, "big") + kind + data + zlib.crc32(kind + data).to_bytes(4, "big")

    head = struct.pack(">IIBBBBB", width, height, 8, 0, 0, 0, 0)
    return (
        b"\x89PNG\r\n\x1a\n"
        + chunk(b"IHDR", head)
        + extra
        + chunk(b"IDAT", body or zlib.compress(bytes(1000)))
        + chunk(b"IEND", b"")
    )


def _pictures() -> Iterator[Case]:
    def text_chunk() -> bytes:
        data = b"Comment\0\0" + zlib.compress(bytes(300 * MEBIBYTE), 9)
        return len(data).to_bytes(4, "big") + b"zTXt" + data + zlib.crc32(b"zTXt" + data).to_bytes(4, "big")

    def tiff(entries: Iterable[tuple[int, int, int, int]], following: int = 0) -> bytes:
        made = list(entries)
        return (
            b"II*\0\x08\0\0\0"
            + len(made).to_bytes(2, "little")
            + b"".join(struct.pack("<HHII", *each) for each in made)
            + following.to_bytes(4, "little")
        )

    yield Case("large.png", lambda: _png(100_000, 100_000), about="100,000 by 100,000 pixels declared")
    yield Case("thin.png", lambda: _png(2_000_000_000, 1), about="two billion pixels in one row")
    yield Case(
        "rows.png",
        lambda: _png(7_000, 7_000, zlib.compress(bytes(7_001 * 7_000), 9)),
        EITHER,
        "49 million black pixels in 48 KB",
    )
    yield Case("words.png", lambda: _png(10, 10, b"", text_chunk()), EITHER, "300 MB of comment in 300 KB")
    yield Case("torn.jpg", lambda: b"\xff\xd8\xff\xe0\x00\x10JFIF" + bytes(30), about="a JPEG of 40 bytes")
    yield Case(
        "large.jpg",
        lambda: (
            b"\xff\xd8\xff\xc0\x00\x0b\x08\xff\xff\xff\xff\x01\x01\x11\x00\xff\xda\x00\x08\x01\x01\x00\x00\x3f\x00"
            + bytes(500)
        ),
        about="65,535 by 65,535 pixels declared",
    )
    yield Case(
        "loops.tif", lambda: tiff([(256, 4, 1, 10), (257, 4, 1, 10)], 8), EITHER, "a page that is followed by itself"
    )
    yield Case(
        "strips.tif",
        lambda: tiff(
            [
                (256, 4, 1, 60_000),
                (257, 4, 1, 60_000),
                (258, 3, 1, 8),
                (259, 3, 1, 5),
                (273, 4, 2**28, 8),
                (279, 4, 2**28, 8),
            ]
        ),
        about="2^28 strips declared",
    )
    yield Case(
        "large.bmp",
        lambda: (
            b"BM" + struct.pack("<IHHIIiiHHIIiiII", 100, 0, 0, 54, 40, 2**31 - 1, 2**31 - 1, 1, 24, 0, 0, 0, 0, 0, 0)
        ),
        about="2^31 by 2^31 pixels declared",
    )
    yield Case(
        "frames.gif",
        lambda: b"GIF89a\x01\0\x01\0\0\0\0" + b"\x2c\0\0\0\0\x01\0\x01\0\0\x02\x02\x44\x01\0" * 50_000 + b";",
        EITHER,
        "50,000 frames",
    )
    yield Case(
        "large.webp",
        lambda: b"RIFF\x64\0\0\0WEBPVP8X\x0a\0\0\0\0\0\0\0\xff\xff\xff\xff\xff\xff" + bytes(70),
        about="2^24 by 2^24 pixels declared",
    )


CONTENT = b'<?xml version="1.0"?><Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"/>'
_W = 'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'


def word(body: str, doctype: str = "") -> bytes:
    xml = f'<?xml version="1.0"?>{doctype}<w:document {_W}><w:body>{body}</w:body></w:document>'
    return zip_of({"[Content_Types].xml": CONTENT, "word/document.xml": xml.encode()})


def _office() -> Iterator[Case]:
    laughs = (
        "<!DOCTYPE w ["
        + "".join(f'<!ENTITY l{n} "{f"&l{n - 1};" * 10 if n else "ha" * 10}">' for n in range(12))
        + "]>"
    )
    outside = '<!DOCTYPE w [<!ENTITY x SYSTEM "file:///etc/passwd">]>'
    line = "<w:p><w:r><w:t>{}</w:t></w:r></w:p>"
    title = line.format(TITLE)
    size = 1000 * MEBIBYTE
    types = ("[Content_Types].xml", CONTENT)
    yield Case(
        "bomb.docx", lambda: _bomb("word/document.xml", size, types), about="a document of 1 GB of spaces in 1 MB"
    )
    yield Case(
        "bomb-lying.docx",
        lambda: _lying_last(_bomb("word/document.xml", 100 * MEBIBYTE, types)),
        about="the same, and the list says 10 bytes",
    )
    yield Case(
        "laughs.docx", lambda: word(title + line.format("&l11;"), laughs), EITHER, "entities of a billion laughs"
    )
    yield Case("external.docx", lambda: word(title + line.format("&x;"), outside), EITHER, "an entity of /etc/passwd")
    yield Case(
        "deep.docx",
        lambda: word("<w:ins>" * 50_000 + title + "</w:ins>" * 50_000),
        about="50,000 elements inside one another",
    )
    yield Case(
        "runs.docx",
        lambda: word(title + "<w:p>" + "<w:r><w:t>1</w:t></w:r>" * 300_000 + "</w:p>"),
        EITHER,
        "300,000 runs in a paragraph",
    )
    yield Case(
        "spans.docx",
        lambda: word(
            title
            + "<w:tbl>"
            + '<w:tr><w:tc><w:tcPr><w:gridSpan w:val="1000000000"/></w:tcPr><w:p/></w:tc></w:tr>' * 3_000
            + "</w:tbl>"
        ),
        EITHER,
        "3,000 cells over 10^9 columns",
    )
    yield Case(
        "locked.docx",
        lambda: locked_zip({"[Content_Types].xml": CONTENT, "word/document.xml": b"x"}),
        about="locked with a password",
    )
    book = (
        "xl/workbook.xml",
        b'<workbook xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheets><sheet name="a" sheetId="1"/></sheets></workbook>',
    )
    yield Case(
        "bomb.xlsx",
        lambda: _bomb("xl/sharedStrings.xml", size, types, book),
        expected=EITHER,
        about="1 GB of strings in 1 MB",
    )
    yield Case(
        "bomb.ofd",
        lambda: _bomb("Doc_0/Document.xml", size, ("OFD.xml", _OFD)),
        about="a document of 1 GB of spaces in 1 MB",
    )
    yield Case(
        "laughs.ofd",
        lambda: zip_of({"OFD.xml": laughs.encode() + b"<OFD>&l11;</OFD>"}),
        about="entities of a billion laughs",
    )
    yield Case(
        "climbs.ofd",
        lambda: zip_of({"OFD.xml": _OFD.replace(b"Doc_0/Document.xml", b"../../../../etc/passwd")}),
        about="a root that leads out",
    )
    ole = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
    entry = "WordDocument".encode("utf-16-le").ljust(64, b"\0") + b"\x1a\0\x02" + bytes(61)
    yield Case("junk.doc", lambda: ole + random.Random(4).randbytes(60_000), about="OLE, then noise")
    yield Case(
        "loops.doc",
        lambda: (
            (ole + bytes(16) + b"\x3e\0\x03\0\xfe\xff\x09\0\x06\0" + bytes(10) + b"\x01\0\0\0" * 9 + bytes(432))[:512]
            + entry * 40
        ),
        about="sectors that follow themselves",
    )
    yield Case(
        "junk.xls",
        lambda: (
            (ole + bytes(504))
            + entry.replace(
                "WordDocument".encode("utf-16-le"), "Workbook".encode("utf-16-le").ljust(24, b"\0")
            ).replace(b"\x1a\0\x02", b"\x12\0\x02")
            + random.Random(5).randbytes(9_000)
        ),
        about="a workbook of noise",
    )
    yield Case("braces.rtf", lambda: b"{\\rtf1 " + b"{" * 300_000, EITHER, "300,000 groups inside one another")
    yield Case(
        "binary.rtf", lambda: b"{\\rtf1 \\bin2147483647 " + b"x" * 1000 + b"}", EITHER, "2 GB of binary data declared"
    )
    yield Case(
        "objects.rtf",
        lambda: b"{\\rtf1 {\\object\\objemb{\\*\\objdata " + b"d0cf11e0a1b11ae1" * 20_000 + b"}}}",
        EITHER,
        "an embedded object of noise",
    )


_OFD = b'<?xml version="1.0"?><ofd:OFD xmlns:ofd="http://www.ofdspec.org/2016"><ofd:DocBody><ofd:DocRoot>Doc_0/Document.xml</ofd:DocRoot></ofd:DocBody></ofd:OFD>'


def _lying_last(data: bytes) -> bytes:
    """The size of the last member in the list is 10 bytes."""
    made = bytearray(data)
    at = made.rfind(b"PK\x01\x02")
    made[at + 24 : at + 28] = (10).to_bytes(4, "little")
    return bytes(made)
