"""The launch: who is asked is written down, groups are fixed, and the questionnaire is frozen.

Source: section 2.6 of the facts on surveys. Groups are merged until none is below the smallest
group before anybody is asked; a survey of fewer than twice that many people does not begin.
"""

from __future__ import annotations

import datetime
import hashlib
import json
import secrets
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from wagtail.log_actions import log

from portal.organizations.models import Unit
from portal.people.models import Person, User
from portal.refusals import NotYours
from union.models import Invitation, Segment, Survey, SurveyState
from union.surveys import urns
from union.surveys.coarsening import Group, merged_kinds, merged_neighbours, merged_units
from union.surveys.designing import design_problems, digest_of, questionnaire_of
from union.surveys.invitees import Chosen, invited
from union.surveys.office_refusals import CannotLaunch, NotAtThisPoint
from union.surveys.permissions import may_run
from union.surveys.reminding import announce
from union.surveys.tokens import UNPRINTED

ROWS_AT_ONCE = 500
# Source: chapter 4.5 of the domain facts; the last year of each band, none for the last band.
AGE_BANDS: tuple[tuple[int | None, int | None], ...] = ((None, 35), (36, 45), (46, 55), (56, None))
UNKNOWN_AGE = len(AGE_BANDS)
# Below so many a mean is shown without counts, so the office is told beforehand.
FEW = 10


@dataclass(frozen=True)
class Plan:
    """What a launch would do.

    Attributes:
        rows: key of the person, None for a token, and its groups by segment.
        groups: of each segment that is kept, its groups.
        merged: by segment, how many groups there were before small ones were merged.
        dropped: segments by which nothing can be told apart.
        warnings: sentences for the office.
    """

    rows: list[tuple[int | None, dict[str, str]]]
    groups: dict[str, list[Group]]
    merged: dict[str, int] = field(default_factory=dict)
    dropped: list[str] = field(default_factory=list)
    warnings: list[str] = field(default_factory=list)

    @property
    def total(self) -> int:
        """How many are asked."""
        return len(self.rows)

    @property
    def tokens(self) -> int:
        """How many of them by a printed token."""
        return sum(person is None for person, _groups in self.rows)

    def digest(self, snapshot: dict[str, Any]) -> str:
        """Return what the office confirms: exactly these people, groups and questions."""
        content = json.dumps([self.rows, digest_of(snapshot)], sort_keys=True)
        return hashlib.sha256(content.encode()).hexdigest()


@dataclass
class _Somebody:
    """Somebody to be asked: where in the tree, which age band, which kind of post."""

    person: int | None
    path: tuple[str, ...]
    age: int = UNKNOWN_AGE
    post: str = ""


def plan_launch(survey: Survey, chosen: Chosen) -> Plan:
    """Return what the launch would do, without doing it.

    Raises:
        CannotLaunch: the draft has mistakes, or too few are asked.
    """
    if problems := design_problems(survey):
        raise CannotLaunch(" ".join(problems))
    if survey.closes_on < timezone.localdate():
        raise CannotLaunch(_("The last day is over. Please correct the days first."))
    if chosen.tokens and not survey.is_anonymous:
        raise CannotLaunch(_("A survey with names knows who answers, so it has no tokens."))
    asked = invited(chosen)
    names: dict[str, str] = {}
    everybody = _everybody(survey, chosen, asked.people, asked.posts, names)
    least = 2 * survey.minimum
    if len(everybody) < least:
        raise CannotLaunch(
            _(
                "Only %(count)d people would be asked. With a smallest group of %(minimum)d, at"
                " least %(least)d are needed, or answers could be guessed."
            )
            % {"count": len(everybody), "minimum": survey.minimum, "least": least}
        )
    plan = _grouped(survey, everybody, names)
    if asked.without_account:
        plan.warnings.append(
            _("%(count)d people of the units have no account. Print tokens for them.")
            % {"count": asked.without_account}
        )
    return plan


def _everybody(
    survey: Survey,
    chosen: Chosen,
    people: Sequence[Person],
    posts: dict[int, str],
    names: dict[str, str],
) -> list[_Somebody]:
    units = {unit.pk: unit for unit in Unit.objects.all()}
    by_path = {unit.path: unit for unit in units.values()}

    def path_of(unit_id: int | None) -> tuple[str, ...]:
        if unit_id is None:
            return ()
        unit = units[unit_id]
        step = Unit.steplen
        ends = range(step, min(unit.depth, chosen.level) * step + 1, step)
        found = [by_path[unit.path[:end]] for end in ends]
        names.update({above.code: above.display_name for above in found})
        return tuple(above.code for above in found)

    with_age = Segment.AGE in survey.segments
    ages = _age_bands([person.pk for person in people], survey.opens_on) if with_age else {}
    everybody = [
        _Somebody(
            person.pk,
            path_of(person.unit_id),
            ages.get(person.pk, UNKNOWN_AGE),
            posts.get(person.pk, ""),
        )
        for person in people
    ]
    for unit_id, count in chosen.tokens:
        everybody += [_Somebody(None, path_of(unit_id)) for _number in range(count)]
    return everybody


def _age_bands(keys: Sequence[int], day: datetime.date) -> dict[int, int]:
    """Return the age band of people on a day, from their identity numbers."""
    found: dict[int, int] = {}
    for start in range(0, len(keys), ROWS_AT_ONCE):
        part = Person.objects.filter(pk__in=keys[start : start + ROWS_AT_ONCE])
        for key, number in part.values_list("pk", "identity_number"):
            found[key] = age_band(str(number), day)
    return found


