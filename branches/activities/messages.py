"""What people are told about activities."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import override

from branches.activities.permissions import reviews
from branches.models import Activity
from portal.notifications.messages import register_message
from portal.notifications.recipients import Recipient
from portal.notifications.services import notify
from portal.notifications.variables import Kind, declare_variable
from portal.people.models import Person
from portal.roles.models import RoleAssignment

NOTICE, CHANGED, CANCELLED = "activity-notice", "activity-changed", "activity-cancelled"
RETURNED, TO_REVIEW = "activity-returned", "activity-to-review"


def register() -> None:
    """Register once, when the application is ready."""
    declare_variable("clock", Kind.TEXT, "the hour at which something begins")
    declare_variable("venue", Kind.TEXT, "where an activity is held")
    register_message(
        NOTICE,
        _("You are expected: %(what)s"),
        _("%(unit)s: “%(title)s” on %(date)s at %(clock)s, %(venue)s."),
    )
    register_message(
        CHANGED,
        _("Changed: %(what)s"),
        _("%(unit)s: “%(title)s” is now on %(date)s at %(clock)s, %(venue)s."),
    )
    register_message(
        CANCELLED,
        _("Cancelled: %(what)s"),
        _("%(unit)s: “%(title)s” on %(date)s is not held."),
    )
    register_message(
        RETURNED,
        _("A record came back"),
        _("The record of “%(title)s” (%(unit)s) was returned; the page says why."),
    )
    register_message(
        TO_REVIEW,
        _("A record to review"),
        _("The record of “%(title)s” (%(unit)s) waits for your review."),
    )


def _tell(code: str, activity: Activity, people: Iterable[Person], **values: Any) -> None:
    notify(
        code,
        [Recipient(person=person) for person in people],
        values,
        event_key=f"{code}:{activity.pk}:{activity.version}",
        url=reverse("branch_activity", args=[activity.pk]),
    )


def tell_listed(code: str, activity: Activity) -> None:
    """Tell everybody on the list of attendance, guests included."""
    rows = activity.attendances.select_related("person")
    with override("zh-hans"):
        values: dict[str, Any] = {
            "what": str(activity.get_kind_display()),
            "unit": activity.branch.display_name,
            "title": activity.topic,
            "date": activity.held_on,
        }
    if code != CANCELLED:
        start = activity.starts_at
        values["clock"] = timezone.localtime(start).strftime("%H:%M") if start else "—"
        values["venue"] = activity.place or "—"
    _tell(code, activity, [row.person for row in rows], **values)


def tell_keepers(activity: Activity) -> None:
    """Tell host and recorder that the record came back."""
    people = [person for person in (activity.host, activity.recorder) if person]
    _tell(RETURNED, activity, people, title=activity.topic, unit=activity.branch.display_name)


def tell_reviewers(activity: Activity) -> None:
    """Tell the secretary of the branch who may review the record; else the department."""
    held = list(
        RoleAssignment.objects.filter(role_code__in=("branch_secretary", "party_staff"))
        .active_on()
        .select_related("unit", "person__user")
    )
    near = [row for row in held if row.role_code == "branch_secretary"]
    for rows in (near, held):
        people = {
            row.person_id: row.person
            for row in rows
            if row.covers(activity.branch)
            and hasattr(row.person, "user")
            and reviews(row.person.user, activity)
        }
        if people:
            _tell(
                TO_REVIEW,
                activity,
                people.values(),
                title=activity.topic,
                unit=activity.branch.display_name,
            )
            return
