"""Writes to branch activities and their pages."""

from __future__ import annotations

from typing import Any

from django.db import transaction
from django.utils import timezone

from branches.activities.services import archive
from branches.models import Activity, ActivityPage, BranchIndexPage, BranchPage
from portal.organizations.models import Unit
from portal.people.models import Person
from portal.roles.services import synchronize_groups


@transaction.atomic
def create_branch_page(unit: Unit, *, live: bool = True, **fields: Any) -> BranchPage:
    """Create the page of a Party branch and give the branch's roles their rights on it."""
    index = BranchIndexPage.objects.get()
    page = BranchPage(title=unit.name, branch=unit, unit=unit, live=live, **fields)
    if not page.slug:
        page.slug = unit.code.lower()
    index.add_child(instance=page)
    synchronize_groups()
    return page


def _person(branch: Unit, name: str) -> Person | None:
    """Return the person of this name with a role in the branch, if there is exactly one.

    A guest who shares a colleague's name must not become that colleague.
    """
    people = Person.objects.filter(name=name, roles__unit=branch).distinct()
    found = list(people[:2]) if name else []
    return found[0] if len(found) == 1 else None


@transaction.atomic
def record_activity(page: ActivityPage) -> Activity | None:
    """Create or correct the activity behind a live page from its published facts.

    Called in the publish transaction, so the fact and its publication never differ. A record that
    was planned, minuted and reviewed is never changed by its page: it is archived by it.
    """
    unit = page.get_unit()
    if unit is None or page.held_on is None:
        return None
    known = page.activity
    if known is not None and known.has_record:
        archive(known, None)
        return known
    facts: dict[str, Any] = {
        "branch": unit,
        "kind": page.activity_kind,
        "topic": page.title,
        "held_on": page.held_on,
        "place": page.place,
        "host": _person(unit, page.host_name),
        "recorder": _person(unit, page.recorder_name),
    }
    if page.activity_id:
        # Whoever was linked by hand stays linked.
        for link in ("host", "recorder"):
            if facts[link] is None:
                del facts[link]
        Activity.objects.filter(pk=page.activity_id).update(**facts)
        return Activity.objects.get(pk=page.activity_id)
    activity = Activity.objects.create(**facts, recorded_on=timezone.localdate())
    ActivityPage.objects.filter(pk=page.pk).update(activity=activity)
    page.activity = activity
    return activity
