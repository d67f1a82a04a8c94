"""No personal data without saying what for: the inventory follows the models."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from django.apps import apps
from django.db import models
from django.test import Client
from django.urls import reverse

from portal.personal_data import inventory as inventories
from portal.personal_data.fields import BlindIndexField, EncryptedTextField
from portal.personal_data.inventory import faults, inventory, register_personal_fields
from portal.roles.table import ROLES
from tests.factories.people import make_user


@pytest.fixture
def new_model() -> Iterator[type[models.Model]]:
    """A model that an application adds and says nothing of."""

    class Relative(models.Model):
        title = models.CharField(max_length=10)
        secret = EncryptedTextField()
        secret_index = BlindIndexField(source="secret")
        home_phone = models.CharField(max_length=20)

        class Meta:
            app_label = "workdays"

    yield Relative
    apps.all_models["workdays"].pop("relative")
    apps.clear_cache()


def of_the_new_model() -> list[str]:
    return [fault for fault in faults() if "Relative" in fault]


def test_every_encrypted_field_of_the_portal_has_an_entry() -> None:
    """Turns red for whoever adds a field: register it with purpose, basis and retention."""
    assert faults() == []


def test_a_new_field_without_an_entry_turns_it_red(new_model: type[models.Model]) -> None:
    assert of_the_new_model() == [
        "workdays.Relative.secret is encrypted and not in the inventory.",
        "workdays.Relative.home_phone sounds personal and is not in the inventory.",
    ]


def test_what_was_said_is_checked_against_the_models(
    new_model: type[models.Model], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(inventories, "_entries", dict(inventories._entries))
    monkeypatch.setattr(inventories, "_not_personal", dict(inventories._not_personal))
    register_personal_fields(
        "workdays.Relative",
        {"secret": "health", "title": "bank", "gone": "ordinary"},
        purpose="x",
        basis="x",
        retention="x",
    )
    inventories.register_not_personal("workdays.Relative.home_phone", "a house")
    assert of_the_new_model() == [
        "workdays.Relative.title is sensitive and not encrypted.",
        "workdays.Relative.gone is in the inventory and in no model.",
    ]
    with pytest.raises(ValueError, match="nonsense"):
        register_personal_fields("x.X", {"y": "nonsense"}, purpose="", basis="", retention="")


def test_what_it_says_of_the_number_of_a_person() -> None:
    row = next(row for row in inventory() if row.label == "people.Person.identity_number")
    assert row.sensitive
    assert row.encrypted
    assert row.can_be_revealed
    name = next(row for row in inventory() if row.label == "people.Person.name")
    assert not (name.sensitive or name.encrypted or name.can_be_revealed)


def test_every_row_says_what_for_by_which_clause_and_how_long() -> None:
    for row in inventory():
        assert all(str(text).strip() for text in vars(row.entry).values()), row.label


@pytest.mark.django_db
def test_exactly_the_officers_and_auditors_read_it() -> None:
    readers = []
    for code in ROLES:
        client = Client()
        client.force_login(make_user(code))
        response = client.get(reverse("data_inventory"))
        if response.status_code == 200:
            readers.append(code)
            text = response.content.decode()
            assert "people.Person.identity_number" in text
            assert "已撤回的同意" in text
    assert set(readers) == {
        *("discipline_auditor", "audit_administrator"),
        *("system_administrator", "security_administrator"),
    }
