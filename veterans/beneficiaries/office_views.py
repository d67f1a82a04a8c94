"""The pages of the register: list, one beneficiary, and what the officer does there."""

from __future__ import annotations

from functools import partial
from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from portal import office_pages
from portal.cases.models import Case
from portal.office_pages import account, confirm_page, guarded
from portal.people.models import User
from portal.personal_data.reveals import reveal_address
from veterans.beneficiaries import forms, listing, register
from veterans.beneficiaries.permissions import may_keep_register, may_read_register, may_reveal
from veterans.models import (
    AccountProposal,
    Beneficiary,
    BeneficiaryCategory,
    Certificate,
    FamilyTie,
    Invitation,
    PaperOnFile,
    Representation,
    RunningBenefit,
)
from veterans.standards.vocabulary import CATEGORIES

PAGE_SIZE = 20
MOST_ROWS = 50
for_readers = guarded(may_read_register)
for_keepers = guarded(may_keep_register)
submit = partial(office_pages.submit, template="veterans/beneficiaries/form.html")


def page_of(person_id: Any) -> str:
    """Return the address of one beneficiary."""
    return reverse("support_beneficiary", args=[person_id])


def _beneficiary(pk: int) -> Beneficiary:
    return get_object_or_404(Beneficiary.objects.select_related("person__unit"), pk=pk)


@require_http_methods(["GET", "HEAD", "POST"])
@sensitive_post_parameters("words")
@for_readers
def beneficiaries(request: HttpRequest) -> HttpResponse:
    """List the register by filters; words are sent as a form, so that no address holds a number."""
    find = forms.FindForm(request.POST if request.method == "POST" else None)
    choice = listing.Choice.of(request.GET)
    searched = find.is_bound and find.is_valid()
    rows = listing.found(find.cleaned_data["words"]) if searched else listing.chosen(choice)
    page = Paginator(rows.with_everything(), PAGE_SIZE).get_page(
        1 if searched else request.GET.get("page")
    )
    return render(
        request,
        "veterans/beneficiaries/list.html",
        {
            "find": find,
            "searched": searched,
            "choice": choice,
            "categories": CATEGORIES,
            "places": listing.PLACES.items(),
            "states": listing.STATES.items(),
            "orders": listing.ORDER_NAMES.items(),
            "page_obj": page,
            "total": page.paginator.count,
            "may_keep": may_keep_register(request.user),
        },
        status=422 if find.is_bound and find.errors else 200,
    )


@require_http_methods(["GET", "HEAD", "POST"])
@sensitive_post_parameters()
@for_keepers
def add(request: HttpRequest) -> HttpResponse:
    """Take somebody into the register."""
    form = forms.RegisterForm(request.POST or None)
    return submit(
        request,
        form,
        lambda values: register.register(values, account(request)),
        title=_("Take somebody into the register"),
        done=_("The person is in the register now."),
        cancel=reverse("support_beneficiaries"),
        go_to=lambda made: page_of(made.pk),
    )


def _address(user: Any, row: Any, field: str, value: str) -> str:
    return reveal_address(row, field) if value and may_reveal(user, row) else ""


