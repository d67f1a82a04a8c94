"""The rows of questions are gone, so an urn needs no question and a survey has one open urn."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("union", "0018_urn_words_moved")]

    operations = [
        migrations.RemoveConstraint(model_name="answerurn", name="one_open_urn_per_question"),
        migrations.RemoveField(model_name="answerurn", name="question"),
        migrations.AddConstraint(
            model_name="answerurn",
            constraint=models.UniqueConstraint(
                condition=models.Q(("is_sealed", False)),
                fields=("survey",),
                name="one_open_urn_per_survey",
            ),
        ),
    ]
