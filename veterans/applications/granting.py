"""What an application is granted: money, or a place, a post, a service (岗位、疗养)."""

from __future__ import annotations

from decimal import Decimal

from django.utils import timezone
from django.utils.translation import gettext as _

from veterans.models import Application
from veterans.standards.entitlement import money
from veterans.standards.services import compute


def in_kind_of(application: Application) -> tuple[str, ...]:
    """Return what is granted in kind by the frozen standard, in its words; none in a draft."""
    version, handed_in = application.version, application.case.submitted_at
    if version is None or handed_in is None:
        return ()
    answers = application.given_answers
    return compute(version, answers, on=timezone.localdate(handed_in)).in_kind


def is_in_kind(application: Application) -> bool:
    """Whether there is no money in it, so that finance has nothing to do."""
    return not application.amount and bool(in_kind_of(application))


def granted_words(application: Application) -> str:
    """Return what is granted: 18,000元, or the words of the standard, or both."""
    words = list(in_kind_of(application))
    if application.amount or not words:
        words.insert(0, _("%(amount)s yuan") % {"amount": money(application.amount or Decimal(0))})
    return "；".join(words)
