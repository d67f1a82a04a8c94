"""Inspections, and hazards until they are closed: found, removed, checked by somebody else."""

from __future__ import annotations

from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from branches.models import Hazard, HazardState, HazardStep, SafetyInspection
from branches.safety.areas import require_keeper, require_members
from portal.cases.numbers import next_number
from portal.organizations.models import Unit
from portal.people.models import Person, User
from portal.refusals import ChangedMeanwhile, NotPossible, NotYours

#: Prefix of the numbers of hazards (隐患).
PREFIX = "YH"
STEP_WORDS: dict[str, Any] = {
    "found": pgettext_lazy("hazard", "Found"),
    "removed": pgettext_lazy("hazard", "Removed"),
    "returned": pgettext_lazy("hazard", "Sent back"),
    "closed": pgettext_lazy("hazard", "Closed"),
    "later": gettext_lazy("New last day"),
}


@transaction.atomic
def write_inspection(branch: Unit, values: dict[str, Any], user: User) -> SafetyInspection:
    """Write an inspection down.

    Args:
        values: kind, held_on, place, people, findings.

    Raises:
        NotYours: the account does not keep the branch.
        ValidationError: a day ahead, or somebody from elsewhere.
    """
    require_keeper(user, branch)
    people = list(values["people"])
    if values["held_on"] > timezone.localdate():
        raise ValidationError({"held_on": _("This day lies in the future.")})
    require_members(branch, people, values["held_on"])
    fixed = {name: value for name, value in values.items() if name != "people"}
    made = SafetyInspection.objects.create(branch=branch, written_by=user, **fixed)
    made.people.set(people)
    return made


@transaction.atomic
def report(
    branch: Unit, values: dict[str, Any], user: User, inspection: SafetyInspection | None = None
) -> Hazard:
    """Write a hazard down, with a number of its own.

    Args:
        values: kind, grade, place, description, found_by, found_on, responsible_unit, measure,
            due_on, source_number.

    Raises:
        NotYours: the account does not keep the branch.
        ValidationError: days in the wrong order or ahead, or a finder from elsewhere.
    """
    require_keeper(user, branch)
    found_on, due_on = values["found_on"], values["due_on"]
    if found_on > timezone.localdate():
        raise ValidationError({"found_on": _("This day lies in the future.")})
    if due_on < found_on:
        raise ValidationError({"due_on": _("This day lies before it was found.")})
    try:
        require_members(branch, [values["found_by"]], found_on)
    except ValidationError as error:
        raise ValidationError({"found_by": error.messages}) from error
    made = Hazard.objects.create(
        branch=branch, inspection=inspection, number=next_number(PREFIX, found_on), **values
    )
    HazardStep.objects.create(hazard=made, step="found", words=values["measure"], by=user)
    return made


def _locked(hazard_id: int, version: int | None, user: User, state: str) -> Hazard:
    found = (
        Hazard.objects.select_for_update(of=("self",))
        .select_related("branch")
        .filter(pk=hazard_id)
        .first()
    )
    if found is None:
        raise ChangedMeanwhile(_("There is no such hazard."))
    require_keeper(user, found.branch)
    if found.version != version or found.state != state:
        raise ChangedMeanwhile(_("A colleague wrote something meanwhile. Please look again."))
    return found


def _step(hazard: Hazard, step: str, words: str, user: User, fields: list[str]) -> None:
    hazard.version += 1
    hazard.save(update_fields=[*fields, "version"])
    HazardStep.objects.create(hazard=hazard, step=step, words=words.strip()[:500], by=user)


@transaction.atomic
def remove(hazard_id: int, version: int | None, values: dict[str, Any], user: User) -> None:
    """Write down that a hazard was removed, by whom and how.

    Args:
        values: removed_by, removed_on, words.

    Raises:
        NotYours, ChangedMeanwhile: see `_locked`.
        ValidationError: the day is ahead or before it was found.
    """
    hazard = _locked(hazard_id, version, user, HazardState.OPEN)
    day = values["removed_on"]
    if day > timezone.localdate():
        raise ValidationError({"removed_on": _("This day lies in the future.")})
    if day < hazard.found_on:
        raise ValidationError({"removed_on": _("This day lies before it was found.")})
    remover: Person = values["removed_by"]
    hazard.removed_by, hazard.removed_on, hazard.state = remover, day, HazardState.REMOVED
    words = f"{remover.name}：{values['words']}"
    _step(hazard, "removed", words, user, ["removed_by", "removed_on", "state"])


@transaction.atomic
def check(
    hazard_id: int, version: int | None, user: User, *, is_gone: bool, words: str = ""
) -> None:
    """Say after another look that a hazard is gone, or send it back.

    Raises:
        NotYours: whoever removed it does not check it; see `_locked`.
        ChangedMeanwhile: see `_locked`.
        NotPossible: it is sent back, and no word says why.
    """
    hazard = _locked(hazard_id, version, user, HazardState.REMOVED)
    if user.person is None or user.person_id == hazard.removed_by_id:
        raise NotYours(_("Somebody else than the person who removed it checks again."))
    if is_gone:
        hazard.checked_by, hazard.closed_on = user.person, timezone.localdate()
        hazard.state = HazardState.CLOSED
        _step(hazard, "closed", words, user, ["checked_by", "closed_on", "state"])
        return
    if not words.strip():
        raise NotPossible(_("Please write what is still to be done."))
    hazard.removed_by, hazard.removed_on, hazard.state = None, None, HazardState.OPEN
    _step(hazard, "returned", words, user, ["removed_by", "removed_on", "state"])


@transaction.atomic
def set_later(hazard_id: int, version: int | None, values: dict[str, Any], user: User) -> None:
    """Give an open hazard a later last day, with the reason.

    Args:
        values: due_on, words.

    Raises:
        NotYours, ChangedMeanwhile: see `_locked`.
        ValidationError: the day is not later.
    """
    hazard = _locked(hazard_id, version, user, HazardState.OPEN)
    if values["due_on"] <= hazard.due_on:
        raise ValidationError({"due_on": _("Please choose a day after the present one.")})
    hazard.due_on = values["due_on"]
    _step(hazard, "later", values["words"], user, ["due_on"])
