"""Wagtail's own form pages, for comparison in benchmarks."""
