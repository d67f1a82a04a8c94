"""Bring the site in line after a migrate: roots, sections, workflow, roles, triggers.

Everything here is idempotent: it creates what is missing and leaves the rest alone.
"""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.contrib.contenttypes.models import ContentType
from django.db import connections, transaction
from django.utils.translation import gettext as _
from django.utils.translation import override
from wagtail.models import Collection, Locale, Page, Site, Workflow, WorkflowPage, WorkflowTask

from portal.pages.admin_wording import name_stock_records


def after_migrate(sender: Any, using: str = "default", **kwargs: Any) -> None:
    """Run once at the end of every migrate of the default database."""
    if using != "default" or not _is_migrated(using):
        return
    from portal.append_only import append_only_tables
    from portal.archives.installation import install_archive_defaults

    for table in append_only_tables():
        table.install(connections[using])
    with override("zh-hans"), transaction.atomic(using=using):
        _remove_stock_pages()
        home = _home_page()
        _sections(home)
        _workflow(home)
        from portal.roles.services import synchronize_groups

        synchronize_groups()
        name_stock_records()
        install_archive_defaults()


def _is_migrated(using: str) -> bool:
    wanted = {
        "archives_ledgerentry",
        "archives_scopetable",
        "pages_homepage",
        "roles_rolegroup",
        "publishing_foureyestask",
    }
    return wanted <= set(connections[using].introspection.table_names())


def _remove_stock_pages() -> None:
    """Remove Wagtail's welcome page and stock workflow, groups included."""
    from django.contrib.auth.models import Group

    page_type = ContentType.objects.get_for_model(Page)
    for page in Page.objects.filter(depth=2, content_type=page_type):
        page.delete()
    Group.objects.filter(name__in=["Moderators", "Editors"], role_group__isnull=True).delete()


def _root() -> Page:
    Locale.objects.get_or_create(language_code=settings.LANGUAGE_CODE)
    if Collection.get_first_root_node() is None:
        Collection.add_root(name="Root")
    root = Page.objects.filter(depth=1).first()
    if root is None:
        root = Page.add_root(
            title="Root", slug="root", content_type=ContentType.objects.get_for_model(Page)
        )
    return root


def _home_page() -> Page:
    from portal.pages.models import HomePage

    root = _root()
    home = HomePage.objects.first()
    if home is None:
        home = root.add_child(instance=HomePage(title=settings.SITE_NAME, slug="home"))
    Site.objects.update_or_create(
        is_default_site=True,
        defaults={"hostname": "localhost", "root_page": home, "site_name": settings.SITE_NAME},
    )
    return home


def _sections(home: Page) -> None:
    from portal.pages.section_roots import section_roots

    present = set(home.get_children().values_list("slug", flat=True))
    for slug, build in section_roots():
        if slug not in present:
            home.refresh_from_db()
            home.add_child(instance=build(slug))


def _workflow(home: Page) -> None:
    from portal.publishing.models import FourEyesTask

    task = FourEyesTask.objects.first()
    if task is None:
        task = FourEyesTask.objects.create(name=_("Review by a second person"))
    workflow = Workflow.objects.filter(workflow_tasks__task=task).first()
    if workflow is None:
        workflow = Workflow.objects.create(name=_("Four-eyes review"))
        WorkflowTask.objects.create(workflow=workflow, task=task, sort_order=0)
    Workflow.objects.exclude(pk=workflow.pk).update(active=False)
    WorkflowPage.objects.exclude(workflow=workflow).delete()
    WorkflowPage.objects.update_or_create(page=home, defaults={"workflow": workflow})
