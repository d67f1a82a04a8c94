"""Application configuration."""

from __future__ import annotations

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class UnionConfig(AppConfig):
    """The union."""

    name = "union"
    label = "union"
    verbose_name = _("Union")
    address_prefix = "participation/"

    def ready(self) -> None:
        """Register the section and its demo texts."""
        from union import archive_scope
        from union.demo import parts as demo_parts
        from union.openness import registration as openness
        from union.opinions import registration as opinions
        from union.proposals import registration as proposals
        from union.sections import register
        from union.suggestions import registration as suggestions
        from union.survey_results import registration as survey_results
        from union.surveys import registration as surveys

        register()
        demo_parts.register()
        archive_scope.register()
        opinions.register()
        openness.register()
        proposals.register()
        suggestions.register()
        surveys.register(self)
        survey_results.register()
