"""Conditions of the steps of a round."""

from __future__ import annotations

from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from honors.models import (
    CONSULTED,
    DepartmentOpinion,
    JudgeRecusal,
    Nomination,
    NominationState,
    Round,
    RoundMember,
    RoundPart,
    ScoreSheet,
    Verdict,
)
from honors.rounds import judging
from honors.rounds.choice import candidates_of
from honors.rounds.scoring import faults_of_choice
from honors.rounds.states import FLOW
from honors.rounds.terms import terms_of
from portal.cases.flow import Context, Guard
from portal.cases.ownership import owner_id
from portal.cases.refusals import ConditionNotMet
from portal.public_notices.services import is_over, open_objections

#: Fewer judges than this are no committee. Source: practice of review committees, unconfirmed.
LEAST_JUDGES = 3
NAMED = 5


def _names(nominations: list[Nomination]) -> str:
    names = "、".join(row.subject_name for row in nominations[:NAMED])
    return names + ("……" if len(nominations) > NAMED else "")


def _deadline_ahead(context: Context) -> None:
    round_: Round = context.subject
    if round_.closes_on <= context.today:
        raise ConditionNotMet(
            _("The last day of nominations, %(day)s, has come. Please send the notice back.")
            % {"day": date_format(round_.closes_on, "DATE_FORMAT")}
        )


def _enough_judges(context: Context) -> None:
    round_: Round = context.subject
    count = round_.members.filter(part=RoundPart.JUDGE).count()
    if count < LEAST_JUDGES:
        raise ConditionNotMet(
            _("A round needs at least %(least)d judges, this one has %(count)d.")
            % {"least": LEAST_JUDGES, "count": count}
        )


def _nominations_over(context: Context) -> None:
    round_: Round = context.subject
    if context.today <= round_.closes_on:
        raise ConditionNotMet(
            _("Nominations are taken until %(day)s, as the notice says.")
            % {"day": date_format(round_.closes_on, "DATE_FORMAT")}
        )


def _all_examined(context: Context) -> None:
    round_: Round = context.subject
    waiting = list(
        round_.nominations.filter(state__in=(NominationState.RECOMMENDED, NominationState.RETURNED))
    )
    if waiting:
        raise ConditionNotMet(
            _("%(count)d nominations are not examined yet: %(names)s.")
            % {"count": len(waiting), "names": _names(waiting)}
        )
    if not round_.nominations.filter(state=NominationState.ELIGIBLE).exists():
        raise ConditionNotMet(_("Nobody is eligible, so there is nothing to judge."))


def _opinions_complete(context: Context) -> None:
    round_: Round = context.subject
    asked = dict(RoundPart.choices)
    parts = list(
        round_.members.filter(part__in=CONSULTED).values_list("part", flat=True).distinct()
    )
    eligible = round_.nominations.filter(state=NominationState.ELIGIBLE)
    for part in parts:
        given = DepartmentOpinion.objects.filter(part=part).values("nomination")
        missing = list(eligible.exclude(pk__in=given))
        if missing:
            raise ConditionNotMet(
                _("%(part)s has not spoken on %(names)s yet.")
                % {"part": asked[part], "names": _names(missing)}
            )


def _nobody_opposed(context: Context) -> None:
    round_: Round = context.subject
    against = DepartmentOpinion.objects.filter(
        part=RoundPart.DISCIPLINE, verdict=Verdict.AGAINST
    ).values("nomination")
    opposed = list(round_.nominations.filter(state=NominationState.ELIGIBLE, pk__in=against))
    if opposed:
        raise ConditionNotMet(
            _("Discipline inspection is against %(names)s. Please examine again.")
            % {"names": _names(opposed)}
        )


