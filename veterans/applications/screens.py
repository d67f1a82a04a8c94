"""The screens of the parts of an application: what is asked, kept and shown next."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from portal.cases.ownership import OWNER_KIND, owner_id
from portal.cases.refusals import ConditionNotMet
from portal.files.refusals import FileRefused
from portal.personal_data.consents import current_notice, give_consent
from veterans.applications import services
from veterans.applications.correcting import (
    CORRECTING,
    asked_at,
    part_code,
    parts_to_correct,
)
from veterans.applications.forms import (
    AboutForm,
    BankForm,
    ConsentForm,
    MaterialForm,
    QuestionForm,
    about_initial,
    about_regions,
)
from veterans.applications.tasks import (
    ABOUT,
    BANK,
    CONSENT,
    MATERIALS,
    NOTICE_CODE,
    QUESTIONS,
    Task,
    asked_questions,
    handed_in,
    open_questions,
    shown_answer,
    tasks_of,
    wanted_materials,
)
from veterans.beneficiaries.entry import is_for_another
from veterans.beneficiaries.papers import papers_on_file
from veterans.beneficiaries.representatives import acts_as_delegate, guardian_name
from veterans.models import Application

# Keys of rows have no more.
MOST_DIGITS = 15


def shown_tasks(request: HttpRequest, application: Application) -> list[Task]:
    """Return the parts; whoever acts for somebody reads that person's numbers masked."""
    own = request.user.person_id == application.case.beneficiary_id  # type: ignore[union-attr]
    return tasks_of(application, masked=is_for_another(application) and not own)


def _next(request: HttpRequest, application: Application, code: str) -> HttpResponse:
    """Go to the next open part after one, or back to the list."""
    application.refresh_from_db()
    tasks = shown_tasks(request, application)
    if application.case.state == "draft":
        codes = [task.code for task in tasks]
        following = tasks[codes.index(code) + 1 :]
        if not request.POST.get("back_to_list") and (
            left := next((task for task in following if not task.done), None)
        ):
            return redirect(left.url)
    return redirect("support_application", application.pk)


def _show(
    request: HttpRequest, application: Application, code: str, form: Any, **context: Any
) -> HttpResponse:
    tasks = shown_tasks(request, application)
    position = [task.code for task in tasks].index(code) + 1
    return render(
        request,
        context.pop("template", "veterans/applications/part.html"),
        {
            "application": application,
            "case": application.case,
            "task": tasks[position - 1],
            "position": position,
            "count": len(tasks),
            "form": form,
            **context,
        },
        status=422 if form is not None and form.errors else 200,
    )


def _about(request: HttpRequest, application: Application) -> HttpResponse:
    form = AboutForm(
        request.POST or None,
        initial=about_initial(application),
        regions=about_regions(application),
        settled=is_for_another(application),
    )
    if form.is_valid():
        try:
            services.save_about(application.pk, request.user, form.cleaned_data)  # type: ignore[arg-type]
            return _next(request, application, ABOUT)
        except ConditionNotMet as refusal:
            form.add_error("identity_number", str(refusal.message))
    return _show(request, application, ABOUT, form)


def _bank(request: HttpRequest, application: Application) -> HttpResponse:
    delegate = acts_as_delegate(request.user, application)  # type: ignore[arg-type]
    initial = {"bank_name": application.bank_name, "bank_card": application.bank_card}
    if delegate:
        # The beneficiary's number is not shown to whoever acts by a letter only.
        initial = {}
    form = BankForm(request.POST or None, initial=initial)
    if form.is_valid():
        services.save_bank(application.pk, request.user, form.cleaned_data)  # type: ignore[arg-type]
        return _next(request, application, BANK)
    return _show(request, application, BANK, form)


