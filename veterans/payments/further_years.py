"""Paying further years of running benefits (续发): ordered, booked, failed, taken back.

Each step is one transaction and reads everything anew under the locks of the case and the benefit:
a stop, a recovery or another payer comes before it or after it, never between. A year is ordered
once (`veterans_paid_once`), and only the payment that is booked moves the benefit to its next year.
"""

from __future__ import annotations

import datetime
import json
import uuid
from collections.abc import Iterable

from django.db import transaction
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from portal.archives.capture import capture
from portal.cases import services as cases
from portal.cases.messages import applicants
from portal.cases.models import Case
from portal.cases.permissions import must_stand_aside
from portal.notifications.services import notify
from portal.people.models import User
from veterans.beneficiaries import messages
from veterans.models import Payment, PaymentList, PaymentListRow, RunningBenefit
from veterans.models.applications import PaymentState
from veterans.models.payments import ReservationState
from veterans.payments import budgets
from veterans.payments.grants import lock_person_year
from veterans.payments.next_years import ONE_DAY, NextYear, barred, had_a_part, next_years
from veterans.payments.permissions import may_pay
from veterans.payments.refusals import MoneyMoved, NotThisMoney

#: The kind under which the archive keeps the further years of a payment list.
SOURCE_KIND = "support-payment-list"


def _locked(benefit_id: uuid.UUID) -> tuple[Case, RunningBenefit]:
    """Lock the case, then the benefit; as everywhere, so that nobody waits for each other."""
    case = cases.locked(benefit_id)
    RunningBenefit.objects.select_for_update().get(pk=benefit_id)
    return case, RunningBenefit.objects.with_years().get(pk=benefit_id)


def lock_all(benefit_ids: Iterable[uuid.UUID]) -> None:
    """Lock several benefits at once, before the first of them is ordered.

    Kind by kind and each kind in one order, so that two lists, or a list and an approval, never
    hold what the other waits for.
    """
    keys = list(benefit_ids)
    list(Case.objects.select_for_update().filter(pk__in=keys).order_by("pk"))
    rows = RunningBenefit.objects.select_for_update(of=("self",)).filter(pk__in=keys)
    benefits = rows.select_related("application__item").order_by("pk")
    years = {
        (row.application.identity_number_index or "", row.next_from.year): row.application
        for row in benefits
    }
    for (_person, year), application in sorted(years.items(), key=lambda found: found[0]):
        lock_person_year(application, year)


def _refuse_payer(user: User, case: Case, benefit: RunningBenefit) -> None:
    """Refuse who may not move the money of this benefit.

    Raises:
        NotThisMoney: not finance, concerned by the case, or had a part in the decision.
    """
    if not may_pay(user):
        raise NotThisMoney(_("Payment lists are made by finance."))
    if must_stand_aside(user, case):
        raise NotThisMoney(_("This case concerns you or a relative. A colleague has to take it."))
    if had_a_part(user, benefit):
        raise NotThisMoney(
            _("Who reviewed, approved or confirmed it does not pay it. A colleague has to.")
        )


def _refuse_barred(benefit: RunningBenefit) -> None:
    if reason := barred([benefit]).get(benefit.pk):
        raise NotThisMoney(_("Nothing may be paid now: %(reason)s") % {"reason": reason})


def _due(benefit: RunningBenefit, today: datetime.date) -> NextYear:
    """Return the year that may be ordered now.

    Raises:
        MoneyMoved: it was ordered or paid meanwhile.
        NotThisMoney: it has not begun, was not confirmed, or takes a new application.
    """
    on_its_way = Payment.objects.of_further_years().filter(
        application=benefit.pk, state=PaymentState.ORDERED
    )
    found = on_its_way.select_related("list_row__list").first()
    if found is not None:
        raise MoneyMoved(
            _("This year was ordered already, in the list %(list)s.")
            % {"list": found.list_row.list}
        )
    if benefit.next_from > today:
        raise MoneyMoved(
            _("It is paid already; the next year begins on %(day)s.")
            % {"day": date_format(benefit.next_from)}
        )
    if benefit.confirm_by <= benefit.next_from:
        raise NotThisMoney(_("The year was not confirmed yet."))
    if not RunningBenefit.objects.payable_on(today).filter(pk=benefit.pk).exists():
        raise NotThisMoney(_("A newer application of the person takes its place."))
    year = next_years([benefit])[0]
    if year.obstacle:
        raise NotThisMoney(_("A new application is needed: %(reason)s") % {"reason": year.obstacle})
    return year


