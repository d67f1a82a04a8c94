"""The rules of branch work: all of them with their clause, and one to change."""

from __future__ import annotations

from typing import Any

from django.forms import modelform_factory
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import pgettext
from django.views.decorators.http import require_http_methods, require_safe

from branches.members.permissions import may_keep_all, may_see_rosters
from branches.office import submit
from branches.rules.editing import TABLES, RuleTable, change, title_of
from portal.office_pages import METHODS, account, guarded

for_readers = guarded(may_see_rosters)
for_officers = guarded(may_keep_all)


@require_safe
@for_readers
def rules(request: HttpRequest) -> HttpResponse:
    """List every rule with its numbers and its clause."""
    groups = []
    for table in TABLES.values():
        names = {
            name: table.labels.get(name) or table.model._meta.get_field(name).verbose_name  # type: ignore[union-attr]
            for name in table.fields
            if name not in ("clause", "is_unverified")
        }
        rows = [
            {
                "key": row.pk,
                "title": title_of(row),
                "clause": row.clause,
                "is_unverified": getattr(row, "is_unverified", False),
                "values": [
                    (label, _shown(row, name))
                    for name, label in names.items()
                    if getattr(row, name) is not None
                ],
            }
            for row in _rows(table)
        ]
        groups.append((table, rows))
    context = {"groups": groups, "changes": may_keep_all(request.user)}
    return render(request, "branches/rules/rules.html", context)


def _rows(table: RuleTable) -> Any:
    return table.model._default_manager.all()


def _shown(row: Any, name: str) -> Any:
    value = getattr(row, name)
    if isinstance(value, bool):
        return pgettext("rule", "yes") if value else pgettext("rule", "no")
    display = getattr(row, f"get_{name}_display", None)
    return display() if display else value


@require_http_methods(METHODS)
@for_officers
def rule(request: HttpRequest, table: str, pk: int) -> HttpResponse:
    """Change the numbers and the clause of a rule.

    Raises:
        Http404: there is no such rule.
    """
    found = TABLES.get(table)
    row: Any = found.model._default_manager.filter(pk=pk).first() if found else None
    if found is None or row is None:
        raise Http404
    form_class = modelform_factory(found.model, fields=found.fields, labels=found.labels or None)
    return submit(
        request,
        form_class(request.POST or None, instance=row),
        lambda values: change(found, pk, values, account(request)),
        title=_("Change a rule: %(rule)s") % {"rule": title_of(row)},
        intro=_(
            "The new numbers count from now on, for every page. What was before is in the log."
        ),
        done=_("The rule was changed."),
        cancel=reverse("branch_rules"),
    )
