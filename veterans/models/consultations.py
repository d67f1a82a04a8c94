"""Consultation on the draft of a standard (征求意见): the text, comments, answers, the result."""

from __future__ import annotations

import datetime
import json
from typing import TYPE_CHECKING, Any, ClassVar

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.validators import MaxLengthValidator
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy
from wagtail.admin.panels import FieldPanel, FieldRowPanel
from wagtail.models import Page

from portal.pages.formats import chinese_date
from portal.pages.models import Audience, PortalPage
from portal.people.models import Person
from portal.personal_data.fields import EncryptedTextField
from veterans.models.standards import ItemVersion, VersionState

LONGEST_COMMENT = 1000


class ConsultationPage(PortalPage):
    """The draft of a standard for everybody in the group to read and to comment on.

    Its text is written from the draft at every save, with what differs from the version in
    force, so readers, reviewers and the archive see the same. Later changes of the draft do not
    change it.
    """

    kind = "consultation"
    section = "veterans"
    default_audience = Audience.EMPLOYEES
    parent_page_types: ClassVar[list[str]] = ["veterans.VeteransIndexPage"]
    subpage_types: ClassVar[list[str]] = []
    template = "veterans/publicity/consultation_page.html"

    version = models.ForeignKey(
        ItemVersion,
        verbose_name=_("draft of the standard"),
        null=True,
        on_delete=models.SET_NULL,
        related_name="consultations",
        limit_choices_to=~Q(status=VersionState.PUBLISHED),
        help_text=_("The text of the page follows the draft until the page is published."),
    )
    first_day = models.DateField(pgettext_lazy("consultation", "first day"))
    last_day = models.DateField(pgettext_lazy("consultation", "last day"))
    phone = models.CharField(_("telephone"), max_length=40, blank=True)

    content_panels = [
        *Page.content_panels,
        FieldPanel("version"),
        FieldRowPanel([FieldPanel("first_day"), FieldPanel("last_day")]),
        FieldPanel("phone"),
        FieldPanel("summary"),
    ]

    class Meta:
        verbose_name = _("consultation")
        verbose_name_plural = _("consultations")

    def clean(self) -> None:
        """Refuse days in the wrong order and a page without a draft."""
        super().clean()
        if self.first_day and self.last_day and self.last_day < self.first_day:
            raise ValidationError(
                {"last_day": _("The consultation ends before it begins. Please correct one day.")}
            )

    def save(self, *args: Any, **kwargs: Any) -> Any:
        """Save with the text of the draft, as long as it is one."""
        version = self.version
        if "update_fields" not in kwargs and version is not None and not version.is_published:
            from veterans.publicity.consultation_text import text_of

            self.body = json.dumps(text_of(version), ensure_ascii=False)  # type: ignore[assignment]
        return super().save(*args, **kwargs)

    def expires_on(self) -> datetime.date | None:
        """The last day."""
        return self.last_day

    def is_open_on(self, day: datetime.date) -> bool:
        """Whether comments are taken on a day."""
        return self.first_day <= day <= self.last_day

    @property
    def is_open(self) -> bool:
        """Whether comments are taken today."""
        return self.is_open_on(timezone.localdate())

    def facts(self) -> list[tuple[Any, Any]]:
        """Item, from when to when, telephone."""
        version = self.version
        facts = [
            (_("Item"), version.item.name if version else ""),
            (_("Comments are taken from"), chinese_date(self.first_day)),
            (_("Comments are taken until"), chinese_date(self.last_day)),
            (_("Telephone"), self.phone),
        ]
        return [(label, value) for label, value in facts if value]

    def get_context(self, request: Any, *args: Any, **kwargs: Any) -> dict[str, Any]:
        """Add the comments with their answers and the reader's own."""
        from veterans.publicity.consultations import page_context

        context = super().get_context(request, *args, **kwargs)
        context.update(page_context(self, request))
        return context


class Outcome(models.TextChoices):
    """What became of a comment."""

    ADOPTED = "adopted", _("Adopted")
    PARTLY = "partly", _("Adopted in part")
    EXPLAINED = "explained", _("Not adopted, explained")


class Comment(models.Model):
    """What somebody said of a draft, by name.

    Attributes:
        edited_at: when it was changed, which is possible once.
        answer: of the office, shown to everybody who reads the page.
    """

    page = models.ForeignKey(ConsultationPage, on_delete=models.PROTECT, related_name="comments")
    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    text = EncryptedTextField(
        pgettext_lazy("consultation", "comment"), validators=[MaxLengthValidator(LONGEST_COMMENT)]
    )
    written_at = models.DateTimeField()
    edited_at = models.DateTimeField(null=True)
    outcome = models.CharField(
        _("what becomes of it"), max_length=10, choices=Outcome.choices, blank=True
    )
    answer = models.TextField(_("answer"), blank=True, max_length=LONGEST_COMMENT)
    answered_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+"
    )
    answered_at = models.DateTimeField(null=True)

    if TYPE_CHECKING:
        person_id: int
        answered_by_id: int | None

    class Meta:
        verbose_name = _("comment on a draft")
        verbose_name_plural = _("comments on drafts")
        ordering = ["written_at", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(answered_at__isnull=True, outcome="", answer="")
                | (Q(answered_at__isnull=False, answered_by__isnull=False) & ~Q(outcome="")),
                name="veterans_comment_answered_whole",
            )
        ]

    def __str__(self) -> str:
        return f"{self.page_id} {self.pk}"


class ConsultationResultPage(PortalPage):
    """What was said of a draft and what became of it (意见采纳情况), without any name."""

    kind = "consultation-result"
    section = "veterans"
    default_audience = Audience.EMPLOYEES
    parent_page_types: ClassVar[list[str]] = ["veterans.VeteransIndexPage"]
    subpage_types: ClassVar[list[str]] = []
    template = "veterans/publicity/answer_page.html"

    consultation = models.ForeignKey(
        ConsultationPage,
        verbose_name=_("consultation"),
        on_delete=models.PROTECT,
        related_name="results",
    )
    received = models.PositiveIntegerField(pgettext_lazy("consultation", "comments"), default=0)
    adopted = models.PositiveIntegerField(_("adopted, in part or whole"), default=0)

    content_panels = [
        *Page.content_panels,
        FieldPanel("consultation"),
        *PortalPage.content_panels[1:],
    ]

    class Meta:
        verbose_name = _("result of a consultation")
        verbose_name_plural = _("results of consultations")

    def facts(self) -> list[tuple[Any, Any]]:
        """How many comments there were and how many were adopted."""
        return [
            (_("Comments received"), str(self.received)),
            (_("Adopted, in part or whole"), str(self.adopted)),
        ]
