"""Who may nominate whom, what is refused, who reads what; the branch and its quota."""

from __future__ import annotations

import datetime
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from honors.models import HonorIndexPage, HonorRoundPage, Nomination, NominationState, Round
from honors.rounds import nominating, preparing
from honors.rounds.permissions import may_read, reads_opinions
from portal import evidence
from portal.cases.models import Case, Kinship
from portal.evidence import forget, register_check
from portal.refusals import NotPossible, NotYours, TooLate
from tests.factories.honor_rounds import DEEDS, ONE_DAY, Judged, open_title, title_of
from tests.factories.people import make_person, make_user

pytestmark = pytest.mark.django_db


def world_nominating(**title: Any) -> Judged:
    """Return a round that takes nominations, without the publication of its notice."""
    world = Judged(open_title(**title))
    world.prepare()
    Case.objects.filter(pk=world.pk).update(state="nominating")
    return world


def test_nobody_nominates_themselves_where_the_title_does_not_take_it() -> None:
    world = world_nominating(by_self=False)
    for kind in ("self", "other"):
        with pytest.raises(NotPossible, match="不接受自荐"):
            world.nominate(world.nominator, kind=kind)
    assert not Nomination.objects.exists()


def test_oneself_is_taken_where_the_title_allows_it() -> None:
    world = world_nominating()
    made = world.nominate(world.nominator, kind="self")
    assert made.person == world.nominator.person
    assert made.state == NominationState.SUBMITTED


def test_the_same_person_is_nominated_once() -> None:
    world = world_nominating()
    first = world.nominate()
    with pytest.raises(NotPossible, match="已有推荐"):
        world.nominate(by=make_user("employee"))
    nominating.withdraw(first.pk, world.nominator)
    world.nominate(by=make_user("employee"))


def test_the_same_post_is_nominated_once_however_it_is_written() -> None:
    world = Judged(title_of("vanguard-post"))
    world.prepare()
    Case.objects.filter(pk=world.pk).update(state="nominating")
    post: dict[str, Any] = {"person": None, "unit": world.unit, "position": "一班"}
    world.nominate(subject_name="瓦检 一岗", **post)
    with pytest.raises(NotPossible):
        world.nominate(by=make_user("employee"), subject_name="瓦检一岗", **post)


def test_after_the_last_day_nothing_is_taken() -> None:
    world = world_nominating()
    draft = nominating.save_draft(
        world.pk,
        world.nominator,
        {
            "kind": "other",
            "person": world.nominee.person,
            "subject_name": "",
            "branch": world.branch,
            "brief": "事迹",
            "deeds": DEEDS,
        },
    )
    Round.objects.update(closes_on=timezone.localdate() - ONE_DAY)
    for act in (
        lambda: nominating.hand_in(draft.pk, world.nominator),
        lambda: world.nominate(by=make_user("employee")),
    ):
        with pytest.raises(TooLate):
            act()


def test_only_the_branch_speaks_for_the_branch() -> None:
    world = world_nominating()
    with pytest.raises(NotPossible, match="支部负责人"):
        world.nominate(kind="branch")
    made = world.nominate()
    for stranger in (world.nominator, make_user("branch_secretary", unit=world.unit)):
        world.secretary, kept = stranger, world.secretary
        with pytest.raises(NotYours):
            world.recommend(made)
        world.secretary = kept
    world.recommend(made)
    made.refresh_from_db()
    assert made.state == NominationState.RECOMMENDED


def test_a_branch_needs_more_than_half_of_those_present() -> None:
    world = world_nominating()
    made = world.nominate()
    with pytest.raises(NotPossible, match="一半"):
        world.recommend(made, attended=20, agreed=10)


def test_beyond_the_quota_nobody_is_recommended() -> None:
    world = world_nominating()
    people = [
        make_user("employee", person=make_person(f"职工{number}", unit=world.unit))
        for number in range(3)
    ]
    made = [world.nominate(person) for person in people]
    world.recommend(made[0])
    world.recommend(made[1])
    with pytest.raises(NotPossible, match="名额2个，已推荐2个"):
        world.recommend(made[2])
    # Whoever is not recommended takes no place.
    world.recommend(made[2], recommends=False, branch_opinion="本次不推荐")
    made[2].refresh_from_db()
    assert made[2].state == NominationState.DECLINED


