"""Pages of the office and of those it asks: rounds, examination, opinions, scores, objections."""

from __future__ import annotations

import uuid
from typing import Any

from django import forms
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from honors.models import (
    CONSULTED,
    Investigation,
    JudgeRecusal,
    Nomination,
    Round,
    RoundPart,
    ScoreSheet,
    Title,
)
from honors.office import submit
from honors.rounds import examining, judging, objections, preparing, reading
from honors.rounds.forms import RoundForm, initial_of_round
from honors.rounds.judging_forms import (
    AsideForm,
    ExamineForm,
    InvestigationForm,
    OpinionForm,
    ScoreForm,
)
from honors.rounds.permissions import is_employee, office_acts, runs_rounds, seats_of
from honors.rounds.states import FLOW
from honors.rounds.terms import terms_of
from honors.rounds.views import readable_nomination
from portal.cases.models import SubmissionKey
from portal.office_pages import METHODS, account, guarded
from portal.public_notices.models import Objection


def _sent(request: HttpRequest) -> Any:
    """Return the case a form with this key made before; None when it was not sent yet."""
    try:
        key = uuid.UUID(request.POST.get("key", ""))
    except ValueError:
        return None
    row = SubmissionKey.objects.filter(key=key, user=account(request), case__flow=FLOW).first()
    return row.case_id if row else None


@require_http_methods(METHODS)
@guarded(runs_rounds)
def round_new(request: HttpRequest) -> HttpResponse:
    """Prepare a round and lay it before the committee."""
    if request.method == "POST" and (case_id := _sent(request)) is not None:
        return redirect("case", case_id)
    form = RoundForm(request.POST or None, initial=_suggested(request))
    form.fields["key"] = forms.UUIDField(
        initial=uuid.uuid4, widget=forms.HiddenInput, required=False
    )
    return submit(
        request,
        form,
        lambda values: preparing.prepare(
            account(request), values, values["members"], values["quotas"], key=values["key"]
        ),
        title=_("Prepare a round"),
        intro=_("The Party committee opens it; its notice is published then."),
        done=_("The round lies before the Party committee."),
        cancel=reverse("honor_rounds"),
        go_to=lambda case: reverse("case", args=[case.pk]),
        save_label=_("Lay it before the committee"),
    )


def _suggested(request: HttpRequest) -> dict[str, Any]:
    """Return what a chosen title suggests."""
    code = request.GET.get("title", "")
    title = Title.objects.offered().filter(code=code).first()
    if title is None:
        return {}
    return {"title": title.pk, "quota": title.quota, "seats": title.seats}


@require_http_methods(METHODS)
@guarded(runs_rounds)
def round_change(request: HttpRequest, round_id: uuid.UUID) -> HttpResponse:
    """Change a round that the committee sent back."""
    round_ = get_object_or_404(Round.objects.select_related("case__unit"), pk=round_id)
    return submit(
        request,
        RoundForm(request.POST or None, initial=initial_of_round(round_)),
        lambda values: preparing.change(
            round_.pk, account(request), values, values["members"], values["quotas"]
        ),
        title=_("Change the notice of the round"),
        done=_("The round lies before the Party committee."),
        cancel=reverse("case", args=[round_.pk]),
        save_label=_("Lay it before the committee"),
    )


@require_safe
@guarded(is_employee)
def asked(request: HttpRequest) -> HttpResponse:
    """Show what the account is asked for as judge or for a department."""
    found = Paginator(reading.asked_of(account(request)), reading.PER_PAGE)
    context = {"page_obj": found.get_page(request.GET.get("page"))}
    return render(request, "honors/rounds/asked.html", context)


@require_http_methods(METHODS)
@guarded(is_employee)
def opinion(request: HttpRequest, pk: int, part: str) -> HttpResponse:
    """Write down what a department says of a nominee."""
    found = readable_nomination(request, pk)
    if part not in CONSULTED or part not in {
        seat.part for seat in seats_of(request.user, found.round)
    }:
        raise Http404
    given = found.opinions.filter(part=part).first()
    initial = {"verdict": given.verdict, "words": given.words} if given else {}
    return submit(
        request,
        OpinionForm(request.POST or None, initial=initial),
        lambda values: examining.give_opinion(
            found.pk, account(request), part, values["verdict"], values["words"]
        ),
        title=_("%(part)s on %(name)s")
        % {"part": RoundPart(part).label, "name": found.subject_name},
        done=_("The opinion is written down."),
        cancel=reverse("honor_asked"),
        facts=_facts(found),
        save_label=_("Write it down"),
    )


