"""A form page as in Wagtail's manual."""

from __future__ import annotations

from django.db import models
from modelcluster.fields import ParentalKey
from wagtail.contrib.forms.models import AbstractForm, AbstractFormField


class StockFormField(AbstractFormField):
    """One field of a stock form."""

    page = ParentalKey("StockFormPage", related_name="form_fields", on_delete=models.CASCADE)


class StockFormPage(AbstractForm):
    """A stock form page."""

    template = "pages/article_page.html"
    landing_page_template = "pages/article_page.html"
