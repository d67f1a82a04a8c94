"""What branches know of somebody who is nominated for an honor, told through the portal.

Sentences for those who examine: they name no reason of a punishment and no other person.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from django.db.models import Count, Q
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from branches.dates import in_words
from branches.members.training import plain
from branches.models import (
    AreaGrade,
    AreaMonth,
    Attendance,
    Hazard,
    HazardState,
    LifeRequirement,
    Membership,
    SafetyMerit,
    SafetyPledge,
    VotingBar,
    covers,
)
from branches.models.attendance import PRESENT
from branches.safety.reading import balance_of
from branches.year.reading import years_of
from portal.evidence import Subject, register_check, register_evidence


def _concerned(subject: Subject) -> Q | None:
    """Return the condition of rows of the person, or of the branch; None where neither is named."""
    if subject.person is not None:
        return Q(person=subject.person)
    if subject.branch is not None:
        return Q(branch=subject.branch)
    return None


def safety(subject: Subject) -> Iterator[Any]:
    """Yield hazards found, lines of the ledger, assessed months and pledges of the time."""
    condition = _concerned(subject)
    if condition is None:
        return
    time = (subject.since, subject.until)
    by = {"found_by": subject.person} if subject.person else {"branch": subject.branch}
    found = Hazard.objects.filter(found_on__range=time, **by).aggregate(
        all=Count("pk"), closed=Count("pk", filter=Q(state=HazardState.CLOSED))
    )
    yield _("Hazards found: %(all)d, of them closed: %(closed)d.") % found
    balance = balance_of(SafetyMerit.objects.filter(condition, day__range=time))
    yield (
        _("Safety ledger: %(reward)s reward points, %(penalty)s penalty points.")
        % {"reward": plain(balance.reward_points), "penalty": plain(balance.penalty_points)}
    )
    months = AreaMonth.objects.filter(
        Q(area__holders__person=subject.person)
        if subject.person
        else Q(area__branch=subject.branch),
        year__range=(subject.since.year, subject.until.year),
    ).distinct()
    grades = [row.grade for row in months]
    if grades:
        yield (
            _("Months of responsibility areas assessed: %(all)d, of them good: %(good)d.")
            % {"all": len(grades), "good": grades.count(AreaGrade.GOOD)}
        )
    if subject.person is not None:
        signed = SafetyPledge.objects.filter(
            person=subject.person, valid_from__lte=subject.until, valid_to__gte=subject.since
        ).exclude(signed_at=None)
        yield (
            _("A safety pledge of this time is signed.")
            if signed.exists()
            else _("No safety pledge of this time is signed.")
        )


def life(subject: Subject) -> Iterator[Any]:
    """Yield how a person took part, or what a branch held and what is missing."""
    if subject.person is not None:
        row = Attendance.objects.filter(
            person=subject.person,
            is_guest=False,
            activity__held_on__range=(subject.since, subject.until),
        ).aggregate(
            should=Count("pk", filter=~Q(presence="expected")),
            came=Count("pk", filter=Q(presence__in=PRESENT)),
        )
        if row["should"]:
            yield (
                _("Came to %(came)d of %(should)d activities (%(rate)d %%).")
                % {**row, "rate": round(100 * row["came"] / row["should"])}
            )
        else:
            yield _("No activity with a list of attendance in this time.")
        return
    if subject.branch is None:
        return
    requirements = list(LifeRequirement.objects.all())
    for year in range(subject.since.year, subject.until.year + 1):
        gaps = [view for view in years_of([subject.branch], requirements, year) if view.missing]
        for view in gaps:
            yield (
                _("%(year)d, “%(what)s”: %(count)d missing.")
                % {
                    "year": year,
                    "what": view.requirement.get_kind_display(),
                    "count": view.missing,
                }
            )
        if not gaps:
            yield _("%(year)d: nothing of the organizational life is missing.") % {"year": year}


def membership(subject: Subject) -> Iterator[Any]:
    """Yield where somebody is a member and since when."""
    if subject.person is None:
        return
    row = (
        Membership.objects.filter(covers(subject.until), member=subject.person.pk)
        .select_related("member", "branch")
        .first()
    )
    if row is None:
        yield _("Not in the roster of members at the end of this time.")
        return
    confirmed = row.member.confirmed_on
    if confirmed is None or confirmed > subject.until:
        yield _("Probationary member of “%(branch)s”.") % {"branch": row.branch.name}
    else:
        yield (
            _("Full member since %(day)s, in “%(branch)s”.")
            % {"day": in_words(confirmed), "branch": row.branch.name}
        )


def discipline(subject: Subject) -> str:
    """Return whether a decision keeps the person from voting and being elected."""
    if subject.person is None:
        return ""
    barred = VotingBar.objects.filter(covers(subject.until), member=subject.person.pk).exists()
    return str(_("A decision of discipline is in force.")) if barred else ""


def register() -> None:
    """Register once, when the application is ready."""
    register_evidence("post-safety", gettext_lazy("Safety work"), safety)
    register_evidence("branch-life", gettext_lazy("Organizational life"), life)
    register_evidence("branch-membership", gettext_lazy("Roster of members"), membership)
    register_check("discipline", gettext_lazy("Decisions of discipline"), discipline)
