"""The addresses of safety work."""

from __future__ import annotations

from django.urls import path

from branches.safety import area_views, hazard_views, ledger_views, pledge_views

urlpatterns = [
    path("safety/", area_views.area_list, name="safety_areas"),
    path("safety/mine/", pledge_views.mine, name="my_safety"),
    path("safety/areas/<int:pk>/people/", area_views.area_hand_over, name="safety_area_people"),
    path("safety/areas/<int:pk>/month/", area_views.area_assess, name="safety_area_month"),
    path("safety/areas/<int:pk>/close/", area_views.area_close, name="safety_area_close"),
    path("safety/pledges/", pledge_views.pledge_list, name="safety_pledges"),
    path("safety/pledges/sheet/", pledge_views.pledge_sheet, name="safety_pledges_sheet"),
    path("safety/pledges/<int:pk>/", pledge_views.pledge, name="safety_pledge"),
    path("safety/pledges/<int:pk>/sign/", pledge_views.pledge_sign, name="safety_pledge_sign"),
    path("safety/pledges/<int:pk>/paper/", pledge_views.pledge_paper, name="safety_pledge_paper"),
    path(
        "safety/pledges/<int:pk>/result/", pledge_views.pledge_assess, name="safety_pledge_result"
    ),
    path(
        "safety/pledges/<int:pk>/take-back/",
        pledge_views.pledge_take_back,
        name="safety_pledge_take_back",
    ),
    path("safety/inspections/", hazard_views.inspection_list, name="safety_inspections"),
    path("safety/hazards/", hazard_views.hazard_list, name="safety_hazards"),
    path("safety/hazards/sheet/", hazard_views.hazard_sheet, name="safety_hazards_sheet"),
    path("safety/hazards/<int:pk>/", hazard_views.hazard, name="safety_hazard"),
    path(
        "safety/hazards/<int:pk>/removed/", hazard_views.hazard_remove, name="safety_hazard_removed"
    ),
    path("safety/hazards/<int:pk>/later/", hazard_views.hazard_later, name="safety_hazard_later"),
    path("safety/hazards/<int:pk>/check/", hazard_views.hazard_check, name="safety_hazard_check"),
    path("safety/ledger/", ledger_views.merit_list, name="safety_ledger"),
    path("safety/ledger/sheet/", ledger_views.merit_sheet, name="safety_ledger_sheet"),
    path(
        "safety/ledger/<int:pk>/take-back/",
        ledger_views.merit_take_back,
        name="safety_ledger_take_back",
    ),
    path("safety/<str:code>/areas/add/", area_views.area_add, name="safety_area_add"),
    path("safety/<str:code>/pledges/add/", pledge_views.pledge_add, name="safety_pledge_add"),
    path(
        "safety/<str:code>/inspections/add/",
        hazard_views.inspection_add,
        name="safety_inspection_add",
    ),
    path("safety/<str:code>/hazards/add/", hazard_views.hazard_add, name="safety_hazard_add"),
    path("safety/<str:code>/ledger/add/", ledger_views.merit_add, name="safety_ledger_add"),
]
