"""The addresses of surveys, each with what is sent to it."""

from __future__ import annotations

from tests.permissions.calls import Call

# No row of this number exists; what is asked is whether the address holds.
NONE = 4711


def survey_routes() -> dict[str, list[Call]]:
    """Return the calls of every address of surveys by its name."""
    nobody = Call((NONE,))
    posted = Call((NONE,), forms=({},))
    choice = {"units": ["x", "1"], "roles": ["x"], "level": "9", "token_count_1": "x"}
    return {
        "survey_list": [Call()],
        "survey_token": [Call(forms=({}, {"token": "\x00"}, {"token": "0" * 16, "sent": "yes"}))],
        "survey_answer": [Call((NONE,), forms=({}, {"q-x": "1", "q-y-none": "yes"}))],
        "survey_thanks": [nobody],
        "surveys_office": [Call(), Call(query="page=x")],
        "survey_new": [Call(forms=({}, {"office": "x", "title": "x", "minimum": "-1"}))],
        "survey_office": [nobody],
        "survey_preview": [nobody],
        "survey_launch": [
            Call((NONE,), forms=({}, choice, {"confirmed": "yes", "chosen": "x", "seen": "x"}))
        ],
        "survey_remind": [posted],
        "survey_close": [posted],
        "survey_copy": [posted],
        "survey_write_page": [posted],
        "survey_token_sheet": [Call((NONE, "all"), forms=({},))],
        "survey_question_version": [posted],
        **_admin_areas(),
        **_choosers(),
        **_results(),
    }


def _admin_areas() -> dict[str, list[Call]]:
    """Return the calls of drafts, questions and dimensions in the admin."""
    areas = ("survey", "surveyquestion", "surveydimension")
    with_key = ("edit", "delete", "history", "history_results", "usage")
    return {
        **{
            f"wagtailsnippets_union_{area}:{name}": [Call(), Call(query="q=x&p=x")]
            for area in areas
            for name in ("list", "list_results")
        },
        **{
            f"wagtailsnippets_union_{area}:add": [Call(forms=({"design-count": "0"},))]
            for area in areas
        },
        **{
            f"wagtailsnippets_union_{area}:{name}": [Call((NONE,), forms=({},))]
            for area in areas
            for name in with_key
        },
    }


def _choosers() -> dict[str, list[Call]]:
    """Return the calls of the dialogues."""
    return {
        f"wagtailsnippetchoosers_union_{area}:{name}": [Call((NONE,) if name == "chosen" else ())]
        for area in ("survey", "surveyquestion", "surveydimension")
        for name in ("choose", "choose_results", "chosen", "chosen_multiple", "create")
    }


def _results() -> dict[str, list[Call]]:
    """Return the calls of results, comments and improvements."""
    improvement = {"problem": "x", "measure": "", "due_on": "x", "unit": "x"}
    return {
        "survey_result_sheet": [Call((NONE,))],
        "survey_result_report": [Call((NONE,))],
        "survey_results": [Call((NONE,), query="question=x")],
        "survey_publish": [Call((NONE,), forms=({},))],
        "survey_comments": [Call((NONE,), query="page=x")],
        "survey_comment": [Call((NONE, NONE), forms=({}, {"step": "x", "redacted": "x"}))],
        "survey_improvements": [Call((NONE,))],
        "survey_improvement_new": [Call((NONE,), forms=({}, improvement))],
        "survey_improvement": [Call((NONE, NONE), forms=({}, improvement))],
        "survey_improvement_progress": [Call((NONE, NONE), forms=({}, {"words": "x"}))],
    }
