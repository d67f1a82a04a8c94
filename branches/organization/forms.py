"""Forms of terms, posts, groups and of changing a branch as a whole."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy, pgettext_lazy

from branches.members.forms import NameField, branches_on
from branches.members.reading import groups_of, members_of
from branches.models import PostKind, ReorganizationKind
from portal.office_pages import day_field
from portal.organizations.models import Unit
from portal.people.models import Person


class TermForm(forms.Form):
    """A term after an election."""

    elected_on = day_field(pgettext_lazy("branch", "Elected on"))
    first_day = day_field(gettext_lazy("First day of the term"))
    last_day = day_field(gettext_lazy("Last day of the term"))


class ExtensionForm(forms.Form):
    """An approved extension."""

    extended_to = day_field(gettext_lazy("Extended to"))
    extension_document = forms.CharField(
        label=gettext_lazy("Approval of the extension"),
        max_length=60,
        help_text=gettext_lazy("Its number, such as 沁岚党发〔2026〕15号."),
        error_messages={"required": gettext_lazy("Please write the number of the approval.")},
    )


class PostForm(forms.Form):
    """Who takes which post, from when."""

    valid_from = day_field(gettext_lazy("Valid from"))

    def __init__(self, *args: Any, branch: Unit, **keywords: Any) -> None:
        super().__init__(*args, **keywords)
        people = members_of(branch).values("member_id")
        self.fields["kind"] = forms.ChoiceField(
            label=pgettext_lazy("Party post", "Post"), choices=PostKind.choices
        )
        self.fields["person"] = NameField(
            Person.objects.filter(pk__in=people).order_by("name", "pk"),
            label=gettext_lazy("Full name"),
            empty_label=gettext_lazy("Please choose"),
        )
        self.fields["group"] = NameField(
            groups_of(branch),
            label=gettext_lazy("Party group"),
            required=False,
            empty_label="—",
            help_text=gettext_lazy("Only for a group leader."),
        )
        self.order_fields(["person", "kind", "group", "valid_from"])

    def clean(self) -> dict[str, Any]:
        """A group leader leads a group."""
        values: dict[str, Any] = super().clean() or {}
        if values.get("kind") == PostKind.GROUP_LEADER and not values.get("group"):
            self.add_error("group", gettext_lazy("Please choose the group."))
        return values


class EndPostForm(forms.Form):
    """The last day in a post."""

    day = day_field(pgettext_lazy("membership", "Last day"))


class GroupForm(forms.Form):
    """A new Party group."""

    name = forms.CharField(label=gettext_lazy("Name"), max_length=100)
    code = forms.CharField(
        label=gettext_lazy("Code"),
        max_length=20,
        help_text=gettext_lazy("Letters, digits and hyphens."),
    )
    valid_from = day_field(gettext_lazy("Valid from"))


class ChangeForm(forms.Form):
    """A branch is merged, split or dissolved."""

    kind: Any = None
    day = day_field(gettext_lazy("In force from"))
    document = forms.CharField(
        label=pgettext_lazy("document", "Decision"),
        max_length=60,
        help_text=gettext_lazy("Its number, such as 沁岚党发〔2026〕15号."),
        error_messages={"required": gettext_lazy("Please write the number of the decision.")},
    )

    def __init__(self, *args: Any, branch: Unit, kind: str, **keywords: Any) -> None:
        super().__init__(*args, **keywords)
        self.kind = kind
        self.initial.setdefault("day", timezone.localdate())
        if kind == ReorganizationKind.MERGED:
            self.fields["into"] = NameField(
                branches_on().exclude(pk=branch.pk),
                label=gettext_lazy("Into which branch"),
                empty_label=gettext_lazy("Please choose"),
            )
        if kind == ReorganizationKind.SPLIT:
            self.fields["name"] = forms.CharField(
                label=gettext_lazy("Name of the new branch"), max_length=100
            )
            self.fields["code"] = forms.CharField(
                label=gettext_lazy("Code of the new branch"), max_length=20
            )
            self.fields["members"] = forms.MultipleChoiceField(
                label=gettext_lazy("Who goes to the new branch"),
                widget=forms.CheckboxSelectMultiple,
                choices=[
                    (str(row.member_id), row.member.person.name) for row in members_of(branch)
                ],
                error_messages={
                    "required": gettext_lazy("Please choose some members, but not all.")
                },
            )
        self.order_fields(["into", "name", "code", "members", "day", "document"])

    def clean(self) -> dict[str, Any]:
        """Bring the kind along."""
        values: dict[str, Any] = super().clean() or {}
        values["kind"] = self.kind
        return values
