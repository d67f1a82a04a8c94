"""Answers, leaflets, briefings and lists of greetings: for whom, what holds, what is refused."""

from __future__ import annotations

import datetime
import io
import subprocess
from collections.abc import Callable
from decimal import Decimal
from typing import Any

import openpyxl
import pytest
from django.core.exceptions import ValidationError
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from portal.archives.models import Record
from portal.notifications.models import Message
from portal.people.models import User
from portal.publishing.queue import flush
from portal.refusals import NotPossible, NotYours, TooLate
from portal.roles.table import ROLES
from tests.factories.people import make_user
from tests.factories.publicity import (
    DAY,
    HOUR,
    make_answer,
    make_beneficiary,
    make_briefing,
)
from tests.factories.standards import item_text, officer, published, published_item, standard_page
from veterans.models import BriefingPage, Greeting, GreetingList, SignUp
from veterans.publicity import briefings, greetings
from veterans.publicity.leaflet import leaflet_html

pytestmark = [pytest.mark.database, pytest.mark.django_db]


@pytest.fixture(autouse=True)
def monday(time_machine):
    """A Monday without holidays near it."""
    time_machine.move_to("2026-11-23 09:00+08:00")


def client_of(user: User | None) -> Client:
    client = Client()
    if user is not None:
        client.force_login(user)
    return client


def queries(run: Callable[[], Any]) -> int:
    with CaptureQueriesContext(
        connection,
    ) as captured:
        run()
    return len(captured)


# ---- Every page is a record


@pytest.mark.parametrize("make", [make_answer, make_briefing], ids=["answer", "briefing"])
def test_what_is_published_is_a_record(make: Callable[..., Any]) -> None:
    page = make()
    flush()
    record = Record.objects.get(source_kind="page", source_id=str(page.pk))
    assert record.kind == page.kind
    assert record.title == page.title


# ---- Common questions


def test_answers_are_found_by_topic_item_and_words() -> None:
    published()
    lost = make_answer()
    agent = make_answer("儿子能替我申请吗？", topic="family", body="[]")
    make_answer("还没有审核的问题", live=False)
    flush()
    client = client_of(make_user())

    def titles(**query: str) -> set[str]:
        page = client.get(reverse("support_answers"), query)
        assert page.status_code == 200
        return {answer.title for answer in page.context["page_obj"]}

    assert titles() == {lost.title, agent.title}
    assert titles(topic="family") == {agent.title}
    assert titles(topic="nothing") == {lost.title, agent.title}
    assert titles(q="退役证") == {lost.title}
    assert titles(q="查档") == {lost.title}
    assert titles(q="没有这样的词语") == set()
    assert titles(item="housing") == set()
    assert titles(q="\x00%_'\"", page="x") == set()


def test_the_list_of_answers_costs_the_same_with_many() -> None:
    client = client_of(make_user())
    address = reverse("support_answers")
    for number in range(2):
        make_answer(f"问题{number}")
    flush()
    client.get(address)
    few = queries(lambda: client.get(address))
    for number in range(2, 24):
        make_answer(f"问题{number}")
    flush()
    assert queries(lambda: client.get(address)) == few


# ---- Leaflets


def test_the_leaflet_says_what_the_standard_says_and_leads_to_its_page() -> None:
    version = published()
    page = standard_page(version)
    flush()
    answer = Client().get(reverse("support_leaflet", args=["housing"]))
    assert answer.status_code == 200
    assert answer["Content-Type"] == "application/pdf"
    made = subprocess.run(
        ["pdftotext", "-", "-"], input=answer.content, stdout=subprocess.PIPE, check=True
    )
    words = "".join(made.stdout.decode().split())
    assert "1,500元" in words
    assert version.phone in words
    html = leaflet_html(version, f"http://testserver{page.url}")
    assert page.url in html
    assert "<svg" in html
    assert "18pt" in html


