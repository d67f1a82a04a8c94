"""The one base of all pages."""

from __future__ import annotations

import datetime
from typing import TYPE_CHECKING, Any, ClassVar

from django.core.validators import RegexValidator
from django.db import connection, models
from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from wagtail.admin.panels import FieldPanel, MultiFieldPanel
from wagtail.models import Page, PageManager, PageQuerySet, PageViewRestriction
from wagtail.search import index

from portal.archives.actors import acting
from portal.archives.queue import whole_transaction
from portal.organizations.models import Unit
from portal.pages.fields import StoryField
from portal.pages.forms import PortalPageForm, free_slug
from portal.publishing.permissions import PortalPagePermissionTester

if TYPE_CHECKING:
    from django.contrib.auth.models import AnonymousUser

    from portal.people.models import User

CONTROL_CHARACTERS = r"[\x00-\x1f\x7f-\x9f\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff\ufffd]"
validate_plain_title = RegexValidator(
    CONTROL_CHARACTERS,
    _("The title holds invisible control characters. Please type it again."),
    inverse_match=True,
)
PAGE_SIZE = 20


class Audience(models.TextChoices):
    """Who may read a page. It is part of the content, so it is reviewed and archived."""

    PUBLIC = "public", _("Everyone on the network")
    EMPLOYEES = "employees", _("Signed-in people")
    UNIT = "unit", _("People of the unit")


class PortalPageQuerySet(PageQuerySet):
    """Sets of pages of one type."""

    def visible_to(self, user: User | AnonymousUser) -> PortalPageQuerySet:
        """Live pages this account may read."""
        from portal.pages.models.publication import Publication

        return self.filter(pk__in=Publication.objects.visible_to(user).values("page_id"), live=True)


PortalPageManager = PageManager.from_queryset(PortalPageQuerySet)


