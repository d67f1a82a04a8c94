"""What results of surveys add to the portal when it starts."""

from __future__ import annotations

from portal.personal_data.inventory import ORDINARY, register_personal_fields
from portal.roles.daily_jobs import register_daily_job
from union.survey_results import retention
from union.surveys.closing import close_what_is_over


def closing_job() -> str:
    """Close surveys whose last day is over, and return a line for the log of the daily jobs."""
    return f"{close_what_is_over()} surveys closed"


def register() -> None:
    """Register once, when the application is ready."""
    register_daily_job("survey-closing", closing_job)
    retention.register()
    for model, fields in (
        ("union.AnswerUrn", ("sheets", "words")),
        ("union.SurveySheets", ("sheets",)),
        ("union.NamedSheet", ("answers",)),
        ("union.SurveyComment", ("words",)),
    ):
        register_personal_fields(
            model,
            dict.fromkeys(fields, ORDINARY),
            purpose="汇总职工满意度调查，只公布不能识别个人的结果",
            basis="个人信息保护法第十三条第一款第一项",
            retention="答卷3年，结果30年",
        )