def test_no_leaflet_without_a_standard_in_force() -> None:
    assert Client().get(reverse("support_leaflet", args=["housing"])).status_code == 404
    published(effective_from=datetime.date(2027, 1, 1))
    assert Client().get(reverse("support_leaflet", args=["housing"])).status_code == 409


# ---- Briefings


def test_seats_then_waiting_list_then_the_first_who_waits_moves_up() -> None:
    page = make_briefing(capacity=2)
    people = [make_user() for _number in range(4)]
    states = [briefings.sign_up(page.pk, user).state for user in people]
    assert states == ["seated", "seated", "waiting", "waiting"]
    assert briefings.sign_up(page.pk, people[0]).pk == SignUp.objects.earliest("pk").pk
    briefings.cancel(page.pk, people[1])
    assert [row.state for row in SignUp.objects.order_by("pk")] == [
        *("seated", "cancelled", "seated", "waiting")
    ]
    assert Message.objects.count() == 1
    # Who cancelled can come back, behind the others.
    assert briefings.sign_up(page.pk, people[1]).state == "waiting"


def test_companions_take_seats_and_nobody_is_overtaken() -> None:
    page = make_briefing(capacity=3)
    family, single, other = (make_user() for _number in range(3))
    assert briefings.sign_up(page.pk, family, 1).state == "seated"
    assert briefings.sign_up(page.pk, single, 1).state == "waiting"
    # One seat is free, but somebody waits for two.
    assert briefings.sign_up(page.pk, other).state == "waiting"
    with pytest.raises(NotPossible):
        briefings.sign_up(page.pk, make_user(), 3)


def test_when_sign_ups_are_taken(time_machine: Any) -> None:
    page = make_briefing()
    early, late = make_user(), make_user()
    briefings.sign_up(page.pk, early)
    time_machine.move_to(page.sign_up_until + HOUR)
    with pytest.raises(TooLate):
        briefings.sign_up(page.pk, late)
    time_machine.move_to(page.starts_at + HOUR)
    with pytest.raises(TooLate):
        briefings.cancel(page.pk, early)
    with pytest.raises(TooLate):
        briefings.sign_up(make_briefing(live=False).pk, late)


@pytest.mark.parametrize(
    ("fields", "at"),
    [
        ({"ends_at": -HOUR}, "ends_at"),
        ({"sign_up_until": HOUR}, "sign_up_until"),
    ],
)
def test_times_in_the_wrong_order_are_refused(fields: dict[str, Any], at: str) -> None:
    begin = timezone.now() + DAY
    times = {"starts_at": begin, "ends_at": begin + HOUR, "sign_up_until": begin - HOUR}
    page = BriefingPage(title="解读会", place="三楼", speaker="周站长", capacity=10, **times)
    for name, apart in fields.items():
        setattr(page, name, begin + apart)
    with pytest.raises(ValidationError) as refused:
        page.clean()
    assert at in refused.value.message_dict


def test_those_with_a_seat_are_reminded_once(time_machine: Any) -> None:
    page = make_briefing(capacity=1)
    seated, waiting = make_user(), make_user()
    briefings.sign_up(page.pk, seated)
    briefings.sign_up(page.pk, waiting)
    assert briefings.remind().startswith("0 ")
    time_machine.move_to(page.starts_at - DAY)
    assert briefings.remind().startswith("1 ")
    assert briefings.remind().startswith("0 ")


def test_signing_up_through_the_page() -> None:
    page = make_briefing(capacity=1)
    flush()
    family, second = make_user(), make_user()
    client = client_of(family)
    assert "我要报名" in client.get(page.url).content.decode()
    done = client.post(
        reverse("support_briefing_sign_up", args=[page.pk]), {"companions": "0"}, follow=True
    )
    assert "有座位" in done.content.decode()
    full = client_of(second).get(page.url).content.decode()
    assert "座位已满" in full
    assert str(family.person) not in full
    for wrong in ({}, {"companions": "7"}, {"companions": "x"}):
        answer = client_of(second).post(
            reverse("support_briefing_sign_up", args=[page.pk]), wrong, follow=True
        )
        assert answer.status_code == 200
    assert SignUp.objects.count() == 1
    client.post(reverse("support_briefing_cancel", args=[page.pk]))
    assert SignUp.objects.get().state == "cancelled"
    visitor = Client().post(reverse("support_briefing_sign_up", args=[page.pk]), {"companions": 0})
    assert visitor.status_code == 409
    assert SignUp.objects.count() == 1