@pytest.fixture
def under_discipline() -> Any:
    """Let the portal know of a penalty of one person."""
    barred: set[int | None] = set()

    def check(subject: Any) -> str:
        found = subject.person is not None and subject.person.pk in barred
        return "处分期内" if found else ""

    before = evidence._registry.checks.get("discipline")
    register_check("discipline", "纪检", check)
    yield barred
    forget("discipline")
    if before is not None:
        evidence._registry.checks["discipline"] = before


def test_who_is_under_discipline_is_not_recommended(under_discipline: set[Any]) -> None:
    world = world_nominating()
    under_discipline.add(world.nominee.person_id)
    # A colleague who nominates learns nothing of a penalty.
    made = world.nominate()
    with pytest.raises(NotPossible, match="处分期内"):
        world.recommend(made)
    under_discipline.add(world.nominator.person_id)
    with pytest.raises(NotPossible, match="处分期内"):
        world.nominate(world.nominator, kind="self")


def test_who_is_under_discipline_passes_no_examination(under_discipline: set[Any]) -> None:
    world = world_nominating()
    made = world.recommend(world.nominate())
    under_discipline.add(world.nominee.person_id)
    Case.objects.filter(pk=world.pk).update(state="examining")
    with pytest.raises(NotPossible, match="一票否决"):
        world.examine(made)
    with pytest.raises(NotPossible, match="理由"):
        world.examine(made, "ineligible")
    world.examine(made, "ineligible", reason="处分期内不参评")


def test_conditions_vetoes_and_discipline_stand_before_eligible() -> None:
    world = world_nominating()
    made = world.recommend(world.nominate())
    Case.objects.filter(pk=world.pk).update(state="examining")
    with pytest.raises(NotPossible, match="有条件不符合"):
        world.examine(made, criteria=[0])
    with pytest.raises(NotPossible, match="一票否决"):
        world.examine(made, vetoes=[1])
    with pytest.raises(NotPossible, match="保留或者不同意的理由"):
        world.speak(made, "against")
    world.speak(made, "against", "正在核查一件信访。")
    with pytest.raises(NotPossible, match="纪检部门不同意"):
        world.examine(made)
    world.speak(made)
    world.examine(made)


def test_a_nomination_comes_back_and_is_corrected() -> None:
    world = world_nominating()
    made = world.recommend(world.nominate())
    Case.objects.filter(pk=world.pk).update(state="examining")
    world.examine(made, "returned", reason="事迹没有数据")
    values = {
        "kind": "other",
        "person": world.nominee.person,
        "branch": world.branch,
        "brief": "查出隐患四十条",
        "deeds": DEEDS,
    }
    with pytest.raises(NotYours):
        nominating.save_draft(world.pk, world.office, values, nomination_id=made.pk)
    nominating.save_draft(world.pk, world.nominator, values, nomination_id=made.pk)
    nominating.hand_in(made.pk, world.nominator)
    made.refresh_from_db()
    assert (made.state, made.brief) == (NominationState.RECOMMENDED, "查出隐患四十条")
    assert [step.state for step in made.steps.all()] == [
        "submitted",
        "recommended",
        "returned",
        "recommended",
    ]


def test_who_reads_a_nomination_and_who_reads_what_was_said_of_it() -> None:
    world = world_nominating()
    made = world.recommend(world.nominate())
    made = Nomination.objects.select_related("round__case__unit", "branch").get(pk=made.pk)
    stranger, relative_office = make_user("employee"), make_user("party_staff")
    Kinship.objects.create(
        person_id=relative_office.person_id or 0,
        relative_id=world.nominee.person_id or 0,
        kind="sibling",
    )
    readers = {
        "nominator": (world.nominator, True, False),
        "nominee": (world.nominee, True, False),
        "secretary": (world.secretary, True, False),
        "office": (world.office, True, True),
        "committee": (world.committee, True, True),
        "auditor": (world.speakers["discipline"], True, True),
        "safety": (world.speakers["safety"], True, False),
        "judge": (world.judges[0], False, False),
        "stranger": (stranger, False, False),
        "union": (make_user("union_staff"), False, False),
        "relative": (relative_office, False, False),
        "officer": (make_user("system_administrator"), False, False),
    }
    for name, (user, reads, opinions) in readers.items():
        assert may_read(user, made) is reads, name
        assert reads_opinions(user, made) is opinions, name
        client = Client()
        client.force_login(user)
        status = client.get(f"/honor-roll/nominations/{made.pk}/").status_code
        assert status == (200 if reads else 404), name


