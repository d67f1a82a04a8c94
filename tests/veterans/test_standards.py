"""Versions of standards: chosen by day and region, sealed, apart, published by two."""

from __future__ import annotations

import datetime
from decimal import Decimal

import pytest
from django.db import DatabaseError, connection, transaction
from wagtail.models import ModelLogEntry

from tests.factories.people import make_user
from tests.factories.roles import make_assignment
from tests.factories.standards import (
    HOUSING_2025,
    HOUSING_2026,
    VETERAN,
    WIDOW,
    draft,
    housing,
    officer,
    published,
    publisher,
)
from veterans.models import EntitlementRow, ItemVersion, MaterialRequirement
from veterans.standards import guards
from veterans.standards.content import SnapshotDamaged, from_canonical
from veterans.standards.eligibility import Outcome, verdict
from veterans.standards.reading import from_rows
from veterans.standards.refusals import (
    NoStandardInForce,
    NotAllowed,
    NotAtThisState,
    NotComplete,
)
from veterans.standards.services import (
    check_eligibility,
    compute,
    copy_version,
    edited,
    propose,
    publish_version,
    return_version,
    version_on,
)

pytestmark = pytest.mark.django_db
YESTERDAY, TODAY = datetime.date(2026, 11, 21), datetime.date(2026, 11, 22)


@pytest.fixture(autouse=True)
def today(time_machine):
    time_machine.move_to("2026-11-22 10:00+08:00")


def seen(version):
    return from_rows(version).sha256()


def test_publishing_a_version_today_changes_nothing_for_yesterday():
    """A case of yesterday keeps its amount, materials, questions and days."""
    old = published()
    submitted = version_on(housing(), YESTERDAY)
    before = (
        compute(submitted, WIDOW, on=YESTERDAY),
        [row.code for row in submitted.materials.for_answers(WIDOW, YESTERDAY)],
        submitted.questions(),
        submitted.decision_days,
        [step.name for step in submitted.steps_in_order()],
        submitted.snapshot,
    )
    new = copy_version(old.pk, officer(), TODAY)
    new.amounts.update(amount=Decimal(9999), cap_year=None)
    new.materials.filter(code="lease").delete()
    new.limits.filter(stage="decision").update(days=3)
    new.rules.all().filter(field="spouse_receives").delete()
    edited(new, officer())
    propose(new.pk, officer())
    publish_version(new.pk, publisher(), seen_sha256=seen(new))

    kept = ItemVersion.objects.get(pk=submitted.pk)
    assert version_on(housing(), YESTERDAY) == kept
    assert version_on(housing(), TODAY) == new
    assert before == (
        compute(kept, WIDOW, on=YESTERDAY),
        [row.code for row in kept.materials.for_answers(WIDOW, YESTERDAY)],
        kept.questions(),
        kept.decision_days,
        [step.name for step in kept.steps_in_order()],
        kept.snapshot,
    )
    fresh = ItemVersion.objects.get(pk=new.pk)
    assert compute(fresh, WIDOW).amount == Decimal("119988.00")
    assert fresh.decision_days == 3
    assert kept.effective_to == YESTERDAY


def test_amounts_of_both_years():
    old, new = published(HOUSING_2025, effective_to=datetime.date(2025, 12, 31)), published()
    assert version_on(housing(), datetime.date(2025, 12, 31)) == old
    assert version_on(housing(), datetime.date(2026, 1, 1)) == new
    assert compute(old, WIDOW).amount == Decimal("16800.00")
    assert compute(new, WIDOW).amount == Decimal("18000.00")
    assert compute(new, VETERAN).amount == Decimal("9600.00")
    flat = VETERAN | {"housing_status": "company-flat", "apartment_benefit": "300"}
    result = compute(new, flat)
    assert (result.amount, result.unit_amount) == (Decimal(6000), Decimal(500))
    assert result.quantity == 12
    # Half of the year was granted already: the year's cap holds.
    assert compute(new, WIDOW, Decimal("9000.50")).amount == Decimal("8999.50")
    levels = {
        level: compute(new, WIDOW | {"category": "V2", "disability_level": level}).amount
        for level in ("6", "7")
    }
    assert levels == {"6": Decimal("14400.00"), "7": Decimal("12000.00")}


def test_the_trace_is_chinese_and_names_row_and_clause():
    trace = compute(published(), VETERAN, Decimal(5000)).trace
    assert trace[0] == "按金额表“退役军人职工”一行计算（第二条附表）。"
    assert trace[1] == "每月800元。"
    assert trace[2] == "800元×12个月=9,600元。"
    assert trace[-1] == "应发9,600元。"
    assert compute(published_again(), WIDOW, Decimal(5000)).trace[-2] == (
        "每人每年最多发18,000元，今年已发5,000元，还可以发13,000元。"
    )


def published_again():
    return ItemVersion.objects.get(status="published")


