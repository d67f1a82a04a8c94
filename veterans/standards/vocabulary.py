"""What an applicant can be asked. The list is closed: standards choose from it, code does not.

Rules, amounts and materials of all items are written in these fields only, so a new version
of a standard is data and never a program.
Source of the categories: the regulations on pensions and preferential treatment for
servicemen of 2024 (军人抚恤优待条例), article 2, and the list of the enterprise.
"""

from __future__ import annotations

import datetime
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from veterans.standards.answer_fields import (
    NO,
    YES,
    AnswerField,
    Answers,
    AnswerType,
    Choices,
    UnknownField,
    Value,
    plain,
)

CATEGORIES: Choices = (
    ("V1", _("Employee who is a retired serviceman")),
    ("V2", _("Disabled serviceman")),
    ("V3", _("Family of a martyr")),
    ("V4", _("Family of a serviceman who died on duty")),
    ("V5", _("Family of a serviceman who died of illness")),
    ("V6", _("Family of a serviceman in active service")),
    ("V7", _("Retired serviceman who took part in war or tests")),
    ("V8", _("Veteran returned home with an illness, or demobilized long ago")),
    ("V9", _("Family of a decorated serviceman in active service")),
)
HOUSING: Choices = (
    ("renting", _("No home of our own, renting")),
    ("company-flat", _("Living in a flat of the company")),
    ("with-relatives", _("Living with relatives or friends")),
    ("own-home", _("I or my spouse own a home")),
)
_level = pgettext_lazy("unit of a number", "level")
_metres = pgettext_lazy("unit of a number", "square metres")
_months = pgettext_lazy("unit of a number", "months")
_people = pgettext_lazy("unit of a number", "people")
_yuan = pgettext_lazy("unit of a number", "yuan")

FIELDS: dict[str, AnswerField] = {
    field.code: field
    for field in (
        AnswerField(
            "category",
            _("Which of these are you?"),
            AnswerType.CHOICE,
            _("If several fit, choose the one with the higher support."),
            CATEGORIES,
        ),
        AnswerField(
            "disability_level",
            _("Which level of disability?"),
            AnswerType.NUMBER,
            _("It stands on the certificate: 1 to 10, where 1 is the most severe."),
            minimum=Decimal(1),
            maximum=Decimal(10),
            unit=_level,
            depends_on=("category", "V2"),
        ),
        AnswerField(
            "disability_cause",
            _("What caused the disability?"),
            AnswerType.CHOICE,
            choices=(
                ("war", _("War")),
                ("duty", _("Duty")),
                ("illness", _("Illness")),
            ),
            depends_on=("category", "V2"),
        ),
        AnswerField(
            "employment",
            _("How do you belong to the group?"),
            AnswerType.CHOICE,
            choices=(
                ("employee", _("I work here")),
                ("retired", _("I am retired from here")),
                ("family", _("Somebody of my family works or worked here")),
                ("none", _("None of these")),
            ),
        ),
        AnswerField(
            "employed_since",
            _("Since when have you worked in the group?"),
            AnswerType.DATE,
            _("The day on the labour contract. If you are not sure, write your best guess."),
            depends_on=("employment", "employee,retired"),
        ),
        AnswerField("birth_date", _("On which day were you born?"), AnswerType.DATE),
        AnswerField(
            "housing_status", _("How do you live now?"), AnswerType.CHOICE, choices=HOUSING
        ),
        AnswerField(
            "area",
            _("How large is the home you own?"),
            AnswerType.NUMBER,
            _("In square metres, as on the certificate of ownership."),
            maximum=Decimal(10000),
            decimals=2,
            unit=_metres,
            depends_on=("housing_status", "own-home"),
        ),
        AnswerField(
            "household_size",
            _("How many people live in your household?"),
            AnswerType.NUMBER,
            _("Yourself counts too."),
            minimum=Decimal(1),
            maximum=Decimal(30),
            unit=_people,
        ),
        AnswerField(
            "area_per_person",
            _("Area for each person"),
            AnswerType.NUMBER,
            decimals=2,
            unit=_metres,
            sources=("area", "household_size"),
        ),
        AnswerField(
            "apartment_benefit",
            _("How much rent does the company already pay or waive each month?"),
            AnswerType.NUMBER,
            _("Only for flats of the company. Write 0 if nothing."),
            decimals=2,
            maximum=Decimal(100000),
            unit=_yuan,
            depends_on=("housing_status", "company-flat"),
        ),
        AnswerField(
            "spouse_receives",
            _("Does your spouse already receive this support?"),
            AnswerType.YES_NO,
            _("A couple receives it once, the higher of the two."),
        ),
        AnswerField(
            "months",
            _("For how many months?"),
            AnswerType.NUMBER,
            maximum=Decimal(120),
            unit=_months,
        ),
        AnswerField(
            "own_payment",
            _("How much did you pay yourself?"),
            AnswerType.NUMBER,
            _("What is left after insurance, in yuan."),
            decimals=2,
            unit=_yuan,
        ),
        AnswerField(
            "price",
            _("What does it cost?"),
            AnswerType.NUMBER,
            _("The amount on the invoice, in yuan."),
            decimals=2,
            unit=_yuan,
        ),
        AnswerField(
            "school_stage",
            _("Which school does the child go to?"),
            AnswerType.CHOICE,
            choices=(
                ("compulsory", _("Primary or middle school")),
                ("senior", _("High school or vocational school")),
                ("university", _("University or college")),
                ("other", _("Other school")),
            ),
        ),
        AnswerField(
            "merit",
            _("Which award was it?"),
            AnswerType.CHOICE,
            choices=(
                ("medal", _("August First Medal")),
                ("honorary-title", _("Honorary title")),
                ("first-class", _("First-class merit")),
                ("second-class", _("Second-class merit")),
                ("third-class", _("Third-class merit")),
                ("outstanding", _("Outstanding individual")),
            ),
        ),
        AnswerField(
            "occasion",
            _("For which festival?"),
            AnswerType.CHOICE,
            choices=(
                ("spring-festival", _("Spring Festival")),
                ("army-day", _("Army Day")),
            ),
        ),
        AnswerField(
            "hardship",
            _("What happened?"),
            AnswerType.CHOICE,
            choices=(
                ("illness", _("Serious illness")),
                ("accident", _("Accident or natural disaster")),
                ("disability", _("Severe disability in the family")),
                ("low-income", _("Low income")),
            ),
        ),
        AnswerField(
            "income_per_person",
            _("How much does each person of the household earn a month?"),
            AnswerType.NUMBER,
            _("All income of a month divided by the number of people, in yuan."),
            decimals=2,
            unit=_yuan,
        ),
        AnswerField(
            "enlisted_on",
            _("On which day did the service begin?"),
            AnswerType.DATE,
            _("As on the notice of enlistment."),
        ),
        AnswerField(
            "granted_in_two_years",
            _("Did you receive this in the last two years?"),
            AnswerType.YES_NO,
            _("Counted back from today."),
        ),
        AnswerField(
            "employed_before_service",
            _("Did you work in the group before you joined the army?"),
            AnswerType.YES_NO,
        ),
        AnswerField(
            "last_granted_on",
            _("When did you last receive this support?"),
            AnswerType.DATE,
            _("Leave it empty if never."),
        ),
        AnswerField(
            "has_certificate",
            _("Do you have a valid certificate of preferential treatment?"),
            AnswerType.YES_NO,
        ),
        AnswerField(
            "by_agent",
            _("Does somebody else apply for you?"),
            AnswerType.YES_NO,
            _("For example a son or daughter. They bring a letter of authority."),
        ),
        AnswerField("is_minor", _("Is the person who benefits under 18?"), AnswerType.YES_NO),
        AnswerField(
            "dismissed_from_army",
            _("Was the serviceman struck off or expelled from the army?"),
            AnswerType.YES_NO,
        ),
    )
}


