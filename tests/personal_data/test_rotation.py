"""A new key: old values are renewed, then the old key can go."""

from __future__ import annotations

import base64
from io import StringIO

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.totp.internal.auth import TOTP
from django.core.management import CommandError, call_command
from django.db import DatabaseError, connection, transaction
from pytest_django import Settings

from portal import append_only
from portal.people.models import Person
from portal.personal_data.encryption import UnreadableValue, decrypt
from tests.factories.people import IDENTITY_NUMBERS, make_person, make_user

OLD = base64.b64encode(b"a" * 32).decode()
NEW = base64.b64encode(b"b" * 32).decode()
OTHER = base64.b64encode(b"c" * 32).decode()
SECRET = "JBSWY3DPEHPK3PXP"


@pytest.mark.database
@pytest.mark.django_db
def test_after_the_renewal_the_old_key_is_not_needed(settings: Settings) -> None:
    """Numbers of people and secrets of second factors, their indexes unchanged."""
    settings.FIELD_ENCRYPTION_KEYS = [OLD]
    person = make_person(identity_number=IDENTITY_NUMBERS[0], phone="13900000031")
    empty = make_person(phone="13900000032")
    user = make_user()
    TOTP.activate(user, SECRET)
    RecoveryCodes.activate(user)
    settings.FIELD_ENCRYPTION_KEYS = [NEW, OLD]
    late = make_person(identity_number=IDENTITY_NUMBERS[1], phone="13900000033")
    output = StringIO()
    call_command("renew_encryption", stdout=output)
    assert "people.Person.phone: 3 renewed" in output.getvalue()
    assert "people.Person.identity_number: 1 renewed" in output.getvalue()
    assert "second factors: 2 renewed" in output.getvalue()
    settings.FIELD_ENCRYPTION_KEYS = [NEW]
    assert Person.objects.with_identity_number(IDENTITY_NUMBERS[0]).get() == person
    assert Person.objects.get(pk=person.pk).phone == "13900000031"
    assert Person.objects.get(pk=empty.pk).identity_number == ""
    assert Person.objects.get(pk=late.pk).identity_number == IDENTITY_NUMBERS[1]
    totp = Authenticator.objects.get(type=Authenticator.Type.TOTP)
    assert decrypt(totp.data["secret"]) == SECRET
    with connection.cursor() as cursor:
        cursor.execute("SELECT phone FROM people_person")
        assert all(stored.startswith("v1:") for (stored,) in cursor.fetchall())


@pytest.mark.django_db
def test_again_there_is_nothing_to_do(settings: Settings) -> None:
    """Running twice is harmless."""
    settings.FIELD_ENCRYPTION_KEYS = [NEW]
    make_person()
    output = StringIO()
    call_command("renew_encryption", stdout=output)
    assert {line.rsplit(": ", 1)[1] for line in output.getvalue().splitlines()} == {"0 renewed"}


@pytest.mark.django_db
def test_a_missing_key_stops_it_loudly(settings: Settings) -> None:
    """What cannot be opened is not overwritten."""
    settings.FIELD_ENCRYPTION_KEYS = [OLD]
    person = make_person(phone="13900000031")
    settings.FIELD_ENCRYPTION_KEYS = [NEW, OTHER]
    with pytest.raises(CommandError, match="FIELD_ENCRYPTION_KEYS"):
        call_command("renew_encryption", stdout=StringIO())
    with pytest.raises(UnreadableValue):
        Person.objects.get(pk=person.pk)
    settings.FIELD_ENCRYPTION_KEYS = [OLD]
    assert Person.objects.get(pk=person.pk).phone == "13900000031"


@pytest.mark.database
@pytest.mark.django_db
def test_an_append_only_table_is_renewed_and_stays_append_only(
    settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The one lawful change: the same words under another key."""
    settings.FIELD_ENCRYPTION_KEYS = [OLD]
    person = make_person(phone="13900000031")
    table = append_only.AppendOnlyTable("people_person", ("id",), "People are append-only.")
    monkeypatch.setattr(append_only, "_tables", {table.table: table})
    connection.check_constraints()  # PostgreSQL alters no table on which something waits
    table.install(connection)
    settings.FIELD_ENCRYPTION_KEYS = [NEW, OLD]
    call_command("renew_encryption", stdout=StringIO())
    assert table.missing(connection) == []
    with pytest.raises(DatabaseError, match="append-only"), transaction.atomic():
        Person.objects.update(name="x")
    settings.FIELD_ENCRYPTION_KEYS = [NEW]
    assert Person.objects.get(pk=person.pk).phone == "13900000031"


@pytest.mark.django_db
def test_a_renewal_that_fails_leaves_the_table_append_only(
    settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Whatever goes wrong on the way, the triggers are back."""
    settings.FIELD_ENCRYPTION_KEYS = [OLD]
    make_person(phone="13900000031")
    table = append_only.AppendOnlyTable("people_person", ("id",), "People are append-only.")
    monkeypatch.setattr(append_only, "_tables", {table.table: table})
    connection.check_constraints()  # PostgreSQL alters no table on which something waits
    table.install(connection)
    settings.FIELD_ENCRYPTION_KEYS = [NEW, OTHER]
    with pytest.raises(CommandError):
        call_command("renew_encryption", stdout=StringIO())
    assert table.missing(connection) == []
