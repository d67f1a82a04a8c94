"""The slip with the tracking code: shown once, in the answer to the form itself.

The code is never in an address, a session or a message. What the browser sends back to get the
slip as PDF, or to go on, is the code it was given.
"""

from __future__ import annotations

import uuid

import segno
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone
from django.utils.crypto import constant_time_compare
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _
from django.views.decorators.debug import sensitive_post_parameters, sensitive_variables
from django.views.decorators.http import require_http_methods, require_POST

from portal.archives.pdf import pdf_from_html
from portal.cases.beside import new_tracking_code_of
from portal.cases.models import Case
from portal.cases.numbers import grouped, normalized_code, tracking_digest
from portal.cases.views.private import made_private, private_answer
from portal.cases.views.reading import account, is_own, readable_case
from portal.personal_data.masking import masked_name

UNPROCESSABLE = 422
# What a QR code can lose and still be read, for slips that are folded and stained.
_ERROR_CORRECTION = "m"


def _picture(text: str) -> SafeString:
    code = segno.make(text, error=_ERROR_CORRECTION, micro=False)
    drawn: str = code.svg_inline(scale=4, border=2, dark="#000", light="#fff", omitsize=True)
    return mark_safe(drawn)  # noqa: S308  made of our own address and digits


@sensitive_variables("code")
def _context(request: HttpRequest, case: Case, code: str) -> dict[str, object]:
    person = case.beneficiary or case.applicant
    address = request.build_absolute_uri(reverse("track"))
    return {
        "case": case,
        "code": normalized_code(code),
        "grouped_code": grouped(normalized_code(code)),
        "name": masked_name(person.name) if person else "",
        "address": address,
        "picture": _picture(f"{address}#{normalized_code(code)}"),
        "printed_at": timezone.localtime(),
    }


@sensitive_variables("code")
def receipt_response(
    request: HttpRequest, case: Case, code: str, *, unsaved: bool = False
) -> HttpResponse:
    """Return the page with the tracking code of a case that was just handed in.

    The subject's view that handed it in returns this in answer to the form.

    Args:
        code: the plain code, which exists nowhere else.
        unsaved: somebody wanted to go on without saying that the code is kept.
    """
    context = {**_context(request, case, code), "unsaved": unsaved}
    status = UNPROCESSABLE if unsaved else 200
    return made_private(render(request, "cases/receipt.html", context, status=status))


@private_answer
@sensitive_post_parameters("code")
@sensitive_variables("code")
@require_POST
def case_receipt(request: HttpRequest, case_id: uuid.UUID) -> HttpResponse:
    """Make the PDF of the slip, or go on to the case once the code is kept.

    A clerk who handed in for somebody prints the slip, too.

    Raises:
        Http404: the case is not the account's, or the code is not the one of the case.
    """
    case = readable_case(request, case_id)
    code = normalized_code(request.POST.get("code", ""))
    handed_in = case.events.filter(sequence=1, actor=request.user.pk or 0).exists()
    if not (is_own(request, case) or handed_in) or not constant_time_compare(
        case.tracking_digest or "", tracking_digest(code)
    ):
        raise Http404(_("There is no such slip."))
    if "pdf" in request.POST:
        html = render_to_string("cases/slip.html", _context(request, case, code))
        response = HttpResponse(pdf_from_html(html), content_type="application/pdf")
        response["Content-Disposition"] = f'attachment; filename="{case.number}.pdf"'
        return response
    if "saved" not in request.POST:
        return receipt_response(request, case, code, unsaved=True)
    return redirect("case", case.pk)


@private_answer
@sensitive_variables("code")
@require_http_methods(["GET", "HEAD", "POST"])
def case_code(request: HttpRequest, case_id: uuid.UUID) -> HttpResponse:
    """Give the applicant a new code; the old one opens nothing from then on.

    Raises:
        Http404: the case is not the account's own, or was not handed in.
    """
    case = readable_case(request, case_id)
    if not is_own(request, case) or case.is_draft:
        raise Http404(_("There is no such case."))
    if request.method == "POST":
        return receipt_response(request, case, new_tracking_code_of(case.pk, account(request)))
    return render(
        request,
        "components/confirm.html",
        {
            "title": _("A new tracking code"),
            "question": _("Was the code lost, or seen by somebody else?"),
            "consequences": [
                _("You get a new code, which is shown once."),
                _("The old code and its slip open nothing any more."),
            ],
            "action_url": request.path,
            "confirm_label": _("Make a new code"),
            "cancel_url": reverse("case", args=[case.pk]),
        },
    )
