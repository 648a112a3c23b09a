"""Reports by the hundred thousand for tests/bench/build: text of shape A, figures that add up, prose of words by Zipf's law.

A report is the same for the same number. 350 are one county: 50 units over the years 2019 to 2025, 2019 and 2020 in the
older form. Every unit repeats about half of its sentences year by year, as real ones do.
"""

from dataclasses import dataclass
from itertools import accumulate
from random import Random

UNITS, YEARS = 50, range(2019, 2026)
COUNTY = UNITS * len(YEARS)
WORDS = 4000  # of the vocabulary
SENTENCES = 60  # a report: its prose has about 2,000 characters, the whole about 4,000
KEPT = 0.5  # of a unit's sentences stand in all of its years
CHARACTERS = "山水田林路桥村镇街区校医药农工商税法民众老幼书画诗歌音像网络线上下左右东西南北中内外前后新旧大小高低长短快慢多少冷热干湿明暗轻重远近真实虚美好丰盈安康和平顺达通明正直公允诚信友善勤俭节约清廉简洁规范细致周全及时准确完整统一协调创先争优学习宣传培训考核督查整改落实推进部署安排组织领导"
FIRST, SECOND = "松柳云石金银青白红黄龙凤虎鹤梅兰竹菊荷桂", "山河溪湖原岭坪湾口桥塘泉沟峰林谷岗坡洲渡"
ORGANS = "教育局 水务局 统计局 民政局 司法局 财政局 审计局 农业农村局 林业局 交通运输局 住房和城乡建设局 自然资源局 生态环境局 文化和旅游局 卫生健康委员会 应急管理局 市场监督管理局 医疗保障局 信访局 发展和改革局 科学技术局 工业和信息化局 公安局 人力资源和社会保障局 退役军人事务局 商务局 体育局 城市管理局 乡村振兴局 人民政府办公室".split()
COLUMNS = 6  # applicants, before the total
HEAD = "一、本年新收政府信息公开申请数量\t\t\t{}\n二、上年结转政府信息公开申请数量\t\t\t{}\n"
RESULTS = (
    "三、本年度办理结果\t（一）予以公开\t\t{}", "\t（二）部分公开（区分处理的，只计这一情形，不计其他情形）\t\t{}",
    "\t（三）不予公开\t1.属于国家秘密\t{}", "\t\t2.其他法律行政法规禁止公开\t{}", "\t\t3.危及“三安全一稳定”\t{}",
    "\t\t4.保护第三方合法权益\t{}", "\t\t5.属于三类内部事务信息\t{}", "\t\t6.属于四类过程性信息\t{}", "\t\t7.属于行政执法案卷\t{}",
    "\t\t8.属于行政查询事项\t{}", "\t（四）无法提供\t1.本机关不掌握相关政府信息\t{}", "\t\t2.没有现成信息需要另行制作\t{}",
    "\t\t3.补正后申请内容仍不明确\t{}", "\t（五）不予处理\t1.信访举报投诉类申请\t{}", "\t\t2.重复申请\t{}", "\t\t3.要求提供公开出版物\t{}",
    "\t\t4.无正当理由大量反复申请\t{}", "\t\t5.要求行政机关确认或重新出具已获取信息\t{}",
)  # fmt: skip
OTHER = {
    "y2021": (
        "\t（六）其他处理\t1.申请人无正当理由逾期不补正、行政机关不再处理其政府信息公开申请\t{}",
        "\t\t2.申请人逾期未按收费通知要求缴纳费用、行政机关不再处理其政府信息公开申请\t{}",
        "\t\t3.其他\t{}",
    ),
    "y2019": ("\t（六）其他处理\t\t{}",),
}
TAIL = "\t（七）总计\t\t{}\n四、结转下年度继续办理\t\t\t{}"
TABLE_TWO = {
    "y2021": "第二十条第（一）项\t\t\t\n信息内容\t本年制发件数\t本年废止件数\t现行有效件数\n规章\t0\t0\t0\n行政规范性文件\t{0}\t{1}\t{2}\n"
    "第二十条第（五）项\t\t\t\n信息内容\t本年处理决定数量\t\t\n行政许可\t{3}\t\t\n第二十条第（六）项\t\t\t\n信息内容\t本年处理决定数量\t\t\n"
    "行政处罚\t{4}\t\t\n行政强制\t{5}\t\t\n第二十条第（八）项\t\t\t\n信息内容\t本年收费金额（单位：万元）\t\t\n行政事业性收费\t{6}.5\t\t",
    "y2019": "第二十条第（一）项\t\t\t\n信息内容\t本年新制作数量\t本年新公开数量\t对外公开总数量\n规章\t0\t0\t0\n规范性文件\t{0}\t{1}\t{2}\n"
    "第二十条第（五）项\t\t\t\n信息内容\t上一年项目数量\t本年增/减\t处理决定数量\n行政许可\t{3}\t{0}\t{4}\n其他对外管理服务事项\t{1}\t0\t{5}\n"
    "第二十条第（六）项\t\t\t\n信息内容\t上一年项目数量\t本年增/减\t处理决定数量\n行政处罚\t{4}\t0\t{3}\n行政强制\t{5}\t0\t0\n"
    "第二十条第（八）项\t\t\t\n信息内容\t上一年项目数量\t本年增/减\t\n行政事业性收费\t{0}\t0\t\n"
    "第二十条第（九）项\t\t\t\n信息内容\t采购项目数量\t采购总金额\t\n政府集中采购\t{1}\t{6}.25 万元\t",
}
TABLE_THREE = (
    "(本列数据的勾稽关系为：第一项加第二项之和，等于第三项加第四项之和)\t\t\t申请人情况\t\t\t\t\t\t\n\t\t\t自然人\t法人或其他组织\t\t\t\t\t总计\n"
    "\t\t\t\t商业企业\t科研机构\t社会公益组织\t法律服务机构\t其他\t\n"
)
TABLE_FOUR = (
    "行政复议\t\t\t\t\t行政诉讼\t\t\t\t\t\t\t\t\t\n结果维持\t结果纠正\t其他结果\t尚未审结\t总计\t未经复议直接起诉\t\t\t\t\t复议后起诉\t\t\t\t\n"
    "\t\t\t\t\t结果维持\t结果纠正\t其他结果\t尚未审结\t总计\t结果维持\t结果纠正\t其他结果\t尚未审结\t总计\n"
)
HEADINGS = "总体情况 主动公开政府信息情况 收到和处理政府信息公开申请情况 政府信息公开行政复议、行政诉讼情况 存在的主要问题及改进情况 其他需要报告的事项".split()


