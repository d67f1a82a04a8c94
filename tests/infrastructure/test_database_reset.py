"""After a test with real commits the database is as the migrations left it."""

from __future__ import annotations

import pytest
from django.apps import apps
from django.contrib.contenttypes.models import ContentType
from django.db import connection
from django.db.models import Model
from wagtail.models import Collection, Locale, Page, Site

pytestmark = pytest.mark.database


def counts() -> dict[str, int]:
    """Return the number of rows of every table that has a model."""
    models: list[type[Model]] = apps.get_models(include_auto_created=True)
    return {
        model._meta.db_table: model._default_manager.count()
        for model in models
        if model._meta.managed and not model._meta.proxy
    }


@pytest.fixture(scope="module")
def seen() -> dict[str, dict[str, int]]:
    """Row counts that one test leaves for the next."""
    return {}


@pytest.mark.parametrize("turn", ["first", "second"])
def test_commits_of_one_test_are_gone_in_the_next(
    transactional_db: None, seen: dict[str, dict[str, int]], turn: str
) -> None:
    now = counts()
    assert now == seen.setdefault("at the start", now)
    Locale.objects.create(language_code="en")
    Collection.get_first_root_node().add_child(name="One more")
    ContentType.objects.create(app_label="nowhere", model="nothing")
    assert counts() != now


def test_what_the_portal_stands_on_is_there(transactional_db: None) -> None:
    assert Page.objects.filter(depth=1).exists()
    assert Site.objects.filter(is_default_site=True).exists()
    assert Collection.objects.filter(depth=1).exists()
    assert Locale.objects.filter(language_code="zh-hans").exists()


@pytest.mark.parametrize("turn", ["first", "second"])
def test_new_rows_get_the_same_keys_in_every_test(
    transactional_db: None, seen: dict[str, dict[str, int]], turn: str
) -> None:
    key = Locale.objects.create(language_code="en").pk
    assert key == seen.setdefault("keys", {}).setdefault("locale", key)


@pytest.mark.parametrize("turn", ["first", "second"])
def test_the_ledger_stays_guarded(transactional_db: None, turn: str) -> None:
    always_on = (
        "SELECT count(*) FROM pg_trigger WHERE tgenabled = 'A'"
        if connection.vendor == "postgresql"
        else "SELECT count(*) FROM sqlite_master WHERE type = 'trigger'"
    )
    with connection.cursor() as cursor:
        cursor.execute(always_on)
        assert cursor.fetchone()[0] >= 2


@pytest.mark.postgresql
def test_the_session_that_put_the_rows_back_is_not_used_by_tests(transactional_db: None) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SHOW session_replication_role")
        assert cursor.fetchone()[0] == "origin"
