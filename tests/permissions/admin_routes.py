"""Every address of the admin with plausible arguments and forms, for the test that posts them.

An address without a row here fails `test_every_address_has_a_row`, so nobody adds a route
without saying how it is tried.
"""

from __future__ import annotations

import json
import uuid
from collections.abc import Iterator
from typing import Any

from django.urls import URLPattern, URLResolver, get_resolver

from tests.permissions.admin_world import AdminWorld
from tests.permissions.application_routes import application_routes
from tests.permissions.archive_routes import archive_routes
from tests.permissions.beneficiary_routes import beneficiary_routes
from tests.permissions.branch_routes import branch_routes
from tests.permissions.calls import Call
from tests.permissions.case_routes import case_routes
from tests.permissions.handling_routes import handling_routes
from tests.permissions.honor_award_routes import honor_award_routes
from tests.permissions.honor_round_routes import honor_round_routes
from tests.permissions.notice_routes import notice_routes
from tests.permissions.opinion_office_routes import opinion_office_routes
from tests.permissions.opinion_sender_routes import opinion_sender_routes
from tests.permissions.personal_data_routes import personal_data_routes
from tests.permissions.proposal_routes import proposal_routes
from tests.permissions.standard_routes import standard_areas, standard_routes
from tests.permissions.survey_routes import survey_routes

# Addresses outside /admin/ that belong to Django packages, not to the portal; they sign people
# in and out and know nothing of pages.
FOREIGN_PREFIXES = ("account_", "mfa_", "usersessions_")
# Raise an error on purpose, so that an administrator can try the error page.
DELIBERATE_ERRORS = {"wagtailadmin_error_test"}


def named_addresses() -> set[str]:
    """Return the full names of all addresses of the portal."""
    return {name for name in _walk(get_resolver(), ()) if not name.startswith(FOREIGN_PREFIXES)}


def _walk(resolver: URLResolver, namespaces: tuple[str, ...]) -> Iterator[str]:
    for pattern in resolver.url_patterns:
        if isinstance(pattern, URLResolver):
            inner = (*namespaces, pattern.namespace) if pattern.namespace else namespaces
            yield from _walk(pattern, inner)
        elif isinstance(pattern, URLPattern) and pattern.name:
            yield ":".join((*namespaces, pattern.name))


def editor_form(page: Any, **changes: Any) -> dict[str, Any]:
    """Return what the page editor posts for an activity page."""
    form: dict[str, Any] = {
        "title": f"{page.title}（改）",
        "slug": page.slug,
        "summary": "表单里的新摘要",
        "picture": "",
        "unit": page.unit_id or "",
        "audience": page.audience or "employees",
        "body-count": "0",
        "activity_kind": "theme-day",
        "held_on": "2026-11-02",
        "place": "礼堂",
        "host_name": "",
        "recorder_name": "",
        "go_live_at": "",
        "expire_at": "",
        "comment_notifications": "",
        "comments-TOTAL_FORMS": "0",
        "comments-INITIAL_FORMS": "0",
        "comments-MIN_NUM_FORMS": "0",
        "comments-MAX_NUM_FORMS": "",
    }
    return {**form, **changes}


ACTIONS: tuple[dict[str, Any], ...] = (
    {"action-publish": "action-publish"},
    {"action-submit": "action-submit"},
    {"action-publish": "1", "go_live_at": "2026-11-01 08:00"},
    {"action-publish": "1", "go_live_at": "2030-01-01 08:00", "expire_at": "2031-01-01 08:00"},
    {"action-workflow-action": "1", "workflow-action-name": "approve"},
    {"action-restart-workflow": "1"},
    {"action-cancel-workflow": "1"},
    {"live": "on", "has_unpublished_changes": "", "action-save-draft": "1"},
)


def routes(world: AdminWorld) -> dict[str, list[Call]]:
    """Return the calls to try for every address of the portal."""
    return {
        **_pages(world),
        **_page_lists(world),
        **_choosers(world),
        **_files(world),
        **_settings(world),
        **_portal(world),
    }


