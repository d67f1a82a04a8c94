"""What openness adds to the portal: a block of the home page, messages, tasks, doors."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from portal.cases.doors import register_case_door
from portal.notifications.messages import register_message
from portal.personal_data.inventory import ORDINARY, register_personal_fields
from portal.workspace.tasks import register_tasks
from union.openness import archive_source, home, questions


def register() -> None:
    """Register once, when the application is ready."""
    home.register()
    archive_source.register()
    register_message(
        questions.ASKED,
        _("A question on a disclosed matter"),
        _("“%(title)s”: somebody asks. Please answer within the limit."),
    )
    register_message(
        questions.ANSWERED,
        _("Your question was answered"),
        _("“%(title)s”: the answer stands on the page."),
    )
    register_tasks("disclosure-questions", questions.question_tasks)
    register_case_door(
        _("Questions on disclosed matters"),
        "disclosure_questions",
        lambda user: questions.answered_by_me(user) is not None,
    )
    register_personal_fields(
        "union.DisclosureQuestion",
        {"text": ORDINARY},
        purpose="答复职工对公开事项的询问",
        basis="个人信息保护法第十三条第一款第三项",
        retention="10年",
    )
