"""Real attachments of the demo pages, made by code: sheets, one-page papers, sounds."""

from __future__ import annotations

import io
import math
import struct
import wave
from collections.abc import Sequence
from datetime import datetime

from openpyxl import Workbook  # type: ignore[import-untyped]
from openpyxl.styles import Alignment, Border, Font, Side  # type: ignore[import-untyped]

from portal.demo.organization import PEOPLE, UNITS
from portal.demo.texts import Attachment

FICTION = "演示数据，纯属虚构"
_SAMPLES_A_SECOND = 16_000
_NOTES: dict[str, tuple[tuple[float, float, float], ...]] = {
    # Start in seconds, length in seconds, pitch in hertz.
    "chime": ((0.0, 1.4, 659.3), (1.0, 1.4, 523.3), (2.0, 1.6, 392.0)),
    "alarm": ((0.0, 0.3, 880.0), (0.5, 0.3, 880.0), (1.0, 0.3, 880.0), (1.7, 2.2, 660.0)),
}
_CHECKS: dict[str, tuple[str, ...]] = {
    "二水平回风系统检查单": (
        "一号风门闭锁间隙不大于5毫米",
        "二号风门开停传感器动作正常",
        "测风站牌板数据与本旬测定一致",
        "局部通风机吸风口两米内无杂物",
        "回风巷无积水、无片帮",
        "瓦斯传感器悬挂高度和校验日期",
        "自救器携带和压风自救装置可用",
    ),
    "化学水车间五十二点检查表": (
        "药品柜：过期、标签、双人双锁",
        "酸碱储罐液位计与围堰",
        "洗眼器水压不低于0.2兆帕",
        "氨水间排风扇转向与联锁",
        "应急处置卡与防护用品",
        "化验台接地与用电",
        "安全类工单有无超过三天未认领",
    ),
    "问卷题目样张": (
        "我对工资水平与付出相称的感受",
        "我对培训机会的感受",
        "我对井下或车间作业环境的感受",
        "我对意见箱答复的感受",
        "我对文体活动参与便利的感受",
        "我觉得工作压力可以承受",
        "一条最想说的建议",
    ),
    "归档前自查表": (
        "支部工作手册已由书记签字",
        "签到表、选票为原件",
        "会议记录日期与正文一致",
        "附件齐全，页码连续",
        "照片写明时间、地点、人物、事件",
        "电子文件能打开，格式符合附表",
        "未经审核的记录已剔除",
    ),
    "合理化建议填写样表": (
        "现状：写得清——每班清煤两百次，用时四十分钟",
        "现状：写不清——清煤很累，效率不高",
        "措施：写得清——加装自动退让刮板，图见附页",
        "措施：写不清——建议领导重视",
        "效益：写得清——人工、皮带损耗分列计算",
        "效益：写不清——效益可观",
    ),
}
_HONORED = (
    ("优秀共产党员", "李建民", "采煤一队党支部", "QLRY-2026-党-0001"),
    ("优秀共产党员", "赵春梅", "选煤厂党支部", "QLRY-2026-党-0002"),
    ("优秀共产党员", "孟凡林", "北坡煤矿通风瓦斯党支部", "QLRY-2026-党-0003"),
    ("优秀共产党员", "岳红霞", "北坡煤矿通风瓦斯党支部", "QLRY-2026-党-0004"),
    ("优秀党务工作者", "王志远", "机关第一党支部", "QLRY-2026-党-0013"),
    ("优秀党务工作者", "韩玉成", "北坡煤矿通风瓦斯党支部", "QLRY-2026-党-0014"),
    ("先进基层党组织", "—", "北坡煤矿通风瓦斯党支部", "QLRY-2026-党-0018"),
    ("先进基层党组织", "—", "机电运输队党支部", "QLRY-2026-党-0019"),
    ("先进基层党组织", "—", "机关第一党支部", "QLRY-2026-党-0020"),
)


