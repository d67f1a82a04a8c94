"""What messages keep of people, for the inventory."""

from __future__ import annotations

from portal.personal_data.inventory import ORDINARY, register_personal_fields


def register() -> None:
    """Register once, when the application is ready."""
    register_personal_fields(
        "notifications.Outbox",
        {"address": ORDINARY},
        purpose="发送办理进度提醒",
        basis="个人信息保护法第十三条第一款第一项",
        retention="送达或作废后由日常清理任务删除",
    )
