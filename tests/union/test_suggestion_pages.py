"""The pages of suggestions: who reads what and not more, writing, scoring, the register."""

from __future__ import annotations

import uuid
from typing import Any

import pytest
from django.test import Client

from portal.cases.models import Case
from portal.roles.table import ROLES
from tests.factories.organizations import company, make_unit
from tests.factories.people import make_user
from tests.factories.suggestions import POINTS, Suggested, suggestion_class
from tests.factories.uploads import photo_bytes
from union.models import Suggestion
from union.suggestions import services
from union.suggestions.flow import STATES
from union.suggestions.permissions import OPEN_STATES, REGISTER_ROLES, visible_suggestions
from union.suggestions.tasks import score_tasks

pytestmark = [pytest.mark.database, pytest.mark.django_db]
LIST = "/participation/suggestions/"


@pytest.fixture(autouse=True)
def folders(tmp_path: Any, settings: Any) -> None:
    settings.PRIVATE_FILES_ROOT = tmp_path / "private"


def client_of(user: Any) -> Client:
    client = Client()
    client.force_login(user)
    return client


def make_listed(count: int, state: str) -> None:
    author = make_user("employee").person
    before = Suggestion.objects.count()
    for number in range(before, before + count):
        case = Case.objects.create(
            flow="union-suggestion",
            item=f"建议{number}",
            number=f"HL-2026-9{number:06d}",
            state=state,
            sequence=1,
            unit=company(),
            applicant=author,
        )
        Suggestion.objects.create(
            case=case,
            suggestion_class=suggestion_class(),
            present="现状",
            measures="措施",
            expected="效益",
        )


def test_each_role_reads_exactly_what_it_may() -> None:
    codes = {state.code for state in STATES if state.code != "draft"}
    for code in codes:
        make_listed(1, code)
    draft = Suggested()
    for role in ROLES:
        user = make_user(role)
        found = set(visible_suggestions(user).values_list("case__state", flat=True))
        if role in REGISTER_ROLES or role == "opinion_handler":
            assert found == codes, role
        elif role == "military_family":
            assert found == set(), role
        else:
            assert found == set(OPEN_STATES), role
        assert not visible_suggestions(user).filter(pk=draft.pk).exists()
    elsewhere = make_user("opinion_handler", unit=make_unit())
    found = set(visible_suggestions(elsewhere).values_list("case__state", flat=True))
    assert found == set(OPEN_STATES)


def test_a_co_author_reads_it_from_the_beginning() -> None:
    friend = make_user("employee")
    assert friend.person is not None
    world = Suggested(numbers=[friend.person.employee_number])
    assert not visible_suggestions(friend).exists()
    world.to("submitted")
    assert visible_suggestions(friend).get().pk == world.pk
    assert client_of(friend).get(f"{LIST}{world.pk}/").status_code == 200
    assert client_of(make_user("employee")).get(f"{LIST}{world.pk}/").status_code == 404


def test_writing_with_a_photo_and_handing_in_once() -> None:
    user = make_user("employee")
    client = client_of(user)
    wrong = client.post(f"{LIST}new/", {"title": "挡板", "expected_benefit": "-1", "submit": "1"})
    assert wrong.status_code == 422
    assert 'value="挡板"' in wrong.content.decode()
    from django.core.files.uploadedfile import SimpleUploadedFile

    form: dict[str, Any] = {
        "title": "井口热水器加挡板",
        "suggestion_class": suggestion_class().pk,
        "unit": company().pk,
        "present": "热水器出口正对着人，常常烫手。",
        "measures": "在出口加一块斜挡板，当天装上。",
        "expected": "接水不再烫手，一分钱不花。",
        "expected_benefit": "1200.50",
        "key": str(uuid.uuid4()),
        "submit": "1",
    }
    sent = client.post(
        f"{LIST}new/",
        {**form, "attachments": SimpleUploadedFile("a.jpg", photo_bytes(), "image/jpeg")},
    )
    found = Suggestion.objects.get()
    assert sent["Location"] == f"/cases/{found.pk}/"
    assert client.post(f"{LIST}new/", form)["Location"] == sent["Location"]
    assert Suggestion.objects.count() == 1
    assert str(found.expected_benefit) == "1200.50"
    assert found.case.documents.count() == 1
    assert client.get(sent["Location"]).status_code == 200
    assert client.get(f"{LIST}{found.pk}/edit/").status_code == 302


def test_the_scores_of_others_are_shown_once_the_own_is_given() -> None:
    world = Suggested()
    world.to("verified")
    first, second = world.scorers
    services.score(world.pk, first, {**POINTS, "technique": 27})
    address = f"{LIST}{world.pk}/score/"
    client = client_of(second)
    assert ">85<" not in client.get(address).content.decode()
    assert client.post(address, {"points-technique": "31"}).status_code == 422
    form = {f"points-{code}": str(value) for code, value in POINTS.items()}
    assert client.post(address, form).status_code == 302
    assert ">85<" in client.get(address).content.decode()
    assert world.suggestion.scores.count() == 2
    for user in (world.applicant, world.chair, make_user("employee")):
        assert client_of(user).get(address).status_code == 403


def test_scorers_have_a_task_until_they_scored() -> None:
    world = Suggested()
    world.to("verified")
    scorer = world.scorers[0]
    tasks = score_tasks(scorer)
    assert tasks is not None
    assert (tasks.count, len(tasks.tasks)) == (1, 1)
    services.score(world.pk, scorer, POINTS)
    assert score_tasks(scorer) is None
    assert score_tasks(make_user("employee")) is None


@pytest.mark.parametrize("role", sorted(ROLES))
def test_the_register_is_for_the_union_and_the_auditor(role: str) -> None:
    client = client_of(make_user(role))
    expected = 200 if role in REGISTER_ROLES else 403
    for address in (f"{LIST}register/", f"{LIST}register/sheet/"):
        assert client.get(address).status_code == expected, address


def test_lists_cost_the_same_at_5_and_at_more(
    django_assert_max_num_queries: Any, django_assert_num_queries: Any
) -> None:
    client = client_of(make_user("union_staff"))
    Suggested().to("awarded")
    make_listed(5, "adopted")
    for address in (LIST, f"{LIST}register/"):
        client.get(address)
        with django_assert_max_num_queries(32) as few:
            client.get(address)
        make_listed(40, "adopted")
        with django_assert_num_queries(len(few)):
            client.get(address)
