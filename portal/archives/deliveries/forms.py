"""The form that admits a system."""

from __future__ import annotations

from django import forms
from django.utils.translation import gettext_lazy as _


class SystemForm(forms.Form):
    """The name under which records say where they came from."""

    name = forms.CharField(
        label=_("Name of the system"),
        max_length=60,
        help_text=_("As records shall name it for ever, such as 集团办公自动化系统."),
    )
