"""What the steps of an application do besides moving the case, inside its transaction."""

from __future__ import annotations

import json
import uuid

from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from portal.cases import numbers, services, tracking
from portal.cases.flow import Context, Effect
from portal.cases.models import Case, Rating
from portal.cases.ownership import OWNER_KIND, owner_id
from portal.people.models import User
from portal.public_notices.entries import amount_range, entry
from portal.public_notices.models import Objection, ObjectionState, PublicNotice
from portal.public_notices.services import publish_notice, register_notice_owner
from veterans.applications.granting import is_in_kind
from veterans.applications.tasks import BANK, binding_version
from veterans.models import Application, Payment
from veterans.models.applications import PaymentState
from veterans.payments.budgets import held_by
from veterans.payments.grants import granted_this_year, lock_year
from veterans.standards.entitlement import Calculation
from veterans.standards.services import compute, version_on

# Bounds in yuan of the ranges in which notices show amounts.
NOTICE_BOUNDS = (1_000, 5_000, 10_000, 20_000)
# Source: domain facts 5.7: name, unit and item only, no amount for medical matters.
UNSHOWN_CATEGORIES = ("medical", "health", "hardship")


def application_of(case: Case) -> Application | None:
    """Return the application behind a case."""
    return (
        Application.objects.select_related("item__unit", "version__item").filter(pk=case.pk).first()
    )


def _hand_in(context: Context) -> None:
    case, application = context.case, context.subject
    version = version_on(application.item, context.today, application.region)
    application.version = version
    application.standard_sha256 = version.snapshot_sha256
    application.period = version.standard.period(
        context.today.year, application.given_answers, case.pk.hex[:8]
    )
    application.active = True
    application.save()
    case.number = numbers.next_number(case.table.prefix, context.today)
    case.tracking_tail = application.identity_number[-tracking.TAIL_LENGTH :]
    code = tracking.issue_code(case)
    # Stored nowhere: the page that answers the hand-in shows it once.
    if callable(show := context.values.get("show_code")):
        show(code)
    context.remembered.update({"version": version.pk, "standard_sha256": version.snapshot_sha256})


def _list_corrections(context: Context) -> None:
    application = context.subject
    application.corrections = [{**row, "done": False} for row in context.values.get("items", [])]
    application.save(update_fields=["correction"])
    context.remembered["items"] = [row["code"] for row in context.values.get("items", [])]


def _list_account(context: Context) -> None:
    application = context.subject
    reason = str(context.values.get("reason", ""))
    label = str(_("Where the money goes"))
    application.corrections = [{"code": BANK, "label": label, "reason": reason, "done": False}]
    application.save(update_fields=["correction"])
    context.remembered["items"] = [BANK]


def _take_corrections(context: Context) -> None:
    application = context.subject
    context.remembered["items"] = [row["code"] for row in application.corrections]


def calculation_of(application: Application) -> Calculation:
    """Compute the amount by the standard that binds the case."""
    day = application.case.submitted_at
    version = binding_version(application)
    return compute(
        version,
        application.given_answers,
        granted_this_year(application),
        timezone.localdate(day) if day else None,
    )


def _compute(context: Context) -> None:
    application = context.subject
    application.supported = context.values.get("opinion", "supported") == "supported"
    lock_year(application)
    found = calculation_of(application)
    application.amount = found.amount
    application.calculation = json.dumps(found.trace, ensure_ascii=False)
    application.save(update_fields=["supported", "amount", "calculation"])
    context.remembered["supported"] = application.supported


def _reviewer_of(case: Case) -> User:
    review = case.events.filter(transition="review").latest("sequence")
    return User.objects.get(pk=review.actor_id or 0)


def _shown_amount(application: Application) -> str:
    """Return the range for the notice; none where it would tell of an illness or of need."""
    if not application.amount or application.item.category in UNSHOWN_CATEGORIES:
        return ""
    return amount_range(application.amount, NOTICE_BOUNDS)


