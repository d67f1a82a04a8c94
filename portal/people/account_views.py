"""Officers' work on other people's accounts, one confirmed step at a time."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, cast

from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from portal.people import services
from portal.people.models import Person, User


@dataclass(frozen=True)
class AccountAction:
    """One thing an officer may do with an account.

    Attributes:
        code: part of the address.
        label: words of the button.
        question: what is asked before it is done.
        role: the officer's role; separation of duties (三员分立) gives each action to one.
        fits: whether it makes sense for an account (None: the person has none).
        run: does it and returns a one-time password to be shown once, or None.
    """

    code: str
    label: Any
    question: Any
    icon: str
    role: str
    fits: Callable[[User | None], bool]
    run: Callable[[Person, User], str | None]


def _account(person: Person) -> User:
    user: User = person.user
    return user


def _without_result(step: Callable[[User, User], Any]) -> Callable[[Person, User], None]:
    def run(person: Person, officer: User) -> None:
        step(_account(person), officer)

    return run


ACTIONS: dict[str, AccountAction] = {
    action.code: action
    for action in (
        AccountAction(
            "create",
            _("Create an account"),
            _("The person can then sign in with the employee number and a one-time password."),
            "plus",
            "system_administrator",
            lambda user: user is None,
            lambda person, officer: services.create_account(person, officer=officer)[1],
        ),
        AccountAction(
            "disable",
            _("Disable the account"),
            _("The person is signed out everywhere and cannot sign in any more."),
            "lock",
            "system_administrator",
            lambda user: user is not None and user.is_active,
            _without_result(
                lambda user, officer: services.set_active(user, False, officer=officer)
            ),
        ),
        AccountAction(
            "enable",
            _("Enable the account"),
            _("The person can sign in again with the password from before."),
            "lock-open",
            "system_administrator",
            lambda user: user is not None and not user.is_active,
            _without_result(lambda user, officer: services.set_active(user, True, officer=officer)),
        ),
        AccountAction(
            "password",
            _("Issue a one-time password"),
            _("The present password ends at once and the person is signed out everywhere."),
            "key",
            "security_administrator",
            lambda user: user is not None and user.is_active,
            lambda person, officer: services.renew_password(_account(person), officer=officer),
        ),
        AccountAction(
            "sessions",
            _("Sign out everywhere"),
            _("The person has to sign in again in every browser."),
            "logout",
            "security_administrator",
            lambda user: user is not None,
            _without_result(lambda user, officer: services.end_sessions(user, officer=officer)),
        ),
        AccountAction(
            "second-factors",
            _("Remove the second factors"),
            _("For a lost phone or key. Make sure that it is the person who asks for it."),
            "mobile-alt",
            "security_administrator",
            lambda user: user is not None and user.is_active,
            _without_result(
                lambda user, officer: services.remove_second_factors(user, officer=officer)
            ),
        ),
    )
}


def actions_for(officer: User, person: Person) -> list[AccountAction]:
    """Return what an officer may do now with a person's account; nothing with one's own."""
    from portal.roles.permissions import has_role

    if officer.person_id == person.pk:
        return []
    user = getattr(person, "user", None)
    return [
        action
        for action in ACTIONS.values()
        if has_role(officer, action.role) and action.fits(user)
    ]


@require_http_methods(["GET", "POST"])
@never_cache
def account_action(request: HttpRequest, pk: int, code: str) -> HttpResponse:
    """Ask, then do it. A one-time password is shown in the answer and nowhere else."""
    from portal.roles.permissions import has_role

    if code not in ACTIONS:
        raise Http404
    action = ACTIONS[code]
    if not has_role(request.user, action.role):
        raise PermissionDenied
    person = get_object_or_404(Person.objects.select_related("user", "unit"), pk=pk)
    context: dict[str, Any] = {
        "page_title": action.label,
        "header_title": action.label,
        "page_subtitle": person.name,
        "header_icon": action.icon,
        "action": action,
        "person": person,
        "back_url": reverse("people:index"),
    }
    officer = cast(User, request.user)  # the middleware lets nobody else get here
    if action not in actions_for(officer, person):
        context["refusal"] = _(
            "This is not possible: the account has changed meanwhile, or it is your own."
        )
        return render(request, "people/account_action.html", context, status=409)
    if request.method == "GET":
        return render(request, "people/account_action.html", context)
    try:
        password = action.run(person, officer)
    except ValidationError as refusal:
        context["refusal"] = " ".join(refusal.messages)
        return render(request, "people/account_action.html", context, status=422)
    if password is None:
        messages.success(request, f"{action.label}: {person.name}")
        return HttpResponseRedirect(reverse("people:index"))
    return render(request, "people/one_time_password.html", {**context, "password": password})
