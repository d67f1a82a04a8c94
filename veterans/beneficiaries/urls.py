"""The addresses of the register, of invitations, of those who act, of yearly confirmations."""

from __future__ import annotations

from django.urls import path

from veterans.beneficiaries import (
    acting_views,
    benefit_views,
    import_views,
    invitation_views,
    office_views,
)

urlpatterns = [
    path("beneficiaries/", office_views.beneficiaries, name="support_beneficiaries"),
    path("beneficiaries/add/", office_views.add, name="support_beneficiary_add"),
    path("beneficiaries/import/", import_views.upload, name="support_register_import"),
    path(
        "beneficiaries/import/template/",
        import_views.template,
        name="support_register_import_template",
    ),
    path(
        "beneficiaries/import/<int:pk>/",
        import_views.preview,
        name="support_register_import_preview",
    ),
    path("beneficiaries/<int:pk>/", office_views.beneficiary, name="support_beneficiary"),
    path("beneficiaries/<int:pk>/edit/", office_views.edit, name="support_beneficiary_edit"),
    path(
        "beneficiaries/<int:pk>/categories/add/",
        office_views.category_add,
        name="support_category_add",
    ),
    path("categories/<int:pk>/end/", office_views.category_end, name="support_category_end"),
    path(
        "beneficiaries/<int:pk>/certificates/add/",
        office_views.certificate_add,
        name="support_certificate_add",
    ),
    path(
        "certificates/<int:pk>/verify/",
        office_views.certificate_verify,
        name="support_certificate_verify",
    ),
    path(
        "certificates/<int:pk>/withdraw/",
        office_views.certificate_withdraw,
        name="support_certificate_withdraw",
    ),
    path("beneficiaries/<int:pk>/family/add/", office_views.tie_add, name="support_tie_add"),
    path(
        "beneficiaries/<int:pk>/family/<int:tie>/remove/",
        office_views.tie_remove,
        name="support_tie_remove",
    ),
    path("beneficiaries/<int:pk>/leave/", office_views.leave, name="support_beneficiary_leave"),
    path(
        "beneficiaries/<int:pk>/return/",
        office_views.come_back,
        name="support_beneficiary_return",
    ),
    path(
        "beneficiaries/<int:pk>/representations/add/",
        acting_views.representation_add,
        name="support_representation_add",
    ),
    path("beneficiaries/<int:pk>/apply/", acting_views.apply_for, name="support_apply_for"),
    path("representations/", acting_views.representations, name="support_representations"),
    path(
        "representations/<int:pk>/verify/",
        acting_views.representation_verify,
        name="support_representation_verify",
    ),
    path(
        "representations/<int:pk>/revoke/",
        acting_views.representation_revoke,
        name="support_representation_revoke",
    ),
    path(
        "representations/<int:pk>/apply/<slug:item_code>/",
        acting_views.apply_as,
        name="support_apply_as",
    ),
    path(
        "representations/<int:pk>/cases/<uuid:case_id>/",
        acting_views.entrust,
        name="support_entrust_case",
    ),
    path("accounts/<uuid:case_id>/", acting_views.account_page, name="support_account"),
    path("invitation/", invitation_views.invitation, name="support_invitation"),
    path("invitation/done/", invitation_views.done, name="support_invitation_done"),
    path("people/<int:pk>/invite/", invitation_views.invite, name="support_invite"),
    path("people/<int:pk>/close/", invitation_views.close, name="support_account_close"),
    path(
        "invitations/<int:pk>/revoke/",
        invitation_views.revoke,
        name="support_invitation_revoke",
    ),
    path("benefits/", benefit_views.benefits, name="support_benefits"),
    path("benefits/office/", benefit_views.office, name="support_benefits_office"),
    path("benefits/<uuid:pk>/confirm/", benefit_views.confirm, name="support_benefit_confirm"),
    path("benefits/<uuid:pk>/stop/", benefit_views.stop, name="support_benefit_stop"),
]