def _pages(world: AdminWorld) -> dict[str, list[Call]]:
    pages = world.pages
    every_page = [Call((page.pk,)) for page in pages]
    live, draft, review = world.live, world.draft, world.reviewed
    parent = world.branch_page
    copying = {
        "new_title": "复制件",
        "new_slug": "copied",
        "new_parent_page": parent.pk,
        "copy_subpages": "on",
        "publish_copies": "on",
    }
    private: list[dict[str, Any]] = [
        {"restriction_type": kind, "password": "secret", "groups": []}
        for kind in ("none", "login", "password")
    ]
    states = [world.state]
    new_page = editor_form(draft, slug="brand-new", title="新建的页面")
    return {
        "wagtailadmin_pages:add": [
            Call(
                ("branches", "activitypage", parent.pk),
                forms=tuple({**new_page, **action} for action in ACTIONS),
            ),
            Call(("pages", "newspage", world.news_index.pk), forms=({**new_page, **ACTIONS[0]},)),
            Call(("pages", "homepage", 1), forms=({**new_page, **ACTIONS[0]},)),
        ],
        "wagtailadmin_pages:preview_on_add": [
            Call(("branches", "activitypage", parent.pk), forms=(new_page,))
        ],
        "wagtailadmin_pages:edit": [
            Call(
                (page.pk,),
                forms=(
                    *(editor_form(page, **action) for action in ACTIONS),
                    editor_form(page, overwrite_revision_id=page.latest_revision_id or ""),
                ),
            )
            for page in (live, draft, review)
        ]
        + [
            Call((world.alias.pk,), forms=(editor_form(live, **ACTIONS[0]),)),
            Call((world.scheduled.pk,), forms=(editor_form(world.scheduled, **ACTIONS[0]),)),
        ],
        "wagtailadmin_pages:preview_on_edit": [Call((live.pk,), forms=(editor_form(live),))],
        "wagtailadmin_pages:view_draft": every_page,
        "wagtailadmin_pages:add_subpage": [Call((parent.pk,)), Call((world.news_index.pk,))],
        "wagtailadmin_pages:delete": every_page,
        "wagtailadmin_pages:unpublish": [
            Call((page.pk,), forms=({"include_descendants": "on"},)) for page in pages
        ],
        "wagtailadmin_pages:convert_alias": [Call((world.alias.pk,))],
        "wagtailadmin_pages:move": [
            Call((draft.pk,), forms=({"new_parent_page": world.other_branch_page.pk},))
        ],
        "wagtailadmin_pages:move_confirm": [
            Call((page.pk, world.other_branch_page.pk)) for page in (live, draft)
        ],
        "wagtailadmin_pages:set_page_position": [
            Call((live.pk,), forms=({}, {"position": 0}), query="position=0")
        ],
        "wagtailadmin_pages:copy": [
            Call((page.pk,), forms=(copying, {**copying, "alias": "on"}))
            for page in (live, parent, draft)
        ]
        + [
            Call(
                (world.news.pk,),
                forms=tuple(
                    {**copying, "new_parent_page": world.news_index.pk, **more}
                    for more in ({}, {"alias": "on"})
                ),
            )
        ],
        "wagtailadmin_pages:workflow_action": [
            Call((review.pk, action, state.pk), forms=({"comment": "同意"},))
            for state in states
            for action in ("approve", "reject", "cancel")
        ],
        "wagtailadmin_pages:collect_workflow_action_data": [
            Call((review.pk, "approve", world.state.pk), forms=({"comment": "同意"},))
        ],
        "wagtailadmin_pages:confirm_workflow_cancellation": [Call((review.pk,))],
        "wagtailadmin_pages:workflow_preview": [Call((review.pk, world.state.task_id))],
        "wagtailadmin_pages:set_privacy": [
            Call((page.pk,), forms=tuple(private)) for page in (live, draft, parent)
        ],
        "wagtailadmin_pages:lock": every_page,
        "wagtailadmin_pages:unlock": every_page,
        "wagtailadmin_pages:revisions_index": every_page,
        "wagtailadmin_pages:revisions_view": [Call((live.pk, live.latest_revision_id))],
        "wagtailadmin_pages:revisions_revert": [
            Call(
                (live.pk, world.first_revision.pk),
                forms=tuple(editor_form(live, **action) for action in ACTIONS),
            )
        ],
        "wagtailadmin_pages:revisions_unschedule": [
            Call((world.scheduled.pk, world.scheduled.latest_revision_id)),
            Call((live.pk, live.latest_revision_id)),
        ],
        "wagtailadmin_pages:revisions_compare": [
            Call((live.pk, "earliest", "latest")),
            Call((live.pk, "live", live.latest_revision_id)),
        ],
        "wagtailadmin_pages:workflow_history": every_page,
        "wagtailadmin_pages:workflow_history_detail": [
            Call((review.pk, world.state.workflow_state_id))
        ],
        "wagtailadmin_pages:history": every_page,
        "wagtailadmin_pages:history_results": every_page,
        "wagtailadmin_pages:usage": every_page,
        "wagtail_bulk_action": [
            Call(
                ("wagtailcore", "page", action),
                query="&".join(f"id={page.pk}" for page in targets),
                forms=(
                    {
                        "include_descendants": "on",
                        "chooser": world.other_branch_page.pk,
                        "move_applicable": "on",
                    },
                ),
            )
            for action in ("publish", "unpublish", "delete", "move")
            for targets in ((draft,), (live,), (draft, live, review, parent))
        ]
        + [
            Call((app, model, action), query=f"id={row.pk}", forms=({"collection": 1},))
            for app, model, row in (
                ("pages", "portalimage", world.image),
                ("pages", "portaldocument", world.document),
            )
            for action in ("delete", "add_to_collection", "add_tags")
        ],
        "wagtailadmin_editing_sessions:ping": [
            Call(("wagtailcore", "page", str(draft.pk), 1)),
            Call(("branches", "activitypage", str(draft.pk), 1)),
        ],
        "wagtailadmin_editing_sessions:release": [Call((1,))],
        "wagtailadmin_api:pages:action": [
            Call((page.pk, action), forms=(data,), as_json=True)
            for page in (live, draft, parent, world.news)
            for action, data in (
                ("publish", {}),
                ("unpublish", {"recursive": True}),
                ("copy", {"keep_live": True, "recursive": True, "slug": "by-api"}),
                ("create_alias", {"recursive": True, "update_slug": "alias-by-api"}),
                ("convert_alias", {}),
                ("move", {"destination_page_id": world.other_branch_page.pk}),
                ("revert_to_page_revision", {"revision_id": world.first_revision.pk}),
                ("copy_for_translation", {"locale": "zh-hans"}),
                ("delete", {}),
                ("nonsense", {}),
            )
        ],
    }


