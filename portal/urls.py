"""The addresses of the portal."""

from __future__ import annotations

from allauth.account.views import logout as sign_out
from django.apps import apps
from django.contrib.auth.decorators import login_not_required
from django.urls import include, path, re_path
from wagtail.admin import urls as wagtailadmin_urls
from wagtail.documents.views.serve import serve as serve_document
from wagtail.urls import serve_pattern
from wagtail.views import serve

from portal.pages.display_mode import set_language
from portal.pages.file_serving import media_file
from portal.people.views import admin_sign_in, managed_by_roles

handler403 = "portal.pages.errors.forbidden"
handler404 = "portal.pages.errors.not_found"
handler500 = "portal.pages.errors.server_error"

urlpatterns = [
    path("admin/login/", admin_sign_in),
    path("admin/logout/", sign_out),
    re_path(r"^admin/(users|groups|password_reset)(/.*)?$", managed_by_roles),
    re_path(r"^admin/bulk/(people|auth)/.*$", managed_by_roles),
    path("admin/", include("portal.publishing.admin_urls")),
    path("admin/", include(wagtailadmin_urls)),
    path("account/", include("portal.people.urls")),
    path("account/", include("allauth.urls")),
    path("agenda/", include("portal.agenda.urls")),
    path("archives/", include("portal.archives.urls")),
    path("cases/", include("portal.cases.urls")),
    path("track/", include("portal.cases.tracking_urls")),
    path("files/", include("portal.files.urls")),
    path("objections/", include("portal.public_notices.urls")),
    path("notifications/", include("portal.notifications.urls")),
    path("personal-data/", include("portal.personal_data.urls")),
    path("search/", include("portal.search.urls")),
    path("workdays/", include("portal.workdays.urls")),
    path("workspace/", include("portal.workspace.urls")),
    # Open to visitors: a hook asks whether a page offers the document to this reader.
    re_path(
        r"^documents/(\d+)/(.*)$", login_not_required(serve_document), name="wagtaildocs_serve"
    ),
    path("media/<path:path>", media_file, name="media_file"),
    path("language/", set_language, name="set_language"),
    path("", include("portal.pages.urls")),
]
# A subject says in its configuration under which prefix its own addresses lie.
urlpatterns += [
    path(prefix, include(f"{application.name}.urls"))
    for application in apps.get_app_configs()
    if (prefix := getattr(application, "address_prefix", ""))
]
# Wagtail's own serving view, opened to visitors: each page decides for itself who reads it.
urlpatterns += [re_path(serve_pattern, login_not_required(serve), name="wagtail_serve")]