def _judges_left(context: Context) -> None:
    round_: Round = context.subject
    # Kin is asked once a judge: the page of the round asks this condition whenever it is shown.
    kin = [judging.kin_of(judge) for judge in round_.members.filter(part=RoundPart.JUDGE)]
    for nomination in round_.nominations.filter(state=NominationState.ELIGIBLE):
        left = sum(nomination.person_id not in people for people in kin)
        if left < LEAST_JUDGES:
            raise ConditionNotMet(
                _("Only %(count)d judges may score %(name)s; %(least)d are needed.")
                % {
                    "count": left,
                    "name": nomination.subject_name,
                    "least": LEAST_JUDGES,
                }
            )


def _sheets_complete(context: Context) -> None:
    round_: Round = context.subject
    if not terms_of(round_.terms).lines:
        return
    nominations = list(round_.nominations.filter(state=NominationState.ELIGIBLE))
    judges = list(
        RoundMember.objects.filter(round=round_, part=RoundPart.JUDGE).select_related("person")
    )
    done = set(
        ScoreSheet.objects.filter(nomination__round=round_).values_list("nomination_id", "judge_id")
    ) | set(
        JudgeRecusal.objects.filter(nomination__round=round_).values_list(
            "nomination_id", "judge_id"
        )
    )
    missing = [
        judge for judge in judges if any((row.pk, judge.pk) not in done for row in nominations)
    ]
    if missing:
        names = "、".join(judge.person.name for judge in missing[:NAMED])
        raise ConditionNotMet(
            _("These judges have not scored everybody yet: %(names)s.") % {"names": names}
        )


def _choice_lawful(context: Context) -> None:
    round_: Round = context.subject
    everybody = candidates_of(round_)
    keys = {nomination.pk for nomination in context.values.get("winners") or []}
    chosen = [row for row in everybody if row.key in keys]
    faults = faults_of_choice(chosen, everybody, terms_of(round_.terms), round_.seats)
    if len(chosen) != len(keys):
        faults.append(_("Somebody on the list is not eligible any more."))
    if faults:
        raise ConditionNotMet(" ".join(faults))


def _notice_over(context: Context) -> None:
    if not is_over(FLOW, owner_id(context.case), context.today):
        raise ConditionNotMet(_("The public notice has not run its days, or an objection is open."))


def _nothing_open(context: Context) -> None:
    if open_objections(FLOW, owner_id(context.case)):
        raise ConditionNotMet(_("An objection is open. Nothing is conferred before its answer."))
    if not context.subject.nominations.filter(state=NominationState.PROPOSED).exists():
        raise ConditionNotMet(_("Nobody is on the list any more."))


DEADLINE_AHEAD = Guard(
    "deadline", gettext_lazy("The last day of nominations lies ahead."), _deadline_ahead
)
ENOUGH_JUDGES = Guard("judges", gettext_lazy("At least three judges are named."), _enough_judges)
NOMINATIONS_OVER = Guard(
    "over", gettext_lazy("The last day of nominations has passed."), _nominations_over
)
ALL_EXAMINED = Guard("examined", gettext_lazy("Every nomination was examined."), _all_examined)
OPINIONS_COMPLETE = Guard(
    "opinions", gettext_lazy("Every department that was asked has spoken."), _opinions_complete
)
NOBODY_OPPOSED = Guard(
    "unopposed",
    gettext_lazy("Discipline inspection is against nobody who is eligible."),
    _nobody_opposed,
)
JUDGES_LEFT = Guard(
    "judges-left",
    gettext_lazy("At least three judges are no relatives of a nominee."),
    _judges_left,
)
SHEETS_COMPLETE = Guard(
    "sheets", gettext_lazy("Every judge has scored everybody or stands aside."), _sheets_complete
)
CHOICE_LAWFUL = Guard(
    "choice",
    gettext_lazy("Pass mark, best part, ballot, awards and front line hold."),
    _choice_lawful,
    of_values=True,
)
NOTICE_OVER = Guard(
    "notice-over",
    gettext_lazy("The public notice has run its days and no objection is open."),
    _notice_over,
)
NOTHING_OPEN = Guard("nothing-open", gettext_lazy("No objection is open."), _nothing_open)
