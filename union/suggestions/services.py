"""The writes of suggestions beside the flow: drafts, changes, scores."""

from __future__ import annotations

import uuid
from collections.abc import Iterable, Mapping
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from portal.cases import services as cases
from portal.cases.models import Case, CaseDocument
from portal.cases.ownership import OWNER_KIND, owner_id
from portal.cases.permissions import must_stand_aside
from portal.files import services as files
from portal.organizations.models import Unit
from portal.people.models import Person, User
from portal.refusals import NotPossible, NotYours, TooLate
from union.models import ScoreCriterion, ScorePoint, Suggestion, SuggestionScore
from union.suggestions.permissions import FLOW, is_scorer, may_change
from union.suggestions.scoring import WrongPoints, total_of

TEXTS = (
    "suggestion_class",
    "present",
    "measures",
    "expected",
    "expected_benefit",
    "done_already",
)
MATERIAL = "suggestion"
MOST_CO_AUTHORS = 5


def _co_authors(numbers: Iterable[str], user: User) -> list[Person]:
    wanted = list(dict.fromkeys(numbers))
    if len(wanted) > MOST_CO_AUTHORS:
        raise NotPossible(
            _("At most %(count)d people suggest something together with you.")
            % {"count": MOST_CO_AUTHORS}
        )
    people = list(Person.objects.filter(employee_number__in=wanted))
    missing = set(wanted) - {str(person.employee_number) for person in people}
    if missing:
        raise NotPossible(
            _("Nobody has the employee number %(numbers)s.")
            % {"numbers": "、".join(sorted(missing))}
        )
    return [person for person in people if person.pk != user.person_id]


def save(
    user: User,
    unit: Unit,
    values: Mapping[str, Any],
    uploads: Iterable[Any] = (),
    *,
    case: Any = None,
) -> Case:
    """Write a draft, or change one; files are added. Nothing is kept of what is refused.

    Args:
        values: `title`, the fields of `TEXTS`, and `numbers`, the co-authors' employee numbers.
        case: the case to change; None for a new draft.

    Raises:
        NotYours: the account belongs to nobody, or it is not its own suggestion.
        TooLate: it is past the draft.
        NotPossible: a co-author does not exist.
        FileRefused: a file is not accepted.
    """
    if user.person is None:
        raise NotYours(_("Suggestions are made by name. This account names nobody."))
    stored = []
    try:
        for upload in uploads:
            stored.append(files.receive(upload, user=user, purpose=MATERIAL))
        return _save(user, unit, values, stored, case)
    except BaseException:
        for file in stored:
            files.remove_temporary(file, by=user)
        raise


@transaction.atomic
def _save(
    user: User, unit: Unit, values: Mapping[str, Any], stored: list[Any], case: Case | None
) -> Case:
    people = _co_authors(values.get("numbers", ()), user)
    texts = {name: values[name] for name in TEXTS}
    if case is None:
        found = cases.open_draft(FLOW, item=values["title"], unit=unit, applicant=user.person)
        suggestion = Suggestion.objects.create(case=found, **texts)
    else:
        found = cases.locked(case.pk)
        if found.applicant_id != user.person_id:
            raise NotYours(_("Only its author changes a suggestion."))
        if not may_change(user, found):
            raise TooLate(_("It was handed in; it can be changed when it is deferred."))
        suggestion = found.subject
        found.item, found.unit = values["title"], unit
        found.save(update_fields=["item", "unit", "changed_at"])
        for name, value in texts.items():
            setattr(suggestion, name, value)
        suggestion.save(update_fields=TEXTS)
    suggestion.co_authors.set(people)
    if stored:
        files.claim(stored, OWNER_KIND, owner_id(found), by=user)
        CaseDocument.objects.bulk_create(
            CaseDocument(
                case=found, material=MATERIAL, title="建议附件", file=file, added_at=timezone.now()
            )
            for file in stored
        )
    return found


@transaction.atomic
def score(
    case_id: uuid.UUID, user: User, points: Mapping[str, int], remark: str = ""
) -> SuggestionScore:
    """Score a suggestion; each scorer has one score, which he can change until the award.

    Args:
        points: points by the code of the criterion, every criterion.

    Raises:
        NotYours: the account is no scorer, or it has to stand aside.
        TooLate: it is not being scored now.
        NotPossible: points are missing or too many.
    """
    case = cases.locked(case_id)
    if case.flow != FLOW or case.state != "verified":
        raise TooLate(_("The suggestion is not being scored now."))
    if must_stand_aside(user, case):
        raise NotYours(_("This suggestion is yours or a relative's. Others score it."))
    if not is_scorer(user, case):
        raise NotYours(_("Only scorers score suggestions."))
    criteria = list(ScoreCriterion.objects.all())
    try:
        total = total_of(points, criteria)
    except WrongPoints as error:
        raise NotPossible(
            _("Please give points for each criterion, none above its most.")
        ) from error
    made, _created = SuggestionScore.objects.update_or_create(
        suggestion_id=case.pk,
        scorer=user,
        defaults={"total": total, "remark": remark, "given_at": timezone.now()},
    )
    made.points.all().delete()
    ScorePoint.objects.bulk_create(
        ScorePoint(score=made, criterion=row, points=points[row.code]) for row in criteria
    )
    return made
