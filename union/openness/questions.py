"""Questions on disclosed matters: asked by employees, answered within a limit, by two people."""

from __future__ import annotations

from typing import Any

from django.core.paginator import Paginator
from django.db import transaction
from django.db.models import Count, Q, QuerySet, Window
from django.http import HttpRequest
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from portal.archives import queue
from portal.notifications.services import Recipient, notify
from portal.people.models import User
from portal.refusals import ChangedMeanwhile, NotPossible, Refusal
from portal.roles.models import RoleAssignment
from portal.roles.permissions import assignments
from portal.workspace.tasks import SHOWN, Task, TaskList
from union.models import DisclosureQuestion, OpenManagementPage
from union.models.openness import LONGEST_QUESTION
from union.openness.archive_source import SOURCE_KIND
from union.opinions import limits
from union.opinions.effects import HANDLERS
from union.opinions.permissions import OFFICE

ANSWERED, ASKED = "disclosure-answered", "disclosure-asked"
LIMIT = "disclosure-answer"
PER_PAGE = 20
LONGEST_ANSWER = 2_000


def may_answer(user: Any, page: OpenManagementPage) -> bool:
    """Whether the account answers for the page: the union, or a handler of its unit."""
    return any(
        row.role_code == OFFICE or (row.role_code == HANDLERS and row.covers(page.unit))
        for row in assignments(user)
    )


def answered_by_me(user: Any) -> Q | None:
    """Return the condition on questions the account answers; None when it answers none."""
    held = assignments(user)
    if any(row.role_code == OFFICE for row in held):
        return Q()
    units = [row.unit for row in held if row.role_code == HANDLERS]
    if not units:
        return None
    condition = Q()
    for unit in units:
        condition |= Q(page__unit__path__startswith=unit.path)
    return condition


def open_questions(user: Any) -> QuerySet[DisclosureQuestion]:
    """Return the questions that wait for the account, the most urgent first.

    Whoever drafted an answer does not release it, so it does not wait for the same account.
    """
    condition = answered_by_me(user)
    if condition is None:
        return DisclosureQuestion.objects.none()
    rows = DisclosureQuestion.objects.filter(condition, released_on=None)
    return rows.exclude(answered_by=user, answer__gt="").order_by("due_on", "pk")


@transaction.atomic
def ask(page: OpenManagementPage, user: User, text: str) -> DisclosureQuestion:
    """Keep a question, by name; the responsible unit and the union are told.

    Raises:
        NotPossible: no words, too many, the days are over, or the account names nobody.
    """
    words = text.strip()
    today = timezone.localdate()
    if user.person is None:
        raise NotPossible(_("Questions are asked by name. This account names nobody."))
    if not words:
        raise NotPossible(_("Please write your question."))
    if len(words) > LONGEST_QUESTION:
        raise NotPossible(
            _("Please write at most %(count)d characters.") % {"count": LONGEST_QUESTION}
        )
    if not page.live or (page.disclosed_until is not None and page.disclosed_until < today):
        raise NotPossible(_("Questions on this matter are not taken any more."))
    made: DisclosureQuestion = DisclosureQuestion.objects.create(
        page=page,
        person=user.person,
        text=words,
        asked_on=today,
        due_on=limits.last_day(LIMIT, today),
    )
    notify(
        ASKED,
        [Recipient(user=one) for one in _answering(page) if one != user],
        {"title": page.title},
        event_key=f"{ASKED}:{made.pk}",
        url=reverse("disclosure_question", args=[made.pk]),
    )
    return made


def _answering(page: OpenManagementPage) -> list[User]:
    rows = RoleAssignment.objects.filter(role_code__in=(OFFICE, HANDLERS)).active_on()
    people = {
        row.person_id
        for row in rows.select_related("unit")
        if row.role_code == OFFICE or row.covers(page.unit)
    }
    return list(User.objects.filter(person__in=people, is_active=True))


def _locked(question_id: int) -> DisclosureQuestion:
    found: DisclosureQuestion = (
        DisclosureQuestion.objects.select_for_update(of=("self",))
        .select_related("page__unit", "person")
        .get(pk=question_id)
    )
    return found


