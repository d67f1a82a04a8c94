"""Application configuration; it has no migrations, its tables are made for the run."""

from __future__ import annotations

from django.apps import AppConfig


class StockFormsConfig(AppConfig):
    """Form pages as Wagtail's manual builds them."""

    name = "tests.benchmarks.stock_forms"
    label = "stock_forms"
