"""Form y2014: 国办发〔2014〕32号《政府信息公开情况统计表》, annexed to a free narrative, for the years 2014 to 2018.

58 indicators under nine headings, one figure each. A town's report of these years often has no table at all. Other words
than the form's are those that reports of these years print for a row; what two rows share (被依法纠错数) is told apart
by where it stands (`statistics.py`).
"""

from . import Form, Indicator, Row

STATISTICS = (
    Indicator("一", Row("", "主动公开情况", ("主动公开(政府信息)?(工作)?(的)?情况",))),
    Indicator(
        "一(一)",
        Row(
            "pub_total",
            "主动公开政府信息数（不同渠道和方式公开相同信息计1条）",
            ("主动公开(政府|政务)?信息(总)?(条)?(数|数量)",),
        ),
        "条",
    ),
    Indicator(
        "一(一)a",
        Row(
            "pub_normative",
            "主动公开政府信息数/主动公开规范性文件数",
            ("(主动)?公开(行政)?规范性文件(总)?(条|件)?(数|数量)",),
            "pub_total",
        ),
        "条",
    ),
    Indicator(
        "一(一)b",
        Row("normative_issued", "制发规范性文件总数", ("(制发|制定|印发)(行政)?规范性文件(总)?(件)?(数|数量)",)),
        "件",
    ),
    Indicator(
        "一(二)", Row("", "通过不同渠道和方式公开政府信息的情况", ("(通过)?不同渠道和方式公开政府信息(的)?情况",))
    ),
    Indicator("一(二)1", Row("pub_gazette", "政府公报公开政府信息数", ("政府公报公开(政府)?信息(条)?数",)), "条"),
    Indicator(
        "一(二)2", Row("pub_website", "政府网站公开政府信息数", ("(政府)?(门户)?网站公开(政府)?信息(条)?数",)), "条"
    ),
    Indicator("一(二)3", Row("pub_weibo", "政务微博公开政府信息数", ("(政务)?微博公开(政府)?信息(条)?数",)), "条"),
    Indicator(
        "一(二)4", Row("pub_wechat", "政务微信公开政府信息数", ("(政务)?微信(公众号)?公开(政府)?信息(条)?数",)), "条"
    ),
    Indicator(
        "一(二)5",
        Row(
            "pub_other",
            "其他方式公开政府信息数",
            (
                "其他(渠道和?)?方式公开(政府)?信息(条)?数",
                "其他方式",
            ),
        ),
        "条",
    ),
    Indicator("二", Row("", "回应解读情况", ("(政策)?(回应解读|解读回应)(工作)?(的)?情况",))),
    Indicator(
        "二(一)",
        Row(
            "resp_hotspots",
            "回应公众关注热点或重大舆情数（不同方式回应同一热点或舆情计1次）",
            ("回应公众关注热点(问题)?(或|和|及|、)?重大舆情(次)?数",),
        ),
        "次",
    ),
    Indicator("二(二)", Row("", "通过不同渠道和方式回应解读的情况", ("(通过)?不同渠道和方式回应解读(的)?情况",))),
    Indicator(
        "二(二)1",
        Row(
            "resp_press_conf",
            "参加或举办新闻发布会总次数",
            ("(参加|举办|召开|参加或举办|举办或参加|参加和举办|参加、举办)新闻发布会(总)?(次)?数",),
        ),
        "次",
    ),
    Indicator(
        "二(二)1a",
        Row(
            "resp_press_conf_lead",
            "参加或举办新闻发布会总次数/主要负责同志参加新闻发布会次数",
            (
                "主要负责(同志|人)参加新闻发布会(总)?(次)?数",
                "主要负责(同志|人)参加(次)?数",
            ),
            "resp_press_conf",
        ),
        "次",
    ),
    Indicator(
        "二(二)2", Row("resp_interview", "政府网站在线访谈次数", ("(参加)?(政府)?网站在线访谈(总)?(次)?数",)), "次"
    ),
    Indicator(
        "二(二)2a",
        Row(
            "resp_interview_lead",
            "政府网站在线访谈次数/主要负责同志参加政府网站在线访谈次数",
            (
                "主要负责(同志|人)参加(政府)?网站在线访谈(总)?(次)?数",
                "主要负责(同志|人)参加(次)?数",
            ),
            "resp_interview",
        ),
        "次",
    ),
    Indicator(
        "二(二)3",
        Row(
            "resp_policy_docs",
            "政策解读稿件发布数",
            (
                "政策解读稿件(发布)?(篇)?数",
                "发布政策解读稿件(篇)?数",
            ),
        ),
        "篇",
    ),
    Indicator(
        "二(二)4",
        Row("resp_weibo_wechat", "微博微信回应事件数", ("(政务)?微博(、|和)?(政务)?微信回应(事件|问题)?数",)),
        "次",
    ),
    Indicator(
        "二(二)5",
        Row(
            "resp_other",
            "其他方式回应事件数",
            (
                "其他方式回应(事件|问题)?数",
                "其他方式",
            ),
        ),
        "次",
    ),
    Indicator("三", Row("", "依申请公开情况", ("依申请公开(政府信息)?(的)?情况",))),
    Indicator("三(一)", Row("req_received", "收到申请数", ("收到(政府信息公开)?申请(总)?(件)?(数|数量)",)), "件"),
    Indicator(
        "三(一)1", Row("req_in_person", "收到申请数/当面申请数", ("当面申请(件)?(数|数量)?",), "req_received"), "件"
    ),
    Indicator("三(一)2", Row("req_fax", "收到申请数/传真申请数", ("传真申请(件)?(数|数量)?",), "req_received"), "件"),
    Indicator(
        "三(一)3",
        Row("req_online", "收到申请数/网络申请数", ("(网络|网上|互联网)申请(件)?(数|数量)?",), "req_received"),
        "件",
    ),
    Indicator(
        "三(一)4", Row("req_letter", "收到申请数/信函申请数", ("信函申请(件)?(数|数量)?",), "req_received"), "件"
    ),
    Indicator("三(二)", Row("req_closed", "申请办结数", ("申请办结(总)?(件)?(数|数量)",)), "件"),
    Indicator(
        "三(二)1", Row("req_closed_on_time", "申请办结数/按时办结数", ("按时办结(件)?(数|数量)?",), "req_closed"), "件"
    ),
    Indicator(
        "三(二)2", Row("req_closed_extended", "申请办结数/延期办结数", ("延期办结(件)?(数|数量)?",), "req_closed"), "件"
    ),
    Indicator("三(三)", Row("req_replied", "申请答复数", ("申请答复(总)?(件)?(数|数量)",)), "件"),
    Indicator(
        "三(三)1",
        Row(
            "rep_already_public",
            "申请答复数/属于已主动公开范围数",
            ("(属于)?已(经)?主动公开范围(数|数量)?",),
            "req_replied",
        ),
        "件",
    ),
    Indicator(
        "三(三)2", Row("rep_granted", "申请答复数/同意公开答复数", ("同意公开答复(数|数量)?",), "req_replied"), "件"
    ),
    Indicator(
        "三(三)3",
        Row("rep_partial", "申请答复数/同意部分公开答复数", ("同意部分公开答复(数|数量)?",), "req_replied"),
        "件",
    ),
    Indicator(
        "三(三)4",
        Row("rep_denied", "申请答复数/不同意公开答复数", ("不同意公开答复(总)?(数|数量)?",), "req_replied"),
        "件",
    ),
    Indicator(
        "三(三)4a",
        Row("den_secret", "不同意公开答复数/涉及国家秘密", ("(涉及|属于)国家秘密(数)?",), "rep_denied"),
        "件",
        shared=True,
    ),
    Indicator(
        "三(三)4b",
        Row("den_business", "不同意公开答复数/涉及商业秘密", ("(涉及|属于)商业秘密(数)?",), "rep_denied"),
        "件",
    ),
    Indicator(
        "三(三)4c",
        Row("den_privacy", "不同意公开答复数/涉及个人隐私", ("(涉及|属于)个人隐私(数)?",), "rep_denied"),
        "件",
    ),
    Indicator(
        "三(三)4d",
        Row(
            "den_security",
            "不同意公开答复数/危及国家安全、公共安全、经济安全和社会稳定",
            ("危及国家安全、公共安全、经济安全(和|、|及)社会稳定(数)?",),
            "rep_denied",
        ),
        "件",
    ),
    Indicator(
        "三(三)4e",
        Row(
            "den_not_gov_info",
            "不同意公开答复数/不是《条例》所指政府信息",
            ("(不是|不属于)《?(政府信息公开)?条例》?所指(的)?政府信息(数)?",),
            "rep_denied",
        ),
        "件",
    ),
    Indicator(
        "三(三)4f",
        Row(
            "den_other_law",
            "不同意公开答复数/法律法规规定的其他情形",
            (
                "法律(、)?法规规定(的)?其他情形(数)?",
                "其他情形",
                "其他",
            ),
            "rep_denied",
        ),
        "件",
    ),
    Indicator(
        "三(三)5",
        Row(
            "rep_not_this_organ",
            "申请答复数/不属于本行政机关公开数",
            ("不属于本(行政)?机关公开(范围)?(数|数量)?",),
            "req_replied",
        ),
        "件",
    ),
    Indicator(
        "三(三)6",
        Row("rep_not_exist", "申请答复数/申请信息不存在数", ("申请(的)?(政府)?信息不存在(数|数量)?",), "req_replied"),
        "件",
    ),
    Indicator(
        "三(三)7",
        Row(
            "rep_correct_supplement",
            "申请答复数/告知作出更改补充数",
            ("告知作出更改(、)?补充(数|数量)?",),
            "req_replied",
        ),
        "件",
    ),
    Indicator(
        "三(三)8",
        Row(
            "rep_other_channel", "申请答复数/告知通过其他途径办理数", ("告知通过其他途径办理(数|数量)?",), "req_replied"
        ),
        "件",
    ),
    Indicator(
        "四", Row("rev_total", "行政复议数量", ("(申请)?行政复议(案件)?(总)?(数量|数|件数|情况)?",)), "件", shared=True
    ),
    Indicator(
        "四(一)",
        Row(
            "rev_upheld",
            "行政复议数量/维持具体行政行为数",
            (
                "维持(具体)?行政行为(数|数量)?",
                "维持(数)?",
            ),
            "rev_total",
        ),
        "件",
    ),
    Indicator(
        "四(二)",
        Row("rev_corrected", "行政复议数量/被依法纠错数", ("(被)?依法(纠错|纠正)(数|数量)?",), "rev_total"),
        "件",
    ),
    Indicator(
        "四(三)",
        Row(
            "rev_other",
            "行政复议数量/其他情形数",
            (
                "其他情形(数|数量)?",
                "其他(数)?",
            ),
            "rev_total",
        ),
        "件",
        shared=True,
    ),
    Indicator(
        "五", Row("lit_total", "行政诉讼数量", ("(提起)?行政诉讼(案件)?(总)?(数量|数|件数|情况)?",)), "件", shared=True
    ),
    Indicator(
        "五(一)",
        Row(
            "lit_upheld",
            "行政诉讼数量/维持具体行政行为或者驳回原告诉讼请求数",
            (
                "维持(具体)?行政行为(或者|或|、|和|及)?驳回(原告)?诉讼请求(数|数量)?",
                "维持(数)?",
            ),
            "lit_total",
        ),
        "件",
    ),
    Indicator(
        "五(二)",
        Row("lit_corrected", "行政诉讼数量/被依法纠错数", ("(被)?依法(纠错|纠正)(数|数量)?",), "lit_total"),
        "件",
    ),
    Indicator(
        "五(三)",
        Row(
            "lit_other",
            "行政诉讼数量/其他情形数",
            (
                "其他情形(数|数量)?",
                "其他(数)?",
            ),
            "lit_total",
        ),
        "件",
        shared=True,
    ),
    Indicator(
        "六",
        Row(
            "complaints",
            "举报投诉数量",
            (
                "(政府信息公开)?举报投诉(数量|数|情况)?",
                "(政府信息公开)?投诉举报(数量|数|情况)?",
            ),
        ),
        "件",
    ),
    Indicator(
        "七",
        Row("fees_collected", "依申请公开信息收取的费用", ("(依申请公开)(政府)?信息收取(的)?费用(总额|金额)?",)),
        "万元",
        amount=True,
    ),
    Indicator(
        "八", Row("", "机构建设和保障经费情况", ("(政府信息公开)?机构建设(和|及|与)(保障)?经费(保障)?(的)?情况",))
    ),
    Indicator(
        "八(一)",
        Row("org_offices", "政府信息公开工作专门机构数", ("(设立|设置)?(政府)?信息公开工作专门机构(个)?数",)),
        "个",
    ),
    Indicator(
        "八(二)",
        Row("org_reading_points", "设置政府信息公开查阅点数", ("(设立|设置)?(政府)?信息公开查阅(点|场所)(个)?数",)),
        "个",
    ),
    Indicator(
        "八(三)",
        Row("org_staff", "从事政府信息公开工作人员数", ("从事(政府)?信息公开工作(的)?人员(总)?(人)?数",)),
        "人",
    ),
    Indicator(
        "八(三)1",
        Row(
            "org_staff_full",
            "从事政府信息公开工作人员数/专职人员数（不包括政府公报及政府网站工作人员数）",
            ("专职(工作)?人员(人)?(数)?",),
            "org_staff",
        ),
        "人",
    ),
    Indicator(
        "八(三)2",
        Row("org_staff_part", "从事政府信息公开工作人员数/兼职人员数", ("兼职(工作)?人员(人)?(数)?",), "org_staff"),
        "人",
    ),
    Indicator(
        "八(四)",
        Row(
            "org_budget",
            "政府信息公开专项经费（不包括用于政府公报编辑管理及政府网站建设维护等方面的经费）",
            ("(政府)?信息公开(工作)?专项经费(总额|金额|数)?",),
        ),
        "万元",
        amount=True,
    ),
    Indicator("九", Row("", "政府信息公开会议和培训情况", ("(政府信息公开)?会议(和|及|与)培训(的)?情况",))),
    Indicator(
        "九(一)",
        Row(
            "mtg_count",
            "召开政府信息公开工作会议或专题会议数",
            ("召开(政府)?信息公开工作会议(或|和|及|、)?专题会议(次)?数",),
        ),
        "次",
    ),
    Indicator(
        "九(二)",
        Row("trn_classes", "举办各类培训班数", ("举办(各类)?(政府信息公开)?(工作)?培训班(总)?(次|期)?数",)),
        "次",
    ),
    Indicator("九(三)", Row("trn_people", "接受培训人员数", ("接受培训(的)?人员(人)?(次)?数",)), "人次"),
)

FORM = Form(
    id="y2014",
    document="国办发〔2014〕32号",
    first_year=2014,
    last_year=2018,
    statistics=STATISTICS,
)
