"""Application configuration."""

from __future__ import annotations

from django.apps import AppConfig
from django.db.models.signals import post_migrate, pre_migrate
from django.utils.translation import gettext_lazy as _


class VeteransConfig(AppConfig):
    """Veterans' support."""

    name = "veterans"
    label = "veterans"
    verbose_name = _("Veterans support")
    address_prefix = "support/"

    def ready(self) -> None:
        """Register the section, its flow and its demo texts."""
        from portal.roles.daily_jobs import register_daily_job
        from veterans import archive_scope, flow
        from veterans.appeals import registration as appeals
        from veterans.beneficiaries import ready as beneficiaries
        from veterans.complaints import registration as complaints
        from veterans.demo import parts as demo_parts
        from veterans.payments import registration as payments
        from veterans.publicity import briefings
        from veterans.publicity import messages as publicity_messages
        from veterans.publicity import personal_data as publicity_personal_data
        from veterans.ratings import registration as ratings
        from veterans.sections import register
        from veterans.standards import checks as standard_checks
        from veterans.standards import guards
        from veterans.standards import tasks as standard_tasks
        from veterans.statistics import registration as statistics
        from veterans.visits import registration as visits

        register()
        demo_parts.register()
        archive_scope.register()
        flow.register()
        payments.register()
        appeals.register()
        statistics.register()
        ratings.register()
        complaints.register()
        visits.register()
        beneficiaries.register()
        standard_tasks.register()
        standard_checks.register()
        publicity_messages.register()
        publicity_personal_data.register()
        register_daily_job("briefing-reminders", briefings.remind)
        pre_migrate.connect(guards.remove_before_migrate, sender=self)
        post_migrate.connect(guards.install_after_migrate, sender=self)
