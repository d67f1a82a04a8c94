"""Two publish at the same moment: versions never overlap, and nobody publishes what changed."""

from __future__ import annotations

import pytest

from tests.factories.people import make_user
from tests.factories.roles import make_assignment
from tests.factories.standards import OPENING, draft, officer, publisher
from tests.infrastructure.at_once import together
from veterans.models import ItemVersion, SupportItem
from veterans.standards.reading import from_rows
from veterans.standards.refusals import StandardRefused
from veterans.standards.services import edited, propose, publish_version

pytestmark = [pytest.mark.database, pytest.mark.django_db(transaction=True)]


@pytest.fixture(autouse=True)
def today(time_machine):
    # The clock runs on: threads that wait for each other need one.
    time_machine.move_to("2026-11-22 10:00+08:00")


def proposed():
    version = draft()
    propose(version.pk, officer())
    return version.pk, from_rows(version).sha256()


def test_of_two_overlapping_versions_exactly_one_is_published():
    first, second = proposed(), proposed()
    other = make_user()
    make_assignment(other, "union_chair", valid_from=OPENING)
    results = together(
        *(
            lambda version=version, user=user: publish_version(
                version[0], user, seen_sha256=version[1]
            )
            for version, user in ((first, publisher()), (second, other))
        )
    )
    refused = [one for one in results if isinstance(one, StandardRefused)]
    assert len(refused) == 1, results
    assert ItemVersion.objects.published().count() == 1
    assert SupportItem.objects.count() == 1


def test_the_same_version_is_published_once():
    version, seen = proposed()
    other = make_user()
    make_assignment(other, "union_chair", valid_from=OPENING)
    results = together(
        *(
            lambda user=user: publish_version(version, user, seen_sha256=seen)
            for user in (publisher(), other)
        )
    )
    assert sum(isinstance(one, StandardRefused) for one in results) == 1, results


def test_an_edit_at_the_moment_of_publication_is_refused_or_comes_first():
    version, seen = proposed()
    draft_now = ItemVersion.objects.get(pk=version)
    results = together(
        lambda: publish_version(version, publisher(), seen_sha256=seen),
        lambda: edited(draft_now, officer()),
    )
    assert sum(isinstance(one, StandardRefused) for one in results) == 1, results
    state = ItemVersion.objects.get(pk=version)
    assert state.status in ("published", "draft")
    assert state.is_published == bool(state.snapshot_sha256)
