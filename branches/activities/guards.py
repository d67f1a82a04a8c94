"""What must be true before a step; each guard returns what is missing, a sentence each."""

from __future__ import annotations

from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from branches.activities import kind_fields, votes
from branches.activities.roster import expected_people
from branches.dates import in_words
from branches.models import Activity, Presence, VoteRule


def branch_exists(activity: Activity) -> list[str]:
    """The branch exists on the day."""
    if activity.branch.is_valid_on(activity.held_on):
        return []
    return [
        _("%(branch)s does not exist on %(day)s.")
        % {"branch": activity.branch.name, "day": in_words(activity.held_on)}
    ]


def two_people(activity: Activity) -> list[str]:
    """There are a host and a recorder, and they are two: both sign the minutes off."""
    if activity.host_id is None or activity.recorder_id is None:
        return [_("Please say who hosts the activity and who records it.")]
    if activity.host_id == activity.recorder_id:
        return [_("Host and recorder are two people: both sign the minutes off.")]
    return []


def lies_ahead(activity: Activity) -> list[str]:
    """Notice is given before the start."""
    if activity.starts_at is not None and activity.starts_at <= timezone.now():
        return [_("The start is over, so no notice can be given. Say that it was held.")]
    return []


def has_begun(activity: Activity) -> list[str]:
    """The planned start is over."""
    if activity.starts_at is not None and activity.starts_at > timezone.now():
        return [_("The activity has not begun yet. Change its time if it was held earlier.")]
    return []


def somebody_is_expected(activity: Activity) -> list[str]:
    """The roster has people who are expected."""
    if activity.attendances.filter(is_guest=False).exists() or expected_people(activity):
        return []
    return [
        _(
            "Nobody is expected by the roster: a general meeting needs members, "
            "a committee meeting a committee, a group meeting a group."
        )
    ]


def has_minutes(activity: Activity) -> list[str]:
    """Something was written down."""
    if activity.minutes.strip() or activity.speeches.exists():
        return []
    return [_("The minutes are empty.")]


def everybody_is_known(activity: Activity) -> list[str]:
    """Of everybody it is known whether they came, and why not: attended and absent make should."""
    rows = list(activity.attendances.filter(is_guest=False))
    found = []
    if not rows:
        return [_("Nobody is on the list of attendance.")]
    unknown = sum(row.presence == Presence.EXPECTED for row in rows)
    if unknown:
        found.append(
            ngettext(
                "Of %(count)d person it is not known whether they came.",
                "Of %(count)d people it is not known whether they came.",
                unknown,
            )
            % {"count": unknown}
        )
    without = sum(row.was_missed and not row.reason for row in rows)
    if without:
        found.append(
            ngettext(
                "%(count)d absent person has no reason.",
                "%(count)d absent people have no reason.",
                without,
            )
            % {"count": without}
        )
    return found


def votes_add_up(activity: Activity) -> list[str]:
    """The numbers of every vote fit each other and the list of attendance."""
    recorded = list(activity.votes.all())
    if not recorded:
        return []
    rules = list(VoteRule.objects.all())
    voters = list(activity.attendances.filter(has_vote=True))
    present = sum(row.is_present for row in voters)
    found = []
    for vote in recorded:
        tally = votes.tally_of(vote)
        own = [rule for rule in rules if rule.subject == vote.subject]
        wrong = votes.problems(tally, is_open=votes.is_open(tally, own))
        if vote.should != len(voters) or vote.present > present:
            wrong.append(
                _("the list of attendance has %(should)d with a vote, %(present)d of them present")
                % {"should": len(voters), "present": present}
            )
        found += [
            _("Vote on “%(matter)s”: %(problem)s") % {"matter": vote.matter, "problem": problem}
            for problem in wrong
        ]
    return found


def kind_is_complete(activity: Activity) -> list[str]:
    """What this kind of activity needs is there."""
    should = activity.attendances.filter(is_guest=False).count()
    return kind_fields.problems(activity.kind, activity.details, should)


def both_signed(activity: Activity) -> list[str]:
    """Host and recorder signed the minutes off as they are now."""
    found = []
    if activity.host_signed_at is None and activity.host:
        found.append(
            _("The host %(name)s has not signed the minutes off.") % {"name": activity.host.name}
        )
    if activity.recorder_signed_at is None and activity.recorder:
        found.append(
            _("The recorder %(name)s has not signed the minutes off.")
            % {"name": activity.recorder.name}
        )
    return found
