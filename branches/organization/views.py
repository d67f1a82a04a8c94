"""The organization of branches: all of them with what does not fit, and one with its committee."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import pgettext
from django.views.decorators.http import require_http_methods, require_safe

from branches.members.office_views import for_keepers, for_readers
from branches.members.permissions import may_keep, may_keep_all, rosters
from branches.members.reading import committee_of, groups_of
from branches.models import (
    PartyPost,
    PartyTerm,
    PostKind,
    Reorganization,
    ReorganizationKind,
    StructureRule,
    covers,
)
from branches.office import submit
from branches.organization import forms, reorganizing, services
from branches.organization.reading import standing_of, standings
from portal.address_values import plain_text
from portal.office_pages import METHODS, UNPROCESSABLE, account, add_errors, guarded
from portal.organizations.models import Unit, UnitKind
from portal.organizations.services import create_unit
from portal.refusals import Refusal

PAGE_SIZE = 50
for_officers = guarded(may_keep_all)


def _branch(request: HttpRequest, code: str, *, keeps: bool = False) -> Unit:
    """Return a branch the account sees, or keeps.

    Raises:
        Http404: there is none.
        PermissionDenied: the account sees it and may not change it.
    """
    found = rosters(request.user).filter(code=plain_text(code)).first()
    if found is None:
        raise Http404
    if keeps and not may_keep(request.user, found):
        raise PermissionDenied
    return found


def page_of(branch: Unit) -> str:
    """Return the address of a branch."""
    return reverse("branch_organization", args=[branch.code])


@require_safe
@for_readers
def overview(request: HttpRequest) -> HttpResponse:
    """List the branches there are, with what does not fit, serious things first when asked."""
    branches = rosters(request.user).valid_on().order_by("path")
    rows = standings(branches)
    troubled = sum(bool(row.findings) for row in rows)
    chosen = plain_text(request.GET.get("show", ""))
    if chosen == "warnings":
        rows = [row for row in rows if row.findings]
    page = Paginator(rows, PAGE_SIZE).get_page(request.GET.get("page"))
    return render(
        request,
        "branches/organization/overview.html",
        {
            "page_obj": page,
            "total": page.paginator.count,
            "troubled": troubled,
            "chosen": chosen,
            "members": sum(row.facts.members for row in rows),
            "probationary": sum(row.probationary for row in rows),
            "rules": list(StructureRule.objects.filter(unit_kind=UnitKind.PARTY_BRANCH)),
        },
    )


@require_safe
@for_readers
def branch(request: HttpRequest, code: str) -> HttpResponse:
    """Show term, committee, groups, what does not fit, and what changed."""
    found = _branch(request, code)
    standing = standing_of(found)
    units = list(groups_of(found))
    leaders = {
        post.unit_id: post
        for post in PartyPost.objects.filter(
            covers(timezone.localdate()), unit__in=units, kind=PostKind.GROUP_LEADER
        ).select_related("person")
    }
    groups = [
        {"group": group, "count": count, "leader": leaders.get(group.pk)}
        for group, (_name, count) in zip(units, standing.facts.groups, strict=True)
    ]
    return render(
        request,
        "branches/organization/branch.html",
        {
            "branch": found,
            "standing": standing,
            "is_over": not found.is_valid_on(),
            "committee": list(committee_of(found)),
            "past_posts": list(
                PartyPost.objects.filter(unit=found, valid_to__isnull=False)
                .select_related("person")
                .order_by("-valid_to", "pk")[:50]
            ),
            "groups": groups,
            "terms": list(found.terms.all()[:20]),
            "changes": list(
                Reorganization.objects.filter(unit=found).select_related("into", "made_by")
            ),
            "taken_over": list(
                Reorganization.objects.filter(into=found).select_related("unit", "made_by")
            ),
            "keeps": may_keep(request.user, found) and found.is_valid_on(),
            "is_officer": may_keep_all(request.user) and found.is_valid_on(),
            "kinds": ReorganizationKind.choices,
        },
    )


@require_http_methods(METHODS)
@for_keepers
def term_add(request: HttpRequest, code: str) -> HttpResponse:
    """Write a term down."""
    found = _branch(request, code, keeps=True)
    return submit(
        request,
        forms.TermForm(request.POST or None),
        lambda values: services.write_term(found, values, account(request)),
        title=_("A new term: %(branch)s") % {"branch": found.name},
        intro=_("After an election. A term of a branch has three years."),
        done=_("The term is written down."),
        cancel=page_of(found),
    )


@require_http_methods(METHODS)
@for_officers
def term_extend(request: HttpRequest, pk: int) -> HttpResponse:
    """Write an approved extension down."""
    row = get_object_or_404(PartyTerm.objects.select_related("unit"), pk=pk)
    initial = {"extended_to": row.extended_to, "extension_document": row.extension_document}
    return submit(
        request,
        forms.ExtensionForm(request.POST or None, initial=initial),
        lambda values: services.extend_term(pk, values, account(request)),
        title=_("Extend the term: %(branch)s") % {"branch": row.unit.name},
        facts=[(_("Last day of the term"), row.last_day)],
        done=_("The extension is written down."),
        cancel=page_of(row.unit),
    )


@require_http_methods(METHODS)
@for_keepers
def post_add(request: HttpRequest, code: str) -> HttpResponse:
    """Give a post."""
    found = _branch(request, code, keeps=True)

    def write(values: dict[str, Any]) -> PartyPost:
        unit = values["group"] if values["kind"] == PostKind.GROUP_LEADER else found
        return services.give_post(unit, values, account(request))

    return submit(
        request,
        forms.PostForm(
            request.POST or None, branch=found, initial={"valid_from": timezone.localdate()}
        ),
        write,
        title=_("Give a post: %(branch)s") % {"branch": found.name},
        done=_("The post is written down."),
        cancel=page_of(found),
    )


@require_http_methods(METHODS)
@for_keepers
def post_end(request: HttpRequest, pk: int) -> HttpResponse:
    """End a post."""
    row = get_object_or_404(PartyPost.objects.select_related("unit", "person"), pk=pk)
    found = _branch(request, services.branch_of(row.unit).code, keeps=True)
    return submit(
        request,
        forms.EndPostForm(request.POST or None, initial={"day": timezone.localdate()}),
        lambda values: services.end_post(pk, values["day"], account(request)),
        title=_("End the post of %(name)s") % {"name": row.person.name},
        facts=[
            (pgettext("Party post", "Post"), row.get_kind_display()),
            (_("Party organization"), row.unit.name),
        ],
        done=_("The post has ended. It stays in the history."),
        cancel=page_of(found),
    )


@require_http_methods(METHODS)
@for_officers
def group_add(request: HttpRequest, code: str) -> HttpResponse:
    """Make a group."""
    found = _branch(request, code)
    return submit(
        request,
        forms.GroupForm(request.POST or None, initial={"valid_from": timezone.localdate()}),
        lambda values: create_unit(parent=found, kind=UnitKind.PARTY_GROUP, **values),
        title=_("A new group: %(branch)s") % {"branch": found.name},
        done=_("The group is there. Members are put into it on their own pages."),
        cancel=page_of(found),
    )


@require_http_methods(METHODS)
@for_officers
def change(request: HttpRequest, code: str, kind: str) -> HttpResponse:
    """Merge, split or dissolve a branch: first say what will happen, then do it.

    Raises:
        Http404: there is no such branch or change.
    """
    found = _branch(request, code)
    if kind not in ReorganizationKind.values:
        raise Http404
    form = forms.ChangeForm(request.POST or None, branch=found, kind=kind)
    status, planned = 200, None
    if request.method == "POST" and form.is_valid():
        try:
            if "confirmed" in request.POST:
                made = reorganizing.carry_out(found, form.cleaned_data, account(request))
                messages.success(request, _("The branch was changed. Its history stays."))
                return redirect(page_of(made.into or found))
            planned = reorganizing.plan(found, form.cleaned_data)
        except ValidationError as error:
            add_errors(form, error)
        except Refusal as refusal:
            form.add_error(None, str(refusal.message))
            status = refusal.status
    if form.is_bound and form.errors and status == 200:
        status = UNPROCESSABLE
    return render(
        request,
        "branches/organization/change.html",
        {
            "branch": found,
            "kind": kind,
            "label": ReorganizationKind(kind).label,
            "form": form,
            "plan": planned,
            "typed": [
                (name, value) for name in form.fields for value in request.POST.getlist(name)
            ],
            "cancel_url": page_of(found),
        },
        status=status,
    )
