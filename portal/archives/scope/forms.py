"""What the archivist fills in about the scope table."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from portal.archives.models import ScopeRule, ScopeTable
from portal.archives.scope.sheets import LARGEST_BYTES
from portal.archives.sources import publishable_kinds, subkinds_of
from portal.spreadsheets.forms import WorkbookField


def kind_choices() -> list[tuple[str, Any]]:
    """Return the kinds that can be published."""
    return [("", "—"), *publishable_kinds().items()]


def subkind_choices() -> list[tuple[str, Any]]:
    """Return what is told apart within kinds, with the name of the kind before it."""
    names = publishable_kinds()
    return [
        ("", "—"),
        *(
            (code, f"{names[kind]}：{name}")
            for kind in names
            for code, name in subkinds_of(kind).items()
        ),
    ]


class RuleForm(forms.ModelForm):  # type: ignore[type-arg]
    """One row of a draft."""

    kind = forms.ChoiceField(choices=kind_choices, label=_("Kind"))
    subkind = forms.ChoiceField(
        choices=subkind_choices, required=False, label=_("Detail of the kind")
    )

    class Meta:
        model = ScopeRule
        fields = (
            *("position", "kind", "subkind", "title_words", "description", "files"),
            *("archive_class", "period", "access_level", "clause", "unverified"),
            "straight_through",
        )
        help_texts = {
            "position": _("Rows are tried in this order; the first that fits wins."),
            "straight_through": _(
                "Off by default: an archivist looks at every item. With a tick, items that pass "
                "all checks are accepted and numbered at once."
            ),
        }

    def clean(self) -> dict[str, Any]:
        """A row to be filed says where and for how long; a detail belongs to its kind."""
        cleaned: dict[str, Any] = super().clean() or {}
        if cleaned.get("files"):
            if not cleaned.get("archive_class"):
                self.add_error("archive_class", _("A row to be filed needs a class."))
            if not cleaned.get("period"):
                self.add_error("period", _("A row to be filed needs a retention period."))
        kind, subkind = cleaned.get("kind"), cleaned.get("subkind")
        if kind and subkind and subkind not in subkinds_of(kind):
            self.add_error("subkind", _("This kind has no such detail."))
        return cleaned


class TableForm(forms.ModelForm):  # type: ignore[type-arg]
    """The limits that belong to a version."""

    class Meta:
        model = ScopeTable
        fields = ("pool_working_days", "apart_years", "remark")


class UploadForm(forms.Form):
    """An Excel sheet that becomes a new draft."""

    sheet = WorkbookField(
        largest=LARGEST_BYTES,
        label=_("Excel file"),
        help_text=_("In the layout of the download; at most 2 MB and 2,000 rows."),
    )
    remark = forms.CharField(label=_("Remarks"), max_length=200, required=False)


class InForceForm(forms.Form):
    """The document that approved a version."""

    mandate = forms.CharField(
        label=_("Approved by document"),
        max_length=120,
        help_text=_("For example 沁岚档〔2026〕2号. The table of a unit needs approval."),
    )
