"""The page that says whether a certificate is genuine and still counts; open to everybody."""

from __future__ import annotations

from allauth.account.adapter import get_adapter
from django import forms
from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods, require_safe

from honors.certificates import verification as verifying
from honors.models.awards import CODE_LENGTH
from portal.cases.views.private import private_answer
from portal.office_pages import METHODS, UNPROCESSABLE

NOT_FOUND = 404
TOO_MANY = 429


class CodeForm(forms.Form):
    """The code as it is printed under the QR code."""

    code = forms.CharField(
        label=_("Verification code"),
        max_length=100,
        help_text=_("The letters and digits under the QR code of the certificate."),
        widget=forms.TextInput(attrs={"autocomplete": "off", "autocapitalize": "none"}),
        error_messages={"required": _("Please enter the verification code.")},
    )

    def clean_code(self) -> str:
        """Return the code in one form.

        Raises:
            ValidationError: it is no code, whatever certificate it comes from.
        """
        code = verifying.typed_code(self.cleaned_data["code"])
        if len(code) != CODE_LENGTH:
            raise forms.ValidationError(
                _("A verification code has %(length)d letters and digits; this one has %(count)d.")
                % {"length": CODE_LENGTH, "count": len(code)}
            )
        return code


def _form_page(request: HttpRequest, form: CodeForm, status: int, **more: bool) -> HttpResponse:
    context = {"form": form, **more}
    return render(request, "honors/certificates/verify.html", context, status=status)


@login_not_required
@private_answer
@require_http_methods(METHODS)
def verification_form(request: HttpRequest) -> HttpResponse:
    """Ask for the code of somebody who cannot scan."""
    form = CodeForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        return redirect("honor_verification", form.cleaned_data["code"])
    return _form_page(request, form, UNPROCESSABLE if form.is_bound else 200)


@login_not_required
@private_answer
@require_safe
def verification(request: HttpRequest, code: str) -> HttpResponse:
    """Say whether the certificate counts, is suspended, was revoked, or is unknown."""
    try:
        award = verifying.find(code, get_adapter().get_client_ip(request))
    except verifying.TooManyAttempts:
        return _form_page(request, CodeForm(), TOO_MANY, too_many=True)
    if award is None:
        return _form_page(request, CodeForm(), NOT_FOUND, unknown=True)
    return render(request, "honors/certificates/verification.html", {"award": award})
