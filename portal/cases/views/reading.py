"""What the pages of one case share: who may read it, and what it says."""

from __future__ import annotations

import uuid
from typing import Any, cast

from django.conf import settings
from django.http import Http404, HttpRequest
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from portal.cases import permissions
from portal.cases.models import Case, CaseEvent
from portal.cases.permissions import may_read
from portal.cases.refusals import Recused
from portal.cases.status import clocks_of, status_of, time_line
from portal.people.models import User
from portal.personal_data.retention import refuse_frozen

RELATED = ("unit", "lead_unit", "applicant", "beneficiary", "handler__person")


def readable_case(request: HttpRequest, case_id: uuid.UUID) -> Case:
    """Return a case the account may read.

    Raises:
        Http404: there is none, or it is not for this account; nobody learns which.
        DataFrozen: its data is only kept, and nobody works with it.
        Recused: a member of the office who has to stand aside.
    """
    case = Case.objects.select_related(*RELATED).filter(pk=case_id).first()
    if case is None or not permissions.belongs_to(request.user, case):
        raise Http404(_("There is no such case."))
    refuse_frozen(permissions.OWNER_KIND, str(case.pk))
    if not may_read(request.user, case):
        raise Recused(
            _(
                "Case %(number)s concerns you or somebody close to you, or you stood aside. You"
                " neither read it nor act in it; your colleagues do."
            )
            % {"number": case.number},
            [
                (_("Case desk"), reverse("case_desk")),
                (_("My relatives"), reverse("case_relatives")),
            ],
        )
    return case


def account(request: HttpRequest) -> User:
    """Return the account of a page that is for signed-in people only."""
    return cast(User, request.user)


def is_own(request: HttpRequest, case: Case) -> bool:
    """Whether the account is or represents the one concerned, and reads it as applicant."""
    return permissions.is_own(request.user, case)


def events_of(case: Case) -> list[CaseEvent]:
    """Return what happened, the oldest first."""
    return list(case.events.select_related("actor__person").order_by("sequence"))


def applicant_context(case: Case) -> dict[str, Any]:
    """Return what the applicant's page and the tracking page show alike."""
    clocks = clocks_of(case)
    phone = case.table.phone(case) if case.table.phone else ""
    return {
        "case": case,
        "status": status_of(case, clocks, timezone.localdate()),
        "stages": time_line(case, events_of(case)),
        "phone": phone or settings.SERVICE_PHONE,
        "phone_hours": settings.SERVICE_HOURS,
    }