def _page_lists(world: AdminWorld) -> dict[str, list[Call]]:
    parent = world.branch_page
    activity = ("branches", "activitypage")
    search = Call(query="q=%E6%B4%BB%E5%8A%A8")
    plain = [
        "wagtailadmin_home",
        "wagtailadmin_explore_root",
        "wagtailadmin_account",
        "wagtailadmin_logout",
        "wagtailadmin_login",
        "wagtailadmin_sprite",
        "wagtailadmin_javascript_catalog",
        "wagtailadmin_password_reset",
        "wagtailadmin_password_reset_done",
        "wagtailadmin_password_reset_complete",
        "wagtailadmin_block_preview",
        "wagtailadmin_dismissibles",
        *(
            f"wagtailadmin_reports:{report}{results}"
            for report in (
                *("locked_pages", "workflow", "workflow_tasks"),
                *("site_history", "aging_pages", "page_types_usage"),
            )
            for results in ("", "_results")
        ),
    ]
    return {
        **{name: [Call()] for name in plain},
        "wagtailadmin_error_test": [],
        "wagtailadmin_password_reset_confirm": [Call(("MQ", "set-password"))],
        "wagtailadmin_explore": [Call((parent.pk,)), Call((1,)), Call((world.live.pk,))],
        "wagtailadmin_explore_results": [Call((parent.pk,), query="q=%E6%B4%BB%E5%8A%A8")],
        "wagtailadmin_pages:type_use": [Call(activity)],
        "wagtailadmin_pages:type_use_results": [Call(activity)],
        "wagtailadmin_pages:choose_parent": [
            Call(activity, forms=({"parent_page": parent.pk}, {"parent_page": "x"}))
        ],
        "wagtailadmin_pages:search": [search, Call(query="q=x&p=x&content_type=zzz")],
        "wagtailadmin_pages:search_results": [search],
        "wagtailadmin_api:pages:listing": [Call(), Call(query="child_of=1&for_explorer=1")],
        "wagtailadmin_api:pages:detail": [Call((world.live.pk,)), Call((world.draft.pk,))],
        "wagtailadmin_api:pages:find": [Call(query=f"id={world.live.pk}")],
        **{
            f"wagtailadmin_api:{kind}:{view}": [
                Call((row.pk,)) if view == "detail" else Call(query=f"id={row.pk}")
            ]
            for kind, row in (("images", world.image), ("documents", world.document))
            for view in ("listing", "detail", "find")
        },
    }


