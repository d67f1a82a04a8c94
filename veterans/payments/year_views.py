"""Pages of a further year that is on its way: the bank sent it back, or the order is taken back."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from portal.cases.permissions import must_stand_aside
from portal.cases.views.private import private_answer
from portal.refusals import Refusal
from veterans.models import Payment
from veterans.payments import further_years
from veterans.payments.forms import WhyForm
from veterans.payments.next_years import barred_payments
from veterans.payments.views import UNPROCESSABLE, payer
from veterans.standards.entitlement import money


@require_http_methods(["GET", "HEAD", "POST"])
@private_answer
def further_year_failed(request: HttpRequest, payment_id: int) -> HttpResponse:
    """Write down that the bank sent the money of a further year back.

    Raises:
        PermissionDenied: the account is not finance.
        Http404: there is no such payment for this account.
    """
    return _ended(
        request,
        payment_id,
        further_years.fail,
        title=_("The payment failed"),
        intro=_(
            "The budget gets the money back, and the year waits for payment again. When the account"
            " is wrong, the service station puts it right in the register first."
        ),
        done=_("It is written down. The year waits for payment again."),
    )


@require_http_methods(["GET", "HEAD", "POST"])
@private_answer
def further_year_taken_back(request: HttpRequest, payment_id: int) -> HttpResponse:
    """Take the order of a further year back before the bank has paid it.

    Raises:
        PermissionDenied: the account is not finance.
        Http404: there is no such payment for this account.
    """
    return _ended(
        request,
        payment_id,
        further_years.take_back,
        title=_("Take the payment back"),
        intro=_(
            "The order ends and the budget gets the money back. Please make sure that the bank has"
            " not paid it."
        ),
        done=_("The payment was taken back."),
    )


def _ended(
    request: HttpRequest,
    payment_id: int,
    end: Callable[..., Payment],
    *,
    title: Any,
    intro: Any,
    done: Any,
) -> HttpResponse:
    """Ask for the reason, end the order, and lead back to the list."""
    user = payer(request)
    payment = get_object_or_404(
        Payment.objects.of_further_years().select_related(
            "application__case", "application__item", "list_row"
        ),
        pk=payment_id,
    )
    application = payment.application
    if must_stand_aside(user, application.case):
        raise Http404
    back = reverse("support_payment_list", args=[payment.list_row.list_id])
    form = WhyForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            end(payment.pk, user, form.cleaned_data["reason"])
        except Refusal as refusal:
            form.add_error(None, str(refusal.message))
        else:
            messages.success(request, done)
            return redirect(back)
    return render(
        request,
        "veterans/payments/year_ended.html",
        {
            "form": form,
            "title": title,
            "intro": intro,
            "cancel_url": back,
            "save_label": title,
            "facts": [
                (_("Case number"), application.case.number),
                (_("Matter"), application.item),
                (_("For which year"), further_years.words_of(payment)),
                (_("Amount (yuan)"), money(payment.amount)),
            ],
            "notes": list(barred_payments([payment]).values()),
        },
        status=UNPROCESSABLE if form.errors else 200,
    )
