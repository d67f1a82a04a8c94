"""Since when a check is due, so that the worker need not look at every record."""

from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("archives", "0012_seal_all_payloads"),
        ("organizations", "0001_initial"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.AddField(
            model_name="poolitem",
            name="check_wanted_at",
            field=models.DateTimeField(null=True),
        ),
        migrations.AddIndex(
            model_name="poolitem",
            index=models.Index(
                condition=models.Q(("check_wanted_at__isnull", False)),
                fields=["check_wanted_at"],
                name="archives_pool_check_wanted",
            ),
        ),
    ]
