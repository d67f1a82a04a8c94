"""What is late, by unit, and the orders with their answers: for leaders and the auditor."""

from __future__ import annotations

from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.db.models import Count
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from portal.cases.listing import overdue, sees_supervision, supervised_cases
from portal.cases.models import Supervision, SupervisionLevel

ROWS_PER_PAGE = 20


@require_safe
def case_supervision(request: HttpRequest) -> HttpResponse:
    """List overdue cases by unit, or the supervision orders.

    Raises:
        PermissionDenied: the account neither leads nor audits a flow.
    """
    if not sees_supervision(request.user):
        raise PermissionDenied
    today = timezone.localdate()
    seen = supervised_cases(request.user)
    late = seen.filter(overdue(today))
    orders = Supervision.objects.filter(
        level=SupervisionLevel.ORDERED, clock__case__in=seen
    ).select_related("clock__case__unit", "answered_by__person")
    showing_orders = request.GET.get("list") == "orders"
    rows = (
        orders.order_by("answered_at", "-raised_on", "pk")
        if showing_orders
        else late.select_related("unit", "handler__person").order_by("due_on", "pk")
    )
    paginator = Paginator(rows, ROWS_PER_PAGE)
    return render(
        request,
        "cases/supervision.html",
        {
            "page_obj": paginator.get_page(request.GET.get("page")),
            "showing_orders": showing_orders,
            "late_count": late.count(),
            "order_count": orders.count(),
            "open_orders": orders.filter(answered_at=None).count(),
            "by_unit": late.order_by()
            .values("unit__name")
            .annotate(count=Count("pk"))
            .order_by("-count", "unit__name"),
            "today": today,
        },
    )
