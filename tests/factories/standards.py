"""Support standards for tests: the housing subsidy as in the demo, and small ones to compute."""

from __future__ import annotations

import datetime
from decimal import Decimal
from typing import Any

from django.utils import timezone

from portal.people.models import User
from tests.factories.organizations import company
from tests.factories.people import make_user
from tests.factories.roles import make_assignment
from veterans.demo.items.rows import DemoItem, StandardText
from veterans.demo.items.twelve import TWELVE
from veterans.demo.standard_loading import write_draft, write_item, write_published
from veterans.demo.standards import HOUSING_2025, HOUSING_2026, HOUSING_ITEM
from veterans.models import ItemVersion, SupportItem, SupportStandardPage, VeteransIndexPage
from veterans.standards.conditions import Condition
from veterans.standards.content import Amount, Standard

OPENING = datetime.date(2020, 1, 1)
WIDOW = {
    "category": "V3",
    "employment": "family",
    "housing_status": "renting",
    "spouse_receives": "no",
    "by_agent": "no",
    "is_minor": "no",
}
VETERAN = WIDOW | {"category": "V1", "employment": "employee", "employed_since": "2020-05-04"}


def officer() -> User:
    """Return the veterans service officer, made on first use."""
    return _with_role("veterans_officer")


def publisher() -> User:
    """Return the Party committee secretary, made on first use."""
    return _with_role("party_approver")


def _with_role(code: str) -> User:
    found = User.objects.filter(person__roles__role_code=code).first()
    if found is None:
        found = make_user()
        make_assignment(found, code, valid_from=OPENING)
    return User.objects.get(pk=found.pk)


def housing() -> SupportItem:
    """Return the item 住房补贴."""
    return write_item(HOUSING_ITEM, company())


def draft(text: StandardText = HOUSING_2026, **fields: Any) -> ItemVersion:
    """Return a draft of a version, by default of the housing subsidy of 2026."""
    return write_draft(housing(), with_fields(text, **fields), officer())


def published(text: StandardText = HOUSING_2026, **fields: Any) -> ItemVersion:
    """Return a published version."""
    return write_published(housing(), with_fields(text, **fields), officer(), publisher())


def published_item(code: str, *, regional: bool = False) -> ItemVersion:
    """Return the version of 2026 of one of the twelve items, published; a local one from today."""
    text = item_text(code)
    item = write_item(text.item, company())
    version = text.versions[-1]
    if regional:
        version = with_fields(text.regional[-1], effective_from=timezone.localdate())
    return write_published(item, version, officer(), publisher())


def item_text(code: str) -> DemoItem:
    """Return one of the twelve items of the demo."""
    return next(text for text in TWELVE if text.item["code"] == code)


def standard_page(version: ItemVersion, *, live: bool = True) -> SupportStandardPage:
    """Return the page of a version, as a draft or live; publishing goes past the review."""
    page = SupportStandardPage(
        title=f"{version.item.name}怎么申请",
        slug=version.item.code,
        summary="每月补贴，连发十二个月。",
        version=version,
        owner=officer(),
        live=False,
    )
    VeteransIndexPage.objects.get().add_child(instance=page)
    revision = page.save_revision(user=officer(), log_action=True)
    if live:
        revision.publish(user=publisher(), skip_permission_checks=True)
        page.refresh_from_db()
    return page


def with_fields(text: StandardText, **fields: Any) -> StandardText:
    """Return a text with other values on its first page."""
    rows = {name: getattr(text, name) for name in text.__dataclass_fields__ if name != "fields"}
    return StandardText(fields={**text.fields, **fields}, **rows)


def amount(**fields: Any) -> Amount:
    """Return one row of a table of amounts."""
    return Amount(
        **{
            **{"id": 1, "label": "全部", "categories": (), "condition": Condition()},
            **{"method": "fixed", "adds": False, "amount": Decimal(0), "ratio": Decimal(0)},
            **{"deductible": Decimal(0), "base_field": "", "deduct_field": "", "quantity": 1},
            **{"quantity_field": "", "bands": (), "cap_case": None, "cap_year": None},
            **{"unit": "次", "note": "", "clause": "第一条"},
            **fields,
        }
    )


def standard(*amounts: Amount, **fields: Any) -> Standard:
    """Return a standard with these amounts and nothing else."""
    return Standard(
        **{
            **{"item_code": "test", "item_name": "测试项目", "number": 1, "region": ""},
            **{"region_name": "", "effective_from": OPENING, "document_number": ""},
            **{"basis": "", "people": "", "guide": "", "payment": "", "place": "", "phone": ""},
            **{"hours": "", "channels": "", "applies_to_open_cases": False, "rules": ()},
            **{"materials": (), "steps": (), "limits": ()},
            **fields,
        },
        amounts=tuple(amounts),
    )


__all__ = ["HOUSING_2025", "HOUSING_2026", "VETERAN", "WIDOW"]
