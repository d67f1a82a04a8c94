"""Sensitive values at rest."""

from __future__ import annotations

import base64

import pytest
from django.core.exceptions import ImproperlyConfigured
from django.db import IntegrityError, connection, transaction
from hypothesis import given
from hypothesis import strategies as st
from pytest_django import Settings

from portal.people.models import Person
from portal.personal_data.encryption import UnreadableValue, blind_index, decrypt, encrypt
from portal.personal_data.masking import masked, masked_identity_number, masked_phone
from tests.factories.people import IDENTITY_NUMBERS, make_person

NUMBER = IDENTITY_NUMBERS[0]
PHONE = "13900000077"


def key(letter: str) -> str:
    """Return a base64 key of 32 bytes."""
    return base64.b64encode(letter.encode() * 32).decode()


@pytest.mark.django_db
def test_the_database_holds_no_plain_text() -> None:
    """What SQL sees of a person is neither the identity number nor the phone number."""
    person = make_person(identity_number=NUMBER, phone=PHONE)
    with connection.cursor() as cursor:
        cursor.execute("SELECT * FROM people_person WHERE id = %s", [person.pk])
        row = cursor.fetchone()
        names = [column[0] for column in cursor.description]
    stored = dict(zip(names, row, strict=True))
    for value in map(str, row):
        assert NUMBER not in value
        assert PHONE not in value
    assert stored["identity_number"].startswith("v1:")
    assert stored["phone"].startswith("v1:")
    again = Person.objects.get(pk=person.pk)
    assert (again.identity_number, again.phone) == (NUMBER, PHONE)


@pytest.mark.django_db
def test_the_same_value_is_stored_differently_each_time() -> None:
    """Two people with one phone number cannot be tied together by what is encrypted."""
    make_person(phone=PHONE)
    make_person(phone=PHONE)
    with connection.cursor() as cursor:
        cursor.execute("SELECT DISTINCT phone FROM people_person")
        assert len(cursor.fetchall()) == 2


@pytest.mark.django_db
def test_people_are_found_by_the_blind_index() -> None:
    """Exact look-ups work in any spelling; anything else on an encrypted field is an error."""
    person = make_person(identity_number=IDENTITY_NUMBERS[4], phone=PHONE)
    make_person(identity_number=NUMBER)
    wide = str.maketrans("0123456789", "０１２３４５６７８９")
    for spelling in (IDENTITY_NUMBERS[4], IDENTITY_NUMBERS[4].translate(wide)):
        assert list(Person.objects.with_identity_number(spelling)) == [person]
    assert list(Person.objects.with_phone(f" {PHONE} ")) == [person]
    with pytest.raises(TypeError, match="blind index"):
        list(Person.objects.filter(**{"phone": PHONE}))
    with pytest.raises(TypeError, match="blind index"):
        list(Person.objects.filter(**{"phone__contains": "139"}))


@pytest.mark.django_db
def test_the_index_follows_the_value() -> None:
    """A corrected phone number is found, the old one no more; two people share no identity."""
    person = make_person(identity_number=NUMBER, phone=PHONE)
    person.phone = "13900000078"
    person.save(update_fields=["phone", "phone_index"])
    assert list(Person.objects.with_phone("13900000078")) == [person]
    assert not Person.objects.with_phone(PHONE).exists()
    with pytest.raises(IntegrityError), transaction.atomic():
        make_person(identity_number=NUMBER)
    person.identity_number = ""
    person.save()
    make_person(identity_number=NUMBER)
    make_person(identity_number="")
    make_person(identity_number="")


@pytest.mark.django_db
def test_a_partial_save_cannot_leave_the_index_behind() -> None:
    """Saving only the encrypted field brings its index along."""
    person = make_person(phone=PHONE)
    person.phone = "13900000079"
    person.save(update_fields=["phone"])
    assert list(Person.objects.with_phone("13900000079")) == [person]


