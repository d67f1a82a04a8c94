"""Pages of titles: the list, one title with its rows, and its form."""

from __future__ import annotations

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from honors.models import Title
from honors.titles import services
from honors.titles.forms import TitleForm, row_sets
from honors.titles.permissions import keeps_titles, reads_titles
from portal.office_pages import METHODS, UNPROCESSABLE, account, add_errors, guarded
from portal.refusals import Refusal


@require_safe
@guarded(reads_titles)
def titles(request: HttpRequest) -> HttpResponse:
    """Show every title: who receives it, how it is given."""
    return render(
        request,
        "honors/titles/list.html",
        {"titles": Title.objects.all(), "may_change": keeps_titles(request.user)},
    )


@require_safe
@guarded(reads_titles)
def title(request: HttpRequest, code: str) -> HttpResponse:
    """Show one title with its conditions, score card, vetoes and quotas."""
    found = get_object_or_404(Title, code=code)
    return render(
        request,
        "honors/titles/title.html",
        {
            "title": found,
            "criteria": found.criteria.all(),
            "lines": found.score_lines.all(),
            "vetoes": found.vetoes.all(),
            "quotas": found.quotas.select_related("unit"),
            "may_change": keeps_titles(request.user),
        },
    )


@require_http_methods(METHODS)
@guarded(keeps_titles)
def title_edit(request: HttpRequest, code: str) -> HttpResponse:
    """Change a title and its rows."""
    return _edit(request, get_object_or_404(Title, code=code))


@require_http_methods(METHODS)
@guarded(keeps_titles)
def title_new(request: HttpRequest) -> HttpResponse:
    """Enter a new title."""
    return _edit(request, Title())


def _edit(request: HttpRequest, found: Title) -> HttpResponse:
    form = TitleForm(request.POST or None, instance=found)
    sets = row_sets(found, request.POST or None)
    refusal, status = None, 200
    if request.method == "POST":
        status = UNPROCESSABLE
        if all([form.is_valid(), *(rows.is_valid() for _name, rows in sets)]):
            try:
                with transaction.atomic():
                    saved = services.save(account(request), form, [rows for _name, rows in sets])
            except ValidationError as error:
                add_errors(form, error)
            except IntegrityError:
                # Somebody else entered the same name or code in this moment.
                form.add_error(None, _("There is a title of this name or code already."))
            except Refusal as refused:
                refusal, status = refused, refused.status
            else:
                messages.success(request, _("The title is kept. Rounds that run do not change."))
                return redirect("honor_title", saved.code)
    return render(
        request,
        "honors/titles/edit.html",
        {"form": form, "sets": sets, "found": found, "refusal": refusal},
        status=status,
    )
