"""The pages of a round, from the form of the office to the decision, as people use them."""

from __future__ import annotations

import uuid
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from honors.models import Award, Nomination, NominationState, Round
from portal.people.models import User
from tests.factories.honor_rounds import DEEDS, FINDINGS, ONE_DAY, Judged

pytestmark = [pytest.mark.django_db(transaction=True)]


def browser(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client


class People:
    """The world of a round with a browser for each."""

    def __init__(self) -> None:
        self.world = Judged()
        self.office = browser(self.world.office)
        self.committee = browser(self.world.committee)
        self.secretary = browser(self.world.secretary)
        self.nominator = browser(self.world.nominator)

    def step(self, client: Client, code: str, **values: Any) -> Any:
        """Take a step on its page, having seen the page before."""
        case = self.world.case
        address = f"/cases/{case.pk}/steps/{code}/"
        assert client.get(address).status_code == 200, code
        sent = {"seen": case.sequence, "key": str(uuid.uuid4()), **values}
        response = client.post(address, sent)
        assert response.status_code == 302, response.content.decode()[:20_000]
        return response


def number(user: User) -> str:
    assert user.person is not None
    return str(user.person.employee_number)


def written(client: Client, address: str, **values: Any) -> Any:
    """Open a page, send its form, and expect that it was taken."""
    assert client.get(address).status_code == 200, address
    response = client.post(address, values)
    assert response.status_code == 302, response.content.decode()
    return response


def test_a_round_through_its_pages() -> None:
    people = People()
    world = people.world
    today = timezone.localdate()
    form = {
        "title": world.title.pk,
        "year": 2026,
        "closes_on": (today + 5 * ONE_DAY).isoformat(),
        "seats": 2,
        "quota": 2,
        "quotas": f"{world.unit.code} 1",
        "requirements": "请附事迹材料。",
        "judges": " ".join(number(user) for user in world.judges),
        "discipline": number(world.speakers["discipline"]),
        "safety": number(world.speakers["safety"]),
        "phone": "0000-1234",
    }
    written(people.office, "/honor-roll/rounds/new/", **form)
    world.pk = Round.objects.get().pk
    people.step(people.committee, "open")

    listed = people.nominator.get("/honor-roll/rounds/").content.decode()
    assert f"/honor-roll/rounds/{world.pk}/nominate/" in listed
    written(
        people.nominator,
        f"/honor-roll/rounds/{world.pk}/nominate/",
        kind="other",
        nominee_name="薛大勇",
        employee_number=number(world.nominee),
        branch=world.branch.pk,
        brief="三年零违章",
        deeds=DEEDS,
        submit="1",
    )
    nomination = Nomination.objects.get()
    assert nomination.state == NominationState.SUBMITTED
    page = f"/honor-roll/nominations/{nomination.pk}/"
    assert "薛大勇" in people.nominator.get("/honor-roll/nominations/").content.decode()
    assert "薛大勇" in people.secretary.get("/honor-roll/nominations/branch/").content.decode()
    written(
        people.secretary,
        f"{page}branch/",
        recommends="yes",
        assembly_on=today.isoformat(),
        attended=20,
        agreed=18,
        branch_opinion="同意推荐。",
    )
    Round.objects.update(closes_on=today - ONE_DAY)
    people.step(people.office, "close_nominations")
    for part, user in world.speakers.items():
        speaker = browser(user)
        assert page in speaker.get("/honor-roll/asked/").content.decode()
        written(speaker, f"{page}opinion/{part}/", verdict="agreed", words="")
    written(
        people.office,
        f"{page}examine/",
        criteria=["0", "1", "2"],
        decision="eligible",
    )
    people.step(people.office, "open_judging")
    for judge in world.judges:
        client = browser(judge)
        assert page in client.get("/honor-roll/asked/").content.decode()
        assert client.get(page).status_code == 200
        written(client, f"{page}score/", line_0=28, line_1=38, line_2=18, line_3="9.5")
    people.step(
        people.office,
        "end_judging",
        ballot_on=today.isoformat(),
        ballots=4,
        tellers="任监票",
        **{f"yes_{nomination.pk}": 4, f"no_{nomination.pk}": 0, f"abstained_{nomination.pk}": 0},
    )
    assert "93.50" in people.office.get(page).content.decode()
    people.step(people.office, "propose", winners=[nomination.pk])
    people.step(people.committee, "approve_list", meeting="党委会", meeting_on=today.isoformat())
    objection = world.object()
    colleague = browser(world.colleague)
    assert str(objection.pk) in colleague.get(f"/cases/{world.pk}/").content.decode()
    written(
        colleague,
        f"/honor-roll/objections/{objection.pk}/",
        investigators="周立本、何静",
        findings=FINDINGS,
        affects="no",
    )
    world.answer(objection)
    assert world.case.state == "on_notice"
    world.end_notice()
    people.step(
        people.office,
        "draft_decision",
        decision_number="测党发〔2026〕33号",
        decision_title="关于表彰优秀共产党员的决定",
        decided_on=today.isoformat(),
    )
    people.step(people.committee, "confer")
    assert Award.objects.get().subject_name == "薛大勇"
    decision = Round.objects.get().decision_page
    assert decision is not None
    assert "测党发〔2026〕33号" in Client().get(decision.url).content.decode()
    listed = Client().get("/honor-roll/decisions/").content.decode()
    assert decision.url in listed and "测党发〔2026〕33号" in listed
    assert "/honor-roll/decisions/" in Client().get("/honors/").content.decode()
    assert people.nominator.get(page).status_code == 200
    assert "薛大勇" in people.office.get(f"/cases/{world.pk}/").content.decode()


def test_titles_through_their_pages() -> None:
    people = People()
    listed = people.office.get("/honor-roll/titles/").content.decode()
    assert "安全生产模范岗" in listed
    assert people.office.get("/honor-roll/titles/safety-model-post/").status_code == 200
    edit = people.office.get("/honor-roll/titles/safety-model-post/edit/")
    assert edit.status_code == 200
    assert people.office.get("/honor-roll/titles/new/").status_code == 200
    assert people.nominator.get("/honor-roll/titles/").status_code == 403
