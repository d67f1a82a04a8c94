"""Public notices for tests. All texts are invented."""

from __future__ import annotations

import datetime
import itertools
from typing import Any

from portal.people.models import User
from portal.public_notices.entries import entry
from portal.public_notices.models import PublicNotice
from portal.public_notices.services import draft_notice, publish_notice
from tests.factories.organizations import company
from tests.factories.people import make_user

_numbers = itertools.count(1)
# A Monday without holidays near it.
MONDAY = datetime.date(2026, 11, 23)


def make_notice(**fields: Any) -> PublicNotice:
    """Create a draft about the housing allowance of two people, run by the topmost unit."""
    number = next(_numbers)
    values: dict[str, Any] = {
        "owner_kind": "test",
        "owner_id": str(number),
        "section": "veterans",
        "title": f"关于2026年住房补贴拟发放对象的公示（{number}）",
        "subject": "住房补贴",
        "basis": "《退役军人住房补贴办法（2026年版）》第六条",
        "entries": [
            entry("张三", "采煤一队", "住房补贴", "5000元至10000元"),
            entry("欧阳明月", "机电科", "住房补贴", "5000元以下"),
        ],
        "phone": "0350-5550118",
        "address": "办公楼一层退役军人服务站",
        "unit": fields.pop("unit", None) or company(),
    }
    return draft_notice(**{**values, **fields})


def make_running_notice(
    today: datetime.date = MONDAY,
    *,
    drafted_by: User | None = None,
    approved_by: User | None = None,
    **fields: Any,
) -> Any:
    """Create a notice that was published on a day, by two people unless told otherwise."""
    notice = make_notice(**fields)
    return publish_notice(
        notice,
        drafted_by or make_user("veterans_officer"),
        approved_by or make_user("party_approver"),
        today=today,
    )
