"""What senders and clerks fill in."""

from __future__ import annotations

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from portal.organizations.models import Unit, UnitKind
from portal.people.models import Person
from portal.refusals import Refusal
from union.anonymity import puzzles, receipts
from union.models import (
    FaceToFaceDay,
    FeedbackBoxPage,
    OpinionCategory,
    OpinionChannel,
    OpinionMode,
)
from union.opinions.forms import GRADES
from union.opinions.pictures import PicturesField
from union.opinions.plain_text import plain_text, visible_length

SHORTEST, LONGEST_MESSAGE, LONGEST_REASON = 10, 2_000, 500
MOST_PICTURES = 10
TAIL = 4


class PlainTextField(forms.CharField):
    """Several lines without characters nobody sees; says how long it may be and how long it is.

    The browser cuts nothing off: a pasted text that is too long stays whole in the field.
    """

    def __init__(self, *, longest: int, shortest: int = 1, rows: int = 8, **kwargs: Any) -> None:
        self.longest, self.shortest = longest, shortest
        kwargs.setdefault("widget", forms.Textarea(attrs={"rows": rows}))
        kwargs.setdefault(
            "error_messages", {"required": gettext_lazy("Please write what it is about.")}
        )
        super().__init__(strip=True, **kwargs)

    def clean(self, value: Any) -> str:
        """Return the text.

        Raises:
            ValidationError: nothing can be seen, it is too short or too long.
        """
        text = plain_text(str(value or ""))
        seen = visible_length(text)
        if not seen:
            if self.required:
                raise ValidationError(self.error_messages["required"], code="required")
            return ""
        if seen < self.shortest:
            raise ValidationError(
                _("Please write at least %(least)d characters, so that somebody can act on it.")
                % {"least": self.shortest}
            )
        if len(text) > self.longest:
            raise ValidationError(
                _(
                    "The text has %(count)s characters; at most %(most)s are possible. Please"
                    " shorten it, or send it in parts. Nothing was cut off."
                )
                % {"count": f"{len(text):,}", "most": f"{self.longest:,}"}
            )
        return text


def concerned_units() -> Any:
    """Return the units somebody may speak against: administrative ones that exist."""
    return (
        Unit.objects.filter(kind=UnitKind.ADMINISTRATIVE, valid_to=None, depth__gt=1)
        .only("pk", "name", "path", "depth")
        .order_by("path")
    )


