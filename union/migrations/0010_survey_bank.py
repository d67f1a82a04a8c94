"""The dimensions and questions every portal begins with."""

from __future__ import annotations

from typing import Any

from django.db import migrations

from union.surveys.bank import DIMENSIONS, QUESTIONS


def write(apps: Any, schema_editor: Any) -> None:
    """Add what is missing; what stands is the office's."""
    dimension_model = apps.get_model("union", "SurveyDimension")
    question_model = apps.get_model("union", "SurveyQuestion")
    known = {}
    for place, dimension in enumerate(DIMENSIONS, start=1):
        known[dimension.code], _made = dimension_model.objects.get_or_create(
            code=dimension.code, defaults={"name": dimension.name, "order": place * 10}
        )
        for code, text in dimension.statements:
            question_model.objects.get_or_create(
                code=code,
                version=1,
                defaults={
                    "kind": "likert",
                    "scale": "satisfaction-5",
                    "text": text,
                    "dimension": known[dimension.code],
                },
            )
    for question in QUESTIONS:
        question_model.objects.get_or_create(
            code=question.code,
            version=1,
            defaults={
                "kind": question.kind,
                "scale": question.scale,
                "text": question.text,
                "explanation": question.explanation,
                "choices": "\n".join(question.choices),
                "lines": "\n".join(question.lines),
                "dimension": known.get(question.dimension),
            },
        )


def take_away(apps: Any, schema_editor: Any) -> None:
    """Remove the first versions that this migration wrote; other rows stay."""
    codes = {code for dimension in DIMENSIONS for code, _text in dimension.statements}
    codes |= {question.code for question in QUESTIONS}
    apps.get_model("union", "SurveyQuestion").objects.filter(code__in=codes, version=1).delete()
    apps.get_model("union", "SurveyDimension").objects.filter(
        code__in=[dimension.code for dimension in DIMENSIONS], questions=None
    ).delete()


class Migration(migrations.Migration):
    """Rows only."""

    dependencies = [("union", "0009_survey_pages")]

    operations = [migrations.RunPython(write, take_away)]
