"""依申请公开: requests received, by channel, answered, closed, carried from year to year, and what they cost."""

from . import ALONE, COUNT, EXACT, Pattern, pattern

# What may stand between a verb and its number: who asked, and what for.
_OF = (
    r"(?:并(?:按期|按时)?(?:回复|答复|办理)?|各类|书面|社会公众|公民、法人(?:和|或|或者|及|以及|、)其他(?:社会)?组织|自然人、法人(?:和|或|及)其他组织|公民|法人|"
    r"提出|提交|递交|的|关于|有关|要求|本年度?)*"
)
_REQUEST = (
    r"(?:政府信息公开申请|政务公开申请|信息公开申请|依申请公开(?:政府)?信息(?:的?申请)?|政府信息依申请公开|依申请公开(?:申请|事项)?|公开申请|"
    r"申请公开(?:政府)?信息|政府信息公开|政府信息|申请)"
)
_SUM = r"(?:事项|案件|件数|总数|总量|数量|数|共|共计|总计|合计|累计|为|是|有)*"
_GOT = r"(?:收到|受理|接收|接到|收受|新收)"
_ELSE = (
    r"复议|诉讼|信访|投诉|举报|建议|意见|提案|来电|咨询|留言|来信|热线|信箱|许可|审批|低保|救助|补助|政务服务|窗口办"
)
_NOT = r"(?:未|没有|无)(?:曾)?(?:收到|受理|接到|接收|发生|出现|有)?(?:过|到)?(?:任何)?(?:形式的?)?(?:一件)?"
_NEXT = r"(?:下一?年度?|次年度?|20\d\d年度?)"
_ABOUT = "申请"


def _by(key: str, words: str, names: str) -> Pattern:
    """Requests by a channel: 网络申请6件; 未收到当面申请."""
    way = rf"(?:{names})(?:方式|渠道|形式|途径)?(?:提出|提交|收到|受理|接收)?(?:的)?"
    return pattern(
        key, "件", words,
        (rf"{ALONE}{way}{_REQUEST}?{_SUM}{EXACT}(\d+)(?:件|份|起|宗|例)",),
        none=(rf"{_NOT}(?:通过)?{way}(?:政府信息公开|公开)?申请(?![^，。；]{{0,4}}(?:复议|诉讼))",),
        about=_ABOUT, unless=_ELSE,
    )  # fmt: skip


PATTERNS = (
    pattern(
        "n_requests_received", "件", "收到 受理 接收 接到 新收 申请",
        (
            rf"{_GOT}{_OF}{_REQUEST}?{_OF}{_SUM}{EXACT}(\d+){COUNT}",
            rf"{_GOT}{EXACT}(\d+){COUNT}(?:政府信息公开申请|依申请公开|信息公开申请|公开申请)",
        ),
        none=(
            rf"{_NOT}(?:公民、法人.{{0,12}}的)?(?:关于)?(?:政府信息公开申请|政务公开申请|信息公开申请|政府信息依申请公开|依申请公开政府信息|依申请公开|公开申请|申请公开政府信息|申请)"
            r"(?!(?:信息)?(?:的|而)?(?:[^，。；]{0,6}(?:复议|诉讼|投诉|举报|收费|费用|超期|逾期|结转)|人))",
            r"无人(?:提出)?申请(?:公开)?(?:政府)?信息",
        ),
        about=_ABOUT, unless=_ELSE, whole=True,
    ),
    _by("n_requests_in_person", "当面 现场", "当面|现场"),
    _by("n_requests_online", "网络 网上 互联网 在线 网站申请", "网络|网上|互联网|在线|网站(?=申请)"),
    _by("n_requests_letter", "信函 邮寄 书信 信件", "信函|邮寄|书信|信件"),
    _by("n_requests_fax", "传真", "传真"),
    _by("n_requests_email", "邮件 电子邮箱", "电子邮件|邮件|电子邮箱"),
    pattern(
        "n_requests_answered", "件", "答复 回复",
        (rf"(?:答复|回复)(?:申请人)?{_OF}{_REQUEST}?{_SUM}{EXACT}(\d+){COUNT}",),
        about=_ABOUT, unless=rf"{_ELSE}|并(?:按期|按时)?(?:回复|答复)|(?:同意|不予|部分)公开答复|告知", whole=True,
    ),
    pattern(
        "n_requests_closed", "件", "办结",
        (rf"办结{_OF}(?:答复)?{_REQUEST}?{_SUM}{EXACT}(\d+){COUNT}",),
        about=_ABOUT, unless=rf"{_ELSE}|延期|按时办结.*延期", whole=True,
    ),
    pattern(
        "n_carried_in", "件", "结转 转结",
        (
            rf"(?:上一?年度?|(?P<before>20\d\d)年度?)(?:结转|转结)(?:至?(?:本年度?|今年))?(?:继续办理)?(?:的)?{_REQUEST}?{_SUM}{EXACT}(?P<n>\d+){COUNT}",
            rf"(?:结转|转结)(?:的)?上一?年度?(?:的)?{_REQUEST}?{_SUM}{EXACT}(?P<n>\d+){COUNT}",
        ),
        any_year=True, unless="复议|诉讼",
    ),
    pattern(
        "n_carried_out", "件", "结转 转结 转入",
        (
            rf"{EXACT}(?P<n>\d+){COUNT}(?:申请)?(?:将|需|已|未办结|，)*(?:结转|转结|转入)(?:至|到)?(?:下一?年|次年|(?P<after>20\d\d)年)",
            rf"(?:结转|转结|转入)(?:至|到)?(?:下一?年度?|次年度?|(?P<after>20\d\d)年度?)(?:继续)?(?:办理)?(?:的)?{_REQUEST}?{_SUM}{EXACT}(?P<n>\d+){COUNT}",
        ),
        none=(rf"(?:无|没有)(?:申请)?(?:事项)?(?:结转|转结)(?:至|到)?{_NEXT}",),
        any_year=True, unless="复议|诉讼",
    ),
    pattern(
        "n_processing_fee", "元", "费",
        (
            rf"信息(?:公开)?处理费(?:用)?{_SUM}{EXACT}(\d+(?:\.\d+)?)元",
            rf"(?:依申请公开|政府信息公开|信息公开)(?:政府)?(?:信息)?(?:收费|收取(?:的)?费用|费用)(?:金额)?{_SUM}{EXACT}(\d+(?:\.\d+)?)元",
        ),
        none=(
            r"(?:未|没有|无)(?:曾)?(?:收取|产生|发生|收)(?:过)?(?:任何)?(?:政府)?(?:信息公开|信息)(?:信息)?处理费(?!收费通知)",
            r"信息(?:公开)?处理费(?:方面|用|情况)?[，,]?(?:全年|本年度?|均|我[局镇乡县区委办])*(?:未|没有|无)(?:收取|产生|发生)",
            r"(?:未|没有)(?:向申请人)?收取(?:过)?(?:任何)?(?:政府信息公开|信息公开|依申请公开)(?:相关|有关)?(?:的)?费用",
        ),
    ),
)  # fmt: skip
