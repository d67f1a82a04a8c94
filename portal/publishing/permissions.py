"""The page rules of the portal, in one tester.

Wagtail's own tester lets whoever holds the publish permission put a page live, and a
superuser always. Here the publish permission means to withdraw what others approved;
going live happens only through the review, so `can_publish` is false for everybody.
"""

from __future__ import annotations

from typing import Any

from wagtail.models import Page, PagePermissionTester, Revision

from portal.archives.statements import FixedRead


class PortalPagePermissionTester(PagePermissionTester):
    """Wagtail's tester with four eyes, no privacy side door and no deletion of history.

    A page type with `kept_by_services` belongs to a service that writes it from facts; by hand
    nobody changes, copies, moves, withdraws or deletes one, a superuser included.
    """

    def _by_service_only(self) -> bool:
        return bool(getattr(self.page.specific_class, "kept_by_services", False))

    def can_edit(self) -> bool:
        """Those whom Wagtail lets edit, unless a service keeps the page."""
        return not self._by_service_only() and bool(super().can_edit())

    def can_copy(self) -> bool:
        """A copy by hand would be a page without the facts behind it."""
        return not self._by_service_only() and bool(super().can_copy())

    def can_copy_to(self, destination: Page, recursive: bool = False) -> bool:
        """Asked by copies and aliases alike."""
        return self.can_copy() and bool(super().can_copy_to(destination, recursive))

    def can_publish(self) -> bool:
        """Nobody publishes alone."""
        return False

    def can_publish_subpage(self) -> bool:
        """Nobody publishes alone, not even while creating or copying."""
        return False

    def can_set_view_restrictions(self) -> bool:
        """Who may read is part of the page and goes through review with it."""
        return False

    def can_unschedule(self) -> bool:
        """Those who may withdraw a page may also stop its schedule."""
        return not self._by_service_only() and bool(
            self.user.is_active and (self.user.is_superuser or "publish" in self.permissions)
        )

    def can_unpublish(self) -> bool:
        """A section front stays; other pages may be withdrawn by the section's staff."""
        from portal.pages.models import IndexPage

        if self._by_service_only():
            return False
        if issubclass(self.page.specific_class or Page, IndexPage) or self.page.depth <= 2:
            return False
        return bool(super().can_unpublish())

    def can_delete(self, ignore_bulk: bool = False) -> bool:
        """What was ever published is withdrawn, never deleted: its address stays known."""
        if self.page.depth <= 3 or self._by_service_only():
            return False
        if not super().can_delete(ignore_bulk):
            return False
        tree = Page.objects.descendant_of(self.page, inclusive=True)
        return not tree.filter(first_published_at__isnull=False).exists()

    def can_move(self) -> bool:
        """Drafts may be moved by those who may edit them; live pages by those who withdraw."""
        if self.page.depth <= 3 or not self.user.is_active or self._by_service_only():
            return False
        if self.user.is_superuser:
            return True
        if self.page.live:
            return "publish" in self.permissions
        return bool(
            "change" in self.permissions
            or ("add" in self.permissions and self.page.owner_id == self.user.pk)
        )


def page_rules(page: Page, user: Any) -> PortalPagePermissionTester:
    """The rules for an account and a page, in the shape of `Page.permissions_for_user`."""
    return PortalPagePermissionTester(user, page)


_authors_read = FixedRead(
    lambda type_id, page_id, since: (
        Revision.objects.filter(
            base_content_type_id=type_id, object_id=page_id, pk__gt=since, user__isnull=False
        )
        .order_by()
        .values_list("user_id")
    ),
    *(int, str, int),
)


def contributors(page: Any) -> set[int]:
    """Return the accounts that wrote what is not live yet: they may not approve it.

    Counts every revision saved since the live one; a page that never went live counts all
    of them and its owner.
    """
    authors = _authors_read.rows(
        page.get_base_content_type().pk, str(page.pk), page.live_revision_id or 0
    )
    accounts = {account for (account,) in authors}
    if not page.live_revision_id and page.owner_id:
        accounts.add(page.owner_id)
    return accounts
