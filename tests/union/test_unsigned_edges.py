"""What a reviewer asked of opinions without a name: shared pages, batches of one, files on disk."""

from __future__ import annotations

import re
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile, TemporaryUploadedFile
from django.http import HttpRequest
from django.test import Client
from django.urls import reverse

from portal.cases import services as cases
from portal.cases.models import Case
from portal.notifications.models import Message
from portal.people import typed_text
from tests.factories.opinions import REPLY, Handled, make_box
from tests.factories.organizations import company, make_unit
from tests.factories.people import make_person, make_user
from tests.factories.unsigned import form_values, go_on, post, released, send
from tests.factories.uploads import photo_bytes
from union.anonymity import rates, urn
from union.models import FeedbackBoxPage, OpinionMode, QuarantinedItem, WaitingItem
from union.opinions import office_messages, quarantine, release
from union.opinions.office_registration import help_tasks

pytestmark = [pytest.mark.django_db]
CHALLENGE = re.compile(r'name="challenge" value="([^"]+)"')


@pytest.fixture(autouse=True)
def quiet_world(db: None, time_machine: Any, tmp_path: Any, settings: Any) -> None:
    settings.PRIVATE_FILES_ROOT = tmp_path / "private"
    settings.OPINION_PER_COMPUTER = 100
    time_machine.move_to("2026-11-23 10:31:17+08:00")
    company()


@pytest.fixture
def box() -> FeedbackBoxPage:
    return make_box()


def test_two_visitors_get_two_challenges(box: FeedbackBoxPage) -> None:
    """A page kept for all visitors would give its one challenge to everybody."""
    address = reverse("opinion_anonymous", args=[box.pk])
    pages = [Client().get(address).content.decode() for _visitor in range(2)]
    tokens = {found[1] for page in pages if (found := CHALLENGE.search(page))}
    assert len(tokens) == 2


# ---- No batch of one before its hour


def test_several_entries_of_one_sender_are_no_batch(settings: Any) -> None:
    receipt = send()
    released(receipt)
    release._begin_slot()
    for words in ("夜班也一样。", "周末也一样。", "节假日也一样。"):
        assert go_on(Client(), receipt, "message", body=words).status_code == 200
    assert WaitingItem.objects.count() == settings.OPINION_RELEASE_AT
    assert release.release_due() is None


