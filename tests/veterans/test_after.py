"""After the decision: bad ratings followed up, complaints answered, checks on the spot."""

from __future__ import annotations

import datetime
import uuid
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from portal.archives.models import Record
from portal.cases.refusals import MustBeAnother
from portal.people.models import User
from portal.personal_data.reveals import revealable
from portal.roles.table import ROLES
from tests.factories.complaints import make_complained
from tests.factories.people import make_user
from tests.factories.support import Journey, make_journey
from veterans.models import Application, Complaint, FollowUp, SiteVisit
from veterans.ratings import services
from veterans.ratings.registration import follow_up_tasks

pytestmark = [pytest.mark.django_db(transaction=True)]
FOLLOW_UPS = {"union_staff", "union_chair", "party_approver", "discipline_auditor"}
VISITS = {*FOLLOW_UPS, "veterans_officer"}


@pytest.fixture(autouse=True)
def monday(time_machine: Any, tmp_path: Any, settings: Any) -> None:
    settings.PRIVATE_FILES_ROOT = tmp_path / "private"
    settings.ARCHIVE_ROOT = tmp_path / "archive"
    time_machine.move_to("2026-11-23 09:00+08:00")


def signed_in(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client


@pytest.fixture
def rated() -> Journey:
    made = make_journey()
    made.to("rejected")
    made.step("rate", made.applicant, level=1, words="等了太久，没有人解释")
    return made


# ---- Follow-ups


@pytest.mark.parametrize(("level", "followed"), [(5, 0), (4, 0), (3, 0), (2, 1), (1, 1)])
def test_only_the_last_two_levels_are_followed_up(level: int, followed: int) -> None:
    made = make_journey()
    made.to("rejected")
    made.step("rate", made.applicant, level=level)
    assert FollowUp.objects.count() == followed
    if followed:
        assert FollowUp.objects.get().due_on == datetime.date(2026, 12, 14)


def test_nobody_of_the_rated_case_sees_who_rated(rated: Journey) -> None:
    follow_up = FollowUp.objects.get()
    office = rated.office
    address = reverse("support_follow_up", args=[follow_up.pk])
    for user in (office.reviewer, office.approver):
        client = signed_in(user)
        assert client.get(address).status_code == 404
        listed = client.get(reverse("support_follow_ups")).content.decode()
        assert rated.case.number not in listed
        case = client.get(f"/cases/{rated.case.pk}/").content.decode()
        assert "等了太久" not in case and "很不满意" not in case and "非常不满意" not in case
        found = follow_up_tasks(user)
        assert found is not None and found.count == 0
    for user in (office.station, office.payer):
        assert signed_in(user).get(address).status_code == 403
    for code, status in (("union_chair", 200), ("discipline_auditor", 200), ("employee", 403)):
        assert signed_in(make_user(code)).get(address).status_code == status, code


@pytest.mark.parametrize("code", sorted(ROLES))
def test_exactly_these_roles_open_follow_ups_and_visits(code: str) -> None:
    client = signed_in(make_user(code))
    follow_ups = client.get(reverse("support_follow_ups")).status_code
    assert follow_ups == (200 if code in FOLLOW_UPS else 403)
    assert client.get(reverse("support_visits")).status_code == (200 if code in VISITS else 403)
    complaint = client.get(reverse("support_complaint_new")).status_code
    assert complaint == (200 if code == "veterans_officer" else 403)


def test_a_bad_rating_is_verified_put_right_and_called_back(rated: Journey) -> None:
    follow_up = FollowUp.objects.get()
    chair = make_user("union_chair")
    client = signed_in(chair)
    address = reverse("support_follow_up", args=[follow_up.pk])
    found = revealable("veterans.Application.phone")
    application = Application.objects.get(pk=rated.case.pk)
    assert found is not None and found.may_reveal(chair, application)
    assert not found.may_reveal(make_user("finance_payer"), application)
    refused = client.post(address, {"state": "open", "words": "属实"})
    assert refused.status_code == 422 and "属实" in refused.content.decode()
    for state, values in (
        ("open", {"justified": "yes", "words": "退回时没有说明理由"}),
        ("verified", {"words": "已重新说明，并修改了告知模板"}),
        ("put-right", {"satisfied": "yes", "words": "本人表示理解"}),
    ):
        sent = client.post(address, {"state": state, **values})
        assert sent.status_code == 302, sent.content.decode()[:300]
    again = client.post(address, {"state": "open", "justified": "no", "words": "再来"})
    assert again.status_code == 422
    follow_up.refresh_from_db()
    assert (follow_up.state, follow_up.justified, follow_up.satisfied) == ("closed", True, True)
    assert not found.may_reveal(chair, application)
    auditor = signed_in(make_user("discipline_auditor"))
    assert 'name="state"' not in auditor.get(address).content.decode()
    assert auditor.post(address, {"state": "open"}).status_code == 403
    with pytest.raises(services.NotThisFollowUp):
        services.verify(follow_up.pk, rated.office.reviewer, True, "x")


# ---- Complaints


def test_a_call_is_taken_down_once_answered_by_another_and_rated() -> None:
    first = make_journey()
    first.to("rejected")
    clerk = first.office.station
    client = signed_in(clerk)
    address = reverse("support_complaint_new")
    form = {
        "channel": "hotline",
        "topic": "没有说明理由",
        "words": "为什么不批，也没有人打电话。",
        "name": "秦月兰",
        "phone": "139 0000 0001",
        "number": first.case.number,
        "is_applicant": "on",
        "key": str(uuid.uuid4()),
    }
    refused = client.post(address, {**form, "number": "YJ-2026-9999999"})
    assert refused.status_code == 422 and "为什么不批" in refused.content.decode()
    sent = client.post(address, form)
    assert sent.status_code == 302
    assert client.post(address, form)["Location"] == sent["Location"]
    complaint = Complaint.objects.get()
    assert complaint.phone == "13900000001"
    assert complaint.case.number.startswith("TS-2026-")
    page = client.get(sent["Location"]).content.decode()
    assert "139****0001" in page and "13900000001" not in page
    made = make_complained()
    made.pk = complaint.pk
    with pytest.raises(MustBeAnother):
        made.step("handle", first.office.reviewer)
    made.step("handle", made.handler)
    made.step("answer", made.handler, reason="决定书已补寄，理由见第三条第二项。")
    shown = signed_in(first.applicant).get(f"/cases/{made.pk}/").content.decode()
    assert "决定书已补寄" in shown
    made.step("again", first.applicant, reason="还没有收到")
    made.step("answer", made.handler, reason="已当面送达。")
    made.step("rate", clerk, level=2, words="电话回访：太慢")
    assert made.case.state == "closed"
    assert FollowUp.objects.get().rating.case_id == made.pk
    assert Record.objects.filter(source_kind="case", source_id=str(made.pk)).exists()


# ---- Checks on the spot


def test_a_check_on_the_spot_is_entered_by_two_visitors_and_shown_on_the_case() -> None:
    made = make_journey()
    made.to("accepted")
    client = signed_in(made.office.station)
    address = reverse("support_visit_new", args=[made.case.pk])
    assert address in client.get(f"/cases/{made.case.pk}/").content.decode()
    form = {
        "visited_on": "2026-11-20",
        "purpose": "check",
        "place": "青石梁家属区三号楼",
        "visitors": "周立本",
        "finding": "租住一室，与合同一致。",
        "conclusion": "confirmed",
    }
    alone = client.post(address, form)
    assert alone.status_code == 422 and "租住一室" in alone.content.decode()
    assert client.post(address, {**form, "visited_on": "2026-11-24"}).status_code == 422
    assert client.post(address, {**form, "visitors": "周立本, 许文竹"}).status_code == 302
    assert SiteVisit.objects.get().visitors == "周立本、许文竹"
    for user in (made.office.station, made.office.approver, make_user("discipline_auditor")):
        assert "租住一室" in signed_in(user).get(f"/cases/{made.case.pk}/").content.decode()
    for user in (made.applicant, made.office.payer):
        assert "租住一室" not in signed_in(user).get(f"/cases/{made.case.pk}/").content.decode()
    own = signed_in(made.applicant)
    assert own.get(address).status_code == 403
