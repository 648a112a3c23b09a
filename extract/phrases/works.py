"""规范性文件, 复议 and 诉讼, 培训 and 会议."""

from . import EXACT, pattern

_FILES = r"(?:件|份|个|部)"
_DOCUMENTS = r"(?:行政|党政|政府)?规范性文件"
_SUM = r"(?:案件|申请|案|事项|数量|总数|数|共|共计|累计|合计|为|是|收到|受理|发生)*"
_CASES = r"(?:件|起|宗|例|次)"
# What may stand between 未发生 and the remedy it denies.
_OVER = (
    r"(?:发生|收到|出现|引发|产生|提起|接到|有)?(?:过)?(?:任何)?(?:一[起件])?(?:因|由|涉及|有关|关于|公民、法人(?:和|或|及)其他组织|公开政府信息|政府信息公开|政务公开|信息公开|依申请公开|"
    r"公开工作|因公开|工作|申请|引起|引发|导致|产生|提起|而|的|被|案件|情况|事件|行政|复议|诉讼|投诉|举报|申诉|和|或者|或|及|以及|与|、)*"
)
# What follows a remedy that there was not: nothing more, or another remedy. 未申请复议的 is a condition, 无复议后起诉 and 无复议超期 deny more.
_SAID = (
    r"(?=(?:的?(?:案件|案|申请|情况|情形|事项|事件|现象|问题|发生|产生|出现|书|数量|结果)|等|均|的?投诉|的?举报|的?申诉|的?信访)*"
    r"(?:$|[，。；、：,;(（）)]|和|及|与|或|以及|并|也|且|而|行政诉讼|诉讼|被(?:申请|起诉|提起|诉)|提起))"
)
_NO = r"(?:未|没有|无)(?!经)"
_ZERO_BOTH = rf"行政复议(?:案件)?(?:、|和|及|与|或|以及)(?:提起)?(?:行政)?诉讼(?:案件|申请|情况|事项|数量)*(?:均|各|共|都)*(?:为|是)?(0){_CASES}"
# Cases of another kind, or of another organ: who decides on reviews, or acts for the county, is not who was complained of.
# 行政复议30件 are the organ's own where that is said to be about 公开, or under that heading: some organs decide on those of all.
_TIE = (
    r"(?:因(?!地|此|故)|涉及?|不服)[^，。]{0,12}公开|公开[^，。]{0,8}(?:申请|答复|复议|诉讼)|公开[^，。]{0,6}引[起发]"
)
_HINT = r"被(?:申请|提起|诉|复议)"
_OTHERS = r"(?:非|其他|其它|不涉及|除)(?:因)?(?:政府|政务)?(?:信息公开)?(?:类|的)?(?:行政复议|行政诉讼)|无关|复议机关|代理|代表.{0,6}政府"
_MEET = r"(?:召开|组织召开|举行)"
_TRAIN = r"(?:举办|组织|开展|召开|组织开展|组织召开)(?:了)?"
_OF_US = r"[^，。；、\d]{0,14}?"


