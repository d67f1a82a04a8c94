"""Who must stand aside: declared relatives, known or not, read and do nothing in a case."""

from __future__ import annotations

import dataclasses
from typing import Any

import pytest
from django.db.models import Q
from django.test import Client

from portal.cases import beside, kin, services
from portal.cases.models import Case, DeclaredRelative
from portal.cases.permissions import may_read, must_stand_aside
from portal.cases.refusals import ConditionNotMet, Recused
from tests.cases.test_case_page import fresh, page, signed_in, words_of
from tests.factories.cases import CLERK, MATTER, Matter, registered
from tests.factories.people import IDENTITY_NUMBERS, make_person, make_user

pytestmark = [pytest.mark.database, pytest.mark.django_db]

ADDRESS = "/cases/relatives/"


def declared(client: Client, **typed: Any) -> Any:
    return client.post(ADDRESS, {"name": "欧阳明远", "kind": "sibling", **typed})


def test_a_relative_is_declared_by_identity_number_and_the_case_goes_to_colleagues(
    matter: Matter,
) -> None:
    matter.to("submitted")
    colleague = make_user(CLERK)
    client = signed_in(matter.clerk)
    assert client.get(f"/cases/{matter.pk}/").status_code == 200
    assert matter.applicant.person is not None
    number = matter.applicant.person.identity_number
    assert declared(client, identity_number=number).status_code == 302
    assert must_stand_aside(matter.clerk, matter.case)
    assert not may_read(matter.clerk, matter.case)
    closed = client.get(f"/cases/{matter.pk}/")
    assert closed.status_code == 403
    assert "欧阳明远" not in words_of(closed)
    assert matter.case not in Case.objects.waiting_for(matter.clerk)
    assert matter.case in Case.objects.waiting_for(colleague)
    with pytest.raises(Recused):
        services.apply(matter.pk, "pass_on", matter.clerk)
    desk = words_of(client.get("/cases/?list=all"))
    assert "与您的近亲属有关" in desk
    assert "欧阳明远" not in desk
    assert number not in words_of(client.get(ADDRESS))


def test_it_counts_in_both_directions_and_by_employee_number(matter: Matter) -> None:
    matter.to("submitted")
    applicant = matter.applicant.person
    clerk = matter.clerk.person
    assert applicant is not None
    assert clerk is not None
    applicant.employee_number = "100777"
    applicant.save()
    client = signed_in(matter.clerk)
    wrong = declared(client, name="别人", employee_number="100777")
    assert wrong.status_code == 422
    assert "没有这个姓名和工号" in words_of(wrong)
    assert declared(client, employee_number="100777").status_code == 302
    assert must_stand_aside(matter.clerk, matter.case)
    assert declared(client, employee_number="100777").status_code == 422, "twice"
    row = DeclaredRelative.objects.get()
    assert client.get(f"{ADDRESS}{row.pk}/end/").status_code == 200
    assert client.post(f"{ADDRESS}{row.pk}/end/").status_code == 302
    assert client.post(f"{ADDRESS}{row.pk}/end/").status_code == 302
    assert not must_stand_aside(matter.clerk, matter.case)
    # The other way round: the applicant, who works on cases too, names the clerk.
    kin.declare(
        matter.applicant, name=clerk.name, kind="spouse", identity_number=IDENTITY_NUMBERS[3]
    )
    clerk.identity_number = IDENTITY_NUMBERS[3]
    clerk.save()
    assert must_stand_aside(type(matter.clerk).objects.get(pk=matter.clerk.pk), matter.case)


@pytest.mark.parametrize(
    "typed",
    [
        {},
        {"identity_number": IDENTITY_NUMBERS[1], "employee_number": "100777"},
        {"identity_number": "123"},
        {"identity_number": IDENTITY_NUMBERS[1], "kind": "neighbour"},
        {"identity_number": IDENTITY_NUMBERS[1], "name": ""},
    ],
)
def test_what_cannot_be_right_is_refused_and_kept(typed: dict[str, str]) -> None:
    answer = declared(signed_in(make_user(CLERK)), **typed)
    assert answer.status_code == 422
    assert not DeclaredRelative.objects.exists()


def test_nobody_declares_himself() -> None:
    person = make_person("林晓岚", identity_number=IDENTITY_NUMBERS[2])
    user = make_user(CLERK, person=person)
    with pytest.raises(ConditionNotMet):
        kin.declare(user, name="林晓岚", kind="other", identity_number=IDENTITY_NUMBERS[2])


def test_who_reads_what(matter: Matter) -> None:
    kin.declare(matter.clerk, name="罗秀英", kind="parent", identity_number=IDENTITY_NUMBERS[4])
    row = DeclaredRelative.objects.get()
    assert "罗秀英" in words_of(signed_in(matter.clerk).get(ADDRESS))
    assert "罗秀英" not in words_of(signed_in(make_user(CLERK)).get(ADDRESS))
    assert signed_in(make_user(CLERK)).post(f"{ADDRESS}{row.pk}/end/").status_code == 404
    assert signed_in(make_user("employee")).get(ADDRESS).status_code == 403
    assert signed_in(matter.clerk).get(f"{ADDRESS}all/").status_code == 403
    for reader in (matter.decider, make_user("discipline_auditor")):
        text = words_of(signed_in(reader).get(f"{ADDRESS}all/"))
        assert "罗秀英" in text
        assert IDENTITY_NUMBERS[4] not in text


def test_who_stood_aside_reads_no_more(matter: Matter) -> None:
    matter.to("submitted")
    matter.step("ask", matter.clerk, reason="缺复印件", note="只给同事看的话")
    assert "只给同事看的话" in words_of(page(matter.clerk, matter))
    second = make_user(CLERK)
    beside.recuse(matter.pk, second, "邻居")
    closed = page(second, matter)
    assert closed.status_code == 403
    assert "只给同事看的话" not in words_of(closed)
    again = signed_in(second).post(f"/cases/{matter.pk}/stand-aside/", {**fresh(), "reason": "x"})
    assert again.status_code == 403
    assert "您已回避" in words_of(signed_in(second).get("/cases/?list=all"))


def test_a_flow_says_whom_its_case_names_by_number(matter: Matter) -> None:
    matter.to("submitted")
    seen: list[Any] = []

    def names(indexes: Any) -> Q:
        seen.append(list(indexes))
        named = Case.objects.filter(number=matter.case.number)
        return Q(pk__in=named.values("pk")) if seen[-1] else Q(pk__in=[])

    with registered(dataclasses.replace(MATTER, names=names)):
        assert not must_stand_aside(matter.clerk, matter.case)
        kin.declare(matter.clerk, name="未知", kind="child", identity_number=IDENTITY_NUMBERS[2])
        fresh_clerk = type(matter.clerk).objects.get(pk=matter.clerk.pk)
        assert must_stand_aside(fresh_clerk, matter.case)
        assert matter.case not in Case.objects.waiting_for(fresh_clerk)
    with registered(dataclasses.replace(MATTER, concerns=lambda _case, _person: True)):
        assert must_stand_aside(make_user(CLERK), matter.case)


def test_the_list_asks_as_often_for_many_cases(
    matter: Matter, django_assert_max_num_queries: Any
) -> None:
    from tests.factories.cases import make_submitted

    client = signed_in(matter.clerk)
    make_submitted(3)
    client.get("/cases/?list=all")
    with django_assert_max_num_queries(60) as few:
        client.get("/cases/?list=all")
    make_submitted(12)
    with django_assert_max_num_queries(len(few)):
        client.get("/cases/?list=all")
