"""Requests for the use of records."""

from __future__ import annotations

import uuid

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("archives", "0018_deliveries"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="Consultation",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=uuid.uuid4, editable=False, primary_key=True, serialize=False
                    ),
                ),
                (
                    "kind",
                    models.CharField(
                        choices=[("read", "Consultation"), ("copy", "Certified copy")],
                        max_length=4,
                        verbose_name="kind",
                    ),
                ),
                ("purpose", models.CharField(max_length=300, verbose_name="purpose")),
                ("applicant_name", models.CharField(max_length=150)),
                ("requested_at", models.DateTimeField(verbose_name="requested at")),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("waiting", "Waits for the archivist"),
                            ("granted", "Granted"),
                            ("refused", "Refused"),
                            ("withdrawn", "Withdrawn"),
                        ],
                        default="waiting",
                        max_length=9,
                        verbose_name="state",
                    ),
                ),
                ("decided_at", models.DateTimeField(null=True, verbose_name="decided at")),
                ("decided_by_name", models.CharField(blank=True, max_length=150)),
                ("remark", models.CharField(blank=True, max_length=300, verbose_name="remark")),
                ("granted_until", models.DateField(null=True, verbose_name="granted until")),
                ("uses", models.PositiveIntegerField(default=0, verbose_name="times used")),
                ("used_at", models.DateTimeField(null=True, verbose_name="last used at")),
                (
                    "applicant",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="applicant",
                    ),
                ),
                (
                    "decided_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "record",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="consultations",
                        to="archives.record",
                        verbose_name="record",
                    ),
                ),
            ],
            options={
                "verbose_name": "request for use",
                "verbose_name_plural": "requests for use",
                "ordering": ["-requested_at", "pk"],
                "indexes": [
                    models.Index(fields=["state", "-requested_at"], name="archives_use_state")
                ],
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("state", "waiting")),
                        fields=("record", "applicant", "kind"),
                        name="archives_one_waiting_request",
                    )
                ],
            },
        ),
    ]