def _checked(user: User, question_id: int) -> DisclosureQuestion:
    question = _locked(question_id)
    if not may_answer(user, question.page):
        raise Refusal(_("The responsible unit and the union answer."))
    if user.person_id is not None and user.person_id == question.person_id:
        raise Refusal(_("Whoever asked does not answer. A colleague has to."))
    if question.released_on is not None:
        raise ChangedMeanwhile(
            _("%(who)s released the answer already.") % {"who": question.released_by}
        )
    return question


@transaction.atomic
def draft_answer(question_id: int, user: User, text: str) -> DisclosureQuestion:
    """Write the draft of an answer; another person releases it.

    Raises:
        Refusal: the account does not answer here, or asked itself.
        ChangedMeanwhile: the answer is out.
        NotPossible: no words, or too many.
    """
    question = _checked(user, question_id)
    words = text.strip()
    if not words or len(words) > LONGEST_ANSWER:
        raise NotPossible(
            _("Please write an answer of at most %(count)d characters.") % {"count": LONGEST_ANSWER}
        )
    question.answer, question.answered_by = words, user
    question.save(update_fields=["answer", "answered_by"])
    return question


@transaction.atomic
def release_answer(question_id: int, user: User, seen: str) -> DisclosureQuestion:
    """Let everybody who reads the page read an answer; the one who asked is told.

    Args:
        seen: the draft as the releasing person read it.

    Raises:
        Refusal: the account does not answer here, or drafted it itself.
        ChangedMeanwhile: the answer is out, or the draft was changed meanwhile.
        NotPossible: there is no draft.
    """
    question = _checked(user, question_id)
    if not question.answer:
        raise NotPossible(_("There is no draft of an answer yet."))
    if question.answered_by_id == user.pk:
        raise Refusal(_("You drafted the answer. A colleague releases it."))
    if question.answer != seen:
        raise ChangedMeanwhile(_("The draft was changed meanwhile. Please read it once more."))
    question.released_by, question.released_on = user, timezone.localdate()
    question.save(update_fields=["released_by", "released_on"])
    # What everybody reads from now on is a record of this transaction.
    queue.enqueue(SOURCE_KIND, str(question.pk))
    notify(
        ANSWERED,
        [Recipient(person=question.person)],
        {"title": question.page.title},
        event_key=f"{ANSWERED}:{question.pk}",
        url=question.page.url or "",
    )
    return question


def page_context(page: OpenManagementPage, request: HttpRequest) -> dict[str, Any]:
    """Return the answered questions, the reader's own open ones, and what the reader may do."""
    user = request.user
    person_id = getattr(user, "person_id", None)
    if not page.pk:
        return {"page_obj": None, "own_questions": [], "may_ask": False, "may_answer": False}
    rows = page.questions.filter(released_on__isnull=False).order_by("-released_on", "-pk")
    own = page.questions.filter(person=person_id, released_on=None) if person_id else []
    until = page.disclosed_until
    is_open = until is None or timezone.localdate() <= until
    answering = may_answer(user, page)
    return {
        "page_obj": Paginator(rows, PER_PAGE).get_page(request.GET.get("page")),
        "own_questions": list(own),
        "waiting": list(page.questions.filter(released_on=None)[:PER_PAGE]) if answering else [],
        "may_ask": bool(person_id) and page.live and is_open,
        "is_open": is_open,
        "longest": LONGEST_QUESTION,
    }


def question_tasks(user: Any) -> TaskList | None:
    """Return the questions that wait for the account, by one query."""
    if answered_by_me(user) is None:
        return None
    waiting = open_questions(user).select_related("page").annotate(total=Window(Count("*")))
    rows = list(waiting[:SHOWN])
    if not rows:
        return None
    return TaskList(
        title=gettext_lazy("Questions on disclosed matters"),
        url=reverse("disclosure_questions"),
        count=rows[0].total,
        tasks=[
            Task(
                title=row.page.title,
                url=reverse("disclosure_question", args=[row.pk]),
                note=_("Release the answer") if row.answer else _("Answer the question"),
                due_on=row.due_on,
            )
            for row in rows
        ],
    )
