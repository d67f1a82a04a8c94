"""What the handling of opinions adds to the portal: messages, tasks, doors, figures, fields."""

from __future__ import annotations

from typing import Any

from django.db.models import Count, F, Window
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from portal.cases.doors import register_case_door
from portal.notifications.messages import register_message
from portal.personal_data.inventory import ORDINARY, register_personal_fields
from portal.workspace.tasks import SHOWN, Task, TaskList, register_tasks
from union.models import OpinionHelp
from union.opinions import counting, effects
from union.opinions.permissions import asked_of, helps, raises_matters, works_for_union

_TEXTS = {
    effects.TO_HANDLE: (
        _("An opinion for your unit"),
        _("%(item)s (%(number)s): please reply within the limit, or return it at once."),
    ),
    effects.TO_REVIEW: (
        _("A reply waits for its review"),
        _("%(item)s (%(number)s): please read the draft and send it, or send it back."),
    ),
    effects.DRAFT_RETURNED: (
        _("A draft came back"),
        _("%(item)s (%(number)s): the page of the case says what has to be changed."),
    ),
    effects.HELP_ASKED: (
        _("Your unit is asked to contribute"),
        _("%(item)s (%(number)s): please say what your unit contributes."),
    ),
    effects.HELP_GIVEN: (
        _("A unit contributed"),
        _("%(item)s (%(number)s): the contribution stands on the page of the case."),
    ),
}


def help_tasks(user: Any) -> TaskList | None:
    """Return the contributions asked of the account's units, by one query."""
    condition = asked_of(user)
    if condition is None:
        return None
    waiting = OpinionHelp.objects.filter(condition, answered_on=None).annotate(
        item=F("opinion__case__item"), number=F("opinion__case__number"), total=Window(Count("*"))
    )
    rows = list(waiting.order_by("due_on", "pk")[:SHOWN])
    if not rows:
        return None
    return TaskList(
        title=_("Contributions asked of us"),
        url=reverse("opinion_help_list"),
        count=rows[0].total,
        tasks=[
            Task(
                title=f"{row.item} {row.number}",
                url=reverse("opinion_help", args=[row.pk]),
                note=_("Contribute"),
                due_on=row.due_on,
            )
            for row in rows
        ],
    )


def register() -> None:
    """Register once, when the application is ready."""
    for code, (title, text) in _TEXTS.items():
        register_message(code, title, text)
    register_tasks("opinion-help", help_tasks)
    register_case_door(_("Contributions asked of us"), "opinion_help_list", helps)
    register_case_door(_("Opinions in numbers"), "opinion_figures", works_for_union)
    register_case_door(_("Time limits of opinions"), "opinion_limits", works_for_union)
    register_case_door(_("Raise a matter to the management"), "opinion_matter_new", raises_matters)
    counting.register()
    register_personal_fields(
        "union.OpinionReply",
        {"text": ORDINARY},
        purpose="答复职工意见",
        basis="个人信息保护法第十三条第一款第三项",
        retention="随案卷保管10年",
    )
    register_personal_fields(
        "union.OpinionHelp",
        {"question": ORDINARY, "answer": ORDINARY},
        purpose="协办单位就职工意见提供情况",
        basis="个人信息保护法第十三条第一款第三项",
        retention="随案卷保管10年",
    )
