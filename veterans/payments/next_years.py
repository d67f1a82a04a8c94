"""The next year of a running benefit (续发): whether it may be paid, and how much it is.

A benefit is granted for a year, in one sum: twelve times the month, or once the year. The next year
begins where the year before ended, is paid once the yearly confirmation was made, and is computed
from the stored answers by the standard in force on its first day. Nothing is decided anew: where
the answers no longer suffice, or a person set the amount, the row says so and a new application
takes its place.
"""

from __future__ import annotations

import datetime
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.core.exceptions import ValidationError
from django.db.models import Q
from django.utils.translation import gettext as _

from portal.cases.few import keys_of
from portal.cases.flow import flow
from portal.cases.kin import naming, relatives_of, set_apart
from portal.cases.models import Case, CaseEvent, Recusal
from portal.cases.permissions import own_conditions, units_condition, units_of
from portal.people.models import User
from portal.workdays.periods import months_later
from veterans.models import (
    Application,
    BenefitConfirmation,
    ItemVersion,
    Payment,
    Recovery,
    RunningBenefit,
)
from veterans.models.benefits import SETTLED, BenefitQuerySet, BenefitState
from veterans.models.recoveries import OPEN_RECOVERIES
from veterans.payments.grants import granted_in_years
from veterans.standards.eligibility import Outcome, check_standard
from veterans.standards.entitlement import Calculation, compute_standard
from veterans.standards.services import among_versions
from veterans.standards.vocabulary import values

FLOW = "veterans-support"
PAYERS = ("finance_payer",)
#: What a benefit is granted for, in months; by the wording of the standards (连发十二个月).
YEAR_MONTHS = 12
MONTHS_OF_UNIT = {"月": 1, "年": YEAR_MONTHS}
ONE_DAY = datetime.timedelta(days=1)


@dataclass(frozen=True)
class NextYear:
    """The year of a benefit that is paid next.

    Attributes:
        number: 2 for the second year, and so on.
        first_day, last_day: both included.
        version: of the standard in force on the first day; None when there is none.
        calculation: how much it is; None when it was not computed.
        obstacle: why it takes a new application; empty: it can be ordered.
    """

    benefit: RunningBenefit
    number: int
    first_day: datetime.date
    last_day: datetime.date
    version: ItemVersion | None = None
    calculation: Calculation | None = None
    obstacle: str = ""

    @property
    def amount(self) -> Decimal | None:
        """Yuan; None where it takes a new application."""
        return None if self.obstacle or self.calculation is None else self.calculation.amount

    @property
    def account(self) -> tuple[str, str]:
        """Bank and card: what the register has, else what the application says."""
        application = self.benefit.application
        kept = getattr(self.benefit.person, "beneficiary", None)
        if kept is not None and kept.bank_card:
            return kept.bank_name, kept.bank_card
        return application.bank_name, application.bank_card

    @property
    def account_changed(self) -> bool:
        """Whether the money goes to another card than the application says."""
        return self.account[1] != self.benefit.application.bank_card


def covers_a_year(found: Calculation) -> bool:
    """Whether an amount is for a whole year, so that another year can follow."""
    return found.quantity * MONTHS_OF_UNIT.get(found.unit, 0) == YEAR_MONTHS


def last_day_of(first_day: datetime.date) -> datetime.date:
    """Return the last day of a year that begins on a day."""
    return months_later(first_day, YEAR_MONTHS) - ONE_DAY


# ---- Who may pay


def payable_years(user: User, day: datetime.date) -> BenefitQuerySet:
    """Return the benefits whose next year this payer may order.

    None of its own, of a relative or of somebody it acts for, none whose case it reviewed or
    approved, and none it confirmed itself, at the counter or elsewhere.
    """
    inside = units_condition(units_of(user, PAYERS))
    if inside is None or user.person_id is None:
        return RunningBenefit.objects.none()
    cases = Case.objects.filter(inside, flow=FLOW)
    return (
        RunningBenefit.objects.payable_on(day)
        .filter(application__case__in=cases.values("pk"))
        .exclude(application__case__in=_left_to_others(user, user.person_id))
    )


def _left_to_others(user: User, person_id: int) -> Any:
    """Return the keys of the cases whose money the account leaves to colleagues."""
    kin = relatives_of(person_id).values("pk")
    return keys_of(
        [
            *own_conditions(person_id),
            *set_apart(person_id),
            naming(person_id),
            Q(applicant__in=kin) | Q(beneficiary__in=kin),
            Q(pk__in=Recusal.objects.filter(user=user).values("case")),
            Q(pk__in=_decided_by(user).values("case")),
            Q(pk__in=BenefitConfirmation.objects.filter(confirmed_by=user).values("benefit")),
        ]
    )


def _decided_by(user: User) -> Any:
    """Return the steps after which an account does not pay, as for the first payment."""
    pay = next(row for row in flow(FLOW).transitions if row.code == "pay")
    return CaseEvent.objects.filter(actor=user, transition__in=pay.distinct_from)