def _choosers(world: AdminWorld) -> dict[str, list[Call]]:
    parent = world.branch_page
    return {
        "wagtailadmin_choose_page": [
            Call(),
            Call(query="page_type=branches.ActivityPage"),
            Call(query="page_type=nonsense"),
        ],
        "wagtailadmin_choose_page_child": [Call((parent.pk,)), Call((1,))],
        "wagtailadmin_choose_page_search": [Call(query="q=%E6%B4%BB%E5%8A%A8")],
        "wagtailadmin_choose_page_chosen_multiple": [Call(query=f"id={world.live.pk}")],
        "wagtailadmin_choose_page_external_link": [
            Call(forms=({"external-link-chooser-url": "https://example.test/"},))
        ],
        "wagtailadmin_choose_page_email_link": [Call()],
        "wagtailadmin_choose_page_phone_link": [Call()],
        "wagtailadmin_choose_page_anchor_link": [Call()],
        "wagtailadmin_tag_autocomplete": [Call(query="term=x")],
        "wagtailadmin_tag_model_autocomplete": [Call(("taggit", "tag"), query="term=x")],
        **{
            f"{chooser}:{view}": calls
            for chooser, row in (
                ("wagtaildocs_chooser", world.document),
                ("wagtailimages_chooser", world.image),
            )
            for view, calls in {
                "choose": [Call()],
                "choose_results": [Call(query="q=x")],
                "chosen": [Call((str(row.pk),))],
                "chosen_multiple": [Call(query=f"id={row.pk}")],
                "create": [Call(forms=({"title": "x", "collection": 1},))],
            }.items()
        },
        "record_chooser:choose": [Call(), Call(query="p=x&q=%00&year=x")],
        "record_chooser:choose_results": [Call(query="q=x&year=99999999999")],
        "record_chooser:chosen": [Call((world.record.pk,)), Call(("x",))],
        "record_chooser:chosen_multiple": [Call(query=f"id={world.record.pk}&id=x")],
        "record_chooser:create": [Call(forms=({"title": "x"},))],
        "wagtailimages_chooser:select_format": [Call((world.image.pk,))],
        "wagtailembeds:chooser": [Call()],
        "wagtailembeds:chooser_upload": [
            Call(forms=({"embed-chooser-url": "https://example.test/v"},))
        ],
        "wagtailmedia:chooser": [Call()],
        "wagtailmedia:chooser_typed": [],
        "wagtailmedia:media_chosen": [Call((world.media.pk,))],
        "wagtailmedia:chooser_upload": [Call(keywords={"media_type": "audio"})],
    }


