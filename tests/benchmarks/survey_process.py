"""The measured half of the benchmark of surveys.

``python -m tests.benchmarks.survey_process INVITED ANSWERS CLOSED`` lets ANSWERS of INVITED people
send 33 answers each through the whole portal, sends as many through a stock Wagtail form of 33
fields, exports both, closes a survey of CLOSED sheets, and opens a result page of 60 units. Prints
one line ``NAME VALUE`` in milliseconds for each figure.
"""

from __future__ import annotations

import random
import sys
import time
from typing import Any

import django

from tests.benchmarks.cases_process import quantile
from tests.benchmarks.opinion_sending_process import timed

QUESTIONS, UNITS, MILLISECONDS = 33, 60, 1_000
PAGES = 30


def questions() -> list[dict[str, Any]]:
    """Return thirty questions with five levels in six dimensions, and three in own words."""
    from tests.factories.survey_answers import question

    levels = [
        question(
            f"level-{number}",
            "likert",
            dimension={"code": f"dimension-{number % 6}", "name": f"维度{number % 6}"},
        )
        for number in range(QUESTIONS - 3)
    ]
    return [*levels, *(question(f"words-{number}", "text", required=False) for number in range(3))]


def signed_in(count: int, people: Any) -> list[Any]:
    """Return browsers of so many people with accounts."""
    from django.test import Client

    from portal.people.models import User

    clients = []
    for person in people[:count]:
        user = User.objects.create(username=person.employee_number, person=person)
        client = Client()
        client.force_login(user)
        clients.append(client)
    return clients


def sheet(chance: random.Random, prefix: str = "q-") -> dict[str, str]:
    """Return what a browser sends."""
    sent = {f"{prefix}level-{number}": str(chance.randint(1, 5)) for number in range(30)}
    return sent | {
        f"{prefix}words-{number}": "食堂晚班没有热饭，希望改一改。" for number in range(3)
    }


def send(survey: Any, clients: list[Any], chance: random.Random) -> list[float]:
    """Let people answer through the portal; return the milliseconds of each."""
    from django.urls import reverse

    address, took = reverse("survey_answer", args=[survey.pk]), []
    for client in clients:
        response, milliseconds = timed(client.post, address, sheet(chance))
        assert response.status_code == 302, response.status_code
        took.append(milliseconds)
    return took


def send_alone(survey: Any, invitations: Any, chance: random.Random) -> list[float]:
    """Check and keep answers without the web around them, as the stock form is measured."""
    from django.http import QueryDict

    from union.surveys.questionnaire import typed_answers
    from union.surveys.submitting import submit

    took = []
    for invitation in invitations:
        form = QueryDict(mutable=True)
        form.update(sheet(chance))

        def keep(form: Any = form, invitation: Any = invitation) -> None:
            submit(survey, invitation, typed_answers(survey.questions, form))

        took.append(timed(keep)[1])
    return took


def stock_page() -> Any:
    """Return a stock form page of as many fields."""
    from django.apps import apps
    from django.db import connection
    from wagtail.contrib.forms.models import FormSubmission
    from wagtail.models import Page

    from portal.pages.models import HomePage
    from tests.benchmarks.stock_forms.models import StockFormField, StockFormPage

    with connection.schema_editor() as editor:
        for model in (FormSubmission, *apps.get_app_config("stock_forms").get_models()):
            editor.create_model(model)
    page = StockFormPage(title="问卷", slug="stock-form", live=False)
    (HomePage.objects.first() or Page.objects.get(depth=1)).add_child(instance=page)
    for number in range(QUESTIONS):
        kind = "number" if number < QUESTIONS - 3 else "multiline"
        StockFormField.objects.create(
            page=page, sort_order=number, label=f"field {number}", field_type=kind
        )
    return StockFormPage.objects.get(pk=page.pk)


def send_stock(page: Any, clients: list[Any], chance: random.Random) -> list[float]:
    """Send as many answers through the stock form; return the milliseconds of each."""
    from django.contrib.auth import get_user
    from django.test import RequestFactory

    names = [field.clean_name for field in page.form_fields.all()]
    took = []
    for client in clients:
        values = sheet(chance, "")
        request = RequestFactory().post("/", dict(zip(names, values.values(), strict=True)))
        request.session = client.session
        request.user = get_user(request)

        def serve(request: Any = request) -> None:
            form = page.get_form(request.POST, page=page, user=request.user)
            assert form.is_valid(), form.errors
            page.process_form_submission(form)

        _none, milliseconds = timed(serve)
        took.append(milliseconds)
    return took