def test_lists_cost_the_same_however_long_they_are() -> None:
    world = world_nominating()
    clients = {}
    for name in ("nominator", "secretary", "office"):
        clients[name] = Client()
        clients[name].force_login(getattr(world, name))
    pages = (
        ("nominator", "/honor-roll/nominations/"),
        ("secretary", "/honor-roll/nominations/branch/"),
        ("office", f"/cases/{world.pk}/"),
        ("office", "/honor-roll/rounds/"),
    )

    def costs() -> list[int]:
        found = []
        for name, page in pages:
            clients[name].get(page)
            with CaptureQueriesContext(
                connection,
            ) as caught:
                assert clients[name].get(page).status_code == 200, page
            found.append(len(caught))
        return found

    for _number in range(2):
        world.nominate(make_user("employee"))
    few = costs()
    for _number in range(9):
        world.nominate(make_user("employee"))
    assert costs() == few


def test_typed_nominations_say_what_is_wrong_and_keep_what_was_typed() -> None:
    world = world_nominating()
    client = Client()
    client.force_login(world.nominator)
    Round.objects.update(page=None)
    address = f"/honor-roll/rounds/{world.pk}/nominate/"
    assert client.get(address).status_code == 404
    page = HonorRoundPage(
        title="通知",
        slug="notice",
        title_name="称号",
        opened_on=datetime.date(2026, 11, 1),
        closes_on=datetime.date(2026, 12, 1),
        live=False,
    )
    HonorIndexPage.objects.get().add_child(instance=page)
    Round.objects.update(page=page)
    typed = {
        "kind": "other",
        "nominee_name": "张三",
        "employee_number": str(world.nominee.person.employee_number),  # type: ignore[union-attr]
        "branch": world.branch.pk,
        "brief": "事迹在此",
        "deeds": "太短",
    }
    response = client.post(address, typed)
    words = response.content.decode()
    assert response.status_code == 422
    assert "事迹在此" in words and "太短" in words
    response = client.post(address, {**typed, "deeds": DEEDS})
    assert response.status_code == 422
    assert "nominee_name" in response.context["form"].errors
    assert not Nomination.objects.exists()


def test_a_title_of_two_years_has_no_round_between() -> None:
    world = Judged(open_title(cycle="two-yearly"))
    world.prepare()
    for year, words in ((2026, "已经有了"), (2025, "每两年"), (2027, "每两年")):
        with pytest.raises(NotPossible, match=words):
            preparing.prepare(world.colleague, {**world.values, "year": year}, world.members, {})
    preparing.prepare(world.colleague, {**world.values, "year": 2028}, world.members, {})


@pytest.mark.parametrize(
    ("field", "typed"),
    [
        ("judges", "不存在"),
        ("judges", ""),
        ("closes_on", "2020-01-01"),
        ("quotas", "没有的单位 3"),
        ("quotas", "TEST 三"),
        ("discipline", "0000"),
        ("year", "1900"),
        ("seats", "0"),
        ("title", "x"),
    ],
)
def test_what_is_wrong_with_a_round_stands_next_to_its_field(field: str, typed: str) -> None:
    world = Judged()
    client = Client()
    client.force_login(world.office)
    numbers = " ".join(str(person.employee_number) for person in world.members["judge"])
    sent = {
        **{name: world.values[name] for name in ("year", "seats", "quota", "phone")},
        "title": world.title.pk,
        "closes_on": world.values["closes_on"].isoformat(),
        "requirements": "请附材料，不得弄虚作假。",
        "judges": numbers,
        field: typed,
    }
    response = client.post("/honor-roll/rounds/new/", sent)
    assert response.status_code == 422
    assert field in response.context["form"].errors
    assert "请附材料，不得弄虚作假。" in response.content.decode()
    assert not Round.objects.exists()
