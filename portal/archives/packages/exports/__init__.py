"""Exports of many accepted records: transfer packages, catalogues and box sheets."""
