"""Pages of veterans' support, and the standards they speak of."""

from __future__ import annotations

from veterans.models.applications import Application, Payment
from veterans.models.pages import PolicyPage, VeteransIndexPage
from veterans.models.standard_pages import SupportStandardPage
from veterans.models.standards import (
    EligibilityRule,
    EntitlementRow,
    ItemVersion,
    MaterialRequirement,
    Step,
    SupportItem,
    TimeLimit,
)

__all__ = [
    "Application",
    "EligibilityRule",
    "EntitlementRow",
    "ItemVersion",
    "MaterialRequirement",
    "Payment",
    "PolicyPage",
    "Step",
    "SupportItem",
    "SupportStandardPage",
    "TimeLimit",
    "VeteransIndexPage",
]
