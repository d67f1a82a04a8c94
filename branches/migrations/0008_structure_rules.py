"""Rules of size and term of Party organizations, and goals of training, with their clauses."""

from __future__ import annotations

from typing import Any

from django.db import migrations

RULES = "《中国共产党支部工作条例（试行）》"
SOE_RULES = "《中国共产党国有企业基层组织工作条例（试行）》"
TERMS = "《关于党的基层组织任期的意见》（2018年）"
BRANCH, GENERAL, COMMITTEE = "party-branch", "general-branch", "party-committee"
# code, kind of organization, low, usual, high, serious, clause, unverified
ROWS = (
    (
        "too-few",
        BRANCH,
        3,
        None,
        None,
        True,
        f"{RULES}第四条、第五条：正式党员3人以上成立党支部，不足3人成立联合党支部",
        False,
    ),
    (
        "too-many",
        BRANCH,
        None,
        None,
        50,
        False,
        f"{RULES}第四条：党支部党员人数一般不超过50人",
        False,
    ),
    (
        "no-committee",
        BRANCH,
        7,
        None,
        None,
        True,
        f"{RULES}第二十二条：正式党员7人以上应当设立支部委员会",
        False,
    ),
    (
        "committee-size",
        BRANCH,
        3,
        5,
        7,
        False,
        f"{RULES}第二十二条：支部委员会由3至5人组成，一般不超过7人",
        False,
    ),
    (
        "no-secretary",
        BRANCH,
        1,
        None,
        None,
        True,
        f"{RULES}第二十二条：党支部设1名书记；出缺应当及时补选",
        False,
    ),
    ("group-size", BRANCH, 3, None, None, False, "按惯例每个党小组不少于3人，没有统一规定", True),
    ("term", BRANCH, None, None, 36, False, f"{TERMS}：党支部每届任期3年", False),
    ("term", GENERAL, None, None, 36, False, f"{TERMS}：党总支每届任期3年", False),
    ("term", COMMITTEE, None, None, 60, False, f"{TERMS}：党委每届任期5年", False),
    (
        "extension",
        BRANCH,
        None,
        None,
        12,
        False,
        f"{TERMS}：提前或者延期换届须报批准，延长期限不超过1年",
        False,
    ),
    ("election", BRANCH, None, None, 6, False, f"{TERMS}：任期届满前6个月提醒做好换届准备", False),
    ("overdue", BRANCH, None, None, 0, True, f"{TERMS}：任期届满应当按期换届，延期须经批准", False),
)
GOALS = (
    (
        "member",
        2019,
        32,
        0,
        "《中国共产党党员教育管理工作条例》：党员每年集中学习培训时间一般不少于32学时",
    ),
    (
        "committee",
        2019,
        56,
        1,
        "《中国共产党党员教育管理工作条例》：支部书记和委员每年不少于56学时，至少参加1次集中培训",
    ),
)


def write(apps: Any, schema_editor: Any) -> None:
    """Write the rows that are not there."""
    alias = schema_editor.connection.alias
    rules = apps.get_model("branches", "StructureRule")
    for order, row in enumerate(ROWS, start=1):
        code, kind, low, usual, high, serious, clause, unverified = row
        rules.objects.using(alias).get_or_create(
            code=code,
            unit_kind=kind,
            defaults={
                "low": low,
                "usual": usual,
                "high": high,
                "is_serious": serious,
                "clause": clause,
                "is_unverified": unverified,
                "order": order * 10,
            },
        )
    goals = apps.get_model("branches", "TrainingGoal")
    for audience, since, hours, concentrated, clause in GOALS:
        goals.objects.using(alias).get_or_create(
            audience=audience,
            since_year=since,
            defaults={"hours": hours, "concentrated": concentrated, "clause": clause},
        )


def remove(apps: Any, schema_editor: Any) -> None:
    """Take the rows out again."""
    alias = schema_editor.connection.alias
    for model in ("StructureRule", "TrainingGoal"):
        apps.get_model("branches", model).objects.using(alias).all().delete()


class Migration(migrations.Migration):
    dependencies = [("branches", "0007_members_and_terms")]

    operations = [migrations.RunPython(write, remove)]