class PortalPage(Page):
    """A page of the portal: who answers for it, who may read it, what it says.

    Subclasses set `kind`, the code under which lists and archive rules know them, and
    `section`, the code of the role section whose reviewers approve them.
    """

    kind: ClassVar[str] = ""
    section: ClassVar[str] = ""
    default_audience: ClassVar[str] = Audience.EMPLOYEES
    # Fields that hold the name of a person, by which the archive finds records.
    person_fields: ClassVar[tuple[str, ...]] = ()
    # Fields a page type got when pages of it had been captured: while empty they are no content,
    # so that what was captured before them is still what is published.
    later_fields: ClassVar[frozenset[str]] = frozenset()
    base_form_class = PortalPageForm

    summary = models.CharField(
        _("summary"),
        max_length=200,
        blank=True,
        help_text=_("One or two sentences for lists and search results."),
    )
    picture = models.ForeignKey(
        "pages.PortalImage",
        verbose_name=_("lead picture"),
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="+",
    )
    unit = models.ForeignKey(
        Unit,
        verbose_name=_("responsible unit"),
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="+",
        help_text=_("The unit that answers for this page."),
    )
    audience = models.CharField(_("readers"), max_length=20, choices=Audience.choices, blank=True)
    body = StoryField(verbose_name=_("body"), blank=True)

    objects: ClassVar[Any] = PortalPageManager()

    content_panels = [
        *Page.content_panels,
        FieldPanel("summary"),
        FieldPanel("picture"),
        FieldPanel("body"),
    ]
    promote_panels = [
        MultiFieldPanel(
            [FieldPanel("unit"), FieldPanel("audience")], heading=_("Unit and readers")
        ),
        MultiFieldPanel([FieldPanel("slug")], heading=_("Address")),
    ]
    search_fields = [
        *Page.search_fields,
        index.SearchField("summary"),
        index.SearchField("body"),
        index.SearchField("people_text"),
        index.SearchField("attachment_names"),
        index.FilterField("audience"),
        index.RelatedFields("unit", [index.SearchField("name")]),
    ]
    show_in_menus_default = False
    _loaded_live = False

    class Meta:
        abstract = True

    # ---- What lists, search and the archive ask of a page

    def get_unit(self) -> Unit | None:
        """The unit that answers for the page."""
        return self.unit

    def business_date(self) -> datetime.date:
        """The date readers sort by: of the event where there is one, else of publication."""
        moment = self.first_published_at or timezone.now()
        return timezone.localdate(moment)

    def reference(self) -> str:
        """The document number, where the kind has one."""
        return ""

    def subkind(self) -> str:
        """What tells kinds apart that are filed differently; one of the codes of `subkinds`."""
        return ""

    @classmethod
    def subkinds(cls) -> dict[str, Any]:
        """Codes and names of what the archive tells apart within the kind."""
        return {}

    def expires_on(self) -> datetime.date | None:
        """The last day on which the page is in force, where the kind has one."""
        return None

    def facts(self) -> list[tuple[Any, Any]]:
        """Label and value pairs shown above the body and kept in the archive copy."""
        return []

    def record_level(self) -> str:
        """Who reads the archive record of the page at first, a value of `AccessLevel`."""
        from portal.archives.models import AccessLevel

        return AccessLevel.OPEN if self.audience == Audience.PUBLIC else AccessLevel.INTERNAL

    def following_blocks(self) -> list[dict[str, Any]]:
        """What readers find after the body, in words, as stream data for the archive copy.

        For page types that show what lies elsewhere: the copy says what stood there when the
        page was published, and the digest of the content does not cover it.
        """
        return []

    def went_live(self) -> None:
        """Called in the publish transaction with the state that is committed.

        For facts behind the page; it must not save the page itself.
        """

    @property
    def people_text(self) -> str:
        """Names and places for the search index."""
        return " ".join(str(value) for _label, value in self.facts() if value)

    @property
    def attachment_names(self) -> str:
        """Titles of the attached files for the search index."""
        from portal.pages.citations import cited_documents

        return " ".join(document.title for document in cited_documents(self))

    def search_moment(self) -> datetime.datetime:
        """What newest-first order of search results goes by: the day, then the publication."""
        published = timezone.localtime(self.first_published_at or timezone.now())
        return datetime.datetime.combine(self.business_date(), published.timetz())

    def search_facets(self) -> list[str]:
        """What searches can narrow down to within the index."""
        return [f"kind:{self.kind}"]

    # ---- Publishing

    def save(self, *args: Any, **kwargs: Any) -> Any:
        """Save; the captured state is read from the database before the commit.

        `portal.pages.whole_actions` makes that part of saving any page.
        """
        if not self.audience:
            self.audience = self.default_audience
        if not self.slug and self.path:  # type: ignore[has-type]
            siblings = Page.objects.sibling_of(self).values_list("slug", flat=True)
            self.slug = free_slug(self.title, set(siblings))
        with whole_transaction():
            if "update_fields" not in kwargs and self._was_published_meanwhile():
                return None
            return super().save(*args, **kwargs)

    @classmethod
    def from_db(cls, *args: Any, **kwargs: Any) -> Any:
        """Load, and remember whether the page was live then."""
        page = super().from_db(*args, **kwargs)
        page._loaded_live = page.__dict__.get("live", False)
        return page

    def refresh_from_db(self, *args: Any, **kwargs: Any) -> None:
        """Load again, and remember whether the page is live now."""
        super().refresh_from_db(*args, **kwargs)
        self._loaded_live = self.__dict__.get("live", False)

    def _was_published_meanwhile(self) -> bool:
        """Whether somebody published this page after the draft in memory was read.

        Wagtail's editor writes drafts of unpublished pages straight into the page; written
        over a page that a reviewer published a moment ago, such a draft would withdraw it.
        The draft goes on as a revision over the live page instead.
        """
        if self.live or not self.pk or self._loaded_live or not acting().in_request:
            return False
        now = Page.objects.select_for_update(of=("self",)).filter(pk=self.pk, live=True).first()
        if now is None:
            return False
        for name in ("live", "live_revision_id", "first_published_at", "last_published_at"):
            setattr(self, name, getattr(now, name))
        return True

    def save_revision(self, *args: Any, overwrite_revision: Any = None, **kwargs: Any) -> Any:
        """Save a draft, always as a new revision, and let an open review follow it.

        Wagtail lets an author replace the content of the newest revision in place; a reviewer
        would then approve under the number that was seen what was never seen.
        """
        from portal.publishing.services import follow_draft

        with whole_transaction():
            revision = super().save_revision(*args, **kwargs)
            follow_draft(self, revision)
        return revision

    def publish(self, *args: Any, **kwargs: Any) -> Any:
        """Publish; the page is read from the revision inside the transaction that writes it."""
        from portal.publishing.services import lock_page

        with whole_transaction():
            if connection.features.has_select_for_update:
                # Wagtail writes the revisions before the page, and a draft that is saved writes
                # the page before its revision: without this the two can deadlock.
                lock_page(self.pk)
            return super().publish(*args, **kwargs)

    def permissions_for_user(self, user: Any) -> PortalPagePermissionTester:
        """The page rules of the portal: nobody publishes alone."""
        return PortalPagePermissionTester(user, self)

    def full_clean(self, *args: Any, **kwargs: Any) -> None:
        """Check the title for characters no reader can see."""
        super().full_clean(*args, **kwargs)
        validate_plain_title(self.title)

    # ---- Serving

    def get_view_restrictions(self) -> Any:
        """No page has Wagtail's own privacy settings: the audience decides, and is reviewed."""
        return PageViewRestriction.objects.none()

    def serve(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """Serve the page to those who may read it; ask others to sign in."""
        from portal.pages.visibility import refuse_or_sign_in

        refusal = refuse_or_sign_in(self, request)
        if refusal is not None:
            return refusal
        response: HttpResponse = super().serve(request, *args, **kwargs)
        return response

    def get_context(self, request: HttpRequest, *args: Any, **kwargs: Any) -> dict[str, Any]:
        """Add facts, breadcrumbs, neighbours and the archive record to the template."""
        from portal.pages.context import article_context

        context: dict[str, Any] = super().get_context(request, *args, **kwargs)
        context.update(article_context(self, request))
        return context


class IndexPage(PortalPage):
    """The front of a section: a filtered, paged list of what was published in it."""

    listed_kinds: ClassVar[tuple[str, ...]] = ()
    default_audience = Audience.PUBLIC
    max_count = 1

    class Meta:
        abstract = True

    def get_context(self, request: HttpRequest, *args: Any, **kwargs: Any) -> dict[str, Any]:
        """Add the list of publications that fit the filters of the address."""
        from portal.pages.listing import listing_context

        context = super().get_context(request, *args, **kwargs)
        context.update(listing_context(self, request))
        return context
