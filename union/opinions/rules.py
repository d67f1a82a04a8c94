"""Conditions of the steps of an opinion; they only read."""

from __future__ import annotations

from django.db.models import Q
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from portal.cases import deadlines
from portal.cases.flow import Context, Guard
from portal.cases.guards import limit_over
from portal.cases.models import Case, CaseEvent
from portal.cases.refusals import ConditionNotMet, MustBeAnother
from portal.organizations.models import Unit
from portal.people.models import Person
from portal.roles.permissions import has_role
from union.models import Opinion, OpinionMode
from union.opinions import limits

CHAIR = "union_chair"


def _done(context: Context, code: str) -> bool:
    return CaseEvent.objects.filter(case=context.case, transition=code).exists()


def _not_returned(context: Context) -> None:
    if _done(context, "return_once"):
        raise ConditionNotMet(_now("It was returned once already. The union decides who answers."))
    clock = deadlines.running(context.case, limits.REPLY)
    if clock is not None and limits.last_day(limits.RETURN, clock.started_on) < context.today:
        raise ConditionNotMet(
            _now("It can be returned within %(days)d working day only. Please reply, or call us.")
            % {"days": limits.limit(limits.RETURN, clock.started_on).days}
        )


def _not_reopened(context: Context) -> None:
    if _done(context, "reopen"):
        raise ConditionNotMet(_now("It was looked at once more already."))


def may_be_asked(opinion: Opinion, unit: Unit) -> bool:
    """Whether a unit may be in the route: not the accused one, and none inside it."""
    accused = opinion.accused_unit
    return accused is None or not accused.contains(unit)


def _unit_not_accused(context: Context) -> None:
    units = [context.values.get("lead_unit"), *context.values.get("helpers", [])]
    for unit in units:
        if unit is not None and not may_be_asked(context.subject, unit):
            raise ConditionNotMet(
                _now("The opinion is about %(unit)s. It is never passed on to it.") % {"unit": unit}
            )


def _has_reply(context: Context) -> None:
    if not context.subject.replies.filter(sent_on=None).exists():
        raise ConditionNotMet(_now("There is no draft of a reply yet."))


def _chair_reviews(context: Context) -> None:
    if context.subject.level and not has_role(context.actor, CHAIR):
        raise MustBeAnother(_now("At the second level the chair of the union reviews the reply."))


def is_against_unit_of(case: Case, person: Person) -> bool:
    """Whether the opinion is about the unit in which somebody works, who then stands aside."""
    accused = Opinion.objects.filter(pk=case.pk).values_list("accused_unit__path", flat=True)
    path = accused.first()
    return bool(path) and person.unit is not None and person.unit.path.startswith(path)


def paths_over(person_id: int | None) -> list[str]:
    """Return the paths of the unit in which somebody works and of those above it."""
    found = Person.objects.filter(pk=person_id or 0).values_list("unit__path", flat=True)
    path = found.first()
    if not path:
        return []
    return [path[:end] for end in range(Unit.steplen, len(path) + 1, Unit.steplen)]


def against_units_of(person_id: int) -> Q:
    """Return the condition of cases about the unit in which somebody works, or one above it."""
    about = Opinion.objects.filter(
        accused_unit__isnull=False, accused_unit__path__in=paths_over(person_id)
    )
    return Q(pk__in=about.values("pk"))


def name_is_hidden(case: Case) -> bool:
    """Whether the sender wants the handling unit not to know the name."""
    named = Opinion.objects.filter(pk=case.pk, mode=OpinionMode.NAMED)
    return not named.exists()


NOT_RETURNED = Guard(
    "not-returned",
    _("It was not returned before, and the days for it are not over."),
    _not_returned,
)
NOT_REOPENED = Guard("not-reopened", _("It was not reopened before."), _not_reopened)
RATING_OVER = limit_over("rating", _("The days for a rating are over."))
UNIT_NOT_ACCUSED = Guard(
    "unit-not-accused",
    _("Neither the unit it is about nor one inside it is asked."),
    _unit_not_accused,
    of_values=True,
)
HAS_REPLY = Guard("has-reply", _("There is a draft of a reply."), _has_reply)
CHAIR_REVIEWS = Guard("chair-reviews", _("At the second level the chair reviews."), _chair_reviews)
