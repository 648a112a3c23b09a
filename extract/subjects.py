"""Whose number a clause says: the organ named before its verb, compared with the publisher of the report.

县教育局收到申请5件 in the report of another organ, or of the county, says nothing of the report's own number; nor does 各部门收到
in the county's, whose towns are left out of it. Names are shortened: 教育局 may be 苇塘县教育体育局. Where a clause names nobody
before its verb, or names a place or a way (通过县政府网站公开), nothing is told.
"""

from __future__ import annotations

import re

_VERBS = (
    r"收到|受理|接收|接到|新收|收取|公开(?![栏平专目工网申指条电区点查制领年的]|信(?!息))|发布(?!会)|公布|推送|制发|制定|出台|印发|废止|举办|召开|组织|开展"
    r"|办理|答复|回复|办结|发生|因|被|行政复议|行政诉讼|未|没有|无(?![障线偿])"
)
_BETWEEN = r"(?:(?:20\d\d年|本年|当年|全年|年度|今年|度)|共计?|累计|合计|总计|分别|均|都|各|新|已|主动|依法|及时|另外?|也|\([^)]*\)|（[^）]*）)*"
_NAMED = re.compile(rf"[局委办室会心队所站院校司乡镇道处府部门位县市区州旗村厅](?={_BETWEEN}(?:{_VERBS}))")
_IS_ORGAN = re.compile(
    r"(?:局|(?<![主承督交转经举代协])办|办公室|委|委员会|管委会|协会|联合会|中心|[大支中]队|(?:卫生|服务|财政|派出|司法|税务|管理|监管|研究)所"
    r"|(?:服务|管理|工作|监督)站|[医法学]院|检察院|卫生院|研究院|[学分]校|公司|乡|镇|街道|办事处|政府|[织传]部|部门|单位|县|市|区|州|旗|村|厅)$"
)
_LEAD = re.compile(
    r"^(?:其中|另外?|同时|此外|如|例如|而|且|由|[，：:]|(?:截至|截止到?|自|从)?(?:20\d\d年度?(?:\d+月(?:\d+日)?)?|本年度?|今年|全年|年内)[以之]?[来内底末初中间]?)*"
)
_NO_NAME = re.compile(
    r"在|通过|依托|利用|[向对按以从于把将到据]|经(?!济)|公开|信息|督促|指导|推动|要求|上报|[^\u4e00-\u9fff、（）()0-9]"
)
_OWN = re.compile(r"我们?(?=.)|本(?=[局委办中院镇乡街单机部厅县市区])|^全[局镇乡委院办校]")
_CLASSES = re.compile(
    r"各|\d+[个家]|[县市区]直|[所下]属|(?:其他|有关|相关|部分|个别|成员|责任|乡镇)(?:部门|单位|街道)?$|乡镇(?:和|、)街道|^部门、"
)
_TOWNS, _DEPARTMENTS = re.compile("[乡镇街]"), re.compile("部门|单位|机关|局|级")
_INSIDE = re.compile(r"^(?:党|机关|支部|办公室|综合|政务|该|单位$|部门$|政府$)")
_SHORT = (
    ("人民政府", "政府"),
    ("办公室", "办"),
    ("管理委员会", "管委"),
    ("委员会", "委"),
    ("管委会", "管委"),
    ("街道办事处", "街道"),
)
_BEHIND = re.compile(r"(?<=.)政府$|(?<=街道)办$|办事处$")
_JOINED = re.compile(r"[、和及与]|以及")


def other(clause: str, publisher: str, whole: bool) -> bool | None:
    """True where another organ than the publisher does what a clause tells, False where it does; None where nothing tells.

    `whole`: the report is a county's, of all its organs.
    """
    for found in _NAMED.finditer(clause):
        name = clause[_LEAD.match(clause).end() : found.end()]  # type: ignore[union-attr]  # it matches nothing too
        if len(name) > 1 and _IS_ORGAN.search(name):
            return None if _NO_NAME.search(name) else _is_other(name, publisher, whole)
    return None


def _is_other(name: str, publisher: str, whole: bool) -> bool | None:
    if _CLASSES.search(name):
        return None if whole and _TOWNS.search(name) and _DEPARTMENTS.search(name) else True
    parts = [part for part in _JOINED.split(name) if part]
    if all(map(_OWN.search, parts)):
        return False
    if is_short_for(name, publisher):
        return False
    if re.fullmatch("全[县市区州旗]", name) or (not whole and _is_inside(name, publisher)):
        return None
    return any(not _OWN.search(part) and not is_short_for(part, publisher) for part in parts)


def _is_inside(name: str, publisher: str) -> bool:
    """Whether a name may be that of an office inside of the publisher: 办公室, 局办公室 of a 局, 镇党委 of a 镇."""
    kind = re.search(r"街道$|.$", _plain(publisher))
    inside = kind is not None and name.startswith(kind[0]) and name[len(kind[0]) :][:1] not in ("镇", "、", "和")
    return inside or _INSIDE.search(name) is not None


def is_short_for(name: str, publisher: str) -> bool:
    """Whether a name may be that of the publisher: one is the other with signs left out, and both end alike."""
    short, long = sorted((_plain(name), _plain(publisher)), key=len)
    if short.endswith("区"):
        long = long.removesuffix("管委")
    signs = iter(long)
    return bool(short) and short[-1] == long[-1] and all(sign in signs for sign in short)


def _plain(name: str) -> str:
    for written, short in _SHORT:
        name = name.replace(written, short)
    return _BEHIND.sub("", name) or name
