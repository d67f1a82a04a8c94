"""Exports as information packages by E-ARK CSIP."""

from __future__ import annotations

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("archives", "0019_consultation")]

    operations = [
        migrations.AlterField(
            model_name="packageexport",
            name="kind",
            field=models.CharField(
                choices=[
                    ("transfer", "Transfer package"),
                    ("csip", "E-ARK packages (CSIP)"),
                    ("catalogue-xlsx", "Catalogue (Excel)"),
                    ("catalogue-pdf", "Catalogue (PDF)"),
                    ("boxes-xlsx", "Box sheets (Excel)"),
                    ("boxes-pdf", "Box sheets (PDF)"),
                ],
                max_length=16,
                verbose_name="kind",
            ),
        )
    ]
