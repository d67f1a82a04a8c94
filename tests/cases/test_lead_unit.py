"""The unit that is asked to handle a case: who reads and acts by it, and who stays unnamed."""

from __future__ import annotations

import dataclasses
import io
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import pytest
from django.core.exceptions import ImproperlyConfigured
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils.translation import gettext
from openpyxl import load_workbook

from portal.cases import services
from portal.cases.flow import Effect, Flow, Party, PartyKind, State, Transition
from portal.cases.models import Case, Kinship
from portal.cases.permissions import belongs_to, holders, knows_applicant, may_read
from portal.cases.refusals import NotYourTurn
from portal.organizations.models import Unit
from portal.people.models import User
from portal.roles.table import ROLES
from tests.factories.cases import MATTER, registered
from tests.factories.organizations import company, make_unit
from tests.factories.people import make_person, make_user

pytestmark = [pytest.mark.database, pytest.mark.django_db]

UNION, ASKED, READER = "union_staff", "opinion_handler", "discipline_auditor"
HIDDEN = "不署名"


def _ask(context: Any) -> None:
    context.case.lead_unit = context.values["lead_unit"]


def _number(context: Any) -> None:
    context.case.number = f"QX-{Case.objects.filter(sequence__gt=0).count() + 1}"


ASKING = Flow(
    code="test-asking",
    name="请单位承办",
    prefix="QX",
    parties=(
        Party("sender", "反映人", PartyKind.APPLICANT, turn="您"),
        Party("union", "工会", roles=(UNION,), turn="工会"),
        Party("asked", "承办单位", roles=(ASKED,), turn="承办单位", of_lead_unit=True),
    ),
    states=(
        State("draft", "草稿", "sender", tone=""),
        State("sent", "已提交", "union"),
        State("handling", "办理中", "asked"),
        State("closed", "已办结", final=True),
    ),
    transitions=(
        Transition("send", "提交", ("draft",), "sent", ("sender",), effects=(
            Effect("number", "编号", _number),
        )),
        Transition("ask", "转办", ("sent",), "handling", ("union",), effects=(
            Effect("asked", "请一个单位承办", _ask),
        )),
        Transition("answer", "答复", ("handling",), "closed", ("asked",)),
    ),
    clocks=(),
    steps=(),
    initial="draft",
    subject_of=lambda _case: None,
    case_file=MATTER.case_file,
    case_parts=MATTER.case_parts,
    archive_kind=("test-asking-case", "案卷"),
    readers=(READER,),
    leaders=("union_chair",),
    hides_applicant=lambda case: case.item == HIDDEN,
)  # fmt: skip


@dataclass
class World:
    """Two units below the company, each with its handlers."""

    union: User
    sender: User
    mine: Unit
    below: Unit
    other: Unit

    def sent(self, item: str = HIDDEN) -> Case:
        case = services.open_draft(
            ASKING.code, item=item, unit=company(), applicant=self.sender.person
        )
        services.apply(case.pk, "send", self.sender)
        return Case.objects.get(pk=case.pk)

    def asked(self, unit: Unit, item: str = HIDDEN) -> Case:
        case = self.sent(item)
        services.apply(case.pk, "ask", self.union, {"lead_unit": unit})
        return Case.objects.get(pk=case.pk)


@pytest.fixture
def world() -> Iterator[World]:
    with registered(ASKING):
        mine = make_unit(name="甲队")
        yield World(
            make_user(UNION),
            make_user("employee", person=make_person("欧阳明远")),
            mine,
            make_unit(name="甲队一班", parent=mine),
            make_unit(name="乙队"),
        )


def signed_in(user: Any) -> Client:
    client = Client()
    client.force_login(user)
    return client


def listed(user: Any, tab: str) -> set[Any]:
    response = signed_in(user).get(f"/cases/?list={tab}&flow={ASKING.code}")
    return (
        {case.pk for case in response.context["page_obj"]} if response.status_code == 200 else set()
    )


@pytest.mark.parametrize("code", sorted(ROLES))
def test_each_role_reads_exactly_these_cases(world: World, code: str) -> None:
    """A role of the asked unit reads what its unit and those below were asked, and not more."""
    nobody, mine = world.sent(), world.asked(world.mine)
    below, other = world.asked(world.below), world.asked(world.other)
    user = make_user(code, unit=world.mine)
    everything = {nobody.pk, mine.pk, below.pk, other.pk}
    expected = {UNION: everything, READER: everything, ASKED: {mine.pk, below.pk}}.get(code, set())
    assert listed(user, "all") == expected
    waiting = {UNION: {nobody.pk}, ASKED: {mine.pk, below.pk}}.get(code, set())
    assert listed(user, "mine") == waiting
    assert {row.pk for row in Case.objects.filter(flow=ASKING.code).visible_to(user)} == expected
    for case in (nobody, mine, below, other):
        assert belongs_to(user, case) is (case.pk in expected)
        assert may_read(user, case) is (case.pk in expected)
        assert (user in holders(case, ASKING.roles())) is (case.pk in expected)
        status = signed_in(user).get(f"/cases/{case.pk}/").status_code
        assert status == (200 if case.pk in expected else 404)