def field(code: str) -> AnswerField:
    """Return the field with this code.

    Raises:
        UnknownField: the vocabulary does not have it.
    """
    try:
        return FIELDS[code]
    except KeyError as error:
        raise UnknownField(code) from error


def field_choices() -> list[tuple[str, Any]]:
    """Return codes and labels for choosing a field in an editor."""
    return [(one.code, one.label) for one in FIELDS.values()]


def number_field_choices() -> list[tuple[str, Any]]:
    """Return the number fields, from which amounts are computed."""
    return [(one.code, one.label) for one in FIELDS.values() if one.type is AnswerType.NUMBER]


def values(answers: Answers) -> dict[str, Value]:
    """Return stored or typed answers as values, with the computed fields added.

    Answers outside the vocabulary are left out; what was not answered is absent.

    Raises:
        ValidationError: an answer does not fit its question.
    """
    found: dict[str, Value] = {}
    for code, raw in answers.items():
        known = FIELDS.get(code)
        if known is None or known.sources:
            continue
        value = known.to_python(raw)
        if value is not None:
            found[code] = value
    area, people = found.get("area"), found.get("household_size")
    if isinstance(area, Decimal) and isinstance(people, Decimal) and people:
        # Rounded for showing only: 15.004 square metres are more than 15.
        found["area_per_person"] = area / people
    return found


def stored(answers: Answers) -> dict[str, str]:
    """Return answers in the form in which they are kept as JSON: texts only."""
    kept: dict[str, str] = {}
    for code, value in values(answers).items():
        if FIELDS[code].sources:
            continue
        if isinstance(value, bool):
            kept[code] = YES if value else NO
        elif isinstance(value, datetime.date):
            kept[code] = value.isoformat()
        elif isinstance(value, Decimal):
            kept[code] = plain(value)
        else:
            kept[code] = value
    return kept
