"""A version's content, from its snapshot when it is published and from its rows before."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING, Any

from veterans.models.standard_fields import parse_bands, parse_categories
from veterans.standards.content import (
    Amount,
    Limit,
    Material,
    Rule,
    SnapshotDamaged,
    Standard,
    Step,
    check_sum,
    from_canonical,
)

if TYPE_CHECKING:
    from veterans.models import EntitlementRow, ItemVersion

FEN = Decimal("0.01")
_SHARE = Decimal("0.0001")


def standard_of(version: ItemVersion) -> Standard:
    """Return what a version says.

    Raises:
        SnapshotDamaged: the snapshot of a published version was changed.
    """
    if not version.is_published:
        return from_rows(version)
    if check_sum(version.snapshot) != version.snapshot_sha256:
        raise SnapshotDamaged(f"Version {version.pk} does not have its check sum.")
    return from_canonical(version.snapshot)


def from_rows(version: ItemVersion) -> Standard:
    """Return what the rows of a version say; six statements, or none when they are loaded."""
    return Standard(
        item_code=version.item.code,
        item_name=version.item.name,
        number=version.number,
        region=version.region,
        region_name=version.region_name,
        effective_from=version.effective_from,
        document_number=version.document_number,
        basis=version.basis,
        people=version.people,
        guide=version.guide,
        payment=version.payment,
        place=version.place,
        phone=version.phone,
        hours=version.hours,
        channels=version.channels,
        applies_to_open_cases=version.applies_to_open_cases,
        repeats=version.repeats,
        rules=tuple(
            Rule(
                id=row.pk or 0,
                title=row.title,
                test=row.condition,
                when=row.when,
                refuses=row.refuses,
                met=row.met,
                unmet=row.unmet,
                clause=row.clause,
            )
            for row in _ordered(version.rules)
        ),
        amounts=tuple(_amount(row) for row in _ordered(version.amounts)),
        materials=tuple(
            Material(
                id=row.pk or 0,
                code=row.code,
                name=row.name,
                need=row.need,
                condition=row.condition,
                formats=row.formats,
                sample=row.sample,
                issued_by=row.issued_by,
                exempt_when_on_file=row.exempt_when_on_file,
                valid_months=row.valid_months,
                note=row.note,
                clause=row.clause,
            )
            for row in _ordered(version.materials)
        ),
        steps=tuple(
            Step(row.pk or 0, row.name, row.role, row.working_days, row.description, row.clause)
            for row in _ordered(version.steps)
        ),
        limits=tuple(
            Limit(row.stage, row.days, row.working, row.clause) for row in _ordered(version.limits)
        ),
    )


def _ordered(rows: Any) -> list[Any]:
    return sorted(rows.all(), key=lambda row: (row.sort_order or 0, row.pk or 0))


def _yuan(amount: Decimal | None) -> Decimal | None:
    return None if amount is None else Decimal(amount).quantize(FEN)


def _amount(row: EntitlementRow) -> Amount:
    return Amount(
        id=row.pk or 0,
        label=row.label,
        categories=parse_categories(row.categories),
        condition=row.condition,
        method=row.method,
        adds=row.adds,
        amount=Decimal(row.amount).quantize(FEN),
        ratio=Decimal(row.ratio).quantize(_SHARE),
        deductible=Decimal(row.deductible).quantize(FEN),
        base_field=row.base_field,
        deduct_field=row.deduct_field,
        quantity=row.quantity,
        quantity_field=row.quantity_field,
        bands=parse_bands(row.bands),
        cap_case=_yuan(row.cap_case),
        cap_year=_yuan(row.cap_year),
        unit=row.period,
        note=row.note,
        clause=row.clause,
    )
