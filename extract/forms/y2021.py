"""Form y2021: 国办公开办函〔2021〕30号《政府信息公开工作年度报告格式》, for the years from 2021; 10 + 175 + 15 figures."""

from . import Column, Form, Row, SubTable

T2 = (
    SubTable(
        "第二十条第（一）项",
        (
            Column("issued", ("本年制发件数",)),
            Column("repealed", ("本年废止件数",)),
            Column("in_force", ("现行有效件数",)),
        ),
        (
            Row("regulations", "规章", ("规章",)),
            Row("normative_documents", "行政规范性文件", ("(行政)?规范性文件",)),
        ),
    ),
    SubTable(
        "第二十条第（五）项",
        (Column("decisions", ("本年处理决定数量", "处理决定数量")),),
        (Row("licensing", "行政许可", ("行政许可",)),),
    ),
    SubTable(
        "第二十条第（六）项",
        (Column("decisions", ("本年处理决定数量", "处理决定数量")),),
        (
            Row("penalty", "行政处罚", ("行政处罚",)),
            Row("coercion", "行政强制", ("行政强制",)),
        ),
    ),
    SubTable(
        "第二十条第（八）项",
        (Column("fee_amount", ("本年收费金额",), "万元", amount=True),),
        (Row("admin_fees", "行政事业性收费", ("行政事业性收费",)),),
    ),
)

T3_COLUMNS = (
    Column("natural_person", ("自然人", "公民", "个人")),
    Column("commercial_enterprise", ("商业企业", "企业")),
    Column("research_institution", ("科研机构", "科研院所")),
    Column("social_welfare_org", ("社会公益组织", "公益组织")),
    Column("legal_service_org", ("法律服务机构", "法律服务")),
    Column("other_org", ("其他", "其它")),
    Column("total", ("总计", "合计", "共计", "小计")),
)

T3_HEAD = (  # the same in y2019
    Row("new_received", "一、本年新收政府信息公开申请数量", ("本年新收(政府信息公开)?申请(数量|数)?", "本年(度)?新收")),
    Row(
        "carried_in",
        "二、上年结转政府信息公开申请数量",
        ("上年(度)?结转(政府信息公开)?申请(数量|数)?", "上年(度)?结转"),
    ),
    Row("granted", "(一)予以公开", ("予以公开",), "results"),
    Row("partial", "(二)部分公开(区分处理的,只计这一情形,不计其他情形)", (r"部分公开(\(?区分处理的.*)?",), "results"),
    Row("denied_state_secret", "(三)不予公开/1.属于国家秘密", ("(属于|涉及)国家秘密",), "denied"),
    Row(
        "denied_law_prohibits",
        "(三)不予公开/2.其他法律行政法规禁止公开",
        ("其他法律(、)?(行政)?法规禁止公开",),
        "denied",
    ),
    Row("denied_three_security_one_stability", "(三)不予公开/3.危及“三安全一稳定”", ("危及三安全一稳定",), "denied"),
    Row("denied_third_party", "(三)不予公开/4.保护第三方合法权益", ("保护第三方合法权益",), "denied"),
    Row(
        "denied_internal_affairs",
        "(三)不予公开/5.属于三类内部事务信息",
        ("属于三类内部事务信息", "三类内部(事务|管理)信息"),
        "denied",
    ),
    Row("denied_process_info", "(三)不予公开/6.属于四类过程性信息", ("属于四类过程性信息", "四类过程性信息"), "denied"),
    Row("denied_enforcement_file", "(三)不予公开/7.属于行政执法案卷", ("属于行政执法案卷(信息)?",), "denied"),
    Row("denied_admin_inquiry", "(三)不予公开/8.属于行政查询事项", ("属于行政查询事项",), "denied"),
    Row("unable_not_held", "(四)无法提供/1.本机关不掌握相关政府信息", ("本机关不掌握(相关)?(政府)?信息",), "unable"),
    Row(
        "unable_needs_creation",
        "(四)无法提供/2.没有现成信息需要另行制作",
        ("没有现成信息需要?(另行)?制作", "没有现成信息,?需(要)?另行制作"),
        "unable",
    ),
    Row("unable_still_unclear", "(四)无法提供/3.补正后申请内容仍不明确", ("补正后(申请)?(内容)?仍不明确",), "unable"),
    Row("unprocessed_petition", "(五)不予处理/1.信访举报投诉类申请", ("信访(、)?举报(、)?投诉类申请",), "unprocessed"),
    Row("unprocessed_duplicate", "(五)不予处理/2.重复申请", ("重复申请",), "unprocessed"),
    Row("unprocessed_publication", "(五)不予处理/3.要求提供公开出版物", ("要求提供公开出版物",), "unprocessed"),
    Row("unprocessed_excessive", "(五)不予处理/4.无正当理由大量反复申请", ("无正当理由大量反复申请",), "unprocessed"),
    Row(
        "unprocessed_confirm_reissue",
        "(五)不予处理/5.要求行政机关确认或重新出具已获取信息",
        ("要求行政机关确认或(者)?重新出具已获取信息",),
        "unprocessed",
    ),
)
T3_OTHER = (
    Row(
        "other_no_correction",
        "(六)其他处理/1.申请人无正当理由逾期不补正、行政机关不再处理其政府信息公开申请",
        ("申请人无正当理由逾期不补正.*",),
        "other",
    ),
    Row(
        "other_fee_unpaid",
        "(六)其他处理/2.申请人逾期未按收费通知要求缴纳费用、行政机关不再处理其政府信息公开申请",
        ("申请人逾期未按收费通知要求缴纳费用.*",),
        "other",
    ),
    Row("other_misc", "(六)其他处理/3.其他", ("其他",), "other", collides=True),
)
T3_TAIL = (
    Row("processed_total", "(七)总计", ("总计", "合计"), "results", collides=True),
    Row("carried_out", "四、结转下年度继续办理", ("结转下年度继续办理", "结转下(一)?年度?(继续)?办理")),
)

T4_COLUMNS = (
    Column("upheld", ("结果维持",)),
    Column("corrected", ("结果纠正",)),
    Column("other", ("其他结果",)),
    Column("pending", ("尚未审结",)),
    Column("total", ("总计",)),
)
T4_BLOCKS = (
    Row("review", "行政复议", ("行政复议",)),
    Row("litigation_direct", "行政诉讼/未经复议直接起诉", ("未经复议直接起诉",)),
    Row("litigation_after_review", "行政诉讼/复议后起诉", ("复议后起诉",)),
)

SECTIONS = (
    "总体情况",
    "主动公开政府信息情况",
    "收到和处理政府信息公开申请情况",
    "政府信息公开行政复议、行政诉讼情况",
    "存在的主要问题及改进情况",
    "其他需要报告的事项",
)

FORM = Form(
    id="y2021",
    document="国办公开办函〔2021〕30号",
    first_year=2021,
    last_year=None,
    t2=T2,
    t3_columns=T3_COLUMNS,
    t3_rows=T3_HEAD + T3_OTHER + T3_TAIL,
    t4_columns=T4_COLUMNS,
    t4_blocks=T4_BLOCKS,
    sections=SECTIONS,
)