def test_eligibility_in_words():
    version = published()
    assert verdict(check_eligibility(version, WIDOW)) is Outcome.PASSED
    new_hand = VETERAN | {"employed_since": "2026-02-01"}
    failed = [one for one in check_eligibility(version, new_hand) if one.outcome == "failed"]
    assert [(one.message, one.clause) for one in failed] == [
        ("在集团工作还不满一年，满一年之日起可以申请。", "第一条第二款")
    ]
    small = WIDOW | {"housing_status": "own-home", "area": "45", "household_size": "3"}
    assert verdict(check_eligibility(version, small)) is Outcome.MANUAL
    assert verdict(check_eligibility(version, small | {"area": "46"})) is Outcome.FAILED
    assert verdict(check_eligibility(version, {"category": "V3"})) is Outcome.MANUAL
    assert verdict(check_eligibility(version, WIDOW | {"category": "V8"})) is Outcome.FAILED


def test_questions_are_asked_where_they_matter():
    version = published()
    asked = {one.code: one for one in version.questions()}
    assert list(asked) == [
        "category",
        "disability_level",
        "employment",
        "employed_since",
        "housing_status",
        "area",
        "household_size",
        "apartment_benefit",
        "spouse_receives",
        "by_agent",
        "is_minor",
    ]
    assert not asked["disability_level"].is_asked(WIDOW)
    assert asked["disability_level"].is_asked({"category": "V2"})
    assert not asked["employed_since"].is_asked(WIDOW)
    assert asked["area"].is_asked({"housing_status": "own-home"})
    assert asked["category"].asked_when == ()


def test_answers_to_questions_that_are_no_longer_asked_count_for_nothing():
    version = published()
    left_behind = WIDOW | {"apartment_benefit": "700", "employed_since": "2026-11-01"}
    assert compute(version, left_behind).amount == Decimal("18000.00")
    assert verdict(check_eligibility(version, left_behind)) is Outcome.PASSED


def test_materials_for_answers():
    version = published()
    assert [row.code for row in version.materials.for_answers(WIDOW)] == [
        "application-form",
        "identity-card",
        "martyr-certificate",
        "household-register",
        "lease",
        "no-home-proof",
        "bank-card",
    ]
    with_agent = version.materials.for_answers(VETERAN | {"by_agent": "yes"})
    assert "authority" in [row.code for row in with_agent]
    # What is not known yet is listed, so nobody comes twice.
    assert len(version.materials.for_answers({})) == version.materials.count()


def test_days_with_their_clause():
    version = published()
    assert (version.acceptance_days, version.correction_days, version.decision_days) == (5, 10, 20)
    assert (version.extension_days, version.notice_days, version.payment_days) == (10, 5, 10)
    limit = version.limit("decision")
    assert limit is not None
    assert limit.working
    assert limit.clause == "参照行政许可法第四十二条"
    assert version.limit("appeal") is None


def test_the_most_specific_region_wins():
    general = published(effective_from=TODAY)
    province = published(effective_from=TODAY, region="14", region_name="甲省")
    town = published(effective_from=TODAY, region="1400", region_name="甲市")
    item = housing()
    assert version_on(item, TODAY) == general
    assert version_on(item, TODAY, "990000") == general
    assert version_on(item, TODAY, "149900") == province
    assert version_on(item, TODAY, "140012") == town
    assert version_on(item, TODAY, "14") == province


def test_without_a_version_in_force_the_reason_is_said():
    with pytest.raises(NoStandardInForce, match="2020"):
        version_on(housing(), datetime.date(2020, 1, 1))
    draft(effective_from=datetime.date(2020, 1, 1))
    with pytest.raises(NoStandardInForce):
        version_on(housing(), datetime.date(2020, 1, 1))


# ---- Two people


def test_who_wrote_or_proposed_does_not_publish():
    version = draft()
    both = make_user()
    for role in ("veterans_officer", "union_chair"):
        make_assignment(both, role)
    edited(version, both)
    propose(version.pk, officer())
    with pytest.raises(NotAllowed, match="第二个人"):
        publish_version(version.pk, both, seen_sha256=seen(version))
    with pytest.raises(NotAllowed):
        publish_version(version.pk, officer(), seen_sha256=seen(version))
    publish_version(version.pk, publisher(), seen_sha256=seen(version))


@pytest.mark.parametrize(
    "role", ["party_staff", "union_staff", "system_administrator", "archivist"]
)
def test_nobody_else_writes_or_publishes(role):
    version = draft()
    user = make_user()
    make_assignment(user, role)
    with pytest.raises(NotAllowed):
        propose(version.pk, user)
    with pytest.raises(NotAllowed):
        copy_version(version.pk, user, TODAY)
    propose(version.pk, officer())
    with pytest.raises(NotAllowed):
        publish_version(version.pk, user, seen_sha256=seen(version))
    with pytest.raises(NotAllowed):
        return_version(version.pk, user, "理由")


