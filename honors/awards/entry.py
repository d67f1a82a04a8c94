"""Awards that no round of the portal decided: entered by one person, confirmed by another."""

from __future__ import annotations

import datetime
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from honors.awards.archive_source import capture_award
from honors.awards.granting import Winner, award_of, save_once, tell_granted
from honors.awards.numbers import next_numbers
from honors.awards.permissions import may_confirm, may_prepare
from honors.models import Award, SubjectKind, Title
from portal.people.models import User
from portal.refusals import ChangedMeanwhile, NotPossible, NotYours


def check_days(year: int, decided_on: datetime.date) -> None:
    """Check that a decision was made, and not before the year it is for.

    Raises:
        ValidationError: by field.
    """
    if decided_on > timezone.localdate():
        raise ValidationError({"decided_on": _("This day has not come yet.")})
    if year > decided_on.year:
        raise ValidationError(
            {
                "year": _("The decision is of %(year)d; a later year cannot be honored by it.")
                % {"year": decided_on.year}
            }
        )


def winner_from(values: dict[str, Any], title: Title) -> Winner:
    """Return the winner a form speaks of.

    Raises:
        ValidationError: neither a name nor a person is given.
    """
    person = values.get("person") if title.subject_kind == SubjectKind.PERSON else None
    name = values.get("subject_name") or (person.name if person else "")
    if not name:
        raise ValidationError({"subject_name": _("Please enter the name on the certificate.")})
    return Winner(
        name=name,
        unit=values["unit"],
        person=person,
        position=values.get("position") or (person.position if person else ""),
        gender=values.get("gender") or "",
        age=values.get("age"),
        front_line=values.get("front_line"),
    )


@transaction.atomic
def enter(values: dict[str, Any], by: User) -> Award:
    """Write an award that waits for confirmation.

    Args:
        values: title, year, person or subject_name, position, unit, decision_number, decided_on,
            front_line, number for a certificate that has one already, and page for an honor
            that was told before it was entered.

    Raises:
        NotYours: the account does not prepare awards of the title.
        ValidationError: a field is wrong.
        NotPossible: the subject has the title of the year already.
    """
    title: Title = values["title"]
    if not may_prepare(by, title):
        raise NotYours(_("Awards of this title are prepared by another office."))
    check_days(values["year"], values["decided_on"])
    award = award_of(
        title,
        values["year"],
        winner_from(values, title),
        values["decision_number"],
        values["decided_on"],
    )
    award.number = values.get("number") or None
    award.picture = values.get("picture")
    award.page = values.get("page")
    award.taken_from = values.get("taken_from")
    award.entered_by, award.entered_at = by, timezone.now()
    return save_once(award)


def _locked_waiting(pk: int) -> Award:
    award = Award.objects.select_for_update(of=("self",)).select_related("title").get(pk=pk)
    if award.is_confirmed:
        raise ChangedMeanwhile(_("Somebody else confirmed this award already."))
    return award


def _refuse_own(award: Award, by: User) -> None:
    if not may_confirm(by):
        raise NotYours(_("Your role does not confirm awards."))
    if award.entered_by_id == by.pk:
        raise NotYours(_("You entered this award. Please ask a colleague to confirm it."))
    if award.person_id is not None and award.person_id == by.person_id:
        raise NotYours(_("Nobody confirms an award of their own."))


@transaction.atomic
def confirm(pk: int, by: User) -> Award:
    """Confirm an award that a colleague entered; it gets its number and counts.

    Raises:
        Award.DoesNotExist: somebody discarded it.
        ChangedMeanwhile: it was confirmed already.
        NotYours: the account may not, or entered it, or receives it.
    """
    award = _locked_waiting(pk)
    _refuse_own(award, by)
    _give_number(award)
    award.confirmed_by, award.confirmed_at = by, timezone.now()
    award.save(update_fields=["number", "confirmed_by", "confirmed_at"])
    capture_award(award.pk)
    tell_granted([award])
    return award


def _give_number(award: Award) -> None:
    if not award.number:
        (award.number,) = next_numbers(award.year, award.title.number_mark, 1)


@transaction.atomic
def discard(pk: int, by: User) -> None:
    """Forget an award that nobody confirmed; only what was never granted may go.

    Raises:
        Award.DoesNotExist: it is gone already.
        ChangedMeanwhile: it was confirmed meanwhile.
        NotYours: the account neither prepares nor confirms.
        NotPossible: it came with a workbook, which is taken over or discarded as a whole.
    """
    award = _locked_waiting(pk)
    if not (may_prepare(by, award.title) or may_confirm(by)):
        raise NotYours(_("Your role does not discard awards."))
    if award.taken_from_id is not None:
        raise NotPossible(_("This award belongs to a workbook, which is discarded as a whole."))
    award.delete()