def test_exactly_the_officer_sees_who_comes(time_machine: Any) -> None:
    page = make_briefing()
    guest = make_user()
    briefings.sign_up(page.pk, guest)
    addresses = [
        reverse(name, args=[page.pk])
        for name in ("support_briefing_attendance", "support_briefing_sheet")
    ]
    for code in ROLES:
        user = make_user(code)
        for address in addresses:
            expected = 200 if code == "veterans_officer" else 403
            assert client_of(user).get(address).status_code == expected, (code, address)
    with pytest.raises(NotYours):
        briefings.note_attendance(page.pk, guest, [1])
    with pytest.raises(TooLate):
        briefings.note_attendance(page.pk, officer(), [1])
    time_machine.move_to(page.starts_at + HOUR)
    row = SignUp.objects.get()
    client = client_of(officer())
    client.post(addresses[0], {"came": [row.pk, "x"]})
    row.refresh_from_db()
    assert row.attended is True


def test_the_attendance_sheet_is_masked() -> None:
    page = make_briefing()
    guest = make_user()
    briefings.sign_up(page.pk, guest)
    answer = client_of(officer()).get(reverse("support_briefing_sheet", args=[page.pk]))
    book = openpyxl.load_workbook(io.BytesIO(b"".join(answer)))
    text = str([[cell.value for cell in row] for row in book.active.rows])
    assert str(guest.person) not in text
    assert "签名" in text


# ---- Greetings


def make_register() -> None:
    published_item("greetings")
    make_beneficiary("V1", "高建国")
    make_beneficiary("V3", "秦月兰")


def test_a_list_is_made_from_register_and_standard() -> None:
    make_register()
    made = greetings.make_list("spring-festival", 2027, officer())
    amounts = {row.person.name: row.amount for row in made.rows.all()}
    assert amounts == {"高建国": Decimal(1000), "秦月兰": Decimal(1500)}
    summer = greetings.make_list("army-day", 2027, officer())
    assert sorted(summer.rows.values_list("amount", flat=True)) == [800, 1300]
    assert greetings.totals(made).amount == 2500
    with pytest.raises(NotPossible):
        greetings.make_list("army-day", 2027, officer())


def test_the_category_with_the_most_counts_and_the_left_are_left_out() -> None:
    from veterans.models import BeneficiaryCategory

    published_item("greetings")
    both = make_beneficiary("V1", "高建国")
    BeneficiaryCategory.objects.create(
        beneficiary=both, category="V3", valid_from=datetime.date(2020, 1, 1)
    )
    make_beneficiary("V1", "赵德海", ended_on=datetime.date(2026, 1, 1))
    made = greetings.make_list("army-day", 2027, officer())
    row = made.rows.get()
    assert (row.category, row.amount) == ("V3", Decimal(1300))


def test_ticks_are_taken_back_until_the_list_is_closed() -> None:
    make_register()
    made = greetings.make_list("army-day", 2027, officer())
    row = made.rows.earliest("pk")
    assert greetings.tick(made.pk, officer(), {row.pk: "self"}) == 1
    assert greetings.tick(made.pk, officer(), {row.pk: "self"}) == 0
    assert greetings.totals(made).received == 1
    assert greetings.tick(made.pk, officer(), {row.pk: ""}) == 1
    assert greetings.totals(made).received == 0
    with pytest.raises(NotPossible):
        greetings.tick(made.pk, officer(), {row.pk: "by pigeon"})
    make_beneficiary("V6", "林晓岚")
    assert greetings.add_missing(made.pk, officer()) == 1
    greetings.close(made.pk, officer())
    for write in (
        lambda: greetings.tick(made.pk, officer(), {row.pk: "self"}),
        lambda: greetings.add_missing(made.pk, officer()),
        lambda: greetings.close(made.pk, officer()),
    ):
        with pytest.raises(TooLate):
            write()


