"""Cases, their events, clocks, numbers and ratings."""

import uuid

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

import portal.personal_data.fields


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        ("files", "0001_private_files"),
        ("organizations", "0001_initial"),
        ("people", "0002_temporary_password"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="Case",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=uuid.uuid4, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("flow", models.CharField(max_length=40, verbose_name="flow")),
                ("item", models.CharField(max_length=100, verbose_name="matter")),
                ("number", models.CharField(blank=True, max_length=40, verbose_name="case number")),
                ("tracking_digest", models.CharField(blank=True, editable=False, max_length=64)),
                (
                    "tracking_tail",
                    portal.personal_data.fields.EncryptedTextField(
                        blank=True, default="", editable=False
                    ),
                ),
                ("state", models.CharField(max_length=30, verbose_name="state")),
                ("previous_state", models.CharField(blank=True, max_length=30)),
                ("sequence", models.PositiveIntegerField(default=0)),
                ("due_on", models.DateField(blank=True, null=True, verbose_name="due on")),
                ("due_on_estimated", models.BooleanField(default=False)),
                ("created_at", models.DateTimeField(auto_now_add=True, verbose_name="created at")),
                ("changed_at", models.DateTimeField(auto_now=True, verbose_name="changed last at")),
                (
                    "submitted_at",
                    models.DateTimeField(blank=True, null=True, verbose_name="submitted at"),
                ),
                (
                    "closed_at",
                    models.DateTimeField(blank=True, null=True, verbose_name="closed at"),
                ),
                (
                    "applicant",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="applied_cases",
                        to="people.person",
                        verbose_name="applicant",
                    ),
                ),
                (
                    "beneficiary",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="benefiting_cases",
                        to="people.person",
                        verbose_name="beneficiary",
                    ),
                ),
                (
                    "handler",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="handled_cases",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="handler",
                    ),
                ),
                (
                    "unit",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="cases",
                        to="organizations.unit",
                        verbose_name="unit",
                    ),
                ),
            ],
            options={
                "verbose_name": "case",
                "verbose_name_plural": "cases",
                "ordering": ["-created_at"],
            },
        ),
        migrations.CreateModel(
            name="ClosedFile",
            fields=[
                (
                    "case",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT,
                        primary_key=True,
                        related_name="closed_file",
                        serialize=False,
                        to="cases.case",
                    ),
                ),
                ("content", portal.personal_data.fields.EncryptedTextField()),
                ("shown", portal.personal_data.fields.EncryptedTextField()),
                ("closed_at", models.DateTimeField()),
            ],
            options={
                "verbose_name": "closed case file",
                "verbose_name_plural": "closed case files",
            },
        ),
        migrations.CreateModel(
            name="CaseClock",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("code", models.CharField(max_length=30)),
                (
                    "kind",
                    models.CharField(
                        choices=[("working", "working"), ("calendar", "calendar")], max_length=10
                    ),
                ),
                ("include_start", models.BooleanField(default=False)),
                ("of_applicant", models.BooleanField(default=False)),
                ("started_on", models.DateField()),
                ("days", models.PositiveSmallIntegerField()),
                ("extension_days", models.PositiveSmallIntegerField(default=0)),
                ("extension_reason", models.CharField(blank=True, max_length=500)),
                ("ended_on", models.DateField(null=True)),
                ("due_on", models.DateField(null=True)),
                ("warned_on", models.DateField(null=True)),
                ("estimated", models.BooleanField(default=False)),
                (
                    "case",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="clocks",
                        to="cases.case",
                    ),
                ),
                (
                    "extended_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "verbose_name": "time limit",
                "verbose_name_plural": "time limits",
                "ordering": ["pk"],
            },
        ),
        migrations.CreateModel(
            name="CaseDocument",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("material", models.CharField(max_length=40, verbose_name="material")),
                ("title", models.CharField(max_length=100, verbose_name="title")),
                ("letter", models.BooleanField(default=False, verbose_name="letter of the office")),
                ("added_at", models.DateTimeField(verbose_name="added at")),
                (
                    "replaced_at",
                    models.DateTimeField(blank=True, null=True, verbose_name="replaced at"),
                ),
                (
                    "case",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="documents",
                        to="cases.case",
                    ),
                ),
                (
                    "file",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="case_document",
                        to="files.storedfile",
                    ),
                ),
            ],
            options={
                "verbose_name": "case document",
                "verbose_name_plural": "case documents",
                "ordering": ["pk"],
            },
        ),
        migrations.CreateModel(
            name="CaseEvent",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("sequence", models.PositiveIntegerField()),
                ("transition", models.CharField(max_length=40)),
                ("from_state", models.CharField(max_length=30)),
                ("to_state", models.CharField(max_length=30)),
                ("party", models.CharField(max_length=30)),
                ("at", models.DateTimeField(verbose_name="at")),
                (
                    "note_public",
                    portal.personal_data.fields.EncryptedTextField(
                        blank=True, default="", verbose_name="reason"
                    ),
                ),
                (
                    "note_internal",
                    portal.personal_data.fields.EncryptedTextField(
                        blank=True, default="", verbose_name="internal note"
                    ),
                ),
                ("data", models.JSONField(default=dict)),
                (
                    "actor",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="case_events",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "case",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="events",
                        to="cases.case",
                    ),
                ),
            ],
            options={
                "verbose_name": "case event",
                "verbose_name_plural": "case events",
                "ordering": ["sequence"],
            },
        ),
        migrations.CreateModel(
            name="CaseNumber",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("prefix", models.CharField(max_length=10)),
                ("year", models.PositiveSmallIntegerField()),
                ("last", models.PositiveIntegerField(default=0)),
            ],
            options={
                "verbose_name": "case number",
                "verbose_name_plural": "case numbers",
                "constraints": [
                    models.UniqueConstraint(fields=("prefix", "year"), name="cases_number_counter")
                ],
            },
        ),
        migrations.CreateModel(
            name="ClockPause",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("reason", models.CharField(max_length=40)),
                ("since", models.DateField()),
                ("until", models.DateField(null=True)),
                (
                    "clock",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="pauses",
                        to="cases.caseclock",
                    ),
                ),
            ],
            options={
                "verbose_name": "pause",
                "verbose_name_plural": "pauses",
                "ordering": ["pk"],
            },
        ),
        migrations.CreateModel(
            name="Kinship",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
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
                (
                    "person",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="kin",
                        to="people.person",
                    ),
                ),
                (
                    "relative",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="kin_of",
                        to="people.person",
                    ),
                ),
            ],
            options={
                "verbose_name": "kinship",
                "verbose_name_plural": "kinships",
            },
        ),
        migrations.CreateModel(
            name="Rating",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "level",
                    models.PositiveSmallIntegerField(
                        choices=[
                            (5, "Very satisfied"),
                            (4, "Satisfied"),
                            (3, "Fairly satisfied"),
                            (2, "Dissatisfied"),
                            (1, "Very dissatisfied"),
                        ],
                        verbose_name="rating",
                    ),
                ),
                (
                    "words",
                    portal.personal_data.fields.EncryptedTextField(
                        blank=True, default="", verbose_name="comment"
                    ),
                ),
                ("given_at", models.DateTimeField(verbose_name="rated at")),
                ("changed_at", models.DateTimeField(verbose_name="changed last at")),
                (
                    "case",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="rating",
                        to="cases.case",
                    ),
                ),
            ],
            options={
                "verbose_name": "rating",
                "verbose_name_plural": "ratings",
            },
        ),
        migrations.CreateModel(
            name="Recusal",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("reason", models.CharField(max_length=200, verbose_name="reason")),
                ("declared_at", models.DateTimeField(verbose_name="declared at")),
                (
                    "case",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="recusals",
                        to="cases.case",
                    ),
                ),
                (
                    "user",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="recusals",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "verbose_name": "recusal",
                "verbose_name_plural": "recusals",
            },
        ),
        migrations.CreateModel(
            name="SubmissionKey",
            fields=[
                ("key", models.UUIDField(primary_key=True, serialize=False)),
                (
                    "case",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to="cases.case",
                    ),
                ),
                (
                    "event",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to="cases.caseevent",
                    ),
                ),
                (
                    "user",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "verbose_name": "submission key",
                "verbose_name_plural": "submission keys",
            },
        ),
        migrations.CreateModel(
            name="Supervision",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "level",
                    models.CharField(
                        choices=[
                            ("used", "Four fifths of the time are used"),
                            ("tomorrow", "Due on the next working day"),
                            ("overdue", "Overdue"),
                            ("ordered", "Supervision order"),
                        ],
                        max_length=10,
                    ),
                ),
                ("raised_on", models.DateField()),
                ("answer", models.CharField(blank=True, max_length=500, verbose_name="answer")),
                ("answered_at", models.DateTimeField(null=True)),
                (
                    "answered_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "clock",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="supervisions",
                        to="cases.caseclock",
                    ),
                ),
            ],
            options={
                "verbose_name": "supervision",
                "verbose_name_plural": "supervisions",
                "ordering": ["pk"],
            },
        ),
        migrations.AddIndex(
            model_name="case",
            index=models.Index(fields=["flow", "state", "due_on", "id"], name="cases_queue"),
        ),
        migrations.AddIndex(
            model_name="case",
            index=models.Index(fields=["flow", "-submitted_at", "id"], name="cases_newest"),
        ),
        migrations.AddIndex(
            model_name="case",
            index=models.Index(fields=["applicant", "-created_at"], name="cases_applicant"),
        ),
        migrations.AddConstraint(
            model_name="case",
            constraint=models.UniqueConstraint(
                condition=models.Q(("number", ""), _negated=True),
                fields=("number",),
                name="cases_number_once",
            ),
        ),
        migrations.AddConstraint(
            model_name="case",
            constraint=models.UniqueConstraint(
                condition=models.Q(("tracking_digest", ""), _negated=True),
                fields=("tracking_digest",),
                name="cases_tracking_code_once",
            ),
        ),
        migrations.AddIndex(
            model_name="caseclock",
            index=models.Index(
                condition=models.Q(("ended_on__isnull", True)),
                fields=["due_on"],
                name="cases_clock_due",
            ),
        ),
        migrations.AddConstraint(
            model_name="caseclock",
            constraint=models.UniqueConstraint(
                condition=models.Q(("ended_on__isnull", True)),
                fields=("case", "code"),
                name="cases_one_running_clock",
            ),
        ),
        migrations.AddIndex(
            model_name="caseevent",
            index=models.Index(fields=["actor", "transition"], name="cases_event_actor"),
        ),
        migrations.AddConstraint(
            model_name="caseevent",
            constraint=models.UniqueConstraint(
                fields=("case", "sequence"), name="cases_event_once"
            ),
        ),
        migrations.AddConstraint(
            model_name="clockpause",
            constraint=models.UniqueConstraint(
                condition=models.Q(("until__isnull", True)),
                fields=("clock",),
                name="cases_one_pause",
            ),
        ),
        migrations.AddConstraint(
            model_name="clockpause",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("until__isnull", True), ("until__gte", models.F("since")), _connector="OR"
                ),
                name="cases_pause_ends_after_its_start",
            ),
        ),
        migrations.AddConstraint(
            model_name="kinship",
            constraint=models.UniqueConstraint(
                fields=("person", "relative"), name="cases_kin_once"
            ),
        ),
        migrations.AddConstraint(
            model_name="kinship",
            constraint=models.CheckConstraint(
                condition=models.Q(("person", models.F("relative")), _negated=True),
                name="cases_kin_of_another",
            ),
        ),
        migrations.AddConstraint(
            model_name="recusal",
            constraint=models.UniqueConstraint(fields=("case", "user"), name="cases_recused_once"),
        ),
        migrations.AddConstraint(
            model_name="supervision",
            constraint=models.UniqueConstraint(
                fields=("clock", "level"), name="cases_supervised_once"
            ),
        ),
    ]
