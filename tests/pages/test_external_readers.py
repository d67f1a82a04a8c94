"""Families have accounts, but what is for employees stays closed to them."""

from __future__ import annotations

import pytest
from django.test import Client

from portal.pages.models import Publication
from tests.factories.organizations import company
from tests.factories.pages import make_news_page
from tests.factories.people import make_user
from tests.factories.roles import make_assignment

pytestmark = [pytest.mark.database, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def pages() -> dict[str, object]:
    """One page for each audience, all of the same unit."""
    return {
        audience: make_news_page(
            title=f"给{audience}", audience=audience, unit=company(), live=True
        )
        for audience in ("public", "employees", "unit")
    }


def visible(user: object) -> set[str]:
    found = Publication.objects.visible_to(user).of_kind("news")  # type: ignore[arg-type]
    return set(found.values_list("audience", flat=True))


def test_a_family_reads_what_everybody_reads_and_not_more(pages) -> None:
    family = make_user("military_family")
    assert visible(family) == {"public"}
    client = Client()
    client.force_login(family)
    answers = {name: client.get(page.url).status_code for name, page in pages.items()}
    assert answers == {"public": 200, "employees": 403, "unit": 403}


def test_an_employee_of_the_family_stays_an_employee(pages) -> None:
    family = make_user("military_family")
    make_assignment(family, "employee")
    assert visible(family) == {"public", "employees", "unit"}