def test_a_handler_of_the_unit_of_the_case_is_nobody(world: World) -> None:
    """The role counts where the case was sent to, not where the case belongs."""
    case = world.asked(world.other)
    assert case.unit == company()
    user = make_user(ASKED, unit=world.mine)
    with pytest.raises(NotYourTurn):
        services.apply(case.pk, "answer", user)
    services.apply(case.pk, "answer", make_user(ASKED, unit=world.other))


def test_a_name_that_is_hidden_is_on_no_page_of_the_asked_unit(world: World) -> None:
    case = world.asked(world.mine)
    handler = make_user(ASKED, unit=world.mine)
    name = world.sender.person.name  # type: ignore[union-attr]
    client = signed_in(handler)
    for address in (
        *("/cases/", "/cases/?list=all", f"/cases/{case.pk}/", f"/cases/{case.pk}/steps/answer/"),
        *(f"/cases/{case.pk}/steps/send/", f"/cases/{case.pk}/steps/ask/", "/workspace/"),
        *(f"/cases/?list=all&q={case.number}", f"/cases/{case.pk}/stand-aside/"),
    ):
        text = client.get(address, follow=True).content.decode()
        assert name not in text, address
        assert str(world.sender) not in text, address
    book = load_workbook(io.BytesIO(b"".join(client.get("/cases/export/?list=all"))))  # type: ignore[arg-type]
    cells = {str(cell) for row in book.active.values for cell in row}
    assert case.number in cells
    assert not any(name in cell for cell in cells)
    assert "反映人" in client.get(f"/cases/{case.pk}/").content.decode()
    # The union reads it, and so does the unit where the sender did not ask for silence.
    assert name in signed_in(world.union).get(f"/cases/{case.pk}/").content.decode()
    open_case = world.asked(world.mine, "署名")
    assert name in client.get(f"/cases/{open_case.pk}/").content.decode()


def test_a_relative_of_an_unknown_applicant_is_told_nothing(world: World) -> None:
    """To stand aside would say that a relative applied; who does not know is not biased."""
    case, known = world.asked(world.mine), world.asked(world.mine, "署名")
    handler = make_user(ASKED, unit=world.mine)
    Kinship.objects.create(
        person_id=handler.person_id or 0, relative_id=world.sender.person_id or 0, kind="sibling"
    )
    assert not knows_applicant(handler, case)
    assert listed(handler, "mine") == {case.pk, known.pk}
    told = str(gettext("Concerns a relative"))
    assert told not in signed_in(handler).get("/cases/?list=all").content.decode()
    assert signed_in(handler).get(f"/cases/{case.pk}/").status_code == 200
    # Where the name is known the relative stands aside, as everywhere.
    assert signed_in(handler).get(f"/cases/{known.pk}/").status_code == 403


def test_a_handler_reads_an_own_case_as_its_sender(world: World) -> None:
    handler = make_user(ASKED, unit=world.mine)
    world.sender = handler
    case = world.asked(world.mine)
    assert listed(handler, "all") == set()
    assert "steps/answer" not in signed_in(handler).get(f"/cases/{case.pk}/").content.decode()


def test_what_a_handler_left_is_everybodys_again(world: World) -> None:
    case = world.asked(world.mine)
    first, second = make_user(ASKED, unit=world.mine), make_user(ASKED, unit=world.mine)
    Case.objects.filter(pk=case.pk).update(handler=first)
    assert listed(second, "mine") == set()
    assert first.person is not None
    first.person.roles.update(unit=world.other)
    assert listed(second, "mine") == {case.pk}


def test_lists_cost_the_same_at_5_and_25(world: World) -> None:
    handler = make_user(ASKED, unit=world.mine)
    client = signed_in(handler)

    def cost(address: str) -> int:
        with CaptureQueriesContext(connection) as queries:
            assert client.get(address).status_code == 200
        return len(queries)

    for _ in range(5):
        world.asked(world.mine)
    addresses = ("/cases/", "/cases/?list=all")
    assert client.get("/cases/").status_code == 200
    few = {address: cost(address) for address in addresses}
    for _ in range(15):
        world.asked(world.mine)
    assert {address: cost(address) for address in addresses} == few


def test_a_role_counts_in_one_of_both_units() -> None:
    with pytest.raises(ImproperlyConfigured, match="counts in the asked unit"):
        dataclasses.replace(ASKING, readers=(ASKED,))
    with pytest.raises(ImproperlyConfigured, match="no roles to count"):
        dataclasses.replace(
            ASKING,
            parties=(*ASKING.parties, Party("x", "x", PartyKind.SYSTEM, of_lead_unit=True)),
        )