def test_exactly_who_reads_lists_and_with_which_names() -> None:
    make_register()
    made = greetings.make_list("army-day", 2027, officer())
    lists = reverse("support_greeting_lists")
    address = reverse("support_greetings", args=[made.pk])
    sheet = reverse("support_greetings_sheet", args=[made.pk])
    readers = {"veterans_officer", "union_chair", "discipline_auditor"}
    for code in ROLES:
        client = client_of(make_user(code))
        expected = 200 if code in readers else 403
        for one in (lists, address, sheet):
            assert client.get(one).status_code == expected, (code, one)
        if code in readers:
            shown = "秦月兰" in client.get(address).content.decode()
            assert shown == (code == "veterans_officer"), code
        if code != "veterans_officer":
            row = made.rows.earliest("pk")
            status = client.post(address, {f"row-{row.pk}": "self"}).status_code
            assert status == 403, code
            closing = reverse("support_greetings_action", args=[made.pk, "close"])
            assert client.post(closing).status_code == 403
    assert Greeting.objects.filter(received_on__isnull=False).count() == 0
    assert client_of(make_user("veterans_officer")).get(lists).status_code == 200


def test_the_page_makes_ticks_and_closes_a_list() -> None:
    make_register()
    client = client_of(officer())
    lists = reverse("support_greeting_lists")
    for wrong in ({}, {"festival": "x", "year": "2027"}, {"festival": "army-day", "year": "x"}):
        page = client.post(lists, wrong)
        assert page.status_code == 422
        assert str(wrong.get("year", "2026")) in page.content.decode()
    client.post(lists, {"festival": "army-day", "year": "2027"})
    made = GreetingList.objects.get()
    again = client.post(lists, {"festival": "army-day", "year": "2027"})
    assert again.status_code == 422
    assert "已经有了" in again.content.decode()
    row = made.rows.earliest("pk")
    address = reverse("support_greetings", args=[made.pk])
    client.post(address, {f"row-{row.pk}": "family", "row-x": "self", "page": "1"})
    row.refresh_from_db()
    assert (row.receiver, row.ticked_by) == ("family", officer())
    assert client.post(address, {f"row-{row.pk}": "by pigeon"}).status_code == 422
    client.post(reverse("support_greetings_action", args=[made.pk, "close"]))
    assert client.post(address, {f"row-{row.pk}": "self"}).status_code == 409


def test_the_workbook_of_a_list_is_masked_and_sums_up() -> None:
    make_register()
    made = greetings.make_list("army-day", 2027, officer())
    answer = client_of(officer()).get(reverse("support_greetings_sheet", args=[made.pk]))
    book = openpyxl.load_workbook(io.BytesIO(b"".join(answer)))
    rows = [[cell.value for cell in row] for row in book.active.rows]
    text = str(rows)
    assert "秦月兰" not in text
    assert "秦**" in text
    assert rows[-1][1:5] == ["合计", "2人", None, 2100]


def test_a_list_costs_the_same_with_many_rows() -> None:
    make_register()
    made = greetings.make_list("army-day", 2027, officer())
    client = client_of(officer())
    address = reverse("support_greetings", args=[made.pk])
    client.get(address)
    few = queries(lambda: client.get(address))
    for number in range(15):
        make_beneficiary("V1", f"高建{number}")
    greetings.add_missing(made.pk, officer())
    assert queries(lambda: client.get(address)) == few


def test_the_texts_of_the_demo_agree_with_the_list() -> None:
    """The policy of the demo says 1,000 and 800, and 500 more for the bereaved."""
    assert "1000元" in item_text("greetings").summary
    assert "500元" in item_text("greetings").summary
