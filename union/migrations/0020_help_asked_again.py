"""A helping unit that is asked again gets a row of its own."""

from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("organizations", "0001_initial"),
        ("union", "0019_one_urn_per_survey"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.RemoveConstraint(
            model_name="opinionhelp",
            name="union_help_once_a_unit",
        ),
        migrations.AddConstraint(
            model_name="opinionhelp",
            constraint=models.UniqueConstraint(
                condition=models.Q(("answered_on__isnull", True)),
                fields=("opinion", "unit"),
                name="union_one_open_help_a_unit",
            ),
        ),
    ]
