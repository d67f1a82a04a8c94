"""The pages of finance: ledger, payment lists, budgets."""

from __future__ import annotations

import uuid
from decimal import Decimal
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.http import FileResponse, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from portal.cases.views.private import private_answer
from portal.organizations.models import Unit
from portal.people.models import User
from portal.refusals import Refusal
from portal.roles.permissions import has_role
from portal.spreadsheets import workbook_response
from veterans.models import ApprovalLimit, Budget, Payment, PaymentList, SupportItem
from veterans.models.applications import PaymentState
from veterans.payments import budgets, ledger, services
from veterans.payments.forms import BudgetForm
from veterans.payments.limits import role_names
from veterans.payments.next_years import barred_payments, next_years
from veterans.payments.permissions import may_pay, may_read_ledger

ROWS_PER_PAGE = 20
UNPROCESSABLE = 422


def reader(request: HttpRequest) -> User:
    """Return the account.

    Raises:
        PermissionDenied: it does not read the money of everybody.
    """
    user = request.user
    if not isinstance(user, User) or not may_read_ledger(user):
        raise PermissionDenied
    return user


def payer(request: HttpRequest) -> User:
    """Return the account.

    Raises:
        PermissionDenied: it is not finance.
    """
    user = reader(request)
    if not may_pay(user):
        raise PermissionDenied
    return user


def _filter_choices() -> dict[str, Any]:
    years = {day.year for day in Payment.objects.dates("ordered_at", "year")}
    paid_units = Payment.objects.order_by().values("application__case__unit").distinct()
    return {
        "years": sorted({*years, timezone.localdate().year}, reverse=True),
        "months": range(1, 13),
        "items": SupportItem.objects.order_by("order", "pk"),
        "units": Unit.objects.filter(pk__in=paid_units).order_by("path"),
        "states": PaymentState.choices,
    }


@require_safe
@private_answer
def payments(request: HttpRequest) -> HttpResponse:
    """Show the payment ledger.

    Raises:
        PermissionDenied: the account does not read it.
    """
    user = reader(request)
    chosen = ledger.Filter.of(request)
    found = chosen.payments()
    paginator = Paginator(ledger.with_rows(found), ROWS_PER_PAGE)
    return render(
        request,
        "veterans/payments/ledger.html",
        {
            "page_obj": paginator.get_page(request.GET.get("page")),
            "total": paginator.count,
            "totals": ledger.totals(found),
            "chosen": chosen,
            "may_pay": may_pay(user),
            **_filter_choices(),
        },
    )


@require_safe
def payments_sheet(request: HttpRequest) -> FileResponse:
    """Hand out the chosen payments as Excel, names and cards masked.

    Raises:
        PermissionDenied: the account does not read the ledger.
    """
    reader(request)
    chosen = ledger.Filter.of(request)
    name = f"payments-{timezone.localdate():%Y%m%d}.xlsx"
    return workbook_response(ledger.workbook(chosen.payments()), name)


# ---- Lists


@require_safe
def payment_lists(request: HttpRequest) -> HttpResponse:
    """List the payment lists, and the items of which cases or further years wait.

    Raises:
        PermissionDenied: the account is not finance.
    """
    user = payer(request)
    paginator = Paginator(
        PaymentList.objects.with_counts()
        .select_related("item", "made_by__person")
        .order_by("-made_at", "-pk"),
        ROWS_PER_PAGE,
    )
    return render(
        request,
        "veterans/payments/lists.html",
        {
            "page_obj": paginator.get_page(request.GET.get("page")),
            "waiting": PaymentList.objects.waiting_items(
                services.payable(user), services.payable_years(user)
            ),
        },
    )


@require_http_methods(["GET", "HEAD", "POST"])
@private_answer
def payment_list_new(request: HttpRequest, item_code: str) -> HttpResponse:
    """Choose cases and further years of an item, each with its account compared; order them.

    Raises:
        PermissionDenied: the account is not finance.
        Http404: there is no such item.
    """
    user = payer(request)
    item = get_object_or_404(SupportItem, code=item_code)
    refused = ""
    chosen: list[uuid.UUID] = []
    chosen_years: list[uuid.UUID] = []
    if request.method == "POST":
        chosen = _keys(request.POST.getlist("case"))
        chosen_years = _keys(request.POST.getlist("benefit"))
        try:
            made, left = services.make_list(item, user, chosen, chosen_years)
        except Refusal as refusal:
            refused = refusal.message
        else:
            for row in left:
                words = _("%(number)s was left out: %(reason)s")
                messages.warning(request, words % {"number": row.case, "reason": row.reason})
            return redirect("support_payment_list", made.pk)
    cases = services.payable(user).filter(application__item=item)
    benefits = services.payable_years(user).filter(item=item).with_years()
    return render(
        request,
        "veterans/payments/list_new.html",
        {
            "item": item,
            "cases": cases.select_related("unit", "application").order_by("number")[
                : services.MOST_ROWS
            ],
            "years": next_years(benefits.order_by("next_from", "pk")[: services.MOST_ROWS]),
            "chosen": [*chosen, *chosen_years],
            "refused": refused,
        },
        status=UNPROCESSABLE if refused else 200,
    )


