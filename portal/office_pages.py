"""What the pages of an office share: guarded and private views, forms of a service, questions."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any, cast

from django import forms
from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext_lazy

from portal.cases.views.private import private_answer
from portal.people.models import User
from portal.refusals import Refusal

UNPROCESSABLE = 422
METHODS = ["GET", "HEAD", "POST"]
View = Callable[..., HttpResponse]


def account(request: HttpRequest) -> User:
    """Return the account of a page that is for signed-in people only."""
    return cast(User, request.user)


def guarded(allowed: Callable[[Any], bool]) -> Callable[[View], View]:
    """Let in whom the rule allows; answers are private."""

    def decorate(view: View) -> View:
        @wraps(view)
        def inner(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
            if not allowed(request.user):
                raise PermissionDenied
            return view(request, *args, **kwargs)

        return private_answer(inner)

    return decorate


def day_field(label: Any, **options: Any) -> forms.DateField:
    """Return a field for a day."""
    return forms.DateField(
        label=label,
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        error_messages={
            "required": gettext_lazy("Please enter the day."),
            "invalid": gettext_lazy("Please write the day like 2026-11-21."),
        },
        **options,
    )


def add_errors(form: Any, error: ValidationError) -> None:
    """Put what a service found wrong next to the fields."""
    if not hasattr(error, "error_dict"):
        form.add_error(None, error)
        return
    for name, errors in error.error_dict.items():
        form.add_error(name if name in form.fields else None, errors)


def submit(
    request: HttpRequest,
    form: Any,
    write: Callable[[Any], Any],
    *,
    title: Any,
    done: Any,
    cancel: str,
    go_to: Callable[[Any], str] | None = None,
    template: str,
    **more: Any,
) -> HttpResponse:
    """Show a form, or write what it says once and go on; what is refused stays typed."""
    status = 200
    if request.method == "POST" and form.is_valid():
        try:
            made = write(form.cleaned_data)
        except ValidationError as error:
            add_errors(form, error)
        except Refusal as refusal:
            form.add_error(None, str(refusal.message))
            status = refusal.status
        else:
            messages.success(request, done(made) if callable(done) else done)
            return redirect(go_to(made) if go_to else cancel)
    if form.is_bound and form.errors and status == 200:
        status = UNPROCESSABLE
    context = {"form": form, "title": title, "cancel_url": cancel, **more}
    return render(request, template, context, status=status)


def confirm_page(request: HttpRequest, *, status: int = 200, **context: Any) -> HttpResponse:
    """Ask before something is done that cannot be taken back."""
    return render(
        request,
        "components/confirm.html",
        {"action_url": request.path, "form": None, **context},
        status=status,
    )
