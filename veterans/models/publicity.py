"""What tells people of the standards: answers, briefings with sign-up, lists of greetings."""

from __future__ import annotations

import datetime
from decimal import Decimal
from typing import TYPE_CHECKING, Any, ClassVar

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy
from wagtail.admin.panels import FieldPanel, FieldRowPanel, MultiFieldPanel
from wagtail.models import Page

from portal.organizations.models import Unit
from portal.pages.formats import chinese_date
from portal.pages.models import Audience, PortalPage
from portal.people.models import Person
from portal.personal_data.fields import EncryptedTextField
from veterans.models.standards import ItemVersion, SupportItem

LARGEST_BRIEFING = 500
MOST_COMPANIONS = 2


class Topic(models.TextChoices):
    """What people ask about."""

    WHO = "who", _("Who can apply")
    HOW = "how", _("How to apply")
    PAPERS = "papers", _("Papers")
    MONEY = "money", _("Money")
    FAMILY = "family", _("Family and agents")
    PROGRESS = "progress", _("Progress and complaints")
    PRIVACY = "privacy", pgettext_lazy("common questions", "Privacy")


class AnswerPage(PortalPage):
    """A question that is asked often and its answer (常见问题)."""

    kind = "support-answer"
    section = "veterans"
    default_audience = Audience.PUBLIC
    parent_page_types: ClassVar[list[str]] = ["veterans.VeteransIndexPage"]
    subpage_types: ClassVar[list[str]] = []
    template = "veterans/publicity/answer_page.html"

    topic = models.CharField(_("topic"), max_length=10, choices=Topic.choices)
    item = models.ForeignKey(
        SupportItem,
        verbose_name=_("support item"),
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="answers",
        help_text=_("Empty: it concerns all items."),
    )

    content_panels = [
        *Page.content_panels,
        FieldRowPanel([FieldPanel("topic"), FieldPanel("item")]),
        *PortalPage.content_panels[1:],
    ]

    class Meta:
        verbose_name = _("answer to a common question")
        verbose_name_plural = _("answers to common questions")

    def facts(self) -> list[tuple[Any, Any]]:
        """Topic and item."""
        facts = [(_("Topic"), self.get_topic_display()), (_("Item"), self.item)]
        return [(label, value) for label, value in facts if value]


class BriefingPage(PortalPage):
    """A meeting at which standards are explained (政策解读会); people sign up on its page."""

    kind = "briefing"
    section = "veterans"
    default_audience = Audience.PUBLIC
    parent_page_types: ClassVar[list[str]] = ["veterans.VeteransIndexPage"]
    subpage_types: ClassVar[list[str]] = []
    template = "veterans/publicity/briefing_page.html"

    starts_at = models.DateTimeField(pgettext_lazy("briefing", "begins"))
    ends_at = models.DateTimeField(pgettext_lazy("briefing", "ends"))
    place = models.CharField(_("place"), max_length=80)
    speaker = models.CharField(_("who explains"), max_length=60)
    capacity = models.PositiveSmallIntegerField(
        _("seats"), validators=[MinValueValidator(1), MaxValueValidator(LARGEST_BRIEFING)]
    )
    sign_up_until = models.DateTimeField(_("sign up until"))
    phone = models.CharField(_("telephone"), max_length=40, blank=True)

    content_panels = [
        *Page.content_panels,
        MultiFieldPanel(
            [
                FieldRowPanel([FieldPanel("starts_at"), FieldPanel("ends_at")]),
                FieldRowPanel([FieldPanel("place"), FieldPanel("speaker")]),
                FieldRowPanel([FieldPanel("capacity"), FieldPanel("sign_up_until")]),
                FieldPanel("phone"),
            ],
            heading=_("When and where"),
        ),
        *PortalPage.content_panels[1:],
    ]

    class Meta:
        verbose_name = _("briefing")
        verbose_name_plural = _("briefings")

    def clean(self) -> None:
        """Refuse times in the wrong order."""
        super().clean()
        wrong: dict[str, Any] = {}
        if self.starts_at and self.ends_at and self.ends_at <= self.starts_at:
            wrong["ends_at"] = _("The briefing ends before it begins. Please correct one time.")
        if self.starts_at and self.sign_up_until and self.sign_up_until > self.starts_at:
            wrong["sign_up_until"] = _("Nobody can sign up after the beginning.")
        if wrong:
            raise ValidationError(wrong)

    def expires_on(self) -> datetime.date | None:
        """The day of the briefing."""
        return timezone.localdate(self.ends_at)

    def when_words(self) -> str:
        """Return day and time: 2026年12月8日 14:30—16:00."""
        begin, end = timezone.localtime(self.starts_at), timezone.localtime(self.ends_at)
        return f"{chinese_date(begin.date())} {begin:%H:%M}—{end:%H:%M}"

    def facts(self) -> list[tuple[Any, Any]]:
        """When, where, who, how many, until when."""
        until = timezone.localtime(self.sign_up_until)
        facts = [
            (_("Time"), self.when_words()),
            (_("Place"), self.place),
            (_("Who explains"), self.speaker),
            (_("Seats"), self.capacity),
            (_("Sign up until"), f"{chinese_date(until.date())} {until:%H:%M}"),
            (_("Telephone"), self.phone),
        ]
        return [(label, value) for label, value in facts if value]

    def get_context(self, request: Any, *args: Any, **kwargs: Any) -> dict[str, Any]:
        """Add seats that are left and the reader's own sign-up."""
        from veterans.publicity.briefings import page_context

        context = super().get_context(request, *args, **kwargs)
        context.update(page_context(self, request.user))
        return context


