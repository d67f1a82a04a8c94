"""What the register keeps of people: the inventory, whole numbers, own data, the export."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from portal.personal_data.exports import register_export
from portal.personal_data.inventory import ORDINARY, register_personal_fields
from portal.personal_data.kinds import SensitiveKind
from portal.personal_data.my_data import register_my_data
from portal.personal_data.reveals import add_reveal_rule, register_revealable
from veterans.beneficiaries.permissions import may_keep_register, may_reveal
from veterans.models import AccountProposal, Beneficiary, Certificate, Representation
from veterans.models.beneficiaries import birth_date

BASIS = (
    "退役军人保障法第七十四条（参照）；个人信息保护法第十三条第一款第一项、第二十九条（单独同意）"
)
PURPOSE = "建立优抚对象名册，核对身份和优待条件，通知和发放"
RETENTION = "在册期间；离册后随案卷保管30年"


def _inventory() -> None:
    registered: dict[str, dict[str, str]] = {
        "Beneficiary": {
            "address": ORDINARY,
            "bank_name": ORDINARY,
            "bank_card": SensitiveKind.BANK,
            "note": ORDINARY,
            "ended_reason": ORDINARY,
        },
        "BeneficiaryCategory": {"category": SensitiveKind.STATUS, "level": SensitiveKind.HEALTH},
        "Certificate": {"number": SensitiveKind.IDENTITY},
        "FamilyTie": {"person": ORDINARY, "relative": ORDINARY, "kind": ORDINARY},
        "Representation": {
            "principal": ORDINARY,
            "representative": ORDINARY,
            "revoked_reason": ORDINARY,
        },
        "AccountProposal": {"bank_name": ORDINARY, "bank_card": SensitiveKind.BANK},
        "RunningBenefit": {"person": ORDINARY, "stop_reason": ORDINARY},
        "BenefitConfirmation": {"note": ORDINARY},
        "PaperOnFile": {"person": ORDINARY},
    }
    for model, fields in registered.items():
        register_personal_fields(
            f"veterans.{model}", fields, purpose=PURPOSE, basis=BASIS, retention=RETENTION
        )
    register_personal_fields(
        "veterans.BeneficiaryImport",
        {"content": SensitiveKind.STATUS},
        purpose="名册导入前的核对",
        basis=BASIS,
        retention="导入或作废后立即清空；未确认的保留七天",
    )


def _reveals() -> None:
    from portal.people.models import Person

    def registered(user: Any, person: Any) -> bool:
        return Beneficiary.objects.filter(pk=person.pk).exists() and may_reveal(user, person)

    for field in ("identity_number", "phone"):
        add_reveal_rule(Person, field, registered)
    register_revealable(
        Beneficiary,
        "bank_card",
        may_reveal,
        person_of=lambda row: row.person,
        person_path="person",
    )
    register_revealable(
        Certificate,
        "number",
        may_reveal,
        person_of=lambda row: row.beneficiary.person,
        person_path="beneficiary__person",
    )


def _own(person: Any, user: Any) -> Iterable[Any]:
    found = Beneficiary.objects.filter(pk=person.pk if person else None).first()
    if found is None:
        return
    yield {
        str(_("registered at")): found.registered_at,
        str(_("home, down to the street")): found.address,
        str(_("bank")): found.bank_name,
        str(_("bank card")): found.bank_card,
        str(_("note of the service station")): found.note,
    }
    for category in found.categories.all():
        yield {
            str(_("category")): f"{category.category} {category.name}",
            str(_("level of disability")): category.level,
            str(_("valid from")): category.valid_from,
            str(_("valid to")): category.valid_to,
        }
    for certificate in found.certificates.all():
        yield {
            str(_("certificate")): str(certificate.get_kind_display()),
            str(_("number of the certificate")): certificate.number,
            str(_("valid until")): certificate.valid_until,
            str(_("verified at")): certificate.verified_at,
        }


def _representations(person: Any, user: Any) -> Iterable[Any]:
    if person is None:
        return
    rows = Representation.objects.filter(principal=person).select_related("representative")
    for row in rows:
        yield {
            str(_("kind")): str(row.get_kind_display()),
            str(_("who acts")): row.representative.name,
            str(_("valid from")): row.valid_from,
            str(_("valid to")): row.valid_to,
            str(_("revoked at")): row.revoked_at,
        }
    for account in AccountProposal.objects.filter(application__case__beneficiary=person):
        yield {
            str(_("proposed account")): account.masked_bank_card,
            str(_("confirmed at")): account.confirmed_at,
        }


EXPORT_HEADER = (
    *(_("name"), _("employee number"), _("unit"), _("identity number"), _("phone")),
    *(_("categories"), _("valid certificates"), _("home, down to the street")),
    *(_("bank"), _("bank card"), pgettext_lazy("person", "born in"), _("in the register")),
)


def _rows(user: Any, whole_numbers: bool) -> Iterator[list[Any]]:
    rows = (
        Beneficiary.objects.with_everything()
        .prefetch_related("certificates")
        .order_by("person__name", "pk")
    )
    for row in rows.iterator(chunk_size=500):
        person = row.person
        born = birth_date(person.identity_number)
        yield [
            person.name,
            person.employee_number or "",
            str(person.unit or ""),
            person.identity_number if whole_numbers else row.masked_identity_number,
            person.phone if whole_numbers else row.masked_phone,
            "、".join(category.category for category in row.current_categories),
            "、".join(
                str(one.get_kind_display())
                for one in row.certificates.all()
                if one.verified_at and not one.withdrawn_on and not one.has_expired
            ),
            row.address,
            row.bank_name,
            row.bank_card if whole_numbers else row.masked_bank_card,
            born.year if born else "",
            str(_("left") if row.ended_on else _("yes")),
        ]


def register() -> None:
    """Register once, when the application is ready."""
    _inventory()
    _reveals()
    register_my_data("veterans-register", _("Register of beneficiaries"), _own)
    register_my_data("veterans-representations", _("Who acts for you"), _representations)
    register_export(
        "beneficiaries",
        _("Register of beneficiaries"),
        EXPORT_HEADER,
        _rows,
        may_keep_register,
    )
