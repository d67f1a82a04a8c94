"""Pages of what is made open: public replies, disclosed matters, questions on them."""

from __future__ import annotations

from typing import Any, cast

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from portal.address_values import plain_text
from portal.cases.views.private import private_answer
from portal.organizations.models import Unit
from portal.people.models import User
from portal.refusals import Refusal
from union.models import (
    DisclosureCategory,
    DisclosureQuestion,
    OpenManagementPage,
    OpinionCategory,
    PublicReplyPage,
)
from union.openness import questions
from union.openness.forms import AnswerForm, QuestionForm

PER_PAGE = 20
UNPROCESSABLE = 422


def _slug(request: HttpRequest, name: str) -> str:
    return plain_text(request.GET.get(name, ""))[:40]


@require_safe
def public_replies(request: HttpRequest) -> HttpResponse:
    """List public replies by category, the newest first."""
    found = PublicReplyPage.objects.visible_to(request.user).select_related("category")
    category = OpinionCategory.objects.filter(code=_slug(request, "category")).first()
    if category is not None:
        found = found.filter(category=category)
    changed = request.GET.get("changed") == "yes"
    if changed:
        found = found.exclude(improvement="")
    rows = found.order_by("-first_published_at", "-pk")
    return render(
        request,
        "union/openness/public_replies.html",
        {
            "page_obj": Paginator(rows, PER_PAGE).get_page(request.GET.get("page")),
            "categories": OpinionCategory.objects.filter(to_discipline=False),
            "category": category,
            "changed": changed,
        },
    )


@require_safe
def open_management(request: HttpRequest) -> HttpResponse:
    """List disclosed matters by category and responsible unit."""
    visible = OpenManagementPage.objects.visible_to(request.user)
    category = DisclosureCategory.objects.filter(code=_slug(request, "category")).first()
    unit = Unit.objects.filter(code=_slug(request, "unit")).first()
    found = visible.select_related("category", "unit")
    if category is not None:
        found = found.filter(category=category)
    if unit is not None:
        found = found.filter(unit__path__startswith=unit.path)
    rows = found.order_by("category__order", "-disclosed_on", "pk")
    return render(
        request,
        "union/openness/open_management.html",
        {
            "page_obj": Paginator(rows, PER_PAGE).get_page(request.GET.get("page")),
            "categories": DisclosureCategory.objects.all(),
            "category": category,
            "units": Unit.objects.filter(pk__in=visible.values("unit")).order_by("path"),
            "unit": unit,
            "today": timezone.localdate(),
        },
    )


@require_POST
def disclosure_ask(request: HttpRequest, pk: int) -> HttpResponse:
    """Ask a question on a disclosed matter; what was typed stays when it is refused.

    Raises:
        Http404: there is no such page for this reader.
    """
    page = get_object_or_404(OpenManagementPage.objects.visible_to(request.user), pk=pk)
    form = QuestionForm(request.POST)
    status = UNPROCESSABLE
    if form.is_valid():
        try:
            made = questions.ask(page, cast(User, request.user), form.cleaned_data["text"])
        except Refusal as refusal:
            form.add_error(None, str(refusal.message))
            status = refusal.status
        else:
            words = _("Your question is asked. The answer comes by %(day)s.")
            messages.success(request, words % {"day": _written(made.due_on)})
            return redirect(f"{page.url}#questions")
    return render(request, "union/openness/ask.html", {"page": page, "form": form}, status=status)


def _written(day: Any) -> str:
    from django.utils.formats import date_format

    return date_format(day, "DATE_FORMAT")


@require_safe
@private_answer
def disclosure_questions(request: HttpRequest) -> HttpResponse:
    """List the questions that wait for the account.

    Raises:
        PermissionDenied: the account answers none.
    """
    if questions.answered_by_me(request.user) is None:
        raise PermissionDenied
    rows = questions.open_questions(request.user).select_related("page__unit", "person")
    return render(
        request,
        "union/openness/questions.html",
        {
            "page_obj": Paginator(rows, PER_PAGE).get_page(request.GET.get("page")),
            "today": timezone.localdate(),
        },
    )


def _question(request: HttpRequest, pk: int) -> DisclosureQuestion:
    """Return a question the account answers.

    Raises:
        Http404: there is none for this account.
    """
    found = (
        DisclosureQuestion.objects.select_related(
            "page__unit", "page__category", "person", "answered_by__person", "released_by__person"
        )
        .filter(pk=pk)
        .first()
    )
    if found is None or not questions.may_answer(request.user, found.page):
        raise Http404(_("There is no such question."))
    return found


@require_http_methods(["GET", "HEAD", "POST"])
@private_answer
def disclosure_question(request: HttpRequest, pk: int) -> HttpResponse:
    """Answer a question: one person drafts, another releases.

    Raises:
        Http404: the account does not answer here.
    """
    question = _question(request, pk)
    user = cast(User, request.user)
    releases = request.method == "POST" and "release" in request.POST
    form = AnswerForm(
        request.POST if request.method == "POST" and not releases else None,
        initial={"answer": question.answer},
    )
    status, refused = 200, ""
    if request.method == "POST":
        status = UNPROCESSABLE
        try:
            if releases:
                questions.release_answer(
                    pk, user, request.POST.get("seen", "").replace("\r\n", "\n")
                )
                messages.success(request, _("The answer is released."))
                return redirect("disclosure_question", pk)
            if form.is_valid():
                questions.draft_answer(pk, user, form.cleaned_data["answer"])
                messages.success(request, _("The draft waits for a colleague."))
                return redirect("disclosure_question", pk)
        except Refusal as refusal:
            refused, status = str(refusal.message), refusal.status
            question = _question(request, pk)
    own = user.person_id is not None and user.person_id == question.person_id
    return render(
        request,
        "union/openness/question.html",
        {
            "question": question,
            "form": form,
            "refused": refused,
            "may_release": bool(question.answer)
            and question.released_on is None
            and question.answered_by_id != user.pk
            and not own,
            "may_draft": question.released_on is None and not own,
            "today": timezone.localdate(),
        },
        status=status,
    )
