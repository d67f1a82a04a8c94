"""Running benefits: one button for the person, a list for the service station."""

from __future__ import annotations

import datetime
import uuid
from collections import defaultdict
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_safe

from portal.cases.views.private import private_answer
from portal.office_pages import account
from veterans.beneficiaries import benefits as services
from veterans.beneficiaries import forms
from veterans.beneficiaries.office_views import PAGE_SIZE, for_keepers, for_readers, submit
from veterans.beneficiaries.permissions import may_keep_register
from veterans.models import Payment, Representation, RunningBenefit
from veterans.models.applications import PaymentState
from veterans.models.benefits import BenefitState
from veterans.models.representations import RepresentationKind
from veterans.payments.next_years import last_day_of

LISTS = {
    "due": gettext_lazy("To be confirmed"),
    "stopped": gettext_lazy("Stopped"),
    "all": gettext_lazy("All"),
}


def _row(benefit: RunningBenefit, today: datetime.date) -> dict[str, Any]:
    opens = services.opens_on(benefit)
    stopped = benefit.state == BenefitState.STOPPED
    return {
        "benefit": benefit,
        "opens_on": opens,
        "can_confirm": (stopped and not benefit.stop_reason)
        or (benefit.state == BenefitState.RUNNING and today >= opens),
        "late": benefit.state == BenefitState.RUNNING and benefit.confirm_by < today,
        "next_confirmed": benefit.confirm_by > benefit.next_from,
    }


@dataclass(frozen=True)
class PaidYear:
    """A year that was paid for, as the person reads it; yuan, both days included."""

    paid_on: datetime.date
    amount: Decimal
    first_day: datetime.date
    last_day: datetime.date


def _paid_years(rows: list[RunningBenefit]) -> dict[Any, list[PaidYear]]:
    """Return what was paid for which year of each benefit, the newest first; one query."""
    started = {row.pk: row.started_on for row in rows}
    payments = Payment.objects.filter(application__in=started, state=PaymentState.PAID)
    found: dict[Any, list[PaidYear]] = defaultdict(list)
    for payment in payments.order_by("-finished_at", "-pk"):
        paid_on = timezone.localdate(payment.finished_at or payment.ordered_at)
        first = payment.first_day or started[payment.application_id]
        last = payment.last_day or last_day_of(first)
        found[payment.application_id].append(PaidYear(paid_on, payment.amount, first, last))
    return found


@require_safe
@private_answer
def benefits(request: HttpRequest) -> HttpResponse:
    """Show what runs for the account's person and for wards, with one button each."""
    person_id = account(request).person_id or 0
    wards = Representation.objects.valid_on().filter(
        kind=RepresentationKind.GUARDIAN, representative=person_id
    )
    people = [person_id, *wards.values_list("principal_id", flat=True)]
    found = RunningBenefit.objects.filter(person__in=people).select_related("person", "item")
    rows = list(found[:PAGE_SIZE])
    today, paid = timezone.localdate(), _paid_years(rows)
    return render(
        request,
        "veterans/beneficiaries/benefits.html",
        {
            "rows": [{**_row(row, today), "paid_years": paid[row.pk]} for row in rows],
            "person_id": person_id,
        },
    )


@require_safe
@for_readers
def office(request: HttpRequest) -> HttpResponse:
    """List what has to be confirmed soon, what was stopped, and everything."""
    today = timezone.localdate()
    rows = RunningBenefit.objects.select_related("person", "item").order_by("confirm_by", "pk")
    soon = today + datetime.timedelta(days=services.RULE.opens)
    sets = {
        "due": rows.due_until(soon),
        "stopped": rows.filter(state=BenefitState.STOPPED),
        "all": rows,
    }
    chosen = request.GET.get("list", "due")
    chosen = chosen if chosen in sets else "due"
    page = Paginator(sets[chosen], PAGE_SIZE).get_page(request.GET.get("page"))
    return render(
        request,
        "veterans/beneficiaries/benefits_office.html",
        {
            "page_obj": page,
            "rows": [_row(row, today) for row in page],
            "tabs": [(code, name, sets[code].count()) for code, name in LISTS.items()],
            "chosen": chosen,
            "rule": services.RULE,
            "may_keep": may_keep_register(request.user),
        },
    )


@require_http_methods(["GET", "HEAD", "POST"])
@private_answer
def confirm(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    """Confirm for the year: the person by one button, the officer with how it was heard.

    Raises:
        Http404: there is none, or it is not for this account.
    """
    benefit = RunningBenefit.objects.select_related("person", "item").filter(pk=pk).first()
    user = account(request)
    if benefit is None or not services.may_confirm(user, benefit):
        raise Http404(_("There is no such benefit."))
    own = user.person_id == benefit.person_id or not may_keep_register(user)
    if own:
        if request.method == "POST":
            services.confirm(pk, user)
            messages.success(request, _("Thank you. It is confirmed for a year."))
        return redirect("support_benefits")
    return submit(
        request,
        forms.ChannelForm(request.POST or None),
        lambda values: services.confirm(pk, user, **values),
        title=_("Confirm for a year: %(item)s, %(name)s")
        % {"item": benefit.item.name, "name": benefit.person.name},
        done=_("It is confirmed for a year."),
        cancel=reverse("support_benefits_office"),
        intro=_("You confirm what the person told you: nothing has changed."),
    )


@require_http_methods(["GET", "HEAD", "POST"])
@sensitive_post_parameters("reason")
@for_keepers
def stop(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    """Stop a benefit with a reason."""
    benefit = get_object_or_404(RunningBenefit.objects.select_related("person", "item"), pk=pk)
    return submit(
        request,
        forms.ReasonForm(request.POST or None),
        lambda values: services.stop(pk, values["reason"], account(request)),
        title=_("Stop: %(item)s, %(name)s")
        % {"item": benefit.item.name, "name": benefit.person.name},
        done=_("The benefit is stopped. The person was told."),
        cancel=reverse("support_benefits_office"),
    )
