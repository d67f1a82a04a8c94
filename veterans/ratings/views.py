"""The pages of follow-ups of bad ratings."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django import forms
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_safe

from portal.cases.views.private import private_answer
from portal.people.models import User
from portal.refusals import Refusal
from veterans.models import Application
from veterans.models.handling import FollowUpState
from veterans.ratings import services

ROWS_PER_PAGE = 20
UNPROCESSABLE = 422
LONGEST = 1_000
_YES_NO = [("yes", gettext_lazy("Yes")), ("no", gettext_lazy("No"))]


def _words(label: Any) -> forms.CharField:
    return forms.CharField(
        label=label, max_length=LONGEST, widget=forms.Textarea(attrs={"rows": 4})
    )


def _choice(label: Any) -> forms.TypedChoiceField:
    return forms.TypedChoiceField(
        label=label,
        choices=_YES_NO,
        coerce=lambda value: value == "yes",
        widget=forms.RadioSelect,
    )


class VerifyForm(forms.Form):
    """What was found, and whether the rating is justified."""

    justified = _choice(gettext_lazy("Is the rating justified?"))
    words = _words(gettext_lazy("What was found"))


class PutRightForm(forms.Form):
    """What was put right."""

    words = _words(gettext_lazy("Measures taken"))


class CallBackForm(forms.Form):
    """What the person said."""

    satisfied = _choice(gettext_lazy("Is the person satisfied now?"))
    words = _words(gettext_lazy("What the person said"))


STEPS: dict[str, tuple[type[forms.Form], Callable[..., Any], Any]] = {
    FollowUpState.OPEN: (
        VerifyForm,
        services.verify,
        gettext_lazy("Write down what was found"),
    ),
    FollowUpState.VERIFIED: (
        PutRightForm,
        services.put_right,
        gettext_lazy("Write down the measures"),
    ),
    FollowUpState.PUT_RIGHT: (
        CallBackForm,
        services.call_back,
        gettext_lazy("Write down the call"),
    ),
}


def _reader(request: HttpRequest) -> User:
    """Return the account.

    Raises:
        PermissionDenied: it has nothing to do with follow-ups.
    """
    user = request.user
    if not isinstance(user, User) or not services.reads_follow_ups(user):
        raise PermissionDenied
    return user


@require_safe
@private_answer
def support_follow_ups(request: HttpRequest) -> HttpResponse:
    """List the follow-ups of cases the account had nothing to do with.

    Raises:
        PermissionDenied: it has nothing to do with follow-ups.
    """
    rows = services.visible_follow_ups(_reader(request))
    state = request.GET.get("state", "")
    if state in FollowUpState.values:
        rows = rows.filter(state=state)
    paginator = Paginator(rows.order_by("due_on", "pk"), ROWS_PER_PAGE)
    return render(
        request,
        "veterans/ratings/list.html",
        {
            "page_obj": paginator.get_page(request.GET.get("page")),
            "states": FollowUpState.choices,
            "state": state,
            "today": timezone.localdate(),
        },
    )


@require_http_methods(["GET", "HEAD", "POST"])
@private_answer
def support_follow_up(request: HttpRequest, follow_up_id: int) -> HttpResponse:
    """Show one follow-up and take its next step.

    Raises:
        PermissionDenied: the account has nothing to do with follow-ups.
        Http404: there is none for this account; of a case it worked on it sees none.
    """
    user = _reader(request)
    follow_up = get_object_or_404(services.visible_follow_ups(user), pk=follow_up_id)
    sent = request.POST.get("state", "") if request.method == "POST" else ""
    step = STEPS.get(sent or follow_up.state)
    handles = services.may_handle(user, follow_up)
    form = step[0](request.POST or None) if step is not None and handles else None
    if request.method == "POST":
        if form is None or step is None:
            raise PermissionDenied
        if form.is_valid():
            try:
                step[1](follow_up.pk, user, *form.cleaned_data.values())
            except Refusal as refusal:
                form.add_error(None, str(refusal.message))
            else:
                messages.success(request, _("Done."))
                return redirect("support_follow_up", follow_up.pk)
    case = follow_up.rating.case
    return render(
        request,
        "veterans/ratings/follow_up.html",
        {
            "follow_up": follow_up,
            "case": case,
            "application": Application.objects.filter(pk=case.pk).first(),
            "form": form,
            "step": step[2] if step is not None else "",
            "state": sent or follow_up.state,
            "today": timezone.localdate(),
        },
        status=UNPROCESSABLE if form is not None and form.errors else 200,
    )
