"""The dashboards of opinions, their workbook, the yearly bulletin and public replies."""

from __future__ import annotations

import uuid
from typing import Any, cast

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe
from wagtail.log_actions import log

from portal.cases.permissions import belongs_to
from portal.cases.views.private import private_answer
from portal.people.models import User
from portal.refusals import Refusal
from portal.spreadsheets import workbook_response
from union.models import Opinion, OpinionBulletinPage
from union.openness.bulletin import write_bulletin
from union.openness.forms import PublicReplyForm
from union.openness.public_replies import write_public_reply
from union.opinions import figure_sheets
from union.opinions.counting import count_year
from union.opinions.figures import Report, chosen, report, years_with_figures
from union.opinions.permissions import may_make_public, works_for_union

UNPROCESSABLE = 422


def _report(request: HttpRequest) -> Report:
    """Return the chosen figures.

    Raises:
        PermissionDenied: the account is not of the union.
    """
    if not works_for_union(request.user):
        raise PermissionDenied
    return report(chosen(request))


@require_safe
def opinion_figures(request: HttpRequest) -> HttpResponse:
    """Show how opinions are handled: category, unit, time to reply, satisfaction, overdue.

    Raises:
        PermissionDenied: the account is not of the union.
    """
    found = _report(request)
    bulletin = OpinionBulletinPage.objects.filter(year=found.chosen.year).first()
    return render(
        request,
        "union/opinions/figures.html",
        {
            "report": found,
            "tables": figure_sheets.tables(found),
            "charts": figure_sheets.charts(found),
            "years": years_with_figures(),
            "quarters": range(1, 5),
            "bulletin": bulletin,
        },
    )


@require_safe
def opinion_figures_sheet(request: HttpRequest) -> FileResponse:
    """Hand out the figures as Excel; the export is logged.

    Raises:
        PermissionDenied: the account is not of the union.
    """
    found = _report(request)
    range_words = f"{found.chosen.year}Q{found.chosen.first}-{found.chosen.last}"
    user = cast(User, request.user)
    log(instance=user, action="union.figures_exported", user=user, data={"range": range_words})
    return workbook_response(figure_sheets.workbook(found), f"opinions-{range_words}.xlsx")


@require_POST
def opinion_figures_count(request: HttpRequest) -> HttpResponse:
    """Count a year anew, now instead of at night.

    Raises:
        PermissionDenied: the account is not of the union.
    """
    if not works_for_union(request.user):
        raise PermissionDenied
    year = _year(request)
    counted = count_year(year)
    messages.success(request, _("%(count)d opinions were counted.") % {"count": counted})
    return redirect("opinion_figures")


def _year(request: HttpRequest) -> int:
    text, today = request.POST.get("year", ""), timezone.localdate()
    year = int(text) if text.isascii() and text.isdecimal() and len(text) == 4 else 0
    return year if 2000 <= year <= today.year else today.year


@require_POST
def opinion_bulletin_new(request: HttpRequest) -> HttpResponse:
    """Write the bulletin of a year for the usual review.

    Raises:
        PermissionDenied: the account is not of the union.
        Refusal: it is written already, or there is nothing to say.
    """
    if not works_for_union(request.user):
        raise PermissionDenied
    page = write_bulletin(cast(User, request.user), _year(request))
    messages.success(request, _("“%(title)s” waits for its review.") % {"title": page.title})
    return redirect("opinion_figures")


@require_http_methods(["GET", "HEAD", "POST"])
@private_answer
def opinion_publish(request: HttpRequest, case_id: uuid.UUID) -> HttpResponse:
    """Write the public reply of a finished opinion; another person reviews it.

    Raises:
        Http404: the account has no part in the opinion.
        PermissionDenied: the sender did not agree, or it was published before.
    """
    found = (
        Opinion.objects.select_related("case__unit", "case__applicant", "category")
        .filter(pk=case_id)
        .first()
    )
    if found is None or not belongs_to(request.user, found.case):
        raise Http404(_("There is no such case."))
    if not may_make_public(request.user, found):
        raise PermissionDenied(_("The sender did not agree, or it was published before."))
    form = PublicReplyForm(request.POST or None, initial=_proposed(found))
    status = 200
    if request.method == "POST":
        status = UNPROCESSABLE
        if form.is_valid():
            user = cast(User, request.user)
            try:
                page = write_public_reply(found.pk, user, form.cleaned_data)
            except Refusal as refusal:
                form.add_error(None, str(refusal.message))
                status = refusal.status
            else:
                words = _("“%(title)s” waits for its review.") % {"title": page.title}
                messages.success(request, words)
                return redirect("case", found.pk)
    return render(
        request,
        "union/opinions/publish.html",
        {"opinion": found, "case": found.case, "form": form},
        status=status,
    )


def _proposed(opinion: Opinion) -> dict[str, Any]:
    reply = opinion.replies.exclude(sent_on=None).order_by("-level").first()
    return {
        "title": _("On %(category)s") % {"category": opinion.category.name},
        "question": opinion.text,
        "answer": reply.text if reply is not None else "",
    }