def age_band(identity_number: str, day: datetime.date) -> int:
    """Return the place of an age among the bands; `UNKNOWN_AGE` without a readable number."""
    try:
        born = datetime.datetime.strptime(identity_number[6:14], "%Y%m%d").date()
    except ValueError:
        return UNKNOWN_AGE
    age = day.year - born.year - ((day.month, day.day) < (born.month, born.day))
    return next(
        place for place, (_first, last) in enumerate(AGE_BANDS) if last is None or age <= last
    )


def age_name(bands: Sequence[int]) -> tuple[str, str]:
    """Return code and name of a run of neighbouring age bands."""
    known = [band for band in bands if band != UNKNOWN_AGE]
    code = "age-" + "-".join(str(band) for band in bands)
    if not known:
        return code, "年龄未登记"
    first, last = AGE_BANDS[known[0]][0], AGE_BANDS[known[-1]][1]
    if first is None and last is None:
        words = "各年龄"
    elif first is None:
        words = f"{last}岁及以下"
    elif last is None:
        words = f"{first}岁及以上"
    else:
        words = f"{first}至{last}岁"
    return code, words + ("（含未登记）" if UNKNOWN_AGE in bands else "")


def _grouped(survey: Survey, everybody: list[_Somebody], names: dict[str, str]) -> Plan:
    """Tell people apart by the segments of the survey, merged until no group is too small."""
    key_of: dict[str, Callable[[_Somebody], Any]] = {
        Segment.UNIT: lambda somebody: somebody.path,
        Segment.AGE: lambda somebody: somebody.age,
        Segment.POST: lambda somebody: somebody.post,
    }
    plan = Plan([(somebody.person, {}) for somebody in everybody], {})
    for segment in survey.segments:
        keys = [key_of[segment](somebody) for somebody in everybody]
        counts = Counter(keys)
        if segment == Segment.UNIT:
            found: dict[Any, Group] = dict(merged_units(counts, names, survey.minimum))
        elif segment == Segment.AGE:
            bands = range(UNKNOWN_AGE + 1)
            found = dict(merged_neighbours(bands, counts, survey.minimum, age_name))
        else:
            found = dict(merged_kinds(counts, survey.minimum))
        groups = sorted(set(found.values()), key=lambda group: (group.code == "other", group.code))
        if len(groups) < 2:
            plan.dropped.append(segment)
            continue
        plan.groups[segment] = groups
        plan.merged[segment] = len(counts) - len(groups)
        for (_person, values), key in zip(plan.rows, keys, strict=True):
            values[segment] = found[key].code
    _warn(survey, plan)
    return plan


def _warn(survey: Survey, plan: Plan) -> None:
    for segment in plan.dropped:
        plan.warnings.append(
            _("Not broken down by “%(segment)s”: there would be one group only.")
            % {"segment": Segment(segment).label}
        )
    few = [group.name for groups in plan.groups.values() for group in groups if group.invited < FEW]
    if few:
        plan.warnings.append(
            _("Few are asked in: %(groups)s. Results of groups below %(few)d have no counts.")
            % {"groups": "、".join(few), "few": FEW}
        )
    pair = [segment for segment in survey.segments if segment in plan.groups][:2]
    if survey.crossed and len(pair) == 2:
        cells = Counter((values[pair[0]], values[pair[1]]) for _person, values in plan.rows)
        small = sum(count < survey.minimum for count in cells.values())
        if small:
            plan.warnings.append(
                _("Of the two together, %(small)d of %(all)d cells are too small to be shown.")
                % {"small": small, "all": len(cells)}
            )


@transaction.atomic
def launch(survey_id: int, chosen: Chosen, user: User, seen: str = "") -> Survey:
    """Open a survey: freeze what it asks, write down whom, and let answers in.

    Args:
        seen: digest of the plan that was confirmed; empty to launch without one.

    Raises:
        NotYours: the account does not run it.
        NotAtThisPoint: it was launched already, or changed since the preview.
        CannotLaunch: the draft has mistakes, or too few are asked.
    """
    survey = Survey.objects.select_for_update().get(pk=survey_id)
    if not may_run(user, survey):
        raise NotYours(_("This survey is run by another office."))
    if not survey.is_draft:
        raise NotAtThisPoint(_("“%(title)s” was launched already.") % {"title": survey.title})
    plan = plan_launch(survey, chosen)
    snapshot = questionnaire_of(survey, plan.groups)
    if seen and seen != plan.digest(snapshot):
        raise NotAtThisPoint(
            _("The survey or the people changed meanwhile. Please look at the preview again.")
        )
    survey.segments = list(plan.groups)
    survey.crossed = survey.crossed and len(plan.groups) > 1
    survey.snapshot = snapshot
    survey.snapshot_digest = digest_of(snapshot)
    survey.state = SurveyState.OPEN
    survey.launched_on = timezone.localdate()
    survey.save()
    Invitation.objects.bulk_create(
        [
            Invitation(
                survey=survey,
                person_id=person,
                token_digest=None if person else f"{UNPRINTED}{secrets.token_hex(16)}",
                segments=groups,
            )
            for person, groups in plan.rows
        ],
        batch_size=ROWS_AT_ONCE,
    )
    urns.make(survey)
    announce(survey)
    log(instance=survey, action="union.survey.launch", user=user, data={"invited": plan.total})
    return survey
