"""Bring Wagtail's groups in line with the role table and the assignments."""

from __future__ import annotations

import datetime

from django.contrib.auth.models import Group, Permission
from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Exists, OuterRef, Q
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import override
from wagtail.models import (
    Collection,
    GroupCollectionPermission,
    GroupPagePermission,
    Page,
)

from portal.organizations.models import Unit
from portal.people.models import Person, User
from portal.roles.models import RoleAssignment, RoleGroup
from portal.roles.table import ROLES, SECTIONS, Role, Scope

MEDIA_CODENAMES = (
    *("add_image", "change_image", "choose_image"),
    *("add_document", "change_document", "choose_document"),
    *("add_media", "change_media"),
)


def _group_name(role: Role, unit: Unit | None) -> str:
    with override("zh-hans"):
        return f"{role.name} · {unit.code} {unit.name}" if unit else str(role.name)


def _group(role: Role, unit: Unit | None) -> Group:
    found = RoleGroup.objects.filter(role_code=role.code, unit=unit).select_related("group").first()
    if found:
        if found.group.name != _group_name(role, unit):
            found.group.name = _group_name(role, unit)
            found.group.save(update_fields=["name"])
        return found.group
    group = Group.objects.create(name=_group_name(role, unit))
    RoleGroup.objects.create(group=group, role_code=role.code, unit=unit)
    return group


def _synchronize_permissions(group: Group, role: Role) -> None:
    wanted = set(role.permissions)
    if role.staff:
        wanted.add("wagtailadmin.access_admin")
    permissions = [
        permission
        for permission in Permission.objects.filter(
            codename__in=[name.split(".")[1] for name in wanted]
        ).select_related("content_type")
        if f"{permission.content_type.app_label}.{permission.codename}" in wanted
    ]
    group.permissions.set(permissions)


def _synchronize_pages(group: Group, role: Role, unit: Unit | None) -> None:
    wanted: set[tuple[int, str]] = set()
    for section in SECTIONS.values():
        section_grant = section.grants.get(role.code)
        if section_grant is None:
            continue
        roots: list[Page] = []
        if role.scope is Scope.ALL:
            roots = list(Page.objects.filter(depth=3, slug=section.code))
        elif unit is not None and section.unit_roots is not None:
            roots = list(section.unit_roots(unit))
        wanted |= {
            (root.pk, f"{action}_page") for root in roots for action in section_grant.page_actions
        }
    present = {
        (row.page_id, row.permission.codename): row
        for row in GroupPagePermission.objects.filter(group=group).select_related("permission")
    }
    for key in present.keys() - wanted:
        present[key].delete()
    for page_id, codename in wanted - present.keys():
        GroupPagePermission.objects.create(
            group=group,
            page_id=page_id,
            permission=Permission.objects.get(
                content_type__app_label="wagtailcore",
                content_type__model="page",
                codename=codename,
            ),
        )


def _collection(unit: Unit | None) -> Collection:
    root = Collection.get_first_root_node()
    if unit is None:
        return root
    name = f"{unit.code} {unit.name}"
    # By code: a unit that was renamed keeps its files.
    found = root.get_children().filter(name__startswith=f"{unit.code} ").first()
    if found is None:
        return root.add_child(name=name)
    if found.name != name:
        found.name = name
        found.save(update_fields=["name"])
    return found


def _collections_below(unit: Unit | None) -> list[Collection]:
    """The file folders of the units below one: a general branch works in those of its branches."""
    if unit is None:
        return []  # Rights on the root reach everywhere.
    codes = set(
        Unit.objects.filter(path__startswith=unit.path)
        .exclude(pk=unit.pk)
        .values_list("code", flat=True)
    )
    return [
        collection
        for collection in Collection.get_first_root_node().get_children()
        if codes and collection.name.split(" ")[0] in codes
    ]


def _synchronize_collections_above(unit: Unit) -> None:
    """Give the units above a unit their rights on its new file folder."""
    above = RoleGroup.objects.exclude(unit=unit).select_related("group", "unit")
    for role_group in above:
        role = ROLES.get(role_group.role_code)
        if role is None or not role.media or role_group.unit is None:
            continue
        if role_group.unit.contains(unit):
            _synchronize_collections(role_group.group, role, role_group.unit)


def _synchronize_collections(group: Group, role: Role, unit: Unit | None) -> None:
    wanted: set[tuple[int, int]] = set()
    if role.media:
        wanted = {
            (collection.pk, permission.pk)
            for collection in [_collection(unit), *_collections_below(unit)]
            for permission in Permission.objects.filter(
                codename__in=MEDIA_CODENAMES,
                content_type__app_label__in=["wagtailimages", "wagtaildocs", "wagtailmedia"],
            )
        }
    present = {
        (row.collection_id, row.permission_id): row
        for row in GroupCollectionPermission.objects.filter(group=group)
    }
    for key in present.keys() - wanted:
        present[key].delete()
    for collection_id, permission_id in wanted - present.keys():
        GroupCollectionPermission.objects.create(
            group=group, collection_id=collection_id, permission_id=permission_id
        )


