"""What the figures add to the portal: a door of the desk and a daily job."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from portal.cases.doors import register_case_door
from portal.roles.daily_jobs import register_daily_job
from veterans.statistics.counting import count_all
from veterans.statistics.reading import may_read_statistics


def count_figures() -> str:
    """Count every year anew; the daily job."""
    return f"{count_all()} cases of support counted"


def register() -> None:
    """Register once, when the application is ready."""
    register_case_door(_("Figures"), "support_statistics", may_read_statistics)
    register_daily_job("support-figures", count_figures)
