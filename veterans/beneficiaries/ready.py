"""What the register of beneficiaries registers when the application is ready."""

from __future__ import annotations

from typing import Any

from django.db.models import Q
from django.utils.translation import gettext_lazy as _


def _concerns(user: Any) -> bool:
    """Whether an account's person is in the register, or acts for somebody; one query."""
    from veterans.models import Beneficiary, Representation

    person_id = getattr(user, "person_id", None)
    if person_id is None:
        return False
    if not hasattr(user, "_in_register"):
        acting = Representation.objects.filter(
            Q(principal=person_id) | Q(representative=person_id)
        ).order_by()
        user._in_register = (
            Beneficiary.objects.filter(pk=person_id)
            .order_by()
            .values_list("pk")
            .union(acting.values_list("pk"))
            .exists()
        )
    found: bool = user._in_register
    return found


def register() -> None:
    """Register messages, inventory, files, doors, tasks and the daily jobs, once."""
    from portal.cases.doors import register_case_door
    from portal.roles.daily_jobs import register_daily_job
    from veterans.beneficiaries import benefits, messages, personal_data, tasks
    from veterans.beneficiaries.files import register_files
    from veterans.beneficiaries.permissions import may_read_register
    from veterans.beneficiaries.sheet_rows import forget_old

    messages.register()
    personal_data.register()
    register_files()
    benefits.register()
    tasks.register()
    register_daily_job("support-register-imports", forget_old)
    register_case_door(_("Register"), "support_beneficiaries", may_read_register)
    register_case_door(_("Yearly confirmation"), "support_benefits_office", may_read_register)
    register_case_door(_("My running benefits"), "support_benefits", _concerns)
    register_case_door(_("Acting for each other"), "support_representations", _concerns)
