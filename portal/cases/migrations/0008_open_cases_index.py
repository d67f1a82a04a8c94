"""Indexes of what is few: open cases, and cases for somebody else than their applicant."""

from __future__ import annotations

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("cases", "0007_lead_unit"),
        ("organizations", "__first__"),
        ("people", "__first__"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.AlterField(
            model_name="case",
            name="beneficiary",
            field=models.ForeignKey(
                blank=True,
                db_index=False,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="benefiting_cases",
                to="people.person",
                verbose_name="beneficiary",
            ),
        ),
        migrations.AddIndex(
            model_name="case",
            index=models.Index(
                condition=models.Q(("closed_at__isnull", True)),
                fields=["urgency", "id", "flow", "state"],
                name="cases_open",
            ),
        ),
        migrations.AddIndex(
            model_name="case",
            index=models.Index(
                condition=models.Q(("beneficiary__isnull", False)),
                fields=["beneficiary"],
                name="cases_beneficiary",
            ),
        ),
    ]
