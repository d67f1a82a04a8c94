"""Holds, appraisals and destruction lists."""

from __future__ import annotations

import uuid

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("archives", "0015_faster_retrieval"),
        ("organizations", "0001_initial"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.AlterField(
            model_name="filefigure",
            name="state",
            field=models.CharField(
                choices=[
                    ("captured", "Captured"),
                    ("pool", "In the pool"),
                    ("returned", "Returned"),
                    ("accepted", "Accepted"),
                    ("apart", "Kept apart"),
                    ("superseded", "Replaced before acceptance"),
                    ("destroyed", "Destroyed"),
                ],
                max_length=10,
            ),
        ),
        migrations.AlterField(
            model_name="record",
            name="state",
            field=models.CharField(
                choices=[
                    ("captured", "Captured"),
                    ("pool", "In the pool"),
                    ("returned", "Returned"),
                    ("accepted", "Accepted"),
                    ("apart", "Kept apart"),
                    ("superseded", "Replaced before acceptance"),
                    ("destroyed", "Destroyed"),
                ],
                default="captured",
                max_length=10,
                verbose_name="state",
            ),
        ),
        migrations.CreateModel(
            name="Appraisal",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "decision",
                    models.CharField(
                        choices=[
                            ("keep", "Kept longer"),
                            ("open", "Opened"),
                            ("control", "Controlled"),
                        ],
                        max_length=7,
                        verbose_name="decision",
                    ),
                ),
                ("reason", models.CharField(max_length=500, verbose_name="reason")),
                ("kept_until", models.DateField(null=True, verbose_name="kept until")),
                ("decided_at", models.DateTimeField(verbose_name="decided at")),
                (
                    "decided_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="decided by",
                    ),
                ),
                (
                    "record",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="appraisals",
                        to="archives.record",
                        verbose_name="record",
                    ),
                ),
            ],
            options={
                "verbose_name": "appraisal",
                "verbose_name_plural": "appraisals",
                "ordering": ["-pk"],
            },
        ),
        migrations.CreateModel(
            name="DestructionList",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=uuid.uuid4, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("year", models.PositiveSmallIntegerField(verbose_name="year")),
                ("serial", models.PositiveIntegerField(verbose_name="number")),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("draft", "Draft"),
                            ("proposed", "Waits for approval"),
                            ("approved", "Waits for the witnesses"),
                            ("executing", "Being carried out"),
                            ("executed", "Carried out"),
                            ("withdrawn", "Withdrawn"),
                        ],
                        default="draft",
                        max_length=9,
                        verbose_name="state",
                    ),
                ),
                ("basis", models.CharField(max_length=500, verbose_name="basis")),
                ("made_at", models.DateTimeField(verbose_name="made at")),
                ("made_by_name", models.CharField(max_length=150)),
                ("proposed_at", models.DateTimeField(null=True, verbose_name="proposed at")),
                ("approved_at", models.DateTimeField(null=True, verbose_name="approved at")),
                ("approved_by_name", models.CharField(blank=True, max_length=150)),
                ("remark", models.CharField(blank=True, max_length=500, verbose_name="remark")),
                ("executed_at", models.DateTimeField(null=True, verbose_name="carried out at")),
                (
                    "approved_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="approved by",
                    ),
                ),
                (
                    "made_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="made by",
                    ),
                ),
            ],
            options={
                "verbose_name": "destruction list",
                "verbose_name_plural": "destruction lists",
                "ordering": ["-year", "-serial"],
            },
        ),
        migrations.CreateModel(
            name="DestructionEntry",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("counts", models.BooleanField(default=True)),
                ("archive_code", models.CharField(max_length=80, verbose_name="archive code")),
                ("title", models.CharField(blank=True, max_length=255, verbose_name="title")),
                ("title_digest", models.CharField(blank=True, max_length=64)),
                (
                    "unit_name",
                    models.CharField(blank=True, max_length=200, verbose_name="responsible unit"),
                ),
                ("year", models.PositiveSmallIntegerField(verbose_name="year")),
                (
                    "period",
                    models.CharField(
                        choices=[("Y", "Permanent"), ("D30", "30 years"), ("D10", "10 years")],
                        max_length=3,
                        verbose_name="retention period",
                    ),
                ),
                ("expired_on", models.DateField(null=True, verbose_name="period ended on")),
                ("pages", models.PositiveIntegerField(null=True, verbose_name="page count")),
                ("box", models.CharField(blank=True, max_length=40, verbose_name="box")),
                ("remark", models.CharField(blank=True, max_length=500, verbose_name="remark")),
                ("destroyed_at", models.DateTimeField(null=True, verbose_name="destroyed at")),
                ("tombstone", models.BigIntegerField(null=True, verbose_name="ledger entry")),
                ("files", models.JSONField(default=list)),
                (
                    "files_removed_at",
                    models.DateTimeField(null=True, verbose_name="files removed at"),
                ),
                (
                    "record",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="destructions",
                        to="archives.record",
                        verbose_name="record",
                    ),
                ),
                (
                    "destruction_list",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="entries",
                        to="archives.destructionlist",
                    ),
                ),
            ],
            options={
                "verbose_name": "entry of a destruction list",
                "verbose_name_plural": "entries of destruction lists",
                "ordering": ["archive_code", "pk"],
            },
        ),
        migrations.CreateModel(
            name="DestructionWitness",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("name", models.CharField(max_length=150, verbose_name="name")),
                ("signed_at", models.DateTimeField(null=True, verbose_name="signed at")),
                (
                    "account",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="witness",
                    ),
                ),
                (
                    "destruction_list",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="witnesses",
                        to="archives.destructionlist",
                    ),
                ),
            ],
            options={
                "verbose_name": "witness of a destruction",
                "verbose_name_plural": "witnesses of destructions",
                "ordering": ["pk"],
            },
        ),
        migrations.CreateModel(
            name="LegalHold",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=uuid.uuid4, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("year", models.PositiveSmallIntegerField(null=True, verbose_name="year")),
                ("reason", models.CharField(max_length=500, verbose_name="reason")),
                ("placed_at", models.DateTimeField(verbose_name="placed at")),
                ("until", models.DateField(null=True, verbose_name="in force until")),
                ("lifted_at", models.DateTimeField(null=True, verbose_name="lifted at")),
                (
                    "lift_reason",
                    models.CharField(blank=True, max_length=500, verbose_name="why it was lifted"),
                ),
                (
                    "archive_class",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="archives.archiveclass",
                        verbose_name="class",
                    ),
                ),
                (
                    "lifted_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="lifted by",
                    ),
                ),
                (
                    "placed_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="placed by",
                    ),
                ),
                (
                    "record",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="holds",
                        to="archives.record",
                        verbose_name="record",
                    ),
                ),
                (
                    "unit",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="organizations.unit",
                        verbose_name="responsible unit",
                    ),
                ),
            ],
            options={
                "verbose_name": "legal hold",
                "verbose_name_plural": "legal holds",
                "ordering": ["-placed_at", "pk"],
            },
        ),
        migrations.AddIndex(
            model_name="destructionlist",
            index=models.Index(fields=["state"], name="archives_destruction_state"),
        ),
        migrations.AddConstraint(
            model_name="destructionlist",
            constraint=models.UniqueConstraint(
                fields=("year", "serial"), name="archives_destruction_number_once"
            ),
        ),
        migrations.AddIndex(
            model_name="destructionentry",
            index=models.Index(
                condition=models.Q(
                    ("destroyed_at__isnull", False), ("files_removed_at__isnull", True)
                ),
                fields=["destroyed_at"],
                name="archives_files_to_remove",
            ),
        ),
        migrations.AddConstraint(
            model_name="destructionentry",
            constraint=models.UniqueConstraint(
                condition=models.Q(("counts", True)),
                fields=("record",),
                name="archives_one_destruction_per_record",
            ),
        ),
        migrations.AddConstraint(
            model_name="destructionwitness",
            constraint=models.UniqueConstraint(
                fields=("destruction_list", "account"), name="archives_witness_once"
            ),
        ),
        migrations.AddIndex(
            model_name="legalhold",
            index=models.Index(
                condition=models.Q(("lifted_at__isnull", True)),
                fields=["record"],
                name="archives_hold_in_force",
            ),
        ),
        migrations.AddConstraint(
            model_name="legalhold",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("record__isnull", False),
                    ("archive_class__isnull", False),
                    ("unit__isnull", False),
                    ("year__isnull", False),
                    _connector="OR",
                ),
                name="archives_hold_covers_something",
            ),
        ),
    ]
