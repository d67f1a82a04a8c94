"""The time limits of an application for support: days of the standard that binds the case."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from portal.cases.flow import Clock, DayKind
from portal.cases.models import Case

RATING_DAYS = 15


def _days(stage: str, otherwise: int) -> Any:
    """Return what reads the days of a stage from the standard that binds the case."""

    def days(case: Case, application: Any) -> int:
        limit = application.version.limit(stage) if application.version else None
        return limit.days if limit else otherwise

    return days


CLOCKS = (
    Clock(
        "acceptance",
        _("Acceptance"),
        _days("acceptance", 5),
        clause="行政许可法第三十二条",
        then="auto_accept",
    ),
    Clock(
        "correction",
        _("Correction"),
        _days("correction", 15),
        clause="岚川市优待办法（演示）：补正期限",
        of_applicant=True,
        then="lapse",
        lapses=True,
    ),
    Clock(
        "decision",
        pgettext_lazy("case", "Decision"),
        _days("decision", 20),
        clause="行政许可法第四十二条",
        extension=10,
        extension_clause="行政许可法第四十二条：经批准可以延长十日",
    ),
    Clock("payment", _("Payment"), _days("payment", 10), clause="发放时限"),
    Clock(
        "rating",
        _("Rating"),
        lambda _case, _application: RATING_DAYS,
        DayKind.CALENDAR,
        clause="国办发〔2019〕51号（参照）",
        of_applicant=True,
        then="close",
    ),
)