def _files(world: AdminWorld) -> dict[str, list[Call]]:
    image, document, media = world.image, world.document, world.media
    described = {"title": "换了标题", "collection": 1, "tags": "", "duration": "1"}
    return {
        "wagtaildocs:index": [Call()],
        "wagtaildocs:index_results": [Call(query="q=x")],
        "wagtaildocs:add": [Call(forms=(described,))],
        "wagtaildocs:edit": [Call((document.pk,), forms=(described,))],
        "wagtaildocs:delete": [Call((document.pk,))],
        "wagtaildocs:document_usage": [Call((document.pk,))],
        "wagtaildocs:add_multiple": [Call()],
        "wagtaildocs:edit_multiple": [Call((document.pk,), forms=(described,))],
        "wagtaildocs:create_multiple_from_uploaded_document": [Call((1,))],
        "wagtaildocs:delete_multiple": [Call((document.pk,))],
        "wagtaildocs:delete_upload_multiple": [Call((1,))],
        "wagtaildocs_serve": [Call((document.pk, "x.pdf"))],
        "media_file": [Call((image.file.name,)), Call((document.file.name,))],
        "wagtailimages:index": [Call()],
        "wagtailimages:index_results": [Call(query="q=x")],
        "wagtailimages:add": [Call(forms=(described,))],
        "wagtailimages:edit": [Call((image.pk,), forms=(described,))],
        "wagtailimages:delete": [Call((image.pk,))],
        "wagtailimages:url_generator": [Call((image.pk,))],
        "wagtailimages:url_generator_output": [Call((image.pk,))],
        "wagtailimages:preview": [Call((image.pk, "max-10x10"))],
        "wagtailimages:image_usage": [Call((image.pk,))],
        "wagtailimages:add_multiple": [Call()],
        "wagtailimages:edit_multiple": [Call((image.pk,), forms=(described,))],
        "wagtailimages:create_multiple_from_uploaded_image": [Call((1,))],
        "wagtailimages:delete_multiple": [Call((image.pk,))],
        "wagtailimages:delete_upload_multiple": [Call((1,))],
        "wagtailmedia:index": [Call()],
        "wagtailmedia:add": [Call(keywords={"media_type": "audio"}, forms=(described,))],
        "wagtailmedia:edit": [Call((media.pk,), forms=(described,))],
        "wagtailmedia:delete": [Call((media.pk,))],
        "wagtailmedia:media_usage": [Call((media.pk,))],
    }


def _settings(world: AdminWorld) -> dict[str, list[Call]]:
    workflow, task = world.state.workflow_state.workflow_id, world.state.task_id
    simple_workflow = {
        "name": "自己批",
        "active": "on",
        "workflow_tasks-TOTAL_FORMS": "0",
        "workflow_tasks-INITIAL_FORMS": "0",
        "workflow_tasks-MIN_NUM_FORMS": "0",
        "workflow_tasks-MAX_NUM_FORMS": "1000",
        "pages-TOTAL_FORMS": "1",
        "pages-INITIAL_FORMS": "0",
        "pages-MIN_NUM_FORMS": "0",
        "pages-MAX_NUM_FORMS": "1000",
        "pages-0-page": world.branch_page.pk,
    }
    site = {"hostname": "localhost", "port": 80, "root_page": world.live.pk, "site_name": "x"}
    lists = {
        f"wagtailadmin_workflows:{name}": [Call()]
        for name in (
            *("index", "index_results", "task_index", "task_index_results"),
            *("select_task_type", "task_chooser", "task_chooser_results"),
        )
    }
    areas = {
        f"{area}:{name}": [Call((pk,)) if takes_key else Call()]
        for area, pk in (
            ("wagtailusers_users", world.author.pk),
            ("wagtailusers_groups", world.author.groups.all()[0].pk),
            ("wagtailsites", world.site.pk),
            ("people", world.author.person_id),
            ("units", world.branch.pk),
            ("role-assignments", world.assignment.pk),
            *standard_areas(),
        )
        for name, takes_key in (
            *(("index", False), ("index_results", False), ("add", False), ("edit", True)),
            *(("delete", True), ("history", True), ("history_results", True)),
            *(("usage", True), ("copy", True)),
        )
        if name != "copy" or area in ("wagtailusers_users", "wagtailsites")
    }
    return {
        **lists,
        **areas,
        "wagtailsites:edit": [Call((world.site.pk,), forms=(site,))],
        "wagtailadmin_workflows:add": [Call(forms=(simple_workflow,))],
        "wagtailadmin_workflows:enable": [Call((workflow,))],
        "wagtailadmin_workflows:disable": [Call((workflow,))],
        "wagtailadmin_workflows:edit": [Call((workflow,), forms=(simple_workflow,))],
        "wagtailadmin_workflows:usage": [Call((workflow,))],
        "wagtailadmin_workflows:usage_results": [Call((workflow,))],
        "wagtailadmin_workflows:remove": [
            Call((world.home.pk,)),
            Call((world.home.pk, workflow)),
        ],
        "wagtailadmin_workflows:add_task": [
            Call(("wagtailcore", "groupapprovaltask"), forms=({"name": "自己批", "groups": [1]},)),
            Call(("publishing", "foureyestask"), forms=({"name": "第二个"},)),
        ],
        "wagtailadmin_workflows:edit_task": [Call((task,), forms=({"name": "改名"},))],
        "wagtailadmin_workflows:disable_task": [Call((task,))],
        "wagtailadmin_workflows:enable_task": [Call((task,))],
        "wagtailadmin_workflows:task_chooser_create": [Call(forms=({"name": "x"},))],
        "wagtailadmin_workflows:task_chosen": [Call((task,))],
        # An officer who gives oneself a role gets the right to review, not to publish alone.
        "role-assignments:add": [
            Call(
                forms=(
                    {
                        "person": world.author.person_id,
                        "role_code": "branch_secretary",
                        "unit": world.branch.pk,
                        "valid_from": "2026-01-01",
                    },
                )
            )
        ],
        "wagtailadmin_collections:index": [Call()],
        "wagtailadmin_collections:add": [Call(forms=({"name": "新文件夹", "parent": 1},))],
        "wagtailadmin_collections:edit": [Call((world.collection.pk,), forms=({"name": "x"},))],
        "wagtailadmin_collections:delete": [Call((world.collection.pk,))],
        "wagtailadmin_collections:set_privacy": [
            Call((world.collection.pk,), forms=({"restriction_type": "login"},))
        ],
        "wagtailsettings:edit": [],
        "wagtailsettings:preview_on_edit": [],
        "wagtailsnippets:index": [Call()],
    }


