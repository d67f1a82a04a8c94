"""Surveys, question bank and dimensions in Wagtail's admin, for those who run surveys.

Nothing here launches a survey; that is done on the office pages, with a preview of the groups.
What people were asked is neither changed nor deleted.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django import forms
from django.db import models
from django.http import HttpResponse
from django.urls import reverse
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy
from wagtail.admin.forms import WagtailAdminModelForm
from wagtail.admin.panels import FieldPanel, FieldRowPanel, HelpPanel, ObjectList, TabbedInterface
from wagtail.admin.ui.tables import (
    BooleanColumn,
    BulkActionsCheckboxColumn,
    Column,
    TitleColumn,
)
from wagtail.permission_policies import BasePermissionPolicy
from wagtail.snippets.views.snippets import (
    CreateView,
    DeleteView,
    EditView,
    HistoryView,
    IndexView,
    SnippetViewSet,
    SnippetViewSetGroup,
    UsageView,
)

from portal.refusals import NotYours
from union.models import Segment, Survey, SurveyDimension, SurveyQuestion
from union.surveys.choosers import OfficeChooserViewSet
from union.surveys.designing import bound_questions, design_problems
from union.surveys.office_refusals import NotAtThisPoint
from union.surveys.permissions import may_keep_questions, may_run, run_offices


class OfficePolicy(BasePermissionPolicy):
    """Who runs surveys writes; nobody else enters, superusers included."""

    def user_has_permission(self, user: Any, action: str) -> bool:
        """Whether the account runs surveys."""
        return may_keep_questions(user)

    def user_has_any_permission(self, user: Any, actions: Iterable[str]) -> bool:
        """Whether the account may do one of them."""
        return any(self.user_has_permission(user, action) for action in actions)

    def users_with_any_permission(self, actions: Iterable[str]) -> models.QuerySet[Any]:
        """Nobody by a permission of Django's: the role decides."""
        from portal.people.models import User

        return User.objects.none()


class QuestionPolicy(OfficePolicy):
    """What was asked stays as it was."""

    def user_has_permission_for_instance(self, user: Any, action: str, instance: Any) -> bool:
        """Whether the account changes or deletes this question."""
        if action in {"change", "delete"} and instance.is_bound:
            return False
        return self.user_has_permission(user, action)


class SurveyPolicy(OfficePolicy):
    """Drafts of the own office only."""

    def user_has_permission_for_instance(self, user: Any, action: str, instance: Any) -> bool:
        """Whether the account changes or deletes this survey."""
        if action in {"change", "delete"} and not instance.is_draft:
            return False
        return may_run(user, instance)


class OneByOneIndexView(IndexView):
    """A list without boxes to act on many: what was asked is refused one by one."""

    @cached_property
    def columns(self) -> list[Column]:
        """Leave out the boxes."""
        return [
            column
            for column in super().columns
            if not isinstance(column, BulkActionsCheckboxColumn)
        ]


# ---- Question bank


def _refuse_bound(question: SurveyQuestion) -> SurveyQuestion:
    if question.is_bound:
        raise NotAtThisPoint(
            _("“%(question)s” was asked in a survey, so its words stay. Make a new version.")
            % {"question": question},
            links=[
                (_("Make a new version"), reverse("survey_question_version", args=[question.pk]))
            ],
        )
    return question


class QuestionForm(WagtailAdminModelForm):
    """A question; a code that stands in the bank is reworded by a new version."""

    def clean(self) -> dict[str, Any]:
        """Refuse a code another question has."""
        cleaned: dict[str, Any] = super().clean() or {}
        others = SurveyQuestion.objects.filter(
            code=cleaned.get("code", ""), version=self.instance.version
        ).exclude(pk=self.instance.pk)
        if others.exists():
            self.add_error(
                "code", _("The bank has a question with this code. Make a new version of it.")
            )
        return cleaned


class QuestionEditView(EditView):
    """Change a question that was not asked yet."""

    def get_object(self, queryset: Any = None) -> SurveyQuestion:
        """Return the question.

        Raises:
            NotAtThisPoint: it was asked.
        """
        return _refuse_bound(super().get_object(queryset))


class QuestionDeleteView(DeleteView):
    """Throw away a question that was not asked yet."""

    def get_object(self, queryset: Any = None) -> SurveyQuestion:
        """Return the question.

        Raises:
            NotAtThisPoint: it was asked.
        """
        return _refuse_bound(super().get_object(queryset))


