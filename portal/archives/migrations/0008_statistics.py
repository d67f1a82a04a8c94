"""What should be filed, figures of the files, and indexes for statistics."""

from __future__ import annotations

import django.core.validators
import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("archives", "0007_inspections_and_fixity"),
        ("organizations", "0001_initial"),
    ]

    operations = [
        migrations.CreateModel(
            name="ExpectedFiling",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("kind", models.CharField(max_length=30, verbose_name="kind")),
                (
                    "subkind",
                    models.CharField(blank=True, max_length=30, verbose_name="detail of the kind"),
                ),
                (
                    "count",
                    models.PositiveSmallIntegerField(
                        default=1,
                        validators=[
                            django.core.validators.MinValueValidator(1),
                            django.core.validators.MaxValueValidator(50),
                        ],
                        verbose_name="number",
                    ),
                ),
                (
                    "interval",
                    models.CharField(
                        choices=[
                            ("month", "Every month"),
                            ("quarter", "Every quarter"),
                            ("year", "Every year"),
                        ],
                        max_length=8,
                        verbose_name="how often",
                    ),
                ),
                (
                    "unit_kind",
                    models.CharField(
                        choices=[
                            ("administrative", "Administrative unit"),
                            ("party-committee", "Party committee"),
                            ("general-branch", "General branch"),
                            ("party-branch", "Party branch"),
                            ("party-group", "Party group"),
                        ],
                        max_length=20,
                        verbose_name="kind of unit",
                    ),
                ),
                ("clause", models.CharField(max_length=200, verbose_name="clause")),
            ],
            options={
                "verbose_name": "expected filing",
                "verbose_name_plural": "expected filings",
                "ordering": ["unit_kind", "kind", "pk"],
            },
        ),
        migrations.CreateModel(
            name="FiguresOfYear",
            fields=[
                (
                    "year",
                    models.PositiveSmallIntegerField(
                        primary_key=True, serialize=False, verbose_name="year"
                    ),
                ),
                ("made_at", models.DateTimeField(verbose_name="made at")),
            ],
            options={
                "verbose_name": "figures of a year",
                "verbose_name_plural": "figures of years",
            },
        ),
        migrations.CreateModel(
            name="FileFigure",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("year", models.PositiveSmallIntegerField(db_index=True, verbose_name="year")),
                (
                    "access_level",
                    models.CharField(
                        choices=[
                            ("open", "Open"),
                            ("internal", "Internal"),
                            ("controlled", "Controlled"),
                        ],
                        max_length=10,
                    ),
                ),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("captured", "Captured"),
                            ("pool", "In the pool"),
                            ("returned", "Returned"),
                            ("accepted", "Accepted"),
                            ("apart", "Kept apart"),
                            ("superseded", "Replaced before acceptance"),
                        ],
                        max_length=10,
                    ),
                ),
                ("class_code", models.CharField(blank=True, max_length=20)),
                (
                    "period",
                    models.CharField(
                        blank=True,
                        choices=[("Y", "Permanent"), ("D30", "30 years"), ("D10", "10 years")],
                        max_length=3,
                    ),
                ),
                ("media_type", models.CharField(max_length=100, verbose_name="format")),
                ("files", models.PositiveBigIntegerField(verbose_name="files")),
                ("bytes", models.PositiveBigIntegerField(verbose_name="size")),
                ("pages", models.PositiveBigIntegerField(verbose_name="pages")),
            ],
            options={
                "verbose_name": "file figure",
                "verbose_name_plural": "file figures",
            },
        ),
        migrations.CreateModel(
            name="PageCount",
            fields=[
                (
                    "record",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE,
                        primary_key=True,
                        related_name="page_count",
                        serialize=False,
                        to="archives.record",
                    ),
                ),
                ("pages", models.PositiveIntegerField(verbose_name="pages")),
            ],
            options={
                "verbose_name": "page count",
                "verbose_name_plural": "page counts",
            },
        ),
        migrations.AddIndex(
            model_name="record",
            index=models.Index(fields=["state", "unit"], name="archives_record_state"),
        ),
        migrations.AddIndex(
            model_name="record",
            index=models.Index(
                fields=["year", "kind", "subkind", "unit", "business_date"],
                name="archives_record_filing",
            ),
        ),
        migrations.AddIndex(
            model_name="record",
            index=models.Index(
                condition=models.Q(("expires_on__isnull", False)),
                fields=["expires_on"],
                name="archives_record_expiry",
            ),
        ),
        migrations.AddField(
            model_name="expectedfiling",
            name="excepted_units",
            field=models.ManyToManyField(
                blank=True,
                help_text="Such as branches of fewer than seven members, which have no committee.",
                related_name="+",
                to="organizations.unit",
                verbose_name="units without this duty",
            ),
        ),
        migrations.AddField(
            model_name="filefigure",
            name="unit",
            field=models.ForeignKey(
                db_constraint=False,
                db_index=False,
                null=True,
                on_delete=django.db.models.deletion.DO_NOTHING,
                related_name="+",
                to="organizations.unit",
                verbose_name="unit",
            ),
        ),
        migrations.AddConstraint(
            model_name="expectedfiling",
            constraint=models.UniqueConstraint(
                fields=("kind", "subkind", "unit_kind"), name="archives_expected_once"
            ),
        ),
    ]
