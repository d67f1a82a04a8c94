"""The published face of a page: one row per live page, for lists, filters and visibility."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.contrib.auth.models import AnonymousUser
from django.db import models
from django.utils.translation import gettext_lazy as _
from wagtail.models import Page

from portal.organizations.models import Unit
from portal.pages.models.base import Audience
from portal.pages.models.files import PortalImage

if TYPE_CHECKING:
    from portal.people.models import User


class PublicationQuerySet(models.QuerySet["Publication"]):
    """Sets of published items."""

    def visible_to(self, user: User | AnonymousUser) -> PublicationQuerySet:
        """Items this account may read; the one rule behind pages, lists, search and files."""
        from portal.pages.visibility import reader_units
        from portal.roles.permissions import is_external

        if not user.is_authenticated or not user.is_active or is_external(user):
            return self.filter(audience=Audience.PUBLIC)

        condition = models.Q(audience__in=[Audience.PUBLIC, Audience.EMPLOYEES])
        units = reader_units(user)
        if units is None:
            return self
        of_units = models.Q(unit__path__in=units.units)
        for tree in units.trees:
            of_units |= models.Q(unit__path__startswith=tree)
        condition |= models.Q(audience=Audience.UNIT) & of_units
        return self.filter(condition)

    def of_kind(self, *kinds: str) -> PublicationQuerySet:
        """Items of these kinds."""
        return self.filter(kind__in=kinds)

    def of_unit(self, unit: Unit) -> PublicationQuerySet:
        """Items of a unit and all below it."""
        return self.filter(unit__path__startswith=unit.path)

    def of_year(self, year: int) -> PublicationQuerySet:
        """Items whose business date lies in a calendar year."""
        return self.filter(year=year)

    def listed(self) -> PublicationQuerySet:
        """Items in list order, newest first, with what a row of a list shows."""
        return self.select_related("unit", "picture").order_by(
            "-business_date", "-published_at", "-page_id"
        )


class Publication(models.Model):
    """What lists and searches know of a live page. Written in the publish transaction."""

    page = models.OneToOneField(
        Page, on_delete=models.CASCADE, primary_key=True, related_name="publication"
    )
    kind = models.CharField(_("kind"), max_length=30)
    title = models.CharField(_("title"), max_length=255)
    summary = models.CharField(_("summary"), max_length=200, blank=True)
    url_path = models.TextField(editable=False)
    unit = models.ForeignKey(
        Unit,
        verbose_name=_("unit"),
        null=True,
        on_delete=models.PROTECT,
        related_name="publications",
    )
    audience = models.CharField(_("readers"), max_length=20, choices=Audience.choices)
    reference = models.CharField(_("document number"), max_length=60, blank=True)
    picture = models.ForeignKey(PortalImage, null=True, on_delete=models.SET_NULL, related_name="+")
    business_date = models.DateField(_("date"))
    year = models.PositiveSmallIntegerField(_("year"))
    published_at = models.DateTimeField(_("published at"))
    valid_to = models.DateField(_("valid to"), null=True)

    objects = PublicationQuerySet.as_manager()

    class Meta:
        verbose_name = _("publication")
        verbose_name_plural = _("publications")
        indexes = [
            models.Index(
                fields=["kind", "-business_date", "-published_at"], name="pages_publication_kind"
            ),
            models.Index(
                fields=["unit", "-business_date", "-published_at"], name="pages_publication_unit"
            ),
            models.Index(
                fields=["-business_date", "-published_at"], name="pages_publication_newest"
            ),
        ]

    def __str__(self) -> str:
        return self.title

    @property
    def kind_name(self) -> str:
        """The name of the kind, for tags."""
        from portal.pages.kinds import kind_name

        return str(kind_name(self.kind))

    @property
    def url(self) -> str:
        """The path of the page on the one site of the portal."""
        from portal.pages.routing import public_path

        return public_path(self.url_path)
