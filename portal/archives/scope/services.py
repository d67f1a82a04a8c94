"""Every change of the scope table: a draft is copied, edited and put in force."""

from __future__ import annotations

from typing import Any

from django.db import transaction
from django.db.models import F, Max
from django.utils import timezone
from django.utils.translation import gettext as _

from portal.archives.models import ArchiveClass, ScopeRule, ScopeTable, ScopeTableState
from portal.archives.refusals import TableNotEditable
from portal.archives.scope.defaults import DEFAULT_CLASSES, DefaultRule, default_rules
from portal.archives.scope.rules import RuleBook
from portal.archives.sources import publishable_kinds

COPIED = (
    *("position", "kind", "subkind", "title_words", "description", "files", "archive_class_id"),
    *("period", "access_level", "clause", "unverified", "straight_through"),
)


def _next_number() -> int:
    # Whoever makes a version waits here for whoever is making one.
    list(ScopeTable.objects.select_for_update().order_by("-number").values_list("pk")[:1])
    return (ScopeTable.objects.aggregate(newest=Max("number"))["newest"] or 0) + 1


def new_draft(user: Any, **fields: Any) -> ScopeTable:
    """Create an empty draft with the next number. Must run in a transaction."""
    return ScopeTable.objects.create(
        number=_next_number(), created_at=timezone.now(), created_by=user, **fields
    )


@transaction.atomic
def copy_as_draft(table: ScopeTable, user: Any) -> ScopeTable:
    """Copy a version with all its rules into a new draft."""
    draft = new_draft(
        user, pool_working_days=table.pool_working_days, apart_years=table.apart_years
    )
    ScopeRule.objects.bulk_create(
        ScopeRule(table=draft, **{name: getattr(rule, name) for name in COPIED})
        for rule in table.rules.in_order()
    )
    return draft


def locked_draft(table_id: int) -> ScopeTable:
    """Lock a draft for editing. Must run in a transaction.

    Raises:
        ScopeTable.DoesNotExist: there is no such version.
        TableNotEditable: it was put in force already.
    """
    table: ScopeTable = ScopeTable.objects.select_for_update().get(pk=table_id)
    if table.state != ScopeTableState.DRAFT:
        raise TableNotEditable(
            _(
                "%(table)s is or was in force and stays as it is. Copy it to a new draft, and "
                "change the draft."
            )
            % {"table": table}
        )
    return table


def uncovered_kinds(table: ScopeTable) -> list[str]:
    """Return the publishable kinds for which the table has no row that catches everything."""
    whole = RuleBook.of(table).whole_kinds()
    return [kind for kind in publishable_kinds() if kind not in whole]


@transaction.atomic
def put_in_force(table_id: int, user: Any, mandate: str) -> ScopeTable:
    """Let a draft replace the version in force; decisions already made stay.

    Raises:
        TableNotEditable: it is no draft, or it leaves out something that is published.
    """
    # One at a time: the version in force is locked before the one that replaces it.
    list(ScopeTable.objects.select_for_update().filter(state=ScopeTableState.IN_FORCE))
    table = locked_draft(table_id)
    if missing := uncovered_kinds(table):
        names = publishable_kinds()
        raise TableNotEditable(
            _(
                "The table has no row for: %(kinds)s. Add a row for each of them, if need be one "
                "that says it is not filed."
            )
            % {"kinds": "、".join(str(names[kind]) for kind in missing)}
        )
    ScopeTable.objects.filter(state=ScopeTableState.IN_FORCE).update(state=ScopeTableState.REPLACED)
    table.state = ScopeTableState.IN_FORCE
    table.mandate = mandate
    table.in_force_at = timezone.now()
    table.in_force_by = user
    table.save(update_fields=["state", "mandate", "in_force_at", "in_force_by"])
    return table


def _rule(table: ScopeTable, position: int, row: DefaultRule) -> ScopeRule:
    return ScopeRule(
        table=table,
        position=position,
        kind=row.kind,
        subkind=row.subkind,
        title_words=row.title_words,
        description=row.description,
        files=bool(row.class_code),
        archive_class_id=row.class_code or None,
        period=row.period or "",
        access_level=row.access_level or "",
        clause=row.clause,
        unverified=row.unverified,
    )


@transaction.atomic
def install_default() -> ScopeTable | None:
    """Put the default table in force where there is none yet; None when there is one.

    Runs after every migrate. A later release with new kinds never touches a table that a
    unit has made its own: the scope page names the kinds without a row and offers the
    default rows in a draft.
    """
    for position, (code, name) in enumerate(DEFAULT_CLASSES, start=1):
        ArchiveClass.objects.get_or_create(code=code, defaults={"name": name, "position": position})
    if ScopeTable.objects.exists():
        return None
    table = new_draft(None, remark=_("Default table"))
    ScopeRule.objects.bulk_create(
        _rule(table, position, row) for position, row in enumerate(default_rules(), start=1)
    )
    table.state = ScopeTableState.IN_FORCE
    table.in_force_at = timezone.now()
    table.save(update_fields=["state", "in_force_at"])
    return table


@transaction.atomic
def add_missing_defaults(table_id: int) -> int:
    """Append the default rows of kinds that a draft leaves out; return how many.

    Raises:
        TableNotEditable: it is no draft.
    """
    table = locked_draft(table_id)
    known = RuleBook.of(table).kinds()
    last = table.rules.aggregate(last=Max("position"))["last"] or 0
    rows = [row for row in default_rules() if row.kind not in known]
    ScopeRule.objects.bulk_create(
        _rule(table, last + number, row) for number, row in enumerate(rows, start=1)
    )
    return len(rows)


def _number(table: ScopeTable, rows: list[ScopeRule]) -> None:
    """Save rows in this order. Positions are unique, so all are freed first."""
    highest = table.rules.aggregate(highest=Max("position"))["highest"] or 0
    table.rules.update(position=F("position") + highest + len(rows))
    for number, row in enumerate(rows, start=1):
        row.position = number
        if row.pk is None:
            row.save()
    ScopeRule.objects.bulk_update(rows, ["position"])


def place(rule: ScopeRule) -> None:
    """Save a row at its position; rows from there on move down. Must run in a transaction."""
    others = list(rule.table.rules.exclude(pk=rule.pk).order_by("position"))
    if rule.pk is not None:
        rule.save(update_fields=[name for name in COPIED if name != "position"])
    before = [other for other in others if other.position < rule.position]
    _number(rule.table, [*before, rule, *others[len(before) :]])


def remove(rule: ScopeRule) -> None:
    """Delete a row; the rows behind it move up. Must run in a transaction."""
    rule.delete()
    _number(rule.table, list(rule.table.rules.order_by("position")))
