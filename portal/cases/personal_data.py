"""What cases keep of people, for the inventory and for whoever asks for the own data."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.utils.translation import gettext_lazy as _

from portal.cases.models import Case
from portal.personal_data.inventory import ORDINARY, register_personal_fields
from portal.personal_data.kinds import SensitiveKind
from portal.personal_data.my_data import register_my_data

BASIS = "个人信息保护法第十三条第一款第一项、第二十九条（单独同意）"
RETENTION = "办结后随案卷，按归档范围和保管期限表"


def _cases(person: Any, user: Any) -> Iterable[Any]:
    for case in Case.objects.of_person(person):
        yield {
            str(_("Case number")): case.number or str(_("Draft")),
            str(_("Matter")): case.item,
            str(_("State")): str(case.standing.name),
            str(_("Handed in at")): case.submitted_at,
            str(_("Closed at")): case.closed_at,
        }


def register() -> None:
    """Register once, when the application is ready."""
    register_personal_fields(
        "cases.Case",
        {"tracking_tail": SensitiveKind.IDENTITY, "applicant": ORDINARY, "beneficiary": ORDINARY},
        purpose="办理事项，凭查询码和身份证号后四位查询进度",
        basis=BASIS,
        retention=RETENTION,
    )
    register_personal_fields(
        "cases.CaseEvent",
        {"note_public": ORDINARY, "note_internal": ORDINARY},
        purpose="告知申请人办理理由，办理人员之间交接",
        basis=BASIS,
        retention=RETENTION,
    )
    register_personal_fields(
        "cases.PhoneCall",
        {"result": ORDINARY},
        purpose="短信不能送达时电话告知申请人",
        basis=BASIS,
        retention=RETENTION,
    )
    register_personal_fields(
        "cases.DeclaredRelative",
        {
            "person": ORDINARY,
            "relative": ORDINARY,
            "name": ORDINARY,
            "identity_number": SensitiveKind.IDENTITY,
        },
        purpose="办理人员回避：本人及近亲属的事项由同事办理",
        basis="个人信息保护法第十三条第一款第三项；公职人员回避要求",
        retention="任职期间；声明终止后随回避记录保存",
    )
    register_personal_fields(
        "cases.ExtensionRequest",
        {"reason": ORDINARY, "answer": ORDINARY},
        purpose="经批准延长办理期限，理由告知申请人",
        basis="行政许可法第四十二条",
        retention=RETENTION,
    )
    register_personal_fields(
        "cases.ClosedFile",
        {"content": SensitiveKind.STATUS, "shown": ORDINARY},
        purpose="案卷归档",
        basis="档案法第十三条；个人信息保护法第十三条第一款第三项",
        retention=RETENTION,
    )
    register_personal_fields(
        "cases.Rating",
        {"words": ORDINARY},
        purpose="改进服务；被评价人看不到评价人",
        basis="国办发〔2019〕51号；自愿填写",
        retention=RETENTION,
    )
    register_my_data("cases", _("Applications and cases"), _cases)