class QuestionIndexView(OneByOneIndexView):
    """The bank, with the dimension of each question."""

    def get_base_queryset(self) -> models.QuerySet[SurveyQuestion]:
        """Read the dimensions along."""
        questions: models.QuerySet[SurveyQuestion] = super().get_base_queryset()
        return questions.select_related("dimension")

    def get_context_data(self, *arguments: Any, **keywords: Any) -> dict[str, Any]:
        """Say of the whole page at once which questions were asked."""
        context: dict[str, Any] = super().get_context_data(*arguments, **keywords)
        bound = bound_questions()
        for question in context["object_list"]:
            question.is_bound = (question.code, question.version) in bound
        return context


class QuestionViewSet(SnippetViewSet):
    """The question bank (题库)."""

    model = SurveyQuestion
    icon = "help"
    menu_label = gettext_lazy("Question bank")
    copy_view_enabled = False
    chooser_viewset_class = OfficeChooserViewSet
    edit_view_class = QuestionEditView
    delete_view_class = QuestionDeleteView
    index_view_class = QuestionIndexView
    edit_handler = ObjectList(
        [
            FieldPanel("text"),
            FieldPanel("explanation"),
            FieldRowPanel([FieldPanel("code"), FieldPanel("version", read_only=True)]),
            FieldRowPanel([FieldPanel("kind"), FieldPanel("scale")]),
            FieldPanel("dimension"),
            FieldPanel("choices"),
            FieldPanel("lines"),
            FieldPanel("is_retired"),
        ],
        base_form_class=QuestionForm,
    )
    list_display = [
        "text",
        "code",
        "version",
        Column("kind", label=gettext_lazy("kind"), accessor="get_kind_display"),
        "dimension",
        BooleanColumn("is_retired", label=gettext_lazy("no longer used")),
    ]
    list_filter = ["dimension", "kind", "scale", "is_retired"]
    list_per_page = 20
    ordering = ("dimension__order", "code", "-version")
    search_fields = ["text", "code"]
    search_backend_name = None

    @property
    def permission_policy(self) -> QuestionPolicy:
        """Those who run surveys; what was asked stays."""
        return QuestionPolicy(self.model)


class DimensionViewSet(SnippetViewSet):
    """What questions are grouped by."""

    model = SurveyDimension
    icon = "tag"
    menu_label = gettext_lazy("Survey dimensions")
    copy_view_enabled = False
    chooser_viewset_class = OfficeChooserViewSet
    index_view_class = OneByOneIndexView
    panels = [FieldPanel("name"), FieldRowPanel([FieldPanel("code"), FieldPanel("order")])]
    list_display = ["name", "code", "order"]
    list_per_page = 20
    ordering = ("order", "pk")
    search_fields = ["name", "code"]
    search_backend_name = None

    @property
    def permission_policy(self) -> OfficePolicy:
        """Those who run surveys."""
        return OfficePolicy(self.model)


# ---- Drafts


class SurveyDraftForm(WagtailAdminModelForm):
    """A draft; conditions that cannot work are named before they are saved."""

    segments = forms.MultipleChoiceField(
        label=gettext_lazy("Results broken down by"),
        choices=Segment.choices,
        widget=forms.CheckboxSelectMultiple,
        required=False,
    )

    def clean(self) -> dict[str, Any]:
        """Check the conditions of the sections as they were typed, and the office."""
        cleaned: dict[str, Any] = super().clean() or {}
        if cleaned.get("office") and cleaned["office"] not in run_offices(self.for_user):
            self.add_error("office", _("You run surveys of your own office only."))
        if not self.errors and cleaned.get("design"):
            typed = Survey(design=cleaned["design"])
            if problems := design_problems(typed):
                self.add_error("design", problems)
        return cleaned


class SurveyEditView(EditView):
    """Change a draft; a launched survey keeps its rules."""

    def get_object(self, queryset: Any = None) -> Survey:
        """Return the draft.

        Raises:
            NotAtThisPoint: it was launched.
            NotYours: another office runs it.
        """
        return _own_draft(super().get_object(queryset), self.request.user)

    def form_valid(self, form: Any) -> HttpResponse:
        """Save, unless it was launched meanwhile."""
        from django.db import transaction

        with transaction.atomic():
            standing = Survey.objects.select_for_update().get(pk=self.object.pk)
            _own_draft(standing, self.request.user)
            response: HttpResponse = super().form_valid(form)
        return response

    def get_success_url(self) -> str:
        """Go to the survey in the office, where it is launched."""
        return reverse("survey_office", args=[self.object.pk])


