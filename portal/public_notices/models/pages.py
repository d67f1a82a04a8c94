"""The page of a public notice and the front of the section."""

from __future__ import annotations

import datetime
from typing import TYPE_CHECKING, Any, ClassVar

from django.db import models
from django.http import HttpRequest
from django.utils.translation import gettext, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from portal.pages.formats import chinese_date
from portal.pages.models import Audience, IndexPage, PortalPage

if TYPE_CHECKING:
    from portal.public_notices.models.notices import PublicNotice


class PublicNoticeIndexPage(IndexPage):
    """All public notices (公示)."""

    kind = "public-notice-index"
    section = "public-notices"
    listed_kinds = ("public-notice",)
    parent_page_types: ClassVar[list[str]] = ["pages.HomePage"]
    subpage_types: ClassVar[list[str]] = ["public_notices.PublicNoticePage"]
    template = "public_notices/index_page.html"

    class Meta:
        verbose_name = _("public notices front page")

    def get_context(self, request: HttpRequest, *args: Any, **kwargs: Any) -> dict[str, Any]:
        """Add to every listed page how its notice stands."""
        from portal.public_notices.standing import add_standing

        context = super().get_context(request, *args, **kwargs)
        add_standing(context["page_obj"].object_list)
        return context


class PublicNoticePage(PortalPage):
    """A public notice as everybody reads it: masked names, basis, period, how to object.

    It is written by `portal.public_notices.services.publish_notice` only, which has it approved
    by a second person; nobody makes or changes one by hand. What has happened since (pauses, the
    end) is shown from the notice itself, so the page stays as it was approved and archived.
    """

    kind = "public-notice"
    section = "public-notices"
    default_audience = Audience.PUBLIC
    is_creatable = False
    kept_by_services = True
    parent_page_types: ClassVar[list[str]] = ["public_notices.PublicNoticeIndexPage"]
    subpage_types: ClassVar[list[str]] = []
    template = "public_notices/public_notice_page.html"

    subject = models.CharField(_("subject of the notice"), max_length=100)
    basis = models.CharField(_("basis"), max_length=300)
    starts_on = models.DateField(_("starts on"))
    ends_on = models.DateField(_("ends on"))
    days = models.PositiveSmallIntegerField(_("working days"))
    include_start = models.BooleanField(_("the first day counts"), default=False)
    estimated = models.BooleanField(_("the end is an estimate"), default=False)
    phone = models.CharField(pgettext_lazy("office", "phone"), max_length=40)
    address = models.CharField(_("address for letters and visits"), max_length=100, blank=True)
    how_to_object = models.TextField(_("how to object"))

    class Meta:
        verbose_name = _("public notice")
        verbose_name_plural = _("public notices")

    def business_date(self) -> datetime.date:
        """The first day of the notice."""
        return self.starts_on

    def expires_on(self) -> datetime.date | None:
        """The last day as it was published."""
        return self.ends_on

    @property
    def phone_address(self) -> str:
        """The phone as a `tel:` address wants it: digits and hyphens."""
        return "".join(sign for sign in self.phone if sign.isdigit() or sign in "-+")

    def period_words(self) -> str:
        """Return the period as it was published, in one line."""
        first, last = chinese_date(self.starts_on), chinese_date(self.ends_on)
        words = gettext("%(first)s to %(last)s, %(days)d working days") % {
            "first": first,
            "last": last,
            "days": self.days,
        }
        if self.include_start:
            words = gettext("%(period)s (the first day counts)") % {"period": words}
        if self.estimated:
            words = gettext(
                "%(period)s (an estimate: the days off of the year are not published yet)"
            ) % {"period": words}
        return words

    def facts(self) -> list[tuple[Any, Any]]:
        """What every public notice has to say, for readers and for the archive copy."""
        facts: list[tuple[Any, Any]] = [
            (_("Subject of the notice"), self.subject),
            (_("Basis"), self.basis),
            (_("Period of the notice"), self.period_words()),
            (_("How to object"), self.how_to_object),
            (pgettext_lazy("public notice", "Responsible unit"), self.unit),
            (pgettext_lazy("office", "Phone"), self.phone),
            (_("Address for letters and visits"), self.address),
        ]
        return [(label, value) for label, value in facts if value]

    def notice_or_none(self) -> PublicNotice | None:
        """Return the notice behind the page; there is none in a preview."""
        from portal.public_notices.models.notices import PublicNotice

        notices = PublicNotice.objects.select_related("unit").prefetch_related("pauses")
        return notices.filter(page_id=self.pk).first()

    def get_context(self, request: HttpRequest, *args: Any, **kwargs: Any) -> dict[str, Any]:
        """Add how the notice stands today and what the reader may do."""
        from portal.public_notices.standing import page_context

        context = super().get_context(request, *args, **kwargs)
        context.update(page_context(self, request.user))
        return context
