"""Pages of sealed packages: one with its check, and the list of all."""

from __future__ import annotations

import uuid
from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext, pgettext
from django.views.decorators.http import require_GET, require_POST

from portal.archives import file_access, store
from portal.archives.access.refusals import SealedUnreadable
from portal.archives.models import PackageWork, Record, SealedPackage
from portal.archives.packages import listing
from portal.archives.permissions import may_receive, require_office, require_receive

ROWS_PER_PAGE = 20


def _record(request: HttpRequest, record_id: uuid.UUID) -> Record:
    return get_object_or_404(
        Record.objects.visible_to(request.user).select_related("unit"), pk=record_id
    )


@require_GET
def packages(request: HttpRequest) -> HttpResponse:
    """List packages by where they stand, those that need somebody first."""
    require_office(request.user)
    counted = listing.counts(request.user)
    chosen = request.GET.get("state", "")
    if chosen not in counted:
        chosen = next(
            (state for state in (listing.FAILED, listing.WAITING) if counted[state]),
            listing.SEALED,
        )
    rows: Any = (
        listing.sealed_for(request.user)
        if chosen == listing.SEALED
        else listing.work_of(request.user, chosen)
    )
    return render(
        request,
        "archives/packages/list.html",
        {
            "page_obj": Paginator(rows, ROWS_PER_PAGE).get_page(request.GET.get("page")),
            "chosen": chosen,
            "counts": [
                (listing.WAITING, pgettext("package", "Waiting"), counted[listing.WAITING]),
                (listing.FAILED, pgettext("package", "Not sealed"), counted[listing.FAILED]),
                (listing.SEALED, pgettext("package", "Sealed"), counted[listing.SEALED]),
            ],
            "may_retry": may_receive(request.user),
        },
    )


@require_GET
def package(request: HttpRequest, record_id: uuid.UUID) -> HttpResponse:
    """Show the layers of a record's package, and check the newest one now."""
    record = _record(request, record_id)
    layers = list(SealedPackage.objects.filter(record=record).select_related("file"))
    return render(
        request,
        "archives/packages/package.html",
        {
            "record": record,
            "layers": layers,
            "work": PackageWork.objects.filter(record=record).first(),
            "report": _report(layers[-1]) if layers else None,
            "may_retry": may_receive(request.user),
        },
    )


def _report(newest: SealedPackage) -> Any:
    # What reads signatures is large; other pages do without it.
    from portal.archives.packages import certificates, verification
    from portal.archives.packages.refusals import NotSealed

    try:
        body = file_access.read(newest.file)
    except (store.MissingFile, SealedUnreadable, OSError) as error:
        problem = verification.Finding("structure", newest.file.name, verification.BAD, str(error))
        return verification.Report([problem], None)
    try:
        authorities = certificates.trusted_authorities()
    except NotSealed:
        authorities = []
    return verification.verify(body, authorities=authorities)


@require_POST
def retry(request: HttpRequest, record_id: uuid.UUID) -> HttpResponse:
    """Try again to seal the package of one record."""
    require_receive(request.user)
    from portal.archives.packages.services import retry as try_again

    record = _record(request, record_id)
    if try_again(record.pk):
        messages.success(request, _("The worker tries again within a minute."))
    else:
        messages.info(request, _("Nothing waits here."))
    return redirect("archive_package", record.pk)


@require_POST
def retry_all(request: HttpRequest) -> HttpResponse:
    """Try everything again that waits for something or was put aside."""
    require_receive(request.user)
    from portal.archives.packages.services import retry_all as try_all_again

    count = try_all_again()
    messages.success(
        request,
        ngettext(
            "%(count)d package will be tried again.",
            "%(count)d packages will be tried again.",
            count,
        )
        % {"count": count},
    )
    return redirect("archive_packages")