def _facts(found: Nomination) -> list[tuple[Any, Any]]:
    return [
        (_("Round"), found.round.case.item),
        (_("Unit"), found.unit.name),
        (_("Position or team"), found.position or "—"),
        (_("Deeds in one line"), found.brief),
    ]


@require_http_methods(METHODS)
@guarded(runs_rounds)
def examine(request: HttpRequest, pk: int) -> HttpResponse:
    """Write down the examination of a nomination, with opinions and evidence beside it."""
    found = readable_nomination(request, pk)
    if not office_acts(request.user, found.round):
        raise PermissionDenied
    terms = terms_of(found.round.terms)
    initial = {**found.examined, "decision": "", "reason": found.reason}
    return submit(
        request,
        ExamineForm(request.POST or None, terms=terms, initial=initial),
        lambda values: examining.examine(found.pk, account(request), values),
        title=_("Examine %(name)s") % {"name": found.subject_name},
        done=_("The examination is written down."),
        cancel=reverse("honor_nomination", args=[found.pk]),
        template="honors/rounds/examine.html",
        nomination=found,
        detail=reading.detail_of(account(request), found),
    )


@require_http_methods(METHODS)
@guarded(is_employee)
def score(request: HttpRequest, pk: int) -> HttpResponse:
    """Score a nominee, line by line."""
    found = readable_nomination(request, pk)
    judge = judging.judge_of(request.user, found.round)
    if judge is None:
        raise PermissionDenied
    if judging.is_related(judge, found) or JudgeRecusal.objects.filter(
        nomination=found, judge=judge
    ):
        messages.warning(
            request,
            _("You stand aside for %(name)s, so you do not score this nomination.")
            % {"name": found.subject_name},
        )
        return redirect("honor_asked")
    lines = terms_of(found.round.terms).lines
    given = ScoreSheet.objects.filter(nomination=found, judge=judge).first()
    initial = {f"line_{place}": value for place, value in enumerate(given.points)} if given else {}
    initial["remark"] = given.remark if given else ""
    form = ScoreForm(request.POST or None, lines=lines, initial=initial)
    return submit(
        request,
        form,
        lambda values: judging.score(found.pk, account(request), form.points(), values["remark"]),
        title=_("Score %(name)s") % {"name": found.subject_name},
        done=_("Your sheet is kept. You can change it until judging ends."),
        cancel=reverse("honor_asked"),
        template="honors/rounds/score.html",
        nomination=found,
    )


@require_http_methods(METHODS)
@guarded(is_employee)
def judge_aside(request: HttpRequest, pk: int) -> HttpResponse:
    """Let a judge stand aside for one nominee."""
    found = readable_nomination(request, pk)
    if judging.judge_of(request.user, found.round) is None:
        raise PermissionDenied
    return submit(
        request,
        AsideForm(request.POST or None),
        lambda values: judging.stand_aside(found.pk, account(request), values["words"]),
        title=_("Stand aside for %(name)s") % {"name": found.subject_name},
        intro=_("You then neither score nor vote on this nominee; a sheet you wrote is taken out."),
        done=_("You stand aside for this nominee."),
        cancel=reverse("honor_asked"),
        save_label=_("Stand aside"),
    )


@require_http_methods(METHODS)
@guarded(is_employee)
def investigation(request: HttpRequest, objection_id: uuid.UUID) -> HttpResponse:
    """Write down what an investigation of an objection found."""
    objection = get_object_or_404(
        Objection.objects.select_related("notice__unit", "raised_by__person"),
        pk=objection_id,
        notice__owner_kind=FLOW,
    )
    round_ = get_object_or_404(
        Round.objects.select_related("case__unit", "title"), pk=objection.notice.owner_id
    )
    if not objections.may_investigate(request.user, objection, round_):
        raise PermissionDenied
    found = Investigation.objects.filter(objection=objection).first()
    initial = (
        {
            "investigators": found.investigators,
            "findings": found.findings,
            "affects": "yes" if found.affects else "no",
            "nomination": found.nomination_id,
        }
        if found
        else {}
    )
    return submit(
        request,
        InvestigationForm(request.POST or None, round_=round_, initial=initial),
        lambda values: objections.investigate(
            objection.pk, account(request), **_investigated(values)
        ),
        title=_("Investigation of an objection"),
        intro=_(
            "The answer to the objection follows on its page; it has to agree with the result."
        ),
        done=_("The investigation is written down. Please answer the objection now."),
        cancel=objection.get_absolute_url(),
        facts=[
            (_("Public notice"), objection.notice.title),
            (_("Facts and reason"), objection.reason),
        ],
        save_label=_("Write it down"),
    )


def _investigated(values: dict[str, Any]) -> dict[str, Any]:
    names = ("investigators", "findings", "affects", "nomination")
    return {name: values[name] for name in names}
