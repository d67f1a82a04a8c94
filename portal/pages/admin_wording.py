"""Chinese for the words of the admin that no catalogue reaches.

Wagtail leaves some labels to Django, which makes English ones from the names of form fields and
columns; and when it is installed it writes English names into the database: those of the topmost
page and collection, of its stock workflow and of the permissions.
"""

from __future__ import annotations

import functools
from typing import Any

from django.contrib.auth.models import Permission
from django.utils.translation import gettext, gettext_lazy
from wagtail.models import Collection, Page, PageLogEntry, Task, Workflow

STOCK_WELCOME = "Welcome to your new Wagtail site!"
STOCK_APPROVAL = "Moderators approval"

# "Can add page" is put together by Django from these words and the name of the model.
_STOCK_ACTIONS = {
    "add": gettext_lazy("Can add %(model)s"),
    "change": gettext_lazy("Can change %(model)s"),
    "delete": gettext_lazy("Can delete %(model)s"),
    "view": gettext_lazy("Can view %(model)s"),
}


def name_fields_and_columns() -> None:
    """Gives the nameless form fields and columns of the Wagtail admin their labels.

    Called once, when the applications are ready.
    """
    from wagtail.admin.forms import choosers, workflows
    from wagtail.sites.views import IndexView
    from wagtail.users.forms import PagePermissionsForm

    link_text = gettext_lazy("Link text")
    labels: dict[type[Any], dict[str, Any]] = {
        choosers.ExternalLinkChooserForm: {"link_text": link_text},
        choosers.AnchorLinkChooserForm: {"link_text": link_text},
        choosers.EmailLinkChooserForm: {
            "email_address": gettext_lazy("Email address"),
            "link_text": link_text,
            "subject": gettext_lazy("Subject of the e-mail"),
            "body": gettext_lazy("Text of the e-mail"),
        },
        choosers.PhoneLinkChooserForm: {
            "phone_number": gettext_lazy("Phone number"),
            "link_text": link_text,
        },
        PagePermissionsForm: {"page": gettext_lazy("Page")},
        workflows.WorkflowPageForm: {"page": gettext_lazy("Page")},
    }
    for form, names in labels.items():
        for name, label in names.items():
            form.base_fields[name].label = label
    _name_task_type(workflows.TaskChooserSearchForm)
    columns = {
        "port": gettext_lazy("port"),
        "site_name": gettext_lazy("site name"),
        "root_page": gettext_lazy("root page"),
    }
    for column in IndexView.columns:
        if column.name in columns:
            column.label = columns[column.name]


def _name_task_type(form: type[Any]) -> None:
    """The filter by type is made when the form is, so its label is set there."""
    original = form.__init__

    @functools.wraps(original)
    def named(self: Any, *args: Any, **kwargs: Any) -> None:
        original(self, *args, **kwargs)
        if "task_type" in self.fields:
            self.fields["task_type"].label = gettext_lazy("Task type")

    form.__init__ = named  # type: ignore[method-assign,misc]


def name_stock_records() -> None:
    """Renames in the active language what the packages created with English names.

    Idempotent; called after every migrate, because a migrate may create permissions.
    """
    Page.objects.filter(depth=1, title="Root").update(
        title=gettext("All pages"), draft_title=gettext("All pages")
    )
    Collection.objects.filter(depth=1, name="Root").update(name=gettext("Top collection"))
    PageLogEntry.objects.filter(label=STOCK_WELCOME).delete()
    Workflow.objects.filter(name=STOCK_APPROVAL, active=False, workflow_states=None).delete()
    Task.objects.filter(name=STOCK_APPROVAL, task_states=None, workflow_tasks=None).delete()
    for permission in Permission.objects.select_related("content_type"):
        name = _permission_name(permission)
        if name != permission.name:
            permission.name = name
            permission.save(update_fields=["name"])


def _permission_name(permission: Permission) -> str:
    model = permission.content_type.model_class()
    action = permission.codename.partition("_")[0]
    stock = f"{action}_{permission.content_type.model}"
    if model is not None and permission.codename == stock and action in _STOCK_ACTIONS:
        return (_STOCK_ACTIONS[action] % {"model": gettext(str(model._meta.verbose_name))})[:255]
    if permission.name.isascii():
        return gettext(permission.name)
    return permission.name
