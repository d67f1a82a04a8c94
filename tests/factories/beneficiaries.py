"""People of the register, and those who act for them, for tests."""

from __future__ import annotations

import datetime
import itertools
from collections.abc import Iterable
from typing import Any

from portal.people.models import Person, User
from portal.personal_data.consents import current_notice, give_consent
from tests.factories.people import identity_number, make_person, make_user
from tests.factories.standards import WIDOW, housing
from tests.factories.support import CARD
from tests.factories.uploads import photo_bytes, upload
from veterans.applications import services
from veterans.applications.tasks import NOTICE_CODE, missing_materials
from veterans.beneficiaries import register, representatives
from veterans.models import Application, Beneficiary, Representation

SECOND_CARD = "6200000000000000026"
ADULT, CHILD = "19600308", "20150312"
_serials = itertools.count(200)
_shades = itertools.count()


def new_number(born: str = ADULT) -> str:
    """Return another invented identity number."""
    return identity_number(born, next(_serials) % 700 + 200)


def another_photo() -> Any:
    """Return a photo that no other is like."""
    shade = next(_shades)
    return upload(photo_bytes(colour=f"#{shade % 256:02x}{shade // 256:02x}40"))


def make_keeper() -> User:
    """Return a veterans service officer."""
    return make_user("veterans_officer")


def make_beneficiary(
    keeper: User, name: str = "秦月兰", *, born: str = ADULT, category: str = "V3", **values: Any
) -> Beneficiary:
    """Take somebody outside into the register."""
    return register.register(
        {
            "name": name,
            "identity_number": new_number(born),
            "phone": "13900000021",
            "category": category,
            "valid_from": datetime.date(2025, 1, 1),
            **values,
        },
        keeper,
    )


def make_account(beneficiary: Beneficiary) -> User:
    """Give a person outside an account."""
    return make_user("military_family", person=beneficiary.person)


def make_agent(name: str = "许文竹") -> User:
    """Return an account of somebody with an identity number, who could act for others."""
    return make_user("employee", person=make_person(name, identity_number=new_number()))


def entrust(
    keeper: User,
    principal: Beneficiary,
    agent: Person,
    *,
    kind: str = "delegation",
    items: Iterable[Any] | None = None,
    verified: bool = True,
    **values: Any,
) -> Representation:
    """Enter a right to act, verified unless told otherwise; for the housing item by default."""
    begin = values.pop("valid_from", datetime.date.today())
    row = representatives.add(
        principal.pk,
        {
            "kind": kind,
            "name": agent.name,
            "identity_number": agent.identity_number,
            "phone": agent.phone,
            "items": [housing()] if items is None else items,
            "valid_from": begin,
            "valid_to": begin + datetime.timedelta(days=180),
            **values,
        },
        [another_photo()],
        keeper,
    )
    if verified:
        representatives.verify(row.pk, keeper)
    return Representation.objects.get(pk=row.pk)


def fill(
    application: Application, user: User, answers: dict[str, Any] | None = None, *, card: str = CARD
) -> Application:
    """Fill everything that a draft still lacks, as the account."""
    application = Application.objects.select_related("case", "item").get(pk=application.pk)
    application.given_answers = answers or WIDOW
    application.save(update_fields=["answers"])
    if card:
        values = {"bank_name": "岚川储蓄银行", "bank_card": card}
        services.save_bank(application.pk, user, values)
    application.refresh_from_db()
    for material in missing_materials(application):
        services.add_files(application, user, material.code, [another_photo()])
    notice = current_notice(NOTICE_CODE)
    give_consent(
        notice,
        notice.sensitive_kinds,
        person=application.case.applicant,
        owner_kind="case",
        owner_id=str(application.pk),
    )
    return Application.objects.select_related("case", "item").get(pk=application.pk)