def _open_notice(context: Context) -> None:
    case, application = context.case, context.subject
    standard = application.version.standard
    notice = PublicNotice(
        owner_kind=OWNER_KIND,
        owner_id=owner_id(case),
        section="veterans",
        title=f"关于{application.item.name}拟发放对象的公示（{case.number}）",
        subject=application.item.name,
        basis=standard.document_number,
        entries=[
            entry(
                application.name,
                case.unit.name,
                application.item.name,
                _shown_amount(application),
            )
        ],
        days=application.version.notice_days,
        unit=case.unit,
        phone=standard.phone,
    )
    people = [person for person in (case.applicant, case.beneficiary) if person]
    publish_notice(notice, _reviewer_of(case), context.actor, subjects=people, today=context.today)
    context.remembered["notice"] = str(notice.pk)


def _end(context: Context) -> None:
    context.subject.active = False
    context.subject.save(update_fields=["active"])


def _order_payment(context: Context) -> None:
    paid = context.subject.payments.of_decisions().filter(state=PaymentState.PAID).count()
    payment = Payment.objects.create(
        application=context.subject,
        # After an upheld appeal only what was not paid before.
        amount=context.subject.amount - held_by(context.subject),
        decision=paid + 1,
        ordered_by=context.actor,
        ordered_at=context.now,
    )
    context.remembered["payment"] = payment.pk


def _finish_payment(context: Context, state: PaymentState) -> None:
    payment = context.subject.payments.of_decisions().get(state=PaymentState.ORDERED)
    payment.state = state
    payment.finished_by, payment.finished_at = context.user, context.now
    payment.reason = str(context.values.get("reason", ""))[:200]
    payment.save()
    context.remembered["payment"] = payment.pk


def _rate(context: Context) -> None:
    if not context.values.get("level"):
        return
    Rating.objects.update_or_create(
        case=context.case,
        defaults={
            "level": context.values["level"],
            "words": context.values.get("words", ""),
            "changed_at": context.now,
        },
        create_defaults={
            "level": context.values["level"],
            "words": context.values.get("words", ""),
            "given_at": context.now,
            "changed_at": context.now,
        },
    )


HAND_IN = Effect(
    "hand-in", _("Freezes the standard of the day, gives number and tracking code."), _hand_in
)
LIST_ACCOUNT = Effect("list-account", _("The account has to be given anew."), _list_account)
LIST_CORRECTIONS = Effect(
    "list", _("Lists what has to be put right, each with its reason."), _list_corrections
)
TAKE_CORRECTIONS = Effect("take", _("Keeps the old files beside the new ones."), _take_corrections)
COMPUTE = Effect("compute", _("Freezes the amount with the trace of its computation."), _compute)
OPEN_NOTICE = Effect(
    "notice", _("Publishes the notice with masked names, as an archive record."), _open_notice
)
END = Effect("end", _("The same person may apply for the same item again."), _end)
ORDER_PAYMENT = Effect("order", _("Orders the payment, once for a case."), _order_payment)
PAID = Effect(
    "paid",
    _("Writes that the money arrived."),
    lambda context: _finish_payment(context, PaymentState.PAID),
)
FAILED = Effect(
    "failed",
    _("Writes why the payment failed."),
    lambda context: _finish_payment(context, PaymentState.FAILED),
)
RATE = Effect("rate", _("Keeps the rating; whoever is rated does not see who rated."), _rate)


# ---- What the public notice tells


def _lock(case_id: str) -> None:
    services.locked(uuid.UUID(case_id))


def _over(notice: PublicNotice) -> None:
    case_id = uuid.UUID(notice.owner_id)
    application = application_of(Case.objects.get(pk=case_id))
    in_kind = application is not None and is_in_kind(application)
    services.apply(case_id, "end_notice_in_kind" if in_kind else "end_notice", None)


def _objected(objection: Objection) -> None:
    """An objection stops the clock of the notice; the case stays where it is."""


def _answered(objection: Objection) -> None:
    if objection.state == ObjectionState.UPHELD:
        services.apply(uuid.UUID(objection.notice.owner_id), "uphold_objection", None)


def register_notice_callbacks() -> None:
    """Register cases as owners of public notices."""
    register_notice_owner(OWNER_KIND, _over, _objected, on_answer=_answered, lock=_lock)
