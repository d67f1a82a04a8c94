"""Applications for support and their payments."""

from decimal import Decimal

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

import portal.personal_data.fields


class Migration(migrations.Migration):
    dependencies = [
        ("cases", "0001_cases"),
        ("veterans", "0002_support_standards"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="Application",
            fields=[
                (
                    "case",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE,
                        primary_key=True,
                        related_name="application",
                        serialize=False,
                        to="cases.case",
                    ),
                ),
                ("standard_sha256", models.CharField(blank=True, max_length=64)),
                (
                    "for_whom",
                    models.CharField(
                        blank=True,
                        choices=[("self", "For myself"), ("family", "For a member of my family")],
                        max_length=10,
                        verbose_name="for whom",
                    ),
                ),
                (
                    "relation",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("spouse", "Husband or wife"),
                            ("child", "Son or daughter"),
                            ("parent", "Father or mother"),
                            ("guardian", "Guardian"),
                            ("other", "Somebody else with a letter of authority"),
                        ],
                        max_length=10,
                        verbose_name="relation",
                    ),
                ),
                (
                    "name",
                    portal.personal_data.fields.EncryptedTextField(
                        blank=True, default="", verbose_name="name of the beneficiary"
                    ),
                ),
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
                    "phone",
                    portal.personal_data.fields.EncryptedTextField(
                        blank=True, default="", verbose_name="phone"
                    ),
                ),
                ("bank_name", models.CharField(blank=True, max_length=60, verbose_name="bank")),
                (
                    "bank_card",
                    portal.personal_data.fields.EncryptedTextField(
                        blank=True, default="", verbose_name="bank card"
                    ),
                ),
                (
                    "bank_card_index",
                    portal.personal_data.fields.BlindIndexField(
                        blank=True,
                        db_index=True,
                        editable=False,
                        max_length=64,
                        null=True,
                        source="bank_card",
                    ),
                ),
                ("answers", portal.personal_data.fields.EncryptedTextField(blank=True, default="")),
                ("period", models.CharField(blank=True, max_length=10)),
                ("active", models.BooleanField(default=False)),
                (
                    "amount",
                    models.DecimalField(
                        decimal_places=2, max_digits=12, null=True, verbose_name="amount"
                    ),
                ),
                (
                    "calculation",
                    portal.personal_data.fields.EncryptedTextField(blank=True, default=""),
                ),
                (
                    "correction",
                    portal.personal_data.fields.EncryptedTextField(blank=True, default=""),
                ),
                (
                    "supported",
                    models.BooleanField(null=True, verbose_name="supported by the review"),
                ),
                (
                    "item",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="applications",
                        to="veterans.supportitem",
                    ),
                ),
                (
                    "version",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="applications",
                        to="veterans.itemversion",
                    ),
                ),
            ],
            options={
                "verbose_name": "application",
                "verbose_name_plural": "applications",
            },
        ),
        migrations.CreateModel(
            name="Payment",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "amount",
                    models.DecimalField(decimal_places=2, max_digits=12, verbose_name="amount"),
                ),
                (
                    "state",
                    models.CharField(
                        choices=[("ordered", "Ordered"), ("paid", "Paid"), ("failed", "Failed")],
                        default="ordered",
                        max_length=10,
                    ),
                ),
                ("ordered_at", models.DateTimeField()),
                ("finished_at", models.DateTimeField(null=True)),
                (
                    "reason",
                    models.CharField(blank=True, max_length=200, verbose_name="why it failed"),
                ),
                (
                    "application",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="payments",
                        to="veterans.application",
                    ),
                ),
                (
                    "finished_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "ordered_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "verbose_name": "payment",
                "verbose_name_plural": "payments",
                "ordering": ["pk"],
            },
        ),
        migrations.AddConstraint(
            model_name="application",
            constraint=models.UniqueConstraint(
                condition=models.Q(("active", True)),
                fields=("identity_number_index", "item", "period"),
                name="veterans_one_application_a_period",
            ),
        ),
        migrations.AddConstraint(
            model_name="application",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("amount__isnull", True), ("amount__gte", Decimal("0")), _connector="OR"
                ),
                name="veterans_application_amount_not_negative",
            ),
        ),
        migrations.AddConstraint(
            model_name="payment",
            constraint=models.UniqueConstraint(
                condition=models.Q(("state__in", ["ordered", "paid"])),
                fields=("application",),
                name="veterans_paid_once",
            ),
        ),
        migrations.AddConstraint(
            model_name="payment",
            constraint=models.CheckConstraint(
                condition=models.Q(("amount__gt", Decimal("0"))),
                name="veterans_payment_above_nothing",
            ),
        ),
    ]
