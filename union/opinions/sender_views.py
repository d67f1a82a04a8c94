"""Pages of senders who stay unknown. Nothing here knows a session, an account or an address."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.debug import sensitive_variables
from django.views.decorators.http import require_http_methods, require_POST

from portal.anonymous_requests import anonymous_view, bucket
from portal.cases.status import clocks_of, status_of, time_line
from portal.cases.views.reading import events_of
from portal.refusals import Refusal
from union.anonymity import puzzles, receipts
from union.anonymity.receipts import waiting_mac
from union.models import FeedbackBoxPage, Opinion
from union.opinions import release, unsigned
from union.opinions.sender_forms import (
    TAIL,
    MessageForm,
    RatingForm,
    ReceiptForm,
    ReopenForm,
    UnsignedOpinionForm,
    refusal_words,
    refuse_receipt,
)

UNPROCESSABLE = 422


def anonymous_box(box_id: int) -> FeedbackBoxPage:
    """Return a box that takes opinions without a name.

    Raises:
        Http404: there is none.
    """
    boxes = FeedbackBoxPage.objects.filter(live=True, receives_anonymous=True, audience="public")
    return get_object_or_404(boxes, pk=box_id)


# ---- Sending


@anonymous_view
@require_http_methods(["GET", "HEAD", "POST"])
@sensitive_variables("form", "receipt")
def opinion_anonymous(request: HttpRequest, box_id: int) -> HttpResponse:
    """Take an opinion without a name; the answer to the form shows the receipt, once.

    Raises:
        Http404: there is no such box.
    """
    box = anonymous_box(box_id)
    if request.method != "POST":
        return _form_page(request, box, UnsignedOpinionForm(box=box))
    form = UnsignedOpinionForm(request.POST, request.FILES, box=box)
    if not form.is_valid():
        return _form_page(request, box, form, status=UNPROCESSABLE)
    try:
        receipt = _send(request, box, form)
    except Refusal as refusal:
        if isinstance(refusal, puzzles.PuzzleSpent):
            form.renew()
        return _form_page(request, box, form, status=refusal.status, **refusal_words(refusal))
    return _receipt_page(request, receipt, box=box)


@sensitive_variables("form", "receipt", "values")
def _send(request: HttpRequest, box: FeedbackBoxPage, form: UnsignedOpinionForm) -> str:
    values = form.cleaned_data
    unit = values["accused_unit"]
    new = unsigned.Unsigned(
        box=box,
        category=values["category"],
        text=values["text"],
        accused_unit=unit.pk if unit is not None else None,
        may_publish=values["may_publish"],
        pictures=values.get("pictures", []),
    )
    receipt = unsigned.send(new, form.puzzle.token, bucket(request))
    if new.category.urgent:
        release.release(only_mac=waiting_mac(receipt))
    return receipt


def _form_page(
    request: HttpRequest,
    box: FeedbackBoxPage,
    form: UnsignedOpinionForm,
    status: int = 200,
    **words: Any,
) -> HttpResponse:
    return render(
        request,
        "union/opinions/anonymous.html",
        {
            "box": box,
            "form": form,
            "puzzle": form.puzzle,
            "puzzle_seconds": puzzles.SECONDS,
            "slots": slot_words(),
            "pictures_again": bool(request.FILES),
            **words,
        },
        status=status,
    )


def slot_words() -> str:
    """Return the set hours of deliveries in words."""
    hours = sorted(int(hour) for hour in settings.OPINION_RELEASE_HOURS)
    return "、".join(f"{hour}:00" for hour in hours)


def _receipt_page(
    request: HttpRequest,
    receipt: str,
    *,
    box: FeedbackBoxPage | None = None,
    fault: str = "",
) -> HttpResponse:
    return render(
        request,
        "union/opinions/receipt.html",
        {
            "receipt": receipt,
            "grouped": receipts.grouped(receipt),
            "box": box,
            "fault": fault,
            "slots": slot_words(),
        },
        status=UNPROCESSABLE if fault else 200,
    )


@anonymous_view
@require_POST
@sensitive_variables("receipt")
def opinion_receipt(request: HttpRequest) -> HttpResponse:
    """Let somebody leave the receipt once its end was typed; the receipt comes from the browser."""
    receipt = receipts.normalized(request.POST.get("receipt", ""))
    if not receipts.is_whole(receipt):
        return render(request, "union/opinions/lookup.html", {"form": ReceiptForm()}, status=422)
    tail = receipts.normalized(request.POST.get("tail", ""))
    if "kept" not in request.POST:
        return _receipt_page(
            request, receipt, fault=_("Please keep the receipt first, then tick the box.")
        )
    if tail != receipt[-TAIL:]:
        return _receipt_page(
            request,
            receipt,
            fault=_("These are not the last four characters. Please compare and type them again."),
        )
    return render(request, "union/opinions/receipt_kept.html", {})


# ---- Coming back


@anonymous_view
@require_http_methods(["GET", "HEAD", "POST"])
@sensitive_variables("form", "receipt", "found")
def opinion_lookup(request: HttpRequest) -> HttpResponse:
    """Open an opinion by its receipt; every failure gets the same words after the same work."""
    if request.method != "POST":
        return render(request, "union/opinions/lookup.html", {"form": ReceiptForm()})
    form = ReceiptForm(request.POST)
    receipt = form.typed()
    found = unsigned.find(receipt)
    if found.nothing:
        return _nothing(request, form)
    return _dialogue(request, receipt, found)


def _nothing(request: HttpRequest, form: ReceiptForm) -> HttpResponse:
    return render(
        request,
        "union/opinions/lookup.html",
        {"form": form, "failed": True},
        status=UNPROCESSABLE,
    )


@sensitive_variables("receipt", "found", "more")
def _dialogue(
    request: HttpRequest, receipt: str, found: unsigned.Found, status: int = 200, **more: Any
) -> HttpResponse:
    opinion = found.opinion
    context: dict[str, Any] = {
        "receipt": receipt,
        "waiting": found.waiting,
        "opinion": opinion,
        "slots": slot_words(),
        **more,
    }
    if opinion is not None:
        context |= _standing(opinion)
        context.setdefault("message_form", MessageForm())
        context.setdefault("rating_form", RatingForm())
        context.setdefault("reopen_form", ReopenForm())
    return render(request, "union/opinions/dialogue_page.html", context, status=status)


def _standing(opinion: Opinion) -> dict[str, Any]:
    case = opinion.case
    return {
        "case": case,
        "status": status_of(case, clocks_of(case), timezone.localdate()),
        "stages": time_line(case, events_of(case)),
        "thread": list(opinion.messages.all()),
        "pictures": case.documents.count(),
        "may_write": not case.standing.final,
        "may_rate": case.state == "answered",
        "may_reopen": case.state == "answered" and opinion.level == 0,
    }


_FORMS = {
    unsigned.MESSAGE: ("message_form", MessageForm, ("body",)),
    unsigned.RATE: ("rating_form", RatingForm, ("level", "words")),
    unsigned.REOPEN: ("reopen_form", ReopenForm, ("reason",)),
}


@anonymous_view
@require_POST
@sensitive_variables("form", "receipt", "found", "values")
def opinion_follow_up(request: HttpRequest) -> HttpResponse:
    """Take a message, a rating or a reopening by receipt.

    Raises:
        Http404: the form is none of these.
    """
    kind = request.POST.get("kind", "")
    if kind not in _FORMS:
        raise Http404(_("There is no such step."))
    receipt_form = ReceiptForm(request.POST)
    receipt = receipt_form.typed()
    found = unsigned.find(receipt)
    if found.opinion is None:
        return _nothing(request, receipt_form)
    name, form_class, fields = _FORMS[kind]
    form = form_class(request.POST)
    allowed = _standing(found.opinion)
    permitted = {
        unsigned.MESSAGE: allowed["may_write"],
        unsigned.RATE: allowed["may_rate"],
        unsigned.REOPEN: allowed["may_reopen"],
    }[kind]
    if not permitted:
        return _dialogue(
            request,
            receipt,
            found,
            409,
            refused_title=_("This is not possible any more"),
            refused=_("The matter has moved on meanwhile. Please look at where it stands now."),
        )
    if not form.is_valid() or refuse_receipt(form, receipt):
        return _dialogue(request, receipt, found, UNPROCESSABLE, form=form, **{name: form})
    values = {field: form.cleaned_data[field] for field in fields}
    try:
        unsigned.follow_up(receipt, found.opinion, kind, **values)
    except Refusal as refusal:
        return _dialogue(
            request, receipt, found, refusal.status, **{name: form}, **refusal_words(refusal)
        )
    return _dialogue(request, receipt, unsigned.find(receipt), done=kind)
