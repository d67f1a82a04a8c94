"""What rounds add to the portal: the flow, doors, messages, files, tasks, the inventory."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from honors.models import Nomination, NominationState
from honors.office import register_door
from honors.rounds import files, flow, messages, objections, tasks
from honors.rounds.permissions import branches_of, is_employee, reads_rounds
from portal.cases.doors import register_case_door
from portal.personal_data.inventory import ORDINARY, register_personal_fields
from portal.personal_data.my_data import Row, register_my_data

BASIS = "个人信息保护法第十三条第一款第三项；中国共产党党内功勋荣誉表彰条例"
RETENTION = "随评选案卷保管"


def _own(person: Any, user: Any) -> Iterable[Row]:
    """Yield what was nominated by the account and of its person; opinions are of the office."""
    found = Q(nominated_by=user)
    if person is not None:
        found |= Q(person=person) & ~Q(state=NominationState.DRAFT)
    for row in Nomination.objects.filter(found).select_related("round__case", "unit"):
        yield {
            _("Round"): row.round.case.item,
            _("Nominee"): row.subject_name,
            _("Deeds"): row.deeds,
            _("State"): str(row.get_state_display()),
            _("Handed in at"): row.nominated_at,
        }


def register() -> None:
    """Register once, when the application is ready."""
    flow.register()
    messages.register()
    files.register()
    objections.register()
    tasks.register()
    register_case_door(_("Honors rounds"), "honor_rounds", reads_rounds)
    register_door(_("Rounds"), "honor_rounds", is_employee)
    register_door(_("My nominations"), "honor_my_nominations", is_employee)
    register_door(
        _("Nominations of the branch"),
        "honor_branch_nominations",
        lambda user: bool(branches_of(user)),
    )
    register_door(_("Asked of me"), "honor_asked", is_employee)
    register_my_data("honor-nominations", _("Nominations for honors"), _own)
    register_personal_fields(
        "honors.Round",
        {"phone": ORDINARY},
        purpose="公布受理推荐和异议的办公电话",
        basis=BASIS,
        retention=RETENTION,
    )
    register_personal_fields(
        "honors.Nomination",
        {"person": ORDINARY, "deeds": ORDINARY, "brief": ORDINARY},
        purpose="评选表彰的推荐、审核、评审和公示",
        basis=BASIS,
        retention=RETENTION,
    )
    register_personal_fields(
        "honors.DepartmentOpinion",
        {"words": ORDINARY},
        purpose="征求纪检、安监、人力、工会对推荐对象的意见",
        basis=BASIS,
        retention=RETENTION,
    )
    register_personal_fields(
        "honors.JudgeRecusal",
        {"words": ORDINARY},
        purpose="记录评委回避理由",
        basis=BASIS,
        retention=RETENTION,
    )
    register_personal_fields(
        "honors.Investigation",
        {"findings": ORDINARY},
        purpose="记录公示异议核查情况",
        basis=BASIS,
        retention=RETENTION,
    )
