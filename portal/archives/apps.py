"""Application configuration."""

from __future__ import annotations

from django.apps import AppConfig
from django.db.models.signals import post_migrate
from django.utils.translation import gettext_lazy as _


class ArchivesConfig(AppConfig):
    """Records, ledger and renditions."""

    name = "portal.archives"
    label = "archives"
    verbose_name = _("Archives")

    def ready(self) -> None:
        """Register the system checks and the daily jobs."""
        from portal.archives import checks, doors, reconciliation
        from portal.archives.access.keys import renew
        from portal.archives.appraisal import office as appraisal_office
        from portal.archives.attachments import office as attachments_office
        from portal.archives.consultation import office as consultation_office
        from portal.archives.deliveries import office as deliveries_office
        from portal.archives.fixity import office as fixity_office
        from portal.archives.inspection import office as inspection_office
        from portal.archives.inspection import rounds
        from portal.archives.legacy import office as legacy_office
        from portal.archives.packages import office as packages_office
        from portal.archives.paper import office as paper_office
        from portal.archives.pool import deadlines
        from portal.archives.recovery import office as recovery_office
        from portal.archives.retrieval import tallies
        from portal.archives.statistics import office as statistics_office
        from portal.archives.tree import heads
        from portal.archives.tree import office as tree_office
        from portal.personal_data.rotation import register_renewal
        from portal.roles.daily_jobs import register_daily_job

        checks.register()
        register_renewal("record keys", renew)
        doors.register()
        deadlines.register()
        attachments_office.register()
        fixity_office.register()
        inspection_office.register()
        rounds.register()
        legacy_office.register()
        deliveries_office.register()
        paper_office.register()
        packages_office.register()
        tree_office.register()
        appraisal_office.register()
        recovery_office.register()
        consultation_office.register()
        statistics_office.register()
        register_daily_job("archive-reconcile", reconciliation.daily)
        register_daily_job("ledger-head", heads.daily)
        post_migrate.connect(tallies.install_after_migrate, sender=self)
        register_daily_job("record-tallies", tallies.daily)
