"""The columns of a catalogue: 归档文件目录 (DA/T 22-2015) and the scanning data of DA/T 46-2009."""

from __future__ import annotations

from portal.archives.spreadsheets import Column

COLUMNS = (
    Column("number", "序号", ("顺序号",), width=6, example="1", explanation="可不填，不入库。"),
    Column(
        "old_code",
        "原档号",
        ("档号", "旧档号", "老档号", "案卷档号"),
        width=26,
        example="Q001-WS·2012-Y-DZB-0001",
        explanation="纸质档案上的档号。填写的不得重复；入库后由系统另编档号，原档号保留可查。",
    ),
    Column("reference", "文号", ("文件编号", "发文字号"), width=20, example="沁岚党发〔2012〕3号"),
    Column(
        "author", "责任者", ("责任人", "作者"), width=20, example="中共沁岚能源集团有限公司委员会"
    ),
    Column(
        "title",
        "题名",
        ("文件题名", "标题", "文件名称", "题目"),
        required=True,
        width=40,
        example="关于2012年度党支部换届选举结果的批复",
        explanation="不超过255个字。原件无题名的，自拟题名并加方括号[ ]。",
    ),
    Column(
        "date",
        "日期",
        ("成文日期", "形成日期", "文件日期", "时间"),
        required=True,
        width=12,
        example="20120315",
        explanation="8位数字20120315，或2012-3-15、2012.3.15、2012年3月15日，或Excel日期；须有年月日。",
    ),
    Column(
        "secrecy",
        "密级",
        width=8,
        explanation="只可为空、公开或内部。涉密件不得进入非涉密网络，含涉密件的目录整批退回。",
    ),
    Column("pages", "页数", ("页次", "页"), width=6, example="4", explanation="整数。"),
    Column("remark", "备注", ("附注",), width=20),
    Column(
        "year",
        "年度",
        ("归档年度", "年份"),
        required=True,
        width=8,
        example="2012",
        explanation="4位数字，与日期的年份一致。",
    ),
    Column(
        "class",
        "类别号",
        ("类别", "门类", "分类号", "机构或问题", "机构问题", "机构(问题)"),
        required=True,
        width=10,
        example="DQ02",
        explanation="分类方案中的类别代码或名称，如DQ02或组织工作。",
    ),
    Column(
        "period",
        "保管期限",
        ("期限",),
        required=True,
        width=10,
        example="永久",
        explanation="永久、30年、10年，或Y、D30、D10。",
    ),
    Column(
        "unit",
        "单位代码",
        ("责任单位代码", "归档单位代码", "单位", "归档单位", "责任单位"),
        required=True,
        width=14,
        example="QL-DW",
        explanation="机构表中的代码或全称；决定谁能查阅。已撤销的单位也可填写。",
    ),
    Column("box", "盒号", ("档案盒号", "盒"), width=10, example="2012-Y-01"),
    Column(
        "physical_form",
        "数字化对象形态",
        ("对象形态",),
        width=16,
        example="A4单面",
        explanation="DA/T 46 M53：原件的幅面、装订等，如A4单面、A3折页、线装。",
    ),
    Column(
        "resolution",
        "扫描分辨率",
        ("分辨率",),
        width=12,
        example="300dpi",
        explanation="DA/T 46 M54：如200dpi、300dpi。",
    ),
    Column(
        "color_model",
        "扫描色彩模式",
        ("色彩模式",),
        width=14,
        example="彩色",
        explanation="DA/T 46 M55：彩色、灰度或黑白二值。",
    ),
    Column(
        "compression",
        "图像压缩方案",
        ("压缩方案", "压缩方式"),
        width=14,
        example="JPEG",
        explanation="DA/T 46 M56：如JPEG、CCITT G4、JPEG 2000、无压缩。",
    ),
    Column(
        "files",
        "文件名",
        ("扫描件", "扫描件文件名", "电子文件名", "图像文件名", "计算机文件名"),
        required=True,
        width=26,
        example="0001.pdf",
        explanation="压缩包中的文件名（含扩展名），多个用分号或换行隔开；只收PDF、JPG、TIF。",
    ),
)
NOTES = (
    "第一行是示例，填写前请删除。",
    "表头可以合并单元格，列的次序可以改变，可以增加其他列（不入库）。",
    "压缩包用ZIP格式，不加密，不套压缩包；文件可以放在文件夹里，文件名不得重复。",
    "目录与压缩包必须一一对应：少文件、多文件都会整批退回，并指出行和列。",
)
SECRECY = {"": "", "公开": "", "无": "", "非密": "", "内部": "内部", "内部资料": "内部"}
PERIODS = {
    **{"永久": "Y", "Y": "Y", "长期永久": "Y"},
    **{"30年": "D30", "D30": "D30", "定期30年": "D30", "定期三十年": "D30", "三十年": "D30"},
    **{"10年": "D10", "D10": "D10", "定期10年": "D10", "定期十年": "D10", "十年": "D10"},
}
