"""What a person applied for: drafts to continue, cases to follow."""

from __future__ import annotations

import uuid

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from portal.cases import services
from portal.cases.models import Case
from portal.cases.status import is_applicants_turn
from portal.cases.views.reading import account, readable_case

CASES_PER_PAGE = 20


def _draft_row(case: Case) -> dict[str, object]:
    address = case.table.draft_address
    return {"case": case, "url": address(case) if address else ""}


@require_safe
def my_cases(request: HttpRequest) -> HttpResponse:
    """List the drafts and cases of the account and of those it acts for."""
    own = Case.objects.acted_in_by(getattr(request.user, "person_id", None))
    paginator = Paginator(own.submitted().select_related("beneficiary"), CASES_PER_PAGE)
    page = paginator.get_page(request.GET.get("page"))
    return render(
        request,
        "cases/mine.html",
        {
            "drafts": [_draft_row(case) for case in own.filter(sequence=0)[:CASES_PER_PAGE]],
            "page_obj": page,
            "rows": [{"case": case, "turn": is_applicants_turn(case)} for case in page],
            "total": paginator.count,
        },
    )


@require_http_methods(["GET", "HEAD", "POST"])
def case_draft_delete(request: HttpRequest, case_id: uuid.UUID) -> HttpResponse:
    """Delete an own draft, after a question.

    Raises:
        Http404: there is no such draft of the account.
    """
    case = readable_case(request, case_id)
    if not case.is_draft:
        raise Http404(_("There is no such draft."))
    if request.method == "POST":
        services.delete_draft(case, account(request))
        messages.success(request, _("The draft is deleted."))
        return redirect("my_cases")
    return render(
        request,
        "components/confirm.html",
        {
            "title": _("Delete the draft"),
            "question": _("Delete the draft “%(item)s”?") % {"item": case.item},
            "consequences": [
                _("What you typed and uploaded is deleted with it. This cannot be taken back.")
            ],
            "action_url": request.path,
            "confirm_label": _("Delete"),
            "cancel_url": reverse("my_cases"),
        },
    )
