"""The forms of the register, of invitations and of those who act for somebody."""

from __future__ import annotations

import datetime
from typing import Any

from django import forms
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from portal.cases.forms import TrackingForm
from portal.cases.models.people import KinshipKind
from portal.files.forms import PrivateFileField
from portal.office_pages import day_field
from portal.personal_data.forms import BankCardField, IdentityNumberField, PhoneField
from veterans.beneficiaries.entry import CLERK_CHANNELS
from veterans.models import SupportItem
from veterans.models.beneficiaries import CertificateKind
from veterans.models.representations import Channel, RepresentationKind
from veterans.models.standards import validate_region
from veterans.standards.vocabulary import CATEGORIES

LEVELS = range(1, 11)
DISABLED = "V2"


def _name(label: Any = "") -> forms.CharField:
    return forms.CharField(
        label=label or gettext_lazy("Full name"),
        max_length=50,
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
        error_messages={"required": gettext_lazy("Enter the name.")},
    )


def _reason() -> forms.CharField:
    return forms.CharField(
        label=pgettext_lazy("register", "Why?"),
        max_length=200,
        widget=forms.Textarea(attrs={"rows": 2}),
        error_messages={"required": gettext_lazy("Please write why.")},
    )


def _category_choices() -> list[tuple[str, Any]]:
    return [("", gettext_lazy("Please choose")), *((c, f"{c} {name}") for c, name in CATEGORIES)]


class DetailsForm(forms.Form):
    """Home, account, note."""

    region = forms.CharField(
        label=gettext_lazy("Region code of the home"),
        help_text=gettext_lazy("Code of the administrative division, 2 to 12 digits."),
        max_length=12,
        required=False,
        validators=[validate_region],
    )
    address = forms.CharField(
        label=gettext_lazy("Home, down to the street"), max_length=100, required=False
    )
    bank_name = forms.CharField(
        label=gettext_lazy("Bank and branch"), max_length=60, required=False
    )
    bank_card = BankCardField(required=False)
    note = forms.CharField(
        label=gettext_lazy("Note of the service station"),
        help_text=gettext_lazy("What helps, such as: hard of hearing, please call the son."),
        max_length=300,
        required=False,
        widget=forms.Textarea(attrs={"rows": 2}),
    )

    def clean(self) -> dict[str, Any]:
        """A card has a bank."""
        cleaned: dict[str, Any] = super().clean() or {}
        if cleaned.get("bank_card") and not cleaned.get("bank_name"):
            self.add_error("bank_name", _("Please write the bank of the card."))
        return cleaned


class OutsideForm(DetailsForm):
    """Details of somebody outside, name and phone included."""

    name = _name()
    phone = PhoneField(required=False)
    field_order = ["name", "phone"]


class CategoryForm(forms.Form):
    """One category with its days."""

    category = forms.ChoiceField(
        label=gettext_lazy("Category"),
        choices=_category_choices,
        error_messages={"required": gettext_lazy("Please choose the category.")},
    )
    level = forms.TypedChoiceField(
        label=gettext_lazy("Level of disability"),
        help_text=gettext_lazy("Only for V2: 1 to 10, as on the certificate."),
        choices=[("", "—"), *((str(level), str(level)) for level in LEVELS)],
        required=False,
    )
    valid_from = day_field(gettext_lazy("Valid from"))
    valid_to = day_field(gettext_lazy("Valid to"), required=False)

    def clean(self) -> dict[str, Any]:
        """A level belongs to disabled servicemen, and to every one of them."""
        cleaned: dict[str, Any] = super().clean() or {}
        if error := level_error(cleaned.get("category", ""), cleaned.get("level", "")):
            self.add_error("level", error)
        begin, end = cleaned.get("valid_from"), cleaned.get("valid_to")
        if begin and end and end < begin:
            self.add_error("valid_to", _("The end lies before the beginning."))
        return cleaned