def test_what_was_not_seen_is_not_published():
    version = draft()
    sha256 = seen(version)
    EntitlementRow.objects.filter(version=version).update(amount=5000)
    propose(version.pk, officer())
    with pytest.raises(NotAtThisState, match="看过之后"):
        publish_version(version.pk, publisher(), seen_sha256=sha256)


def test_an_edit_takes_the_proposal_back():
    version = draft()
    propose(version.pk, officer())
    edited(version, officer())
    version.refresh_from_db()
    assert version.status == "draft"
    with pytest.raises(NotAtThisState):
        publish_version(version.pk, publisher(), seen_sha256=seen(version))


def test_a_return_carries_its_reason():
    version = draft()
    propose(version.pk, officer())
    with pytest.raises(NotComplete):
        return_version(version.pk, publisher(), " ")
    returned = return_version(version.pk, publisher(), "附表与文件不一致")
    assert (returned.status, returned.return_reason) == ("draft", "附表与文件不一致")


def test_every_action_is_logged():
    version = published()
    actions = ModelLogEntry.objects.filter(object_id=str(version.pk)).order_by("timestamp", "pk")
    assert [entry.action for entry in actions] == [
        "veterans.standard.propose",
        "veterans.standard.publish",
    ]


def test_what_is_missing_is_named():
    version = draft()
    version.steps.all().delete()
    version.limits.filter(stage="payment").delete()
    with pytest.raises(NotComplete) as caught:
        propose(version.pk, officer())
    assert "步骤" in str(caught.value)
    assert "发放" in str(caught.value)


# ---- What the past and the database hold


def test_the_past_does_not_change():
    published()
    late = draft(effective_from=datetime.date(2026, 6, 1))
    propose(late.pk, officer())
    with pytest.raises(NotAtThisState, match="过去"):
        publish_version(late.pk, publisher(), seen_sha256=seen(late))
    local = draft(effective_from=YESTERDAY, region="14", region_name="甲省")
    propose(local.pk, officer())
    with pytest.raises(NotAtThisState, match="过去"):
        publish_version(local.pk, publisher(), seen_sha256=seen(local))


def test_versions_of_one_region_do_not_overlap():
    published(effective_from=TODAY, effective_to=datetime.date(2027, 12, 31))
    other = draft(effective_from=datetime.date(2027, 6, 1))
    propose(other.pk, officer())
    with pytest.raises(NotAtThisState, match="重叠"):
        publish_version(other.pk, publisher(), seen_sha256=seen(other))


def refused(statement, *arguments):
    with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement, arguments)


@pytest.mark.database
def test_the_database_itself_keeps_what_is_published():
    """No statement changes a published version or its rows, whoever sends it."""
    version = published()
    assert guards.missing(connection) == []
    table = guards.VERSION_TABLE
    refused(f"UPDATE {table} SET snapshot = '{{}}' WHERE id = %s", version.pk)
    refused(f"UPDATE {table} SET status = 'draft' WHERE id = %s", version.pk)
    refused(f"UPDATE {table} SET effective_from = '2020-01-01' WHERE id = %s", version.pk)
    refused(f"DELETE FROM {table} WHERE id = %s", version.pk)
    for part in guards.PARTS:
        refused(f"UPDATE {part} SET sort_order = 99 WHERE version_id = %s", version.pk)
        refused(f"DELETE FROM {part} WHERE version_id = %s", version.pk)
    with pytest.raises(DatabaseError), transaction.atomic():
        MaterialRequirement.objects.create(version=version, code="more", name="再来一份")
    # The one thing that may be written, once.
    version.effective_to = datetime.date(2027, 1, 1)
    version.save()
    refused(f"UPDATE {table} SET effective_to = '2028-01-01' WHERE id = %s", version.pk)
    refused(f"UPDATE {table} SET effective_to = NULL WHERE id = %s", version.pk)


@pytest.mark.database
def test_the_database_itself_keeps_versions_apart():
    version = published(effective_from=TODAY)
    other = copy_version(version.pk, officer(), TODAY)
    other.status, other.snapshot_sha256 = "published", "x"
    other.proposed_by, other.published_by = officer(), publisher()
    other.published_at = version.published_at
    with pytest.raises(DatabaseError), transaction.atomic():
        other.save()
    other.region, other.region_name = "14", "甲省"
    other.save()


def test_a_snapshot_reads_back_as_it_was_and_damage_is_noticed():
    version = published(HOUSING_2026)
    standard = from_canonical(version.snapshot)
    assert standard == from_rows(version)
    assert standard.canonical() == version.snapshot
    damaged = ItemVersion.objects.get(pk=version.pk)
    damaged.snapshot = version.snapshot.replace("1500.00", "2500.00")
    with pytest.raises(SnapshotDamaged):
        compute(damaged, WIDOW)


def test_a_published_version_costs_one_query(django_assert_num_queries):
    published()
    item = housing()
    with django_assert_num_queries(1):
        version = version_on(item, TODAY)
        compute(version, WIDOW)
        check_eligibility(version, WIDOW)
        version.questions()
