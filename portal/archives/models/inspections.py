"""Four-property checks (四性检测): one inspection of a record and the result of every code."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from portal.archives.models.records import Record


class InspectionStage(models.TextChoices):
    """The stages of DA/T 70-2018, by its own abbreviations."""

    FILING = "GD", _("Filing")
    TRANSFER = "YJ", _("Transfer")
    LONG_TERM = "CQ", _("Long-term keeping")


class Verdict(models.TextChoices):
    """One blocking failure fails; there is no score."""

    PASS = "pass", _("Passed")
    FAIL = "fail", _("Not passed")


class Outcome(models.TextChoices):
    """What one check found (通过, 不通过, 不适用, 未检); not run is never a pass."""

    PASSED = "passed", _("Passed")
    FAILED = "failed", _("Not passed")
    NOT_APPLICABLE = "not-applicable", _("Not applicable")
    NOT_RUN = "not-run", _("Not run")


class Inspection(models.Model):
    """One run of all checks of a stage over one record.

    `failed_codes` and `not_run_codes` repeat what the results say, so that lists need no
    second query.

    Attributes:
        layer: of a check for a transfer, the newest sealed package when it began; None without.
    """

    record = models.ForeignKey(Record, on_delete=models.PROTECT, related_name="inspections")
    stage = models.CharField(_("stage"), max_length=2, choices=InspectionStage.choices)
    verdict = models.CharField(_("verdict"), max_length=4, choices=Verdict.choices)
    failed_codes = models.JSONField(_("not passed"), default=list)
    not_run_codes = models.JSONField(_("not run"), default=list)
    layer = models.PositiveSmallIntegerField(_("layer"), null=True)
    inspected_at = models.DateTimeField(_("inspected at"))
    inspected_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("inspected by"),
        null=True,
        on_delete=models.SET_NULL,
        related_name="+",
    )

    class Meta:
        verbose_name = _("four-property check")
        verbose_name_plural = _("four-property checks")
        ordering = ["-pk"]
        indexes = [models.Index(fields=["record", "-id"], name="archives_inspection_newest")]

    def __str__(self) -> str:
        return f"{self.record_id} {self.stage} {self.verdict}"

    @property
    def passed(self) -> bool:
        """Whether no blocking check failed."""
        return self.verdict == Verdict.PASS


class InspectionResult(models.Model):
    """What one check found, with what it measured."""

    inspection = models.ForeignKey(Inspection, on_delete=models.CASCADE, related_name="results")
    position = models.PositiveSmallIntegerField()
    code = models.CharField(_("code"), max_length=6)
    outcome = models.CharField(_("result"), max_length=14, choices=Outcome.choices)
    blocking = models.BooleanField(_("blocking"))
    evidence = models.CharField(_("evidence"), max_length=1000)

    class Meta:
        verbose_name = _("result of a check")
        verbose_name_plural = _("results of checks")
        ordering = ["inspection", "position"]
        constraints = [
            models.UniqueConstraint(
                fields=["inspection", "code"], name="archives_result_once_per_code"
            )
        ]

    def __str__(self) -> str:
        return f"{self.code} {self.outcome}"

    @property
    def blocks(self) -> bool:
        """Whether this result alone fails the inspection."""
        return self.blocking and self.outcome == Outcome.FAILED
