"""Opinion boxes (意见箱) and what is sent to them, beside the case that handles it."""

from __future__ import annotations

from typing import Any, ClassVar

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy
from modelcluster.fields import ParentalManyToManyField
from wagtail.admin.panels import FieldPanel, MultiFieldPanel

from portal.cases.models import Case
from portal.organizations.models import Unit
from portal.pages.models import Audience, PortalPage
from portal.personal_data.fields import EncryptedTextField
from portal.workdays.dated import DatedLimit


class OpinionCategory(models.Model):
    """What an opinion is about; boxes choose some of them.

    Attributes:
        urgent: a danger to life; released at once, with a warning to the sender that the time
            then tells something (安全隐患).
        to_discipline: goes to the discipline inspection only (廉洁举报).
    """

    code = models.SlugField(max_length=30, unique=True)
    name = models.CharField(pgettext_lazy("category", "name"), max_length=40)
    order = models.PositiveSmallIntegerField(_("order"), default=0)
    urgent = models.BooleanField(_("urgent"), default=False)
    to_discipline = models.BooleanField(_("goes to the discipline inspection only"), default=False)

    class Meta:
        verbose_name = _("category of opinions")
        verbose_name_plural = _("categories of opinions")
        ordering = ["order", "pk"]

    def __str__(self) -> str:
        return self.name


class FeedbackBoxPage(PortalPage):
    """One opinion box: what it is for, who reads it, what is asked for (意见箱).

    Attributes:
        who_reads: told to the sender before anything is typed.
        receives_anonymous: whether somebody may send without a name.
        most_characters: of one opinion.
        most_pictures: of one opinion, at most ten.
    """

    kind = "feedback-box"
    section = "union"
    default_audience = Audience.PUBLIC
    parent_page_types: ClassVar[list[str]] = ["union.UnionIndexPage"]
    subpage_types: ClassVar[list[str]] = []
    template = "union/opinions/box_page.html"

    who_reads = models.TextField(
        _("who reads it"),
        max_length=500,
        help_text=_("Told to the sender before anything is typed: which office, which people."),
    )
    categories = ParentalManyToManyField(OpinionCategory, verbose_name=_("categories"))
    receives_anonymous = models.BooleanField(_("takes opinions without a name"), default=True)
    most_characters = models.PositiveIntegerField(_("longest text"), default=5_000)
    most_pictures = models.PositiveSmallIntegerField(_("most pictures"), default=10)

    content_panels = [
        *PortalPage.content_panels,
        FieldPanel("who_reads"),
        FieldPanel("categories"),
        MultiFieldPanel(
            [
                FieldPanel("receives_anonymous"),
                FieldPanel("most_characters"),
                FieldPanel("most_pictures"),
            ],
            heading=_("Limits"),
        ),
    ]

    class Meta:
        verbose_name = _("opinion box")
        verbose_name_plural = _("opinion boxes")

    def facts(self) -> list[tuple[Any, Any]]:
        """Who reads what is sent here."""
        return [(_("Who reads it"), self.who_reads)] if self.who_reads else []

    def get_context(self, request: HttpRequest, *args: Any, **kwargs: Any) -> dict[str, Any]:
        """Add the categories."""
        context = super().get_context(request, *args, **kwargs)
        context["categories"] = list(self.categories.all())
        return context


class OpinionMode(models.TextChoices):
    """Who learns who sent it. It may change from anonymous to named, never back."""

    NAMED = "named", pgettext_lazy("opinion", "With my name")
    NAME_HIDDEN = "name-hidden", pgettext_lazy("opinion", "Only the union sees my name")
    ANONYMOUS = "anonymous", pgettext_lazy("opinion", "Without a name")


class OpinionChannel(models.TextChoices):
    """On which way an opinion came in."""

    ONLINE = "online", pgettext_lazy("opinion", "Online")
    PAPER = "paper", pgettext_lazy("opinion", "On paper")
    SPOKEN = "spoken", pgettext_lazy("opinion", "Spoken or by phone")
    FACE_TO_FACE = "face-to-face", pgettext_lazy("opinion", "Face-to-face day")
    BRANCH = "branch", pgettext_lazy("opinion", "Raised by a branch")


class FaceToFaceDay(models.Model):
    """A day on which leaders and union staff listen in person (面对面接待日)."""

    day = models.DateField(pgettext_lazy("opinion", "day"))
    place = models.CharField(_("place"), max_length=100)
    receivers = models.CharField(
        _("who listens"), max_length=200, help_text=_("Names and posts of those who listen.")
    )
    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="+")

    class Meta:
        verbose_name = _("face-to-face day")
        verbose_name_plural = _("face-to-face days")
        ordering = ["-day", "-pk"]

    def __str__(self) -> str:
        return f"{self.day} {self.place}"


