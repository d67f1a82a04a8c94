"""The parts of an application as a list of tasks: what is done, what is open, where it is edited.

One question or one small group a screen; every part can be left and taken up again.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from portal.cases.models import Case
from portal.cases.ownership import OWNER_KIND, owner_id
from portal.personal_data.consents import current_notice, has_consent
from portal.personal_data.masking import masked_bank_card, masked_identity_number
from veterans.beneficiaries.accounts import open_proposal
from veterans.beneficiaries.entry import extra_materials
from veterans.beneficiaries.papers import papers_on_file
from veterans.models import Application, ItemVersion
from veterans.standards.refusals import NoStandardInForce
from veterans.standards.services import version_on

ABOUT, QUESTIONS, BANK, MATERIALS, CONSENT = "about", "questions", "bank", "materials", "consent"
NOTICE_CODE = "veterans-support"


@dataclass(frozen=True)
class Task:
    """One part.

    Attributes:
        code: as in the address.
        done: whether nothing is missing in it.
        said: what was filled in, as the applicant wrote it, for the last check.
        reason: what the office asked to put right; empty otherwise.
    """

    code: str
    title: Any
    url: str
    done: bool
    said: tuple[tuple[Any, Any], ...] = ()
    reason: str = ""


def binding_version(application: Application) -> ItemVersion:
    """Return the standard: the frozen one, or before the hand-in the one in force today.

    Raises:
        NoStandardInForce: there is none.
    """
    return application.version or version_on(
        application.item, timezone.localdate(), application.region
    )


def consent_given(case: Case) -> bool:
    """Whether the applicant agreed to the notice in force, each sensitive kind included."""
    return has_consent(OWNER_KIND, owner_id(case), current_notice(NOTICE_CODE).sensitive_kinds)


def handed_in(application: Application) -> dict[str, list[Any]]:
    """Return the documents that count, by the code of the material."""
    found: dict[str, list[Any]] = {}
    rows = application.case.documents.filter(letter=False, replaced_at=None)
    for document in rows.select_related("file"):
        found.setdefault(document.material, []).append(document)
    return found


def wanted_materials(application: Application) -> list[Any]:
    """Return the materials the answers call for, with whether each has to be there.

    What a clerk types in also wants the form that was signed.
    """
    version = binding_version(application)
    asked = version.standard.materials_for(application.given_answers, timezone.localdate())
    return [*asked, *extra_materials(application)]


def missing_materials(application: Application) -> list[Any]:
    """Return the materials that are needed and not there."""
    wanted = wanted_materials(application)
    there = {*handed_in(application), *papers_on_file(application, wanted)}
    return [
        material
        for material in wanted
        if material.need != "optional" and material.code not in there
    ]


def open_questions(application: Application) -> list[Any]:
    """Return the questions that the answers so far call for and that have no answer."""
    answers = application.given_answers
    return [
        question
        for question in binding_version(application).questions()
        if question.is_asked(answers) and answers.get(question.code) in (None, "")
    ]


def asked_questions(application: Application) -> list[Any]:
    """Return the questions that the answers so far call for."""
    answers = application.given_answers
    questions = binding_version(application).questions()
    return [question for question in questions if question.is_asked(answers)]


def _url(application: Application, code: str) -> str:
    return reverse("support_part", args=[application.pk, code])


def _is_about_done(application: Application) -> bool:
    needed = [application.for_whom, application.name, application.identity_number]
    if application.for_whom == "family":
        needed.append(application.relation)
    return all([*needed, application.phone])


def shown_answer(question: Any, value: Any) -> Any:
    """Return an answer in the words in which it was chosen."""
    words = dict(question.choices).get(str(value), value)
    return f"{words} {question.unit}".strip() if question.unit else words


def _bank_said(application: Application, masked: bool) -> tuple[tuple[Any, Any], ...]:
    """Return the account, and one that waits for the beneficiary."""
    card = application.bank_card
    said: list[tuple[Any, Any]] = [
        (_("Bank"), application.bank_name),
        (_("Card number"), masked_bank_card(card) if masked else card),
    ]
    if (waiting := open_proposal(application.pk)) is not None:
        words = _("%(card)s, the beneficiary has to confirm it") % {
            "card": waiting.masked_bank_card
        }
        said.append((_("Waits for confirmation"), words))
    return tuple(said)


def _material_said(material: Any, there: dict[str, Any], on_file: dict[str, Any]) -> Any:
    """Return what is there of a material: files, a paper on file, or nothing."""
    if material.code in there:
        return _("%(count)d files") % {"count": len(there[material.code])}
    if material.code in on_file:
        day = timezone.localdate(on_file[material.code][0].verified_at)
        return _("on file since %(day)s, need not be sent") % {
            "day": date_format(day, "DATE_FORMAT")
        }
    return _("not there yet")


def tasks_of(application: Application, *, masked: bool = False) -> list[Task]:
    """Return all parts in order.

    Args:
        masked: for somebody who acts for the beneficiary: numbers are not shown whole.
    """
    answers = application.given_answers
    reasons: dict[str, str] = {}
    for row in application.corrections:
        if not row.get("done"):
            code = str(row["code"]).split(":", 1)[0]
            reasons[code] = "；".join(filter(None, [reasons.get(code, ""), row["reason"]]))
    materials = wanted_materials(application)
    there = handed_in(application)
    on_file = papers_on_file(application, materials)
    number, phone = application.identity_number, application.phone
    parts = [
        (
            ABOUT,
            _("Who it is for"),
            _is_about_done(application),
            (
                (_("Full name"), application.name),
                (_("Identity number"), masked_identity_number(number) if masked else number),
                (pgettext("applicant", "Phone"), phone),
            ),
        ),
        (
            QUESTIONS,
            _("A few questions"),
            not open_questions(application),
            tuple(
                (question.label, shown_answer(question, answers.get(question.code, "")))
                for question in asked_questions(application)
            ),
        ),
        (
            BANK,
            _("Where the money goes"),
            bool(application.bank_name and application.bank_card),
            _bank_said(application, masked),
        ),
        (
            MATERIALS,
            _("Photos of the papers"),
            not missing_materials(application),
            tuple(
                (material.name, _material_said(material, there, on_file)) for material in materials
            ),
        ),
        (
            CONSENT,
            _("Your consent"),
            consent_given(application.case),
            (),
        ),
    ]
    pays_money = binding_version(application).standard.pays_money
    return [
        Task(code, title, _url(application, code), done, said, reasons.get(code, ""))
        for code, title, done, said in parts
        if code != BANK or pays_money
    ]


def unfinished(application: Application) -> list[Task]:
    """Return the parts in which something is missing; none when no standard is in force.

    The condition beside this one says that there is no standard.
    """
    try:
        return [task for task in tasks_of(application) if not task.done and task.code != CONSENT]
    except NoStandardInForce:
        return []