def test_what_cannot_be_released_makes_no_batches_of_one(
    settings: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    let_out = release.let_out

    def broken(one: urn.Waiting) -> None:
        if "坏的" in one.entry["text"]:
            raise RuntimeError
        let_out(one)

    monkeypatch.setattr(release, "let_out", broken)
    for number in range(settings.OPINION_RELEASE_AT):
        send(**form_values(text=f"坏的一条，怎样也进不了流程（{number}）。"))
    release.release()
    release._begin_slot()
    send()
    assert release.release_due() is None
    assert not Case.objects.exists()
    assert urn.count() == settings.OPINION_RELEASE_AT + 1


def test_a_set_hour_that_failed_is_made_up_for(monkeypatch: pytest.MonkeyPatch) -> None:
    send()
    take_out = urn.take_out

    def broken() -> list[urn.Waiting]:
        raise RuntimeError("The database is away.")

    monkeypatch.setattr(urn, "take_out", broken)
    with pytest.raises(RuntimeError, match="away"):
        release.release_due()
    monkeypatch.setattr(urn, "take_out", take_out)
    done = release.release_due()
    assert done is not None
    assert done.count == 1


# ---- Files


def test_no_upload_has_a_name_on_disk(
    box: FeedbackBoxPage, settings: Any, tmp_path: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Large photos are written to disk while they arrive; nothing may be left of them there."""
    settings.FILE_UPLOAD_MAX_MEMORY_SIZE = 1
    named: list[str] = []
    begin = TemporaryUploadedFile.__init__

    def noted(self: Any, *args: Any, **kwargs: Any) -> None:
        begin(self, *args, **kwargs)
        named.append(self.temporary_file_path())

    monkeypatch.setattr(TemporaryUploadedFile, "__init__", noted)
    photo = SimpleUploadedFile("王建国的手机.jpg", photo_bytes(), "image/jpeg")
    response = post(Client(), box, **form_values(pictures=photo))
    assert response.status_code == 200
    assert named == []
    assert len(urn.opened()[0].entry["pictures"]) == 1


# ---- What is typed


def test_a_session_keeps_no_receipt() -> None:
    client = Client()
    receipt = send()
    released(receipt)
    typed = {"receipt": receipt, "mode": "named", "sure": "yes"}
    assert client.post(reverse("opinion_claim"), typed).status_code == 409
    waiting = typed_text.kept(_request_of(client))
    assert waiting is None or receipt not in str(waiting.fields)


def _request_of(client: Client) -> Any:
    request = HttpRequest()
    request.session = client.session
    return request


def test_a_sender_with_a_name_writes_nothing_into_a_finished_matter() -> None:
    handled = Handled()
    case = handled.to("closed")
    client = Client()
    client.force_login(handled.applicant)
    answer = client.post(reverse("opinion_message", args=[case.pk]), {"body": "还有一句话。"})
    assert answer.status_code == 422
    assert not handled.opinion.messages.filter(direction="sender").exists()


def test_no_number_is_too_long_for_the_quarantine() -> None:
    client = Client()
    client.force_login(make_user("union_staff"))
    answer = client.post(reverse("opinion_quarantine"), {"item": "9" * 5_000, "in": "yes"})
    assert answer.status_code == 404


def test_a_challenge_that_ends_while_it_is_read_asks_a_new_question(
    box: FeedbackBoxPage, time_machine: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    values = form_values()
    refuse = rates.refuse_too_many

    def slowly(bucket: str) -> None:
        time_machine.move_to("2026-11-23 10:51:17+08:00")
        refuse(bucket)

    monkeypatch.setattr(rates, "refuse_too_many", slowly)
    answer = post(Client(), box, **values)
    assert answer.status_code == 409
    assert values["text"] in answer.content.decode()
    assert values["challenge"] not in answer.content.decode()


# ---- Those an opinion is about


def test_nobody_it_is_about_looks_through_the_quarantine(settings: Any) -> None:
    settings.OPINION_PER_HOUR = 0
    accused = make_unit(name="机电队")
    send(**form_values(accused_unit=accused.pk))
    release.release()
    row = QuarantinedItem.objects.get()
    inside = make_user("union_staff", person=make_person("邓守拙", unit=accused))
    assert list(quarantine.of(make_user("union_staff"))) == [row]
    assert list(quarantine.of(inside)) == []
    client = Client()
    client.force_login(inside)
    values = {"item": str(row.pk), "out": "yes"}
    assert client.post(reverse("opinion_quarantine"), values).status_code == 404
    assert QuarantinedItem.objects.exists()


def test_nobody_it_is_about_is_told() -> None:
    """A message with box and number would say that somebody spoke up."""
    accused = make_unit(name="机电队")
    above = make_unit(name="生产指挥中心")
    inside = make_user("union_staff", person=make_person("邓守拙", unit=accused))
    chair = make_user("union_chair", person=make_person("秦守正", unit=accused))
    handler = make_user("opinion_handler", unit=above, person=make_person("陆知远", unit=accused))
    handled = Handled(accused=accused)
    handled.to("accepted")
    office_messages.tell_new(handled.case)
    helper = make_unit(name="安全监察部")
    helping = make_user("opinion_handler", unit=helper, person=make_person("何其正", unit=accused))
    colleague = make_user("opinion_handler", unit=helper)
    handled.dispatch(above, helpers=[helper], question="请说明情况。")
    handled.step("reply", make_user("opinion_handler", unit=above), reply=REPLY)
    told = set(Message.objects.values_list("user", flat=True))
    assert not told & {inside.pk, chair.pk, handler.pk, helping.pk}
    assert colleague.pk in told
    for user, expected in ((helping, []), (colleague, [handled.opinion.pk])):
        client = Client()
        client.force_login(user)
        page = client.get(reverse("opinion_help_list"))
        assert [row.opinion_id for row in page.context["page_obj"]] == expected
        assert bool(help_tasks(user)) == bool(expected)


# ---- A hidden name


@pytest.mark.parametrize(
    ("mode", "status"),
    [(OpinionMode.NAMED, 200), (OpinionMode.NAME_HIDDEN, 403), (OpinionMode.ANONYMOUS, 200)],
)
def test_nobody_missing_among_the_colleagues_tells_a_hidden_name(mode: str, status: int) -> None:
    """Whoever sent it cannot take it over, so the list of the others would name the sender."""
    handled = Handled(mode=mode)
    sender = make_user("opinion_handler", unit=handled.unit, person=make_person("费守信"))
    colleague = make_user("opinion_handler", unit=handled.unit, person=make_person("沈如海"))
    if mode != OpinionMode.ANONYMOUS:
        handled.applicant = sender
    handled.draft()
    anonymous = mode == OpinionMode.ANONYMOUS
    user = None if anonymous else sender
    cases.apply(handled.pk, "submit", user, {}, by_receipt=anonymous)
    handled.step("accept", handled.office)
    handled.dispatch()
    client = Client()
    client.force_login(handled.handler)
    page = client.get(reverse("case_hand_over", args=[handled.pk]))
    assert page.status_code == status
    assert (str(colleague) in page.content.decode()) == (status == 200)
