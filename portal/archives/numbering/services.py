"""Issue and void archive codes."""

from __future__ import annotations

from typing import Any

from django.db import connection, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from portal.archives.models import CodeTemplate, Fonds, IssuedCode, ItemCounter, Record
from portal.archives.numbering.writing import CodeParts, write_code
from portal.archives.refusals import FrozenTemplate

# The same statement on both databases: the row is made by its first use, and a rollback takes
# the number back because it takes the row's change back.
_NEXT = f"""
    INSERT INTO {ItemCounter._meta.db_table}
        (fonds_code, category, year, period, class_code, next_number)
    VALUES (%s, %s, %s, %s, %s, 2)
    ON CONFLICT (fonds_code, category, year, period, class_code)
    DO UPDATE SET next_number = {ItemCounter._meta.db_table}.next_number + 1
    RETURNING next_number - 1
"""  # noqa: S608  own table name


def next_number(fonds: str, category: str, year: int, period: str, class_code: str) -> int:
    """Take the next item number of a lowest class; must run in a transaction.

    The counter's row stays locked until the commit, so that whoever comes next gets the next
    number, and a rollback leaves no gap.
    """
    if not connection.in_atomic_block:
        raise RuntimeError("A number is only taken in the transaction that uses it.")
    with connection.cursor() as cursor:
        cursor.execute(_NEXT, [fonds, category, year, period, class_code])
        (number,) = cursor.fetchone()
    return int(number)


def proposed_template(year: int, fonds: Fonds | None = None) -> CodeTemplate:
    """Return the template of a year, or, not stored, what it inherits from an earlier one."""
    fonds = fonds or Fonds.objects.order_by("code")[0]
    template = CodeTemplate.objects.filter(fonds=fonds, year=year).first()
    if template is not None:
        return template
    proposed = CodeTemplate(fonds=fonds, year=year)
    newest = CodeTemplate.objects.filter(fonds=fonds, year__lt=year).order_by("-year").first()
    if newest is not None:
        proposed.pattern, proposed.category = newest.pattern, newest.category
        proposed.item_width = newest.item_width
    return proposed


def template_for(year: int, fonds: Fonds | None = None) -> CodeTemplate:
    """Return the stored template of a year; a year without one inherits the newest earlier one."""
    template = proposed_template(year, fonds)
    if template.pk is None:
        template, _created = CodeTemplate.objects.get_or_create(
            fonds=template.fonds,
            year=year,
            defaults={
                "pattern": template.pattern,
                "category": template.category,
                "item_width": template.item_width,
            },
        )
    return template


def issue(record: Record, period: str, class_code: str) -> IssuedCode:
    """Give a record its archive code; must run in the transaction that accepts it.

    Freezes the template of the year. Takes the counter's lock, so the ledger's lock comes
    after it, never before.
    """
    template = template_for(record.year)
    if template.frozen_at is None:
        # The lock makes a change of the template wait until this number is in or out.
        template = CodeTemplate.objects.select_for_update().get(pk=template.pk)
        if template.frozen_at is None:
            template.frozen_at = timezone.now()
            template.save(update_fields=["frozen_at"])
    number = next_number(template.fonds_id, template.category, template.year, period, class_code)
    parts = CodeParts(
        template.fonds_id, template.category, template.year, period, class_code, number
    )
    return IssuedCode.objects.create(
        code=write_code(template, parts),
        fonds_id=parts.fonds,
        category=parts.category,
        year=parts.year,
        period=period,
        archive_class_id=class_code,
        item_number=number,
        record=record,
        issued_at=timezone.now(),
    )


def void(code: IssuedCode, reason: str) -> None:
    """Mark a number as void; it is never given again. Must run in a transaction."""
    code.voided_at = timezone.now()
    code.void_reason = reason
    code.save(update_fields=["voided_at", "void_reason"])


@transaction.atomic
def change_template(year: int, **fields: Any) -> CodeTemplate:
    """Say how the codes of a year are written, before its first number.

    Raises:
        FrozenTemplate: a number was issued.
    """
    template: CodeTemplate = CodeTemplate.objects.select_for_update().get(pk=template_for(year).pk)
    if template.frozen_at is not None:
        raise FrozenTemplate(
            _(
                "The first archive code of %(year)d was issued. From then on the template stays "
                "as it is, so that all codes of a year are written alike."
            )
            % {"year": template.year}
        )
    for name, value in fields.items():
        setattr(template, name, value)
    template.full_clean()
    template.save(update_fields=list(fields))
    return template
