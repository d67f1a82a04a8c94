"""Pages and facts of the union."""

from __future__ import annotations

from union.models.opinions import (
    Direction,
    FaceToFaceDay,
    FeedbackBoxPage,
    Opinion,
    OpinionCategory,
    OpinionChannel,
    OpinionLimit,
    OpinionMessage,
    OpinionMode,
)
from union.models.pages import UnionIndexPage, UnionNewsPage
from union.models.survey_design import (
    QuestionKind,
    Scale,
    SurveyDimension,
    SurveyQuestion,
)
from union.models.surveys import (
    AnswerUrn,
    CommentState,
    Improvement,
    ImprovementProgress,
    ImprovementState,
    Invitation,
    NamedSheet,
    Segment,
    Survey,
    SurveyComment,
    SurveyMode,
    SurveyOffice,
    SurveyResult,
    SurveySheets,
    SurveyState,
)

__all__ = [
    "Direction",
    "FaceToFaceDay",
    "FeedbackBoxPage",
    "Opinion",
    "OpinionCategory",
    "OpinionChannel",
    "OpinionLimit",
    "OpinionMessage",
    "OpinionMode",
    "AnswerUrn",
    "CommentState",
    "Improvement",
    "ImprovementProgress",
    "ImprovementState",
    "Invitation",
    "NamedSheet",
    "QuestionKind",
    "Scale",
    "Segment",
    "Survey",
    "SurveyComment",
    "SurveyDimension",
    "SurveyMode",
    "SurveyOffice",
    "SurveyQuestion",
    "SurveyResult",
    "SurveySheets",
    "SurveyState",
    "UnionIndexPage",
    "UnionNewsPage",
]