def level_error(category: str, level: str) -> str:
    """Return what is wrong with a level of disability beside a category; empty for nothing."""
    if category == DISABLED and not level:
        return _("Please choose the level on the certificate.")
    if category and category != DISABLED and level:
        return _("Only a disabled serviceman (V2) has a level.")
    return ""


class RegisterForm(OutsideForm, CategoryForm):
    """Somebody new: an employee by number, or somebody outside."""

    employee_number = forms.CharField(
        label=gettext_lazy("Employee number"),
        help_text=gettext_lazy("Only for people who work here."),
        max_length=20,
        required=False,
    )
    identity_number = IdentityNumberField(
        help_text=gettext_lazy("18 characters, as on the identity card.")
    )
    field_order = [
        *("name", "employee_number", "identity_number", "phone", "category", "level"),
        *("valid_from", "valid_to", "region", "address", "bank_name", "bank_card", "note"),
    ]

    def clean_employee_number(self) -> str:
        """Take spaces out."""
        return "".join(self.cleaned_data["employee_number"].split())


class EndForm(forms.Form):
    """The last day of a category."""

    valid_to = day_field(gettext_lazy("Last day"), initial=timezone.localdate)


class LeaveForm(forms.Form):
    """From which day somebody is in the register no more."""

    day = day_field(gettext_lazy("From which day on"), initial=timezone.localdate)
    reason = _reason()

    def clean_day(self) -> datetime.date:
        """No day of the future."""
        day: datetime.date = self.cleaned_data["day"]
        if day > timezone.localdate():
            raise ValidationError(_("This day lies in the future."))
        return day


class CertificateForm(forms.Form):
    """One certificate with its photo."""

    kind = forms.ChoiceField(
        label=gettext_lazy("Kind"),
        choices=[("", gettext_lazy("Please choose")), *CertificateKind.choices],
        error_messages={"required": gettext_lazy("Please choose the kind.")},
    )
    number = forms.CharField(
        label=gettext_lazy("Number of the certificate"),
        max_length=40,
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
        error_messages={"required": gettext_lazy("Enter the number of the certificate.")},
    )
    issued_on = day_field(gettext_lazy("Issued on"), required=False)
    valid_until = day_field(gettext_lazy("Valid until"), required=False)
    photo = PrivateFileField(label=gettext_lazy("Photo or PDF"), several=False, required=False)

    def clean_number(self) -> str:
        """Take spaces out; full-width signs become plain ones."""
        from portal.personal_data.typed_numbers import plain_number

        return plain_number(self.cleaned_data["number"])


class TieForm(forms.Form):
    """One relative."""

    name = _name(gettext_lazy("Name of the relative"))
    identity_number = IdentityNumberField()
    kind = forms.ChoiceField(
        label=gettext_lazy("What the relative is to the person"), choices=KinshipKind.choices
    )
    same_household = forms.BooleanField(
        label=gettext_lazy("They live in one household"), required=False, initial=True
    )


class RepresentationForm(forms.Form):
    """A delegate or guardian, with the paper."""

    kind = forms.ChoiceField(
        label=gettext_lazy("By which right"),
        choices=RepresentationKind.choices,
        widget=forms.RadioSelect,
        initial=RepresentationKind.DELEGATION,
    )
    name = _name(gettext_lazy("Name of who acts"))
    identity_number = IdentityNumberField(label=gettext_lazy("Identity number of who acts"))
    phone = PhoneField(label=gettext_lazy("Mobile number of who acts"))
    items = forms.ModelMultipleChoiceField(
        label=gettext_lazy("What the letter is for"),
        queryset=SupportItem.objects.none(),
        widget=forms.CheckboxSelectMultiple,
        required=False,
    )
    valid_from = day_field(gettext_lazy("Valid from"), initial=timezone.localdate)
    valid_to = day_field(
        gettext_lazy("Valid to"),
        required=False,
        help_text=gettext_lazy("A letter of authority counts two years at most."),
    )
    paper = PrivateFileField(
        label=gettext_lazy("Letter of authority, or proof of guardianship"), several=False
    )

    def __init__(self, *arguments: Any, **keywords: Any) -> None:
        super().__init__(*arguments, **keywords)
        self.fields["items"].queryset = SupportItem.objects.order_by("order", "pk")  # type: ignore[attr-defined]


