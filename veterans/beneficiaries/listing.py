"""The list of the register: who is chosen, in which order."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.db.models import Q
from django.http import QueryDict
from django.utils.translation import gettext_lazy as _

from portal.address_values import plain_text
from portal.personal_data.encryption import blind_index
from portal.personal_data.typed_numbers import plain_number
from veterans.models import Beneficiary
from veterans.models.beneficiaries import OUTSIDE_PREFIX, BeneficiaryQuerySet
from veterans.standards.vocabulary import CATEGORIES

ORDERS: dict[str, tuple[str, ...]] = {
    "name": ("person__name", "pk"),
    "newest": ("-registered_at", "-pk"),
    "unit": ("person__unit__path", "person__name", "pk"),
}
ORDER_NAMES = {"name": _("Full name"), "newest": _("Newest first"), "unit": _("Unit")}
PLACES = {"inside": _("Works here"), "outside": _("Family outside")}
STATES = {"current": _("In the register"), "left": _("Left the register")}


@dataclass(frozen=True)
class Choice:
    """What was chosen above the list; what is not understood is left out."""

    category: str = ""
    place: str = ""
    state: str = "current"
    order: str = "name"

    @classmethod
    def of(cls, query: QueryDict) -> Choice:
        """Read the address."""

        def one(name: str, known: Any, otherwise: str = "") -> str:
            value = plain_text(query.get(name, ""))
            return value if value in known else otherwise

        return cls(
            one("category", dict(CATEGORIES)),
            one("place", PLACES),
            one("state", STATES, "current"),
            one("order", ORDERS, "name"),
        )

    @property
    def is_filtered(self) -> bool:
        """Whether something is left out beside those who left."""
        return bool(self.category or self.place or self.state != "current")


def chosen(choice: Choice) -> BeneficiaryQuerySet:
    """Return the rows of a choice in their order."""
    rows = Beneficiary.objects.filter(ended_on__isnull=choice.state == "current")
    outside = Q(person__employee_number__isnull=True) | Q(
        person__employee_number__startswith=OUTSIDE_PREFIX
    )
    if choice.place:
        rows = rows.filter(outside) if choice.place == "outside" else rows.exclude(outside)
    if choice.category:
        rows = rows.of_category(choice.category)
    return rows.order_by(*ORDERS[choice.order])


def found(words: str) -> BeneficiaryQuerySet:
    """Return who fits a name, an employee number, a whole identity number or phone."""
    words = plain_text(words)
    number = plain_number(words)
    fits = Q(person__name__icontains=words) | Q(person__employee_number__iexact=number)
    fits |= Q(person__identity_number_index=blind_index(number))
    fits |= Q(person__phone_index=blind_index(number))
    return Beneficiary.objects.filter(fits).order_by("person__name", "pk")
