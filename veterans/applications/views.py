"""The pages of an application: list of parts, a screen for each, last check, hand-in."""

from __future__ import annotations

import uuid
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from portal.cases.ownership import OWNER_KIND, owner_id
from portal.personal_data.consents import current_notice, give_consent
from portal.refusals import Refusal
from veterans.applications import services
from veterans.applications.changed_standard import changed_standard, go_on_with
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
    asked_questions,
    binding_version,
    handed_in,
    open_questions,
    tasks_of,
    wanted_materials,
)
from veterans.models import Application, SupportItem

# Keys of rows have no more.
MOST_DIGITS = 15


def _own(request: HttpRequest, case_id: uuid.UUID) -> Application:
    application = services.own_application(case_id, request.user)  # type: ignore[arg-type]
    if application is None:
        raise Http404
    return application


@require_POST
def start(request: HttpRequest, item_code: str) -> HttpResponse:
    """Open a draft or go on with the one that is there."""
    item = get_object_or_404(SupportItem, code=item_code)
    region = request.POST.get("region", "")[:12]
    application = services.start(item, request.user, region)  # type: ignore[arg-type]
    return redirect("support_application", application.pk)


@never_cache
@require_GET
def application(request: HttpRequest, case_id: uuid.UUID) -> HttpResponse:
    """Show the parts with what is done and what is open."""
    found = _own(request, case_id)
    if found.case.state not in services.EDITABLE:
        return redirect("case", case_id)
    tasks = tasks_of(found)
    if found.case.state == "correcting":
        asked = {str(row["code"]).split(":", 1)[0] for row in found.corrections}
        tasks = [task for task in tasks if task.code in asked]
        ready = all(row.get("done") for row in found.corrections)
    else:
        ready = all(task.done for task in tasks)
    return render(
        request,
        "veterans/applications/application.html",
        {
            "application": found,
            "case": found.case,
            "tasks": tasks,
            "ready": ready,
            "done": sum(task.done for task in tasks),
            "standard": binding_version(found),
            "changed": changed_standard(found),
        },
    )


@never_cache
@sensitive_post_parameters()
@require_http_methods(["GET", "POST"])
def part(request: HttpRequest, case_id: uuid.UUID, code: str) -> HttpResponse:
    """Show one part, keep what was typed, go on to the next open one."""
    found = _own(request, case_id)
    try:
        screen = _SCREENS[code]
    except KeyError as error:
        raise Http404 from error
    if code not in {task.code for task in tasks_of(found)}:
        raise Http404
    return screen(request, found)


def _next(request: HttpRequest, application: Application, code: str) -> HttpResponse:
    """Go to the next open part after one, or back to the list."""
    application.refresh_from_db()
    tasks = tasks_of(application)
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
    tasks = tasks_of(application)
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
    )
    if form.is_valid():
        services.save_about(application.pk, request.user, form.cleaned_data)  # type: ignore[arg-type]
        return _next(request, application, ABOUT)
    return _show(request, application, ABOUT, form)


def _bank(request: HttpRequest, application: Application) -> HttpResponse:
    initial = {"bank_name": application.bank_name, "bank_card": application.bank_card}
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
        if application.case.state == "correcting" and asked:
            question = asked[0]
        else:
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
        if open_questions(application):
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


def _materials(request: HttpRequest, application: Application) -> HttpResponse:
    code = request.POST.get("material", "")
    form = None
    if request.method == "POST" and "remove" in request.POST:
        services.remove_file(application, request.user, int(request.POST["remove"]))  # type: ignore[arg-type]
        messages.success(request, _("The photo was taken back."))
        return redirect("support_part", application.pk, MATERIALS)
    if request.method == "POST" and code:
        form = MaterialForm(request.POST, request.FILES)
        if form.is_valid():
            services.add_files(application, request.user, code, form.cleaned_data["photos"])  # type: ignore[arg-type]
            messages.success(request, _("The photo is there."))
            return redirect("support_part", application.pk, MATERIALS)
    elif request.method == "POST":
        return _next(request, application, MATERIALS)
    there = handed_in(application)
    rows = [
        {
            "material": material,
            "documents": there.get(material.code, []),
            "form": form if material.code == code else MaterialForm(),
            "reason": next(
                (
                    row["reason"]
                    for row in application.corrections
                    if row["code"] == f"{MATERIALS}:{material.code}" and not row.get("done")
                ),
                "",
            ),
        }
        for material in wanted_materials(application)
    ]
    return _show(
        request,
        application,
        MATERIALS,
        form,
        rows=rows,
        template="veterans/applications/materials.html",
    )


def _consent(request: HttpRequest, application: Application) -> HttpResponse:
    notice = current_notice(NOTICE_CODE)
    form = ConsentForm(request.POST or None, notice=notice)
    if form.is_valid():
        give_consent(
            notice,
            form.agreed_kinds,
            person=request.user.person,  # type: ignore[union-attr]
            owner_kind=OWNER_KIND,
            owner_id=owner_id(application.case),
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


_SCREENS = {
    ABOUT: _about,
    QUESTIONS: _questions,
    BANK: _bank,
    MATERIALS: _materials,
    CONSENT: _consent,
}


@never_cache
@require_GET
def check(request: HttpRequest, case_id: uuid.UUID) -> HttpResponse:
    """Show everything once more before it is handed in."""
    found = _own(request, case_id)
    if found.case.state != "draft":
        return redirect("support_application", case_id)
    return render(
        request,
        "veterans/applications/check.html",
        {
            "application": found,
            "case": found.case,
            "tasks": tasks_of(found),
            "questions": asked_questions(found),
            "changed": changed_standard(found),
            "key": uuid.uuid4(),
        },
    )


@never_cache
@require_POST
def standard_seen(request: HttpRequest, case_id: uuid.UUID) -> HttpResponse:
    """Go on with a draft after what changed in the standard was read."""
    found = _own(request, case_id)
    version = request.POST.get("version", "")
    if not version.isdecimal() or len(version) > MOST_DIGITS:
        raise Http404
    go_on_with(found.pk, request.user, int(version))  # type: ignore[arg-type]
    messages.success(request, _("Thank you. Your application goes by the new standard now."))
    return redirect("support_application", found.pk)


def _key(request: HttpRequest) -> uuid.UUID | None:
    try:
        return uuid.UUID(request.POST.get("key", ""))
    except ValueError:
        return None


@never_cache
@require_POST
def hand_in(request: HttpRequest, case_id: uuid.UUID) -> HttpResponse:
    """Hand it in and show the tracking code, once; hand a correction in."""
    found = _own(request, case_id)
    user: Any = request.user
    if found.case.state == "correcting":
        services.correct(found, user, key=_key(request))
        messages.success(request, _("Thank you. The correction was handed in."))
        return redirect("case", case_id)
    if not found.case.is_draft:
        # The form was sent before: what came of it is on the page of the case.
        return redirect("case", case_id)
    try:
        _event, code = services.hand_in(found, user, key=_key(request))
    except Refusal as refusal:
        return render(
            request,
            "veterans/applications/check.html",
            {
                "application": found,
                "case": found.case,
                "tasks": tasks_of(found),
                "questions": asked_questions(found),
                "key": uuid.uuid4(),
                "refusal": refusal,
            },
            status=refusal.status,
        )
    from portal.cases.views.receipt import receipt_response

    found.case.refresh_from_db()
    return receipt_response(request, found.case, code)
