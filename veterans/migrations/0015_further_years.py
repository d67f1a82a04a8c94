"""Payments of further years of running benefits, held in the budget and named by recoveries."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

import portal.personal_data.fields


class Migration(migrations.Migration):
    dependencies = [
        ("people", "0002_temporary_password"),
        ("veterans", "0014_limit_changes"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.RemoveConstraint(
            model_name="payment",
            name="veterans_paid_once",
        ),
        migrations.RemoveConstraint(
            model_name="reservation",
            name="veterans_reserved_once",
        ),
        migrations.AddField(
            model_name="payment",
            name="bank_card",
            field=portal.personal_data.fields.EncryptedTextField(
                blank=True, default="", verbose_name="bank card"
            ),
        ),
        migrations.AddField(
            model_name="payment",
            name="bank_name",
            field=models.CharField(blank=True, max_length=60, verbose_name="bank"),
        ),
        migrations.AddField(
            model_name="payment",
            name="calculation",
            field=portal.personal_data.fields.EncryptedTextField(blank=True, default=""),
        ),
        migrations.AddField(
            model_name="payment",
            name="first_day",
            field=models.DateField(null=True, verbose_name="first day of the year"),
        ),
        migrations.AddField(
            model_name="payment",
            name="last_day",
            field=models.DateField(null=True, verbose_name="last day of the year"),
        ),
        migrations.AddField(
            model_name="payment",
            name="period",
            field=models.PositiveSmallIntegerField(default=1, verbose_name="year of the benefit"),
        ),
        migrations.AddField(
            model_name="payment",
            name="version",
            field=models.ForeignKey(
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="veterans.itemversion",
            ),
        ),
        migrations.AddField(
            model_name="recovery",
            name="payment",
            field=models.ForeignKey(
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="recoveries",
                to="veterans.payment",
            ),
        ),
        migrations.AddField(
            model_name="reservation",
            name="payment",
            field=models.OneToOneField(
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="reservation",
                to="veterans.payment",
            ),
        ),
        migrations.AddField(
            model_name="runningbenefit",
            name="next_from",
            field=models.DateField(null=True, verbose_name="next year from"),
        ),
        migrations.AlterField(
            model_name="payment",
            name="state",
            field=models.CharField(
                choices=[
                    ("ordered", "Ordered"),
                    ("paid", "Paid"),
                    ("failed", "Failed"),
                    ("taken-back", "Taken back"),
                ],
                default="ordered",
                max_length=10,
            ),
        ),
        migrations.AddIndex(
            model_name="runningbenefit",
            index=models.Index(
                fields=["item", "state", "next_from"], name="veterans_benefit_payable"
            ),
        ),
        migrations.AddConstraint(
            model_name="payment",
            constraint=models.UniqueConstraint(
                condition=models.Q(("state__in", ["ordered", "paid"])),
                fields=("application", "decision", "period"),
                name="veterans_paid_once",
            ),
        ),
        migrations.AddConstraint(
            model_name="payment",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(
                        ("first_day__isnull", True), ("last_day__isnull", True), ("period", 1)
                    ),
                    models.Q(
                        ("decision", 1),
                        ("first_day__isnull", False),
                        ("last_day__gt", models.F("first_day")),
                        ("period__gt", 1),
                        ("version__isnull", False),
                    ),
                    _connector="OR",
                ),
                name="veterans_further_year_whole",
            ),
        ),
        migrations.AddConstraint(
            model_name="reservation",
            constraint=models.UniqueConstraint(
                condition=models.Q(("payment__isnull", True), ("state", "reserved")),
                fields=("application",),
                name="veterans_reserved_once",
            ),
        ),
    ]
