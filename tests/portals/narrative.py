"""The sentences of one report: its introduction and sections 一, 五 and 六, with the numbers that the truth knows."""

from . import texts
from .model import ReportTruth
from .wording import choose

SELF = {"government": "我县", "office": "我办", "street": "我街道", "zone": "管委会", "enterprise": "本单位"}
SUBPOINTS = ("主动公开情况", "依申请公开情况", "政府信息管理情况", "平台建设情况", "监督保障情况")


class Narrator:
    """Tells one report; every choice of words follows from the report's style."""

    def __init__(self, report: ReportTruth) -> None:
        self.report = report
        self.words = {
            "self": own_name(report),
            "by": report.unit if report.title_names_unit else own_name(report),
            "year": report.year,
            "before": report.year - 1,
            "after": report.year + 1,
        }

    def introduction(self) -> list[str]:
        """What the report is, and how to reach the organ."""
        paragraphs = [self._say("intro", texts.INTRO)]
        if self.report.contact:
            ways = "，".join(
                self._pick(f"label.{key}", texts.CONTACT_LABELS[key]) + said
                for key, said in self.report.contact.items()
            )
            paragraphs.append(self._say("ask", texts.ASK, ways=ways))
        return paragraphs

    def overview(self) -> list[str]:
        """Section 一: a lead and five sub-points."""
        bodies = (
            self._proactive() + self._say("proactive", texts.PROACTIVE),
            self._requests() + self._say("request", texts.ON_REQUEST),
            self._say("management", texts.MANAGEMENT) + self._say("management.more", texts.PROACTIVE[3:]),
            self._say("platform", texts.PLATFORM),
            self._say("supervision", texts.SUPERVISION),
        )
        marks = choose(self.report.style, "marks", ("（{}）", "（{}）", "({})"))
        points = [
            f"{marks.format(numeral)}{name}。{body}"
            for numeral, name, body in zip("一二三四五", SUBPOINTS, bodies, strict=True)
        ]
        return [self._say("lead", texts.LEAD), *points]

    def problems(self) -> list[str]:
        """Section 五."""
        return [self._say("problems", texts.PROBLEMS), self._say("improvements", texts.IMPROVEMENTS)]

    def others(self) -> list[str]:
        """Section 六, which must mention the 信息处理费."""
        return [self._say("fee", texts.FEE)]

    def _proactive(self) -> str:
        number = self.report.narrative.get("n_proactive_items")
        if number is None:
            return "按照目录及时更新。"
        return f"{self.report.year}年，{self._say('items', texts.ITEMS, n=number)}。"

    def _requests(self) -> str:
        told = self.report.narrative
        if "n_requests_received" not in told:
            return "受理渠道保持畅通。"
        parts = []
        if self.report.says_none:
            parts.append(f"{self.report.year}年{self._say('none', texts.NONE_RECEIVED)}")
        else:
            parts.append(self._say("received", texts.RECEIVED, n=told["n_requests_received"]))
        if "n_carried_in" in told:
            parts.append(self._say("carried_in", texts.CARRIED_IN, n=told["n_carried_in"]))
        if "n_carried_out" in told:
            parts.append(self._say("carried_out", texts.CARRIED_OUT, n=told["n_carried_out"]))
        return "，".join(parts) + "。"

    def _say(self, place: str, options: tuple[str, ...], **more: object) -> str:
        return self._pick(place, options).format(**self.words, **more)

    def _pick(self, place: str, options: tuple[str, ...]) -> str:
        return choose(self.report.style, place, options)


def own_name(report: ReportTruth) -> str:
    """How an organ speaks of itself."""
    if report.unit_type == "town":
        return "我乡" if "乡人民政府" in report.unit else "我镇"
    if report.unit_type == "department":
        return "我委" if report.unit.endswith("委员会") else "我局"
    return SELF[report.unit_type]
