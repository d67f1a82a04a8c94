"""The first version of what applicants are told about their data (PIPL 17, 29, 30)."""

from __future__ import annotations

import datetime

from django.apps.registry import Apps
from django.db import migrations
from django.db.backends.base.schema import BaseDatabaseSchemaEditor

CODE = "veterans-support"
TEXT = """我们收集什么：姓名、身份证号、手机号、收款银行卡号、优抚身份，以及您上传的证明材料。
为什么收集：核对申请条件，计算金额，把钱发到本人账户。少了这些就无法办理。
谁能看到：退役军人服务站、工会审核人员、审批领导和财务人员，各看各自需要的部分。每次查看完整号码都会留下记录和理由。
对您有什么影响：公示时只显示“张*”这样的姓名、单位和事项，不公布身份证号、电话、银行卡号。
保存多久：办结后按档案保管期限保存，到期销毁。未提交的草稿可以随时删除。
您的权利：可以查看、复制、更正自己的信息，可以撤回同意。撤回以前已经做的处理仍然有效；撤回后无法继续办理。
找谁：退役军人服务站。您也可以在网站“我的个人信息”中提出。
"""


def add_notice(apps: Apps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    """Add version 1 where no version is."""
    notice = apps.get_model("personal_data", "PrivacyNotice")
    if notice.objects.filter(code=CODE).exists():
        return
    notice.objects.create(
        code=CODE,
        version=1,
        title="优待申请个人信息处理告知书",
        text=TEXT,
        sensitive_kinds=["identity", "bank", "status"],
        published_on=datetime.date(2026, 1, 1),
    )


class Migration(migrations.Migration):
    dependencies = [
        ("veterans", "0003_applications"),
        ("personal_data", "0001_reveals_consents_exports"),
    ]

    # A notice that somebody agreed to stays; going back leaves it.
    operations = [migrations.RunPython(add_notice, migrations.RunPython.noop)]
