"""The demo part of veterans' support."""

from __future__ import annotations

from typing import Any

from wagtail.models import Page

from portal.demo.parts import PARTY_APPROVER, PARTY_STAFF, VETERANS_OFFICER
from portal.demo.registry import DemoPart, register_part
from portal.demo.texts import DemoText
from veterans.demo import (
    applications,
    beneficiaries,
    desk,
    further_years,
    handling,
    publicity,
    standard_events,
)
from veterans.demo.corrections import POLICY_CORRECTIONS
from veterans.demo.policies import POLICIES
from veterans.demo.texts import PolicyText


def register() -> None:
    """Register policies and the standards that rest on them."""
    standard_events.register()
    beneficiaries.register_events()
    applications.register()
    desk.register()
    further_years.register()
    handling.register()
    publicity.register()
    register_part(
        DemoPart(
            kind="policy",
            name="拥军优属",
            texts=POLICIES,
            corrections=POLICY_CORRECTIONS,
            parent=_parent,
            build=_policy,
            drafter=lambda text: VETERANS_OFFICER,
            reviewer=_reviewer,
        )
    )


def _parent(text: DemoText) -> Page:
    from veterans.models import VeteransIndexPage

    return VeteransIndexPage.objects.get()


def _policy(text: PolicyText) -> Any:
    from veterans.models import PolicyPage

    return PolicyPage(
        document_number=text.document_number,
        effective_from=text.effective_from,
        valid_to=text.valid_to,
    )


def _reviewer(text: PolicyText) -> str:
    # Standards of the Party committee go to its approver, the station's own to the department.
    return PARTY_APPROVER if text.document_number.startswith("沁岚党发") else PARTY_STAFF
