"""A person reads and takes along what the portal keeps of them; notices; consents."""

from __future__ import annotations

import json

from allauth.account.decorators import reauthentication_required
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, redirect, render
from django.template.loader import render_to_string
from django.utils import timezone
from django.utils.http import content_disposition_header
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from portal.personal_data.consents import current_notice, withdraw_consent
from portal.personal_data.models import Consent, PrivacyNotice
from portal.personal_data.my_data import as_json, consents_of, parts_of
from portal.personal_data.refusals import NoNotice


@require_safe
def my_data(request: HttpRequest) -> HttpResponse:
    """Say what is kept and offer to take it along; show the consents that can be withdrawn."""
    person = request.user.person if request.user.is_authenticated else None
    return render(request, "personal_data/my_data.html", {"consents": consents_of(person)})


@reauthentication_required
@require_POST
def my_data_download(request: HttpRequest) -> HttpResponse:
    """Hand out everything, after the password was entered again."""
    now = timezone.localtime()
    form = request.POST.get("format")
    name = f"{_('My data')}-{now:%Y%m%d}"
    if form == "json":
        body = json.dumps(as_json(request.user, now), ensure_ascii=False, indent=2)
        response = HttpResponse(body, content_type="application/json; charset=utf-8")
        name += ".json"
    else:
        html = render_to_string(
            "personal_data/my_data_copy.html",
            {
                "title": _("My data"),
                "parts": parts_of(request.user),
                "account": request.user,
                "made_at": now,
            },
        )
        if form == "pdf":
            from portal.archives.pdf import pdf_from_html

            response = HttpResponse(pdf_from_html(html), content_type="application/pdf")
            name += ".pdf"
        else:
            response = HttpResponse(html, content_type="text/html; charset=utf-8")
            name += ".html"
    response["Content-Disposition"] = content_disposition_header(True, name) or "attachment"
    response["Cache-Control"] = "private, no-store"
    return response


@require_http_methods(["GET", "HEAD", "POST"])
def withdraw(request: HttpRequest, consent_id: int) -> HttpResponse:
    """Ask once more, then take a consent back.

    Raises:
        Http404: it is somebody else's.
    """
    person_id = getattr(request.user, "person_id", None)
    if person_id is None:
        raise Http404
    consent = get_object_or_404(
        Consent.objects.select_related("notice"), pk=consent_id, person_id=person_id
    )
    if request.method == "POST":
        withdraw_consent(consent)
        messages.success(request, _("The consent is withdrawn. What was done before stays valid."))
        return redirect("my_data")
    return render(request, "personal_data/withdraw.html", {"consent": consent})


@require_safe
def privacy_notice(
    request: HttpRequest, code: str, version: int | None = None
) -> HttpResponse | HttpResponseRedirect:
    """Show a version of a notice, the current one without a number.

    Raises:
        Http404: there is none, or it is not published yet.
    """
    if version is None:
        try:
            return redirect(current_notice(code))
        except NoNotice as error:
            raise Http404 from error
    notice = get_object_or_404(
        PrivacyNotice, code=code, version=version, published_on__lte=timezone.localdate()
    )
    newest = current_notice(code)
    return render(request, "personal_data/notice.html", {"notice": notice, "newest": newest})