class OpinionForm(forms.Form):
    """An opinion; whoever sends it."""

    category = forms.ModelChoiceField(
        label=gettext_lazy("What is it about?"),
        queryset=OpinionCategory.objects.none(),
        widget=forms.RadioSelect,
        empty_label=None,
        error_messages={"required": gettext_lazy("Please choose what it is about.")},
    )
    accused_unit = forms.ModelChoiceField(
        label=gettext_lazy("Is it about a unit?"),
        help_text=gettext_lazy("This unit and whoever works for it does not get to see it."),
        queryset=Unit.objects.none(),
        required=False,
        empty_label=gettext_lazy("No, or I would rather not say"),
    )
    pictures = PicturesField(label=gettext_lazy("Pictures"), most=MOST_PICTURES)
    may_publish = forms.BooleanField(
        label=gettext_lazy("Question and answer may be published, without any name."),
        help_text=gettext_lazy("The union takes out what could tell who you are."),
        required=False,
    )

    def __init__(self, *args: Any, box: FeedbackBoxPage, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.box = box
        category: Any = self.fields["category"]
        category.queryset = box.categories.all()
        unit: Any = self.fields["accused_unit"]
        unit.queryset = concerned_units()
        unit.label_from_instance = lambda row: "\u3000" * (row.depth - 2) + row.name
        most: Any = self.fields["pictures"]
        most.most = min(box.most_pictures, MOST_PICTURES)
        if not box.most_pictures:
            del self.fields["pictures"]
        self.fields["text"] = PlainTextField(
            label=gettext_lazy("What do you want to say?"),
            help_text=_("At most %(most)s characters.") % {"most": f"{box.most_characters:,}"},
            longest=box.most_characters,
            shortest=SHORTEST,
        )
        self.order_fields(["mode", "category", "text", "accused_unit", "pictures", "may_publish"])


class NamedOpinionForm(OpinionForm):
    """An opinion of somebody signed in."""

    mode = forms.ChoiceField(
        label=gettext_lazy("Who may see your name?"),
        choices=[
            (OpinionMode.NAMED.value, gettext_lazy("The union and the unit that handles it")),
            (OpinionMode.NAME_HIDDEN.value, gettext_lazy("Only the union, not the handling unit")),
        ],
        initial=OpinionMode.NAMED.value,
        widget=forms.RadioSelect,
    )


class AnswerField(forms.CharField):
    """The answer to the question; the form looks at it, together with the work of a script."""

    def clean(self, value: Any) -> str:
        """Return what was typed."""
        return str(value or "").strip()


class UnsignedOpinionForm(OpinionForm):
    """An opinion of somebody unknown, with a puzzle against programs."""

    use_required_attribute = False

    answer = AnswerField(
        max_length=20,
        widget=forms.TextInput(attrs={"inputmode": "numeric", "autocomplete": "off"}),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        sent = self.data.get("challenge", "") if self.is_bound else ""
        known = puzzles.known_challenge(sent) if sent else None
        self.is_late = bool(sent) and known is None
        self.puzzle = known or puzzles.new_challenge()
        self.fields["answer"].label = self.puzzle.question
        self.fields["answer"].help_text = _(
            "This keeps programs out. It says nothing about you, and is good for ten minutes."
        )
        self.order_fields(["category", "text", "accused_unit", "pictures", "may_publish", "answer"])

    def clean(self) -> dict[str, Any]:
        """Ask for the puzzle or the question.

        The puzzle is looked at last, so that nobody solves it for a form that is refused anyway.
        """
        cleaned: dict[str, Any] = super().clean() or {}
        token = self.data.get("challenge", "")
        given = (self.data.get("solution", ""), self.data.get("answer", ""))
        if not puzzles.is_solved(token, *given):
            self.add_error("answer", self._refused(given[1]))
        return cleaned

    def _refused(self, answer: str) -> str:
        if self.is_late:
            return _("The question was too old. Please answer this new one.")
        if answer:
            return _("The answer is not right. Please reckon again.")
        return _("Please answer the question, so that we know it is not a program.")

    def renew(self) -> None:
        """Put a new question, after the old one was used up."""
        self.puzzle = puzzles.new_challenge()
        self.fields["answer"].label = self.puzzle.question


# ---- By receipt


class ReceiptForm(forms.Form):
    """The receipt of who sent something without a name."""

    receipt = forms.CharField(
        label=pgettext_lazy("opinion", "Receipt"),
        help_text=gettext_lazy(
            "16 letters and digits, for example 7K3M-…; capitals do not matter."
        ),
        max_length=200,
        widget=forms.TextInput(
            attrs={"autocomplete": "off", "spellcheck": "false", "autocapitalize": "characters"}
        ),
    )

    def typed(self) -> str:
        """Return the normalised receipt; of whatever was typed."""
        return receipts.normalized(self.data.get("receipt", ""))


class MessageForm(forms.Form):
    """A message about an opinion."""

    body = PlainTextField(
        label=gettext_lazy("Your message"),
        longest=LONGEST_MESSAGE,
        rows=4,
        error_messages={"required": gettext_lazy("Please write your message.")},
    )


class RatingForm(forms.Form):
    """How satisfied the sender is."""

    level = forms.TypedChoiceField(
        label=gettext_lazy("How satisfied are you?"),
        choices=GRADES,
        coerce=int,
        widget=forms.RadioSelect,
        error_messages={"required": gettext_lazy("Please choose one of the four answers.")},
    )
    words = PlainTextField(
        label=gettext_lazy("What would you like to tell us?"),
        longest=LONGEST_REASON,
        rows=3,
        required=False,
    )


class ReopenForm(forms.Form):
    """Why the answer does not help."""

    reason = PlainTextField(
        label=gettext_lazy("What is not solved?"),
        longest=LONGEST_REASON,
        rows=3,
        error_messages={"required": gettext_lazy("Please say what is not solved.")},
    )


def refuse_receipt(form: forms.Form, receipt: str) -> bool:
    """Refuse texts that hold the receipt; return whether one did.

    Whoever reads the text would have the receipt.
    """
    words = _("The message contains your receipt. Please take it out: nobody else may have it.")
    for name, value in list(form.cleaned_data.items()):
        if isinstance(value, str) and receipts.is_mentioned(receipt, value):
            form.add_error(name, words)
    return bool(form.errors)


# ---- Clerks


class EntryForm(OpinionForm):
    """What was said, written on paper, or heard on a face-to-face day (代录)."""

    channel = forms.ChoiceField(
        label=gettext_lazy("On which way did it come?"),
        choices=[
            (way.value, way.label)
            for way in (
                OpinionChannel.PAPER,
                OpinionChannel.SPOKEN,
                OpinionChannel.FACE_TO_FACE,
            )
        ],
        widget=forms.RadioSelect,
    )
    face_to_face = forms.ModelChoiceField(
        label=gettext_lazy("Face-to-face day"),
        queryset=FaceToFaceDay.objects.all(),
        required=False,
        empty_label=gettext_lazy("None"),
    )
    received_on = forms.DateField(
        label=gettext_lazy("When was it received?"),
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
    )
    mode = forms.ChoiceField(
        label=gettext_lazy("Who may see the name?"),
        choices=[
            (OpinionMode.NAMED.value, gettext_lazy("The union and the unit that handles it")),
            (OpinionMode.NAME_HIDDEN.value, gettext_lazy("Only the union, not the handling unit")),
            (OpinionMode.ANONYMOUS.value, gettext_lazy("No name was given")),
        ],
        widget=forms.RadioSelect,
    )
    employee_number = forms.CharField(
        label=gettext_lazy("Employee number of who said it"),
        help_text=gettext_lazy("Leave it empty when no name was given."),
        required=False,
        max_length=20,
    )

    def __init__(self, *args: Any, own_categories: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        category: Any = self.fields["category"]
        category.queryset = category.queryset.filter(pk__in=own_categories)
        self.fields["text"].label = _("What was said, in the person's own words")
        self.fields["received_on"].initial = timezone.localdate
        self.order_fields(
            ["channel", "face_to_face", "received_on", "mode", "employee_number"]
            + ["category", "text", "accused_unit", "pictures", "may_publish"]
        )

    def clean_received_on(self) -> Any:
        """Refuse a day to come.

        Raises:
            ValidationError: it lies ahead.
        """
        day = self.cleaned_data["received_on"]
        if day > timezone.localdate():
            raise ValidationError(_("This day lies ahead. Please check it."))
        return day

    def clean(self) -> dict[str, Any]:
        """Find the person, and the day where the way is one."""
        cleaned: dict[str, Any] = super().clean() or {}
        number, mode = cleaned.get("employee_number", ""), cleaned.get("mode")
        cleaned["person"] = None
        if mode == OpinionMode.ANONYMOUS and number:
            self.add_error("employee_number", _("Without a name no number is kept either."))
        elif mode and mode != OpinionMode.ANONYMOUS:
            cleaned["person"] = (
                Person.objects.filter(employee_number=number).first() if number else None
            )
            if cleaned["person"] is None:
                self.add_error(
                    "employee_number", _("Nobody has this employee number. Please check it.")
                )
        if cleaned.get("channel") == OpinionChannel.FACE_TO_FACE and not cleaned.get(
            "face_to_face"
        ):
            self.add_error("face_to_face", _("Please choose the day, or enter it first."))
        if cleaned.get("channel") != OpinionChannel.FACE_TO_FACE:
            cleaned["face_to_face"] = None
        return cleaned


class FaceToFaceForm(forms.ModelForm):
    """A day on which people are listened to in person."""

    class Meta:
        model = FaceToFaceDay
        fields = ("day", "place", "receivers")
        widgets = {"day": forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")}


def refusal_words(refusal: Refusal) -> dict[str, Any]:
    """Return what a page shows of a refusal above its form."""
    return {"refused_title": refusal.title, "refused": refusal.message}
