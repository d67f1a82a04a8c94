"""Papers on file count without being sent again, and what stands elsewhere, too, is shown."""

from __future__ import annotations

from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from portal.people.models import Person, User
from tests.factories.beneficiaries import another_photo, fill, make_account, make_beneficiary
from tests.factories.people import make_user
from tests.factories.standards import WIDOW, housing
from tests.factories.support import CARD, Office, make_journey, make_office
from veterans.applications import services
from veterans.applications.tasks import missing_materials, tasks_of
from veterans.beneficiaries import papers, register
from veterans.beneficiaries.duplicates import duplicates_of
from veterans.models import Application, Beneficiary, PaperOnFile, ReusedPaper

pytestmark = [pytest.mark.django_db(transaction=True)]


@pytest.fixture(autouse=True)
def monday(time_machine: Any, tmp_path: Any, settings: Any) -> None:
    settings.PRIVATE_FILES_ROOT = tmp_path / "private"
    settings.ARCHIVE_ROOT = tmp_path / "archive"
    time_machine.move_to("2026-11-23 09:00+08:00")


@pytest.fixture
def office() -> Office:
    return make_office()


@pytest.fixture
def mother(office: Office) -> Beneficiary:
    return make_beneficiary(office.station)


def again(account: User) -> Application:
    """Open the next draft of a person, with the same answers."""
    draft = services.start(housing(), account)
    person = account.person
    assert person is not None
    services.save_about(
        draft.pk,
        account,
        {
            "for_whom": "self",
            "relation": "",
            "name": person.name,
            "identity_number": person.identity_number,
            "phone": person.phone,
        },
    )
    draft.refresh_from_db()
    draft.given_answers = WIDOW
    draft.save(update_fields=["answers"])
    return Application.objects.select_related("case__beneficiary", "item").get(pk=draft.pk)


def exempt(application: Application) -> set[str]:
    from veterans.applications.tasks import wanted_materials

    return {row.code for row in wanted_materials(application) if row.exempt_when_on_file}


def test_what_was_reviewed_need_not_be_sent_again(
    office: Office, mother: Beneficiary, time_machine: Any
) -> None:
    account = make_account(mother)
    journey = make_journey(office, account)
    journey.to("reviewed")
    kept = set(PaperOnFile.objects.values_list("material", flat=True))
    time_machine.move_to("2026-11-24 09:00+08:00")
    draft = again(account)
    assert kept == exempt(draft) != set()
    assert not kept & {row.code for row in missing_materials(draft)}
    said = dict(next(task for task in tasks_of(draft) if task.code == "materials").said)
    assert "已有，免提交（2026年11月23日核验）" in said.values()
    client = Client()
    client.force_login(account)
    page = client.get(reverse("support_part", args=[draft.pk, "materials"])).content.decode()
    assert "已有，免提交" in page


def test_what_counted_is_written_down_with_the_case(office: Office, mother: Beneficiary) -> None:
    account = make_account(mother)
    certificate = register.add_certificate(
        mother.pk,
        {"kind": "martyr", "number": "LS1", "issued_on": None, "valid_until": None},
        [another_photo()],
        office.station,
    )
    register.verify_certificate(certificate.pk, office.station)
    draft = fill(again(account), account)
    assert not draft.case.documents.filter(material="martyr-certificate").exists()
    services.hand_in(draft, account)
    paper = PaperOnFile.objects.get()
    assert ReusedPaper.objects.get(application=draft).paper == paper
    event = draft.case.events.get(transition="submit")
    assert event.data["on_file"] == [paper.pk]
    # Withdrawn later, it still counts for what was handed in before.
    register.withdraw_certificate(certificate.pk, office.station)
    handed_in = Application.objects.select_related("case").get(pk=draft.pk)
    assert not missing_materials(handed_in)
    for user, status in (
        (office.reviewer, 200),
        (office.station, 200),
        (account, 200),
        (make_user("discipline_auditor"), 200),
        (make_user("employee"), 404),
        (make_user("archivist"), 404),
    ):
        client = Client()
        client.force_login(user)
        address = reverse("stored_file", args=[paper.file_id])
        assert client.get(address).status_code == status, user
    client = Client()
    client.force_login(office.reviewer)
    page = client.get(reverse("case", args=[draft.pk])).content.decode()
    assert "已有材料，免提交" in page