def _portal(world: AdminWorld) -> dict[str, list[Call]]:
    state, revision = world.state, world.state.revision_id
    decide = {"seen_revision": revision, "decision": "approve", "comment": "同意"}
    return {
        "reviews": [Call(), Call(query="page=x"), Call(query="page=999")],
        "review": [
            Call((state.pk,), forms=(decide, {"decision": "approve"}, {**decide, "approve": "1"}))
        ],
        "review_preview": [Call((state.pk, revision))],
        "review_difference": [Call((state.pk, world.first_revision.pk, revision))],
        **application_routes(),
        **archive_routes(world.record),
        **beneficiary_routes(),
        **case_routes(),
        **handling_routes(),
        **opinion_sender_routes(),
        **notice_routes(),
        **opinion_office_routes(),
        **proposal_routes(),
        **standard_routes(),
        **branch_routes(),
        **honor_award_routes(),
        **honor_round_routes(),
        **survey_routes(),
        "search": [Call(query="q=%E6%B4%BB%E5%8A%A8"), Call(query="q=x&page=x&year=zz")],
        **personal_data_routes(world.author.person_id or 0),
        "stored_file": [Call((uuid.uuid4(),)), Call((uuid.uuid4(),), query="show=1")],
        "workspace": [Call(), Call(query="page=x")],
        "notifications": [Call(), Call(query="list=unread&page=x")],
        "notifications_read_all": [Call(forms=({}, {"up_to": "x"}))],
        "notification_open": [Call((4711,), forms=({}, {"page": "x"}))],
        "notifications_undelivered": [Call(), Call(query="channel=x&page=x")],
        "notifications_try_again": [
            Call(forms=({}, {"message": "x"}, {"message": "1"}, {"channel": "sms"}))
        ],
        "workdays": [Call()],
        "workdays_import": [Call(forms=({}, {"confirmed": "x"}, {"year": "2027"}))],
        "workdays_year": [Call((2026,)), Call((1,))],
        "workdays_sheet": [Call((2026,))],
        "second_factor": [Call()],
        "typed_text": [Call(forms=({"title": "x"},))],
        "set_language": [Call(forms=({"language": "en", "next": "//evil.test"},))],
        "accessibility_statement": [Call()],
        "display_mode": [Call(forms=({"mode": "elderly", "next": "//evil.test"},))],
        "wagtail_serve": [Call(("",)), Call(("branches/",)), Call(("nowhere/",))],
    }


def body(call: Call, form: dict[str, Any]) -> dict[str, Any]:
    """Return the keyword arguments of the test client's post for one form."""
    if call.as_json:
        return {"data": json.dumps(form), "content_type": "application/json"}
    return {"data": {**form, "next": form.get("next", "")}}
