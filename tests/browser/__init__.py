"""Tests that use the portal as a person does: in a real Chromium, against a portal of their own."""
