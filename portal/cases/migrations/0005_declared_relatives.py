"""Relatives of those who work on cases, as they declare them."""

from __future__ import annotations

import django.db.models.deletion
from django.db import migrations, models

import portal.personal_data.fields


class Migration(migrations.Migration):
    dependencies = [
        ("cases", "0004_more_time_by_approval"),
        ("people", "0002_temporary_password"),
    ]

    operations = [
        migrations.CreateModel(
            name="DeclaredRelative",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("name", portal.personal_data.fields.EncryptedTextField(verbose_name="name")),
                (
                    "identity_number",
                    portal.personal_data.fields.EncryptedTextField(
                        blank=True, default="", verbose_name="identity number"
                    ),
                ),
                (
                    "identity_number_index",
                    portal.personal_data.fields.BlindIndexField(
                        blank=True,
                        db_index=True,
                        editable=False,
                        max_length=64,
                        null=True,
                        source="identity_number",
                    ),
                ),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("spouse", "Spouse"),
                            ("parent", "Parent"),
                            ("child", "Child"),
                            ("sibling", "Brother or sister"),
                            ("other", "Other close relative"),
                        ],
                        max_length=10,
                        verbose_name="relation",
                    ),
                ),
                ("declared_at", models.DateTimeField(verbose_name="declared at")),
                ("ended_at", models.DateTimeField(null=True, verbose_name="ended at")),
                (
                    "person",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="declared_relatives",
                        to="people.person",
                    ),
                ),
                (
                    "relative",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="declared_as_relative",
                        to="people.person",
                    ),
                ),
            ],
            options={
                "verbose_name": "declared relative",
                "verbose_name_plural": "declared relatives",
                "ordering": ["pk"],
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("ended_at__isnull", True)),
                        fields=("person", "identity_number_index"),
                        name="cases_relative_declared_once",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("relative__isnull", False),
                            ("identity_number_index__isnull", False),
                            _connector="OR",
                        ),
                        name="cases_relative_can_be_found",
                    ),
                ],
            },
        ),
    ]