def _questions(request: HttpRequest, application: Application) -> HttpResponse:
    asked = asked_questions(application)
    chosen = request.POST.get("question") or request.GET.get("question")
    question = next((one for one in asked if one.code == chosen), None)
    if question is None:
        question = next(iter(open_questions(application)), None)
    if question is None:
        if application.case.state == CORRECTING:
            return _answers(request, application)
        return redirect("support_application", application.pk)
    answers = application.given_answers
    form = QuestionForm(
        request.POST or None, question=question, initial={"answer": answers.get(question.code, "")}
    )
    if form.is_valid():
        services.save_answer(
            application.pk,
            request.user,  # type: ignore[arg-type]
            question.code,
            form.cleaned_data["answer"],
        )
        application.refresh_from_db()
        if open_questions(application) or application.case.state == CORRECTING:
            return redirect("support_part", application.pk, QUESTIONS)
        return _next(request, application, QUESTIONS)
    codes = [one.code for one in asked]
    number = codes.index(question.code)
    return _show(
        request,
        application,
        QUESTIONS,
        form,
        question=question,
        question_number=number + 1,
        question_count=len(asked),
        previous_question=asked[number - 1] if number else None,
    )


def _answers(request: HttpRequest, application: Application) -> HttpResponse:
    """Show all answers of a correction, since any of them may be the wrong one."""
    if "all_right" in request.POST:
        services.confirm_answers(application.pk, request.user)  # type: ignore[arg-type]
        return _next(request, application, QUESTIONS)
    answers = application.given_answers
    rows = [
        {"question": question, "answer": shown_answer(question, answers.get(question.code, ""))}
        for question in asked_questions(application)
    ]
    template = "veterans/applications/answers.html"
    return _show(request, application, QUESTIONS, None, rows=rows, template=template)


def _take_back(request: HttpRequest, application: Application) -> HttpResponse:
    number = request.POST["remove"]
    if number.isascii() and number.isdigit() and len(number) <= MOST_DIGITS:
        services.remove_file(application, request.user, int(number))  # type: ignore[arg-type]
        messages.success(request, _("The photo was taken back."))
    return redirect("support_part", application.pk, MATERIALS)


def _materials(request: HttpRequest, application: Application) -> HttpResponse:
    code = request.POST.get("material", "")
    form = None
    if request.method == "POST" and "remove" in request.POST:
        return _take_back(request, application)
    if request.method == "POST" and code:
        form = MaterialForm(request.POST, request.FILES)
        if form.is_valid():
            try:
                services.add_files(application, request.user, code, form.cleaned_data["photos"])  # type: ignore[arg-type]
                messages.success(request, _("The photo is there."))
                return redirect("support_part", application.pk, MATERIALS)
            except FileRefused as refused:
                form.add_error("photos", refused)
    elif request.method == "POST":
        return _next(request, application, MATERIALS)
    there = handed_in(application)
    wanted = wanted_materials(application)
    on_file = papers_on_file(application, wanted)
    correcting = application.case.state == CORRECTING
    open_parts = parts_to_correct(application) if correcting else {part_code(one) for one in wanted}
    since = asked_at(application.case) if correcting else None
    rows = [
        {
            "material": material,
            "on_file": on_file.get(material.code, []),
            "documents": there.get(material.code, []),
            "is_open": part_code(material) in open_parts,
            "form": form if material.code == code else MaterialForm(),
            "reason": next(
                (
                    row["reason"]
                    for row in application.corrections
                    if row["code"] == part_code(material) and not row.get("done")
                ),
                "",
            ),
        }
        for material in wanted
    ]
    return _show(
        request,
        application,
        MATERIALS,
        form,
        rows=rows,
        since=since,
        template="veterans/applications/materials.html",
    )


def _who_consents(request: HttpRequest, application: Application) -> Any:
    """Return the beneficiary for whom somebody acts, otherwise who applies."""
    if is_for_another(application):
        return application.case.applicant
    return request.user.person  # type: ignore[union-attr]


def _consent(request: HttpRequest, application: Application) -> HttpResponse:
    notice = current_notice(NOTICE_CODE)
    form = ConsentForm(request.POST or None, notice=notice)
    if form.is_valid():
        give_consent(
            notice,
            form.agreed_kinds,
            person=_who_consents(request, application),
            owner_kind=OWNER_KIND,
            owner_id=owner_id(application.case),
            guardian=guardian_name(request.user, application),  # type: ignore[arg-type]
        )
        return _next(request, application, CONSENT)
    return _show(
        request,
        application,
        CONSENT,
        form,
        notice=notice,
        template="veterans/applications/consent.html",
    )


SCREENS = {
    ABOUT: _about,
    QUESTIONS: _questions,
    BANK: _bank,
    MATERIALS: _materials,
    CONSENT: _consent,
}