def attachment_file(item: Attachment, unit: str) -> tuple[str, bytes]:
    """Make one attachment; the sign-in sheet lists the people of the unit's branch.

    Returns:
        File name with its ending, and the bytes.

    Raises:
        KeyError: there is no attachment of that key.
    """
    match item.key:
        case "sign_in_sheet":
            return f"{item.title}.xlsx", _sign_in_sheet(item.title, unit)
        case "checklist":
            rows = [
                (number, check, "", "", "")
                for number, check in enumerate(_CHECKS[item.title], start=1)
            ]
            header = ("序号", "检查内容", "结果", "整改人", "复查签字")
            return f"{item.title}.xlsx", _sheet(item.title, header, rows, (6, 46, 12, 12, 14))
        case "roster":
            titles = ("称号", "姓名", "单位", "证书编号")
            return f"{item.title}.xlsx", _sheet(item.title, titles, _HONORED, (18, 12, 30, 24))
        case "programme":
            return f"{item.title}.pdf", _programme(item.title)
        case "application_form":
            return f"{item.title}.pdf", _application_form(item.title)
    raise KeyError(item.key)


def sound_bytes(key: str) -> tuple[bytes, float]:
    """Make a short sound as WAV (16 bits, one channel).

    Returns:
        The file and its length in seconds.

    Raises:
        KeyError: there is no sound of that key.
    """
    notes = _NOTES[key]
    length = max(start + lasting for start, lasting, _ in notes)
    samples = [0.0] * int(length * _SAMPLES_A_SECOND)
    for start, lasting, pitch in notes:
        first = int(start * _SAMPLES_A_SECOND)
        for index in range(int(lasting * _SAMPLES_A_SECOND)):
            moment = index / _SAMPLES_A_SECOND
            # A bell fades; the short rise and fall keep the loudspeaker from clicking.
            fade = math.exp(-2.2 * moment) if key == "chime" else 1.0
            edge = min(1.0, moment / 0.01, (lasting - moment) / 0.02)
            tone = math.sin(2 * math.pi * pitch * moment)
            overtone = 0.3 * math.sin(4 * math.pi * pitch * moment)
            samples[first + index] += 0.32 * fade * edge * (tone + overtone)
    written = io.BytesIO()
    with wave.open(written, "wb") as sound:
        sound.setnchannels(1)
        sound.setsampwidth(2)
        sound.setframerate(_SAMPLES_A_SECOND)
        clipped = (max(-1.0, min(1.0, sample)) for sample in samples)
        sound.writeframes(b"".join(struct.pack("<h", int(32_000 * value)) for value in clipped))
    return written.getvalue(), length


def _sign_in_sheet(title: str, unit: str) -> bytes:
    rows = [
        (number, person.name, person.position, "（本人签字）", "")
        for number, person in enumerate(
            (person for person in PEOPLE if person.branch == unit), start=1
        )
    ]
    header = ("序号", "姓名", "岗位", "签到", "备注（缺席原因）")
    return _sheet(title, header, rows, (6, 14, 24, 16, 24))


def _sheet(
    title: str,
    header: Sequence[str],
    rows: Sequence[Sequence[object]],
    widths: tuple[int, ...],
) -> bytes:
    book = Workbook()
    book.properties.creator = "沁岚能源集团有限公司（演示）"
    book.properties.created = book.properties.modified = datetime(2026, 1, 1)
    page = book.active
    page.title = title[:28]
    page.append([title])
    page.append([FICTION])
    page.append(list(header))
    for row in rows:
        page.append(list(row))
    last = len(header)
    for line in (1, 2):
        page.merge_cells(start_row=line, start_column=1, end_row=line, end_column=last)
    page["A1"].font = Font(name="SimHei", size=16, bold=True)
    page["A2"].font = Font(name="SimSun", size=9, color="808080")
    thin = Side(style="thin", color="999999")
    for cells in page.iter_rows(min_row=3, max_row=page.max_row, max_col=last):
        for cell in cells:
            cell.border = Border(left=thin, right=thin, top=thin, bottom=thin)
            cell.alignment = Alignment(vertical="center", wrap_text=True)
            if cell.row == 3:
                cell.font = Font(bold=True)
    page["A1"].alignment = page["A2"].alignment = Alignment(horizontal="center")
    for number, width in enumerate(widths):
        page.column_dimensions["ABCDEFG"[number]].width = width
    page.page_setup.paperSize = page.PAPERSIZE_A4
    page.page_setup.fitToWidth = 1
    written = io.BytesIO()
    book.save(written)
    return written.getvalue()


