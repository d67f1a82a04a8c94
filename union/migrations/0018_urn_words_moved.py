"""Moves words from their rows into the urn of the sheets they were put away with."""

import json

from django.db import migrations


def packed(content):
    """Return what is stored of a list or an object."""
    return json.dumps(content, ensure_ascii=False, separators=(",", ":"))


def together(apps, schema_editor):
    """Put words of sealed rows into a sealed urn, and of open rows into the open one."""
    urns = apps.get_model("union", "AnswerUrn").objects
    for row in urns.exclude(question="").order_by("pk"):
        home = urns.filter(survey=row.survey_id, question="", is_sealed=row.is_sealed).first()
        words = json.loads(home.words)
        words.setdefault(row.question, []).extend(json.loads(row.sheets))
        home.words = packed(words)
        home.save(update_fields=["words"])
        row.delete()


def apart(apps, schema_editor):
    """Give the words of each question a row of their own again."""
    urns = apps.get_model("union", "AnswerUrn").objects
    for urn in urns.filter(question="").order_by("pk"):
        for code, words in json.loads(urn.words).items():
            if words or not urn.is_sealed:
                urns.create(
                    survey_id=urn.survey_id,
                    question=code,
                    sheets=packed(words),
                    count=len(words),
                    is_sealed=urn.is_sealed,
                )
        urn.words = packed({})
        urn.save(update_fields=["words"])


class Migration(migrations.Migration):
    dependencies = [("union", "0017_urn_words")]

    operations = [migrations.RunPython(together, apart)]
