"""The addresses of opinion boxes; those of the office lie in `office_urls`."""

from __future__ import annotations

from django.urls import path

from union.opinions import clerk_views, named_views, sender_views

urlpatterns = [
    path("", named_views.opinion_boxes, name="opinion_boxes"),
    # Nobody is known below this one; see `registration.ANONYMOUS_PREFIX`.
    path("anonymous/receipt/", sender_views.opinion_receipt, name="opinion_receipt"),
    path("anonymous/lookup/", sender_views.opinion_lookup, name="opinion_lookup"),
    path("anonymous/go-on/", sender_views.opinion_follow_up, name="opinion_follow_up"),
    path("anonymous/<int:box_id>/", sender_views.opinion_anonymous, name="opinion_anonymous"),
    path("named/<int:box_id>/", named_views.opinion_named, name="opinion_named"),
    path("mine/", named_views.opinion_mine, name="opinion_mine"),
    path("claim/", named_views.opinion_claim, name="opinion_claim"),
    path("<uuid:case_id>/message/", named_views.opinion_message, name="opinion_message"),
    path("entry/", clerk_views.opinion_entry_boxes, name="opinion_entry_boxes"),
    path("entry/<int:box_id>/", clerk_views.opinion_entry, name="opinion_entry"),
    path("days/", clerk_views.opinion_days, name="opinion_days"),
    path("quarantine/", clerk_views.opinion_quarantine, name="opinion_quarantine"),
]
