"""The tree over the ledger: nodes of complete subtrees and the signed daily heads."""

from __future__ import annotations

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("archives", "0002_archive_office")]

    operations = [
        migrations.CreateModel(
            name="TreeHead",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("date", models.DateField(unique=True, verbose_name="date")),
                ("size", models.BigIntegerField(verbose_name="number of ledger entries")),
                ("root", models.CharField(max_length=64, verbose_name="root hash")),
                ("note", models.TextField(verbose_name="signed text")),
                ("key_id", models.CharField(max_length=8, verbose_name="key number")),
                ("public_key", models.CharField(max_length=200, verbose_name="public key")),
                ("file_name", models.CharField(max_length=60, verbose_name="file name")),
                ("made_at", models.DateTimeField(verbose_name="made at")),
            ],
            options={
                "verbose_name": "signed tree head",
                "verbose_name_plural": "signed tree heads",
                "ordering": ["-date"],
            },
        ),
        migrations.CreateModel(
            name="TreeNode",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("level", models.PositiveSmallIntegerField(verbose_name="level")),
                ("index", models.BigIntegerField(verbose_name="position")),
                ("hash", models.CharField(max_length=64, verbose_name="hash value")),
            ],
            options={
                "verbose_name": "tree node",
                "verbose_name_plural": "tree nodes",
                "constraints": [
                    models.UniqueConstraint(
                        fields=("level", "index"), name="archives_one_node_per_place"
                    )
                ],
            },
        ),
    ]
