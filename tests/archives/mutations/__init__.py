"""Packages that are damaged on purpose, and the check that must find each damage."""