PATTERNS = (
    pattern(
        "n_normative_issued", "件", "规范性文件",
        (
            rf"(?:制发|制定|出台|印发|新制定)(?:并(?:公开|发布|公布))?(?:了)?{_DOCUMENTS}(?:共|共计|为)?{EXACT}(\d+){_FILES}",
            rf"{_DOCUMENTS}(?:本年)?(?:制发|制定|出台|印发)(?:数量|数)?(?:共|为)?{EXACT}(\d+){_FILES}",
            rf"(?:制发|制定|出台|印发){EXACT}(\d+){_FILES}{_DOCUMENTS}",
        ),
        none=(rf"(?:未|没有)(?:制发|制定|出台|印发)(?:过)?{_DOCUMENTS}",),
        unless="审查|审核|代.{0,8}(?:政府|县委|市委|区委)", whole=True,
    ),
    pattern(
        "n_normative_repealed", "件", "规范性文件",
        (rf"(?:废止|宣布失效)(?:了)?{_DOCUMENTS}(?:共|为)?{EXACT}(\d+){_FILES}", rf"{_DOCUMENTS}(?:本年)?废止(?:数量|数)?(?:共|为)?{EXACT}(\d+){_FILES}"),
        none=(rf"(?:未|没有)废止(?:过)?{_DOCUMENTS}",),
        whole=True,
    ),
    pattern(
        "n_normative_in_force", "件", "规范性文件",
        (rf"(?:现行|继续)有效(?:的)?{_DOCUMENTS}(?:共|为)?{EXACT}(\d+){_FILES}", rf"{_DOCUMENTS}(?:现行|继续)有效(?:件数|数量|数)?(?:共|为)?{EXACT}(\d+){_FILES}"),
        whole=True,
    ),
    pattern(
        "n_normative_published", "件", "规范性文件",
        (rf"(?:公开|发布|公布)(?:了)?{_DOCUMENTS}(?:共|共计|为)?{EXACT}(\d+)(?:件|份|个|部|条)",),
        unless="制发|制定|出台|印发", whole=True,
    ),
    pattern(
        "n_reviews", "件", "复议",
        (
            rf"行政复议{_SUM}{EXACT}(\d+){_CASES}",
            rf"{EXACT}(\d+)(?:件|起|宗|例)(?:因)?(?:政府信息公开)?(?:引起的?|引发的?|的)?行政复议",
            _ZERO_BOTH,
        ),
        none=(rf"{_NO}{_OVER}复议{_SAID}",),
        unless=rf"结果|维持|纠正|纠错|撤销|审结|败诉|{_OTHERS}", tie=_TIE, hint=_HINT, under="复议",
    ),
    pattern(
        "n_litigation", "件", "诉讼 起诉 被诉",
        (
            rf"(?<!复议、)(?<!复议和)(?<!复议及)(?<!复议与)(?<!复议或)行政诉讼{_SUM}{EXACT}(\d+){_CASES}",
            rf"{EXACT}(\d+)(?:件|起|宗|例)(?:因)?(?:政府信息公开)?(?:引起的?|引发的?|的)?行政诉讼",
            _ZERO_BOTH,
        ),
        none=(rf"{_NO}{_OVER}(?:诉讼|被起诉|被诉|复议(?:或者?|和|及|、)起诉){_SAID}",),
        unless=rf"结果|维持|纠正|纠错|撤销|审结|败诉|胜诉|{_OTHERS}", tie=_TIE, hint=_HINT, under="诉讼",
    ),
    pattern(
        "n_trainings", "次", "培训",
        (
            rf"{_TRAIN}{_OF_US}培训(?:班|会|活动|工作)?(?:共|共计|累计)?{EXACT}(\d+)(?:次|期|场次|场|个)",
            rf"{_TRAIN}{EXACT}(\d+)(?:次|期|场次|场|个){_OF_US}培训",
        ),
        none=(r"(?:未|没有)(?:举办|组织|开展|召开)(?:过)?[^，。；\d]{0,10}?培训",),
        about="公开", unless="参加|参训|技能|就业|安全生产|党员",
    ),
    pattern(
        "n_trainings_attended", "次", "培训",
        (rf"参加(?:了)?{_OF_US}培训(?:班|会|活动)?(?:共|共计|累计)?{EXACT}(\d+)(?:次|期|场次|场)", rf"参加(?:了)?{_OF_US}、{_OF_US}培训(?:班|会|活动)?(?:共|共计)?{EXACT}(\d+)(?:次|期|场)"),
        about="公开", unless="技能|就业|安全生产|党员",
    ),
    pattern(
        "n_training_people", "人次", "培训",
        (rf"培训{_OF_US}{EXACT}(\d+)(?:余)?人次", rf"(?:接受|参加)培训(?:的)?(?:人员|干部)?(?:共|共计|累计|数)?{EXACT}(\d+)人次?"),
        about="公开", unless="技能|就业|安全生产|党员",
    ),
    pattern(
        "n_meetings", "次", "会议 推进会 专题会 调度会 例会 工作会",
        (
            rf"{_MEET}(?:了)?[^，。；、\d]{{0,18}}?(?:会议|推进会|专题会|调度会|例会|工作会)(?:共|共计|累计)?{EXACT}(\d+)(?:次|场)",
            rf"{_MEET}(?:了)?{EXACT}(\d+)(?:次|场)[^，。；、\d]{{0,18}}?(?:会议|推进会|专题会|调度会|例会|工作会)",
        ),
        about="公开", unless="培训|发布会|座谈",
    ),
)  # fmt: skip
