"""Nothing is added near anonymous data unseen.

Whoever adds a column or a table here has to say, in these lists, that it tells neither who sent
an opinion without a name, nor from where, nor when more finely than the day of its release.
"""

from __future__ import annotations

from typing import Any

from django.apps import apps
from django.db import models

# Every table of the urn, with every column.
URN: dict[str, set[str]] = {
    "union.WaitingItem": {"id", "mac", "sealed"},
    "union.SpentChallenge": {"id", "day"},
    "union.BatchRelease": {"id", "slot"},
    "union.QuarantinedItem": {
        *("id", "day", "preview", "to_discipline", "mac", "sealed"),
        "accused_path",  # chosen by the sender, as the opinion has it
    },
}
# What an opinion without a name is after its release: columns that hold nothing of the sender but
# the text, with those that belong to the office or to named senders beside them.
RELEASED: dict[str, dict[str, str]] = {
    "union.Opinion": {
        "case": "key",
        "box": "chosen by the sender",
        "category": "chosen by the sender",
        "mode": "chosen by the sender",
        "channel": "online",
        "text": "the text",
        "accused_unit": "chosen by the sender",
        "may_publish": "chosen by the sender",
        "received_on": "day of the release",
        "receipt_mac": "keyed digest",
        "entered_by": "clerk; empty with a receipt, by a constraint",
        "face_to_face": "clerk",
        "level": "how often it was reopened",
        "raised_by": "branch that raises a matter; empty with a receipt",
        "is_made_public": "whether the union wrote a public reply",
    },
    "union.OpinionMessage": {
        "id": "key",
        "opinion": "key",
        "direction": "sender or office",
        "body": "the text",
        "day": "day of the release",
        "staff_user": "office; empty for the sender, by a constraint",
    },
    "cases.Case": {
        "id": "random key, given at the release",
        "flow": "by category",
        "item": "box and category",
        "number": "given at the release, in shuffled order",
        "tracking_digest": "empty",
        "tracking_tail": "empty",
        "state": "where it stands",
        "previous_state": "where it stood",
        "sequence": "number of events",
        "unit": "of the box",
        "lead_unit": "office",
        "applicant": "empty",
        "beneficiary": "empty",
        "handler": "office",
        "due_on": "day",
        "due_on_estimated": "whether the day is certain",
        "urgency": "day",
        "created_at": "moment of the release, which is that of its whole batch",
        "changed_at": "moment of a release or of a step of the office",
        "submitted_at": "beginning of the day of the release",
        "closed_at": "office, or beginning of the day of a release",
    },
    "cases.CaseEvent": {
        "id": "key",
        "case": "key",
        "sequence": "number",
        "transition": "what happened",
        "from_state": "where it stood",
        "to_state": "where it stands",
        "party": "sender or office",
        "actor": "office; empty for the sender",
        "at": "office, or beginning of the day of a release",
        "note_public": "the text",
        "note_internal": "office",
        "data": "last day",
    },
    "cases.Rating": {
        "id": "key",
        "case": "key",
        "level": "chosen by the sender",
        "words": "the text",
        "given_at": "beginning of the day of a release",
        "changed_at": "beginning of the day of a release",
    },
    "cases.CaseDocument": {
        "id": "key",
        "case": "key",
        "material": "constant",
        "title": "number of the picture",
        "file": "key",
        "letter": "constant",
        "added_at": "moment of the release",
        "replaced_at": "empty",
    },
    "files.StoredFile": {
        "id": "random key, given at the release",
        "owner_kind": "constant",
        "owner_id": "key of the case",
        "purpose": "constant",
        "original_name": "number of the picture",
        "media_type": "constant",
        "size": "of the picture drawn anew",
        "sha256": "of the picture drawn anew",
        "received_sha256": "of the picture drawn anew",
        "storage_name": "random",
        "key_id": "key ring",
        "wrapped_key": "key of the file",
        "state": "constant",
        "scan": "result of the scanner",
        "uploaded_by": "empty",
        "uploaded_at": "moment of the release",
        "replaces": "empty",
    },
}
# Tables that point at an opinion; all of them are written by the office.
POINTING = {"union.OpinionMessage", "union.OpinionHelp", "union.OpinionReply"}


def columns(label: str) -> set[str]:
    return {field.name for field in apps.get_model(label)._meta.concrete_fields}


def pointing_at(label: str) -> set[str]:
    """Return the tables with a reference to a table, whatever application they are of."""
    target = apps.get_model(label)
    found = set()
    for model in apps.get_models(include_auto_created=True):
        for field in model._meta.get_fields():
            if getattr(field, "concrete", False) and field.remote_field is not None:
                remote: Any = field.remote_field.model
                if remote is target:
                    found.add(model._meta.label)
    return found


def test_the_tables_of_the_urn_have_these_columns_and_no_others() -> None:
    assert {label: columns(label) for label in URN} == URN


def test_what_is_released_has_these_columns_and_no_others() -> None:
    assert {label: columns(label) for label in RELEASED} == {
        label: set(rows) for label, rows in RELEASED.items()
    }


def test_these_tables_point_at_opinions_and_no_others() -> None:
    assert pointing_at("union.Opinion") == POINTING


def test_nothing_points_at_the_urn() -> None:
    for label in URN:
        assert pointing_at(label) == set()


def test_the_urn_has_no_time_no_account_and_no_counter() -> None:
    for label in URN:
        fields = apps.get_model(label)._meta.concrete_fields
        assert not any(
            isinstance(field, models.DateTimeField | models.TimeField) for field in fields
        )
        assert not any(field.is_relation for field in fields)


def test_the_code_that_fills_the_urn_gives_every_key_itself() -> None:
    """Keys of a counter would be the order; SQLite's rowid is the key of these tables."""
    import inspect

    from union.anonymity import puzzles, urn
    from union.opinions import release

    assert "WaitingItem(pk=random_key()" in inspect.getsource(urn._write)
    assert "SpentChallenge(pk=key" in inspect.getsource(puzzles.spend)
    assert "pk=urn.random_key()" in inspect.getsource(release._set_aside)
