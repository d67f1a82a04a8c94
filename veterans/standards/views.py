"""Can I apply? A short form for anybody, answered at once and kept nowhere."""

from __future__ import annotations

from typing import Any

from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods

from portal.pages.models import Publication
from veterans.models import SupportItem
from veterans.standards.eligibility import verdict
from veterans.standards.entitlement import money
from veterans.standards.forms import SelfCheckForm
from veterans.standards.refusals import NoStandardInForce
from veterans.standards.services import (
    check_eligibility,
    compute,
    region_offered,
    regions_of,
    version_on,
)
from veterans.standards.showing import dialled

LONGEST_REGION = 12


def asked_region(request: HttpRequest) -> str:
    """Return the region the reader chose; which standards there are is no secret."""
    region = request.POST.get("region") or request.GET.get("region", "")
    return region if region.isdecimal() and len(region) <= LONGEST_REGION else ""


@login_not_required
@never_cache
@sensitive_post_parameters()
@require_http_methods(["GET", "HEAD", "POST"])
def self_check(request: HttpRequest, item_code: str) -> HttpResponse:
    """Ask, and answer in words: who fits, how much it is, what to bring. Nothing is stored."""
    item = get_object_or_404(SupportItem, code=item_code, is_offered=True)
    today = timezone.localdate()
    page = (
        Publication.objects.visible_to(request.user)
        .of_kind("support-standard")
        .filter(page__supportstandardpage__version__item=item)
        .order_by("page__supportstandardpage__version__region")
        .first()
    )
    context: dict[str, Any] = {
        "item": item,
        "page_of_item": page,
        "regions": regions_of(item, today),
    }
    try:
        region = region_offered(item, asked_region(request))
        version = version_on(item, today, region)
    except NoStandardInForce as refusal:
        return render(
            request, "veterans/self_check.html", {**context, "refusal": refusal}, status=409
        )
    standard = version.standard
    context |= {"version": version, "standard": standard, "dialled": dialled(standard.phone)}
    form = SelfCheckForm(standard, today, request.POST if request.method == "POST" else None)
    context["form"] = form
    if request.method != "POST":
        return render(request, "veterans/self_check.html", context)
    if form.has_new_questions:
        # Complaints wait until all questions are on the page.
        form.is_valid()
        status = 200
    elif form.is_valid():
        answers = form.answers()
        results = check_eligibility(version, answers, today)
        calculation = compute(version, answers, on=today)
        context |= {
            "results": results,
            "verdict": verdict(results),
            "calculation": calculation,
            "estimate": money(calculation.amount),
            "estimate_of_one": money(calculation.unit_amount),
            "materials": standard.materials_for(answers, today),
        }
        status = 200
    else:
        status = 422
    return render(request, "veterans/self_check.html", context, status=status)
