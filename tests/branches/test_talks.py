"""Talks are seen by the two and the secretary of their branch, by nobody and nothing else."""

from __future__ import annotations

from typing import Any

import pytest
from django.contrib.contenttypes.models import ContentType
from django.db import connection
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from wagtail.models import ModelLogEntry, Revision
from wagtail.search import index

from branches.activities.talks import correct_talk, pairs_in, talks_seen, write_talk
from branches.models import Talk
from portal.archives.sources import sources
from portal.people.models import User
from portal.personal_data.my_data import as_json
from portal.refusals import ChangedMeanwhile, NotPossible, NotYours
from tests.factories.activities import BranchWorld, make_world
from tests.factories.organizations import make_branch
from tests.factories.people import make_user
from tests.factories.roles import make_assignment

SECRET = "近来两班倒，家中老人住院，希望调整班次"


@pytest.fixture
def world(db: None) -> BranchWorld:
    """A branch of nine."""
    return make_world()


def make_talk(world: BranchWorld, by: User, first: int = 0, second: int = 1) -> Talk:
    """Write a talk between two ordinary members."""
    return write_talk(
        world.branch,
        by,
        kind="talk",
        talker=world.ordinary[first],
        partner=world.ordinary[second],
        held_on=timezone.localdate(),
        place="井口候车室",
        content=SECRET,
    )


def test_who_reads_a_talk_and_not_more(world: BranchWorld) -> None:
    first, second, third = (make_user(person=person) for person in world.ordinary[:3])
    talk = make_talk(world, first)
    above = make_user()
    assert world.branch.get_parent() is not None
    make_assignment(above, "branch_secretary", world.branch.get_parent())
    readers = {"talker": first, "partner": second, "secretary": world.host}
    others = {
        "member of the branch": third,
        "organization member": world.recorder,
        "Party staff": world.reviewer,
        "secretary of another branch": make_user("branch_secretary", unit=make_branch()),
        "secretary above": above,
        "superuser": make_user(is_superuser=True),
        **{
            code: make_user(code)
            for code in (
                *("party_approver", "discipline_auditor", "archivist"),
                *("system_administrator", "security_administrator", "audit_administrator"),
            )
        },
    }
    for name, user in readers.items():
        assert list(talks_seen(user)) == [talk], name
        client = Client()
        client.force_login(user)
        page = client.get(reverse("branch_talk", args=[talk.pk]))
        assert SECRET in page.content.decode(), name
    for name, user in others.items():
        assert not talks_seen(user).exists(), name
        client = Client()
        client.force_login(user)
        assert client.get(reverse("branch_talk", args=[talk.pk])).status_code == 404, name
        assert SECRET not in client.get(reverse("branch_talks")).content.decode(), name


def test_the_words_are_encrypted_and_in_no_copy(world: BranchWorld) -> None:
    talk = make_talk(world, world.host)
    with connection.cursor() as cursor:
        cursor.execute("select content, place from branches_talk where id = %s", [talk.pk])
        stored = " ".join(cursor.fetchone())
    assert SECRET not in stored
    assert "候车室" not in stored
    assert SECRET not in f"{talk} {talk!r}"
    assert not issubclass(Talk, index.Indexed)
    assert world.host.person is not None
    for user in (make_user(person=world.ordinary[0]), world.host):
        assert SECRET not in str(as_json(user))
    kind = ContentType.objects.get_for_model(Talk)
    assert not Revision.objects.filter(content_type=kind).exists()
    assert not ModelLogEntry.objects.filter(content_type=kind).exists()
    assert not any("talk" in code for source in sources() for code in source.kinds())


def test_the_year_counts_pairs_and_nothing_else(world: BranchWorld) -> None:
    make_talk(world, world.host)
    make_talk(world, world.host, 1, 0)
    make_talk(world, world.host, 0, 2)
    assert pairs_in(timezone.localdate().year) == {world.branch.pk: 2}
    client = Client()
    client.force_login(world.reviewer)
    page = client.get(reverse("branch_talks")).content.decode()
    assert world.branch.name in page
    for person in world.ordinary[:3]:
        assert person.name not in page


def test_who_writes_a_talk(world: BranchWorld) -> None:
    for user in (world.recorder, world.reviewer, make_user(person=world.ordinary[3])):
        with pytest.raises(NotYours):
            make_talk(world, user)
    with pytest.raises(NotPossible):
        make_talk(world, world.host, 1, 1)
    assert not Talk.objects.exists()


def test_a_talk_is_corrected_by_who_wrote_it(world: BranchWorld) -> None:
    talk = make_talk(world, world.host)
    partner = make_user(person=world.ordinary[1])
    with pytest.raises(NotYours):
        correct_talk(talk.pk, partner, 0, place="", content="改")
    correct_talk(talk.pk, world.host, 0, place="", content="更正后的内容")
    with pytest.raises(ChangedMeanwhile):
        correct_talk(talk.pk, world.host, 0, place="", content="旧窗口")


def test_what_was_typed_stays_when_a_talk_is_refused(world: BranchWorld) -> None:
    client = Client()
    client.force_login(make_user(person=world.ordinary[0]))
    form: dict[str, Any] = {
        "kind": "talk",
        "talker": world.ordinary[1].pk,
        "partner": world.ordinary[2].pk,
        "held_on": timezone.localdate().isoformat(),
        "content": SECRET,
    }
    answer = client.post(reverse("branch_talk_new"), form)
    assert answer.status_code == 403
    assert SECRET in answer.content.decode()
