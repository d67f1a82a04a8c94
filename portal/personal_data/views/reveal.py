"""Show a whole value once, after a reason."""

from __future__ import annotations

from typing import Any

from django.core.exceptions import ValidationError
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from portal.personal_data.models import Reveal
from portal.personal_data.office_forms import RevealForm
from portal.personal_data.permissions import may_read_reveals
from portal.personal_data.reveals import Revealable, reveal, revealable, revealable_title

ROWS_PER_PAGE = 20


def _row_or_404(request: HttpRequest, label: str, pk: str) -> tuple[Revealable, Any]:
    """Return the field and the row, for those who may see it; strangers learn nothing."""
    found = revealable(label)
    row = None
    if found is not None and request.user.is_authenticated:
        rows = found.model._default_manager.all()
        if found.person_path:
            rows = rows.select_related(found.person_path)
        try:
            row = rows.filter(pk=pk).first()
        except (ValueError, ValidationError):
            row = None  # What stands in the address is no key of this model.
    if found is None or row is None or not found.may_reveal(request.user, row):
        raise Http404(_("There is no such value."))
    return found, row


@require_http_methods(["GET", "HEAD", "POST"])
def reveal_value(request: HttpRequest, label: str, pk: str) -> HttpResponse:
    """Ask for the reason; then show the value once.

    Raises:
        Http404: there is no such value, or the account may not see it.
        AlreadyShown: the form was sent before.
        DataFrozen: the data is frozen.
    """
    found, row = _row_or_404(request, label, pk)
    form = RevealForm(request.POST) if request.method == "POST" else RevealForm()
    value = None
    if form.is_bound and form.is_valid():
        value = reveal(
            row,
            found.field,
            request.user,
            form.cleaned_data["reason"],
            request_id=form.cleaned_data["request_id"],
        )
    response = render(
        request,
        "personal_data/reveal.html",
        {"form": form, "field": found, "person": found.person_of(row), "value": value},
        status=422 if form.is_bound and value is None else 200,
    )
    response["Cache-Control"] = "private, no-store"
    response["Referrer-Policy"] = "same-origin"
    return response


@require_safe
def reveals(request: HttpRequest) -> HttpResponse:
    """Show the auditors who looked at what and why; nobody else learns that the page exists.

    Raises:
        Http404: the account is no auditor.
    """
    if not may_read_reveals(request.user):
        raise Http404
    rows = Reveal.objects.select_related("user")
    who = request.GET.get("q", "").strip()[:50]
    if who:
        rows = rows.filter(name=who) | rows.filter(user__username=who)
    page = Paginator(rows, ROWS_PER_PAGE).get_page(request.GET.get("page"))
    for row in page:
        row.field_title = revealable_title(row.field)  # type: ignore[attr-defined]
    return render(request, "personal_data/reveals.html", {"page_obj": page, "filters": {"q": who}})