def _keys(values: list[str]) -> list[uuid.UUID]:
    keys = []
    for value in values:
        try:
            keys.append(uuid.UUID(value))
        except ValueError:
            continue  # a value that no tick box of ours has
    return keys


@require_safe
@private_answer
def payment_list(request: HttpRequest, list_id: int) -> HttpResponse:
    """Show one list with the state of every row.

    Raises:
        PermissionDenied: the account is not finance.
        Http404: there is no such list.
    """
    payer(request)
    made = get_object_or_404(PaymentList.objects.select_related("item", "made_by"), pk=list_id)
    rows = list(ledger.payments_of(made))
    barred = barred_payments(row for row in rows if row.state == PaymentState.ORDERED)
    return render(
        request,
        "veterans/payments/list.html",
        {
            "made": made,
            "rows": [(row, barred.get(row.pk, "")) for row in rows],
            "barred": len(barred),
            "total": sum((row.amount for row in rows), Decimal(0)),
            "open": sum(row.state == PaymentState.ORDERED for row in rows) - len(barred),
            "failed": sum(row.state == PaymentState.FAILED for row in rows),
        },
    )


@require_POST
def payment_list_paid(request: HttpRequest, list_id: int) -> HttpResponse:
    """Book chosen rows as paid; what cannot be booked is named.

    Raises:
        PermissionDenied: the account is not finance.
        Http404: there is no such list.
    """
    user = payer(request)
    made = get_object_or_404(PaymentList, pk=list_id)
    keys = [int(value) for value in request.POST.getlist("payment") if value.isdecimal()][:500]
    if not keys:
        messages.warning(request, _("Please choose at least one row."))
        return redirect("support_payment_list", made.pk)
    left = services.book_paid(made, user, keys)
    for row in left:
        messages.warning(request, f"{row.case}：{row.reason}")
    done = len(keys) - len(left)
    if done:
        words = ngettext("%(count)d payment is booked.", "%(count)d payments are booked.", done)
        messages.success(request, words % {"count": done})
    return redirect("support_payment_list", made.pk)


@require_safe
def payment_list_sheet(request: HttpRequest, list_id: int) -> FileResponse:
    """Hand out a list as Excel; of cards only the last four digits.

    Raises:
        PermissionDenied: the account is not finance.
        Http404: there is no such list.
    """
    payer(request)
    made = get_object_or_404(PaymentList, pk=list_id)
    return workbook_response(ledger.list_workbook(made), f"{made.number}.xlsx")


# ---- Limits and budgets


@require_http_methods(["GET", "HEAD", "POST"])
def support_budgets(request: HttpRequest) -> HttpResponse:
    """Show who approves how much and how the budgets stand; take a new budget down.

    Raises:
        PermissionDenied: the account does not read the money of everybody.
    """
    user = reader(request)
    text = request.GET.get("year", "")
    known = text.isascii() and text.isdecimal() and 2000 <= int(text[:5]) <= 2999
    year = int(text) if known else timezone.localdate().year
    proposes = has_role(user, *budgets.PROPOSERS)
    form = BudgetForm(request.POST or None, initial={"year": year}) if proposes else None
    if request.method == "POST":
        if form is None:
            raise PermissionDenied
        if form.is_valid():
            budgets.propose(**form.cleaned_data, user=user)
            messages.success(request, _("The budget is entered. A leader has to approve it."))
            return redirect("support_budgets")
    limits = ApprovalLimit.objects.in_force_on(timezone.localdate())
    status = UNPROCESSABLE if form is not None and form.is_bound and form.errors else 200
    return render(
        request,
        "veterans/payments/budgets.html",
        {
            "year": year,
            "standings": budgets.standings(SupportItem.objects.order_by("order", "pk"), year),
            "limits": [(role_names([row]), row) for row in limits],
            "form": form,
            "waiting": Budget.objects.filter(approved_by=None).select_related(
                "item", "proposed_by__person"
            ),
            "mine_to_approve": {row.pk for row in budgets.waiting(user)},
        },
        status=status,
    )


@require_POST
def support_budget_approve(request: HttpRequest, budget_id: int) -> HttpResponse:
    """Put a budget in force.

    Raises:
        PermissionDenied: the account does not read the money of everybody.
        Http404: there is no such budget.
        Refusal: not a leader, one's own, or less than is held.
    """
    user = reader(request)
    get_object_or_404(Budget, pk=budget_id)
    budget = budgets.approve(budget_id, user)
    words = _("The budget of “%(item)s” for %(year)d is in force.")
    messages.success(request, words % {"item": budget.item, "year": budget.year})
    return redirect("support_budgets")