@transaction.atomic
def order(made: PaymentList, benefit_id: uuid.UUID, user: User) -> Payment:
    """Order the next year of a benefit in a list, at the amount of the standard of its first day.

    Raises:
        NotThisMoney: the account may not, or it may not be paid now.
        MoneyMoved: somebody else was first.
        BudgetUsedUp: the budget of this calendar year has less left.
    """
    case, benefit = _locked(benefit_id)
    _refuse_payer(user, case, benefit)
    _refuse_barred(benefit)
    now = timezone.now()
    lock_person_year(benefit.application, benefit.next_from.year)
    year = _due(benefit, timezone.localdate(now))
    amount = year.amount or budgets.ZERO
    bank_name, bank_card = year.account
    payment = Payment.objects.create(
        application=benefit.application,
        amount=amount,
        period=year.number,
        first_day=year.first_day,
        last_day=year.last_day,
        version=year.version,
        calculation=json.dumps(
            year.calculation.trace if year.calculation else [], ensure_ascii=False
        ),
        bank_name=bank_name,
        bank_card=bank_card,
        ordered_by=user,
        ordered_at=now,
    )
    budgets.reserve(benefit.application, amount, now, payment)
    PaymentListRow.objects.create(list=made, payment=payment)
    return payment


def _ordered(payment_id: int, user: User) -> tuple[Payment, Case, RunningBenefit]:
    """Lock a payment that is on its way.

    Raises:
        MoneyMoved: it was booked, failed or was taken back meanwhile.
        NotThisMoney: the account may not.
    """
    known = Payment.objects.of_further_years().get(pk=payment_id)
    case, benefit = _locked(known.application_id)
    payment = (
        Payment.objects.select_for_update(of=("self",))
        .select_related("list_row__list", "application")
        .get(pk=payment_id)
    )
    _refuse_payer(user, case, benefit)
    if payment.state != PaymentState.ORDERED:
        raise MoneyMoved(
            _("%(name)s was first: %(state)s.")
            % {"name": payment.finished_by, "state": payment.get_state_display()}
        )
    return payment, case, benefit


def _finish(payment: Payment, state: PaymentState, user: User, reason: str = "") -> None:
    now = timezone.now()
    payment.state, payment.reason = state, reason[:200]
    payment.finished_by, payment.finished_at = user, now
    payment.save(update_fields=["state", "reason", "finished_by", "finished_at"])
    paid = state == PaymentState.PAID
    ended = ReservationState.SPENT if paid else ReservationState.RELEASED
    budgets.end_of_payment(payment, ended, now)
    capture(SOURCE_KIND, str(payment.list_row.list_id))


@transaction.atomic
def book(payment_id: int, user: User) -> Payment:
    """Book a year as paid by the bank's voucher; the person is told.

    Raises:
        NotThisMoney: the account may not, or the benefit was stopped, is claimed back or was
            restored from another day since it was ordered; it has to be taken back.
        MoneyMoved: somebody else was first.
    """
    payment, case, benefit = _ordered(payment_id, user)
    _refuse_barred(benefit)
    if payment.first_day != benefit.next_from or payment.last_day is None:
        raise NotThisMoney(
            _(
                "The benefit was stopped meanwhile and goes on from another day. Please take the"
                " payment back and order the year anew."
            )
        )
    _finish(payment, PaymentState.PAID, user)
    benefit.next_from = payment.last_day + ONE_DAY
    benefit.save(update_fields=["next_from"])
    notify(
        messages.YEAR_PAID,
        applicants(case),
        {"item": case.item},
        event_key=f"further-year:{payment.pk}",
        url=reverse("support_benefits"),
    )
    return payment


@transaction.atomic
def fail(payment_id: int, user: User, reason: str) -> Payment:
    """Write down that the bank sent the money back; the year can be ordered again.

    Raises:
        NotThisMoney: the account may not.
        MoneyMoved: somebody else was first.
    """
    payment, _case, _benefit = _ordered(payment_id, user)
    _finish(payment, PaymentState.FAILED, user, reason)
    return payment


@transaction.atomic
def take_back(payment_id: int, user: User, reason: str) -> Payment:
    """Take an order back before the bank has paid it, with a reason that stays.

    Raises:
        NotThisMoney: the account may not.
        MoneyMoved: somebody else was first.
    """
    payment, _case, _benefit = _ordered(payment_id, user)
    _finish(payment, PaymentState.TAKEN_BACK, user, reason)
    return payment


def words_of(payment: Payment) -> str:
    """Return which year a payment is for, as people say it; empty for a decision's payment."""
    if not payment.is_further_year or payment.first_day is None or payment.last_day is None:
        return ""
    return _("Year %(number)d, %(first)s to %(last)s") % {
        "number": payment.period,
        "first": date_format(payment.first_day),
        "last": date_format(payment.last_day),
    }
