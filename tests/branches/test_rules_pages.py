"""The rules of branch work as a page: who reads them, who changes them, what stays in the log."""

from __future__ import annotations

import pytest
from django.test import Client
from django.urls import reverse
from wagtail.models import ModelLogEntry

from branches.models import IndicatorRule, VoteRule
from branches.rules.editing import TABLES
from tests.factories.organizations import make_branch
from tests.factories.people import make_user

pytestmark = pytest.mark.django_db


def client_of(*roles: str) -> Client:
    client = Client()
    client.force_login(make_user(*roles))
    return client


def test_readers_see_every_rule_with_its_clause_and_only_the_department_changes_one() -> None:
    make_branch()
    reader = client_of("discipline_auditor")
    page = reader.get(reverse("branch_rules"))
    groups = page.context["groups"]
    assert [table.code for table, _rows in groups] == list(TABLES)
    assert all(row["clause"] for _table, rows in groups for row in rows)
    assert not page.context["changes"]
    rule = IndicatorRule.objects.get(code="attendance")
    address = reverse("branch_rule", args=["indicators", rule.pk])
    assert reader.get(address).status_code == 403
    assert client_of("employee").get(reverse("branch_rules")).status_code == 403
    assert client_of("party_staff").get(address).status_code == 200


def test_a_changed_threshold_counts_at_once_and_the_old_one_stays_in_the_log() -> None:
    rule = IndicatorRule.objects.get(code="attendance")
    client = client_of("party_staff")
    address = reverse("branch_rule", args=["indicators", rule.pk])
    typed = {
        "good": "90",
        "fair": "75",
        "strict_month": "1",
        "strict_day": "1",
        "clause": "企业规定",
    }
    assert client.post(address, typed).status_code == 302
    rule.refresh_from_db()
    assert (int(rule.good), int(rule.fair), rule.is_unverified) == (90, 75, False)
    entry = ModelLogEntry.objects.get(action="branches.rule_changed")
    assert entry.data["changes"]["good"] == ["85.0", "90"]


def test_numbers_that_contradict_each_other_are_refused_next_to_what_was_typed() -> None:
    rule = IndicatorRule.objects.get(code="attendance")
    client = client_of("party_staff")
    typed = {"good": "50", "fair": "75", "strict_month": "1", "strict_day": "1", "clause": "x"}
    answer = client.post(reverse("branch_rule", args=["indicators", rule.pk]), typed)
    assert answer.status_code == 422
    assert 'value="75"' in answer.content.decode()
    vote = VoteRule.objects.earliest("pk")
    half = {"numerator": "3", "denominator": "2", "base": vote.base, "clause": "x"}
    answer = client.post(reverse("branch_rule", args=["votes", vote.pk]), half)
    assert answer.status_code == 422


def test_every_field_of_a_rule_has_a_chinese_name() -> None:
    client = client_of("party_staff")
    for table in TABLES.values():
        row = table.model._default_manager.earliest("pk")
        page = client.get(reverse("branch_rule", args=[table.code, row.pk]))
        labels = [str(field.label) for field in page.context["form"].visible_fields()]
        assert not [label for label in labels if label.isascii()], labels