def had_a_part(user: User, benefit: RunningBenefit) -> bool:
    """Whether the account decided the case or confirmed the benefit, so that another pays."""
    return (
        _decided_by(user).filter(case=benefit.pk).exists()
        or benefit.confirmations.filter(confirmed_by=user).exists()
    )


# ---- What bars it


def barred(benefits: Iterable[RunningBenefit]) -> dict[Any, str]:
    """Return why no money may go out for benefits now, by their key; two queries.

    What was stopped or ended, who left the register, what is decided again, and what is being
    claimed back.
    """
    rows = list(benefits)
    claimed = set(
        Recovery.objects.filter(
            application__in=[row.pk for row in rows], state__in=OPEN_RECOVERIES
        ).values_list("application_id", flat=True)
    )
    known = RunningBenefit.objects.filter(pk__in=[row.pk for row in rows])
    gone, unsettled = set(), set()
    for key, left_on, active, state in known.values_list(
        "pk", "person__beneficiary__ended_on", "application__active", "application__case__state"
    ):
        if left_on is not None:
            gone.add(key)
        if not active or state not in SETTLED:
            unsettled.add(key)
    found = {}
    for row in rows:
        if row.pk in gone:
            found[row.pk] = _("The person was taken out of the register.")
        elif row.state == BenefitState.STOPPED:
            found[row.pk] = _("The benefit is stopped.")
        elif row.state == BenefitState.ENDED:
            found[row.pk] = _("The benefit has ended.")
        elif row.pk in unsettled:
            found[row.pk] = _("The case is decided again, or was decided otherwise.")
        elif row.pk in claimed:
            found[row.pk] = _("Money of this case is being claimed back.")
    return found


def barred_payments(payments: Iterable[Payment]) -> dict[int, str]:
    """Return why payments of further years may not be booked now, by their key."""
    rows = [row for row in payments if row.is_further_year]
    benefits = RunningBenefit.objects.filter(pk__in=[row.application_id for row in rows])
    known = {benefit.pk: benefit for benefit in benefits}
    reasons = barred(known.values())
    found = {}
    for row in rows:
        benefit = known.get(row.application_id)
        if benefit is None or row.application_id in reasons:
            found[row.pk] = reasons.get(row.application_id, _("The benefit has ended."))
        elif row.first_day != benefit.next_from:
            found[row.pk] = _("The benefit was stopped meanwhile and goes on from another day.")
    return found


# ---- How much it is


def next_years(benefits: Iterable[RunningBenefit]) -> list[NextYear]:
    """Compute the next year of benefits, as `with_years` reads them; three queries for any number.

    The cap of the year counts what the person was granted in the year in which it begins; read
    it again under the lock before anything is ordered.
    """
    rows = list(benefits)
    versions: dict[int, list[ItemVersion]] = defaultdict(list)
    items = {row.item_id for row in rows}
    for version in ItemVersion.objects.published().filter(item__in=items):
        versions[version.item_id].append(version)
    keys = {row.pk: _person_year(row) for row in rows}
    granted = granted_in_years(keys.values())
    return [_next_year(row, versions[row.item_id], granted[keys[row.pk]]) for row in rows]


def _person_year(benefit: RunningBenefit) -> tuple[str, int, int]:
    application = benefit.application
    return application.identity_number_index, benefit.item_id, benefit.next_from.year


def _next_year(
    benefit: RunningBenefit, versions: Iterable[ItemVersion], granted: Decimal
) -> NextYear:
    application, first_day = benefit.application, benefit.next_from
    version = among_versions(versions, first_day, application.region)
    calculation = None
    if benefit.changed_by_hand:  # type: ignore[attr-defined]
        obstacle = _("The review set the amount by hand, so it is not computed again.")
    elif version is None:
        obstacle = _("No standard is in force on the first day.")
    else:
        try:
            calculation = compute_standard(
                version.standard, application.given_answers, granted, first_day
            )
            obstacle = _unfit(application, version, first_day) or _not_a_year(calculation)
        except ValidationError:
            # An answer that the questions of today do not know any more.
            obstacle = _("An answer of the application does not fit the standard any more.")
    return NextYear(
        benefit,
        benefit.further_years + 2,  # type: ignore[attr-defined]
        first_day,
        last_day_of(first_day),
        version,
        calculation,
        obstacle,
    )


def _unfit(application: Application, version: ItemVersion, day: datetime.date) -> str:
    """Return which condition is not met any more, or which question nobody asked yet."""
    standard, answers = version.standard, application.given_answers
    known = values(standard.relevant(answers, day))
    for result in check_standard(standard, answers, day):
        if result.outcome is Outcome.FAILED:
            return f"{result.message}（{result.clause}）"
        # Under the same standard a person has looked at what was left open.
        if (
            result.outcome is Outcome.MANUAL
            and known.get(result.field) is None
            and version.pk != application.version_id
        ):
            return result.message
    return ""


def _not_a_year(found: Calculation) -> str:
    if not found.complete:
        return found.trace[-1]
    if not covers_a_year(found):
        return _("The standard does not grant a whole year.")
    if not found.amount:
        return _("By the caps of the standard nothing is left to be granted.")
    return ""
