"""The words around the figures: headings, anchors, row and column labels, each in several wordings that were seen.

One report is consistent in its brackets, its numbering and its quotes; everything else is chosen place by place.
A line break inside a header cell is written as a newline.
"""

from dataclasses import dataclass

from .form import DENIED, OTHER, UNABLE, UNPROCESSED
from .wording import choose

Wordings = tuple[str, ...]

SECTIONS: dict[int, Wordings] = {
    1: ("总体情况",),
    2: ("主动公开政府信息情况",),
    3: ("收到和处理政府信息公开申请情况",),
    4: ("政府信息公开行政复议、行政诉讼情况", "因政府信息公开工作被申请行政复议、提起行政诉讼情况"),
    5: ("存在的主要问题及改进情况",),
    6: ("其他需要报告的事项",),
}
NUMERALS = "〇一二三四五六七八九"

T2_ROWS: dict[str, Wordings] = {
    "regulations": ("规章", "规 章", "规\n章"),
    "licensing": ("行政许可", "行政 许可", "行政\n许可"),
    "other_admin_services": ("其他对外管理服务事项", "其他对外管理\n服务事项", "其他对外 管理服务事项"),
    "penalty": ("行政处罚", "行政 处罚", "行政\n处罚"),
    "coercion": ("行政强制", "行政 强制", "行政\n强制"),
    "admin_fees": ("行政事业性收费", "行政事业性 收费", "行政事业性\n收费"),
    "central_procurement": ("政府集中采购", "政府集中 采购", "政府集中\n采购"),
}
NORMATIVE: dict[str, Wordings] = {
    "y2021": ("行政规范性文件", "规范性文件", "行政规范性\n文件"),
    "y2019": ("规范性文件", "规范性 文件", "规范性\n文件"),
}
T2_COLUMNS: dict[str, Wordings] = {
    "issued": ("本年制发件数", "本年 制发件数", "本年制发\n件数"),
    "repealed": ("本年废止件数", "本年 废止件数", "本年废止\n件数"),
    "in_force": ("现行有效件数", "现行有效件数(历史累计)", "现行有效\n件数"),
    "newly_made": ("本年新制作数量", "本年新\n制作数量", "本年新制作 数量"),
    "newly_published": ("本年新公开数量", "本年新\n公开数量", "本年新公开 数量"),
    "published_total": ("对外公开总数量", "对外公开\n总数量", "对外公开 总数量"),
    "prev_items": ("上一年项目数量", "上一年\n项目数量", "上一年 项目数量"),
    "change": ("本年增/减", "本年增／减", "本年增减"),
    "procurement_items": ("采购项目数量", "采购项目\n数量", "采购 项目数量"),
    "procurement_amount": ("采购总金额", "采购 总金额", "采购\n总金额"),
}
DECISIONS: dict[str, Wordings] = {
    "y2021": ("本年处理决定数量", "处理决定数量", "本年处理\n决定数量"),
    "y2019": ("处理决定数量", "处理决定\n数量", "处理 决定数量"),
}
FEE_IN_WAN: Wordings = (
    "本年收费金额（单位：万元）",
    "本年收费金额（单位：万元，保留4位小数）",
    "本年收费金额\n（单位：万元）",
)
FEE_WITHOUT_UNIT: Wordings = ("本年收费金额", "本年收费\n金额", "本年 收费金额")