@require_safe
@for_readers
def beneficiary(request: HttpRequest, pk: int) -> HttpResponse:
    """Show one beneficiary, numbers masked."""
    found = _beneficiary(pk)
    person, user = found.person, request.user
    ties = FamilyTie.objects.select_related("person", "relative")
    known = set(
        Beneficiary.objects.filter(
            pk__in=[
                *ties.filter(person=person).values_list("relative_id", flat=True),
                *ties.filter(relative=person).values_list("person_id", flat=True),
            ]
        ).values_list("pk", flat=True)
    )
    certificates = list(found.certificates.select_related("file", "verified_by__person"))
    cases = Case.objects.visible_to(user).submitted().filter(beneficiary=person)
    return render(
        request,
        "veterans/beneficiaries/detail.html",
        {
            "beneficiary": found,
            "person": person,
            "account": User.objects.filter(person=person).first(),
            "identity_url": _address(user, person, "identity_number", person.identity_number),
            "phone_url": _address(user, person, "phone", person.phone),
            "card_url": _address(user, found, "bank_card", found.bank_card),
            "categories": list(found.categories.all()),
            "certificates": [
                {"row": row, "url": _address(user, row, "number", row.number)}
                for row in certificates
            ],
            "ties": [
                *(
                    {
                        "tie": tie,
                        "other": tie.relative,
                        "kind": tie.kind,
                        "known": tie.relative_id in known,
                    }
                    for tie in ties.filter(person=person)
                ),
                *(
                    {
                        "tie": tie,
                        "other": tie.person,
                        "kind": register.MIRRORED.get(tie.kind, tie.kind),
                        "known": tie.person_id in known,
                    }
                    for tie in ties.filter(relative=person)
                ),
            ],
            "kinds": dict(FamilyTie._meta.get_field("kind").flatchoices),
            "representations": list(
                Representation.objects.filter(principal=person)
                .select_related("representative", "verified_by__person")
                .prefetch_related("items")[:MOST_ROWS]
            ),
            "invitations": list(
                Invitation.objects.filter(person=person).select_related("created_by__person")[:5]
            ),
            "papers": list(
                PaperOnFile.objects.valid_for(person.pk, timezone.localdate()).select_related(
                    "file", "verified_by__person"
                )[:MOST_ROWS]
            ),
            "benefits": list(
                RunningBenefit.objects.of_person(person.pk).select_related("item")[:MOST_ROWS]
            ),
            "proposals": list(
                AccountProposal.objects.filter(
                    application__case__beneficiary=person, confirmed_at=None, refused_at=None
                ).select_related("application__case")
            ),
            "cases": list(cases.order_by("-submitted_at")[:MOST_ROWS]),
            "may_keep": may_keep_register(user),
        },
    )


@require_http_methods(["GET", "HEAD", "POST"])
@sensitive_post_parameters()
@for_keepers
def edit(request: HttpRequest, pk: int) -> HttpResponse:
    """Change the details; of people outside, name and phone, too."""
    found = _beneficiary(pk)
    initial = {name: getattr(found, name) for name in register.DETAILS}
    kind = forms.OutsideForm if found.is_external else forms.DetailsForm
    if found.is_external:
        initial |= {"name": found.person.name, "phone": found.person.phone}
    form = kind(request.POST or None, initial=initial)
    return submit(
        request,
        form,
        lambda values: register.change(pk, values, account(request)),
        title=_("Change the register: %(name)s") % {"name": found.person.name},
        done=_("The register was changed."),
        cancel=page_of(pk),
    )


@require_http_methods(["GET", "HEAD", "POST"])
@sensitive_post_parameters()
@for_keepers
def category_add(request: HttpRequest, pk: int) -> HttpResponse:
    """Give a category."""
    found = _beneficiary(pk)
    return submit(
        request,
        forms.CategoryForm(request.POST or None, initial={"valid_from": timezone.localdate()}),
        lambda values: register.add_category(pk, values, account(request)),
        title=_("Add a category: %(name)s") % {"name": found.person.name},
        done=_("The category was added."),
        cancel=page_of(pk),
    )


@require_http_methods(["GET", "HEAD", "POST"])
@for_keepers
def category_end(request: HttpRequest, pk: int) -> HttpResponse:
    """End a category."""
    row = get_object_or_404(BeneficiaryCategory, pk=pk)
    return submit(
        request,
        forms.EndForm(request.POST or None),
        lambda values: register.end_category(pk, values["valid_to"], account(request)),
        title=_("End the category “%(name)s”") % {"name": row.name},
        done=_("The category ends with this day."),
        cancel=page_of(row.beneficiary_id),
    )


