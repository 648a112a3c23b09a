"""Form y2019: 国办公开办函〔2019〕60号 (格式（试行）), for the years 2019 and 2020; 22 + 161 + 15 figures.

Table 三 differs from y2021 in one place only: （六）其他处理 is one row. Table 四 is the same.
"""

from . import Column, Form, Row, SubTable, y2021

T2 = (
    SubTable(
        "第二十条第（一）项",
        (
            Column("newly_made", ("本年新制作数量",)),
            Column("newly_published", ("本年新公开数量",)),
            Column("published_total", ("对外公开总数量",)),
        ),
        (
            Row("regulations", "规章", ("规章",)),
            Row("normative_documents", "规范性文件", ("(行政)?规范性文件",)),
        ),
    ),
    SubTable(
        "第二十条第（五）项",
        (
            Column("prev_items", ("上一年项目数量",), "项"),
            Column("change", ("本年增/减", "本年增减", "本年增/"), "项", signed=True),
            Column("decisions", ("处理决定数量",)),
        ),
        (
            Row("licensing", "行政许可", ("行政许可",)),
            Row("other_admin_services", "其他对外管理服务事项", ("其他对外管理服务事项",)),
        ),
    ),
    SubTable(
        "第二十条第（六）项",
        (
            Column("prev_items", ("上一年项目数量",), "项"),
            Column("change", ("本年增/减", "本年增减", "本年增/"), "项", signed=True),
            Column("decisions", ("处理决定数量",)),
        ),
        (
            Row("penalty", "行政处罚", ("行政处罚",)),
            Row("coercion", "行政强制", ("行政强制",)),
        ),
    ),
    SubTable(
        "第二十条第（八）项",
        (
            Column("prev_items", ("上一年项目数量",), "项"),
            Column("change", ("本年增/减", "本年增减", "本年增/"), "项", signed=True),
        ),
        (Row("admin_fees", "行政事业性收费", ("行政事业性收费",)),),
    ),
    SubTable(
        "第二十条第（九）项",
        (
            Column("procurement_items", ("采购项目数量",), "项"),
            Column("procurement_amount", ("采购总金额",), "万元", amount=True),
        ),
        (Row("central_procurement", "政府集中采购", ("政府集中采购",)),),
    ),
)

T3_OTHER = (Row("other_total", "(六)其他处理", ("其他处理",), "results"),)

FORM = Form(
    id="y2019",
    document="国办公开办函〔2019〕60号",
    first_year=2019,
    last_year=2020,
    t2=T2,
    t3_columns=y2021.T3_COLUMNS,
    t3_rows=y2021.T3_HEAD + T3_OTHER + y2021.T3_TAIL,
    t4_columns=y2021.T4_COLUMNS,
    t4_blocks=y2021.T4_BLOCKS,
    sections=y2021.SECTIONS,
)
