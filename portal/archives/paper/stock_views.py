"""Pages of the stock-taking: begin, enter findings box by box, print, close, report."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.db.models import Count, Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from portal.archives.models import BoxResult, PaperCopy, StockBox, StockTaking
from portal.archives.paper import stocktaking
from portal.archives.paper.forms import StockTakingForm
from portal.archives.paper.lists import paper_alone, without_paper
from portal.archives.permissions import may_receive, require_office, require_receive

BOXES_PER_PAGE = 20
MOST_PRINTED = 5000
NOTE_LENGTH = 300
AMISS = (BoxResult.MISSING, BoxResult.INCOMPLETE, BoxResult.DAMAGED)


@require_http_methods(["GET", "HEAD", "POST"])
def stock_takings(request: HttpRequest) -> HttpResponse:
    """List the stock-takings and begin a new one."""
    require_office(request.user)
    form, status = StockTakingForm(), 200
    if request.method == "POST":
        require_receive(request.user)
        form = StockTakingForm(request.POST)
        if form.is_valid():
            taking = stocktaking.start(
                request.user, form.cleaned_data["name"], form.cleaned_data["shelf"]
            )
            return redirect(taking)
        status = 422
    listed = StockTaking.objects.order_by("-started_on", "-pk").annotate(
        box_count=Count("boxes"),
        open_count=Count("boxes", filter=Q(boxes__result=BoxResult.OPEN)),
        amiss_count=Count("boxes", filter=Q(boxes__result__in=AMISS)),
    )
    listed = listed.select_related("started_by__person")
    return render(
        request,
        "archives/paper/stock_takings.html",
        {
            "form": form,
            "may_begin": may_receive(request.user),
            "page_obj": Paginator(listed, BOXES_PER_PAGE).get_page(request.GET.get("page")),
        },
        status=status,
    )


def _taking(taking_id: int) -> StockTaking:
    return get_object_or_404(
        StockTaking.objects.select_related("started_by__person", "finished_by__person"),
        pk=taking_id,
    )


@require_http_methods(["GET", "HEAD", "POST"])
def stock_taking(request: HttpRequest, taking_id: int) -> HttpResponse:
    """Show the boxes of a stock-taking and take what was found of them."""
    require_office(request.user)
    taking = _taking(taking_id)
    if request.method == "POST":
        require_receive(request.user)
        return _enter(request, taking)
    chosen = request.GET.get("result", "")
    boxes = taking.boxes.select_related("checked_by__person")
    if chosen in BoxResult.values:
        boxes = boxes.filter(result=chosen)
    page_obj = Paginator(boxes, BOXES_PER_PAGE).get_page(request.GET.get("page"))
    return render(
        request,
        "archives/paper/stock_taking.html",
        {
            "taking": taking,
            "page_obj": page_obj,
            "counts": stocktaking.counts(taking),
            "chosen": chosen if chosen in BoxResult.values else "",
            "results": BoxResult.choices,
            "versions": {box.pk: stocktaking.version(box) for box in page_obj},
            "may_enter": may_receive(request.user) and taking.finished_at is None,
        },
    )


def _enter(request: HttpRequest, taking: StockTaking) -> HttpResponse:
    findings = []
    for key, result in request.POST.items():
        number = key.removeprefix("result-")
        if not key.startswith("result-") or not number.isdecimal() or len(number) > 18:
            continue
        if result not in BoxResult.values:
            continue
        note = " ".join(request.POST.get(f"note-{number}", "").replace("\0", "").split())
        seen = request.POST.get(f"seen-{number}", "")
        findings.append(
            stocktaking.Finding(int(number), str(result), note[:NOTE_LENGTH], str(seen))
        )
    count, passed = stocktaking.note(request.user, taking.pk, findings)
    if count:
        messages.success(request, _("%(count)d boxes were entered.") % {"count": count})
    for box in passed:
        messages.warning(
            request,
            _("Box %(box)s was entered as “%(result)s” by %(person)s meanwhile; yours was not.")
            % {
                "box": box.box,
                "result": box.get_result_display(),
                "person": box.checked_by or "—",
            },
        )
    target = request.POST.get("next", "")
    if url_has_allowed_host_and_scheme(target, allowed_hosts={request.get_host()}):
        return redirect(target)
    return redirect(taking)


@require_http_methods(["GET", "HEAD", "POST"])
def finish(request: HttpRequest, taking_id: int) -> HttpResponse:
    """Close a stock-taking, after a second look."""
    require_receive(request.user)
    taking = _taking(taking_id)
    if request.method == "POST":
        stocktaking.finish(request.user, taking.pk)
        messages.success(request, _("The stock-taking is finished; the report can be printed."))
        return redirect("archive_stock_report", taking_id=taking.pk)
    return render(
        request,
        "components/confirm.html",
        {
            "title": _("Finish “%(name)s”?") % {"name": taking.name},
            "question": _("The findings cannot be changed afterwards."),
            "consequences": [
                f"{row['name']}：{_('%(count)d boxes') % {'count': row['boxes']}}"
                for row in stocktaking.counts(taking)
                if row["boxes"]
            ],
            "action_url": reverse("archive_stock_finish", args=[taking.pk]),
            "confirm_label": _("Finish"),
            "cancel_url": taking.get_absolute_url(),
        },
    )


@require_GET
def box_list(request: HttpRequest, taking_id: int) -> HttpResponse:
    """Show all boxes on one sheet, to be printed and carried to the shelves."""
    require_office(request.user)
    taking = _taking(taking_id)
    return render(
        request,
        "archives/paper/box_list.html",
        {"taking": taking, "boxes": list(taking.boxes.all()[:MOST_PRINTED])},
    )


@require_GET
def report(request: HttpRequest, taking_id: int) -> HttpResponse:
    """Show the result for printing: what was found, what is amiss, what has no twin."""
    require_office(request.user)
    taking = _taking(taking_id)
    amiss: list[StockBox] = list(
        taking.boxes.filter(result__in=AMISS).select_related("checked_by__person")[:MOST_PRINTED]
    )
    return render(
        request,
        "archives/paper/report.html",
        {
            "taking": taking,
            "counts": stocktaking.counts(taking),
            "amiss": amiss,
            "items": _items(request.user, [box.box for box in amiss]),
            "without_paper": len(without_paper(request.user).order_by().values("pk")[:10_000]),
            "alone": paper_alone().count(),
        },
    )


def _items(user: Any, boxes: list[str]) -> list[PaperCopy]:
    """Return the items in boxes that are amiss; titles only of what the account may read."""
    from portal.archives.paper.lists import paper_of

    return list(
        paper_of(user)
        .filter(box__in=boxes[:500])
        .select_related("record")
        .order_by("box", "code", "pk")[:MOST_PRINTED]
    )