def _programme(title: str) -> bytes:
    points = (
        ("14:30", "唱国歌", "全体"),
        ("14:35", "宣读《关于表彰2026年度先进集体和个人的决定》", "秦伯安"),
        ("14:50", "颁奖", "梁启岳、沈维钧"),
        ("15:10", "先进代表发言", "孟凡林"),
        ("15:15", "先进代表发言", "赵春梅、柴俊杰"),
        ("15:30", "党委书记讲话", "梁启岳"),
        ("16:00", "散会", ""),
    )
    rows = "".join(
        f"<tr><td>{when}</td><td>{what}</td><td>{who}</td></tr>" for when, what, who in points
    )
    return pdf_form(
        title,
        "<p>时间：2026年6月30日14:30　地点：职工活动中心　主持：王志远</p>"
        f"<table><tr><th>时间</th><th>内容</th><th>人员</th></tr>{rows}</table>",
    )


def _application_form(title: str) -> bytes:
    fields = (
        "姓名",
        "工号",
        "所在单位",
        "人员类别",
        "联系电话",
        "申请事项",
        "情况说明",
        "随附材料（逐项写明）",
        "代办人及授权（如有）",
        "本人签字和日期",
    )
    rows = "".join(f"<tr><th>{name}</th><td></td></tr>" for name in fields)
    return pdf_form(
        title,
        f"<table class='form'>{rows}</table>"
        "<p>填写说明：材料不全的，服务站五个工作日内一次告知；办理进度可凭受理编号在门户查询。</p>"
        "<p>服务站：办公楼一层110室　电话：0000-1235　受理时间：工作日8:30至17:30</p>",
    )


def pdf_form(title: str, body: str) -> bytes:
    # Imported here: drawing a PDF loads Pango, which most commands never need.
    from weasyprint import HTML

    company = next(unit.name for unit in UNITS if not unit.parent)
    style = (
        "@page{size:A4;margin:28mm 24mm}"
        "body{font-family:'Noto Serif CJK SC','Source Han Serif SC','SimSun',serif;"
        "font-size:12pt;line-height:1.8}"
        "h1{font-size:20pt;text-align:center;color:#a80d1b;margin:0 0 4mm}"
        ".from{text-align:center;border-bottom:1.5pt solid #a80d1b;padding-bottom:4mm}"
        "table{width:100%;border-collapse:collapse;margin:6mm 0}"
        "th,td{border:.6pt solid #777;padding:2.4mm 3mm;text-align:left}"
        ".form th{width:32%;font-weight:600}.form tr{height:13mm}"
        ".fiction{color:#888;font-size:9pt;text-align:center;margin-top:10mm}"
    )
    document = (
        f"<html lang='zh-CN'><head><title>{title}</title><style>{style}</style></head><body>"
        f"<h1>{title}</h1><p class='from'>{company}</p>{body}<p class='fiction'>{FICTION}</p>"
        "</body></html>"
    )
    # The identifier comes from the title, so that the same form is the same file.
    pdf = HTML(string=document).write_pdf(pdf_identifier=title.encode())
    if not isinstance(pdf, bytes):
        raise TypeError("Without a target the PDF comes back as bytes.")
    return pdf