def test_key_rotation(settings: Settings) -> None:
    """A new key in front: old values stay readable, new ones use it; without the old, loudly."""
    settings.FIELD_ENCRYPTION_KEYS = [key("a")]
    old = encrypt("煤")
    settings.FIELD_ENCRYPTION_KEYS = [key("b"), key("a")]
    new = encrypt("煤")
    assert (decrypt(old), decrypt(new)) == ("煤", "煤")
    assert old.split(":")[1] != new.split(":")[1]
    settings.FIELD_ENCRYPTION_KEYS = [key("b")]
    assert decrypt(new) == "煤"
    with pytest.raises(UnreadableValue):
        decrypt(old)


@pytest.mark.django_db
def test_rotated_rows(settings: Settings) -> None:
    """Rows of the old key stay readable and findable; a missing key never looks like no value."""
    settings.FIELD_ENCRYPTION_KEYS = [key("a")]
    person = make_person(identity_number=NUMBER)
    settings.FIELD_ENCRYPTION_KEYS = [key("b"), key("a")]
    assert Person.objects.with_identity_number(NUMBER).get().identity_number == NUMBER
    settings.FIELD_ENCRYPTION_KEYS = [key("c")]
    with pytest.raises(UnreadableValue):
        Person.objects.get(pk=person.pk)


@pytest.mark.parametrize(
    "stored", ["", "plain", "v1:abc", "v2:0:AAAA", "v1:00000000:AAAA", "v1:x:***"]
)
def test_what_is_no_sealed_value_is_refused(stored: str) -> None:
    """Nothing but our own form is opened."""
    with pytest.raises(UnreadableValue):
        decrypt(stored)


def test_one_changed_character_is_found() -> None:
    """The tag tells that the stored bytes were changed, wherever that was."""
    sealed = encrypt(NUMBER)
    prefix, key_id, body = sealed.split(":")
    raw = bytearray(base64.b64decode(body))
    for position in range(len(raw)):
        raw[position] ^= 1
        with pytest.raises(UnreadableValue):
            decrypt(f"{prefix}:{key_id}:{base64.b64encode(raw).decode()}")
        raw[position] ^= 1


@pytest.mark.parametrize("keys", [[], ["short"], ["AAAA"], [key("a")[:-4]]])
def test_unusable_keys_are_configuration_errors(settings: Settings, keys: list[str]) -> None:
    """No key, no base64, wrong length: said at once instead of weak encryption."""
    settings.FIELD_ENCRYPTION_KEYS = keys
    with pytest.raises(ImproperlyConfigured):
        encrypt("煤")


def test_the_blind_index_depends_on_its_key(settings: Settings) -> None:
    """Without the key the digests of all eleven-digit numbers cannot be computed."""
    settings.BLIND_INDEX_KEY = key("a")
    first = blind_index(PHONE)
    assert first == blind_index(PHONE)
    settings.BLIND_INDEX_KEY = key("b")
    assert first != blind_index(PHONE)


@given(st.text())
def test_every_text_comes_back(value: str) -> None:
    """Whatever text goes in comes out; lone surrogates cannot be stored anywhere."""
    assert decrypt(encrypt(value)) == value


def test_masks() -> None:
    """3 + 4 stay visible, of short values nothing."""
    assert masked_identity_number(NUMBER) == "140***********0010"
    assert masked_phone("13900000001") == "139****0001"
    assert masked_phone("1390001") == "*******"
    assert masked_phone("") == ""


@given(st.text(max_size=40), st.integers(0, 5), st.integers(1, 5))
def test_a_mask_keeps_the_length_and_shows_no_more(value: str, head: int, tail: int) -> None:
    """A masked value is as long as the value and shows at most head and tail."""
    result = masked(value, head, tail)
    assert len(result) == len(value)
    middle = result[head : len(result) - tail]
    assert set(middle) <= {"*"}
    if len(value) <= head + tail:
        assert set(result) <= {"*"}