def warm(export: Any) -> float:
    """Return the median of five exports after one that only loads what they need."""
    export()
    return quantile([timed(export)[1] for _round in range(5)], 0.5)


def export_stock(page: Any) -> float:
    """Return the milliseconds of a stock export as Excel."""
    from django.test import RequestFactory
    from wagtail.contrib.forms.views import SubmissionsListView

    from portal.people.models import User

    request = RequestFactory().get("/", {"export": "xlsx"})
    request.user = User.objects.create_superuser("stock-export")
    view = SubmissionsListView.as_view()

    def export() -> None:
        response = view(request, form_page=page)
        b"".join(response.streaming_content)

    return warm(export)


def close_large(count: int, chance: random.Random) -> tuple[Any, float]:
    """Close a survey of so many sheets; return it and the milliseconds."""
    import json

    from tests.factories.survey_answers import make_open_survey
    from union.models import AnswerUrn
    from union.surveys import closing, urns

    units = [f"unit-{number}" for number in range(UNITS)]
    survey = make_open_survey(count, questions=questions(), units=units, code="large")
    survey.invitations.update(is_done=True)
    waiting = [
        {
            "segments": {"unit": chance.choice(units)},
            "answers": {f"level-{number}": chance.randint(1, 5) for number in range(30)},
        }
        for _sheet in range(count)
    ]
    size = urns.URN_SIZE
    AnswerUrn.objects.bulk_create(
        AnswerUrn(
            survey=survey,
            sheets=json.dumps(waiting[start : start + size], ensure_ascii=False),
            words=json.dumps({"words-0": ["希望改一改。"] * (size // 4)}, ensure_ascii=False),
            count=size,
            is_sealed=True,
        )
        for start in range(0, count, size)
    )
    return survey, timed(closing.close, survey.pk)[1]


def result_pages(survey: Any) -> tuple[list[float], float]:
    """Return the milliseconds of opening the result page of 60 units, and of its Excel."""
    from django.test import Client
    from django.urls import reverse

    from tests.factories.organizations import company
    from tests.factories.people import make_user
    from tests.factories.roles import make_assignment

    staff = make_user()
    make_assignment(staff, "union_staff", company())
    client = Client()
    client.force_login(staff)
    address = reverse("survey_results", args=[survey.pk])
    client.get(address)
    took = []
    for _round in range(PAGES):
        response, milliseconds = timed(client.get, address)
        assert response.status_code == 200
        took.append(milliseconds)

    def export() -> None:
        found = client.get(reverse("survey_result_sheet", args=[survey.pk]))
        b"".join(found.streaming_content)  # type: ignore[attr-defined]

    return took, warm(export)


def measure(invited: int, answers: int, closed: int) -> None:
    """Measure everything and print it."""
    from portal.people.models import Person
    from tests.factories.survey_answers import make_open_survey

    chance = random.Random(12)
    survey = make_open_survey(invited, questions=questions(), code="measured")
    people = Person.objects.filter(pk__in=survey.invitations.values("person")).order_by("pk")
    clients = signed_in(answers, people)
    began = time.perf_counter()
    sent = send(survey, clients, chance)
    rest = survey.invitations.filter(is_done=False).order_by("pk")[:answers]
    alone = send_alone(survey, list(rest), chance)
    page = stock_page()
    stock = send_stock(page, clients, chance)
    print("send_median", quantile(sent, 0.5))
    print("send_p95", quantile(sent, 0.95))
    print("alone_median", quantile(alone, 0.5))
    print("stock_median", quantile(stock, 0.5))
    print("stock_p95", quantile(stock, 0.95))
    print("stock_export", export_stock(page))
    large, milliseconds = close_large(closed, chance)
    print("close", milliseconds)
    pages, export = result_pages(large)
    print("page_p95", quantile(pages, 0.95))
    print("export", export)
    print("whole", (time.perf_counter() - began) * MILLISECONDS)


if __name__ == "__main__":
    django.setup()
    measure(*map(int, sys.argv[1:4]))
