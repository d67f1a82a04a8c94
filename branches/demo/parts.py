"""The demo part of branches: the pages of the eight branches and their activities."""

from __future__ import annotations

import json
from datetime import datetime
from typing import Any

from django.db import transaction
from wagtail.models import Page

from branches.demo import members, records, safety, year
from branches.demo.activities import ACTIVITIES
from branches.demo.open_activities import ACTIVITY_CORRECTIONS, OPEN_ACTIVITIES
from branches.demo.texts import ActivityText
from portal.archives.actors import act_as
from portal.demo.bodies import block_id
from portal.demo.clock import set_clock
from portal.demo.loading import SHANGHAI, DemoWorld
from portal.demo.organization import BRANCHES, LOGINS, DemoBranch
from portal.demo.parts import PARTY_APPROVER, PARTY_STAFF
from portal.demo.registry import DemoPart, register_part, register_preparation

BRANCH_PAGES_SINCE = datetime(2024, 1, 8, 10, 20, tzinfo=SHANGHAI)


def register() -> None:
    """Register branch pages and activities."""
    register_preparation("支部主页", load_branch_pages)
    members.register()
    year.register()
    records.register()
    safety.register()
    register_part(
        DemoPart(
            kind="activity",
            name="支部活动",
            texts=(*ACTIVITIES, *OPEN_ACTIVITIES),
            corrections=ACTIVITY_CORRECTIONS,
            parent=_parent,
            build=_activity,
            drafter=_drafter,
            reviewer=_reviewer,
        )
    )


def load_branch_pages(world: DemoWorld) -> None:
    """Create the missing branch pages, drafted by the department and approved like any page.

    The rights of branch roles are brought in line once for all eight, which is the slow part of
    `branches.services.create_branch_page`.
    """
    from branches.models import BranchIndexPage, BranchPage
    from portal.roles.services import synchronize_groups

    known = set(BranchPage.objects.values_list("branch__code", flat=True))
    missing = [branch for branch in BRANCHES if branch.unit not in known]
    for branch in missing:
        drafter, reviewer = world.user(PARTY_STAFF), world.user(PARTY_APPROVER)
        unit = world.units[branch.unit]
        with (
            set_clock(BRANCH_PAGES_SINCE) as clock,
            act_as(user_id=reviewer.pk, reviewer_id=reviewer.pk),
            transaction.atomic(),
        ):
            page = BranchPage(
                title=unit.name,
                slug=unit.code.lower(),
                branch=unit,
                unit=unit,
                owner=drafter,
                live=False,
                summary=branch.introduction,
                body=json.dumps(_branch_body(branch)),
            )
            BranchIndexPage.objects.get().add_child(instance=page)
            world.take_through_review(
                page, drafter, reviewer, clock, "live", "", BRANCH_PAGES_SINCE
            )
        world.written["branch", "live"] += 1
    if missing:
        synchronize_groups()


def _branch_body(branch: DemoBranch) -> list[dict[str, Any]]:
    facts = (
        ("支部书记", branch.secretary),
        ("党员", f"{branch.members}名，其中预备党员{branch.probationary}名"),
        ("支部委员会", f"{branch.committee}人" if branch.committee else "不设委员会，设书记一人"),
        ("本届任期", f"{_day(branch.elected_on)}至{_day(branch.term_ends_on)}"),
        ("活动地点", branch.place),
    )
    items = "".join(f"<li><b>{label}：</b>{value}</li>" for label, value in facts)
    html = f"<p>{branch.introduction}</p><ul>{items}</ul>"
    return [{"type": "text", "value": html, "id": block_id("branch", branch.unit)}]


def _day(day: Any) -> str:
    return f"{day.year}年{day.month}月{day.day}日"


def _parent(text: ActivityText) -> Page:
    from branches.models import BranchPage

    return BranchPage.objects.get(branch__code=text.unit)


def _activity(text: ActivityText) -> Any:
    from branches.models import ActivityPage

    return ActivityPage(
        activity_kind=text.activity_kind,
        held_on=text.date,
        place=text.place,
        host_name=text.host,
        recorder_name=text.recorder,
    )


def _holder(role: str, text: ActivityText) -> str:
    """Return who had the role in the branch on the day of the activity, or ""."""
    return next(
        (
            login.number
            for login in LOGINS
            if login.role == role
            and login.unit == text.unit
            and login.valid_from <= text.date
            and (login.valid_to is None or text.date <= login.valid_to)
        ),
        "",
    )


def _drafter(text: ActivityText) -> str:
    return _holder("organization_member", text) or PARTY_STAFF


def _reviewer(text: ActivityText) -> str:
    # Committee meetings are reviewed in the branch; the rest alternates with the department.
    secretary = _holder("branch_secretary", text)
    if secretary and (text.audience == "unit" or len(text.key) % 2):
        return secretary
    return PARTY_STAFF if _drafter(text) != PARTY_STAFF else PARTY_APPROVER