@pytest.mark.parametrize("why", ["over", "withdrawn", "other-person", "unsupported"])
def test_what_does_not_count_is_asked_for(
    office: Office, mother: Beneficiary, why: str, time_machine: Any
) -> None:
    account = make_account(mother)
    journey = make_journey(office, account)
    journey.to("accepted")
    opinion = "unsupported" if why == "unsupported" else "supported"
    journey.step("review", office.reviewer, opinion=opinion, reason="再核实")
    if why == "over":
        PaperOnFile.objects.update(valid_until="2026-11-22")
    elif why == "withdrawn":
        PaperOnFile.objects.update(withdrawn_on="2026-11-22")
    draft = again(account)
    if why == "other-person":
        other = Person.objects.create(name="别人", identity_number="140000197208010025")
        Application.objects.filter(pk=draft.pk).update(
            identity_number_index=other.identity_number_index
        )
        draft = Application.objects.select_related("case__beneficiary").get(pk=draft.pk)
    assert papers.papers_on_file(draft, list(draft.item.versions.get().standard.materials)) == {}


def test_an_old_paper_is_asked_for_when_the_standard_says_how_long(
    office: Office, mother: Beneficiary, time_machine: Any
) -> None:
    import dataclasses

    account = make_account(mother)
    make_journey(office, account).to("reviewed")
    draft = again(account)
    wanted = list(draft.item.versions.get().standard.materials)
    yearly = [dataclasses.replace(row, valid_months=12) for row in wanted]
    assert papers.papers_on_file(draft, yearly)
    time_machine.move_to("2027-11-24 09:00+08:00")
    assert papers.papers_on_file(draft, wanted)
    assert not papers.papers_on_file(draft, yearly)


# ---- Doubles


def test_the_same_card_photo_and_household_are_shown_to_the_reviewer(
    office: Office, mother: Beneficiary
) -> None:
    first = make_journey(office, make_account(mother))
    first.to("submitted")
    father = make_beneficiary(office.station, "秦伯安")
    register.add_tie(
        mother.pk,
        {
            "name": "秦伯安",
            "identity_number": father.person.identity_number,
            "kind": "spouse",
            "same_household": True,
        },
        office.station,
    )
    second = make_journey(office, make_account(father))
    second.to("accepted")
    application = Application.objects.select_related("case").get(pk=second.case.pk)
    found = {row.code: row for row in duplicates_of(application)}
    assert set(found) == {"card", "photo", "household"}
    assert all(row.cases == [first.case] for row in found.values())
    client = Client()
    client.force_login(office.reviewer)
    page = client.get(reverse("case", args=[second.case.pk])).content.decode()
    assert "另有受益人使用同一张银行卡" in page or "银行卡" in page
    assert first.case.number in page
    assert CARD not in page


def test_nothing_is_said_where_nothing_is_double(office: Office, mother: Beneficiary) -> None:
    journey = make_journey(office, make_account(mother))
    journey.to("submitted")
    assert duplicates_of(Application.objects.select_related("case").get(pk=journey.case.pk)) == []


def test_the_page_costs_the_same_with_more_doubles(office: Office) -> None:
    client = Client()
    client.force_login(office.reviewer)

    def another() -> Any:
        one = make_beneficiary(office.station)
        journey = make_journey(office, make_account(one))
        journey.to("submitted")
        return journey

    another()
    last = another()
    page = reverse("case", args=[last.case.pk])
    client.get(page)
    with CaptureQueriesContext(connection) as few:
        client.get(page)
    for _number in range(3):
        another()
    client.get(page)
    with CaptureQueriesContext(connection) as many:
        client.get(page)
    assert len(many) == len(few)