class SignUpState(models.TextChoices):
    """Whether somebody has a seat."""

    SEATED = "seated", _("Has a seat")
    WAITING = "waiting", _("On the waiting list")
    CANCELLED = "cancelled", pgettext_lazy("sign-up", "Cancelled")


class SignUpQuerySet(models.QuerySet["SignUp"]):
    """Sets of sign-ups."""

    def standing(self) -> SignUpQuerySet:
        """Those that were not cancelled."""
        return self.exclude(state=SignUpState.CANCELLED)

    def seats(self) -> int:
        """How many seats the seated take, companions included."""
        seated = self.filter(state=SignUpState.SEATED)
        return seated.aggregate(taken=models.Sum(F("companions") + 1))["taken"] or 0


class SignUp(models.Model):
    """One person who wants to come to a briefing.

    Attributes:
        companions: relatives who come along; each takes a seat.
        signed_up_at: the order of the waiting list.
        attended: ticked at the door; None before.
    """

    briefing = models.ForeignKey(BriefingPage, on_delete=models.PROTECT, related_name="sign_ups")
    person = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="briefing_sign_ups")
    companions = models.PositiveSmallIntegerField(
        _("relatives who come along"),
        default=0,
        validators=[MaxValueValidator(MOST_COMPANIONS)],
    )
    state = models.CharField(max_length=10, choices=SignUpState.choices)
    signed_up_at = models.DateTimeField()
    cancelled_at = models.DateTimeField(null=True)
    reminded_at = models.DateTimeField(null=True)
    attended = models.BooleanField(null=True)

    objects: ClassVar[Any] = SignUpQuerySet.as_manager()

    if TYPE_CHECKING:
        person_id: int

    class Meta:
        verbose_name = _("sign-up")
        verbose_name_plural = _("sign-ups")
        ordering = ["signed_up_at", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["briefing", "person"],
                condition=~Q(state="cancelled"),
                name="veterans_one_sign_up",
            ),
            models.CheckConstraint(
                condition=Q(companions__lte=MOST_COMPANIONS), name="veterans_few_companions"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.briefing_id} {self.person_id}"


class Festival(models.TextChoices):
    """When greetings are brought. Source: domain facts 5.2, 军人地位法第三十条."""

    SPRING = "spring-festival", _("Spring Festival")
    ARMY_DAY = "army-day", _("Army Day")


class GreetingList(models.Model):
    """Who gets what at one festival (慰问名单), by the standard in force on the day it was made."""

    festival = models.CharField(_("festival"), max_length=20, choices=Festival.choices)
    year = models.PositiveSmallIntegerField(
        _("year"), validators=[MinValueValidator(2020), MaxValueValidator(2100)]
    )
    version = models.ForeignKey(
        ItemVersion, verbose_name=_("standard"), on_delete=models.PROTECT, related_name="+"
    )
    made_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+"
    )
    made_at = models.DateTimeField()
    closed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+"
    )
    closed_at = models.DateTimeField(null=True)

    class Meta:
        verbose_name = _("list of greetings")
        verbose_name_plural = _("lists of greetings")
        ordering = ["-year", "festival"]
        constraints = [
            models.UniqueConstraint(
                fields=["festival", "year"], name="veterans_greetings_once_a_festival"
            )
        ]

    def __str__(self) -> str:
        return f"{self.year}年{self.get_festival_display()}"

    @property
    def is_open(self) -> bool:
        """Whether greetings can still be ticked off."""
        return self.closed_at is None


class Receiver(models.TextChoices):
    """Who took the greetings."""

    SELF = "self", pgettext_lazy("greetings", "In person")
    FAMILY = "family", pgettext_lazy("greetings", "Somebody of the family")
    TRANSFER = "transfer", pgettext_lazy("greetings", "By bank transfer")


class Greeting(models.Model):
    """What one person gets, and whether it arrived.

    Attributes:
        category: code of the category it was computed for; special identity, so encrypted.
        amount: yuan, of the list's standard.
        received_on: the day it was handed over; None before.
    """

    greetings = models.ForeignKey(GreetingList, on_delete=models.CASCADE, related_name="rows")
    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    unit = models.ForeignKey(Unit, null=True, on_delete=models.PROTECT, related_name="+")
    category = EncryptedTextField(_("category"))
    amount = models.DecimalField(_("amount"), max_digits=10, decimal_places=2)
    received_on = models.DateField(_("received on"), null=True)
    receiver = models.CharField(max_length=10, choices=Receiver.choices, blank=True)
    ticked_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+"
    )
    ticked_at = models.DateTimeField(null=True)

    class Meta:
        verbose_name = _("greeting")
        verbose_name_plural = _("greetings")
        ordering = ["unit__name", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["greetings", "person"], name="veterans_greeting_once_a_person"
            ),
            models.CheckConstraint(
                condition=Q(amount__gt=Decimal(0)), name="veterans_greeting_above_nothing"
            ),
            models.CheckConstraint(
                condition=Q(received_on__isnull=True, receiver="")
                | (Q(received_on__isnull=False, ticked_by__isnull=False) & ~Q(receiver="")),
                name="veterans_greeting_ticked_whole",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.greetings_id} {self.pk}"