class ReasonForm(forms.Form):
    """Why something ends."""

    reason = _reason()


class EntryForm(forms.Form):
    """What a clerk types in for a beneficiary, and how it came."""

    item = forms.ModelChoiceField(
        label=gettext_lazy("Which item"),
        queryset=SupportItem.objects.none(),
        empty_label=gettext_lazy("Please choose"),
        error_messages={"required": gettext_lazy("Please choose the item.")},
    )
    channel = forms.ChoiceField(
        label=gettext_lazy("How it came"),
        choices=[(channel.value, channel.label) for channel in CLERK_CHANNELS],
        widget=forms.RadioSelect,
        error_messages={"required": gettext_lazy("Please choose how it came.")},
    )

    def __init__(self, *arguments: Any, **keywords: Any) -> None:
        super().__init__(*arguments, **keywords)
        self.fields["item"].queryset = SupportItem.objects.filter(is_offered=True).order_by(  # type: ignore[attr-defined]
            "order", "pk"
        )


class ChannelForm(forms.Form):
    """How the beneficiary said it to the officer."""

    channel = forms.ChoiceField(
        label=gettext_lazy("How you heard it"),
        choices=[(channel.value, channel.label) for channel in CLERK_CHANNELS],
        widget=forms.RadioSelect,
        initial=Channel.PHONE,
    )
    note = forms.CharField(
        label=pgettext_lazy("register", "Note"),
        max_length=200,
        required=False,
        widget=forms.Textarea(attrs={"rows": 2}),
    )


class PhoneOnlyForm(forms.Form):
    """The one thing that somebody who acts for another writes of the person."""

    phone = PhoneField(help_text=gettext_lazy("We call or write here when something is missing."))


class FindForm(forms.Form):
    """Words of a search that stand in no address: a name, or a whole number."""

    words = forms.CharField(
        label=gettext_lazy("Name, employee number, identity number or phone"),
        max_length=60,
        widget=forms.TextInput(attrs={"type": "search", "autocomplete": "off"}),
        error_messages={"required": gettext_lazy("Please write whom you look for.")},
    )


class InvitationForm(TrackingForm):
    """Code, last four characters and a new password."""

    password = forms.CharField(
        label=gettext_lazy("Choose a password"),
        help_text=gettext_lazy("At least 10 characters; three words with spaces are easy to keep."),
        strip=False,
        max_length=128,
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
        error_messages={"required": gettext_lazy("Please choose a password.")},
    )
    again = forms.CharField(
        label=gettext_lazy("The same password again"),
        strip=False,
        max_length=128,
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
        error_messages={"required": gettext_lazy("Please write the password once more.")},
    )

    def __init__(self, *arguments: Any, **keywords: Any) -> None:
        super().__init__(*arguments, **keywords)
        self.fields["code"].label = _("Invitation code")
        self.fields["code"].help_text = _("The 16 digits on the slip of the service station.")
        self.fields["tail"].label = _("Last four characters of your identity number")
        self.fields["tail"].help_text = _("The last one may be an X.")

    def clean_password(self) -> str:
        """Check the password by the rules of every account, before the code is looked at."""
        password: str = self.cleaned_data["password"]
        validate_password(password)
        return password

    def clean(self) -> dict[str, Any]:
        """Both have to be the same."""
        cleaned: dict[str, Any] = super().clean() or {}
        password, again = cleaned.get("password"), cleaned.get("again")
        if password and again and password != again:
            self.add_error("again", _("The two passwords differ. Please write them again."))
        return cleaned
