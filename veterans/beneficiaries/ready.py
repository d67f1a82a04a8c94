"""What the register of beneficiaries registers when the application is ready."""

from __future__ import annotations


def register() -> None:
    """Register messages, inventory, files and the daily job, once."""
    from veterans.beneficiaries import benefits, messages, personal_data
    from veterans.beneficiaries.files import register_files

    messages.register()
    personal_data.register()
    register_files()
    benefits.register()