T3_COLUMNS: dict[str, Wordings] = {
    "natural_person": ("自然人", "自 然 人", "自然\n人"),
    "commercial_enterprise": ("商业企业", "商业\n企业", "企业"),
    "research_institution": ("科研机构", "科研\n机构", "科研院所"),
    "social_welfare_org": ("社会公益组织", "社会公\n益组织", "公益组织"),
    "legal_service_org": ("法律服务机构", "法律服\n务机构", "法律服务"),
    "other_org": ("其他", "其它", "其 他"),
    "total": ("总计", "总 计", "合计"),
}
T3_ROWS: dict[str, Wordings] = {
    "new_received": ("本年新收政府信息公开申请数量", "本年新收政府信息公开申请数", "本年新收政府信息公开\n申请数量"),
    "carried_in": ("上年结转政府信息公开申请数量", "上年度结转政府信息公开申请数量", "上年结转政府信息公开\n申请数量"),
    "granted": ("予以公开", "予以 公开", "予以\n公开"),
    "partial": (
        "部分公开（区分处理的，只计这一情形，不计其他情形）",
        "部分公开(区分处理的,只计这一情形,不计其他情形)",
        "部分公开\n（区分处理的，只计这一情形，不计其他情形）",
    ),
    "denied_state_secret": ("属于国家秘密", "涉及国家秘密", "属于国家 秘密"),
    "denied_law_prohibits": ("其他法律行政法规禁止公开", "其他法律法规禁止公开", "其他法律、行政法规禁止公开"),
    "denied_three_security_one_stability": ("危及“三安全一稳定”", '危及"三安全一稳定"', "危及三安全一稳定"),
    "denied_third_party": ("保护第三方合法权益", "保护第三方 合法权益", "保护第三方\n合法权益"),
    "denied_internal_affairs": ("属于三类内部事务信息", "三类内部事务信息", "三类内部管理信息"),
    "denied_process_info": ("属于四类过程性信息", "四类过程性信息", "属于四类 过程性信息"),
    "denied_enforcement_file": ("属于行政执法案卷", "属于行政执法案卷信息", "属于行政 执法案卷"),
    "denied_admin_inquiry": ("属于行政查询事项", "属于行政 查询事项", "属于行政\n查询事项"),
    "unable_not_held": ("本机关不掌握相关政府信息", "本机关不掌握政府信息", "本机关不掌握相关信息"),
    "unable_needs_creation": (
        "没有现成信息需要另行制作",
        "没有现成信息，需要另行制作",
        "没有现成信息需另行制作",
    ),
    "unable_still_unclear": ("补正后申请内容仍不明确", "补正后仍不明确", "补正后申请 内容仍不明确"),
    "unprocessed_petition": ("信访举报投诉类申请", "信访、举报、投诉类申请", "信访举报 投诉类申请"),
    "unprocessed_duplicate": ("重复申请", "重复 申请", "重复\n申请"),
    "unprocessed_publication": ("要求提供公开出版物", "要求提供 公开出版物", "要求提供\n公开出版物"),
    "unprocessed_excessive": ("无正当理由大量反复申请", "无正当理由 大量反复申请", "无正当理由\n大量反复申请"),
    "unprocessed_confirm_reissue": (
        "要求行政机关确认或重新出具已获取信息",
        "要求行政机关确认或者重新出具已获取信息",
        "要求行政机关确 认或重新出具已获 取信息",
    ),
    "other_no_correction": (
        "申请人无正当理由逾期不补正、行政机关不再处理其政府信息公开申请",
        "申请人无正当理由逾期不补正，行政机关不再处理其政府信息公开申请",
        "申请人无正当理由逾期不补正、 行政机关不再处理其政府信息公开申请",
    ),
    "other_fee_unpaid": (
        "申请人逾期未按收费通知要求缴纳费用、行政机关不再处理其政府信息公开申请",
        "申请人逾期未按收费通知要求缴纳费用，行政机关不再处理其政府信息公开申请",
        "申请人逾期未按收费通知要求缴纳费用、 行政机关不再处理其政府信息公开申请",
    ),
    "other_misc": ("其他", "其 他", "其\n他"),
    "other_total": ("其他处理", "其他 处理", "其他\n处理"),
    "processed_total": ("总计", "总 计", "合计"),
    "carried_out": ("结转下年度继续办理", "结转下一年度继续办理", "结转下年继续办理"),
}
GROUPS: dict[str, Wordings] = {
    "results": ("本年度办理结果", " 本年 度办 理结 果", "本年度\n办理结果"),
    "denied": ("不予公开", " 不予公开", "不予\n公开"),
    "unable": ("无法提供", " 无法提供", "无法\n提供"),
    "unprocessed": ("不予处理", " 不予处理", "不予\n处理"),
    "other": ("其他处理", " 其他处理", "其他\n处理"),
}
T4_COLUMNS: dict[str, Wordings] = {
    "upheld": ("结果维持", "结果\n维持", "结果 维持"),
    "corrected": ("结果纠正", "结果\n纠正", "结果 纠正"),
    "other": ("其他结果", "其他\n结果", "其他 结果"),
    "pending": ("尚未审结", "尚未\n审结", "尚未 审结"),
    "total": ("总计", "总\n计", "总 计"),
}
CORNER: Wordings = (
    "（本列数据的勾稽关系为：第一项加第二项之和，等于第三项加第四项之和）",
    "(本列数据的勾稽关系为：第一项加第二项之和，等于第三项加第四项之和)",
    "（本列数据的勾稽关系为：第一项加第二项之和，\n等于第三项加第四项之和）",
)
TOP_NUMBERS = {"new_received": 1, "carried_in": 2, "results": 3, "carried_out": 4}
BRACKETED = {"granted": 1, "partial": 2, "denied": 3, "unable": 4, "unprocessed": 5, "other": 6, "other_total": 6}
BRACKETED |= {"processed_total": 7}
ITEM_NUMBERS = {
    row: index for group in (DENIED, UNABLE, UNPROCESSED, OTHER["y2021"]) for index, row in enumerate(group, 1)
}