class SurveyCreateView(CreateView):
    """A draft from nothing; the office begins one from ready-made sections."""

    def get_success_url(self) -> str:
        """Go to the survey in the office, where it is launched."""
        return reverse("survey_office", args=[self.object.pk])


class _OwnOffice:
    """Closed to who does not run the survey."""

    def get_object(self, *arguments: Any, **keywords: Any) -> Survey:
        """Return the survey.

        Raises:
            NotYours: another office runs it.
        """
        survey: Survey = super().get_object(*arguments, **keywords)  # type: ignore[misc]
        return _own(survey, self.request.user)  # type: ignore[attr-defined]


class SurveyHistoryView(_OwnOffice, HistoryView):
    """What was done with a survey of the own office."""


class SurveyUsageView(_OwnOffice, UsageView):
    """Where a survey of the own office is used."""


class SurveyDeleteView(DeleteView):
    """Throw a draft away."""

    def get_object(self, queryset: Any = None) -> Survey:
        """Return the draft.

        Raises:
            NotAtThisPoint: it was launched.
            NotYours: another office runs it.
        """
        return _own_draft(super().get_object(queryset), self.request.user)


def _own_draft(survey: Survey, user: Any) -> Survey:
    if not survey.is_draft:
        raise NotAtThisPoint(
            _("“%(survey)s” was launched and keeps its rules.") % {"survey": survey},
            links=[(_("Open the survey"), office_address(survey))],
        )
    return _own(survey, user)


def _own(survey: Survey, user: Any) -> Survey:
    if not may_run(user, survey):
        raise NotYours(_("This survey is run by another office."))
    return survey


def office_address(survey: Survey) -> str:
    """Return the address of a survey in the office."""
    return reverse("survey_office", args=[survey.pk])


class SurveyIndexView(OneByOneIndexView):
    """The surveys of the own office."""

    def get_base_queryset(self) -> models.QuerySet[Survey]:
        """Leave out the other office's."""
        surveys: models.QuerySet[Survey] = super().get_base_queryset()
        return surveys.filter(office__in=run_offices(self.request.user)).defer("snapshot")


class SurveyViewSet(SnippetViewSet):
    """Drafts of surveys."""

    model = Survey
    icon = "form"
    menu_label = gettext_lazy("Surveys")
    copy_view_enabled = False
    chooser_viewset_class = OfficeChooserViewSet
    add_view_class = SurveyCreateView
    edit_view_class = SurveyEditView
    delete_view_class = SurveyDeleteView
    history_view_class = SurveyHistoryView
    usage_view_class = SurveyUsageView
    index_view_class = SurveyIndexView
    edit_handler = TabbedInterface(
        [
            ObjectList([FieldPanel("design")], heading=gettext_lazy("Sections and questions")),
            ObjectList(
                [
                    FieldPanel("title"),
                    FieldPanel("purpose", heading=pgettext_lazy("survey", "Purpose")),
                    FieldRowPanel([FieldPanel("code"), FieldPanel("series")]),
                    FieldRowPanel([FieldPanel("office"), FieldPanel("unit")]),
                    FieldRowPanel([FieldPanel("opens_on"), FieldPanel("closes_on")]),
                ],
                heading=pgettext_lazy("survey", "Survey"),
            ),
            ObjectList(
                [
                    HelpPanel(gettext_lazy("These rules are fixed when the survey is launched.")),
                    FieldPanel("mode"),
                    FieldRowPanel([FieldPanel("minimum"), FieldPanel("comment_minimum")]),
                    FieldPanel("segments"),
                    FieldPanel("crossed"),
                ],
                heading=pgettext_lazy("survey", "Rules"),
            ),
        ],
        base_form_class=SurveyDraftForm,
    )
    list_display = [
        TitleColumn("title", label=gettext_lazy("title"), get_url=office_address),
        Column("state", label=gettext_lazy("state"), accessor="get_state_display"),
        "opens_on",
        "closes_on",
    ]
    list_filter = ["state", "office"]
    list_per_page = 20
    ordering = ("-opens_on", "-pk")
    search_fields = ["title", "code"]
    search_backend_name = None

    @property
    def permission_policy(self) -> SurveyPolicy:
        """Those who run surveys, drafts of their own office."""
        return SurveyPolicy(self.model)


class SurveysGroup(SnippetViewSetGroup):
    """All in one menu."""

    menu_label = gettext_lazy("Surveys")
    menu_icon = "form"
    menu_order = 255
    items = (SurveyViewSet, QuestionViewSet, DimensionViewSet)
