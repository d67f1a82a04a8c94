"""The scope and retention table: default rows, versions, and what a change would have done."""

from __future__ import annotations

from typing import Any

import pytest

from portal.archives.models import (
    ArchiveClass,
    Record,
    RetentionPeriod,
    ScopeRule,
    ScopeTable,
    ScopeTableState,
)
from portal.archives.refusals import TableNotEditable
from portal.archives.scope.rules import RuleBook
from portal.archives.scope.services import (
    add_missing_defaults,
    copy_as_draft,
    install_default,
    new_draft,
    put_in_force,
    uncovered_kinds,
)
from portal.archives.scope.simulation import simulate
from portal.archives.sources import publishable_kinds, subkinds_of
from tests.factories.archives import bare_record

pytestmark = pytest.mark.django_db


def in_force() -> ScopeTable:
    """Return the table in force."""
    table = ScopeTable.objects.in_force()
    assert table is not None
    return table


def records() -> Any:
    """The records of the tests, without those that the migrations brought along."""
    return Record.objects.filter(year__in=[2022, 2023], next__isnull=True)


def test_the_default_covers_every_publishable_kind() -> None:
    """With a last row for each, so that nothing is left without a proposal."""
    assert len(publishable_kinds()) >= 12
    assert uncovered_kinds(in_force()) == []


def test_every_default_row_names_its_clause_class_and_period() -> None:
    """A row to be filed has all three; a row that is not filed has its clause."""
    for rule in in_force().rules.in_order():
        assert rule.clause
        assert bool(rule.archive_class_id and rule.period) == rule.files
        assert rule.kind in publishable_kinds()
        assert rule.subkind in ("", *subkinds_of(rule.kind))


@pytest.mark.parametrize(
    ("kind", "subkind", "title", "expected"),
    [
        ("activity", "general-meeting", "支部换届选举党员大会", ("DQ02", "Y")),
        ("activity", "general-meeting", "第三季度党员大会", ("DQ02", "D30")),
        ("activity", "theme-day", "“井下先锋”主题党日", ("DQ02", "D10")),
        ("activity", "party-class", "安全生产专题党课", ("DQ02", "D30")),
        ("notice", "", "关于召开换届选举大会的通知", ("DQ02", "Y")),
        ("notice", "", "食堂开放时间调整通知", ("DQ01", "D10")),
        ("policy", "", "优待证办理", ("DQ08", "Y")),
        ("model-post", "", "通风队瓦检班", ("DQ09", "D30")),
    ],
)
def test_what_the_default_proposes(
    kind: str, subkind: str, title: str, expected: tuple[str, str]
) -> None:
    """The narrow row comes first, the general one catches the rest."""
    rule = RuleBook.of(in_force()).rule_for(kind, subkind, title)
    assert rule is not None
    assert (rule.archive_class_id, rule.period) == expected


def test_section_fronts_are_not_filed() -> None:
    """They only lead on; the table says so in a row of its own."""
    book = RuleBook.of(in_force())
    for kind in ("home", "news-index", "branch-index", "branch", "honor-index"):
        rule = book.rule_for(kind, "", "首页")
        assert rule is not None
        assert not rule.files


def test_a_kind_without_rows_has_no_proposal() -> None:
    """The archivist decides by hand, and the scope page names the kind."""
    assert RuleBook.of(in_force()).rule_for("comet", "", "哈雷") is None


def test_installing_again_changes_nothing() -> None:
    """Every migrate calls it."""
    before = list(ScopeRule.objects.values_list("pk", "clause"))
    assert install_default() is None
    assert list(ScopeRule.objects.values_list("pk", "clause")) == before


def test_a_version_in_force_stays_as_it_is() -> None:
    """It can be copied; the copy may replace it and keeps every row."""
    old = in_force()
    draft = copy_as_draft(old, None)
    assert draft.rules.count() == old.rules.count()
    with pytest.raises(TableNotEditable):
        put_in_force(old.pk, None, "沁岚档〔2026〕2号")
    put_in_force(draft.pk, None, "沁岚档〔2026〕2号")
    old.refresh_from_db()
    assert old.state == ScopeTableState.REPLACED
    assert in_force() == draft


def test_a_table_that_forgets_a_kind_is_not_put_in_force() -> None:
    """The refusal names the kinds; the default rows can be added to the draft."""
    draft = copy_as_draft(in_force(), None)
    draft.rules.filter(kind__in=["notice", "policy"]).delete()
    with pytest.raises(TableNotEditable) as refused:
        put_in_force(draft.pk, None, "")
    assert "通知" in str(refused.value)
    assert add_missing_defaults(draft.pk) > 1
    put_in_force(draft.pk, None, "沁岚档〔2026〕3号")


def test_a_change_shows_what_it_would_have_done() -> None:
    """By kind, with old and new outcome and a few titles; nothing is written."""
    for number in range(5):
        bare_record(kind="notice", title=f"班车时间调整{number}", year=2023)
    bare_record(kind="notice", title="换届选举公告", year=2023)
    bare_record(kind="notice", title="班车旧闻", year=2019)
    draft = copy_as_draft(in_force(), None)
    rule = draft.rules.filter(kind="notice", title_words="").get()
    rule.period = RetentionPeriod.THIRTY_YEARS
    rule.save()
    found = simulate(draft, in_force(), records())
    assert found.examined == 6
    (change,) = found.changes
    assert (change.count, change.before.period, change.after.period) == (5, "D10", "D30")
    assert len(change.examples) == 3
    assert found.uncovered == {}


def test_a_change_that_stops_filing_is_shown_too() -> None:
    """Not to be filed is another outcome than a period."""
    bare_record(kind="notice", title="班车时间调整", year=2023)
    empty = new_draft(None)
    ScopeRule.objects.create(
        table=empty, position=1, kind="notice", description="不归档", files=False, clause="无"
    )
    found = simulate(empty, in_force(), records())
    assert [change.after.files for change in found.changes] == [False]
    only_policy = new_draft(None)
    ScopeRule.objects.create(
        table=only_policy,
        position=1,
        kind="policy",
        description="政策",
        archive_class=ArchiveClass.objects.get(pk="DQ08"),
        period="Y",
        clause="无",
    )
    assert simulate(only_policy, in_force(), records()).uncovered == {"notice": 1}
