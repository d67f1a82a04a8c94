"""Pages for readers: common questions, leaflets, sign-up for briefings, comments on drafts."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.http import content_disposition_header
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from portal.pages.models import Publication
from portal.refusals import Refusal
from veterans.models import (
    AnswerPage,
    BriefingPage,
    Comment,
    ConsultationPage,
    SupportItem,
    SupportStandardPage,
)
from veterans.models.publicity import SignUpState, Topic
from veterans.publicity import briefings, consultations
from veterans.publicity.forms import CommentForm, SignUpForm
from veterans.publicity.leaflet import leaflet_pdf
from veterans.standards.services import region_offered, version_on
from veterans.standards.views import asked_region

PAGE_SIZE = 20
LONGEST_QUERY = 60


@login_not_required
@require_safe
def answers(request: HttpRequest) -> HttpResponse:
    """List common questions by topic and item, and find some by their words."""
    query = " ".join(request.GET.get("q", "").replace("\x00", "").split())[:LONGEST_QUERY]
    topic = request.GET.get("topic", "")
    found: Any = AnswerPage.objects.visible_to(request.user)
    if topic in Topic.values:
        found = found.filter(topic=topic)
    else:
        topic = ""
    item = SupportItem.objects.filter(code=request.GET.get("item", "")[:40]).first()
    if item is not None:
        found = found.filter(item=item)
    found = found.select_related("item").order_by("topic", "item__order", "path")
    rows: Any = found.search(query, order_by_relevance=False) if query else found
    return render(
        request,
        "veterans/publicity/answers.html",
        {
            "page_obj": Paginator(rows, PAGE_SIZE).get_page(request.GET.get("page")),
            "query": query,
            "topic": topic,
            "topics": Topic.choices,
            "item": item,
        },
    )


@login_not_required
@require_safe
def leaflet(request: HttpRequest, item_code: str) -> HttpResponse:
    """Hand out the leaflet of the standard in force.

    Raises:
        Http404: the item is not offered.
        NoStandardInForce: there is none.
    """
    item = get_object_or_404(SupportItem, code=item_code, is_offered=True)
    region = region_offered(item, asked_region(request))
    version = version_on(item, timezone.localdate(), region)
    visible = Publication.objects.visible_to(request.user).of_kind("support-standard")
    page = SupportStandardPage.objects.filter(
        pk__in=visible.values("page_id"), version__item=item, version__region=region
    ).first()
    path = page.url if page is not None else reverse("support_self_check", args=[item.code])
    made = leaflet_pdf(version, request.build_absolute_uri(path))
    response = HttpResponse(made, content_type="application/pdf")
    name = f"{item.name}办事指南{version.effective_from.year}.pdf"
    response["Content-Disposition"] = content_disposition_header(False, name) or "inline"
    return response


# ---- Briefings


def _briefing(request: HttpRequest, pk: int) -> BriefingPage:
    found: BriefingPage = get_object_or_404(BriefingPage.objects.visible_to(request.user), pk=pk)
    return found


@never_cache
@require_POST
def sign_up(request: HttpRequest, pk: int) -> HttpResponse:
    """Take a seat, or a place on the waiting list."""
    page = _briefing(request, pk)
    form = SignUpForm(request.POST)
    if not form.is_valid():
        messages.error(request, " ".join(map(str, form.errors["companions"])))
        return redirect(f"{page.url}#sign-up")
    try:
        made = briefings.sign_up(page.pk, request.user, form.cleaned_data["companions"])  # type: ignore[arg-type]
    except Refusal as refusal:
        messages.error(request, str(refusal.message))
        return redirect(f"{page.url}#sign-up")
    if made.state == SignUpState.SEATED:
        messages.success(request, _("You have a seat. We remind you the day before."))
    else:
        messages.success(
            request, _("All seats are taken. You are on the waiting list; we tell you.")
        )
    return redirect(f"{page.url}#sign-up")


@never_cache
@require_POST
def cancel(request: HttpRequest, pk: int) -> HttpResponse:
    """Give a seat back."""
    page = _briefing(request, pk)
    try:
        briefings.cancel(page.pk, request.user)  # type: ignore[arg-type]
    except Refusal as refusal:
        messages.error(request, str(refusal.message))
    else:
        messages.success(request, _("Your sign-up is cancelled."))
    return redirect(f"{page.url}#sign-up")


# ---- Consultations


def _consultation(request: HttpRequest, pk: int) -> ConsultationPage:
    found: ConsultationPage = get_object_or_404(
        ConsultationPage.objects.visible_to(request.user), pk=pk
    )
    return found


def _own_comment(request: HttpRequest, pk: int) -> Comment:
    person_id = getattr(request.user, "person_id", None)
    comment = get_object_or_404(Comment.objects.select_related("page"), pk=pk)
    if person_id is None or comment.person_id != person_id:
        raise Http404
    return comment


@never_cache
@require_POST
def comment(request: HttpRequest, pk: int) -> HttpResponse:
    """Keep a comment; what was typed stays when it is refused."""
    page = _consultation(request, pk)
    form = CommentForm(request.POST)
    refusal = None
    if form.is_valid():
        try:
            consultations.write_comment(page.pk, request.user, form.cleaned_data["text"])  # type: ignore[arg-type]
        except Refusal as refused:
            refusal = refused
        else:
            messages.success(request, _("Thank you. Your comment is there and will be answered."))
            return redirect(f"{page.url}#comments")
    status = refusal.status if refusal is not None else 422
    context = {"page": page, "form": form, "refusal": refusal, "title": page.title}
    return render(request, "veterans/publicity/comment.html", context, status=status)


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def edit_comment(request: HttpRequest, pk: int) -> HttpResponse:
    """Change an own comment, once."""
    found = _own_comment(request, pk)
    page = found.page
    form = CommentForm(request.POST or None, initial={"text": found.text})
    refusal, status = None, 200
    if request.method == "POST":
        status = 422
        if form.is_valid():
            try:
                consultations.edit_comment(found.pk, request.user, form.cleaned_data["text"])  # type: ignore[arg-type]
            except Refusal as refused:
                refusal, status = refused, refused.status
            else:
                messages.success(request, _("Your comment is changed."))
                return redirect(f"{page.url}#comments")
    context = {"page": page, "form": form, "comment": found, "refusal": refusal}
    return render(request, "veterans/publicity/comment.html", context, status=status)
