"""Support that goes on: confirmed once a year, stopped when it is not, restored afterwards."""

from __future__ import annotations

import datetime
from dataclasses import dataclass
from typing import Any

from django.db import transaction
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from portal.cases.flow import Context
from portal.notifications.services import Recipient, notify
from portal.people.models import User
from portal.refusals import ChangedMeanwhile
from portal.roles.daily_jobs import register_daily_job
from portal.workdays.periods import months_later
from veterans.beneficiaries import messages
from veterans.beneficiaries.permissions import may_keep_register
from veterans.beneficiaries.refusals import NotTheKeeper, RegisterRefused
from veterans.beneficiaries.register import require_keeper
from veterans.models import BenefitConfirmation, Representation, RunningBenefit
from veterans.models.benefits import BenefitState
from veterans.models.representations import Channel, RepresentationKind
from veterans.payments.next_years import YEAR_MONTHS, covers_a_year


@dataclass(frozen=True)
class ConfirmationRule:
    """How often a running benefit is confirmed, and when people are reminded.

    Attributes:
        months: from one confirmation to the next.
        reminders: calendar days before the last day.
        opens: calendar days before the last day from which on it can be confirmed.
    """

    months: int
    reminders: tuple[int, ...]
    opens: int
    clause: str


RULE = ConfirmationRule(12, (30, 7), 60, "军人抚恤优待条例第八条（年度确认，参照）")


def start_benefit(context: Context) -> None:
    """Begin a running benefit when support for a whole year was paid, and end the one before.

    Three months of training, for example, are paid once and do not go on.
    """
    from veterans.applications.effects import calculation_of

    application, case = context.subject, context.case
    if case.beneficiary_id is None or not covers_a_year(calculation_of(application)):
        return
    made, _created = RunningBenefit.objects.get_or_create(
        application=application,
        defaults={
            "person_id": case.beneficiary_id,
            "item": application.item,
            "started_on": context.today,
            "confirm_by": months_later(context.today, RULE.months),
            "next_from": months_later(context.today, YEAR_MONTHS),
        },
    )
    earlier = RunningBenefit.objects.of_person(made.person_id).filter(item=made.item)
    # One benefit of an item runs for a person: the newer application takes the older one's place.
    earlier.exclude(pk=made.pk).update(state=BenefitState.ENDED)


def _locked(benefit_id: Any) -> RunningBenefit:
    return (
        RunningBenefit.objects.select_for_update(of=("self",))
        .select_related("person", "item")
        .get(pk=benefit_id)
    )


def may_confirm(user: User, benefit: RunningBenefit) -> bool:
    """Whether the account confirms: the person, a guardian, the officer; a delegate cannot."""
    if user.person_id is None:
        return False
    if user.person_id == benefit.person_id or may_keep_register(user):
        return True
    return (
        Representation.objects.valid_on()
        .filter(
            kind=RepresentationKind.GUARDIAN,
            principal=benefit.person_id,
            representative=user.person_id,
        )
        .exists()
    )


def opens_on(benefit: RunningBenefit) -> datetime.date:
    """Return the first day of the next confirmation."""
    return benefit.confirm_by - datetime.timedelta(days=RULE.opens)


