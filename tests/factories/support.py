"""Applications for support for tests, from the draft to any state, by those who do the steps."""

from __future__ import annotations

import datetime
import itertools
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from django.utils import timezone

from portal.cases import services as cases
from portal.cases.models import Case, CaseEvent
from portal.cases.ownership import OWNER_KIND, owner_id
from portal.people.models import Person, User
from portal.personal_data.consents import current_notice, give_consent
from portal.public_notices.services import end_due_notices
from tests.factories.people import IDENTITY_NUMBERS, make_person, make_user
from tests.factories.standards import WIDOW, published, published_item
from tests.factories.uploads import decoded_once, upload
from veterans.applications import services
from veterans.applications.tasks import NOTICE_CODE, binding_version, missing_materials
from veterans.models import Application, ItemVersion, SupportItem

CARD = "6200000000000000018"
DECISION = "沁岚党发〔2026〕31号"
_numbers = itertools.count()


_VETERAN = {"category": "V1", "employment": "employee", "by_agent": "no"}
_SOLDIER_FAMILY = {"category": "V6", "employment": "family", "by_agent": "no"}
# One applicant who fits, for each of the twelve items.
ANSWERS: dict[str, dict[str, str]] = {
    "housing": WIDOW,
    "medical": _VETERAN | {"own_payment": "11000"},
    "education": _SOLDIER_FAMILY | {"school_stage": "university", "is_minor": "no"},
    "merit": _SOLDIER_FAMILY | {"merit": "third-class", "dismissed_from_army": "no"},
    "conscript-family": _SOLDIER_FAMILY
    | {"enlisted_on": "2024-09-12", "dismissed_from_army": "no"},
    "greetings": WIDOW | {"occasion": "spring-festival"},
    "hardship": _VETERAN | {"hardship": "low-income", "income_per_person": "900"},
    "spouse-employment": _SOLDIER_FAMILY | {"employment": "none", "months": "3"},
    "care-and-aids": _VETERAN | {"category": "V2", "disability_level": "5", "own_payment": "4800"},
    "bereaved-care": WIDOW | {"has_certificate": "yes"},
    "recuperation": _VETERAN | {"granted_in_two_years": "no"},
    "reinstatement": _VETERAN | {"employed_before_service": "yes", "dismissed_from_army": "no"},
}


@dataclass
class Office:
    """One account for each party of the flow, and the standard in force."""

    station: User
    reviewer: User
    approver: User
    payer: User
    version: ItemVersion


def make_office(item: str = "housing", *, regional: bool = False) -> Office:
    """Create those who work on applications, and publish the standard of 2026 of an item."""
    version = published() if item == "housing" else published_item(item)
    if regional:
        published_item(item, regional=True)
    return Office(
        station=make_user("veterans_officer"),
        reviewer=make_user("union_staff"),
        approver=make_user("union_chair", "party_approver"),
        payer=make_user("finance_payer"),
        version=version,
    )


def make_family() -> User:
    """Create an account of a family member with an identity number."""
    number = IDENTITY_NUMBERS[next(_numbers) % len(IDENTITY_NUMBERS)]
    found = Person.objects.with_identity_number(number).first()
    if found is not None:
        return User.objects.filter(person=found).first() or make_user(person=found)
    return make_user("employee", person=make_person("秦月兰", identity_number=number))


def make_draft(
    user: User | None = None,
    answers: dict[str, Any] | None = None,
    item: str = "housing",
    region: str = "",
) -> Application:
    """Create a draft that is ready to be handed in. A standard has to be in force."""
    user = user or make_family()
    application = services.start(SupportItem.objects.get(code=item), user)
    person = user.person
    assert person is not None
    services.save_about(
        application.pk,
        user,
        {
            "for_whom": "self",
            "relation": "",
            "name": person.name,
            "identity_number": person.identity_number or IDENTITY_NUMBERS[0],
            "phone": "13900000001",
            "region": region,
        },
    )
    application.refresh_from_db()
    application.given_answers = answers or ANSWERS[item]
    if binding_version(application).standard.pays_money:
        application.bank_name, application.bank_card = "岚川储蓄银行", CARD
    application.save()
    with decoded_once():
        for material in missing_materials(application):
            services.add_files(application, user, material.code, [upload()])
    consent = current_notice(NOTICE_CODE)
    give_consent(
        consent,
        consent.sensitive_kinds,
        person=person,
        owner_kind=OWNER_KIND,
        owner_id=owner_id(application.case),
    )
    return Application.objects.select_related("case", "item").get(pk=application.pk)


