"""The page on which the archivist changes who reads a record."""

from __future__ import annotations

import uuid

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from portal.archives.access.forms import AccessLevelForm
from portal.archives.access.services import change_level
from portal.archives.models import Record
from portal.archives.permissions import require_receive


@require_http_methods(["GET", "HEAD", "POST"])
def access_level(request: HttpRequest, record_id: uuid.UUID) -> HttpResponse:
    """Show the form, or change the level.

    Raises:
        NotArchivist: the account may not decide in the archive.
    """
    # First, so that nobody else learns which records there are.
    require_receive(request.user)
    record = get_object_or_404(Record.objects.visible_to(request.user), pk=record_id)
    if request.method == "POST":
        form = AccessLevelForm(request.POST, record=record)
        if form.is_valid():
            changed = change_level(
                record.pk,
                form.cleaned_data["level"],
                by=request.user,
                reason=form.cleaned_data["reason"],
                seen=form.cleaned_data["seen"],
            )
            messages.success(
                request,
                _("The access level is now “%(level)s”.")
                % {"level": changed.get_access_level_display()},
            )
            return redirect(record.get_absolute_url())
    else:
        form = AccessLevelForm(record=record)
    return render(
        request,
        "archives/access_level.html",
        {"record": record, "form": form},
        status=422 if form.is_bound else 200,
    )
