"""Preparing a round: its row, its case, who judges and who is asked, the quotas of units."""

from __future__ import annotations

import uuid
from collections.abc import Iterable, Mapping
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from honors.models import Cycle, Round, RoundMember, RoundPart, RoundQuota
from honors.rounds.permissions import runs_rounds
from honors.rounds.states import FLOW
from portal.cases import services as cases
from portal.cases.models import Case
from portal.organizations.models import Unit, UnitKind
from portal.people.models import Person, User
from portal.refusals import NotPossible, NotYours, TooLate

FIELDS = ("title", "year", "requirements", "closes_on", "seats", "phone", "address")


def responsible_unit() -> Unit:
    """Return the unit in whose name rounds are run: the highest Party committee.

    Raises:
        NotPossible: there is none.
    """
    unit = Unit.objects.filter(kind=UnitKind.PARTY_COMMITTEE).order_by("depth", "path").first()
    if unit is None:
        raise NotPossible(_("There is no Party committee yet. Please enter it with the units."))
    return unit


def _write(
    round_: Round,
    values: Mapping[str, Any],
    members: Mapping[str, Iterable[Person]],
    quotas: Mapping[Unit, int],
) -> None:
    for name in FIELDS:
        setattr(round_, name, values[name])
    round_.save()
    round_.members.all().delete()
    RoundMember.objects.bulk_create(
        RoundMember(round=round_, person=person, part=part)
        for part in RoundPart.values
        for person in members.get(part, ())
    )
    round_.quotas.all().delete()
    RoundQuota.objects.bulk_create(
        RoundQuota(round=round_, unit=unit, quota=quota) for unit, quota in quotas.items()
    )


def _item(values: Mapping[str, Any]) -> str:
    return f"{values['year']}年度{values['title'].name}评选"


@transaction.atomic
def prepare(
    user: User,
    values: Mapping[str, Any],
    members: Mapping[str, Iterable[Person]],
    quotas: Mapping[Unit, int],
    *,
    key: uuid.UUID | None = None,
) -> Case:
    """Write a round and lay it before the committee.

    Args:
        values: the fields of `Round`, and `quota` of a unit.
        members: judges and the person of each department, by part.
        quotas: of the units that differ.
        key: of the form; sent twice it makes one round.

    Raises:
        NotYours: the account does not prepare rounds.
        NotPossible: there is a round of this title and year, or one too near for its cycle.
    """
    if not runs_rounds(user):
        raise NotYours(_("Rounds are prepared by the Party affairs department."))
    _refuse_second(values, None)
    case = cases.open_draft(FLOW, item=_item(values), unit=responsible_unit(), applicant=None)
    _write(Round(case=case, terms={}), values, members, quotas)
    cases.apply(case.pk, "prepare", user, {"quota": values["quota"]}, key=key)
    return Case.objects.get(pk=case.pk)


@transaction.atomic
def change(
    case_id: uuid.UUID,
    user: User,
    values: Mapping[str, Any],
    members: Mapping[str, Iterable[Person]],
    quotas: Mapping[Unit, int],
) -> Case:
    """Change a round that came back, and lay it before the committee again.

    Raises:
        NotYours: the account does not prepare rounds.
        TooLate: it is not back for changes.
        NotPossible: another round of this title and year exists.
    """
    if not runs_rounds(user):
        raise NotYours(_("Rounds are prepared by the Party affairs department."))
    case = cases.locked(case_id)
    if case.state != "drafting":
        raise TooLate(_("The notice of this round cannot be changed now."))
    _refuse_second(values, case)
    case.item = _item(values)
    case.save(update_fields=["item"])
    _write(Round.objects.get(pk=case.pk), values, members, quotas)
    cases.apply(case.pk, "prepare_again", user, {"quota": values["quota"]})
    return case


def _refuse_second(values: Mapping[str, Any], case: Case | None) -> None:
    # Two at once are kept apart by the row of the title.
    type(values["title"]).objects.select_for_update().get(pk=values["title"].pk)
    title, year = values["title"], values["year"]
    apart = 1 if title.cycle == Cycle.TWO_YEARLY else 0
    others = Round.objects.filter(title=title, year__range=(year - apart, year + apart)).exclude(
        case__state="called_off"
    )
    if case is not None:
        others = others.exclude(pk=case.pk)
    if (found := others.order_by("-year").first()) is None:
        return
    if found.year == year:
        words = _("There is a round of “%(title)s” for %(year)d already.")
    else:
        words = _("“%(title)s” is given every two years, and there is a round for %(year)d.")
    raise NotPossible(words % {"title": title.name, "year": found.year})
