"""What awards add to the portal: doors, tasks, messages, files, jobs, inventory, own data."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.db.models import Count, Window
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext, pgettext_lazy

from honors.awards import archive_source, changes, import_source, importing, reviews
from honors.awards.permissions import may_confirm, may_prepare, may_prepare_all, may_see_office
from honors.certificates import batches
from honors.models import Award, AwardChange, ChangeOutcome
from honors.office import register_door
from honors.wall.records import may_see_person, may_see_units
from portal.files.owners import register_owner
from portal.notifications.messages import register_message
from portal.pages.file_serving import register_showing
from portal.pages.models import PortalImage
from portal.personal_data.inventory import ORDINARY, register_personal_fields
from portal.personal_data.kinds import SensitiveKind
from portal.personal_data.my_data import register_my_data
from portal.record_links import RecordLink, register_person_link, register_unit_link
from portal.roles.daily_jobs import register_daily_job
from portal.worker_jobs import register_worker_job
from portal.workspace.tasks import SHOWN, Task, TaskList, register_tasks

BASIS = "个人信息保护法第十三条第一款第三项；中国共产党党内功勋荣誉表彰条例"


def _shows(row: Any, user: Any) -> bool:
    """Whether a picture is on the wall, which everybody reads."""
    return isinstance(row, PortalImage) and (Award.objects.confirmed().filter(picture=row).exists())


def _own(person: Any, user: Any) -> Iterable[Any]:
    if person is None:
        return
    for award in Award.objects.confirmed().of_person(person).in_order():
        yield {
            str(_("Honor")): f"{award.year} {award.title_name}",
            str(pgettext("honor", "Number of the certificate")): award.number,
            str(_("Number of the decision")): award.decision_number,
            str(_("Day of the decision")): award.decided_on,
            str(_("Status")): str(award.get_state_display()),
        }


def confirmations(user: Any) -> TaskList | None:
    """Return the changes that wait for the account to confirm them, by one query."""
    if not may_confirm(user):
        return None
    waiting = (
        AwardChange.objects.filter(outcome=ChangeOutcome.WAITING)
        .exclude(proposed_by=user)
        .select_related("award")
        .order_by("proposed_at", "pk")
        .annotate(total=Window(Count("*")))
    )
    rows = list(waiting[:SHOWN])
    if not rows:
        return None
    return TaskList(
        title=gettext_lazy("Changes of honors to confirm"),
        url=reverse("honor_awards_waiting"),
        count=rows[0].total,
        tasks=[
            Task(
                title=f"{row.get_kind_display()}：{row.award.subject_name}",
                url=reverse("honor_change", args=[row.pk]),
                note=row.number,
            )
            for row in rows
        ],
    )


def entries(user: Any) -> TaskList | None:
    """Return the awards that wait for the account to confirm them, by one query."""
    if not may_confirm(user):
        return None
    waiting = Award.objects.waiting().exclude(entered_by=user).order_by("entered_at", "pk")
    rows = list(waiting.annotate(total=Window(Count("*")))[:SHOWN])
    if not rows:
        return None
    return TaskList(
        title=gettext_lazy("Awards to confirm"),
        url=reverse("honor_awards_waiting"),
        count=rows[0].total,
        tasks=[
            Task(
                title=f"{row.subject_name}：{row.year} {row.title_name}",
                url=reverse("honor_award", args=[row.pk]),
                note=row.unit_name,
            )
            for row in rows
        ],
    )


def _doors() -> None:
    register_door(pgettext_lazy("honor", "Register of awards"), "honor_awards", may_see_office)
    register_door(gettext_lazy("Waits for confirmation"), "honor_awards_waiting", may_see_office)
    register_door(gettext_lazy("Certificates and plates"), "honor_batches", may_prepare)
    register_door(gettext_lazy("Reviews of posts"), "honor_reviews", may_prepare)
    register_door(gettext_lazy("Register of material rewards"), "honor_rewards", may_prepare_all)
    register_door(gettext_lazy("Statistics of honors"), "honor_statistics", may_see_office)


def _links() -> None:
    title = gettext_lazy("Record of honors")
    register_unit_link(
        "honors",
        RecordLink(
            title,
            lambda unit: reverse("honor_unit", args=[unit.code]),
            lambda user, _unit: may_see_units(user),
        ),
    )
    register_person_link(
        "honors",
        RecordLink(
            title,
            lambda person: reverse("honor_person", args=[person.pk]),
            may_see_person,
        ),
    )


def _personal_data() -> None:
    register_personal_fields(
        "honors.HonorImport",
        {"content": SensitiveKind.IDENTITY},
        purpose="历年荣誉导入前的核对",
        basis=BASIS,
        retention="导入或作废后立即清空；未确认的保留七天",
    )
    register_personal_fields(
        "honors.Award",
        {"subject_name": ORDINARY, "gender": ORDINARY, "age": ORDINARY},
        purpose="授予称号、制发和查验证书、荣誉统计",
        basis=BASIS,
        retention="永久（荣誉名册）",
    )
    register_personal_fields(
        "honors.MaterialReward",
        {"received_by": ORDINARY},
        purpose="物质奖励的发放登记",
        basis=BASIS,
        retention="30年",
    )
    register_my_data("honors", pgettext_lazy("own data", "Honors"), _own)


def register() -> None:
    """Register once, when the application is ready."""
    _doors()
    _links()
    _personal_data()
    archive_source.register()
    import_source.register()
    register_owner(importing.OWNER_KIND, lambda user, _key: may_prepare_all(user))
    register_owner(batches.OWNER_KIND, lambda user, _key: may_prepare(user))
    register_showing("honors", _shows)
    register_tasks("honor-entries", entries)
    register_tasks("honor-changes", confirmations)
    register_tasks("honor-reviews", reviews.tasks)
    register_daily_job("honor-imports", importing.forget_old)
    register_daily_job("certificate-batches", batches.forget_old)
    register_worker_job("Drawing certificates", batches.work_once)
    register_message(
        changes.MESSAGE,
        gettext_lazy("The state of an honor changed"),
        gettext_lazy("Certificate %(number)s: the state of the honor changed. The page says why."),
        sensitive=True,
    )