@dataclass(frozen=True, slots=True)
class Labels:
    """The wording of one report."""

    style: str

    def heading(self, section: int) -> str:
        """A section heading, 一、总体情况 to 六、其他需要报告的事项."""
        space = choose(self.style, "heading", ("", "", " "))
        return f"{NUMERALS[section]}、{space}{choose(self.style, f'section{section}', SECTIONS[section])}"

    def anchor(self, numeral: str) -> str:
        """The line above a sub-table of table two."""
        return choose(self.style, "anchor", ("第二十条第（{}）项", "第二十条第({})项", "第二十条 第（{}）项")).format(
            numeral
        )

    def t2_row(self, form: str, row: str) -> str:
        """A row label of table two."""
        wordings = NORMATIVE[form] if row == "normative_documents" else T2_ROWS[row]
        return choose(self.style, f"t2.{row}", wordings)

    def t2_column(self, form: str, column: str, unit: str | None) -> str:
        """A column header of table two; the fee's header names its unit only where the truth has one."""
        if column == "fee_amount":
            return choose(self.style, "fee", FEE_IN_WAN if unit else FEE_WITHOUT_UNIT)
        wordings = DECISIONS[form] if column == "decisions" else T2_COLUMNS[column]
        return choose(self.style, f"t2.{column}", wordings)

    def t3_row(self, row: str) -> str:
        """A row label of table three with its number."""
        return self._number(row) + choose(self.style, f"t3.{row}", T3_ROWS[row])

    def group(self, group: str) -> str:
        """The label of a group of rows of table three with its number."""
        return self._number(group) + choose(self.style, f"group.{group}", GROUPS[group])

    def t3_column(self, column: str) -> str:
        """A column header of table three."""
        return choose(self.style, f"t3.{column}", T3_COLUMNS[column])

    def t4_column(self, column: str) -> str:
        """A column header of table four, the same in its three blocks."""
        return choose(self.style, f"t4.{column}", T4_COLUMNS[column])

    def corner(self) -> str:
        """The identity printed in the corner of table three."""
        return choose(self.style, "corner", CORNER)

    def _number(self, key: str) -> str:
        if key in TOP_NUMBERS:
            return f"{NUMERALS[TOP_NUMBERS[key]]}、"
        if key in BRACKETED:
            return choose(self.style, "bracket", ("（{}）", "({})", "({}) ")).format(NUMERALS[BRACKETED[key]])
        return choose(self.style, "item", ("{}.", "{}. ", "{}．", "（{}）")).format(ITEM_NUMBERS[key])
