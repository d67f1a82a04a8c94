"""Fixity: every stored file is read again within a fixed time, and damage is named and repaired."""
