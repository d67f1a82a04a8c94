"""Calls to applicants whom no SMS reached."""

from __future__ import annotations

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

import portal.personal_data.fields


class Migration(migrations.Migration):
    dependencies = [
        ("cases", "0005_declared_relatives"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="PhoneCall",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("message", models.CharField(max_length=60)),
                ("event_key", models.CharField(max_length=200, unique=True)),
                ("opened_at", models.DateTimeField(verbose_name="opened at")),
                (
                    "result",
                    portal.personal_data.fields.EncryptedTextField(
                        blank=True, default="", verbose_name="result"
                    ),
                ),
                ("done_at", models.DateTimeField(null=True, verbose_name="done at")),
                (
                    "case",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="calls",
                        to="cases.case",
                    ),
                ),
                (
                    "done_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "verbose_name": "phone call",
                "verbose_name_plural": "phone calls",
                "ordering": ["pk"],
                "indexes": [
                    models.Index(
                        condition=models.Q(("done_at__isnull", True)),
                        fields=["case"],
                        name="cases_open_calls",
                    )
                ],
            },
        ),
    ]
