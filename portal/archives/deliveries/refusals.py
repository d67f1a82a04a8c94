"""What is refused of a delivery, in words for the people who keep the other system."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext_lazy as _

from portal.refusals import Refusal


@dataclass(frozen=True)
class DeliveryProblem:
    """One thing that is wrong.

    Attributes:
        place: of the manifest or the request, such as `files[1].sha256`.
    """

    place: str
    message: Any


class DeliveryRefused(Refusal):
    """A delivery is not taken; nothing of it is kept."""

    status = 422
    title = _("The delivery is not taken")

    def __init__(self, problems: Sequence[DeliveryProblem]) -> None:
        self.problems = list(problems)
        super().__init__(_("The delivery has problems; nothing of it was kept."))


class AnotherDelivery(Refusal):
    """Something else was delivered under this number before."""

    status = 409
    title = _("The number is taken")
