"""The register of rewards and the reviews of posts, for those who keep them."""

from __future__ import annotations

from typing import Any

from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from honors.awards import reviews, rewards
from honors.awards.keeping_forms import ReturnForm, ReviewForm, RewardForm
from honors.awards.office_views import award_for, for_preparers, page_of
from honors.awards.permissions import may_prepare_all
from honors.models import MaterialReward
from honors.office import submit
from portal.address_values import NotUnderstood, read_year
from portal.office_pages import METHODS, account, guarded
from portal.spreadsheets import workbook_response

PAGE_SIZE = 20
for_keepers = guarded(may_prepare_all)


def _year(request: HttpRequest) -> int | None:
    try:
        return read_year(request.GET.get("year", ""))
    except NotUnderstood:
        return None


@require_safe
@for_keepers
def reward_register(request: HttpRequest) -> HttpResponse:
    """List what was handed over, with its sum."""
    year = _year(request)
    rows = rewards.chosen(year)
    page = Paginator(rows, PAGE_SIZE).get_page(request.GET.get("page"))
    days = MaterialReward.objects.dates("handed_on", "year", order="DESC")
    return render(
        request,
        "honors/awards/rewards.html",
        {
            "page_obj": page,
            "totals": rewards.totals(rows),
            "filters": {"year": str(year or "")},
            "filter_years": [day.year for day in days],
        },
    )


@require_safe
@for_keepers
def reward_sheet(request: HttpRequest) -> Any:
    """Hand out the register as Excel."""
    book = rewards.workbook(rewards.chosen(_year(request)))
    return workbook_response(book, f"rewards-{timezone.localdate()}.xlsx")


@require_http_methods(METHODS)
@for_keepers
def reward_new(request: HttpRequest, pk: int) -> HttpResponse:
    """Enter something that was handed over."""
    found = award_for(request, pk)
    return submit(
        request,
        RewardForm(request.POST or None, initial={"received_by": found.subject_name[:50]}),
        lambda values: rewards.enter(pk, values, account(request)),
        title=_("Enter a reward"),
        facts=[(_("Honor"), f"{found.subject_name}，{found.year} {found.title_name}")],
        done=_("The reward is in the register."),
        cancel=page_of(found),
    )


@require_http_methods(METHODS)
@for_keepers
def reward_returned(request: HttpRequest, pk: int) -> HttpResponse:
    """Enter that something was given back."""
    row = get_object_or_404(MaterialReward.objects.select_related("award"), pk=pk)
    return submit(
        request,
        ReturnForm(request.POST or None),
        lambda values: rewards.take_back(pk, values["returned_on"], account(request)),
        title=_("Enter the return"),
        facts=[
            (_("Honor"), f"{row.award.subject_name}，{row.award.year} {row.award.title_name}"),
            (_("Reward"), f"{row.get_kind_display()}：{row.description}"),
        ],
        done=_("The return is in the register."),
        cancel=page_of(row.award),
    )


@require_safe
@for_preparers
def review_list(request: HttpRequest) -> HttpResponse:
    """List the posts of a quarter with their reviews; the last full quarter by default."""
    quarter = _quarter(request)
    page = Paginator(reviews.reviewed_in(quarter), PAGE_SIZE).get_page(request.GET.get("page"))
    awards = list(page.object_list)
    written = {row.award_id: row for row in reviews.reviews_of(quarter).filter(award__in=awards)}
    following = quarter.next()
    has_next = reviews.quarter_from(following.year, following.number) is not None
    return render(
        request,
        "honors/awards/reviews.html",
        {
            "quarter": quarter,
            "previous": quarter.previous(),
            "following": following if has_next else None,
            "page_obj": page,
            "rows": [(award, written.get(award.pk)) for award in awards],
            "missing": reviews.without_review(quarter).count(),
        },
    )


def _quarter(request: HttpRequest) -> reviews.Quarter:
    year, number = request.GET.get("year", ""), request.GET.get("quarter", "")
    found = None
    if all(text.isascii() and text.isdigit() and len(text) <= 4 for text in (year, number)):
        found = reviews.quarter_from(int(year), int(number)) if year and number else None
    return found or reviews.Quarter.of(timezone.localdate()).previous()


@require_http_methods(METHODS)
@for_preparers
def review(request: HttpRequest, pk: int, year: int, quarter: int) -> HttpResponse:
    """Write the review of a post for a quarter.

    Raises:
        Http404: there is no such quarter, or it has not begun.
    """
    found = award_for(request, pk)
    asked = reviews.quarter_from(year, quarter)
    if asked is None:
        raise Http404(_("There is no such quarter."))
    back = f"{reverse('honor_reviews')}?year={asked.year}&quarter={asked.number}"
    return submit(
        request,
        ReviewForm(request.POST or None, initial={"violations": 0}),
        lambda values: reviews.write(pk, asked, values, account(request)),
        title=_("Review of a post"),
        intro=str(asked),
        facts=[
            (_("Post"), f"{found.subject_name}（{found.unit_name}）"),
            (_("Honor"), f"{found.year} {found.title_name}"),
        ],
        done=_("The review was written."),
        cancel=back,
        go_to=lambda row: page_of(found) if row.result == "suspend" else back,
    )