def _vocabulary() -> tuple[str, ...]:
    """Words of two, three and four characters, the most frequent first."""
    random = Random("vocabulary")
    return tuple("".join(random.choices(CHARACTERS, k=random.choice((2, 2, 2, 3, 4)))) for _ in range(WORDS))


VOCABULARY = _vocabulary()
WEIGHTS = tuple(accumulate(1 / rank for rank in range(1, WORDS + 1)))


@dataclass(frozen=True, slots=True)
class Generated:
    """A generated report: where it belongs, and its document."""

    number: int
    region: str
    county: str
    unit: str
    year: int
    text: str

    @property
    def name(self) -> str:
        """A file name."""
        return f"{self.county}{self.unit}{self.year}年政府信息公开工作年度报告.txt"


def county(number: int) -> tuple[str, str]:
    """Code and name of the county that a report belongs to."""
    index = number // COUNTY
    return f"{110_000 + index:06}", f"{FIRST[index % 20]}{SECOND[index // 20 % 20]}{FIRST[index // 400 % 20]}县"


def report(number: int) -> Generated:
    """The report with a number."""
    region, name = county(number)
    which, year = number % COUNTY % UNITS, YEARS[number % COUNTY // UNITS]
    town = which - len(ORGANS)
    unit = ORGANS[which] if town < 0 else f"{FIRST[town % 20]}{SECOND[(town * 7 + 3) % 20]}镇人民政府"
    random = Random(number)
    form = "y2019" if year < 2021 else "y2021"
    always, fresh = Random(f"{region} {unit}"), random
    prose = [_sentence(always if always.random() < KEPT else fresh) for _ in range(SENTENCES)]
    parts = [prose[start : start + 12] for start in range(0, SENTENCES, 12)]
    received = random.choice((0, 0, 1, 2, 5, 17, 140))
    title = f"{name}{unit}{year}年政府信息公开工作年度报告"
    opening = f"根据《中华人民共和国政府信息公开条例》编制本报告。统计期限自{year}年1月1日起至{year}年12月31日止。"
    said = f"{year}年，主动公开政府信息{random.randrange(2000)}条，收到政府信息公开申请{received}件。"
    sections = (
        [said, *("".join(part) for part in parts[:3])],
        [TABLE_TWO[form].format(*(random.randrange(400) for _ in range(7)))],
        [TABLE_THREE + _table_three(random, form, received)],
        [TABLE_FOUR + _table_four(random)],
        ["".join(part) for part in parts[3:]],
        ["本年度没有收取信息处理费，没有其他需要报告的事项。"],
    )
    blocks = [title, opening]
    for numeral, heading, section in zip("一二三四五六", HEADINGS, sections, strict=True):
        blocks += [f"{numeral}、{heading}", *section]
    return Generated(number, region, name, unit, year, "\n\n".join(blocks) + "\n")


def _sentence(random: Random) -> str:
    words = random.choices(VOCABULARY, cum_weights=WEIGHTS, k=random.randrange(9, 17))
    words.insert(len(words) // 2, "，")
    return "".join(words) + "。"


def _table_three(random: Random, form: str, received: int) -> str:
    """Rows whose sums hold in every column."""
    rows = [*RESULTS, *OTHER[form]]
    new = [0] * COLUMNS
    for _ in range(received):
        new[random.choice((0, 0, 0, 1, 5))] += 1
    carried = [random.choice((0, 0, 1)) if count else 0 for count in new]
    closed = [random.randint(0, one + two) for one, two in zip(new, carried, strict=True)]
    results = [[0] * COLUMNS for _ in rows]
    for column, count in enumerate(closed):
        for _ in range(count):
            results[random.randrange(len(rows))][column] += 1
    left = [one + two - three for one, two, three in zip(new, carried, closed, strict=True)]
    lines = [line.format(_cells(counts)) for line, counts in zip(rows, results, strict=True)]
    return "\n".join(
        [HEAD.format(_cells(new), _cells(carried)) + lines[0], *lines[1:], TAIL.format(_cells(closed), _cells(left))]
    )


def _table_four(random: Random) -> str:
    blocks = []
    for _ in range(3):
        counts = [random.choice((0, 0, 0, 1, 2)) for _ in range(4)]
        blocks.append(_cells(counts))
    return "\t".join(blocks)


def _cells(counts: list[int]) -> str:
    return "\t".join(map(str, (*counts, sum(counts))))