@dataclass
class Journey:
    """One application and those who move it; every step returns the event."""

    office: Office
    applicant: User
    application: Application
    code: str = ""
    events: list[CaseEvent] = field(default_factory=list)

    @property
    def case(self) -> Case:
        """The case as the database has it now."""
        return Case.objects.select_related("unit").get(pk=self.application.pk)

    def step(self, transition: str, user: User | None, **values: Any) -> CaseEvent:
        """Take one step."""
        event = cases.apply(self.application.pk, transition, user, values)
        self.events.append(event)
        return event

    def submit(self) -> None:
        """Hand it in."""
        event, self.code = services.hand_in(self.application, self.applicant)
        self.events.append(event)

    def ask_for_correction(self, code: str = "bank", label: str = "收款账户") -> None:
        """Let the station ask for one correction."""
        items = [{"code": code, "label": label, "reason": "看不清卡号，请重新填写"}]
        self.step("request_correction", self.office.station, items=items, reason="看不清卡号")

    def correct(self) -> None:
        """Put the account right and hand it in."""
        services.save_bank(
            self.application.pk,
            self.applicant,
            {"bank_name": "岚川储蓄银行青石梁支行", "bank_card": CARD},
        )
        self.events.append(services.correct(self.application, self.applicant))

    def end_notice(self) -> None:
        """Let the public notice run its days; the daily job ends it."""
        end_due_notices(timezone.localdate() + datetime.timedelta(days=30))

    def to(self, state: str) -> Case:
        """Take the shortest way to a state."""
        office = self.office
        way: dict[str, Callable[[], Any]] = {
            "submitted": self.submit,
            "accepted": lambda: self.step("accept", office.station),
            "reviewed": lambda: self.step("review", office.reviewer, opinion="supported"),
            "notice": lambda: self.step("approve", office.approver, decision=DECISION),
            "approved": self.end_notice,
            "paying": lambda: self.step("pay", office.payer, confirmed=True),
            "paid": lambda: self.step("confirm_payment", office.payer),
            "closed": lambda: self.step("rate", self.applicant, level=5, words="办得快"),
        }
        if state in ("arranging", "provided") and self.application.item.code == "housing":
            published_item("recuperation")
            self.application = make_draft(self.applicant, item="recuperation")
        versions = self.application.item.versions
        in_kind = not versions.filter(amounts__method__in=("fixed", "ratio", "tier")).exists()
        has_notice = versions.filter(limits__stage="notice").exists()
        if not has_notice:
            del way["notice"]
            directly = "approve_in_kind" if in_kind else "approve_directly"
            way["approved"] = lambda: self.step(directly, office.approver)
        if in_kind:
            way["arranging"] = way.pop("approved")
            del way["paying"], way["paid"]
            way["provided"] = lambda: self.step(
                "provide", office.station, reason="12月1日上午8点在办公楼前集合，找周站长"
            )
            way["closed"] = way.pop("closed")
        aside: dict[str, tuple[str, Callable[[], Any]]] = {
            "correcting": ("submitted", self.ask_for_correction),
            "not_accepted": (
                "submitted",
                lambda: self.step("decline", office.station, reason="请向街道申请"),
            ),
            "withdrawn": ("submitted", lambda: self.step("withdraw", self.applicant)),
            "in_review": (
                "reviewed",
                lambda: self.step("return", office.approver, reason="请再核实住房情况"),
            ),
            "rejected": (
                "reviewed",
                lambda: self.step("reject", office.approver, reason="不符合第三条第二项"),
            ),
        }
        if state in aside:
            before, leave = aside[state]
            self.to(before)
            leave()
        elif state != "draft":
            for reached, forward in way.items():
                forward()
                if reached == state:
                    break
        assert self.case.state == state, (self.case.state, state)
        return self.case


def make_journey(
    office: Office | None = None, applicant: User | None = None, item: str = "housing"
) -> Journey:
    """Create an office, an applicant and a draft that is ready."""
    office = office or make_office(item)
    applicant = applicant or make_family()
    return Journey(office, applicant, make_draft(applicant, item=item))