@require_http_methods(["GET", "HEAD", "POST"])
@sensitive_post_parameters()
@for_keepers
def certificate_add(request: HttpRequest, pk: int) -> HttpResponse:
    """Keep a certificate."""
    found = _beneficiary(pk)
    return submit(
        request,
        forms.CertificateForm(request.POST or None, request.FILES or None),
        lambda values: register.add_certificate(pk, values, values["photo"], account(request)),
        title=_("Add a certificate: %(name)s") % {"name": found.person.name},
        done=_("The certificate was added. Please verify it once you have seen the original."),
        cancel=page_of(pk),
        multipart=True,
    )


@require_POST
@for_keepers
def certificate_verify(request: HttpRequest, pk: int) -> HttpResponse:
    """Say that the original was seen."""
    row = get_object_or_404(Certificate, pk=pk)
    register.verify_certificate(pk, account(request))
    messages.success(request, _("The certificate is verified. Its photo need not be sent again."))
    return redirect(page_of(row.beneficiary_id))


@require_http_methods(["GET", "HEAD", "POST"])
@for_keepers
def certificate_withdraw(request: HttpRequest, pk: int) -> HttpResponse:
    """Let a certificate count no more, after a question."""
    row = get_object_or_404(Certificate, pk=pk)
    if request.method == "POST":
        register.withdraw_certificate(pk, account(request))
        messages.success(request, _("The certificate counts no more."))
        return redirect(page_of(row.beneficiary_id))
    return confirm_page(
        request,
        title=_("Withdraw the certificate"),
        question=_("Shall “%(kind)s” count no more?") % {"kind": row.get_kind_display()},
        consequences=[_("Its photo has to be sent again in new applications.")],
        confirm_label=_("Withdraw the certificate"),
        cancel_url=page_of(row.beneficiary_id),
    )


@require_http_methods(["GET", "HEAD", "POST"])
@sensitive_post_parameters()
@for_keepers
def tie_add(request: HttpRequest, pk: int) -> HttpResponse:
    """Write down a relative."""
    found = _beneficiary(pk)
    return submit(
        request,
        forms.TieForm(request.POST or None),
        lambda values: register.add_tie(pk, values, account(request)),
        title=_("Add a relative: %(name)s") % {"name": found.person.name},
        done=_("The relative was added. In cases of one the other stands aside."),
        cancel=page_of(pk),
    )


@require_http_methods(["GET", "HEAD", "POST"])
@for_keepers
def tie_remove(request: HttpRequest, pk: int, tie: int) -> HttpResponse:
    """Take a relation out, after a question."""
    row = get_object_or_404(FamilyTie.objects.select_related("person", "relative"), pk=tie)
    if request.method == "POST":
        register.remove_tie(tie, pk, account(request))
        messages.success(request, _("The relation was taken out."))
        return redirect(page_of(pk))
    return confirm_page(
        request,
        title=_("Take the relation out"),
        question=_("Are “%(one)s” and “%(other)s” no relatives?")
        % {"one": row.person.name, "other": row.relative.name},
        consequences=[_("In cases of one the other need not stand aside any more.")],
        confirm_label=_("Take the relation out"),
        cancel_url=page_of(pk),
    )


@require_http_methods(["GET", "HEAD", "POST"])
@sensitive_post_parameters("reason")
@for_keepers
def leave(request: HttpRequest, pk: int) -> HttpResponse:
    """Take somebody out of the register."""
    found = _beneficiary(pk)
    return submit(
        request,
        forms.LeaveForm(request.POST or None),
        lambda values: register.leave(pk, values["day"], values["reason"], account(request)),
        title=_("Take out of the register: %(name)s") % {"name": found.person.name},
        done=_("The person was taken out. What was kept stays; running benefits are stopped."),
        cancel=page_of(pk),
    )


@require_POST
@for_keepers
def come_back(request: HttpRequest, pk: int) -> HttpResponse:
    """Take somebody back into the register."""
    _beneficiary(pk)
    register.come_back(pk, account(request))
    messages.success(request, _("The person is in the register again."))
    return redirect(page_of(pk))