@transaction.atomic
def confirm(
    benefit_id: Any, user: User, *, channel: str = Channel.ONLINE, note: str = ""
) -> BenefitConfirmation:
    """Confirm that nothing has changed; a stopped benefit goes on from today.

    Raises:
        NotTheKeeper: the account may not confirm it.
        ChangedMeanwhile: it was confirmed already, ended, or is not due yet.
    """
    benefit = _locked(benefit_id)
    if not may_confirm(user, benefit):
        raise NotTheKeeper(_("Only the person concerned or the service station confirms this."))
    today = timezone.localdate()
    if benefit.state == BenefitState.ENDED:
        raise ChangedMeanwhile(_("This benefit has ended."))
    restored = benefit.state == BenefitState.STOPPED
    if not restored and today < opens_on(benefit):
        raise ChangedMeanwhile(_("This is confirmed already. Nothing is to be done."))
    if restored and benefit.stop_reason and not may_keep_register(user):
        raise NotTheKeeper(_("The service station stopped this. Please call us."))
    made = BenefitConfirmation.objects.create(
        benefit=benefit,
        for_day=benefit.confirm_by,
        confirmed_by=user,
        confirmed_at=timezone.now(),
        channel=channel,
        restored=restored,
        note=note,
    )
    base = today if restored else benefit.confirm_by
    benefit.confirm_by = months_later(base, RULE.months)
    if restored:
        # For the time between stop and restoring nothing is paid.
        benefit.next_from = max(benefit.next_from, today)
    benefit.state, benefit.stopped_on, benefit.stop_reason = BenefitState.RUNNING, None, ""
    benefit.save()
    if restored:
        _tell(messages.RESTORED, benefit, f"restored:{made.pk}")
    return made


@transaction.atomic
def stop(benefit_id: Any, reason: str, user: User) -> RunningBenefit:
    """Stop a benefit with a reason, by the officer; it can be restored.

    Raises:
        NotTheKeeper: the account does not keep the register.
        RegisterRefused: it does not run.
    """
    require_keeper(user)
    benefit = _locked(benefit_id)
    if benefit.state != BenefitState.RUNNING:
        raise RegisterRefused(_("This benefit does not run."))
    return _stop(benefit, reason)


def _stop(benefit: RunningBenefit, reason: str = "") -> RunningBenefit:
    benefit.state, benefit.stopped_on = BenefitState.STOPPED, timezone.localdate()
    benefit.stop_reason = reason
    benefit.save(update_fields=["state", "stopped_on", "stop_reason"])
    _tell(messages.STOPPED, benefit, f"stopped:{benefit.pk}:{benefit.confirm_by}")
    return benefit


def stop_all_of(person_id: int, reason: str) -> int:
    """Stop what runs for somebody who left the register; return how many."""
    running = RunningBenefit.objects.of_person(person_id).filter(state=BenefitState.RUNNING)
    rows = list(running.select_for_update(of=("self",)).select_related("person", "item"))
    for benefit in rows:
        _stop(benefit, reason)
    return len(rows)


def _tell(code: str, benefit: RunningBenefit, key: str) -> None:
    values: dict[str, object] = {"item": benefit.item.name}
    if code == messages.CONFIRM:
        values["due_on"] = benefit.confirm_by
    guardians = Representation.objects.valid_on().filter(
        kind=RepresentationKind.GUARDIAN, principal=benefit.person_id
    )
    people = [benefit.person, *(row.representative for row in guardians)]
    notify(
        code,
        [Recipient(person=person) for person in people],
        values,
        event_key=f"benefit:{key}",
        url=reverse("support_benefits"),
    )


def remind_and_stop(today: datetime.date | None = None) -> str:
    """Remind of confirmations, stop what was not confirmed; again on the same day nothing more.

    Each benefit is a transaction of its own, so one that fails holds no other back.
    """
    today = today or timezone.localdate()
    reminded = stopped = 0
    soon = today + datetime.timedelta(days=max(RULE.reminders))
    keys = RunningBenefit.objects.due_until(soon).values_list("pk", flat=True)
    for pk in list(keys):
        with transaction.atomic():
            benefit = _locked(pk)
            if benefit.state != BenefitState.RUNNING:
                continue
            left = (benefit.confirm_by - today).days
            if left < 0:
                _stop(benefit)
                stopped += 1
                continue
            passed = [days for days in RULE.reminders if left <= days]
            if passed:
                key = f"{benefit.pk}:{benefit.confirm_by}:{min(passed)}"
                _tell(messages.CONFIRM, benefit, key)
                reminded += 1
    return f"{reminded} benefits to be confirmed, {stopped} stopped"


def register() -> None:
    """Register the daily job."""
    register_daily_job("support-benefits", remind_and_stop)