def synchronize_group(role: Role, unit: Unit | None) -> Group:
    """Create or correct the group of a role (in a unit) with exactly the table's rights."""
    group = _group(role, unit)
    folders = Collection.objects.count()
    _synchronize_permissions(group, role)
    _synchronize_pages(group, role, unit)
    _synchronize_collections(group, role, unit)
    if unit is not None and Collection.objects.count() > folders:
        _synchronize_collections_above(unit)
    return group


@transaction.atomic
def synchronize_groups() -> None:
    """Create or correct the groups of all enterprise-wide roles and of all units in use."""
    for role in ROLES.values():
        if role.scope is Scope.ALL:
            synchronize_group(role, None)
    for role_group in RoleGroup.objects.exclude(unit=None).select_related("unit"):
        if role_group.role_code in ROLES:
            synchronize_group(ROLES[role_group.role_code], role_group.unit)


def follow_unit(sender: object, instance: Unit, created: bool, **keywords: object) -> None:
    """Rename groups and collection of a unit that got another name."""
    if not created:
        for role_group in RoleGroup.objects.filter(unit=instance):
            synchronize_group(ROLES[role_group.role_code], instance)


def synchronize_unit_groups(unit: Unit) -> None:
    """Correct the groups of the roles that count in a unit: its own and those of units above."""
    steps = range(Unit.steplen, len(unit.path) + 1, Unit.steplen)
    above = [unit.path[:length] for length in steps]
    for role_group in RoleGroup.objects.filter(unit__path__in=above).select_related("unit"):
        if role_group.role_code in ROLES:
            synchronize_group(ROLES[role_group.role_code], role_group.unit)


@transaction.atomic
def synchronize_user(user: User) -> None:
    """Give an account exactly the groups of its assignments that count today."""
    groups = []
    staff = False
    for assignment in (
        RoleAssignment.objects.filter(person=user.person).active_on().select_related("unit")
    ):
        role = assignment.role
        staff = staff or role.staff
        unit = assignment.unit if role.scope is Scope.UNIT else None
        if role.scope is Scope.PERSONAL:
            continue
        found = RoleGroup.objects.filter(role_code=role.code, unit=unit).first()
        groups.append(found.group if found else synchronize_group(role, unit))
    user.groups.set(groups)
    user.groups_current_on = timezone.localdate()
    user.save(update_fields=["groups_current_on"])
    if hasattr(user, "_role_assignments"):
        del user._role_assignments


@transaction.atomic
def assign_role(
    person: Person,
    role_code: str,
    unit: Unit,
    *,
    valid_from: datetime.date | None = None,
    valid_to: datetime.date | None = None,
    granted_by: User | None = None,
) -> RoleAssignment:
    """Give a person a role in a unit and bring the account's groups in line.

    Raises:
        ValidationError: dates in the wrong order, roles that exclude each other, or an officer
            who would give a role to themselves.
    """
    assignment = RoleAssignment(
        person=person, role_code=role_code, unit=unit, granted_by=granted_by
    )
    if valid_from:
        assignment.valid_from = valid_from
    assignment.valid_to = valid_to
    _check_and_save(assignment, granted_by)
    return assignment


@transaction.atomic
def end_role(
    assignment: RoleAssignment, last_day: datetime.date | None, *, ended_by: User | None = None
) -> None:
    """Let an assignment end with a day, or run on without one; the past stays as it was.

    Raises:
        ValidationError: the day lies before the beginning, or the assignment is one's own.
    """
    assignment.valid_to = last_day
    _check_and_save(assignment, ended_by)


def _check_and_save(assignment: RoleAssignment, officer: User | None) -> None:
    if officer is not None and officer.person_id == assignment.person_id:
        raise ValidationError(_("Nobody changes their own roles. Another officer has to do it."))
    # Whoever assigns to the same person at the same time waits here, so that of two roles that
    # exclude each other the second is refused.
    Person.objects.select_for_update().filter(pk=assignment.person_id).first()
    assignment.full_clean()
    assignment.save()
    user = User.objects.filter(person_id=assignment.person_id).first()
    if user:
        synchronize_user(user)


def synchronize_changed_users() -> int:
    """Bring the accounts in line whose roles began or ended since it was last done.

    Returns:
        How many accounts were brought in line.
    """
    today = timezone.localdate()
    stale = User.objects.exclude(groups_current_on=today)
    own = RoleAssignment.objects.filter(person_id=OuterRef("person_id"))
    began = own.filter(valid_from__gt=OuterRef("groups_current_on"), valid_from__lte=today)
    ended = own.filter(valid_to__gte=OuterRef("groups_current_on"), valid_to__lt=today)
    changed = list(stale.filter(Q(groups_current_on=None) | Exists(began) | Exists(ended)))
    for user in changed:
        synchronize_user(user)
    stale.exclude(pk__in=[user.pk for user in changed]).update(groups_current_on=today)
    return len(changed)
