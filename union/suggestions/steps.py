"""Conditions and effects of the steps of a suggestion."""

from __future__ import annotations

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from portal.cases import numbers
from portal.cases.flow import Context, Effect, Guard
from portal.cases.models import Case
from portal.cases.refusals import ConditionNotMet, MustBeAnother
from portal.people.models import Person
from union import participation_rules as rules
from union.models import Award, Suggestion, SuggestionScore
from union.suggestions.awards import due


def suggestion_of(case: Case) -> Suggestion | None:
    """Return the suggestion behind a case."""
    return Suggestion.objects.select_related("suggestion_class").filter(pk=case.pk).first()


def concerns(case: Case, person: Person) -> bool:
    """Whether somebody suggested it together with the applicant."""
    return Suggestion.objects.filter(pk=case.pk, co_authors=person).exists()


def _scored(context: Context) -> None:
    needed = rules.number(rules.SCORERS, context.today)
    found = context.subject.scores.count()
    if found < needed:
        raise ConditionNotMet(
            _("%(found)d of at least %(needed)d scorers have scored it.")
            % {"found": found, "needed": needed}
        )


def _not_scorer(context: Context) -> None:
    if SuggestionScore.objects.filter(
        suggestion=context.subject, scorer__person=context.actor.person_id
    ).exists():
        raise MustBeAnother(_("You scored this suggestion. Somebody else decides on the award."))


def _reaches_award(context: Context) -> None:
    if due(context.subject, context.today).tier is None:
        raise ConditionNotMet(_("Its points reach no award. It can be closed without one."))


SCORED = Guard("scored", gettext_lazy("Enough scorers have scored it."), _scored)
NOT_SCORER = Guard(
    "not-scorer", gettext_lazy("Whoever scored it does not decide on the award."), _not_scorer
)
REACHES_AWARD = Guard(
    "reaches-award", gettext_lazy("Points and benefit reach an award."), _reaches_award
)


def _number(context: Context) -> None:
    if not context.case.number:
        context.case.number = numbers.next_number(context.case.table.prefix, context.today)


def _verify(context: Context) -> None:
    """Write down what the effect check found; it comes before scores and award."""
    suggestion: Suggestion = context.subject
    benefit = context.values.get("verified_benefit")
    words = str(context.values.get("verification", "")).strip()
    if benefit is None or not words:
        raise ConditionNotMet(_("An effect check needs the benefit a year and words."))
    suggestion.verified_benefit, suggestion.verification = benefit, words
    suggestion.save(update_fields=["verified_benefit", "verification"])


def _award(context: Context) -> None:
    """Write the award down: computed from rows, never typed."""
    suggestion: Suggestion = context.subject
    found = due(suggestion, context.today)
    if found.tier is None or found.points is None or found.benefit_tier is None:
        raise ConditionNotMet(_("Its points reach no award. It can be closed without one."))
    suggestion.points = found.points
    suggestion.save(update_fields=["points"])
    Award.objects.create(
        suggestion=suggestion,
        unit=context.case.unit,
        tier=found.tier,
        benefit_tier=found.benefit_tier,
        points=found.points,
        benefit=found.benefit,
        amount=found.tier.amount,
        clause=found.tier.clause,
        decided_by=context.actor,
        decided_on=context.today,
    )
    context.remembered["points"] = str(found.points)
    context.remembered["tier"] = found.tier.pk


NUMBER = Effect("number", gettext_lazy("Gives the number."), _number)
VERIFY = Effect("verify", gettext_lazy("Writes down what the effect check found."), _verify)
AWARD = Effect(
    "award", gettext_lazy("Computes the award from scores and benefit and enters it."), _award
)
