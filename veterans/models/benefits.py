"""Support that goes on and is confirmed once a year, and papers that counted again."""

from __future__ import annotations

import datetime

from django.conf import settings
from django.db import models
from django.db.models import Count, Exists, F, OuterRef, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from portal.people.models import Person
from portal.personal_data.fields import EncryptedTextField
from veterans.models.applications import Application, Payment, PaymentState
from veterans.models.beneficiaries import PaperOnFile
from veterans.models.payments import AmountChange
from veterans.models.recoveries import OPEN_RECOVERIES, Recovery
from veterans.models.representations import Channel
from veterans.models.standards import SupportItem


class ReusedPaper(models.Model):
    """A paper on file that counted for an application, written down when it was handed in."""

    application = models.ForeignKey(
        Application, on_delete=models.CASCADE, related_name="reused_papers"
    )
    paper = models.ForeignKey(PaperOnFile, on_delete=models.PROTECT, related_name="reused")

    class Meta:
        verbose_name = _("reused paper")
        verbose_name_plural = _("reused papers")
        constraints = [
            models.UniqueConstraint(
                fields=["application", "paper"], name="veterans_paper_reused_once"
            )
        ]

    def __str__(self) -> str:
        return f"{self.application_id} {self.paper_id}"


class BenefitState(models.TextChoices):
    """Where a running benefit stands."""

    RUNNING = "running", pgettext_lazy("benefit", "Running")
    STOPPED = "stopped", pgettext_lazy("benefit", "Stopped")
    ENDED = "ended", pgettext_lazy("benefit", "Ended")


#: States of a case that was granted and is not decided again.
SETTLED = ("paid", "closed")


class BenefitQuerySet(models.QuerySet["RunningBenefit"]):
    """Sets of running benefits."""

    def of_person(self, person_id: int | None) -> BenefitQuerySet:
        """Benefits of a person."""
        return self.filter(person=person_id) if person_id else self.none()

    def due_until(self, day: datetime.date) -> BenefitQuerySet:
        """Running ones that have to be confirmed until a day."""
        return self.filter(state=BenefitState.RUNNING, confirm_by__lte=day)

    def payable_on(self, day: datetime.date) -> BenefitQuerySet:
        """Those whose next year has begun, is confirmed, and is barred by nothing.

        Barred are: what was stopped or ended, who left the register, an open recovery, a case
        that is decided again or was decided otherwise, a payment that is on its way, and a newer
        application of the person for the same item.
        """
        recovered = Recovery.objects.filter(application=OuterRef("pk"), state__in=OPEN_RECOVERIES)
        on_its_way = Payment.objects.of_further_years().filter(
            application=OuterRef("pk"), state=PaymentState.ORDERED
        )
        return (
            self.filter(
                state=BenefitState.RUNNING, next_from__lte=day, confirm_by__gt=F("next_from")
            )
            .filter(application__active=True, application__case__state__in=SETTLED)
            .exclude(person__beneficiary__ended_on__isnull=False)
            .exclude(Exists(recovered))
            .exclude(Exists(on_its_way))
            .exclude(Exists(newer_applications()))
        )

    def with_years(self) -> BenefitQuerySet:
        """Each benefit with what its next year is computed from."""
        paid = Q(application__payments__period__gt=1, application__payments__state="paid")
        changed = AmountChange.objects.filter(application=OuterRef("pk"), superseded=False)
        return self.select_related(
            "application__case__unit", "application__item", "person__beneficiary", "item"
        ).annotate(
            further_years=Count("application__payments", filter=paid),
            changed_by_hand=Exists(changed),
        )


def newer_applications() -> models.QuerySet[Application]:
    """Return the applications under way or granted that take the place of a benefit.

    For `Exists` beside a benefit: the same person, the same item, handed in later.
    """
    return Application.objects.filter(
        identity_number_index=OuterRef("application__identity_number_index"),
        item=OuterRef("item"),
        active=True,
        case__submitted_at__gt=OuterRef("application__case__submitted_at"),
    )


class RunningBenefit(models.Model):
    """Support that goes on month by month or year by year, and is confirmed once a year.

    Source: Regulations on pensions and preferential treatment for servicemen, article 8
    (annual confirmation of those who receive).

    Attributes:
        confirm_by: last day of the next confirmation; the benefit stops after it.
        next_from: first day of the year that is to be paid next; a stop that is lifted later
            moves it to the day of the restoring, because nothing is paid for the time between.
    """

    application = models.OneToOneField(
        Application, primary_key=True, on_delete=models.PROTECT, related_name="running_benefit"
    )
    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="benefits")
    item = models.ForeignKey(SupportItem, on_delete=models.PROTECT, related_name="+")
    started_on = models.DateField(_("since"))
    confirm_by = models.DateField(_("to be confirmed until"))
    next_from = models.DateField(_("next year from"))
    state = models.CharField(
        _("state"), max_length=10, choices=BenefitState.choices, default=BenefitState.RUNNING
    )
    stopped_on = models.DateField(_("stopped on"), null=True)
    stop_reason = EncryptedTextField(_("why"), blank=True, default="")

    objects = BenefitQuerySet.as_manager()

    class Meta:
        verbose_name = _("running benefit")
        verbose_name_plural = _("running benefits")
        ordering = ["confirm_by", "pk"]
        indexes = [
            models.Index(fields=["state", "confirm_by"], name="veterans_benefit_due"),
            models.Index(fields=["item", "state", "next_from"], name="veterans_benefit_payable"),
        ]
        constraints = [
            models.CheckConstraint(
                condition=~Q(state="stopped") | Q(stopped_on__isnull=False),
                name="veterans_stopped_on_a_day",
            )
        ]

    def __str__(self) -> str:
        return f"{self.application_id} {self.state}"

    @property
    def tone(self) -> str:
        """The colour of the state."""
        return {"running": "green", "stopped": "red"}.get(self.state, "")


class BenefitConfirmation(models.Model):
    """One yearly confirmation (年度确认), or the restoring of a stopped benefit."""

    benefit = models.ForeignKey(
        RunningBenefit, on_delete=models.PROTECT, related_name="confirmations"
    )
    for_day = models.DateField(_("for the confirmation until"))
    confirmed_at = models.DateTimeField(default=timezone.now)
    confirmed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+"
    )
    channel = models.CharField(
        _("channel"), max_length=10, choices=Channel.choices, default=Channel.ONLINE
    )
    restored = models.BooleanField(default=False)
    note = EncryptedTextField(_("note"), blank=True, default="")

    class Meta:
        verbose_name = _("yearly confirmation")
        verbose_name_plural = _("yearly confirmations")
        ordering = ["-confirmed_at", "-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["benefit", "for_day"], name="veterans_confirmed_once_a_year"
            )
        ]

    def __str__(self) -> str:
        return f"{self.benefit_id} {self.for_day}"
