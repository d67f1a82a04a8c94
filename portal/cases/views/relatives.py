"""The relatives of those who work on cases: each declares the own, the auditor reads all."""

from __future__ import annotations

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.debug import sensitive_post_parameters, sensitive_variables
from django.views.decorators.http import require_http_methods, require_safe

from portal.cases import kin
from portal.cases.forms import RelativeForm
from portal.cases.listing import sees_supervision
from portal.cases.models import DeclaredRelative
from portal.cases.permissions import reads_cases
from portal.cases.views.private import private_answer
from portal.cases.views.reading import account
from portal.refusals import Refusal

ROWS_PER_PAGE = 20
UNPROCESSABLE = 422


def _require_office(request: HttpRequest) -> None:
    if not reads_cases(request.user):
        raise PermissionDenied


@private_answer
@sensitive_post_parameters("identity_number")
@sensitive_variables("form")
@require_http_methods(["GET", "HEAD", "POST"])
def case_relatives(request: HttpRequest) -> HttpResponse:
    """List the own relatives, and declare one more.

    Raises:
        PermissionDenied: the account works on no cases.
    """
    _require_office(request)
    user = account(request)
    form = RelativeForm(request.POST or None)
    status = 200
    if request.method == "POST":
        status = UNPROCESSABLE
        if form.is_valid():
            try:
                kin.declare(user, **form.cleaned_data)
            except Refusal as refusal:
                form.add_error(None, str(refusal.message))
            else:
                messages.success(request, _("The relative is declared."))
                return redirect("case_relatives")
    return render(
        request,
        "cases/relatives.html",
        {
            "form": form,
            "relatives": list(kin.declarations_of(user.person_id)),
            "sees_all": sees_supervision(user),
        },
        status=status,
    )


@private_answer
@require_http_methods(["GET", "HEAD", "POST"])
def case_relative_end(request: HttpRequest, key: int) -> HttpResponse:
    """End an own declaration after a question.

    Raises:
        PermissionDenied: the account works on no cases.
        Http404: the account declared nobody under this key.
    """
    _require_office(request)
    user = account(request)
    row = DeclaredRelative.objects.filter(person=user.person_id, pk=key).first()
    if row is None:
        raise Http404(_("There is no such declaration."))
    if request.method == "POST":
        kin.end_declaration(user, row)
        messages.success(request, _("The declaration has ended."))
        return redirect("case_relatives")
    return render(
        request,
        "components/confirm.html",
        {
            "title": _("End the declaration"),
            "question": _("Is %(name)s no relative of yours any more, or was it a mistake?")
            % {"name": row.name},
            "consequences": [
                _("Cases of this person are given to you again."),
                _("The auditor sees the declaration and when it ended."),
            ],
            "action_url": request.path,
            "confirm_label": _("End"),
            "cancel_url": reverse("case_relatives"),
        },
    )


@private_answer
@require_safe
def case_relatives_all(request: HttpRequest) -> HttpResponse:
    """List everybody's declarations, those that ended included, for leaders and the auditor.

    Raises:
        PermissionDenied: the account neither leads nor audits a flow.
    """
    if not sees_supervision(request.user):
        raise PermissionDenied
    rows = DeclaredRelative.objects.select_related("person__unit", "relative").order_by(
        "person__name", "person", "pk"
    )
    page = Paginator(rows, ROWS_PER_PAGE).get_page(request.GET.get("page"))
    return render(request, "cases/relatives_all.html", {"page_obj": page})