class Opinion(models.Model):
    """What somebody sent to a box, beside the case that handles it.

    An anonymous one has neither an applicant nor an account, and no time finer than the day on
    which its batch was released.

    Attributes:
        accused_unit: the unit it speaks against; it is never in the route.
        may_publish: the sender agrees that question and answer are published without names.
        received_on: the day it reached the office.
        receipt_mac: keyed digest of the receipt (查询码) of who sent it without a name.
        entered_by: who wrote down what was said or came on paper; empty for what came online.
        level: how often it went to the next level: 0, or 1 after it was reopened.
        raised_by: the branch that raises the matter to the management; empty for single people.
        is_made_public: whether question and answer were written as a public reply; which one stands
            nowhere.
    """

    case = models.OneToOneField(
        Case, primary_key=True, on_delete=models.CASCADE, related_name="opinion"
    )
    box = models.ForeignKey(
        FeedbackBoxPage,
        verbose_name=_("opinion box"),
        on_delete=models.PROTECT,
        related_name="opinions",
    )
    category = models.ForeignKey(
        OpinionCategory,
        verbose_name=_("category"),
        on_delete=models.PROTECT,
        related_name="opinions",
    )
    mode = models.CharField(_("mode"), max_length=12, choices=OpinionMode.choices)
    channel = models.CharField(
        _("way"),
        max_length=12,
        choices=OpinionChannel.choices,
        default=OpinionChannel.ONLINE,
    )
    text = EncryptedTextField(pgettext_lazy("opinion", "text"))
    accused_unit = models.ForeignKey(
        Unit, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    may_publish = models.BooleanField(default=False)
    received_on = models.DateField(pgettext_lazy("opinion", "received on"))
    receipt_mac = models.BinaryField(max_length=32, null=True, unique=True)
    entered_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+"
    )
    face_to_face = models.ForeignKey(
        FaceToFaceDay, null=True, on_delete=models.PROTECT, related_name="opinions"
    )
    level = models.PositiveSmallIntegerField(default=0)
    raised_by = models.ForeignKey(
        Unit, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    is_made_public = models.BooleanField(default=False)

    class Meta:
        verbose_name = _("opinion")
        verbose_name_plural = _("opinions")
        indexes = [
            models.Index(fields=["box", "category"], name="union_opinion_box"),
            # Few opinions speak against a unit; each list of cases asks for those of some units.
            models.Index(
                fields=["accused_unit"],
                condition=Q(accused_unit__isnull=False),
                name="union_opinion_accused",
            ),
        ]
        constraints = [
            models.CheckConstraint(
                condition=Q(receipt_mac__isnull=True)
                | Q(entered_by__isnull=True, channel="online"),
                name="union_receipt_of_sender_only",
            ),
        ]

    def __str__(self) -> str:
        return str(self.case_id)

    @property
    def is_anonymous(self) -> bool:
        """Whether nobody knows who sent it."""
        return self.mode == OpinionMode.ANONYMOUS


class Direction(models.TextChoices):
    """Who wrote a message."""

    SENDER = "sender", pgettext_lazy("message", "Sender")
    STAFF = "staff", pgettext_lazy("message", "Office")


class OpinionMessage(models.Model):
    """One message between sender and office about an opinion.

    Attributes:
        day: no time finer than it, for what an anonymous sender wrote: the day of its release.
        staff_user: of the office only; what a sender writes has no account.
    """

    opinion = models.ForeignKey(Opinion, on_delete=models.CASCADE, related_name="messages")
    direction = models.CharField(max_length=6, choices=Direction.choices)
    body = EncryptedTextField(pgettext_lazy("message", "text"))
    day = models.DateField(pgettext_lazy("opinion", "day"))
    staff_user = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+"
    )

    class Meta:
        verbose_name = _("message about an opinion")
        verbose_name_plural = _("messages about opinions")
        ordering = ["pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(direction="staff", staff_user__isnull=False)
                | Q(direction="sender", staff_user__isnull=True),
                name="union_message_account_of_staff_only",
            )
        ]

    def __str__(self) -> str:
        return f"{self.opinion_id} {self.direction}"


class OpinionLimit(DatedLimit):
    """One time limit of opinions, with the clause it rests on."""

    class Meta:
        verbose_name = _("time limit of opinions")
        verbose_name_plural = _("time limits of opinions")
        constraints = [
            models.UniqueConstraint(
                fields=["code", "effective_from"], name="union_opinion_limit_once"
            )
        ]
