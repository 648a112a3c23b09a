"""The county's portal: the content system of `sites/trs.py`, with what its pages say of their publishers."""

from dataclasses import replace

from ..chrome import index_number
from ..model import ReportTruth, Truth
from ..render_docx import docx_file
from ..render_html import html_body
from ..render_pdf import pdf_file
from ..site import Library
from ..sites.trs import SITE as Trs
from .documents import document
from .roster import ALL_ORGANS, NAME, credit_code

OFFICE = f"{NAME}人民政府办公室"
ORGANS = {organ.slug: organ for organ in ALL_ORGANS}


class FiftyLibrary(Library):
    """The documents of the county, each made when it is first asked for."""

    def _get(self, report: ReportTruth, kind: str, revision: int) -> bytes:
        key = (report.key, kind, revision)
        if key not in self._made:
            render = {"html": lambda made: html_body(made).encode(), "docx": docx_file, "pdf": pdf_file}[kind]
            self._made[key] = render(document(report, revision))
        return self._made[key]


class Fifty(Trs):
    """The simulated portal."""

    def __init__(self, truth: Truth, library: Library) -> None:
        super().__init__(truth, FiftyLibrary(truth))

    def detail(self, report: ReportTruth, path: str, body: str) -> str:
        """The page; where the office publishes for an organ, 发布机构 and 索引号 are the office's."""
        by_office = "office-publishes" in report.layout
        page = super().detail(replace(report, unit=OFFICE) if by_office else report, path, body)
        code = credit_code(ORGANS["zfb" if by_office else report.slug], report.year)
        return page.replace(index_number(report), f"{code}/{index_number(report).partition('/')[2]}")
