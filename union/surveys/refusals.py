"""What is not done with surveys, said in words."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext_lazy as _

from portal.refusals import Refusal


class AlreadyAnswered(Refusal):
    """An employee answers once."""

    status = 409
    title = _("You have answered already. Thank you.")

    def __init__(self) -> None:
        super().__init__(
            _("Every invited person answers once. Your first answer is kept and counts.")
        )


class NotOpen(Refusal):
    """The survey takes no answers."""

    status = 409
    title = _("This survey takes no answers now")


class WrongAnswer(Refusal):
    """Something in a sheet does not fit the questionnaire.

    Attributes:
        fields: what is wrong, by the code of the question.
    """

    status = 422
    title = _("Please look at the marked questions")

    def __init__(self, fields: Mapping[str, Any]) -> None:
        super().__init__(_("Some answers are missing or do not fit. Nothing was sent yet."))
        self.fields = dict(fields)
